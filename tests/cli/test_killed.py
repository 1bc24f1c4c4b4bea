"""A process that is killed halfway an import leaves the registry as it was, and says so itself.

On PostgreSQL it also leaves no lock: the server releases what a dead connection held.
"""

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from small_registry import DATABASE, KEYS, Municipality, dump, fill

from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.keys import open_cipher
from registry.store.backup import make_backup, restore_backup
from registry.store.engine import open_store
from registry.store.integrity import check_registry
from registry.store.queries.runs import list_runs

# Counts what the process asks of the database, every commit included, and dies before request number N.
_MORTAL = """
import os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from registry.intake.run import ImportRequest, run_import
from registry.keys import open_cipher
from registry.store.engine import open_store

left, url, keys, bron, path = int(sys.argv[1]), *sys.argv[2:]

def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

store = open_store(url)
for event in ("before_cursor_execute", "commit"):
    sa.event.listen(sa.Engine, event, count)
run_import(store, ImportRequest(bron, Path(path)), cipher=open_cipher(Path(keys)))
"""
KILLS, MANY_KILLS = 3, 60
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)


@contextmanager
def counted() -> Iterator[list[int]]:
    """Counts what this process asks of the database in the same way."""
    requests = [0]

    def count(*_: object) -> None:
        requests[0] += 1

    for event in ("before_cursor_execute", "commit"):
        sa.event.listen(sa.Engine, event, count)
    try:
        yield requests
    finally:
        for event in ("before_cursor_execute", "commit"):
            sa.event.remove(sa.Engine, event, count)


def take(url: str, keys: Path, bron: str, path: Path) -> ImportResult:
    """The import that nobody kills."""
    return take_counted(url, keys, bron, path)[0]


def take_counted(url: str, keys: Path, bron: str, path: Path) -> tuple[ImportResult, int]:
    """The import that nobody kills, and how many requests it made."""
    store = open_store(url)
    try:
        with counted() as requests:
            result = run_import(store, ImportRequest(bron, path), cipher=open_cipher(keys))
    finally:
        store.close()
    return result, requests[0]


def killed(url: str, keys: Path, bron: str, path: Path, moment: int) -> None:
    """The same import in a process that dies before its request number ``moment``."""
    command = [sys.executable, "-c", _MORTAL, str(moment), url, str(keys), bron, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def changed_brp(municipality: Municipality, folder: Path) -> Path:
    """The BRP of another month: many have another postcode, and some are no longer in it."""
    header, *lines = municipality.file("brp").read_text(encoding="utf-8-sig").splitlines()
    moved = [line.replace(";3190", ";3191") if number % 5 == 0 else line for number, line in enumerate(lines)]
    path = folder / "brp-december.csv"
    path.write_text("\n".join([header, *moved[:-30]]), encoding="utf-8")
    return path


def registry_statuses(url: str) -> list[str]:
    """The statuses of all runs, newest first."""
    store = open_store(url)
    with store.read() as connection:
        statuses = [run["status"] for run in list_runs(connection)]
    store.close()
    return statuses


def requests_of(here: Path, path: Path) -> int:
    """How many requests the import makes, on a copy."""
    copy = here / "kopie.db"
    shutil.copyfile(here / DATABASE, copy)
    return take_counted(f"sqlite:///{copy}", here / KEYS, "brp", path)[1]


def defects(url: str) -> list[str]:
    """What ``woonregister check`` finds wrong."""
    store = open_store(url)
    with store.read() as connection:
        found = [check.controle for check in check_registry(connection) if check.fout]
    store.close()
    return found


def prove(url: str, keys: Path, path: Path, *, total: int, kills: int, seed: int) -> None:
    """Kill at random moments, the first and the last ones included; then the import goes in after all."""
    before, past = dump(url), registry_statuses(url)
    moments = random.Random(seed).sample(range(2, total), kills - 2)  # noqa: S311 (no secret)
    written = 0
    for moment in [1, *sorted(moments), total]:
        killed(url, keys, "brp", path, moment)
        assert dump(url) == before, f"killed before request {moment} of {total}"
        broken = registry_statuses(url)
        new = broken[: len(broken) - len(past)]
        assert broken[len(new) :] == past
        assert set(new) <= {"afgebroken"}
        # The first ones die before their run is written down; from then on each is.
        assert len(new) == written + 1 or len(new) == written == 0
        written = len(new)
    assert written > 0
    result = take(url, keys, "brp", path)
    assert result.counts.gewijzigd > 30
    assert result.counts.verdwenen > 10
    assert defects(url) == []


def prove_on_sqlite(here: Path, municipality: Municipality, *, kills: int, seed: int) -> None:
    path = changed_brp(municipality, here)
    total = requests_of(here, path)
    prove(f"sqlite:///{here / DATABASE}", here / KEYS, path, total=total, kills=kills, seed=seed)


def prove_on_postgresql(url: str, folder: Path, municipality: Municipality, *, kills: int, seed: int) -> None:
    keys, path = folder / KEYS, changed_brp(municipality, folder)
    fill(url, keys, municipality, "bag", "brp")
    spare = folder / "voor.zip"
    store = open_store(url)
    make_backup(store, spare, made=MOMENT, software="1")
    store.close()
    total = take_counted(url, keys, "brp", path)[1]
    restore_backup(url, spare, replace=True)
    prove(url, keys, path, total=total, kills=kills, seed=seed)


def test_a_killed_import_leaves_nothing_behind(here: Path, municipality: Municipality) -> None:
    prove_on_sqlite(here, municipality, kills=KILLS, seed=7)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2])
def test_an_import_that_is_killed_at_many_moments(here: Path, municipality: Municipality, seed: int) -> None:
    prove_on_sqlite(here, municipality, kills=MANY_KILLS, seed=seed)


@pytest.mark.proof
@pytest.mark.postgresql
def test_a_killed_import_leaves_no_lock_in_postgresql(
    postgresql_url: str, tmp_path: Path, municipality: Municipality
) -> None:
    prove_on_postgresql(postgresql_url, tmp_path, municipality, kills=MANY_KILLS, seed=3)
