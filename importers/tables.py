"""A table as read from a file, and how rows that cannot go into the registry leave it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from importers.cells import Failure, parse_lookup
from importers.issues import ISSUE, Level, no_issues
from importers.source import Source


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one file, or a batch of them.

    ``frame`` has every field of the source (also those that the file lacks: null), ``uitval``, ``source_file`` and
    ``source_row``, all text but the last. ``headers`` gives the header in the file for the fields that it has.
    ``issues`` holds the lines that are no row (schema ``ISSUE``), ``ragged`` their number and first cell. ``read``
    counts rows and lines, ``blank`` the lines with delimiters only, which are in neither.
    """

    frame: pl.DataFrame
    headers: dict[str, str]
    issues: pl.DataFrame
    read: int
    date_format: str | None = None
    personal: bool = False
    ragged: pl.DataFrame | None = None
    blank: int = 0


def _as_read(field: str) -> str:
    """The column that keeps a field as it stood in the file, beside the canonical value of its code list."""
    return f"_as_read_{field}"


def row_json(headers: dict[str, str], columns: Sequence[str] = ()) -> pl.Expr:
    """Each row as the JSON object that a set-aside row is kept as: headers of the file, text of the cells.

    Args:
        headers: field to header; a field without a header is left out.
        columns: of the frame, so that a field that became canonical is kept as it was read.
    """
    return pl.struct(
        [
            pl.col(_as_read(field) if _as_read(field) in columns else field).alias(header)
            for field, header in headers.items()
            if header
        ]
    ).struct.json_encode()


def set_aside(table: Table, failures: Sequence[Failure]) -> tuple[Table, pl.DataFrame]:
    """Split a table in the rows that pass and issues for the rest: one issue per row and failure, in row order.

    The masks may use any column of ``table.frame``. The frame of the result has the passing rows only; the issues
    are those of the failures (``table.issues`` stays with the table).
    """
    if not failures:
        return table, no_issues()
    masks = [f"_failure_{number}" for number in range(len(failures))]
    judged = table.frame.with_columns(
        failure.mask.fill_null(value=False).alias(mask) for failure, mask in zip(failures, masks, strict=True)
    )
    issues = [
        judged.filter(pl.col(mask)).select(
            pl.lit(Level.UITVAL.value).alias("level"),
            pl.lit(failure.code).alias("code"),
            pl.lit(failure.text.replace("{kolom}", header)).alias("text"),
            "source_file",
            "source_row",
            pl.lit(header).alias("column"),
            (pl.col(failure.field) if failure.original else pl.lit(None, pl.String)).alias("original"),
            row_json(table.headers, judged.columns).alias("row"),
        )
        for failure, mask in zip(failures, masks, strict=True)
        for header in [table.headers.get(failure.field, failure.field)]
    ]
    passing = judged.filter(~pl.any_horizontal(masks)).drop(masks)
    found = pl.concat(issues).cast(ISSUE).sort("source_row", maintain_order=True)
    return replace(table, frame=passing), found


def check_columns(table: Table, source: Source) -> tuple[Table, pl.DataFrame]:
    """Apply what the source's .yml says of single cells: ``filled`` columns and code lists.

    Values of a code list come back in their canonical form; what was read stays in an own column, so that a row that
    is set aside later is kept as it was delivered. Rows that fail are set aside.
    """
    failures: list[Failure] = []
    canonical: list[pl.Expr] = []
    for column in source.columns:
        if column.filled:
            text = "De kolom '{kolom}' is leeg. Vul haar in."
            failures.append(Failure(column.field, pl.col(column.field).is_null(), "leeg", text))
        if column.lookup is not None:
            lookup = source.lookups[column.lookup]
            parsed = parse_lookup(column.field, lookup)
            values = ", ".join(dict.fromkeys(lookup.values()))
            text = f"De waarde in '{{kolom}}' is onbekend. Mogelijk zijn: {values}."
            failures.append(Failure(column.field, parsed.failed, "onbekende_waarde", text))
            canonical += [parsed.value.alias(column.field), pl.col(column.field).alias(_as_read(column.field))]
    passing, issues = set_aside(table, failures)
    return replace(passing, frame=passing.frame.with_columns(canonical)), issues
