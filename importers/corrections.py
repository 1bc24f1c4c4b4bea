"""A corrected export of set-aside rows: which rows it corrects, and what stands behind its masked cells."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from importers.delimited import LINE, candidate_headers, iterate_chunks
from importers.filekinds import WORKBOOK, detect_kind
from importers.headers import HEADER_ROWS, UITVAL, fold
from importers.tables import Table
from importers.workbooks import read_sheets
from registry.errors import SourceRefusedError

MASK: Final = "*********"  # what the export writes instead of a personal number (registry.logs.MASK)


def read_uitval(path: Path) -> dict[int, str]:
    """The line of each row that names what it corrects, and the number that it names.

    Empty when the file has no column ``uitval``, or is no table at all: its own reader says what is wrong with it.
    """
    try:
        kind = detect_kind(path)
        lines = _sheet_lines(path) if kind == WORKBOOK else _text_lines(path, kind)
        return {line: text.strip() for line, text in lines if text and text.strip()}
    except SourceRefusedError:
        return {}


def _text_lines(path: Path, kind: str) -> Iterator[tuple[int, str | None]]:
    for header in candidate_headers(path, kind):
        place = _place(header.cells)
        if place is not None:
            for chunk in iterate_chunks(path, kind, header, [place]):
                yield from chunk.cells.select(LINE, str(place)).iter_rows()
            return


def _sheet_lines(path: Path) -> Iterator[tuple[int, str | None]]:
    for rows in read_sheets(path, None).values():
        for number, row in enumerate(rows[:HEADER_ROWS], start=1):
            place = _place(row)
            if place is not None:
                yield from ((line, cells[place]) for line, cells in enumerate(rows[number:], start=number + 1))
                return


def _place(cells: list[str] | tuple[str, ...]) -> int | None:
    """Where the column ``uitval`` stands, if this is the header row of a table with more than that."""
    folded = [fold(cell) for cell in cells]
    return folded.index(UITVAL) if UITVAL in folded and len(folded) > 1 else None


class Restorer:
    """Puts back what the export masked, table by table in the order of the file.

    Args:
        kept: number of the set-aside row -> the kept row, as JSON object or as list of them in the order of the export.
    """

    def __init__(self, kept: Mapping[str, str]) -> None:
        self._kept = kept
        self._lines: dict[str, list[dict[str, str | None]]] = {}
        self._seen: dict[str, int] = defaultdict(int)

    def restore(self, table: Table) -> Table:
        """The table with the kept value in each masked cell.

        Raises:
            SourceRefusedError: a masked cell stands for nothing that was kept.
        """
        if UITVAL not in table.headers:
            return table
        originals = [self._original(number) for number in table.frame[UITVAL].to_list()]
        fields = {field: header for field, header in table.headers.items() if field in table.frame.columns}
        restored = [
            pl.Series(
                field,
                [
                    cell if cell is None or MASK not in cell else _unmasked(cell, header, kept, table, row)
                    for row, (cell, kept) in enumerate(zip(table.frame[field].to_list(), originals, strict=True))
                ],
                dtype=pl.String,
            )
            for field, header in fields.items()
            if table.frame[field].str.contains(MASK, literal=True).any()
        ]
        return replace(table, frame=table.frame.with_columns(restored))

    def _original(self, number: str | None) -> dict[str, str | None]:
        """The kept line that this row of the file corrects: the first row with its number the first, and so on."""
        if number is None or number not in self._kept:
            return {}
        if number not in self._lines:
            parsed = json.loads(self._kept[number])
            self._lines[number] = parsed if isinstance(parsed, list) else [parsed]
        place = self._seen[number]
        self._seen[number] += 1
        lines = self._lines[number]
        return lines[place] if place < len(lines) else {}


def _unmasked(cell: str, header: str, kept: dict[str, str | None], table: Table, row: int) -> str:
    original = kept.get(header)
    pattern = ".+?".join(re.escape(part) for part in cell.split(MASK))
    if original is None or not re.fullmatch(pattern, original, re.DOTALL):
        place = f"{table.frame['source_file'][row]}, regel {table.frame['source_row'][row]}, kolom '{header}'"
        raise SourceRefusedError(
            f"{place}: achter {MASK} staat geen bewaarde waarde van de opzij gezette rij die de kolom "
            f"'{UITVAL}' noemt. Typ de waarde zelf, of herstel het nummer in die kolom."
        )
    return original
