"""The only writer of .xlsx: rows stream to disk, types are true, no formulas, equal input gives equal bytes.

A workbook is written beside its target and takes its place at the end, so that a reader never meets half a file and
a failure leaves the old one.
"""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml.etree import LxmlError
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.writer.excel import ExcelWriter

from registry.errors import ExportError
from registry.exports.cells import CONVERT, RISKY_START, ColumnSpec, Sheet, clean_text, count_lines, escape_text
from registry.exports.files import SteadyZip, replacing
from registry.exports.notes import NOTES_TITLE, Line, Notes, NoteStyle, note_lines
from registry.exports.tables import add_table

__all__ = ["ColumnSpec", "Notes", "Sheet", "write_table", "write_workbook"]

MAX_ROWS = 1_048_575  # of a sheet, without its header
_FORMATS = {"text": "@", "choice": "@", "boolean": "@", "integer": "0", "decimal": "General"}
_FORMATS |= {"date": "dd-mm-yyyy", "datetime": "dd-mm-yyyy hh:mm"}
_A3, _A4 = 8, 9
_LINE_HEIGHT, _MAX_HEIGHT = 15.0, 409.0  # points; the second is Excel's own limit

_LINE = Side(style="thin", color="D0D7DE")
_ROW_BORDER = Border(bottom=_LINE)
_GRID_BORDER = Border(bottom=_LINE, top=_LINE, left=_LINE, right=_LINE)
_HEADER_FILL = PatternFill("solid", fgColor="1F4E79")
_FILL_IN_HEADER_FILL = PatternFill("solid", fgColor="7F6000")
_FILL_IN_FILL = PatternFill("solid", fgColor="FFF8E1")
_FONT = "Calibri"  # metrics that LibreOffice and tablets have too, as Carlito
_PLAIN_FONT = Font(name=_FONT, size=11)
_BOLD_FONT = Font(name=_FONT, size=11, bold=True)
_LINK_FONT = Font(name=_FONT, size=11, underline="single", color="0563C1")
_WHITE_BOLD = Font(name=_FONT, size=11, bold=True, color="FFFFFF")
_CENTRED = ("integer", "decimal", "date", "datetime")


def write_table(
    path: Path,
    title: str,
    columns: Sequence[ColumnSpec],
    rows: Iterable[Sequence[object]],
    *,
    created: datetime,
    notes: Notes | None = None,
) -> int:
    """Write one sheet (and a sheet Toelichting when ``notes`` are given); the number of rows written.

    Raises:
        ExportError: as ``write_workbook``.
    """
    return write_workbook(path, [Sheet(title, columns, rows)], created=created, notes=notes)[title]


