"""The inspectors' workbook, and a worklist that comes back filled in."""

import csv
import io
import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers import inspecties
from importers.issues import ISSUE
from importers.records import INSPECTIES, Batch
from importers.source import Mapping, load_source
from registry.errors import SourceRefusedError

SOURCE = load_source("inspecties")
BAG_ID = "0606010000000001"
REPORT = INSPECTIES.schema.names()[INSPECTIES.schema.names().index("opmerkingen") + 1 : -2]  # before provenance
VISIT = {"BAG-id": BAG_ID, "Datum bezoek": "12-03-2026", "Resultaat": "Toegang met toestemming"}


def write_csv(path: Path, rows: list[dict[str, Any]]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def write_xlsx(path: Path, rows: list[dict[str, Any]], sheet: str = "Blad1") -> Path:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = sheet
    headers = list(dict.fromkeys(key for row in rows for key in row))
    page.append(headers)
    for row in rows:
        page.append([row.get(header) for header in headers])
    workbook.save(path)
    return path


def read(path: Path, mapping: Mapping | None = None) -> Batch:
    batch, *others = inspecties.read(path, source=SOURCE, mapping=mapping).batches
    assert all(other.issues.is_empty() for other in others)
    assert batch.frame.schema == INSPECTIES.schema
    assert batch.issues.schema == ISSUE
    return batch


def read_rows(tmp_path: Path, *rows: dict[str, Any]) -> Batch:
    return read(write_csv(tmp_path / "bezoeken.csv", list(rows)))


def test_a_full_row_of_a_workbook_comes_out_as_values(tmp_path: Path) -> None:
    row = {
        "BAG-id": BAG_ID,
        "Nummeraanduiding": None,
        "Adres": "Singel 12-b (+2)",
        "Straat": "Singel",
        "Huisnummer": "12-b",
        "Toevoeging": None,
        "Postcode": "1381 ab",
        "Woonplaats": "Weesp",
        "Datum bezoek": datetime(2026, 3, 12),
        "Tijd": time(14, 5),
        "Inspecteur": "J. de Vries",
        "Resultaat": "Toegang met toestemming",
        "Aantal personen": 6,
        "Huishoudens": 2,
        "Slaapplaatsen": 7,
        "Kamers": 3,
        "Gemeten oppervlakte (m2)": 64.5,
        "Gebreken": "schimmel",
        "Opmerkingen": "+31 is geen formule",
    }
    batch = read(write_xlsx(tmp_path / "bezoeken.xlsx", [row]))
    assert batch.issues.is_empty()
    assert batch.read == 1
    values = batch.frame.drop("inspectie", "source_file", *REPORT).row(0, named=True)
    assert set(batch.frame.select(REPORT).row(0)) == {None}
    assert values == {
        "adresseerbaar_object_id": BAG_ID,
        "nummeraanduiding_id": None,
        "adres": "Singel 12-b",
        "straat": "Singel",
        "huisnummer": 12,
        "suffix": "b",
        "postcode": "1381AB",
        "woonplaats": "Weesp",
        "datum": date(2026, 3, 12),
        "tijd": "14:05",
        "inspecteur": "J. de Vries",
        "resultaat": "toegang_met_toestemming",
        "aantal_personen": 6,
        "huishoudens": 2,
        "slaapplaatsen": 7,
        "kamers": 3,
        "gemeten_oppervlakte": 64.5,
        "gebreken": "schimmel",
        "opmerkingen": "+31 is geen formule",
        "source_row": 2,
    }


def test_every_label_of_the_drop_down_list_is_accepted(tmp_path: Path) -> None:
    labels = list(SOURCE.lookups["resultaat"])
    rows = [VISIT | {"Resultaat": label.capitalize(), "Tijd": f"{hour:02}:00"} for hour, label in enumerate(labels)]
    batch = read_rows(tmp_path, *rows)
    assert batch.frame["resultaat"].to_list() == [SOURCE.lookups["resultaat"][label] for label in labels]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"Aantal personen": "ca. 6"}, "aantal", "Aantal personen"),
        ({"Aantal personen": "4/5"}, "aantal", "Aantal personen"),
        ({"Aantal personen": "-1"}, "aantal", "Aantal personen"),
        ({"Aantal personen": "2,5"}, "aantal", "Aantal personen"),
        ({"Kamers": "1000"}, "aantal", "Kamers"),
        ({"Gemeten oppervlakte": "65 m2"}, "oppervlakte", "Gemeten oppervlakte"),
        ({"Gemeten oppervlakte": "0"}, "oppervlakte", "Gemeten oppervlakte"),
        ({"Datum bezoek": "vorige week"}, "datum", "Datum bezoek"),
        ({"Datum bezoek": "31-02-2026"}, "datum", "Datum bezoek"),
        ({"Datum bezoek": "12-03-2206"}, "datum_buiten_bereik", "Datum bezoek"),
        ({"Datum bezoek": "12-03-1989"}, "datum_buiten_bereik", "Datum bezoek"),
        ({"Datum bezoek": ""}, "leeg", "Datum bezoek"),
        ({"Resultaat": ""}, "leeg", "Resultaat"),
        ({"Resultaat": "misschien"}, "onbekende_waarde", "Resultaat"),
        ({"Tijd": "25:00"}, "tijd", "Tijd"),
        ({"Tijd": "ochtend"}, "tijd", "Tijd"),
        ({"BAG-id": "6,0601E+14"}, "bag_id", "BAG-id"),
        ({"BAG-id": "0606100000000001"}, "bag_id", "BAG-id"),
        ({"Nummeraanduiding": BAG_ID}, "bag_id", "Nummeraanduiding"),
        ({"Huisnummer": "a12"}, "huisnummer", "Huisnummer"),
        ({"Huisnummer": "0"}, "huisnummer", "Huisnummer"),
        ({"Huisnummer": "2026-01-12"}, "datum_van_excel", "Huisnummer"),
        ({"Toevoeging": "2026-01-12"}, "datum_van_excel", "Toevoeging"),
        ({"Postcode": "1381"}, "postcode", "Postcode"),
        ({"BAG-id": ""}, "geen_adres", "adres"),
    ],
)
def test_a_cell_that_does_not_fit_sets_the_row_aside_and_says_which(
    tmp_path: Path, cells: dict[str, str], code: str, column: str
) -> None:
    batch = read_rows(tmp_path, VISIT | cells, VISIT | {"Tijd": "9:00"})
    assert batch.frame.height == 1
    assert batch.read == 2
    [issue] = batch.issues.to_dicts()
    assert (issue["level"], issue["code"], issue["column"], issue["source_row"]) == ("uitval", code, column, 2)
    assert "{" not in issue["text"]
    kept = json.loads(issue["row"])
    assert {header: kept[header] or "" for header in cells} == cells


