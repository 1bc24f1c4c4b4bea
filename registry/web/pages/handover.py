"""A signal becomes a zaak in the case system of the municipality: asked for here, done by a worker, told here."""

import re
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.privacy.access import Handeling
from registry.tasks.handover import ask_handover, handover_of
from registry.web.auth.guard import needs
from registry.web.errors import ConflictError
from registry.web.forms import FormSent
from registry.web.pages.assessment import find_signal
from registry.web.rendering import is_partial, render
from registry.web.seen import write_down
from registry.web.state import web_of

router = APIRouter()
_CASE = re.compile(r"Z-[0-9]{4}-[0-9]{1,9}")


@router.get("/signalen/{bewijs}/overdracht")
def show_state(request: Request, bewijs: str, account: Annotated[Account, needs(Right.ZAKEN)]) -> Response:
    """How far the hand-over is: the part of a page that asks again by itself, else the page of the signal."""
    web = web_of(request)
    find_signal(web, account, Right.ZAKEN, bewijs)
    if not is_partial(request):
        return RedirectResponse(f"/signalen/{bewijs}#overdracht", 303)
    with web.store.read() as connection:
        state = handover_of(connection, bewijs)
    return render(request, "delen/overdracht.html", bewijs=bewijs, state=state, system=True, back="")


@router.post("/signalen/{bewijs}/overdragen")
def hand_over(
    request: Request, bewijs: str, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent
) -> Response:
    """Ask a worker for it; asked twice is asked once."""
    web = web_of(request)
    signal = find_signal(web, account, Right.ZAKEN, bewijs)
    if not web.settings.zaaksysteem_url:
        raise ConflictError("Er is geen zaaksysteem ingesteld. Vraag de beheerder.")
    write_down(
        web,
        account.gebruiker(Right.ZAKEN),
        Handeling.VERSTREKKEN,
        [(signal["regel"], signal["adresseerbaar_object_id"])],
        day=web.today(),
        toelichting="signaal aan het zaaksysteem, zonder gegevens over personen",
    )
    ask_handover(web.store, bewijs, auteur=account.email, moment=clock.now())
    back = form.get("terug")
    return RedirectResponse(
        f"/zaken/{back}#signalen" if _CASE.fullmatch(back) else f"/signalen/{bewijs}#overdracht", 303
    )
