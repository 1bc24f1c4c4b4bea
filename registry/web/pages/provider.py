"""Signing in with the account of the municipality: to its provider, and back."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from registry import clock
from registry.accounts.account import PROVIDER, Session
from registry.accounts.sessions import FULL, complete
from registry.web.auth.guard import public
from registry.web.auth.provider import SEALED_SECONDS, ProviderError, account_of
from registry.web.errors import HiddenError
from registry.web.pages.sign_in import inside, with_session
from registry.web.state import Web, web_of

router = APIRouter()


@router.get("/aanmelden/gemeente")
def depart(request: Request, _session: Annotated[Session | None, public()], verder: str = "") -> Response:
    """To the provider."""
    web = web_of(request)
    if web.provider is None:
        raise HiddenError
    departure = web.provider.depart(web.cipher, target=inside(verder), moment=clock.now())
    answer = RedirectResponse(departure.address, 303)
    answer.set_cookie(
        _cookie(web), departure.sealed, max_age=SEALED_SECONDS, secure=web.secure, httponly=True, samesite="lax"
    )
    return answer


@router.get("/aanmelden/gemeente/terug")
def arrive(request: Request, session: Annotated[Session | None, public()]) -> Response:
    """Back from the provider, with its answer in the address."""
    web, moment = web_of(request), clock.now()
    if web.provider is None:
        raise HiddenError
    sealed = request.cookies.get(_cookie(web))
    if not sealed:
        raise ProviderError("Het aanmelden begon niet in deze browser. Begin opnieuw bij Aanmelden.")
    claims, target = web.provider.arrive(web.cipher, str(request.url), sealed, moment=moment)
    number = account_of(web.store, claims["iss"], claims, moment=moment)
    begun = complete(web.store, number, stage=FULL, device=PROVIDER, earlier=session, moment=moment)
    answer = with_session(web, RedirectResponse(inside(target), 303), begun, "/")
    answer.delete_cookie(_cookie(web), secure=web.secure, httponly=True, samesite="lax")
    return answer


def _cookie(web: Web) -> str:
    return f"{web.cookie}-gemeente"