def write_workbook(
    path: Path, sheets: Sequence[Sheet], *, created: datetime, notes: Notes | None = None
) -> dict[str, int]:
    """Write the sheets in order and a sheet Toelichting last; the number of rows per sheet.

    Args:
        path: the .xlsx to make or to replace.
        sheets: at least one; the first is the one that opens.
        created: moment that goes into the file's properties, in Dutch local time.
        notes: what the sheet Toelichting says besides the columns; null leaves the sheet out.

    Raises:
        ExportError: the folder is absent, the disk full, the target open elsewhere, or a sheet has too many rows.
    """
    with replacing(path) as temporary:
        book = Workbook(write_only=True)
        book.properties.creator = "Woonregister"
        book.properties.created = book.properties.modified = created.replace(tzinfo=None, microsecond=0)
        book.properties.title = clean_text(sheets[0].title)
        try:
            pages = [_ReadyRows.of(book, sheet) for sheet in sheets]
            counts = {sheet.title: _write_rows(page, sheet) for page, sheet in zip(pages, sheets, strict=True)}
            lines, lists = note_lines(notes, [(sheet.title, sheet.columns, counts[sheet.title]) for sheet in sheets])
            if notes or lists:
                _write_notes(_ReadyRows.of(book, replace(_NOTES, banner=sheets[0].banner)), lines)
            for page, sheet in zip(pages, sheets, strict=True):
                _finish(page, sheet, max(counts[sheet.title], 1) + 1, lists)
            with SteadyZip(temporary, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
                ExcelWriter(book, archive).write_data()
        except BaseException:
            _discard_parts(book)
            raise
    return counts


def _discard_parts(book: Workbook) -> None:
    """Remove the part files of an unfinished workbook now: openpyxl keeps them until the process ends."""
    for sheet in book.worksheets:
        page: Any = sheet
        writer = page._writer  # noqa: SLF001
        # The streams must end before the file goes; on a full disk they cannot, and that is already being told.
        with suppress(LxmlError, OSError):
            if not page.closed:
                page.close()
        with suppress(LxmlError, OSError):
            writer.xf.close()
        if Path(writer.out).exists():
            writer.cleanup()


class _ReadyRows(WriteOnlyWorksheet):
    """A sheet that is only given cells: openpyxl's own test of every value costs a third of the time."""

    @classmethod
    def of(cls, book: Any, sheet: Sheet) -> Any:
        """A page of the book, laid out: view and print set-up must be complete before the first row goes out."""
        page = cls(book, clean_text(sheet.title))
        book._add_sheet(page)  # noqa: SLF001  # what create_sheet does, with our class
        _lay_out(page, sheet)
        return page

    def _values_to_row(self, values: Iterable[Cell], row_idx: int) -> Iterator[Cell]:
        for column, cell in enumerate(values, 1):
            cell.row, cell.column = row_idx, column
            if cell.hyperlink is not None:
                cell.hyperlink.ref = cell.coordinate
            yield cell


def _write_rows(page: Any, sheet: Sheet) -> int:
    page.append(_header(page, sheet.columns))
    writers = [_CellWriter(page, column) for column in sheet.columns]
    count = 0
    for row in sheet.rows:
        count += 1
        if count > MAX_ROWS:
            raise ExportError(f"Het blad {sheet.title} krijgt meer dan {MAX_ROWS} rijen. Maak een kleinere selectie.")
        _append(page, count + 1, [writer.cell(value) for writer, value in zip(writers, row, strict=True)], sheet)
    if count == 0:
        page.append([_text_cell(page, sheet.empty_text)])
    return count


def _append(page: Any, number: int, cells: list[Cell], sheet: Sheet) -> None:
    """Send a row on its way, high enough for its texts: not every program finds that height by itself."""
    lines = max(count_lines(cell.value, column.width) for cell, column in zip(cells, sheet.columns, strict=True))
    height = max(lines * _LINE_HEIGHT if lines > 1 else 0, sheet.row_height or 0)
    if not height:
        page.append(cells)
        return
    page.row_dimensions[number].height = min(height, _MAX_HEIGHT)
    page.append(cells)
    del page.row_dimensions[number]  # already written; kept, they would fill memory on a long sheet


def _finish(page: Any, sheet: Sheet, last_row: int, lists: dict[tuple[str, ...], range]) -> None:
    """What stands behind the rows: filter, drop-down lists, checks of numbers and dates that the reader fills in."""
    area = f"A1:{get_column_letter(len(sheet.columns))}{last_row}"
    if sheet.table:
        add_table(page, sheet, area)  # a table has a filter of its own
    else:
        page.auto_filter.ref = area
    for number, column in enumerate(sheet.columns, 1):
        check = _validation(column, lists)
        if check is not None:
            letter = get_column_letter(number)
            check.add(f"{letter}2:{letter}{last_row}")
            page.data_validations.append(check)


def _lay_out(page: Any, sheet: Sheet) -> None:
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A3 if sheet.large_paper else _A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = sheet.pages_wide, 0
    page.page_setup.pageOrder = "overThenDown"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top = page.page_margins.bottom = 0.75
    page.page_margins.header = page.page_margins.footer = 0.3
    page.oddHeader.left.text = clean_text(sheet.title).replace("&", "&&")
    page.oddHeader.right.text = clean_text(sheet.banner).replace("&", "&&")
    page.oddFooter.left.text = "Woonregister"
    page.oddFooter.right.text = "Pagina &P van &N"
    if sheet.title != NOTES_TITLE:
        page.freeze_panes = f"{get_column_letter(sheet.freeze_columns + 1)}2"
        page.print_title_rows = "1:1"
    if sheet.freeze_columns:
        page.print_title_cols = f"A:{get_column_letter(sheet.freeze_columns)}"


def _header(page: Any, columns: Sequence[ColumnSpec]) -> list[Cell]:
    page.row_dimensions[1].height = 45
    cells = []
    for column in columns:
        cell = _text_cell(page, column.header)
        cell.font = _WHITE_BOLD
        cell.fill = _FILL_IN_HEADER_FILL if column.fill_in else _HEADER_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.border = _GRID_BORDER
        cells.append(cell)
    return cells


class _CellWriter:
    """Makes the cells of one column. The same cell objects serve every row: a row leaves before the next one comes."""

    def __init__(self, page: Any, column: ColumnSpec) -> None:
        self._convert = CONVERT[column.kind]
        self._emphasis = frozenset(column.emphasis)
        self._link = column.link
        self._plain = self._template(page, column)
        self._quoted = _same_style(self._plain, page)
        self._quoted.quotePrefix = True
        self._bold = _same_style(self._plain, page)
        self._bold.font = _BOLD_FONT

    @staticmethod
    def _template(page: Any, column: ColumnSpec) -> Cell:
        cell: Cell = WriteOnlyCell(page)
        cell.number_format = _FORMATS[column.kind]
        cell.font = _PLAIN_FONT
        centred = "center" if column.kind in _CENTRED else None
        cell.alignment = Alignment(horizontal=centred, wrap_text=True, vertical="top")
        cell.border = _GRID_BORDER if column.fill_in else _ROW_BORDER
        if column.fill_in:
            cell.fill = _FILL_IN_FILL
        return cell

    def cell(self, value: object) -> Cell:
        """The cell for a value, which may lead to another place in the workbook."""
        cell: Any = self._filled(value)
        if self._link is not None:
            place = self._link(value)
            # Its own setter takes every target for an address outside the workbook.
            cell._hyperlink = None if place is None else Hyperlink(ref="", location=place)  # noqa: SLF001
            cell.font = _PLAIN_FONT if place is None else _LINK_FONT
        made: Cell = cell
        return made

    def _filled(self, value: object) -> Cell:
        """Text is always of the string type, so that no program computes it."""
        converted = self._convert(value)
        if not isinstance(converted, str):
            self._plain.value = converted
            return self._plain
        if converted.startswith(RISKY_START):
            cell = self._quoted
        elif converted in self._emphasis:
            cell = self._bold
        else:
            cell = self._plain
        cell.value = escape_text(converted)
        cell.data_type = "s"
        return cell


def _same_style(cell: Cell, page: Any) -> Cell:
    twin: Cell = WriteOnlyCell(page)
    for name in ("font", "number_format", "alignment", "border", "fill"):
        setattr(twin, name, copy(getattr(cell, name)))
    return twin


def _text_cell(page: Any, text: str) -> Cell:
    cell: Cell = WriteOnlyCell(page)
    cell.value = escape_text(clean_text(text))
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(RISKY_START)
    return cell


def _validation(column: ColumnSpec, lists: dict[tuple[str, ...], range]) -> DataValidation | None:
    if column.choices:
        # A list inside the rule itself would stop at 255 characters; one on a sheet of its own would pass for data.
        area = f"{NOTES_TITLE}!$A${lists[column.choices][0]}:$A${lists[column.choices][-1]}"
        check = DataValidation("list", formula1=area)
        check.error = "Kies een waarde uit de lijst."
    elif not column.fill_in or column.kind not in ("integer", "decimal", "date"):
        return None
    elif column.kind == "date":
        check = DataValidation("date", operator="greaterThan", formula1="36526")  # 1 January 2000
        check.error = "Vul een datum in, bijvoorbeeld 31-12-2026."
    else:
        check = DataValidation("whole" if column.kind == "integer" else "decimal", operator="greaterThanOrEqual")
        check.formula1 = "0"
        check.error = "Vul een getal in van 0 of meer."
    check.errorTitle = column.header[:32]
    check.allow_blank = check.showErrorMessage = True
    if column.fill_in and column.help:
        check.promptTitle, check.prompt = column.header[:32], column.help[:255]
        check.showInputMessage = True
    return check


_NOTE_FONTS: dict[NoteStyle, Font] = {
    "title": Font(name=_FONT, size=16, bold=True, color="1F4E79"),
    "section": Font(name=_FONT, size=12, bold=True, color="1F4E79"),
    "head": _BOLD_FONT,
    "text": _PLAIN_FONT,
}
_NOTES = Sheet(NOTES_TITLE, [ColumnSpec("", width=width) for width in (34, 84, 16, 24)], ())


def _write_notes(page: Any, lines: Sequence[Line]) -> None:
    widths = [column.width for column in _NOTES.columns]
    for number, (style, texts) in enumerate(lines, 1):
        cells = [_text_cell(page, text) for text in texts]
        high = max(map(count_lines, texts, widths)) if len(texts) > 1 else 1
        if high > 1 or style == "title":
            page.row_dimensions[number].height = max(high * _LINE_HEIGHT, 24.0)
        for cell in cells:
            cell.font = _NOTE_FONTS[style]
            # A line of one text runs on over the empty cells beside it; a line of several is a table.
            cell.alignment = Alignment(wrap_text=len(cells) > 1, vertical="top")
            cell.border = _ROW_BORDER if len(cells) > 1 else Border()
        page.append(cells)
