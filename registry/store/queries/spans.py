"""Which adresseerbare objecten a query is about: one or a span of them, so that memory does not grow with them.

A span is a range of ids. What a rule needs of its objects is read whole for every span, also where it lies outside (who
lived in them elsewhere, their relations to others), so that no outcome depends on where one span ends.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.tables import registers


@dataclass(frozen=True, slots=True)
class Span:
    """The objects whose id comes after ``after`` and not after ``until``; null is open."""

    after: str | None
    until: str | None


Only = str | Span
"""The id of one adresseerbaar object, or a span."""


def is_of(column: sa.ColumnElement[Any], only: Only) -> sa.ColumnElement[bool]:
    """Whether a column with ids is about the wanted objects."""
    if isinstance(only, str):
        return column == only
    return sa.and_(
        sa.true() if only.after is None else column > only.after,
        sa.true() if only.until is None else column <= only.until,
    )


def is_in_frame(column: pl.Expr, only: Only) -> pl.Expr:
    """The same for a column of a frame."""
    if isinstance(only, str):
        return column == only
    after = pl.lit(value=True) if only.after is None else column > only.after
    return after & (pl.lit(value=True) if only.until is None else column <= only.until)


def read_spans(connection: ReadConnection, *, size: int) -> list[Span | None]:
    """Spans of about ``size`` verblijfsobjecten that together hold every object; null alone where one is enough."""
    table = registers.verblijfsobjecten
    column, ends = table.c.verblijfsobject_id, list[str]()
    while True:
        query = sa.select(column).where(table.c.superseded_run_id.is_(None)).order_by(column).offset(size).limit(1)
        found = connection.execute(query if not ends else query.where(column > ends[-1])).scalar()
        if found is None:
            break
        ends.append(found)
    if not ends:
        return [None]
    return [Span(*pair) for pair in zip([None, *ends], [*ends, None], strict=True)]
