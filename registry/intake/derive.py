"""What follows from the registers and is stored beside them: who lives where when, and in which area an object lies."""

from datetime import date

import polars as pl

from importers.issues import ISSUE, Level
from importers.records import GEBIEDEN
from registry.intake.aangewezen import designate
from registry.intake.areas import locate, merge_periods
from registry.intake.occupancy import derive_bewoning
from registry.store.engine import WriteConnection
from registry.store.history import Absence, Staging
from registry.store.queries.adressen import OBJECT_TABLES, read_adressen
from registry.store.queries.runs import read_doubtful_residents
from registry.store.queries.touched import Touched, derived_alike, touched_objects, touched_persons
from registry.store.queries.versions import bag_versions, read_gone, read_versions
from registry.store.tables import own_columns, registers

_SINCE_ALWAYS = date.min
_OF_LIGGING = ("bag", "gebieden", "aangewezen_gebieden")
_BEWONING_NEEDS = (
    "persoonslijst", "volgnummer", "gemeente_van_inschrijving", "functie_adres", "datum_aanvang_adreshouding",
    "datum_aanvang_buitenland", "adresseerbaar_object_id", "aangifte_adreshouding", "onderzoek_aanduiding",
    "onderzoek_van", "onderzoek_tot", "indicatie_onjuist", "ingangsdatum_geldigheid",
)  # fmt: skip


def update_bewoning(connection: WriteConnection, run_id: int, *, since: int, everyone: bool = False) -> None:
    """Derive the bewoning anew from the persoonslijsten, and store what changed.

    The bewoning of a person follows from his own persoonslijst. So only those that this run wrote about are looked at,
    and those that are or were set aside; all of them when other software derived what is there.

    Args:
        connection: where to write.
        run_id: the run that is going on.
        since: the run of the last complete delivery of the BRP.
        everyone: look at all persoonslijsten anyway.
    """
    only = Touched()
    if not everyone and derived_alike(connection, run_id, "brp"):
        only = touched_persons(connection, run_id)
    lists, stays = registers.persoonslijsten, registers.verblijven
    bewoning = derive_bewoning(
        read_versions(
            connection,
            lists,
            ("persoonslijst", "reden_opschorting", "datum_opschorting"),
            known=run_id,
            where=only.hold(lists.c.persoonslijst),
        ),
        read_versions(connection, stays, _BEWONING_NEEDS, known=run_id, where=only.hold(stays.c.persoonslijst)),
    )
    bewoning = _doubt_gone(bewoning, read_gone(connection, registers.persoonslijsten, "persoonslijst", known=run_id))
    bewoning = _add_doubtful(bewoning, read_doubtful_residents(connection, since=since, run_id=run_id))
    staging = Staging(connection, registers.bewoning)
    staging.add(
        bewoning.with_columns(pl.col("valid_from").fill_null(_SINCE_ALWAYS)).select(own_columns(registers.bewoning))
    )
    staging.merge(run_id, Absence.WITHDRAWN, within=only.hold(registers.bewoning.c.persoonslijst))


