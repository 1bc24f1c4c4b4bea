"""Areas from GeoJSON, GeoPackage and Shapefile, in any coordinate system."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import polars as pl
import pytest
import shapely

from importers import gebieden
from importers.issues import ISSUE
from importers.records import GEBIEDEN, Batch
from importers.source import Mapping, load_source
from registry.errors import SourceRefusedError

SOURCE = load_source("gebieden")
# Two squares of 100 m side by side in Schiedam (RD).
LEFT = shapely.box(87_000, 436_000, 87_100, 436_100)
RIGHT = shapely.box(87_100, 436_000, 87_200, 436_100)
CBS = {"buurtcode": "BU06060101", "buurtnaam": "Eerste", "wijkcode": "WK060601", "gemeentecode": "GM0606", "jaar": 2023}


def frame(rows: list[tuple[dict[str, Any], Any]], crs: str | None = "EPSG:28992") -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame([row for row, _ in rows], geometry=[geometry for _, geometry in rows], crs=crs)


def read(path: Path, mapping: Mapping | None = None) -> list[Batch]:
    batches = list(gebieden.read(path, source=SOURCE, mapping=mapping).batches)
    for batch in batches:
        assert batch.frame.schema == GEBIEDEN.schema
        assert batch.issues.schema == ISSUE
    return batches


def read_one(path: Path, rows: list[tuple[dict[str, Any], Any]], crs: str = "EPSG:28992", **other: Any) -> Batch:
    frame(rows, crs).to_file(path)
    [batch] = read(path, **other)
    return batch


@pytest.mark.parametrize("name", ["b.gpkg", "b.geojson", "b.shp"])
@pytest.mark.parametrize("crs", ["EPSG:28992", "EPSG:4326", "EPSG:25831"])
def test_every_format_and_coordinate_system_gives_the_same_area_in_rd(tmp_path: Path, name: str, crs: str) -> None:
    path = tmp_path / name
    properties = {"BU_CODE": "BU06060101", "BU_NAAM": "Eerste", "WK_CODE": "WK060601", "GM_CODE": "GM0606"}
    frame([(properties, LEFT)]).to_crs(crs).to_file(path)
    [batch] = read(path)
    assert batch.issues.is_empty()
    row = batch.frame.row(0, named=True)
    assert (row["gebied_code"], row["soort"], row["naam"]) == ("BU06060101", "buurt", "Eerste")
    assert row["bovenliggend_code"] == "WK060601"
    surface = shapely.from_wkb(row["geometrie"])
    assert shapely.hausdorff_distance(surface, LEFT) < 0.5


def test_geojson_without_crs_is_wgs84(tmp_path: Path) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(frame([(CBS, LEFT)]).to_crs("EPSG:4326").to_json(to_wgs84=True))
    assert "crs" not in json.loads(path.read_text())
    [batch] = read(path)
    assert shapely.hausdorff_distance(shapely.from_wkb(batch.frame["geometrie"][0]), LEFT) < 0.5


def test_the_cbs_geopackage_gives_every_layer(tmp_path: Path) -> None:
    path = tmp_path / "wijkenbuurten.gpkg"
    both = shapely.union(LEFT, RIGHT)
    frame([(CBS, LEFT), (CBS | {"buurtcode": "BU06060102", "buurtnaam": "Tweede"}, RIGHT)]).to_file(
        path, layer="buurten"
    )
    wijk = {"wijkcode": "WK060601", "wijknaam": "Oost", "gemeentecode": "GM0606", "jaar": 2023, "aantal_inwoners": 9}
    frame([(wijk, both)]).to_file(path, layer="wijken")
    frame([({"gemeentecode": "GM0606", "gemeentenaam": "Schiedam", "jaar": 2023}, both)]).to_file(
        path, layer="gemeenten"
    )
    delivery = gebieden.read(path, source=SOURCE)
    table = pl.concat([batch.frame for batch in delivery.batches]).drop("geometrie", "source_row")
    assert delivery.area == ("0606",)
    assert table.select("gebied_code", "soort", "naam", "bovenliggend_code", "jaar", "valid_from").rows() == [
        ("BU06060101", "buurt", "Eerste", "WK060601", 2023, date(2023, 1, 1)),
        ("BU06060102", "buurt", "Tweede", "WK060601", 2023, date(2023, 1, 1)),
        ("WK060601", "wijk", "Oost", "GM0606", 2023, date(2023, 1, 1)),
        ("GM0606", "gemeente", "Schiedam", None, 2023, date(2023, 1, 1)),
    ]
    assert table["source_file"].unique(maintain_order=True).to_list() == [
        "wijkenbuurten.gpkg, laag buurten",
        "wijkenbuurten.gpkg, laag wijken",
        "wijkenbuurten.gpkg, laag gemeenten",
    ]


def test_a_zipped_shapefile(tmp_path: Path) -> None:
    frame([({"BU_CODE": "BU06060101", "BU_NAAM": "Eerste"}, LEFT)]).to_file(tmp_path / "b.shp")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for part in sorted(tmp_path.glob("b.[!z]*")):
            archive.write(part, f"map/{part.name}")
        archive.writestr("__MACOSX/._b.shp", b"")
    [batch] = read(tmp_path / "b.zip")
    assert batch.frame["gebied_code"].to_list() == ["BU06060101"]


def test_the_wijk_of_a_buurt_follows_from_its_code(tmp_path: Path) -> None:
    rows = [({"code": "BU0363AA01", "naam": "a"}, LEFT), ({"code": "bu06060101", "naam": "b"}, RIGHT)]
    batch = read_one(tmp_path / "b.gpkg", rows)
    assert batch.frame.select("gebied_code", "bovenliggend_code").rows() == [
        ("BU0363AA01", "WK0363AA"),
        ("BU06060101", "WK060601"),
    ]
    assert batch.frame["valid_from"].to_list() == [date(1, 1, 1)] * 2


def test_own_areas_have_the_kind_that_the_file_gives_or_none_of_the_cbs(tmp_path: Path) -> None:
    rows = [
        ({"code": "OOST-1", "naam": "a", "soort": "Aandachtsgebied"}, LEFT),
        ({"code": "OOST-2", "naam": "b", "soort": None}, RIGHT),
        ({"code": "OOST-3", "naam": "c", "soort": "vijver"}, RIGHT),
    ]
    batch = read_one(tmp_path / "b.gpkg", rows)
    assert batch.frame["soort"].to_list() == ["eigen", "eigen"]
    assert batch.issues.select("level", "code", "source_row", "original").rows() == [("uitval", "soort", 3, "vijver")]


def test_a_municipality_may_use_its_own_property_names(tmp_path: Path) -> None:
    rows = [({"Gebiedsnr": "X1", "Omschrijving": "Rond de haven", "naam": "anders"}, LEFT)]
    mapping = Mapping({"gebiedsnr": "gebied_code", "Omschrijving": "naam"})
    batch = read_one(tmp_path / "b.gpkg", rows, mapping=mapping)
    assert batch.frame.select("gebied_code", "naam").rows() == [("X1", "Rond de haven")]


def test_a_broken_border_is_repaired_and_remarked(tmp_path: Path) -> None:
    bow = shapely.Polygon([(87_000, 436_000), (87_100, 436_100), (87_100, 436_000), (87_000, 436_100)])
    batch = read_one(tmp_path / "b.gpkg", [(CBS, bow)])
    surface = shapely.from_wkb(batch.frame["geometrie"][0])
    assert surface.is_valid
    assert surface.area == pytest.approx(5_000)
    assert batch.issues.select("level", "code").rows() == [("waarschuwing", "vlak_hersteld")]


@pytest.mark.parametrize("geometry", [None, shapely.Polygon(), shapely.Point(87_000, 436_000)])
def test_an_area_without_surface_is_set_aside(tmp_path: Path, geometry: Any) -> None:
    rows = [(CBS, LEFT), (CBS | {"buurtcode": "BU06060102"}, geometry)]
    batch = read_one(tmp_path / "b.gpkg", rows)
    assert batch.frame["gebied_code"].to_list() == ["BU06060101"]
    assert batch.issues.select("level", "code", "source_row").rows() == [("uitval", "geen_vlak", 2)]
    assert json.loads(batch.issues["row"][0])["buurtcode"] == "BU06060102"
    assert batch.read == 2


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"code": None, "naam": "x"}, "geen_code"),
        ({"code": "BU06060101", "naam": "x", "beginGeldigheid": "ooit"}, "datum"),
        ({"code": "BU06060101", "naam": "x", "beginGeldigheid": "2023-02-30"}, "datum"),
        (
            {"code": "BU06060101", "naam": "x", "beginGeldigheid": "2023-02-01", "eindGeldigheid": "2023-02-01"},
            "einde_voor_begin",
        ),
    ],
)
def test_a_feature_that_does_not_fit_is_set_aside(tmp_path: Path, properties: dict[str, Any], code: str) -> None:
    batch = read_one(tmp_path / "b.gpkg", [(properties, LEFT)])
    assert batch.frame.is_empty()
    assert batch.issues.select("level", "code").rows() == [("uitval", code)]


def test_two_areas_of_one_kind_that_overlap_are_remarked_and_slivers_are_not(tmp_path: Path) -> None:
    other = CBS | {"buurtcode": "BU06060102"}
    sliver = shapely.box(87_099.9, 436_000, 87_200, 436_100)
    assert read_one(tmp_path / "a.gpkg", [(CBS, LEFT), (other, sliver)]).issues.is_empty()
    half = shapely.box(87_050, 436_000, 87_200, 436_100)
    [issue] = read_one(tmp_path / "b.gpkg", [(CBS, LEFT), (other, half)]).issues.to_dicts()
    assert (issue["level"], issue["code"]) == ("waarschuwing", "overlap")
    assert "BU06060101" in issue["text"]
    assert "BU06060102" in issue["text"]


def test_parts_of_one_area_are_merged_and_rivals_for_one_code_are_not(tmp_path: Path) -> None:
    merged = read_one(tmp_path / "a.gpkg", [(CBS, LEFT), (CBS, RIGHT)])
    assert shapely.from_wkb(merged.frame["geometrie"][0]).area == pytest.approx(20_000)
    assert merged.issues["code"].to_list() == ["delen_samengevoegd"]
    rivals = read_one(tmp_path / "b.gpkg", [(CBS, LEFT), (CBS | {"buurtnaam": "Tweede"}, RIGHT)])
    assert rivals.frame.is_empty()
    assert rivals.issues["code"].to_list() == ["dubbele_code"] * 2


def test_no_coordinate_system_is_refused_and_never_guessed(tmp_path: Path) -> None:
    path = tmp_path / "b.shp"
    with pytest.warns(UserWarning, match="crs"):
        frame([({"BU_CODE": "BU06060101"}, LEFT)], crs=None).to_file(path)
    with pytest.raises(SourceRefusedError, match=r"coördinatenstelsel.*EPSG:28992"):
        read(path)


def test_rd_coordinates_that_pass_for_degrees_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.geojson"
    feature = {"type": "Feature", "properties": {"code": "BU06060101"}, "geometry": shapely.geometry.mapping(LEFT)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(SourceRefusedError, match="EPSG:28992"):
        read(path)


def test_swapped_axes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.geojson"
    swapped = shapely.box(51.9, 4.3, 51.91, 4.31)
    frame([(CBS, swapped)], "EPSG:4326").to_file(path)
    with pytest.raises(SourceRefusedError, match="niet in Nederland"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("leeg.geojson", b"", "leeg"),
        ("kapot.geojson", b'{"type": "FeatureCollection", "features": [{"type"', "niet te lezen"),
        ("anders.gpkg", b"dit is geen GeoPackage", "niet te lezen"),
        ("buurten.csv", b"code;naam\nBU06060101;Oost\n", "GeoJSON"),
        ("nep.zip", b"PK\x03\x04 maar geen zip", "GeoJSON"),
        ("los.shp", b"\x00\x00\x27\x0a" + bytes(100), ".dbf"),
    ],
)
def test_files_that_hold_no_areas_are_refused_in_dutch(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceRefusedError, match=words):
        read(tmp_path / name)


def test_an_absent_file_and_a_zip_with_two_maps(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="is er niet"):
        read(tmp_path / "weg.gpkg")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("a.geojson", "{}")
        archive.writestr("b.geojson", "{}")
    with pytest.raises(SourceRefusedError, match=r"a\.geojson, b\.geojson"):
        read(tmp_path / "b.zip")


def test_a_file_without_a_code_is_refused_with_its_own_property_names(tmp_path: Path) -> None:
    path = tmp_path / "b.gpkg"
    frame([({"Omschrijving": "Oost"}, LEFT)]).to_file(path)
    with pytest.raises(SourceRefusedError, match="Omschrijving"):
        read(path)


def test_the_real_buurten_of_amsterdam_and_weesp(shared_data: Path) -> None:
    path = shared_data / "gebieden" / "amsterdam-incl-weesp-buurten-2022plus.geojson"
    delivery = gebieden.read(path, source=SOURCE)
    [batch] = delivery.batches
    assert batch.read == batch.frame.height == 518
    assert batch.issues.is_empty()
    assert delivery.area == ("0363",)
    assert batch.frame["soort"].unique().to_list() == ["buurt"]
    assert batch.frame["gebied_code"].is_unique().all()
    assert batch.frame["valid_from"].value_counts().sort("valid_from").rows() == [
        (date(2022, 3, 24), 514),
        (date(2023, 10, 25), 4),
    ]
    planciusbuurt = batch.frame.row(0, named=True)
    assert (planciusbuurt["naam"], planciusbuurt["bovenliggend_code"]) == ("Planciusbuurt-Noord", "WK0363AA")
