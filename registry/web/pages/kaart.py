"""The map: dwellings coloured by what a rule says of them, and beside it the same as a list."""

import gzip
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.store.queries.search import current_adressen
from registry.store.queries.signal_list import Filter, list_gebieden, list_signals
from registry.web.auth.guard import needs
from registry.web.forms import Form
from registry.web.map_shapes import OUTCOMES, areas_geojson, dwellings_geojson
from registry.web.rendering import render
from registry.web.state import web_of
from rules.catalogue import RULES

router = APIRouter()
_PACKED = 5  # how hard to pack: 40,000 points in a few hundredths of a second


@router.get("/kaart")
def show_map(request: Request, account: Annotated[Account, needs(Right.KAART)], pagina: int = 1) -> Response:
    """The map with its list; both follow the address of the page."""
    web, gebieden = web_of(request), account.gebieden(Right.KAART)
    regel, gebied, uitkomst = _asked(request)
    wanted = Filter(regel=regel, gebied=gebied, uitkomst=uitkomst, pagina=max(1, pagina))
    with web.store.read() as connection:
        found = list_signals(connection, wanted, gebieden=gebieden, on=web.today())
        adressen = current_adressen(connection, {row["adresseerbaar_object_id"] for row in found.rows}, on=web.today())
        areas = list_gebieden(connection)
    settings = web.settings
    return render(
        request, "kaart/kaart.html", form=Form(), found=found, adressen=adressen, page=min(wanted.pagina, found.pages),
        chosen={"regel": regel or "", "gebied": gebied or "", "uitkomst": uitkomst or ""},
        areas=[(code, naam) for code, naam in areas if gebieden is None or code in gebieden],
        rules=[(rule.id, rule.title) for rule in RULES.values()], outcomes=OUTCOMES, own_areas=gebieden is not None,
        background=settings.achtergrondkaart_stijl if settings.achtergrondkaart_adres else None,
    )  # fmt: skip


@router.get("/kaart/woningen.json")
def send_dwellings(request: Request, account: Annotated[Account, needs(Right.KAART)]) -> Response:
    """The points of the map."""
    regel, gebied, _ = _asked(request)
    found = dwellings_geojson(web_of(request), regel=regel, gebied=gebied, gebieden=account.gebieden(Right.KAART))
    return _packed(request, found)


@router.get("/kaart/gebieden.json")
def send_areas(request: Request, account: Annotated[Account, needs(Right.KAART)]) -> Response:
    """The surfaces of the map."""
    return _packed(request, areas_geojson(web_of(request), gebieden=account.gebieden(Right.KAART)))


def _asked(request: Request) -> tuple[str | None, str | None, str | None]:
    """Rule, area and outcome of the address; what does not exist counts as no choice."""
    asked = request.query_params
    regel, uitkomst = asked.get("regel"), asked.get("uitkomst")
    return (
        regel if regel in RULES else None,
        asked.get("gebied") or None,
        uitkomst if uitkomst in OUTCOMES else None,
    )


def _packed(request: Request, content: bytes) -> Response:
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(content, media_type="application/geo+json")
    packed = gzip.compress(content, _PACKED)
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(packed, media_type="application/geo+json", headers=headers)
