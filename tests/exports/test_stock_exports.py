"""The stock as files: read back, equal to what was counted, and without anything that was hidden."""

import csv
import json
import re
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import polars as pl
import pyogrio
import pytest
import python_calamine
import shapely
from lxml import etree

from registry.errors import ExportError, UsageError
from registry.exports.geo import area_table, column_name, write_geo
from registry.exports.notes import SourceNote
from registry.exports.stock import write_stock_csv, write_stock_workbook
from registry.stock.publish import Published
from registry.stock.report import Report

OP = date(2026, 1, 1)
MADE = datetime(2026, 1, 2, 9, 30)


def published(per: tuple[str, ...], rows: list[tuple[object, ...]]) -> Published:
    schema = dict.fromkeys(per, pl.String()) | {
        "aantal": pl.Int64(), "aandeel": pl.Float64(), "oppervlakte": pl.Int64()
    }  # fmt: skip
    return Published(100, pl.DataFrame(rows, schema=schema, orient="row"), OP, per, "De definitie.", ("Afgeschermd.",))


REPORT = Report(OP, 3, "buurt", protected=True, tables=(
    published(("buurt",), [("=Oost", 60, 0.6, 3600), ("West", None, None, None), ("Zuid", 40, 0.4, 100)]),
    published(("buurt", "bewoners"), [("=Oost", "0", 20, 0.2, 1200), ("=Oost", "6 en meer", 40, 0.4, 2400),
                                      ("West", "0", None, None, None), ("Zuid", "0", None, None, None)]),
))  # fmt: skip


def square(x: float) -> bytes:
    return shapely.to_wkb(shapely.box(x, 436_000, x + 1000, 437_000))


SHAPES = pl.DataFrame(
    {"gebied_code": ["BU1", "BU2", "BU3", "BU4"], "label": ["=Oost", "West", "Zuid", "Leeg"],
     "geometrie": [square(86_000), square(87_000), square(88_000), square(89_000)]}
)  # fmt: skip


def test_the_workbook_holds_the_tables_and_their_definition(tmp_path: Path) -> None:
    path = tmp_path / "voorraad.xlsx"
    sources = [SourceNote("bag", OP)]
    counts = write_stock_workbook(path, REPORT, sources=sources, made_by="beleid", made_at=MADE)
    assert counts == {"Buurt": 3, "Buurt Bewoners": 4}
    book = python_calamine.CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Buurt", "Buurt Bewoners", "Toelichting"]
    rows = book.get_sheet_by_name("Buurt Bewoners").to_python()
    assert rows[0] == ["Buurt", "Bewoners", "Aantal woningen", "Aandeel", "Oppervlakte"]
    assert rows[1] == ["=Oost", "0", 20, 0.2, 1200]
    assert rows[3] == ["West", "0", "", "", ""]
    notes = str(book.get_sheet_by_name("Toelichting").to_python())
    assert "De definitie." in notes
    assert "Afgeschermd." in notes
    assert "01-01-2026" in notes


def test_csv_comes_with_a_description_of_every_column(tmp_path: Path) -> None:
    written = write_stock_csv(tmp_path / "voorraad.csv", REPORT, made_by="beleid", made_at=MADE)
    assert [path.name for path in written] == [
        "voorraad-buurt.csv", "voorraad-buurt-bewoners.csv", "voorraad-metadata.json",
    ]  # fmt: skip
    described = json.loads(written[-1].read_text(encoding="utf-8"))
    for table in described["tables"]:
        with (tmp_path / table["url"]).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert list(rows[0]) == [column["name"] for column in table["tableSchema"]["columns"]]
        assert all(column["dc:description"] for column in table["tableSchema"]["columns"])
        assert rows[0]["buurt"] == "'=Oost"
        assert table["tableSchema"]["primaryKey"][0] == "buurt"
    assert rows[2]["aantal"] == ""


@pytest.mark.parametrize(("name", "crs"), [("a.gpkg", 28992), ("a.geojson", 4326)])
def test_a_map_layer_holds_the_same_counts_in_its_coordinates(tmp_path: Path, name: str, crs: int) -> None:
    assert write_geo(tmp_path / name, area_table(REPORT, SHAPES), made_at=MADE) == 4
    layer = gpd.read_file(tmp_path / name, engine="pyogrio", layer="woningvoorraad")
    assert layer.crs.to_epsg() == crs
    by_name = layer.set_index("naam")
    assert by_name.loc["=Oost", "woningen"] == 60
    assert by_name.loc["=Oost", "bewoners_6_en_meer"] == 40
    assert by_name.loc["Zuid", "bewoners_6_en_meer"] == 0
    hidden = by_name.loc[["West", "Leeg"], ["woningen", "bewoners_0", "bewoners_6_en_meer"]]
    assert hidden.isna().all().all()
    x = layer.geometry.iloc[0].centroid.x
    assert (x > 80_000) if crs == 28992 else (4 < x < 5)


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.gpkg of \.geojson"):
        write_geo(tmp_path / "a.shp", area_table(REPORT, SHAPES), made_at=MADE)
    with pytest.raises(ExportError, match="map bestaat niet"):
        write_geo(tmp_path / "nergens" / "a.gpkg", area_table(REPORT, SHAPES), made_at=MADE)
    with pytest.raises(UsageError, match="omtrek"):
        area_table(REPORT, SHAPES.clear())
    assert column_name("150.000 tot 250.000 euro") == "150_000_tot_250_000_euro"


def test_the_layer_opens_in_qgis_with_a_style(tmp_path: Path) -> None:
    write_geo(tmp_path / "a.gpkg", area_table(REPORT, SHAPES), made_at=MADE)
    assert {name for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")} == {"woningvoorraad", "layer_styles"}
    [row] = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="layer_styles").to_dict("records")
    assert (row["f_table_schema"], row["f_table_name"], row["f_geometry_column"]) == ("", "woningvoorraad", "geom")
    assert row["useAsDefault"]
    assert pyogrio.read_info(tmp_path / "a.gpkg", layer="woningvoorraad")["geometry_name"] == "geom"
    write_geo(tmp_path / "a.geojson", area_table(REPORT, SHAPES), made_at=MADE)
    beside = (tmp_path / "a.qml").read_text(encoding="utf-8")
    assert beside == row["styleQML"]
    style = etree.fromstring(beside)
    renderer = style.find("renderer-v2")
    names = set(re.findall(r'"(\w+)"', renderer.get("attr")))
    assert names <= set(pyogrio.read_info(tmp_path / "a.gpkg", layer="woningvoorraad")["fields"])
    ranges = [(float(one.get("lower")), float(one.get("upper"))) for one in renderer.iter("range")]
    assert len(ranges) == len(renderer.findall("symbols/symbol")) <= 6
    shares = [20 / 60, 0.0]  # of the areas that are not hidden
    assert all(any(low <= share <= high for low, high in ranges) for share in shares)
