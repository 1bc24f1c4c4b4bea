"""What is written is what is read back, by two readers, and nothing that a source says becomes a formula."""

import errno
import re
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import debian
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from registry.errors import ExportError
from registry.exports import workbook as workbook_module
from registry.exports.cells import CUT_NOTE, MAX_TEXT, Kind, Sheet, clean_text
from registry.exports.notes import Notes, SourceNote
from registry.exports.workbook import ColumnSpec, write_table, write_workbook

CREATED = datetime(2026, 11, 24, 9, 30)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x";"y")', "=cmd|'/c calc'!A1"]
NASTY = [
    "0606010000000001",
    "007",
    "1e5",
    "1-2",
    "#N/A",
    "#REF!",
    "TRUE",
    "'x",
    " x ",
    "_x0041_",
    "_x000D_",
    "<b>&",
    "😀",
]

own_settings = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(path: Path, kind: Kind, values: Sequence[object]) -> Path:
    write_table(path, "Blad", [ColumnSpec("Kop", kind)], ([value] for value in values), created=CREATED)
    return path


def by_calamine(path: Path) -> list[object]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [row[0] for row in rows[1:]]


def by_openpyxl(path: Path) -> list[object]:
    page = openpyxl.load_workbook(path).worksheets[0]
    return [row[0].value for row in page.iter_rows(min_row=2)]


def cells(path: Path) -> Iterator[etree._Element]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                yield from etree.fromstring(archive.read(name)).iter(f"{MAIN}c")


@own_settings
@given(text=st.text(min_size=1, max_size=60) | st.sampled_from(NASTY + FORMULAS))
def test_any_text_comes_back_as_the_cell_can_hold_it(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "t.xlsx", "text", [text])
    assert by_calamine(path) == [clean_text(text)]
    # openpyxl does not undo the escape of ST_Xstring in inline strings; Excel, LibreOffice and calamine do.
    assert [str(value).replace("_x005F_", "_") for value in by_openpyxl(path)] == [clean_text(text)]


@own_settings
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_cleaning_changes_nothing_that_a_cell_can_hold(text: str) -> None:
    assert clean_text(text) == text


@own_settings
@given(
    number=st.integers(-(10**15) + 1, 10**15 - 1)
    | st.decimals(-(10**9), 10**9, places=4).filter(lambda value: value == 0 or abs(value) >= Decimal("0.0001"))
)
def test_any_number_of_fifteen_digits_comes_back_exactly(tmp_path: Path, number: int | Decimal) -> None:
    path = write(tmp_path / "n.xlsx", "decimal", [number])
    assert by_calamine(path) == by_openpyxl(path) == [float(number)]


@own_settings
@given(number=st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_float_keeps_fifteen_digits(tmp_path: Path, number: float) -> None:
    (value,) = by_calamine(write(tmp_path / "n.xlsx", "decimal", [number]))
    assert value == pytest.approx(number, rel=1e-15, abs=1e-300)


@own_settings
@given(day=st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_any_day_comes_back_as_a_day(tmp_path: Path, day: date) -> None:
    path = write(tmp_path / "d.xlsx", "date", [day])
    assert by_calamine(path) == [day]
    assert by_openpyxl(path) == [datetime(day.year, day.month, day.day)]


@own_settings
@given(moment=st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)))
def test_a_moment_comes_back_to_the_second(tmp_path: Path, moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    path = write(tmp_path / "m.xlsx", "datetime", [moment])
    (value,) = by_openpyxl(path)
    assert abs(value - moment).total_seconds() < 0.001  # type: ignore[operator]


def test_what_excel_would_change_stays_text(tmp_path: Path) -> None:
    assert by_calamine(write(tmp_path / "a.xlsx", "integer", [10**16, "12", True])) == ["1" + "0" * 16, "12", "ja"]
    assert by_calamine(write(tmp_path / "b.xlsx", "date", [date(1899, 12, 31), "20100000"])) == [
        "31-12-1899",
        "20100000",
    ]
    assert by_calamine(write(tmp_path / "c.xlsx", "text", [["a", "b"], 7, None, False])) == ["a, b", "7", "", "nee"]


def test_a_number_that_is_none_and_a_moment_with_a_zone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="geen getal"):
        write(tmp_path / "a.xlsx", "decimal", [float("nan")])
    with pytest.raises(ValueError, match="time zone"):
        write(tmp_path / "b.xlsx", "datetime", [datetime(2026, 1, 1, tzinfo=UTC)])
    assert list(tmp_path.iterdir()) == []


