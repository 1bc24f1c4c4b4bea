"""Imports for the beheerder: send a file in, follow it, see what became of it, take it back. Nobody is shown here."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, field_validator

from importers.indeling import MOST_BYTES, read_indeling
from importers.source import load_source
from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import SourceRefusedError, UsageError, WoonregisterError
from registry.intake.run import IMPORTERS
from registry.intake.withdraw import withdraw_run
from registry.store.queries.runs import count_issues, get_run, list_runs
from registry.store.queries.tasks import BUSY, WAITS, find_task, list_tasks
from registry.tasks.queue import IMPORT, ImportOrder, WorkFolder, ask_evaluation, ask_import, plain_name
from registry.web.auth.guard import needs
from registry.web.errors import HiddenError, as_conflict
from registry.web.forms import Form, FormSent, RowNumber
from registry.web.rendering import is_partial, render
from registry.web.state import Web, web_of
from registry.web.texts import on_page
from rules.catalogue import RULES

router = APIRouter()
_SOURCES = tuple((name, load_source(name).title) for name in sorted(IMPORTERS))
_LATEST = 25
_AGAIN = "Kies na het verbeteren beide bestanden opnieuw."
_YAML = (".yml", ".yaml")


class NewImport(BaseModel):
    """The form that sends a file in."""

    bron: str
    leverdatum: date | None = None
    levering: Literal["stand", "deel"] | None = None
    proef: bool = False
    nieuwe_gemeente: bool = False

    @field_validator("bron")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in IMPORTERS:
            raise ValueError("Kies een bron uit de lijst.")
        return name


@router.get("/imports")
def show_imports(request: Request, _account: Annotated[Account, needs(Right.BRONNEN)]) -> Response:
    """What came in and what is asked for, with the form for a new file."""
    return _overview(request, Form())


@router.post("/imports")
def send_import(request: Request, account: Annotated[Account, needs(Right.BRONNEN)], form: FormSent) -> Response:
    """A file that is sent in; a worker reads it."""
    wanted, sent, web = form.read(NewImport), form.files.get("bestand"), web_of(request)
    if sent is None:
        form.errors["bestand"] = "Kies een bestand. Een bestand dat u eerder koos, moet u na een fout opnieuw kiezen."
    indeling = _read_indeling(form, wanted)
    if wanted is None or sent is None or form.errors:
        return _overview(request, form, status=400)
    order = ImportOrder(
        wanted.bron,
        sent.filename or "",
        wanted.leverdatum,
        wanted.levering,
        wanted.proef,
        wanted.nieuwe_gemeente,
        indeling[0] if indeling else None,
    )
    try:
        number = ask_import(
            web.store,
            _folder(web),
            order,
            sent.file,
            auteur=account.email,
            moment=clock.now(),
            indeling=indeling[1] if indeling else None,
        )
    except UsageError as error:
        form.errors["bestand"] = str(error)
        return _overview(request, form, status=400)
    return RedirectResponse(f"/imports/taken/{number}", 303)


@router.post("/imports/toetsen")
def send_evaluation(request: Request, account: Annotated[Account, needs(Right.BRONNEN)]) -> Response:
    """Ask for an evaluation of every rule on today."""
    web = web_of(request)
    number = ask_evaluation(web.store, list(RULES), peildatum=web.today(), auteur=account.email, moment=clock.now())
    return RedirectResponse(f"/imports/taken/{number}", 303)


@router.get("/imports/taken/{number}")
def show_task(request: Request, number: RowNumber, _account: Annotated[Account, needs(Right.BRONNEN)]) -> Response:
    """How far a task is; a part of the page that asks again by itself while it goes on."""
    web = web_of(request)
    with web.store.read() as connection:
        task = find_task(connection, number)
    if task is None:
        raise HiddenError
    goes_on = task.status in (WAITS, BUSY)
    context: dict[str, Any] = {
        "task": task,
        "goes_on": goes_on,
        "is_import": task.soort == IMPORT,
        "progress": _folder(web).progress_of(number) if goes_on else None,
    }
    return render(request, "imports/stand.html" if is_partial(request) else "imports/taak.html", **context)


@router.get("/imports/{number}")
def show_run(request: Request, number: RowNumber, account: Annotated[Account, needs(Right.BRONNEN)]) -> Response:
    """One import: its counts, and how often each problem was met."""
    run, issues = _run(web_of(request), number)
    return render(
        request,
        "imports/run.html",
        run=run,
        issues=issues,
        may_rows=account.may(Right.KOPPELEN) and account.gebieden(Right.KOPPELEN) is None,
    )


@router.get("/imports/{number}/intrekken")
def show_withdrawal(
    request: Request, number: RowNumber, _account: Annotated[Account, needs(Right.BRONNEN)]
) -> Response:
    """What taking an import back would do."""
    web = web_of(request)
    run, _ = _run(web, number)
    try:
        tried = withdraw_run(web.store, number, proef=True)
    except UsageError as error:
        return render(request, "imports/intrekken.html", status=409, run=run, tried=None, reason=str(error))
    return render(request, "imports/intrekken.html", run=run, tried=tried, reason=None)


@router.post("/imports/{number}/intrekken")
def withdraw_import(
    request: Request, number: RowNumber, _account: Annotated[Account, needs(Right.BRONNEN)]
) -> Response:
    """Take an import back; who was second is told."""
    web = web_of(request)
    _run(web, number)
    with as_conflict():
        withdraw_run(web.store, number)
    return RedirectResponse(f"/imports/{number}", 303)


def _read_indeling(form: Form, wanted: NewImport | None) -> tuple[str, bytes] | None:
    """The name and the bytes of the column names that came along; what is wrong with them stands at the field."""
    sent = form.files.get("indeling")
    if sent is None:
        return None
    try:
        name, content = plain_name(sent.filename or ""), sent.file.read(MOST_BYTES + 1)
        if not name.lower().endswith(_YAML):
            form.errors["indeling"] = f"Kies een YAML-bestand: de naam eindigt op .yml of .yaml. {_AGAIN}"
        elif wanted is not None:
            read_indeling(content, name, load_source(wanted.bron))
    except (SourceRefusedError, UsageError) as error:
        form.errors["indeling"] = f"{on_page(str(error))} {_AGAIN}"
        return None
    return name, content


def _overview(request: Request, form: Form, *, status: int = 200) -> Response:
    with web_of(request).store.read() as connection:
        runs, tasks = list_runs(connection)[:_LATEST], list_tasks(connection, limit=_LATEST)
    waiting = [task for task in tasks if task.status in (WAITS, BUSY)]
    return render(request, "imports/lijst.html", status=status, runs=runs, waiting=waiting, form=form, sources=_SOURCES)


def _run(web: Web, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An import with the counts of its problems."""
    with web.store.read() as connection:
        try:
            run = get_run(connection, number)
        except WoonregisterError:
            raise HiddenError from None
        return run, count_issues(connection, number)


def _folder(web: Web) -> WorkFolder:
    return WorkFolder(web.settings.werkmap)
