"""The whole country on one machine: 8.3 million dwellings and 18 million residents in 342 gemeenten, or a part of them.

Frames are made, put into PostgreSQL with its indexes and keys made afterwards, judged by every rule as
`woonregister evaluate` does (span by span, signals kept), and counted into stock tables; each part in a process of its
own. `SHARE` in the environment says which share of every gemeente there is. The server waits for its disk (fsync). What
the sources hold besides (history of the BAG, earlier transfers, stays before the last) is not there. Beside seconds of
the clock stand those of the processor, ours and of the server: they say what a machine without other work would do.
Not part of `make bench`: `make bench-land`, with 4 GB of disk for a sixteenth and 60 GB for everything.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.databases import Figures, empty_databases, in_process, peak_mb, server_seconds

SHARE = float(os.environ.get("SHARE", "0.0625"))
DWELLINGS = 8_300_000
SERVER = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "work_mem": "64MB",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    # Tables that are filled in the transaction that emptied them need no log; afterwards the server can be set back.
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_WAIT = 4 * 3600
_SAMPLE = 4  # spans of which reading and judging are told apart
_TABLES = (("buurt", "bouwperiode"), ("gemeente", "eigendom"), ("bewoners", "grootteklasse"))


class _Clock:
    """Seconds per activity: of the clock, of the processor here, and of the processor in the server."""

    def __init__(self, connection: Any) -> None:
        self.backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        self.spent: dict[str, list[float]] = {}

    @contextmanager
    def on(self, activity: str) -> Iterator[None]:
        """What happens within counts for the activity."""
        start = self._now()
        yield
        spent = self.spent.setdefault(activity, [0.0, 0.0, 0.0])
        self.spent[activity] = [one + now - then for one, now, then in zip(spent, self._now(), start, strict=True)]

    def figures(self) -> Figures:
        """What was spent."""
        names = ("s", "cpu_s", "server_cpu_s")
        return {
            f"{activity}_{name}": round(value, 1)
            for activity, spent in self.spent.items()
            for name, value in zip(names, spent, strict=True)
        }

    def _now(self) -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), server_seconds(self.backend)


def _load(_folder: Path, url: str, answer: Any) -> None:
    """Frames of every gemeente into tables that are empty, then their indexes and foreign keys."""
    from benchmarks.load import open_empty, register_sources  # noqa: PLC0415 - else its memory would count elsewhere
    from benchmarks.national import batches, table_names  # noqa: PLC0415
    from registry.store.bulk import fill, indexes_aside  # noqa: PLC0415
    from registry.store.tables import registers  # noqa: PLC0415

    store = open_empty(url)
    rows = dwellings = residents = 0
    with ExitStack() as stack:
        connection = stack.enter_context(store.write_transaction())
        clock = _Clock(connection)
        register_sources(connection)
        aside = stack.enter_context(ExitStack())
        aside.enter_context(indexes_aside(connection, [getattr(registers, name) for name in table_names()]))
        parts = batches(SHARE)
        while True:
            with clock.on("make"):
                frames = next(parts, None)
            if frames is None:
                break
            with clock.on("load"):
                for name, frame in frames.items():
                    fill(connection, getattr(registers, name), frame)
            rows += sum(frame.height for frame in frames.values())
            dwellings += frames["verblijfsobjecten"].height
            residents += frames["persoonslijsten"].height
        with clock.on("indexes"):
            aside.close()
        # The server writes to disk what it has not yet, and only then says that the rows are safe.
        mark = time.perf_counter()
    commit = time.perf_counter() - mark
    store.close()
    spent = clock.spent["load"]
    answer.put(
        {"dwellings": dwellings, "residents": residents, "rows": rows}
        | clock.figures()
        | {
            "commit_s": round(commit, 1),
            "load_rows_per_s": round(rows / spent[0]),
            "load_rows_per_s_of_the_busiest_processor": round(rows / max(spent[1:])),
            "load_peak_mb": peak_mb(),
        }
    )


def _judge(_folder: Path, url: str, answer: Any) -> None:
    """Every rule over every dwelling, signals kept; of the first spans also what reading and judging take."""
    from benchmarks.national import PEILDATUM  # noqa: PLC0415
    from registry.signals.run import OBJECTS_PER_BATCH, run_evaluations  # noqa: PLC0415
    from registry.store.engine import open_store  # noqa: PLC0415
    from registry.store.queries.records import read_record_frames  # noqa: PLC0415
    from registry.store.queries.runs import last_run  # noqa: PLC0415
    from registry.store.queries.spans import read_spans  # noqa: PLC0415
    from rules.catalogue import RULES  # noqa: PLC0415
    from rules.engine import evaluate  # noqa: PLC0415
    from rules.parameters import shipped_law  # noqa: PLC0415

    store, law = open_store(url), shipped_law()
    cases = judged = 0
    with store.read() as connection:
        clock = _Clock(connection)
        known, spans = last_run(connection), read_spans(connection, size=OBJECTS_PER_BATCH)
        for span in spans[:_SAMPLE]:
            with clock.on("sample_read"):
                frames = read_record_frames(connection, peildatum=PEILDATUM, known=known, only=span)
            with clock.on("sample_rules"):
                for rule in RULES.values():
                    cases += evaluate(rule, frames, law, lean=True).height
            judged += frames.adresseerbare_objecten.height
            del frames
        figures: Figures = {"spans": len(spans), "sample_dwellings": judged, "sample_cases": cases}
        with clock.on("evaluate_and_keep"):
            results = run_evaluations(store, RULES.values(), law, peildatum=PEILDATUM)
    figures |= clock.figures()
    figures["rules_cpu_s_for_the_country"] = round(clock.spent["sample_rules"][1] * DWELLINGS / judged)
    figures["signals_kept"] = sum(
        count for one in results for name, count in one.tellingen.items() if name not in _NOT_KEPT
    )
    store.close()
    answer.put(figures | {"judge_peak_mb": peak_mb()})


_NOT_KEPT = ("niet_van_toepassing", "geen_signaal")


def _count(_folder: Path, url: str, answer: Any) -> None:
    """Stock tables, each with what it needs read anew: as somebody who asks the first question of a day."""
    from benchmarks.national import PEILDATUM  # noqa: PLC0415
    from registry.stock.composition import read_composition  # noqa: PLC0415
    from registry.store.engine import open_store  # noqa: PLC0415
    from registry.store.queries.runs import last_run  # noqa: PLC0415

    store = open_store(url)
    with store.read() as connection:
        clock = _Clock(connection)
        for per in _TABLES:
            with clock.on(f"stock_{'_x_'.join(per)}"):
                read_composition(connection, per=per, op=PEILDATUM, known=last_run(connection))
    store.close()
    answer.put(clock.figures() | {"stock_peak_mb": peak_mb()})


_PARTS: tuple[Callable[[Path, str, Any], None], ...] = (_load, _judge, _count)


def run() -> Figures:
    """Seconds, rows per second and peak memory (MB) per part, and the size of the database (GB)."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = empty_databases(stack, folder, SERVER).get("postgresql")
        if url is None:
            return {"overgeslagen": "geen PostgreSQL"}
        figures: Figures = {"share": SHARE}
        for part in _PARTS:
            found = in_process(part, folder, url, timeout=_WAIT)
            print(json.dumps(found), file=sys.stderr, flush=True)  # who waits an hour sees how far it is
            figures |= found
        figures["database_gb"] = _size(url)
    return figures


def _size(url: str) -> float:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        [size] = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    return round(size / 1e9, 2)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
