"""The worklist as a workbook: one to work in and import again, and a form of its main columns for on paper."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.exports.cells import ColumnSpec, Sheet
from registry.exports.notes import Notes, SourceNote
from registry.exports.workbook import write_workbook
from registry.worklists.definitions import WorklistColumn, worklist_columns
from registry.worklists.planning import WorklistFilters

WORKLIST_TITLE = "Werklijst"
FORM_TITLE = "Bezoekformulier"
_EMPTY = "Geen enkele woning voldoet aan de filters. Zie het blad Toelichting."
_FROZEN_UP_TO = "adres"
_FORM_ROW_HEIGHT = 48.0  # points: room to write two lines by hand

_REMARKS = (
    "Een signaal is geen besluit: een medewerker beoordeelt elk signaal. Onbekend betekent dat een feit ontbreekt.",
    "De gele kolommen rechts vult de inspecteur in. Lees het bestand daarna in met: woonregister import inspecties.",
)


class Written(NamedTuple):
    """A file that was written, and its number of dwellings."""

    path: Path
    rows: int


def write_worklist(
    path: Path,
    rows: pl.DataFrame,
    *,
    filters: WorklistFilters,
    sources: Sequence[SourceNote],
    made_by: str,
    made_at: datetime,
) -> Written:
    """Write the worklist, with empty columns and drop-down lists for the inspector, and its Toelichting.

    Args:
        path: the .xlsx to make or to replace.
        rows: of ``planning.worklist_rows``.
        filters: with which ``rows`` was made; they stand in the Toelichting.
        sources: what the signals rest on.
        made_by: person or command.
        made_at: when, in Dutch local time.

    Raises:
        ExportError: the file cannot be written.
    """
    columns = worklist_columns()
    keys = [column.key for column in columns]
    sheet = Sheet(
        WORKLIST_TITLE,
        [_spec(column) for column in columns],
        rows.select(keys).iter_rows(),
        empty_text=_EMPTY,
        freeze_columns=keys.index(_FROZEN_UP_TO) + 1,
        large_paper=True,
        pages_wide=2,
    )
    notes = Notes(
        "Werklijst woningtoezicht", made_by, made_at, filters=filters.describe(), sources=sources, remarks=_REMARKS
    )
    return _write(path, sheet, notes)


def write_visit_form(
    path: Path,
    rows: pl.DataFrame,
    *,
    filters: WorklistFilters,
    sources: Sequence[SourceNote],
    made_by: str,
    made_at: datetime,
) -> Written:
    """Write the form for on paper: the main columns on one A4 wide, with room to write. Arguments as above."""
    columns = [column for column in worklist_columns() if column.paper is not None]
    sheet = Sheet(
        FORM_TITLE,
        [_spec(column, width=column.paper) for column in columns],
        rows.select([column.key for column in columns]).iter_rows(),
        empty_text=_EMPTY,
        row_height=_FORM_ROW_HEIGHT,
    )
    notes = Notes(
        "Bezoekformulier", made_by, made_at, filters=filters.describe(), sources=sources, remarks=_REMARKS[:1]
    )
    return _write(path, sheet, notes)


def _write(path: Path, sheet: Sheet, notes: Notes) -> Written:
    counts = write_workbook(path, [sheet], created=notes.made_at, notes=notes)
    return Written(path, counts[sheet.title])


def _spec(column: WorklistColumn, *, width: int | None = None) -> ColumnSpec:
    return ColumnSpec(
        column.header,
        column.kind,
        width or column.width,
        help=column.help,
        unit=column.unit,
        source=column.source,
        choices=column.choices,
        fill_in=column.fill_in,
        emphasis=column.emphasis,
    )
