"""A proposal for a list: the best cases by the planner's reasons, cases drawn by lot, in the shortest round.

Nothing is kept: ``placing.place`` does that.
"""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from registry.errors import UsageError
from registry.store.engine import ReadConnection
from registry.store.queries.huisdossier import find_objects
from registry.store.queries.locations import read_locations
from registry.store.queries.signals import read_signals
from registry.store.queries.worklists import read_placed
from registry.worklists.candidates import (
    Cleared,
    Judged,
    Surroundings,
    latest_evaluations,
    read_open_cases,
    read_surroundings,
)
from registry.worklists.planner_settings import PlannerSettings
from registry.worklists.reasons import add_points
from registry.worklists.receipts import freeze
from registry.worklists.route import Point, find_route, follow
from registry.worklists.selection import KEY, choose_best, control_places, draw_control

_OBJECT: Final = "adresseerbaar_object_id"
_RD_POINT = re.compile(r"\s*(\d{1,6}(?:\.\d+)?)\s*[,; ]\s*(\d{6}(?:\.\d+)?)\s*")
_SHOWN_START = 60

ROWS: Final = pl.Schema(
    {
        "regel": pl.String(),
        "zaak_id": pl.String(),
        _OBJECT: pl.String(),
        "adres": pl.String(),
        "postcode": pl.String(),
        "woonplaats": pl.String(),
        "buurt": pl.String(),
        "stop": pl.String(),
        "x": pl.Float64(),
        "y": pl.Float64(),
        "points": pl.Float64(),
        "reasons": pl.String(),
        "receipt": pl.String(),
        "bewijs": pl.String(),
        "is_control": pl.Boolean(),
    }
)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a round begins: EPSG:28992 in metres, and what it is called."""

    label: str
    point: Point


@dataclass(frozen=True, slots=True)
class Proposal:
    """A list that nobody placed yet.

    Attributes:
        day: of the visits.
        settings: with which it was made.
        start: where the round begins.
        rows: in order of visit (schema ``ROWS``).
        distance: metres of the round, as the crow flies.
        proven: whether no shorter round exists.
        open_cases: how many cases there were to choose from, without those that are on a list of that day.
        known_run_id: the last run that counted.
        seed: draws the same control sample again.
        control_share: which part of the addresses is drawn by lot.
    """

    day: date
    settings: PlannerSettings
    start: Start
    rows: pl.DataFrame
    distance: float
    proven: bool
    open_cases: int
    known_run_id: int
    seed: int
    control_share: float


def plan(
    connection: ReadConnection,
    settings: PlannerSettings,
    *,
    day: date,
    start: str | Start | None = None,
    control_share: float = 0.0,
    seed: int | None = None,
    without: Collection[str] = (),
) -> Proposal:
    """Propose a list for a day.

    Args:
        connection: where to read.
        settings: which cases, how many, in which order.
        day: of the visits.
        start: a point, an address that the BAG knows, or 'x,y' in EPSG:28992; None is the middle of the cases.
        control_share: which part of the addresses is drawn by lot from what the same rules cleared, 0 to 1.
        seed: draws an earlier control sample again; None draws a new one.
        without: dwellings that must not be on it.

    Raises:
        UsageError: a rule was not evaluated, or a name, owner or start does not exist.
    """
    if start is None and settings.weights.get("nabijheid"):
        raise UsageError("De reden 'dicht bij het beginpunt' vraagt om een beginpunt. Geef een adres of een punt.")
    judged = latest_evaluations(connection, settings.regels)
    known = max(one.known for one in judged)
    origin = find_start(connection, start, day=day, known=known) if isinstance(start, str) else start
    chosen_seed = secrets.randbits(31) if seed is None else seed
    surroundings = _surroundings(connection, settings, judged, day=day, known=known, start=origin)
    taken = {row.adresseerbaar_object_id for row in read_placed(connection, day)} | set(without)
    opened = [read_open_cases(connection, one, settings) for one in judged]
    around = _free(surroundings.around(pl.concat(opened, how="vertical_relaxed"), settings), taken)
    places = control_places(control_share, settings.length, chosen_seed)
    best = choose_best(around, settings.weights, settings.length - places)
    drawn = pl.DataFrame()
    if places:
        cleared = [Cleared.read(connection, one) for one in judged]
        pool = _pool(cleared, surroundings, settings, taken | set(best[_OBJECT]))
        picked = draw_control(pool, places, chosen_seed)
        completed = pl.concat([one.complete(connection, picked) for one in cleared], how="vertical_relaxed")
        drawn = add_points(completed, settings.weights)
    rows = pl.concat([_ready(best, judged, control=False), _ready(drawn, judged, control=True)])
    origin = origin or _middle(rows)
    ordered, proven = _in_round(rows, origin.point, returns=settings.returns)
    points = list(ordered.drop_nulls(["x", "y"]).select("x", "y").iter_rows())
    metres = follow(origin.point, points, range(len(points)), returns=settings.returns).distance
    return Proposal(day, settings, origin, ordered, metres, proven, around.height, known, chosen_seed, control_share)


def find_start(connection: ReadConnection, text: str, *, day: date, known: int) -> Start:
    """The start point that somebody means.

    Raises:
        UsageError: the address is not known, or has no place.
    """
    point = _RD_POINT.fullmatch(text)
    if point is not None:
        x, y = float(point[1]), float(point[2])
        return Start(f"punt {x:.0f}, {y:.0f}", (x, y))
    objects = find_objects(connection, text, known=known)
    for object_id, adres in objects.select(_OBJECT, "adres").iter_rows():
        found = read_locations(connection, on=day, known=known, only=object_id)
        if not found.is_empty():
            return Start(adres, (found["x"][0], found["y"][0]))
    raise UsageError(
        f"Het beginpunt '{text[:_SHOWN_START]}' is niet gevonden. Geef een adres uit de BAG (Singel 12, Schiedam) of "
        "een punt in RD-coördinaten (87500,436800)."
    )


def _surroundings(
    connection: ReadConnection,
    settings: PlannerSettings,
    judged: list[Judged],
    *,
    day: date,
    known: int,
    start: Start | None,
) -> Surroundings:
    signalled = pl.concat([read_signals(connection, one.evaluation.evaluatie_id).select(_OBJECT) for one in judged])
    point = (float("nan"), float("nan")) if start is None else start.point
    return read_surroundings(connection, settings, day=day, known=known, start=point, signalled=signalled)


def _free(cases: pl.DataFrame, taken: set[str]) -> pl.DataFrame:
    """Without the dwellings that get a visit that day already."""
    return cases.filter(~pl.col(_OBJECT).is_in(list(taken)))


def _pool(
    cleared: list[Cleared], surroundings: Surroundings, settings: PlannerSettings, taken: set[str]
) -> pl.DataFrame:
    """What a control sample is drawn from: what the rules cleared, within the area of the list."""
    where = PlannerSettings(
        regels=settings.regels,
        wijken=settings.wijken,
        buurten=settings.buurten,
        gebieden=settings.gebieden,
        polygon=settings.polygon,
    )
    cases = pl.concat([one.cases() for one in cleared], how="vertical_relaxed")
    return _free(surroundings.around(cases, where), taken)


def _ready(cases: pl.DataFrame, judged: list[Judged], *, control: bool) -> pl.DataFrame:
    """The rows of a proposal, each with its receipt."""
    if cases.is_empty():
        return pl.DataFrame(schema=ROWS)
    by_rule = {one.evaluation.regel: one for one in judged}
    receipts = [
        freeze(row, known=by_rule[row["regel"]].known, sources=by_rule[row["regel"]].sources).to_json()
        for row in cases.iter_rows(named=True)
    ]
    adres = pl.coalesce("adres", pl.format("(adres onbekend, {})", _OBJECT))
    return cases.with_columns(
        adres, pl.Series("receipt", receipts, dtype=pl.String), pl.lit(control).alias("is_control")
    ).select(pl.col(name).cast(dtype) for name, dtype in ROWS.items())


def _middle(rows: pl.DataFrame) -> Start:
    placed = rows.drop_nulls(["x", "y"])
    if placed.is_empty():
        return Start("geen beginpunt", (0.0, 0.0))
    x, y = placed.select(pl.col("x").mean(), pl.col("y").mean()).row(0)
    return Start("het midden van de adressen", (round(x, 1), round(y, 1)))


def _in_round(rows: pl.DataFrame, start: Point, *, returns: bool) -> tuple[pl.DataFrame, bool]:
    """The rows in order of visit, and whether no shorter round exists; those without a place come last."""
    ordered = rows.sort("stop", *KEY)
    placed = ordered.drop_nulls(["x", "y"])
    homeless = ordered.filter(pl.col("x").is_null() | pl.col("y").is_null())
    # One address is one point, also when its flats lie a few metres apart.
    middle = placed.with_columns(pl.col("x", "y").mean().over("stop"))
    route = find_route(start, list(middle.select("x", "y").iter_rows()), returns=returns)
    return pl.concat([placed[list(route.order)], homeless]), route.proven
