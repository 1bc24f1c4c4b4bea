"""Set-aside rows as a file to correct: the source's own columns, the reasons, and never a BSN."""

import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from importers import inspecties
from importers.source import load_source
from registry.errors import ExportError
from registry.exports.set_aside import SetAsideRow, write_set_aside
from registry.logs import MASK

MADE = datetime(2026, 11, 24, 9, 30)
BSN = "123456782"  # passes the eleven test, issued to nobody


def issue(number: int, row: object, **other: str) -> SetAsideRow:
    values = {"code": "datum", "text": "Geen datum.", "column": "Datum", "original": "31-02-2026"} | other
    return SetAsideRow(
        number, "blad 1", 7, values["code"], values["text"], values["column"], values["original"], json.dumps(row)
    )


def written(path: Path, rows: Sequence[SetAsideRow]) -> list[dict[str, object]]:
    count = write_set_aside(path, rows, title="Uitval van run 3 (inspecties)", made_by="A. Tester", made_at=MADE)
    header, *lines = CalamineWorkbook.from_path(path).get_sheet_by_name("Uitval").to_python()
    assert len(lines) == max(count, 1)
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]


def test_a_row_stands_with_its_reason_place_and_own_columns(tmp_path: Path) -> None:
    (row,) = written(tmp_path / "u.xlsx", [issue(41, {"Datum": "31-02-2026", "Huisnummer": "007", "Leeg": None})])
    assert row == {
        "uitval": "41",
        "uitval: reden": "Geen datum.",
        "uitval: kolom": "Datum",
        "uitval: waarde": "31-02-2026",
        "uitval: bestand": "blad 1",
        "uitval: regel": 7.0,
        "uitval: kandidaten": "",
        "uitval: code": "datum",
        "Datum": "31-02-2026",
        "Huisnummer": "007",
        "Leeg": "",
    }


def test_the_addresses_that_it_may_be_stand_beside_it(tmp_path: Path) -> None:
    kandidaten = ["0606010000000001: Singel 3", "0606010000000002: Singel 3 A"]
    row = SetAsideRow(
        1, "blad 1", 7, "adres_meerduidig", "Kies er een.", None, "Singel 3", '{"Adres": "Singel 3"}',
        json.dumps({"kandidaten": kandidaten}),
    )  # fmt: skip
    (line,) = written(tmp_path / "u.xlsx", [row])
    assert str(line["uitval: kandidaten"]).split("\n") == kandidaten


def test_all_reasons_of_one_row_share_its_line_under_the_lowest_id(tmp_path: Path) -> None:
    kept = {"Datum": "x", "Tijd": "99"}
    other = issue(43, {"Datum": "y"})
    late = issue(42, kept, code="tijd", text="Geen tijd.", column="Tijd", original="99")
    first, second = written(tmp_path / "u.xlsx", [late, issue(41, kept), other])
    assert (first["uitval"], second["uitval"]) == ("41", "43")
    assert first["uitval: reden"] == "Geen datum.\nGeen tijd."
    assert first["uitval: kolom"] == "Datum\nTijd"


def test_a_record_of_several_lines_gives_several_lines_with_one_number(tmp_path: Path) -> None:
    lines = written(tmp_path / "u.xlsx", [issue(5, [{"08.11.20": "12"}, {"08.11.20": "14", "58.11.20": "9"}])])
    assert [(line["uitval"], line["08.11.20"], line["58.11.20"]) for line in lines] == [
        ("5", "12", ""),
        ("5", "14", "9"),
    ]


@pytest.mark.parametrize(
    "header", ["01.01.20", "02.01.20", "01.01.10", "BSN", "Burgerservicenummer", "A-nummer", "bsn kind"]
)
def test_a_column_that_holds_a_bsn_is_masked_whatever_it_says(tmp_path: Path, header: str) -> None:
    (row,) = written(tmp_path / "u.xlsx", [issue(1, {header: "12345", "n": "5"}, column=header, original="12345")])
    assert (row[header], row["uitval: waarde"], row["n"]) == (MASK, MASK, "5")


def test_no_bsn_is_anywhere_in_the_file(tmp_path: Path) -> None:
    spaced = "1234.56.782"
    row = {"Opmerking": f"bsn {BSN} en {spaced}", "Sleutel": BSN}
    written(tmp_path / "u.xlsx", [issue(1, row, text=f"Onbekend: {BSN}", column="Sleutel", original=BSN)])
    with zipfile.ZipFile(tmp_path / "u.xlsx") as archive:
        everything = b"".join(map(archive.read, archive.namelist())).decode()
    assert BSN not in everything
    assert spaced not in everything
    assert MASK in everything


@pytest.mark.parametrize("header", ["08.11.20", "Huisnummer", "01.03.10", "postcode", "01.02.10"])
def test_other_columns_are_left_as_they_were(tmp_path: Path, header: str) -> None:
    (row,) = written(tmp_path / "u.xlsx", [issue(1, {header: "19850101"})])
    assert row[header] == "19850101"


def test_a_corrected_file_is_a_delivery_again(tmp_path: Path) -> None:
    kept = {"BAG-id": "0606010000000001", "Datum": "31-02-2026", "Resultaat": "geweigerd", "Kamers": "3"}
    path = tmp_path / "u.xlsx"
    written(path, [issue(41, kept)])
    book = openpyxl.load_workbook(path)
    page = book["Uitval"]
    column = next(cell.column for cell in page[1] if cell.value == "Datum")
    page.cell(2, column).value = "28-02-2026"
    book.save(path)
    (batch,) = inspecties.read(path, source=load_source("inspecties")).batches
    assert batch.issues.is_empty()
    assert batch.frame.select("adresseerbaar_object_id", "datum", "kamers").row(0) == (
        "0606010000000001",
        date(2026, 2, 28),
        3,
    )


def test_a_run_without_uitval_gives_a_file_that_says_so(tmp_path: Path) -> None:
    (row,) = written(tmp_path / "u.xlsx", [])
    assert row["uitval"] == "Deze run heeft geen uitval."


def test_a_damaged_row_is_named(tmp_path: Path) -> None:
    damaged = SetAsideRow(9, None, None, "x", "x", None, None, "{")
    with pytest.raises(ExportError, match="uitval 9 is beschadigd"):
        write_set_aside(tmp_path / "u.xlsx", [damaged], title="t", made_by="x", made_at=MADE)
