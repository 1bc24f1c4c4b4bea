"""What PostgreSQL could do with partitions and does not: three layouts of the same versions, asked the same questions.

Three million versions of 343 gemeenten, half of them superseded: one table, a partition per gemeente, and what is
current apart from what is superseded; each with the indexes of a history table on the object, the gemeente and the run.
A dwelling is asked for as the pages do, by its number alone. Milliseconds, the median of seven, of loading (with the
making of indexes) of one; ``cpu ms`` is what the processors of the server spent on that. Last, the smallest question
with and without a prepared statement.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import psycopg

from benchmarks.databases import Figures, empty_databases, server_seconds

ROWS: Final = 3_000_000
GEMEENTEN: Final = 343
PEERS: Final = ("psycopg",)
_TIMES: Final = 7
_COLUMNS = """(id bigint, object text NOT NULL, gemeente text NOT NULL, waarde integer, valid_from date,
    recorded_run_id integer NOT NULL, superseded_run_id integer, current boolean NOT NULL)"""
_LAYOUTS: Final = {
    "one table": ["CREATE TABLE {name} {columns}"],
    "per gemeente": [
        "CREATE TABLE {name} {columns} PARTITION BY LIST (gemeente)",
        *(
            f"CREATE TABLE {{name}}_{number} PARTITION OF {{name}} FOR VALUES IN ('GM{number:04}')"
            for number in range(GEMEENTEN)
        ),
    ],
    "current apart": [
        "CREATE TABLE {name} {columns} PARTITION BY LIST (current)",
        "CREATE TABLE {name}_current PARTITION OF {name} FOR VALUES IN (true)",
        "CREATE TABLE {name}_superseded PARTITION OF {name} FOR VALUES IN (false)",
    ],
}
_INDEXES = ("(object)", "(gemeente) WHERE superseded_run_id IS NULL", "(superseded_run_id)")
# Neighbours in time are neighbours on disk: a delivery is of one gemeente.
_ROWS = """SELECT i, lpad(i::text, 16, '0'), 'GM' || lpad((i * {gemeenten}::bigint / {rows})::text, 4, '0'), i % 977,
    date '2012-01-01' + i % 5000, 1, CASE WHEN i % 2 = 0 THEN 2 END, i % 2 = 1
    FROM generate_series(0, {rows} - 1) AS i"""
_QUESTIONS: Final = {
    "one dwelling": "SELECT * FROM {name} WHERE object = %s AND superseded_run_id IS NULL{current}",
    "one gemeente": (
        "SELECT sum(waarde) FROM {name} WHERE gemeente = 'GM0171' AND superseded_run_id IS NULL{current} AND %s <> ''"
    ),
    "the whole country": "SELECT sum(waarde) FROM {name} WHERE superseded_run_id IS NULL{current} AND %s <> ''",
    "superseding one gemeente": (
        "UPDATE {name} SET superseded_run_id = 3, current = false "
        "WHERE gemeente = 'GM0171' AND superseded_run_id IS NULL{current} AND %s <> ''"
    ),
}


def run(rows: int = ROWS) -> Figures:
    """Milliseconds per question and layout."""
    figures: Figures = {"rows": rows, "gemeenten": GEMEENTEN}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = {"shared_buffers": "1GB", "max_wal_size": "4GB", "jit": "off", "max_locks_per_transaction": "512"}
        url = empty_databases(stack, folder, settings).get("postgresql")
        if url is None:
            return {"overgeslagen": "geen PostgreSQL"}
        address = url.replace("postgresql+psycopg", "postgresql")
        connection = stack.enter_context(psycopg.connect(address, autocommit=True))
        for number, (layout, statements) in enumerate(_LAYOUTS.items()):
            name = f"versions_{number}"
            taken = _timed(
                connection, lambda name=name, statements=statements: _fill(connection, name, statements, rows), 1
            )
            figures[f"loading, {layout}, ms"], figures[f"loading, {layout}, cpu ms"] = map(round, taken)
            for question, text in _QUESTIONS.items():
                query = text.format(name=name, current=" AND current" if layout == "current apart" else "")
                figures[f"{question}, {layout}, ms"] = round(
                    _timed(connection, lambda query=query: _ask(connection, query))[0], 2
                )
            connection.execute(f"DROP TABLE {name}")
        _fill(connection, "small", _LAYOUTS["one table"], 10_000)
        query = _QUESTIONS["one dwelling"].format(name="small", current="")
        for way, prepare in (("prepared", True), ("not prepared", False)):
            taken = _timed(connection, lambda prepare=prepare: _often(connection, query, prepare=prepare))
            figures[f"the smallest question, {way}, ms"] = round(taken[0] / _OFTEN, 3)
    return figures


_OFTEN = 200


def _fill(connection: psycopg.Connection, name: str, statements: list[str], rows: int) -> None:
    with connection.transaction():
        for statement in statements:
            connection.execute(statement.format(name=name, columns=_COLUMNS))
        connection.execute(f"INSERT INTO {name} {_ROWS.format(gemeenten=GEMEENTEN, rows=rows)}")
        for index in _INDEXES:
            connection.execute(f"CREATE INDEX ON {name} {index}")
    connection.execute(f"ANALYZE {name}")


def _ask(connection: psycopg.Connection, query: str) -> None:
    """Ask, and take back what it changed."""
    with connection.transaction(force_rollback=True):
        connection.execute(query, ["0000000001500001"], prepare=True)


def _often(connection: psycopg.Connection, query: str, *, prepare: bool) -> None:
    for number in range(_OFTEN):
        connection.execute(query, [f"{number:016}"], prepare=prepare).fetchall()


def _timed(connection: psycopg.Connection, work: Callable[[], None], times: int = _TIMES) -> tuple[float, float]:
    """Milliseconds of the clock and of the server's processors: medians."""
    taken = []
    for _ in range(times):
        cpu, start = server_seconds(connection.info.backend_pid), time.perf_counter()
        work()
        taken.append((time.perf_counter() - start, server_seconds(connection.info.backend_pid) - cpu))
    return 1000 * statistics.median(one for one, _ in taken), 1000 * statistics.median(one for _, one in taken)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
