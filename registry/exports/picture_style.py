"""How every picture looks: one frame of title, drawing and source; colours that print and differ to the colour-blind.

Classes without an order take colours of Okabe and Ito's kind (differing in hue and in lightness), classes with an order
go from light to dark, what is unknown is grey. The letters stay text, so that a reader can search and a screen reader
can read them; a reader without the font sees a narrower one, never one that runs out of its place.
"""

import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any, Final

import matplotlib as mpl
import polars as pl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from registry.stock.dimensions import DIMENSIONS, UNKNOWN

WIDTH: Final = 7.6  # inch: an A4 page within its margins
INK, SOFT, FAINT, PAPER = "#1b2733", "#5a6875", "#d9dee3", "#ffffff"
UNKNOWN_COLOUR: Final = "#c3c9cf"
_HEAD, _LINE, _FOOT_LINE = 0.34, 0.19, 0.145  # inch per line of title, subtitle and source
_PAIR = 2  # classes: too few to have an order
_NOTE_WIDTH = 140  # characters of a line below a picture
_LETTER: Final = 0.078  # inch of a letter of a label
ROW, LEGEND_LINE = 0.42, 0.24  # inch of a bar with its space, and of a line of a legend
_FONTS: Final = "'Source Sans 3','Segoe UI',Arial,'Liberation Sans','DejaVu Sans',sans-serif"

_RAMP: Final = mpl.colormaps["YlGnBu"]
_TWO_WAYS: Final = mpl.colormaps["PuOr"]
_DISTINCT: Final = ("#0b4f8a", "#e69f00", "#c0471b", "#6fb8c4", "#8a5a9e", "#2b7a4b", "#f0d96b", "#444f5a")
_OWN: Final = {
    "eigenaar-bewoner": "#0b4f8a",
    "particulier verhuurd": "#e69f00",
    "bedrijf": "#c0471b",
    "corporatie": "#7fc1cb",
    UNKNOWN: UNKNOWN_COLOUR,
}
# No date and fixed ids: the same numbers give the same file.
_SETTINGS: Final[dict[Any, Any]] = {
    "svg.hashsalt": "woonregister", "svg.fonttype": "none", "hatch.linewidth": 0.7, "hatch.color": "#7d8994",
    "font.size": 9, "text.color": INK, "axes.labelcolor": SOFT, "xtick.color": SOFT, "ytick.color": INK,
    "axes.edgecolor": FAINT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands around a drawing: Dutch texts; ``notes`` holds the day, what was hidden and the source."""

    title: str
    subtitle: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the numbers that it shows.

    Attributes:
        title: Dutch.
        description: Dutch: what a reader who does not see it must know.
        svg: the file.
        table: the numbers; null is hidden or unknown.
    """

    title: str
    description: str
    svg: bytes
    table: pl.DataFrame


def ramp(number: int) -> list[str]:
    """Colours from light to dark, for so many classes with an order."""
    steps = [0.18 + 0.77 * place / max(number - 1, 1) for place in range(number)]
    return [to_hex(_RAMP(step)) for step in steps]


def both_ways(edges: Sequence[float]) -> list[str]:
    """Colours for classes of differences: purple below zero, orange above it, the further the darker."""
    most = max(abs(edge) for edge in edges) or 1
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    return [to_hex(_TWO_WAYS(0.5 - 0.45 * middle / most)) for middle in middles]


def class_colours(labels: Sequence[str], subject: str | None = None) -> dict[str, str]:
    """A colour per class; ``subject`` is the dimension, which tells whether they have an order."""
    if subject == "eigendom":
        return {label: _OWN.get(label, UNKNOWN_COLOUR) for label in labels}
    known = [label for label in labels if label != UNKNOWN]
    ordered = subject in DIMENSIONS and len(DIMENSIONS[subject].order) > _PAIR
    colours = ramp(len(known)) if ordered or len(known) > len(_DISTINCT) else _DISTINCT[: len(known)]
    return dict(zip(known, colours, strict=True)) | ({UNKNOWN: UNKNOWN_COLOUR} if UNKNOWN in labels else {})


def ink_on(colour: str) -> str:
    """The colour of letters that can be read on another."""
    red, green, blue = to_rgb(colour)
    return PAPER if 0.299 * red + 0.587 * green + 0.114 * blue < 0.58 else INK


def percent(value: float) -> str:
    """A share as a reader expects it."""
    return f"{100 * value:.0f} %"


def number(value: float) -> str:
    """A count with points between the thousands."""
    return f"{value:,.0f}".replace(",", ".")


def picture_settings() -> Any:
    """The settings within which a picture is drawn and written."""
    return mpl.rc_context(_SETTINGS)


def start(caption: Caption, height: float, *, left: float = 0.0, right: float = 0.0) -> tuple[Figure, Axes]:
    """A figure with its title and source, and the place for a drawing.

    Args:
        caption: the texts.
        height: of the drawing, inch.
        left: free beside the drawing for labels, inch.
        right: as ``left``.
    """
    notes = textwrap.wrap(caption.notes, _NOTE_WIDTH)
    subtitle = textwrap.wrap(caption.subtitle, 104)
    top = 0.12 + _HEAD + _LINE * len(subtitle) + 0.12
    bottom = 0.42 + _FOOT_LINE * len(notes) + 0.12
    total = top + height + bottom
    figure = Figure(figsize=(WIDTH, total), facecolor=PAPER)

    def at(inches: float) -> float:
        return inches / total

    figure.text(0.005, 1 - at(0.10), caption.title, fontsize=14, fontweight="bold", va="top")
    for place, line in enumerate(subtitle):
        figure.text(0.005, 1 - at(0.12 + _HEAD + _LINE * place), line, fontsize=9.5, color=SOFT, va="top")
    if notes:
        rule = at(0.16 + _FOOT_LINE * len(notes))
        figure.add_artist(mpl.lines.Line2D([0.005, 0.995], [rule, rule], color=FAINT, linewidth=0.8))
    for place, line in enumerate(notes):
        figure.text(0.005, at(0.10 + _FOOT_LINE * (len(notes) - place)), line, fontsize=7, color=SOFT, va="top")
    axes = figure.add_axes((left / WIDTH, at(bottom), 1 - (left + right) / WIDTH, at(height)))
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0, labelsize=8.5)
    return figure, axes


