"""The real extracts of gemeente Weesp: the counts of the catalogue of test data, and two independent readers."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyogrio
import pytest
import shapely
from bag_reading import delivery, frames

from importers.bag_tables import OBJECTS
from importers.records import RECORD_TYPES, Batch
from registry.domain import value_lists
from registry.domain.value_lists import WONINGVOORRAAD_STATUSSEN, Gebruiksdoel

pytestmark = pytest.mark.shared

OCTOBER, SEPTEMBER = "BAGGEM0457L-15102021.zip", "BAGGEM0457L-15092021.zip"
VOORKOMENS = {
    "woonplaatsen": (3, 2),
    "openbare_ruimten": (593, 321),
    "nummeraanduidingen": (16_113, 12_694),
    "verblijfsobjecten": (26_085, 12_509),
    "ligplaatsen": (167, 167),
    "standplaatsen": (21, 13),
    "panden": (23_091, 12_899),
}


@pytest.fixture(scope="module")
def weesp(shared_data: Path) -> Path:
    return shared_data / "bag" / "lvbag-gemeente-weesp"


@pytest.fixture(scope="module")
def october_batches(weesp: Path) -> list[Batch]:
    return list(delivery(weesp / OCTOBER).batches)


@pytest.fixture(scope="module")
def october(october_batches: list[Batch]) -> dict[str, pl.DataFrame]:
    return frames(october_batches)


@pytest.fixture(scope="module")
def september(weesp: Path) -> dict[str, pl.DataFrame]:
    return frames(delivery(weesp / SEPTEMBER).batches)


def inner_documents(path: Path, code: str) -> Iterator[bytes]:
    """The documents of one object type, found without the importer."""
    with zipfile.ZipFile(path) as outer:
        gem = zipfile.ZipFile(io.BytesIO(outer.read(f"0457GEM{path.stem[-8:]}.zip")))
        part = zipfile.ZipFile(io.BytesIO(gem.read(f"0457{code}{path.stem[-8:]}.zip")))
        for name in sorted(part.namelist()):
            yield part.read(name)


def open_rows(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("valid_until").is_null())


def test_the_delivery_says_what_it_is(weesp: Path) -> None:
    found = delivery(weesp / OCTOBER)
    assert str(found.leverdatum) == "2021-10-15"
    assert found.area == ("0457",)
    assert found.notes == ("NietBag: 956 voorkomens in 7 bestanden zijn niet ingelezen (apart gehouden).",)


def test_every_voorkomen_of_october_is_read_and_none_is_set_aside(
    october: dict[str, pl.DataFrame], october_batches: list[Batch]
) -> None:
    counted = {name: (october[name].height, october[name][:, 0].n_unique()) for name in VOORKOMENS}
    assert counted == VOORKOMENS
    assert october["gemeente_woonplaatsen"].height == 8_211
    assert dict(october["bag_in_onderzoek"].group_by("objecttype").len().iter_rows()) == {
        "verblijfsobject": 4_741,
        "pand": 7_356,
        "openbare_ruimte": 6,
    }
    assert all(batch.issues.is_empty() for batch in october_batches)


def test_keys_are_unique_and_one_voorkomen_is_open_per_object(october: dict[str, pl.DataFrame]) -> None:
    for name, (_, objects) in VOORKOMENS.items():
        frame = october[name]
        assert not frame.select(RECORD_TYPES[name].key).is_duplicated().any()
        assert open_rows(frame).height == open_rows(frame)[:, 0].n_unique() == objects


def test_the_stock_and_the_relations_are_as_counted(october: dict[str, pl.DataFrame]) -> None:
    objects = open_rows(october["verblijfsobjecten"])
    dwelling = pl.col("gebruiksdoelen").list.contains(Gebruiksdoel.WOONFUNCTIE.value)
    stock = pl.col("status").is_in(sorted(WONINGVOORRAAD_STATUSSEN))
    assert objects.filter(dwelling & stock).height == 9_460
    assert objects.filter(pl.col("pand_ids").list.len() > 1).height == 173
    assert objects.filter(pl.col("nevenadres_ids").list.len() > 0).height == 4
    assert objects.filter(pl.col("gebruiksdoelen").list.len() > 1).height == 442
    concerns = october["bag_in_onderzoek"].filter(pl.col("objecttype") == "verblijfsobject")
    assert open_rows(concerns).filter("in_onderzoek").height == 35
    for name, zero_length in (("verblijfsobjecten", 117), ("nummeraanduidingen", 99), ("panden", 94)):
        assert october[name].filter(pl.col("valid_from") == pl.col("valid_until")).height == zero_length


def test_every_geometry_is_sound(october: dict[str, pl.DataFrame]) -> None:
    kinds = {
        name: set(shapely.get_type_id(shapely.from_wkb(october[name]["geometrie"].to_list())).tolist())
        for name in ("woonplaatsen", "panden", "verblijfsobjecten", "ligplaatsen", "standplaatsen")
    }
    point, polygon = shapely.GeometryType.POINT.value, shapely.GeometryType.POLYGON.value
    assert kinds.pop("verblijfsobjecten") == {point, polygon}
    assert set(map(frozenset, kinds.values())) == {frozenset({polygon})}
    panden = shapely.from_wkb(october["panden"]["geometrie"].to_list())
    assert int(shapely.get_num_interior_rings(panden).sum()) == 19


def test_a_month_brings_exactly_the_known_changes(
    september: dict[str, pl.DataFrame], october: dict[str, pl.DataFrame]
) -> None:
    expected = {  # new voorkomens, new objects, voorkomens that changed
        "nummeraanduidingen": (178, 85, 3),
        "verblijfsobjecten": (186, 85, 77),
        "panden": (347, 130, 161),
    }
    for name, (added, objects, changed) in expected.items():
        key = list(RECORD_TYPES[name].key)
        provenance = ["source_file", "source_row"]
        before, after = september[name].drop(provenance), october[name].drop(provenance)
        new = after.join(before, on=key, how="anti")
        values = [column for column in before.columns if column not in key]
        common = after.join(before, on=key, how="inner", suffix="_was")
        differs = pl.any_horizontal(pl.col(column).ne_missing(pl.col(f"{column}_was")) for column in values)
        assert new.height == added
        assert new[key[0]].n_unique() - new.join(before, on=key[0], how="semi")[key[0]].n_unique() == objects
        assert common.filter(differs).height == changed
        assert before.join(after, on=key, how="anti").is_empty()


def test_the_fast_lane_equals_the_reference_row_by_row(weesp: Path, october_batches: list[Batch]) -> None:
    fast = iter(october_batches)
    for reference in delivery(weesp / OCTOBER, "reference").batches:
        batch = next(fast)
        assert batch.record is reference.record
        assert batch.read == reference.read
        assert batch.frame.equals(reference.frame, null_equal=True)
    assert next(fast, None) is None


def gdal(path: Path, code: str) -> tuple[list[dict[str, Any]], np.ndarray[Any, Any]]:
    rows: list[dict[str, Any]] = []
    geometry = []
    for document in inner_documents(path, code):
        meta, _, wkb, columns = pyogrio.raw.read(document)
        names = meta["fields"].tolist()
        rows += [dict(zip(names, row, strict=True)) for row in zip(*(c.tolist() for c in columns), strict=True)]
        geometry.append(shapely.from_wkb(wkb))
    return rows, np.concatenate(geometry)


GDAL_NAMES = {
    "voorkomen": "voorkomenIdentificatie",
    "status": "status",
    "documentnummer": "documentNummer",
    "documentdatum": "documentDatum",
    "valid_from": "beginGeldigheid",
    "valid_until": "eindGeldigheid",
    "tijdstip_registratie": "tijdstipRegistratie",
    "eind_registratie": "eindRegistratie",
    "tijdstip_registratie_lv": "tijdstipRegistratieLV",
    "tijdstip_eind_registratie_lv": "tijdstipEindRegistratieLV",
    "geconstateerd": "geconstateerd",
}


def bare(value: str | None) -> str | None:
    """An identificatie without the domain that GDAL puts before it."""
    return None if value is None else value.rpartition(".")[2]


def bare_list(values: Any) -> list[str | None]:
    return [] if values is None else [bare(value) for value in values]


def test_gdal_reads_the_same_verblijfsobjecten_and_panden(weesp: Path, october: dict[str, pl.DataFrame]) -> None:
    for code, name in (("VBO", "verblijfsobjecten"), ("PND", "panden")):
        theirs, geometry = gdal(weesp / OCTOBER, code)
        ours = october[name]
        assert ours[:, 0].to_list() == [bare(row["identificatie"]) for row in theirs]
        for column, their_name in GDAL_NAMES.items():
            assert ours[column].to_list() == [row[their_name] for row in theirs], column
        own = shapely.from_wkb(ours["geometrie"].to_list())
        differs = np.flatnonzero(~shapely.equals(own, shapely.force_2d(geometry)))
        if code == "PND":
            assert ours["oorspronkelijk_bouwjaar"].to_list() == [row["oorspronkelijkBouwjaar"] for row in theirs]
            assert len(differs) == 0
            continue
        assert ours["oppervlakte"].to_list() == [row["oppervlakte"] for row in theirs]
        assert ours["gebruiksdoelen"].to_list() == [bare_list(row["gebruiksdoel"]) for row in theirs]
        assert ours["pand_ids"].to_list() == [bare_list(row["pandRef"]) for row in theirs]
        assert ours["nevenadres_ids"].to_list() == [bare_list(row["nevenadresNummeraanduidingRef"]) for row in theirs]
        assert ours["hoofdadres_id"].to_list() == [bare(row["hoofdadresNummeraanduidingRef"]) for row in theirs]
        # The one verblijfsobject with a vlak, of which GDAL gives the centroid.
        assert [own[i].geom_type for i in differs] == ["Polygon"]
        assert ours["verblijfsobject_id"][int(differs[0])] == "0457010000062054"


def test_the_value_lists_are_those_of_the_schema(shared_data: Path) -> None:
    schema = shared_data / "bag" / "xsd" / "lvbag" / "imbag" / "IMBAGLV" / "objecten" / "v20200601"
    text = next(schema.glob("*.xsd")).read_text(encoding="utf-8")
    lists: dict[str, set[str]] = {}
    for block in text.split('<xs:simpleType name="')[1:]:
        values = {part.split('"')[0] for part in block.split('<xs:enumeration value="')[1:]}
        lists[block.split('"')[0]] = values - {"--"}
    for name in (
        "StatusWoonplaats",
        "StatusNaamgeving",
        "StatusPlaats",
        "StatusVerblijfsobject",
        "StatusPand",
        "TypeOpenbareRuimte",
        "TypeAdresseerbaarObject",
    ):
        assert {member.value for member in getattr(value_lists, name)} == lists[name], name
    assert {member.value for member in Gebruiksdoel} == lists["GebruiksdoelType"]
    assert [table.code for table in OBJECTS] == ["WPL", "OPR", "NUM", "PND", "VBO", "LIG", "STA"]
