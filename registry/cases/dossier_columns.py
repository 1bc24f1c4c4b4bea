"""The contract of the dossier: its sheets and columns, read from ``dossier.yml``, where each is written once.

The page, the workbook and docs/dossier.md all take them from here.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.yaml_files import parse_yaml, read_bytes, validate

ColumnKind = Literal["text", "integer", "decimal", "date", "datetime", "boolean", "run"]
_FILE = Path(__file__).parent / "dossier.yml"


class DossierColumn(BaseModel):
    """One column of a sheet.

    Attributes:
        key: name in the frame of ``registry.cases.file``.
        header: Dutch heading on page and sheet.
        kind: type of the values; ``run`` is the number of an import, which leads to the sheet Bronnen.
        width: width in characters on the sheet.
        unit: unit of the values.
        source: register, rule or person that the value comes from.
        emphasis: values that stand out.
        help: Dutch meaning.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    header: str = Field(min_length=1)
    kind: ColumnKind
    width: int
    unit: str = ""
    source: str
    emphasis: tuple[str, ...] = ()
    help: str = Field(min_length=1)


class DossierSheet(BaseModel):
    """One sheet: its title, its columns, and what it says when it has no rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    titel: str
    leeg: str = "Er zijn geen regels."
    kolommen: tuple[DossierColumn, ...]

    @property
    def keys(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.key for column in self.kolommen]


class Contract(BaseModel):
    """The whole contract."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    versie: int
    bladen: tuple[DossierSheet, ...]

    def sheet(self, titel: str) -> DossierSheet:
        """The sheet with this title (``KeyError`` when there is none)."""
        return {sheet.titel: sheet for sheet in self.bladen}[titel]

    def lines(self) -> Iterator[str]:
        """The contract as Markdown, for docs/dossier.md."""
        yield f"Versie van het kolommencontract: {self.versie}."
        for sheet in self.bladen:
            yield from ("", f"### {sheet.titel}", "")
            yield "| kolom | sleutel | soort | betekenis | eenheid | bron |"
            yield "|---|---|---|---|---|---|"
            for column in sheet.kolommen:
                cells = (column.header, f"`{column.key}`", column.kind, column.help, column.unit, column.source)
                yield f"| {' | '.join(cells)} |"


@cache
def dossier_contract() -> Contract:
    """The contract that comes with the program."""
    return validate(Contract, parse_yaml(read_bytes(_FILE), _FILE.name), _FILE.name)
