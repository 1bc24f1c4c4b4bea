"""Destroying what was kept long enough: asked for on a page, done by a worker, with its record."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from registry.errors import UsageError
from registry.privacy.access import AccessLog, Gebruiker
from registry.privacy.retention import Bewaartermijn, Due, destroy, preview
from registry.store.engine import TASK_LOCK, ReadConnection, Store
from registry.store.queries.tasks import BUSY, WAITS, Task, insert_task, list_tasks

DESTRUCTION = "vernietiging"
_LATEST = 200  # tasks among which the last of each kind of data is looked for


def ask_destruction(
    store: Store,
    terms: tuple[Bewaartermijn, ...],
    soort: str,
    *,
    seen: int,
    day: date,
    gebruiker: Gebruiker,
    moment: datetime,
) -> int:
    """Ask a worker to destroy one kind of data; the number of the task.

    Args:
        store: the registry.
        terms: every retention term.
        soort: code of the kind of data.
        seen: how many rows the page said there are.
        day: today.
        gebruiker: who asks.
        moment: now.

    Raises:
        UsageError: nothing is due any more, other rows are due than the page said, its term is not confirmed yet, or it
            was asked already.
    """
    with store.write_transaction(TASK_LOCK) as connection:
        due = find_due(connection, terms, soort, day)
        if due is None or due.termijn.wacht:
            raise UsageError("Hiervan mag niets worden vernietigd zolang de termijn niet is vastgesteld.")
        if due.aantal != seen or not due.aantal:
            raise UsageError(
                f"Er is intussen iets veranderd: nu zijn het {due.aantal} rijen. Bekijk de bladzijde opnieuw."
            )
        last = last_destructions(connection).get(soort)
        if last is not None and last.status in (WAITS, BUSY):
            raise UsageError("Dit is al gevraagd en wordt uitgevoerd.")
        asked = {"gegevenssoort": soort, "dag": day.isoformat(), "rol": gebruiker.rol}
        return insert_task(connection, DESTRUCTION, asked, auteur=gebruiker.naam, moment=moment)


def find_due(connection: ReadConnection, terms: tuple[Bewaartermijn, ...], soort: str, day: date) -> Due | None:
    """What is due of one kind of data; None when there is no such kind."""
    chosen = tuple(one for one in terms if one.gegevenssoort == soort)
    return next(iter(preview(connection, chosen, day)), None)


def last_destructions(connection: ReadConnection) -> dict[str, Task]:
    """What was asked last of each kind of data."""
    found: dict[str, Task] = {}
    for task in list_tasks(connection, limit=_LATEST):
        if task.soort == DESTRUCTION:
            found.setdefault(str(task.opdracht["gegevenssoort"]), task)
    return found


def do_destruction(store: Store, log: AccessLog, terms: tuple[Bewaartermijn, ...], task: Task) -> Mapping[str, Any]:
    """Destroy what a task asks; how many rows of which table.

    Raises:
        UsageError: the day is still to come, or the clock of this machine cannot be right.
        StoreError: the database failed; nothing was destroyed.
    """
    gebruiker = Gebruiker(task.auteur, rol=task.opdracht["rol"])
    day = date.fromisoformat(task.opdracht["dag"])
    done = destroy(store, terms, day, gebruiker=gebruiker, log=log, only=task.opdracht["gegevenssoort"])
    return {"vernietigd": {name: count for one in done for name, count in one.tabellen.items()}}
