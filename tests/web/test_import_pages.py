"""Imports on pages: sent in, followed, done by a worker, taken back; refused files say why and change nothing."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI
from visitor import Visitor, app_on_copy, signed_in

from registry import clock
from registry.accounts.rights import Role
from registry.demo.manifest import MANIFEST_NAME
from registry.settings import Settings
from registry.store.queries.signal_list import Filter, list_signals
from registry.store.queries.tasks import list_tasks
from registry.tasks.queue import WorkFolder
from registry.tasks.work import Workshop, do_task
from registry.tasks.worker import work


@pytest.fixture(scope="module")
def own_app(
    assets: None, settings: Settings, accounts: dict[Role, str], tmp_path_factory: pytest.TempPathFactory
) -> FastAPI:
    """The application on a copy of the town: imports change it."""
    return app_on_copy(settings, tmp_path_factory.mktemp("imports"))


@pytest.fixture
def beheerder(own_app: FastAPI, accounts: dict[Role, str]) -> Visitor:
    return signed_in(own_app, accounts[Role.BEHEERDER])


def do_all(app: FastAPI) -> None:
    """What ``woonregister worker`` does."""
    web = app.state.web
    folder = WorkFolder(web.settings.werkmap)
    shop = Workshop(web.store, folder, web.cipher, web.access_log, web.law, keep_names=False)
    work(web.store, folder, lambda task: do_task(shop, task), stop=Event(), until_empty=True)


def send(visitor: Visitor, name: str, content: bytes, **fields: str) -> str:
    """Send a file in; where the answer leads."""
    answer = visitor.post("/imports", {"bron": "meldingen", **fields}, files={"bestand": (name, content)})
    assert answer.status_code == 303, answer.text
    location: str = answer.headers["location"]
    return location


def melding_of(small_town: Path) -> Path:
    """The file of meldingen of the demo."""
    manifest = json.loads((small_town / MANIFEST_NAME).read_text(encoding="utf-8"))
    return small_town / str(manifest["bestanden"]["meldingen"])


def text_of(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.text)


def test_a_file_is_followed_from_form_to_run_and_taken_back(
    own_app: FastAPI, beheerder: Visitor, small_town: Path
) -> None:
    melding = melding_of(small_town)
    where = send(beheerder, melding.name, melding.read_bytes(), leverdatum="2026-11-20")
    assert "Wacht op zijn beurt" in text_of(beheerder, where)
    do_all(own_app)
    shown = text_of(beheerder, where)
    assert "Ingelezen." in shown
    assert "hx-trigger" not in shown
    run = re.search(r'href="(/imports/\d+)"', shown).group(1)
    for page in ("/imports", run):
        assert melding.name in text_of(beheerder, page)
        assert ">20 november 2026</td>" in text_of(beheerder, page)
    assert "Wat er dan gebeurt" in text_of(beheerder, f"{run}/intrekken")
    assert beheerder.post(f"{run}/intrekken").status_code == 303
    assert "ingetrokken" in text_of(beheerder, run)
    assert beheerder.post(f"{run}/intrekken").status_code == 409


def test_a_try_changes_nothing(own_app: FastAPI, beheerder: Visitor, small_town: Path) -> None:
    melding = melding_of(small_town)
    where = send(beheerder, melding.name, melding.read_bytes(), leverdatum="2026-11-21", proef="true")
    do_all(own_app)
    assert "er is niets gewijzigd" in text_of(beheerder, where)


def test_a_form_says_what_is_wrong_beside_the_field_and_keeps_the_rest(beheerder: Visitor) -> None:
    answer = beheerder.post("/imports", {"bron": "meldingen", "leverdatum": "gisteren"})
    assert answer.status_code == 400
    assert "Kies een bestand" in answer.text
    assert "Dit is geen datum" in answer.text
    assert 'value="gisteren"' in answer.text
    assert '<option value="meldingen" selected>' in answer.text


def bomb() -> bytes:
    """A small zip whose one member is far larger than any delivery."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("0606VBO01012026.xml", "w") as file:
        zeros = bytes(16 * 1024**2)
        for _ in range(8):
            file.write(zeros)
    return held.getvalue()


def entities() -> bytes:
    """An extract whose XML asks to be blown up, and for a file of this machine."""
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<x>&l9;&f;</x>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("0606VBO01012026.xml", text)
    return held.getvalue()


