"""Two sources of occupancy: both kept, and every day on which they differ is found."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from registry.crypto import BsnCipher, generate_keys
from registry.intake.bewoning_compare import compare, find_differences
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.store.engine import Store, open_store
from registry.store.queries.bewoning import read_delivered
from registry.store.queries.runs import last_run
from registry.store.tables import metadata

HOME = "0606010000000001"
ANNA, BRAM, CATO = "999993653", "999990639", "999994347"
FIRST = date(2024, 1, 1)
LAST = 10  # days
PERIODS = pl.Schema(
    {"adresseerbaar_object_id": pl.String, "valid_from": pl.Date, "valid_until": pl.Date, "samenstelling": pl.String,
     "veel_bewoners": pl.Boolean}
)  # fmt: skip
PEOPLE = pl.Schema(
    {"adresseerbaar_object_id": pl.String, "valid_from": pl.Date, "valid_until": pl.Date, "persoon": pl.String,
     "zekerheid": pl.String}
)  # fmt: skip
SURE = st.sampled_from(["zeker", "mogelijk"])


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def stays(draw: st.DrawFn) -> list[tuple[str, str, date, date | None, str]]:
    found = []
    for person in draw(st.lists(st.sampled_from("abc"), max_size=3, unique=True)):
        start = draw(st.integers(-3, LAST))
        length = draw(st.none() | st.integers(1, LAST))
        found.append((HOME, person, day(start), None if length is None else day(start + length), draw(SURE)))
    return found


@given(stays(), st.dictionaries(st.sampled_from("abc"), SURE), st.booleans())
def test_a_difference_is_found_on_its_first_day(
    derived: list[tuple[str, str, date, date | None, str]],
    named: dict[str, str],
    many: bool,
) -> None:
    periods = pl.DataFrame([(HOME, FIRST, day(LAST), "x", many)], PERIODS, orient="row")
    people = pl.DataFrame([(HOME, FIRST, day(LAST), one, sure) for one, sure in named.items()], PEOPLE, orient="row")
    schema = {"adresseerbaar_object_id": pl.String, "persoon": pl.String, "valid_from": pl.Date, "valid_until": pl.Date,
              "zekerheid": pl.String}  # fmt: skip
    found = compare(periods, people, pl.DataFrame(derived, schema, orient="row"))
    expected = None
    for number in range(LAST):
        here = {one: sure for _, one, start, end, sure in derived if start <= day(number) < (end or date.max)}
        if many or here != named:
            expected = day(number)
            break
    assert found["op"].to_list() == ([] if expected is None else [expected])
    if expected is not None:
        here = {one: sure for _, one, start, end, sure in derived if start <= expected < (end or date.max)}
        row = found.row(0, named=True)
        assert (row["geleverd_zeker"], row["afgeleid_zeker"]) == (
            list(named.values()).count("zeker"), list(here.values()).count("zeker"),
        )  # fmt: skip
        assert (row["alleen_geleverd"], row["alleen_afgeleid"]) == (len(named.keys() - here), len(here.keys() - named))
        assert row["andere_zekerheid"] == sum(named[one] != here[one] for one in named.keys() & here.keys())


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry that takes answers and persoonslijsten."""

    store: Store
    cipher: BsnCipher
    folder: Path

    def answers(self, *bewoningen: dict[str, Any]) -> ImportResult:
        """Import answers of the Bewoning API."""
        path = self.folder / "bewoning.json"
        path.write_text(json.dumps({"bewoningen": list(bewoningen)}), encoding="utf-8")
        return run_import(self.store, ImportRequest("bewoning", path, date(2026, 11, 1)), cipher=self.cipher)

    def persons(self, *rows: tuple[str, str]) -> ImportResult:
        """Import persoonslijsten: BSN, and first day in the home."""
        path = self.folder / "brp.csv"
        lines = [f"{bsn};;;W;{start};{HOME}" for bsn, start in rows]
        path.write_text("\n".join(["01.01.20;07.67.10;07.67.20;08.10.10;08.10.30;08.11.80", *lines]) + "\n")
        return run_import(self.store, ImportRequest("brp", path, date(2026, 11, 1)), cipher=self.cipher)

    def differences(self) -> list[dict[str, Any]]:
        """What the list of differences shows."""
        with self.store.read() as connection:
            return find_differences(connection, known=last_run(connection)).to_dicts()


