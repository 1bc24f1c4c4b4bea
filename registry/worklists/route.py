"""The order of a round: the shortest one from the start point, by distance as the crow flies over RD coordinates.

The search is that of OR-tools' CP-SAT, which also proves that no shorter round exists, or stops at a fixed amount of
work: the same points give the same order on every machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ortools.sat.python import cp_model

Point = tuple[float, float]

_WORK: Final = 1.0  # of deterministic time, some two seconds: a list of twenty is proven long before
_CENTIMETRES: Final = 100  # the solver counts in whole numbers


@dataclass(frozen=True, slots=True)
class Route:
    """A round.

    Attributes:
        order: positions in the given points, in order of visit.
        legs: metres before each visit, and last the way back if the round returns.
        proven: whether no shorter round exists.
    """

    order: tuple[int, ...]
    legs: tuple[float, ...]
    proven: bool = False

    @property
    def distance(self) -> float:
        """Metres in all."""
        return sum(self.legs)


def distance(first: Point, second: Point) -> float:
    """Metres as the crow flies."""
    return math.hypot(first[0] - second[0], first[1] - second[1])


def follow(start: Point, points: Sequence[Point], order: Sequence[int], *, returns: bool) -> Route:
    """The round in a given order."""
    legs, here = [], start
    for position in order:
        legs.append(distance(here, points[position]))
        here = points[position]
    if returns and order:
        legs.append(distance(here, start))
    return Route(tuple(order), tuple(legs))


def find_route(start: Point, points: Sequence[Point], *, returns: bool = True) -> Route:
    """The shortest round over the points from the start.

    Args:
        start: metres, EPSG:28992.
        points: metres, EPSG:28992; equal ones are visited one after the other, in the given order.
        returns: whether the round ends where it began; else at the last point.
    """
    places = list(dict.fromkeys(points))
    found, proven = _order_places(start, places, returns=returns)
    visits = {place: [number for number, point in enumerate(points) if point == place] for place in places}
    order = [number for position in found for number in visits[places[position]]]
    legs = follow(start, points, order, returns=returns).legs
    return Route(tuple(order), legs, proven)


def _order_places(start: Point, places: list[Point], *, returns: bool) -> tuple[list[int], bool]:
    if len(places) <= 1:
        return list(range(len(places))), True
    nodes = [start, *places]
    model = cp_model.CpModel()
    arcs, lengths = [], []
    for one in range(len(nodes)):
        for other in range(len(nodes)):
            if one == other:
                continue
            taken = model.new_bool_var("")
            arcs.append((one, other, taken))
            free = other == 0 and not returns
            lengths.append(0 if free else round(distance(nodes[one], nodes[other]) * _CENTIMETRES))
    model.add_circuit(arcs)
    model.minimize(sum(length * taken for length, (_, _, taken) in zip(lengths, arcs, strict=True)))
    for one, other, taken in arcs:
        model.add_hint(taken, other == (one + 1) % len(nodes))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # Cuts of the linear relaxation prove rounds through straight streets at once, where the search alone takes seconds.
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = _WORK
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return list(range(len(places))), False
    after = {one: other for one, other, taken in arcs if solver.value(taken)}
    order, here = [], after[0]
    while here:
        order.append(here - 1)
        here = after[here]
    return order, status == cp_model.OPTIMAL
