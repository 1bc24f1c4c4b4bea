"""One's own account: password, second step, where one is signed in."""

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from registry import clock
from registry.accounts import second_step
from registry.accounts.account import Account
from registry.accounts.manage import ACCOUNT_LOCK
from registry.accounts.rights import Right
from registry.accounts.sessions import is_locked, note_failure
from registry.errors import UsageError
from registry.store.queries.accounts import Row, count_recovery_codes, find_account, list_events
from registry.store.queries.sessions import end_sessions, list_sessions
from registry.web.auth.guard import current_session, needs
from registry.web.auth.users import PASSWORD_LENGTH, set_password, verify
from registry.web.errors import TooManyError
from registry.web.forms import Form, FormSent
from registry.web.rendering import render
from registry.web.state import Web, web_of

router = APIRouter()


@router.get("/account")
async def show_account(request: Request, account: Annotated[Account, needs(Right.ACCOUNT)]) -> Response:
    """The page."""
    return await _page(request, account, Form())


@router.post("/account/wachtwoord")
async def change_password(
    request: Request, account: Annotated[Account, needs(Right.ACCOUNT)], form: FormSent
) -> Response:
    """Another password, for who knows the present one; other sessions end."""
    web = web_of(request)
    right = await _check_password(web, account, form)
    if right and form.get("wachtwoord") != form.get("herhaling"):
        form.errors["herhaling"] = "Dit is niet hetzelfde wachtwoord."
    elif right:
        try:
            await set_password(web.users, account.account_id, form.get("wachtwoord"))
        except UsageError as error:
            form.errors["wachtwoord"] = str(error)
    if form.errors:
        return await _page(request, account, form, status=400)
    session = await current_session(request)
    await run_in_threadpool(_end, web, account, keep=session.session_id if session else None)
    return RedirectResponse("/account?klaar=wachtwoord", 303)


@router.post("/account/sessies")
async def sign_out_elsewhere(request: Request, account: Annotated[Account, needs(Right.ACCOUNT)]) -> Response:
    """End every other session."""
    session = await current_session(request)
    await run_in_threadpool(_end, web_of(request), account, keep=session.session_id if session else None)
    return RedirectResponse("/account?klaar=sessies", 303)


@router.get("/account/tweede-stap")
def show_enrolment(request: Request, account: Annotated[Account, needs(Right.ACCOUNT)]) -> Response:
    """A new secret as a QR code and as text."""
    return _enrolment(request, account, second_step.new_enrolment(account.email), Form())


@router.post("/account/tweede-stap")
async def confirm_enrolment(
    request: Request, account: Annotated[Account, needs(Right.ACCOUNT)], form: FormSent
) -> Response:
    """Switch it on with a first code; the recovery codes are shown now and never again.

    Whoever has one already gives the password too: a session that was left open must not be enough to replace it.
    """
    web, secret = web_of(request), form.get("geheim")
    if not account.has_second_step or await _check_password(web, account, form):
        try:
            codes = await run_in_threadpool(
                second_step.confirm, web.store, web.cipher, account.account_id, secret, form.get("code"),
                moment=clock.now(),
            )  # fmt: skip
        except UsageError as error:
            form.errors["code"] = str(error)
    if form.errors:
        return _enrolment(request, account, second_step.enrolment_of(secret, account.email), form, status=400)
    session = await current_session(request)
    await run_in_threadpool(_end, web, account, keep=session.session_id if session else None)
    return render(request, "account/herstelcodes.html", codes=codes)


async def _check_password(web: Web, account: Account, form: Form) -> bool:
    """Whether the present password was given; guessing closes the account for a while, as at signing in.

    Raises:
        TooManyError: the account is closed.
    """
    moment = clock.now()
    row = await run_in_threadpool(_row, web, account)
    if row is None or is_locked(row, moment=moment):
        raise TooManyError("Er is te vaak een verkeerd wachtwoord gegeven. Wacht een kwartier en probeer het opnieuw.")
    if await verify(web.users, account.email, form.get("huidig")) is None:
        await run_in_threadpool(note_failure, web.store, row, moment=moment)
        form.errors["huidig"] = "Dit is niet uw huidige wachtwoord."
    return "huidig" not in form.errors


def _row(web: Web, account: Account) -> Row | None:
    with web.store.read() as connection:
        return find_account(connection, account_id=account.account_id)


def _enrolment(
    request: Request, account: Account, enrolment: second_step.Enrolment, form: Form, *, status: int = 200
) -> Response:
    image = segno.make(enrolment.address, error="m").svg_data_uri(scale=5, border=2)
    required = web_of(request).settings.tweede_stap == "verplicht" and not account.has_second_step
    return render(
        request, "account/tweede_stap.html", status=status, image=image, secret=enrolment.secret, form=form,
        required=required,
    )  # fmt: skip


async def _page(request: Request, account: Account, form: Form, *, status: int = 200) -> Response:
    session = await current_session(request)
    own = session.session_id if session else None
    data = await run_in_threadpool(_read, web_of(request), account)
    done = request.query_params.get("klaar", "")
    return render(
        request, "account/pagina.html", status=status, form=form, own=own, done=done, least=PASSWORD_LENGTH, **data
    )


def _read(web: Web, account: Account) -> dict[str, Any]:
    with web.store.read() as connection:
        return {
            "sessions": list_sessions(connection, account.account_id, moment=clock.now()),
            "events": list_events(connection, account.account_id, limit=10),
            "codes_left": count_recovery_codes(connection, account.account_id),
        }


def _end(web: Web, account: Account, *, keep: int | None) -> None:
    with web.store.write_transaction(ACCOUNT_LOCK) as connection:
        end_sessions(connection, account.account_id, moment=clock.now(), keep=keep)
