"""The web application as it runs in production, with a town in PostgreSQL, and browsers that use it over HTTP.

``served_town`` starts the server of the database, fills it, and starts ``woonregister serve`` and ``woonregister
worker``, each in processes of their own; nothing of theirs is replaced. A ``Browser`` signs in with a password like
anybody else.
"""

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx2 as httpx

from benchmarks.databases import empty_databases
from benchmarks.load_servers import PROGRAMS, processor_seconds

WONINGEN = int(os.environ.get("WONINGEN", "40000"))
PASSWORD = "een lang wachtwoord 7"  # noqa: S105 (of nobody)
SERVER = {
    # As a municipality keeps its data: what is committed is on the disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}
KEYS = "woonregister.sleutels"
METRICS_TOKEN = "m" * 24
_START_SECONDS = 120.0
_FILL = """
import sys
from datetime import date
from pathlib import Path
from registry.demo.run import run_demo

folder, url, woningen, day = sys.argv[1:]
made = run_demo(
    Path(folder), woningen=int(woningen), peildatum=date.fromisoformat(day) if day else None, database_url=url
)
print(made.manifest.peildatum)
"""
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(slots=True)
class Browser:
    """Somebody who is signed in, and keeps his connection; not to be used by two threads at once."""

    client: httpx.Client
    token: str = ""
    _seen: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """A page; the token of its forms is kept for what is sent next."""
        answer = self.client.get(path, **options)
        found = _TOKEN.search(answer.text) if "html" in answer.headers.get("content-type", "") else None
        if found:
            self.token = found.group(1)
        return answer

    def post(self, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> httpx.Response:
        """A form as the page that was seen last would send it."""
        return self.client.post(path, data={**(data or {}), "csrf_token": self.token}, **options)

    def close(self) -> None:
        """Close the connection."""
        self.client.close()


@dataclass(slots=True)
class ServedTown:
    """A filled registry and the processes that serve it.

    Attributes:
        folder: where the files of the town, the keys and what the processes said lie.
        url: the address of the database.
        address: where the server answers.
        peildatum: the day on which the town was judged.
        processes: the server, and the worker if there is one.
    """

    folder: Path
    url: str
    address: str
    peildatum: date
    processes: list[subprocess.Popen[bytes]]

    def add_accounts(self, rollen: Mapping[str, str]) -> None:
        """Accounts by e-mail address, each with one role, that all have the same password."""
        from fastapi_users.password import PasswordHelper  # noqa: PLC0415 - a generator of load needs none of this

        from registry.accounts.manage import ACCOUNT_LOCK, add_account  # noqa: PLC0415
        from registry.accounts.rights import Role  # noqa: PLC0415
        from registry.store.engine import open_store  # noqa: PLC0415
        from registry.store.queries.accounts import update_account  # noqa: PLC0415
        from registry.web.auth.users import open_manager  # noqa: PLC0415

        store = open_store(self.url)
        helper: PasswordHelper = open_manager(store).password_helper
        hashed = helper.hash(PASSWORD)
        for email, rol in rollen.items():
            made = add_account(store, email, email.partition("@")[0].capitalize(), [Role(rol)], auteur="bench")
            with store.write_transaction(ACCOUNT_LOCK) as connection:
                update_account(connection, made.account_id, password_hash=hashed)
        store.close()

    def sign_in(self, email: str, *, sender: str = "10.0.0.1", timeout: float = 60.0) -> Browser:
        """A browser in which an account signed in; ``sender`` is its address on the network, as the proxy tells it."""
        client = httpx.Client(base_url=self.address, headers={"X-Forwarded-For": sender}, timeout=timeout)
        browser = Browser(client)
        browser.get("/aanmelden")
        answer = browser.post("/aanmelden", {"email": email, "wachtwoord": PASSWORD})
        if answer.status_code != 303:
            raise RuntimeError(f"{email} is not let in: {answer.status_code}")
        browser.get("/")
        return browser

    def cpu_seconds(self) -> float:
        """What the processes that serve took of the processors until now, their children included."""
        return processor_seconds(*(one.pid for one in self.processes))

    def said(self) -> str:
        """What the server and the worker wrote to their logs."""
        return "".join(path.read_text("utf-8", errors="replace") for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> list[int]:
        """Ask every process to stop; their exit codes."""
        for one in self.processes:
            if one.poll() is None:
                one.send_signal(signal.SIGTERM)
        return [one.wait(timeout=_START_SECONDS) for one in self.processes]


@contextmanager
def served_town(
    *,
    woningen: int = WONINGEN,
    processen: int = 2,
    worker: bool = True,
    peildatum: date | None = None,
    options: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[ServedTown]:
    """A town on PostgreSQL that is served; everything stops and goes at the end.

    Args:
        woningen: dwellings in the town.
        processen: of the web application.
        worker: whether a worker runs beside it.
        peildatum: the day on which the town was made and judged; None is today.
        options: settings of Woonregister (``WOONREGISTER_…`` without the prefix) besides those that are needed.
        settings: of PostgreSQL, beside ``SERVER``.

    Raises:
        RuntimeError: there is no PostgreSQL, or the server does not start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-web-")))
        url = empty_databases(stack, folder, SERVER | dict(settings or {})).get("postgresql")
        if url is None:
            raise RuntimeError("there is no PostgreSQL")
        judged = _fill(folder / "stad", url, woningen, peildatum)
        shutil.copyfile(folder / "stad" / KEYS, folder / KEYS)
        (folder / KEYS).chmod(0o600)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        own = {
            "DATABASE_URL": url, "SLEUTELBESTAND": str(folder / KEYS), "WERKMAP": str(folder / "werk"),
            "TWEEDE_STAP": "vrijwillig", "METRICS_TOKEN": METRICS_TOKEN,
        } | dict(options or {})  # fmt: skip
        environment = os.environ | {f"WOONREGISTER_{name}": value for name, value in own.items()}
        town = ServedTown(folder, url, f"http://127.0.0.1:{port}", judged, [])
        stack.callback(_kill, town.processes)
        serve = ["serve", "--port", str(port), "--processen", str(processen), "--achter-proxy"]
        for name, command in (("server", serve), *([("worker", ["worker"])] if worker else [])):
            town.processes.append(_start(name, command, folder, environment))
        _wait_until_ready(town)
        yield town


def peak_children_mb() -> int:
    """The most memory that one process which this one waited for ever held, in MB."""
    return round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def _fill(folder: Path, url: str, woningen: int, peildatum: date | None) -> date:
    """Make a town, take it in and judge it, in a process of its own: its memory is not that of the generator."""
    done = subprocess.run(
        [sys.executable, "-c", _FILL, str(folder), url, str(woningen), "" if peildatum is None else str(peildatum)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return date.fromisoformat(done.stdout.splitlines()[-1])


def _start(name: str, command: list[str], folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A command of Woonregister that goes on; what it says goes to a log file."""
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [PROGRAMS / "woonregister", *command],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait_until_ready(town: ServedTown) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if any(one.poll() is not None for one in town.processes):
            break
        try:
            if httpx.get(f"{town.address}/health/ready", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError(f"the server does not start: {town.said()[-2000:]}")


def _kill(processes: list[subprocess.Popen[bytes]]) -> None:
    for one in processes:
        if one.poll() is None:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()
