"""The stock as pictures: a map of one share per area, and bars per area; SVG, black and white print included.

Colours are from ``cividis``, which reads the same for the colour-blind; what is hidden or unknown is hatched, and every
picture names its day, its definition and its source. The numbers are those of a published table, which goes with it.
"""

import textwrap
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import polars as pl
import shapely
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import PatchCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from registry.errors import UsageError
from registry.exports.files import replacing
from registry.stock.dimensions import DIMENSIONS
from registry.stock.publish import Published

_COLOURS: Final = mpl.colormaps["cividis"]
_WIDTH: Final = 110  # characters of the line below a picture
# No date and fixed ids: the same numbers give the same file.
_SETTINGS: Final[dict[Any, Any]] = {"svg.hashsalt": "woonregister", "svg.fonttype": "none", "hatch.linewidth": 0.6}


def shares(table: Published, label: str, totals: Published) -> pl.DataFrame:
    """Per area the share of one class: area, aandeel (0..1; null where it is hidden).

    Args:
        table: by area and one subject.
        label: a class of the subject.
        totals: by area alone, of the same release.

    Raises:
        UsageError: the class does not occur.
    """
    area, subject = table.per
    if label not in table.rows[subject].to_list():
        classes = ", ".join(table.rows[subject].unique(maintain_order=True).to_list())
        raise UsageError(f"De klasse '{label}' komt niet voor. Kies uit: {classes}.")
    counts = table.rows.filter(pl.col(subject) == label).select(area, counted="aantal", occurs=pl.lit(value=True))
    counted = pl.when(pl.col("occurs")).then("counted").otherwise(0)
    share = pl.when(pl.col("aantal") > 0).then(counted / pl.col("aantal")).clip(0, 1)
    return totals.rows.join(counts, on=area, how="left", maintain_order="left").select(area=area, aandeel=share)


def draw_map(path: Path, table: Published, label: str, shapes: pl.DataFrame, *, totals: Published, source: str) -> None:
    """A map of the share of one class per area.

    Args:
        path: the .svg to make or to replace.
        table: by area and one subject.
        label: a class of the subject.
        shapes: of ``store.queries.stock.read_area_shapes``.
        totals: by area alone, of the same release.
        source: from which deliveries it was made.

    Raises:
        UsageError: as ``shares``, or no area has a surface.
        ExportError: the file cannot be written.
    """
    values = dict(shares(table, label, totals).iter_rows())
    drawn = shapes.filter(pl.col("geometrie").is_not_null())
    if drawn.is_empty():
        raise UsageError("Van geen enkel gebied is de omtrek bekend: er is niets te tekenen.")
    surfaces = shapely.from_wkb(drawn["geometrie"].to_list())
    found = [values.get(name) for name in drawn["label"].to_list()]
    figure = Figure(figsize=(8.3, 7.5), layout="constrained")
    axes = figure.subplots()
    known = [value for value in found if value is not None]
    scale = Normalize(min(known, default=0.0), max(known, default=1.0))
    for surface, value, name in zip(surfaces, found, drawn["label"].to_list(), strict=True):
        face = "white" if value is None else _COLOURS(scale(value))
        hatch = "////" if value is None else None
        patches = PatchCollection([_patch(surface)], facecolor=face, edgecolor="0.3", linewidth=0.8, hatch=hatch)
        axes.add_collection(patches)
        text = "afgeschermd" if value is None else f"{100 * value:.0f} %"
        at = surface.representative_point()
        dark = value is not None and scale(value) < 0.5
        axes.text(
            at.x, at.y, f"{name}\n{text}", ha="center", va="center", fontsize=8, color="white" if dark else "black"
        )
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.set_axis_off()
    if known:
        bar = figure.colorbar(mpl.cm.ScalarMappable(scale, _COLOURS), ax=axes, shrink=0.6, format=_percent)
        bar.set_label("deel van de woningen")
    _finish(figure, path, f"{DIMENSIONS[table.per[1]].header}: {label}", table, source)


def draw_bars(path: Path, table: Published, *, source: str) -> None:
    """Bars of the classes of a subject per area, together the dwellings that are shown; arguments as ``draw_map``.

    Raises:
        UsageError: the table is not by area and one subject.
        ExportError: the file cannot be written.
    """
    area, subject = table.per
    names = table.rows[area].unique(maintain_order=True).to_list()
    present = table.rows[subject].unique(maintain_order=True).to_list()
    order = DIMENSIONS[subject].order
    labels = [*(label for label in order if label in present), *(label for label in present if label not in order)]
    counts = {(row[0], row[1]): row[2] for row in table.rows.select(area, subject, "aantal").iter_rows()}
    figure = Figure(figsize=(8.3, 1.8 + 0.5 * len(names)), layout="constrained")
    axes = figure.subplots()
    left = [0] * len(names)
    for number, label in enumerate(labels):
        widths = [counts.get((name, label), 0) or 0 for name in names]
        colour = _COLOURS(number / max(len(labels) - 1, 1))
        axes.barh(names, widths, left=left, color=colour, edgecolor="white", linewidth=0.8, label=label)
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel("woningen")
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    _finish(figure, path, f"Woningen naar {DIMENSIONS[subject].header.lower()}", table, source)


def _percent(value: float, _place: int) -> str:
    return f"{100 * value:.0f} %"


def _patch(surface: Any) -> PathPatch:
    """A surface with its holes."""
    rings = [ring for part in shapely.get_parts(surface) for ring in (part.exterior, *part.interiors)]
    return PathPatch(Outline.make_compound_path(*(Outline(list(ring.coords), closed=True) for ring in rings)))


def _finish(figure: Figure, path: Path, title: str, table: Published, source: str) -> None:
    """Title, day, what was hidden, source; then the file."""
    hidden = " ".join(text for text in table.remarks if text.startswith("Afgeschermd"))
    below = f"Peildatum {table.op:%d-%m-%Y}. {hidden} Bron: {source}."
    figure.suptitle(title, fontsize=13, fontweight="bold")
    figure.text(0.01, -0.02, textwrap.fill(below, _WIDTH), fontsize=7, va="top")
    with replacing(path) as temporary, mpl.rc_context(_SETTINGS):
        FigureCanvasSVG(figure).print_figure(
            temporary,
            format="svg",
            bbox_inches="tight",
            metadata={"Date": None, "Creator": "Woonregister", "Title": title},
        )
