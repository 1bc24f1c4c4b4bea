"""Which signals are on the list, in which order, and what stands beside them."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import UsageError
from registry.worklists.definitions import UITKOMSTEN, URGENTIES, worklist_columns
from registry.worklists.planning import WorklistFilters, worklist_rows

ALL = WorklistFilters(uitkomsten=())


def ids(rows: pl.DataFrame) -> list[str]:
    return rows["adresseerbaar_object_id"].to_list()


def test_the_order_is_outcome_urgency_excess_buurt_and_house_number_as_a_number(town: Any) -> None:
    town.add("unknown", 1, uitkomst="onbekend", urgentie=None, overschrijding=None)
    town.add("review", 1, uitkomst="juridisch_toetsen", urgentie="hoog", overschrijding=9)
    town.add("low", 1, urgentie="laag", overschrijding=8)
    town.add("ten", 10)
    town.add("nine", 9)
    town.add("west", 1, buurt="West")
    town.add("much", 1, buurt="West", overschrijding=3)
    town.add("high", 200, urgentie="hoog")
    town.add("other street", 1, straat="Abelstraat")
    town.add("uncounted", 1, overschrijding=None)
    town.add("no buurt", 1)
    town.gebieden.pop()
    rows = worklist_rows(*town.frames(), filters=ALL)
    assert ids(rows) == [
        "high",
        "much",
        "other street",
        "nine",
        "ten",
        "west",
        "no buurt",
        "uncounted",
        "low",
        "review",
        "unknown",
    ]
    assert rows["nr"].to_list() == list(range(1, 12))


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_the_order_does_not_depend_on_the_order_of_the_input(new_town: Any, data: st.DataObject) -> None:
    town = new_town()
    for number in range(6):
        town.add(
            f"O{number}",
            data.draw(st.integers(1, 3)),
            buurt=data.draw(st.sampled_from(["Oost", "West"])),
            uitkomst=data.draw(st.sampled_from(UITKOMSTEN)),
            urgentie=data.draw(st.sampled_from([*URGENTIES, None])),
            overschrijding=data.draw(st.none() | st.integers(1, 3)),
        )
    expected = worklist_rows(*town.frames(), filters=ALL)
    assert expected.height == 6
    for part in (town.signals, town.adressen, town.gebieden):
        part[:] = data.draw(st.permutations(part))
    assert worklist_rows(*town.frames(), filters=ALL).equals(expected)


def test_a_hoofdadres_stands_for_its_nevenadressen(town: Any) -> None:
    town.add("A", 12)
    town.add("B", 14)
    for huisnummer in (2, 4):
        town.adressen.append(
            town.adressen[0] | {"huisnummer": huisnummer, "adres": "Achterpad", "is_hoofdadres": False}
        )
    rows = worklist_rows(*town.frames(), filters=ALL)
    assert rows["adres"].to_list() == ["Kadelaan 12 (+2)", "Kadelaan 14"]


def test_the_latest_inspection_stands_beside_the_signal(town: Any) -> None:
    town.add("A", 1)
    for day, result in ((date(2025, 9, 1), "niemand_aanwezig"), (date(2025, 3, 1), "geweigerd")):
        town.inspecties.append({"adresseerbaar_object_id": "A", "datum": day, "resultaat": result})
    row = worklist_rows(*town.frames(), filters=ALL).row(0, named=True)
    assert (row["laatste_inspectie"], row["laatste_resultaat"]) == (date(2025, 9, 1), "niemand aanwezig")


def test_a_signal_without_address_area_or_inspection_stays_on_the_list(town: Any) -> None:
    town.add("A", 1)
    town.adressen.clear()
    town.gebieden.clear()
    row = worklist_rows(*town.frames(), filters=ALL).row(0, named=True)
    assert row["adresseerbaar_object_id"] == "A"
    assert row["adres"] is row["buurt"] is row["laatste_inspectie"] is None


def test_every_column_of_the_definitions_is_there_with_its_value(town: Any) -> None:
    town.add("A", 1, uitkomst="juridisch_toetsen", onbekende_feiten=["mogelijke_bewoners", "oppervlakte"])
    rows = worklist_rows(*town.frames(), filters=ALL)
    assert rows.columns == [column.key for column in worklist_columns()]
    row = rows.row(0, named=True)
    assert row["uitkomst"] == "juridisch toetsen"
    assert row["onbekende_feiten"] == "mogelijke bewoners, oppervlakte"
    assert row["peildatum"] == date(2026, 1, 8)
    assert row["bewijs"] == "0123456789abcdef"
    assert {row[column.key] for column in worklist_columns() if column.fill_in} == {None}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (WorklistFilters(), ["A", "C", "B"]),
        (WorklistFilters(uitkomsten=()), ["A", "C", "B", "D"]),
        (WorklistFilters(uitkomsten=("onbekend",)), ["D"]),
        (WorklistFilters(buurten=("WEST",)), ["B"]),
        (WorklistFilters(wijken=("wijk a",), limit=2), ["A", "C"]),
        (WorklistFilters(urgenties=("hoog", "laag")), ["A", "B"]),
        (WorklistFilters(regels=("adresverschil",)), ["C"]),
        (WorklistFilters(regels=("omzetting",)), []),
    ],
)
def test_filters_keep_what_they_say(town: Any, filters: WorklistFilters, expected: list[str]) -> None:
    town.add("A", 1, urgentie="hoog")
    town.add("B", 2, urgentie="laag", buurt="West")
    town.add("C", 3, regel="adresverschil")
    town.add("D", 4, uitkomst="onbekend")
    rows = worklist_rows(*town.frames(), filters=filters)
    assert ids(rows) == expected
    assert rows.columns == [column.key for column in worklist_columns()]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (WorklistFilters(buurten=("Oots",)), "Onbekende buurt: oots. Kies uit: Oost"),
        (WorklistFilters(wijken=("B",)), "Onbekende wijk: b. Kies uit: Wijk A"),
        (WorklistFilters(uitkomsten=("overtreding",)), "Onbekende uitkomst: overtreding"),
        (WorklistFilters(urgenties=("spoed",)), "hoog, midden, laag"),
        (WorklistFilters(limit=0), "ten minste 1 rij"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(town: Any, filters: WorklistFilters, words: str) -> None:
    town.add("A", 1)
    with pytest.raises(UsageError, match=words):
        worklist_rows(*town.frames(), filters=filters)


def test_filters_are_told_in_dutch() -> None:
    filters = WorklistFilters(uitkomsten=("juridisch_toetsen", "signaal"), buurten=("Oost",), limit=20)
    assert filters.describe() == {
        "Uitkomst": "juridisch toetsen, signaal",
        "Buurt": "Oost",
        "Ten hoogste": "20 rijen",
    }
