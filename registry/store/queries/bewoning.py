"""The bewoning that another system delivered, and the derived one, in one form."""

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.history import known_at
from registry.store.queries.versions import read_versions
from registry.store.tables import registers

_PERIOD = ("adresseerbaar_object_id", "valid_from", "valid_until")


def holds_people(connection: ReadConnection, *, known: int) -> bool:
    """Whether any persoonslijst was believed just after run ``known``."""
    table = registers.persoonslijsten
    return connection.execute(sa.select(table.c.id).where(known_at(table, known)).limit(1)).first() is not None


def read_delivered(connection: ReadConnection, *, known: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The delivered bewoningen, and who they name.

    Returns:
        adresseerbaar_object_id, valid_from, valid_until, veel_bewoners, samenstelling; and the same period with
        persoon (keyed BSN) and zekerheid.
    """
    bewoningen, bewoners = registers.geleverde_bewoningen, registers.geleverde_bewoners
    periods = read_versions(connection, bewoningen, (*_PERIOD, "samenstelling", "veel_bewoners"), known=known)
    people = read_versions(connection, bewoners, (*_PERIOD, "samenstelling", "bewoner", "zekerheid"), known=known)
    # A later answer replaced the composition: who was only in the earlier one no longer counts.
    current = people.join(periods, on=[*_PERIOD, "samenstelling"], how="semi")
    return periods, current.drop("samenstelling").rename({"bewoner": "persoon"})


def read_derived(connection: ReadConnection, *, known: int, objects: pl.Series) -> pl.DataFrame:
    """The derived bewoning of some objects, by keyed BSN.

    Returns:
        adresseerbaar_object_id, persoon (keyed BSN, else the key of the persoonslijst), valid_from, valid_until,
        zekerheid.
    """
    table = registers.bewoning
    columns = ("persoonslijst", *_PERIOD, "zekerheid")
    stays = read_versions(connection, table, columns, known=known, where=_within(table, objects))
    numbers = read_versions(connection, registers.persoonslijsten, ("persoonslijst", "bsn_hash"), known=known)
    return (
        stays.join(objects.unique().to_frame("adresseerbaar_object_id"), on="adresseerbaar_object_id", how="semi")
        .join(numbers, on="persoonslijst", how="left")
        .select(*_PERIOD, "zekerheid", persoon=pl.coalesce("bsn_hash", "persoonslijst"))
    )


def _within(table: sa.Table, objects: pl.Series) -> sa.ColumnElement[bool] | None:
    """A range that holds all the objects, so that few of them do not read the whole table."""
    if objects.is_empty():
        return sa.false()
    return table.c.adresseerbaar_object_id.between(objects.min(), objects.max())
