"""Where objects lie, and when."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from importers import gebieden as gebieden_importer
from importers.records import GEBIEDEN
from importers.source import load_source
from registry.intake.areas import BUITEN, LIGGING, OBJECTEN, locate

BEGIN = date(2010, 1, 1)


def area(code: str, box: tuple[float, float, float, float], **other: Any) -> dict[str, Any]:
    soort = {"GM": "gemeente", "WK": "wijk", "BU": "buurt"}.get(code[:2], "eigen")
    parent = {"buurt": "WK" + code[2:8], "wijk": "GM" + code[2:6]}.get(soort)
    return {
        "gebied_code": code,
        "soort": soort,
        "naam": code,
        "bovenliggend_code": parent,
        "geometrie": shapely.to_wkb(shapely.box(*box)),
        "valid_from": BEGIN,
        "source_file": "gebieden.geojson",
        "source_row": 1,
    } | other


def thing(geometry: shapely.Geometry | None, object_id: str = "O1", **other: Any) -> dict[str, Any]:
    wkb = None if geometry is None else shapely.to_wkb(geometry)
    return {"adresseerbaar_object_id": object_id, "geometrie": wkb, "valid_from": date(2015, 1, 1)} | other


def place(objects: list[dict[str, Any]], areas: list[dict[str, Any]]) -> tuple[list[tuple[Any, ...]], pl.DataFrame]:
    located = locate(pl.DataFrame(objects, schema=OBJECTEN), pl.DataFrame(areas, schema=GEBIEDEN.schema))
    assert located.ligging.schema == LIGGING
    assert located.buiten.schema == BUITEN
    return located.ligging.rows(), located.buiten


EAST = area("BU06060101", (0, 0, 10, 10))
WEST = area("BU06060102", (10, 0, 20, 10))


def test_a_buurt_brings_its_wijk_and_gemeente() -> None:
    rows, outside = place([thing(shapely.Point(5, 5))], [EAST, WEST])
    assert rows == [
        ("O1", "BU06060101", "buurt", date(2015, 1, 1), None),
        ("O1", "GM0606", "gemeente", date(2015, 1, 1), None),
        ("O1", "WK060601", "wijk", date(2015, 1, 1), None),
    ]
    assert outside.is_empty()


def test_a_wijk_with_its_own_surface_is_not_derived() -> None:
    own = area("WK060601", (100, 100, 110, 110))
    rows, _ = place([thing(shapely.Point(5, 5))], [EAST, own])
    assert [row[1] for row in rows] == ["BU06060101"]


def test_a_gemeente_follows_from_a_wijk_without_buurten() -> None:
    rows, outside = place([thing(shapely.Point(5, 5))], [area("WK060601", (0, 0, 10, 10))])
    assert {row[1] for row in rows} == {"WK060601", "GM0606"}
    assert outside.is_empty()


def test_a_point_on_a_border_lies_in_exactly_one_buurt_whatever_the_order() -> None:
    for areas in ([EAST, WEST], [WEST, EAST]):
        rows, _ = place([thing(shapely.Point(10, 5))], areas)
        assert [row[1] for row in rows if row[2] == "buurt"] == ["BU06060101"]


def test_periods_are_the_intersection_of_object_and_area() -> None:
    short = thing(shapely.Point(5, 5), valid_from=date(2009, 1, 1), valid_until=date(2012, 1, 1))
    rows, _ = place([short], [area("BU06060101", (0, 0, 9, 9), valid_until=date(2011, 1, 1))])
    assert rows[0][3:] == (BEGIN, date(2011, 1, 1))
    later = area("BU06060101", (0, 0, 9, 9), valid_from=date(2012, 1, 1))
    assert place([short], [later])[0] == []


def test_an_object_that_moves_lies_in_each_buurt_for_its_own_period() -> None:
    turn = date(2018, 6, 1)
    moved = [thing(shapely.Point(5, 5), valid_until=turn), thing(shapely.Point(15, 5), valid_from=turn)]
    rows, _ = place(moved, [EAST, WEST])
    assert rows == [
        ("O1", "BU06060101", "buurt", date(2015, 1, 1), turn),
        ("O1", "BU06060102", "buurt", turn, None),
        ("O1", "GM0606", "gemeente", date(2015, 1, 1), None),
        ("O1", "WK060601", "wijk", date(2015, 1, 1), None),
    ]


def test_a_newer_division_takes_over_from_an_older_one() -> None:
    newer = area("BU06060199", (0, 0, 20, 10), valid_from=date(2020, 1, 1))
    rows, _ = place([thing(shapely.Point(5, 5))], [EAST, newer])
    assert [row[1:] for row in rows if row[2] == "buurt"] == [
        ("BU06060101", "buurt", date(2015, 1, 1), date(2020, 1, 1)),
        ("BU06060199", "buurt", date(2020, 1, 1), None),
    ]


def test_the_same_buurt_in_two_divisions_is_one_period() -> None:
    again = area("BU06060101", (0, 0, 11, 10), valid_from=date(2020, 1, 1))
    rows, _ = place([thing(shapely.Point(5, 5))], [EAST, again])
    assert [row[3:] for row in rows if row[2] == "buurt"] == [(date(2015, 1, 1), None)]


def test_own_areas_may_overlap() -> None:
    rows, _ = place([thing(shapely.Point(5, 5))], [EAST, area("A1", (0, 0, 9, 9)), area("A2", (4, 4, 9, 9))])
    assert [row[1] for row in rows if row[2] == "eigen"] == ["A1", "A2"]


def test_a_surface_counts_by_a_point_inside_it() -> None:
    # The centre of this hook lies in the other buurt.
    hook = shapely.Polygon([(1, 1), (19, 1), (19, 1.2), (1.2, 1.2), (1.2, 9), (1, 9)])
    inside = shapely.Polygon([(12, 1), (13, 1), (13, 2), (12, 2)])
    rows, _ = place([thing(inside, "STA"), thing(hook, "LIG")], [EAST, WEST])
    assert {row[0]: row[1] for row in rows if row[2] == "buurt"}["STA"] == "BU06060102"
    assert len([row for row in rows if row[:3:2] == ("LIG", "buurt")]) == 1


def test_objects_outside_every_buurt_are_reported() -> None:
    objects = [thing(shapely.Point(50, 50), "O1"), thing(None, "O2"), thing(shapely.Point(5, 5), "O3")]
    _, outside = place(objects, [EAST, area("GM0606", (0, 0, 99, 99))])
    assert outside.select("adresseerbaar_object_id", "reden").rows() == [
        ("O1", "buiten_elke_buurt"),
        ("O2", "geen_geometrie"),
    ]


def test_nothing_to_place_and_no_areas() -> None:
    assert place([], [EAST])[0] == []
    rows, outside = place([thing(shapely.Point(5, 5))], [])
    assert rows == []
    assert outside.is_empty()


DAYS = st.integers(0, 20).map(lambda n: BEGIN + timedelta(days=100 * n))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 4), DAYS, st.none() | st.integers(1, 900), st.booleans()), min_size=1, max_size=6
    ),
    DAYS,
)
def test_at_any_moment_an_object_lies_in_at_most_one_buurt(
    divisions: list[tuple[int, date, int | None, bool]], begin: date
) -> None:
    areas = [
        area(
            f"BU0606010{number}",
            (0, 0, 10, 10) if covers else (20, 20, 30, 30),
            valid_from=since,
            valid_until=None if days is None else since + timedelta(days=days),
        )
        for number, since, days, covers in divisions
    ]
    rows, _ = place([thing(shapely.Point(5, 5), valid_from=begin)], areas)
    periods = [(row[3], row[4], row[1]) for row in rows if row[2] == "buurt"]
    for day in sorted({row["valid_from"] for row in areas} | {begin + timedelta(days=55 * n) for n in range(60)}):
        now = [code for since, until, code in periods if since <= day and (until is None or day < until)]
        fits = [
            (row["valid_from"], row["gebied_code"])
            for row, (_, _, _, covers) in zip(areas, divisions, strict=True)
            if covers
            and day >= begin
            and row["valid_from"] <= day
            and (row["valid_until"] is None or day < row["valid_until"])
        ]
        newest = max((since for since, _ in fits), default=None)
        assert now == sorted({code for since, code in fits if since == newest})[:1]


@pytest.mark.shared
def test_the_real_buurten_cover_weesp(shared_data: Path, weesp_bag: dict[str, pl.DataFrame]) -> None:
    path = shared_data / "gebieden" / "amsterdam-incl-weesp-buurten-2022plus.geojson"
    [batch] = gebieden_importer.read(path, source=load_source("gebieden")).batches
    objects = weesp_bag["verblijfsobjecten"].rename({"verblijfsobject_id": "adresseerbaar_object_id"})
    located = locate(objects.filter(pl.col("valid_until").is_null()), batch.frame)
    buurten = located.ligging.filter(soort="buurt")
    assert buurten.height == buurten["adresseerbaar_object_id"].n_unique() == 12_508
    assert buurten["gebied_code"].n_unique() == 22
    assert located.buiten["adresseerbaar_object_id"].to_list() == ["0457010000004631"]
    assert located.ligging.filter(soort="gemeente")["gebied_code"].unique().to_list() == ["GM0363"]
    assert located.ligging.filter(soort="wijk").height == 12_508
