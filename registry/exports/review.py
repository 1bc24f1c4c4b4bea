"""The review list as a workbook: one row per address that a person must decide, with the candidates."""

from datetime import datetime
from pathlib import Path

import polars as pl

from registry.exports.cells import ColumnSpec, Sheet
from registry.exports.notes import Notes
from registry.exports.workbook import write_workbook
from registry.logs import redact

REVIEW_TITLE = "Te kiezen adressen"

_COLUMNS = {
    "issue_id": ColumnSpec("rij", width=9, help="Nummer voor: woonregister review kies RIJ BAG-ID."),
    "adres": ColumnSpec("adres", width=34, help="Adres zoals geleverd.", source="Bron"),
    "reden": ColumnSpec("reden", width=50, help="Waarom het adres niet vanzelf aan een object is gekoppeld."),
    "kandidaten": ColumnSpec(
        "kandidaten", width=80, help="BAG-id, adres, status en periode van de objecten die bedoeld kunnen zijn.",
        source="BAG",
    ),
    "besluit": ColumnSpec("gekozen", width=18, help="Object dat al is gekozen; de rij komt met de volgende levering."),
    "bron": ColumnSpec("bron", width=14, help="Bron van de levering."),
    "bestand": ColumnSpec("bestand", width=26, help="Bestand van de levering."),
    "source_row": ColumnSpec("regel", "integer", width=8, help="Regelnummer in dat bestand."),
    "leverdatum": ColumnSpec("leverdatum", "date", width=12, help="Datum van de levering."),
    "run_id": ColumnSpec("run", "integer", width=8, help="Nummer van de import."),
}  # fmt: skip


def write_review(path: Path, rows: pl.DataFrame, *, made_by: str, made_at: datetime) -> int:
    """Write the outcome of ``review.list_open``; the number of rows.

    Raises:
        ExportError: the file cannot be written.
    """
    shown = rows.with_columns(
        pl.col("issue_id").cast(pl.String),
        pl.col("kandidaten").list.join("\n"),
        # A BSN that somebody typed in the address field does not leave the registry.
        pl.Series("adres", [text and redact(text) for text in rows["adres"].to_list()], dtype=pl.String),
    ).select(list(_COLUMNS))
    sheet = Sheet(
        REVIEW_TITLE,
        list(_COLUMNS.values()),
        shown.iter_rows(),
        empty_text="Er wacht geen enkel adres op een keuze.",
        freeze_columns=2,
        large_paper=True,
    )
    remarks = (
        "Kies met: woonregister review kies RIJ BAG-ID --auteur NAAM --reden TEKST. De rij komt dan alsnog binnen.",
    )
    notes = Notes("Adressen die op een keuze wachten", made_by, made_at, remarks=remarks)
    return write_workbook(path, [sheet], created=made_at, notes=notes)[REVIEW_TITLE]
