"""Bewoning: a readable table of scenarios per rule, and every rule at once against a slow oracle."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from occupancy_oracle import Person, Row, moment
from occupancy_scenarios import SCENARIOS, Scenario

from importers.records import PERSOONSLIJSTEN, VERBLIJVEN
from registry.intake.occupancy import BEWONING, count_bewoners, derive_bewoning

PERSON_FIELDS: Row = dict.fromkeys(PERSOONSLIJSTEN.schema)
STAY_FIELDS: Row = dict.fromkeys(VERBLIJVEN.schema) | {"gemeente_van_inschrijving": "0606", "functie_adres": "W"}


def frames(people: Sequence[tuple[Row, Sequence[Row]]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    persons = [PERSON_FIELDS | dict(person) for person, _ in people]
    stays = [STAY_FIELDS | dict(stay) for _, stays in people for stay in stays]
    return pl.DataFrame(persons, schema=PERSOONSLIJSTEN.schema), pl.DataFrame(stays, schema=VERBLIJVEN.schema)


def derive(people: Sequence[tuple[Row, Sequence[Row]]]) -> pl.DataFrame:
    return derive_bewoning(*frames(people))


def holding(bewoning: pl.DataFrame, day: date) -> pl.DataFrame:
    return bewoning.filter(
        (pl.col("valid_from").is_null() | (pl.col("valid_from") <= day))
        & (pl.col("valid_until").is_null() | (pl.col("valid_until") > day))
    )


@pytest.fixture(scope="module")
def derived() -> Mapping[str, pl.DataFrame]:
    """All scenarios as one delivery, so that neighbours in the frame may not leak into each other."""
    bewoning = derive([scenario.person() for scenario in SCENARIOS])
    return {scenario.title: bewoning.filter(pl.col("persoonslijst") == scenario.title) for scenario in SCENARIOS}


def test_scenarios_cover_every_rule() -> None:
    rules = {scenario.title.split()[0] for scenario in SCENARIOS}
    assert rules >= {f"R{number}" for number in range(1, 13)}
    assert len(SCENARIOS) >= 60
    assert len({scenario.title for scenario in SCENARIOS}) == len(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_scenario(scenario: Scenario, derived: Mapping[str, pl.DataFrame]) -> None:
    for day, expected in scenario.expected.items():
        rows = holding(derived[scenario.title], day).iter_rows(named=True)
        found = {(row["adresseerbaar_object_id"], row["zekerheid"], row["in_onderzoek"]) for row in rows}
        assert found == expected, day


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_oracle_agrees_with_the_scenario_table(scenario: Scenario) -> None:
    person, stays = scenario.person()
    oracle = Person(PERSON_FIELDS | dict(person), [STAY_FIELDS | dict(stay) for stay in stays])
    for day, expected in scenario.expected.items():
        assert {(place, *answer) for place, answer in oracle.whereabouts(day).items()} == expected, day


# Everything happens in 2010 to 2012, so that dates collide often; every bound lies on a known date, at the begin or
# end of a month, or a day after one of these.
FULL = st.dates(date(2010, 1, 1), date(2012, 12, 31)).map(lambda day: f"{day:%Y%m%d}")
NEAR = st.sampled_from(["20110630", "20110701", "20110702", "20101231", "20110101"])
PARTIAL = st.sampled_from(["00000000", "20100000", "20110000", "20120000", "20110700", "20110600", "20110100", None])
DATES = st.one_of(FULL, NEAR, PARTIAL)
GRID = [
    date(year, month, 1) + timedelta(days=step)
    for year in range(2010, 2014)
    for month in range(1, 13)
    for step in (-1, 0, 1)
] + [date(1950, 1, 1), date(2100, 1, 1)]
PLACES = [f"{number:016d}" for number in (1, 2)]


KINDS = ["plain"] * 6 + ["event"] * 3 + ["briefadres", "abroad", "no id", "zero", "rni"]
CODES = ["089999", "589999", "089999", "081180", "081030", "581000", "080000", "081120"]
OF_KIND: Mapping[str, Row] = {
    "no id": {"adresseerbaar_object_id": None},
    "zero": {"adresseerbaar_object_id": "0" * 16},
    "briefadres": {"functie_adres": "B"},
    "rni": {"gemeente_van_inschrijving": "1999"},
}


@st.composite
def a_stay(draw: st.DrawFn, start: str | None, before: str | None) -> Row:
    kind = draw(st.sampled_from(KINDS))
    row = dict(STAY_FIELDS) | {"datum_aanvang_adreshouding": start}
    row |= {"adresseerbaar_object_id": draw(st.sampled_from(PLACES))} | dict(OF_KIND.get(kind, {}))
    if kind == "event":
        row |= {"aangifte_adreshouding": draw(st.sampled_from(["T", "W"])), "ingangsdatum_geldigheid": draw(DATES)}
        row["datum_aanvang_adreshouding"] = draw(st.sampled_from([start, before]))
    elif kind == "abroad":
        row |= {"datum_aanvang_adreshouding": None, "adresseerbaar_object_id": None}
        row["datum_aanvang_buitenland"] = draw(st.one_of(FULL, st.just("20110000")))
    if draw(st.integers(0, 3)) == 0:
        row |= {"onderzoek_aanduiding": draw(st.sampled_from(CODES)), "onderzoek_van": draw(DATES)}
        row["onderzoek_tot"] = draw(st.one_of(st.none(), DATES))
    if draw(st.integers(0, 9)) == 0:
        row["indicatie_onjuist"] = "O"
    return row


@st.composite
def stays(draw: st.DrawFn, persoonslijst: str) -> list[Row]:
    starts = draw(st.lists(DATES, min_size=1, max_size=5))
    if draw(st.booleans()):
        starts.sort(key=lambda text: moment(text).latest)
    rows: list[Row] = []
    for i, start in enumerate(starts):
        before = rows[-1]["datum_aanvang_adreshouding"] if rows else start
        own = {"persoonslijst": persoonslijst, "volgnummer": len(starts) - 1 - i}
        rows.append(draw(a_stay(start, before)) | own)
    return rows


@st.composite
def people(draw: st.DrawFn) -> list[tuple[Row, list[Row]]]:
    found = []
    for number in range(draw(st.integers(1, 6))):
        persoonslijst = f"p{number}"
        person = {"persoonslijst": persoonslijst, "datum_opschorting": None, "reden_opschorting": None}
        if draw(st.integers(0, 3)) == 0:
            person |= {"reden_opschorting": draw(st.sampled_from(["O", "E", "M", "R", ".", "F", "W", None]))}
            person |= {"datum_opschorting": draw(DATES)}
        found.append((person, draw(stays(persoonslijst))))
    return found


def days_that_matter(rows: Sequence[Row]) -> list[date]:
    texts = {value for row in rows for key, value in row.items() if key.startswith(("datum", "onderzoek_", "ingang"))}
    known = [moment(text).earliest for text in texts if text and text.isdigit() and len(text) == 8]
    near = {day + timedelta(days=step) for day in known if day.year > 1 for step in (-1, 0, 1, 2)}
    return sorted(near.union(GRID))


@settings(max_examples=40, deadline=None)
@given(people())
def test_same_answer_as_the_oracle_on_every_day(delivery: list[tuple[Row, list[Row]]]) -> None:
    bewoning = derive(delivery)
    for person, rows in delivery:
        mine = bewoning.filter(pl.col("persoonslijst") == person["persoonslijst"]).rows(named=True)
        oracle = Person(person, rows)
        for day in days_that_matter([person, *rows]):
            found = {
                row["adresseerbaar_object_id"]: (row["zekerheid"], row["in_onderzoek"])
                for row in mine
                if (row["valid_from"] or date.min) <= day < (row["valid_until"] or date.max)
            }
            assert found == oracle.whereabouts(day), day


@settings(max_examples=20, deadline=None)
@given(people(), st.randoms(use_true_random=False))
def test_periods_are_proper_whatever_the_order_of_the_rows(
    delivery: list[tuple[Row, list[Row]]], random: "st.random.Random"
) -> None:
    bewoning = derive(delivery)
    assert bewoning.schema == BEWONING
    persons, verblijven = frames(delivery)
    order = random.sample(range(verblijven.height), verblijven.height)
    assert derive_bewoning(persons.reverse(), verblijven[order]).equals(bewoning)
    rows = bewoning.rows(named=True)
    assert all((row["valid_from"] or date.min) < (row["valid_until"] or date.max) for row in rows)
    for left, right in pairwise(rows):
        if all(left[key] == right[key] for key in ("persoonslijst", "adresseerbaar_object_id")):
            assert left["valid_until"] is not None
            assert right["valid_from"] is not None
            assert left["valid_until"] <= right["valid_from"]
            touching = left["valid_until"] == right["valid_from"]
            assert not (touching and all(left[key] == right[key] for key in ("zekerheid", "in_onderzoek")))


@settings(max_examples=20, deadline=None)
@given(people(), st.dates(date(2009, 12, 1), date(2013, 2, 1)))
def test_counts_agree_with_the_periods_and_nobody_is_certain_in_two_places(
    delivery: list[tuple[Row, list[Row]]], op: date
) -> None:
    persons, verblijven = frames(delivery)
    bewoning = derive_bewoning(persons, verblijven)
    there = holding(bewoning, op)
    assert derive_bewoning(persons, verblijven, op=op).equals(there)
    certain = there.filter(pl.col("zekerheid") == "zeker")
    assert certain["persoonslijst"].is_unique().all()
    counts = count_bewoners(bewoning, op)
    assert counts.columns == ["adresseerbaar_object_id", "minimum", "maximum"]
    assert (counts["minimum"] <= counts["maximum"]).all()
    assert counts["minimum"].sum() == certain.height
    assert counts["maximum"].sum() == there.height
    assert (counts["maximum"] > 0).all()


def test_counts_of_an_object() -> None:
    people = [
        ({"persoonslijst": name}, [{"persoonslijst": name, "volgnummer": 0, "adresseerbaar_object_id": "X", **stay}])
        for name, stay in {
            "a": {"datum_aanvang_adreshouding": "20100101"},
            "b": {"datum_aanvang_adreshouding": "20100000"},
            "c": {"datum_aanvang_adreshouding": "20110101"},
        }.items()
    ]
    bewoning = derive(people)
    assert count_bewoners(bewoning, date(2009, 12, 31)).is_empty()
    assert count_bewoners(bewoning, date(2010, 12, 31)).rows() == [("X", 1, 2)]
    assert count_bewoners(bewoning, date(2011, 1, 1)).rows() == [("X", 3, 3)]


def test_nobody_gives_an_empty_frame_of_the_same_shape() -> None:
    bewoning = derive_bewoning(PERSOONSLIJSTEN.empty(), VERBLIJVEN.empty())
    assert bewoning.is_empty()
    assert bewoning.schema == BEWONING
    assert count_bewoners(bewoning, date(2020, 1, 1)).is_empty()


def test_verblijf_without_persoonslijst_is_not_suspended() -> None:
    _, stays = frames([({}, [{"persoonslijst": "a", "volgnummer": 0, "adresseerbaar_object_id": "X"}])])
    stays = stays.with_columns(datum_aanvang_adreshouding=pl.lit("20100101"))
    assert derive_bewoning(PERSOONSLIJSTEN.empty(), stays).rows() == [
        ("a", "X", date(2010, 1, 1), None, "zeker", False, 0)
    ]


def test_merged_period_names_the_most_recent_verblijf() -> None:
    rows = [
        {"volgnummer": 2, "adresseerbaar_object_id": "X", "datum_aanvang_adreshouding": "20100101"},
        {"volgnummer": 1, "adresseerbaar_object_id": "X", "datum_aanvang_adreshouding": "20110101"},
        {"volgnummer": 0, "adresseerbaar_object_id": "Y", "datum_aanvang_adreshouding": "20120101"},
    ]
    bewoning = derive([({"persoonslijst": "a"}, [row | {"persoonslijst": "a"} for row in rows])])
    assert bewoning.rows() == [
        ("a", "X", date(2010, 1, 1), date(2012, 1, 1), "zeker", False, 1),
        ("a", "Y", date(2012, 1, 1), None, "zeker", False, 0),
    ]


def test_overlapping_periods_name_the_verblijf_that_decides(derived: Mapping[str, pl.DataFrame]) -> None:
    bewoning = derived["R12 a certain day within the uncertain days of a later stay"]
    at_x = bewoning.filter(pl.col("adresseerbaar_object_id") == "X")
    assert at_x.select("valid_from", "zekerheid", "volgnummer").rows() == [
        (date(2010, 6, 1), "mogelijk", 0),
        (date(2010, 6, 10), "zeker", 2),
        (date(2010, 6, 11), "mogelijk", 0),
        (date(2010, 7, 1), "zeker", 0),
    ]
