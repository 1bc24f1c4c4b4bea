"""The API: what it gives, to whom, in which form; that its document holds, and that nothing makes it fail."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import node_programs
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visitor import Visitor

from registry.accounts.manage import add_account, new_coupling
from registry.accounts.rights import Role
from registry.store.engine import Store
from registry.store.queries import signal_list
from registry.store.queries.access import read_accesses
from registry.web.api.v1.document import make_document


@pytest.fixture(scope="module")
def clients(app: FastAPI, accounts: dict[Role, str]) -> dict[Role, TestClient]:
    """Another system for each role."""
    return {
        rol: TestClient(
            app,
            headers={"Authorization": f"Bearer {new_coupling(app.state.web.store, email, auteur='test')}"},
            raise_server_exceptions=False,
        )
        for rol, email in accounts.items()
    }


def get(client: TestClient, path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    expected = "application/json" if status == 200 else "application/problem+json"
    assert answer.headers["content-type"] == expected
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["api-version"] == "1.0.0"
    body: dict[str, Any] = answer.json()
    return body


def test_a_dwelling_is_found_by_its_address_and_read_with_its_signals(clients: dict[Role, TestClient]) -> None:
    client = clients[Role.INSPECTEUR]
    signal = get(client, "/v1/signalen?regel=overbewoning")["signalen"][0]
    dossier = get(client, f"/v1/adresseerbare-objecten/{signal['adresseerbaarObjectId']}")
    assert signal["bewijs"] in {one["bewijs"] for one in dossier["signalen"]}
    found = get(client, f"/v1/adresseerbare-objecten?zoektekst={dossier['adres']}")
    assert dossier["identificatie"] in {one["identificatie"] for one in found["adresseerbareObjecten"]}


def test_pages_together_are_all_signals(clients: dict[Role, TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal_list, "PAGE", 3)
    client, seen, page = clients[Role.JURIST], [], 1
    while True:
        path = f"/v1/signalen?uitkomst=onbekend&pagina={page}"
        body, links = get(client, path), client.get(path).links
        seen += [one["bewijs"] + one["adresseerbaarObjectId"] for one in body["signalen"]]
        assert links["last"]["url"] == f"/v1/signalen?uitkomst=onbekend&pagina={body['aantalPaginas']}"
        assert ("prev" in links) == (page > 1)
        if page == body["aantalPaginas"]:
            assert "next" not in links
            break
        page += 1
        assert links["next"]["url"].endswith(f"pagina={page}")
    assert len(seen) == len(set(seen)) == body["aantal"] > 3
    assert get(client, f"/v1/signalen?uitkomst=onbekend&pagina={page + 1}")["signalen"] == []


def test_every_fault_is_told_at_once(clients: dict[Role, TestClient]) -> None:
    body = get(clients[Role.JURIST], "/v1/signalen?regel=iets&uitkomst=schuldig&pagina=0", status=400)
    assert [(one["in"], one["name"]) for one in body["errors"]] == [
        ("query", "regel"), ("query", "uitkomst"), ("query", "pagina"),
    ]  # fmt: skip
    assert {"type", "title", "status", "detail", "code", "instance"} <= body.keys()
    assert [one["reason"] for one in body["errors"]][1:] == [
        "Kies uit: 'signaal', 'juridisch_toetsen' of 'onbekend'.", "Dit is te laag: ten minste 1.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body", "reasons"),
    [
        ("application/json", "{", ["Dit is geen geldige JSON."]),
        ("application/json", "[]", ["Stuur een JSON-object, met Content-Type: application/json."]),
        ("text/plain", "de Vries", ["Stuur een JSON-object, met Content-Type: application/json."]),
        ("application/json", '{"zoektekst": "x"}', ["Dit is te kort: ten minste 3 tekens.", "Vul dit in."]),
        ("application/json", '{"zoektekst": 12, "zaak": "Z-1"}', ["Dit moet tekst zijn."]),
    ],
)
def test_what_is_wrong_with_a_body_is_told_in_dutch(
    clients: dict[Role, TestClient], kind: str, body: str, reasons: list[str]
) -> None:
    answer = clients[Role.JURIST].post("/v1/eigenaren/_zoek", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert [one["reason"] for one in answer.json()["errors"]] == reasons


def test_a_method_that_is_not_there_is_answered_with_those_that_are(clients: dict[Role, TestClient]) -> None:
    answer = clients[Role.JURIST].delete("/v1/signalen")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_what_is_too_large_is_a_problem_for_a_program(clients: dict[Role, TestClient]) -> None:
    answer = clients[Role.JURIST].post("/v1/eigenaren/_zoek", headers={"Content-Length": "99999999999"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (413, "te_groot")


def test_what_is_not_there_and_what_is_not_for_you_look_the_same(clients: dict[Role, TestClient], app: FastAPI) -> None:
    store = app.state.web.store
    bound = add_account(store, "elders@testdam.nl", "Elders", [Role.INSPECTEUR], gebieden=["BU99999999"], auteur="test")
    token = new_coupling(store, bound.email, auteur="test")
    elsewhere = TestClient(app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)
    known = get(clients[Role.JURIST], "/v1/signalen")["signalen"][0]["adresseerbaarObjectId"]
    hidden = get(elsewhere, f"/v1/adresseerbare-objecten/{known}", status=404)
    absent = get(elsewhere, "/v1/adresseerbare-objecten/0000000000000001", status=404)
    assert hidden.pop("instance") != absent.pop("instance")
    assert hidden == absent
    assert get(elsewhere, "/v1/signalen")["aantal"] == 0


def test_the_stock_leaves_protected(clients: dict[Role, TestClient]) -> None:
    body = get(clients[Role.BELEID], "/v1/woningvoorraad?per=buurt&per=bouwperiode")
    counts = [row["aantal"] for row in body["rijen"]]
    assert all(count is None or count == 0 or count >= 10 for count in counts)
    assert all(count is None or count % 5 == 0 for count in counts)
    assert get(clients[Role.BELEID], "/v1/signalen", status=404)["code"] == "niet_gevonden"


def test_an_owner_is_searched_for_in_a_body_and_written_down(clients: dict[Role, TestClient], store: Store) -> None:
    with store.read() as connection:
        before = max((row.volgnummer for row in read_accesses(connection)), default=0)
    answer = clients[Role.JURIST].post("/v1/eigenaren/_zoek", json={"zoektekst": "B.V.", "zaak": "Z-2026-0001"})
    assert answer.status_code == 200, answer.text
    found = answer.json()["eigenaren"]
    with store.read() as connection:
        [row] = read_accesses(connection, after=before)
    assert (row.access.handeling, row.access.zaak, row.access.aantal) == ("zoeken", "Z-2026-0001", len(found))
    assert "B.V." not in (row.access.toelichting or "")
    assert clients[Role.JURIST].post("/v1/eigenaren/_zoek", json={"zoektekst": "ab"}).status_code == 400


def test_runs_are_for_who_manages(clients: dict[Role, TestClient]) -> None:
    assert {run["bron"] for run in get(clients[Role.BEHEERDER], "/v1/runs")["runs"]} >= {"bag", "brp"}
    get(clients[Role.INSPECTEUR], "/v1/runs", status=404)


def test_the_document_is_public_and_names_every_route(app: FastAPI) -> None:
    answer = TestClient(app).get("/v1/openapi.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    document = answer.json()
    assert document == json.loads(json.dumps(make_document()))
    assert {"/signalen", "/adresseerbare-objecten/{identificatie}", "/eigenaren/_zoek"} <= document["paths"].keys()


def test_the_published_rules_find_nothing(shared_data: Path, tmp_path: Path) -> None:
    """Spectral with the ruleset of the NLGov API Design Rules."""
    try:
        spectral = node_programs.modules() / "@stoplight" / "spectral-cli" / "dist" / "index.js"
        node = node_programs.program("node")
    except node_programs.NoNodeError as error:
        pytest.skip(f"geen Spectral: {error}")
    (tmp_path / "openapi.json").write_text(json.dumps(make_document()), encoding="utf-8")
    shutil.copyfile(shared_data / "specs" / "nlgov-adr-spectral.yaml", tmp_path / "rules.yaml")
    done = subprocess.run(
        [node, spectral, "lint", "--ruleset", "rules.yaml", "--fail-severity", "hint", "openapi.json"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_browser_needs_its_token_to_search(visit: Callable[..., Visitor]) -> None:
    jurist = visit(Role.JURIST)
    question = {"zoektekst": "B.V.", "zaak": "Z-2026-0001"}
    assert jurist.client.post("/v1/eigenaren/_zoek", json=question).status_code == 403
    sent = jurist.client.post("/v1/eigenaren/_zoek", json=question, headers={"X-CSRF-Token": jurist.token()})
    assert sent.status_code == 200
