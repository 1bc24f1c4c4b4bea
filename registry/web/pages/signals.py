"""The signals: filtered by the address of the page, which is remembered for next time."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from registry.accounts.account import Account
from registry.accounts.manage import ACCOUNT_LOCK
from registry.accounts.rights import Right
from registry.store.queries.accounts import keep_preference, read_preference
from registry.store.queries.search import current_adressen
from registry.store.queries.signal_list import (
    ASSESSED,
    ORDERS,
    UNASSESSED,
    Filter,
    list_gebieden,
    list_signals,
    with_verdicts,
)
from registry.web.auth.guard import needs
from registry.web.forms import Form
from registry.web.rendering import render
from registry.web.state import Web, web_of
from rules.catalogue import RULES

router = APIRouter()
_PREFERENCE = "signalen"
_FIELDS = ("regel", "uitkomst", "urgentie", "gebied", "beoordeling", "orde")
_ASSESSMENTS = ((UNASSESSED, "nog niet beoordeeld"), (ASSESSED, "beoordeeld"))
_OUTCOMES = ("signaal", "juridisch_toetsen", "onbekend")


@router.get("/signalen")
def show_signals(request: Request, account: Annotated[Account, needs(Right.SIGNALEN)], pagina: int = 1) -> Response:
    """The list; without filters in the address those of last time."""
    web, asked = web_of(request), request.query_params
    if "wis" in asked:
        _remember(web, account, "")
        return RedirectResponse("/signalen?uitkomst=signaal", 303)
    if not asked:
        with web.store.read() as connection:
            remembered = read_preference(connection, account.account_id, _PREFERENCE)
        if remembered:
            return RedirectResponse(f"/signalen?{remembered}", 303)
    chosen = _filter(request, pagina)
    gebieden, today = account.gebieden(Right.SIGNALEN), web.today()
    with web.store.read() as connection:
        found = list_signals(connection, chosen, gebieden=gebieden, on=today)
        rows = with_verdicts(connection, found.rows)
        adressen = current_adressen(connection, {row["adresseerbaar_object_id"] for row in rows}, on=today)
        areas = list_gebieden(connection)
        kept = read_preference(connection, account.account_id, _PREFERENCE)
    query = urlencode({name: getattr(chosen, name) or "" for name in _FIELDS})
    if asked and kept != query:
        _remember(web, account, query)
    return render(
        request,
        "signalen/lijst.html",
        found=found,
        rows=rows,
        may_judge=account.may(Right.BEOORDELEN),
        assessments=_ASSESSMENTS,
        page=min(chosen.pagina, found.pages),
        chosen=chosen,
        query=query,
        adressen=adressen,
        areas=[(code, naam) for code, naam in areas if gebieden is None or code in gebieden],
        own_areas=gebieden is not None,
        rules=[(rule.id, rule.title) for rule in RULES.values()],
        titles={rule.id: rule.title for rule in RULES.values()},
        outcomes=[(one, one.replace("_", " ")) for one in _OUTCOMES],
        orders=list(ORDERS.items()),
        form=Form(),
    )


def _filter(request: Request, page: int) -> Filter:
    """The filter of the address; what does not exist counts as no choice."""
    asked = {name: request.query_params.get(name, "").strip() or None for name in _FIELDS}
    chosen = Filter(
        regel=asked["regel"] if asked["regel"] in RULES else None,
        uitkomst=asked["uitkomst"] if asked["uitkomst"] in _OUTCOMES else None,
        urgentie=asked["urgentie"],
        gebied=asked["gebied"],
        beoordeling=asked["beoordeling"] if asked["beoordeling"] in (UNASSESSED, ASSESSED) else None,
        orde=asked["orde"] if asked["orde"] in ORDERS else "urgentie",
        pagina=max(1, page),
    )
    return chosen if request.query_params else replace(chosen, uitkomst="signaal")


def _remember(web: Web, account: Account, query: str) -> None:
    with web.store.write_transaction(ACCOUNT_LOCK) as connection:
        keep_preference(connection, account.account_id, _PREFERENCE, query)
