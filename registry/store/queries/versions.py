"""The versions of one table, as a frame."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, read_frame
from registry.store.history import known_at, valid_on
from registry.store.queries.spans import Only, is_of
from registry.store.tables import own_columns
from registry.store.tables.runs import runs
from registry.store.types import frame_type


def read_versions(
    connection: ReadConnection,
    table: sa.Table,
    columns: Sequence[str] | None = None,
    *,
    known: int,
    on: date | None = None,
    where: sa.ColumnElement[bool] | None = None,
) -> pl.DataFrame:
    """What the registry believed just after run ``known``.

    Args:
        connection: where to read.
        table: a history table.
        columns: the wanted columns; None is all own columns.
        known: a run number.
        on: only what was true on this day; None is every period.
        where: a further condition.
    """
    names = tuple(columns) if columns is not None else tuple(own_columns(table))
    query, schema = _question(table, names, dated=on is not None)
    if where is not None:
        query = query.where(where)
    return read_frame(connection, query, schema, {KNOWN: known} if on is None else {KNOWN: known, DAY: on})


KNOWN, DAY = "known_run", "valid_day"


# A page asks dozens of these, each about one dwelling: making the statement would take longer than answering it.
@lru_cache(maxsize=512)
def _question(
    table: sa.Table, names: tuple[str, ...], *, dated: bool
) -> tuple[sa.Select[tuple[Any, ...]], dict[str, pl.DataType]]:
    """The statement with parameters ``KNOWN`` and, when ``dated``, ``DAY``; and what comes out of it."""
    query = sa.select(*(table.c[name] for name in names)).where(
        known_at(table, sa.bindparam(KNOWN, type_=sa.BigInteger))
    )
    if dated:
        query = query.where(valid_on(table, sa.bindparam(DAY, type_=sa.Date)))
    return query, {name: frame_type(table.c[name]) for name in names}


def bag_versions(
    connection: ReadConnection,
    table: sa.Table,
    columns: Sequence[str],
    *,
    known: int,
    on: date | None = None,
    only: Only | None = None,
    where: sa.ColumnElement[bool] | None = None,
) -> pl.DataFrame:
    """The voorkomens of a BAG table that count: not made inactive and not declared to be no BAG object.

    ``only`` is the identificatie of the objects that are wanted; ``where`` is a further condition.
    """
    counts = sa.and_(
        bag_counts(table),
        sa.true() if only is None else is_of(table.c[table.info["key"][0]], only),
        sa.true() if where is None else where,
    )
    return read_versions(connection, table, columns, known=known, on=on, where=counts)


def bag_counts(table: sa.Table) -> sa.ColumnElement[bool]:
    """Whether a voorkomen counts."""
    return sa.and_(
        table.c.tijdstip_inactief.is_(None),
        table.c.tijdstip_inactief_lv.is_(None),
        table.c.tijdstip_niet_bag_lv.is_(None),
    )


def read_gone(connection: ReadConnection, table: sa.Table, key: str, *, known: int) -> pl.DataFrame:
    """The facts that a complete delivery no longer held: the key, and the leverdatum of that delivery."""
    query = (
        sa.select(table.c[key], runs.c.leverdatum)
        .join(runs, runs.c.run_id == table.c.gone_since_run_id)
        .where(known_at(table, known))
    )
    return read_frame(connection, query, {key: pl.String(), "leverdatum": pl.Date()})
