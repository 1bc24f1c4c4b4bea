"""Opens the database and owns every transaction: the only place that commits, and one of two that know the dialect.

Reading and writing connections are two types. A writer may read, a reader cannot write: ``write_transaction`` is opened
once per command, run or request by the caller, and rolls back on any error.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NewType

import polars as pl
import sqlalchemy as sa

from registry.errors import StoreError
from registry.store.copying import copy_in
from registry.store.failures import BUSY, dutch_errors
from registry.store.migrating import head, refuse_newer, revision, upgrade
from registry.store.turns import Turns
from registry.store.types import encode_lists

ReadConnection = NewType("ReadConnection", sa.Connection)
WriteConnection = NewType("WriteConnection", ReadConnection)

WRITER_LOCK = 7_606_000  # the advisory lock that makes runs come one after another on PostgreSQL
TASK_LOCK = 7_606_003  # who asks for a task does not wait for one that goes on (PostgreSQL)
LOG_LOCK = 7_606_001  # and the one for adding to the access log: who looks something up does not wait for an import
_BUSY_MILLISECONDS = 15_000
PATIENT_MILLISECONDS = 100_000  # for work of people that may not be lost: as long as a proxy waits for an answer
_WORK_MEMORY = "128MB"  # for the joins of the one writer
_ROWS_PER_CALL = 50_000
_POOLER = "pgbouncer"  # in the address: connections go by way of a pooler that hands them out per transaction
# SQLite has neither dates nor booleans: they are text, as SQLAlchemy writes it, and 0 or 1.
_SQLITE_DATE = "%Y-%m-%d"
_PLAIN_IN_SQLITE: dict[type[pl.DataType], pl.DataType] = {
    pl.Date: pl.String(), pl.Datetime: pl.String(), pl.Boolean: pl.Int64(),
}  # fmt: skip
_TEMPORARY = {"sqlite": "temp", "postgresql": "pg_temp"}  # the schema in which temporary tables live


@dataclass(frozen=True, slots=True)
class Store:
    """An open database whose schema is up to date."""

    engine: sa.Engine
    _turns: Turns = field(default_factory=Turns, repr=False, compare=False)

    @contextmanager
    def read(self) -> Iterator[ReadConnection]:
        """A connection for reading; whatever happens on it is rolled back.

        Raises:
            StoreError: the database failed.
        """
        with dutch_errors(), self.engine.connect() as connection:
            yield ReadConnection(connection)

    @contextmanager
    def write_transaction(self, lock: int = WRITER_LOCK, *, patient: bool = False) -> Iterator[WriteConnection]:
        """The one transaction of a command, run or request: committed at the end, rolled back on any error.

        Writers come one after another: a second one waits, and is told when that takes too long. On SQLite that holds
        for all writers, on PostgreSQL for those with the same ``lock``. With ``patient`` it waits for an import too.

        Raises:
            StoreError: the database failed, is full, or another writer keeps it.
        """
        wait = PATIENT_MILLISECONDS if patient else _BUSY_MILLISECONDS
        queue = lock if self.engine.dialect.name == "postgresql" else WRITER_LOCK
        with (
            dutch_errors(),
            self._turns.turn(queue, seconds=wait / 1000, refusal=BUSY),
            self.engine.execution_options(writes=True, waits=wait).begin() as connection,
        ):
            writer = WriteConnection(ReadConnection(connection))
            take_lock(writer, lock, wait=wait)
            yield writer

    def is_current(self) -> bool:
        """Whether the schema is still that of this version: another one may have migrated it meanwhile.

        Raises:
            StoreError: the database failed.
        """
        with dutch_errors():
            return revision(self.engine) == head()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def take_lock(connection: WriteConnection, lock: int, *, wait: int | None = None) -> None:
    """Wait (milliseconds) for an advisory lock, kept until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL lock_timeout = {wait or _BUSY_MILLISECONDS}"))
        connection.execute(sa.text(f"SET LOCAL work_mem = '{_WORK_MEMORY}'"))
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({lock})"))


def open_store(url: str, *, connections: int | None = None) -> Store:
    """Open a database; an empty one is set up, an older one is refused until it is migrated.

    Args:
        url: its address.
        connections: how many of this process may be open at once (PostgreSQL); None is what SQLAlchemy finds enough.

    Raises:
        StoreError: the database cannot be reached, or its schema is not that of this version.
    """
    engine = _create_engine(url, connections)
    with _closed_on_error(engine), dutch_errors():
        found = revision(engine)
        if found is None:
            migrate(url)
        elif found != head():
            refuse_newer(found)
            raise StoreError(
                f"De database is van een andere versie van Woonregister (schema {found}). "
                "Maak een reservekopie en voer 'woonregister migrate' uit."
            )
    return Store(engine)


def migrate(url: str) -> None:
    """Bring the schema to that of this version.

    Raises:
        StoreError: the database cannot be reached, is in use, belongs to another role or is newer than this version.
    """
    engine = _create_engine(url)
    with _closed_on_error(engine), dutch_errors(migrating=True):
        refuse_newer(revision(engine))
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # Whoever waits for a table keeps everybody who comes after him waiting too.
                connection.execute(sa.text(f"SET LOCAL lock_timeout = {_BUSY_MILLISECONDS}"))
            upgrade(connection)
    engine.dispose()


