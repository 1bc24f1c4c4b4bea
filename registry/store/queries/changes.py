"""What one delivery changed, row by row: new, changed or gone, and in which columns. Persons stay pseudonyms."""

from collections.abc import Iterator

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, read_frame
from registry.store.tables import metadata
from registry.store.types import frame_type

WIJZIGINGEN = pl.Schema(
    {
        "tabel": pl.String(),
        "wijziging": pl.String(),  # nieuw, gewijzigd or verdwenen
        "sleutel": pl.String(),  # what identifies the fact in its source; of a person the pseudonym
        "adresseerbaar_object_id": pl.String(),
        "kolommen": pl.String(),  # of a changed fact: the columns that say otherwise, or "terug" when it was gone
    }
)
_OBJECT = "adresseerbaar_object_id"
_OBJECT_KEYS = ("verblijfsobject_id", "ligplaats_id", "standplaats_id")
_GONE = ("gone_since_run_id", "gone_before")


def read_changes(connection: ReadConnection, run_id: int) -> pl.DataFrame:
    """Every fact of a source about which a run wrote a version, by table and key (schema ``WIJZIGINGEN``).

    A run that was withdrawn still says what it changed.
    """
    tables = [table for table in metadata.sorted_tables if table.info.get("from_source")]
    parts = (part for table in tables for part in _of_table(connection, table, run_id))
    return pl.concat([pl.DataFrame(schema=WIJZIGINGEN), *parts]).sort("tabel", "wijziging", "sleutel")


def _of_table(connection: ReadConnection, table: sa.Table, run_id: int) -> Iterator[pl.DataFrame]:
    old, key = table.alias("old"), table.info["key"]
    compared = [c.name for c in table.columns if c.name not in {*table.info["uncompared"], *key, "run_id"}]
    same = sa.and_(old.c.superseded_run_id == run_id, *(old.c[name] == table.c[name] for name in key))
    query = (
        sa.select(
            *(table.c[name] for name in key),
            *(table.c[name] for name in compared),
            *(old.c[name].label(f"{name}_was") for name in compared),
            old.c.id,
            table.c.gone_since_run_id.label(_GONE[0]),
            old.c.gone_since_run_id.label(_GONE[1]),
        )
        .select_from(table.outerjoin(old, same))
        .where(table.c.recorded_run_id == run_id)
    )
    types = {name: frame_type(table.c[name]) for name in (*key, *compared)}
    numbers = dict.fromkeys(("id", *_GONE), pl.Int64())
    rows = read_frame(connection, query, types | {f"{name}_was": types[name] for name in compared} | numbers)
    if not rows.is_empty():
        yield rows.select(
            tabel=pl.lit(table.name),
            wijziging=_kind(),
            sleutel=pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator=", "),
            adresseerbaar_object_id=_object(rows.columns),
            kolommen=_columns(compared),
        )


def _kind() -> pl.Expr:
    gone = pl.when(pl.col(_GONE[0]).is_not_null()).then(pl.lit("verdwenen"))
    return gone.when(pl.col("id").is_null()).then(pl.lit("nieuw")).otherwise(pl.lit("gewijzigd"))


def _object(columns: list[str]) -> pl.Expr:
    named = [name for name in (_OBJECT, *_OBJECT_KEYS) if name in columns]
    return pl.col(named[0]) if named else pl.lit(None, pl.String)


def _columns(compared: list[str]) -> pl.Expr:
    differing = [pl.when(pl.col(name).ne_missing(pl.col(f"{name}_was"))).then(pl.lit(name)) for name in compared]
    back = pl.when(pl.col(_GONE[1]).is_not_null()).then(pl.lit("terug"))
    listed = pl.concat_str([*differing, back], separator=", ", ignore_nulls=True)
    return pl.when(_kind() == "gewijzigd").then(listed)
