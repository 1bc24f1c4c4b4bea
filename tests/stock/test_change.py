"""Two stands and what lies between them: everything that came or went has one reason, and the sum is right."""

from datetime import date

import pytest
from hypothesis import given
from small_stock import Stock, stocks

from registry.errors import UsageError
from registry.stock.change import COMING, GOING, Flow, days_between, flows, follow

FIRST, LAST = date(2025, 1, 1), date(2026, 1, 1)
BEFORE, MIDDLE = {"valid_until": date(2025, 6, 1)}, {"valid_from": date(2025, 6, 1)}


def counted(stock: Stock) -> dict[str, int]:
    return dict(flows(stock.records(), first=FIRST, last=LAST).rows.iter_rows())


@given(stock=stocks())
def test_the_first_stand_and_the_flows_make_the_last(stock: Stock) -> None:
    found = flows(stock.records(), per=["gebruik", "eigendom"], first=FIRST, last=date(2028, 1, 1))
    coming, going = (
        found.rows.filter(found.rows["stroom"].is_in([flow.value for flow in kinds]))["aantal"].sum()
        for kinds in (COMING, GOING)
    )
    assert found.begin + coming - going == found.end
    stayed = found.transitions["eigendom"]["aantal"].sum()
    assert stayed == found.begin - going == found.end - coming


def test_built_and_demolished(town: Stock) -> None:
    town.pand("nieuw", 2025, **MIDDLE)
    town.pand("oud", 1920, **BEFORE)
    town.pand("oud", 1920, "Pand gesloopt", **MIDDLE)
    town.dwelling("o1", pand_ids=["nieuw"], **MIDDLE)
    town.dwelling("o2", pand_ids=["nieuw"], **MIDDLE)
    town.dwelling("o3", pand_ids=["oud"], **BEFORE)
    town.dwelling("o4")
    assert counted(town) == {Flow.GEBOUWD.value: 2, Flow.GESLOOPT.value: 1}


def test_split_with_and_without_a_number_that_stays(town: Stock) -> None:
    town.pand("p")
    town.dwelling("o1", pand_ids=["p"], oppervlakte=120, **BEFORE)
    town.dwelling("o1", pand_ids=["p"], oppervlakte=60, voorkomen=2, **MIDDLE)
    town.dwelling("o2", pand_ids=["p"], **MIDDLE)
    town.pand("q")
    town.dwelling("o3", pand_ids=["q"], oppervlakte=120, **BEFORE)
    town.dwelling("o4", pand_ids=["q"], **MIDDLE)
    town.dwelling("o5", pand_ids=["q"], **MIDDLE)
    assert counted(town) == {Flow.GESPLITST.value: 3, Flow.VERVANGEN_ERAF.value: 1}


def test_merged_replaced_and_otherwise(town: Stock) -> None:
    town.pand("p")
    town.dwelling("o1", pand_ids=["p"], oppervlakte=60, **BEFORE)
    town.dwelling("o1", pand_ids=["p"], oppervlakte=120, voorkomen=2, **MIDDLE)
    town.dwelling("o2", pand_ids=["p"], **BEFORE)
    town.pand("q")
    town.dwelling("o3", pand_ids=["q"], **BEFORE)
    town.dwelling("o4", pand_ids=["q"], **MIDDLE)
    town.dwelling("winkel", gebruiksdoelen=["winkelfunctie"], **BEFORE)
    town.dwelling("winkel", voorkomen=2, **MIDDLE)
    town.dwelling("kantoor", **BEFORE)
    town.dwelling("kantoor", gebruiksdoelen=["kantoorfunctie"], voorkomen=2, **MIDDLE)
    assert counted(town) == {
        Flow.SAMENGEVOEGD.value: 1, Flow.VERVANGEN_ERBIJ.value: 1, Flow.VERVANGEN_ERAF.value: 1,
        Flow.ANDERS_ERBIJ.value: 1, Flow.ANDERS_ERAF.value: 1,
    }  # fmt: skip


def test_from_owner_occupied_to_let_and_from_corporation_to_private(town: Stock) -> None:
    for number in range(3):
        town.dwelling(f"o{number}")
    town.owner("o0", "ann", until=date(2025, 6, 1))
    town.resident("o0", "ann", **BEFORE)
    town.owner("o0", "bob", since=date(2025, 6, 1))
    town.resident("o0", "huurder", **MIDDLE)
    town.owner("o1", "87654321", "rechtspersoon", corporatie=True, until=date(2025, 6, 1))
    town.owner("o1", "cas", since=date(2025, 6, 1))
    town.resident("o1", "cas")
    town.owner("o2", "dee")
    town.resident("o2", "dee")
    found = flows(town.records(), first=FIRST, last=LAST)
    assert found.rows.is_empty()
    assert found.transitions["eigendom"].rows() == [
        ("eigenaar-bewoner", "eigenaar-bewoner", 1),
        ("eigenaar-bewoner", "particulier verhuurd", 1),
        ("corporatie", "eigenaar-bewoner", 1),
    ]


def test_the_same_table_on_each_day(town: Stock) -> None:
    town.dwelling("o1")
    town.dwelling("o2", oppervlakte=110, **MIDDLE)
    rows = follow(town.records(), per=["grootteklasse"], days=days_between(FIRST, LAST, "jaar"))
    assert rows.select("dag", "grootteklasse", "aantal").rows() == [
        (FIRST, "50 tot 75 m2", 1), (LAST, "50 tot 75 m2", 1), (LAST, "100 tot 150 m2", 1),
    ]  # fmt: skip


def test_days() -> None:
    assert days_between(date(2024, 3, 1), date(2026, 1, 1), "jaar") == [date(2025, 1, 1), date(2026, 1, 1)]
    assert len(days_between(date(2024, 3, 1), date(2025, 3, 1), "maand")) == 13


@pytest.mark.parametrize(
    ("first", "last", "step", "message"),
    [
        (LAST, FIRST, "jaar", "loopt terug"),
        (FIRST, LAST, "week", "geen stap"),
        (date(2025, 1, 2), date(2025, 1, 20), "maand", "begint geen maand"),
        (date(1900, 1, 1), LAST, "maand", "meer dan 400"),
    ],
)
def test_impossible_periods_are_refused(first: date, last: date, step: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        days_between(first, last, step)
    with pytest.raises(UsageError, match="moet na de eerste"):
        flows(Stock().records(), first=LAST, last=FIRST)
