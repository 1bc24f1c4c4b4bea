"""GML positions of a batch to WKB, all at once: numbers are parsed and rings assembled without a loop over records."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from importers.bag_raw import EXTERIOR, INTERIOR, POINT

# Bounds of the Netherlands in RD (EPSG:28992), metres, with a margin for the sea.
MIN_X, MAX_X, MIN_Y, MAX_Y = -10_000.0, 310_000.0, 280_000.0, 660_000.0

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Geometries:
    """WKB per record (2D, EPSG:28992; null when there is none) and, per faulty record, what is wrong in Dutch."""

    wkb: pl.Series
    broken: dict[int, str]
    outside: list[int]


@dataclass(frozen=True, slots=True)
class _Rings:
    """Rings of a batch in document order: record and kind of each, its vertices as offsets into ``vertices``."""

    record: Integers
    kind: Integers
    offsets: Integers
    vertices: Numbers  # shape (n, 2), metres

    @property
    def lengths(self) -> Integers:
        """Vertices per ring."""
        return np.diff(self.offsets)

    def kept(self, keep: Flags) -> "_Rings":
        """The rings for which ``keep`` is true."""
        lengths = self.lengths
        offsets = np.concatenate(([0], np.cumsum(lengths[keep])))
        return _Rings(self.record[keep], self.kind[keep], offsets, self.vertices[np.repeat(keep, lengths)])


def build_geometries(rings: pl.DataFrame, count: int) -> Geometries:
    """Make the geometry of ``count`` records from their rings (schema ``bag_raw.RINGS``).

    A record with one surface becomes a Polygon with its holes, with more a MultiPolygon, with a position a Point. A
    record whose numbers or rings are wrong gets no geometry and a reason; the others are not affected.
    """
    broken: dict[int, str] = {}
    parsed = _parse(rings, broken)
    _note(broken, parsed.record[_unclosed(parsed)], "een ring is niet gesloten of heeft minder dan vier punten")
    _note(
        broken, parsed.record[_misplaced(parsed)], "de geometrie heeft een gat zonder buitenrand of meer dan één punt"
    )
    if broken:
        parsed = parsed.kept(~np.isin(parsed.record, list(broken)))
    wkb: npt.NDArray[Any] = np.full(count, None, dtype=object)
    points = parsed.kind == POINT
    if points.any():
        chosen = parsed.kept(points)
        wkb[chosen.record] = _to_wkb(shapely.points(chosen.vertices))
    if not points.all():
        _add_surfaces(wkb, parsed.kept(~points) if points.any() else parsed)
    return Geometries(pl.Series("geometrie", wkb.tolist(), dtype=pl.Binary()), broken, _outside(parsed))


def _note(broken: dict[int, str], records: Integers, reason: str) -> None:
    for record in np.unique(records).tolist():
        broken.setdefault(record, reason)


def _parse(rings: pl.DataFrame, broken: dict[int, str]) -> _Rings:
    """Numbers of all rings; rings of records with something unreadable are left out and noted."""
    text = rings["text"].str.strip_chars()
    if text.str.contains(r"\s\s|[\t\r\n]").any():
        text = text.str.replace_all(r"\s+", " ")
    pieces = text.str.split(" ")
    lengths = pieces.list.len().cast(pl.Int64).to_numpy()
    flat = pieces.explode().cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
    record = rings["record"].cast(pl.Int64).to_numpy()
    kind = rings["kind"].cast(pl.Int64).to_numpy()
    dimensions = rings["dimensions"].to_numpy()
    sound_dimensions = np.isin(dimensions, (2, 3))
    uneven = ~sound_dimensions | (lengths % np.where(sound_dimensions, dimensions, 1) != 0)
    ring_of_number = np.repeat(np.arange(len(lengths)), lengths)
    _note(broken, record[ring_of_number[~np.isfinite(flat)]], "een coördinaat is geen getal")
    _note(broken, record[uneven], "het aantal getallen past niet bij het aantal dimensies")
    if broken:
        keep = ~np.isin(record, list(broken))
        flat = flat[np.repeat(keep, lengths)]
        record, kind, dimensions, lengths = record[keep], kind[keep], dimensions[keep], lengths[keep]
    starts = np.concatenate(([0], np.cumsum(lengths)))
    place = np.arange(len(flat)) - np.repeat(starts[:-1], lengths)
    coordinate = place % np.repeat(dimensions, lengths)
    vertices = np.column_stack((flat[coordinate == 0], flat[coordinate == 1]))
    offsets = np.concatenate(([0], np.cumsum(lengths // dimensions)))
    return _Rings(record, kind, offsets, vertices)


def _unclosed(rings: _Rings) -> Flags:
    """Rings of surfaces that do not end where they begin, or have fewer than four positions."""
    if not len(rings.record):
        return np.zeros(0, dtype=np.bool_)
    first, last = rings.vertices[rings.offsets[:-1]], rings.vertices[rings.offsets[1:] - 1]
    unclosed: Flags = (rings.kind != POINT) & ((rings.lengths < 4) | (first != last).any(axis=1))
    return unclosed


def _misplaced(rings: _Rings) -> Flags:
    """A hole that starts a record, a point that is not the only thing of its record or is several positions."""
    starts = np.concatenate(([True], rings.record[1:] != rings.record[:-1]))[: len(rings.record)]
    point = rings.kind == POINT
    misplaced: Flags = ((rings.kind == INTERIOR) & starts) | (point & (~starts | (rings.lengths != 1)))
    follows_point = np.concatenate(([False], point[:-1]))[: len(point)] & ~starts
    return misplaced | follows_point


def _add_surfaces(wkb: npt.NDArray[Any], rings: _Rings) -> None:
    """Polygons, and MultiPolygons where a record has several exteriors."""
    exteriors = np.flatnonzero(rings.kind == EXTERIOR)
    if not len(exteriors):
        return
    polygon_offsets = np.concatenate((exteriors, [len(rings.kind)]))
    polygons = shapely.from_ragged_array(shapely.GeometryType.POLYGON, rings.vertices, (rings.offsets, polygon_offsets))
    records, first, surfaces = np.unique(rings.record[exteriors], return_index=True, return_counts=True)
    single = surfaces == 1
    wkb[records[single]] = _to_wkb(polygons[first[single]])
    several = np.flatnonzero(~single)
    if len(several):
        parts = np.concatenate([np.arange(first[i], first[i] + surfaces[i]) for i in several])
        owner = np.repeat(np.arange(len(several)), surfaces[several])
        wkb[records[several]] = _to_wkb(shapely.multipolygons(polygons[parts], indices=owner))


def _to_wkb(geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Little-endian, two dimensions: the same bytes for the same geometry on every machine."""
    encoded: npt.NDArray[Any] = shapely.to_wkb(geometries, output_dimension=2, byte_order=1)
    return encoded


def _outside(rings: _Rings) -> list[int]:
    """Records with a position that is not in the Netherlands: probably another coordinate system."""
    x, y = rings.vertices[:, 0], rings.vertices[:, 1]
    outside = (x < MIN_X) | (x > MAX_X) | (y < MIN_Y) | (y > MAX_Y)
    if not outside.any():
        return []
    return np.unique(np.repeat(rings.record, rings.lengths)[outside]).tolist()  # type: ignore[no-any-return]
