"""The workbook keeps its contract, leads from value to source, and opens clean whatever is in it."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from case_town import PEILDATUM, Town, make_town
from office import convert_or_skip
from stdnum.nl import bsn

from registry.cases.dossier_columns import dossier_contract
from registry.cases.file import CaseFile, read_case_file
from registry.cases.subject import (
    Selection,
    subject_of_address,
    subject_of_case,
    subject_of_owner,
    subject_of_selection,
)
from registry.errors import ExportError, UsageError
from registry.exports.dossier import CLASSIFICATION, DossierMaker, dossier_sheet, write_dossier
from registry.exports.protect import decrypt_workbook, encrypt_workbook
from registry.exports.release import Release, people_in, record_release
from registry.exports.workbook import write_workbook
from registry.privacy.access import AccessLog, Gebruiker
from registry.signals.run import known_run
from registry.store.tables import metadata

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent / "exports" / "golden" / "dossier.json"
MAKER = DossierMaker("j.jurist", datetime(2026, 11, 25, 10, 0))
SHEETS = ["Overzicht", "Signalen", "Toetsing", "Tijdlijn", "Inspecties", "Betrokkenen", "Termijnen"]
"""The sheets that the users asked for, in that order; more may follow before Bronnen and Toelichting."""


@pytest.fixture(scope="module")
def book(case_file: CaseFile, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("dossier") / "dossier.xlsx"
    write_dossier(path, case_file, MAKER)
    return openpyxl.load_workbook(path)


def rows_of(sheet: Any) -> Iterator[dict[str, Any]]:
    header, *rows = sheet.iter_rows(values_only=True)
    return (dict(zip(header, row, strict=True)) for row in rows)


def test_names_types_and_order_of_columns_are_a_contract() -> None:
    contract = dossier_contract()
    kept = json.loads(GOLDEN.read_text(encoding="utf-8"))
    now = {
        sheet.titel: [[column.key, column.header, column.kind, column.unit] for column in sheet.kolommen]
        for sheet in contract.bladen
    }
    told = "the columns changed: raise 'versie' in dossier.yml, add a line to CHANGELOG.md, and renew the golden file"
    assert (contract.versie, now) == (kept["versie"], kept["bladen"]), told


def test_the_page_about_the_dossier_says_what_the_contract_says() -> None:
    page = (HERE.parents[1] / "docs" / "dossier.md").read_text(encoding="utf-8")
    assert "\n".join(dossier_contract().lines()) in page, "docs/dossier.md is behind dossier.yml"


def test_the_workbook_has_the_sheets_and_headings_of_the_contract(book: Any) -> None:
    titles = [sheet.titel for sheet in dossier_contract().bladen]
    assert book.sheetnames == [*titles, "Toelichting"]
    assert titles[: len(SHEETS)] == SHEETS
    for sheet in dossier_contract().bladen:
        assert [cell.value for cell in book[sheet.titel][1]] == [column.header for column in sheet.kolommen]


def test_every_value_has_the_type_of_its_column(book: Any) -> None:
    types = {
        "text": str, "boolean": str, "integer": int, "run": int, "decimal": (int, float), "date": datetime,
        "datetime": datetime,
    }  # fmt: skip
    seen = set()
    for sheet in dossier_contract().bladen:
        for cells in book[sheet.titel].iter_rows(min_row=2):
            if len([cell for cell in cells if cell.value is not None]) <= 1:
                continue  # the sentence of an empty sheet
            for column, cell in zip(sheet.kolommen, cells, strict=True):
                if cell.value is not None:
                    assert isinstance(cell.value, types[column.kind]), (sheet.titel, column.key, cell.value)  # type: ignore[arg-type]
                    assert cell.data_type != "f"
                    seen.add(column.kind)
    assert seen >= {"text", "integer", "run", "decimal", "date", "datetime", "boolean"}


def test_from_outcome_to_fact_to_source_within_the_file(book: Any, case_file: CaseFile) -> None:
    [signal] = rows_of(book["Signalen"])
    steps = [row for row in rows_of(book["Toetsing"]) if row["Bewijsnummer"] == signal["Bewijsnummer"]]
    assert all(row["Vraag"] and row["Antwoord"] and row["Artikel"] for row in steps)
    fact = next(row for row in steps if row["Gegeven"] == "gebruiksoppervlakte")
    source = next(row for row in rows_of(book["Bronnen"]) if row["Run"] == fact["Run"])
    assert source["Leverdatum"] == fact["Leverdatum"]
    assert re.fullmatch(r"[0-9a-f]{64}", source["SHA-256"])
    norm = next(row for row in steps if row["Eenheid"] == "m2 per persoon" or "norm" in (row["Gegeven"] or ""))
    assert "artikel" in norm["Bron"].lower()
    assert {row["Beslissend"] for row in steps} == {"ja", "nee"}


def test_a_run_leads_to_its_delivery(book: Any) -> None:
    sheet = book["Tijdlijn"]
    column = [cell.value for cell in sheet[1]].index("Run")
    links = [row[column] for row in sheet.iter_rows(min_row=2) if row[column].value is not None]
    assert links
    for cell in links:
        title, _, place = cell.hyperlink.location.partition("!")
        assert book[title][place].value == cell.value


def test_the_file_tells_who_made_it_how_it_is_classified_and_what_each_column_means(book: Any) -> None:
    text = "\n".join(str(cell.value) for row in book["Toelichting"].iter_rows() for cell in row if cell.value)
    assert "j.jurist" in text
    assert CLASSIFICATION in text
    for sheet in dossier_contract().bladen:
        assert all(column.help in text for column in sheet.kolommen)
        assert book[sheet.titel].oddHeader.right.text == CLASSIFICATION
    assert book["Toelichting"].oddHeader.right.text == CLASSIFICATION


def test_a_visit_that_never_was_is_said(town: Town) -> None:
    with town.store.read() as connection:
        known = known_run(connection, None)
        chosen = Selection(uitkomsten=("signaal", "onbekend", "juridisch_toetsen"))
        subject = subject_of_selection(connection, chosen, day=PEILDATUM, known=known)
        file = read_case_file(connection, subject, peildatum=PEILDATUM, known=known)
    visited = set(file.visits["adresseerbaar_object_id"].to_list())
    unvisited = file.overview.filter(~pl.col("adresseerbaar_object_id").is_in(visited))
    assert not unvisited.is_empty()
    assert unvisited["inspectie_op"].null_count() == unvisited.height
    with town.store.read() as connection:
        alone = subject_of_address(connection, unvisited["adresseerbaar_object_id"][0], known=known)
        file = read_case_file(connection, alone, peildatum=PEILDATUM, known=known)
    assert list(file.rows(dossier_contract().sheet("Inspecties"))) == []
    assert "geen enkele inspectie" in dossier_contract().sheet("Inspecties").leeg


def test_counts_in_the_file_are_those_of_the_registry(town: Town, case_file: CaseFile) -> None:
    row = case_file.overview.row(0, named=True)
    living = case_file.parties.rows.filter(rol="bewoner")
    assert row["bewoners_max"] == living.height == len(case_file.parties.persoonslijsten)
    assert row["bewoners_min"] == living.filter(zekerheid="zeker").height
    last = case_file.timeline.filter(soort="bewoning")["omschrijving"][-1]
    assert last.startswith(f"{row['bewoners_min']} bewoner")
    owners = case_file.parties.rows.filter(pl.col("tot").is_null(), rol="eigenaar")
    assert row["eigenaren_aantal"] == owners["kenmerk"].n_unique()
    assert row["signalen_aantal"] == 1
    assert row["zaak"] == town.zaak


def test_no_bsn_and_no_name_of_a_resident_is_in_the_file(town: Town, case_file: CaseFile, tmp_path: Path) -> None:
    path = tmp_path / "d.xlsx"
    write_dossier(path, case_file, MAKER)
    with zipfile.ZipFile(path) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    digits = [
        number for number in set(re.findall(r"(?<![0-9a-f.])[0-9]{9}(?![0-9a-f.])", text)) if bsn.is_valid(number)
    ]
    known = set(case_file.parties.rows["rsin"].drop_nulls().to_list())
    assert set(digits) <= known
    assert case_file.parties.rows.filter(rol="bewoner")["naam"].null_count() == len(case_file.parties.persoonslijsten)


def test_a_selection_holds_what_its_filters_say(town: Town) -> None:
    with town.store.read() as connection:
        known = known_run(connection, None)
        one = subject_of_selection(connection, Selection(("overbewoning",), limit=1), day=PEILDATUM, known=known)
        assert len(one.objects) == 1
        assert set(one.signals["regel"].to_list()) == {"overbewoning"}
        for wrong in (Selection(("geen_regel",)), Selection(uitkomsten=("nee",)), Selection(buurten=("Nergens",))):
            with pytest.raises(UsageError, match="Kies uit"):
                subject_of_selection(connection, wrong, day=PEILDATUM, known=known)
        with pytest.raises(UsageError, match="geen rechthebbende"):
            subject_of_owner(connection, "99999999", day=PEILDATUM, known=known)


def test_whoever_takes_a_file_out_is_in_the_access_log_with_how_many_people(town: Town, case_file: CaseFile) -> None:
    log = AccessLog(town.store)
    who = Gebruiker("j.jurist", rol="jurist")
    with pytest.raises(UsageError, match="waarvoor"):
        record_release(log, case_file, Release(who, "dossier", " "))
    head = record_release(log, case_file, Release(who, "dossier", "bezwaar"))
    table = metadata.tables["toegangen"]
    with town.store.read() as connection:
        row = connection.execute(table.select().where(table.c.volgnummer == head.volgnummer)).mappings().one()
    assert (row["gebruiker"], row["handeling"], row["zaak"]) == ("j.jurist", "exporteren", town.zaak)
    assert row["aantal"] == people_in(case_file) > 0
    assert "bezwaar" in row["toelichting"]


def test_a_password_closes_the_workbook_and_opens_it_again(case_file: CaseFile, tmp_path: Path) -> None:
    plain, sealed = tmp_path / "open.xlsx", tmp_path / "dicht.xlsx"
    write_dossier(plain, case_file, MAKER)
    with pytest.raises(UsageError, match="ten minste 12"):
        encrypt_workbook(plain, sealed, "kort")
    assert not sealed.exists()
    encrypt_workbook(plain, sealed, "een lang wachtwoord")
    assert b"PK\x03\x04" not in sealed.read_bytes()[:4]
    assert decrypt_workbook(sealed, "een lang wachtwoord") == plain.read_bytes()
    for path, password in ((sealed, "een ander wachtwoord"), (plain, "een lang wachtwoord")):
        with pytest.raises(ExportError, match="niet open"):
            decrypt_workbook(path, password)
    with pytest.raises(ExportError, match="geen werkboek"):
        encrypt_workbook(GOLDEN, sealed, "een lang wachtwoord")


def test_the_same_file_gives_the_same_bytes(case_file: CaseFile, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_dossier(tmp_path / name, case_file, MAKER)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


BAD = ["=1+1", "+31", "-x", "@som", "\tx", "'q", "a\x00b\x07", "naam 🏠 é", "y" * 40_000, "_x0041_", "<b>&amp;"]


@pytest.mark.slow
def test_libreoffice_opens_whatever_is_in_the_file(case_file: CaseFile, tmp_path: Path) -> None:
    owners = case_file.parties.rows.filter(rol="eigenaar").head(1)
    twelve = pl.concat([owners.with_columns(naam=pl.lit(f"{BAD[n % len(BAD)]}{n}")) for n in range(12)])
    lines = case_file.timeline.head(1)
    timeline = pl.concat([lines.with_columns(omschrijving=pl.lit(text)) for text in BAD])
    bad = replace(
        case_file, timeline=timeline, parties=replace(case_file.parties, rows=twelve), visits=case_file.visits.clear()
    )
    source = tmp_path / "kwaad.xlsx"
    write_dossier(source, bad, MAKER)
    folder = tmp_path / "uit"
    folder.mkdir()
    again = openpyxl.load_workbook(convert_or_skip(source, "xlsx", folder))
    first = openpyxl.load_workbook(source)
    for sheet in dossier_contract().bladen:
        for before, after in zip(first[sheet.titel].iter_rows(), again[sheet.titel].iter_rows(), strict=False):
            for one, other in zip(before, after, strict=False):
                assert other.data_type != "f"
                if isinstance(one.value, int | float | datetime):
                    assert other.value == one.value, (sheet.titel, one.coordinate)
    texts = [row["Gebeurtenis"] for row in rows_of(again["Tijdlijn"])]
    assert texts[:5] == ["=1+1", "+31", "-x", "@som", "\tx"]
    assert texts[8].endswith("[ingekort: de tekst past niet in één cel]")
    assert len(list(rows_of(again["Betrokkenen"]))) == 12
    assert "geen enkele inspectie" in again["Inspecties"]["A2"].value


MEASURE = """
import resource, sys
from datetime import datetime
from pathlib import Path
from registry.cases.dossier_columns import dossier_contract
from registry.exports.dossier import dossier_sheet
from registry.exports.workbook import write_workbook
sheet = dossier_contract().sheet("Overzicht")
kinds = {"integer": 7, "run": 3, "date": datetime(2026, 1, 2).date()}
row = [kinds.get(column.kind, "tekst") for column in sheet.kolommen]
rows = (list(row) for _ in range(int(sys.argv[1])))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
write_workbook(Path(sys.argv[2]), [dossier_sheet(sheet, rows, None, banner="x")], created=datetime(2026, 1, 1))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.proof
def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    grown = []
    for count in (300, 3_000):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(count), str(tmp_path / "veel.xlsx")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        grown.append(int(done.stdout))
    assert grown[1] < grown[0] + 8_000, "kilobytes: the rows would have to be held in memory"


