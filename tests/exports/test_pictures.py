"""Maps and charts: the numbers of the table, hidden ones shown as hidden, and equal bytes for equal input."""

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
import shapely
from lxml import etree

from registry.errors import UsageError
from registry.exports import comparisons
from registry.exports.picture_style import Caption, Picture, class_colours, ink_on, ramp
from registry.exports.pictures import draw_bars, draw_dots, draw_map, draw_trend, shares, write_picture
from registry.stock.dimensions import DIMENSIONS
from registry.stock.disclosure import Limits
from registry.stock.publish import Published

OP = date(2026, 1, 1)
SCHEMA = {"aantal": pl.Int64(), "aandeel": pl.Float64(), "oppervlakte": pl.Int64()}


def published(per: tuple[str, ...], rows: list[tuple[object, ...]]) -> Published:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(per, pl.String()) | SCHEMA, orient="row")
    return Published(100, frame, OP, per, "De definitie.", ("Afgeschermd: kleine aantallen.",))


TOTALS = published(("buurt",), [("Oost", 60, 0.6, 1), ("West", None, None, None), ("Zuid", 40, 0.4, 1)])
TABLE = published(("buurt", "woningtype"), [
    ("Oost", "eengezinswoning", 15, 0.15, 1), ("Oost", "meergezinswoning", 45, 0.45, 1),
    ("West", "meergezinswoning", None, None, None), ("Zuid", "meergezinswoning", 40, 0.4, 1),
])  # fmt: skip
SHAPES = pl.DataFrame(
    {"gebied_code": ["1", "2", "3"], "label": ["Oost", "West", "Zuid"],
     "geometrie": [shapely.to_wkb(shapely.Point(x, 0).buffer(40).difference(shapely.Point(x, 0).buffer(5)))
                   for x in (0, 100, 200)]}
)  # fmt: skip
TREND = pl.DataFrame({
    "dag": [date(2025, 1, 1)] * 2 + [OP] * 2, "woningtype": ["eengezinswoning", "meergezinswoning"] * 2,
    "aantal": [10, 80, 20, None],
})  # fmt: skip


def texts(picture: Picture) -> str:
    tree = etree.fromstring(picture.svg)
    return " ".join(tree.xpath("//*[local-name()='text']//text()"))


def marks(picture: Picture, colour: str) -> int:
    return picture.svg.decode().count(f"fill: {colour}")


def test_a_share_is_of_the_dwellings_of_its_area_and_hidden_with_them() -> None:
    assert shares(TABLE, "eengezinswoning", TOTALS).rows() == [("Oost", 0.25), ("West", None), ("Zuid", 0.0)]
    with pytest.raises(UsageError, match="komt niet voor"):
        shares(TABLE, "villa", TOTALS)


def test_a_map_names_its_numbers_day_and_source() -> None:
    picture = draw_map(TABLE, "eengezinswoning", SHAPES, totals=TOTALS, source="BAG 15-11-2026")
    shown = texts(picture)
    for text in ("Woningtype: eengezinswoning", "25 %", "0 %", "afgeschermd", "01-01-2026", "Bron: BAG 15-11-2026"):
        assert text in shown
    assert picture.table.rows() == [("Oost", 0.25), ("West", None), ("Zuid", 0.0)]
    assert "meest in Oost (25 %)" in picture.description


def test_a_dot_stands_for_dwellings_and_hidden_ones_have_none() -> None:
    picture = draw_dots(TABLE, SHAPES, source="BAG")
    colours = class_colours(["eengezinswoning", "meergezinswoning"], "woningtype")
    # One dot per dwelling here, and one square in the legend.
    assert marks(picture, colours["eengezinswoning"]) == 15 + 1
    assert marks(picture, colours["meergezinswoning"]) == 85 + 1
    assert "Eén stip is 1 woning" in texts(picture)


def test_bars_name_their_classes_and_shares() -> None:
    shown = texts(draw_bars(TABLE, totals=TOTALS, source="BAG 15-11-2026"))
    for text in ("meergezinswoning", "Oost", "West", "75 %", "25 %", "01-01-2026", "Bron: BAG 15-11-2026"):
        assert text in shown


