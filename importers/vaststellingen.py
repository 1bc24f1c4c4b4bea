"""Vaststellingen: facts that no register holds, established by a person, with a period and the evidence."""

from dataclasses import replace
from pathlib import Path

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
from importers.readers import Failure, Table, check_columns, parse_date, parse_float, parse_int, read_table, set_aside
from importers.records import VASTSTELLINGEN, Batch, Delivery
from importers.source import Mapping, Source

_DATES = ("valid_from", "valid_until", "tot_en_met")
_FREE_TEXT = ("adres", "bewijs", "auteur")
_YES = ("ja", "j", "true", "waar")
_NO = ("nee", "n", "false", "onwaar")
_DOUBLE = (
    "Deze vaststelling staat meer dan eens in het bestand, met verschillende gegevens. Verwijder de verkeerde rij, of "
    "geef de ene een einde en de andere een later begin."
)


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The vaststellingen of one file (.xlsx or .csv). 'Tot' is exclusive, 'T/m' inclusive.

    ``waarde`` comes out in one form per kind of fact: ja or nee, a number with a decimal point, an ISO date, or a code
    of the list in ``vaststellingen.yml``.

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    table = read_table(path, source, mapping=mapping)
    return Delivery(None, iter([_batch(table, source)]), headers=table.headers)


def _batch(table: Table, source: Source) -> Batch:
    rows, removed = remove_bsns(table, _FREE_TEXT)
    rows = replace(rows, frame=keep_row(rows))
    rows, failed = set_aside(rows, [*address_failures(), *_period_failures(table.date_format)])
    rows, unknown = check_columns(rows, source)
    rows, wrong = set_aside(rows, _value_failures(source, table.date_format))
    issues = [table.issues, removed, failed, unknown, wrong, address_warnings(rows)]
    rows = replace(rows, frame=_values(rows, source))
    rows, doubled = drop_doubles(rows, "vaststelling", list(VASTSTELLINGEN.columns), _DOUBLE)
    issues.append(doubled)
    frame = rows.frame.select(VASTSTELLINGEN.schema.names()).cast(VASTSTELLINGEN.schema)
    return Batch(VASTSTELLINGEN, frame, pl.concat(issues).sort("source_row", maintain_order=True), table.read)


def _until(date_format: str | None) -> tuple[pl.Expr, pl.Expr]:
    """The exclusive end by 'Tot' and by 'T/m'."""
    inclusive = parse_date("tot_en_met", date_format).value
    return parse_date("valid_until", date_format).value, inclusive.dt.offset_by("1d")


def _period_failures(date_format: str | None) -> list[Failure]:
    until, through = _until(date_format)
    begin = parse_date("valid_from", date_format).value
    return [
        *(
            Failure(
                field,
                parse_date(field, date_format).failed,
                "datum",
                "'{kolom}' is geen datum (dd-mm-jjjj). Verbeter haar.",
            )
            for field in _DATES
        ),
        Failure(
            "valid_until",
            until != through,
            "einde_tegenstrijdig",
            "'Tot' (niet meegerekend) en 'T/m' (meegerekend) noemen een ander einde. Laat er één leeg.",
        ),
        Failure(
            "valid_until",
            pl.coalesce(until, through) <= begin,
            "einde_voor_begin",
            "Het einde ligt niet na het begin. 'Tot' telt zelf niet mee: één dag eindigt een dag later.",
        ),
    ]


def _kind(source: Source) -> pl.Expr:
    return pl.col("feit").replace_strict(source.lookups["soort_waarde"], default=None, return_dtype=pl.String)


def _value_failures(source: Source, date_format: str | None) -> list[Failure]:
    kind, text = _kind(source), pl.col("waarde").str.to_lowercase()
    number, area = parse_int("waarde"), parse_float("waarde")
    states = ", ".join(dict.fromkeys(source.lookups["staat"].values()))
    checks = (
        ("ja_nee", text.is_in([*_YES, *_NO]), "Bij dit feit hoort in '{kolom}' ja of nee."),
        (
            "aantal",
            number.value.is_between(1, 999).fill_null(value=False),
            "Bij dit feit hoort in '{kolom}' een heel getal vanaf 1.",
        ),
        (
            "m2",
            (area.value > 0).fill_null(value=False),
            "Bij dit feit hoort in '{kolom}' een oppervlakte in m2, groter dan 0.",
        ),
        (
            "datum",
            parse_date("waarde", date_format).value.is_not_null(),
            "Bij dit feit hoort in '{kolom}' een datum (dd-mm-jjjj).",
        ),
        ("staat", text.is_in(list(source.lookups["staat"])), f"Bij dit feit hoort in '{{kolom}}' een van: {states}."),
    )
    return [Failure("waarde", (kind == name) & ~fits, "waarde", message) for name, fits, message in checks]


def _values(table: Table, source: Source) -> pl.DataFrame:
    """Every column as a value; ``vaststelling`` is the key."""
    kind, text = _kind(source), pl.col("waarde").str.to_lowercase()
    value = (
        pl.when(kind == "ja_nee")
        .then(pl.when(text.is_in(_YES)).then(pl.lit("ja")).otherwise(pl.lit("nee")))
        .when(kind == "aantal")
        .then(parse_int("waarde").value.cast(pl.String))
        .when(kind == "m2")
        .then(parse_float("waarde").value.cast(pl.String).str.replace(r"\.0$", ""))
        .when(kind == "datum")
        .then(parse_date("waarde", table.date_format).value.dt.to_string("%Y-%m-%d"))
        .when(kind == "staat")
        .then(text.replace_strict(source.lookups["staat"], default=None, return_dtype=pl.String))
    )
    until, through = _until(table.date_format)
    frame = table.frame.with_columns(
        *address_columns(),
        value.alias("waarde"),
        parse_date("valid_from", table.date_format).value.alias("valid_from"),
        pl.coalesce(until, through).alias("valid_until"),
    )
    return derive_key(frame, "vaststelling", "vaststelling", ("feit", "valid_from"))
