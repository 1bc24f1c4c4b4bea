"""Addresses: which nummeraanduiding denoted which adresseerbaar object, under which name, in which period."""

from collections.abc import Collection
from datetime import date

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.spans import Only
from registry.store.queries.versions import bag_versions
from registry.store.tables import registers
from registry.store.types import one_of

OBJECT_TABLES = {
    "verblijfsobject": registers.verblijfsobjecten,
    "ligplaats": registers.ligplaatsen,
    "standplaats": registers.standplaatsen,
}
_PERIOD = ("valid_from", "valid_until")
_END = date.max


def read_adressen(
    connection: ReadConnection,
    *,
    known: int,
    on: date | None = None,
    only: Only | None = None,
    numbers: Collection[str] | None = None,
) -> pl.DataFrame:
    """Every address that denotes or denoted an object, one row per unchanging combination.

    Returns:
        nummeraanduiding_id, adresseerbaar_object_id, objecttype, object_status, is_hoofdadres, postcode, huisnummer,
        huisletter, huisnummertoevoeging, straat, verkorte_straat, woonplaats, woonplaats_id, valid_from, valid_until.
        With ``on`` only those of that day, with ``only`` those of these objects, with ``numbers`` those that are one of
        these nummeraanduidingen.
    """
    denotations = _denotations(connection, known=known, on=on, only=only, numbers=numbers)
    table = registers.nummeraanduidingen
    # Of one object a handful is wanted: the rest of the municipality is not read for it.
    few = None if only is None and numbers is None else denotations["nummeraanduiding_id"].unique().to_list()
    nummers = bag_versions(
        connection,
        table,
        ("nummeraanduiding_id", "postcode", "huisnummer", "huisletter", "huisnummertoevoeging", "openbare_ruimte_id",
         "woonplaats_id", *_PERIOD),
        known=known,
        on=on,
        where=None if few is None else table.c.nummeraanduiding_id.in_(one_of(few)),
    ).rename({"woonplaats_id": "eigen_woonplaats_id"})  # fmt: skip
    straten = bag_versions(
        connection,
        registers.openbare_ruimten,
        ("openbare_ruimte_id", "naam", "verkorte_naam", "woonplaats_id", *_PERIOD),
        known=known,
        on=on,
        where=None if few is None else _of_streets(nummers["openbare_ruimte_id"].drop_nulls().unique().to_list()),
    ).rename({"naam": "straat", "verkorte_naam": "verkorte_straat"})
    woonplaatsen = bag_versions(
        connection, registers.woonplaatsen, ("woonplaats_id", "naam", *_PERIOD), known=known, on=on
    ).rename({"naam": "woonplaats"})
    adressen = _during(denotations, nummers, "nummeraanduiding_id")
    # A neighbour's street is not delivered with a gemeente: its address stays, without a street name.
    adressen = _during(adressen, straten, "openbare_ruimte_id", keep=True)
    # The nummeraanduiding's own woonplaats goes before that of its openbare ruimte (BAG catalogus).
    adressen = adressen.with_columns(woonplaats_id=pl.coalesce("eigen_woonplaats_id", "woonplaats_id"))
    adressen = _during(adressen, woonplaatsen, "woonplaats_id", keep=True)
    return adressen.drop("eigen_woonplaats_id", "openbare_ruimte_id")


def read_adres(connection: ReadConnection, object_id: str, *, on: date, known: int) -> str | None:
    """The main address of an object on a day as one line; None when it has none."""
    held = read_adressen(connection, known=known, on=on, only=object_id).filter("is_hoofdadres")
    return None if held.is_empty() else held.select(adres_with_woonplaats()).to_series().item(0)


def _of_streets(ids: list[str]) -> sa.ColumnElement[bool]:
    return registers.openbare_ruimten.c.openbare_ruimte_id.in_(one_of(ids))


def holds_object(connection: ReadConnection, object_id: str, *, known: int) -> bool:
    """Whether the BAG held an adresseerbaar object at any moment."""
    return any(
        not bag_versions(connection, table, (f"{objecttype}_id",), known=known, only=object_id).is_empty()
        for objecttype, table in OBJECT_TABLES.items()
    )


