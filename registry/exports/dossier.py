"""The enforcement dossier as a workbook: the sheets of the contract, each value with or one click from its source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from registry.cases.dossier_columns import DossierColumn, DossierSheet, dossier_contract
from registry.cases.file import CaseFile
from registry.exports.cells import ColumnSpec, Sheet
from registry.exports.notes import Notes, SourceNote
from registry.exports.workbook import write_workbook

CLASSIFICATION = "VERTROUWELIJK: handhavingsdossier, alleen voor wie het voor de zaak nodig heeft"
_MAX_LINKED = 2_000  # dwellings; Excel allows 65,530 links on a sheet, and each link is kept in memory
_SOURCES = "Bronnen"
_SHEET_WIDTHS = {"Overzicht": 3, "Signalen": 3, "Toetsing": 2, "Inspecties": 3, "Bedragen": 2, "Stukken": 2}


@dataclass(frozen=True, slots=True)
class DossierMaker:
    """Who made a dossier, when (Dutch local time), how it is classified, and whether it may hold names of people."""

    made_by: str
    made_at: datetime
    classification: str = CLASSIFICATION
    with_names: bool = False


def write_dossier(path: Path, file: CaseFile, maker: DossierMaker) -> dict[str, int]:
    """Write the workbook; the number of rows per sheet.

    Rows stream from the file to disk: a selection of any length takes no more memory for the workbook.

    Raises:
        ExportError: the file cannot be written.
    """
    places = {number: f"{_SOURCES}!A{row}" for row, number in enumerate(file.runs["run_id"].to_list(), start=2)}
    linked = len(file.subject.objects) <= _MAX_LINKED
    sheets = [
        dossier_sheet(sheet, file.rows(sheet), places.get if linked else None, banner=maker.classification)
        for sheet in dossier_contract().bladen
    ]
    return write_workbook(path, sheets, created=maker.made_at, notes=_notes(file, maker, linked=linked))


def dossier_sheet(
    sheet: DossierSheet,
    rows: Iterable[list[object]],
    place_of_run: Callable[[object], str | None] | None,
    *,
    banner: str,
) -> Sheet:
    """One sheet of the contract for the writer of workbooks.

    Args:
        sheet: of the contract.
        rows: values in the order of its columns.
        place_of_run: gives the place of a run on the sheet Bronnen; null makes no links.
        banner: the classification, above every printed page.
    """
    keys = sheet.keys
    frozen = keys.index("adres") + 1 if "adres" in keys[:4] else 0
    return Sheet(
        sheet.titel,
        [_spec(column, place_of_run) for column in sheet.kolommen],
        rows,
        empty_text=sheet.leeg,
        freeze_columns=frozen,
        large_paper=True,
        pages_wide=_SHEET_WIDTHS.get(sheet.titel, 1),
        banner=banner,
    )


def _spec(column: DossierColumn, place_of_run: Callable[[object], str | None] | None) -> ColumnSpec:
    return ColumnSpec(
        column.header,
        "integer" if column.kind == "run" else column.kind,
        column.width,
        help=column.help,
        unit=column.unit,
        source=column.source,
        emphasis=column.emphasis,
        link=place_of_run if column.kind == "run" else None,
    )


def _notes(file: CaseFile, maker: DossierMaker, *, linked: bool) -> Notes:
    names = "Namen van natuurlijke personen staan erin." if maker.with_names else (
        "Namen van natuurlijke personen staan er niet in; bewoners worden geteld."
    )  # fmt: skip
    click = (
        "Een nummer in een kolom Run leidt met een klik naar de levering op het blad Bronnen."
        if linked
        else "Een nummer in een kolom Run staat op het blad Bronnen; bij zo veel woningen zonder koppeling."
    )
    remarks = (
        maker.classification,
        "Een signaal is geen besluit: een medewerker beoordeelt elk signaal. Onbekend betekent dat een feit ontbreekt.",
        f"Kolommencontract versie {dossier_contract().versie}; zie docs/dossier.md.",
        "Er staat nooit een burgerservicenummer in dit bestand.",
        names,
        "Van uitkomst naar bron: Signalen (bewijsnummer) → Toetsing (stap, feit, artikel) → Bronnen (levering).",
        click,
        "Narekenen met wat toen bekend was en de wet van toen: woonregister bewijs BEWIJSNUMMER.",
    )
    filters = {"Peildatum": f"{file.peildatum:%d-%m-%Y}", "Bekend na run": str(file.known)} | dict(file.subject.filters)
    latest: dict[str, SourceNote] = {}
    for row in file.runs.iter_rows(named=True):
        latest[row["bron"]] = SourceNote(
            row["bron"], row["leverdatum"], f"levering: {row['levering']}, run {row['run_id']}"
        )
    return Notes(
        file.subject.titel,
        maker.made_by,
        maker.made_at,
        filters=filters,
        sources=list(latest.values()),
        remarks=remarks,
    )
