"""Nobody can compute a hidden count: an attacker who solves the tables of a release does not come near."""

from collections import Counter
from collections.abc import Sequence
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from registry.errors import UsageError
from registry.stock.disclosure import Limits, Release, protect, round_to

LIMITS = Limits(minimum=10, rounding=5)
SIZES = {"wijk": 2, "buurt": 4, "eigendom": 3, "bouwperiode": 3}
Dwelling = tuple[str, ...]
NAMES = tuple(SIZES)


def dwelling(buurt: int, eigendom: int, bouwperiode: int) -> Dwelling:
    return (f"wijk{buurt % 2}", f"buurt{buurt}", f"eigendom{eigendom}", f"bouwperiode{bouwperiode}")


@st.composite
def towns(draw: st.DrawFn) -> list[Dwelling]:
    """Dwellings whose cells are empty, small or large."""
    cells = product(range(SIZES["buurt"]), range(SIZES["eigendom"]), range(SIZES["bouwperiode"]))
    counts = st.sampled_from([0, 0, 1, 2, 3, 9, 10, 30, 200])
    return [dwelling(*cell) for cell in cells for _ in range(draw(counts))]


def table(town: Sequence[Dwelling], *per: str) -> tuple[tuple[str, ...], pl.DataFrame]:
    frame = pl.DataFrame(town, schema=dict.fromkeys(NAMES, pl.String()), orient="row")
    rows = frame.group_by(per).len("aantal") if per else pl.DataFrame({"aantal": [frame.height]})
    return per, rows


class Attacker:
    """Knows the classes, every published count exactly, and that dwellings are whole and not negative.

    It reasons over the finest cells of the town, which the release itself never looks at.
    """

    def __init__(self, release: Release) -> None:
        self.cells = [dict(zip(NAMES, dwelling(*cell), strict=True)) for cell in product(*(
            range(SIZES[name]) for name in NAMES[1:]))]  # fmt: skip
        known = [key for key in release.counts if key not in release.hidden]
        self.known = np.array([self.row(key) for key in known]).reshape(-1, len(self.cells))
        self.values = np.array([release.counts[key] for key in known], dtype=float)

    def row(self, key: frozenset[tuple[str, str]]) -> list[float]:
        """Which cells a count adds up."""
        return [float(all(cell[name] == label for name, label in key)) for cell in self.cells]

    def also(self, published: dict[frozenset[tuple[str, str]], int]) -> None:
        """Zeros are published by absence."""
        rows = [self.row(key) for key in published]
        self.known = np.vstack([self.known, *rows]) if rows else self.known
        self.values = np.append(self.values, list(published.values()))

    def range(self, key: frozenset[tuple[str, str]]) -> tuple[float, float]:
        """The least and the most that a hidden count can be, in whole dwellings."""
        goal = np.array(self.row(key))
        constraint = LinearConstraint(self.known, self.values, self.values)
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * goal,
                constraints=[constraint] if len(self.values) else [],
                integrality=np.ones(len(goal)),
                bounds=Bounds(0, 10_000),
            )
            assert found.status == 0, found.message
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


def zeros(
    release: Release, tables: Sequence[tuple[tuple[str, ...], pl.DataFrame]]
) -> dict[frozenset[tuple[str, str]], int]:
    """Combinations of classes in the tables that do not occur, and are not hidden."""
    found = {}
    for per, rows in tables:
        for labels in product(*(rows[name].unique().to_list() for name in per)):
            key = frozenset(zip(per, labels, strict=True))
            if key not in release.counts:
                found[key] = 0
    return found


RELEASES = [
    [()],
    [("eigendom",)],
    [("buurt", "eigendom")],
    [("buurt", "eigendom"), ("buurt", "bouwperiode")],
    [("buurt", "eigendom"), ("eigendom", "bouwperiode")],
    [("wijk", "buurt"), ("wijk", "eigendom"), ("buurt", "eigendom")],
    [("buurt", "eigendom", "bouwperiode"), ("wijk", "buurt")],
]


@pytest.mark.parametrize("release", RELEASES, ids=lambda tables: "+".join("x".join(per) for per in tables))
@settings(max_examples=5)
@given(town=towns())
def test_no_hidden_count_can_be_narrowed_down(town: list[Dwelling], release: list[tuple[str, ...]]) -> None:
    tables = [table(town, *per) for per in release]
    protected = protect(tables, limits=LIMITS)
    assert {key for key, count in protected.counts.items() if 0 < count < 10} <= protected.hidden
    attacker = Attacker(protected)
    attacker.also(zeros(protected, tables))
    small = [key for key in protected.hidden if protected.counts[key] < LIMITS.minimum]
    for key in sorted(small, key=lambda one: (protected.counts[one], sorted(one)))[:4]:
        low, high = attacker.range(key)
        assert low <= protected.counts[key] <= high
        assert high - low >= LIMITS.minimum, (sorted(key), low, high)


def test_the_attack_succeeds_where_only_small_counts_are_hidden() -> None:
    """The attacker is a real one: it finds the count that simple hiding leaves open."""
    town = [dwelling(0, 0, 0)] * 4 + [dwelling(0, 1, 0)] * 30 + [dwelling(1, 0, 0)] * 40 + [dwelling(1, 1, 0)] * 50
    tables = [table(town, "buurt", "eigendom")]
    whole = protect(tables, limits=LIMITS)
    naive = Release(LIMITS, whole.counts, whole.equations, frozenset(k for k, n in whole.counts.items() if n < 10))
    secret = frozenset({("buurt", "buurt0"), ("eigendom", "eigendom0")})
    attacker = Attacker(naive)
    attacker.also(zeros(naive, tables))
    assert attacker.range(secret) == (4, 4)
    better = Attacker(whole)
    better.also(zeros(whole, tables))
    low, high = better.range(secret)
    assert high - low >= 10