def room(labels: Sequence[object]) -> float:
    """The inches that labels need beside a drawing."""
    return 0.2 + _LETTER * max((len(str(one)) for one in labels), default=4)


def keep_free(axes: Axes, part: float) -> None:
    """Lower the top of a drawing: a legend stands above it."""
    place = axes.get_position()
    axes.set_position((place.x0, place.y0, place.width, place.height * (1 - part)))


def legend(axes: Axes, colours: dict[str, str], *, hidden: str = "", columns: int = 5) -> None:
    """The meaning of the colours, above the drawing; ``hidden`` names what is hatched."""
    handles = [Patch(facecolor=colour, edgecolor="none", label=label) for label, colour in colours.items()]
    if hidden:
        handles.append(Patch(facecolor=PAPER, edgecolor="#7d8994", hatch="////", linewidth=0.5, label=hidden))
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, frameon=False, fontsize=8.5,
        handlelength=1.1, handleheight=1.0, columnspacing=1.3, handletextpad=0.5, borderaxespad=0.2, borderpad=0,
    )  # fmt: skip


def finish(figure: Figure, caption: Caption, description: str, table: pl.DataFrame) -> Picture:
    """The figure as a file that names itself to a screen reader."""
    stream = io.BytesIO()
    FigureCanvasSVG(figure).print_figure(
        stream, format="svg", metadata={"Date": None, "Creator": "Woonregister", "Title": caption.title}
    )
    text = stream.getvalue().decode("utf-8")
    label = f"<title>{escape(caption.title)}</title><desc>{escape(description)}</desc>"
    text = re.sub(r"(<svg [^>]*?)>", lambda found: f'{found[1]} role="img">\n {label}', text, count=1)
    return Picture(caption.title, description, text.replace("'DejaVu Sans'", _FONTS).encode("utf-8"), table)
