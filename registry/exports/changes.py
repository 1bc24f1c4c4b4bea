"""What one delivery changed, as a workbook."""

from datetime import datetime
from pathlib import Path

import polars as pl

from registry.exports.cells import ColumnSpec
from registry.exports.notes import Notes
from registry.exports.workbook import write_table

_COLUMNS = {
    "tabel": ColumnSpec("Tabel", width=22, help="Wat voor gegeven het is"),
    "wijziging": ColumnSpec("Wijziging", width=12, help="Nieuw, gewijzigd, of verdwenen uit een volledige levering"),
    "sleutel": ColumnSpec(
        "Sleutel", width=45, help="Waaraan de bron het gegeven herkent; van een persoon een pseudoniem"
    ),
    "adresseerbaar_object_id": ColumnSpec("BAG-id", width=20, help="Verblijfsobject, ligplaats of standplaats"),
    "kolommen": ColumnSpec("Gewijzigde gegevens", width=45, help="Welke gegevens anders zijn dan eerst bekend was"),
}
_REMARKS = (
    "Wat verdwenen is, stond niet meer in een volledige levering. Daarmee is het niet beëindigd.",
    "In deze lijst staan geen namen of burgerservicenummers.",
)


def write_changes(path: Path, rows: pl.DataFrame, *, title: str, made_by: str, made_at: datetime) -> int:
    """Write the list of ``read_changes``; the number of rows.

    Args:
        path: the .xlsx to make or to replace.
        rows: of ``read_changes``.
        title: of which delivery.
        made_by: person or command.
        made_at: when, in Dutch local time.

    Raises:
        ExportError: the file cannot be written.
    """
    notes = Notes(title, made_by, made_at, remarks=_REMARKS)
    values = rows.select(list(_COLUMNS)).iter_rows()
    return write_table(path, "Wijzigingen", list(_COLUMNS.values()), values, created=made_at, notes=notes)
