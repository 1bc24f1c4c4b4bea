"""A dossier selection as it is written, the sheet Overzicht, against pandas.to_excel on the same rows: 50,000 of them.

Ours has its formatting, types, filter, print set-up and column dictionary; pandas writes bare cells.
"""

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from registry.cases.dossier_columns import dossier_contract
from registry.exports.dossier import CLASSIFICATION, dossier_sheet
from registry.exports.notes import Notes
from registry.exports.workbook import write_workbook

ROWS = 50_000
_SHEET = dossier_contract().sheet("Overzicht")


def _row(number: int) -> list[object]:
    """A row with values of the kind of each column; some unknown."""
    texts = {"adresseerbaar_object_id": f"0606010{number:09d}", "adres": f"Straat {number % 900} {number % 99}"}
    row: list[object] = []
    for column in _SHEET.kolommen:
        if column.kind in ("integer", "run"):
            row.append(number % 1000)
        elif column.kind == "date":
            row.append(date(2024, 1, 1) + timedelta(days=number % 700) if number % 3 else None)
        else:
            row.append(texts.get(column.key, f"{column.key} {number % 50}") if number % 7 else None)
    return row


def _rows(count: int) -> Iterator[list[object]]:
    return (_row(number) for number in range(count))


def _ours(path: Path, count: int) -> None:
    made = datetime(2026, 1, 1)  # noqa: DTZ001 (a cell holds local time)
    sheet = dossier_sheet(_SHEET, _rows(count), None, banner=CLASSIFICATION)
    write_workbook(path, [sheet], created=made, notes=Notes("Dossier", "bench", made))


def _pandas(engine: Any) -> Callable[[Path, int], None]:
    def write(path: Path, count: int) -> None:
        frame = pd.DataFrame(_rows(count), columns=[column.header for column in _SHEET.kolommen])
        frame.to_excel(path, index=False, engine=engine)

    return write


_LANES: dict[str, Callable[[Path, int], None]] = {
    "woonregister": _ours,
    "pandas_openpyxl": _pandas("openpyxl"),
    "pandas_xlsxwriter": _pandas("xlsxwriter"),
}


def _measure(lane: str, count: int, path: Path, answer: Any) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, used = time.perf_counter(), time.process_time()
    _LANES[lane](path, count)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    answer.put((time.perf_counter() - start, time.process_time() - used, grown))


def _run_lane(lane: str, count: int, folder: Path) -> tuple[float, float, float]:
    """Seconds on the wall and of the processor, and grown memory (MB), in a process of its own."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_measure, args=(lane, count, folder / f"{lane}.xlsx", answer))
    process.start()
    result: tuple[float, float, float] = answer.get()
    process.join()
    return result


def run(rows: int = ROWS) -> dict[str, float]:
    """Seconds and grown memory per lane, the ratios to each peer, and our memory at a fifth of the rows."""
    figures: dict[str, float] = {"rows": rows, "columns": len(_SHEET.kolommen)}
    with tempfile.TemporaryDirectory() as name:
        for lane in _LANES:
            seconds, processor, grown = _run_lane(lane, rows, Path(name))
            figures |= {f"{lane}_seconds": seconds, f"{lane}_cpu_seconds": processor, f"{lane}_mb": grown}
        figures["woonregister_mb_at_a_fifth"] = _run_lane("woonregister", rows // 5, Path(name))[2]
    for peer in ("pandas_openpyxl", "pandas_xlsxwriter"):
        # Of the processor: on a machine that others use, the wall clock measures them too.
        figures[f"ratio_to_{peer}"] = figures["woonregister_cpu_seconds"] / figures[f"{peer}_cpu_seconds"]
    return {name: round(value, 2) for name, value in figures.items()}


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS).items():
        print(f"{name}: {value}")
