"""The pages of the web application under load: 40,000 dwellings, 30 requests a second, two cores for everything.

``woonregister serve`` on PostgreSQL with two processes, as docs/installatie.md says for two cores; the database server
(which waits for its disk) and the generator of requests share those cores. Requests come at a constant rate whatever
the server does, and each counts from the moment at which it should have been asked, so that nothing is left out while
the server is slow. Every request is about something else; who asks is signed in with the role for it, planners for a
part with three buurten only, and residents are asked for with a purpose and a case. Each page is asked alone for a
minute, and then all together for a minute. ``processor`` is what server and database used per request, on average.

On SQLite, with one process, the search and list pages stand beside Datasette on the same data, at the same rate in the
same run. Datasette gets flat tables with the address in each row, indexes and a full-text index made beforehand, one
process and an immutable file; it signs nobody in, checks no area, remembers no filter and writes nothing down. While
somebody types we answer with a part of a page, Datasette with a whole one. The target is p95 under 150 ms.
"""

import json
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import load_datasette as datasette
from benchmarks.databases import Figures, empty_databases
from benchmarks.load_generator import Answer, Ask, ask_all, figures
from benchmarks.load_pages import PHASES, first_signals, search
from benchmarks.load_servers import PROGRAMS, Served, postmaster, processor_seconds, served
from benchmarks.load_town import KEYS, Town, copy_to_postgresql, make_town, open_town
from registry import clock

PEERS: Final = ("datasette",)
WONINGEN: Final = 40_000
RATE: Final = 30.0  # requests per second
SECONDS: Final = 60.0  # per page
PEER_SECONDS: Final = 15.0
WARM_UP: Final = 3.0
TARGET: Final = 150
SERVER: Final = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
}
_COOKIE: Final = "woonregister"
_SEED: Final = 606

Kind = Callable[[Town, random.Random], Ask]


def run(woningen: int = WONINGEN, seconds: float = SECONDS, peer_seconds: float = PEER_SECONDS) -> Figures:
    """Milliseconds per page at the percentiles, errors, and the processor per request, all under constant load."""
    found: Figures = {"dwellings": woningen, "requests per second": RATE, "target p95, ms": TARGET}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = make_town(folder, woningen, clock.today())
        databases = empty_databases(stack, folder, SERVER)
        if "postgresql" in databases:
            copy_to_postgresql(url, databases["postgresql"])
            found |= _all_pages(folder, databases["postgresql"], seconds)
        found |= _beside_datasette(folder, url, peer_seconds)
    return found


def _all_pages(folder: Path, url: str, seconds: float) -> Figures:
    town, draw, found = open_town(url, _COOKIE), random.Random(_SEED), Figures()  # noqa: S311 - no secret
    with _registry(folder, url, "--processen", "2") as server:
        cost = partial(processor_seconds, server.process.pid, postmaster(url))
        for name, kind in PHASES.items():
            answers, per_request = _loaded(server, partial(kind, town, draw), seconds, cost)
            found |= _named(f"{name}: ", figures(answers)) | {f"{name}: processor, ms": per_request}
            pages = sorted({one.page for one in answers} - {name})
            for page in pages:
                part = figures([one for one in answers if one.page == page])
                found |= {f"{name}: {page}: p95, ms": part["p95, ms"]}
    return found


def _beside_datasette(folder: Path, url: str, seconds: float) -> Figures:
    flat = datasette.flat_copy(folder / "woonregister.db", folder / "flat.db")
    town, found = open_town(url, _COOKIE), Figures()
    ours: dict[str, Kind] = {"search": search, "signal list": first_signals}
    theirs: dict[str, Kind] = {"search": datasette.search, "signal list": datasette.signal_list}
    for who, kinds, start in (
        ("woonregister", ours, _registry(folder, url)),
        ("datasette", theirs, served(datasette.command(flat), folder, {}, "/-/versions.json")),
    ):
        with start as server:
            cost = partial(processor_seconds, server.process.pid)
            for name, kind in kinds.items():
                draw = random.Random(_SEED)  # noqa: S311 - no secret
                answers, per_request = _loaded(server, partial(kind, town, draw), seconds, cost)
                label = f"SQLite, {name}, {who}: "
                found |= _named(label, figures(answers)) | {f"{label}processor, ms": per_request}
    for name in ours:
        both = [float(found[f"SQLite, {name}, {who}: p95, ms"]) for who in ("woonregister", "datasette")]
        found[f"SQLite, {name}: p95 ratio to datasette"] = round(both[0] / both[1], 2)
    return found


def _loaded(
    server: Served, ask: Callable[[], Ask], seconds: float, cost: Callable[[], float]
) -> tuple[list[Answer], float]:
    """The answers after a warm-up, and milliseconds of the processor per request."""
    ask_all(server.address, [ask() for _ in range(round(WARM_UP * RATE))], RATE)
    asks = [ask() for _ in range(round(seconds * RATE))]
    before = cost()
    answers = ask_all(server.address, asks, RATE)
    return answers, round(1000 * (cost() - before) / len(asks), 1)


def _named(prefix: str, found: Mapping[str, float | int]) -> Figures:
    return {f"{prefix}{name}": value for name, value in found.items()}


@contextmanager
def _registry(folder: Path, url: str, *options: str) -> Iterator[Served]:
    environment = {
        "WOONREGISTER_DATABASE_URL": url,
        "WOONREGISTER_SLEUTELBESTAND": str(folder / KEYS),
        "WOONREGISTER_WERKMAP": str(folder / "werk"),
        "WOONREGISTER_TWEEDE_STAP": "vrijwillig",
        "WOONREGISTER_ADRES": "http://127.0.0.1",
    }
    command = [str(PROGRAMS / "woonregister"), "serve", "--port", "{port}", *options]
    with served(command, folder, environment, "/health/ready") as server:
        yield server


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
