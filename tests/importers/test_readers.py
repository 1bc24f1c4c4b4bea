"""Tables from files: what is read, under which line number, and what is refused with which advice."""

import csv
import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers import delimited
from importers.readers import (
    Failure,
    check_columns,
    open_table,
    parse_date,
    parse_float,
    parse_int,
    read_table,
    set_aside,
)
from importers.source import Mapping, Source, SourceColumn
from registry.errors import SourceRefusedError

SOURCE = Source(
    name="proef",
    title="Proef",
    levering="deel",
    columns=(
        SourceColumn(field="adres", headers=("Adres", "Straat en nummer"), required=True, filled=True),
        SourceColumn(field="aantal", headers=("Aantal",), required=True),
        SourceColumn(field="datum", headers=("Datum",)),
        SourceColumn(field="soort", headers=("Soort",), lookup="soorten"),
    ),
    refused=("Nationaliteit", "10.*"),
    ignored=("Dossier",),
    lookups={"soorten": {"w": "woning", "woning": "woning", "k": "kamer"}},
)


def _write(folder: Path, content: str | bytes, name: str = "tabel.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _workbook(folder: Path, sheets: dict[str, list[list[object]]], name: str = "tabel.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_reads_text_in_every_usual_form(tmp_path: Path, delimiter: str, encoding: str, end: str) -> None:
    lines = [("Adres", " AANTAL "), ("Hof 1 één", " 3 "), ("", ""), ("Hof 2", "")]
    path = _write(tmp_path, end.join(delimiter.join(line) for line in lines).encode(encoding))
    table = read_table(path, SOURCE)
    assert table.frame.select("adres", "aantal", "source_row").rows() == [("Hof 1 één", "3", 2), ("Hof 2", None, 4)]
    assert table.headers == {"adres": "Adres", "aantal": "AANTAL"}
    assert table.frame.columns == ["adres", "aantal", "datum", "soort", "uitval", "source_file", "source_row"]
    assert table.read == 2


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    text = 'Lijst van mei\n\nAdres;Aantal\n"Hof 1\nachter; links";1\n\nHof 2;2\n"Hof ""3""";3\n'
    frame = read_table(_write(tmp_path, text), SOURCE).frame
    assert frame.select("adres", "source_row").rows() == [("Hof 1\nachter; links", 4), ("Hof 2", 7), ('Hof "3"', 8)]


def test_lines_that_do_not_fit_are_set_aside_and_the_rest_is_kept(tmp_path: Path) -> None:
    text = 'Adres;Aantal\nHof 1;1;te veel\nHof 2\nHof 3;3\nraam 5" breed;4\nHof "5";5\nHof 6;6\n'
    table = read_table(_write(tmp_path, text), SOURCE)
    assert table.frame["adres"].to_list() == ["Hof 3", "Hof 6"]
    assert table.issues.select("code", "source_row", "level").rows() == [
        ("regel_cellen", 2, "uitval"),
        ("regel_cellen", 3, "uitval"),
        ("regel_aanhalingstekens", 5, "uitval"),
        ("regel_aanhalingstekens", 6, "uitval"),
    ]
    assert json.loads(table.issues["row"][0]) == {"regel": "Hof 1;1;te veel"}
    assert table.read == 6


def test_a_line_that_does_not_fit_keeps_no_text_where_a_column_is_refused(tmp_path: Path) -> None:
    table = read_table(_write(tmp_path, "Adres;Aantal;Nationaliteit\nHof 1;1;geheimland;x\n"), SOURCE)
    assert table.issues.height == 1
    assert "geheimland" not in str(table.issues.to_dicts())


def test_refused_columns_never_come_out(tmp_path: Path) -> None:
    table = read_table(_write(tmp_path, "adres;NATIONALITEIT;aantal;10.39.10\nHof 1;geheimland;1;x9x\n"), SOURCE)
    assert table.frame["adres"].to_list() == ["Hof 1"]
    assert set(table.headers) == {"adres", "aantal"}
    assert not {"geheimland", "x9x"} & set(table.frame.row(0))


@pytest.mark.parametrize("parts", [1, 7, 16])
def test_chunks_change_nothing(tmp_path: Path, parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f'"Hof {n}\nachter";{n}' if n % 3 else f"Plein {n} é;{n};" + "x" * (n % 2) for n in range(40)]
    path = _write(tmp_path, "Adres;Aantal\r\n" + "\r\n".join(rows))
    whole = read_table(path, SOURCE)
    header = len("Adres;Aantal\r\n")
    monkeypatch.setattr(delimited, "_CHUNK_BYTES", header + parts)
    pieces = read_table(path, SOURCE)
    assert len(list(open_table(path, SOURCE).batches())) > 1
    assert pieces.frame.equals(whole.frame)
    assert pieces.issues.equals(whole.issues)
    assert pieces.read == whole.read == 40


_cell = st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=12)


