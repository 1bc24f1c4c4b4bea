"""The rows that a run set aside, to be corrected in Excel and imported again.

The sheet has the columns of the source under their own names. Our own columns start with ``uitval``, so that an
importer knows them: ``uitval`` itself names the kept row that a corrected one replaces.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from registry.crypto import BsnCipher
from registry.errors import ExportError
from registry.exports.cells import ColumnSpec, Sheet
from registry.exports.notes import Notes
from registry.exports.workbook import write_workbook
from registry.intake.corrections import open_row
from registry.logs import MASK, redact

SET_ASIDE_TITLE = "Uitval"
UITVAL = "uitval"

_OWN = (
    ColumnSpec(UITVAL, width=10, help="Nummer van de bewaarde rij. Laat staan: zo vervangt de verbeterde rij haar."),
    ColumnSpec("uitval: reden", width=60, help="Waarom de rij niet is ingelezen en wat er moet gebeuren."),
    ColumnSpec("uitval: kolom", width=20, help="Kolom waar het om gaat."),
    ColumnSpec("uitval: waarde", width=20, help="Waarde zoals die in de bron stond."),
    ColumnSpec("uitval: bestand", width=24, help="Bestand, blad of onderdeel waar de rij stond."),
    ColumnSpec("uitval: regel", "integer", width=9, help="Regelnummer in dat bestand."),
    ColumnSpec(
        "uitval: kandidaten", width=50, help="Adressen die het kunnen zijn. Neem van het juiste de BAG-id over."
    ),
    ColumnSpec("uitval: code", width=20, help="Vaste code van de reden."),
)
# bsn, burgerservicenummer, A-nummer, and their LO BRP elements (group 01, elements 10 and 20) in any category
_PERSONAL_HEADER = re.compile(r"bsn|burger\s*service|a[-_ ]?nummer|(?<!\d)(?:\d\d\.?)?01\.?[12]0(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SetAsideRow:
    """One issue of level ``uitval``, with the row it kept.

    Attributes:
        id: key of the issue.
        source_file: where the row stood.
        source_row: its line.
        code: of the issue.
        text: Dutch reason.
        column: header that the issue is about.
        original: value of that column.
        row: JSON object ``{header: text}``, or a list of them when several lines make one record.
        kandidaten: JSON object ``{"kandidaten": [text, …]}``: addresses that the row may mean.
    """

    id: int
    source_file: str | None
    source_row: int | None
    code: str
    text: str
    column: str | None
    original: str | None
    row: str | None
    kandidaten: str | None = None


def set_aside_rows(issues: pl.DataFrame, cipher: BsnCipher) -> list[SetAsideRow]:
    """The issues of a run (``queries.runs.read_issues``) with the rows that they kept, opened.

    Raises:
        KeysError: a row was kept under a key that is not there.
    """
    rows = issues.rename({"issue_id": "id"}).select(list(SetAsideRow.__dataclass_fields__)).to_dicts()
    return [SetAsideRow(**row | {"row": open_row(row["row"], cipher)}) for row in rows]


def write_set_aside(path: Path, rows: Iterable[SetAsideRow], *, title: str, made_by: str, made_at: datetime) -> int:
    """Write the set-aside rows of a run; the number of source rows written.

    Issues about the same kept row share a line, with all reasons under the lowest id. A BSN or A-nummer is masked: on
    import the mask stands for the value that was kept.

    Args:
        path: the .xlsx to make or to replace.
        rows: the issues, in the order in which they should stand.
        title: Dutch line that names run and source.
        made_by: person or command.
        made_at: when, in Dutch local time.

    Raises:
        ExportError: the file cannot be written, or a kept row is damaged.
    """
    groups = _grouped(rows)
    lines = [(group, line) for group in groups for line in _kept_lines(group[0])]
    headers = list(dict.fromkeys(header for _, line in lines for header in line if header not in _OWN_HEADERS))
    sheet = Sheet(
        SET_ASIDE_TITLE,
        [*_OWN, *(ColumnSpec(header, width=18, help="Zoals geleverd.", source="Bron") for header in headers)],
        ([*_own_values(group), *(_masked(header, line.get(header)) for header in headers)] for group, line in lines),
        empty_text="Deze run heeft geen uitval.",
        freeze_columns=2,
        large_paper=True,
    )
    remarks = (
        "Verbeter de waarden in de kolommen van de bron en lees dit bestand in met dezelfde opdracht als de levering.",
        f"Burgerservicenummers en A-nummers zijn vervangen door {MASK}. Laat dat staan: de bewaarde waarde geldt dan.",
    )
    notes = Notes(title, made_by, made_at, remarks=remarks)
    return write_workbook(path, [sheet], created=made_at, notes=notes)[SET_ASIDE_TITLE]


_OWN_HEADERS = frozenset(column.header for column in _OWN)


def _grouped(rows: Iterable[SetAsideRow]) -> list[list[SetAsideRow]]:
    """The issues by the row that they set aside, in order of first appearance, lowest id first."""
    groups: dict[tuple[str | None, int | None, str | None], list[SetAsideRow]] = {}
    for row in rows:
        groups.setdefault((row.source_file, row.source_row, row.row), []).append(row)
    return [sorted(group, key=lambda row: row.id) for group in groups.values()]


def _kept_lines(row: SetAsideRow) -> list[dict[str, str | None]]:
    """The source lines of a kept row."""
    try:
        kept = json.loads(row.row or "{}")
    except json.JSONDecodeError as error:
        raise ExportError(
            f"De bewaarde rij van uitval {row.id} is beschadigd. Lees de levering opnieuw in om haar te herstellen."
        ) from error
    return [dict(line) for line in (kept if isinstance(kept, list) else [kept])]


def _own_values(group: Sequence[SetAsideRow]) -> list[object]:
    first = group[0]
    return [
        str(first.id),
        _joined(redact(row.text) for row in group),
        _joined(row.column for row in group),
        _joined(_masked(row.column or "", row.original) for row in group),
        first.source_file,
        first.source_row,
        _joined(candidate for row in group for candidate in json.loads(row.kandidaten or "{}").get("kandidaten", [])),
        _joined(row.code for row in group),
    ]


def _joined(texts: Iterable[str | None]) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _masked(header: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    return MASK if _PERSONAL_HEADER.search(header) else redact(str(value))
