"""Delimited text as a stream of chunks: exact line numbers, ragged lines apart, memory bounded, no object per row.

A chunk of text becomes a column of lines. Lines within quotes are joined to records; a record whose cells do not
match the header goes apart with its line number; the rest is parsed by Polars, needed columns only.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from importers.headers import HEADER_ROWS, HeaderRow
from registry.errors import SourceRefusedError

DELIMITERS = (";", ",", "\t", "|")
_CHUNK_BYTES = 4 * 1024 * 1024
_HEADER_TEXT = 256 * 1024
_MAX_OPEN_QUOTE = 64 * 1024 * 1024

LINE = "_line"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the file: the parsed cells (columns by position, and ``_line``), and the records that do not fit.

    ``ragged`` has ``_line``, ``text`` and ``reason`` (``cellen`` or ``aanhalingstekens``). ``read`` counts both;
    ``blank`` the records that hold delimiters only.
    """

    cells: pl.DataFrame
    ragged: pl.DataFrame
    read: int
    blank: int = 0


def iterate_text(path: Path, encoding: str) -> Iterator[str]:
    """The text in parts, with every line end as one newline.

    Raises:
        SourceRefusedError: a byte is not of the encoding; the text gives its line.
    """
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("strict"), translate=True)
    line = 1
    with path.open("rb") as file:
        while True:
            block = file.read(_CHUNK_BYTES)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                before = bytes(error.object[: error.start]).decode(encoding.removesuffix("-sig"), "replace")
                raise _undecodable(path, line + before.replace("\r\n", "\n").count("\n")) from error
            if "\x00" in text:
                raise SourceRefusedError(
                    f"Het bestand {path.name} bevat tekens die in een tabel niet voorkomen (nul-bytes). "
                    "Exporteer het opnieuw als csv (UTF-8)."
                )
            line += text.count("\n")
            if text:
                yield text
            if not block:
                return


def _undecodable(path: Path, line: int) -> SourceRefusedError:
    return SourceRefusedError(
        f"Het bestand {path.name} is geen UTF-8: regel {line} bevat een teken in een andere codering, "
        "waarschijnlijk Windows-1252. Bewaar het bestand opnieuw als 'CSV UTF-8'."
    )


def candidate_headers(path: Path, encoding: str) -> Iterator[HeaderRow]:
    """The first rows of the file under each delimiter, in order of row."""
    start = next(iterate_text(path, encoding), "")[:_HEADER_TEXT]
    for row_number in range(HEADER_ROWS):
        for delimiter in DELIMITERS:
            reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
            try:
                cells = next(islice(reader, row_number, None), None)
            except csv.Error:
                continue
            if cells and any(cell.strip() for cell in cells):
                yield HeaderRow(tuple(cells), delimiter, reader.line_num)


def iterate_chunks(path: Path, encoding: str, header: HeaderRow, positions: Sequence[int]) -> Iterator[Chunk]:
    """The records after the header row, chunk by chunk.

    Args:
        path: the file.
        encoding: its encoding.
        header: the header row.
        positions: the columns to keep, from 0; every other cell is dropped unread.

    Raises:
        SourceRefusedError: the text cannot be decoded, or a quote is never closed.
    """
    splitter = _RecordSplitter(path, header.delimiter)
    for records in splitter.split(iterate_text(path, encoding)):
        data = records.filter(pl.col(LINE) > header.last_line)
        filled = data.filter(~pl.col("blank"))
        if data.height:
            yield _parse(filled, header, positions, blank=data.height - filled.height)


