"""While an import goes on: a task can be asked for, a visit waits its turn, and who is not patient is told."""

import io
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from registry.errors import StoreBusyError
from registry.intake.patience import patiently
from registry.intake.run import LostTurnError
from registry.store import engine
from registry.store.engine import Store, open_store
from registry.store.queries.tasks import find_task
from registry.tasks.queue import ImportOrder, WorkFolder, ask_evaluation, ask_import

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
SECONDS = 30


def test_a_task_is_asked_for_during_an_import(postgresql_url: str, tmp_path: Path) -> None:
    """On PostgreSQL; SQLite has one writer."""
    store, folder = open_store(postgresql_url), WorkFolder(tmp_path)
    with store.write_transaction():  # as an import keeps it, all the time
        order = ImportOrder("bag", "bag.zip")
        first = ask_import(store, folder, order, io.BytesIO(b"1"), auteur="beheer@testdam.nl", moment=NOW)
        second = ask_evaluation(store, ["overbewoning"], peildatum=NOW.date(), auteur="beheer@testdam.nl", moment=NOW)
    with store.read() as connection:
        found = [find_task(connection, number) for number in (first, second)]
    assert [task.status for task in found if task] == ["wacht", "wacht"]
    store.close()


def hold(store: Store, begun: Event, go: Event) -> None:
    with store.write_transaction():
        begun.set()
        go.wait(SECONDS)


def test_who_is_patient_waits_for_an_import_of_another_process(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is a store of its own here, with connections of its own."""
    monkeypatch.setattr(engine, "_BUSY_MILLISECONDS", 50)
    store, other = open_store(database_url), open_store(database_url)
    begun, go = Event(), Event()
    holder = Thread(target=hold, args=(other, begun, go))
    holder.start()
    assert begun.wait(SECONDS)
    with pytest.raises(StoreBusyError, match="Een andere opdracht schrijft"), store.write_transaction():
        pytest.fail("two writers")
    written: list[bool] = []

    def write() -> None:
        with store.write_transaction(patient=True):
            written.append(go.is_set())

    waiter = Thread(target=write)
    waiter.start()
    waiter.join(0.3)
    assert waiter.is_alive()
    go.set()
    waiter.join(SECONDS)
    holder.join(SECONDS)
    assert written == [True]
    with store.write_transaction():  # a connection that was patient is as impatient as any other now
        pass
    store.close()
    other.close()


def test_patience_is_for_lost_turns_and_ends() -> None:
    lost = iter([LostTurnError("eerder"), LostTurnError("eerder"), StoreBusyError("bezet")])

    def work() -> str:
        for error in lost:
            raise error
        return "klaar"

    assert patiently(work) == "klaar"
    tried: list[int] = []

    def never() -> None:
        tried.append(1)
        raise StoreBusyError("bezet")

    with pytest.raises(StoreBusyError):
        patiently(never)
    assert len(tried) == 2
