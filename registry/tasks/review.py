"""Choosing which address a row means, and taking that back: asked for on a page, done by a worker like an import."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from registry.crypto import BsnCipher
from registry.errors import UsageError
from registry.intake.review import choose, list_decisions, list_open, revoke
from registry.store.engine import TASK_LOCK, ReadConnection, Store
from registry.store.queries.adressen import holds_object
from registry.store.queries.runs import last_run
from registry.store.queries.tasks import BUSY, WAITS, Task, insert_task, list_tasks

CHOICE, REVOCATION = "adreskeuze", "adresherroeping"
_LATEST = 200  # tasks among which the last of each row is looked for


def ask_choice(store: Store, rij: int, object_id: str, *, reden: str, auteur: str, moment: datetime) -> int:
    """Ask a worker to link the rows with the address of a row to an object; the number of the task.

    Raises:
        UsageError: the row does not wait any more, somebody chose already, or there is no such object.
    """
    with store.write_transaction(TASK_LOCK) as connection:
        if list_open(connection).filter(issue_id=rij).is_empty():
            raise UsageError("Deze rij wacht niet meer op een keuze.")
        if not holds_object(connection, object_id, known=last_run(connection)):
            raise UsageError(f"Het object {object_id} komt in de geleverde BAG niet voor.")
        _require_free(connection, CHOICE, rij)
        asked = {"rij": rij, "object": object_id, "reden": reden}
        return insert_task(connection, CHOICE, asked, auteur=auteur, moment=moment)


def ask_revocation(store: Store, besluit: int, *, reden: str, auteur: str, moment: datetime) -> int:
    """Ask a worker to take a decision back; the number of the task.

    Raises:
        UsageError: the decision does not hold, or that was asked already.
    """
    with store.write_transaction(TASK_LOCK) as connection:
        if list_decisions(connection).filter(besluit_id=besluit).is_empty():
            raise UsageError("Dit besluit geldt niet meer.")
        _require_free(connection, REVOCATION, besluit)
        asked = {"rij": besluit, "reden": reden}
        return insert_task(connection, REVOCATION, asked, auteur=auteur, moment=moment)


def last_asked(connection: ReadConnection, soort: str) -> dict[int, Task]:
    """What was asked last of each row or decision, by its number."""
    found: dict[int, Task] = {}
    for task in list_tasks(connection, limit=_LATEST):
        if task.soort == soort:
            found.setdefault(int(task.opdracht["rij"]), task)
    return found


def do_review(store: Store, task: Task, *, cipher: BsnCipher, keep_names: bool) -> Mapping[str, Any]:
    """Do what a task asks; what it did.

    Raises:
        WoonregisterError: it cannot be done; nothing was decided.
    """
    number, reason = int(task.opdracht["rij"]), str(task.opdracht["reden"])
    if task.soort == REVOCATION:
        return asdict(revoke(store, number, author=task.auteur, reason=reason))
    chosen = choose(
        store, number, str(task.opdracht["object"]), author=task.auteur, reason=reason, cipher=cipher,
        keep_names=keep_names,
    )  # fmt: skip
    return asdict(chosen)


def _require_free(connection: ReadConnection, soort: str, number: int) -> None:
    last = last_asked(connection, soort).get(number)
    if last is not None and last.status in (WAITS, BUSY):
        raise UsageError(f"Dit is al gevraagd door {last.auteur} en wordt verwerkt.")
