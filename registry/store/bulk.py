"""Loading many rows into tables that are empty: indexes and foreign keys are made afterwards, in one pass each.

Only for filling a new PostgreSQL database. Kept up row by row, the seven indexes of a history table cost ten times what
the rows themselves cost (docs/prestaties.md); made afterwards they are sorted once. Everything that is set aside comes
back in the same transaction, so the schema is never without it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, DropConstraint

from registry.store.engine import WriteConnection, analyze, is_postgresql

_SORT_MEMORY = "512MB"


@contextmanager
def indexes_aside(connection: WriteConnection, tables: Sequence[sa.Table]) -> Iterator[None]:
    """Take indexes and foreign keys of empty tables away, and make them when the rows are in.

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
        for key in table.foreign_key_constraints:
            connection.execute(DropConstraint(key))
    yield
    connection.execute(sa.text(f"SET LOCAL maintenance_work_mem = '{_SORT_MEMORY}'"))
    for table in tables:
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            index.create(connection)
        for key in table.foreign_key_constraints:
            connection.execute(AddConstraint(key))
        analyze(connection, table)
