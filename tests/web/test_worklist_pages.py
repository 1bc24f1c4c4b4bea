"""Worklists on pages: proposed, kept, ordered, shortened, taken along; who came second is told."""

import io
import json
import re
import zipfile
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from visitor import Visitor

from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.store.queries.access import read_head
from registry.store.queries.worklists import read_lists, read_orders, read_rows

WISH = {"dag": "2031-03-03", "lengte": "4", "regels": "overbewoning", "gewicht-urgentie": "3"}


@pytest.fixture
def planner(visit: Callable[..., Visitor]) -> Visitor:
    return visit(Role.PLANNER)


def make(planner: Visitor, **changes: str) -> str:
    """Make a list; its path."""
    answer = planner.post("/werklijsten/nieuw", WISH | changes)
    assert answer.status_code == 303, answer.text
    path: str = answer.headers["location"]
    return path


def rows_of(app: FastAPI, path: str) -> list[int]:
    with app.state.web.store.read() as connection:
        order: list[int] = json.loads(read_orders(connection, int(path.rpartition("/")[2]))[0].row_ids)
    return order


def test_a_proposal_keeps_nothing_and_is_written_down(app: FastAPI, planner: Visitor) -> None:
    with app.state.web.store.read() as connection:
        before = len(read_lists(connection))
    shown = planner.get("/werklijsten/nieuw", params=WISH | {"dag": "2031-02-03"})
    assert shown.status_code == 200
    assert "Voorstel voor 3 februari 2031" in shown.text
    assert re.search(r'name="zaad" value="\d+"', shown.text)
    with app.state.web.store.read() as connection:
        assert len(read_lists(connection)) == before


def test_a_list_is_made_ordered_and_shortened(app: FastAPI, planner: Visitor) -> None:
    path = make(planner, inspecteurs="Team Oost", bewaar_als="Oost eerst")
    page = planner.get(path).text
    assert "Team Oost" in page
    assert "Oost eerst" in planner.get("/werklijsten/nieuw").text
    first, second, *rest = rows_of(app, path)
    places = {f"plaats-{second}": "1", f"plaats-{first}": "2"} | {f"plaats-{one}": "9" for one in rest}
    version = re.search(r'name="versie" value="(\d+)"', page).group(1)
    assert planner.post(f"{path}/volgorde", places | {"versie": version}).status_code == 303
    assert rows_of(app, path) == [second, first, *rest]
    late = planner.post(f"{path}/volgorde", places | {"versie": version})
    assert late.status_code == 409
    assert "intussen gewijzigd" in late.text
    assert planner.post(f"{path}/haal-af", {"zaak": str(first), "reden": "Verhuisd"}).status_code == 303
    assert first not in rows_of(app, path)
    assert "Verhuisd" in planner.get(path).text
    assert planner.post(f"{path}/haal-af", {"zaak": str(first), "reden": "Verhuisd"}).status_code == 409
    assert planner.post(f"{path}/hercontrole", {"alleen_markeren": "ja"}).status_code == 303
    assert "gelijk" in planner.get(path).text
    assert planner.post(f"{path}/trek-in", {"waarom": "Regen"}).status_code == 303
    assert rows_of(app, path) == []


def test_wrong_fields_are_told_and_what_was_typed_stays(app: FastAPI, planner: Visitor) -> None:
    wrong = planner.get("/werklijsten/nieuw", params=WISH | {"lengte": "99", "gewicht-bezoek": "zwaar"})
    assert wrong.status_code == 400
    assert "ten hoogste 20" in wrong.text
    assert 'value="zwaar"' in wrong.text
    assert "Kies uit" in planner.get("/werklijsten/nieuw", params=WISH | {"uitkomsten": "schuldig"}).text
    path = make(planner, dag="2031-03-04")
    [first, *_] = rows_of(app, path)
    assert planner.post(f"{path}/haal-af", {"zaak": str(first)}).status_code == 400
    assert planner.post(f"{path}/volgorde", {f"plaats-{first}": "eerst", "versie": "1"}).status_code == 400
    assert first in rows_of(app, path)


def test_it_is_taken_along_by_an_inspector(app: FastAPI, planner: Visitor, visit: Callable[..., Visitor]) -> None:
    path = make(planner, dag="2031-03-05")
    inspector = visit(Role.INSPECTEUR)
    with app.state.web.store.read() as connection:
        adres = read_rows(connection, int(path.rpartition("/")[2]))[0].adres
        before = read_head(connection).volgnummer
    for soort in ("telefoon", "papier"):
        answer = inspector.get(f"{path}/bestanden/{soort}")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert adres in answer.text
    book = inspector.get(f"{path}/bestanden/excel").content
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book)).namelist()
    assert inspector.get(f"{path}/bestanden/word").status_code == 400
    assert inspector.post(f"{path}/trek-in", {"waarom": "mag niet"}).status_code == 404
    with app.state.web.store.read() as connection:
        assert read_head(connection).volgnummer == before + 3


def test_who_works_elsewhere_sees_no_list_of_here(
    app: FastAPI, planner: Visitor, visit: Callable[..., Visitor]
) -> None:
    path = make(planner, dag="2031-03-06")
    store = app.state.web.store
    email = add_account(
        store, "planner-elders@testdam.nl", "Elders", [Role.PLANNER], auteur="test", gebieden=["BU99999999"]
    ).email
    elsewhere = visit(email=email)
    assert elsewhere.get(path).status_code == 404
    assert f'href="{path}"' not in elsewhere.get("/werklijsten").text
    assert elsewhere.post(f"{path}/trek-in", {"waarom": "mag niet"}).status_code == 404
    assert elsewhere.post("/werklijsten/nieuw", WISH | {"dag": "2031-03-07"}).status_code == 400
    assert planner.get("/werklijsten/999999").status_code == 404
