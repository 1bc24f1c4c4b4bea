"""Text tables (.csv, .txt) and workbooks (.xlsx) as rows of text, with an exact header check.

What comes out has a column per field of the source, trimmed, with blanks as null, and the row number that a person
sees in the file. Columns that the source refuses never leave this module. What is wrong with the file as a whole
raises ``SourceRefusedError``, also halfway; a line that does not fit becomes an issue.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from importers.cells import (
    Failure,
    Parsed,
    missing,
    parse_date,
    parse_float,
    parse_int,
    parse_lookup,
    strptime_format,
)
from importers.corrections import Restorer
from importers.delimited import LINE, Chunk, candidate_headers, iterate_chunks
from importers.filekinds import WORKBOOK, detect_kind
from importers.headers import HEADER_ROWS, UITVAL, HeaderCheck, HeaderRow, Layout
from importers.issues import Level, no_issues
from importers.records import PROVENANCE
from importers.source import Mapping, Source
from importers.tables import Table, check_columns, row_json, set_aside
from importers.workbooks import read_sheets
from registry.errors import SourceRefusedError

__all__ = [
    "UITVAL",
    "Failure",
    "Parsed",
    "Table",
    "TableReader",
    "check_columns",
    "first_rows",
    "missing",
    "open_table",
    "parse_date",
    "parse_float",
    "parse_int",
    "parse_lookup",
    "read_table",
    "row_json",
    "set_aside",
    "strptime_format",
]

_RAGGED_TEXT = {
    "cellen": (
        "De regel heeft een ander aantal cellen dan de kopregel. Herstel de scheidingstekens en lever hem opnieuw aan."
    ),
    "aanhalingstekens": (
        "De aanhalingstekens in de regel kloppen niet. Zet de cel tussen aanhalingstekens en verdubbel die erbinnen."
    ),
}


@dataclass(frozen=True, slots=True)
class TableReader:
    """An opened table: the header is checked, the rows come when asked.

    ``read`` gives the rows as often as it is called; a set of fields limits it to those (the others are null).
    """

    source_file: str
    headers: dict[str, str]
    read: Callable[[Collection[str] | None], Iterator[Table]]

    def batches(self, only: Collection[str] | None = None) -> Iterator[Table]:
        """The rows from the start, batch by batch."""
        return self.read(only)


def read_table(
    path: Path,
    source: Source,
    *,
    mapping: Mapping | None = None,
    sheet: str | None = None,
    unnamed_first: str | None = None,
) -> Table:
    """The whole table at once; for sources of a size that fits in memory. Arguments and errors as ``open_table``."""
    reader = open_table(path, source, mapping=mapping, sheet=sheet, unnamed_first=unnamed_first)
    parts = list(reader.batches())
    ragged = [part.ragged for part in parts if part.ragged is not None]
    return Table(
        pl.concat([part.frame for part in parts]) if parts else pl.DataFrame(schema=_schema(source, unnamed_first)),
        reader.headers,
        pl.concat([part.issues for part in parts]) if parts else no_issues(),
        sum(part.read for part in parts),
        mapping.date_format if mapping else None,
        source.personal,
        pl.concat(ragged) if ragged else None,
        sum(part.blank for part in parts),
    )


def open_table(
    path: Path,
    source: Source,
    *,
    mapping: Mapping | None = None,
    sheet: str | None = None,
    unnamed_first: str | None = None,
) -> TableReader:
    """Check the header of a table and give its rows as a stream.

    Args:
        path: .csv or .txt (UTF-8 or UTF-16 with BOM; ``;``, ``,``, tab or ``|``) or .xlsx, told apart by content.
        source: whose columns it must have.
        mapping: the municipality's own column names.
        sheet: of a workbook; None takes the one sheet whose headers fit.
        unnamed_first: the field of column 1 when it has no header.

    Raises:
        SourceRefusedError: the file cannot be read, or its columns are not exactly those of the source.
    """
    check = HeaderCheck(source, mapping, unnamed_first)
    kind = detect_kind(path)
    if kind == WORKBOOK:
        return _open_workbook(path, check, mapping, sheet)
    header = check.choose(candidate_headers(path, kind), path.name)
    layout = check.layout(header.cells, path.name)
    shape = _Shape(path.name, check, layout, mapping)

    def read(only: Collection[str] | None) -> Iterator[Table]:
        narrowed = shape.narrowed(only)
        positions = [*narrowed.layout.positions.values(), *layout.unnamed]
        restorer = Restorer(mapping.kept if mapping else {})
        for chunk in iterate_chunks(path, kind, header, positions):
            yield restorer.restore(narrowed.table(chunk))

    return TableReader(path.name, layout.headers, read)


def first_rows(path: Path) -> list[tuple[str, ...]]:
    """The rows in which a header may stand, under every delimiter and of every sheet: to tell shapes of a source apart.

    Raises:
        SourceRefusedError: the file cannot be read.
    """
    kind = detect_kind(path)
    if kind == WORKBOOK:
        return [tuple(row) for rows in read_sheets(path, None).values() for row in rows[:HEADER_ROWS]]
    return [header.cells for header in candidate_headers(path, kind)]


def _open_workbook(path: Path, check: HeaderCheck, mapping: Mapping | None, sheet: str | None) -> TableReader:
    sheets = read_sheets(path, sheet)
    candidates = {
        name: [HeaderRow(tuple(row), "", number) for number, row in enumerate(rows[:HEADER_ROWS], 1) if any(row)]
        for name, rows in sheets.items()
    }
    if not any(candidates.values()):
        raise SourceRefusedError(f"De werkmap {path.name} is leeg. Lever haar opnieuw aan.")
    chosen = _choose_sheet(check, candidates, path.name)
    source_file = f"{path.name}, blad {chosen}"
    header = check.choose(candidates[chosen], source_file)
    layout = check.layout(header.cells, source_file)
    shape = _Shape(source_file, check, layout, mapping)

    def read(only: Collection[str] | None) -> Iterator[Table]:
        restorer = Restorer(mapping.kept if mapping else {})
        yield restorer.restore(shape.narrowed(only).table(_sheet_chunk(sheets[chosen], header.last_line, layout)))

    return TableReader(source_file, layout.headers, read)


def _choose_sheet(check: HeaderCheck, candidates: dict[str, list[HeaderRow]], workbook: str) -> str:
    """The one sheet whose headers fit; else the one that comes nearest."""
    scores = {
        name: check.score(header.cells)
        for name, rows in candidates.items()
        for header in [check.best(rows)]
        if header is not None
    }
    fitting = [name for name, (complete, _) in scores.items() if complete]
    if len(fitting) > 1:
        raise SourceRefusedError(
            f"In de werkmap {workbook} passen meer bladen: {', '.join(fitting)}. Zet alle rijen op één blad, of bewaar "
            "elk blad als eigen bestand."
        )
    return max(scores, key=scores.__getitem__) if scores else next(name for name, rows in candidates.items() if rows)


def _sheet_chunk(rows: Sequence[Sequence[str]], header_line: int, layout: Layout) -> Chunk:
    numbered = [(number, row) for number, row in enumerate(rows[header_line:], start=header_line + 1) if any(row)]
    positions = sorted({*layout.positions.values(), *layout.unnamed})
    cells = pl.DataFrame(
        {str(position): [row[position] for _, row in numbered] for position in positions}
        | {LINE: [number for number, _ in numbered]},
        schema=dict.fromkeys(map(str, positions), pl.String) | {LINE: pl.Int64},
    )
    return Chunk(cells, pl.DataFrame(schema={LINE: pl.Int64, "text": pl.String, "reason": pl.String}), len(numbered))


def _schema(source: Source, unnamed_first: str | None) -> dict[str, pl.DataType]:
    fields = [column.field for column in source.columns]
    if unnamed_first is not None and unnamed_first not in fields:
        fields.append(unnamed_first)
    return dict.fromkeys([*fields, UITVAL], pl.String()) | PROVENANCE


@dataclass(frozen=True, slots=True)
class _Shape:
    """Makes tables of the chunks of one file."""

    source_file: str
    check: HeaderCheck
    layout: Layout
    mapping: Mapping | None

    def narrowed(self, only: Collection[str] | None) -> "_Shape":
        """The same for fewer fields."""
        if only is None:
            return self
        positions = {field: position for field, position in self.layout.positions.items() if field in only}
        return replace(self, layout=replace(self.layout, positions=positions))

    def table(self, chunk: Chunk) -> Table:
        source = self.check.source
        texts = chunk.cells.with_columns(_trimmed(pl.col(pl.String)))
        self._require_unnamed_empty(texts)
        present = self.layout.positions
        schema = _schema(source, self.check.unnamed_first)
        frame = texts.select(
            *(
                pl.col(str(present[field])).alias(field) if field in present else pl.lit(None, pl.String).alias(field)
                for field in schema
                if field not in PROVENANCE
            ),
            pl.lit(self.source_file).alias("source_file"),
            pl.col(LINE).alias("source_row"),
        )
        return Table(
            frame,
            self.layout.headers,
            self._ragged_issues(chunk.ragged),
            chunk.read,
            self.mapping.date_format if self.mapping else None,
            source.personal,
            chunk.ragged.select(
                pl.col(LINE).alias("source_row"), first_cell=pl.col("text").str.extract(r'^[ \t"]*([^;,\t|"]*)')
            ),
            chunk.blank,
        )

    def _require_unnamed_empty(self, texts: pl.DataFrame) -> None:
        for position in self.layout.unnamed:
            filled = texts.filter(pl.col(str(position)).is_not_null())
            if filled.height:
                raise SourceRefusedError(
                    f"{self.source_file}: kolom {position + 1} heeft geen kop, maar wel een waarde op regel "
                    f"{filled[LINE][0]}. Geef de kolom een kop of maak haar leeg."
                )

    def _ragged_issues(self, ragged: pl.DataFrame) -> pl.DataFrame:
        if not ragged.height:
            return no_issues()
        # Which cell is which cannot be told, so personal data and refused columns cannot be left out: keep no text.
        unsafe = self.check.source.personal or self.layout.refused
        text = pl.lit(None, pl.String) if unsafe else pl.col("text")
        return ragged.select(
            pl.lit(Level.UITVAL.value).alias("level"),
            ("regel_" + pl.col("reason")).alias("code"),
            pl.col("reason").replace_strict(_RAGGED_TEXT, return_dtype=pl.String).alias("text"),
            pl.lit(self.source_file).alias("source_file"),
            pl.col(LINE).alias("source_row"),
            pl.lit(None, pl.String).alias("column"),
            text.alias("original"),
            pl.struct(text.alias("regel")).struct.json_encode().alias("row"),
        )


def _trimmed(text: pl.Expr) -> pl.Expr:
    stripped = text.str.strip_chars()
    return pl.when(stripped != "").then(stripped).name.keep()
