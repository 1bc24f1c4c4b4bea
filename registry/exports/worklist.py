"""The worklist as a workbook to work in and import again: all that is signalled, or the list of one day."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.exports.cells import ColumnSpec, Sheet
from registry.exports.notes import Notes, SourceNote, source_notes
from registry.exports.workbook import write_workbook
from registry.worklists.definitions import WorklistColumn, worklist_columns
from registry.worklists.doors import Door
from registry.worklists.opened import OpenedList
from registry.worklists.planning import WorklistFilters

WORKLIST_TITLE = "Werklijst"
_EMPTY = "Geen enkele woning voldoet aan de filters. Zie het blad Toelichting."
_FROZEN_UP_TO = "adres"
_AT_THE_DOOR = frozenset(
    {"nr", "adresseerbaar_object_id", "adres", "postcode", "woonplaats", "buurt", "regel", "personen_min",
     "personen_max", "oppervlakte", "bewijs"}
)  # fmt: skip
_LIST = (
    WorklistColumn(
        "lijst", "Lijst", "integer", "Nummer van de bezoeklijst. Laat deze kolom staan.", pl.col("lijst"),
        source="Register", width=7,
    ),
    WorklistColumn(
        "lijstdag", "Dag van de lijst", "date", "De dag waarvoor de lijst is gemaakt. Laat deze kolom staan.",
        pl.col("lijstdag"), source="Register", width=12,
    ),
)  # fmt: skip

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


def write_field_workbook(
    path: Path, opened: OpenedList, doors: Sequence[Door], *, made_by: str, made_at: datetime
) -> Written:
    """Write a list of a day as a workbook to fill in: a row per dwelling in order of visit, without outcomes.

    Args:
        path: the .xlsx to make or to replace.
        opened: the list.
        doors: its dwellings (``worklists.doors.list_doors``).
        made_by: person or command.
        made_at: when, in Dutch local time.

    Raises:
        ExportError: the file cannot be written.
    """
    columns = [*(column for column in worklist_columns() if column.key in _AT_THE_DOOR or column.fill_in), *_LIST]
    keys = [column.key for column in columns]
    stored = opened.stored
    sheet = Sheet(
        f"Bezoeklijst {stored.worklist_id}",
        [_spec(column) for column in columns],
        ([row.get(key) for key in keys] for row in (_at_the_door(door, opened) for door in doors)),
        empty_text="Er staat geen zaak meer op deze lijst.",
        freeze_columns=keys.index(_FROZEN_UP_TO) + 1,
        large_paper=True,
    )
    filters = {
        "Dag": f"{stored.datum:%d-%m-%Y}",
        "Planner": stored.planner,
        "Begin van de ronde": stored.start_label,
        "Afstand": f"{opened.order.distance:.0f} meter hemelsbreed",
        "Vernietigen uiterlijk": f"{stored.expires_on:%d-%m-%Y}",
    }
    notes = Notes("Bezoeklijst", made_by, made_at, filters=filters, sources=_sources(opened), remarks=_REMARKS)
    return _write(path, sheet, notes)


def _at_the_door(door: Door, opened: OpenedList) -> dict[str, object]:
    receipt = next(one.receipt for one in opened.rows if one.row.worklist_row_id == door.row_ids[0])
    return {
        "nr": door.number,
        "adresseerbaar_object_id": door.adresseerbaar_object_id,
        "adres": door.adres,
        "postcode": door.postcode,
        "woonplaats": door.woonplaats,
        "buurt": door.buurt,
        "regel": ", ".join(door.subjects),
        "personen_min": receipt.personen_min,
        "personen_max": receipt.personen_max,
        "oppervlakte": receipt.oppervlakte,
        "bewijs": " ".join(door.bewijzen),
        "lijst": opened.stored.worklist_id,
        "lijstdag": opened.stored.datum,
    }


def _sources(opened: OpenedList) -> list[SourceNote]:
    """The sources of every receipt on the list, each delivery once."""
    told = {(source["bron"], source["levering"]): source for one in opened.rows for source in one.receipt.sources}
    frame = pl.DataFrame(
        list(told.values()),
        schema={"bron": pl.String(), "levering": pl.String(), "leverdatum": pl.String(), "run_id": pl.Int64()},
    )
    return source_notes(frame.with_columns(pl.col("leverdatum").str.to_date()))


def _write(path: Path, sheet: Sheet, notes: Notes) -> Written:
    counts = write_workbook(path, [sheet], created=notes.made_at, notes=notes)
    return Written(path, counts[sheet.title])


def _spec(column: WorklistColumn) -> ColumnSpec:
    return ColumnSpec(
        column.header,
        column.kind,
        column.width,
        help=column.help,
        unit=column.unit,
        source=column.source,
        choices=column.choices,
        fill_in=column.fill_in,
        emphasis=column.emphasis,
    )
