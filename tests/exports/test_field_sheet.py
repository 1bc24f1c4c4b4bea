"""What an inspector takes along: enough to visit, nothing that tells why; and what is filled in comes back as typed."""

import base64
import hashlib
import json
import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from day_list import CLEARED, DAY, day_list, row
from hypothesis import given, settings
from hypothesis import strategies as st

from importers import inspecties
from importers.records import BEZOEKREDENEN
from importers.source import load_source
from registry.exports.field_sheet import write_field_form, write_print_page
from registry.exports.route_map import draw_route, map_points
from registry.exports.worklist import write_field_workbook
from registry.worklists.definitions import result_labels, worklist_columns
from registry.worklists.doors import list_doors, visit_fields
from registry.worklists.opened import OpenedList

MADE = datetime(2026, 11, 25, 10, 0)
SOURCE = load_source("inspecties")
LABELS = result_labels(SOURCE)


def form_of(tmp_path: Path, opened: OpenedList, **options: Any) -> str:
    path = write_field_form(tmp_path / "form.html", opened, list_doors(opened, **options))
    return path.read_text(encoding="utf-8")


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="gegevens">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_more_cases_of_one_dwelling_are_one_door(tmp_path: Path) -> None:
    second = row(4, adresseerbaar_object_id="0606010000000001", regel="omzetting", adres="Singel 1", stop="singel 1")
    [door, *others] = list_doors(day_list(row(1), second, row(2)))
    assert door.row_ids == (1, 4)
    assert door.subjects == ("Overbewoning", "Omzetting")
    assert len(door.bewijzen) == 2
    assert [other.number for other in others] == [2]


def test_the_phone_file_asks_nothing_of_any_network(tmp_path: Path) -> None:
    opened = day_list()
    picture = draw_route(opened, [shapely.box(87_010, 436_000, 87_030, 436_010)], source="Panden: BAG.")
    path = write_field_form(tmp_path / "form.html", opened, list_doors(opened), picture)
    text = path.read_text(encoding="utf-8")
    markup = re.sub(r"data:image/svg[^\"]*", "", text)
    assert re.findall(r"(?:https?:)?//[a-z]", markup.replace("// ", "")) == []
    assert re.findall(r"<(?:link|iframe|script src)", text) == []
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)[0]
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)[0]
    for part in (script, style):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert base64.b64encode(picture.svg).decode() in text
    assert "Singel 2" in picture.description


def test_nothing_at_the_door_tells_an_outcome_or_who_was_drawn_by_lot(tmp_path: Path) -> None:
    drawn = row(2, is_control=True, bewijs=CLEARED.bewijs, receipt=CLEARED.to_json())
    opened = day_list(row(1), drawn, receipts={2: CLEARED})
    first, second = list_doors(opened)
    assert (first.facts, first.subjects, first.changed) == (second.facts, second.subjects, second.changed)
    assert first.facts == ("Ingeschreven personen: 8", "Gebruiksoppervlakte: 70.5 m2", "Laatste inspectie: 01-03-2025")
    text = form_of(tmp_path, opened)
    for told in ("geen_signaal", "geen signaal", "getalsnorm", "hoog", "Urgentie", "steekproef", "meer dan de 70"):
        assert told not in text
    book = write_field_workbook(tmp_path / "lijst.xlsx", opened, list_doors(opened), made_by="x", made_at=MADE)
    page = openpyxl.load_workbook(book.path).worksheets[0]
    cells = {str(cell.value) for line in page.iter_rows() for cell in line}
    assert cells.isdisjoint({"Uitkomst", "Urgentie", "signaal", "geen signaal", "hoog", "Toelichting"})


def test_names_stand_on_it_only_when_they_were_given(tmp_path: Path) -> None:
    opened = day_list(row(1))
    named = {"0606010000000001": ["A. Bewoner"]}
    assert "A. Bewoner" in form_of(tmp_path, opened, bewoners=named)
    page = write_print_page(tmp_path / "papier.html", opened, list_doors(opened, named), made_at=MADE)
    assert "A. Bewoner" in page.read_text(encoding="utf-8")
    assert "Ingeschreven: " not in form_of(tmp_path, opened)


