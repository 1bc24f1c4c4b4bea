"""Charts: bars, lines and stacked areas, each with the numbers that it shows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import matplotlib.dates
import polars as pl
from matplotlib.axes import Axes

from registry.exports.picture_style import (
    FAINT,
    INK,
    LEGEND_LINE,
    PAPER,
    ROW,
    SOFT,
    Caption,
    Picture,
    class_colours,
    finish,
    ink_on,
    keep_free,
    legend,
    number,
    percent,
    picture_settings,
    room,
    start,
)

_BAR = 0.30  # inch
_ENOUGH: Final = 0.055  # the share of the width that a number in a bar needs
_ROUNDED: Final = 0.02  # the share of a bar that rounding may leave
_LONG_LEGEND = 75  # letters
HIDDEN: Final = "afgeschermd"
_DATES: Any = matplotlib.dates  # has no types


def stacked_bars(
    rows: pl.DataFrame,
    caption: Caption,
    *,
    subject: str,
    totals: Mapping[str, int | None],
    order: Sequence[str] = (),
) -> Picture:
    """A bar per group, all equally long, divided by class; what is hidden is hatched.

    Args:
        rows: group, class, aantal (null is hidden), in this order of columns.
        caption: the texts.
        subject: the dimension of the classes, for their colours.
        totals: the number that each group is the whole of; null is hidden.
        order: the classes in their order.
    """
    group, label, count = rows.columns[:3]
    groups = rows[group].unique(maintain_order=True).to_list()
    present = rows[label].unique(maintain_order=True).to_list()
    labels = [*(one for one in order if one in present), *(one for one in present if one not in order)]
    colours = class_colours(labels, subject)
    counts = {(row[0], row[1]): row[2] or 0 for row in rows.select(group, label, count).iter_rows()}
    legend_labels = [*labels, HIDDEN]
    per_line = 5 if sum(map(len, legend_labels)) < _LONG_LEGEND else 4
    above = LEGEND_LINE * -(-len(legend_labels) // per_line)
    hidden = False
    with picture_settings():
        figure, axes = start(caption, ROW * len(groups) + above, left=room(groups), right=0.15)
        keep_free(axes, above / (ROW * len(groups) + above))
        for place, name in enumerate(groups):
            shown = sum(counts.get((name, one), 0) for one in labels)
            whole, left = max(totals.get(name) or 0, shown, 1), 0.0
            for one in labels:
                width = counts.get((name, one), 0) / whole
                axes.barh(place, width, _BAR / ROW, left, color=colours[one], edgecolor=PAPER, linewidth=1)
                if width > _ENOUGH:
                    axes.text(
                        left + width / 2, place, percent(width), ha="center", va="center_baseline", fontsize=8,
                        color=ink_on(colours[one]),
                    )  # fmt: skip
                left += width
            # What is left is hidden, or comes from rounding.
            if left < 1 - _ROUNDED:
                hidden = True
                axes.barh(
                    place, 1 - left, _BAR / ROW, left, color=PAPER, edgecolor="#7d8994", linewidth=0.5, hatch="////"
                )
        axes.set_yticks(range(len(groups)), groups)
        axes.set_ylim(max(len(groups), 1) - 0.5, -0.5)
        axes.set_xlim(0, 1)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        legend(axes, colours, hidden=HIDDEN if hidden else "", columns=per_line)
        return finish(figure, caption, f"{caption.title}. Staven per {group}, verdeeld naar {label}.", rows)


def lines(rows: pl.DataFrame, caption: Caption, *, subject: str = "", shares: bool = False) -> Picture:
    """A line per class over time, each named at its end.

    Args:
        rows: day (Date), class, value (null where unknown or hidden), in this order of columns.
        caption: the texts.
        subject: the dimension of the classes.
        shares: the values are shares (0..1).
    """
    day, label, value = rows.columns[:3]
    labels = rows[label].unique(maintain_order=True).to_list()
    colours = class_colours(labels, subject)
    said = percent if shares else number
    with picture_settings():
        figure, axes = start(caption, 3.1, left=0.62, right=room(labels) + 0.55)
        ends = []
        for one in labels:
            part = rows.filter(pl.col(label) == one).sort(day)
            days, values = _DATES.date2num(part[day].to_list()), part[value].to_list()
            plotted = [float("nan") if number is None else number for number in values]
            axes.plot(
                days, plotted, color=colours[one], linewidth=2.2, marker="o", markersize=4.5, markeredgecolor=PAPER
            )
            if values and values[-1] is not None:
                ends.append((values[-1], one))
        _time_axis(axes, rows[day].to_list(), said)
        axes.set_ylim(0, max((v for v in rows[value] if v is not None), default=1) * 1.08 or 1)
        for height, (end, one) in _apart(ends, axes):
            axes.annotate(
                f"{one}  {said(end)}", (1.012, height), xycoords=axes.get_yaxis_transform(), va="center", fontsize=8.5,
                color=INK, annotation_clip=False,
            )  # fmt: skip
            axes.plot(
                [1.0, 1.008], [end, height], transform=axes.get_yaxis_transform(), color=colours[one], linewidth=1.2,
                clip_on=False,
            )  # fmt: skip
        return finish(figure, caption, f"{caption.title}. Lijnen door de tijd, per {label}.", rows)


def stacked_areas(rows: pl.DataFrame, caption: Caption, *, subject: str, order: Sequence[str] = ()) -> Picture:
    """What a whole is made of over time; arguments as ``lines``, and the classes in their order from below."""
    day, label, value = rows.columns[:3]
    days = rows[day].unique().sort().to_list()
    present = rows[label].unique(maintain_order=True).to_list()
    labels = [*(one for one in order if one in present), *(one for one in present if one not in order)]
    colours = class_colours(labels, subject)
    held = {(row[0], row[1]): row[2] or 0 for row in rows.select(day, label, value).iter_rows()}
    series = [[held.get((one_day, one), 0) for one_day in days] for one in labels]
    with picture_settings():
        figure, axes = start(caption, 3.1, left=0.62, right=room(labels) + 0.55)
        hidden = set(rows.filter(pl.col(value).is_null())[day])
        runs = _runs([one_day not in hidden for one_day in days])
        for run in runs:
            part = [[values[place] for place in run] for values in series]
            axes.stackplot(
                _DATES.date2num([days[place] for place in run]), part, colors=[colours[one] for one in labels],
                edgecolor=PAPER, linewidth=1,
            )  # fmt: skip
        for begin, until in _gaps(runs, len(days)):
            axes.axvspan(*_DATES.date2num([days[begin], days[until]]), fc=PAPER, ec="#7d8994", hatch="////")
        _time_axis(axes, days, number)
        if hidden:
            keep_free(axes, LEGEND_LINE / 3.1)
            legend(axes, {}, hidden=f"{HIDDEN}; de aantallen rechts zijn van de laatste dag die geheel te tonen is")
        top = max((sum(column) for column in zip(*series, strict=True)), default=1) or 1
        axes.set_ylim(0, top * 1.02)
        axes.grid(visible=False)
        seen = runs[-1][-1] if runs else -1
        below, ends = 0.0, []
        for one, values in zip(labels, series, strict=True):
            ends.append((below + values[seen] / 2, one))
            below += values[seen]
        last = {one: values[seen] for one, values in zip(labels, series, strict=True)}
        _label_ends(axes, ends, last, colours)
        return finish(figure, caption, f"{caption.title}. Opgestapeld door de tijd, naar {label}.", rows)


def _label_ends(
    axes: Axes, ends: Sequence[tuple[float, str]], last: Mapping[str, int], colours: Mapping[str, str]
) -> None:
    """The names of areas with their last number, beside them."""
    for height, (end, one) in _apart(ends, axes):
        axes.annotate(
            f"{one}  {number(last[one])}", (1.03, height), xycoords=axes.get_yaxis_transform(), va="center",
            fontsize=8.5, annotation_clip=False,
        )  # fmt: skip
        axes.plot(
            [1.005, 1.022], [end, height], transform=axes.get_yaxis_transform(), color=colours[one], linewidth=2.5,
            clip_on=False, solid_capstyle="butt",
        )  # fmt: skip


def _runs(whole: Sequence[bool]) -> list[list[int]]:
    """The places that are next to each other and whole."""
    runs: list[list[int]] = []
    for place, good in enumerate(whole):
        if good and place and whole[place - 1] and runs:
            runs[-1].append(place)
        elif good:
            runs.append([place])
    return runs


def _gaps(runs: Sequence[Sequence[int]], length: int) -> list[tuple[int, int]]:
    """From where to where nothing can be drawn: between the runs, before the first and after the last."""
    ends = [0, *(place for run in runs for place in (run[0], run[-1])), length - 1]
    return [(begin, end) for begin, end in zip(ends[::2], ends[1::2], strict=True) if begin < end]


def _time_axis(axes: Axes, days: Sequence[date], said: object) -> None:
    locator = _DATES.AutoDateLocator(minticks=3, maxticks=8)
    axes.xaxis.set_major_locator(locator)
    formatter = _DATES.ConciseDateFormatter(locator, show_offset=False)
    formatter.formats = ["%Y", "%m-%Y", "%d-%m-%Y", "%d-%m-%Y", "%d-%m-%Y", "%d-%m-%Y"]
    formatter.zero_formats = formatter.formats
    axes.xaxis.set_major_formatter(formatter)
    numbers = _DATES.date2num([min(days), max(days)])
    axes.set_xlim(numbers[0], max(numbers[1], numbers[0] + 1))
    axes.yaxis.set_major_formatter(lambda value, _place: said(value) if callable(said) else str(value))
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", labelcolor=SOFT)


def _apart(ends: Sequence[tuple[float, str]], axes: Axes) -> list[tuple[float, tuple[float, str]]]:
    """Places for labels beside their values, from below, so far apart that they can be read."""
    low, high = axes.get_ylim()
    least = 0.062 * (high - low)
    placed: list[tuple[float, tuple[float, str]]] = []
    for end in sorted(ends):
        height = end[0] if not placed else max(end[0], placed[-1][0] + least)
        placed.append((height, end))
    return placed
