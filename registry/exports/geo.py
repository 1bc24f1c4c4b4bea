"""The stock by area as a map layer: GeoPackage in RD (EPSG:28992), GeoJSON in WGS84 (RFC 7946). Aggregates only."""

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
from registry.stock.report import Report

_FORMATS: Final = {".gpkg": ("GPKG", 28992), ".geojson": ("GeoJSON", 4326)}
_LAYER: Final = "woningvoorraad"
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
    if path.suffix.lower() not in _FORMATS:
        raise UsageError(f"'{path.name}' eindigt niet op {' of '.join(_FORMATS)}.")
    driver, crs = _FORMATS[path.suffix.lower()]
    if not path.parent.is_dir():
        raise ExportError(f"Het bestand {path} is niet geschreven: de map bestaat niet.")
    name, style = _style(frame)
    with replacing(path) as temporary:
        made = temporary.with_suffix(path.suffix)  # GDAL looks at the name
        try:
            frame.to_crs(crs).to_file(made, driver=driver, layer=_LAYER, engine="pyogrio")
            if driver == "GPKG":
                row = style_table(_LAYER, style, name, made_at)
                pyogrio.write_dataframe(row, made, layer=STYLE_LAYER, driver=driver, append=True)
            made.replace(temporary)
        finally:
            made.unlink(missing_ok=True)
    if driver != "GPKG":
        with replacing(path.with_suffix(".qml")) as temporary:
            temporary.write_text(style, encoding="utf-8")
    return len(frame)


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