@pytest.mark.parametrize("areas", [True, False])
def test_a_trend_names_each_class_with_its_last_number(areas: bool) -> None:
    picture = draw_trend(TREND, "woningtype", source="BAG", limits=Limits(), areas=areas)
    shown = texts(picture)
    assert "eengezinswoning" in shown
    assert "20" in shown
    assert "verborgen" in shown
    assert picture.table.sort("dag", "woningtype").equals(TREND)


def test_a_day_with_something_hidden_is_hatched_and_not_drawn_as_less() -> None:
    hidden = draw_trend(TREND, "woningtype", source="BAG", limits=Limits(), areas=True)
    whole = draw_trend(TREND.with_columns(pl.col("aantal").fill_null(70)), "woningtype", source="BAG", limits=None,
                       areas=True)  # fmt: skip
    assert "afgeschermd" in texts(hidden)
    assert "afgeschermd" not in texts(whole)
    assert "80" in texts(hidden).split()  # of the last whole day


def test_a_bar_is_of_all_dwellings_with_what_is_hidden_hatched() -> None:
    rows = [("Oost", "eengezinswoning", 15, 0.15, 1), ("Oost", "meergezinswoning", None, None, None)]
    shown = texts(draw_bars(published(("buurt", "woningtype"), rows), totals=TOTALS, source="BAG"))
    assert "25 %" in shown
    assert "afgeschermd" in shown
    assert "afgeschermd" not in texts(draw_bars(
        published(("buurt", "woningtype"), [("Oost", "eengezinswoning", 60, 0.6, 1)]), totals=TOTALS, source="BAG"
    )).replace("Afgeschermd", "")  # fmt: skip


def test_now_and_then_of_nothing_is_an_empty_picture() -> None:
    rows = pl.DataFrame(schema={"buurt": pl.String(), "nu": pl.Int64(), "straks": pl.Int64()})
    assert comparisons.now_and_then(rows, Caption("Bereik", "", "Bron: BAG.")).svg


def test_now_and_then_shows_both_numbers_and_what_is_hidden() -> None:
    rows = pl.DataFrame({"buurt": ["Oost", "West"], "nu": [120, None], "dan": [1180, 5]})
    shown = texts(comparisons.now_and_then(rows, Caption("Bereik", "", "Bron: BAG.")))
    assert "120 → 1.180" in shown
    assert "afgeschermd" in shown


def test_an_interval_that_cannot_be_told_is_not_drawn() -> None:
    rows = pl.DataFrame(
        [("2024", "binnen", 0.2, 0.1, 0.3), ("2025", "binnen", None, None, None)],
        schema=["periode", "ligging", "waarde", "laag", "hoog"], orient="row",
    )  # fmt: skip
    picture = comparisons.intervals(rows, Caption("Aandeel"))
    assert picture.svg.count(b"fill: #0b4f8a") == 1 + 1  # the point, and the square in the legend
    assert "2025" in texts(picture)


def test_a_picture_is_written_with_its_table_and_a_name_never_becomes_a_formula(tmp_path: Path) -> None:
    rows = pl.DataFrame({"buurt": ["=1+1"], "nu": [3], "dan": [4]})
    beside = write_picture(tmp_path / "a.svg", comparisons.now_and_then(rows, Caption("A & <B>")))
    with beside.open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [["buurt", "nu", "dan"], ["'=1+1", "3", "4"]]
    tree = etree.parse(tmp_path / "a.svg").getroot()
    assert tree.get("role") == "img"
    assert tree.find("{*}title").text == "A & <B>"


def test_equal_input_gives_equal_bytes() -> None:
    first, second = (draw_dots(TABLE, SHAPES, source="BAG").svg for _ in range(2))
    assert first == second


def test_without_surfaces_there_is_no_map() -> None:
    with pytest.raises(UsageError, match="omtrek"):
        draw_map(TABLE, "eengezinswoning", SHAPES.clear(), totals=TOTALS, source="BAG")


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_classes_differ_in_black_and_white_too() -> None:
    light = [lightness(colour) for colour in ramp(7)]
    assert light == sorted(light, reverse=True)
    tenures = class_colours(DIMENSIONS["eigendom"].order, "eigendom")
    assert len(set(tenures.values())) == len(tenures)
    beside = [lightness(tenures[label]) for label in DIMENSIONS["eigendom"].order]
    assert all(abs(one - other) > 25 for one, other in pairwise(beside))
    assert ink_on("#0b4f8a") != ink_on("#f0d96b")
