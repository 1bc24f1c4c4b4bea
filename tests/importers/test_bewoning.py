"""Answers of the Bewoning API: what is kept of them, and what never is."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from importers import bewoning
from importers.issues import ISSUE
from importers.records import GELEVERDE_BEWONERS, GELEVERDE_BEWONINGEN
from importers.source import load_source
from registry.errors import SourceRefusedError

SOURCE = load_source("bewoning")
HOME = "0606010000000001"
ANNA, BRAM = "999993653", "999990639"


class Result:
    """Both records of a delivery and its issues."""

    def __init__(self, path: Path) -> None:
        batches = list(bewoning.read(path, source=SOURCE).batches)
        self.periods = pl.concat([batch.frame for batch in batches if batch.record is GELEVERDE_BEWONINGEN])
        self.people = pl.concat([batch.frame for batch in batches if batch.record is GELEVERDE_BEWONERS])
        self.issues = pl.concat([batch.issues for batch in batches])
        self.read = sum(batch.read for batch in batches)
        assert self.periods.schema == GELEVERDE_BEWONINGEN.schema
        assert self.people.schema == GELEVERDE_BEWONERS.schema
        assert self.issues.schema == ISSUE


def answer(*people: Any, possible: tuple[Any, ...] = (), **other: Any) -> dict[str, Any]:
    period = {"datumVan": "2024-01-01", "datumTot": "2024-07-01"}
    return {
        "adresseerbaarObjectIdentificatie": HOME, "periode": period, "bewoners": list(people),
        "mogelijkeBewoners": list(possible),
    } | other  # fmt: skip


def person(bsn: str | None, **other: Any) -> dict[str, Any]:
    return ({} if bsn is None else {"burgerservicenummer": bsn}) | other


def read(tmp_path: Path, *bewoningen: dict[str, Any]) -> Result:
    path = tmp_path / "bewoning.json"
    path.write_text(json.dumps({"bewoningen": list(bewoningen)}), encoding="utf-8")
    return Result(path)


def test_an_answer_comes_out_as_a_period_and_its_people(tmp_path: Path) -> None:
    got = read(tmp_path, answer(person(ANNA), possible=(person(BRAM, inOnderzoek=True),)))
    assert got.periods.select(pl.exclude("samenstelling", "source_file", "source_row")).rows() == [
        (HOME, date(2024, 1, 1), date(2024, 7, 1), 1, 1, False)
    ]
    assert got.people.select("bewoner", "zekerheid", "in_onderzoek").rows() == [
        (ANNA, "zeker", False), (BRAM, "mogelijk", True),
    ]  # fmt: skip
    assert got.issues.is_empty()


def test_many_residents_are_an_unknown_number_and_never_none(tmp_path: Path) -> None:
    got = read(tmp_path, answer(indicatieVeelBewoners=True))
    assert got.periods.select("aantal_bewoners", "aantal_mogelijke_bewoners", "veel_bewoners").rows() == [
        (None, None, True)
    ]
    empty = read(tmp_path, answer())
    assert empty.periods.select("aantal_bewoners", "veel_bewoners").rows() == [(0, False)]


def test_the_example_of_the_published_specification_comes_in(tmp_path: Path, shared_data: Path) -> None:
    text = (shared_data / "specs" / "brp-bewoning-openapi.yaml").read_text(encoding="utf-8")
    example = yaml.safe_load(text)["components"]["schemas"]["BewoningenQueryResponse"]["example"]
    path = tmp_path / "antwoord.json"
    path.write_text(json.dumps(example), encoding="utf-8")
    got = Result(path)
    assert got.periods.select("adresseerbaar_object_id", "valid_from", "valid_until", "aantal_bewoners",
                              "aantal_mogelijke_bewoners").rows() == [
        ("0599010370005001", date(2023, 11, 19), date(2024, 1, 1), 2, 0),
        ("0599010370005001", date(2024, 1, 1), date(2024, 1, 27), 1, 1),
    ]  # fmt: skip
    assert got.issues.is_empty()
    assert not [part for part in ("Pieter", "Vries", "1984", "juli") if part in str(got.people.rows())]


def test_a_number_that_fails_counts_as_a_person_and_is_not_kept(tmp_path: Path) -> None:
    got = read(tmp_path, answer(person("999993652"), person(None), person(ANNA)))
    assert got.periods["aantal_bewoners"].to_list() == [3]
    assert got.issues["code"].to_list() == ["bsn_onjuist"]
    assert "999993652" not in str(got.people.rows()) + str(got.issues.rows()) + str(got.periods.rows())


def test_who_stands_in_both_lists_is_certain(tmp_path: Path) -> None:
    got = read(tmp_path, answer(person(ANNA), possible=(person(ANNA),)))
    assert got.people.select("bewoner", "zekerheid").rows() == [(ANNA, "zeker")]
    assert got.periods.select("aantal_bewoners", "aantal_mogelijke_bewoners").rows() == [(1, 0)]


def test_the_order_of_people_does_not_make_another_composition(tmp_path: Path) -> None:
    one = read(tmp_path, answer(person(ANNA), person(BRAM))).periods["samenstelling"]
    other = read(tmp_path, answer(person(BRAM), person(ANNA))).periods["samenstelling"]
    fewer = read(tmp_path, answer(person(BRAM), possible=(person(ANNA),))).periods["samenstelling"]
    assert one.equals(other)
    assert not one.equals(fewer)


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"adresseerbaarObjectIdentificatie": "0606100000000001"}, "bag_id"),
        ({"adresseerbaarObjectIdentificatie": "060601000000000"}, "bag_id"),
        ({"adresseerbaarObjectIdentificatie": None}, "bag_id"),
        ({"periode": None}, "periode"),
        ({"periode": {"datumVan": "2024-01-01", "datumTot": "2024-01-01"}}, "periode"),
        ({"periode": {"datumVan": "2024-02-30", "datumTot": "2024-07-01"}}, "periode"),
    ],
)
def test_a_bewoning_of_nowhere_or_never_is_set_aside_without_its_people(
    tmp_path: Path, part: dict[str, Any], code: str
) -> None:
    got = read(tmp_path, answer(person(ANNA)) | part, answer(person(BRAM)))
    assert got.issues.select("level", "code").rows() == [("uitval", code)]
    assert ANNA not in str(got.issues.rows())
    assert got.people["bewoner"].to_list() == [BRAM]
    assert got.read == 2


@pytest.mark.parametrize("content", [{}, {"bewoningen": {}}, {"bewoningen": [1]}, {"_embedded": {}}])
def test_another_answer_is_refused(tmp_path: Path, content: dict[str, Any]) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(SourceRefusedError, match="geen lijst 'bewoningen'"):
        Result(path)
