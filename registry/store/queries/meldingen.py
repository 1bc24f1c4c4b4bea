"""The reports about dwellings."""

from datetime import date

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.versions import read_versions
from registry.store.tables import registers

_COLUMNS = ("adresseerbaar_object_id", "melding", "datum", "soort", "onderwerp", "kanaal")


def read_meldingen(connection: ReadConnection, *, known: int, until: date, only: str | None = None) -> pl.DataFrame:
    """Reports received up to and including a day, the newest first: a reason to visit, never a fact of a rule.

    Returns:
        adresseerbaar_object_id, melding, datum, soort, onderwerp, kanaal.
    """
    table = registers.meldingen
    received = table.c.datum <= until
    where = received if only is None else sa.and_(received, table.c.adresseerbaar_object_id == only)
    return read_versions(connection, table, _COLUMNS, known=known, where=where).sort(
        "datum", "melding", descending=[True, False]
    )
