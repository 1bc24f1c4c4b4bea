"""One source's description, read from the ``<source>.yml`` beside its importer.

The file says what the importer accepts: its columns (with the names under which they arrive), the columns it refuses
to read, its code lists, whether a delivery is a ``stand`` or a ``deel``, and what a plausible delivery looks like.
Unknown keys are an error: a wrong description must not pass silently.
"""

from collections.abc import Mapping as Kept
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Levering = Literal["stand", "deel"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceColumn(_Strict):
    """One column of a source: the field it fills and the headers under which it may arrive (case is ignored)."""

    field: str
    headers: tuple[str, ...]
    required: bool = False  # the header must be there
    filled: bool = False  # a row without a value is set aside
    lookup: str | None = None  # name of the code list that its values must be in


class Expectations(_Strict):
    """What a plausible delivery looks like: too few refuses the run, too many only warns."""

    min_rows: int = 1
    max_rows: int | None = None
    min_share_of_previous: float | None = None  # of the rows that the previous stand held; below it the run is refused
    max_set_aside_share: float | None = None  # above it the run is refused


class KnownDefect(_Strict):
    """A defect of a source that is known and accepted: issues with this code and text part do not count."""

    code: str
    contains: str = ""
    reason: str


class Source(_Strict):
    """The description of one source."""

    name: str
    title: str
    levering: Levering
    personal: bool = False  # its rows hold personal data: kept rows are stored encrypted
    columns: tuple[SourceColumn, ...] = ()
    refused: tuple[str, ...] = ()  # headers that are dropped before anything is kept (and never stored)
    ignored: tuple[str, ...] = ()  # headers that are known and not needed
    lookups: dict[str, dict[str, str]] = Field(default_factory=dict)  # list -> {as it arrives, lower case: canonical}
    expectations: Expectations = Expectations()
    known_defects: tuple[KnownDefect, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """What is known of one file beforehand: own column names (``{header in the file: field}``) and its date format.

    ``ignored`` are headers of the file that are not needed. ``kept`` are the set-aside rows that the file corrects, by
    number: what stood in its masked cells (``importers.corrections``).
    """

    columns: dict[str, str] = field(default_factory=dict)
    date_format: str | None = None
    ignored: tuple[str, ...] = ()
    kept: Kept[str, str] = field(default_factory=dict)


@cache
def load_source(name: str) -> Source:
    """The description of a source that ships with the project (``importers/<name>.yml``)."""
    text = resources.files("importers").joinpath(f"{name}.yml").read_text(encoding="utf-8")
    return Source.model_validate(yaml.safe_load(text))
