"""Residents on a day and through time, against a plain count day by day."""

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_frames import PEILDATUM, frames, home, inspection, object_id, stay, stays

from rules.adresverschil import ADRESVERSCHIL
from rules.derivations.bewoning import count_bewoners, minimum_over_time, residents_on
from rules.engine import evaluate
from rules.facts import BEWONING
from rules.overbewoning import OVERBEWONING
from rules.parameters import load_law

START = date(2024, 1, 1)
LAW = load_law()
days = st.integers(0, 12).map(lambda n: START + timedelta(days=n)) | st.none()
rows_of_bewoning = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from("abcd"), days, days, st.sampled_from(["zeker", "zeker", "mogelijk"])),
    max_size=14,
)


def to_frame(rows: list[tuple[int, str, date | None, date | None, str]]) -> pl.DataFrame:
    """The rows as stays; a period that would be empty or upside down is left out."""
    kept = [row for row in rows if row[2] is None or row[3] is None or row[2] < row[3]]
    return pl.DataFrame([stay(n, who, van, tot, zekerheid=z) for n, who, van, tot, z in kept], schema=BEWONING)


def on_day(bewoning: pl.DataFrame, day: date) -> dict[str, tuple[int, int, int]]:
    """Minimum, maximum and contradictions per object: people with certain stays in one object only are certain."""
    places: dict[str, dict[str, bool]] = {}
    for row in bewoning.iter_rows(named=True):
        begun = row["valid_from"] is None or row["valid_from"] <= day
        if begun and (row["valid_until"] is None or row["valid_until"] > day):
            here = places.setdefault(row["persoon"], {})
            here[row["adresseerbaar_object_id"]] = here.get(row["adresseerbaar_object_id"], False) or (
                row["zekerheid"] == "zeker"
            )
    found: dict[str, list[int]] = {}
    for here in places.values():
        contradiction = sum(here.values()) > 1
        for place, certain in here.items():
            counts = found.setdefault(place, [0, 0, 0])
            counts[0] += certain and not contradiction
            counts[1] += 1
            counts[2] += certain and contradiction
    return {place: (least, most, double) for place, (least, most, double) in found.items()}


@given(rows_of_bewoning, st.integers(-1, 13))
@settings(max_examples=60, deadline=None)
def test_count_on_a_day_equals_counting_people(rows: list[Any], offset: int) -> None:
    bewoning, day = to_frame(rows), START + timedelta(days=offset)
    counted = {
        row["adresseerbaar_object_id"]: (row["bewoners_min"], row["bewoners_max"], row["bewoners_tegenstrijdig"])
        for row in count_bewoners(residents_on(bewoning, day)).iter_rows(named=True)
    }
    assert counted == on_day(bewoning, day)


@given(rows_of_bewoning)
@settings(max_examples=60, deadline=None)
def test_minimum_through_time_equals_the_count_on_each_day(rows: list[Any]) -> None:
    bewoning = to_frame(rows)
    objects = pl.Series([object_id(n) for n in (1, 2, 3)])
    segments = minimum_over_time(bewoning, objects)
    for offset in range(-1, 14):
        day = START + timedelta(days=offset)
        expected = on_day(bewoning, day)
        here = segments.filter(
            pl.col("van").is_null() | (pl.col("van") <= day), pl.col("tot").is_null() | (pl.col("tot") > day)
        )
        found = dict(here.select("adresseerbaar_object_id", "bewoners_min").iter_rows())
        assert found == {place: expected.get(place, (0, 0, 0))[0] for place in objects}


def periods(bewoning: list[dict[str, Any]], count: int = 48) -> tuple[str, date | None, date | None]:
    row = evaluate(OVERBEWONING, frames([home(1, count), home(2, 500)], bewoning), LAW).row(0, named=True)
    return row["uitkomst"], row["periode_van"], row["periode_tot"]


def test_period_is_the_stretch_around_the_peildatum() -> None:
    extra = [stay(1, "x", date(2021, 1, 1), date(2022, 1, 1)), stay(1, "y", date(2023, 1, 1), date(2024, 6, 1))]
    assert periods([*stays(1, 4), *extra]) == ("signaal", date(2023, 1, 1), date(2024, 6, 1))


def test_period_goes_on_when_one_takes_the_place_of_another_on_the_same_day() -> None:
    extra = [stay(1, "x", date(2021, 1, 1), date(2024, 2, 1)), stay(1, "y", date(2024, 2, 1))]
    assert periods([*stays(1, 4), *extra]) == ("signaal", date(2021, 1, 1), None)


def test_period_without_a_known_beginning_is_open() -> None:
    assert periods([stay(1, f"p{n}", None) for n in range(5)]) == ("signaal", None, None)


def test_time_that_a_resident_was_also_elsewhere_is_no_part_of_the_period() -> None:
    elsewhere = stay(2, "1-0", date(2021, 1, 1), date(2022, 1, 1))
    assert periods([*stays(1, 5), elsewhere]) == ("signaal", date(2022, 1, 1), None)


def test_registered_on_the_day_of_the_count_sees_the_same_person_elsewhere() -> None:
    visited = frames(
        [home(1), home(2)],
        [stay(1, "a"), stay(1, "b"), stay(2, "b")],
        [inspection(1, date(2024, 4, 1), 1)],
        peildatum=PEILDATUM,
    )
    row = evaluate(ADRESVERSCHIL, visited, LAW).row(0, named=True)
    assert (row["uitkomst"], row["personen_min"], row["personen_max"]) == ("geen_signaal", 1, 2)
