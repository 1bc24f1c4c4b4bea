"""Every error becomes an answer here and nowhere else: a Dutch page, or problem+json (RFC 9457) for the API."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from registry.accounts.sessions import SECOND_STEP
from registry.crypto import KeysError
from registry.errors import StoreError, StoreFullError, WoonregisterError
from registry.tasks.queue import FULL, NO_ROOM
from registry.web.api.bewoning.faults import foutbericht
from registry.web.api.v1.routes import VERSION
from registry.web.auth.guard import current_session
from registry.web.errors import HiddenError, SecondStepNeededError, WebError
from registry.web.forms import fault_text
from registry.web.rendering import render
from registry.web.security import security_headers
from registry.web.state import web_of

BEWONING = "/haalcentraal"
# What somebody who is not signed in gets the same answer for: what needs signing in, and what does not exist.
_LIKE_UNKNOWN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
API_PREFIXES = ("/v1", BEWONING)
_UNFORESEEN = "Er ging iets mis dat niet had mogen gebeuren. Er is niets gewijzigd. Meld de beheerder het kenmerk."
_TITLES = {
    403: "Dit formulier is verlopen",
    404: "Niet gevonden",
    409: "Intussen gewijzigd",
    413: "Te groot",
    429: "Te veel pogingen",
    500: "Er ging iets mis",
    503: "Even niet beschikbaar",
}


def is_api(request: Request) -> bool:
    """Whether a program asks, that wants problem+json."""
    return request.url.path.startswith(API_PREFIXES)


def add_handlers(app: FastAPI) -> None:
    """Let an application translate every error here."""
    app.add_exception_handler(WoonregisterError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OSError, _no_room)
    app.add_exception_handler(Exception, _unforeseen)


def problem(
    status: int, code: str, detail: str, *, errors: Sequence[dict[str, Any]] = (), request: Request
) -> JSONResponse:
    """An answer as problem+json, with every error at once; the Bewoning API has a body of its own."""
    if request.url.path.startswith(BEWONING):
        return foutbericht(request, status)
    title = HTTPStatus(status).phrase
    content: dict[str, Any] = {"type": f"urn:woonregister:fout:{code}", "title": title, "status": status}
    content |= {"detail": detail, "code": code, "instance": f"urn:woonregister:verzoek:{_request_id(request)}"}
    if errors:
        content["errors"] = list(errors)
    headers = {"API-Version": VERSION}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(content, status, headers, media_type="application/problem+json")


async def refuse_at_the_door(scope: Scope, error: WebError) -> Response:
    """The answer to a request that is refused before a route is looked for."""
    return await _answer(Request(scope), error.status, error.code, str(error))


async def _answer(request: Request, status: int, code: str, text: str) -> Response:
    if is_api(request):
        return problem(status, code, text, request=request)
    # Where something broke the database may be away: then nobody is looked up.
    session = await current_session(request) if status < HTTPStatus.INTERNAL_SERVER_ERROR else None
    half = session is not None and session.stage == SECOND_STEP
    if half and status in _LIKE_UNKNOWN:
        return RedirectResponse("/aanmelden/code", HTTPStatus.SEE_OTHER)
    if session is None and status in _LIKE_UNKNOWN:
        return _to_sign_in(request)
    context = {"title": _TITLES.get(int(status), "Dat kan niet"), "text": text, "request_id": _request_id(request)}
    context["back"] = _way_back(request)
    return render(request, "fout.html", status=int(status), session=session, **context)


def _way_back(request: Request) -> str:
    """The page on which the form stood that was refused; empty when there is none to show again."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if request.method != "POST" or came_from.netloc != request.url.netloc:
        return ""
    scope = {"type": "http", "method": "GET", "path": came_from.path, "headers": []}
    if not any(route.matches(scope)[0] == Match.FULL for route in request.app.routes):
        return ""
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _to_sign_in(request: Request) -> Response:
    """To the page for signing in, and back afterwards; the same for each address, known or not."""
    if request.headers.get("hx-request"):
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": "/aanmelden"})
    target = request.url.path if request.method == "GET" and request.url.path != "/" else ""
    if target and request.url.query:
        target += f"?{request.url.query}"
    suffix = f"?verder={quote(target, safe='')}" if target else ""
    return RedirectResponse(f"/aanmelden{suffix}", HTTPStatus.SEE_OTHER)


async def _refused(request: Request, error: Exception) -> Response:
    status, code = HTTPStatus.BAD_REQUEST, getattr(error, "code", "fout")
    if isinstance(error, SecondStepNeededError) and not is_api(request):
        return RedirectResponse("/account/tweede-stap", HTTPStatus.SEE_OTHER)
    if isinstance(error, WebError):
        status = error.status
    elif isinstance(error, StoreError | KeysError):
        status = HTTPStatus.SERVICE_UNAVAILABLE
        structlog.get_logger().error("store_failed", reason=str(error))
    text = str(error)
    return await _answer(request, status, code, text)


async def _http(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", HTTPStatus.BAD_REQUEST)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED) and not is_api(request):
        return await _answer(request, HTTPStatus.NOT_FOUND, "niet_gevonden", str(HiddenError()))
    if status == HTTPStatus.NOT_FOUND:
        return await _answer(request, status, "niet_gevonden", str(HiddenError()))
    answer = await _answer(request, status, "verzoek", "Dit verzoek kan niet worden uitgevoerd.")
    answer.headers.update(getattr(error, "headers", None) or {})  # which methods there are
    return answer


async def _invalid(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    # What was sent is not repeated: it may be personal.
    errors = [{"in": str(one["loc"][0]), "name": _place(one), "reason": _reason(one)} for one in found]
    if is_api(request):
        text = "Een of meer waarden zijn niet goed."
        return problem(HTTPStatus.BAD_REQUEST, "ongeldige_invoer", text, errors=errors, request=request)
    return await _answer(request, HTTPStatus.BAD_REQUEST, "ongeldige_invoer", "Een deel van het verzoek is niet goed.")


def _reason(fault: dict[str, Any]) -> str:
    """What is wrong with a value; a program also hears which values there are."""
    expected = str(fault.get("ctx", {}).get("expected", ""))
    return f"Kies uit: {expected.replace(' or ', ' of ')}." if fault["type"] == "enum" else fault_text(fault)


def _place(fault: dict[str, Any]) -> str:
    """The name of a value; of a body that is no JSON the library knows only how far it could read."""
    return "" if fault["type"] == "json_invalid" else ".".join(map(str, fault["loc"][1:]))


async def _no_room(request: Request, error: Exception) -> Response:
    """A file that comes in waits in a folder of the system first, before a route is reached."""
    if getattr(error, "errno", None) not in NO_ROOM:
        raise error
    return await _refused(request, StoreFullError(FULL))


async def _unforeseen(request: Request, error: Exception) -> Response:
    structlog.get_logger().error("unexpected_error", exc_info=error)
    answer = await _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "onverwacht", _UNFORESEEN)
    # This answer is made outside the middleware that adds these to all others.
    answer.headers.update(security_headers(web_of(request)))
    answer.headers["X-Request-ID"] = _request_id(request)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _request_id(request: Request) -> str:
    return str(request.scope.get("woonregister", {}).get("request_id", "onbekend"))
