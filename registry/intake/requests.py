"""What an import is asked to do, and what it says it did."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from importers.source import Levering
from registry.store.history import Counts


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What a user asks: a source, a file, and what the file does not say of itself."""

    bron: str
    bestand: Path
    leverdatum: date | None = None
    levering: Levering | None = None
    indeling: Path | None = None
    proef: bool = False
    nieuwe_gemeente: bool = False


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did."""

    run_id: int
    status: str
    leverdatum: date
    levering: str
    gelezen: int
    counts: Counts
    per_table: dict[str, Counts]
    issues: pl.DataFrame
    uitval: int
    hersteld: int
    attention: bool
    notes: tuple[str, ...]
