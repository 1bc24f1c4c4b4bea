"""A worker that ends in the middle of an import: the state says so, nothing is half in, and the next one does it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from registry.demo.generate import make_municipality
from registry.store.engine import open_store
from registry.store.integrity import check_registry
from registry.store.queries.runs import last_run, list_runs
from registry.store.queries.tasks import find_task
from registry.tasks.queue import ImportOrder, WorkFolder, ask_import

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
SECONDS = 60


def start(url: str, folder: Path, *options: str) -> subprocess.Popen[bytes]:
    own = {"DATABASE_URL": url, "WERKMAP": folder / "werk", "SLEUTELBESTAND": folder / "sleutels"}
    environment = os.environ | {f"WOONREGISTER_{name}": str(value) for name, value in own.items()}
    command = [Path(sys.executable).with_name("woonregister"), "worker", *options]
    return subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE)


def wait_for(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def states(url: str, number: int) -> tuple[str, list[str], int]:
    """Of the task and of the runs, newest first; and the last run that counts."""
    store = open_store(url)
    with store.read() as connection:
        task, runs = find_task(connection, number), [run["status"] for run in list_runs(connection)]
        last = last_run(connection)
    store.close()
    assert task is not None
    return task.status, runs, last


TWICE = [signal.SIGTERM, signal.SIGTERM]  # the first lets a task be finished, the second does not


def test_the_next_worker_does_what_a_killed_one_left(sqlite_url: str, tmp_path: Path) -> None:
    prove(sqlite_url, tmp_path, [signal.SIGKILL])


@pytest.mark.proof
@pytest.mark.parametrize("end", [[signal.SIGKILL], TWICE], ids=["killed", "asked twice"])
def test_the_next_worker_does_what_the_last_one_left(
    end: list[signal.Signals], database_url: str, tmp_path: Path
) -> None:
    prove(database_url, tmp_path, end)


def prove(database_url: str, tmp_path: Path, end: list[signal.Signals]) -> None:
    """End a worker in the middle of an import; the next one finds everything as it was, and does it."""
    manifest = make_municipality(tmp_path / "bronnen", woningen=60, peildatum=date(2026, 11, 1))
    content = (tmp_path / "bronnen" / manifest.bestanden["bag"]).read_bytes()
    folder, store = WorkFolder(tmp_path / "werk"), open_store(database_url)
    with (tmp_path / "bronnen" / manifest.bestanden["bag"]).open("rb") as file:
        order = ImportOrder("bag", "bag.zip")
        number = ask_import(store, folder, order, file, auteur="beheer@gemeente.nl", moment=NOW)
    store.close()
    # A pipe that nobody fills keeps the import where it reads: after its run was written down, before it is in.
    path = folder.file_of(number, "bag.zip")
    path.unlink()
    os.mkfifo(path)
    worker = start(database_url, tmp_path)
    wait_for(lambda: bool(states(database_url, number)[1]))
    for one in end:
        assert worker.poll() is None
        worker.send_signal(one)
        time.sleep(0.3)
    worker.communicate(timeout=SECONDS)
    assert worker.returncode == -end[0]
    assert states(database_url, number) == ("bezig", ["afgebroken"], 0)
    path.unlink()
    path.write_bytes(content)
    again = start(database_url, tmp_path, "--tot-leeg")
    again.communicate(timeout=SECONDS)
    assert again.returncode == 0
    assert states(database_url, number)[:2] == ("klaar", ["gelukt", "afgebroken"])
    store = open_store(database_url)
    with store.read() as connection:
        assert [check for check in check_registry(connection) if check.fout] == []
    store.close()
    assert [one.name for one in folder.root.iterdir()] == ["worker.slot"]
