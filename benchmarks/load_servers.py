"""Servers in processes of their own, that stop with the benchmark, and what their processes cost."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2 as httpx
import sqlalchemy as sa

PROGRAMS: Final = Path(sys.executable).parent
_SECONDS: Final = 180
_TICK: Final = os.sysconf("SC_CLK_TCK")


@contextmanager
def served(command: Sequence[str], folder: Path, environment: Mapping[str, str], ready: str) -> Iterator["Served"]:
    """A server that answers; it and all its processes are gone afterwards.

    Args:
        command: the program; ``{port}`` in it becomes a free port.
        folder: in which it works.
        environment: besides that of this process.
        ready: a path that answers 200 as soon as it can work.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [part.format(port=port) for part in command],
            cwd=folder, env=os.environ | environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield Served(process, f"http://127.0.0.1:{port}", ready)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(_SECONDS)
        finally:
            with _gone():
                os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except ProcessLookupError:
        return


class Served:
    """A server that answers at ``address``."""

    def __init__(self, process: "subprocess.Popen[bytes]", address: str, ready: str) -> None:
        self.process, self.address = process, address
        deadline = time.monotonic() + _SECONDS
        while not self._answers(ready):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{process.args} does not answer; see server.log in its folder")
            time.sleep(0.1)

    def _answers(self, path: str) -> bool:
        try:
            return httpx.get(f"{self.address}{path}", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


def postmaster(url: str) -> int:
    """The process of a PostgreSQL server of ours, by an address of one of its databases."""
    folder = Path(str(sa.make_url(url).query["host"]))
    return int((folder / "data" / "postmaster.pid").read_text().split(maxsplit=1)[0])


def processor_seconds(*roots: int) -> float:
    """Seconds of the processor that these processes used, with those that they started and that ended since."""
    known = _processes()
    wanted, seen = list(roots), set()
    total = 0
    while wanted:
        pid = wanted.pop()
        if pid in seen or pid not in known:
            continue
        seen.add(pid)
        total += known[pid][1]
        wanted += [child for child, (parent, _) in known.items() if parent == pid]
    return total / _TICK


def _processes() -> dict[int, tuple[int, int]]:
    """Of each process its parent, and the ticks that it and its ended children used."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text().rpartition(") ")[2].split()
        except OSError:
            continue  # it ended meanwhile
        found[int(path.parent.name)] = (int(after_name[1]), sum(map(int, after_name[11:15])))
    return found
