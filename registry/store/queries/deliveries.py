"""What went in before: earlier deliveries of a source, and how the BAG that they left compares with a new one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, read_frame
from registry.store.tables import metadata
from registry.store.tables.runs import runs
from registry.store.types import frame_type


@dataclass(frozen=True, slots=True)
class KnownDelivery:
    """An earlier delivery that counts; an empty area is the whole country."""

    run_id: int
    leverdatum: date
    levering: str
    area: tuple[str, ...]


def read_deliveries(connection: ReadConnection, bron: str) -> list[KnownDelivery]:
    """The deliveries of a source that count, oldest run first."""
    query = (
        sa.select(runs.c.run_id, runs.c.leverdatum, runs.c.levering, runs.c.area)
        .where(runs.c.bron == bron, runs.c.status == "gelukt", runs.c.leverdatum.is_not(None))
        .order_by(runs.c.run_id)
    )
    return [
        KnownDelivery(row.run_id, row.leverdatum, row.levering, tuple((row.area or "").split()))
        for row in connection.execute(query)
    ]


def read_keys(connection: ReadConnection, names: Iterable[str]) -> pl.Series:
    """The identifications that are believed in tables, each once (the first column of their key)."""
    keys = [(table := metadata.tables[name]).c[table.info["key"][0]] for name in names]
    union = sa.union(*(sa.select(key).where(key.table.c.superseded_run_id.is_(None)) for key in keys))
    return read_frame(connection, sa.select(union.subquery()), {"id": pl.String()})["id"]


def read_contradicted(connection: ReadConnection, name: str, run_id: int, parts: list[int]) -> pl.DataFrame:
    """What runs ``parts`` had recorded in a table and a complete delivery says otherwise, or no longer holds.

    Returns:
        The key columns, and ``gone``: whether the delivery does not hold it at all.
    """
    table = metadata.tables[name]
    new = table.alias("new")
    keys = [table.c[key] for key in table.info["key"]]
    query = (
        sa.select(*keys, new.c.gone_since_run_id.is_not(None).label("gone"))
        .join(new, sa.and_(*(table.c[key] == new.c[key] for key in table.info["key"])))
        .where(table.c.superseded_run_id == run_id, table.c.recorded_run_id.in_(parts), new.c.recorded_run_id == run_id)
        .order_by(*keys)
    )
    return read_frame(connection, query, {key.name: frame_type(key) for key in keys} | {"gone": pl.Boolean()})


def read_recorded(connection: ReadConnection, name: str, run_id: int, columns: Iterable[str]) -> pl.DataFrame:
    """What a run recorded in a table, without what it found to be gone."""
    table = metadata.tables[name]
    names = [*table.info["key"], *columns, "source_file", "source_row"]
    query = sa.select(*(table.c[column] for column in names)).where(
        table.c.recorded_run_id == run_id, table.c.gone_since_run_id.is_(None)
    )
    return read_frame(connection, query, {column: frame_type(table.c[column]) for column in names})
