"""Linking over the real history of Weesp: renamed, renumbered and swapped addresses, and messy spellings of them."""

from datetime import date

import polars as pl
import pytest
from address_noise import (
    KINDS,
    UNSEEN,
    accuracy,
    current,
    historic_rows,
    judge,
    judge_unknown,
    noisy_rows,
    trap_rows,
    unique_addresses,
    weesp_forms,
    wrong,
)

from registry.intake.linking import ADRESSEN, link
from registry.store.queries.adressen import adresregel

STAND = date(2021, 10, 15)
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def forms(weesp_bag: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return weesp_forms(weesp_bag)


SUFFIX = pl.concat_str("huisletter", "huisnummertoevoeging", ignore_nulls=True)


def ask(asked: pl.DataFrame, forms: pl.DataFrame, **address: pl.Expr) -> pl.DataFrame:
    """Link the addresses of forms today; ``truth`` is the object that the form denoted, ``truth_status`` its status."""
    rows = asked.with_row_index("row_nr").select(
        pl.col("row_nr").cast(pl.Int64),
        pl.lit(STAND).alias("op"),
        *(value.alias(name) for name, value in address.items()),
        pl.col("adresseerbaar_object_id").alias("truth"),
        pl.col("object_status").alias("truth_status"),
    )
    absent = [pl.lit(None, ADRESSEN[name]).alias(name) for name in ADRESSEN.names() if name not in rows.columns]
    linked = link(rows.with_columns(absent), forms)
    return linked.join(rows.select("row_nr", "truth", "truth_status"), on="row_nr", maintain_order="left")


@pytest.mark.parametrize(
    ("address", "unlinked"),
    [
        ({"adres": adresregel()}, 2),
        ({"adres": adresregel().str.to_lowercase() + ", weesp"}, 2),
        ({"adres": adresregel().str.replace("straat", "str.").str.replace("Burgemeester", "Burg.")}, 2),
        ({"postcode": pl.col("postcode"), "huisnummer": pl.col("huisnummer"), "suffix": SUFFIX}, 109),
    ],
)
def test_every_issued_address_is_found_and_only_real_doubles_are_not(
    forms: pl.DataFrame, address: dict[str, pl.Expr], unlinked: int
) -> None:
    linked = ask(current(forms, STAND), forms, **address)
    assert linked.height == 12_030  # 12,034 issued, of which four are nevenadressen
    assert linked.filter(pl.col("status") != "gekoppeld").height == unlinked
    # A formed object with the address of an existing one: the existing one is meant (BAG doubles of domain/bag.md 6.1).
    assert wrong(linked)["truth_status"].unique().to_list() == ["Verblijfsobject gevormd"]
    assert wrong(linked).height <= 7


def test_an_old_address_is_found_as_of_its_own_day_and_never_wrongly(forms: pl.DataFrame) -> None:
    rows = historic_rows(forms, STAND)
    judged = judge(rows.filter(pl.col("row_nr") % 5 == 0), forms)
    assert set(judged["kind"]) == {
        f"{day}{postcode}" for day in ("eerste_dag", "laatste_dag", "vandaag") for postcode in ("", "_met_postcode")
    }
    assert judged.height > 25_000
    assert wrong(judged).is_empty()
    assert accuracy(judged)["recall"] > 0.998


def test_an_address_that_now_denotes_another_object_is_a_trap_only_without_its_date(forms: pl.DataFrame) -> None:
    traps = trap_rows(forms, STAND)
    assert traps.height > 100
    assert wrong(judge(traps, forms)).is_empty()
    today = judge(traps.with_columns(op=pl.lit(STAND)), forms)
    assert today.filter(pl.col("adresseerbaar_object_id") == pl.col("truth")).is_empty()


def test_messy_addresses_are_linked_rightly_or_not_at_all(forms: pl.DataFrame) -> None:
    """The published accuracy on a sample; ``benchmarks/bench_linking.py`` measures every address."""
    sample = unique_addresses(current(forms, STAND)).gather_every(8)
    judged = judge(noisy_rows(sample, STAND, seed=11), forms)
    assert judged.height > 15_000
    for kind in KINDS:
        found = accuracy(judged.filter(kind=kind))
        assert found["precision"] >= 0.999, kind
        assert found["recall"] >= 0.97, kind
    assert accuracy(judged)["recall"] >= 0.99


def test_addresses_in_streets_that_the_register_does_not_know_are_left_alone(forms: pl.DataFrame) -> None:
    judged = judge_unknown(forms, STAND, part=2, of=20)
    assert judged.height > 5_000
    assert wrong(judged).height <= 2


def test_a_wrong_huisnummer_is_only_linked_to_who_has_all_that_was_typed(forms: pl.DataFrame) -> None:
    sample = unique_addresses(current(forms, STAND)).gather_every(20)
    judged = judge(noisy_rows(sample, STAND, kinds=UNSEEN), forms).filter(status="gekoppeld")
    assert 0 < judged.height < 300
    owners = forms.group_by("adresseerbaar_object_id").agg(pl.col("huisnummer").unique().alias("own"))
    own = judged.join(owners, on="adresseerbaar_object_id")
    typed = pl.coalesce("huisnummer", pl.col("adres").str.extract(r" (\d+)(?: ?[a-zA-Z]*\d*)?(?:,|$)").cast(pl.Int64))
    assert own.filter(~typed.is_in("own")).is_empty()
