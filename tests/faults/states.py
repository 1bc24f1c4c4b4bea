"""What a registry holds, told so that the same work done twice gives the same: without numbers that a kill uses up."""

from bisect import bisect_right
from typing import Any

import sqlalchemy as sa

State = dict[str, list[tuple[object, ...]]]
# Imports that failed and looks at data are written down whatever becomes of the work itself.
_NOT_STATE = {"run_issues", "toegangen", "toegang_betrokkenen", "alembic_version"}
_COUNTING = ("gelukt", "ingetrokken")


def read_state(url: str) -> State:
    """Every row by table: row numbers as ranks, runs as their place among those that count, no moments.

    A table with no rows is in it too, by its columns: what a migration makes shows.
    """
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            metadata = sa.MetaData()
            metadata.reflect(connection)
            return _State(connection, metadata).read()
    finally:
        engine.dispose()


class _State:
    def __init__(self, connection: sa.Connection, metadata: sa.MetaData) -> None:
        self.connection = connection
        self.metadata = metadata
        self.kept: dict[str, list[Any]] = {}

    def read(self) -> State:
        found: State = {}
        for table in self.metadata.sorted_tables:
            found[f"{table.name}: {', '.join(sorted(table.c.keys()))}"] = (
                [] if table.name in _NOT_STATE else sorted(self.rows(table), key=repr)
            )
        return found

    def rows(self, table: sa.Table) -> list[tuple[object, ...]]:
        query = sa.select(table)
        if table.name == "runs":
            query = query.where(_counts(table))
        columns = [column for column in table.columns if self.compared(table, column)]
        return [
            tuple(self.plain(column, row[column.name]) for column in columns)
            for row in self.connection.execute(query).mappings()
        ]

    def compared(self, table: sa.Table, column: sa.Column[Any]) -> bool:
        sealed = column.name.endswith("_versleuteld")
        number = column.primary_key and self.is_number(table)
        return not (sealed or number or isinstance(column.type, sa.DateTime))

    def plain(self, column: sa.Column[Any], value: object) -> object:
        if value is None:
            return None
        for key in column.foreign_keys:
            target = key.column
            if target.primary_key and self.is_number(target.table):
                return bisect_right(self.numbers(target), value)
        return value

    @staticmethod
    def is_number(table: sa.Table) -> bool:
        """Whether the key is a number that the database gives out."""
        keys = list(table.primary_key.columns)
        return len(keys) == 1 and isinstance(keys[0].type, sa.Integer) and keys[0].name.endswith("id")

    def numbers(self, column: sa.Column[Any]) -> list[Any]:
        """Every number of a table in order; of runs only those that count."""
        name = column.table.name
        if name not in self.kept:
            query = sa.select(column).order_by(column)
            if name == "runs":
                query = query.where(_counts(column.table))
            self.kept[name] = list(self.connection.execute(query).scalars())
        return self.kept[name]


def _counts(table: sa.Table) -> sa.ColumnElement[bool]:
    """Runs that changed something: an import that was killed after it was kept is done again, and changes nothing."""
    changed = sa.or_(*(table.c[name] > 0 for name in ("nieuw", "gewijzigd", "verdwenen")))
    return sa.and_(table.c.status.in_(_COUNTING), changed)


def differences(found: State, expected: State) -> list[str]:
    """Where two states differ, by table, with the first rows of each."""
    told = []
    for name in sorted(found.keys() | expected.keys()):
        if found.get(name) != expected.get(name):
            ours, theirs = found.get(name, []), expected.get(name, [])
            more = [row for row in ours if row not in theirs][:1]
            less = [row for row in theirs if row not in ours][:1]
            told.append(f"{name.partition(':')[0]}: {len(ours)} rows for {len(theirs)}; {more} for {less}")
    return told
