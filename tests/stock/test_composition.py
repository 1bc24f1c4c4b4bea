"""The stock divided: every dwelling is counted once, whatever is known of it, and in the class that is true."""

from collections import Counter
from datetime import date
from itertools import combinations

import polars as pl
import pytest
from demo_town import DWELLINGS, PEILDATUM
from hypothesis import given, settings
from hypothesis import strategies as st
from small_stock import OP, Stock, stocks

from registry.domain.value_lists import WONINGVOORRAAD_STATUSSEN
from registry.errors import UsageError
from registry.stock.composition import compose, parts_of
from registry.stock.dimensions import DIMENSIONS
from registry.stock.records import PARTS, read_stock_records
from registry.store.engine import Store
from registry.store.queries.runs import last_run


def classes(stock: Stock, name: str, op: date = OP) -> dict[str, int]:
    return dict(compose(stock.records(), per=[name], op=op).rows.select(name, "aantal").iter_rows())


def plain_count(stock: Stock, op: date) -> int:
    """The stock counted in another way."""
    return sum(
        row["status"] in WONINGVOORRAAD_STATUSSEN
        and "woonfunctie" in row["gebruiksdoelen"]
        and row["valid_from"] <= op
        and (row["valid_until"] is None or row["valid_until"] > op)
        for row in stock.rows["objecten"]
    )


@given(
    stock=stocks(),
    per=st.lists(st.sampled_from(sorted(DIMENSIONS)), unique=True, max_size=3),
    op=st.dates(date(1999, 12, 1), date(2030, 1, 1)),
)
def test_rows_always_add_up_to_the_stock(stock: Stock, per: list[str], op: date) -> None:
    found = compose(stock.records(), per=per, op=op)
    assert found.total == plain_count(stock, op)
    assert found.rows["aantal"].sum() == found.total
    assert found.rows.unique(per or None).height == found.rows.height
    assert all(found.rows[name].null_count() == 0 for name in per)
    if found.total:
        assert found.rows["aandeel"].sum() == pytest.approx(1)
    whole = compose(stock.records(), per=[], op=op).rows.row(0, named=True)
    assert found.rows["oppervlakte"].sum() == whole["oppervlakte"]
    assert found.rows["oppervlakte_onbekend"].sum() == whole["oppervlakte_onbekend"]


@given(stock=stocks(), name=st.sampled_from(sorted(DIMENSIONS)), other=st.sampled_from(sorted(DIMENSIONS)))
def test_selections_by_every_class_of_a_dimension_are_together_the_stock(stock: Stock, name: str, other: str) -> None:
    records = stock.records()
    whole = compose(records, per=[name], op=OP)
    parts = [compose(records, per=[other], op=OP, only={name: [label]}) for label in whole.rows[name]]
    assert sum(part.total for part in parts) == whole.total
    assert [part.total for part in parts] == whole.rows["aantal"].to_list()
    together: Counter[str] = Counter()
    for part in parts:
        together.update(dict(part.rows.select(other, "aantal").iter_rows()))
    assert together == Counter(dict(compose(records, per=[other], op=OP).rows.select(other, "aantal").iter_rows()))


@given(stock=stocks(), per=st.lists(st.sampled_from(sorted(DIMENSIONS)), unique=True, max_size=3))
def test_only_what_a_dimension_needs_has_to_be_read(stock: Stock, per: list[str]) -> None:
    records = stock.records()
    parts = parts_of(per)
    needed = {"gebieden": ("ligging", "labels"), "gemeente": ("gemeenten", "ligging", "labels"),
              "bewoning": ("bewoning",), "eigendom": ("rights", "owners", "bewoning"), "woz": ("woz",)}  # fmt: skip
    assert set(needed) == PARTS
    kept = {field for part in parts for field in needed[part]}
    absent = {field: None for fields in needed.values() for field in fields if field not in kept}
    less = type(records)(**{name: getattr(records, name) for name in records.__slots__} | absent | {"derived": {}})
    assert compose(less, per=per, op=OP).rows.equals(compose(records, per=per, op=OP).rows)


def test_a_source_that_was_never_read_leaves_everything_unknown_and_says_so() -> None:
    stock = Stock(("bag",))
    stock.dwelling("o1")
    for name, dimension in DIMENSIONS.items():
        found = compose(stock.records(), per=[name], op=OP)
        if dimension.source != "bag":
            assert found.rows[name].to_list() == ["onbekend"], name
            assert any(f"bron {dimension.source} is niet ingelezen" in text for text in found.remarks), name