@pytest.fixture
def registry(database_url: str, tmp_path: Path) -> Iterator[Registry]:
    store = open_store(database_url)
    yield Registry(store, BsnCipher(generate_keys()), tmp_path)
    store.close()


def answer(*certain: str, possible: tuple[str, ...] = (), start: str = "2024-01-01", **other: Any) -> dict[str, Any]:
    return {
        "adresseerbaarObjectIdentificatie": HOME,
        "periode": {"datumVan": start, "datumTot": "2025-01-01"},
        "bewoners": [{"burgerservicenummer": bsn} for bsn in certain],
        "mogelijkeBewoners": [{"burgerservicenummer": bsn} for bsn in possible],
    } | other


def test_what_agrees_is_silent_and_a_second_import_changes_nothing(registry: Registry) -> None:
    registry.persons((ANNA, "20200101"), (BRAM, "20200000"))
    first = registry.answers(answer(ANNA, BRAM))
    assert (first.counts.nieuw, first.uitval, first.levering) == (3, 0, "deel")
    assert first.issues.is_empty()
    again = registry.answers(answer(BRAM, ANNA))
    assert (again.counts.nieuw, again.counts.gewijzigd, again.counts.ongewijzigd) == (0, 0, 3)
    assert registry.differences() == []


def test_a_difference_is_reported_whichever_source_comes_last_and_both_are_kept(registry: Registry) -> None:
    assert registry.answers(answer(ANNA, CATO)).issues.is_empty()
    result = registry.persons((ANNA, "20200101"), (BRAM, "20240301"))
    [text] = result.issues.filter(code="bewoning_verschilt")["text"].to_list()
    assert text == (
        f"{HOME}: op 01-01-2024 noemt de Bewoning API 2 zekere en 0 mogelijke bewoners; uit de BRP volgen er 1 en 0. "
        "Beide zijn bewaard."
    )
    [row] = registry.differences()
    assert (row["op"], row["alleen_geleverd"], row["alleen_afgeleid"]) == (FIRST, 1, 0)
    assert registry.answers(answer(ANNA, CATO)).issues["code"].to_list() == ["bewoning_verschilt"]
    with registry.store.read() as connection:
        periods, people = read_delivered(connection, known=last_run(connection))
    assert (periods.height, people.height) == (1, 2)


def test_a_later_answer_replaces_who_lived_there(registry: Registry) -> None:
    registry.persons((ANNA, "20200101"))
    registry.answers(answer(ANNA, CATO))
    registry.answers(answer(ANNA))
    assert registry.differences() == []
    with registry.store.read() as connection:
        _, before = read_delivered(connection, known=2)
        _, after = read_delivered(connection, known=3)
    assert (before.height, after.height) == (2, 1)


def test_more_than_a_hundred_is_not_zero(registry: Registry) -> None:
    registry.persons((ANNA, "20200101"))
    many = answer(indicatieVeelBewoners=True)
    [text] = registry.answers(many).issues["text"].to_list()
    assert "meer dan honderd bewoners" in text
    assert [row["veel_bewoners"] for row in registry.differences()] == [True]


def test_a_certain_resident_who_is_only_possible_elsewhere_differs(registry: Registry) -> None:
    registry.persons((ANNA, "20200101"))
    registry.answers(answer(possible=(ANNA,)))
    assert [row["andere_zekerheid"] for row in registry.differences()] == [1]


def test_no_number_is_stored(registry: Registry) -> None:
    registry.persons((ANNA, "20200101"))
    registry.answers(answer(ANNA, CATO, possible=(BRAM,)))
    with registry.store.read() as connection:
        stored = [str(row) for table in metadata.sorted_tables for row in connection.execute(sa.select(table))]
    assert not [row for row in stored if any(number in row for number in (ANNA, BRAM, CATO))]
