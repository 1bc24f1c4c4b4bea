"""Owners and their portfolios: facts side by side, no score. A natural person has no name here without a purpose."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

import polars as pl
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.cases.register import open_case
from registry.cases.subject import subject_of_owner
from registry.errors import UsageError
from registry.privacy.access import Access, Betrokkenen, Handeling
from registry.stock.owner_book import CONFIRMED, KINDS, ORDERS, SIZES, Wanted, inside, list_owners, read_marks
from registry.stock.owner_page import OwnerPage, read_owner
from registry.store.engine import ReadConnection
from registry.store.queries.cases import list_cases
from registry.store.queries.personen import owners_of, restricted
from registry.store.queries.runs import last_run
from registry.store.queries.search import current_adressen
from registry.web.auth.guard import needs
from registry.web.case_files import may_see
from registry.web.errors import HiddenError
from registry.web.figures import records_of
from registry.web.forms import Form, FormSent
from registry.web.policy_figures import owner_book
from registry.web.purposes import check_purpose, purpose_options, write_down_purpose
from registry.web.rendering import parse_day, render
from registry.web.seen import SUPERVISION
from registry.web.state import Web, web_of
from rules.catalogue import RULES

router = APIRouter()
_KEY = re.compile(r"[0-9a-f]{16,64}")
_FIELDS = ("soort", "klasse", "signaal", "orde", "wie", "op")
_HELD = 50  # dwellings on a page of an owner
_PAST = 100  # rights in his history


class NewCase(BaseModel):
    """The form that opens a case about an owner."""

    aanleiding: str = Field(min_length=3, max_length=1000)


@router.get("/eigenaren")
def show_owners(request: Request, account: Annotated[Account, needs(Right.EIGENAREN)], pagina: int = 1) -> Response:
    """The owners that fit the address of the page; who looked is written down."""
    web, asked = web_of(request), {name: request.query_params.get(name, "") for name in _FIELDS}
    wanted, day = _wanted(asked, pagina), _day(web, asked["op"])
    try:
        book = owner_book(web, day)
    except UsageError as error:
        return render(request, "eigenaren/leeg.html", text=str(error))
    within = inside(records_of(web), account.gebieden(Right.EIGENAREN), on=web.today())
    with web.store.read() as connection:
        known = last_run(connection)
        hidden = restricted(connection, known=known, soort="rechthebbende")
        marks = read_marks(connection, op=day, known=known)
    found = list_owners(book, marks, wanted, within=within, hidden=hidden)
    keys = [key for owner in found.rows["owner"] for key in book.people.members(owner)]
    _record(web, account, keys, "lijst van eigenaren")
    return render(
        request,
        "eigenaren/lijst.html",
        found=found,
        rows=found.rows.to_dicts(),
        page=min(wanted.pagina, found.pages),
        chosen=wanted,
        op=day,
        since=book.since,
        query=urlencode({name: value for name, value in asked.items() if value}),
        kinds=[(one, one.capitalize()) for one in KINDS],
        sizes=[(one, one) for one in SIZES],
        signals=[(rule.id, f"Signaal {rule.title.lower()}") for rule in RULES.values()] + [(CONFIRMED, "Bevestigd")],
        orders=list(ORDERS.items()),
        own_areas=within is not None,
        form=Form(),
    )


@router.get("/eigenaren/{kenmerk}")
def show_owner(
    request: Request,
    kenmerk: str,
    account: Annotated[Account, needs(Right.EIGENAREN)],
    *,
    op: str = "",
    pagina: int = 1,
) -> Response:
    """One owner on a day; who looked is written down."""
    web = web_of(request)
    found = find_owner(web, account, kenmerk, _day(web, op))
    _record(web, account, found.keys, "portefeuille van een eigenaar")
    return _page(request, account, found, Form(), page=pagina)


@router.post("/eigenaren/{kenmerk}/naam")
def show_name(
    request: Request, kenmerk: str, account: Annotated[Account, needs(Right.EIGENAREN)], form: FormSent, op: str = ""
) -> Response:
    """Who it is, for a stated purpose and a case; written down before it is shown."""
    web = web_of(request)
    found = find_owner(web, account, kenmerk, _day(web, op))
    check_purpose(form)
    if form.errors:
        return _page(request, account, found, form, status=400)
    with web.store.read() as connection:
        names = owners_of(connection, found.keys)
    write_down_purpose(web, account, Right.EIGENAREN, form, Betrokkenen(rechthebbenden=found.keys))
    return _page(request, account, found, form, names=names)


@router.post("/eigenaren/{kenmerk}/zaak")
def make_case(
    request: Request, kenmerk: str, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent
) -> Response:
    """Open a case about an owner, with the signals of his dwellings in the latest evaluation."""
    web = web_of(request)
    if not account.may(Right.EIGENAREN) or account.gebieden(Right.ZAKEN) is not None:
        raise HiddenError
    found, wanted = find_owner(web, account, kenmerk, web.today()), form.read(NewCase)
    if wanted is None:
        return _page(request, account, found, form, status=400)
    try:
        with web.store.read() as connection:
            subject = subject_of_owner(connection, found.owner, day=web.today(), known=last_run(connection))
    except UsageError as error:
        form.errors[""] = str(error)
        return _page(request, account, found, form, status=400)
    signals = subject.signals.filter(pl.col("uitkomst") == "signaal")
    with web.store.write_transaction() as connection:
        zaak = open_case(
            connection,
            aanleiding=wanted.aanleiding,
            author=account.email,
            moment=clock.now(),
            rechthebbende=found.owner,
            signals=list(signals.select("bewijs", "adresseerbaar_object_id").iter_rows()),
        )
    return RedirectResponse(f"/zaken/{zaak}", 303)


def find_owner(web: Web, account: Account, kenmerk: str, day: date) -> OwnerPage:
    """An owner as far as the account may see his dwellings.

    Raises:
        HiddenError: there is no such owner, his data may only be kept, or no dwelling of his lies in the areas.
    """
    if not _KEY.fullmatch(kenmerk):
        raise HiddenError
    try:
        book = owner_book(web, day)
        owner = book.people.find(kenmerk)
    except UsageError:
        raise HiddenError from None
    with web.store.read() as connection:
        known = last_run(connection)
        hidden = restricted(connection, known=known, soort="rechthebbende")
        marks = read_marks(connection, op=day, known=known)
    within = inside(records_of(web), account.gebieden(Right.EIGENAREN), on=web.today())
    found = read_owner(book, marks, owner, within=within)
    if found is None or not hidden.isdisjoint(found.keys):
        raise HiddenError
    return found


def _page(
    request: Request,
    account: Account,
    found: OwnerPage,
    form: Form,
    *,
    page: int = 1,
    status: int = 200,
    names: list[dict[str, Any]] | None = None,
) -> Response:
    web = web_of(request)
    day = _day(web, request.query_params.get("op", ""))
    pages = max(1, -(-len(found.holdings) // _HELD))
    page = min(max(1, page), pages)
    shown = found.holdings[(page - 1) * _HELD : page * _HELD]
    past = found.history[:_PAST]
    objects = {row["adresseerbaar_object_id"] for row in (*shown, *past, *found.purchases)}
    with web.store.read() as connection:
        adressen = current_adressen(connection, objects, on=web.today())
        cases = _cases(connection, web, account, found) if account.may(Right.ZAKEN) else []
    return render(
        request,
        "eigenaren/eigenaar.html",
        status=status,
        found=found,
        kenmerk=found.owner[:16],
        op=day,
        since=owner_book(web, day).since,
        holdings=shown,
        history=past,
        page=page,
        pages=pages,
        names=names,
        adressen={key: one.adres for key, one in adressen.items()},
        cases=cases,
        may_cases=account.may(Right.ZAKEN) and account.gebieden(Right.ZAKEN) is None,
        own_areas=account.gebieden(Right.EIGENAREN) is not None,
        titles={rule.id: rule.title for rule in RULES.values()},
        purposes=purpose_options(web),
        form=form,
    )


def _cases(connection: ReadConnection, web: Web, account: Account, found: OwnerPage) -> list[dict[str, Any]]:
    """The cases about the owner, or about a dwelling that he has on the day."""
    held = {row["adresseerbaar_object_id"] for row in found.holdings}
    return [
        row
        for row in list_cases(connection)
        if (row["rechthebbende"] in found.keys or row["adresseerbaar_object_id"] in held)
        and may_see(connection, account, row, today=web.today())
    ]


def _wanted(asked: dict[str, str], page: int) -> Wanted:
    """The filter of the address; what does not exist counts as no choice."""
    return Wanted(
        soort=asked["soort"] if asked["soort"] in KINDS else None,
        klasse=asked["klasse"] if asked["klasse"] in SIZES else None,
        signaal=asked["signaal"] if asked["signaal"] in (*RULES, CONFIRMED) else None,
        orde=asked["orde"] if asked["orde"] in ORDERS else "woningen",
        pagina=max(1, page),
        landlords=asked["wie"] != "allen",
    )


def _day(web: Web, text: str) -> date:
    return parse_day(text) or web.today()


def _record(web: Web, account: Account, keys: Iterable[str], what: str) -> None:
    gebruiker = account.gebruiker(Right.EIGENAREN)
    who = Betrokkenen(rechthebbenden=keys)
    web.access_log.record(Access(gebruiker, Handeling.INZIEN, SUPERVISION, who, toelichting=what))
