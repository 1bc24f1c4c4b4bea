"""Maps of areas: a colour per area, or dots in it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.ticker import MaxNLocator

from registry.errors import UsageError
from registry.exports.picture_style import (
    INK,
    PAPER,
    SOFT,
    WIDTH,
    Caption,
    Picture,
    both_ways,
    class_colours,
    finish,
    ink_on,
    legend,
    number,
    percent,
    picture_settings,
    ramp,
    start,
)

_TALLEST, _LEGEND = 5.6, 0.42  # inch
_CLASSES: Final = 5
_LEAST_SHARE, _LEAST_COUNT = 0.08, 4  # between the lightest and the darkest class
_NICE: Final = (100, 200, 250, 500, 1000, 2000, 5000, 10_000)  # metres of a scale bar
_MOST_DOTS: Final = 3_000
_EDGE: Final = "#8a97a3"
HIDDEN: Final = "afgeschermd of onbekend"


def choropleth(
    values: Mapping[str, float | None],
    shapes: pl.DataFrame,
    caption: Caption,
    *,
    shares: bool = True,
    diverging: bool = False,
) -> Picture:
    """A colour per area, in at most five classes with round limits.

    Args:
        values: name of an area -> its value; null, or absent, is hidden or unknown.
        shapes: of ``store.queries.stock.read_area_shapes``.
        caption: the texts.
        shares: the values are shares (0..1); else counts.
        diverging: the values are differences: less and more have colours of their own.

    Raises:
        UsageError: no area has a surface.
    """
    surfaces, names = _surfaces(shapes)
    found = [values.get(name) for name in names]
    known = [value for value in found if value is not None]
    edges = _edges(known, _LEAST_SHARE if shares else _LEAST_COUNT)
    colours = both_ways(edges) if diverging else ramp(len(edges) - 1)
    said = percent if shares else number
    with picture_settings():
        figure, axes = _canvas(caption, surfaces)
        for surface, value in zip(surfaces, found, strict=True):
            colour = PAPER if value is None else colours[_place(edges, value)]
            axes.add_patch(_patch(surface, facecolor=colour, hatch="////" if value is None else None))
        _frame(axes, surfaces)
        for surface, value, name in zip(surfaces, found, names, strict=True):
            ink = INK if value is None else ink_on(colours[_place(edges, value)])
            _name(axes, surface, name, "" if value is None else said(value), ink, bare=value is None)
        labels = [f"{said(low)} tot {said(high)}" for low, high in pairwise(edges)]
        hidden = HIDDEN if None in found else ""
        legend(axes, dict(zip(labels, colours, strict=True)) if known else {}, hidden=hidden, columns=6)
        table = pl.DataFrame({"gebied": names, "waarde": found}, schema={"gebied": pl.String, "waarde": pl.Float64})
        return finish(figure, caption, _sentence(caption, names, found, said), table)


def dot_density(
    counts: pl.DataFrame, shapes: pl.DataFrame, caption: Caption, *, subject: str, order: Sequence[str] = ()
) -> Picture:
    """Dots in each area, coloured by class, each for so many dwellings; where they stand within an area says nothing.

    Args:
        counts: area, label, aantal (published: null is hidden), in this order of columns.
        shapes: of ``store.queries.stock.read_area_shapes``.
        caption: the texts; what a dot stands for is added.
        subject: the dimension of the labels.
        order: the classes in their order.

    Raises:
        UsageError: no area has a surface.
    """
    surfaces, names = _surfaces(shapes)
    area, label, aantal = counts.columns[:3]
    shown = counts.filter(pl.col(aantal).is_not_null() & pl.col(area).is_in(names))
    per_dot = _per_dot(int(shown[aantal].sum()))
    labels = [*order, *(one for one in shown[label].unique(maintain_order=True) if one not in order)]
    labels = [one for one in labels if one in set(shown[label])]
    colours = class_colours(labels, subject)
    held = {(row[0], row[1]): row[2] for row in shown.select(area, label, aantal).iter_rows()}
    dice = np.random.default_rng(606)
    told = f"Eén stip is {per_dot} woning{'en' if per_dot > 1 else ''}, willekeurig binnen haar gebied gezet."
    caption = Caption(caption.title, f"{caption.subtitle} {told}".strip(), caption.notes)
    with picture_settings():
        figure, axes = _canvas(caption, surfaces)
        for surface in surfaces:
            axes.add_patch(_patch(surface, facecolor="#f6f8f9", hatch=None, edge=_EDGE, width=0.7))
        for surface, name in zip(surfaces, names, strict=True):
            kinds = [one for one in labels for _ in range(round(held.get((name, one), 0) / per_dot))]
            points = _scatter(surface, len(kinds), dice)
            dice.shuffle(kinds)
            axes.scatter(points[:, 0], points[:, 1], s=5.5, c=[colours[one] for one in kinds], linewidths=0)
        _frame(axes, surfaces)
        for surface, name in zip(surfaces, names, strict=True):
            _name(axes, surface, name, "", INK, bare=True)
        legend(axes, colours, columns=5)
        return finish(figure, caption, f"{caption.title}. {told}", counts)


def locator(name: str, shapes: pl.DataFrame) -> Picture:
    """A small map that shows where one area lies among the others.

    Raises:
        UsageError: no area has a surface.
    """
    surfaces, names = _surfaces(shapes)
    left, bottom, right, top = shapely.total_bounds(surfaces)
    with picture_settings():
        figure = Figure(figsize=(3.6, min(2.6, 3.6 * ((top - bottom) / max(right - left, 1) + 0.1))))
        axes = figure.add_axes((0, 0, 1, 1))
        for surface, label in zip(surfaces, names, strict=True):
            chosen = label == name
            colour = "#0b4f8a" if chosen else "#e3e8ed"
            axes.add_patch(_patch(surface, facecolor=colour, hatch=None))
            if chosen:
                at = surface.representative_point()
                axes.text(at.x, at.y, name, ha="center", va="center", fontsize=6.5, color=PAPER)
        _frame(axes, surfaces)
        return finish(figure, Caption(name), f"{name} binnen alle gebieden", shapes.select("gebied_code", "label"))


def _surfaces(shapes: pl.DataFrame) -> tuple[Any, list[str]]:
    drawn = shapes.filter(pl.col("geometrie").is_not_null())
    if drawn.is_empty():
        raise UsageError("Van geen enkel gebied is de omtrek bekend: er is niets te tekenen.")
    return shapely.from_wkb(drawn["geometrie"].to_list()), drawn["label"].to_list()


def _canvas(caption: Caption, surfaces: Any) -> tuple[Figure, Axes]:
    """A figure as high as the areas ask for, with room for a legend above them."""
    left, bottom, right, top = shapely.total_bounds(surfaces)
    height = min(_TALLEST, WIDTH * ((top - bottom) / max(right - left, 1) + 0.07))
    figure, axes = start(caption, height + _LEGEND)
    place = axes.get_position()
    axes.set_position((0, place.y0, 1, place.height * height / (height + _LEGEND)))
    return figure, axes


def _edges(known: Sequence[float], least: float) -> list[float]:
    """Round limits of the classes, around all values; a small difference stays a small one (``least``)."""
    low, high = min(known, default=0.0), max(known, default=1.0)
    high = max(high, low + least)
    return [float(edge) for edge in MaxNLocator(_CLASSES, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)]


def _place(edges: Sequence[float], value: float) -> int:
    return min(int(np.searchsorted(edges, value, side="right")) - 1, len(edges) - 2)


def _per_dot(total: int) -> int:
    return next((step for step in (1, 2, 5, 10, 20, 50, 100, 250, 500) if total / step <= _MOST_DOTS), 1000)


def _scatter(surface: Any, wanted: int, dice: np.random.Generator) -> Any:
    """So many points within a surface, at random."""
    inside = surface.buffer(-0.012 * np.sqrt(surface.area))
    inside = surface if inside.is_empty else inside
    left, bottom, right, top = inside.bounds
    shapely.prepare(inside)
    found = np.empty((0, 2))
    while len(found) < wanted:
        tried = dice.uniform((left, bottom), (right, top), (4 * wanted + 16, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(inside, tried[:, 0], tried[:, 1])]])
    return found[:wanted]


def _patch(
    surface: Any, *, facecolor: str, hatch: str | None, edge: str | None = None, width: float = 1.4
) -> PathPatch:
    """A surface with its holes."""
    rings = [ring for part in shapely.get_parts(surface) for ring in (part.exterior, *part.interiors)]
    outline = Outline.make_compound_path(*(Outline(list(ring.coords), closed=True) for ring in rings))
    edge = edge or (_EDGE if hatch else PAPER)
    return PathPatch(outline, facecolor=facecolor, edgecolor=edge, linewidth=width, hatch=hatch, joinstyle="round")


def _frame(axes: Axes, surfaces: Any) -> None:
    """The extent of the map in true proportion, an outline around all areas, and a bar that tells the scale."""
    for part in shapely.get_parts(shapely.union_all(surfaces)):
        axes.plot(*part.exterior.xy, color=SOFT, linewidth=0.9, solid_joinstyle="round")
    left, bottom, right, top = shapely.total_bounds(surfaces)
    margin = 0.015 * max(right - left, top - bottom)
    axes.set_xlim(left - margin, right + margin)
    axes.set_ylim(bottom - 4 * margin, top + margin)
    axes.set_aspect("equal", anchor="NW")
    axes.set_axis_off()
    length = next((step for step in reversed(_NICE) if step <= (right - left) / 4), _NICE[0])
    height, base = 0.25 * margin, bottom - 3.0 * margin
    axes.add_patch(Rectangle((left, base), length, height, facecolor=SOFT, edgecolor="none"))
    text = f"{length} m" if length < 1000 else f"{length // 1000} km"
    axes.text(left + length + margin / 2, base, text, fontsize=7.5, color=SOFT, va="center")


def _name(axes: Axes, surface: Any, name: str, text: str, ink: str, *, bare: bool) -> None:
    """The name of an area, and its number, on the widest place of it."""
    at = surface.representative_point()
    box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.82, "pad": 1.2} if bare else None
    left, _, right, _ = surface.bounds
    span = np.diff(axes.get_xlim())[0]
    small = (right - left) / span * WIDTH < 0.085 * len(name)
    size = 7.5 if small else 8.5
    axes.annotate(
        name, (at.x, at.y), (0, 5 if text else 0), textcoords="offset points", ha="center", va="center", fontsize=size,
        color=ink, bbox=box,
    )  # fmt: skip
    if text:
        axes.annotate(
            text, (at.x, at.y), (0, -7), textcoords="offset points", ha="center", va="center", fontsize=size + 2,
            fontweight="bold", color=ink,
        )  # fmt: skip


def _sentence(caption: Caption, names: Sequence[str], found: Sequence[float | None], said: Any) -> str:
    known = [(value, name) for value, name in zip(found, names, strict=True) if value is not None]
    if not known:
        return f"{caption.title}. Van geen enkel gebied is de waarde te tonen."
    (low, least), (high, most) = min(known), max(known)
    return f"{caption.title}. Het minst in {least} ({said(low)}), het meest in {most} ({said(high)})."
