"""The stock over time as it goes out: nobody can compute a hidden number from the days, the flows and the moves."""

from datetime import date
from itertools import pairwise, product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from small_stock import LONG_AGO, Stock

from registry.errors import UsageError
from registry.stock.change import COMING, Flow, flows, follow
from registry.stock.disclosure import Limits, round_to
from registry.stock.publish_change import PublishedChange, describe_change, publish_change, read_trend

DAYS = [date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1)]
LIMITS = Limits(minimum=10, rounding=5)
OUT = "-"
CLASSES = ("eigenaar-bewoner", "corporatie", OUT)
Path = tuple[str, ...]
PATHS = list(product(CLASSES, repeat=3))


def town(counts: dict[Path, int]) -> Stock:
    """So many dwellings per path: whose each was on the three days, or that it was not there."""
    stock = Stock()
    for number, path in enumerate(path for path, count in counts.items() for _ in range(count)):
        object_id = f"o{number}"
        for place, (label, day) in enumerate(zip(path, DAYS, strict=True)):
            begin = LONG_AGO if place == 0 else day
            until = None if place == 2 else DAYS[place + 1]
            if label == OUT:
                continue
            stock.dwelling(object_id, voorkomen=place + 1, valid_from=begin, valid_until=until)
            if label == "corporatie":
                stock.owner(object_id, "P", "rechtspersoon", corporatie=True, since=begin, until=until)
            else:
                stock.owner(object_id, f"n{number}", since=begin, until=until)
                stock.resident(object_id, f"n{number}", valid_from=begin, valid_until=until)
    return stock


@st.composite
def towns(draw: st.DrawFn) -> dict[Path, int]:
    counts = st.sampled_from([0, 0, 0, 1, 2, 9, 10, 40])
    return {path: draw(counts) for path in PATHS if path != (OUT,) * 3}


class Attacker:
    """Knows every published number as it is rounded, and that what is not in a table is zero.

    It reasons over paths through the days with what happened in between, of which the release knows nothing.
    """

    def __init__(self, found: PublishedChange, step: int) -> None:
        self.cells = [
            (path, kinds) for path in PATHS for kinds in product(*(self.kinds(*pair) for pair in pairwise(path)))
        ]
        self.step, self.rows, self.lows, self.highs = step, [], [], []
        self.hidden: dict[tuple[object, ...], np.ndarray] = {}
        shown = {("stand", row["dag"], row["eigendom"]): row["aantal"] for row in found.states.to_dicts()} | {
            ("stroom", row["van"], row["eigendom"], row["stroom"]): row["aantal"] for row in found.flows.to_dicts()
        }
        shown |= {("van naar", row["van"], row["eigendom_van"], row["eigendom_naar"]): row["aantal"]
                  for row in found.moves.to_dicts()}  # fmt: skip
        for key in self.keys():
            row = np.array([float(self.holds(cell, key)) for cell in self.cells])
            if key in shown and shown[key] is None:
                self.hidden[key] = row
                continue
            number = shown.get(key, 0)
            self.rows.append(row)
            self.lows.append(max(number - step / 2, 0) if number else 0)
            self.highs.append(number + step / 2 - 1 if number else 0)

    @staticmethod
    def kinds(before: str, after: str) -> list[str]:
        if (before == OUT) == (after == OUT):
            return [""]
        return [flow.value for flow in Flow if (flow in COMING) == (before == OUT)]

    def keys(self) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = [("stand", day, label) for day in DAYS for label in CLASSES[:2]]
        for day in DAYS[:2]:
            found += [("stroom", day, label, flow.value) for label in CLASSES[:2] for flow in Flow]
            found += [("van naar", day, *pair) for pair in ((CLASSES[0], CLASSES[1]), (CLASSES[1], CLASSES[0]))]
        return found

    def holds(self, cell: tuple[Path, tuple[str, ...]], key: tuple[object, ...]) -> bool:
        (path, kinds), (what, day, *rest) = cell, key
        place = DAYS.index(day)  # type: ignore[arg-type]
        if what == "stand":
            return path[place] == rest[0]
        if what == "van naar":
            return [path[place], path[place + 1]] == rest
        return kinds[place] == rest[1] and rest[0] in (path[place], path[place + 1])

    def possible(self, key: tuple[object, ...]) -> int:
        """How many numbers a hidden count may be, in whole dwellings."""
        ends = []
        for sign in (1, -1):
            answer = milp(
                sign * self.hidden[key],
                constraints=[LinearConstraint(np.array(self.rows), self.lows, self.highs)],
                integrality=np.ones(len(self.cells)),
                bounds=Bounds(0, 1_000),
            )
            assert answer.status == 0, answer.message
            ends.append(round(sign * answer.fun))
        return ends[1] - ends[0] + 1


