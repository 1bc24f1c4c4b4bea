"""The rows that go: a table and conditions that are true of them before anything is destroyed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

_PART = 5_000  # keys in one condition: every database takes that many


@dataclass(frozen=True, slots=True)
class Doomed:
    """Rows of one table that go.

    Attributes:
        table: the table.
        conditions: each is true of some of them; no row fits two.
    """

    table: sa.Table
    conditions: tuple[sa.ColumnElement[bool], ...]


def by_keys(column: sa.Column[Any], keys: Iterable[Any]) -> Doomed:
    """The rows whose column holds one of these keys."""
    ordered = sorted(set(keys))
    parts = [ordered[start : start + _PART] for start in range(0, len(ordered), _PART)]
    return Doomed(column.table, tuple(column.in_(part) for part in parts))


def moment_of(day: date) -> datetime:
    """The first moment of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
