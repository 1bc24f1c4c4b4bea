"""Somebody with a browser: what the tests of pages sign in and send forms with."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK
from registry.accounts.sessions import FULL, begin_session
from registry.settings import Settings
from registry.store.queries.accounts import find_account
from registry.web.app import create_app
from registry.web.auth.guard import CSRF_FIELD

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser."""

    client: TestClient
    email: str = ""

    def get(self, path: str, **options: object) -> object:
        return self.client.get(path, **options)

    def token(self, path: str = "/") -> str:
        """The token that the forms of a page carry."""
        found = re.search(rf'name="{CSRF_FIELD}" value="([^"]+)"', self.client.get(path).text)
        assert found, path
        return found.group(1)

    def post(self, path: str, data: dict[str, object] | None = None, *, page: str = "/", **options: object) -> object:
        """Send a form as a page of this session would."""
        return self.client.post(path, data={**(data or {}), CSRF_FIELD: self.token(page)}, **options)


def app_on_copy(settings: Settings, folder: Path) -> FastAPI:
    """The application on a copy of the town, for tests that change it."""
    source = Path(settings.database_url.removeprefix("sqlite:///"))
    for path in source.parent.glob("woonregister.db*"):
        shutil.copyfile(path, folder / path.name)
    changed = {"database_url": f"sqlite:///{folder / 'woonregister.db'}", "werkmap": folder / "werk"}
    return create_app(settings.model_copy(update=changed))


@contextmanager
def on_a_port(app: FastAPI) -> Iterator[str]:
    """The address of the application as a server of this process, for a real browser."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def signed_in(app: FastAPI, email: str) -> Visitor:
    """A browser in which an account is signed in, without the work of a password."""
    with app.state.web.store.write_transaction(ACCOUNT_LOCK) as connection:
        account = find_account(connection, email=email)
        assert account is not None
        moment = clock.now() - timedelta(minutes=1)
        begun = begin_session(connection, account["account_id"], stage=FULL, device="test", moment=moment)
    client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set(app.state.web.cookie, begun.token)
    return Visitor(client, email)
