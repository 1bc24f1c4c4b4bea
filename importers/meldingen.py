"""Meldingen: reports about housing and requests for enforcement; a reason to visit, never a fact of a rule."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from importers.field_columns import (
    address_columns,
    address_failures,
    address_warnings,
    derive_key,
    drop_doubles,
    keep_row,
    remove_bsns,
)
from importers.readers import Table, check_columns, parse_date, read_table, set_aside
from importers.records import MELDINGEN, Batch, Delivery
from importers.register_columns import day_failures
from importers.source import Mapping, Source

_FREE_TEXT: Final = ("adres", "melding")
_DOUBLE: Final = (
    "Deze melding staat meer dan eens in het bestand, met verschillende gegevens. Verwijder de verkeerde rij, of geef "
    "elke melding een eigen meldingsnummer."
)


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The reports of one file (.xlsx or .csv): address, date, kind, subject and channel, and nothing of the reporter.

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    table = read_table(path, source, mapping=mapping)
    return Delivery(None, iter([_batch(table, source)]), headers=table.headers)


def _batch(table: Table, source: Source) -> Batch:
    rows, removed = remove_bsns(table, _FREE_TEXT)
    rows = replace(rows, frame=keep_row(rows))
    rows, failed = set_aside(rows, [*address_failures(), *day_failures(("datum",), table.date_format)])
    rows, unknown = check_columns(rows, source)
    issues = [table.issues, removed, failed, unknown, address_warnings(rows)]
    frame = rows.frame.with_columns(*address_columns(), parse_date("datum", table.date_format).value.alias("datum"))
    rows = replace(rows, frame=derive_key(frame, "melding", "melding", ("datum", "soort", "onderwerp")))
    rows, doubled = drop_doubles(rows, "melding", list(MELDINGEN.columns), _DOUBLE)
    frame = rows.frame.select(MELDINGEN.schema.names()).cast(MELDINGEN.schema)
    return Batch(MELDINGEN, frame, pl.concat([*issues, doubled]).sort("source_row", maintain_order=True), table.read)
