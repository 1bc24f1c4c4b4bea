"""Searching: dwellings by address or BAG id, which answers while one types, and owners by name, which is logged."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.domain.adres import adres_readings
from registry.privacy.access import Access, Betrokkenen, Handeling
from registry.store.engine import ReadConnection
from registry.store.queries.personen import restricted
from registry.store.queries.runs import last_run
from registry.store.queries.search import (
    MOST,
    Found,
    current_adressen,
    find_by_adres,
    find_by_id,
    find_eigenaren,
    objects_inside,
)
from registry.web.auth.guard import needs
from registry.web.forms import Form, FormSent
from registry.web.rendering import is_partial, render
from registry.web.state import Web, web_of

router = APIRouter()
Row = dict[str, Any]
_LONGEST = 120
_SHOWN = 25  # dwellings per owner


@router.get("/zoeken")
def search(request: Request, account: Annotated[Account, needs(Right.WONING)], q: str = "") -> Response:
    """The page, or only what was found, while somebody types."""
    web, text = web_of(request), q.strip()[:_LONGEST]
    with web.store.read() as connection:
        found = find_dwellings(connection, web, text, gebieden=account.gebieden(Right.WONING))
    if is_partial(request):
        return render(request, "zoeken/treffers.html", q=text, found=found, most=MOST)
    if len(found) == 1 and text.isdecimal():
        return RedirectResponse(f"/woningen/{found[0].adresseerbaar_object_id}", 303)
    owners = account.may(Right.EIGENAREN)
    return render(request, "zoeken/pagina.html", q=text, found=found, most=MOST, owners=owners, form=Form())


@router.post("/zoeken/eigenaar")
def search_owner(request: Request, account: Annotated[Account, needs(Right.EIGENAREN)], form: FormSent) -> Response:
    """Owners by name, written down before they are shown. A name is no part of an address."""
    web, text = web_of(request), form.get("naam").strip()[:_LONGEST]
    if len(text) < 3:
        form.errors["naam"] = "Vul ten minste drie tekens in."
        return render(request, "zoeken/pagina.html", status=400, q="", found=[], most=MOST, owners=True, form=form)
    with web.store.read() as connection:
        hidden = restricted(connection, known=last_run(connection), soort="rechthebbende")
        found = [row for row in find_eigenaren(connection, text) if row["rechthebbende"] not in hidden]
        found = _seen(connection, account, found, on=web.today())
        ids = [one for row in found for one in row["woningen"][:_SHOWN]]
        adressen = current_adressen(connection, ids, on=web.today())
    web.access_log.record(
        Access(
            account.gebruiker(Right.EIGENAREN),
            Handeling.ZOEKEN,
            "toezicht_huisvestingswet",
            Betrokkenen(rechthebbenden=[row["rechthebbende"] for row in found]),
            toelichting="zoeken naar een eigenaar op naam of nummer",
        )
    )
    return render(request, "zoeken/eigenaren.html", found=found, adressen=adressen, form=form, shown=_SHOWN)


def _seen(connection: ReadConnection, account: Account, found: list[Row], *, on: date) -> list[Row]:
    """Owners with their dwellings in the areas of the account; who has none there is not shown."""
    gebieden = account.gebieden(Right.EIGENAREN)
    if gebieden is None:
        return found
    inside = objects_inside(connection, [one for row in found for one in row["woningen"]], gebieden, on=on)
    rows = [row | {"woningen": [one for one in row["woningen"] if one in inside]} for row in found]
    return [row for row in rows if row["woningen"]]


def find_dwellings(connection: ReadConnection, web: Web, text: str, *, gebieden: Collection[str] | None) -> list[Found]:
    """The dwellings that a text may mean; nothing for less than two characters."""
    if len(text) < 2:
        return []
    if text.isdecimal() and len(text) == 16:
        return find_by_id(connection, text, on=web.today(), gebieden=gebieden)
    return find_by_adres(connection, adres_readings(text), on=web.today(), gebieden=gebieden)
