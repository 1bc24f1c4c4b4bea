"""Overcrowding counted: every dwelling of the stock once, what cannot be told with its reason."""

from datetime import date

import polars as pl
import pytest

from registry.stock.crowding import CLASSES, count_crowding, publish_crowding
from registry.stock.disclosure import Limits

OP = date(2026, 1, 1)


def outcome(
    object_id: str, uitkomst: str, people: tuple[int, int], facts: list[str] | None = None, area: float | None = 60.0
) -> dict[str, object]:
    low, high = people
    return {
        "adresseerbaar_object_id": object_id, "uitkomst": uitkomst, "onbekende_feiten": facts or [],
        "personen_min": low, "personen_max": high, "oppervlakte": area, "norm": 12.0,
    }  # fmt: skip


OUTCOMES = pl.DataFrame(
    [
        outcome("a", "signaal", (6, 7)),
        outcome("b", "onbekend", (5, 6), ["mogelijke_bewoners"]),
        outcome("c", "onbekend", (5, 5), ["oppervlakte"], None),
        outcome("d", "geen_signaal", (2, 2)),
        outcome("e", "niet_van_toepassing", (0, 0)),
        outcome("f", "juridisch_toetsen", (4, 4)),
        outcome("ligplaats", "signaal", (9, 9)),
    ],
    schema_overrides={"onbekende_feiten": pl.List(pl.String())},
)
DWELLINGS = pl.DataFrame({"adresseerbaar_object_id": list("abcdefg"), "buurt": ["X"] * 4 + ["Y"] * 3})


def test_every_dwelling_of_the_stock_is_counted_once_in_its_class() -> None:
    found = count_crowding(DWELLINGS, OUTCOMES, per=[], op=OP)
    assert found.rows.rows() == [
        (CLASSES[0], 1, 6),
        (CLASSES[1], 1, 6),
        (CLASSES[2], 2, 5),  # c, and g about which nothing came out
        (CLASSES[3], 1, 4),
        (CLASSES[4], 2, 2),
    ]
    assert found.total == found.rows["aantal"].sum() == 7
    assert found.unknown.rows() == [("mogelijke_bewoners", 1), ("oppervlakte", 1)]
    by_area = count_crowding(DWELLINGS, OUTCOMES, per=["buurt"], op=OP)
    assert by_area.rows["aantal"].sum() == 7
    assert by_area.rows.filter(buurt="X")["aantal"].sum() == 4


@pytest.mark.parametrize("crowded", [0, 3, 14])
def test_no_signals_leave_the_house_for_a_small_area(crowded: int) -> None:
    rows = [(f"x{number}", "X") for number in range(9)] + [(f"y{number}", "Y") for number in range(90)]
    dwellings = pl.DataFrame(rows, schema=["adresseerbaar_object_id", "buurt"], orient="row")
    outcomes = pl.DataFrame(
        [
            outcome(key, "signaal" if key in {f"y{number}" for number in range(crowded)} else "geen_signaal", (6, 6))
            for key, _ in rows
        ],
        schema_overrides={"onbekende_feiten": pl.List(pl.String())},
    )
    shown = publish_crowding(count_crowding(dwellings, outcomes, per=["buurt"], op=OP), Limits())
    small = shown.rows.filter(buurt="X")
    assert small["aantal"].null_count() == small["personen"].null_count() == small.height
    signals = shown.rows.filter(buurt="Y", klasse=CLASSES[0])
    if crowded == 3:
        assert signals["aantal"].to_list() == signals["personen"].to_list() == [None]
    assert all(number % 5 == 0 for number in shown.rows["personen"].drop_nulls())
    assert shown.unknown.is_empty()