@settings(deadline=None)
@given(st.lists(st.tuples(_cell, _cell), max_size=12), st.sampled_from([";", ",", "\t"]))
def test_what_a_csv_writer_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], delimiter: str
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["Adres", "Aantal"])
    writer.writerows([f"a{first}", f"b{second}"] for first, second in rows)
    table = read_table(_write(tmp_path_factory.mktemp("csv"), buffer.getvalue()), SOURCE)
    trimmed = pl.DataFrame([(f"a{a}", f"b{b}") for a, b in rows], ["adres", "aantal"], orient="row").cast(pl.String)
    assert table.frame.select("adres", "aantal").rows() == trimmed.select(pl.all().str.strip_chars()).rows()
    assert table.issues.is_empty()


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ["leeg"]),
        (" \r\n\n", ["leeg"]),
        ("Adres;Aantal;Kleur\nHof;1;rood\n", ["'Kleur'", "Adres, Aantal", "--indeling"]),
        ("Adres;Datum\nHof;\n", ["'Aantal' ontbreekt"]),
        ("Adres;Aantal;aantal\nHof;1;2\n", ["'Aantal' (kolom 2)", "'aantal'"]),
        ("Adres;Aantal;\nHof;1;\nHof;1;los\n", ["kolom 3 heeft geen kop", "regel 3"]),
        ("Er was eens\neen verhaal\n", ["geen kopregel"]),
        ('Adres;Aantal\n"Hof;1\nHof;2\n', ["regel 2", "nergens gesloten"]),
        ("Adres;Aantal\nHof één;1\n".encode("cp1252"), ["regel 2", "Windows-1252", "CSV UTF-8"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), [".xls", ".xlsx"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), ["wachtwoord"]),
        ("<html><table><tr><td>Adres</td></tr></table></html>", ["webpagina"]),
        ('<?xml version="1.0"?><a/>', ["XML"]),
        (b"%PDF-1.7\nAdres;Aantal", ["andere soort"]),
        (b"Adres;Aantal\nHof;\x001\n", ["andere soort"]),
        (b"PK\x03\x04 afgebroken", ["beschadigd"]),
    ],
)
@pytest.mark.parametrize("name", ["lijst.csv", "lijst.xlsx"])
def test_refuses_with_advice(tmp_path: Path, content: str | bytes, parts: list[str], name: str) -> None:
    with pytest.raises(SourceRefusedError) as refused:
        read_table(_write(tmp_path, content, name), SOURCE)
    for part in [name, *parts]:
        assert part in str(refused.value)


def test_refuses_other_zips(tmp_path: Path) -> None:
    for member, advice in [("brief.txt", "zip-bestand"), ("content.xml", "OpenDocument")]:
        path = tmp_path / "lijst.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, "x")
        with pytest.raises(SourceRefusedError, match=advice):
            read_table(path, SOURCE)


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="niet te openen"):
        read_table(tmp_path / "weg.csv", SOURCE)


def test_a_late_bad_byte_is_found_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_CHUNK_BYTES", 64)
    path = _write(tmp_path, b"Adres;Aantal\r\n" + b"Hof 1;1\r\n" * 50 + b"Hof \xe9\xe9n;1\r\n")
    with pytest.raises(SourceRefusedError, match="regel 52"):
        list(open_table(path, SOURCE).batches())


def test_ignored_columns_may_be_doubled(tmp_path: Path) -> None:
    table = read_table(_write(tmp_path, "Adres;dossier;Dossier;Aantal\nHof;x;y;1\n"), SOURCE)
    assert table.frame.select("adres", "aantal").rows() == [("Hof", "1")]


def test_an_indeling_names_columns_ignores_others_and_cannot_bring_refused_ones(tmp_path: Path) -> None:
    path = _write(tmp_path, "Adr.;Adres;Kleur;Aantal\nHof 1;oud;rood;2\n")
    table = read_table(path, SOURCE, mapping=Mapping({"adr.": "adres"}, "dd/mm/jjjj", ("kleur",)))
    assert table.frame.select("adres", "aantal").rows() == [("Hof 1", "2")]
    assert table.headers["adres"] == "Adr."
    assert table.date_format == "dd/mm/jjjj"
    with pytest.raises(SourceRefusedError, match="niet verwerkt mogen worden: nationaliteit"):
        read_table(path, SOURCE, mapping=Mapping({"Nationaliteit": "adres"}))


def test_a_workbook_gives_what_a_person_sees(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Lijst"],
        [],
        ["Adres", "Aantal", "Datum", "Uitval", None],
        ["Hof 1", 3, dt.date(2024, 5, 6), 12, None],
        [None, None, None, None, None],
        [7, 2.5, dt.datetime(2024, 5, 6, 13, 45), None, None],
        [True, None, dt.time(9, 5), None, " "],
    ]
    path = _workbook(tmp_path, {"Toelichting": [["Adres", "Aantal"]], "Lijsten": [["x"]], "Mei": rows, "Leeg": []})
    table = read_table(path, SOURCE)
    assert table.frame.select("adres", "aantal", "datum", "uitval", "source_row").rows() == [
        ("Hof 1", "3", "2024-05-06", "12", 4),
        ("7", "2,5", "2024-05-06 13:45", None, 6),
        ("ja", None, "09:05", None, 7),
    ]
    assert set(table.frame["source_file"]) == {"tabel.xlsx, blad Mei"}


