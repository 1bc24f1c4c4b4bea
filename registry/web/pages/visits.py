"""Visits: the latest ones, one typed at a desk, and the file of a phone that comes back."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from importers.bezoeken import FORMAAT
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import SourceRefusedError, UsageError
from registry.privacy.access import Handeling
from registry.store.queries.adressen import holds_object
from registry.store.queries.runs import last_run
from registry.store.queries.search import current_adressen, is_inside
from registry.store.queries.visits import read_visit, read_visits
from registry.store.queries.worklists import read_rows
from registry.web.auth.guard import needs
from registry.web.errors import HiddenError
from registry.web.forms import Form, FormSent
from registry.web.pages.visit_photos import report_path
from registry.web.rendering import render
from registry.web.seen import write_down
from registry.web.state import Web, web_of
from registry.worklists.doors import visit_fields
from registry.worklists.visits import Recorded, VisitRefusedError, record_visits

router = APIRouter()
_LATEST = 50
_MOST_VISITS = 200
_OWN = ("inspecteur", "hoedanigheid")


@router.get("/bezoeken")
def show_visits(request: Request, account: Annotated[Account, needs(Right.BEZOEKEN)]) -> Response:
    """The latest visits, with the form for the file of a phone."""
    return _overview(request, account, Form())


@router.post("/bezoeken")
def send_form(request: Request, account: Annotated[Account, needs(Right.BEZOEKEN)], form: FormSent) -> Response:
    """The file of a phone, as docs/veldformulier.md describes it."""
    web, sent = web_of(request), form.files.get("bestand")
    visits = _read_file(sent.file.read()) if sent is not None else None
    if visits is None:
        form.errors["bestand"] = "Kies het bestand dat het formulier van de telefoon bewaarde (.json)."
    elif not all(_may_record(web, account, one) for one in visits):
        form.errors["bestand"] = "In dit bestand staat een adres dat niet bestaat of niet van u is; niets is bewaard."
    else:
        _record(web, account, visits, form, field="bestand")
    if form.errors:
        return _overview(request, account, form, status=400)
    return RedirectResponse("/bezoeken", 303)


@router.get("/bezoeken/nieuw")
def show_form(
    request: Request, account: Annotated[Account, needs(Right.BEZOEKEN)], woning: str = "", lijst: str = ""
) -> Response:
    """The form of a visit to a dwelling; ``lijst`` is the worklist to go on with."""
    values = {"woning": woning, "lijst": lijst, "datum": f"{web_of(request).today()}", "inspecteur": account.naam}
    return _page(request, account, Form(values))


@router.post("/bezoeken/nieuw")
def record_visit(request: Request, account: Annotated[Account, needs(Right.BEZOEKEN)], form: FormSent) -> Response:
    """Keep a visit; what does not fit is said at its field."""
    web, object_id = web_of(request), form.get("woning")
    if not _may_visit(web, account, object_id):
        raise HiddenError
    keys = [*(field.key for field in visit_fields()), *_OWN]
    visit = {key: form.get(key).strip() for key in keys if form.get(key).strip()}
    visit |= {"adresseerbaar_object_id": object_id} | _asked_by(web, form.get("lijst"), object_id)
    recorded = _record(web, account, [visit], form)
    if recorded is None:
        return _page(request, account, form, status=400)
    [number] = recorded.inspecties
    return RedirectResponse(report_path(number, form.get("lijst")), 303)


def _asked_by(web: Web, lijst: str, object_id: str) -> dict[str, Any]:
    """The list that a visit was made for, and the receipts of its cases in that dwelling: by these it is answered."""
    if not lijst.isascii() or not lijst.isdecimal() or len(lijst) > 9:
        return {}
    with web.store.read() as connection:
        rows = read_rows(connection, int(lijst))
    receipts = [row.bewijs for row in rows if row.adresseerbaar_object_id == object_id and row.dropped_at is None]
    return {"lijst": int(lijst), "bewijs": receipts} if receipts else {}


def _record(
    web: Web, account: Account, visits: list[dict[str, Any]], form: Form, *, field: str = ""
) -> Recorded | None:
    """Keep visits, all or none; ``field`` is where problems are shown, when not each at its own."""
    try:
        return record_visits(
            web.store,
            visits,
            author=account.email,
            leverdatum=web.today(),
            cipher=web.cipher,
            keep_names=web.settings.persoonsgegevens == "namen",
        )
    except VisitRefusedError as error:
        form.errors.update({field: str(error)} if field else error.problems)
    except (SourceRefusedError, UsageError) as error:
        form.errors[field] = str(error)
    return None


def _read_file(content: bytes) -> list[dict[str, Any]] | None:
    """The visits of a field form; None when it is none, or has photos apart from its visits."""
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or read.get("formaat") != FORMAAT or read.get("fotos"):
        return None
    visits = read.get("bezoeken")
    if not isinstance(visits, list) or not 0 < len(visits) <= _MOST_VISITS:
        return None
    return visits if all(isinstance(one, dict) for one in visits) else None


def _overview(request: Request, account: Account, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    gebieden, today = account.gebieden(Right.BEZOEKEN), web.today()
    with web.store.read() as connection:
        rows: list[Mapping[str, Any]] = []
        for row in read_visits(connection, known=last_run(connection)).iter_rows(named=True):
            object_id = row["adresseerbaar_object_id"]
            if object_id is not None and is_inside(connection, object_id, gebieden, on=today):
                rows.append(row)
            if len(rows) == _LATEST:
                break
        objects = sorted({row["adresseerbaar_object_id"] for row in rows})
        adressen = current_adressen(connection, objects, on=today)
    user, cases = account.gebruiker(Right.BEZOEKEN), [("overbewoning", one) for one in objects]
    write_down(web, user, Handeling.INZIEN, cases, day=today, toelichting="laatste bezoeken")
    return render(
        request,
        "bezoeken/lijst.html",
        status=status,
        rows=rows,
        adressen={key: one.adres for key, one in adressen.items()},
        form=form,
    )


def _page(request: Request, account: Account, form: Form, *, status: int = 200) -> Response:
    web, object_id = web_of(request), form.get("woning")
    if not _may_visit(web, account, object_id):
        raise HiddenError
    with web.store.read() as connection:
        found = current_adressen(connection, [object_id], on=web.today()).get(object_id)
    groups: dict[str, list[Any]] = {}
    for one in visit_fields():
        groups.setdefault(one.group, []).append(one)
    return render(
        request,
        "bezoeken/nieuw.html",
        status=status,
        form=form,
        woning=object_id,
        adres=found.adres if found else object_id,
        groups=groups,
        types={"date": "date", "time": "time", "long": "textarea"},
    )


def _may_record(web: Web, account: Account, visit: Mapping[str, Any]) -> bool:
    """Whether a visit is to a dwelling of the account, and does not replace one that is not."""
    if not _may_visit(web, account, str(visit.get("adresseerbaar_object_id", ""))):
        return False
    number = visit.get("inspectie")
    if number is None:
        return True
    if not isinstance(number, str):
        return False
    with web.store.read() as connection:
        earlier = read_visit(connection, number.strip())
    return earlier is None or _may_visit(web, account, earlier["adresseerbaar_object_id"] or "")


def _may_visit(web: Web, account: Account, object_id: str) -> bool:
    with web.store.read() as connection:
        return holds_object(connection, object_id, known=last_run(connection)) and is_inside(
            connection, object_id, account.gebieden(Right.BEZOEKEN), on=web.today()
        )
