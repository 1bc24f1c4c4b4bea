"""Writers of one process wait in order of arrival, hold no connection meanwhile, and are told when it takes long."""

import time
from collections.abc import Callable
from threading import Event, Thread

import pytest

from registry.errors import StoreBusyError
from registry.store import engine
from registry.store.engine import LOG_LOCK, Store, open_store
from registry.store.turns import Turns

SECONDS = 20


def wait_for(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


def test_who_came_first_goes_first() -> None:
    turns, went, began = Turns(), [], []
    go = Event()

    def write(number: int) -> None:
        began.append(number)
        with turns.turn("a", seconds=SECONDS, refusal="bezet"):
            if number == 0:
                go.wait(SECONDS)
            went.append(number)

    threads = [Thread(target=write, args=(number,)) for number in range(20)]
    for number, thread in enumerate(threads):
        thread.start()
        wait_for(lambda number=number: len(turns._queues.get("a", ())) == number + 1)
    with turns.turn("b", seconds=1, refusal="bezet"):
        assert went == []  # who waits for something else does not wait for these
    go.set()
    for thread in threads:
        thread.join(SECONDS)
    assert went == list(range(20))


def test_who_waits_too_long_is_told_and_keeps_nobody_up() -> None:
    turns = Turns()
    with (
        turns.turn("a", seconds=1, refusal="bezet"),
        pytest.raises(StoreBusyError, match="bezet"),
        turns.turn("a", seconds=0.01, refusal="bezet"),
    ):
        pytest.fail("two at once")
    with pytest.raises(ValueError, match="mis"), turns.turn("a", seconds=1, refusal="bezet"):
        raise ValueError("mis")
    with turns.turn("a", seconds=1, refusal="bezet"):
        pass


def connections(store: Store) -> int:
    return int(store.engine.pool.checkedout())


def test_writers_that_wait_hold_no_connection(database_url: str) -> None:
    store = open_store(database_url, connections=3)
    written: list[int] = []

    def write() -> None:
        with store.write_transaction():
            written.append(1)

    threads = [Thread(target=write) for _ in range(12)]
    with store.write_transaction():
        for thread in threads:
            thread.start()
        wait_for(lambda: any(len(queue) == 13 for queue in store._turns._queues.values()))
        assert connections(store) == 1
        with store.read():  # who only reads is not kept waiting
            assert written == []
        if store.engine.dialect.name == "postgresql":
            with store.write_transaction(LOG_LOCK):  # nor who looks something up, which is written down
                assert written == []
    for thread in threads:
        thread.join(SECONDS)
    assert len(written) == 12
    store.close()


def test_more_who_read_than_there_are_connections_are_told(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(postgresql_url, connections=1)
    monkeypatch.setattr(store.engine.pool, "_timeout", 0.05)
    with store.read(), pytest.raises(StoreBusyError, match="te druk"), store.read():
        pytest.fail("there is one connection")
    store.close()


def test_a_second_writer_is_told_after_a_while(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_BUSY_MILLISECONDS", 20)
    store = open_store(sqlite_url)
    with (
        store.write_transaction(),
        pytest.raises(StoreBusyError, match="Een andere opdracht"),
        store.write_transaction(),
    ):
        pytest.fail("two writers")
    store.close()
