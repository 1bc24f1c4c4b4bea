"""The main job on a municipality of 40,000 dwellings: BAG, gebieden and BRP in, everything judged, on a new registry.

Every part runs in one process of its own, on SQLite and, where a server can be started, on PostgreSQL. The peers are in
the same run on the same file: reading the BRP text with Polars alone, and putting forty of its columns into SQLite with
its own driver alone. They do less (no check, no history, no bewoning); the ratio says what the rest costs.
"""

import json
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.databases import Figures, empty_databases, in_process, peak_mb

WONINGEN = 40_000
PEILDATUM = date(2026, 11, 1)
AGAIN = date(2026, 12, 1)
REGELS = ("overbewoning", "adresverschil")


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds on the clock, seconds of the processor in this process (less, where others use the machine), outcome."""
    start, busy = time.perf_counter(), time.process_time()
    result = work()
    return round(time.perf_counter() - start, 2), round(time.process_time() - busy, 2), result


def _pipeline(folder: Path, url: str, answer: Any) -> None:
    """Each step once on an empty database, and the BRP once more: the job of every other month."""
    from registry.demo.manifest import read_manifest  # noqa: PLC0415 - else its memory would count elsewhere
    from registry.intake.run import ImportRequest, run_import  # noqa: PLC0415
    from registry.keys import open_cipher  # noqa: PLC0415
    from registry.signals.run import run_evaluations  # noqa: PLC0415
    from registry.store.engine import open_store  # noqa: PLC0415
    from rules.catalogue import find_rule  # noqa: PLC0415
    from rules.parameters import shipped_law  # noqa: PLC0415

    manifest = read_manifest(folder)
    store, cipher = open_store(url), open_cipher(folder / "sleutels")
    figures: Figures = {}

    def take(bron: str, leverdatum: date | None) -> Any:
        return run_import(store, ImportRequest(bron, folder / manifest.bestanden[bron], leverdatum), cipher=cipher)

    for name, bron, leverdatum in (
        ("bag", "bag", None),
        ("gebieden", "gebieden", PEILDATUM),
        ("brp", "brp", PEILDATUM),
        ("brp_again", "brp", AGAIN),
    ):
        figures[f"{name}_s"], figures[f"{name}_cpu_s"], result = _timed(partial(take, bron, leverdatum))
        figures[f"{name}_rows"] = result.gelezen
    rules = [find_rule(rule) for rule in REGELS]
    judge = partial(run_evaluations, store, rules, shipped_law(), peildatum=PEILDATUM)
    figures["evaluate_s"], figures["evaluate_cpu_s"], _ = _timed(judge)
    store.close()
    for unit in ("s", "cpu_s"):
        parts = [float(figures[f"{part}_{unit}"]) for part in ("bag", "brp", "evaluate")]
        figures[f"bag_brp_evaluate_{unit}"] = round(sum(parts), 2)
    answer.put(figures | {"peak_mb": peak_mb()})


def _peer(folder: Path, _url: str, answer: Any) -> None:
    """The same BRP text read by Polars alone, and by SQLite alone loaded and indexed on its first three columns."""
    import sqlite3  # noqa: PLC0415

    import polars as pl  # noqa: PLC0415

    def read() -> pl.DataFrame:
        return pl.read_csv(
            folder / "brp.csv", separator=";", infer_schema=False, has_header=False, skip_rows=1, quote_char=None
        )

    seconds, _, frame = _timed(read)
    wanted = frame.select(frame.columns[:40])

    def load() -> None:
        with sqlite3.connect(folder / "peer.db") as connection:
            columns = ", ".join(wanted.columns)
            connection.execute(f"CREATE TABLE brp ({columns})")
            places = ", ".join("?" for _ in wanted.columns)
            connection.executemany(f"INSERT INTO brp VALUES ({places})", wanted.rows())
            connection.execute(f"CREATE INDEX ix ON brp ({', '.join(wanted.columns[:3])})")
        connection.close()

    loaded, _, _ = _timed(load)
    answer.put({"polars_read_csv_s": seconds, "sqlite_load_s": loaded, "peer_rows": frame.height})


def run(woningen: int = WONINGEN) -> Figures:
    """Seconds and rows per part and database, peak memory of the whole process (MB), and the peers."""
    from registry.demo.generate import make_municipality  # noqa: PLC0415

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        manifest = make_municipality(folder, woningen=woningen, peildatum=PEILDATUM)
        figures: Figures = {"dwellings": woningen, "residents": manifest.verwacht.inwoners}
        for name, url in empty_databases(stack, folder).items():
            figures |= {f"{name}_{part}": value for part, value in in_process(_pipeline, folder, url).items()}
        figures |= in_process(_peer, folder, "")
    peers = float(figures["polars_read_csv_s"]) + float(figures["sqlite_load_s"])
    figures["ratio_brp_to_read_and_load"] = round(float(figures["sqlite_brp_s"]) / peers, 1)
    return figures


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
