"""Clauses and exemptions: what the deed says, and nothing that it does not say."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from lists import BAG_ID, BSN, OTHER_BAG_ID, OTHER_BSN, issues, read_list, without

from importers.issues import Level
from importers.records import BEDINGEN, ONTHEFFINGEN, Batch
from importers.source import load_source

CLAUSE = {
    "Bedingnummer": "B-1",
    "BAG-id": BAG_ID,
    "Soort": "Zelfbewoningsplicht",
    "BSN debiteur": BSN,
    "RSIN debiteur": "",
    "Schuldeiser": "gemeente",
    "Datum akte": "02-05-2023",
    "Brondocument": "akte deel 85012 nummer 44",
    "Aanvang": "oplevering",
    "Datum aanvang": "01-09-2023",
    "Maanden": "24",
    "Jaren": "",
    "Aaneengesloten": "ja",
    "Toegestane bewoners": "met gezin",
    "Gedeeltelijke verhuur toegestaan": "nee",
    "Doorverkoop toegestaan": "",
    "Kettingbeding tot": "02-05-2033",
    "Inschrijftermijn": "45",
    "Toestemming vereist": "ja",
    "Boete": "50.000,00",
    "Boete per dag": "100",
    "Uitzonderingen": "executieverkoop",
    "Ontheffing reden": "",
    "Ontheffing van": "",
    "Ontheffing tot": "",
}
EXEMPT = CLAUSE | {"Ontheffing reden": "echtscheiding", "Ontheffing van": "01-01-2024"}


def read(tmp_path: Path, *rows: dict[str, str]) -> tuple[Batch, pl.DataFrame]:
    clauses, exemptions = read_list("bedingen", tmp_path, *rows)
    assert (clauses.record, exemptions.record) == (BEDINGEN, ONTHEFFINGEN)
    assert (clauses.read, exemptions.read) == (len(rows), 0)
    return clauses, exemptions.frame


def test_a_full_row_comes_out_as_values(tmp_path: Path) -> None:
    batch, exemptions = read(tmp_path, CLAUSE)
    assert batch.issues.is_empty()
    assert exemptions.is_empty()
    row = batch.frame.row(0, named=True)
    assert {key: value for key, value in row.items() if value is not None} == {
        "beding": "B-1",
        "adresseerbaar_object_id": BAG_ID,
        "soort": "zelfbewoning",
        "debiteur": f"bsn:{BSN}",
        "debiteur_bsn": BSN,
        "schuldeiser": "gemeente",
        "akte": date(2023, 5, 2),
        "brondocument": "akte deel 85012 nummer 44",
        "aanvang": "oplevering",
        "aanvang_datum": date(2023, 9, 1),
        "maanden": 24,
        "aaneengesloten": True,
        "toegestane_bewoners": "gezin",
        "gedeeltelijke_verhuur_toegestaan": False,
        "kettingbeding_tot": date(2033, 5, 2),
        "inschrijftermijn_dagen": 45,
        "toestemming_vereist": True,
        "boete": 50_000.0,
        "boete_per_dag": 100.0,
        "uitzonderingen": "executieverkoop",
        "adres_op": date(2023, 9, 1),  # a new building has no address yet on the day of the deed
        "source_file": "bedingen.csv",
        "source_row": 2,
    }


def test_what_the_clause_does_not_mention_stays_empty(tmp_path: Path) -> None:
    silent = without(
        CLAUSE, "Gedeeltelijke verhuur toegestaan", "Aaneengesloten", "Inschrijftermijn", "Kettingbeding tot"
    )
    frame = read(tmp_path, silent)[0].frame
    names = ("gedeeltelijke_verhuur_toegestaan", "doorverkoop_toegestaan", "aaneengesloten", "inschrijftermijn_dagen")
    assert frame.select(names).row(0) == (None, None, None, None)


@pytest.mark.parametrize(
    ("empty", "code"),
    [
        (("Maanden",), "beding_zonder_termijn"),
        (("Aanvang",), "beding_zonder_aanvang"),
        (("Datum aanvang",), "aanvang_zonder_datum"),
        (("BSN debiteur",), "beding_zonder_debiteur"),
    ],
)
def test_a_clause_that_lacks_something_goes_in_with_a_remark(tmp_path: Path, empty: tuple[str, ...], code: str) -> None:
    batch, _ = read(tmp_path, without(CLAUSE, *empty))
    assert list(issues(batch, Level.WAARSCHUWING)) == [(2, code)]
    assert batch.frame.height == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Datum akte": ""}, "leeg"),
        ({"Datum akte": "voorjaar 2023"}, "datum"),
        ({"Soort": "kettingbeding"}, "onbekende_waarde"),
        ({"Maanden": "twee jaar"}, "aantal"),
        ({"Maanden": "0"}, "aantal"),
        ({"Jaren": "3"}, "termijn_tegenstrijdig"),
        ({"Aaneengesloten": "meestal"}, "ja_nee"),
        ({"Boete": "-1"}, "bedrag"),
        ({"Boete": "€ 50.000"}, "bedrag"),
        ({"Kettingbeding tot": "01-05-2023"}, "volgorde_datums"),
        ({"BSN debiteur": "999990018"}, "bsn"),
        ({"RSIN debiteur": OTHER_BSN}, "twee_personen"),
        ({"Ontheffing reden": "werk"}, "ontheffing_onvolledig"),
        ({"Ontheffing van": "01-01-2024"}, "ontheffing_onvolledig"),
        ({"Ontheffing tot": "01-01-2024"}, "ontheffing_onvolledig"),
        ({"Ontheffing reden": "zin", "Ontheffing van": "01-01-2024"}, "onbekende_waarde"),
        (
            {"Ontheffing reden": "werk", "Ontheffing van": "01-01-2024", "Ontheffing tot": "01-01-2024"},
            "einde_voor_begin",
        ),
        ({"BAG-id": ""}, "geen_adres"),
    ],
)
def test_what_does_not_fit_is_set_aside(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    batch, exemptions = read(tmp_path, CLAUSE | cells, EXEMPT | {"Bedingnummer": "B-2"})
    assert list(issues(batch, Level.UITVAL)) == [(2, code)]
    assert batch.frame["beding"].to_list() == exemptions["beding"].to_list() == ["B-2"]


@pytest.mark.parametrize(("maanden", "jaren"), [("24", ""), ("", "2"), ("24", "2")])
def test_a_term_may_come_in_months_or_years(tmp_path: Path, maanden: str, jaren: str) -> None:
    assert read(tmp_path, CLAUSE | {"Maanden": maanden, "Jaren": jaren})[0].frame["maanden"].to_list() == [24]


def test_a_clause_with_two_exemptions_stands_on_two_rows(tmp_path: Path) -> None:
    second = CLAUSE | {"Ontheffing reden": "werk", "Ontheffing van": "01-03-2024", "Ontheffing tot": "01-09-2024"}
    batch, exemptions = read(tmp_path, EXEMPT, second)
    assert batch.issues.is_empty()
    assert batch.frame.height == 1
    assert exemptions.select("beding", "reden", "valid_from", "valid_until").rows() == [
        ("B-1", "echtscheiding", date(2024, 1, 1), None),
        ("B-1", "werk", date(2024, 3, 1), date(2024, 9, 1)),
    ]


def test_an_exemption_that_stands_there_twice_is_read_once(tmp_path: Path) -> None:
    batch, exemptions = read(tmp_path, EXEMPT, EXEMPT)
    assert list(issues(batch, Level.WAARSCHUWING)) == [(3, "dubbele_rij")]
    assert exemptions.height == 1


def test_an_exemption_with_two_ends_is_set_aside_and_its_clause_stays(tmp_path: Path) -> None:
    batch, exemptions = read(tmp_path, EXEMPT, EXEMPT | {"Ontheffing tot": "01-02-2024"})
    assert list(issues(batch, Level.UITVAL)) == [(2, "tegenstrijdige_rijen"), (3, "tegenstrijdige_rijen")]
    assert batch.frame.height == 1
    assert exemptions.is_empty()


def test_two_debtors_need_two_numbers(tmp_path: Path) -> None:
    batch, exemptions = read(tmp_path, EXEMPT, CLAUSE | {"BSN debiteur": OTHER_BSN})
    assert list(issues(batch, Level.UITVAL)) == [(2, "tegenstrijdige_rijen"), (3, "tegenstrijdige_rijen")]
    assert "debiteur" in batch.issues["text"][0]
    assert batch.frame.is_empty()
    assert exemptions.is_empty()  # no exemption without its clause


def test_a_clause_without_a_number_gets_a_key_that_says_nothing_of_its_debtor(tmp_path: Path) -> None:
    numberless = CLAUSE | {"Bedingnummer": ""}
    first, again, elsewhere = (
        read(tmp_path, row)[0].frame["beding"][0]
        for row in (numberless, numberless | {"BSN debiteur": OTHER_BSN}, numberless | {"BAG-id": OTHER_BAG_ID})
    )
    assert first == again != elsewhere


def test_medical_data_is_never_read(tmp_path: Path) -> None:
    batch, _ = read(tmp_path, CLAUSE | {"Medische gegevens": "NIET-OVERNEMEN", "Soort": "iets"})
    assert batch.issues.height == 1
    assert "NIET-OVERNEMEN" not in str(batch.issues.rows())


def test_every_canonical_value_can_be_delivered_again() -> None:
    for lookup in load_source("bedingen").lookups.values():
        assert {lookup.get(value) for value in lookup.values()} == set(lookup.values())
