"""Papers of a case: put one in, read it, and take back what was written down by mistake."""

from datetime import date
from pathlib import PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from importers.field_columns import mask_bsns
from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.cases.collection import INTERRUPTIONS
from registry.cases.kinds import Richting, StukSoort
from registry.cases.register import MAX_BYTES, Paper, add_paper, take_back
from registry.errors import UsageError
from registry.store.queries.cases import read_content, read_decisions, read_documents, read_verbeurten
from registry.store.queries.runs import last_run
from registry.store.queries.visits import read_visits
from registry.tasks.queue import plain_name
from registry.web.auth.guard import needs
from registry.web.case_files import find_case, read_file, refuse_bsns
from registry.web.errors import HiddenError, as_conflict
from registry.web.forms import Form, FormSent, RowNumber
from registry.web.rendering import render
from registry.web.state import Web, web_of

router = APIRouter()
_READERS = {"stuk": read_documents, "besluit": read_decisions, "verbeurte": read_verbeurten}
_SUFFIX = 5


class NewPaper(BaseModel):
    """The form of a paper."""

    soort: StukSoort
    richting: Richting
    datum: date
    titel: str = Field(min_length=3, max_length=200)
    ondertekend_door: str | None = Field(default=None, max_length=200)
    ondertekend_op: date | None = None
    bezoek: str | None = Field(default=None, max_length=200)
    besluit: int | None = None


class TakingBack(BaseModel):
    """The form that takes something back."""

    wat: Literal["stuk", "besluit", "verbeurte"]
    nummer: int
    reden: str = Field(min_length=3, max_length=1000)


@router.get("/zaken/{zaak}/stukken/nieuw")
def show_paper_form(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], soort: str = "", besluit: str = ""
) -> Response:
    """The form of a paper; ``soort`` and ``besluit`` fill it in beforehand."""
    form = Form({"soort": soort, "besluit": besluit, "datum": f"{web_of(request).today()}"})
    return _form(request, account, zaak, form)


@router.post("/zaken/{zaak}/stukken")
def keep_paper(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent
) -> Response:
    """Keep a paper with a case."""
    web = web_of(request)
    case = find_case(web, account, zaak)
    wanted, sent = form.read(NewPaper), form.files.get("bestand")
    if sent is None:
        form.errors["bestand"] = "Kies een bestand. Een bestand dat u eerder koos, moet u na een fout opnieuw kiezen."
    refuse_bsns(form, "titel", "ondertekend_door")
    if wanted is None or sent is None or form.errors:
        return _form(request, account, zaak, form, status=400)
    decisions = {row["besluit_id"]: (row["nummer"], row["versie"]) for row in _decisions(web, case)}
    if wanted.besluit is not None and wanted.besluit not in decisions:
        form.errors["besluit"] = "Kies een besluit van deze zaak."
        return _form(request, account, zaak, form, status=400)
    try:
        paper = Paper(
            wanted.soort,
            wanted.richting,
            wanted.datum,
            wanted.titel,
            mask_bsns(plain_name(sent.filename or "")),
            sent.file.read(MAX_BYTES + 1),
            ondertekend_door=wanted.ondertekend_door,
            ondertekend_op=wanted.ondertekend_op,
            inspectie=wanted.bezoek,
            besluit=None if wanted.besluit is None else decisions[wanted.besluit],
        )
        with web.store.write_transaction() as connection:
            add_paper(connection, zaak, paper, author=account.email, moment=clock.now())
    except UsageError as error:
        form.errors[""] = str(error)
        return _form(request, account, zaak, form, status=400)
    return RedirectResponse(f"/zaken/{zaak}#stukken", 303)


