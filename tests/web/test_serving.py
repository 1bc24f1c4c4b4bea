"""The server as a service: stopped in the middle of a request it finishes that, and nothing that was asked is lost."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2 as httpx
import pytest

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK, add_account
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.cli import main
from registry.store.engine import open_store
from registry.store.queries.tasks import list_tasks
from registry.web.auth.guard import CSRF_FIELD

SECONDS = 60
PROGRAM = Path(sys.executable).with_name("woonregister")
TOKEN = "m" * 24


class Served:
    """A server in processes of its own."""

    def __init__(self, url: str, folder: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        own = {
            "DATABASE_URL": url,
            "SLEUTELBESTAND": folder / "sleutels",
            "WERKMAP": folder / "werk",
            "TWEEDE_STAP": "vrijwillig",
            "METRICS_TOKEN": TOKEN,
        }
        environment = os.environ | {f"WOONREGISTER_{name}": str(value) for name, value in own.items()}
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(self.port), *options],
            cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self.address = f"http://127.0.0.1:{self.port}"
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.process.communicate()[1]
            try:
                if httpx.get(f"{self.address}/health/ready", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the server does not start")

    def children(self) -> list[int]:
        """The processes that answer."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        # The library that starts them has a helper process of its own.
        return [int(pid) for pid in found if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def stop(self) -> tuple[int, str]:
        """Ask it to stop; exit code and what it said."""
        self.process.send_signal(signal.SIGTERM)
        said = self.process.communicate(timeout=SECONDS)[1]
        return self.process.returncode, said


@contextmanager
def served(url: str, folder: Path, *options: str) -> Iterator[Served]:
    server = Served(url, folder, *options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.communicate()


def signed_in(url: str, address: str) -> httpx.Client:
    """A browser of the beheerder."""
    store = open_store(url)
    account = add_account(store, "beheer@testdam.nl", "Beheer", [Role.BEHEERDER], auteur="test")
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        moment = clock.now() - timedelta(minutes=1)
        begun = begin_session(connection, account.account_id, stage=FULL, device="test", moment=moment)
    store.close()
    return httpx.Client(base_url=address, cookies={"woonregister": begun.token}, timeout=SECONDS)


def test_a_server_that_is_stopped_while_a_file_comes_in_keeps_it_for_the_worker(
    assets: None, sqlite_url: str, tmp_path: Path
) -> None:
    answers: list[httpx.Response] = []
    database = sqlite_url.removeprefix("sqlite:///")
    with (
        served(sqlite_url, tmp_path) as server,
        signed_in(sqlite_url, server.address) as browser,
        closing(sqlite3.connect(database, isolation_level=None)) as other,
    ):
        found = re.search(rf'name="{CSRF_FIELD}" value="([^"]+)"', browser.get("/imports").text)
        assert found
        fields = {CSRF_FIELD: found.group(1), "bron": "bag"}
        other.execute("BEGIN IMMEDIATE")  # somebody writes: the request has to wait

        def send() -> None:
            files = {"bestand": ("bag.zip", b"PK" + b"0" * 300_000, "application/zip")}
            answers.append(browser.post("/imports", data=fields, files=files))

        sending = Thread(target=send)
        sending.start()
        time.sleep(1)
        assert answers == []
        server.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert server.process.poll() is None, "it did not wait for the request"
        other.execute("ROLLBACK")
        sending.join(SECONDS)
        # One process ends by the very signal, when everything is done; systemd calls that clean.
        assert server.stop()[0] in (0, -signal.SIGTERM)
    assert [answer.status_code for answer in answers] == [303]
    store = open_store(sqlite_url)
    with store.read() as connection:
        [task] = list_tasks(connection)
    store.close()
    assert task.status == "wacht"
    [kept] = (tmp_path / "werk" / f"taak-{task.taak_id}").iterdir()
    assert kept.stat().st_size == 300_002


@pytest.mark.parametrize(
    ("options", "settings", "reason"),
    [
        (["--processen", "2"], {}, "Met SQLite werkt een proces"),
        ([], {"OMGEVING": "productie"}, "begint WOONREGISTER_ADRES met https://"),
        ([], {"DATABASE_URL": "sqlite:////geen/map/x.db"}, "map van de database bestaat niet"),
    ],
)
def test_what_cannot_be_served_is_refused_with_the_reason(  # noqa: PLR0917 (fixtures)
    options: list[str],
    settings: dict[str, str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(f"WOONREGISTER_{name}", value)
    monkeypatch.setattr(sys, "argv", ["woonregister", "serve", *options])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    assert left.value.code == 2
    assert said.err.startswith("Geweigerd:")
    assert reason in said.err


def measured(address: str) -> Counter[str]:
    text = httpx.get(f"{address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=SECONDS).text
    found: Counter[str] = Counter()
    for line in text.splitlines():
        if line.startswith("woonregister_requests_total"):
            found[re.search(r'route="([^"]+)"', line).group(1)] += int(float(line.rpartition(" ")[2]))
    return found


@pytest.mark.proof
@pytest.mark.postgresql
def test_several_processes_answer_count_together_and_stop_together(
    assets: None, postgresql_url: str, tmp_path: Path
) -> None:
    with served(postgresql_url, tmp_path, "--processen", "2") as server:
        deadline = time.monotonic() + SECONDS
        while len(server.children()) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        first = server.children()
        assert len(first) == 2
        pages: list[Any] = [httpx.get(f"{server.address}/aanmelden", timeout=SECONDS) for _ in range(30)]
        assert {page.status_code for page in pages} == {200}
        # Whichever of the two is asked knows of all.
        assert {measured(server.address)["/aanmelden"] for _ in range(10)} == {30}
        os.kill(first[0], signal.SIGKILL)
        while time.monotonic() < deadline and (set(first) == set(server.children()) or len(server.children()) < 2):
            time.sleep(0.1)
        assert len(server.children()) == 2, "a process that fell is not replaced"
        server.wait_until_ready()
        last = server.children()
        code, _ = server.stop()
        assert code == 0
        assert [pid for pid in (*first, *last) if Path(f"/proc/{pid}").exists()] == []
