"""Opens GeoJSON, GeoPackage and Shapefile (also zipped) and gives features with surfaces in RD (EPSG:28992)."""

import json
import math
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from importers.zip_damage import refusing_damage
from registry.errors import SourceRefusedError

RD = "EPSG:28992"
_SUFFIXES = (".gpkg", ".shp", ".geojson", ".json")
_SURFACES = ("Polygon", "MultiPolygon")
# Kadaster: RD holds between x -7000 and 300000, y 289000 and 629000.
_RD_BOUNDS = (-7_000.0, 289_000.0, 300_000.0, 629_000.0)
_KINDS = "GeoJSON, GeoPackage (.gpkg) of Shapefile (.shp met .dbf en .shx, of als zip)"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its properties as text (null where empty) and its geometries in RD; both in file order."""

    source_file: str
    properties: dict[str, list[str | None]]
    geometries: NDArray[np.object_]


def read_layers(path: Path) -> Iterator[Layer]:
    """Every layer of a file that holds surfaces.

    Raises:
        SourceRefusedError: the file is no geo file, has no coordinate system, or does not lie in the Netherlands.
    """
    dataset = _locate(path)
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(dataset) if kind is not None]
    except DataSourceError as error:
        raise _unreadable(path) from error
    if not layers:
        raise SourceRefusedError(f"{path.name} bevat geen laag met vlakken. Verwacht wordt {_KINDS}.")
    for layer in layers:
        yield _read_layer(path, dataset, layer, f"{path.name}, laag {layer}" if len(layers) > 1 else path.name)


def _unreadable(path: Path) -> SourceRefusedError:
    return SourceRefusedError(
        f"{path.name} is niet te lezen als geografisch bestand: het is beschadigd, onvolledig of van een andere soort. "
        f"Verwacht wordt {_KINDS}."
    )


def _locate(path: Path) -> str:
    """What GDAL must open: the file, or the one geo file inside a zip."""
    if not path.is_file():
        raise SourceRefusedError(f"Het bestand {path.name} is er niet.")
    if path.stat().st_size == 0:
        raise SourceRefusedError(f"Het bestand {path.name} is leeg. Lever het opnieuw aan.")
    if zipfile.is_zipfile(path):
        return _inside_zip(path)
    if path.suffix.lower() not in _SUFFIXES:
        raise _unreadable(path)
    if path.suffix.lower() == ".shp":
        missing = [
            end for end in (".dbf", ".shx") if not any(path.with_suffix(case).exists() for case in (end, end.upper()))
        ]
        if missing:
            raise SourceRefusedError(
                f"Bij {path.name} ontbreekt {' en '.join(missing)}. Een Shapefile bestaat uit meer bestanden; zet ze "
                "bij elkaar of lever ze als zip."
            )
    return str(path)


def _inside_zip(path: Path) -> str:
    with refusing_damage(lambda _: _unreadable(path)), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    found = [name for name in names if name.lower().endswith(_SUFFIXES) and not name.startswith("__MACOSX")]
    found = [name for name in found if not Path(name).name.startswith(".")]
    if len(found) != 1:
        held = ", ".join(sorted(found)) or "geen enkel"
        raise SourceRefusedError(
            f"De zip {path.name} moet precies één geografisch bestand bevatten; gevonden: {held}. "
            f"Verwacht wordt {_KINDS}."
        )
    return f"/vsizip/{{{path}}}/{found[0]}"


def _read_layer(path: Path, dataset: str, layer: str, source_file: str) -> Layer:
    try:
        with warnings.catch_warnings():
            # GDAL remarks on odd but readable files; what matters (rows, geometry, CRS) is checked below.
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, _, wkb, columns = pyogrio.raw.read(dataset, layer=layer, datetime_as_string=True)
    except (DataSourceError, DataLayerError, ValueError) as error:  # ValueError: a text or a day that cannot be
        raise _unreadable(path) from error
    properties = {str(name): _texts(values) for name, values in zip(meta["fields"], columns, strict=True)}
    if wkb is None:
        raise SourceRefusedError(f"{source_file} bevat geen geometrie. Verwacht wordt {_KINDS}.")
    with np.errstate(invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a coordinate that is no number; its row is set aside below
        geometries = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    return Layer(
        source_file, properties, _to_rd(geometries, _find_crs(path, meta["crs"], geometries, source_file), source_file)
    )


def _texts(values: NDArray[np.generic]) -> list[str | None]:
    texts: list[str | None] = []
    for value in values.tolist():
        is_empty = value is None or (isinstance(value, float) and math.isnan(value))
        text = "" if is_empty else str(value).strip()
        texts.append((text.removesuffix(".0") if isinstance(value, float) else text) or None)
    return texts


def _find_crs(path: Path, crs: str | None, geometries: NDArray[np.object_], source_file: str) -> str:
    """The coordinate system that the file names. It is never guessed: a wrong one would move every dwelling."""
    bounds = _bounds(geometries)
    looks_like_rd = _within(bounds)
    advice = " De coördinaten lijken RD: geef EPSG:28992 op." if looks_like_rd else ""
    if crs is None:
        raise SourceRefusedError(
            f"{source_file} zegt niet in welk coördinatenstelsel het staat (bij een Shapefile: het .prj-bestand "
            f"ontbreekt).{advice} Exporteer het opnieuw met het stelsel erbij."
        )
    if path.suffix.lower() in {".geojson", ".json"} and looks_like_rd and not _names_crs(path):
        raise SourceRefusedError(
            f"{source_file} noemt geen coördinatenstelsel en zou dan WGS84 (graden) zijn, maar de coördinaten lijken "
            "RD: zet een 'crs' met EPSG:28992 in het bestand of exporteer het in WGS84."
        )
    return crs


def _names_crs(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return isinstance(json.load(file).get("crs"), dict)
    except (OSError, ValueError, AttributeError):
        return False


def _to_rd(geometries: NDArray[np.object_], crs: str, source_file: str) -> NDArray[np.object_]:
    try:
        system = CRS.from_user_input(crs)
    except CRSError as error:
        raise SourceRefusedError(
            f"{source_file} staat in een onbekend coördinatenstelsel. Exporteer het in RD (EPSG:28992) of WGS84."
        ) from error
    if system == CRS.from_user_input(RD):
        moved = geometries
    else:
        transformer = Transformer.from_crs(system, RD, always_xy=True)
        moved = shapely.transform(geometries, transformer.transform, interleaved=False)
    bounds = _bounds(moved)
    if not np.isnan(bounds).all() and not _within(bounds):
        raise SourceRefusedError(
            f"{source_file} ligt volgens zijn coördinatenstelsel niet in Nederland. Zijn de assen verwisseld, of hoort "
            "er een ander stelsel bij? Exporteer het in RD (EPSG:28992) of WGS84."
        )
    return moved


def _bounds(geometries: NDArray[np.object_]) -> NDArray[np.float64]:
    """West, south, east, north; not numbers where there is no geometry at all."""
    found: NDArray[np.float64] = shapely.total_bounds(geometries) if len(geometries) else np.full(4, np.nan)
    return found


def _within(bounds: NDArray[np.float64]) -> bool:
    west, south, east, north = _RD_BOUNDS
    return bool(bounds[0] >= west and bounds[1] >= south and bounds[2] <= east and bounds[3] <= north)


def repair_surface(geometry: shapely.Geometry) -> tuple[shapely.Geometry | None, bool]:
    """The surface of a geometry, and whether it had to be repaired; None when there is no surface in it."""
    if geometry is None or geometry.is_empty or not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None, False
    if geometry.geom_type in _SURFACES and geometry.is_valid:
        return geometry, False
    parts = shapely.get_parts(shapely.make_valid(geometry) if geometry.geom_type in _SURFACES else geometry)
    surfaces = [part for part in parts if part.geom_type in _SURFACES and not part.is_empty]
    if not surfaces:
        return None, False
    return shapely.union_all(surfaces), True