def test_tenure_owner_size_and_occupation(town: Stock) -> None:
    for number in range(1, 7):
        town.dwelling(f"o{number}")
    town.owner("o1", "ann")
    town.resident("o1", "ann")
    town.owner("o2", "bob")
    town.resident("o2", "huurder")
    town.owner("o3", "bob")
    town.resident("o3", "huurder2")
    town.owner("o4", "12345678", "rechtspersoon")
    town.owner("o5", "87654321", "rechtspersoon", corporatie=True)
    town.resident("o5", "een")
    town.resident("o5", "twee", "mogelijk")
    assert classes(town, "eigendom") == {
        "eigenaar-bewoner": 1, "particulier verhuurd": 2, "bedrijf": 1, "corporatie": 1, "onbekend": 1,
    }  # fmt: skip
    assert classes(town, "eigenaarsgrootte") == {"1 woning": 3, "2 woningen": 2, "onbekend": 1}
    assert classes(town, "bewoond") == {"bewoond": 4, "niet bewoond": 2}
    assert classes(town, "bewoners") == {"0": 2, "1": 3, "onbekend": 1}
    assert classes(town, "ruimte_per_bewoner") == {"niet bewoond": 2, "50 tot 75 m2": 3, "onbekend": 1}


def test_a_sale_changes_tenure_from_its_day(town: Stock) -> None:
    town.dwelling("o1")
    town.owner("o1", "ann", until=date(2025, 6, 1))
    town.resident("o1", "ann", valid_until=date(2025, 6, 1))
    town.owner("o1", "bob", since=date(2025, 6, 1))
    town.resident("o1", "huurder", valid_from=date(2025, 6, 1))
    assert classes(town, "eigendom", date(2025, 5, 31)) == {"eigenaar-bewoner": 1}
    assert classes(town, "eigendom", date(2025, 6, 1)) == {"particulier verhuurd": 1}


def test_building_and_value(town: Stock) -> None:
    town.pand("flat", 1965)
    town.pand("oud", 1890)
    town.pand("fout", 9999)
    town.dwelling("o1")
    town.dwelling("o2", pand_ids=["flat"])
    town.dwelling("winkel", pand_ids=["flat"], gebruiksdoelen=["winkelfunctie"])
    town.dwelling("o3", pand_ids=["flat", "oud"], gebruiksdoelen=["woonfunctie", "kantoorfunctie"])
    town.dwelling("o4", pand_ids=["fout"], oppervlakte=9999)
    town.dwelling("o5", pand_ids=[])
    town.value("o1", 149_999)
    town.value("o2", 150_000)
    town.value("o3", 300_000, aantal_objecten=2)
    town.value("o4", None)
    assert classes(town, "bouwperiode") == {"voor 1906": 1, "1906-1930": 1, "1960-1970": 1, "onbekend": 2}
    assert classes(town, "woningtype") == {"eengezinswoning": 2, "meergezinswoning": 2, "onbekend": 1}
    assert classes(town, "grootteklasse") == {"50 tot 75 m2": 4, "onbekend": 1}
    assert classes(town, "gebruik") == {"alleen wonen": 4, "wonen en ander gebruik": 1}
    assert classes(town, "wozklasse") == {
        "tot 150.000 euro": 1, "150.000 tot 250.000 euro": 1, "onbekend": 3,
    }  # fmt: skip


def test_areas_that_overlap_count_a_dwelling_once_and_say_so(town: Stock) -> None:
    town.put("labels", gebied_code="X", soort="eigen", label="Aanpak Oost")
    for number in range(3):
        town.dwelling(f"o{number}")
        town.lies(f"o{number}", "X", "eigen")
    town.lies("o0", "Y", "eigen")
    town.lies("o1", "Z", "eigen", valid_until=date(2025, 1, 1))
    assert classes(town, "eigen_gebied") == {"Aanpak Oost": 2, "meer dan één gebied": 1}
    assert classes(town, "eigen_gebied", date(2024, 1, 1)) == {"Aanpak Oost": 1, "meer dan één gebied": 2}


