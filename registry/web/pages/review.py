"""Rows that wait for a person: choose which address is meant, take a choice back, take the rest along to correct.

A row that was set aside lies in no area: only who may choose in the whole municipality sees them.
"""

from pathlib import Path
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from importers.issues import Level
from importers.source import load_source
from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import WoonregisterError
from registry.exports.set_aside import set_aside_rows, write_set_aside
from registry.intake.review import list_decisions, list_open
from registry.intake.run import IMPORTERS
from registry.logs import redact
from registry.privacy.access import Access, Betrokkenen, Handeling
from registry.store.queries.runs import get_run, list_runs, read_issues
from registry.store.queries.search import current_adressen
from registry.tasks.review import CHOICE, REVOCATION, ask_choice, ask_revocation, last_asked
from registry.web.auth.guard import needs
from registry.web.downloads import download
from registry.web.errors import HiddenError, as_conflict
from registry.web.forms import Form, FormSent, RowNumber
from registry.web.rendering import render
from registry.web.state import Web, web_of

router = APIRouter()
_RIGHT = Right.KOPPELEN
_ACTIVITY = "adreskwaliteit"
_PAGE = 25
_RUNS = 25
_SOURCES = tuple((name, load_source(name).title) for name in sorted(IMPORTERS))


class Choice(BaseModel):
    """The form that chooses: a candidate, or any object by its BAG id."""

    kandidaat: str = Field(default="", pattern=r"^([0-9]{16})?$")
    ander: str = Field(default="", pattern=r"^([0-9]{16})?$")
    reden: str = Field(min_length=3, max_length=500)


class Revocation(BaseModel):
    """The form that takes a choice back."""

    reden: str = Field(min_length=3, max_length=500)


