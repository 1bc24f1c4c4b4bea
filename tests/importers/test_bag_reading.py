"""What a delivery holds comes out: every layout, every column, in both lanes."""

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import shapely
from bag_files import (
    HOLE,
    SQUARE,
    STAND,
    extract_tree,
    gem_wpl_xml,
    in_onderzoek_xml,
    object_xml,
    stand_xml,
    write_folder,
    write_zip,
)
from bag_reading import LANES, delivery, frames, read_tree, with_objects

from importers import bag_fast
from importers.bag import Lane
from importers.bag_head import read_head
from importers.bag_raw import MAX_RECORDS
from importers.bag_tables import TABLES

ONE_OF_EACH = {
    "gemeente_woonplaatsen": 1,
    "woonplaatsen": 1,
    "openbare_ruimten": 1,
    "nummeraanduidingen": 1,
    "panden": 1,
    "verblijfsobjecten": 1,
    "ligplaatsen": 1,
    "standplaatsen": 1,
    "bag_in_onderzoek": 0,
}


def counts(found: dict[str, pl.DataFrame]) -> dict[str, int]:
    return {name: frame.height for name, frame in found.items()}


def test_the_delivery_says_its_date_and_area(tmp_path: Path) -> None:
    found = delivery(write_zip(tmp_path / "extract.zip", extract_tree()))
    assert found.leverdatum == date.fromisoformat(STAND)
    assert found.area == ("0606",)
    assert found.notes == ()


def test_the_national_layout_has_no_gemeente_level(tmp_path: Path) -> None:
    found = delivery(write_zip(tmp_path / "BAGNLDL-15012026.zip", extract_tree(gemeente=None)))
    assert found.area == ()
    assert counts(frames(found.batches)) == ONE_OF_EACH


@pytest.mark.parametrize("unpacked", [True, False])
def test_a_folder_reads_as_the_zip_does(tmp_path: Path, *, unpacked: bool) -> None:
    folder = write_folder(tmp_path / "extract", extract_tree(), unpacked=unpacked)
    assert counts(frames(delivery(folder).batches)) == ONE_OF_EACH


def test_a_folder_with_the_zips_and_what_was_unpacked_from_them_is_read_once(tmp_path: Path) -> None:
    tree = extract_tree()
    write_folder(tmp_path / "extract", tree)
    folder = write_folder(tmp_path / "extract", tree, unpacked=False)
    found = delivery(folder)
    assert counts(frames(found.batches)) == ONE_OF_EACH
    assert "dubbel" in found.notes[0]


def test_gem_wpl_may_be_delivered_unzipped(tmp_path: Path) -> None:
    found, _ = read_tree(tmp_path, extract_tree(gem_wpl_zipped=False))
    assert found["gemeente_woonplaatsen"].height == 1


def test_other_members_are_passed_over(tmp_path: Path) -> None:
    tree = extract_tree()
    tree |= {"README.md": b"x", ".DS_Store": b"x", "__MACOSX/._0606GEM15012026.zip": b"x", "map/": b""}
    tree["0606GEM15012026.zip"]["__MACOSX/._0606VBO15012026.zip"] = b"x"
    found, issues = read_tree(tmp_path, tree)
    assert counts(found) == ONE_OF_EACH
    assert issues.is_empty()