def test_a_count_whose_own_sums_are_all_hidden_is_protected_by_sums_further_away() -> None:
    """Found by the attack: hidden sums that hang on one shown total still give a count away."""
    cells = {(1, 1, 2): 1, (1, 2, 2): 9, (2, 2, 2): 1, (3, 0, 2): 9, (3, 1, 2): 1}
    town = [dwelling(*cell) for cell, count in cells.items() for _ in range(count)]
    tables = [table(town, "buurt", "eigendom", "bouwperiode"), table(town, "wijk", "buurt")]
    protected = protect(tables, limits=LIMITS)
    attacker = Attacker(protected)
    attacker.also(zeros(protected, tables))
    low, high = attacker.range(frozenset({("buurt", "buurt1"), ("eigendom", "eigendom1")}))
    assert high - low >= 10


def test_two_tables_together_tell_no_more_than_each_alone() -> None:
    """Hidden in one table, a total of the other table would give it away."""
    town = [dwelling(0, 0, 0)] * 3 + [dwelling(0, 1, 1)] * 60 + [dwelling(1, 1, 1)] * 60 + [dwelling(1, 0, 2)] * 60
    tables = [table(town, "buurt", "eigendom"), table(town, "buurt")]
    protected = protect(tables, limits=LIMITS)
    secret = frozenset({("buurt", "buurt0"), ("eigendom", "eigendom0")})
    attacker = Attacker(protected)
    attacker.also(zeros(protected, tables))
    low, high = attacker.range(secret)
    assert high - low >= 10
    assert protected.shown(secret) is None


def test_counts_are_rounded_and_absent_ones_are_zero() -> None:
    town = [dwelling(0, 0, 0)] * 12 + [dwelling(1, 1, 0)] * 33
    protected = protect([table(town, "buurt", "eigendom")], limits=LIMITS)
    per, rows = table(town, "buurt", "eigendom")
    assert sorted(protected.apply(rows, per)["aantal"].to_list()) == [10, 35]
    assert protected.hidden == frozenset()
    assert protected.shown(frozenset({("buurt", "buurt0"), ("eigendom", "eigendom1")})) == 0
    assert protected.shown(frozenset()) == 45
    assert [round_to(number, 5) for number in (0, 2, 3, 7, 8, 12, 13)] == [0, 0, 5, 5, 10, 10, 15]
    assert round_to(7, 1) == 7


def test_an_area_with_few_dwellings_shows_nothing_not_even_a_zero() -> None:
    town = [dwelling(0, 0, 0)] * 6 + [dwelling(1, 0, 0)] * 50 + [dwelling(1, 1, 0)] * 40 + [dwelling(2, 1, 0)] * 80
    protected = protect([table(town, "buurt", "eigendom")], limits=LIMITS, whole_areas=["buurt"])
    for eigendom in ("eigendom0", "eigendom1"):
        assert protected.shown(frozenset({("buurt", "buurt0"), ("eigendom", eigendom)})) is None
    assert protected.shown(frozenset({("buurt", "buurt0")})) is None
    loose = protect([table(town, "buurt", "eigendom")], limits=LIMITS)
    assert loose.shown(frozenset({("buurt", "buurt0"), ("eigendom", "eigendom1")})) == 0


def test_tables_in_a_circle_are_refused() -> None:
    town = [dwelling(0, 0, 0)] * 50
    circle = [("buurt", "eigendom"), ("eigendom", "bouwperiode"), ("bouwperiode", "buurt")]
    with pytest.raises(UsageError, match="kring"):
        protect([table(town, *per) for per in circle], limits=LIMITS)


@given(town=towns(), minimum=st.sampled_from([1, 3, 10, 25]))
@settings(max_examples=15)
def test_nothing_is_hidden_without_need(town: list[Dwelling], minimum: int) -> None:
    protected = protect([table(town, "buurt", "eigendom")], limits=Limits(minimum=minimum))
    small = any(0 < count < minimum for count in protected.counts.values())
    assert bool(protected.hidden) == small


def test_the_same_tables_always_hide_the_same() -> None:
    town = [dwelling(*cell) for cell in product(range(4), range(3), range(3)) for _ in range(sum(cell) * 3)]
    tables = [table(town, "buurt", "eigendom"), table(town, "buurt", "bouwperiode")]
    backwards = [(per, rows.reverse()) for per, rows in reversed(tables)]
    hidden = protect(tables, limits=LIMITS).hidden
    assert hidden == protect(backwards, limits=LIMITS).hidden
    assert Counter(len(key) for key in hidden)[2] > 0


def test_one_fact_under_two_names_is_hidden_under_both() -> None:
    """Not occupied in one table is no residents in the other."""
    occupied = pl.DataFrame({"buurt": ["A", "A", "B", "B"], "bewoond": ["bewoond", "niet bewoond"] * 2,
                             "aantal": [40, 12, 50, 60]})  # fmt: skip
    residents = pl.DataFrame({"buurt": ["A"] * 3 + ["B"] * 3, "bewoners": ["0", "1", "2"] * 2,
                              "aantal": [12, 37, 3, 60, 25, 25]})  # fmt: skip
    release = protect([(("buurt", "bewoond"), occupied), (("buurt", "bewoners"), residents)], limits=LIMITS)
    zero = frozenset({("buurt", "A"), ("bewoners", "0")})
    empty = frozenset({("buurt", "A"), ("bewoond", "niet bewoond")})
    assert frozenset({("buurt", "A"), ("bewoners", "2")}) in release.hidden
    assert zero in release.hidden
    assert empty in release.hidden
