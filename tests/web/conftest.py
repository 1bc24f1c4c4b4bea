"""One small registry with one application for all tests of a module, and an account of each role."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visitor import Visitor

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK, add_account
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.demo.run import run_demo
from registry.settings import Settings
from registry.store.engine import Store
from registry.store.queries.accounts import find_account
from registry.web.app import create_app


@pytest.fixture(scope="session")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small demo: taken in, judged."""
    folder = tmp_path_factory.mktemp("web")
    run_demo(folder, woningen=120, show=lambda _text: None)
    return folder


@pytest.fixture(scope="session")
def settings(small_town: Path) -> Settings:
    """The settings of the application."""
    return Settings(
        database_url=f"sqlite:///{small_town / 'woonregister.db'}",
        sleutelbestand=small_town / "woonregister.sleutels",
        gemeente_naam="Testdam",
        adres="http://testserver",
        tweede_stap="vrijwillig",
        uitbox=small_town / "uitbox",
    )


@pytest.fixture(scope="session")
def app(assets: None, settings: Settings) -> FastAPI:
    """The application on the small town."""
    return create_app(settings)


@pytest.fixture
def store(app: FastAPI) -> Store:
    found: Store = app.state.web.store
    return found


@pytest.fixture
def stranger(app: FastAPI) -> Visitor:
    """Somebody who did not sign in."""
    return Visitor(TestClient(app, follow_redirects=False, raise_server_exceptions=False))


@pytest.fixture(scope="session")
def accounts(app: FastAPI) -> dict[Role, str]:
    """The address of an account of each role, in the whole municipality."""
    store = app.state.web.store
    return {
        rol: add_account(store, f"{rol.value}@testdam.nl", f"Test {rol.value}", [rol], auteur="test").email
        for rol in Role
    }


@pytest.fixture(scope="session")
def session_token(app: FastAPI, accounts: dict[Role, str]) -> Callable[[str], str]:
    """Makes the cookie of a session for an address, without the work of a password."""

    def make(email: str) -> str:
        with app.state.web.store.write_transaction(ACCOUNT_LOCK) as connection:
            account = find_account(connection, email=email)
            assert account is not None
            begun = begin_session(
                connection, account["account_id"], stage=FULL, device="test", moment=clock.now() - timedelta(minutes=1)
            )
        return begun.token

    return make


@pytest.fixture
def visit(app: FastAPI, accounts: dict[Role, str], session_token: Callable[[str], str]) -> Callable[..., Visitor]:
    """``visit(Role.JURIST)`` or ``visit(email="...")``: a browser in which that account is signed in."""

    def open_browser(rol: Role | None = None, *, email: str = "") -> Visitor:
        address = email or accounts[rol or Role.PLANNER]
        client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        client.cookies.set(app.state.web.cookie, session_token(address))
        return Visitor(client, address)

    return open_browser
