"""Tasks: done once, in order, by one worker; taken up after a kill; refused with a reason; nothing left behind."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.errors import StoreError, UsageError
from registry.privacy.access import AccessLog
from registry.store.engine import Store, open_store
from registry.store.queries.access import read_accesses
from registry.store.queries.runs import list_runs
from registry.store.queries.tasks import Task, begin_task, find_task, list_tasks
from registry.tasks.queue import ImportOrder, WorkFolder, ask_evaluation, ask_import, plain_name
from registry.tasks.work import Workshop, do_task
from registry.tasks.worker import MOST_ATTEMPTS, do_next, work
from rules.parameters import shipped_law

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
PEILDATUM = date(2026, 11, 1)


@pytest.fixture
def folder(tmp_path: Path) -> WorkFolder:
    return WorkFolder(tmp_path / "werk")


@pytest.fixture
def store(database_url: str) -> Store:
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("bronnen")
    return folder, make_municipality(folder, woningen=60, peildatum=PEILDATUM)


def ask(store: Store, folder: WorkFolder, content: bytes = b"", **order: Any) -> int:
    asked = ImportOrder(**({"bron": "bag", "bestand": "bag.zip"} | order))
    return ask_import(store, folder, asked, io.BytesIO(content), auteur="beheer@gemeente.nl", moment=NOW)


def shop(store: Store, folder: WorkFolder) -> Workshop:
    return Workshop(store, folder, BsnCipher(generate_keys()), AccessLog(store), shipped_law(), keep_names=False)


def get(store: Store, number: int) -> Task:
    with store.read() as connection:
        found = find_task(connection, number)
    assert found is not None
    return found


def test_what_a_page_asks_is_imported_and_judged(store: Store, folder: WorkFolder, town: tuple[Path, Any]) -> None:
    files, manifest = town
    for bron in ("bag", "brp"):
        path = files / manifest.bestanden[bron]
        leverdatum = None if bron == "bag" else PEILDATUM
        ask(store, folder, path.read_bytes(), bron=bron, bestand=path.name, leverdatum=leverdatum)
    asked = ask_evaluation(store, ["overbewoning"], peildatum=PEILDATUM, auteur="beheer@gemeente.nl", moment=NOW)
    workshop = shop(store, folder)
    assert work(store, folder, lambda task: do_task(workshop, task), stop=Event(), until_empty=True) == 3
    with store.read() as connection:
        assert [run["status"] for run in list_runs(connection)] == ["gelukt", "gelukt"]
        [seen] = [row for row in read_accesses(connection) if row.access.handeling == "toetsen"]
    assert seen.access.gebruiker == "beheer@gemeente.nl"
    assert get(store, 1).uitkomst["gelezen"] > 0
    assert sum(get(store, asked).uitkomst["toetsingen"]["overbewoning"].values()) > 0
    assert [one.name for one in folder.root.iterdir()] == ["worker.slot"], "files of persons stay behind"


def test_a_refused_file_says_why_and_the_next_task_is_done(store: Store, folder: WorkFolder) -> None:
    first = ask(store, folder, b"no zip")
    second = ask(store, folder, bron="gebeurtenissen")
    workshop = shop(store, folder)
    work(store, folder, lambda task: do_task(workshop, task), stop=Event(), until_empty=True)
    assert [get(store, number).status for number in (first, second)] == ["mislukt", "mislukt"]
    assert "bestaat niet" in get(store, second).fout


def test_a_task_that_was_left_is_done_again_but_not_for_ever(store: Store, folder: WorkFolder) -> None:
    number, seen = ask(store, folder), []
    with store.write_transaction() as connection:
        begin_task(connection, number, moment=NOW)  # and then the worker was killed
    assert do_next(store, folder, lambda task: seen.append(task.taak_id) or {"run": 1})
    assert (seen, get(store, number).status) == ([number], "klaar")
    deadly = ask(store, folder)
    for _ in range(MOST_ATTEMPTS):
        with store.write_transaction() as connection:
            begin_task(connection, deadly, moment=NOW)
    assert do_next(store, folder, lambda _task: pytest.fail("tried again"))
    assert get(store, deadly).status == "mislukt"
    assert not folder.file_of(deadly, "bag.zip").exists()


def test_a_database_that_is_away_is_waited_for(store: Store, folder: WorkFolder, monkeypatch: Any) -> None:
    monkeypatch.setattr("registry.tasks.worker._POLL_SECONDS", 0.01)
    number, failures = ask(store, folder), iter([StoreError("weg")])

    def do(_task: Task) -> Mapping[str, Any]:
        for failure in failures:
            raise failure
        return {}

    assert work(store, folder, do, stop=Event(), until_empty=True) == 1
    assert (get(store, number).status, get(store, number).pogingen) == ("klaar", 2)


def test_two_workers_do_each_task_once(store: Store, folder: WorkFolder, monkeypatch: Any) -> None:
    monkeypatch.setattr("registry.tasks.worker._POLL_SECONDS", 0.01)
    numbers, done, stop = [ask(store, folder) for _ in range(6)], [], Event()

    def do(task: Task) -> Mapping[str, Any]:
        done.append(task.taak_id)
        time.sleep(0.01)
        return {}

    workers = [Thread(target=work, args=(store, folder, do), kwargs={"stop": stop}) for _ in range(2)]
    for one in workers:
        one.start()
    deadline = time.monotonic() + 30
    while len(done) < len(numbers) and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    for one in workers:
        one.join()
    assert done == numbers


def test_a_worker_that_is_asked_to_stop_finishes_its_task(
    sqlite_url: str, folder: WorkFolder, town: tuple[Path, Any], tmp_path: Path
) -> None:
    files, manifest = town
    store = open_store(sqlite_url)
    path = files / manifest.bestanden["bag"]
    first = ask(store, folder, path.read_bytes(), bestand=path.name)
    second = ask(store, folder, path.read_bytes(), bestand=path.name)
    settings = {"WERKMAP": folder.root, "DATABASE_URL": sqlite_url, "SLEUTELBESTAND": tmp_path / "sleutels"}
    environment = os.environ | {f"WOONREGISTER_{name}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [Path(sys.executable).with_name("woonregister"), "worker"],
        env=environment,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while get(store, first).status == "wacht" and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert (get(store, first).status, get(store, second).status) == ("klaar", "wacht")
    store.close()


@given(st.text(max_size=300))
def test_no_name_of_a_file_leaves_its_folder(name: str) -> None:
    folder = WorkFolder(Path("/werk"))
    try:
        path = folder.file_of(7, name)
    except UsageError:
        return
    assert path.parent == Path("/werk/taak-7")
    assert path.name not in ("", ".", "..")
    assert len(path.name) <= 130
    assert plain_name(path.name) == path.name


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\werk\\brp.csv", "/etc/passwd", "a/../../b.csv"])
def test_a_path_is_only_its_last_part(name: str) -> None:
    assert plain_name(name) in ("passwd", "brp.csv", "b.csv")


def test_the_latest_task_comes_first(store: Store, folder: WorkFolder) -> None:
    numbers = [ask(store, folder) for _ in range(3)]
    with store.read() as connection:
        assert [task.taak_id for task in list_tasks(connection)] == numbers[::-1]