@router.get("/te-beoordelen")
def show_open(
    request: Request, account: Annotated[Account, needs(_RIGHT)], bron: str = "", pagina: int = 1
) -> Response:
    """The addresses that wait, the choices that hold, and the imports with rows that were set aside."""
    _whole(account)
    web = web_of(request)
    chosen = bron if bron in dict(_SOURCES) else None
    _record(web, account, Handeling.INZIEN, "adressen die op een keuze wachten")
    with web.store.read() as connection:
        rows = list_open(connection, bron=chosen)
        runs = [run for run in list_runs(connection) if run["uitval"] and run["status"] == "gelukt"]
        decisions = list_decisions(connection, bron=chosen)
        asked, taken_back = last_asked(connection, CHOICE), last_asked(connection, REVOCATION)
        objects = {*decisions["adresseerbaar_object_id"]}
        adressen = current_adressen(connection, objects, on=web.today())
    pages = max(1, -(-rows.height // _PAGE))
    page = min(max(1, pagina), pages)
    return render(
        request,
        "te_beoordelen/lijst.html",
        rows=_shown(rows.slice((page - 1) * _PAGE, _PAGE)),
        total=rows.height,
        page=page,
        pages=pages,
        bron=chosen or "",
        sources=_SOURCES,
        runs=runs[:_RUNS],
        decisions=_shown(decisions.reverse().head(_PAGE)),
        asked=asked,
        taken_back=taken_back,
        adressen={key: one.adres for key, one in adressen.items()},
        form=Form(),
    )


@router.get("/te-beoordelen/uitval/{run}")
def give_set_aside(request: Request, run: int, account: Annotated[Account, needs(_RIGHT)]) -> Response:
    """The rows that an import set aside, as a workbook to correct and import again; written down first."""
    _whole(account)
    web = web_of(request)
    with web.store.read() as connection:
        try:
            found = get_run(connection, run)
        except WoonregisterError:
            raise HiddenError from None
        issues = read_issues(connection, run, level=Level.UITVAL.value, still_open=True)
    people = issues["persoonslijst"].drop_nulls().unique().to_list() if "persoonslijst" in issues.columns else []
    _record(web, account, Handeling.EXPORTEREN, f"uitval van run {run}", Betrokkenen(persoonslijsten=people))
    rows = set_aside_rows(issues, web.cipher)

    def write(folder: Path) -> Path:
        path = folder / f"uitval-run-{run}.xlsx"
        title = f"Uitval van run {run} ({found['bestand']})"
        write_set_aside(path, rows, title=title, made_by=account.email, made_at=clock.local_now())
        return path

    return download(write)


@router.get("/te-beoordelen/besluiten/{number}")
def show_decision(request: Request, number: RowNumber, account: Annotated[Account, needs(_RIGHT)]) -> Response:
    """One choice that holds, to take back."""
    _whole(account)
    return _decision(request, account, number, Form())


@router.post("/te-beoordelen/besluiten/{number}")
def revoke_decision(
    request: Request, number: RowNumber, account: Annotated[Account, needs(_RIGHT)], form: FormSent
) -> Response:
    """Take a choice back; what it linked waits again. Whoever is second is told."""
    _whole(account)
    web, wanted = web_of(request), form.read(Revocation)
    if wanted is None:
        return _decision(request, account, number, form, status=400)
    with as_conflict():
        ask_revocation(web.store, number, reden=wanted.reden, auteur=account.email, moment=clock.now())
    return RedirectResponse("/te-beoordelen", 303)


@router.get("/te-beoordelen/{rij}")
def show_row(request: Request, rij: int, account: Annotated[Account, needs(_RIGHT)]) -> Response:
    """One address with its candidates."""
    _whole(account)
    return _row(request, account, rij, Form())


@router.post("/te-beoordelen/{rij}")
def choose_object(request: Request, rij: int, account: Annotated[Account, needs(_RIGHT)], form: FormSent) -> Response:
    """Choose which object an address means; a worker takes the waiting rows in. Whoever is second is told."""
    _whole(account)
    web, wanted = web_of(request), form.read(Choice)
    if wanted is not None and not (wanted.ander or wanted.kandidaat):
        form.errors["ander"] = "Kies een kandidaat, of vul het BAG-id in."
    if wanted is None or form.errors:
        return _row(request, account, rij, form, status=400)
    object_id = wanted.ander or wanted.kandidaat
    with as_conflict():
        ask_choice(web.store, rij, object_id, reden=wanted.reden, auteur=account.email, moment=clock.now())
    return RedirectResponse("/te-beoordelen", 303)


def _row(request: Request, account: Account, rij: int, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    with web.store.read() as connection:
        found = list_open(connection).filter(issue_id=rij)
        last = last_asked(connection, CHOICE).get(rij)
    if found.is_empty():
        raise HiddenError
    _record(web, account, Handeling.INZIEN, f"rij {rij} die op een keuze wacht")
    [row] = _shown(found)
    candidates = [(text[:16], text[18:]) for text in row["kandidaten"]]
    return render(
        request, "te_beoordelen/rij.html", status=status, row=row, candidates=candidates, last=last, form=form
    )


def _decision(request: Request, account: Account, number: int, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    with web.store.read() as connection:
        found = list_decisions(connection).filter(besluit_id=number)
        if found.is_empty():
            raise HiddenError
        [row] = _shown(found)
        key = row["adresseerbaar_object_id"]
        adres = current_adressen(connection, [key], on=web.today()).get(key)
        last = last_asked(connection, REVOCATION).get(number)
    _record(web, account, Handeling.INZIEN, f"besluit {number} over een adres")
    return render(
        request, "te_beoordelen/besluit.html", status=status, row=row, adres=adres.adres if adres else key, last=last,
        form=form,
    )  # fmt: skip


def _shown(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows; a BSN that somebody typed in the field of an address does not show."""
    return [row | {"adres": redact(row["adres"] or "")} for row in rows.to_dicts()]


def _whole(account: Account) -> None:
    if account.gebieden(_RIGHT) is not None:
        raise HiddenError


def _record(web: Web, account: Account, handeling: Handeling, what: str, who: Betrokkenen | None = None) -> None:
    access = Access(account.gebruiker(_RIGHT), handeling, _ACTIVITY, who or Betrokkenen(), toelichting=what)
    web.access_log.record(access)