def test_a_later_voorkomen_speaks_where_two_overlap(town: Stock) -> None:
    town.dwelling("o1", voorkomen=2, oppervlakte=110)
    town.dwelling("o1", voorkomen=1, oppervlakte=60)
    assert classes(town, "grootteklasse") == {"100 tot 150 m2": 1}


def test_classes_stand_in_their_order_and_unknown_last(town: Stock) -> None:
    for number, area in enumerate([None, 300, 14, 60, 110]):
        town.dwelling(f"o{number}", oppervlakte=area)
    rows = compose(town.records(), per=["grootteklasse"], op=OP).rows
    assert rows["grootteklasse"].to_list() == [
        "2 tot 15 m2", "50 tot 75 m2", "100 tot 150 m2", "250 m2 en meer", "onbekend",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("per", "only", "message"),
    [
        (["kleur"], {}, "'kleur' is geen indeling"),
        (["buurt", "buurt"], {}, "tweemaal"),
        (["buurt", "wijk", "status", "gebruik"], {}, "ten hoogste 3"),
        ([], {"buurt": ["Nergens"]}, "Buurt 'Nergens' bestaat niet, of heeft op 01-01-2026 geen woningen"),
        ([], {"kleur": ["rood"]}, "'kleur' is geen indeling"),
    ],
)
def test_what_does_not_exist_is_refused(town: Stock, per: list[str], only: dict[str, list[str]], message: str) -> None:
    town.dwelling("o1")
    with pytest.raises(UsageError, match=message):
        compose(town.records(), per=per, op=OP, only=only)


def test_a_day_before_everything_and_an_empty_choice_are_told(town: Stock) -> None:
    town.dwelling("o1")
    before = compose(town.records(), per=["bouwperiode"], op=date(1999, 12, 31))
    assert before.total == 0
    assert before.rows.is_empty()
    assert any("begint op 01-01-2000" in text for text in before.remarks)
    assert compose(town.records(), per=[], op=date(1999, 12, 31)).rows["aantal"].to_list() == [0]
    none = compose(town.records(), per=[], op=OP, only={"grootteklasse": ["250 M2 EN MEER"]})
    assert none.total == 0
    assert any("geen enkele woning" in text for text in none.remarks)
    late = compose(town.records(), per=["bouwperiode"], op=date(2026, 6, 2))
    assert any("01-06-2026" in text for text in late.remarks)


def test_the_definition_of_every_dimension_that_was_used_is_told(town: Stock) -> None:
    town.dwelling("o1")
    found = compose(town.records(), per=["woningtype"], op=OP, only={"bewoond": ["niet bewoond"]})
    assert "Woningvoorraad naar CBS" in found.definition
    assert DIMENSIONS["woningtype"].definition in found.definition
    assert DIMENSIONS["bewoond"].definition in found.definition
    assert found.rows.schema == {
        "woningtype": pl.String, "aantal": pl.Int64, "aandeel": pl.Float64, "oppervlakte": pl.Int64,
        "oppervlakte_onbekend": pl.Int64,
    }  # fmt: skip


@settings(max_examples=12)
@given(stock=stocks(), per=st.lists(st.sampled_from(sorted(DIMENSIONS)), unique=True, max_size=3))
def test_a_day_that_was_asked_before_gives_the_same(stock: Stock, per: list[str]) -> None:
    records = stock.records()
    fresh = compose(stock.records(), per=per, op=OP).rows
    for other in (*DIMENSIONS, "status"):
        compose(records, per=[other], op=OP)
        compose(records, per=[other], op=date(2025, 1, 1))
    assert compose(records, per=per, op=OP).rows.equals(fresh)
    assert len(records.derived) <= 14


def test_every_two_and_three_dimensions_add_up_for_a_whole_municipality(demo_store: Store) -> None:
    with demo_store.read() as connection:
        records = read_stock_records(connection, known=last_run(connection))
    sums: dict[str, dict[str, int]] = {}
    for name in DIMENSIONS:
        rows = compose(records, per=[name], op=PEILDATUM).rows
        sums[name] = dict(rows.select(name, "aantal").iter_rows())
        assert sum(sums[name].values()) == DWELLINGS
    for per in (*combinations(DIMENSIONS, 2), *combinations(DIMENSIONS, 3)):
        rows = compose(records, per=per, op=PEILDATUM).rows
        for name in per:
            assert dict(rows.group_by(name).agg(pl.col("aantal").sum()).iter_rows()) == sums[name]
