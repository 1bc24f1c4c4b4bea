"""COPY of whole frames into PostgreSQL, in its binary form: the server parses no text, which is most of its work."""

from typing import Any

import polars as pl
import sqlalchemy as sa
from pgpq import ArrowToPostgresBinaryEncoder

from registry.store.types import frame_type

_ROWS_PER_PART = 50_000
_OLD_ARROW = pl.CompatLevel.oldest()  # the encoder knows no string views


def copy_in(cursor: Any, table: sa.Table, frame: pl.DataFrame, *, frozen: bool = False) -> None:
    """Put a frame into a table, part by part.

    Args:
        cursor: of psycopg, in the transaction of the caller.
        table: has a column for each of the frame.
        frame: lists are text already (``types.encode_lists``).
        frozen: the rows need not be marked as visible by who reads them first; the table was emptied in this
            transaction.
    """
    typed = frame.cast({name: _stored_as(table.c[name]) for name in frame.columns})
    columns = ", ".join(f'"{name}"' for name in typed.columns)
    encoder = ArrowToPostgresBinaryEncoder(typed.clear().to_arrow(compat_level=_OLD_ARROW).schema)
    name = ".".join(f'"{part}"' for part in (table.schema, table.name) if part)
    options = "FORMAT binary, FREEZE" if frozen else "FORMAT binary"
    with cursor.copy(f"COPY {name} ({columns}) FROM STDIN ({options})") as copy:
        copy.write(encoder.write_header())
        for part in typed.iter_slices(_ROWS_PER_PART):
            for batch in part.to_arrow(compat_level=_OLD_ARROW).to_batches():
                copy.write(encoder.write_batch(batch))
        copy.write(encoder.finish())


def _stored_as(column: sa.Column[Any]) -> pl.DataType:
    """The frame type whose binary form is that of a column: a list is text there."""
    dtype = frame_type(column)
    return pl.String() if isinstance(dtype, pl.List) else dtype
