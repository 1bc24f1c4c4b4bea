"""What the stock is counted from: of one day, or every period of it."""

from dataclasses import dataclass
from datetime import date

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, read_frame
from registry.store.queries.adressen import read_adressen
from registry.store.queries.records import read_gebieden
from registry.store.queries.versions import bag_versions, read_versions
from registry.store.tables import registers
from registry.store.tables.runs import runs

_PERIOD = ("valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class BagPeriods:
    """The verblijfsobjecten and panden in every period, as known at a run.

    ``objecten``: adresseerbaar_object_id, voorkomen, status, gebruiksdoelen, oppervlakte (m2, as delivered), pand_ids,
    sorted by id and voorkomen. ``panden``: pand_id, status, oorspronkelijk_bouwjaar. Both with valid_from, valid_until.
    """

    objecten: pl.DataFrame
    panden: pl.DataFrame


def read_bag_periods(connection: ReadConnection, *, known: int) -> BagPeriods:
    """Every voorkomen that counts."""
    columns = ("verblijfsobject_id", "voorkomen", "status", "gebruiksdoelen", "oppervlakte", "pand_ids", *_PERIOD)
    objects = bag_versions(connection, registers.verblijfsobjecten, columns, known=known)
    panden = bag_versions(
        connection, registers.panden, ("pand_id", "voorkomen", "status", "oorspronkelijk_bouwjaar", *_PERIOD),
        known=known,
    )  # fmt: skip
    return BagPeriods(
        objects.rename({"verblijfsobject_id": "adresseerbaar_object_id"}).sort("adresseerbaar_object_id", "voorkomen"),
        panden.sort("pand_id", "voorkomen").drop("voorkomen"),
    )


def read_area_periods(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """In which areas each object lay: adresseerbaar_object_id, gebied_code, soort, valid_from, valid_until."""
    columns = ("adresseerbaar_object_id", "gebied_code", "soort", *_PERIOD)
    return read_versions(connection, registers.ligging, columns, known=known)


def read_area_labels(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """What each area is called, without doubt: its name, with its code where another of its kind has the same name.

    Returns:
        gebied_code, soort, label, valid_from, valid_until.
    """
    names = read_versions(connection, registers.gebieden, ("gebied_code", "soort", "naam", *_PERIOD), known=known)
    shared = pl.col("gebied_code").n_unique().over("soort", "naam") > 1
    label = pl.when(shared).then(pl.format("{} ({})", "naam", "gebied_code")).otherwise("naam")
    return names.select("gebied_code", "soort", pl.coalesce(label, "gebied_code").alias("label"), *_PERIOD)


def read_area_shapes(connection: ReadConnection, soort: str, *, op: date, known: int) -> pl.DataFrame:
    """The surfaces of the areas of one kind on a day: gebied_code, label, geometrie (WKB in EPSG:28992)."""
    table = registers.gebieden
    shapes = read_versions(
        connection, table, ("gebied_code", "geometrie"), known=known, on=op, where=table.c.soort == soort
    )
    labels = read_area_labels(connection, known=known).filter(soort=soort)
    held = (pl.col("valid_from") <= op) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > op))
    named = labels.filter(held).select("gebied_code", "label").unique("gebied_code")
    return shapes.join(named, on="gebied_code", how="left").sort("gebied_code")


def read_gemeente_periods(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """The gemeente of each object by the woonplaats of its hoofdadres.

    Returns:
        adresseerbaar_object_id, gemeente (GM0606), valid_from, valid_until (of the address), and the period of the
        woonplaats in the gemeente: within_from, within_until.
    """
    adressen = read_adressen(connection, known=known).filter("is_hoofdadres")
    woonplaatsen = read_versions(
        connection,
        registers.gemeente_woonplaatsen,
        ("woonplaats_id", "gemeente_code", *_PERIOD),
        known=known,
        where=registers.gemeente_woonplaatsen.c.status == "definitief",
    ).rename({"valid_from": "within_from", "valid_until": "within_until"})
    return adressen.join(woonplaatsen, on="woonplaats_id").select(
        "adresseerbaar_object_id", pl.format("GM{}", "gemeente_code").alias("gemeente"), *_PERIOD, "within_from",
        "within_until",
    )  # fmt: skip


def read_bewoning_periods(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """Who lived where: adresseerbaar_object_id, persoon, zekerheid, valid_from, valid_until."""
    columns = ("adresseerbaar_object_id", "persoonslijst", "zekerheid", *_PERIOD)
    return read_versions(connection, registers.bewoning, columns, known=known).rename({"persoonslijst": "persoon"})


def read_first_deliveries(connection: ReadConnection, *, known: int) -> dict[str, date]:
    """The leverdatum of the first delivery of each bron: before it, whoever had left by then is not known."""
    query = (
        sa.select(runs.c.bron, sa.func.min(runs.c.leverdatum))
        .where(runs.c.run_id <= known, runs.c.status == "gelukt", runs.c.leverdatum.is_not(None))
        .group_by(runs.c.bron)
    )
    return dict(read_frame(connection, query, {"bron": pl.String(), "leverdatum": pl.Date()}).iter_rows())


def read_corporatie_days(connection: ReadConnection, *, known: int) -> list[date]:
    """The days on which the list of corporaties changed, in order."""
    periods = read_versions(connection, registers.corporaties, _PERIOD, known=known)
    days = pl.concat([periods["valid_from"], periods["valid_until"]]).drop_nulls()
    return days.unique().sort().to_list()


def read_area_names(connection: ReadConnection, *, op: date, known: int) -> pl.DataFrame:
    """The names of the wijk and buurt of each object: adresseerbaar_object_id, wijk, buurt."""
    names = read_versions(connection, registers.gebieden, ("gebied_code", "naam"), known=known, on=op)
    lying = read_gebieden(connection, peildatum=op, known=known).join(names, on="gebied_code", how="left")
    lying = lying.with_columns(naam=pl.coalesce("naam", "gebied_code"))

    def named(soort: str) -> pl.DataFrame:
        return (
            lying.filter(soort=soort)
            .sort("gebied_code")
            .unique("adresseerbaar_object_id", keep="first", maintain_order=True)
            .select("adresseerbaar_object_id", pl.col("naam").alias(soort))
        )

    return named("wijk").join(named("buurt"), on="adresseerbaar_object_id", how="full", coalesce=True)
