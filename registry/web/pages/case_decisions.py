"""Decisions of a case and the amounts under them: written down, never taken here; and what a fine may be."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.cases.file import CaseFile
from registry.cases.fines import calculate_for
from registry.cases.kinds import BedragPer, BesluitSoort
from registry.cases.register import Decision, add_decision, add_signals, add_verbeurte
from registry.errors import UsageError
from registry.ownership.portfolios import read_portfolios
from registry.store.queries.runs import last_run
from registry.web.auth.guard import needs
from registry.web.case_files import find_case, read_file, refuse_bsns
from registry.web.errors import HiddenError
from registry.web.forms import Form, FormSent
from registry.web.rendering import render
from registry.web.state import Web, web_of

router = APIRouter()
_AS = ("eigenaar", "verhuurder", "beheerder", "bewoner")


class NewDecision(BaseModel):
    """The form of a decision; amounts in whole euros."""

    soort: BesluitSoort
    datum: date
    bekendgemaakt_op: date | None = None
    woning: str | None = None
    geadresseerde: str | None = None
    nummer_geadresseerde: str | None = Field(default=None, max_length=20)
    hoedanigheid: str | None = None
    signaal: str | None = None
    artikel: str | None = Field(default=None, max_length=300)
    overtreding_op: date | None = None
    begunstiging_tot: date | None = None
    bedrag: int | None = Field(default=None, gt=0, le=100_000_000)
    bedrag_per: BedragPer | None = None
    ten_hoogste: int | None = Field(default=None, gt=0, le=100_000_000)
    toelichting: str | None = Field(default=None, max_length=4000)
    wijzigt: int | None = None
    gezien: int = 0


class NewVerbeurte(BaseModel):
    """The form of an amount that became due."""

    besluit: int
    op: date
    bedrag: int = Field(gt=0, le=100_000_000)
    bezoek: str | None = Field(default=None, max_length=200)


class MoreSignals(BaseModel):
    """The form that puts a signal into a case."""

    bewijs: str = Field(max_length=100)


@router.get("/zaken/{zaak}/besluiten/nieuw")
def show_decision_form(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], wijzigt: str = ""
) -> Response:
    """The form of a decision, or of the next version of one: then with what that one says."""
    file = read_file(web_of(request), account, zaak, what="besluit vastleggen")
    values = {"datum": f"{web_of(request).today()}"}
    if wijzigt:
        versions = [row for row in file.papers.decisions if str(row["nummer"]) == wijzigt]
        if not versions:
            raise HiddenError
        values = _as_typed(versions[-1]) | {"wijzigt": wijzigt, "gezien": f"{versions[-1]['versie']}"} | values
    return _decision_page(request, file, Form(values))


@router.post("/zaken/{zaak}/besluiten")
def keep_decision(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent
) -> Response:
    """Write down a decision that somebody took, or the next version of one; whoever is second is told."""
    web = web_of(request)
    file = read_file(web, account, zaak, what="besluit vastleggen")
    wanted = form.read(NewDecision)
    refuse_bsns(form, "artikel", "toelichting", "nummer_geadresseerde")
    if wanted is None or form.errors:
        return _decision_page(request, file, form, status=400)
    versions = [row["versie"] for row in file.papers.decisions if row["nummer"] == wanted.wijzigt]
    newest = max(versions, default=0)
    if wanted.wijzigt is not None and newest != wanted.gezien:
        form.errors[""] = (
            f"Van dit besluit is intussen versie {newest} vastgelegd. Er is niets bewaard; wat u invulde staat er nog. "
            "Bekijk die versie bij de zaak, en bewaar opnieuw als dit daarna moet gelden."
        )
        form.values = {**form.values, "gezien": f"{newest}"}
        return _decision_page(request, file, form, status=409)
    try:
        decision = _decision(web, file, wanted)
        with web.store.write_transaction() as connection:
            add_decision(connection, zaak, decision, author=account.email, moment=clock.now())
    except UsageError as error:
        form.errors[""] = str(error)
        return _decision_page(request, file, form, status=400)
    return RedirectResponse(f"/zaken/{zaak}#besluiten", 303)


@router.get("/zaken/{zaak}/verbeurten/nieuw")
def show_amount_form(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], besluit: str = ""
) -> Response:
    """The form of an amount that became due under an order."""
    file = read_file(web_of(request), account, zaak, what="verbeurd bedrag vastleggen")
    return _amount_page(request, file, Form({"besluit": besluit, "op": f"{web_of(request).today()}"}))


@router.post("/zaken/{zaak}/verbeurten")
def keep_amount(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent
) -> Response:
    """Write down that a penalty became due."""
    web = web_of(request)
    file = read_file(web, account, zaak, what="verbeurd bedrag vastleggen")
    wanted = form.read(NewVerbeurte)
    orders = {row["besluit_id"]: (row["nummer"], row["versie"]) for row in _orders(file)}
    if wanted is not None and wanted.besluit not in orders:
        form.errors["besluit"] = "Kies een last van deze zaak."
    if wanted is None or form.errors:
        return _amount_page(request, file, form, status=400)
    try:
        with web.store.write_transaction() as connection:
            add_verbeurte(
                connection,
                zaak,
                besluit=orders[wanted.besluit],
                verbeurd_op=wanted.op,
                bedrag=wanted.bedrag,
                inspectie=wanted.bezoek,
                author=account.email,
                moment=clock.now(),
            )
    except UsageError as error:
        form.errors[""] = str(error)
        return _amount_page(request, file, form, status=400)
    return RedirectResponse(f"/zaken/{zaak}#besluiten", 303)


@router.get("/zaken/{zaak}/boete")
def show_fine(request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)]) -> Response:
    """What a fine may be, step by step: a calculation and no decision."""
    web = web_of(request)
    file = read_file(web, account, zaak, what="boete berekenen")
    with web.store.read() as connection:
        found = calculate_for(connection, file)
    return render(request, "zaken/boete.html", case=file.subject.zaak, found=found)


@router.post("/zaken/{zaak}/signalen")
def add_signal(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], form: FormSent
) -> Response:
    """Put a signal of a dwelling of the case into it; twice is once."""
    web = web_of(request)
    case, wanted = find_case(web, account, zaak), form.read(MoreSignals)
    object_id = form.get("woning")
    if wanted is None or object_id != case["adresseerbaar_object_id"]:
        raise HiddenError
    try:
        with web.store.write_transaction() as connection:
            pair = (wanted.bewijs, object_id)
            add_signals(connection, zaak, [pair], author=account.email, moment=clock.now())
    except UsageError:
        raise HiddenError from None
    return RedirectResponse(f"/zaken/{zaak}#signalen", 303)


def _decision(web: Web, file: CaseFile, wanted: NewDecision) -> Decision:
    """The decision as the register keeps it.

    Raises:
        UsageError: nobody has the number of the addressee, or a choice is none of this case.
    """
    key = wanted.geadresseerde
    if wanted.nummer_geadresseerde is not None:
        with web.store.read() as connection:
            book = read_portfolios(connection, op=web.today(), known=last_run(connection))
        key = book.owners.named(wanted.nummer_geadresseerde)
    elif key is not None and key not in dict(_addressees(file)):
        raise UsageError("Kies een geadresseerde uit de lijst.")
    rules = dict(file.signals.select("bewijs", "regel").iter_rows())
    if wanted.signaal not in (None, *rules) or wanted.woning not in (None, *file.subject.objects):
        raise UsageError("Kies een signaal en een woning van deze zaak.")
    return Decision(
        wanted.soort,
        wanted.datum,
        bekendgemaakt_op=wanted.bekendgemaakt_op,
        adresseerbaar_object_id=wanted.woning,
        rechthebbende=key,
        hoedanigheid=wanted.hoedanigheid,
        regel=rules.get(wanted.signaal or ""),
        bewijs=wanted.signaal,
        artikel=wanted.artikel,
        overtreding_op=wanted.overtreding_op,
        begunstiging_tot=wanted.begunstiging_tot,
        bedrag=wanted.bedrag,
        bedrag_per=wanted.bedrag_per,
        bedrag_ten_hoogste=wanted.ten_hoogste,
        toelichting=wanted.toelichting,
        nummer=wanted.wijzigt,
    )


def _as_typed(row: dict[str, Any]) -> dict[str, str]:
    """A decision as its form would hold it."""
    names = {name: name for name in NewDecision.model_fields}
    names |= {"woning": "adresseerbaar_object_id", "geadresseerde": "rechthebbende", "signaal": "bewijs"}
    names |= {"ten_hoogste": "bedrag_ten_hoogste", "bekendgemaakt_op": ""}
    return {field: f"{row[name]}" for field, name in names.items() if row.get(name) is not None}


def _addressees(file: CaseFile) -> list[tuple[str, str]]:
    """Whom a decision may be about: key, and how the page calls him."""
    told: dict[str, str] = {}
    for row in file.parties.rows.filter(rol="eigenaar").iter_rows(named=True):
        told[row["kenmerk"]] = f"{row['naam'] or row['soort'].capitalize()} ({row['kenmerk']})"
    keys = dict.fromkeys([*file.parties.rechthebbenden, *file.subject.rechthebbenden])
    return [(key, next((text for short, text in told.items() if key.startswith(short)), key[:12])) for key in keys]


def _decision_page(request: Request, file: CaseFile, form: Form, *, status: int = 200) -> Response:
    adressen = dict(file.overview.select("adresseerbaar_object_id", "adres").iter_rows())
    return render(
        request,
        "zaken/besluit.html",
        status=status,
        case=file.subject.zaak,
        form=form,
        kinds=[(one.value, one.value) for one in BesluitSoort],
        per=[(one.value, one.value) for one in BedragPer],
        roles=[(one, one) for one in _AS],
        addressees=_addressees(file),
        woningen=[(one, adressen.get(one) or one) for one in file.subject.objects],
        signals=[
            (row["bewijs"], f"{row['regel'].replace('_', ' ')} op {row['peildatum']:%d-%m-%Y}, {row['adres'] or ''}")
            for row in file.signals.iter_rows(named=True)
        ],
    )


def _amount_page(request: Request, file: CaseFile, form: Form, *, status: int = 200) -> Response:
    return render(
        request,
        "zaken/verbeurte.html",
        status=status,
        case=file.subject.zaak,
        form=form,
        orders=[
            (row["besluit_id"], f"last {row['nummer']} versie {row['versie']}, van {row['datum']:%d-%m-%Y}")
            for row in _orders(file)
        ],
        visits=[
            (row["inspectie"], f"{row['datum']:%d-%m-%Y}: {(row['resultaat'] or 'onbekend').replace('_', ' ')}")
            for row in file.visits.iter_rows(named=True)
        ],
    )


def _orders(file: CaseFile) -> list[dict[str, Any]]:
    return [row for row in file.papers.decisions if row["soort"] == BesluitSoort.LAST]
