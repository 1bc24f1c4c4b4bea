"""The stock by area as a map layer: GeoPackage in RD (EPSG:28992), GeoJSON in WGS84 (RFC 7946). Aggregates only."""

import re
from pathlib import Path
from typing import Final

import geopandas as gpd
import polars as pl
import shapely

from registry.errors import ExportError, UsageError
from registry.exports.files import replacing
from registry.stock.report import Report

_FORMATS: Final = {".gpkg": ("GPKG", 28992), ".geojson": ("GeoJSON", 4326)}
_LAYER: Final = "woningvoorraad"


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


def write_geo(path: Path, frame: gpd.GeoDataFrame) -> int:
    """Write the layer; the number of areas.

    Raises:
        UsageError: the name ends in another way than .gpkg or .geojson.
        ExportError: the file cannot be written.
    """
    if path.suffix.lower() not in _FORMATS:
        raise UsageError(f"'{path.name}' eindigt niet op {' of '.join(_FORMATS)}.")
    driver, crs = _FORMATS[path.suffix.lower()]
    if not path.parent.is_dir():
        raise ExportError(f"Het bestand {path} is niet geschreven: de map bestaat niet.")
    with replacing(path) as temporary:
        made = temporary.with_suffix(path.suffix)  # GDAL looks at the name
        try:
            frame.to_crs(crs).to_file(made, driver=driver, layer=_LAYER, engine="pyogrio")
            made.replace(temporary)
        finally:
            made.unlink(missing_ok=True)
    return len(frame)