@settings(max_examples=10, deadline=None)
@given(towns())
def test_whoever_solves_all_tables_does_not_find_a_hidden_number(counts: dict[Path, int]) -> None:
    if not any(counts.values()):
        counts = counts | {PATHS[0]: 5}
    found = publish_change(town(counts).records(), per=["eigendom"], days=DAYS, limits=LIMITS)
    attacker = Attacker(found, LIMITS.minimum)
    assert {key: attacker.possible(key) for key in attacker.hidden if attacker.possible(key) < LIMITS.minimum} == {}


def test_large_numbers_stay_and_small_ones_go() -> None:
    own, corporatie = CLASSES[:2]
    counts = {(own, own, own): 104, (corporatie, own, own): 3, (own, OUT, OUT): 23, (corporatie,) * 3: 58}
    records = town(counts).records()
    found = publish_change(records, per=["eigendom"], days=DAYS, limits=LIMITS)
    assert found.moves.rows() == [(DAYS[0], DAYS[1], corporatie, own, None)]
    [went] = found.flows.to_dicts()
    assert went["aantal"] == round_to(23, 10) == 20
    assert all(number is None or number % 10 == 0 for number in found.states["aantal"])
    truth = follow(records, per=["eigendom"], days=DAYS)["aantal"]
    shown = found.states["aantal"]
    assert all(seen is None or abs(seen - true) <= 5 for seen, true in zip(shown, truth, strict=True))
    assert shown.null_count() < len(shown)
    assert "afgerond op 10" in describe_change(found.release.limits)


def test_what_is_shown_of_flows_is_what_happened() -> None:
    own = CLASSES[0]
    records = town({(own, own, own): 60, (own, OUT, OUT): 31, (OUT, own, own): 47}).records()
    found = publish_change(records, per=[], days=DAYS[:2], limits=LIMITS)
    exact = flows(records, first=DAYS[0], last=DAYS[1])
    assert found.flows.select("stroom").rows() == exact.rows.select("stroom").rows()
    assert found.flows["aantal"].to_list() == [round_to(count, 10) for count in exact.rows["aantal"]]
    assert found.states["aantal"].to_list() == [round_to(exact.begin, 10), round_to(exact.end, 10)]


def test_a_trend_is_exact_inside_and_protected_outside() -> None:
    records = town({("corporatie",) * 3: 3, ("eigenaar-bewoner",) * 3: 100}).records()
    inside = read_trend(records, subject="eigendom", days=DAYS, limits=None)
    assert inside.filter(eigendom="corporatie")["aantal"].to_list() == [3, 3, 3]
    outside = read_trend(records, subject="eigendom", days=DAYS, limits=LIMITS)
    assert outside.filter(eigendom="corporatie")["aantal"].to_list() == [None] * 3
    assert outside.columns == inside.columns == ["dag", "eigendom", "aantal"]
    assert publish_change(records, per=[], days=DAYS[:1], limits=LIMITS).states.rows() == [(DAYS[0], 100)]


def test_too_many_cells_are_refused() -> None:
    stock = Stock()
    for number in range(70):
        stock.dwelling(f"o{number}", oppervlakte=20 + number)
        stock.lies(f"o{number}", f"B{number}")
        stock.pand(f"p{number}")
    days = [date(2001 + year, 1, 1) for year in range(20)]
    with pytest.raises(UsageError, match="cellen"):
        publish_change(stock.records(), per=["buurt"], days=days, limits=LIMITS)


def test_the_frames_have_their_columns_without_any_flow() -> None:
    found = publish_change(Stock().records(), per=["eigendom"], days=DAYS, limits=LIMITS)
    assert isinstance(found.flows, pl.DataFrame)
    assert found.flows.columns == ["van", "tot", "eigendom", "stroom", "aantal"]
    assert found.states.is_empty()