def test_each_wrong_cell_is_named(tmp_path: Path) -> None:
    batch = read_rows(tmp_path, VISIT | {"Kamers": "veel", "Tijd": "nu", "Postcode": "x"})
    assert sorted(batch.issues["column"].to_list()) == ["Kamers", "Postcode", "Tijd"]


@pytest.mark.parametrize("tijd", ["9:05", "09:05", "9.05", "9u05", "09:05:00", "9:05 uur"])
def test_spellings_of_a_time(tmp_path: Path, tijd: str) -> None:
    assert read_rows(tmp_path, VISIT | {"Tijd": tijd}).frame["tijd"].to_list() == ["09:05"]


def test_a_row_of_a_worklist_that_nobody_filled_in_is_no_visit(tmp_path: Path) -> None:
    worklist = dict.fromkeys(SOURCE.ignored, "x") | {
        "BAG-id": BAG_ID,
        "Adres": "Singel 12",
        "Postcode": "1381AB",
    }
    filled = worklist | {"Datum bezoek": "12-03-2026", "Resultaat": "Niemand aanwezig"}
    batch = read(write_xlsx(tmp_path / "lijst.xlsx", [filled, worklist], sheet="Werklijst"))
    assert batch.issues.is_empty()
    assert batch.read == 2
    assert batch.frame["source_row"].to_list() == [2]


def test_the_same_row_twice_is_one_visit_and_a_warning(tmp_path: Path) -> None:
    batch = read_rows(tmp_path, VISIT, VISIT)
    assert batch.frame["source_row"].to_list() == [2]
    assert batch.issues.select("level", "code", "source_row").row(0) == ("waarschuwing", "dubbele_rij", 3)


def test_two_different_rows_of_one_visit_are_both_set_aside(tmp_path: Path) -> None:
    batch = read_rows(tmp_path, VISIT | {"Aantal personen": "3"}, VISIT | {"Aantal personen": "4"})
    assert batch.frame.is_empty()
    assert batch.issues["code"].to_list() == ["tegenstrijdige_rijen"] * 2
    assert [json.loads(row)["Aantal personen"] for row in batch.issues["row"]] == ["3", "4"]
    with_time = read_rows(
        tmp_path, VISIT | {"Aantal personen": "3", "Tijd": "9:00"}, VISIT | {"Aantal personen": "4", "Tijd": "11:00"}
    )
    assert with_time.frame.height == 2


def test_the_key_is_the_number_of_the_source_or_the_same_in_every_delivery(tmp_path: Path) -> None:
    numbered = read_rows(tmp_path, VISIT | {"Inspectienummer": "I-7"})
    assert numbered.frame["inspectie"].to_list() == ["I-7"]
    first = read_rows(tmp_path, VISIT, VISIT | {"BAG-id": "", "Adres": "Singel 12 b"})
    later = read_rows(tmp_path, VISIT | {"BAG-id": "", "Adres": "singel  12-B", "Opmerkingen": "nieuw"}, VISIT)
    assert first.frame["inspectie"].n_unique() == 2
    assert set(first.frame["inspectie"]) == set(later.frame["inspectie"])
    assert (
        first.frame["inspectie"][0] == "53305363d55688d64d095aeb"
    )  # a change of this value makes every old visit a new one


