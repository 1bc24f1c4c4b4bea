"""A disk without room: what was asked is refused in Dutch, nothing is half kept, and with room it is done after all."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import postgres
import psycopg
import pytest
from fastapi.testclient import TestClient
from small_faults import LEVERDATUM, Town, defects
from states import differences, read_state
from typer.testing import CliRunner

from registry.cli import app as commands
from registry.errors import StoreFullError
from registry.intake.run import run_import
from registry.settings import Settings
from registry.store import engine
from registry.store.engine import open_store
from registry.store.queries.tasks import find_task, list_tasks
from registry.tasks.queue import ImportOrder, WorkFolder, ask_import
from registry.tasks.worker import work

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
OWNER = "beheer@testdam.nl"


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own; without the right to mount one the test is skipped."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"geen eigen schijf te maken: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, *, leave: int = 0) -> Path:
    """Take the room that is left on a disk but for so many bytes; the file that holds it."""
    path = folder / "vol"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while os.write(descriptor, b"0" * 4096):
            pass
    os.close(descriptor)
    if leave:
        os.truncate(path, max(0, path.stat().st_size - leave))
    return path


def import_december(url: str, town: Town) -> None:
    store = open_store(url)
    try:
        run_import(store, town.december, cipher=town.cipher)
    finally:
        store.close()


def refused_then_done(url: str, town: Town, limited: Callable[[], Any]) -> None:
    """An import that meets a full disk leaves the registry as it was; the same import later is taken in."""
    before = read_state(url)
    with limited(), pytest.raises(StoreFullError, match="schijf is vol"):
        import_december(url, town)
    assert differences(read_state(url), before) == []
    assert defects(url) == []
    import_december(url, town)
    assert differences(read_state(url), before) != []
    assert defects(url) == []


def pages_left(monkeypatch: pytest.MonkeyPatch, database: Path, pages: int) -> Callable[[], Any]:
    """SQLite, when its file may grow by so many pages."""
    prepare = engine._prepare_sqlite

    def prepare_limited(connection: Any, record: object) -> None:
        prepare(connection, record)
        [used] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {used + pages}")

    @contextmanager
    def limited() -> Iterator[None]:
        assert database.exists()
        with monkeypatch.context() as patch:
            patch.setattr(engine, "_prepare_sqlite", prepare_limited)
            yield

    return limited


@pytest.mark.proof
@pytest.mark.parametrize("pages", [0, 3, 12])
def test_an_import_into_a_full_sqlite(town: Town, tmp_path: Path, pages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    url = town.copy_to(tmp_path)
    refused_then_done(url, town, pages_left(monkeypatch, Path(url.removeprefix("sqlite:///")), pages))


@pytest.mark.proof
@pytest.mark.postgresql
@pytest.mark.parametrize("leave", [0, 64 * 1024, 256 * 1024])
def test_an_import_into_a_full_postgresql(
    town: Town, postgresql_server: postgres.Server, worker_number: str, leave: int
) -> None:
    """The data of one database stands on a disk of its own, so that the server itself goes on."""
    name, place = f"krap_{worker_number}_{leave}", Path(postgresql_server.socket) / f"krap-{leave}"
    server = {"host": postgresql_server.socket, "user": postgresql_server.superuser, "dbname": "postgres"}
    with small_disk(place, "64m"), psycopg.connect(**server, autocommit=True) as administrator:
        folder = place / "ruimte"
        folder.mkdir()
        shutil.chown(folder, postgresql_server.superuser)
        administrator.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        administrator.execute(f"CREATE DATABASE {name} TEMPLATE template0 TABLESPACE {name}")
        url = postgresql_server.url(name)
        try:
            engine.migrate(url)
            town.pour_into(url)

            @contextmanager
            def limited() -> Iterator[None]:
                administrator.execute("CHECKPOINT")
                taken = fill(place, leave=leave)
                yield
                taken.unlink()

            refused_then_done(url, town, limited)
        finally:
            administrator.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            administrator.execute(f"DROP TABLESPACE {name}")


@pytest.mark.parametrize("kind", ["xlsx", pytest.param("zip", marks=pytest.mark.proof)])
def test_an_export_to_a_full_disk(town: Town, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = town.copy_to(tmp_path)
    monkeypatch.setenv("WOONREGISTER_SLEUTELBESTAND", str(town.keys))
    with small_disk(tmp_path / "schijf", "32m") as disk:
        target = disk / f"uit.{kind}"
        command = (
            ["export", "werklijst", "--peildatum", "2026-11-01", "--uit", str(target)]
            if kind == "xlsx"
            else ["backup", "--uit", str(target)]
        )
        taken = fill(disk, leave=4096)
        told = CliRunner().invoke(commands, [*command, "--database-url", url])
        assert told.exit_code == 2 or type(told.exception).__name__ in ("ExportError", "StoreFullError"), told
        assert "schijf" in str(told.exception).lower() or "ruimte" in str(told.exception).lower()
        assert sorted(one.name for one in disk.iterdir()) == ["vol"], "half a file is left"
        taken.unlink()
        again = CliRunner().invoke(commands, [*command, "--database-url", url])
        assert again.exception is None or isinstance(again.exception, SystemExit), again.exception
        assert target.stat().st_size > 1000
    assert defects(url) == []


@pytest.fixture
def beheer(town: Town, tmp_path: Path) -> Iterator[tuple[TestClient, WorkFolder]]:
    """A browser of the beheerder, and the folder in which what he sends waits: on a small disk of its own."""
    from registry.web.app import create_app  # noqa: PLC0415 (the other tests need no pages)

    url = town.copy_to(tmp_path)
    with small_disk(tmp_path / "schijf", "256k") as disk:
        made = Settings(
            database_url=url, sleutelbestand=tmp_path / town.keys.name, werkmap=disk / "werk",
            tweede_stap="vrijwillig", adres="http://testserver",
        )  # fmt: skip
        application = create_app(made)
        with TestClient(application, follow_redirects=False, raise_server_exceptions=False) as client:
            client.cookies.set(application.state.web.cookie, begin_as_beheerder(application))
            yield client, WorkFolder(disk / "werk")


def begin_as_beheerder(application: Any) -> str:
    from registry import clock  # noqa: PLC0415 (as above)
    from registry.accounts.manage import ACCOUNT_LOCK, add_account  # noqa: PLC0415
    from registry.accounts.rights import Role  # noqa: PLC0415
    from registry.accounts.sessions import FULL, begin_session  # noqa: PLC0415

    store = application.state.web.store
    account = add_account(store, OWNER, "Beheer", [Role.BEHEERDER], auteur="test")
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        begun = begin_session(connection, account.account_id, stage=FULL, device="test", moment=clock.now())
    return begun.token


def send(client: TestClient, content: bytes) -> Any:
    token = client.get("/imports").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    fields = {"csrf_token": token, "bron": "brp", "leverdatum": LEVERDATUM.isoformat()}
    return client.post("/imports", data=fields, files={"bestand": ("brp.csv", content)})


def test_an_upload_into_a_full_work_folder(assets: None, beheer: tuple[TestClient, WorkFolder], tmp_path: Path) -> None:
    client, folder = beheer
    folder.root.mkdir()
    taken = fill(folder.root.parent, leave=8192)
    refused = send(client, b"1" * 100_000)
    assert refused.status_code == 503
    assert "De schijf van de server is vol. Er is niets bewaard" in refused.text
    assert list(folder.root.iterdir()) == []
    store = client.app.state.web.store
    with store.read() as connection:
        assert list_tasks(connection) == []
    taken.unlink()
    assert send(client, b"1" * 100_000).status_code == 303
    with store.read() as connection:
        [task] = list_tasks(connection)
    assert folder.file_of(task.taak_id, "brp.csv").stat().st_size == 100_000


def test_an_upload_while_there_is_no_room_for_what_comes_in(
    assets: None, beheer: tuple[TestClient, WorkFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a route is reached a large file waits in the folder of the system for such files."""
    client, folder = beheer
    fill(folder.root.parent)
    monkeypatch.setattr("tempfile.tempdir", str(folder.root.parent))
    refused = send(client, b"1" * 3_000_000)
    assert refused.status_code == 503
    assert "De schijf van de server is vol" in refused.text
    assert refused.headers["content-security-policy"]


def test_a_worker_waits_for_room_and_counts_no_attempt(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.tasks.worker._POLL_SECONDS", 0.001)
    store, folder = open_store(sqlite_url), WorkFolder(tmp_path / "werk")
    with Path("/dev/null").open("rb") as empty:
        number = ask_import(store, folder, ImportOrder("bag", "bag.zip"), empty, auteur=OWNER, moment=NOW)
    told: list[str | None] = []

    def do(_task: Any) -> dict[str, Any]:
        told.append(folder.progress_of(number))
        if len(told) <= 3:
            raise StoreFullError("De schijf is vol.")
        if len(told) <= 6:
            with Path("/dev/full").open("wb") as full:
                full.write(b"1")
        return {"run": 1}

    assert work(store, folder, do, stop=Event(), until_empty=True) == 1
    assert told[1] == "De schijf is vol. De taak wordt vanzelf opnieuw geprobeerd."
    with store.read() as connection:
        done = find_task(connection, number)
    store.close()
    assert done is not None
    assert (len(told), done.status, done.pogingen) == (7, "klaar", 1)