def test_a_workbook_with_two_fitting_sheets_asks_which(tmp_path: Path) -> None:
    path = _workbook(tmp_path, {"Mei": [["Adres", "Aantal"], ["a", 1]], "Juni": [["Adres", "Aantal"], ["b", 1]]})
    with pytest.raises(SourceRefusedError, match="Mei, Juni"):
        read_table(path, SOURCE)
    assert read_table(path, SOURCE, sheet="juni").frame["adres"].to_list() == ["b"]
    with pytest.raises(SourceRefusedError, match="geen blad 'Juli'"):
        read_table(path, SOURCE, sheet="Juli")


def test_a_workbook_with_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="blad Mei: onbekende kolom 'Kleur'"):
        read_table(_workbook(tmp_path, {"Mei": [["Adres", "Aantal", "Kleur"], ["a", 1, "x"]]}), SOURCE)
    with pytest.raises(SourceRefusedError, match="leeg"):
        read_table(_workbook(tmp_path, {"Mei": []}), SOURCE)


def test_huge_cells_are_fine(tmp_path: Path) -> None:
    cell = "regel\n" * 200_000
    table = read_table(_write(tmp_path, f'Adres;Aantal\n"{cell}";1\nHof;2\n'), SOURCE)
    assert table.frame["source_row"].to_list() == [2, 200_003]
    assert len(table.frame["adres"][0]) == 6 * 200_000 - 1


def _values(values: list[str | None], kind: str, date_format: str | None = None) -> list[tuple[object, bool]]:
    parsed = {
        "int": parse_int("a"),
        "float": parse_float("a"),
        "date": parse_date("a", date_format),
    }[kind]
    frame = pl.DataFrame({"a": values}, schema={"a": pl.String})
    return frame.select(parsed.value.alias("value"), parsed.failed.alias("failed")).rows()


def test_numbers() -> None:
    assert _values(["3", "-4", "007", None, "3,5", "drie", "1 2", "9" * 16], "int") == [
        (3, False), (-4, False), (7, False), (None, False), (None, True), (None, True), (None, True), (None, True),
    ]  # fmt: skip
    assert _values(["65,5", "65.5", "1.234,5", "12.345.678", "0.125", "1.234", "1,2,3", "", "inf"], "float") == [
        (65.5, False), (65.5, False), (1234.5, False), (12345678.0, False), (0.125, False), (None, True), (None, True),
        (None, True), (None, True),
    ]  # fmt: skip


def test_dates() -> None:
    may = dt.date(2024, 5, 6)
    assert _values(["2024-05-06", "2024-05-06 13:45", "06-05-2024", "6-5-2024", None], "date") == [
        (may, False), (may, False), (may, False), (may, False), (None, False),
    ]  # fmt: skip
    wrong: list[str | None] = ["31-02-2024", "06-05-24", "45418", "6 mei", "2024-13-01", "05/06/2024"]
    assert _values(wrong, "date") == [(None, True)] * 6
    assert _values(["05/06/2024", "2024-05-06", "06-05-2024"], "date", "mm/dd/jjjj") == [
        (dt.date(2024, 5, 6), False), (may, False), (None, True),
    ]  # fmt: skip
    assert _values(["06/05/24"], "date", "%d/%m/%y") == [(may, False)]
    assert _values(["06/05/24"], "date", "dd/mm/jjjj") == [(None, True)]


@settings(deadline=None)
@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_day_survives_both_ways_of_writing(day: dt.date) -> None:
    texts: list[str | None] = [
        day.isoformat(),
        f"{day.day:02}-{day.month:02}-{day.year}",
        f"{day.day}-{day.month}-{day.year}",
    ]
    assert _values(texts, "date") == [(day, False)] * 3


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_every_number_survives_the_decimal_comma(whole: int, hundredths: int) -> None:
    assert _values([f"{whole},{hundredths:02}"], "float") == [(float(f"{whole}.{hundredths:02}"), False)]


def test_rows_that_fail_are_kept_whole_beside_the_table(tmp_path: Path) -> None:
    path = _write(tmp_path, "Straat en nummer;Aantal;Soort;Nationaliteit\nHof 1;x;W;q\n;2;z;q\nHof 3;3;k;q\n")
    table, issues = check_columns(read_table(path, SOURCE), SOURCE)
    number = parse_int("aantal")
    table, more = set_aside(table, [Failure("aantal", number.failed, "geen_getal", "'{kolom}' is geen getal.")])
    assert table.frame.select("adres", "soort").rows() == [("Hof 3", "kamer")]
    assert issues.select("code", "source_row", "column", "original").rows() == [
        ("leeg", 3, "Straat en nummer", None),
        ("onbekende_waarde", 3, "Soort", "z"),
    ]
    assert more.select("text", "source_row", "original").rows() == [("'Aantal' is geen getal.", 2, "x")]
    assert json.loads(more["row"][0]) == {"Straat en nummer": "Hof 1", "Aantal": "x", "Soort": "W"}
    assert "'q'" not in str([issues.rows(), more.rows()])
