"""The records of destruction as a workbook: what, how much, when, by whom and on which ground."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from registry import clock
from registry.exports.cells import ColumnSpec, Sheet
from registry.exports.notes import Notes
from registry.exports.workbook import write_workbook

DESTRUCTIONS_TITLE = "Vernietigingen"
_COLUMNS = (
    ColumnSpec("nummer", "integer", width=9, help="Nummer van de verklaring."),
    ColumnSpec("vernietigd op", "datetime", width=18, help="Wanneer."),
    ColumnSpec("gegevens", width=34, help="Soort gegevens in de lijst van bewaartermijnen."),
    ColumnSpec("van voor", "date", width=13, help="Wat van voor deze dag was, is vernietigd."),
    ColumnSpec("aantal rijen", "integer", width=13, help="Hoeveel rijen, of bestanden."),
    ColumnSpec("per tabel", width=44, help="Hoeveel rijen van welke tabel."),
    ColumnSpec("termijn", width=14, help="De termijn zoals die toen gold."),
    ColumnSpec("bron van de termijn", width=60, help="Waarop die termijn berust."),
    ColumnSpec("door", width=28, help="Wie het uitvoerde."),
)


def write_destructions(path: Path, rows: Iterable[Mapping[str, Any]], *, made_by: str, made_at: datetime) -> int:
    """Write the records (of ``queries.retention.list_destructions``); how many.

    Raises:
        ExportError: the file cannot be written.
    """
    values = [
        [
            row["vernietiging_id"], clock.to_local(row["vernietigd_op"]), row["gegevenssoort"].replace("_", " "),
            row["voor"], row["aantal"], _counts(row["tellingen"]), row["termijn"], row["bron"], row["auteur"],
        ]
        for row in rows
    ]  # fmt: skip
    sheet = Sheet(DESTRUCTIONS_TITLE, list(_COLUMNS), values, empty_text="Er is nog niets vernietigd.")
    notes = Notes("Verklaringen van vernietiging", made_by, made_at)
    return write_workbook(path, [sheet], created=made_at, notes=notes)[DESTRUCTIONS_TITLE]


def _counts(text: str) -> str:
    return ", ".join(f"{name}: {count}" for name, count in json.loads(text).items() if count)
