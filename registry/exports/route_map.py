"""The round of a list as a picture: numbered addresses among the buildings, in order of visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import polars as pl
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from registry.exports.picture_style import INK, PAPER, SOFT, WIDTH, Caption, Picture, finish, picture_settings, start
from registry.worklists.opened import OpenedList, OpenedRow
from registry.worklists.route import distance

_ROUND: Final = "#0b4f8a"
_BUILDING, _BUILDING_EDGE, _GROUND = "#e4e8ec", "#c3ccd4", "#fafbfb"
_LOWEST, _TALLEST = 3.0, 6.2  # inch
_NEAR: Final = 0.032  # of the width: so wide is a mark
_LEAST_SPAN: Final = 160.0  # metres: fewer would show one wall
_NICE: Final = (20, 50, 100, 200, 250, 500, 1000, 2000)
_KILOMETRE: Final = 1000


@dataclass(frozen=True, slots=True)
class _Stop:
    """One address of the round with the numbers of its doors."""

    x: float
    y: float
    numbers: tuple[int, ...]
    adres: str

    @property
    def label(self) -> str:
        first, last = self.numbers[0], self.numbers[-1]
        return str(first) if first == last else f"{first}–{last}"


def map_points(opened: OpenedList) -> list[tuple[float, float]]:
    """The start and every address that has a place, EPSG:28992 in metres."""
    places = [(row.row.x, row.row.y) for row in opened.rows]
    known = [(x, y) for x, y in places if x is not None and y is not None]
    return [(opened.stored.start_x, opened.stored.start_y), *known]


def draw_route(opened: OpenedList, buildings: Sequence[shapely.Geometry], *, source: str = "") -> Picture:
    """The map of a list.

    Args:
        opened: the list.
        buildings: outlines of panden around the addresses (EPSG:28992).
        source: Dutch: where the buildings come from and of which day.
    """
    stops = _stops(opened)
    begin = (opened.stored.start_x, opened.stored.start_y)
    metres = round(opened.order.distance)
    caption = Caption(
        f"Bezoeklijst {opened.stored.worklist_id}",
        f"{len(stops)} adressen, {metres} meter hemelsbreed vanaf {opened.stored.start_label}.",
        source,
    )
    with picture_settings():
        left, bottom, wide, high = _extent(begin, stops)
        figure, axes = start(caption, WIDTH * high / wide)
        axes.set_position((0.0, axes.get_position().y0, 1.0, axes.get_position().height))
        _lay_ground(axes, (left, bottom, wide, high), buildings)
        _draw_round(axes, begin, _readable(stops, _NEAR * wide), returns=opened.settings.returns)
        table = pl.DataFrame(
            [(stop.label, stop.adres) for stop in stops], schema={"nr": pl.String, "adres": pl.String}, orient="row"
        )
        described = "; ".join(f"{stop.label}: {stop.adres}" for stop in stops)
        return finish(figure, caption, f"Kaart van de ronde. {described}.", table)


def _stops(opened: OpenedList) -> list[_Stop]:
    """Addresses that follow each other under one stop, in order, numbered as the doors of the sheet."""
    stops: list[_Stop] = []
    last = None
    doors: dict[str, OpenedRow] = {}
    for one in opened.rows:
        doors.setdefault(one.row.adresseerbaar_object_id, one)
    for number, one in enumerate(doors.values(), 1):
        if one.row.x is None or one.row.y is None:
            continue
        if stops and one.row.stop == last:
            here = stops[-1]
            stops[-1] = _Stop(here.x, here.y, (*here.numbers, number), here.adres)
        else:
            stops.append(_Stop(one.row.x, one.row.y, (number,), one.row.adres))
        last = one.row.stop
    return stops


def _readable(stops: Sequence[_Stop], near: float) -> list[_Stop]:
    """The stops with those that follow each other within so many metres under one mark: two would cover each other."""
    marks: list[_Stop] = []
    for stop in stops:
        last = marks[-1] if marks else None
        if last is not None and distance((last.x, last.y), (stop.x, stop.y)) < near:
            marks[-1] = _Stop(last.x, last.y, (*last.numbers, *stop.numbers), last.adres)
        else:
            marks.append(stop)
    return marks


def _extent(begin: tuple[float, float], stops: Sequence[_Stop]) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of what is shown, in metres; not lower or taller than a page has room for."""
    xs, ys = [begin[0], *(stop.x for stop in stops)], [begin[1], *(stop.y for stop in stops)]
    wide, high = max(max(xs) - min(xs), _LEAST_SPAN) * 1.16, max(max(ys) - min(ys), _LEAST_SPAN) * 1.16
    wide = max(wide, high * WIDTH / _TALLEST)
    high = max(high, wide * _LOWEST / WIDTH)
    return (max(xs) + min(xs) - wide) / 2, (max(ys) + min(ys) - high) / 2, wide, high


