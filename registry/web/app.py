"""Puts the application together: ``create_app(settings)``."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from anyio import to_thread
from fastapi import FastAPI

from registry.errors import UsageError
from registry.logs import configure_logs
from registry.privacy.access import AccessLog
from registry.privacy.activities import read_activities, shipped_activities
from registry.privacy.keyring import Keyring
from registry.settings import Settings
from registry.store.engine import Store, open_store
from registry.web import pages
from registry.web.answers import add_handlers, refuse_at_the_door
from registry.web.api import add_api
from registry.web.auth.provider import IdentityProvider
from registry.web.auth.users import open_manager
from registry.web.metrics import Metrics
from registry.web.rendering import open_templates
from registry.web.security import Surroundings
from registry.web.state import Web
from registry.web.static_files import PackedFiles
from registry.web.theme import read_theme
from rules.parameters import shipped_law

# People who save something while an import goes on wait in a thread each; others must find one free.
_THREADS = 120
STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The web application of one registry.

    Args:
        settings: what the municipality set; from the environment when none are given.

    Raises:
        UsageError: the files of the pages were not built.
        StoreError: the database cannot be used.
    """
    web = open_web(settings or Settings())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        yield
        web.store.close()

    app = FastAPI(
        title="Woonregister",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.web = web
    app.add_middleware(Surroundings, web=web, refuse=refuse_at_the_door)
    add_handlers(app)
    app.mount("/static", PackedFiles(directory=STATIC), name="static")
    pages.add_pages(app)
    add_api(app)
    return app


def serve_app() -> FastAPI:
    """``create_app`` for a server: log lines as JSON."""
    configure_logs(as_json=True)
    return create_app()


def open_web(settings: Settings) -> Web:
    """Everything that one application holds."""
    assets, theme = read_assets(), read_theme(settings.thema)
    store = open_store(settings.database_url, connections=settings.database_verbindingen)
    own = settings.verwerkingsregister
    register = read_activities(own) if own else shipped_activities()
    return Web(
        settings=settings,
        store=store,
        keyring=_open_keyring(settings, store),
        access_log=AccessLog(store, register=register, anchors=settings.toegangslog_ankers),
        law=shipped_law(),
        users=open_manager(store),
        templates=open_templates(assets, theme=theme),
        assets=assets,
        metrics=Metrics(),
        activities=register,
        provider=IdentityProvider(settings) if settings.oidc_issuer else None,
        theme=theme,
    )


def read_assets() -> dict[str, str]:
    """Names of the built files -> the names with their hash.

    Raises:
        UsageError: they were not built.
    """
    manifest = STATIC / "manifest.json"
    if not manifest.is_file():
        raise UsageError(
            "De opmaak van de webpagina's is nog niet gemaakt. Voer in de map van de broncode 'make assets' uit."
        )
    files: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return files


def _open_keyring(settings: Settings, store: Store) -> Keyring:
    given = settings.sleutels.get_secret_value() if settings.sleutels else None
    return Keyring(store, settings.sleutelbestand, given, production=settings.omgeving == "productie")