@pytest.mark.parametrize("adres", ['</script><img src=x onerror="alert(1)">', "'\"&<b>", "\u2028Singel 1"])
def test_an_address_stays_text(tmp_path: Path, adres: str) -> None:
    opened = day_list(row(1, adres=adres, adresseerbaar_object_id="</script>"))
    text = form_of(tmp_path, opened)
    assert "<img src=x" not in text
    assert "<b>" not in text
    assert data_of(text)["deuren"][0]["id"] == "</script>"


def test_every_field_of_the_form_is_one_that_the_importer_reads(tmp_path: Path) -> None:
    fields = {column.field for column in SOURCE.columns}
    assert {field.key for field in visit_fields()} <= fields
    data = data_of(form_of(tmp_path, day_list()))
    assert {field["key"] for field in data["velden"]} | {field["key"] for field in data["wie"]} <= fields
    assert [code for code, _ in visit_fields()[0].choices] == list(LABELS)
    assert set(data["binnen"]) <= set(LABELS)


def test_the_page_for_paper_has_a_box_for_each_result(tmp_path: Path) -> None:
    opened = day_list()
    text = write_print_page(tmp_path / "p.html", opened, list_doors(opened), made_at=MADE).read_text(encoding="utf-8")
    assert text.count('class="box"') == 3 * len(LABELS)
    assert text.count("<article>") == 3
    assert "<script" not in text
    assert "Vernietig dit papier uiterlijk op 03-12-2026" in text


def test_the_map_numbers_addresses_in_order_and_a_shared_one_once() -> None:
    opened = day_list(row(1), row(2, stop="singel 1", adres="Singel 1 B"), row(3), row(4, x=None, y=None))
    picture = draw_route(opened, [])
    assert picture.table["nr"].to_list() == ["1–2", "3"]
    twice = day_list(row(1), row(9, adresseerbaar_object_id="0606010000000001", regel="omzetting"), row(2))
    assert draw_route(twice, []).table["nr"].to_list() == [str(door.number) for door in list_doors(twice)]
    assert len(map_points(opened)) == 4
    assert picture.svg == draw_route(opened, []).svg
    assert b"<title>Bezoeklijst 12</title>" in picture.svg


def test_a_list_without_cases_is_a_file_all_the_same(tmp_path: Path) -> None:
    empty = OpenedList(day_list().stored, day_list().settings, day_list().order, [], [])
    assert data_of(form_of(tmp_path, empty))["deuren"] == []
    assert write_field_workbook(tmp_path / "leeg.xlsx", empty, [], made_by="x", made_at=MADE).rows == 0
    assert draw_route(empty, []).table.is_empty()


COUNTS = st.none() | st.integers(0, 999)
# What a spreadsheet keeps of a text: no spaces around it, no control characters, and nothing that is a number to it.
TEXTS = st.none() | st.text(
    st.characters(codec="utf-8", categories=("L", "Nd", "P", "S", "Zs"), exclude_characters="\u200b"), min_size=1
).map(lambda text: f"a{text}z")
VISITS = st.fixed_dictionaries(
    {
        "datum": st.dates(date(2026, 11, 26), date(2026, 12, 2)),
        "tijd": st.none() | st.times(time(7), time(22)).map(lambda at: at.strftime("%H:%M")),
        "inspecteur": st.sampled_from(["J. de Vries", "A. Bakker"]),
        "resultaat": st.sampled_from(sorted(LABELS)),
        "aantal_personen": COUNTS,
        "huishoudens": COUNTS,
        "slaapplaatsen": COUNTS,
        "kamers": COUNTS,
        "gemeten_oppervlakte": st.none() | st.integers(1, 9999).map(lambda tenths: tenths / 10),
        "gebreken": TEXTS,
        "opmerkingen": TEXTS,
    }
)


