"""What the map draws: dwellings as points with what a rule says of them, and areas as surfaces; GeoJSON in WGS84."""

import json
import math
from collections.abc import Collection
from typing import Final

import polars as pl
import shapely
from pyproj import Transformer

from registry.stock.facts import stock_facts
from registry.store.queries.locations import read_locations
from registry.store.queries.records import read_gebieden
from registry.store.queries.signal_list import outcomes_by_dwelling
from registry.web.figures import keep, known_of, records_of, shapes_of
from registry.web.state import Web

OUTCOMES: Final = ("signaal", "juridisch_toetsen", "onbekend")
"""What colours a dwelling, the first that it has; the others are grey."""
NOTHING: Final = "geen"
_OBJECT: Final = "adresseerbaar_object_id"
_DECIMALS: Final = 6  # of a degree: a decimetre
_SIMPLER: Final = 2.0  # metres that the outline of an area may be off
_WORLD: Final = 512  # pixels around the earth on the map at zoom 0; each zoom doubles them
_FAR, _NEAR = 9, 16
_SPREAD: Final[dict[int, int]] = {zoom: 2 if zoom < 14 else 3 for zoom in range(_FAR, _NEAR)}
"""Pixels within which points cover each other, per zoom."""


def dwellings_geojson(web: Web, *, regel: str | None, gebied: str | None, gebieden: Collection[str] | None) -> bytes:
    """The dwellings of today, as far as they lie in ``gebieden`` (None: everywhere).

    Each has ``id``, ``u`` (its gravest outcome) and ``z``: from which zoom on it is seen. Further away another dwelling
    without an outcome is drawn on the same spot, and 40,000 points would only make the map slow.

    Args:
        web: the application.
        regel: what this rule says; None is every rule.
        gebied: code of an area; None is all.
        gebieden: the areas of who asks.
    """
    points = _inside_all(web, _points(web), ([gebied] if gebied else None, gebieden))
    with web.store.read() as connection:
        found = outcomes_by_dwelling(connection, regel=regel, gebieden=gebieden, on=web.today())
    ranks = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}
    worst = (
        pl.DataFrame(found, schema={_OBJECT: pl.String, "u": pl.String}, orient="row")
        .sort(pl.col("u").replace_strict(ranks, return_dtype=pl.Int8))
        .unique(_OBJECT, keep="first", maintain_order=True)
    )
    shown = _seen_from(points.join(worst, on=_OBJECT, how="left").with_columns(pl.col("u").fill_null(NOTHING)))
    features = shown.select(
        type=pl.lit("Feature"),
        geometry=pl.struct(type=pl.lit("Point"), coordinates=pl.concat_list("x", "y")),
        properties=pl.struct(pl.col(_OBJECT).alias("id"), "u", "z"),
    )
    return b'{"type":"FeatureCollection","features":' + features.write_json().encode() + b"}"


def areas_geojson(web: Web, *, gebieden: Collection[str] | None) -> bytes:
    """The buurten of today; of who is bound to areas only those in which his dwellings lie.

    ``woningen`` beside them is the box of these dwellings, so that the map can be set before they have come.
    """
    shapes = shapes_of(web, "buurt", web.today()).drop_nulls("geometrie")
    if gebieden is not None:
        own = _lying(web).filter(pl.col(_OBJECT).is_in(_inside(web, gebieden).implode()))
        shapes = shapes.filter(pl.col("gebied_code").is_in(own["gebied_code"].unique().implode()))
    to_degrees = Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True)
    features = []
    for code, wkb, label in shapes.select("gebied_code", "geometrie", "label").iter_rows():
        surface = shapely.simplify(shapely.from_wkb(wkb), _SIMPLER)
        turned = shapely.transform(surface, to_degrees.transform, interleaved=False)
        middle = shapely.point_on_surface(turned)
        properties = {"code": code, "naam": label, "midden": [round(middle.x, _DECIMALS), round(middle.y, _DECIMALS)]}
        geometry = json.loads(shapely.to_geojson(shapely.set_precision(turned, 10**-_DECIMALS)))
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    box = _inside_all(web, _points(web), (gebieden,)).select(
        pl.min("x").alias("west"), pl.min("y").alias("south"), pl.max("x").alias("east"), pl.max("y").alias("north")
    )
    content = {"type": "FeatureCollection", "features": features, "woningen": list(box.row(0))}
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def _points(web: Web) -> pl.DataFrame:
    """The dwellings of today that have a place: adresseerbaar_object_id, x, y in degrees."""

    def make() -> pl.DataFrame:
        with web.store.read() as connection:
            places = read_locations(connection, on=web.today(), known=known_of(web))
        dwellings = stock_facts(records_of(web), op=web.today(), parts=()).select(_OBJECT)
        placed = places.join(dwellings, on=_OBJECT, how="semi").drop_nulls()
        x, y = Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True).transform(
            placed["x"].to_numpy(), placed["y"].to_numpy()
        )
        return placed.select(_OBJECT, x=pl.Series(x).round(_DECIMALS), y=pl.Series(y).round(_DECIMALS)).sort(_OBJECT)

    return keep(web, ("points", web.today()), make)


def _lying(web: Web) -> pl.DataFrame:
    """In which areas each dwelling lies today: adresseerbaar_object_id, gebied_code."""

    def make() -> pl.DataFrame:
        with web.store.read() as connection:
            return read_gebieden(connection, peildatum=web.today(), known=known_of(web))

    return keep(web, ("lying", web.today()), make)


def _inside(web: Web, codes: Collection[str]) -> pl.Series:
    return _lying(web).filter(pl.col("gebied_code").is_in(list(codes)))[_OBJECT]


def _inside_all(web: Web, points: pl.DataFrame, limits: Collection[Collection[str] | None]) -> pl.DataFrame:
    """The points that lie in an area of each limit; None limits nothing."""
    for codes in limits:
        if codes is not None:
            points = points.filter(pl.col(_OBJECT).is_in(_inside(web, codes).implode()))
    return points


def _seen_from(points: pl.DataFrame) -> pl.DataFrame:
    """The points with ``z``: the smallest zoom at which no point before it with the same outcome covers it."""
    latitude = pl.col("y").radians()
    down = (latitude.tan() + 1 / latitude.cos()).log() / (2 * math.pi)  # the projection of map tiles
    cells = points.with_columns(across=pl.col("x") / 360, down=down, z=pl.lit(_NEAR, pl.Int64))
    for zoom in reversed(_SPREAD):
        size = _SPREAD[zoom] / (_WORLD * 2**zoom)
        place = [(pl.col(name) / size).floor().cast(pl.Int64) for name in ("across", "down")]
        first = pl.int_range(pl.len()).over("u", *place) == 0
        cells = cells.with_columns(z=pl.when(first).then(zoom if zoom > _FAR else 0).otherwise("z"))
    # What stands out is always drawn: there are few, and none may be missed.
    return cells.with_columns(z=pl.when(pl.col("u") == NOTHING).then("z").otherwise(0)).drop("across", "down")