def test_a_lost_leading_zero_is_restored_with_a_warning(tmp_path: Path) -> None:
    batch = read_rows(tmp_path, VISIT | {"BAG-id": BAG_ID[1:]})
    assert batch.frame["adresseerbaar_object_id"].to_list() == [BAG_ID]
    assert batch.issues["code"].to_list() == ["bag_id_zonder_nul"]


def test_a_count_without_access_is_remarked(tmp_path: Path) -> None:
    batch = read_rows(tmp_path, VISIT | {"Resultaat": "geweigerd", "Aantal personen": "3"})
    assert batch.frame.height == 1
    assert batch.issues["code"].to_list() == ["telling_zonder_toegang"]


@pytest.mark.parametrize("number", ["999990019", "999 990 019", "999.990.019"], ids=["plain", "spaces", "dots"])
@pytest.mark.parametrize("kamers", ["2", "veel"])
def test_a_bsn_in_a_remark_is_taken_out_of_everything_that_is_kept(tmp_path: Path, number: str, kamers: str) -> None:
    batch = read_rows(tmp_path, VISIT | {"Opmerkingen": f"bewoner {number} belt 0101234567", "Kamers": kamers})
    assert "burgerservicenummer" in batch.issues["code"].to_list()
    kept = batch.frame.write_json() + batch.issues.write_json()
    assert number not in kept
    assert "[nummer verwijderd] belt 0101234567" in kept


def test_other_numbers_in_a_remark_stay(tmp_path: Path) -> None:
    batch = read_rows(tmp_path, VISIT | {"Opmerkingen": f"zaak 123456789, pand {BAG_ID}"})
    assert batch.issues.is_empty()
    assert batch.frame["opmerkingen"].to_list() == [f"zaak 123456789, pand {BAG_ID}"]


def test_refused_columns_leave_no_trace(tmp_path: Path) -> None:
    batch = read_rows(
        tmp_path, VISIT | {"Nationaliteit": "Atlantis", "Kamers": "veel"}, VISIT | {"Nationaliteit": "Atlantis"}
    )
    assert batch.frame.height == 1
    assert "Atlantis" not in batch.issues.write_json() + batch.frame.write_json()


def test_an_unknown_column_refuses_the_file_until_an_indeling_names_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "b.csv", [{"Wat": BAG_ID, "Datum bezoek": "2026/03/12", "Resultaat": "geweigerd"}])
    with pytest.raises(SourceRefusedError, match="'Wat'"):
        read(path)
    batch = read(path, Mapping({"Wat": "adresseerbaar_object_id"}, "jjjj/mm/dd"))
    assert batch.frame["datum"].to_list() == [date(2026, 3, 12)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "Datum bezoek": st.sampled_from(["", "12-03-2026", "2026-03-13", "gisteren", "1-1-1900"]),
                "Resultaat": st.sampled_from(["", "geweigerd", "Niemand aanwezig", "?"]),
                "Huisnummer": st.sampled_from(["", "12", "12-b", "0", "b"]),
                "Aantal personen": st.sampled_from(["", "0", "6", "ca. 6", "-2"]),
                "Opmerkingen": st.sampled_from(["", "a", "b"]),
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_row_goes_in_or_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    rows = [{"Adres": ""} | row for row in rows]
    batch = read(write_csv(tmp_path_factory.mktemp("rows") / "b.csv", rows))
    visits = {
        number
        for number, row in enumerate(rows, 2)
        if any(row[header] for header in ("Datum bezoek", "Resultaat", "Aantal personen", "Opmerkingen"))
    }
    accounted = set(batch.frame["source_row"]) | set(batch.issues["source_row"])
    assert visits == accounted
    assert batch.frame["inspectie"].is_unique().all()
    aside = batch.issues.filter(pl.col("level") == "uitval")
    assert not set(batch.frame["source_row"]) & set(aside["source_row"])


def test_a_row_kept_by_its_record_columns_can_be_delivered_again(tmp_path: Path) -> None:
    # What linking sets aside is kept under the first header of each field that a record has.
    headers = {column.field: column.headers[0] for column in SOURCE.columns if column.field in INSPECTIES.columns}
    cells = {"BAG-id": "", "Straat": "Singel", "Huisnummer": "12", "Huisletter": "B", "Toevoeging": "1", "Tijd": "9.30"}
    first = read_rows(tmp_path, VISIT | cells | {"Aantal personen": "3", "Gemeten oppervlakte": "64,5"}).frame
    kept = {header: first[field][0] for field, header in headers.items()}
    again = read(write_csv(tmp_path / "opnieuw.csv", [kept]))
    assert again.issues.is_empty()
    assert first["suffix"].to_list() == ["B 1"]
    assert again.frame.drop("source_file").rows() == first.drop("source_file").rows()
