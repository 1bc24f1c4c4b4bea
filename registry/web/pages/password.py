"""Setting a password: with an invitation, after forgetting it, always with a token that works once."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from registry import clock
from registry.accounts.account import Session
from registry.accounts.manage import ACCOUNT_LOCK, hash_token, new_reset
from registry.accounts.outbox import write_message
from registry.accounts.sessions import too_many_attempts
from registry.errors import UsageError
from registry.store.queries import accounts as stored
from registry.store.queries.sessions import end_sessions
from registry.web.auth.guard import public
from registry.web.auth.users import PASSWORD_LENGTH, set_password
from registry.web.errors import TooManyError
from registry.web.forms import Form, FormSent
from registry.web.rendering import render
from registry.web.state import Web, web_of

router = APIRouter()


@router.get("/wachtwoord/vergeten")
def show_forgotten(request: Request, _session: Annotated[Session | None, public()]) -> Response:
    """The form that asks for a new password."""
    outbox = web_of(request).settings.uitbox is not None
    return render(request, "aanmelden/vergeten.html", form=Form(), sent=False, outbox=outbox)


@router.post("/wachtwoord/vergeten")
def forgotten(request: Request, _session: Annotated[Session | None, public()], form: FormSent) -> Response:
    """Send a message to an account that exists; the answer is the same when it does not."""
    web, moment = web_of(request), clock.now()
    if too_many_attempts(web.store, request.client.host if request.client else "onbekend", moment=moment):
        raise TooManyError("Dit is te vaak gevraagd. Wacht een kwartier en probeer het opnieuw.")
    email = form.get("email").strip().lower()
    if web.settings.uitbox is not None and _is_active(web, email):
        invitation = new_reset(web.store, email, auteur=email)
        link = f"{web.settings.adres.rstrip('/')}/wachtwoord/{invitation.token}"
        write_message(web.settings.uitbox, email, link, invitation.expires_at)
    outbox = web.settings.uitbox is not None
    return render(request, "aanmelden/vergeten.html", form=form, sent=True, outbox=outbox)


@router.get("/wachtwoord/{token}")
def show_password(request: Request, token: str, _session: Annotated[Session | None, public()]) -> Response:
    """The form for a new password, or that the token no longer works."""
    found = _find(web_of(request), token)
    return render(
        request, "aanmelden/nieuw_wachtwoord.html", form=Form(), token=token, works=found is not None,
        least=PASSWORD_LENGTH, status=200 if found else 404,
    )  # fmt: skip


@router.post("/wachtwoord/{token}")
async def choose_password(
    request: Request, token: str, _session: Annotated[Session | None, public()], form: FormSent
) -> Response:
    """Set the password, use the token up and end every session of the account."""
    web = web_of(request)
    found = await run_in_threadpool(_find, web, token)
    if found is None:
        return render(
            request, "aanmelden/nieuw_wachtwoord.html", status=404, form=form, token=token, works=False,
            least=PASSWORD_LENGTH,
        )  # fmt: skip
    if form.get("wachtwoord") != form.get("herhaling"):
        form.errors["herhaling"] = "Dit is niet hetzelfde wachtwoord."
    else:
        try:
            await set_password(web.users, found["account_id"], form.get("wachtwoord"))
        except UsageError as error:
            form.errors["wachtwoord"] = str(error)
    if form.errors:
        return render(
            request, "aanmelden/nieuw_wachtwoord.html", status=400, form=form, token=token, works=True,
            least=PASSWORD_LENGTH,
        )  # fmt: skip
    await run_in_threadpool(_finish, web, token, found["account_id"])
    return RedirectResponse("/aanmelden", 303)


def _find(web: Web, token: str) -> stored.Row | None:
    with web.store.read() as connection:
        return stored.find_token(connection, hash_token(token), moment=clock.now())


def _finish(web: Web, token: str, account_id: int) -> None:
    moment = clock.now()
    with web.store.write_transaction(ACCOUNT_LOCK) as connection:
        stored.use_token(connection, hash_token(token), moment=moment)
        stored.update_account(connection, account_id, failures=0, locked_until=None)
        end_sessions(connection, account_id, moment=moment)


def _is_active(web: Web, email: str) -> bool:
    with web.store.read() as connection:
        row = stored.find_account(connection, email=email)
    return row is not None and bool(row["is_active"])
