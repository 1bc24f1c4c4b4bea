"""Does the tasks one by one, and takes up what a killed worker left.

One worker works at a time: imports come one after another anyway, in the order in which they were asked for. A second
one stands by and goes on when the first is gone; the lock is on a file, which the system frees however a process ends.
An import is atomic, and reading the same file twice changes nothing: so a task that was begun is simply done again.
"""

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Event
from typing import Any

import structlog

from registry import clock
from registry.errors import StoreBusyError, StoreError, StoreFullError, WoonregisterError
from registry.intake.run import LostTurnError
from registry.store.engine import TASK_LOCK, Store
from registry.store.queries.tasks import Task, begin_task, end_task, next_task, put_back_task
from registry.tasks.queue import FULL, NO_ROOM, WorkFolder

MOST_ATTEMPTS = 3
_POLL_SECONDS = 2.0
_LONGEST_WAIT_SECONDS = 60.0
_GAVE_UP = f"De taak werd {MOST_ATTEMPTS} keer afgebroken en wordt niet meer geprobeerd. Er is niets gewijzigd."
_AGAIN = "{reason} De taak wordt vanzelf opnieuw geprobeerd."

_NOT_OF_THE_TASK = (StoreError, LostTurnError)
# These pass, however often: somebody else was first, or somebody has to make room.
_PASSING = (StoreBusyError, StoreFullError, LostTurnError)

Do = Callable[[Task], Mapping[str, Any]]


def work(
    store: Store,
    folder: WorkFolder,
    do: Do,
    *,
    stop: Event,
    until_empty: bool = False,
    beside: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> int:
    """Do tasks until asked to stop; a task that was begun is finished first. How many were done.

    Args:
        store: the registry.
        folder: where the files of tasks lie.
        do: does one task.
        stop: set by a signal.
        until_empty: stop when nothing waits.
        beside: what goes on while it is the turn of this worker.
    """
    done, failed = 0, 0
    folder.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _turn(folder.turn, stop) as mine, beside() if mine else nullcontext():
        while mine and not stop.is_set():
            try:
                found = do_next(store, folder, do)
            except _NOT_OF_THE_TASK as error:
                # The database is away, or full, or somebody else was first: what was begun is done again.
                structlog.get_logger().warning("task_again", reason=str(error))
                stop.wait(min(_POLL_SECONDS * 2**failed, _LONGEST_WAIT_SECONDS))
                failed = 0 if isinstance(error, LostTurnError) else min(failed + 1, 10)
                continue
            failed = 0
            if found:
                done += 1
            elif until_empty:
                break
            else:
                stop.wait(_POLL_SECONDS)
    return done


def do_next(store: Store, folder: WorkFolder, do: Do) -> bool:
    """Do the task that is first; false when there is none.

    Raises:
        StoreError: the database failed, is busy or has no room; the task stays, and is done again.
        LostTurnError: another import or a replacement of keys was first; the same.
    """
    with store.read() as connection:
        task = next_task(connection)
    if task is None:
        return False
    log = structlog.get_logger().bind(taak=task.taak_id, soort=task.soort)
    if task.pogingen >= MOST_ATTEMPTS:
        _end(store, folder, task, fout=_GAVE_UP)
        log.error("task_given_up")
        return True
    with store.write_transaction(TASK_LOCK) as connection:
        begin_task(connection, task.taak_id, moment=clock.now())
    log.info("task_begun", poging=task.pogingen + 1)
    try:
        outcome = _on_a_disk_with_room(do, task)
    except _PASSING as error:
        _put_back(store, folder, task, str(error))
        raise
    except StoreError as error:
        if task.pogingen + 1 < MOST_ATTEMPTS:
            raise
        _end(store, folder, task, fout=f"{error} Dat gebeurde {MOST_ATTEMPTS} keer; vraag de taak opnieuw.")
        log.warning("task_given_up", reason=str(error))
        return True
    except WoonregisterError as error:
        _end(store, folder, task, fout=str(error))
        log.info("task_refused", code=error.code)
        return True
    _end(store, folder, task, uitkomst=outcome)
    log.info("task_done")
    return True


def _on_a_disk_with_room(do: Do, task: Task) -> Mapping[str, Any]:
    """Do a task.

    Raises:
        StoreFullError: there was no room for a file that it needs.
    """
    try:
        return do(task)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StoreFullError(FULL) from error
        raise


def _put_back(store: Store, folder: WorkFolder, task: Task, reason: str) -> None:
    """Not counted as an attempt: those are for what ends workers."""
    folder.tell(task.taak_id, _AGAIN.format(reason=reason))
    with suppress(StoreError), store.write_transaction(TASK_LOCK) as connection:
        put_back_task(connection, task.taak_id)


def _end(
    store: Store, folder: WorkFolder, task: Task, *, uitkomst: Mapping[str, Any] | None = None, fout: str | None = None
) -> None:
    with store.write_transaction(TASK_LOCK) as connection:
        end_task(connection, task.taak_id, moment=clock.now(), uitkomst=uitkomst, fout=fout)
    folder.clear(task.taak_id)


@contextmanager
def _turn(path: Path, stop: Event) -> Iterator[bool]:
    """Wait until no other worker works; false when asked to stop meanwhile."""
    with path.open("a") as handle:
        while not stop.is_set():
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stop.wait(_POLL_SECONDS)
            else:
                yield True
                return
        yield False
