"""Sheets of an .xlsx as rows of canonical text: what a person sees in the cell, whatever type Excel gave it."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from registry.errors import SourceRefusedError

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
    try:
        with CalamineWorkbook.from_path(path) as workbook:
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
