"""What is wrong with a file or with the machine is said in Dutch, with what to do, and changes nothing."""

import json
import re
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import damage
import pytest
import sqlalchemy as sa
from small_registry import DATABASE, KEYS, PEILDATUM, Cli, Municipality, dump, fill

from registry.errors import SourceRefusedError, WoonregisterError
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.keys import open_cipher
from registry.store import engine
from registry.store.engine import open_store

URL = f"sqlite:///{DATABASE}"
LATER = "2026-12-01"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

REFUSED: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "truncated zip": ("bag", damage.truncated, "opnieuw|heel|niet helemaal"),
    "no zip at all": ("bag", damage.whole(b"PK\x03\x04 geen zip"), "zip"),
    "nested zip is no zip": ("bag", damage.in_zip("0606NUM15", damage.whole(b"geen zip")), "0606NUM15"),
    "nested zip is another": ("bag", damage.in_zip("0606NUM15102026.zip", damage.whole(b"PK\x05\x06" + bytes(18))),
                              "0606NUM15"),
    "nested zip is cut off": ("bag", damage.in_zip("0606PND15102026.zip", damage.truncated), "0606PND15"),
    "document is cut off": ("bag", damage.in_zip("0606VBO15102026-000001.xml", damage.truncated), "VBO15102026"),
    "document is other xml": ("bag", damage.in_zip("NUM15102026-000001.xml", damage.whole(b"<a><b/></a>")),
                              "NUM15102026"),
    "document of another day": ("bag", damage.in_zip("OPR15102026-000001.xml",
                                                     damage.replaced("2026-10-15", "2026-09-15")), "Meng geen"),
    "an excel file as bag": ("bag", damage.whole(OLE), "xls|zip"),
    "empty bag": ("bag", damage.whole(b""), "leeg"),
    "geojson is cut off": ("gebieden", damage.truncated, "gebieden-2026"),
    "geojson without code": ("gebieden", damage.replaced('"code"', '"iets"'), "code"),
    "geojson is text": ("gebieden", damage.whole(b"buurt;naam\n1;x\n"), "gebieden-2026"),
    "windows-1252": ("brp", damage.cells(damage.filled("01.02.40", "Zoë"), "cp1252"), "Windows-1252.*CSV UTF-8"),
    "missing column": ("brp", damage.cells(damage.dropped("08.10.30")), "08.10.30.*ontbreekt"),
    "extra column": ("brp", damage.cells(damage.added("Lievelingskleur")), "onbekende kolom 'Lievelingskleur'"),
    "xls renamed": ("brp", damage.whole(OLE), r"oude Excel-werkmap \(\.xls\).*bewaar"),
    "empty file": ("brp", damage.whole(b""), "leeg"),
    "only a byte order mark": ("brp", damage.whole(b"\xef\xbb\xbf\r\n"), "leeg"),
    "only a header": ("brp", damage.cells(lambda rows: rows.__delitem__(slice(1, None))), "0 rijen"),
    "too few rows": ("brp", damage.cells(lambda rows: rows.__delitem__(slice(40, None))), "vorige volledige levering"),
    "a pdf": ("brp", damage.whole(b"%PDF-1.7\n" + bytes(100)), "andere soort"),
    "a web page": ("brp", damage.whole(b"<!DOCTYPE html><html><body>login</body></html>"), "webpagina"),
    "nul bytes halfway": ("brp", lambda content: content + b"\x00\x00;;;", "nul-bytes|andere soort"),
    "a broken workbook": ("inspecties", damage.truncated, "beschadigd"),
    "a zip as workbook": ("inspecties", damage.in_zip("workbook.xml", damage.whole(b"<x/>")), "niet te lezen|geen"),
    "other table": ("vaststellingen", damage.cells(lambda rows: rows[0].__setitem__(slice(None), list("abcdefgh"))),
                    "geen kopregel met een bekende kolom"),
}  # fmt: skip

SET_ASIDE: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "unknown status": ("bag", damage.in_zip("0606VBO15102026-000001.xml", damage.replaced(
        "Verblijfsobject in gebruik<", "Verblijfsobject kwijt<", 1)), "Verblijfsobject kwijt|status"),
    "impossible date in the bag": ("bag", damage.in_zip("NUM15102026-000001.xml", damage.replaced(
        "<Historie:beginGeldigheid>20", "<Historie:beginGeldigheid>20x", 1)), "datum|beginGeldigheid"),
    "impossible date in the brp": ("brp", damage.cells(damage.filled("01.03.10", "19901341")), "datum bestaat niet"),
    "impossible date in an inspection": ("vaststellingen", damage.cells(damage.filled("Van", "31-02-2026")), "datum"),
    "a line with a cell too few": ("brp", damage.cells(lambda rows: rows[3].pop()), "niet in cellen te verdelen"),
}  # fmt: skip


