"""Aangewezen gebieden: what an ordinance designates as codes of the CBS or as postcodes, under its own code."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from importers.field_columns import drop_doubles, keep_row
from importers.readers import Failure, Table, check_columns, parse_date, read_table, set_aside
from importers.records import AANGEWEZEN_GEBIEDEN, Batch, Delivery
from importers.register_columns import day_failures, period_end, period_failures
from importers.source import Mapping, Source

_DATES: Final = ("valid_from", "valid_until", "tot_en_met")
_CBS: Final = r"^(?:GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8})$"
_POSTCODE: Final = r"^[1-9][0-9]{3}(?:[A-Z]{2})?$"
_DOUBLE: Final = (
    "Dit onderdeel staat meer dan eens bij hetzelfde gebied, met verschillende gegevens. Verwijder de verkeerde rij."
)


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The designated areas of one file (.xlsx or .csv). 'Tot' is exclusive, 'T/m' inclusive.

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    table = read_table(path, source, mapping=mapping)
    return Delivery(None, iter([_batch(table, source)]), headers=table.headers)


def _batch(table: Table, source: Source) -> Batch:
    rows = replace(table, frame=keep_row(table))
    fitting = [*_failures(), *day_failures(_DATES, table.date_format), *period_failures(table.date_format)]
    rows, failed = set_aside(rows, fitting)
    rows, empty = check_columns(rows, source)
    frame = rows.frame.with_columns(
        gebied_code=pl.col("gebied_code"),
        onderdeel=pl.coalesce(_code("cbs_code"), _code("postcode")),
        valid_from=parse_date("valid_from", table.date_format).value,
        valid_until=period_end(table.date_format),
    ).with_columns(sleutel=pl.concat_str("gebied_code", "onderdeel", "valid_from", separator="|"))
    rows, doubled = drop_doubles(replace(rows, frame=frame), "sleutel", list(AANGEWEZEN_GEBIEDEN.columns), _DOUBLE)
    issues = pl.concat([table.issues, failed, empty, doubled]).sort("source_row", maintain_order=True)
    frame = rows.frame.select(AANGEWEZEN_GEBIEDEN.schema.names()).cast(AANGEWEZEN_GEBIEDEN.schema)
    return Batch(AANGEWEZEN_GEBIEDEN, frame, issues, table.read)


def _code(field: str) -> pl.Expr:
    return pl.col(field).str.replace_all(" ", "", literal=True).str.to_uppercase()


def _failures() -> list[Failure]:
    return [
        Failure(
            "gebied_code",
            _code("gebied_code").str.contains(_CBS),
            "eigen_code",
            "'{kolom}' is een code van het CBS; zo'n gebied hoeft niet te worden aangewezen om in een verordening te "
            "staan. Geef het gebied een eigen code.",
        ),
        Failure(
            "cbs_code",
            ~_code("cbs_code").str.contains(_CBS),
            "cbs_code",
            "'{kolom}' is geen code van het CBS (GM, WK of BU met cijfers). Verbeter haar.",
        ),
        Failure(
            "postcode",
            ~_code("postcode").str.contains(_POSTCODE),
            "postcode",
            "'{kolom}' is geen postcode (1234 AB) en geen postcodegebied (1234). Verbeter haar.",
        ),
        Failure(
            "cbs_code",
            pl.col("cbs_code").is_null() == pl.col("postcode").is_null(),
            "onderdeel",
            "Vul óf een CBS-code óf een postcode in, op elke rij één onderdeel van het gebied.",
        ),
    ]
