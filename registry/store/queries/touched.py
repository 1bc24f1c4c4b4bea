"""What a run wrote about: the persons and objects of which something may follow otherwise than before it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection, temporary_table
from registry.store.queries.adressen import OBJECT_TABLES
from registry.store.queries.runs import WITHDRAWAL
from registry.store.tables import registers
from registry.store.tables.runs import run_issues, runs


@dataclass(frozen=True, slots=True)
class Touched:
    """A set of ids in the database; without a table it is all there are."""

    table: sa.Table | None = None

    def hold(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """Whether the value of a column is one of them."""
        return sa.true() if self.table is None else column.in_(sa.select(self.table.c.id))


def touched_persons(connection: WriteConnection, run_id: int) -> Touched:
    """The persoonslijsten of which a run wrote a version, or that were ever set aside."""
    doubtful = sa.select(run_issues.c.persoonslijst).where(run_issues.c.persoonslijst.is_not(None))
    tables = (registers.persoonslijsten, registers.verblijven)
    return _collect(connection, "touched_persons", [*(_written(t.c.persoonslijst, run_id) for t in tables), doubtful])


def touched_objects(connection: WriteConnection, run_id: int) -> Touched:
    """The adresseerbare objecten of which a run wrote a version."""
    written = [_written(table.c[f"{kind}_id"], run_id) for kind, table in OBJECT_TABLES.items()]
    return _collect(connection, "touched_objects", written)


def derived_alike(connection: ReadConnection, run_id: int, *brons: str) -> bool:
    """Whether the last run that derived anything from these sources did so with the software of this one."""
    counts = sa.or_(sa.and_(runs.c.bron.in_(brons), runs.c.status == "gelukt"), runs.c.bron == WITHDRAWAL)
    latest = sa.select(runs.c.software).where(counts, runs.c.run_id < run_id).order_by(runs.c.run_id.desc()).limit(1)
    own = sa.select(runs.c.software).where(runs.c.run_id == run_id)
    return connection.execute(latest).scalar() == connection.execute(own).scalar()


def _written(column: sa.Column[Any], run_id: int) -> sa.Select[Any]:
    table = column.table
    return sa.select(column).where(sa.or_(table.c.recorded_run_id == run_id, table.c.superseded_run_id == run_id))


def _collect(connection: WriteConnection, name: str, parts: list[sa.Select[Any]]) -> Touched:
    table = temporary_table(connection, name, [sa.Column("id", sa.Text(), primary_key=True)])
    connection.execute(table.insert().from_select(["id"], sa.union(*parts)))
    return Touched(table)
