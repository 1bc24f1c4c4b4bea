"""Visits on pages: typed, sent in from a phone, refused at the field; on a copy, because a visit changes the town."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visitor import Visitor

from importers.bezoeken import FORMAAT
from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.settings import Settings
from registry.store.queries.accounts import find_account
from registry.store.queries.runs import last_run
from registry.store.queries.signal_list import Filter, list_signals
from registry.store.queries.visits import read_visits
from registry.web.app import create_app


@pytest.fixture(scope="module")
def own_app(
    assets: None, settings: Settings, accounts: dict[Role, str], tmp_path_factory: pytest.TempPathFactory
) -> FastAPI:
    folder = tmp_path_factory.mktemp("bezoeken")
    for path in Path(settings.database_url.removeprefix("sqlite:///")).parent.glob("woonregister.db*"):
        shutil.copyfile(path, folder / path.name)
    return create_app(settings.model_copy(update={"database_url": f"sqlite:///{folder / 'woonregister.db'}"}))


@pytest.fixture
def inspector(own_app: FastAPI, accounts: dict[Role, str]) -> Visitor:
    with own_app.state.web.store.write_transaction(ACCOUNT_LOCK) as connection:
        account = find_account(connection, email=accounts[Role.INSPECTEUR])
        moment = clock.now() - timedelta(minutes=1)
        begun = begin_session(connection, account["account_id"], stage=FULL, device="test", moment=moment)
    client = TestClient(own_app, follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set(own_app.state.web.cookie, begun.token)
    return Visitor(client, accounts[Role.INSPECTEUR])


@pytest.fixture
def woning(own_app: FastAPI) -> str:
    with own_app.state.web.store.read() as connection:
        found = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows
    object_id: str = found[0]["adresseerbaar_object_id"]
    return object_id


def counted(app: FastAPI, woning: str) -> list[int | None]:
    with app.state.web.store.read() as connection:
        found = read_visits(connection, known=last_run(connection), object_id=woning)
    return found["aantal_personen"].to_list()


def test_a_visit_is_typed(own_app: FastAPI, inspector: Visitor, woning: str) -> None:
    typed = {"woning": woning, "datum": "2026-11-20", "inspecteur": "Ada", "aantal_personen": "veel",
             "resultaat": "toegang_met_toestemming"}  # fmt: skip
    refused = inspector.post("/bezoeken/nieuw", typed)
    assert refused.status_code == 400, refused.text
    assert 'id="f-aantal_personen-fout"' in refused.text
    assert 'value="veel"' in refused.text
    done = inspector.post("/bezoeken/nieuw", typed | {"aantal_personen": "17"})
    assert done.status_code == 303, done.text
    assert 17 in counted(own_app, woning)
    assert "20 november 2026" in inspector.get("/bezoeken").text
    assert inspector.get("/bezoeken/nieuw?woning=0606010000000000").status_code == 404


def test_the_file_of_a_phone_comes_back(own_app: FastAPI, inspector: Visitor, woning: str) -> None:
    visit = {"inspectie": "T-1", "adresseerbaar_object_id": woning, "datum": "2026-11-21", "inspecteur": "Ada",
             "resultaat": "toegang_met_toestemming", "aantal_personen": 19}  # fmt: skip
    form = {"formaat": FORMAAT, "versie": 1, "bezoeken": [visit]}
    sent = inspector.post("/bezoeken", files={"bestand": ("bezoek.json", json.dumps(form).encode())})
    assert sent.status_code == 303, sent.text
    assert 19 in counted(own_app, woning)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{}", b"PK\x03\x04", b'{"formaat": "anders", "bezoeken": []}'])
def test_another_file_is_refused(inspector: Visitor, content: bytes) -> None:
    sent = inspector.post("/bezoeken", files={"bestand": ("bezoek.json", content)})
    assert sent.status_code == 400
    assert 'id="f-bestand-fout"' in sent.text