def damaged(municipality: Municipality, bron: str, change: Callable[[bytes], bytes]) -> Path:
    """The delivery of a source, damaged, under its own name in the current folder."""
    path = Path(municipality.file(bron).name)
    path.write_bytes(change(municipality.file(bron).read_bytes()))
    return path


def options(bron: str) -> tuple[str, ...]:
    """The extract says its own day."""
    return () if bron == "bag" else ("--leverdatum", LATER)


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_taken_is_refused_and_changes_nothing(
    here: Path, cli: Cli, municipality: Municipality, case: str
) -> None:
    bron, change, words = REFUSED[case]
    path = damaged(municipality, bron, change)
    before, files = dump(URL), list(damage.files_in(here))
    answer = cli("import", bron, path, *options(bron))
    assert answer.code == 2, answer
    assert_refusal(answer.err, words)
    assert dump(URL) == before
    assert list(damage.files_in(here)) == files
    [run, *_] = json.loads(cli("runs", "--json").out)
    assert (run["bron"], run["status"], run["nieuw"]) == (bron, "geweigerd", 0)
    assert run["toelichting"] in answer.err


def assert_refusal(err: str, words: str) -> None:
    """One line that begins like every refusal and holds these words."""
    [line] = err.strip().splitlines()
    assert line.startswith("Geweigerd: ")
    assert re.search(words, line)


@pytest.mark.parametrize("case", SET_ASIDE)
def test_a_row_that_does_not_fit_is_set_aside_and_the_rest_comes_in(
    here: Path, cli: Cli, municipality: Municipality, case: str
) -> None:
    bron, change, words = SET_ASIDE[case]
    path = damaged(municipality, bron, change)
    answer = cli("import", bron, path, *options(bron))
    assert answer.code == 1, answer.err
    assert re.search(words, answer.err), answer.err
    [run, *_] = json.loads(cli("runs", "--json").out)
    assert run["status"] == "gelukt"
    assert run["uitval"] == municipality.manifest.verwacht.uitval[bron] + 1
    assert run["ongewijzigd"] > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "brp", "nergens.csv"), "bestaat niet"),
        (("import", "brp", "."), "is een map"),
        (("import", "bag", "leeg"), "map|bevat geen"),
        (("import", "weer", KEYS), "bron 'weer' bestaat niet"),
        (("import", "brp", KEYS, "--indeling", "nergens.yml"), "indeling nergens.yml bestaat niet"),
        (("import", "brp", KEYS), "geen kopregel|onbekend"),
        (("runs", "99"), "Run 99 bestaat niet"),
        (("runs", "uitval", "99", "--uit", "x.xlsx"), "Run 99 bestaat niet"),
        (("runs", "uitval", "1", "--uit", "nergens/x.xlsx"), "de map bestaat niet"),
        (("export", "werklijst", "--uit", "nergens/x.xlsx"), "map|nog niet"),
    ],
)
def test_what_does_not_exist_is_named(here: Path, cli: Cli, arguments: tuple[str, ...], words: str) -> None:
    (here / "leeg").mkdir()
    before = dump(URL)
    answer = cli(*arguments)
    assert answer.code == 2
    assert_refusal(answer.err, words)
    assert dump(URL) == before


def test_an_older_stand_is_not_read_over_a_newer_one(here: Path, cli: Cli, municipality: Municipality) -> None:
    before = dump(URL)
    answer = cli("import", "brp", municipality.file("brp"), "--leverdatum", "2026-10-01")
    assert answer.code == 2
    assert_refusal(answer.err, "01-10-2026.*01-11-2026.*run \\d")
    assert dump(URL) == before


