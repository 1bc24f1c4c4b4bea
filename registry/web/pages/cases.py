"""Cases of the lawyer: open one, read it, check it before it is handed over, close it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.cases.file import CaseFile
from registry.cases.handover import open_points
from registry.cases.kinds import GebeurtenisSoort
from registry.cases.register import note_event, open_case
from registry.cases.subject import subject_of_address
from registry.errors import UsageError
from registry.exports.letters import letter_names
from registry.store.engine import ReadConnection
from registry.store.queries.cases import list_cases
from registry.store.queries.runs import last_run
from registry.store.queries.search import current_adressen
from registry.store.queries.signal_list import signals_of
from registry.tasks.handover import handover_of
from registry.web.auth.guard import needs
from registry.web.case_files import may_see, read_file, refuse_bsns
from registry.web.dwelling_access import require_dwelling
from registry.web.errors import ConflictError, HiddenError
from registry.web.forms import Form, FormSent
from registry.web.rendering import render
from registry.web.state import Web, web_of

router = APIRouter()


class NewCase(BaseModel):
    """The form that opens a case."""

    woning: str = Field(max_length=16)
    aanleiding: str = Field(min_length=3, max_length=1000)


class Step(BaseModel):
    """The form that reports a case ready, closes it or opens it again."""

    reden: str = Field(min_length=3, max_length=1000)
    ondanks: bool = False


@router.get("/zaken")
def show_cases(request: Request, account: Annotated[Account, needs(Right.ZAKEN)]) -> Response:
    """The cases, the newest first."""
    web = web_of(request)
    with web.store.read() as connection:
        rows = [row for row in list_cases(connection) if may_see(connection, account, row, today=web.today())]
        objects = sorted({row["adresseerbaar_object_id"] for row in rows if row["adresseerbaar_object_id"]})
        adressen = current_adressen(connection, objects, on=web.today())
    return render(request, "zaken/lijst.html", rows=rows, adressen={key: one.adres for key, one in adressen.items()})


@router.get("/zaken/nieuw")
def show_new(request: Request, account: Annotated[Account, needs(Right.ZAKEN)], woning: str = "") -> Response:
    """The form to open a case about a dwelling."""
    return _new(request, account, Form({"woning": woning}))


@router.post("/zaken/nieuw")
def make_case(request: Request, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent) -> Response:
    """Open a case, with the signals of the latest evaluation."""
    web, wanted = web_of(request), form.read(NewCase)
    refuse_bsns(form, "aanleiding")
    if wanted is None or form.errors:
        return _new(request, account, form, status=400)
    _require(web, account, wanted.woning)
    try:
        with web.store.read() as connection:
            subject = subject_of_address(connection, wanted.woning, known=last_run(connection))
    except UsageError as error:
        form.errors[""] = str(error)
        return _new(request, account, form, status=400)
    found = subject.signals.filter(pl.col("uitkomst") == "signaal")
    with web.store.write_transaction() as connection:
        zaak = open_case(
            connection,
            aanleiding=wanted.aanleiding,
            author=account.email,
            moment=clock.now(),
            object_id=wanted.woning,
            signals=list(found.select("bewijs", "adresseerbaar_object_id").iter_rows()),
        )
    return RedirectResponse(f"/zaken/{zaak}", 303)


@router.get("/zaken/{zaak}")
def show_case(request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)]) -> Response:
    """A case: its time line, and the check before it is handed over."""
    return _page(request, read_file(web_of(request), account, zaak, what="zaak inzien"), Form())


@router.post("/zaken/{zaak}/gereed")
def report_ready(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent
) -> Response:
    """Report a case ready to hand over; the points that were open are kept with it."""
    web = web_of(request)
    file = read_file(web, account, zaak, what="controle voor overdracht")
    wanted, left = form.read(Step), open_points(file.checks)
    refuse_bsns(form, "reden")
    if wanted is not None and left and not wanted.ondanks:
        form.errors["ondanks"] = f"Er staan {len(left)} punten open. Los ze op, of kruis aan dat het toch gereed is."
    if wanted is None or form.errors:
        return _page(request, file, form, status=400)
    details = {"open": [asdict(check) for check in left]}
    _note(web, account, zaak, GebeurtenisSoort.GEREED, reason=wanted.reden, details=details)
    return RedirectResponse(f"/zaken/{zaak}", 303)


@router.post("/zaken/{zaak}/stand")
def change_state(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent
) -> Response:
    """Close a case, or open it again; whoever is second is told."""
    web = web_of(request)
    file = read_file(web, account, zaak, what="zaak sluiten of heropenen")
    wanted, closed = form.read(Step), _state(web, zaak) == GebeurtenisSoort.GESLOTEN
    refuse_bsns(form, "reden")
    if wanted is None or form.errors:
        return _page(request, file, form, status=400)
    if form.get("was") != ("gesloten" if closed else "open"):
        raise ConflictError("De stand van deze zaak is intussen gewijzigd. Bekijk de zaak opnieuw.")
    what = GebeurtenisSoort.HEROPEND if closed else GebeurtenisSoort.GESLOTEN
    _note(web, account, zaak, what, reason=wanted.reden)
    return RedirectResponse(f"/zaken/{zaak}", 303)


def _note(
    web: Web,
    account: Account,
    zaak: str,
    what: GebeurtenisSoort,
    *,
    reason: str,
    details: dict[str, Any] | None = None,
) -> None:
    with web.store.write_transaction() as connection:
        note_event(connection, zaak, what, reason=reason, author=account.email, moment=clock.now(), details=details)


def _new(request: Request, account: Account, form: Form, *, status: int = 200) -> Response:
    web, object_id = web_of(request), form.get("woning").strip()
    _require(web, account, object_id)
    with web.store.read() as connection:
        found = current_adressen(connection, [object_id], on=web.today()).get(object_id)
    return render(
        request, "zaken/nieuw.html", status=status, form=form, woning=object_id,
        adres=found.adres if found else object_id,
    )  # fmt: skip


def _page(request: Request, file: CaseFile, form: Form, *, status: int = 200) -> Response:
    web, case = web_of(request), file.subject.zaak
    if case is None:
        raise HiddenError
    rows = file.signals.to_dicts()
    with web.store.read() as connection:
        signals = [(row, handover_of(connection, row["bewijs"])) for row in rows]
        others = _others(connection, case, {row["bewijs"] for row in rows})
    return render(
        request,
        "zaken/zaak.html",
        status=status,
        case=case,
        state=_state(web, case["zaak"]),
        file=file,
        woningen=file.overview.select("adresseerbaar_object_id", "adres").to_dicts(),
        signals=signals,
        others=others,
        system=bool(web.settings.zaaksysteem_url),
        timeline=file.timeline.reverse().to_dicts(),
        left=open_points(file.checks),
        letters=[(name, name.replace("-", " ")) for name in letter_names(web.settings.briefsjablonen)],
        form=form,
    )


def _others(connection: ReadConnection, case: Mapping[str, Any], inside: set[str]) -> list[tuple[str, str]]:
    """The signals of the latest evaluations of the dwelling of a case that are not in it."""
    if case["adresseerbaar_object_id"] is None:
        return []
    found = signals_of(connection, case["adresseerbaar_object_id"])
    return [
        (row["bewijs"], f"{row['regel'].replace('_', ' ')}, {row['uitkomst'].replace('_', ' ')}")
        for row in found
        if row["bewijs"] not in inside
    ]


def _state(web: Web, zaak: str) -> str:
    """What last happened to a case itself; open when nothing did."""
    with web.store.read() as connection:
        return next((row["stand"] or "open" for row in list_cases(connection) if row["zaak"] == zaak), "open")


def _require(web: Web, account: Account, object_id: str) -> None:
    with web.store.read() as connection:
        require_dwelling(connection, account, Right.ZAKEN, object_id, today=web.today())
