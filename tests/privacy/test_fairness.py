"""How rules fall on kinds of dwellings: counted right, with margins, and without giving anybody away."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from privacy_registry import PEILDATUM, Registry
from scipy.stats import binomtest

from registry.stock.disclosure import Limits
from registry.stock.fairness import COMPARED, FAIRNESS, VISITS, compare, read_fairness, wilson
from registry.store.queries.runs import last_run

OPEN = Limits(minimum=1, rounding=1)


def stock(tenures: dict[str, int]) -> pl.DataFrame:
    """A stock of which only the tenure differs."""
    kinds = [tenure for tenure, count in tenures.items() for _ in range(count)]
    return pl.DataFrame(
        {
            "adresseerbaar_object_id": [f"o{number:05d}" for number in range(len(kinds))],
            "wijk": "Oost", "buurt": "Buurt 1", "eigendom": kinds, "bewoners": "2", "woningtype": "meergezinswoning",
        }
    )  # fmt: skip


def of_tenure(rows: pl.DataFrame) -> dict[str, dict[str, object]]:
    return {row["klasse"]: row for row in rows.filter(indeling="eigendom").iter_rows(named=True)}


def test_a_rule_that_falls_on_one_tenure_is_named() -> None:
    homes = stock({"corporatie": 400, "particulier verhuurd": 400, "eigenaar-bewoner": 400})
    hit = homes.filter(eigendom="particulier verhuurd")["adresseerbaar_object_id"].head(80).to_list()
    hit += homes.filter(eigendom="corporatie")["adresseerbaar_object_id"].head(40).to_list()
    rows = of_tenure(compare(homes, [*hit, *hit, "elders"], "regel", limits=OPEN))
    assert {name: row["geraakt"] for name, row in rows.items()} == {
        "corporatie": 40, "particulier verhuurd": 80, "eigenaar-bewoner": 0,
    }  # fmt: skip
    assert {name: row["opvallend"] for name, row in rows.items()} == {
        "corporatie": None, "particulier verhuurd": "hoger", "eigenaar-bewoner": "lager",
    }  # fmt: skip
    assert rows["corporatie"]["aandeel"] == pytest.approx(0.1)
    assert rows["corporatie"]["aandeel_totaal"] == pytest.approx(0.1)


def test_a_rule_that_falls_evenly_is_not() -> None:
    homes = stock({"corporatie": 500, "eigenaar-bewoner": 500})
    hit = [one for one in homes["adresseerbaar_object_id"] if int(one[1:]) % 10 == 0]
    rows = compare(homes, hit, "regel", limits=OPEN)
    assert rows["opvallend"].drop_nulls().to_list() == []
    assert rows.schema == FAIRNESS


@given(total=st.integers(1, 2000), data=st.data())
def test_margins_are_those_of_scipy(total: int, data: st.DataObject) -> None:
    hit = data.draw(st.integers(0, total))
    expected = binomtest(hit, total).proportion_ci(0.95, method="wilson")
    low, high = wilson(hit, total)
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert 0 <= low <= hit / total <= high <= 1


@settings(max_examples=12)
@given(st.lists(st.integers(0, 60), min_size=3, max_size=3), st.lists(st.integers(0, 60), min_size=3, max_size=3))
def test_a_small_number_is_hidden_and_cannot_be_computed(sizes: list[int], hits: list[int]) -> None:
    names = ("corporatie", "particulier verhuurd", "eigenaar-bewoner")
    homes = stock({name: size + 1 for name, size in zip(names, sizes, strict=True)})
    hit = [
        one
        for name, count in zip(names, hits, strict=True)
        for one in homes.filter(eigendom=name)["adresseerbaar_object_id"].head(count)
    ]
    rows = of_tenure(compare(homes, hit, "regel", limits=Limits(minimum=10, rounding=1)))
    truth = {
        name: sum(1 for one in homes.filter(eigendom=name)["adresseerbaar_object_id"] if one in set(hit))
        for name in names
    }
    hidden = [name for name, row in rows.items() if row["geraakt"] is None]
    for name, row in rows.items():
        if 0 < truth[name] < 10:
            assert row["geraakt"] is None
            assert row["aandeel"] is None
    # One hidden number beside a shown total is no secret.
    total_shown = rows[names[0]]["aandeel_totaal"] is not None
    assert not total_shown or len(hidden) != 1


def test_every_rule_and_the_visits_of_the_registry_are_compared(registry: Registry) -> None:
    with registry.store.read() as connection:
        known = last_run(connection)
        found = read_fairness(connection, ["overbewoning", "omzetting"], op=PEILDATUM, known=known, limits=OPEN)
    assert set(found.rows["onderdeel"]) == {"overbewoning", VISITS}
    assert any("omzetting is nog niet getoetst" in remark for remark in found.remarks)
    for name in COMPARED:
        rows = found.rows.filter(onderdeel="overbewoning", indeling=name)
        assert rows["woningen"].sum() == 60
        assert (
            rows["geraakt"].sum() == found.rows.filter(onderdeel="overbewoning", indeling="eigendom")["geraakt"].sum()
        )
    assert found.rows["geraakt"].sum() > 0