def _lay_ground(axes: Axes, extent: tuple[float, float, float, float], buildings: Sequence[shapely.Geometry]) -> None:
    left, bottom, wide, high = extent
    axes.set_xlim(left, left + wide)
    axes.set_ylim(bottom, bottom + high)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["bottom"]].set_visible(False)
    axes.add_patch(Rectangle((left, bottom), wide, high, facecolor=_GROUND, edgecolor="none", zorder=0))
    patches = [PathPatch(_outline(building)) for building in buildings]
    axes.add_collection(
        PatchCollection(patches, facecolor=_BUILDING, edgecolor=_BUILDING_EDGE, linewidth=0.4, zorder=1)
    )
    _scale(axes, left + 0.03 * wide, bottom + 0.03 * wide, wide)
    _north(axes, left + 0.96 * wide, bottom + 0.03 * wide, wide)


def _outline(building: Any) -> Outline:
    rings = [ring for part in shapely.get_parts(building) for ring in (part.exterior, *part.interiors)]
    return Outline.make_compound_path(*(Outline(list(ring.coords), closed=True) for ring in rings))


def _draw_round(axes: Axes, begin: tuple[float, float], stops: Sequence[_Stop], *, returns: bool) -> None:
    line = [begin, *((stop.x, stop.y) for stop in stops), *([begin] if returns and stops else [])]
    for number, (one, other) in enumerate(pairwise(line), 1):
        back = returns and number == len(line) - 1
        axes.annotate(
            "",
            other,
            one,
            arrowprops={
                "arrowstyle": "-|>",
                "color": _ROUND,
                "linewidth": 1.2,
                "linestyle": "dashed" if back else "solid",
                "shrinkA": 7,
                "shrinkB": 8,
                "alpha": 0.75,
            },
            zorder=2,
        )
    axes.plot(*begin, marker="s", markersize=11, color=INK, zorder=3)
    axes.annotate(
        "begin", begin, (0, -13), textcoords="offset points", ha="center", fontsize=8, color=INK, zorder=4,
        bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1},
    )  # fmt: skip
    for stop in stops:
        axes.annotate(
            stop.label, (stop.x, stop.y), ha="center", va="center", fontsize=9.5, fontweight="bold", color=PAPER,
            zorder=5, bbox={"boxstyle": "circle,pad=0.28", "facecolor": _ROUND, "edgecolor": PAPER, "linewidth": 1.2},
        )  # fmt: skip


def _scale(axes: Axes, left: float, bottom: float, wide: float) -> None:
    length = next((step for step in reversed(_NICE) if step <= wide / 4), _NICE[0])
    height = 0.008 * wide
    axes.add_patch(Rectangle((left, bottom), length, height, facecolor=SOFT, edgecolor=PAPER, linewidth=0.6, zorder=6))
    text = f"{length} m" if length < _KILOMETRE else f"{length // _KILOMETRE} km"
    axes.text(left + length + height, bottom + height / 2, text, fontsize=8, color=INK, va="center", zorder=6)


def _north(axes: Axes, right: float, bottom: float, wide: float) -> None:
    axes.annotate(
        "N", (right, bottom + 0.085 * wide), (right, bottom), ha="center", va="top", fontsize=9, color=INK, zorder=6,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.4},
    )  # fmt: skip
