"""Requests of people about their own data: see everything, have it corrected, have it only kept (AVG art. 15 to 18).

The number of a person comes by POST, stays off the page, and goes from one form to the next sealed.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import UsageError
from registry.exports.persons import write_inzage
from registry.intake.establish import Established, establish, facts_to_establish
from registry.privacy.access import Access, Handeling
from registry.privacy.person_terms import person_terms
from registry.privacy.retention import terms_on
from registry.privacy.subjects import GRONDEN, Inzage, Subject, find_subject, give_access, lift_restriction, restrict
from registry.signals.effect import effects_of
from registry.store.queries.rights import read_decisions
from registry.store.queries.runs import get_run, last_run
from registry.store.queries.search import current_adressen
from registry.store.queries.subjects import dwellings_of
from registry.store.queries.vaststellingen import vaststelling_of_run
from registry.tasks.queue import ask_evaluation
from registry.web.auth.guard import needs
from registry.web.downloads import download
from registry.web.errors import HiddenError, as_conflict
from registry.web.forms import Form, FormSent
from registry.web.one_person import bsn_of, seal_bsn
from registry.web.rendering import render
from registry.web.state import Web, web_of
from registry.web.terms import terms_of
from rules.catalogue import RULES

router = APIRouter()
_RIGHT = Right.BETROKKENEN
_DONE = {
    "beperkt": "De gegevens worden vanaf nu alleen bewaard. Signalen daarop vervallen bij de volgende toetsing.",
    "opgeheven": "De beperking is opgeheven.",
}  # fmt: skip
_VALUES = {"ja_nee": "ja of nee", "aantal": "een aantal", "m2": "vierkante meters", "datum": "een dag (dd-mm-jjjj)"}


class Restriction(BaseModel):
    """The form that lets data only be kept."""

    grond: Literal["a", "b", "c", "d"]
    reden: str = Field(min_length=3, max_length=1000)
    toetsen: bool = False


class Ending(BaseModel):
    """The form that ends a restriction."""

    reden: str = Field(min_length=3, max_length=1000)
    toetsen: bool = False


class Correction(BaseModel):
    """The form that establishes a fact that the registers have wrong, or do not have."""

    woning: str = Field(pattern=r"^[0-9]{16}$")
    feit: str = Field(max_length=40)
    waarde: str = Field(max_length=100)
    vanaf: date
    tot: date | None = None
    bewijs: str = Field(min_length=3, max_length=500)


@router.get("/betrokkenen")
def show_start(request: Request, _account: Annotated[Account, needs(_RIGHT)], klaar: str = "") -> Response:
    """Where a request begins, and the restrictions that hold, without who it is."""
    return _start(request, Form(), done=_DONE.get(klaar))


@router.post("/betrokkenen/persoon")
def show_person(request: Request, account: Annotated[Account, needs(_RIGHT)], form: FormSent) -> Response:
    """Everything about one person, written down before it is shown."""
    return _person(request, account, form)


@router.post("/betrokkenen/bestand")
def give_file(request: Request, account: Annotated[Account, needs(_RIGHT)], form: FormSent) -> Response:
    """Everything about one person in a file: the answer to his request."""
    web = web_of(request)
    found = _inzage(web, account, form)
    if found is None:
        return _start(request, form, status=400)
    given, _ = found
    suffix = ".json" if form.get("vorm") == "json" else ".xlsx"

    def write(folder: Path) -> Path:
        path = folder / f"inzage-{clock.today():%Y%m%d}{suffix}"
        write_inzage(path, given, made_by=account.email)
        return path

    return download(write)


@router.post("/betrokkenen/beperken")
def restrict_person(request: Request, account: Annotated[Account, needs(_RIGHT)], form: FormSent) -> Response:
    """Let the data of a person only be kept."""
    web, wanted = web_of(request), form.read(Restriction)
    if wanted is None:
        return _person(request, account, form, status=400)
    subject = _subject(web, account, form)
    if subject is None:
        return _start(request, form, status=400)
    with as_conflict():
        restrict(
            web.store, subject, grond=wanted.grond, reden=wanted.reden, gebruiker=account.gebruiker(_RIGHT),
            log=web.access_log,
        )  # fmt: skip
    _evaluate(web, account, wanted.toetsen)
    return RedirectResponse("/betrokkenen?klaar=beperkt", 303)


@router.post("/betrokkenen/opheffen")
def free_person(request: Request, account: Annotated[Account, needs(_RIGHT)], form: FormSent) -> Response:
    """End a restriction."""
    web, wanted = web_of(request), form.read(Ending)
    if wanted is None:
        return _person(request, account, form, status=400)
    subject = _subject(web, account, form)
    if subject is None:
        return _start(request, form, status=400)
    with as_conflict():
        lift_restriction(
            web.store, subject, reden=wanted.reden, gebruiker=account.gebruiker(_RIGHT), log=web.access_log
        )
    _evaluate(web, account, wanted.toetsen)
    return RedirectResponse("/betrokkenen?klaar=opgeheven", 303)


@router.post("/betrokkenen/verbeteren")
def correct(request: Request, account: Annotated[Account, needs(_RIGHT)], form: FormSent) -> Response:
    """Establish a fact about a dwelling of a person, on his request."""
    web, wanted = web_of(request), form.read(Correction)
    subject = _subject(web, account, form)
    if subject is None:
        return _start(request, form, status=400)
    with web.store.read() as connection:
        is_his = wanted is not None and wanted.woning in dwellings_of(
            connection, subject.persoonslijsten, subject.rechthebbenden
        )
    if wanted is not None and not is_his:
        form.errors["woning"] = "Kies een woning van deze persoon."
    if wanted is None or form.errors:
        return _person(request, account, form, status=400)
    what = Established(wanted.woning, wanted.feit, wanted.waarde, wanted.vanaf, wanted.tot, wanted.bewijs)
    try:
        run = establish(web.store, what, author=account.email, cipher=web.cipher)
    except UsageError as error:
        form.errors[""] = f"Niet vastgelegd. {error}"
        return _person(request, account, form, status=400)
    _log(web, account, subject, wanted.woning, f"verbetering op verzoek (AVG art. 16), run {run}")
    return RedirectResponse(f"/betrokkenen/verbetering/{run}", 303)


@router.get("/betrokkenen/verbetering/{run}")
def show_correction(request: Request, run: int, _account: Annotated[Account, needs(_RIGHT)]) -> Response:
    """What a correction changed: the outcome of every rule for that dwelling, before and after."""
    web = web_of(request)
    with web.store.read() as connection:
        row = vaststelling_of_run(connection, run)
        if row is None:
            raise HiddenError
        object_id = row["adresseerbaar_object_id"]
        effects = effects_of(connection, web.law, object_id, run=run, peildatum=web.today())
        adres = current_adressen(connection, [object_id], on=web.today()).get(object_id)
        state = get_run(connection, run)["status"]
    return render(
        request, "betrokkenen/verbetering.html", run=run, row=row, effects=effects, state=state,
        adres=adres.adres if adres else object_id, titles={rule.id: rule.title for rule in RULES.values()},
    )  # fmt: skip


@router.post("/betrokkenen/toetsen")
def evaluate(request: Request, account: Annotated[Account, needs(_RIGHT)]) -> Response:
    """Ask for an evaluation, so that what was decided shows in the signals."""
    _evaluate(web_of(request), account, wanted=True)
    return RedirectResponse("/betrokkenen", 303)


def _start(request: Request, form: Form, *, status: int = 200, done: str | None = None) -> Response:
    web = web_of(request)
    with web.store.read() as connection:
        rows = read_decisions(connection, "beperkingen", known=last_run(connection))
    # A person may be known under several keys; one decision is one moment.
    held = rows.unique(["grond", "besloten_op"], keep="first", maintain_order=True).reverse().to_dicts()
    return render(
        request, "betrokkenen/begin.html", status=status, form=form, done=done, restrictions=held, grounds=GRONDEN
    )


def _person(request: Request, account: Account, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    found = _inzage(web, account, form)
    if found is None:
        return _start(request, form, status=400)
    given, bsn = found
    with web.store.read() as connection:
        subject, known = find_subject(connection, web.cipher, bsn), last_run(connection)
        objects = dwellings_of(connection, subject.persoonslijsten, subject.rechthebbenden)
        adressen = current_adressen(connection, objects, on=web.today())
        decisions = read_decisions(connection, "beperkingen", known=known)
    own = decisions.filter(decisions["pseudoniem"].is_in(list(subject.keys)))
    return render(
        request,
        "betrokkenen/persoon.html",
        status=status,
        form=form,
        given=given,
        sealed=seal_bsn(web, account, bsn),
        zaak=form.get("zaak"),
        tables=[(name, rows, _columns(rows)) for name, rows in given.tabellen.items()],
        restriction=own.row(0, named=True) if own.height else None,
        grounds=list(GRONDEN.items()),
        terms=person_terms(given, terms_on(terms_of(web), web.today())),
        dwellings=[(one, adressen[one].adres if one in adressen else one) for one in objects],
        facts=[(code, f"{code.replace('_', ' ')} ({_VALUES.get(kind, 'zie de handleiding')})")
               for code, kind in facts_to_establish().items()],
        titles={rule.id: rule.title for rule in RULES.values()},
        may_restrict=bool(subject.persoonslijsten or subject.rechthebbenden),
    )  # fmt: skip


def _columns(rows: list[dict[str, Any]]) -> list[str]:
    """What the rows of a table tell, without how they are kept."""
    kept = ("source_file", "source_row", "recorded_run_id", "superseded_run_id", "vlaggen")
    return [name for name in dict.fromkeys(name for row in rows for name in row) if name not in kept]


def _inzage(web: Web, account: Account, form: Form) -> tuple[Inzage, str] | None:
    """Everything about the person of a form, and his BSN; None when there is nothing, and the form says why."""
    bsn = bsn_of(web, account, form)
    if bsn is None:
        return None
    try:
        given = give_access(
            web.store, web.cipher, bsn, gebruiker=account.gebruiker(_RIGHT), log=web.access_log,
            zaak=form.get("zaak").strip()[:80] or None,
        )  # fmt: skip
    except UsageError as error:
        form.errors["bsn"] = str(error)
        return None
    return given, bsn


def _subject(web: Web, account: Account, form: Form) -> Subject | None:
    bsn = bsn_of(web, account, form)
    if bsn is None:
        return None
    with web.store.read() as connection:
        return find_subject(connection, web.cipher, bsn)


def _log(web: Web, account: Account, subject: Subject, object_id: str, what: str) -> None:
    web.access_log.record(
        Access(
            account.gebruiker(_RIGHT), Handeling.WIJZIGEN, "rechten_betrokkenen", subject.as_betrokkenen(),
            object_id=object_id, toelichting=what,
        )
    )  # fmt: skip


def _evaluate(web: Web, account: Account, wanted: bool) -> None:
    if wanted:
        ask_evaluation(web.store, list(RULES), peildatum=web.today(), auteur=account.email, moment=clock.now())
