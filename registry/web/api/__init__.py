"""The API for other systems, under ``/v1``; each module here has a ``router`` that is added below."""

from fastapi import FastAPI

from registry.web.api.bewoning import routes as bewoning
from registry.web.api.v1 import document, routes


def add_api(app: FastAPI) -> None:
    """Add every route of the API."""
    app.include_router(bewoning.router)
    app.include_router(routes.router)
    app.include_router(document.document_router)
