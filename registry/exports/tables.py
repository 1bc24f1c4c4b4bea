"""A range of a sheet as a table of Excel: a name, striped rows, a filter, and headings that formulas can use."""

import re
from typing import Any

from openpyxl.worksheet.table import Table, TableStyleInfo

from registry.exports.cells import Sheet, clean_text, escape_text

_STYLE = "TableStyleLight1"  # stripes only: heading and borders are those of every sheet


def add_table(page: Any, sheet: Sheet, area: str) -> None:
    """Make the rows of a page a table; the writer does not look back, so that it is told its headings here.

    Args:
        page: the sheet as openpyxl writes it.
        sheet: what is on it; its headings are unique.
        area: heading and rows, for instance ``A1:C9``.
    """
    table: Any = Table(displayName=table_name(sheet.title), ref=area)
    table._initialise_columns()  # noqa: SLF001  # what openpyxl does itself for a sheet that it can read back
    for column, spec in zip(table.tableColumns, sheet.columns, strict=True):
        column.name = escape_text(clean_text(spec.header))
    table.tableStyleInfo = TableStyleInfo(name=_STYLE, showRowStripes=True)
    page._tables.add(table)  # noqa: SLF001  # add_table only warns that the columns must be given, as they are above


def table_name(title: str) -> str:
    """A name as Excel allows it: letters, digits and underscores, and nothing that looks like a cell."""
    return f"tabel_{re.sub('[^a-z0-9]+', '_', title.casefold()).strip('_')}"
