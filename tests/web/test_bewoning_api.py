"""The Bewoning API: its answers hold to the published document, equal the occupancy kept here, and are written down."""

import json
import logging
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from visitor import Visitor

from registry.accounts.manage import new_coupling
from registry.accounts.rights import Role
from registry.privacy.access import AccessLog, AccessLogError
from registry.store.engine import Store
from registry.store.queries.access import read_accesses
from registry.store.queries.runs import last_run
from registry.store.queries.versions import read_versions
from registry.store.tables import registers

PATH = "/haalcentraal/api/bewoning/bewoningen"
DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def document(shared_data: Path) -> OpenAPI:
    text = (shared_data / "specs" / "brp-bewoning-openapi.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, Loader=yaml.CSafeLoader)
    content["servers"] = [{"url": "/haalcentraal/api/bewoning"}]
    # The document allows names of 30 signs, and its own parameter for the object has 32.
    name = content["components"]["schemas"]["InvalidParam"]["properties"]["name"]
    name["pattern"] = name["pattern"].replace("30", "32")
    return OpenAPI.from_dict(
        content, config=Config(extra_media_type_deserializers={"application/problem+json": json.loads})
    )


@pytest.fixture(scope="module")
def occupancy(app: FastAPI) -> pl.DataFrame:
    """The stays of the small town, and the keyed BSN of each person."""
    with app.state.web.store.read() as connection:
        return read_versions(connection, registers.bewoning, known=last_run(connection))


@pytest.fixture
def client(app: FastAPI, accounts: dict[Role, str]) -> TestClient:
    """Another system of the municipality that may ask."""
    token = new_coupling(app.state.web.store, accounts[Role.AFNEMER], auteur="test")
    return TestClient(app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


def ask(client: TestClient, document: OpenAPI, question: object, status: int = 200) -> dict[str, Any]:
    """The answer, after it was held against the published document."""
    answer = client.post(PATH, json=question)
    assert answer.status_code == status, answer.text
    request = MockRequest("http://testserver", "post", PATH, content_type="application/json; charset=utf-8")
    response = MockResponse(answer.content, answer.status_code, content_type=answer.headers["content-type"])
    assert [repr(error.__cause__) for error in document.iter_response_errors(request, response)] == []
    body: dict[str, Any] = answer.json()
    return body


def on_day(object_id: str, day: date = DAY) -> dict[str, str]:
    return {
        "type": "BewoningMetPeildatum",
        "peildatum": day.isoformat(),
        "adresseerbaarObjectIdentificatie": object_id,
    }


def test_every_home_has_on_a_day_who_is_kept_there(
    client: TestClient, document: OpenAPI, occupancy: pl.DataFrame, app: FastAPI
) -> None:
    cipher = app.state.web.cipher
    with app.state.web.store.read() as connection:
        people = read_versions(connection, registers.persoonslijsten, known=last_run(connection))
    # Somebody whose persoonslijst was set aside is counted, and named by nobody.
    hashes = dict.fromkeys(occupancy["persoonslijst"]) | dict(people.select("persoonslijst", "bsn_hash").iter_rows())
    there = occupancy.filter(
        pl.col("valid_from") <= DAY, pl.col("valid_until").is_null() | (pl.col("valid_until") > DAY)
    )
    homes = there["adresseerbaar_object_id"].unique().sort()[:40]
    for object_id in homes:
        here = there.filter(adresseerbaar_object_id=object_id)
        certain = set(here.filter(zekerheid="zeker")["persoonslijst"])
        expected = (certain, set(here["persoonslijst"]) - certain)
        [bewoning] = ask(client, document, on_day(object_id))["bewoningen"]
        assert bewoning["periode"] == {"datumVan": str(DAY), "datumTot": str(DAY + timedelta(days=1))}
        for which, part in zip(("bewoners", "mogelijkeBewoners"), expected, strict=True):
            numbers = [one.get("burgerservicenummer") for one in bewoning[which]]
            said = Counter(None if number is None else cipher.hash(number) for number in numbers)
            assert said == Counter(hashes[key] for key in part), "wrong persons"
    assert len(homes) == 40


def test_the_compositions_of_a_period_follow_each_other(
    client: TestClient, document: OpenAPI, occupancy: pl.DataFrame
) -> None:
    busiest = occupancy.group_by("adresseerbaar_object_id").len().sort("len", descending=True)[0, 0]
    asked = {"type": "BewoningMetPeriode", "datumVan": "2000-01-01", "datumTot": "2026-12-01"}
    found = ask(client, document, asked | {"adresseerbaarObjectIdentificatie": busiest})["bewoningen"]
    assert len(found) > 1
    bounds = [(one["periode"]["datumVan"], one["periode"]["datumTot"]) for one in found]
    assert all(van < tot for van, tot in bounds)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(bounds))


def test_every_answer_is_written_down_with_its_persons(
    client: TestClient, document: OpenAPI, occupancy: pl.DataFrame, store: Store
) -> None:
    object_id = occupancy["adresseerbaar_object_id"][0]
    with store.read() as connection:
        before = [row.volgnummer for row in read_accesses(connection)]
    body = ask(client, document, on_day(object_id))
    with store.read() as connection:
        [row] = read_accesses(connection, after=max(before, default=0))
    named = sum(len(one["bewoners"]) + len(one["mogelijkeBewoners"]) for one in body["bewoningen"])
    assert (row.access.handeling, row.access.verwerking) == ("verstrekken", "verstrekking_bewoning")
    assert (
        row.access.object_id if hasattr(row.access, "object_id") else row.access.adresseerbaar_object_id
    ) == object_id
    assert row.access.aantal == named == len(row.betrokkenen)


def test_nothing_is_given_that_cannot_be_written_down(
    client: TestClient, occupancy: pl.DataFrame, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AccessLogError("vol")

    monkeypatch.setattr(AccessLog, "record", refuse)
    answer = client.post(PATH, json=on_day(occupancy["adresseerbaar_object_id"][0]))
    assert answer.status_code == 503
    assert "burgerservicenummer" not in answer.text


def test_a_question_that_is_not_good(client: TestClient, document: OpenAPI) -> None:
    body = ask(client, document, {"type": "BewoningMetPeildatum", "peildatum": "31-12-2024"}, status=400)
    assert body["code"] == "paramsValidation"
    assert [(one["name"], one["code"]) for one in body["invalidParams"]] == [
        ("adresseerbaarObjectIdentificatie", "required"),
        ("peildatum", "date"),
    ]
    assert client.post(PATH, content=b"{", headers={"Content-Type": "application/json"}).json()["code"] == "json"


def test_an_object_elsewhere_is_not_ours_to_tell_of(client: TestClient, document: OpenAPI) -> None:
    assert ask(client, document, on_day("0363010000000001"), status=403)["code"] == "autorisation"


def test_other_content_is_refused(client: TestClient) -> None:
    asked = on_day("0606010000000001")
    assert client.post(PATH, json=asked, headers={"Accept": "text/html"}).status_code == 406
    assert client.post(PATH, data={"type": "x"}).status_code == 415
    assert client.post(PATH, content=b" " * 20_000, headers={"Content-Type": "application/json"}).status_code == 413


def test_who_may_not_ask_learns_nothing(app: FastAPI, visit: Callable[..., Visitor], document: OpenAPI) -> None:
    nobody = TestClient(app, raise_server_exceptions=False)
    assert ask(nobody, document, on_day("0606010000000001"), status=401)["code"] == "authentication"
    # A browser is no other system, whatever its role.
    jurist = visit(Role.JURIST)
    answer = jurist.client.post(PATH, json=on_day("0606010000000001"), headers={"X-CSRF-Token": jurist.token()})
    assert answer.status_code == 404
    assert answer.json()["code"] == "notFound"


def test_no_bsn_reaches_a_log(
    client: TestClient, document: OpenAPI, occupancy: pl.DataFrame, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        body = ask(client, document, on_day(occupancy["adresseerbaar_object_id"][0]))
    printed = "".join(capsys.readouterr()) + caplog.text
    for bewoning in body["bewoningen"]:
        for one in bewoning["bewoners"] + bewoning["mogelijkeBewoners"]:
            assert one.get("burgerservicenummer", "nobody") not in printed, "a BSN was logged"
