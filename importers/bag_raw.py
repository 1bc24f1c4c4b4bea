"""What an extractor gives: texts as delivered, in columns, before any judgement."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from importers.bag_fields import Table
from importers.issues import no_issues

MAX_RECORDS = 10_000  # records of one batch, as many as Kadaster puts in one file
POINT, EXTERIOR, INTERIOR = 0, 1, 2

RINGS = pl.Schema(
    {
        "record": pl.UInt32(),  # position in ``values``
        "kind": pl.UInt8(),  # POINT, EXTERIOR (starts a surface) or INTERIOR (a hole in the last surface)
        "dimensions": pl.Int64(),  # numbers per vertex, as the srsDimension of the geometry says
        "text": pl.String(),  # the numbers, in document order
    }
)


@dataclass(frozen=True, slots=True)
class RawRecords:
    """Up to ``MAX_RECORDS`` records of one member.

    ``values`` has ``source_row`` (ordinal in the member, from 1) and one text or list column per field of the table.
    ``issues`` are about records that could not be read as a record at all; ``read`` counts those too.
    """

    table: Table
    member: str
    values: pl.DataFrame
    rings: pl.DataFrame
    issues: pl.DataFrame
    read: int


def raw_schema(table: Table) -> pl.Schema:
    """Columns of ``RawRecords.values`` for a table."""
    return pl.Schema(
        {"source_row": pl.Int64()}
        | {name: pl.List(pl.String()) if part.many else pl.String() for name, part in table.fields.items()}
    )


def no_records(table: Table, member: str) -> RawRecords:
    """What a member without records gives: the registry still learns that the kind was delivered."""
    return RawRecords(table, member, pl.DataFrame(schema=raw_schema(table)), pl.DataFrame(schema=RINGS), no_issues(), 0)


def sliced(raw: RawRecords) -> Iterator[RawRecords]:
    """The same records in parts of at most ``MAX_RECORDS``."""
    if raw.values.height <= MAX_RECORDS:
        yield raw
        return
    for start in range(0, raw.values.height, MAX_RECORDS):
        values = raw.values.slice(start, MAX_RECORDS)
        rings = raw.rings.filter(pl.col("record").is_between(start, start + values.height - 1))
        rings = rings.with_columns((pl.col("record") - start).cast(pl.UInt32()))
        yield RawRecords(raw.table, raw.member, values, rings, no_issues(), values.height)