@router.get("/zaken/{zaak}/stukken/{stuk_id}")
def give_paper(
    request: Request, zaak: str, stuk_id: RowNumber, account: Annotated[Account, needs(Right.ZAKEN)]
) -> Response:
    """A paper as it was kept, always as a file to save: a browser opens nothing that somebody sent in."""
    web = web_of(request)
    case = find_case(web, account, zaak)
    with web.store.read() as connection:
        found = [row for row in read_documents(connection, case["zaak_id"]) if row["stuk_id"] == stuk_id]
        content = read_content(connection, found[0]["sha256"]) if found else None
    if content is None:
        raise HiddenError
    read_file(web, account, zaak, what=f"stuk {stuk_id}")
    ending = PurePath(found[0]["bestand"]).suffix.removeprefix(".").lower()
    suffix = ending if ending.isascii() and ending.isalnum() and len(ending) <= _SUFFIX else "bin"
    named = f'attachment; filename="stuk-{stuk_id}-{zaak}.{suffix}"'
    return Response(content, media_type="application/octet-stream", headers={"Content-Disposition": named})


@router.get("/zaken/{zaak}/terugnemen")
def show_taking_back(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], wat: str = "", nummer: str = ""
) -> Response:
    """What would be taken back, and the form that asks why."""
    return _taking_back(request, account, zaak, Form({"wat": wat, "nummer": nummer}))


@router.post("/zaken/{zaak}/terugnemen")
def take_it_back(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent
) -> Response:
    """Take back a paper, a decision or an amount; whoever is second is told."""
    web = web_of(request)
    find_case(web, account, zaak)
    wanted = form.read(TakingBack)
    refuse_bsns(form, "reden")
    if wanted is None or form.errors:
        return _taking_back(request, account, zaak, form, status=400)
    with as_conflict(), web.store.write_transaction() as connection:
        take_back(
            connection, zaak, wanted.wat, wanted.nummer, reason=wanted.reden, author=account.email, moment=clock.now()
        )
    return RedirectResponse(f"/zaken/{zaak}", 303)


def _form(request: Request, account: Account, zaak: str, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    case = find_case(web, account, zaak)
    object_id = case["adresseerbaar_object_id"]
    visits = []
    if object_id is not None:
        with web.store.read() as connection:
            visits = read_visits(connection, known=last_run(connection), object_id=object_id).to_dicts()
    return render(
        request,
        "zaken/stuk.html",
        status=status,
        case=case,
        form=form,
        kinds=[(one.value, one.value) for one in StukSoort],
        ways=[(one.value, one.value) for one in Richting],
        interrupting=[one.value for one in INTERRUPTIONS],
        visits=[(one["inspectie"], f"{one['datum']:%d-%m-%Y}: {one['resultaat'] or 'onbekend'}") for one in visits],
        decisions=[(one["besluit_id"], _named(one)) for one in _decisions(web, case)],
        most=MAX_BYTES // 1024**2,
    )


def _taking_back(request: Request, account: Account, zaak: str, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    case, what = find_case(web, account, zaak), form.get("wat")
    if what not in _READERS or not form.get("nummer").isdecimal():
        raise HiddenError
    with web.store.read() as connection:
        rows = _READERS[what](connection, case["zaak_id"])
    key = f"{what}_id"
    found = [row for row in rows if row[key] == int(form.get("nummer"))]
    if not found:
        raise HiddenError
    return render(
        request, "zaken/terugnemen.html", status=status, case=case, form=form, what=what, told=_told(what, found[0])
    )


def _told(what: str, row: dict[str, Any]) -> str:
    match what:
        case "stuk":
            return f"{row['soort']} ({row['richting']}) van {row['datum']:%d-%m-%Y}: {row['titel']}"
        case "besluit":
            return f"{_named(row)} van {row['datum']:%d-%m-%Y}"
        case _:
            return f"€ {row['bedrag']} verbeurd op {row['verbeurd_op']:%d-%m-%Y} onder besluit {row['nummer']}"


def _named(row: dict[str, Any]) -> str:
    return f"{row['soort']}, besluit {row['nummer']} versie {row['versie']}"


def _decisions(web: Web, case: dict[str, Any]) -> list[dict[str, Any]]:
    with web.store.read() as connection:
        return read_decisions(connection, case["zaak_id"])