def test_control_characters_are_visible_and_long_texts_say_that_they_are_cut(tmp_path: Path) -> None:
    long = "é" * 40_000
    first, second, third = by_calamine(
        write(tmp_path / "t.xlsx", "text", ["a\x00b\x1bc\r\nd\ufffe", long, "😀" * 20_000])
    )
    assert first == "a␀b␛c\nd�"
    assert isinstance(second, str)
    assert len(second) == MAX_TEXT
    assert second.endswith(CUT_NOTE)
    assert isinstance(third, str)
    assert len(third.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert third.endswith(CUT_NOTE)


@pytest.mark.parametrize("kind", ["text", "integer", "decimal", "date", "datetime", "boolean", "choice"])
def test_no_cell_is_a_formula_in_the_raw_xml(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "f.xlsx"
    column = ColumnSpec("=1+1", kind, help="=2", unit="@x", source="+y", choices=("=3", "-z"), fill_in=True)
    notes = Notes("=4", "=5", CREATED, {"=6": "=7"}, [SourceNote("=8", None, "=9")], ["=10"])
    write_table(path, "Blad", [column], ([text] for text in FORMULAS), created=CREATED, notes=notes)
    found = list(cells(path))
    texts = [cell for cell in found if "".join(cell.itertext()).strip()]
    assert len(texts) > len(FORMULAS)
    assert not [cell for cell in found if cell.find(f"{MAIN}f") is not None]
    assert {cell.get("t") for cell in texts} == {"inlineStr"}


def test_a_text_that_looks_like_a_formula_keeps_its_quote_mark(tmp_path: Path) -> None:
    path = write(tmp_path / "f.xlsx", "text", [*FORMULAS, "gewoon"])
    with zipfile.ZipFile(path) as archive:
        styles = etree.fromstring(archive.read("xl/styles.xml")).find(f"{MAIN}cellXfs")
        rows = list(etree.fromstring(archive.read("xl/worksheets/sheet1.xml")).iter(f"{MAIN}c"))
    assert styles is not None
    quoted = [styles[int(cell.get("s", "0"))].get("quotePrefix") == "1" for cell in rows[1:]]
    assert quoted == [True] * len(FORMULAS) + [False]


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    notes = Notes("Titel", "tester", CREATED)
    for name in ("a.xlsx", "b.xlsx"):
        write_table(tmp_path / name, "B", [ColumnSpec("K", choices=("x",))], [["x"]], created=CREATED, notes=notes)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_sheet_is_laid_out_for_screen_and_paper(tmp_path: Path) -> None:
    columns = [
        ColumnSpec("BAG-id", width=19),
        ColumnSpec("Aantal", "integer", fill_in=True),
        ColumnSpec("Resultaat", "choice", choices=("Niet thuis, geen reactie", 'Zegt "nee"'), fill_in=True),
        ColumnSpec("Datum", "date", fill_in=True),
    ]
    rows = [["0606010000000001", None, None, None]] * 3
    sheet = Sheet("Blad & lijst", columns, rows, freeze_columns=1, large_paper=True, pages_wide=2)
    assert write_workbook(tmp_path / "a.xlsx", [sheet], created=CREATED) == {"Blad & lijst": 3}
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    page = book.worksheets[0]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == "A1:D4"
    assert page.column_dimensions["A"].width == 19
    assert page.page_setup.orientation == "landscape"
    assert (page.page_setup.paperSize, page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (8, 2, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.print_title_rows, page.print_title_cols) == ("$1:$1", "$A:$A")
    assert page.oddFooter.right.text == "Pagina &P van &N"
    assert page["A2"].number_format == "@"
    assert page["D2"].number_format == "dd-mm-yyyy"
    checks = {str(check.sqref): check for check in page.data_validations.dataValidation}
    assert {area: check.type for area, check in checks.items()} == {"B2:B4": "whole", "C2:C4": "list", "D2:D4": "date"}
    title, first, last = re.fullmatch(r"(\w+)!\$A\$(\d+):\$A\$(\d+)", checks["C2:C4"].formula1).groups()  # type: ignore[union-attr]
    choices = tuple(book[title][f"A{row}"].value for row in range(int(first), int(last) + 1))
    assert choices == columns[2].choices
    assert (book.properties.created, book.properties.modified) == (CREATED, CREATED)


def test_a_row_is_high_enough_for_its_longest_text(tmp_path: Path) -> None:
    columns = [ColumnSpec("A", width=20), ColumnSpec("B", width=20)]
    rows = [["kort", "kort"], ["kort", "woord " * 20], ["kort", "a\nb\nc"], ["kort", "x" * 40_000]]
    sheets = [Sheet("Vrij", columns, rows), Sheet("Vast", columns, rows[:2], row_height=50)]
    write_workbook(tmp_path / "a.xlsx", sheets, created=CREATED)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [book["Vrij"].row_dimensions[row].height for row in range(2, 6)] == [None, 105, 45, 409]
    assert [book["Vast"].row_dimensions[row].height for row in (2, 3)] == [50, 105]


def test_the_toelichting_tells_who_when_from_what_and_what_columns_mean(tmp_path: Path) -> None:
    notes = Notes(
        "Werklijst", "A. Tester", CREATED, {"Buurt": "Oost"}, [SourceNote("BAG", date(2026, 1, 8))], ["Geen besluit."]
    )
    columns = [ColumnSpec("Norm", help="Vereiste oppervlakte.", unit="m2", source="Besluit")]
    write_table(tmp_path / "a.xlsx", "Blad", columns, [], created=CREATED, notes=notes)
    rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("Toelichting").to_python()
    for line in (
        ["Werklijst", "", "", ""],
        ["Geen besluit.", "", "", ""],
        ["Door", "A. Tester", "", ""],
        ["Op", "24-11-2026 09:30", "", ""],
        ["Aantal rijen op blad Blad", "0", "", ""],
        ["Buurt", "Oost", "", ""],
        ["BAG", "08-01-2026", "", ""],
        ["Norm", "Vereiste oppervlakte.", "m2", "Besluit"],
    ):
        assert line in rows
    assert by_calamine(tmp_path / "a.xlsx") == ["Er zijn geen rijen."]


def test_a_failure_halfway_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(parts))
    target = tmp_path / "lijst.xlsx"
    target.write_bytes(b"oud")

    def rows() -> Iterator[list[object]]:
        yield ["x"]
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ExportError, match="de schijf is vol"):
        write_table(target, "Blad", [ColumnSpec("K")], rows(), created=CREATED)
    assert target.read_bytes() == b"oud"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["lijst.xlsx", "parts"]


def test_a_wrong_place_is_said_in_dutch(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="de map bestaat niet"):
        write(tmp_path / "weg" / "a.xlsx", "text", ["x"])
    (tmp_path / "map.xlsx").mkdir()
    with pytest.raises(ExportError, match="staat een map"):
        write(tmp_path / "map.xlsx", "text", ["x"])
    assert [path.name for path in tmp_path.iterdir()] == ["map.xlsx"]


def test_more_rows_than_a_sheet_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_module, "MAX_ROWS", 3)
    with pytest.raises(ExportError, match="meer dan 3 rijen"):
        write(tmp_path / "a.xlsx", "text", ["x"] * 4)
    assert list(tmp_path.iterdir()) == []


