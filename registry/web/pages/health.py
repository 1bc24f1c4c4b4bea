"""Technical routes: whether the program lives, whether it can work, and its measures."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from registry.accounts.account import Session
from registry.errors import StoreError
from registry.store.queries.runs import last_run
from registry.web.auth.guard import public
from registry.web.errors import HiddenError, NotReadyError
from registry.web.state import web_of

router = APIRouter()


@router.get("/health/live")
def live(_session: Annotated[Session | None, public()]) -> Response:
    """The program runs."""
    return PlainTextResponse("ok")


@router.get("/health/ready")
def ready(request: Request, _session: Annotated[Session | None, public()]) -> Response:
    """The database answers."""
    try:
        with web_of(request).store.read() as connection:
            last_run(connection)
    except StoreError as error:
        raise NotReadyError("De database is niet bereikbaar.") from error
    return PlainTextResponse("ok")


@router.get("/metrics")
def metrics(request: Request, _session: Annotated[Session | None, public()]) -> Response:
    """What was measured, for a Prometheus that knows the token."""
    web = web_of(request)
    expected = web.settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if expected is None or not secrets.compare_digest(given.encode(), expected.get_secret_value().encode()):
        raise HiddenError
    return Response(web.metrics.text(), media_type="text/plain; version=0.0.4")