class _RecordSplitter:
    """Splits text into records; keeps what is unfinished at the end of one part for the next."""

    def __init__(self, path: Path, delimiter: str) -> None:
        self.path = path
        border = re.escape(delimiter)
        self.opens = rf'(?:^|{border})[ \t]*"'
        self.closes = rf'"[ \t]*(?:{border}|$)'
        self.only_borders = rf'^[\s"{border}]*$'

    def split(self, parts: Iterator[str]) -> Iterator[pl.DataFrame]:
        """Frames of ``_line`` (first of the record), ``text``, ``stray`` (quotes in an unquoted cell) and ``blank``."""
        line, rest = 1, ""
        for part in parts:
            text, _, tail = (rest + part).rpartition("\n")
            if not text:
                rest = tail if not _ else "\n" + tail
                self._check_open(rest, line)
                continue
            records, open_text, next_line = self._records(text, line)
            yield records
            rest = f"{open_text}\n{tail}" if open_text is not None else tail
            self._check_open(rest, next_line)
            line = next_line
        if rest:
            records, open_text, next_line = self._records(rest, line)
            if open_text is not None:
                raise self._unclosed(next_line)
            yield records

    def _check_open(self, rest: str, line: int) -> None:
        if len(rest) > _MAX_OPEN_QUOTE:
            raise self._unclosed(line)

    def _unclosed(self, line: int) -> SourceRefusedError:
        return SourceRefusedError(
            f"{self.path.name}: het aanhalingsteken dat op regel {line} een cel opent, wordt nergens gesloten. "
            "Herstel die regel en lever opnieuw aan."
        )

    def _records(self, text: str, first_line: int) -> tuple[pl.DataFrame, str | None, int]:
        """Complete records, the text of an unfinished one, and the line at which the next part starts."""
        lines = (
            pl.DataFrame({"text": [text]})
            .select(pl.col("text").str.split("\n").explode())
            .with_columns(pl.int_range(first_line, first_line + pl.len(), dtype=pl.Int64).alias(LINE), stray=False)
        )
        open_text, next_line = None, first_line + lines.height
        if '"' in text:
            odd = lines.with_row_index("index").filter(pl.col("text").str.count_matches('"', literal=True) % 2 == 1)
            starts, stray, open_at = self._walk(odd, lines.height)
            lines = lines.with_columns(record=starts, stray=stray)
            if open_at is not None:
                open_text, next_line = "\n".join(lines["text"][open_at:]), first_line + open_at
                lines = lines[:open_at]
            lines = lines.group_by("record", maintain_order=True).agg(
                pl.col("text").str.join("\n"), pl.col(LINE).first(), pl.col("stray").any()
            )
        named = lines.filter(pl.col("text").str.contains(r"\S")).with_columns(
            blank=pl.col("text").str.contains(self.only_borders)
        )
        return named.select(LINE, "text", "stray", "blank"), open_text, next_line

    def _walk(self, odd: pl.DataFrame, height: int) -> tuple[pl.Series, pl.Series, int | None]:
        """The record of each line, stray quotes, and the line at which a quote still stands open.

        Only lines with an odd number of quotes open or close a cell of several lines, so only those are walked.
        """
        checked = odd.select(
            "index", pl.col("text").str.contains(self.opens), pl.col("text").str.contains(self.closes).alias("closes")
        )
        continued: list[tuple[int, int]] = []
        stray: list[int] = []
        open_at: int | None = None
        for index, opens, closes in checked.iter_rows():
            if open_at is None and opens:
                open_at = index
            elif open_at is not None and closes:
                continued.append((open_at, index))
                open_at = None
            else:
                stray.append(index)
        follows = pl.Series(
            [offset for first, last in continued for offset in range(first + 1, last + 1)], dtype=pl.Int64
        )
        numbers = pl.int_range(0, height, dtype=pl.Int64, eager=True)
        records = (~numbers.is_in(follows.implode())).cast(pl.Int64).cum_sum()
        return records, numbers.is_in(pl.Series(stray, dtype=pl.Int64).implode()), open_at


def _parse(records: pl.DataFrame, header: HeaderRow, positions: Sequence[int], *, blank: int) -> Chunk:
    border = re.escape(header.delimiter)
    cell = rf'(?:[ \t]*"(?:[^"]|"")*"[ \t]*|[^"{border}]*)'
    text = pl.col("text")
    quoted = text.str.contains('"', literal=True)
    unquoted = pl.when(quoted).then(text.str.replace_all(r'"[^"]*"', "")).otherwise(text)
    badly_quoted = pl.col("stray") | (quoted & ~text.str.contains(rf"^{cell}(?:{border}{cell})*$"))
    wrong_width = unquoted.str.count_matches(header.delimiter, literal=True) != len(header.cells) - 1
    judged = records.with_columns(
        reason=pl.when(badly_quoted).then(pl.lit("aanhalingstekens")).when(wrong_width).then(pl.lit("cellen"))
    )
    good = judged.filter(pl.col("reason").is_null())
    ragged = judged.filter(pl.col("reason").is_not_null()).select(LINE, "text", "reason")
    return Chunk(_parse_cells(good, header, positions), ragged, records.height, blank)


def _parse_cells(good: pl.DataFrame, header: HeaderRow, positions: Sequence[int]) -> pl.DataFrame:
    kept = sorted(positions)
    names = [str(position) for position in kept]
    if not good.height or not kept:
        empty = pl.DataFrame(schema=dict.fromkeys(names, pl.String) | {LINE: pl.Int64})
        return empty if not good.height else good.select(LINE)
    ambiguous = SourceRefusedError(
        f"De regels {good[LINE][0]} t/m {good[LINE][-1]} zijn niet eenduidig in cellen te verdelen. "
        "Exporteer het bestand opnieuw als csv (UTF-8) met aanhalingstekens om tekst."
    )
    try:
        parsed = pl.read_csv(
            io.BytesIO("\n".join(good["text"]).encode()),
            has_header=False,
            separator=header.delimiter,
            columns=kept,
            schema={str(position): pl.String for position in range(len(header.cells))},
        )
    except pl.exceptions.ComputeError as error:
        # Its text repeats the lines, which may be of persons.
        raise ambiguous from error
    if parsed.height != good.height:
        raise ambiguous
    return parsed.with_columns(good[LINE])
