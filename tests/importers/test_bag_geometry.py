"""Geometry of any shape, batch and number of dimensions is what shapely makes of the same vertices, one by one."""

import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.bag_geometry import build_geometries
from importers.bag_raw import EXTERIOR, INTERIOR, POINT, RINGS

Vertex = tuple[float, float]

x_values = st.integers(0, 300_000_000).map(lambda n: n / 1000)
y_values = st.integers(300_000_000, 620_000_000).map(lambda n: n / 1000)
vertices = st.tuples(x_values, y_values)
rings = st.lists(vertices, min_size=3, max_size=6, unique=True).map(lambda found: [*found, found[0]])
surfaces = st.lists(rings, min_size=1, max_size=3)  # an exterior and its holes
shapes = st.one_of(st.none(), vertices, st.lists(surfaces, min_size=1, max_size=3))
whitespace = st.sampled_from([" ", "  ", "\n", "\t "])


def text_of(points: list[Vertex], dimensions: int, gap: str) -> str:
    return gap.join(f"{x}{gap}{y}" + (f"{gap}0.0" if dimensions == 3 else "") for x, y in points)


def ring_rows(record: int, shape: object, dimensions: int, gap: str) -> list[tuple[int, int, int, str]]:
    if shape is None:
        return []
    if isinstance(shape, tuple):
        return [(record, POINT, dimensions, text_of([shape], dimensions, gap))]
    assert isinstance(shape, list)
    return [
        (record, INTERIOR if place else EXTERIOR, dimensions, text_of(ring, dimensions, gap))
        for surface in shape
        for place, ring in enumerate(surface)
    ]


def expected(shape: object) -> shapely.Geometry | None:
    if shape is None:
        return None
    if isinstance(shape, tuple):
        return shapely.Point(shape)
    assert isinstance(shape, list)
    polygons = [shapely.Polygon(surface[0], surface[1:]) for surface in shape]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(shapes, st.sampled_from([2, 3]), whitespace), max_size=6))
def test_a_batch_equals_shapely_one_by_one(cases: list[tuple[object, int, str]]) -> None:
    rows = [row for record, case in enumerate(cases) for row in ring_rows(record, *case)]
    built = build_geometries(pl.DataFrame(rows, schema=RINGS, orient="row"), len(cases))
    assert built.broken == {}
    assert built.outside == []
    assert built.wkb.dtype == pl.Binary()
    for (shape, _, _), wkb in zip(cases, built.wkb.to_list(), strict=True):
        wanted = expected(shape)
        assert (None if wkb is None else shapely.from_wkb(wkb)) == wanted
        assert wkb is None or not shapely.has_z(shapely.from_wkb(wkb))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(shapes.filter(lambda shape: shape is not None), st.sampled_from([2, 3])), min_size=1, max_size=5
    ),
    st.sampled_from(["a", "nan", "inf", "1e999", ""]),
    st.data(),
)
def test_one_bad_number_costs_one_geometry(cases: list[tuple[object, int]], bad: str, data: st.DataObject) -> None:
    rows = [row for record, (shape, dims) in enumerate(cases) for row in ring_rows(record, shape, dims, " ")]
    hit = data.draw(st.integers(0, len(rows) - 1))
    numbers = rows[hit][3].split(" ")
    numbers[data.draw(st.integers(0, len(numbers) - 1))] = bad
    rows[hit] = (*rows[hit][:3], " ".join(number for number in numbers if number))
    built = build_geometries(pl.DataFrame(rows, schema=RINGS, orient="row"), len(cases))
    broken = rows[hit][0]
    assert set(built.broken) == {broken}
    for record, (shape, _) in enumerate(cases):
        wkb = built.wkb[record]
        assert (wkb is None) if record == broken else (shapely.from_wkb(wkb) == expected(shape))


TRIANGLE = "0 400000 1 400000 1 400001 0 400000"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(EXTERIOR, 2, "0 400000 1 400000 1 400001 0 400001")], "niet gesloten"),
        ([(EXTERIOR, 2, "0 400000 1 400000 0 400000")], "minder dan vier"),
        ([(EXTERIOR, 3, TRIANGLE)], "dimensies"),
        ([(EXTERIOR, 0, TRIANGLE)], "dimensies"),
        ([(EXTERIOR, 2, "")], "geen getal"),
        ([(INTERIOR, 2, TRIANGLE)], "gat zonder buitenrand"),
        ([(POINT, 2, "1 400000"), (POINT, 2, "2 400000")], "meer dan één punt"),
        ([(POINT, 2, "1 400000 2 400000")], "meer dan één punt"),
        ([(POINT, 2, "1 400000"), (EXTERIOR, 2, TRIANGLE)], "meer dan één punt"),
        ([(EXTERIOR, 2, TRIANGLE), (POINT, 2, "1 400000")], "meer dan één punt"),
    ],
)
def test_a_wrong_shape_is_named(rows: list[tuple[int, int, str]], words: str) -> None:
    batch = [(1, *row) for row in rows] + [(2, EXTERIOR, 2, TRIANGLE)]
    built = build_geometries(pl.DataFrame(batch, schema=RINGS, orient="row"), 3)
    assert list(built.broken) == [1]
    assert words in built.broken[1]
    assert built.wkb.is_null().to_list() == [True, True, False]


def test_positions_outside_the_country_are_named() -> None:
    batch = [(0, POINT, 2, "4.9 52.3"), (1, POINT, 2, "87000 436000"), (2, EXTERIOR, 2, TRIANGLE)]
    built = build_geometries(pl.DataFrame(batch, schema=RINGS, orient="row"), 3)
    assert built.outside == [0]
    assert built.wkb.null_count() == 0
