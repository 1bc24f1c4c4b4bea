"""The round of a list against the best there is, and against what people do without a solver.

Sets of 8 and 11 addresses drawn within three kilometres, each with its best round by the exact table of Held and Karp;
``ratio_to_best`` is our distance over that. Beside it, in the same run, the nearest address each time, and the order
that a comparable system gives (by distance from the centre, for people to drag). Lists of 20, the longest that a
planner can ask, have no table; there the solver itself proves its round.
"""

import random
import statistics
import time
from collections.abc import Callable

from registry.worklists.route import Point, distance, find_route, follow

_START: Point = (87_500.0, 436_500.0)
_SETS = {8: 40, 11: 15, 20: 15}
_MOST_EXACT = 11


def _towns(size: int) -> list[list[Point]]:
    dice = random.Random(size)  # noqa: S311 (points on a map)
    return [
        [(86_000 + dice.uniform(0, 3000), 435_000 + dice.uniform(0, 3000)) for _ in range(size)]
        for _ in range(_SETS[size])
    ]


def _best(points: list[Point]) -> float:
    """The length of the best round, by the table of Held and Karp."""
    count = len(points)
    between = [[distance(one, other) for other in points] for one in points]
    table = {(1 << last, last): distance(_START, points[last]) for last in range(count)}
    for visited in range(1, 1 << count):
        for last in range(count):
            here = table.get((visited, last))
            if here is None:
                continue
            for following in range(count):
                if not visited >> following & 1:
                    key = (visited | 1 << following, following)
                    length = here + between[last][following]
                    if length < table.get(key, float("inf")):
                        table[key] = length
    whole = (1 << count) - 1
    return min(table[whole, last] + distance(points[last], _START) for last in range(count))


def _nearest(points: list[Point]) -> float:
    left, here, order = set(range(len(points))), _START, []
    while left:
        number = min(left, key=lambda one: distance(here, points[one]))
        left.remove(number)
        order.append(number)
        here = points[number]
    return follow(_START, points, order, returns=True).distance


def _from_centre(points: list[Point]) -> float:
    order = sorted(range(len(points)), key=lambda one: distance(_START, points[one]))
    return follow(_START, points, order, returns=True).distance


def _timed(search: Callable[[list[Point]], float], towns: list[list[Point]]) -> tuple[list[float], float]:
    start = time.process_time()
    return [search(points) for points in towns], (time.process_time() - start) / len(towns)


def run() -> dict[str, float]:
    """Ratios of distances and processor seconds per list, by number of addresses."""
    figures: dict[str, float] = {}
    for size in _SETS:
        towns = _towns(size)
        ours, seconds = _timed(lambda points: find_route(_START, points).distance, towns)
        figures[f"seconds_per_list_of_{size}"] = seconds
        figures[f"proven_of_{size}"] = sum(find_route(_START, points).proven for points in towns) / len(towns)
        if size <= _MOST_EXACT:
            best = [_best(points) for points in towns]
            ratios = [one / other for one, other in zip(ours, best, strict=True)]
            figures[f"ratio_to_best_of_{size}"] = statistics.mean(ratios)
            figures[f"worst_ratio_to_best_of_{size}"] = max(ratios)
        for name, peer in (("nearest", _nearest), ("from_centre", _from_centre)):
            others, _ = _timed(peer, towns)
            figures[f"ratio_to_{name}_of_{size}"] = sum(ours) / sum(others)
    return {name: round(value, 4) for name, value in figures.items()}


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name}: {value}")
