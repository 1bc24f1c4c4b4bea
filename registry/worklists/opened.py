"""A list as it is today: what page, command line and field sheet show of it."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.store.engine import ReadConnection
from registry.store.queries.worklists import (
    StoredCheck,
    StoredList,
    StoredOrder,
    StoredRow,
    read_checks,
    read_lists,
    read_orders,
    read_rows,
    read_visited,
)
from registry.worklists.placing import get_list
from registry.worklists.planner_settings import PlannerSettings, read_settings
from registry.worklists.receipts import FrozenReceipt, read_receipt
from registry.worklists.route import distance


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A case of a list.

    Attributes:
        number: place in the round, from 1; null when it was dropped.
        row: as it was placed.
        receipt: what it was when it was placed.
        reasons: of the planner, heaviest first (``reasons.add_points``).
        metres: from the address before it; null when one of the two has no place.
        last_check: the latest re-check, if any.
        is_control: whether it was drawn by lot; always false for who is no analyst.
        visited: whether a visit for it was recorded.
    """

    number: int | None
    row: StoredRow
    receipt: FrozenReceipt
    reasons: list[dict[str, Any]]
    metres: float | None
    last_check: StoredCheck | None
    is_control: bool
    visited: bool

    @property
    def points(self) -> float:
        """The sum of the reasons."""
        return round(sum((float(reason["punten"]) for reason in self.reasons), 0.0), 3)

    @property
    def changed_facts(self) -> dict[str, list[Any]]:
        """What differed at the last re-check: ``{fact: [then, now]}``."""
        if self.last_check is None:
            return {}
        changes: dict[str, list[Any]] = json.loads(self.last_check.changes)
        return changes


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A list with its cases in order of visit, and apart from them what came off it."""

    stored: StoredList
    settings: PlannerSettings
    order: StoredOrder
    rows: list[OpenedRow]
    dropped: list[OpenedRow]

    @property
    def addresses(self) -> int:
        """The number of addresses."""
        return len({opened.row.stop for opened in self.rows})


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list in an overview."""

    lijst: int
    datum: date
    planner: str
    inspecteurs: str | None
    zaken: int
    adressen: int
    vervallen: int
    meters: int


def open_list(connection: ReadConnection, number: int, *, analyst: bool = False) -> OpenedList:
    """A list as it is now.

    Args:
        connection: where to read.
        number: of the list.
        analyst: whether the reader may see which cases were drawn by lot.

    Raises:
        UsageError: there is no such list.
    """
    stored = get_list(connection, number)
    rows = {row.worklist_row_id: row for row in read_rows(connection, number)}
    order = read_orders(connection, number)[0]
    marks = _Marks(
        {check.worklist_row_id: check for check in read_checks(connection, number)},
        read_visited(connection, number),
        analyst,
    )
    here: tuple[float, float] | None = (stored.start_x, stored.start_y)
    opened = []
    for place, row_id in enumerate(json.loads(order.row_ids), 1):
        row = rows[row_id]
        there = None if row.x is None or row.y is None else (row.x, row.y)
        metres = None if here is None or there is None else distance(here, there)
        opened.append(_opened(row, marks, place, metres))
        here = there or here
    dropped = [_opened(row, marks, None, None) for row in rows.values() if row.dropped_at is not None]
    return OpenedList(stored, read_settings(stored.settings), order, opened, dropped)


def overview(connection: ReadConnection, *, datum: date | None = None) -> list[ListLine]:
    """Every list, or those of a day, latest first."""
    lines = []
    for stored in read_lists(connection, datum=datum):
        rows = read_rows(connection, stored.worklist_id)
        here = [row for row in rows if row.dropped_at is None]
        lines.append(
            ListLine(
                lijst=stored.worklist_id,
                datum=stored.datum,
                planner=stored.planner,
                inspecteurs=stored.inspecteurs,
                zaken=len(here),
                adressen=len({row.stop for row in here}),
                vervallen=len(rows) - len(here),
                meters=round(read_orders(connection, stored.worklist_id)[0].distance),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands beside the cases of a list."""

    checks: dict[int, StoredCheck]
    visited: frozenset[str]
    analyst: bool


def _opened(row: StoredRow, marks: _Marks, number: int | None, metres: float | None) -> OpenedRow:
    return OpenedRow(
        number=number,
        row=row,
        receipt=read_receipt(row.receipt),
        reasons=json.loads(row.reasons),
        metres=metres,
        last_check=marks.checks.get(row.worklist_row_id),
        is_control=marks.analyst and row.is_control,
        visited=row.bewijs in marks.visited,
    )
