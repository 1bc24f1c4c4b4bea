"""Facts that people established: value by kind of fact, period, evidence."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from importers import vaststellingen
from importers.records import VASTSTELLINGEN, Batch
from importers.source import load_source

SOURCE = load_source("vaststellingen")
FACT = {
    "BAG-id": "0606010000000001",
    "Feit": "woonwagen",
    "Waarde": "ja",
    "Van": "01-01-2020",
    "Tot": "",
    "T/m": "",
    "Bewijs": "controle ter plaatse",
    "Auteur": "juridische zaken",
}


def read_rows(tmp_path: Path, *rows: dict[str, Any]) -> Batch:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(FACT), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "vaststellingen.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    [batch] = vaststellingen.read(path, source=SOURCE).batches
    assert batch.frame.schema == VASTSTELLINGEN.schema
    return batch


def test_a_row_comes_out_as_values(tmp_path: Path) -> None:
    batch = read_rows(tmp_path, FACT)
    assert batch.issues.is_empty()
    values = batch.frame.select("feit", "waarde", "valid_from", "valid_until", "bewijs", "auteur").row(0)
    assert values == ("woonwagen", "ja", date(2020, 1, 1), None, "controle ter plaatse", "juridische zaken")


@pytest.mark.parametrize(
    ("feit", "waarde", "stored"),
    [
        ("COA-locatie", "Ja", "ja"),
        ("gezamenlijk huishouden", "N", "nee"),
        ("Huishoudens", "2", "2"),
        ("gemeten oppervlakte", "64,5", "64.5"),
        ("gemeten_oppervlakte", "64", "64"),
        ("eerste bewoning", "1-5-1931", "1931-05-01"),
        ("koopovereenkomst", "2023-02-01", "2023-02-01"),
        ("staat_bij_overdracht", "Vrij opgeleverd", "vrij"),
    ],
)
def test_values_have_one_form_per_kind_of_fact(tmp_path: Path, feit: str, waarde: str, stored: str) -> None:
    batch = read_rows(tmp_path, FACT | {"Feit": feit, "Waarde": waarde})
    assert batch.frame["waarde"].to_list() == [stored]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Feit": "zwembad"}, "onbekende_waarde"),
        ({"Feit": ""}, "leeg"),
        ({"Waarde": ""}, "leeg"),
        ({"Bewijs": ""}, "leeg"),
        ({"Van": ""}, "leeg"),
        ({"Waarde": "misschien"}, "waarde"),
        ({"Feit": "huishoudens", "Waarde": "0"}, "waarde"),
        ({"Feit": "huishoudens", "Waarde": "twee"}, "waarde"),
        ({"Feit": "gemeten oppervlakte", "Waarde": "-3"}, "waarde"),
        ({"Feit": "koopovereenkomst", "Waarde": "2023"}, "waarde"),
        ({"Feit": "staat bij overdracht", "Waarde": "leeg"}, "waarde"),
        ({"Van": "2020"}, "datum"),
        ({"Tot": "gisteren"}, "datum"),
        ({"Tot": "01-01-2020"}, "einde_voor_begin"),
        ({"T/m": "31-12-2019"}, "einde_voor_begin"),
        ({"Tot": "01-02-2020", "T/m": "01-02-2020"}, "einde_tegenstrijdig"),
        ({"BAG-id": ""}, "geen_adres"),
    ],
)
def test_what_does_not_fit_is_set_aside(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    batch = read_rows(tmp_path, FACT | cells)
    assert batch.frame.is_empty()
    assert batch.issues.select("level", "code").rows() == [("uitval", code)]


@pytest.mark.parametrize(
    ("cells", "until"),
    [
        ({"Tot": "01-02-2020"}, date(2020, 2, 1)),
        ({"T/m": "31-01-2020"}, date(2020, 2, 1)),
        ({"T/m": "01-01-2020"}, date(2020, 1, 2)),
        ({"Tot": "01-02-2020", "T/m": "31-01-2020"}, date(2020, 2, 1)),
    ],
)
def test_tot_is_exclusive_and_tot_en_met_inclusive(tmp_path: Path, cells: dict[str, str], until: date) -> None:
    assert read_rows(tmp_path, FACT | cells).frame["valid_until"].to_list() == [until]


def test_two_values_of_one_fact_from_one_day_are_both_set_aside(tmp_path: Path) -> None:
    batch = read_rows(tmp_path, FACT, FACT | {"Waarde": "nee"}, FACT | {"Van": "01-01-2021", "Waarde": "nee"})
    assert batch.issues["code"].to_list() == ["tegenstrijdige_rijen"] * 2
    assert batch.frame["source_row"].to_list() == [4]


def test_every_fact_that_rules_read_can_be_delivered() -> None:
    read_by_rules = {"coa_opvang", "woonwagen", "gezamenlijk_huishouden", "huishoudens", "gemeten_oppervlakte"}
    assert read_by_rules <= set(SOURCE.lookups["feit"].values())
    assert set(SOURCE.lookups["feit"].values()) == set(SOURCE.lookups["soort_waarde"])


def test_a_row_kept_by_its_record_columns_can_be_delivered_again(tmp_path: Path) -> None:
    # What linking sets aside is kept under the first header of each field that a record has.
    headers = {column.field: column.headers[0] for column in SOURCE.columns if column.field in VASTSTELLINGEN.columns}
    first = read_rows(tmp_path, FACT | {"T/m": "31-12-2020"}).frame
    kept = {header: "" if (value := first[field][0]) is None else str(value) for field, header in headers.items()}
    path = tmp_path / "opnieuw.csv"
    path.write_text(";".join(kept) + "\n" + ";".join(kept.values()) + "\n", encoding="utf-8")
    [again] = vaststellingen.read(path, source=SOURCE).batches
    assert again.issues.is_empty()
    assert again.frame.drop("source_file").rows() == first.drop("source_file").rows()
