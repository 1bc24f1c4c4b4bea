"""Two administrators at once, and a backup in the middle of it: one waits or is told, and every copy is sound."""

import os
import subprocess
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

import postgres
import psycopg
import pytest
from running import PROGRAM, SECONDS
from small_faults import LEVERDATUM, Town, defects
from states import differences, read_state

from registry.intake.run import ImportRequest, run_import
from registry.signals.run import run_evaluations
from registry.store.backup import make_backup, restore_backup
from registry.store.engine import open_store
from registry.store.queries.adressen import read_adressen
from registry.store.queries.runs import last_run, list_runs
from registry.worklists.visits import record_visits
from rules.catalogue import find_rule
from rules.parameters import shipped_law

RESTORED = 3  # of the backups that were made
MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def start(command: list[str], url: str, town: Town) -> subprocess.Popen[str]:
    own = {"WOONREGISTER_DATABASE_URL": url, "WOONREGISTER_SLEUTELBESTAND": str(town.keys), "COLUMNS": "200"}
    return subprocess.Popen(
        [PROGRAM, *command], cwd=town.folder, env=os.environ | own, text=True, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def empty_database(server: postgres.Server, name: str) -> str:
    """It goes with the server."""
    with psycopg.connect(host=server.socket, user=server.superuser, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return server.url(name)


def finish(command: list[str], process: subprocess.Popen[str], url: str, town: Town) -> int:
    """How often a command was refused because another one was first, before it was done."""
    told = 0
    while process.wait(SECONDS) not in (0, 1):
        said = process.communicate()[1]
        assert "Herhaal de opdracht" in said or "herhaal de opdracht" in said, said[-2000:]
        told += 1
        process = start(command, url, town)
    process.communicate()
    return told


@pytest.mark.proof
def test_two_administrators_import_at_once(town: Town, town_url: str, tmp_path: Path) -> None:
    """What is left is what comes of one after the other, in the order in which they got their turn."""
    changed = town.folder / f"woz-{tmp_path.name}.csv"
    text = town.file("woz").read_text("utf-8-sig")
    changed.write_text(text.replace("00;", "50;", 5), "utf-8")
    commands = {
        "brp": ["import", "brp", "brp-december.csv", "--leverdatum", LEVERDATUM.isoformat()],
        "woz": ["import", "woz", changed.name, "--leverdatum", LEVERDATUM.isoformat()],
    }
    fresh = tmp_path / "na-elkaar"
    fresh.mkdir()
    other = town.copy_to(fresh)
    begun = {bron: start(command, town_url, town) for bron, command in commands.items()}
    told = sum(finish(commands[bron], process, town_url, town) for bron, process in begun.items())
    assert told <= 2
    assert defects(town_url) == []
    store = open_store(town_url)
    with store.read() as connection:
        counted = [run["bron"] for run in list_runs(connection) if run["status"] == "gelukt"][:2]
    store.close()
    assert sorted(counted) == ["brp", "woz"]
    for bron in reversed(counted):
        assert finish(commands[bron], start(commands[bron], other, town), other, town) == 0
    # Of the runs themselves the two databases write counts in another way.
    left = differences(read_state(town_url), read_state(other))
    assert [one for one in left if not one.startswith("runs:")] == []


@pytest.mark.proof
def test_a_backup_at_any_moment_is_a_sound_registry(
    town: Town, town_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """While an import, an evaluation and visits go on; each copy is what the registry was at one moment."""
    store, ended, failed = open_store(town_url), threading.Event(), []

    def work() -> None:
        try:
            run_import(store, town.december, cipher=town.cipher)
            run_evaluations(store, [find_rule("overbewoning")], shipped_law(), peildatum=date(2026, 11, 20))
            run_import(store, ImportRequest("brp", town.file("brp"), date(2026, 11, 22)), cipher=town.cipher)
        except Exception as error:  # noqa: BLE001 (it is shown below)
            failed.append(error)
        ended.set()

    def visit() -> None:
        with store.read() as connection:
            known = last_run(connection)
            one = read_adressen(connection, known=known, on=date(2026, 11, 1))["adresseerbaar_object_id"][0]
        number = 0
        while not ended.is_set():
            typed = {"adresseerbaar_object_id": one, "datum": "2026-11-20", "inspecteur": "Ada",
                     "aantal_personen": str(number), "resultaat": "toegang_met_toestemming"}  # fmt: skip
            record_visits(store, [typed], author="ada", leverdatum=date(2026, 11, 20), cipher=town.cipher)
            number += 1
            time.sleep(0.05)

    threads = [threading.Thread(target=target) for target in (work, visit)]
    for thread in threads:
        thread.start()
    made = []
    while not ended.is_set() or not made:
        path = tmp_path / f"kopie-{len(made)}.zip"
        make_backup(store, path, made=MOMENT, software="proef")
        made.append(path)
    for thread in threads:
        thread.join(SECONDS)
    store.close()
    assert failed == []
    assert defects(town_url) == []
    counts = []
    for number, path in enumerate(made[:: max(1, len(made) // RESTORED)]):
        url = f"sqlite:///{tmp_path / f'terug-{number}.db'}"
        if town_url.startswith("postgresql"):
            url = empty_database(request.getfixturevalue("postgresql_server"), f"terug_{os.getpid()}_{number}")
        restore_backup(url, path)
        assert defects(url) == []
        again = open_store(url)
        with again.read() as connection:
            counts.append(last_run(connection))
        again.close()
    assert counts == sorted(counts)
