"""What follows a visit: the terms that run out, and what visits yield."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.cases.deadlines import Deadline, read_deadlines
from registry.cases.yields import Area, Method, read_yields
from registry.errors import UsageError
from registry.store.engine import ReadConnection
from registry.store.queries.search import current_adressen, is_inside
from registry.web.auth.guard import needs
from registry.web.forms import Form
from registry.web.rendering import parse_day, render
from registry.web.state import Web, web_of
from rules.catalogue import RULES

router = APIRouter()
_DAYS = 30


class Within(BaseModel):
    """How far ahead is looked."""

    dagen: int = Field(default=_DAYS, ge=0, le=3660)


class Period(BaseModel):
    """Which visits are counted."""

    regel: str | None = None
    per: Area = "gemeente"
    methode: Method = "wilson"


@router.get("/termijnen")
def show_deadlines(request: Request, account: Annotated[Account, needs(Right.TERMIJNEN)]) -> Response:
    """What ends soon, first what ends first, each with its source."""
    web = web_of(request)
    form = _asked(request)
    wanted, everything = form.read(Within), form.get("alle") == "ja"
    with web.store.read() as connection:
        found = _deadlines(connection, web, account)
        objects = {one.adresseerbaar_object_id for one in found if one.adresseerbaar_object_id}
        adressen = current_adressen(connection, sorted(objects), on=web.today())
    days = wanted.dagen if wanted else _DAYS
    rows = [one for one in found if everything or one.ends_within(web.today(), days)]
    return render(
        request,
        "termijnen/lijst.html",
        status=400 if wanted is None else 200,
        rows=rows,
        days=days,
        everything=everything,
        adressen={key: one.adres for key, one in adressen.items()},
        form=form,
        may_cases=account.may(Right.ZAKEN),
    )


@router.get("/opbrengst")
def show_yields(request: Request, _account: Annotated[Account, needs(Right.OPBRENGST)]) -> Response:
    """What visits yield per rule beside those drawn by lot, with the interval that small numbers deserve."""
    form = _asked(request)
    wanted = form.read(Period)
    rows, since, until = [], parse_day(form.get("van")), parse_day(form.get("tot_en_met"))
    for name, day in (("van", since), ("tot_en_met", until)):
        if form.get(name) and day is None:
            form.errors[name] = "Dit is geen datum. Voorbeeld: 2026-03-31."
    if wanted is not None and not form.errors:
        with web_of(request).store.read() as connection:
            try:
                rows = read_yields(
                    connection,
                    since=since,
                    until=until,
                    regel=wanted.regel,
                    per=wanted.per,
                    method=wanted.methode,
                )
            except UsageError as error:
                form.errors["tot_en_met"] = str(error)
    return render(
        request,
        "opbrengst/tabel.html",
        status=400 if form.errors else 200,
        rows=rows,
        form=form,
        rules=[(rule.id, rule.title) for rule in RULES.values()],
        titles={rule.id: rule.title for rule in RULES.values()},
    )


def _deadlines(connection: ReadConnection, web: Web, account: Account) -> list[Deadline]:
    """The terms in the areas of the account; one without a dwelling only for who works everywhere."""
    gebieden, today = account.gebieden(Right.TERMIJNEN), web.today()
    found = list(read_deadlines(connection, law=web.law, gemeente=None, today=today))
    if gebieden is None:
        return found
    return [
        one
        for one in found
        if one.adresseerbaar_object_id and is_inside(connection, one.adresseerbaar_object_id, gebieden, on=today)
    ]


def _asked(request: Request) -> Form:
    """The query of a page as a form."""
    query = request.query_params
    texts = {name: query.getlist(name) for name in query}
    return Form({name: values[-1] for name, values in texts.items()}, texts)
