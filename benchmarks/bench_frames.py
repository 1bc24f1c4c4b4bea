"""How frames cross the border of the database: the registry's way beside others, on the same tables in the same run.

Writing: COPY in binary form (ours), COPY of text, ADBC; into a table without indexes, as an import stages its rows, and
into the real table with all of its indexes. Reading what a rule needs: the rows of the driver (ours), ADBC, and DuckDB
with its scanners for both databases. Residents per dwelling, from the database to a frame: ours, SQL on the same
database, DuckDB on it, and DuckDB on a copy of its own (of which the making is apart). Thousands of rows per second, or
seconds; the best of three. ``cpu`` is what that took of the processors, of this process and of the server together, in
microseconds per row or in seconds: it hardly depends on what else the machine is doing. Connections are open
beforehand. A peer that is not installed has no figure; the scanners of DuckDB come as packages (`duckdb-extensions`),
for some of its versions.
"""

import importlib
import io
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from benchmarks.databases import Figures, empty_databases, server_seconds
from benchmarks.load import open_empty, register_sources
from benchmarks.national import PEILDATUM, SOURCES, Gemeente, national_frames
from registry.store.bulk import indexes_aside
from registry.store.engine import Store, WriteConnection, insert_frame, is_postgresql, read_frame, temporary_table
from registry.store.history import known_at
from registry.store.tables import registers
from registry.store.types import encode_lists, frame_type

DWELLINGS = 130_000
PEERS = ("pgpq", "psycopg", "adbc-driver-postgresql", "duckdb")
_KNOWN = len(SOURCES)
_BACKEND = sa.select(sa.func.pg_backend_pid())
_READ: Mapping[str, tuple[str, ...]] = {
    "bewoning": (
        "adresseerbaar_object_id", "persoonslijst", "valid_from", "valid_until", "zekerheid", "in_onderzoek",
    ),
    "persoonslijsten": ("persoonslijst", "geboortedatum"),
    "verblijfsobjecten": ("verblijfsobject_id", "voorkomen", "status", "gebruiksdoelen", "oppervlakte"),
}  # fmt: skip
_OLD_ARROW = pl.CompatLevel.oldest()
_COUNT = """
    SELECT v.verblijfsobject_id, v.oppervlakte, count(DISTINCT b.persoonslijst)
    FROM verblijfsobjecten v LEFT JOIN bewoning b ON b.adresseerbaar_object_id = v.verblijfsobject_id
        AND b.valid_until IS NULL AND b.superseded_run_id IS NULL
    WHERE v.superseded_run_id IS NULL AND v.valid_until IS NULL
    GROUP BY 1, 2
"""
_COUNT_COPY = _COUNT.replace("FROM v", "FROM memory.main.v").replace("JOIN b", "JOIN memory.main.b")


def run(dwellings: int = DWELLINGS) -> Figures:
    """Thousands of rows per second per way and table."""
    frames = national_frames(Gemeente("0606", 0, dwellings), relations=False)
    figures: Figures = {"dwellings": dwellings, "rows": sum(frame.height for frame in frames.values())}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, url in empty_databases(stack, folder, {"shared_buffers": "512MB", "max_wal_size": "4GB"}).items():
            store = open_empty(url)
            stack.callback(store.close)
            with store.write_transaction() as connection:
                register_sources(connection)
                if name == "postgresql":
                    figures |= _writing(connection, frames)
                with indexes_aside(connection, [getattr(registers, each) for each in frames]):
                    for each, frame in frames.items():
                        insert_frame(connection, getattr(registers, each), frame)
            figures |= {f"{name}: {what}": value for what, value in _reading(store).items()}
    return figures


