"""Loading many rows into tables that are empty: indexes and keys are made afterwards, in one pass each.

Only for filling a new PostgreSQL database. Kept up row by row, the seven indexes of a history table cost ten times what
the rows themselves cost, and its primary key alone half as much again (docs/prestaties.md); made afterwards they are
sorted once. Everything that is set aside comes back in the same transaction, so the schema is never without it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import polars as pl
import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, DropConstraint

from registry.store.engine import WriteConnection, analyze, insert_frame, is_postgresql

_SORT_MEMORY = "512MB"


@contextmanager
def indexes_aside(connection: WriteConnection, tables: Sequence[sa.Table]) -> Iterator[None]:
    """Take indexes and keys of empty tables away, and make them when the rows are in (``fill``).

    Does nothing on SQLite, which writes an index about as fast as a table.

    Raises:
        ValueError: a table holds rows.
    """
    if not is_postgresql(connection):
        yield
        return
    for table in tables:
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
            raise ValueError(f"{table.name} is not empty")
    for table in tables:
        for index in table.indexes:
            index.drop(connection)
        for key in _keys(table):
            connection.execute(DropConstraint(key))
    # What is copied into a table of this transaction needs no log (wal_level=minimal), and may arrive frozen.
    names = ", ".join(f'"{table.name}"' for table in tables)
    connection.exec_driver_sql(f"TRUNCATE {names}")
    yield
    connection.execute(sa.text(f"SET LOCAL maintenance_work_mem = '{_SORT_MEMORY}'"))
    for table in tables:
        for key in _keys(table):
            connection.execute(AddConstraint(key))
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            index.create(connection)
        analyze(connection, table)


def fill(connection: WriteConnection, table: sa.Table, frame: pl.DataFrame) -> None:
    """Put a frame into one of the tables of ``indexes_aside``, within it and outside any savepoint.

    Its rows arrive frozen: the first who reads them need not mark every page, and so write the whole table once more.
    """
    insert_frame(connection, table, frame, frozen=is_postgresql(connection))


def _keys(table: sa.Table) -> list[sa.Constraint]:
    """The keys that can be set aside: the foreign ones, and the primary one unless another table refers to it."""
    referred = any(key.references(table) for other in table.metadata.tables.values() for key in other.foreign_keys)
    primary = [] if referred else [table.primary_key]
    return [*primary, *sorted(table.foreign_key_constraints, key=lambda one: str(one.name))]
