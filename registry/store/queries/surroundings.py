"""What lies around a place: the outlines of buildings, for a map that people find their way with."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl
import shapely

from registry.store.engine import ReadConnection
from registry.store.queries.versions import bag_versions
from registry.store.tables import registers


def read_panden_around(
    connection: ReadConnection, points: Sequence[tuple[float, float]], *, metres: float, on: date, known: int
) -> list[shapely.Geometry]:
    """The outlines of the panden of a day within a distance of any of the points, by id.

    Args:
        connection: where to read.
        points: EPSG:28992, metres.
        metres: how far around.
        on: day.
        known: a run number.
    """
    if not points:
        return []
    columns = ("pand_id", "voorkomen", "geometrie")
    found = bag_versions(connection, registers.panden, columns, known=known, on=on).drop_nulls("geometrie")
    latest = found.sort("pand_id", "voorkomen").unique("pand_id", keep="last", maintain_order=True)
    shapes = shapely.from_wkb(np.array(latest["geometrie"].to_list(), dtype=object))
    near = shapely.STRtree(shapes).query(shapely.points(points), predicate="dwithin", distance=metres)[1]
    return [shapes[number] for number in sorted(pl.Series(near).unique().to_list())]