def _writing(connection: WriteConnection, frames: Mapping[str, pl.DataFrame]) -> Figures:
    found: Figures = {}
    backend = connection.execute(_BACKEND).scalar()
    for name in _READ:
        table, frame = getattr(registers, name), frames[name]
        for way, write in (("binary COPY (ours)", insert_frame), ("COPY of text", _copy_text)):
            bare = temporary_table(connection, f"bare_{name}", [sa.Column(c, table.c[c].type) for c in frame.columns])
            taken = _best(lambda bare=bare, write=write, frame=frame: write(connection, bare, frame), backend)
            found |= _per_row(f"write {name}, {way}", frame.height, taken)
        with suppress(ModuleNotFoundError):
            bare = temporary_table(connection, f"bare_{name}", [sa.Column(c, table.c[c].type) for c in frame.columns])
            taken = _best(lambda bare=bare, frame=frame: _adbc_write(connection, bare, frame), backend)
            found |= _per_row(f"write {name}, ADBC", frame.height, taken)
        with connection.begin_nested() as savepoint:
            taken = _best(lambda table=table, frame=frame: insert_frame(connection, table, frame), backend, times=1)
            found |= _per_row(f"write {name}, binary COPY into all its indexes", frame.height, taken)
            savepoint.rollback()
    return found


def _copy_text(connection: WriteConnection, table: sa.Table, frame: pl.DataFrame) -> None:
    flat = encode_lists(frame)
    columns = ", ".join(f'"{name}"' for name in flat.columns)
    binary = [name for name, dtype in flat.schema.items() if dtype == pl.Binary]
    text = flat.with_columns(pl.format("\\x{}", pl.col(name).bin.encode("hex")).alias(name) for name in binary)
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN (FORMAT csv)') as copy:
        for part in text.iter_slices(50_000):
            buffer = io.BytesIO()
            part.write_csv(buffer, include_header=False, quote_style="non_numeric", null_value="")
            copy.write(buffer.getvalue())


def _adbc_write(connection: WriteConnection, table: sa.Table, frame: pl.DataFrame) -> None:
    """ADBC has a connection of its own, which sees no temporary table of ours: it makes one like it."""
    flat = encode_lists(frame).to_arrow(compat_level=_OLD_ARROW)
    with _adbc(connection.engine.url).cursor() as cursor:
        cursor.adbc_ingest(table.name, flat, mode="replace", temporary=True)


@cache
def _adbc(url: sa.URL) -> Any:
    adbc: Any = importlib.import_module("adbc_driver_postgresql.dbapi")
    return adbc.connect(_libpq(url), autocommit=True)


def _libpq(url: sa.URL) -> str:
    return f"postgresql://{url.username}@/{url.database}?host={url.query['host']}"


def _reading(store: Store) -> Figures:
    ways: dict[str, Callable[[sa.Select[Any], dict[str, pl.DataType]], pl.DataFrame]] = {
        "the rows of the driver (ours)": lambda query, schema: _ours(store, query, schema),
        "DuckDB": lambda query, _schema: _duck(store, _sql(store, query)),
    }
    if store.engine.dialect.name == "postgresql":
        ways["ADBC"] = lambda query, _schema: _adbc_read(store, _sql(store, query))
    found: Figures = {}
    backend = _backend(store)
    for name, columns in _READ.items():
        table = getattr(registers, name)
        query = sa.select(*(table.c[column] for column in columns)).where(known_at(table, _KNOWN))
        schema = {column: frame_type(table.c[column]) for column in columns}
        for way, read in ways.items():
            # What has no extension for its version says so with an error of DuckDB.
            with suppress(ModuleNotFoundError, ImportError, OSError, LookupError):
                rows = read(query, schema).height
                taken = _best(lambda read=read, query=query, schema=schema: read(query, schema), backend)
                found |= _per_row(f"read {name}, {way}", rows, taken)
    return found | _counting(store, backend)


