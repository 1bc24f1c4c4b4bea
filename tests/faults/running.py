"""The server and the worker as a municipality runs them, in processes of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK, add_account
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.store.engine import open_store

SECONDS = 120.0
PROGRAM = Path(sys.executable).with_name("woonregister")


def environment(url: str, keys: Path, folder: Path, **more: str) -> dict[str, str]:
    """What the processes are told."""
    own = {"DATABASE_URL": url, "SLEUTELBESTAND": keys, "WERKMAP": folder / "werk", "TWEEDE_STAP": "vrijwillig"} | more
    return os.environ | {f"WOONREGISTER_{name}": str(value) for name, value in own.items()}


@contextmanager
def process(command: list[str], folder: Path, told: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A command that goes on; its log is ``<command>.log`` in the folder."""
    with (folder / f"{command[0]}.log").open("ab") as log:
        started = subprocess.Popen(
            [PROGRAM, *command], cwd=folder, env=dict(told), stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield started
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(reached: Callable[[], Any], what: str, seconds: float = SECONDS) -> Any:
    """Ask until the answer is true; the answer."""
    until = time.monotonic() + seconds
    while not (found := reached()):
        assert time.monotonic() < until, f"it did not happen: {what}"
        time.sleep(0.05)
    return found


def answers(address: str, path: str = "/health/ready") -> int:
    """The status of a page; 0 when nobody answers."""
    try:
        return int(httpx.get(f"{address}{path}", timeout=10).status_code)
    except httpx.HTTPError:
        return 0


@contextmanager
def served(url: str, keys: Path, folder: Path, *options: str, worker: bool = False, **more: str) -> Iterator[str]:
    """The address of a server, with a worker beside it when that is asked for."""
    told, port = environment(url, keys, folder, **more), free_port()
    address = f"http://127.0.0.1:{port}"
    with process(["serve", "--port", str(port), *options], folder, told) as server:
        wait_for(lambda: server.poll() is not None or answers(address) == 200, "the server starts")
        assert server.poll() is None, (folder / "serve.log").read_text("utf-8")[-2000:]
        if not worker:
            yield address
            return
        with process(["worker"], folder, told) as working:
            yield address
            assert working.poll() is None, (folder / "worker.log").read_text("utf-8")[-2000:]
        assert server.poll() is None, (folder / "serve.log").read_text("utf-8")[-2000:]


def browser(url: str, address: str, email: str, rol: Role) -> httpx.Client:
    """Somebody with an account of this role who is signed in."""
    store = open_store(url)
    account = add_account(store, email, "Iemand", [rol], auteur="test")
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        moment = clock.now() - timedelta(minutes=1)
        begun = begin_session(connection, account.account_id, stage=FULL, device="test", moment=moment)
    store.close()
    return httpx.Client(base_url=address, cookies={"woonregister": begun.token}, timeout=SECONDS)


def token(client: httpx.Client, path: str = "/") -> str:
    """The token that the forms of a page carry."""
    return str(client.get(path).text.partition('name="csrf_token" value="')[2].partition('"')[0])
