"""What the sheets of a workbook are made of: columns, and values made safe and true to type for one cell."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from registry.errors import ExportError

Kind = Literal["text", "integer", "decimal", "date", "datetime", "boolean", "choice"]
CellValue = str | int | float | Decimal | date | datetime | None

MAX_TEXT = 32_767  # characters in one cell (ECMA-376, Excel specifications and limits)
CUT_NOTE = " … [ingekort: de tekst past niet in één cel]"
SAFE_DIGITS = 15  # Excel keeps 15 significant digits; a longer number would change silently

# Excel reads a text that starts like this as a formula as soon as somebody edits the cell (OWASP: CSV injection).
# The apostrophe is Excel's own quote mark and would vanish in the same way.
RISKY_START = ("=", "+", "-", "@", "\t", "\r", "\n", "'")

_FIRST_EXCEL_DAY = date(1900, 3, 1)  # before it Excel counts a 29 February 1900 that never was
_CONTROL = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}  # ␀ and its neighbours
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of a sheet, written once: its values, its looks and its line in the sheet Toelichting.

    Attributes:
        header: Dutch heading, unique in its sheet.
        kind: type of the values; a value of another type is shown as text, never bent.
        width: column width in characters.
        help: Dutch meaning of the column.
        unit: unit of the values, for instance ``m2``.
        source: register or rule that the values come from.
        choices: values of the drop-down list; empty means no list.
        fill_in: the reader fills this column in; it is coloured and its input is checked.
        emphasis: values that are shown bold.
        link: gives the place in this workbook (``Bronnen!A5``) to which a value leads; null leads nowhere.
    """

    header: str
    kind: Kind = "text"
    width: int = 14
    help: str = ""
    unit: str = ""
    source: str = ""
    choices: tuple[str, ...] = ()
    fill_in: bool = False
    emphasis: tuple[str, ...] = ()
    link: Callable[[object], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a header row, then rows that are taken one by one.

    Attributes:
        title: name of the sheet, at most 31 characters.
        columns: the columns in order.
        rows: values in the order of ``columns``; read once, never held in memory.
        empty_text: what the sheet says when there are no rows.
        freeze_columns: columns that stay in view and are repeated on every printed page.
        row_height: height of every row in points, for writing by hand; null lets the program choose.
        large_paper: print on A3 instead of A4.
        pages_wide: pages beside each other over which the columns are spread in print.
        table: the rows are a table of Excel, with a name, that formulas and pivot tables can refer to.
        banner: a line above every printed page, such as a classification.
    """

    title: str
    columns: Sequence[ColumnSpec]
    rows: Iterable[Sequence[object]]
    empty_text: str = "Er zijn geen rijen."
    freeze_columns: int = 0
    row_height: float | None = None
    large_paper: bool = False
    pages_wide: int = 1
    table: bool = False
    banner: str = ""


def clean_text(text: str) -> str:
    r"""The text as a cell can hold it: equal to the input unless XML or Excel cannot carry it.

    Line ends become ``\n``; control characters become their visible picture (``␀``), other characters that XML
    forbids become ``�``; a text over ``MAX_TEXT`` is cut and says so.
    """
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)
        text = _UNWRITABLE.sub("\ufffd", text)
    return _cut(text) if len(text) > MAX_TEXT // 8 else text


def _cut(text: str) -> str:
    """The text within the limit, which counts UTF-16 units and (in openpyxl) the escapes of ``escape_text`` too."""
    limit = MAX_TEXT - len("x005F_") * len(_ESCAPE.findall(text))
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * limit:
        return text
    return encoded[: 2 * (limit - len(CUT_NOTE))].decode("utf-16-le", "ignore") + CUT_NOTE


def escape_text(text: str) -> str:
    """The text with ``_x0041_`` written so that a spreadsheet program does not decode it (ECMA-376 ST_Xstring)."""
    return _ESCAPE.sub("_x005F_", text) if "_x" in text else text


def count_lines(value: object, width: int) -> int:
    """About how many lines a value takes in a column of so many characters, wrapping between words."""
    if not isinstance(value, str) or (len(value) < width and "\n" not in value):
        return 1
    return sum(1 + max(len(part) - 1, 0) // max(width - 2, 1) for part in value.split("\n"))


def as_text(value: object) -> str | None:
    """Any value as readable Dutch text; null and the empty text are an empty cell."""
    if value is None or isinstance(value, str):
        text = value or ""
    elif isinstance(value, bool):
        text = "ja" if value else "nee"
    elif isinstance(value, datetime):
        text = value.strftime("%d-%m-%Y %H:%M")
    elif isinstance(value, date):
        text = value.strftime("%d-%m-%Y")
    elif isinstance(value, Sequence):
        text = ", ".join(filter(None, map(as_text, value)))
    else:
        text = str(value)
    return clean_text(text) or None


def as_number(value: object) -> CellValue:
    """A number that Excel can hold exactly enough; a longer one stays text, so that no digit changes unseen.

    Raises:
        ExportError: the number is infinite or not a number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return as_text(value)
    if isinstance(value, int):
        return value if abs(value) < 10**SAFE_DIGITS else str(value)
    if not math.isfinite(value):
        raise ExportError("Een getal in de uitvoer is oneindig of geen getal. Controleer de berekening van die kolom.")
    if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > SAFE_DIGITS:
        return str(value)
    return value


def as_date(value: object) -> CellValue:
    """A day; one before March 1900, which Excel cannot count, becomes text."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date) and value >= _FIRST_EXCEL_DAY:
        return value
    return as_text(value)


def as_moment(value: object) -> CellValue:
    """A moment in Dutch local time.

    Raises:
        ValueError: the moment carries a time zone; Excel has none, the caller must choose the local time.
    """
    if not isinstance(value, datetime):
        return as_date(value)
    if value.tzinfo is not None:
        raise ValueError("a cell holds local time: strip the time zone after converting")
    return value if value.date() >= _FIRST_EXCEL_DAY else as_text(value)


CONVERT: dict[Kind, Callable[[object], CellValue]] = {
    "text": as_text,
    "integer": as_number,
    "decimal": as_number,
    "date": as_date,
    "datetime": as_moment,
    "boolean": as_text,
    "choice": as_text,
}
