"""The worklist as a file: what the inspector gets, fills in and sends back."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from importers import inspecties
from importers.source import load_source
from registry.exports.notes import SourceNote
from registry.exports.worklist import Written, write_worklist
from registry.worklists.definitions import result_labels, worklist_columns
from registry.worklists.planning import ADRESSEN, GEBIEDEN, INSPECTIES, SIGNALS, WorklistFilters, worklist_rows

MADE = datetime(2026, 11, 24, 9, 30)
IDS = [f"0606010000{number:06d}" for number in range(4)]
ARGUMENTS: dict[str, Any] = {
    "filters": WorklistFilters(urgenties=("hoog",)),
    "sources": [SourceNote("BAG", date(2026, 1, 8)), SourceNote("BRP", date(2026, 1, 5), "deellevering")],
    "made_by": "A. Tester",
    "made_at": MADE,
}


@pytest.fixture
def rows() -> pl.DataFrame:
    signals = pl.DataFrame(
        {
            "regel": "overbewoning",
            "adresseerbaar_object_id": IDS,
            "uitkomst": "signaal",
            "beslissend": "getalsnorm",
            "urgentie": "hoog",
            "personen_min": 7,
            "personen_max": 8,
            "oppervlakte": 60.5,
            "norm": 12.0,
            "overschrijding": [5, 4, 3, 2],
            "peildatum": date(2026, 1, 8),
            "bewijs": "0000000000000042",
            "toelichting": "=7 × 12 m2",
            "bronnen": "BAG 08-01-2026",
        }
    ).with_columns(onbekende_feiten=pl.lit(["soort"]))
    adressen = pl.DataFrame(
        {
            "adresseerbaar_object_id": IDS,
            "adres": [f"Kadelaan {number}" for number in range(1, 5)],
            "postcode": "3111AB",
            "woonplaats": "Schiedam",
            "straat": "Kadelaan",
            "huisnummer": range(1, 5),
            "is_hoofdadres": True,
        },
        schema=ADRESSEN,
    )
    # A second address of the same object: '(+1)' on the list, and no part of the address when it comes back.
    adressen = pl.concat([adressen, adressen.head(1).with_columns(huisnummer=pl.lit(9, pl.Int64), is_hoofdadres=False)])
    areas = pl.DataFrame({"adresseerbaar_object_id": IDS, "wijk": "Oost", "buurt": "B"}, schema=GEBIEDEN)
    visits = pl.DataFrame([(IDS[0], date(2025, 5, 1), "geweigerd")], schema=INSPECTIES, orient="row")
    return worklist_rows(signals.select(SIGNALS.names()), adressen, areas, visits, filters=ARGUMENTS["filters"])


def test_the_sheet_has_the_rows_under_the_headers_with_true_types(tmp_path: Path, rows: pl.DataFrame) -> None:
    path = tmp_path / "lijst.xlsx"
    assert write_worklist(path, rows, **ARGUMENTS) == Written(path, 4)
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Werklijst", "Toelichting"]
    header, first, *rest = book.get_sheet_by_name("Werklijst").to_python()
    assert header == [column.header for column in worklist_columns()]
    assert len(rest) == 3
    cells = dict(zip(header, first, strict=True))
    assert cells["Nr"] == 1
    assert cells["BAG-id"] == IDS[0]
    assert cells["Oppervlakte (m2)"] == 60.5
    assert cells["Peildatum"] == date(2026, 1, 8)
    assert cells["Laatste inspectie"] == date(2025, 5, 1)
    assert cells["Bewijsnummer"] == "0000000000000042"
    assert cells["Toelichting"] == "=7 × 12 m2"
    assert cells["Datum bezoek"] == ""


def test_the_toelichting_names_filters_sources_and_maker(tmp_path: Path, rows: pl.DataFrame) -> None:
    write_worklist(tmp_path / "lijst.xlsx", rows, **ARGUMENTS)
    lines = CalamineWorkbook.from_path(tmp_path / "lijst.xlsx").get_sheet_by_name("Toelichting").to_python()
    for line in (
        ["Door", "A. Tester", "", ""],
        ["Uitkomst", "signaal", "", ""],
        ["Urgentie", "hoog", "", ""],
        ["BAG", "08-01-2026", "", ""],
        ["BRP", "05-01-2026; deellevering", "", ""],
    ):
        assert line in lines
    named = {str(line[0]) for line in lines}
    assert named >= {column.header for column in worklist_columns()}


def test_an_empty_list_is_a_valid_file_that_says_so(tmp_path: Path, rows: pl.DataFrame) -> None:
    assert write_worklist(tmp_path / "leeg.xlsx", rows.clear(), **ARGUMENTS).rows == 0
    page = openpyxl.load_workbook(tmp_path / "leeg.xlsx")["Werklijst"]
    assert page["A2"].value == "Geen enkele woning voldoet aan de filters. Zie het blad Toelichting."
    assert page.max_row == 2


def test_a_filled_in_worklist_is_a_delivery_of_inspecties(tmp_path: Path, rows: pl.DataFrame) -> None:
    path = tmp_path / "lijst.xlsx"
    write_worklist(path, rows, **ARGUMENTS)
    book = openpyxl.load_workbook(path)
    page = book["Werklijst"]
    place = {cell.value: cell.column for cell in page[1]}
    label = result_labels(load_source("inspecties"))["toegang_met_toestemming"]
    filled: list[dict[str, object]] = [
        {
            "Datum bezoek": date(2026, 12, 1),
            "Tijd": "14:30",
            "Inspecteur": "J. de Vries",
            "Resultaat": label,
            "Aantal personen": 6,
            "Huishoudens": 2,
            "Slaapplaatsen": 7,
            "Kamers": 4,
            "Gemeten oppervlakte (m2)": 58.5,
            "Gebreken": "geen rookmelder",
            "Opmerkingen": "=geen formule",
        },
        {"Datum bezoek": date(2026, 12, 2), "Resultaat": "Niemand aanwezig"},
    ]
    for number, visit in enumerate(filled, 2):
        for header, value in visit.items():
            cell = page.cell(number, place[header], value)
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(path)
    batch, redenen = inspecties.read(path, source=load_source("inspecties")).batches
    assert redenen.frame.select("inspectie", "bewijs").height == len(filled)
    assert batch.issues.is_empty()
    assert batch.frame["adresseerbaar_object_id"].to_list() == IDS[:2]
    assert page.cell(2, place["Adres"]).value == "Kadelaan 1 (+1)"
    first = batch.frame.row(0, named=True)
    assert first["adres"] == "Kadelaan 1"
    assert first["datum"] == date(2026, 12, 1)
    assert first["tijd"] == "14:30"
    assert first["resultaat"] == "toegang_met_toestemming"
    assert (first["aantal_personen"], first["huishoudens"], first["slaapplaatsen"], first["kamers"]) == (6, 2, 7, 4)
    assert first["gemeten_oppervlakte"] == 58.5
    assert (first["gebreken"], first["opmerkingen"]) == ("geen rookmelder", "=geen formule")
    assert batch.frame["resultaat"].to_list()[1] == "niemand_aanwezig"
