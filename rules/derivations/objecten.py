"""What the BAG says of an object: function, kind and area, with what was established or measured going first."""

import polars as pl

# What the BAG delivers where the area is not known (CBS, cleaning rules of the woningvoorraad): 1, 9999, 999999 and
# all from 10000 on; 0 and less the BAG does not allow at all.
SMALLEST_AREA = 2
AREA_UNKNOWN_FROM = 10_000
AREA_PLACEHOLDER = 9_999


def has_woonfunctie() -> pl.Expr:
    """Whether the object is meant to live in; a ligplaats or standplaats always is."""
    return (
        pl.when(pl.col("objecttype").is_in(["ligplaats", "standplaats"]))
        .then(pl.lit(value=True))
        .otherwise(pl.col("gebruiksdoelen").list.contains("woonfunctie"))
    )


def places(*, known: bool) -> pl.Expr:
    """Every area in which the object lies, its gemeente too; the gemeente alone where areas were never imported."""
    own = pl.concat_list("gemeente").list.drop_nulls()
    if not known:
        return own
    listed = pl.col("gebieden").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    return pl.when(listed.list.contains(pl.col("gemeente"))).then(listed).otherwise(pl.concat_list(listed, own))


def plausible_oppervlakte() -> pl.Expr:
    """The area of the BAG in m2 (Float64), or null where the BAG's value means that it is not known."""
    area = pl.col("oppervlakte")
    known = (area >= SMALLEST_AREA) & (area < AREA_UNKNOWN_FROM) & (area != AREA_PLACEHOLDER)
    return pl.when(known).then(area.cast(pl.Float64))


def soort() -> pl.Expr:
    """``woning`` or ``woonwagen``; null where that is not known.

    Only a vaststelling makes an object a woonwagen. A standplaats without one may hold a woonwagen or not.
    """
    established = pl.col("woonwagen")
    return (
        pl.when(pl.col("woonwagen_vast"))
        .then(pl.when(established).then(pl.lit("woonwagen")).when(~established).then(pl.lit("woning")))
        .when(pl.col("objecttype") != "standplaats")
        .then(pl.lit("woning"))
    )
