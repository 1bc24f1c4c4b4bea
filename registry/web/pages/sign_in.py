"""Signing in and out: address and password, then a code where the account or the municipality asks for one."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from registry import clock
from registry.accounts import second_step
from registry.accounts.account import Session
from registry.accounts.sessions import (
    FULL,
    SECOND_STEP,
    NewSession,
    complete,
    end_session,
    is_locked,
    note_failure,
    too_many_attempts,
)
from registry.store.queries import accounts as stored
from registry.web.auth.devices import device_of
from registry.web.auth.guard import public
from registry.web.auth.users import verify
from registry.web.errors import TooManyError
from registry.web.forms import Form, FormSent
from registry.web.rendering import render
from registry.web.state import Web, web_of

router = APIRouter()
_REFUSED = "Het e-mailadres of het wachtwoord klopt niet, of het account is tijdelijk gesloten."


@router.get("/aanmelden")
def show_sign_in(request: Request, session: Annotated[Session | None, public()], verder: str = "") -> Response:
    """The form."""
    if session is not None and session.stage == FULL:
        return RedirectResponse(inside(verder), 303)
    return _form(request, Form(), inside(verder))


@router.post("/aanmelden")
async def sign_in(request: Request, session: Annotated[Session | None, public()], form: FormSent) -> Response:
    """Check address and password, and begin a session under a new token."""
    web, moment, target = web_of(request), clock.now(), inside(form.get("verder"))
    sender = request.client.host if request.client else "onbekend"
    if await run_in_threadpool(too_many_attempts, web.store, sender, moment=moment):
        raise TooManyError("Er is te vaak geprobeerd aan te melden. Wacht een kwartier en probeer het opnieuw.")
    row = await run_in_threadpool(_find, web, form.get("email"))
    number = await verify(web.users, form.get("email"), form.get("wachtwoord"))
    if row is None or number is None or is_locked(row, moment=moment):
        await run_in_threadpool(note_failure, web.store, row, moment=moment)
        form.errors[""] = _REFUSED
        return _form(request, form, target, status=400)
    stage = SECOND_STEP if row["totp_secret"] is not None else FULL
    begun = await run_in_threadpool(_begin, web, request, number, stage, session)
    return with_session(
        web, RedirectResponse("/aanmelden/code" if stage == SECOND_STEP else target, 303), begun, target
    )


@router.get("/aanmelden/code")
def show_code(request: Request, session: Annotated[Session | None, public()]) -> Response:
    """The form for the code."""
    if session is None or session.stage != SECOND_STEP:
        return RedirectResponse("/aanmelden", 303)
    return render(request, "aanmelden/code.html", form=Form())


@router.post("/aanmelden/code")
def check_code(request: Request, session: Annotated[Session | None, public()], form: FormSent) -> Response:
    """Check the code, and begin a full session under a new token."""
    if session is None or session.stage != SECOND_STEP:
        return RedirectResponse("/aanmelden", 303)
    web, moment, number = web_of(request), clock.now(), session.account.account_id
    row = _find(web, session.account.email)
    if row is None or is_locked(row, moment=moment):
        raise TooManyError("Er is te vaak een verkeerde code gegeven. Wacht een kwartier en meld u opnieuw aan.")
    if not second_step.check(web.store, web.cipher, number, form.get("code"), moment=moment):
        note_failure(web.store, row, moment=moment)
        form.errors["code"] = "Deze code klopt niet, of is al gebruikt."
        return render(request, "aanmelden/code.html", status=400, form=form)
    begun = _begin(web, request, number, FULL, session)
    target = inside(request.cookies.get(f"{web.cookie}-verder", ""))
    return with_session(web, RedirectResponse(target, 303), begun, "")


@router.post("/afmelden")
def sign_out(request: Request, session: Annotated[Session | None, public()]) -> Response:
    """End the session."""
    web = web_of(request)
    if session is not None:
        end_session(web.store, session, moment=clock.now())
    answer = RedirectResponse("/aanmelden", 303)
    answer.delete_cookie(web.cookie, secure=web.secure, httponly=True, samesite="lax")
    return answer


def inside(target: str) -> str:
    """A path on this site to go on to; anything else becomes the start page."""
    good = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if good and "\\" not in target else "/"


def with_session(web: Web, answer: Response, begun: NewSession, target: str) -> Response:
    """An answer that gives the browser its session."""
    answer.set_cookie(web.cookie, begun.token, secure=web.secure, httponly=True, samesite="lax", path="/")
    name = f"{web.cookie}-verder"
    if begun.stage == SECOND_STEP and target != "/":
        answer.set_cookie(name, target, max_age=600, secure=web.secure, httponly=True, samesite="lax", path="/")
    else:
        answer.delete_cookie(name, secure=web.secure, httponly=True, samesite="lax", path="/")
    return answer


def _form(request: Request, form: Form, target: str, *, status: int = 200) -> Response:
    provider = web_of(request).provider is not None
    return render(request, "aanmelden/wachtwoord.html", status=status, form=form, verder=target, provider=provider)


def _begin(web: Web, request: Request, number: int, stage: str, earlier: Session | None) -> NewSession:
    device = device_of(request.headers.get("user-agent", ""))
    return complete(web.store, number, stage=stage, device=device, earlier=earlier, moment=clock.now())


def _find(web: Web, email: str) -> stored.Row | None:
    with web.store.read() as connection:
        return stored.find_account(connection, email=email.strip().lower())
