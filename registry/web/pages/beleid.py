"""What moves in the stock: change over the years, crowding, owners by size, and purchases around the ordinance."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import UsageError
from registry.stock.change import DEFINITION
from registry.stock.dimensions import AREAS, DIMENSIONS
from registry.stock.publish import describe
from registry.stock.publish_change import describe_change
from registry.stock.report import SUBJECTS
from registry.web.auth.guard import needs
from registry.web.figures import limits_of
from registry.web.forms import Form
from registry.web.pages.voorraad import choose, svg
from registry.web.policy_figures import change_of, crowding_of, owner_classes, purchases_of, trend_picture
from registry.web.rendering import parse_day, render
from registry.web.state import Web, web_of

router = APIRouter()
_YEARS = 5  # that change over time shows when nothing else is asked


@router.get("/voorraad/verloop")
def show_change(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """The stock through the years, as a line and as tables."""
    web = web_of(request)
    subject, first, last = _period(web, request.query_params)
    try:
        found = change_of(web, first, last)
        trend = trend_picture(web, subject, first, last)
    except UsageError as error:
        return _page(request, "Verloop", error=str(error), subject=subject, first=first, last=last)
    tables = [
        ("Woningvoorraad per dag", found.states.to_dicts()),
        ("Erbij en eraf", found.flows.to_dicts()),
        ("Van eigendom veranderd", found.moves.to_dicts()),
    ]
    return _page(
        request, "Verloop", subject=subject, first=first, last=last, tables=tables, picture=trend,
        address=f"/voorraad/verloop.svg?onderwerp={subject}&van={first}&tot={last}",
        notes=[DEFINITION, describe_change(limits_of(web))],
    )  # fmt: skip


@router.get("/voorraad/verloop.svg")
def show_trend(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """The line per class."""
    web = web_of(request)
    return svg(trend_picture(web, *_period(web, request.query_params)))


@router.get("/voorraad/overbewoning")
def show_crowding(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """Dwellings above the norm by area, certain, possible and unknown."""
    web = web_of(request)
    chosen = choose(web, request.query_params)
    found = crowding_of(web, chosen.gebied, chosen.op)
    tables = [
        (f"Overbewoning per {DIMENSIONS[chosen.gebied].header.lower()}", found.rows.to_dicts()),
        ("Waardoor het niet (zeker) te zeggen is", found.unknown.to_dicts()),
    ]
    notes = [found.definition, describe(limits_of(web))]
    return _page(request, "Overbewoning", chosen=chosen, tables=tables, notes=notes)


@router.get("/voorraad/eigenaren")
def show_owner_classes(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """Owners by size and kind, with what they bought; nobody by name."""
    web = web_of(request)
    chosen = choose(web, request.query_params)
    try:
        found = owner_classes(web, chosen.op)
    except UsageError as error:
        return _page(request, "Eigenaren", chosen=chosen, by_area=False, error=str(error))
    tables = [("Eigenaren naar grootte en soort", found.rows.to_dicts())]
    notes = [*found.texts, describe(limits_of(web))]
    return _page(request, "Eigenaren", chosen=chosen, by_area=False, tables=tables, notes=notes, since=found.since)


@router.get("/voorraad/aankopen")
def show_purchases(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """Transfers per year inside and outside the area of the ordinance, and how many to landlords."""
    web = web_of(request)
    chosen = choose(web, request.query_params)
    try:
        found = purchases_of(web, chosen.op)
    except UsageError as error:
        return _page(request, "Aankopen", chosen=chosen, by_area=False, error=str(error))
    tables = [("Overdrachten per jaar", found.rows.to_dicts())]
    notes = [*found.texts, describe(limits_of(web))]
    return _page(request, "Aankopen", chosen=chosen, by_area=False, tables=tables, notes=notes, since=found.since)


def _period(web: Web, query: Any) -> tuple[str, date, date]:
    """Subject, first and last day of the address."""
    subject, today = query.get("onderwerp"), web.today()
    first = parse_day(query.get("van")) or date(today.year - _YEARS, 1, 1)
    return subject if subject in SUBJECTS else "eigendom", first, parse_day(query.get("tot")) or today


def _page(request: Request, title: str, **context: Any) -> Response:
    given: dict[str, Any] = {
        "chosen": None, "subject": None, "tables": [], "picture": None, "notes": [], "error": None, "since": None,
        "by_area": True, "address": "",
    }  # fmt: skip
    return render(
        request, "voorraad/beleid.html", status=400 if context.get("error") else 200, title=title, form=Form(),
        areas=[(name, DIMENSIONS[name].header) for name in AREAS],
        subjects=[(name, DIMENSIONS[name].header) for name in SUBJECTS], **(given | context),
    )  # fmt: skip
