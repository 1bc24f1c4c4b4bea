"""What lies around a place: the outlines of buildings, for a map that people find their way with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import shapely

from registry.store.engine import ReadConnection
from registry.store.queries.versions import bag_versions
from registry.store.tables import registers


@dataclass(frozen=True, slots=True)
class Panden:
    """Outlines of panden (EPSG:28992), in the order of their ids."""

    tree: shapely.STRtree

    def near(self, points: Sequence[tuple[float, float]], *, metres: float) -> list[shapely.Geometry]:
        """The outlines within a distance of any of the points."""
        near = self.tree.query(shapely.points(points), predicate="dwithin", distance=metres)[1]
        return [self.tree.geometries[number] for number in sorted(pl.Series(near).unique().to_list())]


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
    return read_panden(connection, on=on, known=known).near(points, metres=metres) if points else []


def read_panden(connection: ReadConnection, *, on: date, known: int) -> Panden:
    """The outlines of the panden of a day, ready to be asked what lies near.

    Args:
        connection: where to read.
        on: day.
        known: a run number.
    """
    columns = ("pand_id", "voorkomen", "geometrie")
    found = bag_versions(connection, registers.panden, columns, known=known, on=on).drop_nulls("geometrie")
    latest = found.sort("pand_id", "voorkomen").unique("pand_id", keep="last", maintain_order=True)
    return Panden(shapely.STRtree(shapely.from_wkb(np.array(latest["geometrie"].to_list(), dtype=object))))
