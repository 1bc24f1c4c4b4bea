"""Permits and requests: what goes in, with which remark, and what cannot be placed in time."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists import BAG_ID, BSN, OTHER_BAG_ID, OTHER_BSN, issues, read_list, without

from importers.issues import Level
from importers.records import Batch
from importers.register_columns import person_failures
from importers.source import Mapping, load_source
from registry.domain.identifiers import parse_bsn
from registry.errors import InvalidIdentifierError, SourceRefusedError

PERMIT = {
    "Zaaknummer": "Z-1",
    "BAG-id": BAG_ID,
    "Soort": "Opkoopbescherming",
    "Grond": "familie",
    "Status": "Verleend",
    "Aangevraagd op": "01-03-2024",
    "Verlengd op": "",
    "Besluit op": "12-04-2024",
    "Van": "01-05-2024",
    "Tot": "",
    "T/m": "30-04-2025",
    "Gebruiksvorm": "verhuur aan dochter",
    "BSN houder": BSN,
    "RSIN houder": "",
    "KvK houder": "",
    "Houder": "A. Verzonnen",
}


def read(tmp_path: Path, *rows: dict[str, str]) -> Batch:
    [batch] = read_list("vergunningen", tmp_path, *rows)
    return batch


def test_a_full_row_comes_out_as_values(tmp_path: Path) -> None:
    batch = read(tmp_path, PERMIT)
    assert batch.issues.is_empty()
    row = batch.frame.row(0, named=True)
    assert {key: value for key, value in row.items() if value is not None} == {
        "vergunning": "Z-1",
        "adresseerbaar_object_id": BAG_ID,
        "soort": "opkoopbescherming",
        "grond": "familie",
        "status": "verleend",
        "aangevraagd_op": date(2024, 3, 1),
        "besluit_op": date(2024, 4, 12),
        "valid_from": date(2024, 5, 1),
        "valid_until": date(2025, 5, 1),  # t/m is inclusive, the registry's end is not
        "gebruiksvorm": "verhuur aan dochter",
        "houder": f"bsn:{BSN}",
        "houder_bsn": BSN,
        "houder_naam": "A. Verzonnen",
        "adres_op": date(2024, 3, 1),
        "source_file": "vergunningen.csv",
        "source_row": 2,
    }


def test_a_permit_without_any_date_is_set_aside_and_kept_whole(tmp_path: Path) -> None:
    undated = without(PERMIT, "Aangevraagd op", "Besluit op", "Van", "T/m")
    batch = read(tmp_path, undated, PERMIT | {"Zaaknummer": "Z-2"})
    assert list(issues(batch, Level.UITVAL)) == [(2, "vergunning_zonder_datum")]
    assert batch.frame["vergunning"].to_list() == ["Z-2"]
    assert json.loads(batch.issues["row"][0])["Zaaknummer"] == "Z-1"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Besluit op": "", "Van": ""}, "verleend_zonder_datum"),
        ({"Status": "in behandeling", "Aangevraagd op": ""}, "aanvraag_zonder_datum"),
        ({"Besluit op": "01-02-2024"}, "volgorde_datums"),
        ({"Verlengd op": "01-02-2024"}, "volgorde_datums"),
        ({"Tot": "01-05-2024", "T/m": ""}, "einde_voor_begin"),
        ({"Tot": "01-06-2025"}, "einde_tegenstrijdig"),
        ({"Van": "31-02-2024"}, "datum"),
        ({"Van": "01-05-2204", "T/m": ""}, "datum_buiten_bereik"),
        ({"Soort": "kapvergunning"}, "onbekende_waarde"),
        ({"Soort": ""}, "leeg"),
        ({"Status": ""}, "leeg"),
        ({"Grond": "vrienden"}, "onbekende_waarde"),
        ({"BSN houder": "999990018"}, "bsn"),
        ({"BSN houder": "", "RSIN houder": "999990018"}, "rsin"),
        ({"RSIN houder": OTHER_BSN}, "twee_personen"),
        ({"KvK houder": "123456789"}, "kvk"),
        ({"BAG-id": ""}, "geen_adres"),
    ],
)
def test_what_does_not_fit_is_set_aside(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    batch = read(tmp_path, PERMIT | cells, PERMIT | {"Zaaknummer": "Z-2"})
    assert (2, code) in list(issues(batch, Level.UITVAL))
    assert batch.frame["vergunning"].to_list() == ["Z-2"]


def test_no_issue_repeats_a_bsn(tmp_path: Path) -> None:
    batch = read(tmp_path, PERMIT | {"BSN houder": "123456789"}, PERMIT | {"RSIN houder": OTHER_BSN})
    shown = batch.issues.select("text", "original").rows()
    assert len(shown) == 2
    assert not any(number in str(cells) for cells in shown for number in ("123456789", BSN, OTHER_BSN))


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Van": "", "T/m": "30-04-2025"}, "ingang_van_besluit"),
        ({"Grond": ""}, "grond_onbekend"),
        ({"Grond": "tijdelijk", "T/m": ""}, "tijdelijk_zonder_einde"),
        ({"Grond": "tijdelijk", "T/m": "01-05-2025"}, "tijdelijk_te_lang"),
        ({"Status": "ingetrokken", "T/m": ""}, "ingetrokken_zonder_einde"),
    ],
)
def test_what_is_odd_goes_in_with_a_remark(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    batch = read(tmp_path, PERMIT | cells)
    assert list(issues(batch, Level.WAARSCHUWING)) == [(2, code)]
    assert batch.frame.height == 1


def test_exactly_twelve_months_of_temporary_letting_is_not_too_long(tmp_path: Path) -> None:
    batch = read(tmp_path, PERMIT | {"Grond": "tijdelijk"})
    assert batch.issues.is_empty()


def test_without_a_begin_the_day_of_the_decision_counts_only_for_what_was_granted(tmp_path: Path) -> None:
    refused = without(PERMIT, "Van", "T/m") | {"Zaaknummer": "Z-2", "Status": "geweigerd"}
    batch = read(tmp_path, without(PERMIT, "Van"), refused)
    assert batch.frame["valid_from"].to_list() == [date(2024, 4, 12), None]


def test_a_request_that_becomes_a_permit_keeps_its_key(tmp_path: Path) -> None:
    numberless = without(PERMIT, "Zaaknummer")
    request = without(numberless, "Besluit op", "Van", "T/m", "Grond") | {"Status": "aangevraagd"}
    before, after = (read(tmp_path, row).frame["vergunning"][0] for row in (request, numberless))
    elsewhere = read(tmp_path, numberless | {"BAG-id": OTHER_BAG_ID}).frame["vergunning"][0]
    assert before == after != elsewhere
    assert BSN not in before


def test_one_case_number_with_two_contents_sets_both_aside(tmp_path: Path) -> None:
    batch = read(tmp_path, PERMIT, PERMIT | {"T/m": "31-03-2025"}, PERMIT | {"Zaaknummer": "Z-2"})
    assert list(issues(batch, Level.UITVAL)) == [(2, "tegenstrijdige_rijen"), (3, "tegenstrijdige_rijen")]
    assert batch.frame["vergunning"].to_list() == ["Z-2"]


def test_a_row_that_stands_there_twice_is_read_once(tmp_path: Path) -> None:
    batch = read(tmp_path, PERMIT, PERMIT)
    assert list(issues(batch, Level.WAARSCHUWING)) == [(3, "dubbele_rij")]
    assert batch.frame.height == 1


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"BSN houder": "", "RSIN houder": "001000020"}, "rsin:001000020"),
        ({"BSN houder": "", "RSIN houder": "1000020"}, "rsin:001000020"),
        ({"BSN houder": "", "KvK houder": "1234567"}, "kvk:01234567"),
        ({"BSN houder": "", "RSIN houder": "001000020", "KvK houder": "12345678"}, "rsin:001000020"),
        ({"RSIN houder": BSN}, f"bsn:{BSN}"),  # a sole trader
        ({"BSN houder": ""}, None),
    ],
)
def test_a_person_is_known_by_number(tmp_path: Path, cells: dict[str, str], key: str | None) -> None:
    assert read(tmp_path, PERMIT | cells).frame["houder"].to_list() == [key]


def test_the_open_columns_never_hold_the_bsn_of_a_sole_trader(tmp_path: Path) -> None:
    frame = read(tmp_path, PERMIT | {"RSIN houder": BSN, "KvK houder": "12345678"}).frame
    assert frame.select("houder_rsin", "houder_kvk").row(0) == (None, "12345678")


def test_a_bsn_in_a_remark_is_taken_out(tmp_path: Path) -> None:
    batch = read(tmp_path, PERMIT | {"Gebruiksvorm": f"verhuur aan {BSN}"})
    assert batch.frame["gebruiksvorm"].to_list() == ["verhuur aan [nummer verwijderd]"]
    assert list(issues(batch, Level.WAARSCHUWING)) == [(2, "burgerservicenummer")]


def test_own_column_names_come_with_an_indeling(tmp_path: Path) -> None:
    own = {"Dossier": "D-7", "Pand": BAG_ID, "Wat": "omzettingsvergunning", "Stand": "toegekend", "Per": "2024/05/01"}
    indeling = Mapping(
        {
            "Dossier": "vergunning",
            "Pand": "adresseerbaar_object_id",
            "Wat": "soort",
            "Stand": "status",
            "Per": "valid_from",
        },
        "jjjj/mm/dd",
    )
    [batch] = read_list("vergunningen", tmp_path, own, indeling=indeling)
    row = batch.frame.row(0, named=True)
    assert (row["vergunning"], row["soort"], row["status"]) == ("D-7", "omzetting", "verleend")
    assert row["valid_from"] == row["adres_op"] == date(2024, 5, 1)


@pytest.mark.parametrize("header", ["Nationaliteit", "Bibob-advies", "Telefoonnummer"])
def test_refused_columns_are_never_read(tmp_path: Path, header: str) -> None:
    batch = read(tmp_path, PERMIT | {header: "NIET-OVERNEMEN", "Status": "misschien"})
    assert batch.issues.height == 1
    assert "NIET-OVERNEMEN" not in str(batch.issues.rows())


def test_an_unknown_column_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="Leges"):
        read(tmp_path, PERMIT | {"Leges": "260"})


def test_every_canonical_value_can_be_delivered_again() -> None:
    for lookup in load_source("vergunningen").lookups.values():
        assert {lookup.get(value) for value in lookup.values()} == set(lookup.values())


@given(st.integers(0, 10**9 - 1))
def test_a_number_is_taken_exactly_when_it_passes_the_elfproef(number: int) -> None:
    text = f"{number:09d}"
    try:
        parse_bsn(text)
    except InvalidIdentifierError:
        passes = False
    else:
        passes = True
    cells = pl.DataFrame({"houder_bsn": [text], "houder_rsin": [text], "houder_kvk": ["12345678"]})
    failed = {
        f"{failure.field} {failure.code}" for failure in person_failures("houder") if cells.select(failure.mask).item()
    }
    assert failed == (set() if passes else {"houder_bsn bsn", "houder_rsin rsin"})