def _doubt_gone(bewoning: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """A person who is missing from a complete delivery is a possible resident from its date on.

    Silence ends no stay, but counting someone for certain whom the BRP no longer delivers would accuse a household.

    Args:
        bewoning: the derived bewoning.
        gone: persoonslijst and leverdatum of the delivery in which it was missing.
    """
    rows = bewoning.join(gone, on="persoonslijst", how="left")
    missing_since = pl.col("leverdatum")
    before = rows.filter(missing_since.is_null() | (pl.col("valid_from") < missing_since).fill_null(value=True))
    before = before.with_columns(valid_until=pl.min_horizontal("valid_until", missing_since))
    after = rows.filter(
        missing_since.is_not_null() & (pl.col("valid_until") > missing_since).fill_null(value=True)
    ).with_columns(valid_from=pl.max_horizontal("valid_from", missing_since), zekerheid=pl.lit("mogelijk"))
    return pl.concat([before, after]).drop("leverdatum")


def _add_doubtful(bewoning: pl.DataFrame, doubtful: pl.DataFrame) -> pl.DataFrame:
    """Who stands on a persoonslijst that was set aside is a possible resident of the object that it names.

    A delivery with an error in it must not silently clear a home; nor may what it says count for certain.

    Args:
        bewoning: the derived bewoning.
        doubtful: persoonslijst, adresseerbaar_object_id and valid_from (``read_doubtful_residents``).
    """
    unseen = doubtful.join(bewoning, on=["persoonslijst", "adresseerbaar_object_id"], how="anti")
    added = unseen.with_columns(
        valid_until=pl.lit(None, pl.Date), zekerheid=pl.lit("mogelijk"), in_onderzoek=pl.lit(value=False)
    )
    return pl.concat([bewoning, added], how="diagonal")


def update_ligging(connection: WriteConnection, run_id: int, *, areas_are_new: bool = True) -> pl.DataFrame:
    """Derive anew in which areas the objects lie, and store what changed.

    Args:
        connection: where to write.
        run_id: the run that is going on.
        areas_are_new: False when this run wrote about objects alone: then only those are looked at, unless an
            ordinance designates by address or other software derived what is there.

    Returns:
        A warning for each of these objects that exists outside every buurt (schema ``ISSUE``).
    """
    gebieden = read_versions(connection, registers.gebieden, list(GEBIEDEN.columns), known=run_id)
    aangewezen = read_versions(connection, registers.aangewezen_gebieden, known=run_id)
    if gebieden.is_empty() and aangewezen.is_empty():
        return pl.DataFrame(schema=ISSUE)
    only = Touched()
    if not areas_are_new and aangewezen.is_empty() and derived_alike(connection, run_id, *_OF_LIGGING):
        only = touched_objects(connection, run_id)
    found = locate(_read_places(connection, run_id, only), gebieden)
    staging = Staging(connection, registers.ligging)
    staging.add(_with_aangewezen(connection, run_id, found.ligging, aangewezen).select(own_columns(registers.ligging)))
    staging.merge(run_id, Absence.WITHDRAWN, within=only.hold(registers.ligging.c.adresseerbaar_object_id))
    return found.buiten.filter(pl.col("valid_until").is_null()).select(
        level=pl.lit(Level.WAARSCHUWING.value),
        code=pl.lit("buiten_gebieden"),
        text=pl.format("{} ligt buiten elke buurt.", "adresseerbaar_object_id"),
        source_file=pl.lit(None, pl.String),
        source_row=pl.lit(None, pl.Int64),
        column=pl.lit(None, pl.String),
        original=pl.lit(None, pl.String),
        row=pl.lit(None, pl.String),
    )


def _read_places(connection: WriteConnection, run_id: int, only: Touched) -> pl.DataFrame:
    """Where the objects are, per period; of all objects or of some."""
    parts = [
        bag_versions(
            connection,
            table,
            (f"{objecttype}_id", "geometrie", "valid_from", "valid_until"),
            known=run_id,
            where=only.hold(table.c[f"{objecttype}_id"]),
        ).rename({f"{objecttype}_id": "adresseerbaar_object_id"})
        for objecttype, table in OBJECT_TABLES.items()
    ]
    return pl.concat(parts).filter(pl.col("geometrie").is_not_null())


def _with_aangewezen(
    connection: WriteConnection, run_id: int, ligging: pl.DataFrame, aangewezen: pl.DataFrame
) -> pl.DataFrame:
    """The ligging with what ordinances designate beside it; an area may have polygons and parts under one code."""
    if aangewezen.is_empty():
        return ligging
    adressen = read_adressen(connection, known=run_id).filter("is_hoofdadres")
    own = pl.col("soort") == "eigen"
    designated = designate(ligging, adressen, aangewezen)
    return pl.concat(
        [ligging.filter(~own), merge_periods(pl.concat([ligging.filter(own), designated.select(ligging.columns)]))]
    )