def _counting(store: Store, backend: int | None) -> Figures:
    from rules.derivations.bewoning import count_bewoners, residents_on  # noqa: PLC0415

    def ours() -> int:
        stays, homes = registers.bewoning, registers.verblijfsobjecten
        parts = []
        for table, name in ((stays, "bewoning"), (homes, "verblijfsobjecten")):
            query = sa.select(*(table.c[column] for column in _READ[name])).where(known_at(table, _KNOWN))
            parts.append(_ours(store, query, {column: frame_type(table.c[column]) for column in _READ[name]}))
        living = parts[0].rename({"persoonslijst": "persoon"}).with_columns(geboortedatum=pl.lit(None, pl.String))
        counts = count_bewoners(residents_on(living, PEILDATUM))
        homes_with = parts[1].rename({"verblijfsobject_id": "adresseerbaar_object_id"})
        return homes_with.join(counts, on="adresseerbaar_object_id", how="left").height

    def sql() -> int:
        with store.read() as connection:
            return len(connection.execute(sa.text(_COUNT)).all())

    found: Figures = {}
    ways: dict[str, Callable[[], object]] = {
        "residents per dwelling, ours": ours,
        "residents per dwelling, SQL": sql,
        "residents per dwelling, DuckDB": lambda: _duck(store, _COUNT),
        "copying three tables into DuckDB": lambda: _copy_to_duckdb(store),
        "residents per dwelling, DuckDB on its copy": lambda: _duck(store, _COUNT_COPY),
    }
    for name, way in ways.items():
        with suppress(ModuleNotFoundError, ImportError, OSError, LookupError):
            seconds, cpu = _best(way, backend)
            found |= {f"{name}, s": round(seconds, 2), f"{name}, cpu s": round(cpu, 2)}
    return found


def _copy_to_duckdb(store: Store) -> None:
    for name in ("bewoning", "persoonslijsten", "verblijfsobjecten"):
        _duckdb(store.engine.url).execute(f"CREATE OR REPLACE TABLE memory.main.{name} AS SELECT * FROM db.{name}")


def _sql(store: Store, query: sa.Select[Any]) -> str:
    return str(query.compile(dialect=store.engine.dialect, compile_kwargs={"literal_binds": True}))


def _ours(store: Store, query: sa.Select[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    with store.read() as connection:
        return read_frame(connection, query, schema)


def _adbc_read(store: Store, query: str) -> pl.DataFrame:
    with _adbc(store.engine.url).cursor() as cursor:
        cursor.execute(query)
        frame = pl.from_arrow(cursor.fetch_arrow_table())
    return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()


@cache
def _duckdb(url: sa.URL) -> Any:
    """DuckDB with the database attached; this much is not timed."""
    duckdb: Any = importlib.import_module("duckdb")
    kind = url.get_backend_name().removesuffix("ql")
    where = url.database if kind == "sqlite" else f"dbname={url.database} user={url.username} host={url.query['host']}"
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    importlib.import_module("duckdb_extensions").import_extension(f"{kind}_scanner", con=connection)
    connection.execute(f"ATTACH '{where}' AS db (TYPE {kind}, READ_ONLY)")
    connection.execute("USE db")
    return connection


def _duck(store: Store, query: str) -> pl.DataFrame:
    frame: pl.DataFrame = _duckdb(store.engine.url).execute(query).pl()
    return frame


def _backend(store: Store) -> int | None:
    """The process in the server that answers; none with SQLite."""
    with store.read() as connection:
        return connection.execute(_BACKEND).scalar() if is_postgresql(connection) else None


def _best(work: Callable[[], object], backend: int | None, times: int = 3) -> tuple[float, float]:
    """The least that it took: seconds, and seconds of the processors here and in the server."""
    taken = []
    for _ in range(times):
        start = _now(backend)
        work()
        taken.append([now - then for now, then in zip(_now(backend), start, strict=True)])
    return min(seconds for seconds, _ in taken), min(cpu for _, cpu in taken)


def _now(backend: int | None) -> tuple[float, float]:
    server = 0.0 if backend is None else server_seconds(backend)
    return time.perf_counter(), time.process_time() + server


def _per_row(label: str, rows: int, taken: tuple[float, float]) -> Figures:
    seconds, cpu = taken
    return {f"{label}, thousands/s": round(rows / seconds / 1000), f"{label}, cpu": round(1e6 * cpu / rows, 2)}


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
