"""The bundle can be read and checked without this program: everything in order, with an index and hashes."""

import hashlib
import html
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from case_town import MOMENT, PEILDATUM, Town, make_town
from office import convert_or_skip
from PIL import Image
from visited_town import CIPHER

from registry.cases.file import CaseFile, read_case_file
from registry.cases.letters import Brief, LetterInput, letter_context
from registry.cases.register import open_case
from registry.cases.subject import OBJECT, Selection, latest_signals, subject_of_case, subject_of_selection
from registry.demo.dossier import BUNDLE_NAME, write_worst_landlord
from registry.errors import ExportError, UsageError
from registry.exports.bundle import INDEX, MANIFEST, WORKBOOK, slug, slug_path, write_bundle, write_photos
from registry.exports.dossier import DossierMaker
from registry.exports.letters import find_template, write_letter
from registry.ownership.portfolios import read_portfolios
from registry.signals.run import known_run
from registry.store.engine import Store, open_store
from registry.store.queries.versions import read_versions
from registry.store.tables import metadata, registers
from registry.worklists.visits import add_photos
from rules.parameters import shipped_law

MAKER = DossierMaker("j.jurist", datetime(2026, 11, 25, 10, 0))


@pytest.fixture(scope="module")
def bundle(town: Town, case_file: CaseFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    path = tmp_path_factory.mktemp("bundel") / "bundel.zip"
    with town.store.read() as connection:
        made = write_bundle(connection, path, case_file, MAKER)
    with zipfile.ZipFile(path) as archive:
        assert hashlib.sha256(archive.read(MANIFEST)).hexdigest() == made.manifest_sha256
        yield archive


def test_the_manifest_names_every_file_with_its_hash(bundle: zipfile.ZipFile) -> None:
    lines = [line.split("  ", 1) for line in bundle.read(MANIFEST).decode().splitlines()]
    assert {name for _, name in lines} == set(bundle.namelist()) - {MANIFEST}
    for sha256, name in lines:
        assert hashlib.sha256(bundle.read(name)).hexdigest() == sha256


def test_papers_come_in_the_order_of_their_day_whatever_they_were_called(bundle: zipfile.ZipFile) -> None:
    assert [name for name in bundle.namelist() if name.startswith("02-stukken/")] == [
        "02-stukken/001-2026-08-02-rapport-van-bevindingen.pdf",
        "02-stukken/002-2026-08-05-vooraankondiging.pdf",
        "02-stukken/003-2026-08-15-zienswijze.pdf",
    ]
    assert bundle.read("02-stukken/001-2026-08-02-rapport-van-bevindingen.pdf") == b"RAPPORT"
    assert bundle.namelist()[:2] == [INDEX, WORKBOOK]


def test_the_index_leads_to_every_file_and_runs_nothing(bundle: zipfile.ZipFile) -> None:
    page = bundle.read(INDEX).decode()
    links = {html.unescape(link) for link in re.findall(r'href="([^"]+)"', page)}
    assert links == set(bundle.namelist()) - {INDEX, MANIFEST}
    assert "<script" not in page
    assert "=titel van zienswijze" in page


def test_an_outcome_can_be_followed_to_its_facts_and_to_the_law_without_the_program(
    bundle: zipfile.ZipFile, case_file: CaseFile
) -> None:
    signal = case_file.signals.row(0, named=True)
    [text] = [name for name in bundle.namelist() if name.endswith(f"{signal['bewijs']}.txt")]
    [receipt] = [name for name in bundle.namelist() if name.endswith(f"{signal['bewijs']}.json")]
    told = bundle.read(text).decode()
    assert "Een signaal is geen besluit" in told
    facts = json.loads(bundle.read(receipt))
    assert facts["feiten"] == json.loads(signal["feiten"])
    assert facts["wet_hash"] == signal["wet_hash"]
    laws = {name.split("/")[-1]: bundle.read(name) for name in bundle.namelist() if name.startswith("04-wet/")}
    assert laws == {slug_path(name): text for name, text in shipped_law().files_for(signal["gemeente"]).items()}


def test_equal_content_gives_equal_bytes(town: Town, case_file: CaseFile, tmp_path: Path) -> None:
    with town.store.read() as connection:
        for name in ("a.zip", "b.zip"):
            write_bundle(connection, tmp_path / name, case_file, MAKER)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_selection_gives_no_bundle(town: Town, tmp_path: Path) -> None:
    with town.store.read() as connection:
        known = known_run(connection, None)
        subject = subject_of_selection(connection, Selection(), day=PEILDATUM, known=known)
        file = read_case_file(connection, subject, peildatum=PEILDATUM, known=known)
        with pytest.raises(UsageError, match="hoort bij een zaak"):
            write_bundle(connection, tmp_path / "x.zip", file, MAKER)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.proof
def test_a_paper_that_is_no_longer_what_was_kept_stops_the_bundle(tmp_path: Path) -> None:
    folder = tmp_path / "stad"
    folder.mkdir()
    town = make_town(folder)
    table = metadata.tables["stuk_inhouden"]
    with town.store.write_transaction() as connection:
        connection.execute(table.update().values(inhoud=b"vervalst"))
    with town.store.read() as connection:
        known = known_run(connection, None)
        subject = subject_of_case(connection, town.zaak, day=PEILDATUM, known=known)
        file = read_case_file(connection, subject, peildatum=PEILDATUM, known=known)
        with pytest.raises(ExportError, match="niet meer wat is bewaard"):
            write_bundle(connection, tmp_path / "x.zip", file, MAKER)
    town.store.close()
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.proof
@pytest.mark.parametrize("letter", list(Brief))
def test_libreoffice_prints_every_letter(case_file: CaseFile, tmp_path: Path, letter: Brief) -> None:
    source = tmp_path / f"{letter}.docx"
    write_letter(source, find_template(letter), letter_context(letter, case_file, LetterInput()))
    assert convert_or_skip(source, "pdf", tmp_path).read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("text", ["../../etc/passwd", "a/b", "Rapport Ü", "", "x" * 200])
def test_a_name_in_the_zip_never_leads_out_of_it(text: str) -> None:
    for name in (slug(text), slug_path(text)):
        assert "/" not in name
        assert ".." not in name.split("/")
    assert len(slug(text)) <= 60


def test_the_worst_landlord_of_the_demo_leads_to_a_complete_bundle(town: Town, tmp_path: Path) -> None:
    store = copied(town, tmp_path)
    zaak = write_worst_landlord(store, tmp_path, PEILDATUM)
    assert zaak == "Z-2026-0002"
    with store.read() as connection:
        known = known_run(connection, None)
        subject = subject_of_case(connection, zaak, day=PEILDATUM, known=known)
        held = read_portfolios(connection, op=PEILDATUM, known=known).held
        signals = latest_signals(connection).filter(uitkomst="signaal")
    counted = signals.join(held.filter("certain").select("owner", OBJECT).unique(), on=OBJECT).group_by("owner").len()
    assert subject.signals.height == counted["len"].max()
    with zipfile.ZipFile(tmp_path / BUNDLE_NAME) as archive:
        names = archive.namelist()
        lines = [line.split("  ", 1) for line in archive.read(MANIFEST).decode().splitlines()]
        assert all(hashlib.sha256(archive.read(name)).hexdigest() == sha256 for sha256, name in lines)
    for receipt in subject.signals["bewijs"].to_list():
        assert any(name.endswith(f"{receipt}.txt") for name in names)
    assert {Path(name).suffix for name in names if name.startswith("02-stukken/")} == {".docx"}
    store.close()


def test_photos_go_along_with_their_hashes_and_under_the_name_on_their_sheet(town: Town, tmp_path: Path) -> None:
    store = copied(town, tmp_path)
    with store.read() as connection:
        visited = read_versions(connection, registers.inspecties, known=known_run(connection, None))
        row = visited.filter(pl.col(OBJECT).is_not_null()).sort("inspectie").row(0, named=True)
    image = io.BytesIO()
    Image.new("RGB", (8, 8), (0, 128, 0)).save(image, "PNG")
    add_photos(store, row["inspectie"], [(image.getvalue(), "=voorgevel")], leverdatum=PEILDATUM, cipher=CIPHER)
    with store.write_transaction() as writer:
        zaak = open_case(writer, aanleiding="foto", author="j", moment=MOMENT, object_id=row[OBJECT])
    with store.read() as connection:
        known = known_run(connection, None)
        subject = subject_of_case(connection, zaak, day=PEILDATUM, known=known)
        file = read_case_file(connection, subject, peildatum=PEILDATUM, known=known)
        [photo] = file.photos.to_dicts()
        assert write_photos(connection, tmp_path / "fotos.zip", file) == 1
        write_bundle(connection, tmp_path / "bundel.zip", file, MAKER)
    assert file.visits.filter(inspectie=row["inspectie"])["fotos"].to_list() == [1]
    for path, name in ((tmp_path / "fotos.zip", photo["bestand"]), (tmp_path / "bundel.zip", f"05-{photo['bestand']}")):
        with zipfile.ZipFile(path) as archive:
            assert hashlib.sha256(archive.read(name)).hexdigest() == photo["sha256"]
            assert f"{photo['sha256']}  {name}" in archive.read(MANIFEST).decode().splitlines()
    store.close()


def copied(town: Town, folder: Path) -> Store:
    """The registry of the town to write in."""
    copy = folder / "kopie.db"
    with closing(sqlite3.connect(town.store.engine.url.database or "")) as source, closing(sqlite3.connect(copy)) as to:
        source.backup(to)
    return open_store(f"sqlite:///{copy}")
