"""Who lived at one adresseerbaar object, with what identifies them: for the Bewoning API alone."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.history import known_at
from registry.store.queries.versions import read_versions
from registry.store.tables import registers

_STAY = ("persoonslijst", "valid_from", "valid_until", "zekerheid", "in_onderzoek")
_PERSON = (
    "persoonslijst", "bsn_versleuteld", "voornamen", "voorvoegsel", "geslachtsnaam", "geboortedatum",
    "indicatie_geheim",
)  # fmt: skip


def read_stays(connection: ReadConnection, object_id: str, *, van: date, tot: date, known: int) -> pl.DataFrame:
    """The stays at an object that touch a period.

    Args:
        connection: where to read.
        object_id: the adresseerbaar object.
        van: first day of the period.
        tot: the day after its last.
        known: a run number.

    Returns:
        persoonslijst, valid_from, valid_until (exclusive; null is open), zekerheid, in_onderzoek.
    """
    table = registers.bewoning
    touches = sa.and_(
        table.c.adresseerbaar_object_id == object_id,
        table.c.valid_from < tot,
        sa.or_(table.c.valid_until.is_(None), table.c.valid_until > van),
    )
    return read_versions(connection, table, _STAY, known=known, where=touches)


def read_persons(connection: ReadConnection, persoonslijsten: Sequence[str], *, known: int) -> pl.DataFrame:
    """What identifies the persons of these persoonslijsten.

    Returns:
        persoonslijst, bsn_versleuteld, voornamen, voorvoegsel, geslachtsnaam (names are null where the registry does
        not keep them), geboortedatum (JJJJMMDD, maybe incomplete), indicatie_geheim.
    """
    table = registers.persoonslijsten
    theirs = table.c.persoonslijst.in_(list(persoonslijsten))
    return read_versions(connection, table, _PERSON, known=known, where=theirs)


def holds_stay(connection: ReadConnection, object_id: str, *, known: int) -> bool:
    """Whether anybody was ever registered at this object."""
    table = registers.bewoning
    query = sa.select(table.c.id).where(table.c.adresseerbaar_object_id == object_id, known_at(table, known)).limit(1)
    return connection.execute(query).first() is not None
