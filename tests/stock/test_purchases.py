"""Transfers to landlords: every transfer in one kind, intervals that hold the count, and no word about causes."""

import re
from datetime import date

import polars as pl
import pytest
from demo_town import PEILDATUM
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from registry.errors import UsageError
from registry.exports.purchase_pictures import draw_purchases
from registry.stock.disclosure import Limits
from registry.stock.purchases import (
    DOUBT,
    LANDLORDS,
    OWN,
    Purchases,
    count_interval,
    publish_purchases,
    read_purchases,
    share_interval,
)
from registry.store.engine import Store
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import last_run
from rules.parameters import shipped_law


def read(store: Store, op: date = PEILDATUM, **other: object) -> Purchases:
    with store.read() as connection:
        return read_purchases(connection, shipped_law(), op=op, known=last_run(connection), **other)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found(demo_store: Store) -> Purchases:
    return read(demo_store)


def test_every_delivery_is_in_one_place_or_has_no_day(demo_store: Store, found: Purchases) -> None:
    with demo_store.read() as connection:
        frames = read_record_frames(connection, peildatum=PEILDATUM, known=last_run(connection))
    objects = frames.adresseerbare_objecten.filter(pl.col("gebruiksdoelen").list.contains("woonfunctie"))
    delivered = frames.overdrachten.filter(aard="levering").join(objects, on="adresseerbaar_object_id", how="semi")
    delivered = delivered.filter((pl.col("inschrijving_eerste") <= PEILDATUM).fill_null(value=True))
    assert found.cases["aantal"].sum() + found.undated == delivered.height
    assert found.periods["overdrachten"].sum() == found.cases["aantal"].sum() > 0
    for step in ("maand", "kwartaal"):
        finer = read(demo_store, step=step)
        assert finer.periods["naar_verhuurders"].sum() == found.periods["naar_verhuurders"].sum()
        assert finer.periods.height >= found.periods.height


def test_before_and_after_are_equally_long(found: Purchases) -> None:
    assert found.since == date(2022, 11, 1)
    dated = found.cases.filter(pl.col("wanneer").is_not_null())
    assert found.prices["overdrachten"].sum() == dated["aantal"].sum() < found.cases["aantal"].sum()
    before = dated.filter(wanneer="voor")["periode"]
    begin = found.since - (PEILDATUM - found.since)
    assert all(int(year) >= begin.year for year in before)


def test_shares_are_of_what_can_be_told(found: Purchases) -> None:
    kinds = found.cases.group_by("periode", "ligging").agg(
        landlords=pl.col("aantal").filter(pl.col("soort").is_in(LANDLORDS)).sum(),
        own=pl.col("aantal").filter(pl.col("soort") == OWN).sum(),
        doubt=pl.col("aantal").filter(pl.col("soort") == DOUBT).sum(),
    )
    joined = found.periods.join(kinds, on=["periode", "ligging"])
    for row in joined.iter_rows(named=True):
        assert row["naar_verhuurders"] == row["landlords"]
        assert row["niet_te_zeggen"] == row["doubt"]
        if row["landlords"] + row["own"]:
            assert row["aandeel"] == row["landlords"] / (row["landlords"] + row["own"])
            assert row["aandeel_laag"] <= row["aandeel"] <= row["aandeel_hoog"]
        assert row["aantal_laag"] <= row["naar_verhuurders"] <= row["aantal_hoog"]


def test_somebody_who_bought_last_month_may_still_move_in(demo_store: Store) -> None:
    early = read(demo_store, date(2025, 6, 1))
    recent = early.cases.filter((pl.col("periode") == "2025") & pl.col("soort").is_in(LANDLORDS[:1]))
    later = read(demo_store).cases.filter((pl.col("periode") == "2025") & pl.col("soort").is_in(LANDLORDS[:1]))
    assert recent["aantal"].sum() <= later["aantal"].sum()


def test_terms_end_within_four_years_from_now(found: Purchases) -> None:
    assert found.terms["termijnen"].sum() > 0
    assert found.terms["maand"].min() >= PEILDATUM.replace(day=1)
    assert found.terms["maand"].max() <= date(PEILDATUM.year + 4, 12, 1)
    assert found.terms["maand"].is_sorted()


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_wilson_interval_holds_the_share(count: int, more: int) -> None:
    held = share_interval(count, count + more)
    if count + more == 0:
        assert held is None
    else:
        assert held is not None
        assert 0 <= held[0] <= count / (count + more) + 1e-12
        assert count / (count + more) - 1e-12 <= held[1] <= 1


@given(st.integers(0, 500))
def test_an_exact_interval_leaves_two_and_a_half_percent_on_each_side(count: int) -> None:
    low, high = count_interval(count)
    assert poisson.cdf(count, high) == pytest.approx(0.025, abs=1e-6)
    if count:
        assert poisson.sf(count - 1, low) == pytest.approx(0.025, abs=1e-6)
    else:
        assert low == 0


def test_what_leaves_has_no_small_numbers(found: Purchases) -> None:
    shown = publish_purchases(found, Limits(10, 5))
    assert shown.select("periode", "ligging").equals(found.periods.select("periode", "ligging"))
    for name in ("overdrachten", "naar_verhuurders"):
        assert all(count is None or count == 0 or count >= 10 for count in shown[name])


def test_nothing_is_said_of_causes(found: Purchases) -> None:
    text = draw_purchases(found, "BRK").svg.decode() + found.definition
    assert re.search(r"\b(dankzij|doordat|effect van|gevolg van|leidde tot)\b", text) is None
    assert "niet af te leiden" in found.definition


def test_what_cannot_be_asked_is_refused(demo_store: Store) -> None:
    with pytest.raises(UsageError, match="geen stap"):
        read(demo_store, step="week")
    with pytest.raises(UsageError, match="geen bekende verordening"):
        read(demo_store, date(2020, 1, 1))
    with pytest.raises(UsageError, match="geen bekende verordening"):
        read(demo_store, gemeente="GM9999")
