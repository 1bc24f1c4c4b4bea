"""What the map draws: dwellings as points with what a rule says of them, and areas as surfaces; GeoJSON in WGS84."""

import json
from collections.abc import Collection, Iterable
from typing import Any, Final

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


def dwellings_geojson(web: Web, *, regel: str | None, gebied: str | None, gebieden: Collection[str] | None) -> bytes:
    """The dwellings of today, as far as they lie in ``gebieden`` (None: everywhere).

    Args:
        web: the application.
        regel: what this rule says; None is every rule.
        gebied: code of an area; None is all.
        gebieden: the areas of who asks.
    """
    points = _points(web)
    for codes in ([gebied] if gebied else None, gebieden):
        if codes is not None:
            points = points.filter(pl.col(_OBJECT).is_in(_inside(web, codes).implode()))
    with web.store.read() as connection:
        found = outcomes_by_dwelling(connection, regel=regel, gebieden=gebieden, on=web.today())
    # The gravest comes last, and stays.
    worst = dict(sorted(found, key=lambda one: OUTCOMES.index(one[1]), reverse=True))
    features = (
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(x, _DECIMALS), round(y, _DECIMALS)]},
            "properties": {"id": object_id, "u": worst.get(object_id, NOTHING)},
        }
        for object_id, x, y in points.iter_rows()
    )
    return _collection(features)


def areas_geojson(web: Web, *, gebieden: Collection[str] | None) -> bytes:
    """The buurten of today; of who is bound to areas only those in which his dwellings lie."""
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
    return _collection(features)


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
        return placed.select(_OBJECT, x=pl.Series(x), y=pl.Series(y))

    return keep(web, ("points", web.today()), make)


def _lying(web: Web) -> pl.DataFrame:
    """In which areas each dwelling lies today: adresseerbaar_object_id, gebied_code."""

    def make() -> pl.DataFrame:
        with web.store.read() as connection:
            return read_gebieden(connection, peildatum=web.today(), known=known_of(web))

    return keep(web, ("lying", web.today()), make)


def _inside(web: Web, codes: Collection[str]) -> pl.Series:
    return _lying(web).filter(pl.col("gebied_code").is_in(list(codes)))[_OBJECT]


def _collection(features: Iterable[dict[str, Any]]) -> bytes:
    content = {"type": "FeatureCollection", "features": list(features)}
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