def test_links_are_left_out_where_nothing_is_to_be_linked(tmp_path: Path) -> None:
    sheet = dossier_contract().sheet("Tijdlijn")
    row = [7 if column.kind == "run" else None for column in sheet.kolommen]
    made = dossier_sheet(sheet, [row], {8: "Bronnen!A2"}.get, banner="b")
    write_workbook(tmp_path / "x.xlsx", [made], created=datetime(2026, 1, 1))
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert all(cell.hyperlink is None for cell in book["Tijdlijn"][2])


@pytest.mark.proof
@pytest.mark.postgresql
def test_both_databases_give_the_same_file(case_file: CaseFile, postgresql_url: str, tmp_path: Path) -> None:
    other = make_town(tmp_path, postgresql_url)
    with other.store.read() as connection:
        known = known_run(connection, None)
        subject = subject_of_case(connection, other.zaak, day=PEILDATUM, known=known)
        found = read_case_file(connection, subject, peildatum=PEILDATUM, known=known)
    other.store.close()
    for sheet in dossier_contract().bladen:
        # Names of persons are made with other keys, and moments and software of a run are its own.
        fixed = [n for n, c in enumerate(sheet.kolommen) if c.kind != "datetime" and c.key not in ("kenmerk", "sha256")]
        mine, theirs = ([[row[n] for n in fixed] for row in file.rows(sheet)] for file in (case_file, found))
        assert sorted(map(repr, theirs)) == sorted(map(repr, mine)), sheet.titel
