"""Sheets of an .xlsx as rows of canonical text: what a person sees in the cell, whatever type Excel gave it."""

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from importers.zip_damage import refusing_damage
from registry.errors import SourceRefusedError

# One cell in the last corner would make the reader ask memory for all cells before it, and end the program.
_MAX_CELLS = 40_000_000
_MAX_SHEET_BYTES = 1024**3
_TAG = r"<(?:\w+:)?(?:c|row)[\s/][^<]*"
_ANY_PLACE, _PLACE = r"""[\s"']r\s*=""", r"""[\s"']r="([A-Z]{0,3}[0-9]{1,7})\""""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

Cell = str | int | float | bool | date | datetime | time | timedelta
EXPLANATION_SHEET = "toelichting"


def canonical_text(cell: Cell) -> str:  # noqa: PLR0911 (one return per type of cell)
    """A cell as text: ISO dates, times as UU:MM, whole numbers without .0, a decimal comma, booleans as ja or nee."""
    match cell:
        case str():
            return cell.strip()
        case bool():
            return "ja" if cell else "nee"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
        case time():
            return cell.isoformat(timespec="minutes")
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def read_sheets(path: Path, wanted: str | None) -> dict[str, list[list[str]]]:
    """The sheets with something in them, as rows of text; row n of the list is row n + 1 of the sheet.

    Args:
        path: the workbook.
        wanted: only this sheet; None gives all but the sheet Toelichting.

    Raises:
        SourceRefusedError: the workbook cannot be read, or has no such sheet.
    """
    _refuse_far_cells(path)
    try:
        # By content: a name that ends in .xlsb would make it look for another kind of workbook in the same file.
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            names = workbook.sheet_names
            chosen = [name for name in names if _is_wanted(name, wanted)]
            sheets = {name: _cells(workbook.get_sheet_by_name(name)) for name in chosen}
    except PasswordError as error:
        raise SourceRefusedError(
            f"De werkmap {path.name} is met een wachtwoord beveiligd. Bewaar haar zonder wachtwoord en lever haar "
            "opnieuw aan."
        ) from error
    except CalamineError as error:
        raise SourceRefusedError(
            f"De werkmap {path.name} is niet te lezen; zij is beschadigd of geen echte .xlsx. "
            "Open haar in uw rekenprogramma en bewaar haar opnieuw als .xlsx."
        ) from error
    if wanted is not None and not sheets:
        raise SourceRefusedError(f"De werkmap {path.name} heeft geen blad '{wanted}'. Bladen: {', '.join(names)}.")
    return {name: [[canonical_text(cell) for cell in row] for row in rows] for name, rows in sheets.items() if rows}


def _refuse_far_cells(path: Path) -> None:
    """Refuse a workbook whose cells span more than any delivery holds.

    Raises:
        SourceRefusedError: they do, or the zip is damaged.
    """
    damaged = SourceRefusedError(f"De werkmap {path.name} is beschadigd. Kopieer of exporteer haar opnieuw.")
    with refusing_damage(lambda _: damaged), zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/") and name.lower().endswith(".xml") and _spans_too_much(archive, name):
                raise SourceRefusedError(
                    f"In de werkmap {path.name} staat een cel ver van alle andere, of zij is te groot. Verwijder lege "
                    "rijen en kolommen achter de gegevens, of bewaar het blad als csv (UTF-8)."
                )


def _spans_too_much(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether the cells of a sheet span too much, or stand at a place that no program writes."""
    if archive.getinfo(name).file_size > _MAX_SHEET_BYTES:
        return True
    content = archive.read(name)
    if content.startswith(_UTF_16):
        return True
    if b"sheetData" not in content:
        return False
    tags = pl.Series([content.decode("latin-1")]).str.extract_all(_TAG).explode().drop_nulls()
    if (tags.str.count_matches(_ANY_PLACE) != tags.str.count_matches(_PLACE)).any():
        return True
    places = tags.str.extract(_PLACE).drop_nulls()
    rows = places.str.strip_chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ").cast(pl.Int64).max()
    letters = places.str.strip_chars("0123456789").unique()
    columns = max((_column(found) for found in letters), default=1)
    return isinstance(rows, int) and rows * columns > _MAX_CELLS


def _column(letters: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _cells(sheet: CalamineSheet) -> list[list[Cell]]:
    """The cells of a sheet; one that was merged over several rows stands in each of them, as a reader sees it.

    Of cells merged within a row the first holds the value: it says nothing of the columns beside it.
    """
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        for row in range(first + 1, min(last + 1, len(rows))):
            rows[row][column] = rows[first][column]
    return rows


def _is_wanted(name: str, wanted: str | None) -> bool:
    folded = name.strip().casefold()
    return folded != EXPLANATION_SHEET if wanted is None else folded == wanted.strip().casefold()
