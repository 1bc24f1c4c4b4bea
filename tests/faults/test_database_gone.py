"""PostgreSQL stops and starts while the server and the worker run: told in Dutch, and nobody has to start anything."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import postgres
import psycopg
import pytest
from running import answers, browser, served, token, wait_for
from small_faults import LEVERDATUM, Town, defects

from registry.accounts.rights import Role
from registry.store.engine import migrate, open_store
from registry.store.queries.runs import list_runs
from registry.store.queries.tasks import Task, list_tasks

NAME = "weg"


@pytest.fixture
def own_server(assets: None, tmp_path: Path) -> Iterator[tuple[Path, postgres.Server]]:
    """A server that nobody else uses; its folder is short, as a socket wants it."""
    folder = postgres.new_folder()
    (folder / "server").mkdir()
    try:
        server = postgres.start(folder / "server")
    except postgres.UnavailableError as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"geen PostgreSQL: {error}")
    yield folder / "server", server
    postgres.close(folder)


def control(folder: Path, *command: str) -> None:
    binaries = postgres.find_binaries()
    assert binaries is not None
    program = str(binaries / "pg_ctl")
    postgres._run(postgres._owner(), folder, program, "-D", str(folder / "data"), "-w", *command)


def stop(folder: Path) -> None:
    control(folder, "-m", "immediate", "stop")  # as if the machine under it fell


def start(folder: Path) -> None:
    options = " ".join(
        f"-c {name}='{value}'" for name, value in (postgres.SETTINGS | {"unix_socket_directories": folder}).items()
    )
    control(folder, "-l", str(folder / "log"), "-o", options, "start")


def tasks(url: str) -> list[Task]:
    store = open_store(url)
    try:
        with store.read() as connection:
            return list_tasks(connection)
    finally:
        store.close()


@pytest.mark.proof
@pytest.mark.postgresql
def test_the_database_falls_while_the_server_and_the_worker_go_on(
    own_server: tuple[Path, postgres.Server], town: Town, tmp_path: Path
) -> None:
    folder, server = own_server
    with psycopg.connect(host=server.socket, user=server.superuser, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
    url = server.url(NAME)
    migrate(url)
    town.pour_into(url)
    control_checkpoint(server)
    with served(url, town.keys, tmp_path, worker=True) as address, browser(
        url, address, "beheer@testdam.nl", Role.BEHEERDER
    ) as client:  # fmt: skip
        assert client.get("/").status_code == 200
        form = {"csrf_token": token(client, "/imports"), "bron": "brp", "leverdatum": LEVERDATUM.isoformat()}
        stop(folder)
        for path in ("/", "/imports", "/aanmelden"):
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert "Even niet beschikbaar" in answer.text, path
        assert (answers(address, "/health/live"), answers(address)) == (200, 503)
        content = (town.folder / "brp-december.csv").read_bytes()
        refused = client.post("/imports", data=form, files={"bestand": ("brp.csv", content)})
        assert refused.status_code == 503
        start(folder)
        wait_for(lambda: answers(address) == 200, "the server is ready again")
        assert client.get("/imports").status_code == 200
        assert tasks(url) == []
        # And in the middle of an import: the worker does it again.
        assert client.post("/imports", data=form, files={"bestand": ("brp.csv", content)}).status_code == 303
        wait_for(lambda: tasks(url)[0].status != "wacht", "the worker begins")
        stop(folder)
        start(folder)
        wait_for(lambda: tasks(url)[0].status in ("klaar", "mislukt"), "the worker does it after all")
        [done] = tasks(url)
        assert (done.status, done.fout) == ("klaar", None)
        assert client.get("/imports").status_code == 200
    store = open_store(url)
    with store.read() as connection:
        assert [run["status"] for run in list_runs(connection)].count("afgebroken") <= 1
    store.close()
    assert defects(url) == []


def control_checkpoint(server: postgres.Server) -> None:
    """What was poured in is on the disk: the server of the tests writes no journal that it waits for."""
    with psycopg.connect(host=server.socket, user=server.superuser, dbname="postgres", autocommit=True) as connection:
        connection.execute("CHECKPOINT")
