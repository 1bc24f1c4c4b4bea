"""A process that is killed halfway an import leaves the registry as it was, and says so itself."""

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from small_registry import DATABASE, KEYS, Municipality, dump

from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.keys import open_cipher
from registry.store.engine import open_store
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
KILLS, MANY_KILLS = 6, 60


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


def prove(here: Path, municipality: Municipality, *, kills: int, seed: int) -> None:
    """Kill at random moments, the first and the last ones included; then the import goes in after all."""
    url, keys, path = f"sqlite:///{here / DATABASE}", here / KEYS, changed_brp(municipality, here)
    total = requests_of(here, path)
    before, past = dump(url), registry_statuses(url)
    moments = random.Random(seed).sample(range(2, total), kills - 2)  # noqa: S311 (no secret)
    for number, moment in enumerate([1, *sorted(moments), total], start=1):
        killed(url, keys, "brp", path, moment)
        assert dump(url) == before, f"killed before request {moment} of {total}"
        broken = registry_statuses(url)
        assert broken[len(broken) - len(past) :] == past
        assert set(broken[: len(broken) - len(past)]) <= {"afgebroken"}
        assert len(broken) - len(past) in (number - 1, number)  # the first died before its run was written down
    result = take(url, keys, "brp", path)
    assert result.counts.gewijzigd > 30
    assert result.counts.verdwenen > 10


def test_a_killed_import_leaves_nothing_behind(here: Path, municipality: Municipality) -> None:
    prove(here, municipality, kills=KILLS, seed=7)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2])
def test_an_import_that_is_killed_at_many_moments(here: Path, municipality: Municipality, seed: int) -> None:
    prove(here, municipality, kills=MANY_KILLS, seed=seed)
