"""The periods of rights against histories of which the truth is known."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from registry.store.queries.eigendom_periods import date_rights

FIRST = date(2015, 1, 1)
OBJECT = "kadastraal_object"
LISTS = {
    OBJECT: pl.String(), "leverdatum": pl.Date(), "tenaamstellingen": pl.List(pl.String()), "lapsed": pl.Boolean(),
}  # fmt: skip
RIGHTS = {name: pl.String() for name in ("tenaamstelling", OBJECT, "aard_recht", "aanvang", "einde")}


def day(offset: int) -> date:
    return FIRST + timedelta(days=offset)


def dated(rights: list[dict[str, Any]], lists: list[tuple[date, list[str]]], *, lapsed: bool = False) -> dict[str, Any]:
    """The periods by tenaamstelling."""
    rows = [{OBJECT: "o", "aard_recht": "eigenaar", "einde": None} | right for right in rights]
    delivered = [(("o"), on, keys, lapsed and place == len(lists) - 1) for place, (on, keys) in enumerate(lists)]
    frame = date_rights(pl.DataFrame(rows, schema=RIGHTS), pl.DataFrame(delivered, schema=LISTS, orient="row"))
    return {row["tenaamstelling"]: row for row in frame.iter_rows(named=True)}


# Each half of an object goes from owner to owner on days of its own; the Kadaster lists who holds them on some days.
days = st.lists(st.integers(0, 3000), min_size=1, max_size=5, unique=True).map(sorted)


@given(
    halves=st.tuples(days, days),
    deliveries=st.lists(st.integers(0, 3200), min_size=1, max_size=5, unique=True).map(sorted),
    precision=st.sampled_from([10, 7, 4, 0]),
)
def test_the_truth_lies_within_the_periods(
    halves: tuple[list[int], list[int]], deliveries: list[int], precision: int
) -> None:
    truth: dict[str, tuple[int, int | None]] = {}
    for half, sales in enumerate(halves):
        for turn, (begin, end) in enumerate(pairwise([*sales, None])):
            truth[f"{half}/{turn}"] = (begin, end)  # type: ignore[assignment]
    lists = [
        (day(on), sorted(key for key, (begin, end) in truth.items() if begin <= on and (end is None or end > on)))
        for on in deliveries
    ]
    seen = {key for _, keys in lists for key in keys}
    known = [{"tenaamstelling": key, "aanvang": str(day(truth[key][0]))[:precision] or None} for key in sorted(seen)]
    for key, row in dated(known, lists).items():
        begin, end = truth[key]
        assert row["valid_from_eerste"] is None or row["valid_from_eerste"] <= day(begin)
        assert row["valid_from_laatste"] >= day(begin)
        if key in lists[-1][1]:
            assert (row["valid_until_eerste"], row["valid_until_laatste"]) == (None, None)
        else:
            assert end is not None
            assert row["valid_until_eerste"] <= day(end) <= row["valid_until_laatste"]


def test_who_is_listed_for_some_days_after_he_sold_sold_when_the_next_began() -> None:
    rights = [
        {"tenaamstelling": "a", "aanvang": "2010-01-01"}, {"tenaamstelling": "b", "aanvang": "2020-03-01"},
    ]  # fmt: skip
    found = dated(rights, [(date(2020, 3, 10), ["a"]), (date(2020, 4, 10), ["b"])])
    assert (found["a"]["valid_until_eerste"], found["a"]["valid_until_laatste"]) == (date(2020, 3, 1),) * 2


def test_the_end_that_a_list_names_goes_before_what_follows_from_lists() -> None:
    rights = [{"tenaamstelling": "a", "aanvang": "2010", "einde": "2019-05"}]
    found = dated(rights, [(date(2018, 1, 1), ["a"]), (date(2021, 1, 1), [])])["a"]
    assert (found["valid_until_eerste"], found["valid_until_laatste"]) == (date(2019, 5, 1), date(2019, 5, 31))


def test_of_an_object_that_lapsed_nobody_is_owner_any_more() -> None:
    rights = [{"tenaamstelling": "a", "aanvang": "2010-01-01"}]
    found = dated(rights, [(date(2021, 1, 1), [])], lapsed=True)["a"]
    assert (found["valid_until_eerste"], found["valid_until_laatste"]) == (date(2010, 1, 1), date(2021, 1, 1))


def test_a_right_of_which_no_list_came_has_no_end() -> None:
    found = dated([{"tenaamstelling": "a", "aanvang": "2010-01-01"}], [])["a"]
    assert (found["valid_until_eerste"], found["valid_until_laatste"]) == (None, None)
