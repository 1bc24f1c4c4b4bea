"""What a merge costs when one writes the SQL by hand: the peer of the re-import."""

import io
from collections.abc import Iterator

import polars as pl
import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from importers.records import Batch, RecordType
from registry.store.types import column_type, encode_lists


def upsert(url: str, batches: Iterator[Batch]) -> None:
    """Take the frames into tables ``peer_<record>`` in one transaction, writing only the rows that differ."""
    with psycopg.connect(sa.make_url(url).set(drivername="postgresql").render_as_string()) as connection:
        staged: dict[str, RecordType] = {}
        for batch in batches:
            if batch.record.name not in staged:
                staged[batch.record.name] = batch.record
                _make(connection, batch.record)
            _copy(connection, batch.record, batch.frame)
        for record in staged.values():
            _merge(connection, record)


def _make(connection: psycopg.Connection, record: RecordType) -> None:
    kinds = {name: column_type(dtype).compile(dialect=postgresql.dialect()) for name, dtype in record.schema.items()}  # type: ignore[no-untyped-call]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
    key = ", ".join(f'"{name}"' for name in record.key)
    connection.execute(f"CREATE TABLE IF NOT EXISTS peer_{record.name} ({columns}, PRIMARY KEY ({key}))".encode())
    connection.execute(f"CREATE TEMPORARY TABLE new_{record.name} ({columns}) ON COMMIT DROP".encode())


def _copy(connection: psycopg.Connection, record: RecordType, frame: pl.DataFrame) -> None:
    binary = [name for name, dtype in frame.schema.items() if dtype == pl.Binary]
    text = encode_lists(frame).with_columns(
        pl.format("\\x{}", pl.col(name).bin.encode("hex")).alias(name) for name in binary
    )
    buffer = io.BytesIO()
    text.write_csv(buffer, include_header=False, quote_style="non_numeric", null_value="")
    with connection.cursor().copy(f"COPY new_{record.name} FROM STDIN (FORMAT csv)".encode()) as copy:
        copy.write(buffer.getvalue())


def _merge(connection: psycopg.Connection, record: RecordType) -> None:
    names = [f'"{name}"' for name in record.schema]
    rest = [name for name in names if name.strip('"') not in {*record.key, "source_file", "source_row"}]
    key, columns = ", ".join(f'"{name}"' for name in record.key), ", ".join(names)
    distinct = f"SELECT DISTINCT ON ({key}) {columns} FROM new_{record.name}"
    update = ", ".join(f"{name} = excluded.{name}" for name in rest)
    old, new = (", ".join(f"{table}.{name}" for name in rest) for table in (f"peer_{record.name}", "excluded"))
    connection.execute(
        f"INSERT INTO peer_{record.name} ({columns}) {distinct} ON CONFLICT ({key}) DO UPDATE SET {update} "
        f"WHERE ({old}) IS DISTINCT FROM ({new})".encode()
    )
