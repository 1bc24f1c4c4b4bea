"""Hand-overs to the social team: written down, followed, counted, and emptied when consent is taken back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry import clock
from registry.store.engine import ReadConnection, WriteConnection
from registry.store.tables.visits import doorverwijzing_gebeurtenissen as events
from registry.store.tables.visits import doorverwijzingen
from registry.store.types import frame_type

DOORVERWIJZINGEN = pl.Schema(
    {column.name: frame_type(column) for column in doorverwijzingen.columns} | {"stand": pl.String()}
)


def insert_referral(connection: WriteConnection, values: Mapping[str, Any]) -> int:
    """Write a hand-over down; its number."""
    statement = doorverwijzingen.insert().values(**values).returning(doorverwijzingen.c.doorverwijzing_id)
    return int(connection.execute(statement).scalar_one())


def insert_referral_event(connection: WriteConnection, values: Mapping[str, Any]) -> None:
    """Write down what became of a hand-over."""
    connection.execute(events.insert().values(**values))


def forget_referral(connection: WriteConnection, number: int) -> None:
    """Take away what leads to the people: consent was taken back (AVG art. 7 lid 3). The count stays."""
    emptied = {"adresseerbaar_object_id": None, "hulpvraag": None, "overgedragen_aan": None, "toestemming": False}
    connection.execute(
        doorverwijzingen.update().where(doorverwijzingen.c.doorverwijzing_id == number).values(**emptied)
    )


def read_referrals(
    connection: ReadConnection, *, number: int | None = None, since: date | None = None, until: date | None = None
) -> pl.DataFrame:
    """The hand-overs, latest first (schema ``DOORVERWIJZINGEN``); ``stand`` is the latest event, or ``open``."""
    latest = (
        sa.select(events.c.soort)
        .where(events.c.doorverwijzing_id == doorverwijzingen.c.doorverwijzing_id)
        .order_by(events.c.gebeurtenis_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = sa.select(doorverwijzingen, sa.func.coalesce(latest, "open").label("stand"))
    if number is not None:
        query = query.where(doorverwijzingen.c.doorverwijzing_id == number)
    if since is not None:
        query = query.where(doorverwijzingen.c.datum >= since)
    if until is not None:
        query = query.where(doorverwijzingen.c.datum <= until)
    ordered = query.order_by(doorverwijzingen.c.datum.desc(), doorverwijzingen.c.doorverwijzing_id.desc())
    rows = [dict(row) for row in connection.execute(ordered).mappings()]
    for row in rows:
        row["vastgelegd_op"] = clock.to_local(row["vastgelegd_op"])
    return pl.DataFrame(rows, schema=DOORVERWIJZINGEN)
