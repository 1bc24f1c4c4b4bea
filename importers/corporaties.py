"""Corporaties: the toegelaten instellingen on the list of a municipality, by RSIN or KvK number, never by name."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from importers.brp_checks import passes_elfproef
from importers.field_columns import drop_doubles, keep_row
from importers.readers import Failure, Table, missing, parse_date, read_table, set_aside
from importers.records import CORPORATIES, Batch, Delivery
from importers.register_columns import day_failures, order_failure
from importers.source import Mapping, Source

_DOUBLE = "Deze corporatie staat meer dan eens in de lijst, met verschillende gegevens. Verwijder de verkeerde rij."


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The corporaties of a list (.xlsx or .csv).

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    table = read_table(path, source, mapping=mapping)
    return Delivery(None, iter([_batch(table)]), headers=table.headers)


def _batch(table: Table) -> Batch:
    digits = [
        pl.col(field).str.replace_all(r"[ .]", "").str.zfill(length).alias(field)
        for field, length in (("rsin", 9), ("kvk", 8))
    ]
    rows = replace(table, frame=keep_row(table).with_columns(digits))
    rows, failed = set_aside(rows, _failures(table.date_format))
    frame = rows.frame.with_columns(
        *(parse_date(field, table.date_format).value.alias(field) for field in ("valid_from", "valid_until")),
        corporatie=pl.coalesce(pl.lit("rsin:") + pl.col("rsin"), pl.lit("kvk:") + pl.col("kvk")),
    )
    rows, doubled = drop_doubles(replace(rows, frame=frame), "corporatie", list(CORPORATIES.columns), _DOUBLE)
    issues = pl.concat([table.issues, failed, doubled]).sort("source_row", maintain_order=True)
    return Batch(
        CORPORATIES, rows.frame.select(CORPORATIES.schema.names()).cast(CORPORATIES.schema), issues, table.read
    )


def _failures(date_format: str | None) -> list[Failure]:
    return [
        Failure(
            "rsin",
            missing(("rsin", "kvk")),
            "geen_nummer",
            "Er is geen RSIN en geen KvK-nummer ingevuld. Op een naam wordt nooit gekoppeld: vul een nummer in.",
        ),
        Failure("rsin", ~passes_elfproef(pl.col("rsin")), "rsin", "'{kolom}' is geen geldig RSIN (elfproef)."),
        Failure(
            "kvk", ~pl.col("kvk").str.contains(r"^[0-9]{8}$"), "kvk", "'{kolom}' is geen KvK-nummer van acht cijfers."
        ),
        *day_failures(("valid_from", "valid_until"), date_format),
        order_failure(
            "valid_from", "valid_until", "Het einde ligt voor het begin. Verbeter een van beide.", date_format
        ),
    ]
