"""Cases on pages: opened, checked, reported ready, taken out, closed; each time written down."""

import io
import zipfile
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from visitor import Visitor

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.store.queries.access import read_head
from registry.store.queries.signal_list import Filter, list_signals


@pytest.fixture(scope="module")
def woning(app: FastAPI) -> str:
    with app.state.web.store.read() as connection:
        found = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows
    object_id: str = found[-1]["adresseerbaar_object_id"]
    return object_id


@pytest.fixture
def jurist(visit: Callable[..., Visitor]) -> Visitor:
    return visit(Role.JURIST)


def open_one(jurist: Visitor, woning: str) -> str:
    answer = jurist.post("/zaken/nieuw", {"woning": woning, "aanleiding": "Drie meldingen van buren"})
    assert answer.status_code == 303, answer.text
    path: str = answer.headers["location"]
    return path


def test_a_case_is_opened_and_shown_with_its_check(jurist: Visitor, woning: str) -> None:
    path = open_one(jurist, woning)
    shown = jurist.get(path).text
    assert "Drie meldingen van buren" in shown
    assert "Controle voor overdracht" in shown
    assert f'href="{path}"' in jurist.get("/zaken").text
    refused = jurist.post("/zaken/nieuw", {"woning": woning})
    assert refused.status_code == 400
    assert 'id="f-aanleiding-fout"' in refused.text
    assert jurist.post("/zaken/nieuw", {"woning": "0606010000000000", "aanleiding": "Bestaat niet"}).status_code == 404


def test_open_points_stop_the_hand_over_until_a_person_says_so(jurist: Visitor, woning: str) -> None:
    path = open_one(jurist, woning)
    refused = jurist.post(f"{path}/gereed", {"reden": "Overdracht aan bezwaar"})
    assert refused.status_code == 400
    assert "punten open" in refused.text
    assert 'value="Overdracht aan bezwaar"' in refused.text
    done = jurist.post(f"{path}/gereed", {"reden": "Overdracht aan bezwaar", "ondanks": "true"})
    assert done.status_code == 303
    assert "gereed gemeld" in jurist.get(path).text


def test_a_case_is_closed_once_and_opened_again(jurist: Visitor, woning: str) -> None:
    path = open_one(jurist, woning)
    assert jurist.post(f"{path}/stand", {"was": "open", "reden": "Opgelost"}).status_code == 303
    seen_at = {"Referer": f"http://testserver{path}?x=1"}
    late = jurist.post(f"{path}/stand", {"was": "open", "reden": "Opgelost"}, headers=seen_at)
    assert late.status_code == 409
    assert f'href="{path}?x=1">Terug naar de pagina' in late.text
    for elsewhere in ("http://boos.example/zaken", f"http://testserver{path}/stand", ""):
        seen_at = {"Referer": elsewhere}
        late = jurist.post(f"{path}/stand", {"was": "open", "reden": "Opgelost"}, headers=seen_at)
        assert "Terug naar de pagina" not in late.text
    assert "Heropen de zaak" in jurist.get(path).text
    assert jurist.post(f"{path}/stand", {"was": "gesloten", "reden": "Nieuw feit"}).status_code == 303
    assert "Sluit de zaak" in jurist.get(path).text


def test_what_leaves_is_a_file_and_is_written_down(app: FastAPI, jurist: Visitor, woning: str) -> None:
    path = open_one(jurist, woning)
    with app.state.web.store.read() as connection:
        before = read_head(connection).volgnummer
    for what, member in (
        ("dossier", "xl/workbook.xml"),
        ("brief?soort=informatiebrief", "word/document.xml"),
        ("bundel", ".xlsx"),
    ):
        answer = jurist.get(f"{path}/{what}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert any(name.endswith(member) for name in names), names
    with app.state.web.store.read() as connection:
        assert read_head(connection).volgnummer == before + 3
    assert jurist.get(f"{path}/brief?soort=../../geheim").status_code == 404


def test_a_case_of_elsewhere_is_hidden(
    app: FastAPI, jurist: Visitor, visit: Callable[..., Visitor], woning: str
) -> None:
    path = open_one(jurist, woning)
    email = "jurist-elders-zaken@testdam.nl"
    add_account(app.state.web.store, email, "Elders", [Role.JURIST], auteur="test", gebieden=["BU99999999"])
    other = visit(email=email)
    for where in (path, f"{path}/dossier", f"{path}/bundel", f"/zaken/nieuw?woning={woning}"):
        assert other.get(where).status_code == 404
    assert "/zaken/Z-" not in other.get("/zaken").text
    assert other.post(f"{path}/stand", {"was": "open", "reden": "mag niet"}).status_code == 404
    assert jurist.get("/zaken/Z-1900-0001").status_code == 404
