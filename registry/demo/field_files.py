"""The files of inspectors, officials and the area department: workbook, CSV and GeoJSON."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from pyproj import Transformer

from registry.demo.bag_xml import rectangle
from registry.demo.field import INSPECTIE_HEADERS, VASTSTELLING_HEADERS, Inspectie, Vaststelling
from registry.demo.names import BUURTEN, WIJK, WOONPLAATS
from registry.demo.town import BUURT_WIDTH, GEMEENTE, SOUTH, STREET_PITCH, STRIP, WEST, Town, streets_per_buurt
from registry.exports.cells import Kind
from registry.exports.workbook import ColumnSpec, write_table

INSPECTIES_NAME: Final = "inspecties.xlsx"
VASTSTELLINGEN_NAME: Final = "vaststellingen.csv"
GEMEENTE_CODE: Final = f"GM{GEMEENTE}"
WIJK_CODE: Final = f"WK{GEMEENTE}01"
BUURT_CODES: Final = tuple(f"BU{GEMEENTE}01{number:02d}" for number in range(1, len(BUURTEN) + 1))
Extent = tuple[float, float, float, float]

_KINDS: Final[dict[str, Kind]] = {
    "Datum bezoek": "date",
    "Aantal personen": "integer",
    "Huishoudens": "integer",
    "Slaapplaatsen": "integer",
    "Kamers": "integer",
    "Gemeten oppervlakte (m2)": "decimal",
}


def write_inspecties(folder: Path, inspecties: Iterable[Inspectie], *, peildatum: date) -> str:
    """Write the inspectors' workbook; its file name."""
    columns = [ColumnSpec(header, kind=_KINDS.get(header, "text"), width=18) for header in INSPECTIE_HEADERS]
    write_table(
        folder / INSPECTIES_NAME,
        "Inspecties",
        columns,
        (inspectie.row() for inspectie in inspecties),
        created=datetime.combine(peildatum, time(9)),
    )
    return INSPECTIES_NAME


def write_vaststellingen(folder: Path, vaststellingen: Iterable[Vaststelling]) -> str:
    """Write the vaststellingen as CSV (UTF-8 with BOM, ``;``); the file name."""
    with (folder / VASTSTELLINGEN_NAME).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(VASTSTELLING_HEADERS)
        writer.writerows(vaststelling.row() for vaststelling in vaststellingen)
    return VASTSTELLINGEN_NAME


def extent_of(town: Town) -> Extent:
    """West, south, east and north of the wijk in RD metres."""
    north = SOUTH + STRIP + STREET_PITCH * streets_per_buurt(town)
    return WEST, SOUTH, WEST + BUURT_WIDTH * len(BUURTEN), north


def write_gebieden(folder: Path, extent: Extent, *, year: int) -> str:
    """Write buurten, wijk and gemeente as GeoJSON in WGS84; the file name."""
    west, south, east, north = extent
    features = [_feature(GEMEENTE_CODE, "gemeente", WOONPLAATS, "", (west - 500, south - 500, east + 500, north + 500))]
    features.append(_feature(WIJK_CODE, "wijk", WIJK, GEMEENTE_CODE, extent))
    for number, (code, naam) in enumerate(zip(BUURT_CODES, BUURTEN, strict=True)):
        left = west + number * BUURT_WIDTH
        features.append(_feature(code, "buurt", naam, WIJK_CODE, (left, south, left + BUURT_WIDTH, north)))
    for feature in features:
        feature["properties"]["jaar"] = year
    name = f"gebieden-{year}.geojson"
    content = {"type": "FeatureCollection", "features": features}
    (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return name


def _feature(code: str, soort: str, naam: str, boven: str, extent: Extent) -> dict[str, dict[str, object]]:
    west, south, east, north = extent
    ring = _wgs84(rectangle(west, south, east - west, north - south))
    return {
        "type": "Feature",  # type: ignore[dict-item]
        "properties": {"code": code, "naam": naam, "soort": soort, "bovenliggend_code": boven or None},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def _wgs84(corners: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Longitude and latitude, to a centimetre."""
    transformer = Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True)
    return [[round(value, 7) for value in transformer.transform(x, y)] for x, y in corners]
