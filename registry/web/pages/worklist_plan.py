"""Make a worklist: the planner's settings, a proposal that is kept nowhere, and then the list."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import UsageError
from registry.privacy.access import Handeling
from registry.store.engine import ReadConnection
from registry.store.queries.signal_list import list_gebieden
from registry.web.auth.guard import needs
from registry.web.errors import as_conflict
from registry.web.forms import Form, FormSent
from registry.web.rendering import render
from registry.web.seen import write_down
from registry.web.state import Web, web_of
from registry.worklists.definitions import UITKOMSTEN, URGENTIES
from registry.worklists.placing import place
from registry.worklists.plan import Proposal, plan
from registry.worklists.planner_settings import MOST_ADDRESSES, PlannerSettings, make_settings
from registry.worklists.reasons import REASONS
from registry.worklists.saved_settings import find_settings, list_settings, save_settings
from rules.catalogue import RULES

router = APIRouter()
_CHOICES = ("regels", "uitkomsten", "urgenties", "gebieden")
_WEIGHT = "gewicht-"
_DAYS = Field(default=None, ge=0, le=3660)


class ListWish(BaseModel):
    """The form of a list, without its choices from lists and its weights."""

    dag: date
    begin: str | None = Field(default=None, max_length=120)
    inspecteurs: str | None = Field(default=None, max_length=120)
    instellingen: str | None = None
    bewaar_als: str | None = Field(default=None, max_length=80)
    lengte: int = Field(default=8, ge=1, le=MOST_ADDRESSES)
    termijn_binnen: int | None = _DAYS
    niet_bezocht: int | None = _DAYS
    melding_binnen: int | None = _DAYS
    aangevraagd: bool = False
    enkele_reis: bool = False
    zaad: int | None = Field(default=None, ge=0, lt=2**31)


@router.get("/werklijsten/nieuw")
def show_form(request: Request, account: Annotated[Account, needs(Right.PLANNEN)]) -> Response:
    """The form; with settings in the address also the list that they would give. Nothing is kept."""
    web, asked = web_of(request), request.query_params
    if "dag" not in asked:
        return _page(request, account, _standard(web), None)
    texts = {name: asked.getlist(name) for name in asked}
    form = Form({name: values[-1] for name, values in texts.items()}, texts)
    proposal, _ = _propose(web, account, form)
    if proposal is None:
        return _page(request, account, form, None, status=400)
    cases = [(row["regel"], row["adresseerbaar_object_id"]) for row in proposal.rows.iter_rows(named=True)]
    user = account.gebruiker(Right.PLANNEN)
    write_down(web, user, Handeling.INZIEN, cases, day=proposal.day, toelichting="voorstel voor een bezoeklijst")
    return _page(request, account, form, proposal)


@router.post("/werklijsten/nieuw")
def make_list(request: Request, account: Annotated[Account, needs(Right.PLANNEN)], form: FormSent) -> Response:
    """Keep the list that was proposed; where a colleague took a case meanwhile, he is named."""
    web = web_of(request)
    proposal, wish = _propose(web, account, form)
    if proposal is None or wish is None:
        return _page(request, account, form, None, status=400)
    if proposal.rows.is_empty():
        form.errors[""] = "Geen zaak past bij deze keuzes. Kies ruimer; er is niets vastgelegd."
        return _page(request, account, form, None, status=400)
    now, number = clock.now(), None
    if wish.bewaar_als:
        saved = save_settings(web.store, wish.bewaar_als, proposal.settings, author=account.email, now=now)
        number = saved.settings_id
    with as_conflict():
        made = place(
            web.store, proposal, planner=account.email, now=now, inspecteurs=wish.inspecteurs, settings_id=number
        )
    return RedirectResponse(f"/werklijsten/{made}", 303)


def _propose(web: Web, account: Account, form: Form) -> tuple[Proposal | None, ListWish | None]:
    """The proposal of a form; None when something is wrong with it, and then the form says what."""
    wish, weights = form.read(ListWish), _weights(form)
    if wish is None or form.errors:
        return None, None
    with web.store.read() as connection:
        try:
            own = account.gebieden(Right.PLANNEN)
            proposal = plan(
                connection,
                _settings(connection, wish, form.lists, weights, own=own),
                day=wish.dag,
                start=wish.begin,
                control_share=web.settings.steekproef_aandeel,
                seed=wish.zaad,
            )
        except UsageError as error:
            form.errors[""] = str(error)
            return None, None
    return proposal, wish


def _settings(
    connection: ReadConnection,
    wish: ListWish,
    choices: Mapping[str, list[str]],
    weights: dict[str, float],
    *,
    own: frozenset[str] | None,
) -> PlannerSettings:
    """The settings that are meant, within the areas of the account (None is everywhere).

    Raises:
        UsageError: a choice is impossible, or lies outside those areas.
    """
    if wish.instellingen:
        _, settings = find_settings(connection, wish.instellingen)
    else:
        settings = make_settings(
            **{name: tuple(choices[name]) for name in _CHOICES if choices.get(name)},
            ends_within_days=wish.termijn_binnen,
            unvisited_days=wish.niet_bezocht,
            melding_days=wish.melding_binnen,
            aangevraagd=wish.aangevraagd,
            length=wish.lengte,
            weights=weights,
            returns=not wish.enkele_reis,
        )
    if own is None:
        return settings
    inside = sorted(own & set(settings.gebieden)) if settings.gebieden else sorted(own)
    if not inside:
        raise UsageError("Deze keuze ligt buiten de gebieden waar u lijsten voor maakt.")
    return settings.model_copy(update={"gebieden": tuple(inside)})


def _weights(form: Form) -> dict[str, float]:
    weights = {}
    for code in REASONS:
        name = _WEIGHT + code
        text = form.get(name).strip().replace(",", ".")
        try:
            weight = float(text or 0)
        except ValueError:
            weight = math.nan
        if not 0 <= weight <= 100:
            form.errors[name] = "Vul een getal van 0 tot en met 100 in."
        elif weight:
            weights[code] = weight
    return weights


def _standard(web: Web) -> Form:
    """What a planner starts from: tomorrow, and the settings that come along."""
    settings = PlannerSettings()
    values = {"dag": f"{web.today() + timedelta(days=1)}", "lengte": str(settings.length)}
    values |= {_WEIGHT + code: f"{weight:g}" for code, weight in settings.weights.items()}
    return Form(values, {"regels": list(settings.regels), "uitkomsten": list(settings.uitkomsten)})


def _page(request: Request, account: Account, form: Form, proposal: Proposal | None, *, status: int = 200) -> Response:
    own = account.gebieden(Right.PLANNEN)
    with web_of(request).store.read() as connection:
        areas = [(code, naam) for code, naam in list_gebieden(connection) if own is None or code in own]
        saved = [(one.naam, one.naam) for one in list_settings(connection)]
    context: dict[str, Any] = {
        "choices": (
            ("regels", "Regels", [(rule.id, rule.title) for rule in RULES.values()]),
            ("uitkomsten", "Uitkomsten", [(one, one.replace("_", " ")) for one in UITKOMSTEN[:3]]),
            ("urgenties", "Urgentie; niets gekozen is alle", [(one, one) for one in URGENTIES]),
            ("gebieden", "Buurten; niets gekozen is alle", areas),
        ),
        "reasons": [(_WEIGHT + code, reason.title, reason.help) for code, reason in REASONS.items()],
        "saved": saved,
        "titles": {rule.id: rule.title for rule in RULES.values()},
        "rows": [] if proposal is None else proposal.rows.to_dicts(),
        "kept": [
            (name, value)
            for name, values in form.lists.items()
            for value in values
            if name not in ("zaad", "inspecteurs", "bewaar_als", "csrf_token")
        ],
    }
    return render(request, "werklijsten/nieuw.html", status=status, form=form, proposal=proposal, **context)
