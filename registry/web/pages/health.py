"""Technical routes: whether the program lives, whether it can work, whether its worker does, and its measures."""

import secrets
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from registry import clock
from registry.accounts.account import Session
from registry.errors import StoreError
from registry.store.queries.tasks import open_tasks
from registry.tasks.queue import WorkFolder
from registry.web.auth.guard import technical
from registry.web.errors import HiddenError, NotReadyError
from registry.web.state import web_of

router = APIRouter()
_PATIENCE = timedelta(minutes=1)  # a worker that starts anew needs some seconds


@router.get("/health/live")
def live(_session: Annotated[Session | None, technical()]) -> Response:
    """The program runs."""
    return PlainTextResponse("ok")


@router.get("/health/ready")
def ready(request: Request, _session: Annotated[Session | None, technical()]) -> Response:
    """The database answers, and its schema is that of this version."""
    try:
        current = web_of(request).store.is_current()
    except StoreError as error:
        raise NotReadyError("De database is niet bereikbaar.") from error
    if not current:
        raise NotReadyError("De database is van een andere versie van Woonregister.")
    return PlainTextResponse("ok")


@router.get("/health/worker")
def worker(request: Request, _session: Annotated[Session | None, technical()]) -> Response:
    """A worker runs, or nothing waits for one."""
    web = web_of(request)
    if not WorkFolder(web.settings.werkmap).has_worker():
        try:
            with web.store.read() as connection:
                _, since = open_tasks(connection)
        except StoreError as error:
            raise NotReadyError("De database is niet bereikbaar.") from error
        if since is not None and clock.now() - since > _PATIENCE:
            raise NotReadyError("Er wacht werk en er is geen worker die het doet.")
    return PlainTextResponse("ok")


@router.get("/metrics")
def metrics(request: Request, _session: Annotated[Session | None, technical()]) -> Response:
    """What was measured, for a Prometheus that knows the token."""
    web = web_of(request)
    expected = web.settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if expected is None or not secrets.compare_digest(given.encode(), expected.get_secret_value().encode()):
        raise HiddenError
    return Response(web.metrics.text(web.store, web.settings), media_type="text/plain; version=0.0.4")
