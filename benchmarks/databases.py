"""An empty database of each kind for a benchmark, and a process of its own in which it is used."""

import importlib
import multiprocessing
import os
import resource
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

Figures = dict[str, float | int | str]


def empty_databases(stack: ExitStack, folder: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """The address of an empty database of each kind that there is; the server stops when ``stack`` closes.

    Args:
        stack: holds what must be closed.
        folder: where SQLite puts its file.
        settings: of the PostgreSQL server, in place of those of the tests.
    """
    found = {"sqlite": f"sqlite:///{folder / 'woonregister.db'}"}
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    import psycopg  # noqa: PLC0415 - a benchmark without a database must not need it

    postgres = importlib.import_module("postgres")  # the server of the tests
    postgres.SETTINGS.update(settings or {})
    place = postgres.new_folder()
    stack.callback(postgres.close, place)
    try:
        server = postgres.shared_server(place)
    except postgres.UnavailableError:
        return found
    with psycopg.connect(host=server.socket, user=server.superuser, dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench TEMPLATE template0")
    return found | {"postgresql": server.url("bench")}


def in_process(work: Callable[[Path, str, Any], None], folder: Path, url: str, *, timeout: int = 900) -> Figures:
    """The figures that ``work`` puts in its queue, from a process of its own; ``timeout`` in seconds."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=work, args=(folder, url, answer))
    process.start()
    figures: Figures = answer.get(timeout=timeout)
    process.join()
    return figures


def server_seconds(backend: int) -> float:
    """Processor seconds that a PostgreSQL server has used, its ended processes included; 0 where there is no ``/proc``.

    Args:
        backend: the process id of any of its connections (``pg_backend_pid``).
    """
    if not Path("/proc/self/stat").exists():
        return 0.0
    leader = int(_stat(backend)[1])
    living = sum(_ticks(stat, 11) for stat in map(_stat, _processes()) if stat and int(stat[1]) == leader)
    return (living + _ticks(_stat(leader), 11) + _ticks(_stat(leader), 13)) / os.sysconf("SC_CLK_TCK")


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(process: int) -> list[str]:
    """What follows the name in its ``stat``: state, parent …; nothing when it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _ticks(stat: list[str], place: int) -> int:
    """User and system time, of itself (11) or of its children that ended (13)."""
    return int(stat[place]) + int(stat[place + 1])


def peak_mb() -> int:
    """The most memory that this process ever held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024))
