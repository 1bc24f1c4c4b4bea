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
from registry.store.queries.versions import bag_versions, read_gone, read_versions
from registry.store.tables import own_columns, registers

_SINCE_ALWAYS = date.min


def update_bewoning(connection: WriteConnection, run_id: int, *, since: int) -> None:
    """Derive the bewoning anew from every persoonslijst, and store what changed.

    Args:
        connection: where to write.
        run_id: the run that is going on.
        since: the run of the last complete delivery of the BRP.
    """
    persoonslijsten = read_versions(connection, registers.persoonslijsten, known=run_id)
    verblijven = read_versions(connection, registers.verblijven, known=run_id)
    bewoning = derive_bewoning(persoonslijsten, verblijven)
    bewoning = _doubt_gone(bewoning, read_gone(connection, registers.persoonslijsten, "persoonslijst", known=run_id))
    bewoning = _add_doubtful(bewoning, read_doubtful_residents(connection, since=since, run_id=run_id))
    staging = Staging(connection, registers.bewoning)
    staging.add(
        bewoning.with_columns(pl.col("valid_from").fill_null(_SINCE_ALWAYS)).select(own_columns(registers.bewoning))
    )
    staging.merge(run_id, Absence.WITHDRAWN)


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


def update_ligging(connection: WriteConnection, run_id: int) -> pl.DataFrame:
    """Derive anew in which areas every object lies, and store what changed.

    Returns:
        A warning for each existing object outside every buurt (schema ``ISSUE``).
    """
    gebieden = read_versions(connection, registers.gebieden, list(GEBIEDEN.columns), known=run_id)
    aangewezen = read_versions(connection, registers.aangewezen_gebieden, known=run_id)
    if gebieden.is_empty() and aangewezen.is_empty():
        return pl.DataFrame(schema=ISSUE)
    objects = pl.concat(
        bag_versions(
            connection, table, (f"{objecttype}_id", "geometrie", "valid_from", "valid_until"), known=run_id
        ).rename({f"{objecttype}_id": "adresseerbaar_object_id"})
        for objecttype, table in OBJECT_TABLES.items()
    ).filter(pl.col("geometrie").is_not_null())
    found = locate(objects, gebieden)
    staging = Staging(connection, registers.ligging)
    staging.add(_with_aangewezen(connection, run_id, found.ligging, aangewezen).select(own_columns(registers.ligging)))
    staging.merge(run_id, Absence.WITHDRAWN)
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
