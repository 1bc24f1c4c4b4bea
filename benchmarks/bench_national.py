"""The whole country on one machine: 8.3 million dwellings and 18 million residents in 342 gemeenten, or a part of them.

Frames are made, put into PostgreSQL with its indexes made afterwards, judged by every rule as `woonregister evaluate`
does (span by span, signals kept), and counted into stock tables; each part in a process of its own. `SHARE` in the
environment says which share of every gemeente there is. What the sources hold besides (history of the BAG, earlier
transfers, stays before the last) is not there. Not part of `make bench`: `make bench-land`, with 3 GB of disk for a
sixteenth and 47 GB for everything.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.databases import Figures, empty_databases, in_process, peak_mb

SHARE = float(os.environ.get("SHARE", "0.0625"))
SERVER = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "work_mem": "64MB",
    "jit": "off",
}
_WAIT = 4 * 3600
_TABLES = (("buurt", "bouwperiode"), ("gemeente", "eigendom"), ("bewoners", "grootteklasse"))


def _load(_folder: Path, url: str, answer: Any) -> None:
    """Frames of every gemeente into tables that are empty, then their indexes and foreign keys."""
    from benchmarks.load import open_empty, register_sources  # noqa: PLC0415 - else its memory would count elsewhere
    from benchmarks.national import batches, table_names  # noqa: PLC0415
    from registry.store.bulk import fill, indexes_aside  # noqa: PLC0415
    from registry.store.tables import registers  # noqa: PLC0415

    store = open_empty(url)
    making = writing = 0.0
    rows = dwellings = residents = 0
    with store.write_transaction() as connection:
        register_sources(connection)
        with indexes_aside(connection, [getattr(registers, name) for name in table_names()]):
            mark = time.perf_counter()
            for frames in batches(SHARE):
                made = time.perf_counter()
                for name, frame in frames.items():
                    fill(connection, getattr(registers, name), frame)
                    rows += frame.height
                dwellings += frames["verblijfsobjecten"].height
                residents += frames["persoonslijsten"].height
                done = time.perf_counter()
                making, writing, mark = making + made - mark, writing + done - made, done
        indexing = time.perf_counter() - mark
    store.close()
    answer.put(
        {
            "dwellings": dwellings,
            "residents": residents,
            "rows": rows,
            "make_s": round(making, 1),
            "make_rows_per_s": round(rows / making),
            "load_s": round(writing, 1),
            "load_rows_per_s": round(rows / writing),
            "indexes_s": round(indexing, 1),
            "load_peak_mb": peak_mb(),
        }
    )


def _judge(_folder: Path, url: str, answer: Any) -> None:
    """Every rule over every dwelling: first frames alone, then with the signals kept."""
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
    reading = judging = busy = 0.0
    cases = 0
    with store.read() as connection:
        known, spans = last_run(connection), read_spans(connection, size=OBJECTS_PER_BATCH)
        for span in spans:
            start = time.perf_counter()
            frames = read_record_frames(connection, peildatum=PEILDATUM, known=known, only=span)
            read, used = time.perf_counter(), time.process_time()
            for rule in RULES.values():
                cases += evaluate(rule, frames, law, lean=True).height
            reading, judging = reading + read - start, judging + time.perf_counter() - read
            busy += time.process_time() - used
    figures: Figures = {
        "spans": len(spans),
        "read_frames_s": round(reading, 1),
        "rules_s": round(judging, 1),
        "rules_cpu_s": round(busy, 1),
        "cases": cases,
        "cases_per_s": round(cases / judging),
    }
    start = time.perf_counter()
    results = run_evaluations(store, RULES.values(), law, peildatum=PEILDATUM)
    figures["evaluate_and_keep_s"] = round(time.perf_counter() - start, 1)
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
    figures: Figures = {}
    for per in _TABLES:
        start = time.perf_counter()
        with store.read() as connection:
            read_composition(connection, per=per, op=PEILDATUM, known=last_run(connection))
        figures[f"stock_{'_x_'.join(per)}_s"] = round(time.perf_counter() - start, 1)
    store.close()
    answer.put(figures | {"stock_peak_mb": peak_mb()})


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
            figures |= in_process(part, folder, url, timeout=_WAIT)
        figures["database_gb"] = _size(url)
    return figures


def _size(url: str) -> float:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        [size] = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    return round(size / 1e9, 2)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
