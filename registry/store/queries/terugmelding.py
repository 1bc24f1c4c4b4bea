"""What a terugmelding is made of, beside the record frames: registrations, rooms and appartementsrechten."""

from datetime import date

import polars as pl

from registry.domain.value_lists import EINDSTATUSSEN
from registry.store.engine import ReadConnection
from registry.store.queries.adressen import OBJECT_TABLES
from registry.store.queries.eigendom import read_rights
from registry.store.queries.versions import read_versions
from registry.store.tables import registers

_STAY = (
    "persoonslijst", "gemeente_van_inschrijving", "datum_aanvang_adreshouding", "adresseerbaar_object_id",
    "straatnaam", "naam_openbare_ruimte", "huisnummer", "huisletter", "huisnummertoevoeging", "postcode", "woonplaats",
)  # fmt: skip


def read_current_stays(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """Where everyone who is still in the BRP lives now by registration: woonadressen, with the address as written.

    Who died, left or was suspended otherwise is not there, nor is a stay declared wrong.
    """
    table, lists = registers.verblijven, registers.persoonslijsten
    stays = read_versions(
        connection,
        table,
        _STAY,
        known=known,
        where=(table.c.volgnummer == 0)
        & table.c.functie_adres.is_distinct_from("B")
        & table.c.datum_aanvang_buitenland.is_(None)
        & table.c.indicatie_onjuist.is_(None),
    )
    suspended = read_versions(
        connection, lists, ("persoonslijst",), known=known, where=lists.c.reden_opschorting.is_not(None)
    )
    return stays.join(suspended, on="persoonslijst", how="anti")


def read_object_ids(connection: ReadConnection, *, known: int) -> pl.Series:
    """Every adresseerbaar object that the BAG ever knew."""
    return pl.concat(
        read_versions(connection, table, (f"{objecttype}_id",), known=known).to_series().alias("id")
        for objecttype, table in OBJECT_TABLES.items()
    ).unique()


def read_rooms(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """The rooms that inspectors counted: inspectie and kamers."""
    table = registers.inspecties
    columns = ("inspectie", "kamers")
    return read_versions(connection, table, columns, known=known, where=table.c.kamers > 0)


def read_apartments(connection: ReadConnection, *, known: int, on: date) -> pl.DataFrame:
    """The appartementsrechten on which somebody has a right on a day, with the dwelling at their address.

    Returns:
        adresseerbaar_object_id, kadastraal_object and wonen: whether it is to live in (code 11 and 12 of
        AardCultuurBebouwd, or so written in a list); null = unknown.
    """
    table = registers.kadastrale_objecten
    columns = ("kadastraal_object", "aard_cultuur_code", "aard_cultuur", "vervallen")
    where = table.c.type == "appartementsrecht"
    objects = read_versions(connection, table, columns, known=known, where=where)
    rights = read_rights(connection, known=known).filter(
        pl.col("valid_from_laatste").is_null() | (pl.col("valid_from_laatste") <= on),
        pl.col("valid_until_eerste").is_null() | (pl.col("valid_until_eerste") > on),
    )
    coded = pl.col("aard_cultuur_code").cast(pl.String).is_in(["11", "12"])
    written = pl.col("aard_cultuur").str.to_lowercase().str.starts_with("wonen")
    return (
        objects.filter(~pl.col("vervallen").fill_null(value=False))
        .join(rights.select("adresseerbaar_object_id", "kadastraal_object").unique(), on="kadastraal_object")
        .select("adresseerbaar_object_id", "kadastraal_object", wonen=pl.coalesce(coded, written))
    )


def ended() -> pl.Expr:
    """Whether an object (column ``status``) no longer exists, or never came to be."""
    return pl.col("status").is_in(sorted(EINDSTATUSSEN))