@pytest.mark.parametrize("lane", LANES)
def test_every_column_of_a_verblijfsobject(tmp_path: Path, lane: Lane) -> None:
    row = object_xml(
        "VBO",
        identificatie="0424010000000393",
        voorkomenidentificatie=7,
        gebruiksdoel=["woonfunctie", "winkelfunctie"],
        pand=["0606100000000001", "0606100000000002", "0606100000000003"],
        nevenadres=["0606200000000008", "0606200000000009"],
        nevenadres_last=True,
        geconstateerd="J",
        documentnummer="B&W-1887 <ë>",
        eindGeldigheid="2021-02-03",
        eindRegistratie="2021-02-03T10:11:12.131",
        tijdstipInactief="2021-02-04T00:00:00",
        tijdstipEindRegistratieLV="2021-02-05T01:02:03.004",
        tijdstipInactiefLV="2021-02-06T01:02:03.005",
        tijdstipNietBagLV="2021-02-07T01:02:03.006",
    )
    found, issues = read_tree(tmp_path, with_objects("VBO", row), lane)
    moment = datetime
    assert issues.is_empty()
    assert found["verblijfsobjecten"].drop("geometrie").row(0, named=True) == {
        "verblijfsobject_id": "0424010000000393",
        "voorkomen": 7,
        "status": "Verblijfsobject in gebruik",
        "hoofdadres_id": "0606200000000001",
        "nevenadres_ids": ["0606200000000008", "0606200000000009"],
        "gebruiksdoelen": ["woonfunctie", "winkelfunctie"],
        "oppervlakte": 60,
        "pand_ids": ["0606100000000001", "0606100000000002", "0606100000000003"],
        "geconstateerd": True,
        "documentdatum": date(2010, 8, 31),
        "documentnummer": "B&W-1887 <ë>",
        "valid_from": date(2010, 8, 31),
        "valid_until": date(2021, 2, 3),
        "tijdstip_registratie": moment(2010, 11, 15, 13, 22, 3),
        "eind_registratie": moment(2021, 2, 3, 10, 11, 12, 131_000),
        "tijdstip_inactief": moment(2021, 2, 4),
        "tijdstip_registratie_lv": moment(2010, 11, 15, 13, 31, 10, 557_000),
        "tijdstip_eind_registratie_lv": moment(2021, 2, 5, 1, 2, 3, 4_000),
        "tijdstip_inactief_lv": moment(2021, 2, 6, 1, 2, 3, 5_000),
        "tijdstip_niet_bag_lv": moment(2021, 2, 7, 1, 2, 3, 6_000),
        "source_file": "0606VBO15012026-000001.xml",
        "source_row": 1,
    }
    assert shapely.from_wkb(found["verblijfsobjecten"]["geometrie"][0]) == shapely.Point(105.0, 400005.0)


@pytest.mark.parametrize("lane", LANES)
def test_the_columns_of_addresses_and_names(tmp_path: Path, lane: Lane) -> None:
    tree = with_objects(
        "NUM",
        object_xml("NUM", huisletter="a", huisnummertoevoeging="2h", postcode="3112AB", ligtIn="1012"),
        object_xml("NUM", identificatie="0606200000000002", postcode=None),
    )
    inner = tree["0606GEM15012026.zip"]
    row = object_xml("OPR", naam="De Oude Stad binnen de grachten", verkorteNaam="D Oude S b de grachten")
    inner["0606OPR15012026.zip"] = with_objects("OPR", row)["0606GEM15012026.zip"]["0606OPR15012026.zip"]
    found, issues = read_tree(tmp_path, tree, lane)
    columns = ["huisnummer", "huisletter", "huisnummertoevoeging", "postcode", "woonplaats_id", "openbare_ruimte_id"]
    assert issues.is_empty()
    assert found["nummeraanduidingen"].select(columns).rows() == [
        (12, "a", "2h", "3112AB", "1012", "0606300000000001"),
        (12, None, None, None, None, "0606300000000001"),
    ]
    assert found["openbare_ruimten"].select("naam", "verkorte_naam", "type", "woonplaats_id").rows() == [
        ("De Oude Stad binnen de grachten", "D Oude S b de grachten", "Weg", "3594")
    ]


@pytest.mark.parametrize("lane", LANES)
def test_geometry_keeps_holes_surfaces_and_the_vlak_of_a_verblijfsobject(tmp_path: Path, lane: Lane) -> None:
    other = tuple((x + 20, y) for x, y in SQUARE)
    found, issues = read_tree(
        tmp_path,
        with_objects("PND", object_xml("PND"), object_xml("PND", voorkomenidentificatie=2, polygoon=[[SQUARE, HOLE]])),
        lane,
    )
    assert issues.is_empty()
    panden = shapely.from_wkb(found["panden"]["geometrie"].to_list())
    assert panden.tolist() == [shapely.Polygon(SQUARE), shapely.Polygon(SQUARE, [HOLE])]
    assert not shapely.has_z(panden).any()
    found, issues = read_tree(
        tmp_path,
        with_objects("WPL", object_xml("WPL", dimensions=2, vlak=[[SQUARE, HOLE], [other]])),
        lane,
    )
    assert issues.is_empty()
    expected = shapely.MultiPolygon([shapely.Polygon(SQUARE, [HOLE]), shapely.Polygon(other)])
    assert shapely.from_wkb(found["woonplaatsen"]["geometrie"][0]) == expected
    rows = [
        object_xml("VBO"),
        object_xml("VBO", voorkomenidentificatie=2, punt=None, vlak=[[SQUARE]]),
        object_xml("VBO"),
    ]
    found, issues = read_tree(tmp_path, with_objects("VBO", *rows), lane)
    kinds = [geometry.geom_type for geometry in shapely.from_wkb(found["verblijfsobjecten"]["geometrie"].to_list())]
    assert kinds == ["Point", "Polygon", "Point"]
    assert issues.is_empty()


