"""What monitoring sees: a database that is gone and back, a schema of another version, a worker that is not there."""

import fcntl
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import postgres
import psycopg
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from registry import clock
from registry.settings import Settings
from registry.store.engine import Store
from registry.store.queries.tasks import insert_task
from registry.tasks.queue import IMPORT, WorkFolder
from registry.web.app import create_app

TOKEN = "x" * 20


@pytest.fixture
def monitored(assets: None, settings: Settings, database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    """An application on an empty registry of its own, with measures."""
    own = {
        "database_url": database_url,
        "sleutelbestand": tmp_path / "sleutels",
        "werkmap": tmp_path / "werk",
        "metrics_token": SecretStr(TOKEN),
        "logboek_url": "http://127.0.0.1:9/v1/traces",
    }
    app = create_app(settings.model_copy(update=own))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def measures(client: TestClient) -> dict[str, float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def states(client: TestClient) -> tuple[int, int, int]:
    found = [client.get(f"/health/{what}").status_code for what in ("live", "ready", "worker")]
    return found[0], found[1], found[2]


def ask_for_work(client: TestClient, minutes: int) -> None:
    store: Store = client.app.state.web.store
    with store.write_transaction() as connection:
        moment = clock.now() - timedelta(minutes=minutes)
        insert_task(connection, IMPORT, {"bron": "bag"}, auteur="beheer", moment=moment)


@pytest.mark.postgresql
def test_a_database_that_goes_and_comes_back(
    assets: None, settings: Settings, postgresql_url: str, postgresql_server: postgres.Server, tmp_path: Path
) -> None:
    own = {"database_url": postgresql_url, "sleutelbestand": tmp_path / "sleutels", "metrics_token": SecretStr(TOKEN)}
    name = re.search(r"test_\w+", postgresql_url).group()
    server = {"host": postgresql_server.socket, "user": postgresql_server.superuser, "dbname": "postgres"}
    app = create_app(settings.model_copy(update=own))
    with (
        TestClient(app, raise_server_exceptions=False) as client,
        psycopg.connect(**server, autocommit=True) as administrator,
    ):
        assert client.get("/health/ready").status_code == 200
        administrator.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        administrator.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        assert states(client) == (200, 503, 503)
        assert measures(client)["woonregister_database_up"] == 0
        # Somebody who is signed in is told, and meets no mistake of the program.
        client.cookies.set(app.state.web.cookie, "x" * 43)
        answer = client.get("/")
        assert (answer.status_code, "Even niet beschikbaar" in answer.text) == (503, True)
        client.cookies.clear()
        administrator.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        # Nothing was started anew.
        assert states(client) == (200, 200, 200)
        assert measures(client)["woonregister_database_up"] == 1


def test_a_schema_of_another_version_takes_the_server_out_of_service(monitored: TestClient) -> None:
    assert measures(monitored)["woonregister_schema_current"] == 1
    with monitored.app.state.web.store.write_transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    answer = monitored.get("/health/ready")
    assert answer.status_code == 503
    assert "andere versie" in answer.text
    assert measures(monitored)["woonregister_schema_current"] == 0
    assert monitored.get("/health/live").status_code == 200


def test_work_that_waits_while_no_worker_runs_is_told(monitored: TestClient) -> None:
    assert states(monitored) == (200, 200, 200)
    ask_for_work(monitored, minutes=0)
    assert states(monitored) == (200, 200, 200)
    ask_for_work(monitored, minutes=5)
    assert states(monitored) == (200, 200, 503)
    found = measures(monitored)
    assert found['woonregister_tasks{status="wacht"}'] == 2
    assert found["woonregister_oldest_task_seconds"] >= 300
    assert (found["woonregister_worker_running"], found["woonregister_access_log_unsent"]) == (0, 0)
    folder = WorkFolder(monitored.app.state.web.settings.werkmap)
    folder.root.mkdir()
    with folder.turn.open("a") as slot:  # as a worker holds it
        fcntl.flock(slot, fcntl.LOCK_EX)
        assert states(monitored) == (200, 200, 200)
        assert measures(monitored)["woonregister_worker_running"] == 1
    assert states(monitored) == (200, 200, 503)


def test_measures_say_nothing_of_what_was_asked(monitored: TestClient) -> None:
    monitored.get("/woningen/0606010000012345")
    monitored.get("/zoeken?q=Singel")
    text = monitored.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert "0606010000012345" not in text
    assert "Singel" not in text
    assert re.search(r'woonregister_requests_total\{method="GET",route="/woningen/\{[a-z_]+\}"', text)
    assert re.search(r'woonregister_info\{version="0\.', text)
