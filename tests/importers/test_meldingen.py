"""Reports: address, day, kind, subject and channel, and nothing of who reported."""

from datetime import date
from pathlib import Path

import pytest
from lists import BAG_ID, BSN, OTHER_BAG_ID, issues, read_list

from importers.issues import Level
from importers.records import MELDINGEN, Batch
from importers.source import load_source
from registry.errors import SourceRefusedError

REPORT = {
    "Meldingsnummer": "M-1",
    "BAG-id": BAG_ID,
    "Adres": "",
    "Datum": "03-02-2026",
    "Soort": "Klacht",
    "Onderwerp": "Overbewoning",
    "Kanaal": "telefonisch",
}
REFUSED = "NIET-OVERNEMEN"


def read(tmp_path: Path, *rows: dict[str, str]) -> Batch:
    [batch] = read_list("meldingen", tmp_path, *rows)
    return batch


def test_a_row_comes_out_as_values(tmp_path: Path) -> None:
    batch = read(tmp_path, REPORT)
    assert batch.issues.is_empty()
    row = batch.frame.row(0, named=True)
    assert {key: value for key, value in row.items() if value is not None} == {
        "melding": "M-1",
        "adresseerbaar_object_id": BAG_ID,
        "datum": date(2026, 2, 3),
        "soort": "melding",
        "onderwerp": "te_veel_bewoners",
        "kanaal": "telefoon",
        "source_file": "meldingen.csv",
        "source_row": 2,
    }


@pytest.mark.parametrize(
    "header",
    [
        "Melder",
        "Naam melder",
        "Naam",
        "Melder telefoon",
        "Telefoonnummer",
        "E-mailadres",
        "Contactpersoon",
        "Verzoeker",
        "BSN melder",
        "Omschrijving",
        "Toelichting",
    ],
)
def test_who_reported_and_what_was_written_is_never_read(tmp_path: Path, header: str) -> None:
    batch = read(tmp_path, REPORT | {header: REFUSED}, REPORT | {header: REFUSED, "Soort": "iets"})
    assert batch.frame.height == batch.issues.height == 1
    assert REFUSED not in str([*batch.issues.rows(), *batch.frame.rows()])


def test_no_column_can_hold_a_reporter() -> None:
    assert not {"melder", "naam", "telefoon", "omschrijving"} & set(MELDINGEN.columns)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Datum": ""}, "leeg"),
        ({"Datum": "gisteren"}, "datum"),
        ({"Datum": "03-02-0026"}, "datum"),
        ({"Soort": "tip van de politie"}, "onbekende_waarde"),
        ({"Onderwerp": "uitkering"}, "onbekende_waarde"),
        ({"Kanaal": "politie"}, "onbekende_waarde"),
        ({"BAG-id": ""}, "geen_adres"),
    ],
)
def test_what_does_not_fit_is_set_aside(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    batch = read(tmp_path, REPORT | cells, REPORT | {"Meldingsnummer": "M-2"})
    assert list(issues(batch, Level.UITVAL)) == [(2, code)]
    assert batch.frame["melding"].to_list() == ["M-2"]


def test_without_a_number_address_day_kind_and_subject_make_the_key(tmp_path: Path) -> None:
    numberless = REPORT | {"Meldingsnummer": ""}
    rows = [
        numberless,
        numberless | {"Onderwerp": "leegstand"},
        numberless | {"Datum": "04-02-2026"},
        numberless | {"Soort": "handhavingsverzoek"},
        numberless | {"BAG-id": OTHER_BAG_ID},
    ]
    assert read(tmp_path, *rows).frame["melding"].n_unique() == len(rows)
    assert read(tmp_path, *rows).frame["melding"].to_list() == read(tmp_path, *rows).frame["melding"].to_list()


def test_a_bsn_in_an_address_is_taken_out(tmp_path: Path) -> None:
    batch = read(tmp_path, REPORT | {"Adres": f"Brodinghstraat 12 {BSN}"})
    assert BSN not in str([*batch.frame.rows(), *batch.issues.rows()])


def test_another_column_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="Urgentie"):
        read(tmp_path, REPORT | {"Urgentie": "hoog"})


def test_every_canonical_value_can_be_delivered_again() -> None:
    for lookup in load_source("meldingen").lookups.values():
        assert {lookup.get(value) for value in lookup.values()} == set(lookup.values())