def _denotations(
    connection: ReadConnection, *, known: int, on: date | None, only: Only | None, numbers: Collection[str] | None
) -> pl.DataFrame:
    """Per object and period: its nummeraanduidingen."""
    parts = list[pl.DataFrame]()
    for objecttype, table in OBJECT_TABLES.items():
        key = f"{objecttype}_id"
        objects = bag_versions(
            connection,
            table,
            (key, "status", "hoofdadres_id", "nevenadres_ids", *_PERIOD),
            known=known,
            on=on,
            only=only,
            where=None if numbers is None else _denoted_by(table, numbers),
        ).rename({key: "adresseerbaar_object_id", "status": "object_status"})
        if parts and objects.is_empty():
            continue
        main = objects.drop("nevenadres_ids").rename({"hoofdadres_id": "nummeraanduiding_id"})
        side = (
            objects.drop("hoofdadres_id")
            .explode("nevenadres_ids")
            .rename({"nevenadres_ids": "nummeraanduiding_id"})
            .filter(pl.col("nummeraanduiding_id").is_not_null())
            .select(main.columns)
        )
        parts += [
            part.with_columns(objecttype=pl.lit(objecttype), is_hoofdadres=pl.lit(hoofdadres))
            for part, hoofdadres in ((main, True), (side, False))
        ]
    denotations = pl.concat(parts)
    if numbers is None:
        return denotations
    return denotations.filter(pl.col("nummeraanduiding_id").is_in(list(numbers)))


def _denoted_by(table: sa.Table, numbers: Collection[str]) -> sa.ColumnElement[bool]:
    """The objects that may have one of these addresses: few objects have nevenadressen at all."""
    return sa.or_(table.c.hoofdadres_id.in_(list(numbers)), table.c.nevenadres_ids != "[]")


def read_numbers(connection: ReadConnection, object_id: str, *, known: int) -> list[str]:
    """The nummeraanduidingen with a postcode and huisnummer, or street and huisnummer, that an object ever had."""
    own = _denotations(connection, known=known, on=None, only=object_id, numbers=None)
    table = registers.nummeraanduidingen
    ids = own["nummeraanduiding_id"].drop_nulls().unique().to_list()
    columns = ("nummeraanduiding_id", "postcode", "openbare_ruimte_id", "huisnummer")
    mine = bag_versions(connection, table, columns, known=known, where=table.c.nummeraanduiding_id.in_(ids))
    places = [
        sa.and_(
            table.c[name].in_(mine[name].drop_nulls().unique().to_list()),
            table.c.huisnummer.in_(mine["huisnummer"].unique().to_list()),
        )
        for name in ("postcode", "openbare_ruimte_id")
    ]
    near = bag_versions(connection, table, columns[:1], known=known, where=sa.or_(*places))
    return near["nummeraanduiding_id"].unique().to_list()


def _during(left: pl.DataFrame, right: pl.DataFrame, key: str, *, keep: bool = False) -> pl.DataFrame:
    """Join two frames of periods: the rows get the period that both share. ``keep`` keeps rows without a partner."""
    joined = left.join(right, on=key, how="left" if keep else "inner", suffix="_right")
    start = pl.max_horizontal("valid_from", "valid_from_right")
    end = pl.min_horizontal(pl.col("valid_until").fill_null(_END), pl.col("valid_until_right").fill_null(_END))
    joined = joined.with_columns(valid_from=start, valid_until=end).filter(pl.col("valid_from") < pl.col("valid_until"))
    return joined.drop("valid_from_right", "valid_until_right").with_columns(
        valid_until=pl.when(pl.col("valid_until") < _END).then("valid_until")
    )


def adresregel() -> pl.Expr:
    """The address line of NEN 5825 from the columns straat, huisnummer, huisletter and huisnummertoevoeging."""
    suffix = pl.concat_str(pl.col("huisletter").fill_null(""), pl.col("huisnummertoevoeging").fill_null(""))
    joint = pl.when(suffix == "").then(pl.lit("")).when(suffix.str.contains(r"^\d")).then(pl.lit("-"))
    return pl.concat_str(
        pl.col("straat").fill_null("(straat onbekend)"),
        pl.lit(" "),
        pl.col("huisnummer").cast(pl.String),
        joint.otherwise(pl.lit(" ")),
        suffix,
    )


def adres_with_woonplaats() -> pl.Expr:
    """The address line with postcode and woonplaats behind it, as far as they are there."""
    place = pl.concat_str("postcode", "woonplaats", separator=" ", ignore_nulls=True)
    return pl.concat_str(adresregel(), pl.when(place != "").then(place), separator=", ", ignore_nulls=True)
