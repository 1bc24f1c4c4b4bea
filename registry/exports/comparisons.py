"""Charts that compare: now against then, and numbers with their intervals."""

from typing import Final

import polars as pl

from registry.exports.picture_style import (
    FAINT,
    LEGEND_LINE,
    PAPER,
    ROW,
    SOFT,
    Caption,
    Picture,
    class_colours,
    finish,
    keep_free,
    legend,
    number,
    percent,
    picture_settings,
    room,
    start,
)

_MOST_TICKS: Final = 12
_NOW, _THEN = "#0b4f8a", "#e69f00"


def now_and_then(rows: pl.DataFrame, caption: Caption, *, names: tuple[str, str] = ("nu", "dan")) -> Picture:
    """Two numbers per group on one line, with the difference.

    Args:
        rows: group, now, then (null is hidden), in this order of columns.
        caption: the texts.
        names: what the two are called.
    """
    group, now, then = rows.columns[:3]
    groups = rows[group].to_list()
    longest = max([*rows[now].drop_nulls(), *rows[then].drop_nulls(), 1])
    height = ROW * max(len(groups), 1) + LEGEND_LINE
    with picture_settings():
        figure, axes = start(caption, height, left=room(groups), right=0.9)
        keep_free(axes, LEGEND_LINE / height)
        for place, (before, after) in enumerate(rows.select(now, then).iter_rows()):
            axes.axhline(place, color=FAINT, linewidth=0.7, zorder=0)
            if before is None or after is None:
                axes.text(0.0, place, " afgeschermd", va="center", fontsize=8, color=SOFT)
                continue
            axes.plot([before, after], [place, place], color="#aab4bd", linewidth=3.5, solid_capstyle="round", zorder=1)
            axes.scatter([before], [place], s=46, color=_NOW, zorder=3, edgecolor=PAPER)
            axes.scatter([after], [place], s=46, color=_THEN, zorder=2, edgecolor=PAPER, marker="D")
            axes.annotate(
                f"{number(before)} → {number(after)}", (1.02, place), xycoords=axes.get_yaxis_transform(), va="center",
                fontsize=8.5, annotation_clip=False,
            )  # fmt: skip
        axes.set_yticks(range(len(groups)), groups)
        axes.set_ylim(max(len(groups), 1) - 0.5, -0.5)
        axes.set_xlim(-0.02 * longest, 1.05 * longest)
        axes.xaxis.set_major_formatter(lambda value, _place: number(value))
        legend(axes, {names[0]: _NOW, names[1]: _THEN})
        return finish(figure, caption, f"{caption.title}. Per {group}: {names[0]} en {names[1]}.", rows)


def intervals(rows: pl.DataFrame, caption: Caption, *, shares: bool = True) -> Picture:
    """A number per group with its interval, above each other.

    Args:
        rows: group, series, value, low, high (null where it cannot be told), in this order of columns.
        caption: the texts.
        shares: the values are shares (0..1).
    """
    group, series = rows.columns[:2]
    groups, kinds = (rows[name].unique(maintain_order=True).to_list() for name in (group, series))
    colours = class_colours(kinds)
    said = percent if shares else number
    with picture_settings():
        figure, axes = start(caption, 3.1, left=0.62, right=0.15)
        keep_free(axes, LEGEND_LINE / 3.1)
        for name, kind, value, low, high in rows.iter_rows():
            if value is None:
                continue
            place = groups.index(name) + 0.16 * (kinds.index(kind) - (len(kinds) - 1) / 2)
            axes.plot([place, place], [low, high], color=colours[kind], linewidth=2, alpha=0.55)
            axes.scatter([place], [value], s=34, color=colours[kind], edgecolor=PAPER, zorder=3)
        step = -(-len(groups) // _MOST_TICKS)
        axes.set_xticks(range(0, len(groups), step), groups[::step])
        axes.yaxis.set_major_formatter(lambda value, _place: said(value))
        axes.set_ylim(bottom=0)
        axes.set_xlim(-0.5, len(groups) - 0.5)
        axes.grid(axis="y", color=FAINT, linewidth=0.7)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", labelcolor=SOFT)
        legend(axes, colours)
        return finish(figure, caption, f"{caption.title}. Punten met hun interval, per {group}.", rows)