@pytest.mark.parametrize(
    ("bron", "name", "content"),
    [
        ("bag", "bag.zip", b"geen zip"),
        ("bag", "bag.zip", bomb()),
        ("bag", "bag.zip", entities()),
        ("brp", "../../brp.csv", b"\x00\x01\x02"),
        ("meldingen", "meldingen.xlsm", b"PK\x03\x04"),
        ("meldingen", "meldingen.exe", b"MZ"),
        ("brk", "brk.json", b"[" * 10_000),
    ],
    ids=["no zip", "zip bomb", "entities", "binary", "macros", "program", "deep"],
)
def test_a_hostile_file_is_refused_with_a_reason(
    own_app: FastAPI, beheerder: Visitor, bron: str, name: str, content: bytes
) -> None:
    where = send(beheerder, name, content, bron=bron, leverdatum="2026-11-22")
    do_all(own_app)
    shown = text_of(beheerder, where)
    assert "Niet gelukt; er is niets gewijzigd" in shown
    assert "root:" not in shown
    folder = own_app.state.web.settings.werkmap
    assert [one.name for one in folder.iterdir()] == ["worker.slot"]


OWN = "Kenmerk;BAG-id;Wanneer;Soort;Onderwerp;Kleur\nM-900;{woning};13/10/2026;melding;overbewoning;rood\n"
INDELING = b"kolommen:\n  Wanneer: datum\ndatumformaat: dd/mm/jjjj\nnegeren: [Kleur]\n"


@pytest.fixture
def own_file(own_app: FastAPI) -> bytes:
    """A delivery with the column names of a municipality."""
    with own_app.state.web.store.read() as connection:
        found = list_signals(connection, Filter(uitkomst=None), gebieden=None, on=clock.today()).rows[0]
    return OWN.format(woning=found["adresseerbaar_object_id"]).encode()


def send_own(visitor: Visitor, content: bytes, indeling: bytes, name: str = "eigen.yml", **fields: str) -> Any:
    files = {"bestand": ("eigen.yml.csv", content), "indeling": (name, indeling)}
    return visitor.post("/imports", {"bron": "meldingen", "leverdatum": "2026-11-23", **fields}, files=files)


def test_own_column_names_count_for_a_try_and_for_the_import_and_are_gone_after_it(
    own_app: FastAPI, beheerder: Visitor, own_file: bytes
) -> None:
    refused = send(beheerder, "eigen.csv", own_file, leverdatum="2026-11-23")
    do_all(own_app)
    run = re.search(r"run (\d+)", text_of(beheerder, "/imports")).group(1)
    for page in (refused, f"/imports/{run}"):
        assert "Zet in een indeling (het veld Indeling bij het inlezen) onder" in text_of(beheerder, page)
        assert "--indeling" not in text_of(beheerder, page)
    folder = own_app.state.web.settings.werkmap
    for proef, told in (("true", "Geprobeerd"), ("false", "Ingelezen.")):
        where = send_own(beheerder, own_file, INDELING, "../eigen.YML", proef=proef).headers["location"]
        assert len(list(folder.glob("*/eigen.YML"))) == 1
        do_all(own_app)
        shown = text_of(beheerder, where)
        assert told in shown
        assert "1 rijen gelezen: 1 nieuw" in shown
        assert [one.name for one in folder.iterdir()] == ["worker.slot"]


@pytest.mark.parametrize(
    ("bron", "sent", "reason"),
    [
        ("meldingen", ("eigen.xlsx", INDELING), "de naam eindigt op .yml"),
        ("meldingen", ("eigen.yml", b"kolommen: {Wanneer: dag}"), "velden die de bron meldingen niet heeft: dag"),
        ("meldingen", ("eigen.yml", b"#" * 70_000), "ten hoogste 64 kB"),
        ("bag", ("eigen.yml", INDELING), "laat het veld Indeling leeg"),
    ],
    ids=["another kind", "unknown field", "large", "fixed layout"],
)
def test_column_names_that_do_not_fit_are_refused_beside_the_field(
    beheerder: Visitor, bron: str, sent: tuple[str, bytes], reason: str
) -> None:
    before = beheerder.get("/imports").text.count("/imports/taken/")
    answer = send_own(beheerder, b"x", sent[1], sent[0], bron=bron)
    assert answer.status_code == 400
    beside = re.search(r'id="f-indeling-fout">([^<]+)<', answer.text).group(1)
    assert reason in beside
    assert "beide bestanden opnieuw" in beside
    assert 'value="2026-11-23"' in answer.text
    assert beheerder.get("/imports").text.count("/imports/taken/") == before


def test_an_evaluation_is_asked_and_done(own_app: FastAPI, beheerder: Visitor) -> None:
    where = beheerder.post("/imports/toetsen").headers["location"]
    do_all(own_app)
    assert "Juridisch toetsen" in text_of(beheerder, where)
    with own_app.state.web.store.read() as connection:
        assert list_tasks(connection, limit=1)[0].status == "klaar"


def test_what_does_not_exist_is_hidden(beheerder: Visitor) -> None:
    for path in ("/imports/999999", "/imports/taken/999999", "/imports/999999/intrekken"):
        assert beheerder.get(path).status_code == 404


def test_who_does_not_manage_sees_nothing(visit: Callable[..., Visitor]) -> None:
    assert visit(Role.JURIST).get("/imports").status_code == 404
