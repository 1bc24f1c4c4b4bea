"""The contradictions between registers as a workbook: what to report back, and to whom."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import polars as pl

from registry.exports.cells import ColumnSpec
from registry.exports.notes import Notes, SourceNote
from registry.exports.workbook import write_table

_COLUMNS = {
    "soort": ColumnSpec("Soort", width=30, help="Wat voor tegenspraak het is"),
    "register": ColumnSpec("Register", width=10, help="Waar de terugmelding het eerst naartoe gaat"),
    "adres": ColumnSpec("Adres", width=40, help="Het adres volgens de BAG, of zoals het in de BRP staat"),
    "adresseerbaar_object_id": ColumnSpec("BAG-id", width=20, help="Verblijfsobject, ligplaats of standplaats"),
    "registratie": ColumnSpec("Het register zegt", width=40, help="Wat er in het register staat"),
    "tegenover": ColumnSpec("Daartegenover", width=45, help="Wat een andere bron zegt"),
    "aantal": ColumnSpec("Aantal", "integer", 8, help="Personen of objecten waar het om gaat"),
}
_REMARKS = (
    "Een tegenspraak is geen signaal en geen verwijt: een van twee registraties klopt niet.",
    "De bronhouder zoekt uit welke.",
    "In deze lijst staan geen namen of burgerservicenummers.",
)


def write_terugmelding(
    path: Path,
    rows: pl.DataFrame,
    *,
    peildatum: date,
    sources: Sequence[SourceNote],
    made_by: str,
    made_at: datetime,
) -> int:
    """Write the list; the number of rows.

    Args:
        path: the .xlsx to make or to replace.
        rows: of ``find_contradictions``.
        peildatum: the day that was looked at.
        sources: what was compared.
        made_by: person or command.
        made_at: when, in Dutch local time.

    Raises:
        ExportError: the file cannot be written.
    """
    notes = Notes(
        "Terugmeldingen aan basisregistraties",
        made_by,
        made_at,
        filters={"Peildatum": f"{peildatum:%d-%m-%Y}"},
        sources=sources,
        remarks=_REMARKS,
    )
    values = rows.select(list(_COLUMNS)).iter_rows()
    return write_table(path, "Terugmeldingen", list(_COLUMNS.values()), values, created=made_at, notes=notes)