def limited(monkeypatch: pytest.MonkeyPatch, pragma: str) -> None:
    """Every new connection to SQLite gets one setting more."""
    prepare = engine._prepare_sqlite

    def prepare_limited(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute(pragma)

    monkeypatch.setattr(engine, "_prepare_sqlite", prepare_limited)


def test_a_full_disk(here: Path, cli: Cli, municipality: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    more = damaged(municipality, "brp", lambda content: content.replace(b"Lg01_", b"Lg02_").replace(b";20", b";19"))
    before = dump(URL)
    pages = sqlite3.connect(DATABASE).execute("PRAGMA page_count").fetchone()[0]
    limited(monkeypatch, f"PRAGMA max_page_count = {pages + 2}")
    answer = cli("import", "brp", more, "--leverdatum", LATER)
    assert answer.code == 2
    assert_refusal(answer.err, "schijf is vol.*Maak ruimte.*niets gewijzigd")
    monkeypatch.undo()
    monkeypatch.chdir(here)
    assert dump(URL) == before


def test_a_database_that_may_not_be_written(
    here: Path, cli: Cli, municipality: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, "PRAGMA query_only = ON")
    answer = cli("import", "brp", municipality.file("brp"), "--leverdatum", LATER)
    assert answer.code == 2
    assert_refusal(answer.err, "mag niet worden geschreven.*Controleer de rechten")


def test_another_command_that_keeps_writing(
    here: Path, cli: Cli, municipality: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_BUSY_MILLISECONDS", 50)
    other = open_store(URL)
    before = dump(URL)
    with other.write_transaction():
        answer = cli("import", "brp", municipality.file("brp"), "--leverdatum", LATER)
    other.close()
    assert answer.code == 2
    assert_refusal(answer.err, "Een andere opdracht schrijft.*Wacht")
    assert dump(URL) == before


@pytest.mark.parametrize(("revision", "words"), [("9999", "nieuwer dan deze versie.*Installeer de nieuwere versie")])
def test_a_database_of_a_newer_version(here: Path, cli: Cli, revision: str, words: str) -> None:
    with sqlite3.connect(DATABASE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    for command in (("runs",), ("migrate",)):
        answer = cli(*command)
        assert answer.code == 2
        assert_refusal(answer.err, words)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///tekst.db", "geen .*SQLite-database.*reservekopie"),
        ("sqlite:///nergens/woonregister.db", "map van de database bestaat niet"),
        ("mysql://x/y", "SQLite en PostgreSQL, niet mysql"),
        ("woonregister.db", "geen adres van een database"),
        ("postgresql://127.0.0.1:1/x", "niet bereikbaar"),
    ],
)
def test_a_database_that_is_none(here: Path, cli: Cli, url: str, words: str) -> None:
    Path("tekst.db").write_text("dit is gewone tekst, en lang genoeg om op een database te lijken " * 30, "utf-8")
    answer = cli("runs", "--database-url", url)
    assert answer.code == 2
    assert_refusal(answer.err, words)


def test_two_imports_at_once(database_url: str, municipality: Municipality, tmp_path: Path) -> None:
    """Both go in, or one is told to try again; never a mixture."""
    keys = tmp_path / KEYS
    fill(database_url, keys, municipality, "bag")
    cipher, start = open_cipher(keys), threading.Barrier(2)
    outcomes: dict[str, ImportResult | WoonregisterError] = {}

    def work(bron: str) -> None:
        store = open_store(database_url)
        start.wait()
        try:
            request = ImportRequest(bron, municipality.file(bron), leverdatum=PEILDATUM)
            outcomes[bron] = run_import(store, request, cipher=cipher)
        except WoonregisterError as error:
            outcomes[bron] = error
        finally:
            store.close()

    workers = [threading.Thread(target=work, args=(bron,)) for bron in ("brp", "inspecties")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    refused = [bron for bron, outcome in outcomes.items() if isinstance(outcome, WoonregisterError)]
    assert len(refused) <= 1
    for bron in refused:
        assert isinstance(outcomes[bron], SourceRefusedError)
        assert "Herhaal de opdracht" in str(outcomes[bron])
        fill(database_url, keys, municipality, bron)
    rows = dump(database_url)
    assert len(rows["inspecties"]) > 0
    assert len(rows["persoonslijsten"]) > 100
    engine_of_test = sa.create_engine(database_url)
    with engine_of_test.connect() as connection:
        statuses = connection.execute(sa.text("SELECT status FROM runs ORDER BY run_id")).scalars().all()
    engine_of_test.dispose()
    assert sorted(statuses) == sorted(["gelukt"] * 3 + ["geweigerd"] * len(refused))


def test_runs_as_json_have_the_documented_shape(here: Path, cli: Cli, municipality: Municipality) -> None:
    runs = json.loads(cli("runs", "--json").out)
    assert [run["bron"] for run in runs] == [*reversed(municipality.manifest.bestanden)]
    counts = ["gelezen", "nieuw", "gewijzigd", "ongewijzigd", "verdwenen", "uitval"]
    head = ["run", "bron", "bestand", "sha256", "leverdatum", "levering", "status"]
    documented = [*head, *counts, "gestart", "klaar"]
    for run in runs:
        assert list(run)[: len(documented)] == documented
        assert run["status"] == "gelukt"
        assert len(run["sha256"]) == 64
