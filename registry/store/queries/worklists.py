"""A planner's settings, the lists of a day, their cases, orders and re-checks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection
from registry.store.tables.registers import inspecties
from registry.store.tables.visits import bezoekredenen
from registry.store.tables.worklists import (
    worklist_checks,
    worklist_orders,
    worklist_rows,
    worklist_settings,
    worklists,
)


@dataclass(frozen=True, slots=True)
class SavedSettings:
    """One version of named settings; ``settings`` is JSON, null when the name is withdrawn from this version on."""

    settings_id: int
    naam: str
    version: int
    settings: str | None
    auteur: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class StoredList:
    """A list as it was placed."""

    worklist_id: int
    datum: date
    planner: str
    inspecteurs: str | None
    settings_id: int | None
    settings: str
    start_label: str
    start_x: float
    start_y: float
    known_run_id: int
    seed: int
    control_share: float
    expires_on: date
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A case on a list, with its receipt and reasons of then (JSON)."""

    worklist_row_id: int
    worklist_id: int
    datum: date
    regel: str
    zaak_id: str
    adresseerbaar_object_id: str
    adres: str
    postcode: str | None
    woonplaats: str | None
    buurt: str | None
    stop: str
    x: float | None
    y: float | None
    reasons: str
    receipt: str
    bewijs: str
    is_control: bool
    dropped_at: datetime | None
    dropped_by: str | None
    dropped_reason: str | None


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """An order of visits that somebody made; ``row_ids`` is JSON."""

    worklist_id: int
    version: int
    row_ids: str
    distance: float
    auteur: str
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class StoredCheck:
    """What a case was at a later moment; ``receipt`` and ``changes`` are JSON."""

    worklist_row_id: int
    moment: str
    receipt: str | None
    changes: str
    result: str
    reden: str | None
    known_run_id: int
    auteur: str
    checked_at: datetime


def insert_settings(
    connection: WriteConnection, *, naam: str, settings: str | None, auteur: str, saved_at: datetime
) -> SavedSettings:
    """Keep settings under a name, as its next version."""
    table = worklist_settings
    latest = connection.execute(sa.select(sa.func.max(table.c.version)).where(table.c.naam == naam)).scalar() or 0
    values = {"naam": naam, "version": latest + 1, "settings": settings, "auteur": auteur, "saved_at": saved_at}
    number = connection.execute(table.insert().values(values).returning(table.c.settings_id)).scalar_one()
    return SavedSettings(int(number), naam, latest + 1, settings, auteur, saved_at)


def read_settings_versions(connection: ReadConnection, naam: str | None = None) -> list[SavedSettings]:
    """Every version of a name, or of all names: by name, latest first."""
    table = worklist_settings
    query = _all(table, SavedSettings).order_by(table.c.naam, table.c.version.desc())
    if naam is not None:
        query = query.where(table.c.naam == naam)
    return [SavedSettings(*row) for row in connection.execute(query)]


def insert_list(connection: WriteConnection, values: Mapping[str, Any]) -> int:
    """Keep a list (columns of ``worklists``); its number."""
    return int(connection.execute(worklists.insert().values(**values).returning(worklists.c.worklist_id)).scalar_one())


