"""Where each adresseerbaar object lies: a point in EPSG:28992."""

from datetime import date

import numpy as np
import polars as pl
import shapely

from registry.store.engine import ReadConnection
from registry.store.queries.adressen import OBJECT_TABLES
from registry.store.queries.versions import bag_versions


def read_locations(connection: ReadConnection, *, on: date, known: int, only: str | None = None) -> pl.DataFrame:
    """The point of each object of a day, of a surface a point within it: adresseerbaar_object_id, x, y (metres)."""
    parts = []
    for objecttype, table in OBJECT_TABLES.items():
        key = f"{objecttype}_id"
        found = bag_versions(connection, table, (key, "voorkomen", "geometrie"), known=known, on=on, only=only)
        latest = found.drop_nulls("geometrie").sort("voorkomen").unique(key, keep="last", maintain_order=True)
        parts.append(latest.select(pl.col(key).alias("adresseerbaar_object_id"), "geometrie"))
    objects = pl.concat(parts)
    shapes = shapely.from_wkb(np.array(objects["geometrie"].to_list(), dtype=object))
    points = shapely.point_on_surface(shapes)
    return objects.select(
        "adresseerbaar_object_id",
        x=pl.Series(shapely.get_x(points), dtype=pl.Float64),
        y=pl.Series(shapely.get_y(points), dtype=pl.Float64),
    ).sort("adresseerbaar_object_id")
