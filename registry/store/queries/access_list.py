"""The access log as somebody reads it: filtered, the newest first, a page at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from registry import clock
from registry.store.engine import ReadConnection
from registry.store.tables.privacy import toegang_betrokkenen, toegangen

PAGE = 50
COLUMNS = (
    "volgnummer", "tijdstip", "gebruiker", "soort_gebruiker", "rol", "handeling", "verwerking", "grondslag", "zaak",
    "adresseerbaar_object_id", "regel", "toelichting", "aantal", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which rows somebody wants to see; None is no condition.

    Attributes:
        gebruiker: by whom.
        van: from this day in the Netherlands on.
        tot: before this day.
        handeling: what was done.
        verwerking: code of the activity.
        zaak: the reference of a case or list, whole.
        pseudoniemen: about one of these persons.
    """

    gebruiker: str | None = None
    van: date | None = None
    tot: date | None = None
    handeling: str | None = None
    verwerking: str | None = None
    zaak: str | None = None
    pseudoniemen: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Rows with ``COLUMNS``, how many there are in all, and the number of pages (at least one)."""

    rows: list[dict[str, Any]]
    total: int
    pages: int


def list_accesses(connection: ReadConnection, wanted: LogFilter, *, page: int, size: int = PAGE) -> LogPage:
    """One page of the rows that fit, the newest first."""
    conditions = _conditions(wanted)
    total = int(connection.execute(sa.select(sa.func.count()).select_from(toegangen).where(*conditions)).scalar_one())
    pages = max(1, -(-total // size))
    first = (min(max(1, page), pages) - 1) * size
    query = (
        sa.select(*(toegangen.c[name] for name in COLUMNS))
        .where(*conditions)
        .order_by(toegangen.c.volgnummer.desc())
        .limit(size)
        .offset(first)
    )
    return LogPage([dict(row) for row in connection.execute(query).mappings()], total, pages)


def list_users(connection: ReadConnection) -> list[str]:
    """Everybody who stands in the log, by name."""
    return list(connection.execute(sa.select(toegangen.c.gebruiker).distinct().order_by("gebruiker")).scalars())


def _conditions(wanted: LogFilter) -> list[sa.ColumnElement[bool]]:
    columns = toegangen.c
    found: list[sa.ColumnElement[bool]] = [
        columns[name] == value
        for name in ("gebruiker", "handeling", "verwerking", "zaak")
        if (value := getattr(wanted, name)) is not None
    ]
    # A day begins at midnight in the Netherlands.
    if wanted.van is not None:
        found.append(columns.tijdstip > clock.end_of_day(wanted.van - timedelta(days=1)))
    if wanted.tot is not None:
        found.append(columns.tijdstip <= clock.end_of_day(wanted.tot - timedelta(days=1)))
    if wanted.pseudoniemen is not None:
        about = sa.select(toegang_betrokkenen.c.volgnummer).where(
            toegang_betrokkenen.c.pseudoniem.in_(sorted(wanted.pseudoniemen))
        )
        found.append(columns.volgnummer.in_(about))
    return found
