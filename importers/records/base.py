"""The frame schemas that importers give out: batches of Polars frames, no object per row.

A record type names its key, its columns and where each column comes from. The store has one table per record type
with the same column names, so that nothing is renamed on the way. Every frame also carries ``PROVENANCE``.

Dates are Polars ``Date``; an incomplete date of the BRP stays text (``YYYYMMDD`` with zeros) beside it. Periods are
half-open: ``valid_from`` up to, not including, ``valid_until``; null is open. Geometry is WKB in EPSG:28992.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

import polars as pl

PROVENANCE: dict[str, pl.DataType] = {
    "source_file": pl.String(),  # member of a zip, sheet of a workbook, or the file itself
    "source_row": pl.Int64(),  # line (text), row (sheet) or ordinal of the record in the member (xml), from 1
}


class Protection(StrEnum):
    """How a column about a person is stored; ``registry.intake.prepare`` and the store's tables both follow it."""

    OPEN = "open"
    PSEUDONYM = "pseudonym"  # only as a keyed hash, under its own name
    ENCRYPTED = "encrypted"  # encrypted as <name>_versleuteld, found by <name>_hash
    NAME = "name"  # only where the municipality keeps names
    NEVER = "never"  # helps to read the source, is not stored


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a record: type, meaning in Dutch, unit and catalogue item, and how it is protected."""

    dtype: pl.DataType
    meaning: str
    source: str = ""
    required: bool = False
    protection: Protection = Protection.OPEN


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of record.

    Attributes:
        name: also the name of its table.
        key: the columns that identify a record within the registry.
        columns: all columns, the key included.
        address_day: for records with ``address_columns``: the column with the day on which the address was meant.
    """

    name: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    address_day: str | None = None

    def protected(self, protection: Protection) -> list[str]:
        """The columns with this protection."""
        return [name for name, column in self.columns.items() if column.protection is protection]

    @property
    def schema(self) -> pl.Schema:
        """Columns and types of a frame of this type, provenance included, in order."""
        return pl.Schema({name: column.dtype for name, column in self.columns.items()} | PROVENANCE)

    def empty(self) -> pl.DataFrame:
        """A frame of this type without rows."""
        return pl.DataFrame(schema=self.schema)


@dataclass(frozen=True, slots=True)
class Batch:
    """A part of a delivery: rows that fit, what was wrong, and how many source rows were read for it.

    ``issues`` has the schema of ``importers.issues.ISSUE``. ``was`` is given by mutations: how the source says that
    some of these records were until now, with the same schema as ``frame``.
    """

    record: RecordType
    frame: pl.DataFrame
    issues: pl.DataFrame
    read: int
    was: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an importer makes of one file: what the file says of itself, and its batches as a stream.

    ``area`` holds the gemeente codes (``0606``) that the delivery claims to cover, when it says so. ``headers`` gives
    the header in the file per field, for a table: a row that is set aside later keeps the names under which it came.
    ``levering`` is what the file says that it is, when it does: mutations are never a ``stand``.
    """

    leverdatum: date | None
    batches: Iterator[Batch]
    area: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    headers: Mapping[str, str] = field(default_factory=dict)
    levering: Literal["stand", "deel"] | None = None


TEXT = pl.String()
INT = pl.Int64()
DATE = pl.Date()
FLOAT = pl.Float64()
MOMENT = pl.Datetime("us")
BOOL = pl.Boolean()
LIST = pl.List(pl.String())
WKB = pl.Binary()
