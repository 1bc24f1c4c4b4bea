"""What every route names: the right that it needs, or that it is public. And the check that a form is ours.

Whoever lacks the right gets the same answer as for a page that does not exist, so that nothing leaks.
"""

import secrets
from typing import Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from registry import clock
from registry.accounts.account import Account, Session
from registry.accounts.rights import Right
from registry.accounts.sessions import COUPLING, FULL, find_session
from registry.web.errors import FormRefusedError, HiddenError, SecondStepNeededError, SignInNeededError
from registry.web.state import Web

CSRF_FIELD, CSRF_HEADER = "csrf_token", "X-CSRF-Token"
_BEFORE_SECOND_STEP = ("/account/tweede-stap",)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def current_session(request: Request) -> Session | None:
    """The session behind a request: from the cookie, or from ``Authorization: Bearer`` of another system."""
    if "session" not in request.scope.setdefault("woonregister", {}):
        request.scope["woonregister"]["session"] = await run_in_threadpool(_find, request)
    found: Session | None = request.scope["woonregister"]["session"]
    return found


def _find(request: Request) -> Session | None:
    web: Web = request.app.state.web
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    is_coupling = scheme.lower() == "bearer" and bool(bearer)
    token = bearer if is_coupling else request.cookies.get(web.cookie)
    if not token:
        return None
    session = find_session(web.store, token, moment=clock.now())
    # A token of a coupling works in its header only, that of a browser in its cookie only.
    return session if session is not None and (session.stage == COUPLING) == is_coupling else None


class Needs:
    """A dependency: somebody is signed in who has the right."""

    def __init__(self, right: Right) -> None:
        self.right = right

    async def __call__(self, request: Request) -> Account:
        """The account that asks."""
        session = await current_session(request)
        if session is None or session.stage not in (FULL, COUPLING):
            raise SignInNeededError
        if session.stage == FULL:
            await check_form(request, session.csrf_token)
        if not session.account.may(self.right):
            raise HiddenError
        web: Web = request.app.state.web
        lacking = session.stage == FULL and web.settings.tweede_stap == "verplicht" and not session.second_step
        if lacking and request.url.path not in _BEFORE_SECOND_STEP:
            raise SecondStepNeededError
        return session.account


class Public:
    """A dependency: anybody may come here, also before signing in.

    ``look_up`` false: nobody is looked up, so that the route answers without a database.
    """

    def __init__(self, *, look_up: bool = True) -> None:
        self.look_up = look_up

    async def __call__(self, request: Request) -> Session | None:
        """The session, if there is one."""
        session = await current_session(request) if self.look_up else None
        web: Web = request.app.state.web
        await check_form(request, session.csrf_token if session else request.cookies.get(web.form_cookie, ""))
        return session


def needs(right: Right) -> Any:
    """What marks a route as one for a right: put it in ``Annotated``, beside ``Account``."""
    return Depends(Needs(right))


def public() -> Any:
    """What marks a route as one for anybody: put it in ``Annotated``, beside ``Session | None``."""
    return Depends(Public())


def technical() -> Any:
    """What marks a route for monitoring: public, and answered while the database is away."""
    return Depends(Public(look_up=False))


async def check_form(request: Request, expected: str) -> None:
    """Refuse a form that another site made somebody send.

    Raises:
        FormRefusedError: the form does not carry the token of this session.
    """
    if request.method in _SAFE:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FormRefusedError
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else ""
    if not expected or not secrets.compare_digest(given.encode(), expected.encode()):
        raise FormRefusedError
