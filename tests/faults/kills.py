"""Kills commands of woonregister at random moments, and looks what is left each time.

Half of the kills come at a random step (before a request to the database, a commit, or a change of a file), the other
half at a random moment by the clock, so that SQLite, PostgreSQL, zip and lxml are hit in the middle of their own work.
"""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import postgres
import psycopg
import python_calamine
from states import State, differences, read_state

from registry.store.backup import read_backup
from registry.store.engine import open_store
from registry.store.integrity import check_registry

REPOSITORY = Path(__file__).resolve().parents[2]
KILLED = -9
FINE = (0, 1)  # done, and done with something that needs attention
_PATIENCE = 60.0  # seconds in which PostgreSQL must have noticed that a client is gone
_TRIES = 4  # per kill: one that came too late counts for nothing


class Mortals:
    """The process that runs commands in children and lets them die."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = os.pathsep.join((str(REPOSITORY), str(Path(__file__).parent)))
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("mortal.py"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "COLUMNS": "200"},
        )  # fmt: skip
        self._answer()

    def run(
        self, command: list[str], environment: dict[str, str], *, step: int | None = None, seconds: float | None = None
    ) -> tuple[int, float]:
        """The exit code of a command (-9: it was killed), and how many seconds it lived."""
        order = {
            "command": command, "folder": str(self.folder), "environment": environment, "step": step,
            "seconds": seconds,
        }  # fmt: skip
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self._answer())
        return answer["code"], answer["seconds"]

    def steps(self) -> int:
        """How many steps the last command took that was not killed."""
        return int((self.folder / "stappen.txt").read_text(encoding="ascii"))

    def said(self) -> str:
        """What the commands said since this was asked before."""
        path = self.folder / "gezegd.txt"
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        path.unlink(missing_ok=True)
        return text[-3000:]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def _answer(self) -> str:
        line = self.process.stdout.readline()
        assert line, "the process that lets children die is gone itself"
        return line


@dataclass(frozen=True, slots=True)
class SqlitePlace:
    """A registry in a file, put back from another file."""

    template: Path
    path: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def reset(self) -> None:
        for end in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        if self.template.exists():
            shutil.copyfile(self.template, self.path)

    def settle(self) -> None:
        """A dead process holds nothing of a file."""


@dataclass(frozen=True, slots=True)
class PostgresqlPlace:
    """A registry in a database, put back from a template."""

    server: postgres.Server
    template: str
    name: str

    @property
    def url(self) -> str:
        return self.server.url(self.name)

    def reset(self) -> None:
        with self._server() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")

    def settle(self) -> None:
        """Wait until the server noticed that its client is gone."""
        until = time.monotonic() + _PATIENCE
        with self._server() as connection:
            while connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", (self.name,)
            ).fetchone() != (0,):
                assert time.monotonic() < until, "PostgreSQL still works for a client that is gone"
                time.sleep(0.02)

    def _server(self) -> psycopg.Connection:
        return psycopg.connect(host=self.server.socket, user=self.server.superuser, dbname="postgres", autocommit=True)


@dataclass(frozen=True, slots=True)
class Work:
    """A command that is killed.

    Attributes:
        name: import, evaluation, export or migration.
        commands: one or more forms of it; each kill takes one of them.
        makes: the file that a command makes, if any.
        steady: whether it leaves the registry as it is.
        parts: whether what is kept comes in parts (one rule after another), so that some of it may stand.
        current: whether the registry has the schema of today before it.
    """

    name: str
    commands: tuple[list[str], ...]
    makes: Callable[[list[str]], str | None] = lambda _command: None
    steady: bool = False
    parts: bool = False
    current: bool = True


@dataclass(slots=True)
class Tally:
    """What came of the kills of one kind of work on one kind of database."""

    work: str
    database: str
    kills: int = 0
    at_a_step: int = 0
    by_the_clock: int = 0
    nothing_kept: int = 0
    something_kept: int = 0
    too_late: int = 0
    seconds: float = 0.0
    seed: int = 0

    def write(self) -> None:
        """Add it to the file that the environment names, for the figures in the docs."""
        path = os.environ.get("WOONREGISTER_KILL_FIGURES")
        if path:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps({name: getattr(self, name) for name in self.__slots__}) + "\n")


@dataclass(slots=True)
class Undisturbed:
    """What a command gives when nobody kills it."""

    state: State
    made: object
    steps: int
    seconds: float


@dataclass(slots=True)
class Killer:
    """Kills one kind of work on one registry."""

    mortals: Mortals
    place: SqlitePlace | PostgresqlPlace
    work: Work
    seed: int
    before: State = field(init=False)

    def kill(self, kills: int) -> Tally:
        """So many kills; after each the registry is sound, and the work can be done after all."""
        dice = random.Random(self.seed)  # noqa: S311 (no secret)
        begun = time.monotonic()
        tally = Tally(self.work.name, self.place.url.partition(":")[0].partition("+")[0], seed=self.seed)
        self.place.reset()
        self.before = read_state(self.place.url)
        whole = [self._undisturbed(command) for command in self.work.commands]
        while tally.kills < kills:
            assert tally.too_late <= kills * _TRIES, "the kills come too late"
            chosen = dice.randrange(len(whole))
            self._one(self.work.commands[chosen], whole[chosen], dice, tally)
        tally.seconds = round(time.monotonic() - begun, 1)
        tally.write()
        return tally

    def _undisturbed(self, command: list[str]) -> Undisturbed:
        self._prepare(command, reset=True)
        self._run(command)  # the first time, what is made once is made
        self._prepare(command, reset=True)
        code, seconds = self._run(command)
        assert code in FINE, self.mortals.said()
        self._require_sound()
        return Undisturbed(read_state(self.place.url), self._made(command), self.mortals.steps(), seconds)

    def _one(self, command: list[str], whole: Undisturbed, dice: random.Random, tally: Tally) -> None:
        self._prepare(command, reset=not self.work.steady)
        at_a_step = tally.at_a_step <= tally.by_the_clock
        moment = {"step": dice.randint(1, whole.steps)} if at_a_step else {"seconds": dice.uniform(0, whole.seconds)}
        code, _ = self._run(command, **moment)
        told = f"{command[:2]} killed at {moment}"
        self.place.settle()
        if code != KILLED:
            assert code in FINE, f"{told}: {self.mortals.said()}"
            tally.too_late += 1
            return
        tally.kills += 1
        tally.at_a_step += at_a_step
        tally.by_the_clock += not at_a_step
        left = read_state(self.place.url)
        if left == self.before:
            tally.nothing_kept += 1
        else:
            tally.something_kept += 1
            assert self.work.parts or left == whole.state, f"{told}: {differences(left, self.before)}"
        made = self._made(command)
        assert made in (None, whole.made), f"{told}: half a file"
        if self.work.current:
            self._require_sound()
        if made is not None and command[0] == "backup":
            (self.mortals.folder / self.work.makes(command)).unlink()  # a backup is never overwritten
        self._finish(command, whole, told)

    def _finish(self, command: list[str], whole: Undisturbed, told: str) -> None:
        """The work is done after all, and ends as work that nobody disturbed."""
        code, _ = self._run(command)
        assert code in FINE, f"{told}, and then refused: {self.mortals.said()}"
        self.place.settle()
        differ = differences(read_state(self.place.url), whole.state)
        assert differ == [], f"{told}: {differ}"
        assert self._made(command) == whole.made, f"{told}: another file {_apart(self._made(command), whole.made)}"
        self._require_sound()

    def _run(self, command: list[str], **moment: Any) -> tuple[int, float]:
        return self.mortals.run(command, {"WOONREGISTER_DATABASE_URL": self.place.url}, **moment)

    def _prepare(self, command: list[str], *, reset: bool) -> None:
        if reset:
            self.place.reset()
        made = self.work.makes(command)
        if made:
            (self.mortals.folder / made).unlink(missing_ok=True)

    def _made(self, command: list[str]) -> object:
        name = self.work.makes(command)
        path = self.mortals.folder / name if name else None
        return contents(path) if path and path.exists() else None

    def _require_sound(self) -> None:
        store = open_store(self.place.url)
        try:
            with store.read() as connection:
                assert [(check.controle, check.voorbeelden) for check in check_registry(connection) if check.fout] == []
        finally:
            store.close()


def contents(path: Path) -> object:
    """What is in a file that was made, without when it was made; an error when it is not whole."""
    if path.suffix == ".xlsx":
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names if name != "Toelichting"}
    if path.suffix == ".gpkg":
        return _layers(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    tables = read_backup(path).tabellen
    return {name: found for name, found in tables.items() if not name.startswith(("toegang", "run"))}


def _apart(found: object, expected: object) -> str:
    """Where two contents first differ."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for name in found.keys() | expected.keys():
            if found.get(name) != expected.get(name):
                return f"{name}: {str(found.get(name))[:300]} for {str(expected.get(name))[:300]}"
    return f"{str(found)[:300]} for {str(expected)[:300]}"


def _layers(path: Path) -> object:
    connection = sqlite3.connect(path)
    try:
        names = [
            row[0]
            for row in connection.execute("SELECT table_name FROM gpkg_contents WHERE table_name <> 'layer_styles'")
        ]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
    finally:
        connection.close()


@contextmanager
def mortals_in(folder: Path) -> Iterator[Mortals]:
    """The process, for as long as it is needed."""
    process = Mortals(folder)
    try:
        yield process
    finally:
        process.close()
