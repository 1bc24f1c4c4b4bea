"""One signal: what people made of it, and the form in which the next one says what he makes of it."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.cases.assessment import (
    AlreadyAssessedError,
    Assessment,
    Weerlegging,
    assess,
    assessments_of,
    require_signal,
)
from registry.errors import UsageError
from registry.privacy.access import Handeling
from registry.signals.silence import Oordeel
from registry.store.queries.runs import last_run
from registry.store.queries.search import current_adressen, is_inside
from registry.store.queries.visits import read_visits
from registry.tasks.handover import handover_of
from registry.web.auth.guard import needs
from registry.web.errors import HiddenError
from registry.web.forms import Form, FormSent
from registry.web.rendering import render
from registry.web.seen import write_down
from registry.web.state import Web, web_of
from rules.catalogue import find_rule

router = APIRouter()


class Judgement(BaseModel):
    """The form of an assessment."""

    oordeel: Oordeel
    toelichting: str = Field(min_length=3, max_length=4000)
    reden: Weerlegging | None = None
    bezoek: str | None = None
    aan: str | None = Field(default=None, max_length=200)
    gezien: int = Field(default=0, ge=0)


@router.get("/signalen/{bewijs}")
def show_signal(request: Request, bewijs: str, account: Annotated[Account, needs(Right.SIGNALEN)]) -> Response:
    """The signal, its history, and the form for who may assess."""
    return _page(request, account, bewijs, Form())


@router.post("/signalen/{bewijs}")
def judge(
    request: Request, bewijs: str, account: Annotated[Account, needs(Right.BEOORDELEN)], form: FormSent
) -> Response:
    """Keep what somebody makes of a signal; when a colleague was first, he is told and nothing is kept."""
    web = web_of(request)
    find_signal(web, account, Right.BEOORDELEN, bewijs)
    typed = form.read(Judgement)
    if typed is not None:
        _check(form, typed)
    if typed is None or form.errors:
        return _page(request, account, bewijs, form, status=400)
    assessment = Assessment(
        bewijs,
        typed.oordeel,
        typed.toelichting,
        account.email,
        typed.gezien,
        reden=typed.reden,
        inspectie=typed.bezoek,
        overgedragen_aan=typed.aan,
    )
    try:
        assess(web.store, assessment)
    except AlreadyAssessedError as error:
        # What was typed stays; kept once more it stands after the assessment that he now reads.
        form.errors[""], form.values = str(error), {**form.values, "gezien": ""}
        return _page(request, account, bewijs, form, status=409)
    except UsageError as error:
        form.errors[""] = str(error)
        return _page(request, account, bewijs, form, status=400)
    return RedirectResponse(f"/signalen/{bewijs}", 303)


def _check(form: Form, typed: Judgement) -> None:
    """What belongs together, said at the field."""
    if (typed.oordeel is Oordeel.WEERLEGD) != (typed.reden is not None):
        form.errors["reden"] = (
            "Kies waarom het signaal niet klopt."
            if typed.reden is None
            else "Een reden van weerlegging hoort alleen bij weerlegd."
        )
    if (typed.oordeel is Oordeel.OVERGEDRAGEN) != bool(typed.aan):
        form.errors["aan"] = (
            "Vul in aan wie." if not typed.aan else "Dit hoort alleen bij het oordeel overgedragen; maak het leeg."
        )


def _page(request: Request, account: Account, bewijs: str, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    signal = find_signal(web, account, Right.SIGNALEN, bewijs)
    object_id, today = signal["adresseerbaar_object_id"], web.today()
    case = [(signal["regel"], object_id)]
    user = account.gebruiker(Right.SIGNALEN)
    write_down(web, user, Handeling.INZIEN, case, day=today, toelichting="signaal en zijn beoordelingen")
    with web.store.read() as connection:
        state = handover_of(connection, bewijs)
        # This query gives moments as a Dutch clock showed them; the pages expect to hear which clock.
        history = [
            row | {"beoordeeld_op": row["beoordeeld_op"].replace(tzinfo=clock.AMSTERDAM)}
            for row in assessments_of(connection, bewijs).to_dicts()
        ]
        visits = read_visits(connection, known=last_run(connection), object_id=object_id).to_dicts()
        adres = current_adressen(connection, [object_id], on=today).get(object_id)
    return render(
        request,
        "signaal/pagina.html",
        status=status,
        signal=signal,
        rule=find_rule(signal["regel"]),
        adres=adres.adres if adres else object_id,
        history=history,
        form=form,
        verdicts=[(one.value, one.value.replace("_", " ")) for one in Oordeel],
        reasons=[(one.value, one.value.replace("_", " ")) for one in Weerlegging],
        visits=[(one["inspectie"], _visit(one["datum"], one["resultaat"])) for one in visits],
        may_judge=account.may(Right.BEOORDELEN),
        may_case=account.may(Right.ZAKEN),
        handover=state,
        system=bool(web.settings.zaaksysteem_url),
    )


def _visit(day: date, result: str | None) -> str:
    return f"{day:%d-%m-%Y}: {(result or 'onbekend').replace('_', ' ')}"


def find_signal(web: Web, account: Account, right: Right, bewijs: str) -> dict[str, Any]:
    """The signal of a receipt, in the areas of the account.

    Raises:
        HiddenError: there is none, or not for this account.
    """
    with web.store.read() as connection:
        try:
            signal = require_signal(connection, bewijs)
        except UsageError:
            raise HiddenError from None
        if not is_inside(connection, signal["adresseerbaar_object_id"], account.gebieden(right), on=web.today()):
            raise HiddenError
    return signal
