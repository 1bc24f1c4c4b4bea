"""What-if on pages: asked, kept with who did it, and withdrawn with a reason; nothing about single dwellings."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from visitor import Visitor

from registry.accounts.rights import Role
from registry.stock.what_ifs import list_what_ifs

QUESTION = {"regel": "overbewoning", "stel": "overbewoning.m2_per_persoon", "waarde": "15", "per": "gemeente"}
ASKED = "/voorraad/wat-als?" + "&".join(f"{name}={value}" for name, value in QUESTION.items())


@pytest.fixture
def beleid(visit: Callable[..., Visitor]) -> Visitor:
    return visit(Role.BELEID)


def test_a_question_shows_now_and_then(beleid: Visitor) -> None:
    answer = beleid.get(ASKED)
    assert answer.status_code == 200
    assert "Signalen dan" in answer.text
    assert not re.search(r"\b\d{16}\b", answer.text)
    assert b"<svg" in beleid.get(ASKED.replace("wat-als?", "wat-als.svg?")).content


def test_a_value_that_cannot_be_is_told(beleid: Visitor) -> None:
    answer = beleid.get(ASKED.replace("waarde=15", "waarde=veel"))
    assert answer.status_code == 400
    assert "is een getal" in answer.text
    assert 'value="veel"' in answer.text


def test_a_question_is_kept_once_and_withdrawn_with_its_author(app: FastAPI, beleid: Visitor) -> None:
    path = "/voorraad/wat-als"
    assert beleid.post(f"{path}/bewaar", {**QUESTION, "naam": "Norm 15"}).status_code == 303
    second = beleid.post(f"{path}/bewaar", {**QUESTION, "naam": "norm 15"})
    assert second.status_code == 400
    assert "is in gebruik" in second.text
    assert beleid.post(f"{path}/herroep", {"naam": "Norm 15"}).status_code == 400
    assert beleid.post(f"{path}/herroep", {"naam": "Norm 15", "reden": "proef"}).status_code == 303
    assert beleid.post(f"{path}/herroep", {"naam": "Norm 15", "reden": "proef"}).status_code == 409
    with app.state.web.store.read() as connection:
        [one] = [one for one in list_what_ifs(connection) if one.naam == "Norm 15"]
    assert one.auteur == beleid.email
    assert "proef" in (one.withdrawn or "")
    assert "Herroepen" in beleid.get(path).text
