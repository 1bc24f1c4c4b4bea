"""Worklists: which there are per day, one with its reasons, changed by the planner, taken along by the inspector."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import UsageError
from registry.exports.take_along import write_take_along
from registry.privacy.access import Handeling
from registry.store.engine import ReadConnection
from registry.store.queries.search import is_inside
from registry.store.queries.worklists import read_rows
from registry.web.auth.guard import needs
from registry.web.downloads import download
from registry.web.errors import HiddenError, as_conflict
from registry.web.forms import Form, FormSent, RowNumber
from registry.web.rendering import parse_day, render
from registry.web.seen import write_down
from registry.web.state import Web, web_of
from registry.worklists.opened import ListLine, OpenedList, open_list, overview
from registry.worklists.placing import drop, reorder, replace_case, withdraw_list
from registry.worklists.recheck import recheck
from rules.catalogue import RULES

router = APIRouter()


class Removal(BaseModel):
    """The form that takes a case off a list."""

    zaak: int
    reden: str = Field(max_length=500)
    vervang: bool = False


class Reason(BaseModel):
    """The form that only asks why."""

    waarom: str = Field(max_length=500)


@router.get("/werklijsten")
def show_lists(request: Request, account: Annotated[Account, needs(Right.WERKLIJSTEN)], dag: str = "") -> Response:
    """The lists, latest day first; with ``dag`` those of a day."""
    web, day = web_of(request), parse_day(dag)
    with web.store.read() as connection:
        lines = [
            line
            for line in overview(connection, datum=day)
            if _lies_inside(connection, account, Right.WERKLIJSTEN, number=line.lijst, today=web.today())
        ]
    days: dict[date, list[ListLine]] = {}
    for line in lines:
        days.setdefault(line.datum, []).append(line)
    form = Form({"dag": dag})
    return render(
        request, "werklijsten/overzicht.html", days=days, day=day, form=form, may_plan=account.may(Right.PLANNEN)
    )


@router.get("/werklijsten/{number}")
def show_list(request: Request, number: RowNumber, account: Annotated[Account, needs(Right.WERKLIJSTEN)]) -> Response:
    """One list, with the reason for each case."""
    return _page(request, account, number, Form())


@router.post("/werklijsten/{number}/volgorde")
def change_order(
    request: Request, number: RowNumber, account: Annotated[Account, needs(Right.PLANNEN)], form: FormSent
) -> Response:
    """Keep the order of visits that was typed as a place for each case."""
    web = web_of(request)
    opened = _opened(web, account, number, Right.PLANNEN)
    wanted = []
    for one in opened.rows:
        name = f"plaats-{one.row.worklist_row_id}"
        text = form.get(name).strip()
        if not text.isdecimal() or len(text) > 4:
            form.errors[name] = f"Vul bij {one.row.adres} een plaats in: een heel getal."
            continue
        wanted.append((int(text), one.number or 0, one.row.worklist_row_id))
    if form.errors:
        return _page(request, account, number, form, status=400)
    seen = form.get("versie")
    with as_conflict():
        reorder(
            web.store,
            number,
            [row_id for *_, row_id in sorted(wanted)],
            author=account.email,
            now=clock.now(),
            seen=int(seen) if seen.isdecimal() else -1,
        )
    return RedirectResponse(f"/werklijsten/{number}", 303)


@router.post("/werklijsten/{number}/haal-af")
def take_off(
    request: Request, number: RowNumber, account: Annotated[Account, needs(Right.PLANNEN)], form: FormSent
) -> Response:
    """Take a case off, or put the next one in its place."""
    web = web_of(request)
    _opened(web, account, number, Right.PLANNEN)
    wanted = form.read(Removal)
    if wanted is None:
        return _page(request, account, number, form, status=400)
    do = replace_case if wanted.vervang else drop
    with as_conflict():
        do(web.store, number, wanted.zaak, reason=wanted.reden, author=account.email, now=clock.now())
    return RedirectResponse(f"/werklijsten/{number}", 303)


@router.post("/werklijsten/{number}/trek-in")
def withdraw(
    request: Request, number: RowNumber, account: Annotated[Account, needs(Right.PLANNEN)], form: FormSent
) -> Response:
    """Take every case off a list."""
    web = web_of(request)
    _opened(web, account, number, Right.PLANNEN)
    wanted = form.read(Reason)
    if wanted is None:
        return _page(request, account, number, form, status=400)
    with as_conflict():
        withdraw_list(web.store, number, reason=wanted.waarom, author=account.email, now=clock.now())
    return RedirectResponse(f"/werklijsten/{number}", 303)


@router.post("/werklijsten/{number}/hercontrole")
def check_again(
    request: Request, number: RowNumber, account: Annotated[Account, needs(Right.PLANNEN)], form: FormSent
) -> Response:
    """Judge every case again with what is known now; what lapsed goes off the list, with its reason."""
    web = web_of(request)
    opened = _opened(web, account, number, Right.PLANNEN)
    _write_down(
        web, account, Right.PLANNEN, opened, handeling=Handeling.TOETSEN, what="hercontrole van een bezoeklijst"
    )
    recheck(
        web.store,
        number,
        web.law,
        day=web.today(),
        author=account.email,
        now=clock.now(),
        drop=form.get("alleen_markeren") != "ja",
    )
    return RedirectResponse(f"/werklijsten/{number}", 303)


@router.get("/werklijsten/{number}/bestanden/{soort}")
def take_along(
    request: Request,
    number: RowNumber,
    soort: Literal["telefoon", "papier", "excel"],
    account: Annotated[Account, needs(Right.WERKLIJSTEN)],
) -> Response:
    """The list to take along: for the phone, on paper, or as a workbook."""
    web = web_of(request)
    opened = _opened(web, account, number, Right.WERKLIJSTEN)
    _write_down(web, account, Right.WERKLIJSTEN, opened, handeling=Handeling.EXPORTEREN, what="veldformulier")

    def write(folder: Path) -> Path:
        with web.store.read() as connection:
            made = write_take_along(folder, connection, opened, made_by=account.email, made_at=clock.local_now())
        return {"telefoon": made.form, "papier": made.page, "excel": made.workbook}[soort]

    return download(write)


def _page(request: Request, account: Account, number: int, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    opened = _opened(web, account, number, Right.WERKLIJSTEN)
    _write_down(web, account, Right.WERKLIJSTEN, opened, handeling=Handeling.INZIEN, what="bezoeklijst tonen")
    return render(
        request,
        "werklijsten/lijst.html",
        status=status,
        opened=opened,
        form=form,
        titles={rule.id: rule.title for rule in RULES.values()},
        cases=[(one.row.worklist_row_id, f"{one.number}. {one.row.adres}") for one in opened.rows],
        may_plan=account.may(Right.PLANNEN),
        may_visit=account.may(Right.BEZOEKEN),
    )


def _opened(web: Web, account: Account, number: int, right: Right) -> OpenedList:
    """A list of the areas of the account.

    Raises:
        HiddenError: there is none, or not for this account.
    """
    with web.store.read() as connection:
        try:
            opened = open_list(connection, number)
        except UsageError:
            raise HiddenError from None
        if not _lies_inside(connection, account, right, number=number, today=web.today()):
            raise HiddenError
    return opened


def _lies_inside(connection: ReadConnection, account: Account, right: Right, *, number: int, today: date) -> bool:
    """Whether every case of a list lies in the areas of the account."""
    gebieden = account.gebieden(right)
    return gebieden is None or all(
        is_inside(connection, row.adresseerbaar_object_id, gebieden, on=today) for row in read_rows(connection, number)
    )


def _write_down(
    web: Web, account: Account, right: Right, opened: OpenedList, *, handeling: Handeling, what: str
) -> None:
    cases = [(one.row.regel, one.row.adresseerbaar_object_id) for one in opened.rows]
    write_down(
        web,
        account.gebruiker(right),
        handeling,
        cases,
        day=opened.stored.datum,
        toelichting=what,
        zaak=f"bezoeklijst {opened.stored.worklist_id}",
    )
