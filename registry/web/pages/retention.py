"""Retention: how long each kind of data is kept, what is due, destroying it, and the records of what was destroyed."""

import json
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.exports.destructions import write_destructions
from registry.privacy.retention import preview
from registry.store.queries.retention import list_destructions
from registry.tasks.destruction import ask_destruction, find_due, last_destructions
from registry.web.auth.guard import needs
from registry.web.downloads import download
from registry.web.errors import HiddenError, as_conflict
from registry.web.forms import Form, FormSent, RowNumber
from registry.web.rendering import render
from registry.web.state import web_of
from registry.web.terms import terms_of

router = APIRouter()
_RIGHT = Right.BETROKKENEN


class Sure(BaseModel):
    """The form that destroys: what the page said, and that somebody read it."""

    gezien: int
    zeker: bool = False


@router.get("/bewaartermijnen")
def show_terms(request: Request, _account: Annotated[Account, needs(_RIGHT)]) -> Response:
    """The terms with what is due today, and what was destroyed."""
    web = web_of(request)
    with web.store.read() as connection:
        due = preview(connection, terms_of(web), web.today())
        asked = last_destructions(connection)
        records = list_destructions(connection)
    return render(request, "bewaartermijnen/lijst.html", due=due, asked=asked, records=records)


@router.get("/bewaartermijnen/verklaringen")
def give_records(request: Request, account: Annotated[Account, needs(_RIGHT)]) -> Response:
    """The records of destruction as a workbook; they name nobody."""
    with web_of(request).store.read() as connection:
        records = list_destructions(connection)

    def write(folder: Path) -> Path:
        path = folder / f"vernietigingen-{clock.today():%Y%m%d}.xlsx"
        write_destructions(path, records, made_by=account.email, made_at=clock.local_now())
        return path

    return download(write)


@router.get("/bewaartermijnen/verklaringen/{number}")
def show_record(request: Request, number: RowNumber, _account: Annotated[Account, needs(_RIGHT)]) -> Response:
    """One record of destruction, to print."""
    with web_of(request).store.read() as connection:
        found = next((row for row in list_destructions(connection) if row["vernietiging_id"] == number), None)
    if found is None:
        raise HiddenError
    counts = {name: count for name, count in json.loads(found["tellingen"]).items() if count}
    return render(request, "bewaartermijnen/verklaring.html", row=found, counts=counts)


@router.get("/bewaartermijnen/{soort}")
def show_due(request: Request, soort: str, _account: Annotated[Account, needs(_RIGHT)]) -> Response:
    """What would be destroyed of one kind of data; nothing is yet."""
    return _due(request, soort, Form())


@router.post("/bewaartermijnen/{soort}")
def destroy_due(request: Request, soort: str, account: Annotated[Account, needs(_RIGHT)], form: FormSent) -> Response:
    """Ask a worker to destroy it; whoever is second, or saw other numbers, is told."""
    web, wanted = web_of(request), form.read(Sure)
    if wanted is not None and not wanted.zeker:
        form.errors["zeker"] = "Kruis aan dat u het zeker weet: dit is niet terug te draaien."
    if wanted is None or form.errors:
        return _due(request, soort, form, status=400)
    with as_conflict():
        ask_destruction(
            web.store, terms_of(web), soort, seen=wanted.gezien, day=web.today(),
            gebruiker=account.gebruiker(_RIGHT), moment=clock.now(),
        )  # fmt: skip
    return RedirectResponse("/bewaartermijnen", 303)


def _due(request: Request, soort: str, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    with web.store.read() as connection:
        found = find_due(connection, terms_of(web), soort, web.today())
        last = last_destructions(connection).get(soort)
    if found is None:
        raise HiddenError
    counts: dict[str, Any] = {name: count for name, count in found.tabellen.items() if count}
    return render(
        request, "bewaartermijnen/soort.html", status=status, found=found, counts=counts, last=last, form=form
    )
