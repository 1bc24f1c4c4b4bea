"""Places addressable objects in areas by their point, with the period in which they lay there.

A gemeente, wijk or buurt is exclusive: at any moment an object lies in at most one of each. Where two contain it (an
older and a newer division, or a point on their common border) the area that began last counts, then the lowest code.
Own areas may overlap, and an object lies in all of them.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

OBJECTEN = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "geometrie": pl.Binary(),  # WKB in RD; a point, or the surface of a lig- or standplaats
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
    }
)
LIGGING = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "gebied_code": pl.String(),
        "soort": pl.String(),
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
    }
)
BUITEN = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
        "reden": pl.String(),  # geen_geometrie | buiten_elke_buurt
    }
)
EXCLUSIVE = ("gemeente", "wijk", "buurt")

_OBJECT = "adresseerbaar_object_id"
_GROUP = (_OBJECT, "soort")


@dataclass(frozen=True, slots=True)
class Located:
    """Where objects lie (``LIGGING``), and the object periods that lie in no buurt at all (``BUITEN``)."""

    ligging: pl.DataFrame
    buiten: pl.DataFrame


def locate(objecten: pl.DataFrame, gebieden: pl.DataFrame) -> Located:
    """Find the areas of each object.

    Args:
        objecten: columns of ``OBJECTEN``; one row per period of a geometry.
        gebieden: columns of ``importers.records.GEBIEDEN``.

    Returns:
        Periods are the intersection of those of object and area; equal ones that touch are one. The wijk of a buurt and
        the gemeente of a wijk follow from ``bovenliggend_code`` where they have no surface of their own.
    """
    rows = objecten.select(OBJECTEN.names()).cast(OBJECTEN).with_row_index("object_row")
    areas = gebieden.select("gebied_code", "soort", "bovenliggend_code", "geometrie", "valid_from", "valid_until")
    areas = areas.with_row_index("area_row")
    pairs = _find_pairs(rows, areas)
    direct = (
        pairs.join(rows.drop("geometrie"), on="object_row")
        .join(areas.drop("geometrie").rename({"valid_from": "area_from", "valid_until": "area_until"}), on="area_row")
        .with_columns(pl.col("area_from").alias("begun"), *_intersection())
        .filter(pl.col("valid_until").is_null() | (pl.col("valid_from") < pl.col("valid_until")))
        .select(*LIGGING.names(), "bovenliggend_code", "begun")
    )
    placed = pl.concat([direct, *_find_parents(direct, areas)])
    exclusive = pl.col("soort").is_in(EXCLUSIVE)
    ligging = pl.concat(
        [
            merge_periods(_choose_one(placed.filter(exclusive))),
            merge_periods(placed.filter(~exclusive).select(LIGGING.names())),
        ]
    )
    return Located(ligging.sort(_OBJECT, "soort", "valid_from", "gebied_code"), _find_outside(rows, areas, pairs))


def _find_pairs(rows: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Row numbers of objects and areas that contain or touch them."""
    located = rows.filter(pl.col("geometrie").is_not_null()).select("object_row", "geometrie")
    tree = shapely.STRtree(_points(located["geometrie"]))
    surfaces = shapely.from_wkb(areas["geometrie"].to_numpy())
    area_rows, positions = tree.query(surfaces, predicate="intersects")
    return pl.DataFrame(
        {
            "object_row": located["object_row"].to_numpy()[positions],
            "area_row": areas["area_row"].to_numpy()[area_rows],
        },
        schema={"object_row": pl.get_index_type(), "area_row": pl.get_index_type()},
    )


def _points(geometries: pl.Series) -> NDArray[np.object_]:
    """The point itself; of a surface a point that certainly lies in it (its centre may not)."""
    shapes = shapely.from_wkb(geometries.to_numpy())
    surfaces = shapely.get_dimensions(shapes) > 0
    shapes[surfaces] = shapely.point_on_surface(shapes[surfaces])
    return shapes  # type: ignore[no-any-return]


def _intersection() -> tuple[pl.Expr, pl.Expr]:
    until = pl.min_horizontal("valid_until", "area_until")  # nulls are left out, so null only when both are open
    return pl.max_horizontal("valid_from", "area_from").alias("valid_from"), until.alias("valid_until")


