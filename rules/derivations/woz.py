"""What a dwelling was worth on a day, by the WOZ value that then held."""

from typing import Final

import polars as pl

from rules.derivations.vaststellingen import OBJECT


def _differ() -> pl.Expr:
    """Whether a group holds more than one value; not determined counts as one too."""
    value = pl.col("waarde")
    some, none = value.count() > 0, value.null_count() > 0
    return some & ((value.min() != value.max()) | none)


def _held(values: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """The values that held at each moment: of the latest waardepeildatum the one with the latest ingangsdatum."""
    # Only the dates take part in the join of all values; the rest is fetched for the few that remain.
    dates = values.lazy().select(OBJECT, "waardepeildatum", "ingangsdatum").with_row_index("rij")
    found = (
        wanted.lazy()
        .join(dates, on=OBJECT)
        .filter(pl.col("ingangsdatum") <= pl.col("dag"))
        .filter(pl.col("waardepeildatum") == pl.col("waardepeildatum").max().over("moment"))
        .select("moment", "rij")
        .collect()
    )
    rows = values.drop(OBJECT)[found.get_column("rij")]
    latest = pl.col("ingangsdatum") == pl.col("ingangsdatum").max().over("moment", "woz_object")
    return found.select("moment").hstack(rows).filter(latest)


def woz_on(values: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """The value per object and day: of those with an ingangsdatum on or before it, the latest waardepeildatum.

    Of one waardepeildatum the latest ingangsdatum counts. A value of a WOZ object with more dwellings is the most
    that this dwelling can be worth; that of a dwelling with more WOZ objects is the least. Two different values of
    one WOZ object for the same dates contradict each other, and leave the value unknown.

    Args:
        values: WOZ values (schema ``WOZ_WAARDEN``).
        days: ``adresseerbaar_object_id`` and ``dag``.

    Returns:
        ``adresseerbaar_object_id``, ``dag``, ``woz_laag`` and ``woz_hoog`` (euro, Float64; equal when the value is
        known), ``woz_waardepeildatum``, ``woz_bezwaar``, ``woz_tegenstrijdig``.
    """
    wanted = days.unique().drop_nulls().with_row_index("moment")
    held = _held(values, wanted)
    # Most moments have one value, which needs no grouping: that is most of the work of a whole stock.
    alone = pl.col("moment").is_unique()
    found = pl.concat([_of_one(held.filter(alone)), _of_more(held.filter(~alone))])
    return found.join(wanted, on="moment").drop("moment")


_SHARED: Final = (pl.col("aantal_objecten") > 1).fill_null(value=False)


def _of_one(held: pl.DataFrame) -> pl.DataFrame:
    value, several = pl.col("waarde").cast(pl.Float64), (pl.col("aantal_woz") > 1).fill_null(value=False)
    return held.select(
        "moment",
        woz_laag=pl.when(_SHARED).then(0.0).otherwise(value),
        woz_hoog=pl.when(~several).then(value),
        woz_waardepeildatum="waardepeildatum",
        woz_bezwaar=pl.col("bezwaar").fill_null(value=False),
        woz_tegenstrijdig=pl.lit(value=False),
    )


def _of_more(held: pl.DataFrame) -> pl.DataFrame:
    per_woz = held.group_by("moment", "woz_object").agg(
        waarde=pl.when(~_differ()).then(pl.col("waarde").min()),
        tegenstrijdig=_differ(),
        shared=_SHARED.any(),
        parts=pl.col("aantal_woz").max(),
        woz_waardepeildatum=pl.col("waardepeildatum").max(),
        bezwaar=pl.col("bezwaar").any(),
    )
    value, known = pl.col("waarde").cast(pl.Float64), pl.col("waarde").is_not_null().all()
    several = (pl.len() > 1) | (pl.col("parts").max() > 1).fill_null(value=False)
    bounds = per_woz.group_by("moment").agg(
        woz_laag=pl.when(pl.col("shared").any()).then(0.0).otherwise(value.max()),
        # All parts of the dwelling together are the most; where one is missing, there is no most.
        woz_hoog=pl.when(~several)
        .then(value.max())
        .when(known & (pl.len() >= pl.col("parts").max()))
        .then(value.sum()),
        woz_waardepeildatum=pl.col("woz_waardepeildatum").max(),
        woz_bezwaar=pl.col("bezwaar").any(),
        woz_tegenstrijdig=pl.col("tegenstrijdig").any(),
    )
    return bounds.with_columns(
        woz_laag=pl.when(~(pl.col("woz_laag").is_null() | pl.col("woz_tegenstrijdig"))).then("woz_laag")
    )
