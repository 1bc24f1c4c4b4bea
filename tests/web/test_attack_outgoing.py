"""What this program asks of others: only where the settings say, and never on to where an answer points."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from registry.cases.zaaksysteem import Zaaksysteem, ZaaksysteemError, _Zaken
from registry.settings import Settings
from registry.web.app import create_app

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


class Pointing(BaseHTTPRequestHandler):
    """Sends everybody on to a place that only this machine could reach."""

    asked: list[str] = []  # noqa: RUF012 - filled by the test server, read by the test

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inwendig")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - as above

    def log_message(self, *_given: object) -> None:
        """Say nothing."""


@pytest.fixture
def pointing() -> Iterator[str]:
    Pointing.asked = []
    server = HTTPServer(("127.0.0.1", 0), Pointing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_case_system_cannot_send_us_on(pointing: str) -> None:
    systeem = Zaaksysteem(pointing, "woonregister", "g" * 32, f"{pointing}/zaaktype", "002220647")
    with _Zaken(systeem, "jurist", NOW, None) as zaken:
        for act in (lambda: zaken.find("WR-1"), lambda: zaken.create({"identificatie": "WR-1"})):
            with pytest.raises(ZaaksysteemError):
                act()
    assert not [path for path in Pointing.asked if "inwendig" in path]


def test_the_identity_provider_cannot_send_us_on(assets: None, settings: Settings, pointing: str) -> None:
    given = {"oidc_issuer": pointing, "oidc_client_id": "woonregister"}
    app = create_app(settings.model_copy(update=given))
    answer = TestClient(app, follow_redirects=False).get("/aanmelden/gemeente")
    assert answer.status_code == 400
    assert "niet bereikbaar" in answer.text
    assert Pointing.asked == ["/.well-known/openid-configuration"]
    app.state.web.store.close()


def test_no_field_of_a_page_names_a_place_to_ask(app: FastAPI, pointing: str) -> None:
    """Where is asked stands in the settings of the machine: no route, role or file can change it."""
    client = TestClient(app, follow_redirects=False)
    for path in ("/aanmelden/gemeente", "/aanmelden", "/v1/openapi.json"):
        client.get(path, params={"issuer": pointing, "url": pointing, "verder": pointing})
    assert Pointing.asked == []
