"""A municipality's own column names for a source (an *indeling*), read from YAML.

The file may come from anybody who may send a delivery in, and may be the wrong file: what stands in it is repeated only
where it can be no row of a delivery.
"""

import re
from datetime import date
from pathlib import Path

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from yaml.composer import ComposerError
from yaml.nodes import Node

from importers.cells import strptime_format
from importers.headers import HeaderCheck
from importers.source import Mapping, Source
from registry.errors import SourceRefusedError

MOST_BYTES = 64 * 1024
_EXPECTED = "Verwacht wordt een YAML-bestand met 'kolommen:' en per regel 'kolom in het bestand: veld'."
_KEYS = ("kolommen", "datumformaat", "negeren")
_FIELD = re.compile(r"[A-Za-z_]{1,40}")
_NOTHING = ("", "~", "null")
_SOME_DAY = date(2026, 11, 25)  # day, month and year cannot be taken for one another


class _IndelingFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kolommen: dict[str, str]
    datumformaat: str | None = None
    negeren: tuple[str, ...] = ()


class _TextLoader(yaml.BaseLoader):
    """Every value is text (a column may be called 2024, or ja); no references: a few lines of those fill the memory."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise ComposerError(None, None, "reference", self.get_mark())
        return super().compose_node(parent, index)


def load_indeling(path: Path, source: Source) -> Mapping:
    """The column names in a file (``--indeling``).

    Raises:
        SourceRefusedError: as ``read_indeling``, or there is no such file.
    """
    if not path.is_file():
        raise SourceRefusedError(f"De indeling {path} bestaat niet. Controleer de naam van het bestand.")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SourceRefusedError(f"De indeling {path.name} is niet te lezen ({error.strerror}).") from error
    return read_indeling(content, path.name, source)


def read_indeling(content: bytes, name: str, source: Source) -> Mapping:
    """The column names in the bytes of a file.

    Args:
        content: the file; at most ``MOST_BYTES`` are accepted.
        name: of the file, for the messages.
        source: what the columns are of.

    Raises:
        SourceRefusedError: it is no indeling, is too large, names a field that the source does not have or a column
            that may not be read, or gives dates in a way that is none.
    """
    if not source.columns:
        raise SourceRefusedError(f"De bron {source.name} heeft een vaste indeling; laat --indeling weg.")
    if len(content) > MOST_BYTES:
        raise SourceRefusedError(f"De indeling {name} is te groot: ten hoogste {MOST_BYTES // 1024} kB. {_EXPECTED}")
    parsed = _parse(content, name)
    known = {column.field for column in source.columns}
    unknown = sorted(set(parsed.kolommen.values()) - known)
    if unknown:
        shown = ", ".join(field for field in unknown if _FIELD.fullmatch(field)) or "een leeg of onleesbaar veld"
        raise SourceRefusedError(
            f"De indeling {name} noemt velden die de bron {source.name} niet heeft: {shown}. "
            f"Bekende velden: {', '.join(sorted(known))}."
        )
    mapping = Mapping(parsed.kolommen, _date_format(parsed.datumformaat, name), parsed.negeren)
    HeaderCheck(source, mapping)  # refuses columns that may not be read
    return mapping


def _parse(content: bytes, name: str) -> _IndelingFile:
    """What the file says.

    Raises:
        SourceRefusedError: it is no YAML, or says other things.
    """
    try:
        # Every value becomes text: nothing in the file chooses a type.
        read = yaml.load(content.decode("utf-8-sig"), Loader=_TextLoader)  # noqa: S506 - makes text only
        return _IndelingFile.model_validate(read)
    except UnicodeDecodeError as error:
        reason, cause = "het is geen tekst in UTF-8", error
    except RecursionError:
        reason, cause = "er staat te veel in elkaar", None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason, cause = f"regel {mark.line + 1} is geen YAML" if mark else "het is geen YAML", None
    except ValidationError as error:
        reason, cause = _reason(error), None
    raise SourceRefusedError(f"De indeling {name} is niet te lezen: {reason}. {_EXPECTED}") from cause


def _reason(error: ValidationError) -> str:
    """What is wrong with the content, without the content."""
    faults = error.errors(include_input=False, include_url=False)
    if any(fault["type"] == "extra_forbidden" for fault in faults):
        return f"er staat iets anders in dan {', '.join(_KEYS)}"
    wrong = sorted({str(fault["loc"][0]) for fault in faults if fault["loc"]})
    if "kolommen" in wrong and any(fault["type"] == "missing" for fault in faults):
        return "'kolommen:' ontbreekt"
    return f"wat onder '{wrong[0]}:' staat heeft niet de goede vorm" if wrong else "er staan geen sleutels in"


def _date_format(text: str | None, name: str) -> str | None:
    """A date format by which a day can be written and read again.

    Raises:
        SourceRefusedError: there is a day that it does not bring back.
    """
    if text is None or text.strip().lower() in _NOTHING:
        return None
    form = strptime_format(text)
    try:
        again = pl.Series([_SOME_DAY]).dt.strftime(form).str.to_date(form, strict=False)
    except pl.exceptions.PolarsError:
        again = pl.Series([None])
    if again.item() != _SOME_DAY:
        raise SourceRefusedError(
            f"De indeling {name} heeft een datumformaat dat geen dag, maand en jaar geeft. Voorbeelden: dd-mm-jjjj, "
            "jjjjmmdd, %d/%m/%Y."
        )
    return text
