"""A what-if as a map and as a chart: per area now against then."""

from typing import Final

import polars as pl

from registry.exports import comparisons, maps
from registry.exports.picture_style import Caption, Picture
from registry.stock.disclosure import Limits
from registry.stock.reach import Reach, publish_reach

_TITLES: Final = {"beschermd": "beschermde woningen", "signaal": "signalen", "bereikt": "bereikte gevallen"}


def describe_changes(found: Reach) -> str:
    """The other values, as a reader may say them."""
    return ", ".join(f"{name} = {value}" for name, value in found.changes.items())


def reach_rows(found: Reach, limits: Limits | None) -> tuple[str, pl.DataFrame]:
    """What is drawn of a what-if: the measure, and per area nu, dan (null is hidden).

    Counts of dwellings by their value and place are not about persons, but are protected all the same.
    """
    if limits is None:
        measure = found.measure
        rows = found.rows
    else:
        measure = "signaal"
        rows = publish_reach(found, limits)
    return measure, rows.select(found.per, nu=f"{measure}_nu", dan=f"{measure}_dan")


def draw_reach_chart(found: Reach, *, source: str, limits: Limits | None) -> Picture:
    """Now and then per area."""
    measure, rows = reach_rows(found, limits)
    return comparisons.now_and_then(rows, _caption(found, measure, source))


def draw_reach_map(found: Reach, shapes: pl.DataFrame, *, source: str, limits: Limits | None) -> Picture:
    """The difference per area: then minus now.

    Args:
        found: the what-if.
        shapes: of ``store.queries.stock.read_area_shapes``, of the areas of ``found``.
        source: from which deliveries it was made.
        limits: what is hidden and rounded; null shows everything.

    Raises:
        UsageError: no area has a surface.
    """
    measure, rows = reach_rows(found, limits)
    difference: dict[str, float | None] = dict(
        rows.select(found.per, (pl.col("dan") - pl.col("nu")).cast(pl.Float64)).iter_rows()
    )
    caption = _caption(found, measure, source)
    subtitle = f"Verschil: dan min nu, per {found.per}. {caption.subtitle}"
    caption = Caption(caption.title, subtitle, caption.notes)
    return maps.choropleth(difference, shapes, caption, shares=False, diverging=True)


def _caption(found: Reach, measure: str, source: str) -> Caption:
    title = f"Wat als: {_TITLES[measure]}"
    return Caption(
        title,
        f"{found.regel} met {describe_changes(found)}",
        f"Peildatum {found.op:%d-%m-%Y}. {found.definition}Bron: {source}.",
    )
