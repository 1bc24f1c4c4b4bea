"""The monthly re-import of a large city: 400,000 dwellings and 840,000 residents, of which one per cent changed.

BAG and BRP, from typed frames to committed tables: persons made unrecognisable, addresses without an id linked, every
row compared with what is known, the history written, bewoning and areas derived. The peer does the comparing alone, on
PostgreSQL by hand: COPY of the same frames into temporary tables, then INSERT … ON CONFLICT DO UPDATE of what differs
into tables with the same columns and key. It keeps no history, seals no BSN and derives nothing.

The server waits for its disk here (fsync), as in production, and has 1 GB of shared buffers.
"""

import json
import tempfile
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.databases import Figures, empty_databases, in_process, peak_mb

WONINGEN, COPIES = 10_300, 40
PEILDATUM = date(2026, 11, 1)
SERVER = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
}
_WAIT = 3600


def _reimport(folder: Path, url: str, answer: Any) -> None:
    """The first delivery of BAG and BRP on an empty registry, and the next one."""
    from benchmarks.big_town import BigTown  # noqa: PLC0415 - else its memory would count elsewhere
    from registry.intake import run  # noqa: PLC0415
    from registry.keys import open_cipher  # noqa: PLC0415
    from registry.store.engine import open_store  # noqa: PLC0415

    town = BigTown(folder, COPIES, PEILDATUM)
    store, cipher = open_store(url), open_cipher(folder / "sleutels")
    file = folder / "brp.csv"  # only its name and hash are asked for: the frames are there already
    figures: Figures = {}
    run.run_import(store, run.ImportRequest("gebieden", folder / town.files["gebieden"], PEILDATUM), cipher=cipher)
    for name, changed in (("first", False), ("again", True)):
        for bron in ("bag", "brp"):
            delivery = town.delivery(bron, changed=changed)
            start = time.perf_counter()
            with mock.patch.dict(run.IMPORTERS, {bron: lambda *_args, found=delivery, **_more: found}):
                result = run.run_import(store, run.ImportRequest(bron, file), cipher=cipher)
            figures[f"{bron}_{name}_s"] = round(time.perf_counter() - start, 2)
            figures[f"{bron}_{name}_rows"] = sum(
                (one.nieuw + one.gewijzigd + one.ongewijzigd) for one in result.per_table.values()
            )
            figures[f"{bron}_{name}_written"] = result.counts.nieuw + result.counts.gewijzigd + result.counts.verdwenen
        figures[f"{name}_s"] = round(float(figures[f"bag_{name}_s"]) + float(figures[f"brp_{name}_s"]), 2)
    store.close()
    answer.put(figures | {"peak_mb": peak_mb()})


def _peer(folder: Path, url: str, answer: Any) -> None:
    """COPY and INSERT … ON CONFLICT DO UPDATE by hand, into tables of the same columns and keys."""
    from benchmarks.big_town import BigTown  # noqa: PLC0415
    from benchmarks.upsert import upsert  # noqa: PLC0415

    town = BigTown(folder, COPIES, PEILDATUM)
    figures: Figures = {}
    for name, changed in (("first", False), ("again", True)):
        start = time.perf_counter()
        for bron in ("bag", "brp"):
            upsert(url, town.delivery(bron, changed=changed).batches)
        figures[f"{name}_s"] = round(time.perf_counter() - start, 2)
    answer.put(figures | {"peak_mb": peak_mb()})


def run(woningen: int = WONINGEN) -> Figures:
    """Seconds, rows held against what is known, rows written, and peak memory (MB), per database."""
    from registry.demo.generate import make_municipality  # noqa: PLC0415

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        manifest = make_municipality(folder, woningen=woningen, peildatum=PEILDATUM)
        figures: Figures = {"dwellings": woningen * COPIES, "residents": manifest.verwacht.inwoners * COPIES}
        databases = empty_databases(stack, folder, SERVER)
        for name, url in sorted(databases.items()):
            found = in_process(_reimport, folder, url, timeout=_WAIT)
            figures |= {f"{name}_{part}": value for part, value in found.items()}
        if "postgresql" in databases:
            found = in_process(_peer, folder, databases["postgresql"], timeout=_WAIT)
            figures |= {f"upsert_by_hand_{part}": value for part, value in found.items()}
            ours, peer = float(figures["postgresql_again_s"]), float(figures["upsert_by_hand_again_s"])
            figures |= {"ratio_to_upsert": round(ours / peer, 2), "bound_postgresql_again_s": 90}
    return figures


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
