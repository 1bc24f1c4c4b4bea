"""How Polars types become column types of both databases, and how many values become one parameter."""

import json
from collections.abc import Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class TextList(sa.types.UserDefinedType[str]):
    """A list of texts, stored as a JSON array in a text column, so that both databases compare and copy it as text."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """The column type in DDL."""
        return "TEXT"


class _JsonTexts(GenericFunction[str]):
    """The texts of a JSON array as rows: both databases have that, under another name."""

    inherit_cache = True
    name = "json_texts"


@compiles(_JsonTexts, "sqlite")
def _of_sqlite(element: _JsonTexts, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_JsonTexts, "postgresql")
def _of_postgresql(element: _JsonTexts, compiler: Any, **more: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **more)} AS json))"


def one_of(values: Sequence[str]) -> sa.Select[tuple[str]]:
    """A subquery with these texts, for ``column.in_(...)``: one parameter, however many there are."""
    rows = _JsonTexts(json.dumps(values)).table_valued("value")
    return sa.select(rows.c.value)


_COLUMN_TYPES: dict[type[pl.DataType], type[sa.types.TypeEngine[Any]]] = {
    pl.String: sa.Text,
    pl.Int64: sa.BigInteger,
    pl.Float64: sa.Double,
    pl.Boolean: sa.Boolean,
    pl.Date: sa.Date,
    pl.Datetime: sa.DateTime,
    pl.Binary: sa.LargeBinary,
    pl.List: TextList,
}


def column_type(dtype: pl.DataType) -> sa.types.TypeEngine[Any]:
    """The database type of a frame column; a frame type that no table stores is a ``KeyError`` at import."""
    return _COLUMN_TYPES[type(dtype)]()


def encode_lists(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with each list of texts as a JSON array; null stays null."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return (
        frame.with_columns(
            pl.when(pl.col(name).is_not_null()).then(
                pl.format(
                    "[{}]",
                    pl.col(name)
                    .list.eval(
                        '"'
                        + pl.element()
                        .str.replace_all("\\", "\\\\", literal=True)
                        .str.replace_all('"', '\\"', literal=True)
                        + '"'
                    )
                    .list.join(","),
                )
            )
            for name in lists
        )
        if lists
        else frame
    )


def frame_type(column: sa.Column[Any]) -> pl.DataType:
    """The frame type of a table column: the other way around."""
    kind = column.type
    if isinstance(kind, sa.DateTime):
        return pl.Datetime("us")
    for dtype, found in _COLUMN_TYPES.items():
        if type(kind) is found:
            return pl.List(pl.String()) if dtype is pl.List else dtype()
    return pl.Int64()
