"""Vergunningen: permits under the Huisvestingswet and requests for one, with what they allow and since when.

What is set aside and what goes in with a remark is written down in ``docs/bronnen/vergunningen.md``.
"""

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
    warn,
)
from importers.readers import Failure, Table, check_columns, missing, parse_date, read_table, set_aside
from importers.records import VERGUNNINGEN, Batch, Delivery
from importers.register_columns import (
    day_failures,
    order_failure,
    period_end,
    period_failures,
    person_columns,
    person_failures,
)
from importers.source import Mapping, Source

_DATES: Final = ("aangevraagd_op", "verlengd_op", "besluit_op", "valid_from", "valid_until", "tot_en_met")
_FREE_TEXT: Final = ("adres", "gebruiksvorm", "houder_naam", "vergunning")
_TIJDELIJK_MONTHS: Final = 12  # Huisvestingswet 2014 art. 41 lid 3 b
_DOUBLE: Final = (
    "Deze vergunning staat meer dan eens in het bestand, met verschillende gegevens. Verwijder de verkeerde rij, of "
    "geef elke vergunning een eigen zaaknummer."
)


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The permits of one file (.xlsx or .csv). 'Tot' is exclusive, 'T/m' inclusive.

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    table = read_table(path, source, mapping=mapping)
    return Delivery(None, iter([_batch(table, source)]), headers=table.headers)


def _batch(table: Table, source: Source) -> Batch:
    rows, removed = remove_bsns(table, _FREE_TEXT)
    rows = replace(rows, frame=keep_row(rows))
    fitting = [
        *address_failures(),
        *day_failures(_DATES, table.date_format),
        *period_failures(table.date_format),
        *person_failures("houder"),
    ]
    rows, failed = set_aside(rows, fitting)
    rows, unknown = check_columns(rows, source)
    rows, undated = set_aside(rows, _date_failures(table.date_format))
    rows = replace(rows, frame=_values(rows))
    issues = [table.issues, removed, failed, unknown, undated, address_warnings(rows), *_remarks(rows)]
    rows, doubled = drop_doubles(rows, "vergunning", list(VERGUNNINGEN.columns), _DOUBLE)
    frame = rows.frame.select(VERGUNNINGEN.schema.names()).cast(VERGUNNINGEN.schema)
    return Batch(VERGUNNINGEN, frame, pl.concat([*issues, doubled]).sort("source_row", maintain_order=True), table.read)


def _date_failures(date_format: str | None) -> list[Failure]:
    """A permit that cannot be placed in time would clear a dwelling for ever, or never."""
    granted, requested = pl.col("status") == "verleend", pl.col("status") == "aangevraagd"
    return [
        Failure(
            "besluit_op",
            missing(_DATES),
            "vergunning_zonder_datum",
            "Er staat geen enkele datum bij de vergunning. Vul de datum van de aanvraag, het besluit of de ingang in.",
        ),
        Failure(
            "besluit_op",
            granted & missing(("besluit_op", "valid_from")) & ~missing(_DATES),
            "verleend_zonder_datum",
            "De vergunning is verleend, maar het is niet bekend wanneer. Vul de datum van het besluit of de ingang in.",
        ),
        Failure(
            "aangevraagd_op",
            requested & pl.col("aangevraagd_op").is_null() & ~missing(_DATES),
            "aanvraag_zonder_datum",
            "Bij een aanvraag loopt een beslistermijn. Vul de datum van de aanvraag in.",
        ),
        order_failure(
            "aangevraagd_op",
            "besluit_op",
            "Het besluit ligt voor de aanvraag. Verbeter een van beide datums.",
            date_format,
        ),
        order_failure(
            "aangevraagd_op",
            "verlengd_op",
            "De verlenging ligt voor de aanvraag. Verbeter een van beide datums.",
            date_format,
        ),
    ]


def _values(table: Table) -> pl.DataFrame:
    """Every column as a value; ``vergunning`` is the key."""
    days = {field: parse_date(field, table.date_format).value.alias(field) for field in _DATES}
    begin = pl.coalesce(days["valid_from"], pl.when(pl.col("status") == "verleend").then(days["besluit_op"]))
    until = period_end(table.date_format)
    frame = table.frame.with_columns(
        *address_columns(),
        *person_columns("houder"),
        *(days[field] for field in ("aangevraagd_op", "verlengd_op", "besluit_op")),
        valid_from=begin,
        valid_until=until,
        ingang_genoemd=pl.col("valid_from").is_not_null(),
        adres_op=pl.coalesce(days["aangevraagd_op"], days["besluit_op"], begin, until),
    )
    # A request that becomes a permit keeps its first date, and with it its key.
    return derive_key(frame, "vergunning", "vergunning", ("soort", "adres_op"))


def _remarks(rows: Table) -> list[pl.DataFrame]:
    granted = pl.col("status") == "verleend"
    temporary = granted & (pl.col("grond") == "tijdelijk")
    longest = pl.col("valid_from").dt.offset_by(f"{_TIJDELIJK_MONTHS}mo")
    return [
        warn(
            rows,
            granted & ~pl.col("ingang_genoemd"),
            "ingang_van_besluit",
            "Er is geen ingangsdatum; de datum van het besluit is genomen.",
            "besluit_op",
        ),
        warn(
            rows,
            (pl.col("soort") == "opkoopbescherming") & granted & pl.col("grond").is_null(),
            "grond_onbekend",
            "Bij deze vergunning voor de opkoopbescherming is de grond niet bekend.",
            "grond",
        ),
        warn(
            rows,
            temporary & pl.col("valid_until").is_null(),
            "tijdelijk_zonder_einde",
            "Een vergunning voor tijdelijke verhuur geldt ten hoogste twaalf maanden, maar er is geen einddatum.",
            "valid_until",
        ),
        warn(
            rows,
            temporary & (pl.col("valid_until") > longest),
            "tijdelijk_te_lang",
            "Een vergunning voor tijdelijke verhuur geldt ten hoogste twaalf maanden; deze loopt langer.",
            "valid_until",
        ),
        warn(
            rows,
            (pl.col("status") == "ingetrokken") & pl.col("valid_from").is_not_null() & pl.col("valid_until").is_null(),
            "ingetrokken_zonder_einde",
            "De vergunning is ingetrokken, maar het is niet bekend per wanneer.",
            "valid_until",
        ),
    ]
