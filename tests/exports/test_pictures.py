"""Maps and bars: the numbers of the table, hidden ones shown as hidden, and equal bytes for equal input."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import shapely
from lxml import etree

from registry.errors import UsageError
from registry.exports.pictures import draw_bars, draw_map, shares
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


def test_a_share_is_of_the_dwellings_of_its_area_and_hidden_with_them() -> None:
    assert shares(TABLE, "eengezinswoning", TOTALS).rows() == [("Oost", 0.25), ("West", None), ("Zuid", 0.0)]
    with pytest.raises(UsageError, match="komt niet voor"):
        shares(TABLE, "villa", TOTALS)


def texts(path: Path) -> str:
    tree = etree.parse(path)
    return " ".join(tree.xpath("//*[local-name()='text']//text()"))


def test_pictures_name_their_numbers_day_and_source(tmp_path: Path) -> None:
    draw_map(tmp_path / "kaart.svg", TABLE, "eengezinswoning", SHAPES, totals=TOTALS, source="BAG 15-11-2026")
    shown = texts(tmp_path / "kaart.svg")
    for text in ("Woningtype: eengezinswoning", "25 %", "0 %", "afgeschermd", "01-01-2026", "Bron: BAG 15-11-2026"):
        assert text in shown
    draw_bars(tmp_path / "staven.svg", TABLE, source="BAG 15-11-2026")
    shown = texts(tmp_path / "staven.svg")
    for text in ("meergezinswoning", "Oost", "West", "01-01-2026", "Bron: BAG 15-11-2026"):
        assert text in shown


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw_map(tmp_path / name, TABLE, "eengezinswoning", SHAPES, totals=TOTALS, source="BAG")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_without_surfaces_there_is_no_map(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="omtrek"):
        draw_map(tmp_path / "a.svg", TABLE, "eengezinswoning", SHAPES.clear(), totals=TOTALS, source="BAG")
