"""The one writer of every table with history: stage a delivery, compare it as sets, supersede what changed.

``Staging`` takes frames into a temporary table, batch by batch, so that memory stays flat. ``merge`` compares it with
what is believed now, by key, and leaves three traces at most: new versions, old versions with a ``superseded_run_id``,
and, for what a ``stand`` no longer holds, a version that says since which run it is gone: silence never ends a fact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry.store.engine import (
    WriteConnection,
    analyze,
    insert_frame,
    read_frame,
    temporary_table,
)
from registry.store.tables.base import ROW_ID, own_columns


class Absence(StrEnum):
    """What it means that a fact which is believed now is not in what was staged."""

    NOTHING = "deel"  # the delivery is a part
    GONE = "stand"  # the delivery is complete: report it, do not end it
    WITHDRAWN = "afgeleid"  # a derived table: it no longer follows from the facts


@dataclass(frozen=True, slots=True)
class Counts:
    """What a merge did, in rows."""

    nieuw: int = 0
    gewijzigd: int = 0
    ongewijzigd: int = 0
    verdwenen: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """The sum, per kind."""
        return Counts(
            self.nieuw + other.nieuw,
            self.gewijzigd + other.gewijzigd,
            self.ongewijzigd + other.ongewijzigd,
            self.verdwenen + other.verdwenen,
        )


_NOTICEABLE = 0.05  # the share of changed rows from which on the planner must be told
_LONG_AGO = sa.literal(datetime.min, sa.DateTime())  # noqa: DTZ901 - moments of the BAG have no time zone


class Staging:
    """A temporary copy of a history table that one delivery fills."""

    def __init__(self, connection: WriteConnection, table: sa.Table) -> None:
        self.connection = connection
        self.table = table
        self.columns = own_columns(table)
        own = [sa.Column(name, table.c[name].type) for name in self.columns]
        number = sa.Column("staging_id", ROW_ID, primary_key=True)
        self.staged = temporary_table(connection, f"staging_{table.name}", [number, *own])
        self.changes = temporary_table(
            connection,
            f"changes_{table.name}",
            [sa.Column("staging_id", sa.BigInteger()), sa.Column("current_id", sa.BigInteger())],
        )
        self._keys = [self.staged.c[name] == table.c[name] for name in table.info["key"]]
        self._current = table.c.superseded_run_id.is_(None)

    def add(self, frame: pl.DataFrame) -> None:
        """Stage a frame that has every own column of the table."""
        insert_frame(self.connection, self.staged, frame.select(self.columns))

    def drop_doubles(self) -> pl.DataFrame:
        """Keep the first staged row per key; give the others back (key, source_file, source_row)."""
        key = self.table.info["key"]
        several = (
            sa.select(*(self.staged.c[name] for name in key), sa.func.min(self.staged.c.staging_id).label("first"))
            .group_by(*(self.staged.c[name] for name in key))
            .having(sa.func.count() > 1)
            .subquery()
        )
        same = sa.and_(*(self.staged.c[name] == several.c[name] for name in key))
        later = self.staged.c.staging_id.in_(
            sa.select(self.staged.c.staging_id).join(several, same).where(self.staged.c.staging_id > several.c.first)
        )
        names = [*key] + [name for name in ("source_file", "source_row") if name in self.columns]
        doubles = read_frame(
            self.connection,
            sa.select(*(sa.cast(self.staged.c[name], sa.Text()) for name in names)).where(later),
            dict.fromkeys(names, pl.String()),
        )
        if not doubles.is_empty():
            self.connection.execute(self.staged.delete().where(later))
        return doubles

    def drop_older(self, moments: Sequence[str]) -> int:
        """Leave out staged rows whose fact is believed already as of the same or a later moment.

        Args:
            moments: columns of which the latest says when a row was last changed at its source; without any, every
                believed fact stays.

        Returns:
            The number of rows left out.
        """
        older = sa.and_(*self._keys, self._current)
        if moments:
            older = sa.and_(older, _latest(self.staged, moments) <= _latest(self.table, moments))
        return self.connection.execute(self.staged.delete().where(sa.exists().where(older))).rowcount

    def merge(
        self,
        run_id: int,
        absence: Absence,
        *,
        area: str | None = None,
        within: sa.ColumnElement[bool] | None = None,
    ) -> Counts:
        """Make the table believe what is staged, from this run on.

        Args:
            run_id: the run that says so.
            absence: what it means that a believed fact was not staged.
            area: the part of the table that the delivery speaks of (``source_area``); None is all of it.
            within: another part of the table outside of which nothing is absent; None is all of it.
        """
        self._index()
        self._compare()
        superseded = sa.select(self.changes.c.current_id).where(self.changes.c.current_id.is_not(None))
        self._supersede(run_id, self.table.c.id.in_(superseded))
        self._insert_staged(run_id, area)
        staged = self._count(self.staged.c.staging_id)
        written, changed = self._count(self.changes.c.staging_id), self._count(self.changes.c.current_id)
        if written > staged * _NOTICEABLE:
            analyze(self.connection, self.table)
        absent = sa.and_(self._absent(area), sa.true() if within is None else within)
        gone = 0
        if absence is Absence.WITHDRAWN:
            gone = self._supersede(run_id, absent)
        elif absence is Absence.GONE:
            gone = self._mark_gone(run_id, absent)
        self.staged.drop(self.connection)
        self.changes.drop(self.connection)
        return Counts(written - changed, changed, staged - written, gone)

    def _index(self) -> None:
        name = f"ix_staging_{self.table.name}_key"
        sa.Index(name, *(self.staged.c[column] for column in self.table.info["key"])).create(self.connection)
        analyze(self.connection, self.staged)

    def _compare(self) -> None:
        """Note which staged rows are new or say otherwise; most say what is known, and cost no write."""
        compared = [name for name in self.columns if name not in self.table.info["uncompared"]]
        differs = sa.or_(
            self.table.c.id.is_(None),
            self.table.c.gone_since_run_id.is_not(None),
            *(self.staged.c[name].is_distinct_from(self.table.c[name]) for name in compared),
        )
        both = self.staged.outerjoin(self.table, sa.and_(*self._keys, self._current))
        found = sa.select(self.staged.c.staging_id, self.table.c.id).select_from(both).where(differs)
        self.connection.execute(self.changes.insert().from_select(["staging_id", "current_id"], found))
        analyze(self.connection, self.changes)

    def _insert_staged(self, run_id: int, area: str | None) -> None:
        wanted = sa.select(*(self.staged.c[name] for name in self.columns), sa.literal(area), sa.literal(run_id)).join(
            self.changes, self.changes.c.staging_id == self.staged.c.staging_id
        )
        names = [*self.columns, "source_area", "recorded_run_id"]
        ordered = wanted.order_by(self.staged.c.staging_id)
        self.connection.execute(self.table.insert().from_select(names, ordered))

    def _absent(self, area: str | None) -> sa.ColumnElement[bool]:
        staged = sa.exists().where(*self._keys)
        ours = sa.true() if area is None else self.table.c.source_area == area
        return sa.and_(self._current, ours, sa.not_(staged))

    def _mark_gone(self, run_id: int, absent: sa.ColumnElement[bool]) -> int:
        not_yet = self.table.c.gone_since_run_id.is_(None)
        gone = self.connection.execute(sa.select(self.table.c.id).where(absent, not_yet)).scalars().all()
        if not gone:
            return 0
        names = [*self.columns, "source_area"]
        chosen = self.table.c.id.in_(sa.bindparam("gone", expanding=True))
        for start in range(0, len(gone), 10_000):
            part = {"gone": gone[start : start + 10_000]}
            version = sa.select(*(self.table.c[name] for name in names), sa.literal(run_id), sa.literal(run_id)).where(
                chosen
            )
            self._supersede(run_id, chosen, part)
            self.connection.execute(
                self.table.insert().from_select([*names, "gone_since_run_id", "recorded_run_id"], version), part
            )
        return len(gone)

    def _supersede(
        self, run_id: int, which: sa.ColumnElement[bool], parameters: Mapping[str, object] | None = None
    ) -> int:
        statement = self.table.update().values(superseded_run_id=run_id).where(which, self._current)
        return self.connection.execute(statement, parameters or {}).rowcount

    def _count(self, column: sa.Column[Any]) -> int:
        """The rows in which a column is filled."""
        return int(self.connection.execute(sa.select(sa.func.count(column))).scalar_one())


def _latest(table: sa.Table, moments: Sequence[str]) -> sa.ColumnElement[Any]:
    """The latest of some columns that may be empty: the databases name that function differently."""
    first, *rest = [sa.func.coalesce(table.c[name], _LONG_AGO) for name in moments]
    latest: sa.ColumnElement[Any] = first
    for moment in rest:
        latest = sa.case((moment > latest, moment), else_=latest)
    return latest


def known_at(table: sa.Table, run_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """The versions that the registry believed just after ``run_id``."""
    return sa.and_(
        table.c.recorded_run_id <= run_id,
        sa.or_(table.c.superseded_run_id.is_(None), table.c.superseded_run_id > run_id),
    )


def valid_on(table: sa.Table, day: object) -> sa.ColumnElement[bool]:
    """The versions that are true on a day."""
    return sa.and_(table.c.valid_from <= day, sa.or_(table.c.valid_until.is_(None), table.c.valid_until > day))