def _find_parents(direct: pl.DataFrame, areas: pl.DataFrame) -> list[pl.DataFrame]:
    """Wijk and gemeente that have no surface of their own, from the areas below them."""
    own = areas.select("gebied_code").unique()
    wijken = _climb(direct.filter(pl.col("soort") == "buurt"), "wijk", own)
    below = pl.concat([direct.filter(pl.col("soort") == "wijk"), wijken])
    return [wijken, _climb(below, "gemeente", own)]


def _climb(below: pl.DataFrame, soort: str, own: pl.DataFrame) -> pl.DataFrame:
    parents = below.filter(pl.col("bovenliggend_code").is_not_null()).join(
        own, left_on="bovenliggend_code", right_on="gebied_code", how="anti"
    )
    above = pl.concat_str(pl.lit("GM"), pl.col("bovenliggend_code").str.slice(2, 4))
    is_wijk = pl.col("bovenliggend_code").str.contains(r"^WK[0-9]{4}") & (soort == "wijk")
    return parents.select(
        _OBJECT,
        pl.col("bovenliggend_code").alias("gebied_code"),
        pl.lit(soort).alias("soort"),
        "valid_from",
        "valid_until",
        pl.when(is_wijk).then(above).alias("bovenliggend_code"),
        "begun",
    )


def _choose_one(placed: pl.DataFrame) -> pl.DataFrame:
    """Cuts the periods of rivals at each other's bounds and keeps the best area of each piece."""
    rivals = pl.struct(_GROUP).is_duplicated()
    alone = placed.filter(~rivals).select(LIGGING.names())
    contested = placed.filter(rivals)
    bounds = (
        pl.concat(
            [
                contested.select(*_GROUP, pl.col("valid_from").alias("piece_from")),
                contested.select(*_GROUP, pl.col("valid_until").alias("piece_from")).drop_nulls("piece_from"),
            ]
        )
        .unique()
        .sort(*_GROUP, "piece_from")
        .with_columns(pl.col("piece_from").shift(-1).over(_GROUP).alias("piece_until"))
    )
    covers = (pl.col("valid_from") <= pl.col("piece_from")) & (
        pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("piece_from"))
    )
    pieces = (
        bounds.join(contested, on=_GROUP)
        .filter(covers)
        .sort(*_GROUP, "piece_from", "begun", "gebied_code", descending=[False, False, False, True, False])
        .unique([*_GROUP, "piece_from"], keep="first", maintain_order=True)
        .select(
            _OBJECT, "gebied_code", "soort",
            pl.col("piece_from").alias("valid_from"), pl.col("piece_until").alias("valid_until"),
        )
    )  # fmt: skip
    return pl.concat([alone, pieces])


def merge_periods(placed: pl.DataFrame) -> pl.DataFrame:
    """Periods of one object in one area that touch or overlap become one."""
    group = [_OBJECT, "soort", "gebied_code"]
    far = pl.date(9999, 12, 31)
    reached = pl.col("until").cum_max().shift(1).over(group)
    repeated = pl.struct(group).is_duplicated()  # few: windows over every object would cost seconds
    merged = (
        placed.filter(repeated)
        .with_columns(pl.col("valid_until").fill_null(far).alias("until"))
        .sort(*group, "valid_from")
        .with_columns((reached.is_null() | (pl.col("valid_from") > reached)).alias("starts"))
        .with_columns(pl.col("starts").cum_sum().over(group).alias("stretch"))
        .group_by(*group, "stretch")
        .agg(pl.col("valid_from").min(), pl.col("until").max())
        .with_columns(pl.when(pl.col("until") != far).then("until").alias("valid_until"))
    )
    return pl.concat([placed.filter(~repeated).select(LIGGING.names()), merged.select(LIGGING.names())])


def _find_outside(rows: pl.DataFrame, areas: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    buurten = areas.filter(pl.col("soort") == "buurt").select("area_row")
    if buurten.is_empty():
        return pl.DataFrame(schema=BUITEN)
    inside = pairs.join(buurten, on="area_row", how="semi")
    reden = pl.when(pl.col("geometrie").is_null()).then(pl.lit("geen_geometrie")).otherwise(pl.lit("buiten_elke_buurt"))
    outside = rows.join(inside, on="object_row", how="anti")
    return outside.select(_OBJECT, "valid_from", "valid_until", reden.alias("reden")).sort(_OBJECT, "valid_from")
