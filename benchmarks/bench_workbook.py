"""The workbook writer against pandas.to_excel on the same rows in the same run: 50,000 rows of 30 columns."""

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

from registry.exports.cells import Kind
from registry.exports.workbook import ColumnSpec, Sheet, write_workbook

ROWS = 50_000
COLUMNS = 30
_KINDS: tuple[Kind, ...] = ("text", "integer", "date", "decimal", "text", "choice")


def _columns() -> list[ColumnSpec]:
    return [
        ColumnSpec(f"Kolom {number}", _KINDS[number % 6], choices=("hoog", "laag") if number % 6 == 5 else ())
        for number in range(COLUMNS)
    ]


def _row(number: int) -> list[object]:
    day = date(2024, 1, 1) + timedelta(days=number % 700)
    values = (f"0606010{number:09d}", number, day, number / 8, f"Straat {number}", "hoog" if number % 2 else "laag")
    return [values[column % 6] for column in range(COLUMNS)]


def _rows(count: int) -> Iterator[list[object]]:
    return (_row(number) for number in range(count))


def _ours(path: Path, count: int) -> None:
    write_workbook(path, [Sheet("Lijst", _columns(), _rows(count))], created=datetime(2026, 1, 1))  # noqa: DTZ001


def _pandas(engine: Any) -> Callable[[Path, int], None]:
    def write(path: Path, count: int) -> None:
        frame = pd.DataFrame(_rows(count), columns=[column.header for column in _columns()])
        frame.to_excel(path, index=False, engine=engine)

    return write


_LANES: dict[str, Callable[[Path, int], None]] = {
    "woonregister": _ours,
    "pandas_openpyxl": _pandas("openpyxl"),
    "pandas_xlsxwriter": _pandas("xlsxwriter"),
}


def _measure(lane: str, count: int, path: Path, answer: Any) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    _LANES[lane](path, count)
    seconds = time.perf_counter() - start
    answer.put((seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))


def _run_lane(lane: str, count: int, folder: Path) -> tuple[float, float]:
    """Seconds and grown memory (MB) of one lane, in a process of its own: peak memory only ever rises."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_measure, args=(lane, count, folder / f"{lane}.xlsx", answer))
    process.start()
    result: tuple[float, float] = answer.get()
    process.join()
    return result


def run(rows: int = ROWS) -> dict[str, float]:
    """Seconds and grown memory per lane, the ratios to each peer, and our memory at a fifth of the rows."""
    figures: dict[str, float] = {"rows": rows, "columns": COLUMNS}
    with tempfile.TemporaryDirectory() as name:
        for lane in _LANES:
            figures[f"{lane}_seconds"], figures[f"{lane}_mb"] = _run_lane(lane, rows, Path(name))
        figures["woonregister_mb_at_a_fifth"] = _run_lane("woonregister", rows // 5, Path(name))[1]
    for peer in ("pandas_openpyxl", "pandas_xlsxwriter"):
        figures[f"ratio_to_{peer}"] = figures["woonregister_seconds"] / figures[f"{peer}_seconds"]
    return {name: round(value, 2) for name, value in figures.items()}


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS).items():
        print(f"{name}: {value}")
