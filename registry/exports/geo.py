"""The stock as a map layer: GeoPackage in RD (EPSG:28992), GeoJSON in WGS84 (RFC 7946).

By area, as counts; or a point per dwelling, for whoever may see single dwellings.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Final

import geopandas as gpd
import polars as pl
import pyogrio
import shapely

from registry.errors import ExportError, UsageError
from registry.exports.files import replacing
from registry.exports.qgis_style import STYLE_LAYER, qml, style_table
from registry.stock.records import OBJECT
from registry.stock.report import Report

_FORMATS: Final = {".gpkg": ("GPKG", 28992), ".geojson": ("GeoJSON", 4326)}
_LAYER: Final = "woningvoorraad"
_OBJECTS: Final = "woningen"
_LET: Final = ("eigendom_particulier_verhuurd", "eigendom_bedrijf")


def area_table(report: Report, shapes: pl.DataFrame) -> gpd.GeoDataFrame:
    """One row per area: gebied_code, naam, peildatum, woningen, and a count per class of each subject.

    A column is named ``<subject>_<class>``; null is hidden, or no such area in the stock.

    Args:
        report: by the area of the shapes.
        shapes: of ``store.queries.stock.read_area_shapes``.

    Raises:
        UsageError: no area has a surface on the day.
    """
    drawn = shapes.filter(pl.col("geometrie").is_not_null())
    if drawn.is_empty():
        raise UsageError(
            f"Op {report.op:%d-%m-%Y} is van geen enkel gebied van de soort {report.area} de omtrek bekend."
        )
    first, *others = report.tables
    wide = drawn.select("gebied_code", naam="label").join(
        first.rows.select(naam=report.area, woningen="aantal"), on="naam", how="left"
    )
    for table in others:
        subject = table.per[1]
        labels = table.rows[subject].unique(maintain_order=True).to_list()
        for label in labels:
            column = f"{subject}_{column_name(label)}"
            counts = table.rows.filter(pl.col(subject) == label).select(
                naam=report.area, found=pl.lit(value=True), counted="aantal"
            )
            # A class that an area does not have is zero there, unless the area itself is hidden.
            joined = wide.join(counts, on="naam", how="left").select(
                pl.when(pl.col("found")).then("counted").when(pl.col("woningen").is_not_null()).then(0).alias(column)
            )
            wide = wide.with_columns(joined[column].cast(pl.Int64))
    frame = gpd.GeoDataFrame(
        {name: wide[name].to_list() for name in wide.columns} | {"peildatum": report.op.isoformat()},
        geometry=shapely.from_wkb(drawn["geometrie"].to_list()),
        crs=28992,
    )
    counted = [name for name in wide.columns if name not in ("gebied_code", "naam")]
    return frame.astype(dict.fromkeys(counted, "Int64"))


def column_name(label: str) -> str:
    """A class as part of a column name: small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")


def write_geo(path: Path, frame: gpd.GeoDataFrame, *, made_at: datetime) -> int:
    """Write the layer with a style for QGIS; the number of areas.

    The style stands in a GeoPackage, and beside a GeoJSON as a .qml of the same name.

    Args:
        path: the .gpkg or .geojson to make or to replace.
        frame: of ``area_table``.
        made_at: when, in Dutch local time.

    Raises:
        UsageError: the name ends in another way than .gpkg or .geojson.
        ExportError: the file cannot be written.
    """
    name, style = _style(frame)
    _write(path, frame, _LAYER, (name, style), made_at)
    return len(frame)


def object_table(labels: pl.DataFrame, locations: pl.DataFrame, adressen: pl.DataFrame) -> gpd.GeoDataFrame:
    """One point per dwelling: its id, its address and its class in each dimension; no person and no number of them.

    Args:
        labels: adresseerbaar_object_id and a column per dimension.
        locations: adresseerbaar_object_id, x and y (metres, EPSG:28992); a dwelling that is not in it has no point.
        adressen: adresseerbaar_object_id and adres.
    """
    rows = labels.join(adressen, on=OBJECT, how="left").join(locations, on=OBJECT, how="left").sort(OBJECT)
    points = [None if x is None else shapely.Point(x, y) for x, y in rows.select("x", "y").iter_rows()]
    shown = rows.select(OBJECT, "adres", *(name for name in labels.columns if name != OBJECT))
    return gpd.GeoDataFrame({name: shown[name].to_list() for name in shown.columns}, geometry=points, crs=28992)


def write_objects(path: Path, frame: gpd.GeoDataFrame, *, made_at: datetime) -> int:
    """Write the points of ``object_table``; how many there are. Errors as for ``write_geo``."""
    _write(path, frame, _OBJECTS, None, made_at)
    return len(frame)


def _write(path: Path, frame: gpd.GeoDataFrame, layer: str, style: tuple[str, str] | None, made_at: datetime) -> None:
    """Write a layer, with a named style for QGIS if there is one."""
    if path.suffix.lower() not in _FORMATS:
        raise UsageError(f"'{path.name}' eindigt niet op {' of '.join(_FORMATS)}.")
    driver, crs = _FORMATS[path.suffix.lower()]
    if not path.parent.is_dir():
        raise ExportError(f"Het bestand {path} is niet geschreven: de map bestaat niet.")
    with replacing(path) as temporary:
        made = temporary.with_suffix(path.suffix)  # GDAL looks at the name
        try:
            frame.to_crs(crs).to_file(made, driver=driver, layer=layer, engine="pyogrio")
            if driver == "GPKG" and style is not None:
                row = style_table(layer, style[1], style[0], made_at)
                pyogrio.write_dataframe(row, made, layer=STYLE_LAYER, driver=driver, append=True)
            made.replace(temporary)
        finally:
            made.unlink(missing_ok=True)
    if driver != "GPKG" and style is not None:
        with replacing(path.with_suffix(".qml")) as temporary:
            temporary.write_text(style[1], encoding="utf-8")


def _style(frame: gpd.GeoDataFrame) -> tuple[str, str]:
    """What is shown first: the share that is let by others than a corporatie, else the first share that there is."""
    counted = [
        name for name in frame.columns if name not in ("gebied_code", "naam", "woningen", "peildatum", "geometry")
    ]
    let = [name for name in _LET if name in counted] or counted[:1]
    parts = " + ".join(f'coalesce("{name}", 0)' for name in let) or '"woningen"'
    expression = f'({parts}) / "woningen"'
    sums = frame[let].fillna(0).sum(axis=1) if let else frame["woningen"]
    known = (sums / frame["woningen"]).astype("Float64").dropna()
    title = "Aandeel verhuurd, zonder corporaties" if set(let) <= set(_LET) and let else f"Aandeel {' '.join(let)}"
    return title, qml(expression, [float(value) for value in known], title)
