"""A point per dwelling, for whoever may see single dwellings: where it lies, what it is, and nobody's number."""

from datetime import datetime
from pathlib import Path

import geopandas as gpd
import polars as pl
import pytest

from registry.errors import UsageError
from registry.exports.geo import object_table, write_objects

MADE = datetime(2026, 11, 25, 9, 30)
LABELS = pl.DataFrame({
    "adresseerbaar_object_id": ["0606010000000002", "0606010000000001", "0606010000000003"],
    "buurt": ["Oost", "West", "onbekend"],
})  # fmt: skip
PLACES = pl.DataFrame({
    "adresseerbaar_object_id": ["0606010000000001", "0606010000000002"],
    "x": [87_000.5, 155_000.0],
    "y": [436_000.25, 463_000.0],
})  # fmt: skip
ADDRESSES = pl.DataFrame({"adresseerbaar_object_id": ["0606010000000001"], "adres": ["Dam 1"]})


@pytest.mark.parametrize("name", ["woningen.gpkg", "woningen.geojson"])
def test_every_dwelling_comes_back_in_its_place(tmp_path: Path, name: str) -> None:
    frame = object_table(LABELS, PLACES, ADDRESSES)
    assert write_objects(tmp_path / name, frame, made_at=MADE) == 3
    back = gpd.read_file(tmp_path / name).to_crs(28992).set_index("adresseerbaar_object_id")
    assert back["buurt"].to_dict() == dict(LABELS.iter_rows())
    assert back["adres"].dropna().to_dict() == {"0606010000000001": "Dam 1"}
    first = back.geometry["0606010000000001"]
    assert (first.x, first.y) == pytest.approx((87_000.5, 436_000.25), abs=0.01)
    # The origin of the RD grid lies in Amersfoort: the axes are not swapped.
    assert gpd.read_file(tmp_path / name).to_crs(4326).geometry[1].y == pytest.approx(52.155, abs=0.001)
    missing = back.geometry["0606010000000003"]
    assert missing is None or missing.is_empty


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="eindigt niet op"):
        write_objects(tmp_path / "woningen.shp", object_table(LABELS, PLACES, ADDRESSES), made_at=MADE)