def read_frame(
    connection: ReadConnection,
    query: sa.Select[*tuple[Any, ...]],
    schema: Mapping[str, pl.DataType],
    parameters: Mapping[str, object] | None = None,
) -> pl.DataFrame:
    """The rows of a query as a frame with ``schema`` (as many columns as the query gives, in its order)."""
    plain = _PLAIN_IN_SQLITE if connection.dialect.name == "sqlite" else {}
    arrives = {name: pl.String() if isinstance(dtype, pl.List) else plain.get(type(dtype), dtype)
               for name, dtype in schema.items()}  # fmt: skip
    # The cursor of the driver: a million rows need no object of SQLAlchemy each.
    cursor = connection.execute(query, parameters or {}).cursor
    parts = []
    while cursor is not None and (rows := cursor.fetchmany(_ROWS_PER_CALL)):
        parts.append(pl.DataFrame(rows, schema=arrives, orient="row"))
    if not parts:
        return pl.DataFrame(schema=schema)
    frame = pl.concat(parts) if len(parts) > 1 else parts[0]
    changed = [_arrived(name, dtype) for name, dtype in schema.items() if arrives[name] != dtype]
    return frame.with_columns(changed) if changed else frame


def _arrived(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as its own type, from the text or number that stands for it in the database."""
    column = pl.col(name)
    match dtype:
        case pl.List():
            return column.str.json_decode(dtype)
        case pl.Date():
            return column.str.to_date(_SQLITE_DATE)
        case pl.Datetime():
            return column.str.to_datetime(f"{_SQLITE_DATE} %H:%M:%S%.f", time_unit="us")
        case _:
            return column.cast(dtype)


def insert_frame(connection: WriteConnection, table: sa.Table, frame: pl.DataFrame, *, frozen: bool = False) -> None:
    """Put a frame into a table whose columns have the same names: COPY on PostgreSQL, executemany on SQLite.

    Args:
        connection: the transaction.
        table: where to.
        frame: what.
        frozen: PostgreSQL only, for a table that this transaction emptied (``store.bulk``).
    """
    if frame.is_empty():
        return
    flat = encode_lists(frame)
    if connection.dialect.name == "postgresql":
        _copy(connection, table, flat, frozen=frozen)
        return
    columns = ", ".join(f'"{name}"' for name in flat.columns)
    places = ", ".join("?" for _ in flat.columns)
    # SQLite has no dates: SQLAlchemy stores them as ISO text, and so do we.
    text = flat.with_columns(pl.col(pl.Date).cast(pl.String), pl.col(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M:%S.%6f"))
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})'
    for part in text.iter_slices(_ROWS_PER_CALL):
        connection.exec_driver_sql(statement, part.rows())


def temporary_table(connection: WriteConnection, name: str, columns: Iterable[sa.Column[Any]]) -> sa.Table:
    """An empty table that only this transaction sees; an earlier one of the same name is emptied."""
    # Behind a pooler the next transaction on a connection may be of somebody else: nothing of this one may stay.
    table = sa.Table(
        name, sa.MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP", info={"temporary": True}
    )
    connection.exec_driver_sql(f'DROP TABLE IF EXISTS {_TEMPORARY[connection.dialect.name]}."{name}"')
    table.create(connection, checkfirst=False)
    return table


def is_postgresql(connection: ReadConnection) -> bool:
    """Whether the database is the production one."""
    return connection.dialect.name == "postgresql"


def analyze(connection: WriteConnection, table: sa.Table) -> None:
    """Tell the planner how large a table has become."""
    if connection.dialect.name == "postgresql" and "temporary" not in table.info:
        # Only the owner may; the application is another role, and asks a function of the owner (migration 0004).
        connection.execute(sa.select(sa.func.analyze_table(table.name)))
    else:
        connection.exec_driver_sql(f'ANALYZE "{table.name}"')


def _copy(connection: WriteConnection, table: sa.Table, frame: pl.DataFrame, *, frozen: bool) -> None:
    cursor = connection.connection.cursor()
    try:
        copy_in(cursor, table, frame, frozen=frozen)
    finally:
        cursor.close()


def _create_engine(url: str, connections: int | None = None) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise StoreError(f"'{url}' is geen adres van een database. Voorbeeld: sqlite:///woonregister.db") from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return _create_postgresql(parsed, connections)
    if backend != "sqlite":
        raise StoreError(f"Woonregister kent SQLite en PostgreSQL, niet {backend}.")
    if parsed.database and not Path(parsed.database).absolute().parent.is_dir():
        raise StoreError(f"De map van de database bestaat niet: {Path(parsed.database).parent}")
    engine = sa.create_engine(parsed, hide_parameters=True)  # parameters hold personal data
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_postgresql(url: sa.URL, connections: int | None) -> sa.Engine:
    # A prepared statement saves half of what a small query costs, but lives on one connection of the server.
    pooled = url.query.get(_POOLER) == "ja"
    pool = {} if connections is None else {"pool_size": connections, "max_overflow": 0}
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg").difference_update_query([_POOLER]),
        pool_pre_ping=True,  # a server that restarted costs no request
        connect_args={"prepare_threshold": None} if pooled else {},
        hide_parameters=True,
        **pool,
    )


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    # The driver's own transactions start too late for a consistent read; _begin_sqlite starts them.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # what was saved is there after a power cut too
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if "waits" in options:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {options['waits']}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


@contextmanager
def _closed_on_error(engine: sa.Engine) -> Iterator[None]:
    """Leave no connection behind when nobody gets the engine."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def to_json(value: object) -> str:
    """Canonical JSON: the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