LIMITED = """
import resource, signal, sys, tempfile
from datetime import datetime
from pathlib import Path
from registry.errors import ExportError
from registry.exports.workbook import ColumnSpec, write_table

target, parts, size = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
tempfile.tempdir = parts
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
rows = ([f"{number * 7919:x}"] for number in range(20_000))
try:
    write_table(target, "Blad", [ColumnSpec("K")], rows, created=datetime(2026, 1, 1))
except ExportError as error:
    print(error)
"""


def test_a_disk_that_fills_up_is_said_in_dutch_and_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands in for a full disk: the same refusal of the same write."""
    parts = tmp_path / "parts"
    parts.mkdir()
    target = tmp_path / "lijst.xlsx"
    command = [sys.executable, "-c", LIMITED, str(target), str(parts), "100000"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert "is niet geschreven: het bestand wordt groter dan hier mag." in done.stdout
    assert done.stderr == ""
    assert not target.exists()
    assert list(parts.iterdir()) == []


def peak_memory(path: Path, rows: int) -> int:
    """Bytes at the highest point while a sheet with high rows is written; its zip is not counted, it goes to disk."""
    columns = [ColumnSpec("A", width=10), ColumnSpec("B", "date", fill_in=True)]
    values = ([f"een lange tekst {number}", date(2026, 1, 1)] for number in range(rows))
    tracemalloc.start()
    write_table(path, "Blad", columns, values, created=CREATED)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peak_memory(tmp_path / "warm.xlsx", 10)
    small, large = (peak_memory(tmp_path / f"{rows}.xlsx", rows) for rows in (300, 1_500))
    assert large < small + 50_000


def test_libreoffice_opens_it_and_sees_the_same(tmp_path: Path) -> None:
    try:
        soffice = debian.find_program("soffice", "libreoffice-calc")
    except debian.NotInstalledError as error:
        pytest.skip(f"geen LibreOffice: {error}")
    texts = [text for text in [*NASTY, *FORMULAS] if "\r" not in text and "\n" not in text and "\t" not in text]
    path = write(tmp_path / "a.xlsx", "text", texts)
    profile = f"-env:UserInstallation=file://{tmp_path}/profiel"
    options = ["--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76", "--outdir", str(tmp_path)]
    subprocess.run([soffice, profile, *options, str(path)], check=True, capture_output=True, timeout=120)
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [line.removeprefix('"').removesuffix('"').replace('""', '"') for line in lines] == texts