@pytest.mark.parametrize("lane", LANES)
def test_in_onderzoek_names_its_object_and_kenmerk(tmp_path: Path, lane: Lane) -> None:
    rows = {
        "VBO": [
            in_onderzoek_xml("VBO", "oppervlakte", "0606010000000001"),
            in_onderzoek_xml("VBO", "status", "0606010000000001", "N", eindGeldigheid="2012-01-01"),
        ],
        "OPR": [in_onderzoek_xml("OPR", "ligt in", "0606300000000001")],
    }
    found, issues = read_tree(tmp_path, extract_tree(in_onderzoek=rows), lane)
    columns = ["object_id", "objecttype", "kenmerk", "in_onderzoek", "valid_until"]
    assert issues.is_empty()
    assert found["bag_in_onderzoek"].select(columns).sort("objecttype", "kenmerk").rows() == [
        ("0606300000000001", "openbare_ruimte", "ligt in", True, None),
        ("0606010000000001", "verblijfsobject", "oppervlakte", True, None),
        ("0606010000000001", "verblijfsobject", "status", False, date(2012, 1, 1)),
    ]


@pytest.mark.parametrize("lane", LANES)
def test_gem_wpl_keeps_provisional_rows_with_their_status(tmp_path: Path, lane: Lane) -> None:
    rows = [
        ("1012", "0457", "2010-07-23", "2022-03-24", "definitief"),
        ("1012", "0457", "2010-07-23", None, "voorlopig"),
    ]
    tree = extract_tree() | {"GEM-WPL-RELATIE-15012026.zip": {"GEM-WPL-RELATIE-15012026-000001.xml": gem_wpl_xml(rows)}}
    found, _ = read_tree(tmp_path, tree, lane)
    columns = ["woonplaats_id", "gemeente_code", "status", "valid_until"]
    assert found["gemeente_woonplaatsen"].select(columns).rows() == [
        ("1012", "0457", "definitief", date(2022, 3, 24)),
        ("1012", "0457", "voorlopig", None),
    ]


def test_nietbag_reuses_keys_and_is_kept_apart(tmp_path: Path) -> None:
    twin = object_xml("VBO", oppervlakte=999, tijdstipNietBagLV="2020-01-01T00:00:00.000")
    found = delivery(write_zip(tmp_path / "extract.zip", extract_tree(niet_bag={"VBO": [twin, twin]})))
    assert found.notes == ("NietBag: 2 voorkomens in 7 bestanden zijn niet ingelezen (apart gehouden).",)
    assert frames(found.batches)["verblijfsobjecten"]["oppervlakte"].to_list() == [60]


@pytest.mark.parametrize("lane", LANES)
def test_a_large_document_comes_in_batches_that_lose_nothing(tmp_path: Path, lane: Lane) -> None:
    count = MAX_RECORDS + 5
    parts = object_xml("PND", voorkomenidentificatie="§").split("§")
    rows = [f"{parts[0]}{i}{parts[1]}" for i in range(1, count + 1)]
    path = write_zip(tmp_path / "extract.zip", with_objects("PND", *rows))
    batches = [batch for batch in delivery(path, lane).batches if batch.record.name == "panden"]
    assert [batch.read for batch in batches] == [MAX_RECORDS, 5]
    found = frames(batches)["panden"]
    assert found["voorkomen"].to_list() == found["source_row"].to_list() == list(range(1, count + 1))
    assert found["geometrie"].null_count() == 0


@pytest.mark.parametrize("code", ["VBO", "NUM", "PND", "OPR", "WPL", "LIG", "STA"])
def test_the_fast_lane_reads_an_ordinary_document(code: str) -> None:
    data = stand_xml(code, [object_xml(code), object_xml(code, voorkomenidentificatie=2)])
    raw = bag_fast.extract_fast(TABLES[code], "x.xml", read_head(data, "x.xml"), data)
    assert raw is not None
    assert raw.read == raw.values.height == 2