@settings(max_examples=25, deadline=None)
@given(visits=st.lists(st.none() | VISITS, min_size=3, max_size=3))
def test_what_is_filled_in_comes_back(tmp_path_factory: pytest.TempPathFactory, visits: list[Any]) -> None:
    opened = day_list()
    path = tmp_path_factory.mktemp("rond") / "lijst.xlsx"
    write_field_workbook(path, opened, list_doors(opened), made_by="x", made_at=MADE)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    places = {cell.value: cell.column for cell in page[1]}
    headers = {column.key.removeprefix("bezoek_"): column.header for column in worklist_columns() if column.fill_in}
    for line, visit in enumerate(visits, 2):
        for field, value in (visit or {}).items():
            typed = LABELS[value] if field == "resultaat" else value
            page.cell(line, places[headers[field]]).value = typed
    book.save(path)
    batch, *others = inspecties.read(path, source=SOURCE).batches
    assert batch.issues.filter(level="uitval").to_dicts() == []
    made = [(number, visit) for number, visit in enumerate(visits, 1) if visit is not None]
    found = {line["adresseerbaar_object_id"]: line for line in batch.frame.iter_rows(named=True)}
    assert len(found) == len(made)
    for number, visit in made:
        line = found[f"0606010000{number:06}"]
        assert {field: line[field] for field in visit} == visit
    redenen = [other for other in others if other.record is BEZOEKREDENEN]
    assert sorted(line["bewijs"] for other in redenen for line in other.frame.iter_rows(named=True)) == [
        f"00aa11bb22cc33{number:02}" for number, _ in made
    ]
    assert all(set(other.frame["lijst"]) == {12} for other in redenen)


def fill_in(tmp_path: Path, lines: dict[int, dict[str, Any]], **changes: Any) -> openpyxl.Workbook:
    """The workbook of a list with cells typed in by header; line 2 is the first dwelling."""
    opened = day_list()
    path = tmp_path / "ingevuld.xlsx"
    write_field_workbook(path, opened, list_doors(opened), made_by="x", made_at=MADE)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    places = {cell.value: cell.column for cell in page[1]}
    for line, cells in lines.items():
        for header, value in cells.items():
            page.cell(line, places[header]).value = value
    return book


def read_back(tmp_path: Path, book: openpyxl.Workbook) -> Any:
    book.save(tmp_path / "ingevuld.xlsx")
    return next(iter(inspecties.read(tmp_path / "ingevuld.xlsx", source=SOURCE).batches))


PLAIN = {"Datum bezoek": DAY, "Resultaat": "niemand aanwezig", "Inspecteur": "J. de Vries"}


def test_cells_that_are_no_value_are_each_named_and_what_was_typed_is_kept(tmp_path: Path) -> None:
    typed = {"Aantal personen": "ca. 6", "Kamers": datetime(2026, 5, 4), "Resultaat": "misschien", "Tijd": "ochtend"}
    batch = read_back(tmp_path, fill_in(tmp_path, {2: PLAIN | typed, 3: PLAIN}))
    assert batch.frame.height == 1
    told = {(issue["column"], issue["code"]) for issue in batch.issues.iter_rows(named=True)}
    assert told == {
        ("Aantal personen", "aantal"),
        ("Kamers", "datum_van_excel"),
        ("Resultaat", "onbekende_waarde"),
        ("Tijd", "tijd"),
    }
    kept = json.loads(batch.issues["row"][0])
    assert {kept[header] for header in typed} == {"ca. 6", "2026-05-04", "misschien", "ochtend"}


def test_a_text_date_is_a_date_or_is_told(tmp_path: Path) -> None:
    texts = {2: "26-11-2026", 3: "26 november", 4: "vorige week"}
    batch = read_back(
        tmp_path, fill_in(tmp_path, {line: PLAIN | {"Datum bezoek": text} for line, text in texts.items()})
    )
    assert batch.frame["datum"].to_list() == [DAY]
    assert batch.issues["original"].to_list() == ["26 november", "vorige week"]


