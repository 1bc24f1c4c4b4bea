"""How frames cross the border of the database: the registry's way beside others, on the same tables in the same run.

Writing: COPY in binary form (ours), COPY of text, ADBC; into a table without indexes, as an import stages its rows, and
into the real table with all of its indexes. Reading what a rule needs: the rows of the driver (ours), ADBC, and DuckDB
with its scanners for both databases; counting residents per dwelling: ours, SQL on the same database, DuckDB on it.
Thousands of rows per second, the best of three. A peer that is not installed has no figure; DuckDB's scanners are
extensions that it fetches itself, and packages of them exist for some of its versions (`duckdb-extensions`).
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

from benchmarks.databases import Figures, empty_databases
from benchmarks.load import open_empty, register_sources
from benchmarks.national import PEILDATUM, SOURCES, Gemeente, national_frames
from registry.store.bulk import indexes_aside
from registry.store.engine import Store, WriteConnection, insert_frame, read_frame, temporary_table
from registry.store.history import known_at
from registry.store.tables import registers
from registry.store.types import encode_lists, frame_type

DWELLINGS = 130_000
_KNOWN = len(SOURCES)
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
    for name in _READ:
        table, frame = getattr(registers, name), frames[name]
        for way, write in (("binary COPY (ours)", insert_frame), ("COPY of text", _copy_text)):
            bare = temporary_table(connection, f"bare_{name}", [sa.Column(c, table.c[c].type) for c in frame.columns])
            seconds = _best(lambda bare=bare, write=write, frame=frame: write(connection, bare, frame))
            found[f"write {name}, {way}"] = round(frame.height / seconds / 1000)
        with suppress(ModuleNotFoundError):
            bare = temporary_table(connection, f"bare_{name}", [sa.Column(c, table.c[c].type) for c in frame.columns])
            seconds = _best(lambda bare=bare, frame=frame: _adbc_write(connection, bare, frame))
            found[f"write {name}, ADBC"] = round(frame.height / seconds / 1000)
        with connection.begin_nested() as savepoint:
            started = time.perf_counter()
            insert_frame(connection, table, frame)
            found[f"write {name}, binary COPY into all its indexes"] = round(
                frame.height / (time.perf_counter() - started) / 1000
            )
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
    adbc: Any = importlib.import_module("adbc_driver_postgresql.dbapi")
    flat = encode_lists(frame).to_arrow(compat_level=_OLD_ARROW)
    with adbc.connect(_libpq(connection.engine.url)) as opened, opened.cursor() as cursor:
        cursor.adbc_ingest(table.name, flat, mode="create", temporary=True)


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
    for name, columns in _READ.items():
        table = getattr(registers, name)
        query = sa.select(*(table.c[column] for column in columns)).where(known_at(table, _KNOWN))
        schema = {column: frame_type(table.c[column]) for column in columns}
        for way, read in ways.items():
            # What has no extension for its version says so with an error of DuckDB.
            with suppress(ModuleNotFoundError, ImportError, OSError, LookupError):
                rows = read(query, schema).height
                found[f"read {name}, {way}"] = round(
                    rows / _best(lambda read=read, query=query, schema=schema: read(query, schema)) / 1000
                )
    return found | _counting(store)


def _counting(store: Store) -> Figures:
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

    found: Figures = {"residents per dwelling, ours, s": round(_best(ours), 2)}
    found["residents per dwelling, SQL, s"] = round(_best(sql), 2)
    with suppress(ModuleNotFoundError, ImportError, OSError, LookupError):
        found["residents per dwelling, DuckDB, s"] = round(_best(lambda: _duck(store, _COUNT)), 2)
    return found


def _sql(store: Store, query: sa.Select[Any]) -> str:
    return str(query.compile(dialect=store.engine.dialect, compile_kwargs={"literal_binds": True}))


def _ours(store: Store, query: sa.Select[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    with store.read() as connection:
        return read_frame(connection, query, schema)


def _adbc_read(store: Store, query: str) -> pl.DataFrame:
    adbc: Any = importlib.import_module("adbc_driver_postgresql.dbapi")
    with adbc.connect(_libpq(store.engine.url)) as opened, opened.cursor() as cursor:
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


def _best(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