def insert_rows(connection: WriteConnection, rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Keep cases (columns of ``worklist_rows``); their numbers, in order."""
    new = worklist_rows.insert().returning(worklist_rows.c.worklist_row_id)
    return [int(connection.execute(new.values(**row)).scalar_one()) for row in rows]


def insert_order(connection: WriteConnection, order: StoredOrder) -> None:
    """Keep an order of visits."""
    connection.execute(worklist_orders.insert().values(**_values(order)))


def insert_check(connection: WriteConnection, check: StoredCheck) -> None:
    """Keep what a case was at a later moment."""
    connection.execute(worklist_checks.insert().values(**_values(check)))


def drop_row(connection: WriteConnection, row_id: int, *, by: str, reason: str, at: datetime) -> bool:
    """Take a case off its list; false when that was done before."""
    changed = connection.execute(
        worklist_rows.update()
        .where(worklist_rows.c.worklist_row_id == row_id, worklist_rows.c.dropped_at.is_(None))
        .values(dropped_at=at, dropped_by=by, dropped_reason=reason)
    )
    return changed.rowcount == 1


def read_lists(connection: ReadConnection, *, datum: date | None = None) -> list[StoredList]:
    """Every list, or those of a day: latest day first."""
    query = _all(worklists, StoredList).order_by(worklists.c.datum.desc(), worklists.c.worklist_id.desc())
    if datum is not None:
        query = query.where(worklists.c.datum == datum)
    return [StoredList(*row) for row in connection.execute(query)]


def read_list(connection: ReadConnection, number: int) -> StoredList | None:
    """One list."""
    row = connection.execute(_all(worklists, StoredList).where(worklists.c.worklist_id == number)).first()
    return None if row is None else StoredList(*row)


def read_rows(connection: ReadConnection, number: int) -> list[StoredRow]:
    """The cases of a list, dropped ones too, as they were placed."""
    query = _all(worklist_rows, StoredRow).where(worklist_rows.c.worklist_id == number)
    return [StoredRow(*row) for row in connection.execute(query.order_by(worklist_rows.c.worklist_row_id))]


def read_placed(connection: ReadConnection, datum: date) -> list[StoredRow]:
    """The cases that are on any list of a day."""
    query = _all(worklist_rows, StoredRow).where(worklist_rows.c.datum == datum, worklist_rows.c.dropped_at.is_(None))
    return [StoredRow(*row) for row in connection.execute(query.order_by(worklist_rows.c.worklist_row_id))]


def read_orders(connection: ReadConnection, number: int) -> list[StoredOrder]:
    """The orders of a list, latest first."""
    query = _all(worklist_orders, StoredOrder).where(worklist_orders.c.worklist_id == number)
    return [StoredOrder(*row) for row in connection.execute(query.order_by(worklist_orders.c.version.desc()))]


def read_checks(connection: ReadConnection, number: int) -> list[StoredCheck]:
    """The re-checks of the cases of a list, oldest first."""
    query = (
        _all(worklist_checks, StoredCheck)
        .join(worklist_rows, worklist_rows.c.worklist_row_id == worklist_checks.c.worklist_row_id)
        .where(worklist_rows.c.worklist_id == number)
        .order_by(worklist_checks.c.worklist_check_id)
    )
    return [StoredCheck(*row) for row in connection.execute(query)]


def read_visited(connection: ReadConnection, number: int) -> frozenset[str]:
    """The receipts of a list for which a visit was recorded."""
    query = sa.select(bezoekredenen.c.bewijs).where(
        bezoekredenen.c.lijst == number, bezoekredenen.c.superseded_run_id.is_(None)
    )
    return frozenset(connection.execute(query).scalars())


def read_visited_rows(connection: ReadConnection, run_id: int) -> list[tuple[StoredRow, date]]:
    """The cases of lists for which a run recorded a visit, each with the day of the visit."""
    of_visit = sa.and_(inspecties.c.inspectie == bezoekredenen.c.inspectie, inspecties.c.superseded_run_id.is_(None))
    of_case = sa.and_(
        worklist_rows.c.bewijs == bezoekredenen.c.bewijs, worklist_rows.c.worklist_id == bezoekredenen.c.lijst
    )
    query = (
        _all(worklist_rows, StoredRow)
        .add_columns(inspecties.c.datum)
        .join(bezoekredenen, of_case)
        .join(inspecties, of_visit)
        .where(bezoekredenen.c.recorded_run_id == run_id)
        .order_by(worklist_rows.c.worklist_row_id)
    )
    return [(StoredRow(*row[:-1]), row[-1]) for row in connection.execute(query)]


def _all(table: sa.Table, kind: type) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*(table.c[name] for name in kind.__dataclass_fields__))  # type: ignore[attr-defined]


def _values(record: StoredOrder | StoredCheck) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
