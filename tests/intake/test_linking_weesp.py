"""Linking over the real history of Weesp: renamed, renumbered and swapped addresses."""

from datetime import date

import polars as pl
import pytest

from registry.intake.linking import ADRESSEN, KANDIDATEN, adresregel, link

STAND = date(2021, 10, 15)
OBJECTS = {"verblijfsobjecten": "verblijfsobject", "ligplaatsen": "ligplaats", "standplaatsen": "standplaats"}
SAME = ("straat", "huisnummer", "huisletter", "huisnummertoevoeging")
pytestmark = pytest.mark.shared


def during(left: pl.DataFrame, right: pl.DataFrame, key: str) -> pl.DataFrame:
    """Rows that meet in time, with the period that they share."""
    joined = left.join(right, on=key, suffix="_right").with_columns(
        pl.max_horizontal("valid_from", "valid_from_right").alias("valid_from"),
        pl.min_horizontal("valid_until", "valid_until_right").alias("valid_until"),
    )
    lasting = pl.col("valid_until").is_null() | (pl.col("valid_from") < pl.col("valid_until"))
    return joined.filter(lasting).drop("valid_from_right", "valid_until_right")


@pytest.fixture(scope="module")
def forms(weesp_bag: dict[str, pl.DataFrame]) -> pl.DataFrame:
    frames = weesp_bag
    streets = frames["openbare_ruimten"].select(
        "openbare_ruimte_id",
        pl.col("naam").alias("straat"),
        pl.col("verkorte_naam").alias("verkorte_straat"),
        "valid_from",
        "valid_until",
    )
    issued = frames["nummeraanduidingen"].filter(status="Naamgeving uitgegeven")
    number = ("nummeraanduiding_id", "postcode", "huisnummer", "huisletter", "huisnummertoevoeging")
    addresses = during(
        issued.select(*number, "openbare_ruimte_id", "valid_from", "valid_until"), streets, "openbare_ruimte_id"
    )
    objects = pl.concat(
        frames[name].select(
            pl.col(f"{kind}_id").alias("adresseerbaar_object_id"),
            pl.lit(kind).alias("objecttype"),
            pl.col("status").alias("object_status"),
            pl.lit(value=True).alias("is_hoofdadres"),
            pl.col("hoofdadres_id").alias("nummeraanduiding_id"),
            "valid_from",
            "valid_until",
        )
        for name, kind in OBJECTS.items()
    )
    found = during(addresses, objects, "nummeraanduiding_id").with_columns(pl.lit("Weesp").alias("woonplaats"))
    return found.select(KANDIDATEN.names())


SUFFIX = pl.concat_str("huisletter", "huisnummertoevoeging", ignore_nulls=True)
BY_STREET = {"straat": pl.col("straat"), "huisnummer": pl.col("huisnummer"), "suffix": SUFFIX}


def ask(asked: pl.DataFrame, forms: pl.DataFrame, op: pl.Expr, **address: pl.Expr) -> pl.DataFrame:
    """Link the addresses of forms; ``truth`` is the object that the form denoted, ``truth_status`` its status."""
    rows = asked.with_row_index("row_nr").select(
        pl.col("row_nr").cast(pl.Int64),
        op.alias("op"),
        *(value.alias(name) for name, value in address.items()),
        pl.col("adresseerbaar_object_id").alias("truth"),
        pl.col("object_status").alias("truth_status"),
    )
    absent = [pl.lit(None, ADRESSEN[name]).alias(name) for name in ADRESSEN.names() if name not in rows.columns]
    linked = link(rows.with_columns(absent), forms)
    return linked.join(rows.select("row_nr", "truth", "truth_status"), on="row_nr", maintain_order="left")


def wrong(linked: pl.DataFrame) -> pl.DataFrame:
    return linked.filter(pl.col("adresseerbaar_object_id") != pl.col("truth"))


def current(forms: pl.DataFrame) -> pl.DataFrame:
    return forms.filter(pl.col("valid_until").is_null() | (pl.col("valid_until") > STAND))


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
    linked = ask(current(forms), forms, pl.lit(STAND), **address)
    assert linked.height == 12_030  # 12,034 issued, of which four are nevenadressen
    assert linked.filter(pl.col("status") != "gekoppeld").height == unlinked
    # A formed object with the address of an existing one: the existing one is meant (BAG doubles of domain/bag.md 6.1).
    assert wrong(linked)["truth_status"].unique().to_list() == ["Verblijfsobject gevormd"]
    assert wrong(linked).height <= 7


def test_an_old_address_is_found_as_of_its_own_day_and_never_wrongly(forms: pl.DataFrame) -> None:
    past = forms.filter(pl.col("valid_until") <= STAND, pl.col("object_status").str.starts_with("Verblijfsobject in g"))
    linked = ask(past, forms, pl.col("valid_from"), **BY_STREET)
    assert linked.height > 20_000
    assert wrong(linked).is_empty()
    assert linked.filter(pl.col("status") != "gekoppeld").height < 20


def test_an_address_that_now_denotes_another_object_is_a_trap_only_without_its_date(forms: pl.DataFrame) -> None:
    now = current(forms).filter(
        ~pl.col("object_status").is_in(["Verblijfsobject gevormd", "Verblijfsobject ingetrokken"])
    )
    others = now.select(*SAME, pl.col("adresseerbaar_object_id").alias("now_of")).unique()
    past = forms.filter(pl.col("valid_until") <= STAND, pl.col("object_status").str.starts_with("Verblijfsobject in g"))
    traps = past.join(others, on=SAME, nulls_equal=True).filter(pl.col("now_of") != pl.col("adresseerbaar_object_id"))
    traps = traps.unique(["adresseerbaar_object_id", *SAME], maintain_order=True)
    assert traps.height > 100
    assert wrong(ask(traps, forms, pl.col("valid_from"), **BY_STREET)).is_empty()
    today = ask(traps, forms, pl.lit(STAND), **BY_STREET)
    assert today.filter(pl.col("adresseerbaar_object_id") == pl.col("truth")).is_empty()
