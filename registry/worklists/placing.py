"""What a planner keeps: a list for a day, another order of it, and what comes off it and why."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from registry.errors import UsageError
from registry.store.engine import ReadConnection, Store, WriteConnection, to_json
from registry.store.queries.worklists import (
    StoredList,
    StoredOrder,
    StoredRow,
    drop_row,
    insert_list,
    insert_order,
    insert_rows,
    read_list,
    read_lists,
    read_orders,
    read_placed,
    read_rows,
)
from registry.worklists.plan import Proposal, Start, plan
from registry.worklists.planner_settings import given, read_settings
from registry.worklists.route import follow

SHEET_DAYS: Final = 7
"""So many days after the visits a field sheet still opens; then it empties itself."""

_ROW: Final = (
    "regel", "zaak_id", "adresseerbaar_object_id", "adres", "postcode", "woonplaats", "buurt", "stop", "x", "y",
    "reasons", "receipt", "bewijs", "is_control",
)  # fmt: skip


def place(
    store: Store,
    proposal: Proposal,
    *,
    planner: str,
    now: datetime,
    inspecteurs: str | None = None,
    settings_id: int | None = None,
    order: Sequence[int] | None = None,
) -> int:
    """Make a proposal the list of a day: its cases, reasons and receipts are kept as they are now. Its number.

    Args:
        store: the registry.
        proposal: of ``plan``.
        planner: who places it.
        now: the moment.
        inspecteurs: who makes the visits.
        settings_id: version of the named settings that were used.
        order: positions in ``proposal.rows``, when the planner dragged them.

    Raises:
        UsageError: the proposal is empty, or a case came on another list of that day meanwhile.
    """
    planner = given(planner, "wie de lijst vastlegt")
    rows = proposal.rows if order is None else _dragged(proposal.rows, order)
    if rows.is_empty():
        raise UsageError("Er is geen enkele zaak die aan de instellingen voldoet; er is niets vastgelegd.")
    with store.write_transaction() as connection:
        _refuse_taken(connection, rows, proposal.day)
        values = {
            "datum": proposal.day,
            "planner": planner,
            "inspecteurs": inspecteurs,
            "settings_id": settings_id,
            "settings": proposal.settings.to_json(),
            "start_label": proposal.start.label,
            "start_x": proposal.start.point[0],
            "start_y": proposal.start.point[1],
            "known_run_id": proposal.known_run_id,
            "seed": proposal.seed,
            "control_share": proposal.control_share,
            "expires_on": proposal.day + timedelta(days=SHEET_DAYS),
            "placed_at": now,
        }
        number = insert_list(connection, values)
        kept = [{"worklist_id": number, "datum": proposal.day, **row} for row in rows.select(_ROW).to_dicts()]
        row_ids = insert_rows(connection, kept)
        stored = read_list(connection, number)
        if stored is not None:
            _keep_order(connection, stored, row_ids, author=planner, now=now, version=1)
    return number


def reorder(
    store: Store, number: int, row_ids: Sequence[int], *, author: str, now: datetime, seen: int | None = None
) -> float:
    """Keep another order of visits; the metres of the round.

    Args:
        store: the registry.
        number: of the list.
        row_ids: every case that is on the list, in the new order.
        author: who dragged.
        now: the moment.
        seen: version of the order that the author saw; None overwrites whatever there is.

    Raises:
        UsageError: there is no such list, a case is missing or not on it, or somebody else ordered it meanwhile.
    """
    author = given(author, "wie de volgorde wijzigt")
    with store.write_transaction() as connection:
        stored = get_list(connection, number)
        latest = read_orders(connection, number)[0]
        if seen is not None and latest.version != seen:
            raise UsageError(
                f"De volgorde van lijst {number} is intussen gewijzigd door {latest.auteur}. Bekijk de lijst opnieuw."
            )
        here = {row.worklist_row_id for row in read_rows(connection, number) if row.dropped_at is None}
        if sorted(row_ids) != sorted(here):
            raise UsageError(f"De nieuwe volgorde moet elke zaak van lijst {number} één keer noemen: {_numbers(here)}.")
        return _keep_order(connection, stored, row_ids, author=author, now=now, version=latest.version + 1)


def drop(store: Store, number: int, row_id: int, *, reason: str, author: str, now: datetime) -> None:
    """Take a case off a list, with the reason; it can then come on another list of that day.

    Raises:
        UsageError: the case is not on the list (any more), or there is no reason.
    """
    author, reason = given(author, "wie de zaak van de lijst haalt"), given(reason, "de reden")
    with store.write_transaction() as connection:
        stored = get_list(connection, number)
        drop_within(connection, stored, row_id, reason=reason, author=author, now=now)


def drop_within(
    connection: WriteConnection, stored: StoredList, row_id: int, *, reason: str, author: str, now: datetime
) -> None:
    """``drop`` inside a transaction that is open.

    Raises:
        UsageError: the case is not on the list (any more).
    """
    number = stored.worklist_id
    here = {row.worklist_row_id for row in read_rows(connection, number) if row.dropped_at is None}
    if row_id not in here:
        raise UsageError(f"Zaak {row_id} staat niet (meer) op lijst {number}. Op de lijst: {_numbers(here)}.")
    drop_row(connection, row_id, by=author, reason=reason, at=now)
    order = read_orders(connection, number)[0]
    left = [one for one in json.loads(order.row_ids) if one != row_id]
    _keep_order(connection, stored, left, author=author, now=now, version=order.version + 1)


def replace_case(store: Store, number: int, row_id: int, *, reason: str, author: str, now: datetime) -> int | None:
    """Take a case off a list and put the next one in its place; its number, null when there is no other.

    The next one is the best by the settings of the list. A case that was drawn by lot is replaced by lot.

    Raises:
        UsageError: the case is not on the list (any more), or there is no reason.
    """
    author, reason = given(author, "wie de zaak vervangt"), given(reason, "de reden")
    with store.read() as connection:
        stored = get_list(connection, number)
        rows = {row.worklist_row_id: row for row in read_rows(connection, number)}
        old = rows.get(row_id)
        proposal = plan(
            connection,
            read_settings(stored.settings).model_copy(update={"length": 1}),
            day=stored.datum,
            start=Start(stored.start_label, (stored.start_x, stored.start_y)),
            control_share=1.0 if old is not None and old.is_control else 0.0,
            seed=stored.seed + row_id,
            without={row.adresseerbaar_object_id for row in rows.values()},
        )
    with store.write_transaction() as connection:
        order = json.loads(read_orders(connection, number)[0].row_ids)
        drop_within(connection, stored, row_id, reason=reason, author=author, now=now)
        if proposal.rows.is_empty():
            return None
        _refuse_taken(connection, proposal.rows, stored.datum)
        fresh = [{"worklist_id": number, "datum": stored.datum, **row} for row in proposal.rows.select(_ROW).to_dicts()]
        new = insert_rows(connection, fresh)
        place = order.index(row_id)
        version = read_orders(connection, number)[0].version + 1
        order[place : place + 1] = new
        _keep_order(connection, stored, order, author=author, now=now, version=version)
    return new[0]


def withdraw_list(store: Store, number: int, *, reason: str, author: str, now: datetime) -> int:
    """Take every case off a list; how many.

    Raises:
        UsageError: there is no such list, or nothing on it any more.
    """
    author, reason = given(author, "wie de lijst intrekt"), given(reason, "de reden")
    with store.write_transaction() as connection:
        stored = get_list(connection, number)
        here = [row.worklist_row_id for row in read_rows(connection, number) if row.dropped_at is None]
        if not here:
            raise UsageError(f"Lijst {number} is al leeg.")
        for row_id in here:
            drop_within(connection, stored, row_id, reason=reason, author=author, now=now)
    return len(here)


def get_list(connection: ReadConnection, number: int) -> StoredList:
    """A list as it was placed.

    Raises:
        UsageError: there is no such list.
    """
    stored = read_list(connection, number)
    if stored is None:
        raise UsageError(f"Lijst {number} bestaat niet. 'woonregister lijst overzicht' geeft de lijsten.")
    return stored


def _keep_order(
    connection: WriteConnection,
    stored: StoredList,
    row_ids: Sequence[int],
    *,
    author: str,
    now: datetime,
    version: int,
) -> float:
    rows = {row.worklist_row_id: row for row in read_rows(connection, stored.worklist_id)}
    points = [(row.x, row.y) for row in (rows[one] for one in row_ids) if row.x is not None and row.y is not None]
    returns = read_settings(stored.settings).returns
    start = (stored.start_x, stored.start_y)
    metres = follow(start, points, range(len(points)), returns=returns).distance
    order = StoredOrder(stored.worklist_id, version, to_json(list(row_ids)), metres, author, now)
    insert_order(connection, order)
    return metres


def _dragged(rows: pl.DataFrame, order: Sequence[int]) -> pl.DataFrame:
    if sorted(order) != list(range(rows.height)):
        raise UsageError("De volgorde moet elke regel van het voorstel één keer noemen.")
    return rows[list(order)]


def _refuse_taken(connection: ReadConnection, rows: pl.DataFrame, day: date) -> None:
    """The database refuses a case that is on a list of that day; here it is told which, and whose list it is."""
    wanted = set(rows.select("regel", "zaak_id", "adresseerbaar_object_id").iter_rows())
    taken = [
        row for row in read_placed(connection, day) if (row.regel, row.zaak_id, row.adresseerbaar_object_id) in wanted
    ]
    if taken:
        planners = {stored.worklist_id: stored.planner for stored in read_lists(connection, datum=day)}
        named = "; ".join(_whose(row, planners) for row in taken)
        raise UsageError(
            f"Er staat op {day:%d-%m-%Y} al een zaak van dit voorstel op een andere lijst: {named}. Maak het voorstel "
            "opnieuw; er is niets vastgelegd."
        )


def _whose(row: StoredRow, planners: dict[int, str]) -> str:
    return f"{row.adres} op lijst {row.worklist_id} van {planners[row.worklist_id]}"


def _numbers(numbers: set[int]) -> str:
    return ", ".join(map(str, sorted(numbers))) or "niets"
