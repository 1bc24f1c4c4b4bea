"""Signing in with a real identity provider that runs here (npm's oidc-provider)."""

import queue
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import node_programs
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from registry.accounts.manage import add_account, block
from registry.accounts.rights import Role
from registry.settings import Settings
from registry.web.app import create_app

SECONDS = 30


@pytest.fixture(scope="module")
def issuer(assets: None) -> Iterator[str]:
    """The address of the provider."""
    try:
        node, folder = node_programs.program("node"), node_programs.modules().parent
    except node_programs.NoNodeError as error:
        pytest.skip(f"geen aanbieder: {error}")
    command = [node, Path(__file__).with_name("provider.mjs"), folder, "http://testserver/aanmelden/gemeente/terug"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    lines: queue.Queue[str] = queue.Queue()
    # What it warns about (keys and memory of a test) comes first.
    reader = threading.Thread(target=lambda: [lines.put(line.strip()) for line in process.stdout if line[:4] == "http"])
    reader.start()
    yield lines.get(timeout=SECONDS)
    process.kill()
    process.wait()
    reader.join()
    process.stdout.close()


@pytest.fixture(scope="module")
def with_provider(issuer: str, settings: Settings) -> Iterator[FastAPI]:
    """The application with a provider, where everybody needs a second step."""
    own = {
        "oidc_issuer": issuer,
        "oidc_client_id": "woonregister",
        "oidc_client_secret": SecretStr("geheim-van-de-test"),
        "tweede_stap": "verplicht",
    }
    app = create_app(settings.model_copy(update=own))
    yield app
    app.state.web.store.close()


def go(app: FastAPI, login: str) -> tuple[TestClient, httpx2.Response]:
    """Sign in as somebody at the provider; returns the browser and the answer to coming back."""
    browser = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    away = browser.get("/aanmelden/gemeente?verder=/account").headers["location"]
    with httpx2.Client(follow_redirects=False) as there:
        answer = there.get(away)
        while True:
            location = answer.headers.get("location", "")
            if location.startswith("http://testserver/"):
                return browser, browser.get(location.removeprefix("http://testserver"))
            if answer.status_code in (302, 303):
                answer = there.get(answer.request.url.join(location))
                continue
            prompt = "login" if 'name="login"' in answer.text else "consent"
            fields = {"prompt": prompt, "login": login, "password": "x"}
            answer = there.post(answer.request.url, data=fields)


def test_who_has_an_account_comes_in_and_needs_no_second_step_here(with_provider: FastAPI) -> None:
    store = with_provider.state.web.store
    email = add_account(store, "anna@testdam.nl", "Anna", [Role.JURIST], auteur="test").email
    browser, back = go(with_provider, "anna")
    assert (back.status_code, back.headers["location"]) == (303, "/account")
    page = browser.get("/account").text
    assert email in page
    assert "aangemeld via de gemeente" in page
    assert "met uw account van de gemeente" in TestClient(with_provider).get("/aanmelden").text
    block(store, email, auteur="test")
    _, refused = go(with_provider, "anna")
    assert refused.status_code == 400
    assert "geen account van u" in refused.text


@pytest.mark.parametrize("login", ["vreemde", "onzeker"])
def test_who_has_no_account_or_no_confirmed_address_is_refused(with_provider: FastAPI, login: str) -> None:
    if login == "onzeker":
        add_account(with_provider.state.web.store, "onzeker@testdam.nl", "Onzeker", [Role.JURIST], auteur="test")
    browser, back = go(with_provider, login)
    assert back.status_code == 400
    assert browser.get("/account").status_code == 303


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(with_provider: FastAPI) -> None:
    add_account(with_provider.state.web.store, "bea@testdam.nl", "Bea", [Role.JURIST], auteur="test")
    browser = TestClient(with_provider, follow_redirects=False, raise_server_exceptions=False)
    path = "/aanmelden/gemeente/terug?code=x&state=y"
    assert browser.get(path).status_code == 400
    browser.get("/aanmelden/gemeente")
    assert browser.get(path).status_code == 400
    browser.cookies.set("woonregister-gemeente", "k1.onzin")
    assert browser.get(path).status_code == 400
    assert browser.get("/account").status_code == 303


def test_without_a_provider_there_is_no_such_page(app: FastAPI) -> None:
    client = TestClient(app, follow_redirects=False)
    assert client.get("/aanmelden/gemeente").status_code == 303
    assert "account van de gemeente" not in client.get("/aanmelden").text
