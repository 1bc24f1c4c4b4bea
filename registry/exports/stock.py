"""The composition of the stock as a workbook, and as CSV with a description after CSVW (W3C, 2015)."""

import csv
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from registry.exports.cells import ColumnSpec, Kind, Sheet
from registry.exports.files import replacing
from registry.exports.notes import Notes, SourceNote
from registry.exports.workbook import write_workbook
from registry.stock.dimensions import DIMENSIONS
from registry.stock.publish import Published
from registry.stock.report import Report

_HIDDEN: Final = "Leeg is afgeschermd."
_MEASURES: Final[dict[str, tuple[str, Kind, str, str]]] = {
    "aantal": ("Aantal woningen", "integer", "woningen", "Aantal woningen in deze klasse."),
    "aandeel": ("Aandeel", "decimal", "deel van 1", "Deel van alle woningen in deze tabel."),
    "oppervlakte": (
        "Oppervlakte",
        "integer",
        "m2",
        "Gebruiksoppervlakte van de woningen waarvan zij bekend is, samen.",
    ),
}
_TYPES: Final = {"integer": "integer", "decimal": "decimal"}


def write_stock_workbook(
    path: Path, report: Report, *, sources: Sequence[SourceNote], made_by: str, made_at: datetime
) -> dict[str, int]:
    """A sheet per table and a sheet Toelichting with the definitions; the number of rows per sheet.

    Raises:
        ExportError: the file cannot be written.
    """
    sheets = [
        Sheet(
            _title(table),
            [_column(name, report) for name in [*table.per, *_MEASURES]],
            table.rows.select([*table.per, *_MEASURES]).iter_rows(),
            freeze_columns=len(table.per),
            table=True,
        )
        for table in report.tables
    ]
    notes = Notes(
        f"Woningvoorraad op {report.op:%d-%m-%Y}",
        made_by,
        made_at,
        filters={"Peildatum": f"{report.op:%d-%m-%Y}", "Gebied": DIMENSIONS[report.area].header},
        sources=sources,
        remarks=list(dict.fromkeys(text for table in report.tables for text in (table.definition, *table.remarks))),
    )
    return write_workbook(path, sheets, created=made_at, notes=notes)


def write_stock_csv(path: Path, report: Report, *, made_by: str, made_at: datetime) -> list[Path]:
    """One CSV per table beside ``path`` (its name with the subject), and ``path`` itself: the CSVW description.

    Args:
        path: for instance ``voorraad.csv``; gives ``voorraad-buurt.csv`` and so on, and ``voorraad-metadata.json``.
        report: the tables.
        made_by: person or command.
        made_at: when, in Dutch local time.

    Raises:
        ExportError: a file cannot be written.
    """
    described, written = [], []
    for table in report.tables:
        target = path.with_name(f"{path.stem}-{'-'.join(table.per)}.csv")
        names = [*table.per, *_MEASURES]
        with replacing(target) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(names)
            writer.writerows([_plain(value) for value in row] for row in table.rows.select(names).iter_rows())
        described.append(_described(target.name, table, report))
        written.append(target)
    metadata = path.with_name(f"{path.stem}-metadata.json")
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "dc:title": f"Woningvoorraad op {report.op:%d-%m-%Y}",
        "dc:creator": made_by,
        "dc:created": made_at.isoformat(timespec="seconds"),
        "tables": described,
    }
    with replacing(metadata) as temporary:
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [*written, metadata]


def _described(url: str, table: Published, report: Report) -> dict[str, Any]:
    columns = []
    for name in [*table.per, *_MEASURES]:
        column = _column(name, report)
        columns.append(
            {"name": name, "titles": column.header, "dc:description": column.help,
             "datatype": _TYPES.get(column.kind, "string"), "null": "", "required": name in table.per}
        )  # fmt: skip
    return {
        "url": url,
        "dc:description": " ".join([table.definition, *table.remarks]),
        "tableSchema": {"columns": columns, "primaryKey": list(table.per)},
    }


def _title(table: Published) -> str:
    return " ".join(DIMENSIONS[name].header for name in table.per)[:31]


def _column(name: str, report: Report) -> ColumnSpec:
    if name in DIMENSIONS:
        dimension = DIMENSIONS[name]
        return ColumnSpec(dimension.header, width=28, help=dimension.definition, source=dimension.source.upper())
    header, kind, unit, text = _MEASURES[name]
    return ColumnSpec(header, kind, 14, help=f"{text} {_HIDDEN}" if report.protected else text, unit=unit)


def _plain(value: object) -> object:
    """A label that a spreadsheet program would compute stays a text: our own classes never begin so, area names may."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value
