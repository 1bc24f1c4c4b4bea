"""The shortest round: held against a plain exact search on small sets."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.worklists.route import Point, distance, find_route, follow

START = (87_000.0, 436_000.0)
POINTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda at: (START[0] + 5 * at[0], START[1] + 5 * at[1])),
    max_size=7,
)


def shortest(start: Point, points: list[Point], *, returns: bool) -> float:
    """The length of the best round, by the table of Held and Karp: every set of visited points, every last one."""
    if not points:
        return 0.0
    best = {(1 << last, last): distance(start, point) for last, point in enumerate(points)}
    for visited in range(1, 1 << len(points)):
        for last in range(len(points)):
            if (here := best.get((visited, last))) is None:
                continue
            for following in range(len(points)):
                if visited >> following & 1:
                    continue
                key = (visited | 1 << following, following)
                best[key] = min(best.get(key, float("inf")), here + distance(points[last], points[following]))
    whole = (1 << len(points)) - 1
    return min(best[whole, last] + (distance(points[last], start) if returns else 0.0) for last in range(len(points)))


@settings(max_examples=40)
@given(POINTS, st.booleans())
def test_no_round_is_shorter(points: list[Point], returns: bool) -> None:
    route = find_route(START, points, returns=returns)
    assert sorted(route.order) == list(range(len(points)))
    assert route.proven
    assert route.distance == pytest.approx(shortest(START, points, returns=returns), abs=0.5)


@given(POINTS, st.booleans())
@settings(max_examples=20)
def test_legs_are_those_of_the_order(points: list[Point], returns: bool) -> None:
    route = find_route(START, points, returns=returns)
    assert route.legs == follow(START, points, route.order, returns=returns).legs
    assert len(route.legs) == (len(points) + returns if points else 0)


def test_doors_of_one_building_follow_each_other() -> None:
    tower = (87_100.0, 436_300.0)
    points = [tower, (87_900.0, 436_050.0), tower, (86_500.0, 435_000.0), tower]
    order = find_route(START, points).order
    places = sorted(order.index(position) for position in (0, 2, 4))
    assert places == list(range(places[0], places[0] + 3))
    assert [position for position in order if position in (0, 2, 4)] == [0, 2, 4]


def test_twenty_addresses_are_proven_and_the_same_each_time() -> None:
    dice = random.Random(3)  # noqa: S311 (points on a map)
    points = [(87_000 + dice.uniform(0, 3000), 436_000 + dice.uniform(0, 3000)) for _ in range(20)]
    first, second = find_route(START, points), find_route(START, points)
    assert first.proven
    assert first.order == second.order
    nearest = sorted(range(20), key=lambda number: distance(START, points[number]))
    assert first.distance < follow(START, points, nearest, returns=True).distance


@pytest.mark.parametrize("returns", [True, False])
def test_straight_streets_with_many_equal_rounds_are_proven_too(returns: bool) -> None:
    points = [(87_000.0 + 40 * place, 436_000.0 + 60 * street) for street in range(4) for place in range(5)]
    assert find_route(START, points, returns=returns).proven


def test_a_way_that_does_not_return_is_no_longer_than_one_that_does() -> None:
    points = [(87_500.0, 436_000.0), (88_000.0, 436_000.0), (88_500.0, 436_100.0)]
    assert find_route(START, points, returns=False).order == (0, 1, 2)
    assert find_route(START, points, returns=False).distance < find_route(START, points).distance