def test_a_cell_merged_over_rows_counts_for_each_of_them(tmp_path: Path) -> None:
    book = fill_in(tmp_path, {2: PLAIN, 3: {}, 4: {}})
    page = book.worksheets[0]
    for cell in list(page[1]):
        if cell.value in ("Datum bezoek", "Resultaat", "Inspecteur"):
            page.merge_cells(start_row=2, end_row=3, start_column=cell.column, end_column=cell.column)
    batch = read_back(tmp_path, book)
    assert batch.frame["datum"].to_list() == [DAY, DAY]
    assert batch.frame["resultaat"].to_list() == ["niemand_aanwezig"] * 2


def test_columns_may_move_and_those_that_nobody_needs_may_go(tmp_path: Path) -> None:
    book = fill_in(tmp_path, {2: PLAIN | {"Aantal personen": 3}})
    page = book.worksheets[0]
    columns = [[cell.value for cell in column] for column in page.iter_cols()]
    moved = [column for column in reversed(columns) if column[0] not in ("Buurt", "Regel", "Kamers", "Nr")]
    for column in page.iter_cols():
        for cell in column:
            cell.value = None
    for place, column in enumerate(moved, 1):
        for line, value in enumerate(column, 1):
            page.cell(line, place).value = value
    batch = read_back(tmp_path, book)
    assert batch.frame.select("adresseerbaar_object_id", "aantal_personen", "kamers").rows() == [
        ("0606010000000001", 3, None)
    ]


def test_a_row_copied_twice_is_one_visit_and_a_changed_copy_is_asked_about(tmp_path: Path) -> None:
    book = fill_in(tmp_path, {2: PLAIN | {"Tijd": "10:00"}, 3: PLAIN})
    page = book.worksheets[0]
    for line in (2, 3):
        page.append([cell.value for cell in page[line]])
    page.cell(6, {cell.value: cell.column for cell in page[1]}["Aantal personen"]).value = 4
    batch = read_back(tmp_path, book)
    assert batch.frame["adresseerbaar_object_id"].to_list() == ["0606010000000001"]
    codes = batch.issues["code"].to_list()
    assert codes.count("dubbele_rij") == 1
    assert codes.count("tegenstrijdige_rijen") == 2


def test_the_sheet_of_last_month_is_told(tmp_path: Path) -> None:
    batch = read_back(tmp_path, fill_in(tmp_path, {2: PLAIN | {"Datum bezoek": date(2026, 12, 20)}, 3: PLAIN}))
    assert batch.frame.height == 2
    [issue] = batch.issues.to_dicts()
    assert (issue["code"], issue["column"], issue["level"]) == ("lijst_van_andere_dag", "Datum bezoek", "waarschuwing")


def test_two_inspectors_at_one_door_are_two_visits_and_a_remark(tmp_path: Path) -> None:
    book = fill_in(tmp_path, {2: PLAIN | {"Aantal personen": 3, "Resultaat": "toegang met toestemming"}})
    page = book.worksheets[0]
    page.append([cell.value for cell in page[2]])
    places = {cell.value: cell.column for cell in page[1]}
    page.cell(5, places["Inspecteur"]).value = "A. Bakker"
    page.cell(5, places["Aantal personen"]).value = 5
    batch = read_back(tmp_path, book)
    assert sorted(batch.frame["aantal_personen"]) == [3, 5]
    assert batch.issues["code"].to_list() == ["twee_inspecteurs"] * 2


def test_a_visit_without_a_name_is_remarked(tmp_path: Path) -> None:
    batch = read_back(tmp_path, fill_in(tmp_path, {2: {**PLAIN, "Inspecteur": None}}))
    assert batch.issues["code"].to_list() == ["geen_inspecteur"]
    assert batch.frame.height == 1
