"""The file of one dwelling, now or on any day: what every source says, without persons; those only with a purpose."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import UsageError
from registry.ownership.tenure import read_tenure
from registry.privacy.access import Betrokkenen
from registry.signals.run import explain_case
from registry.store.engine import ReadConnection
from registry.store.queries.dwelling_page import (
    read_area_names,
    read_clauses,
    read_inspections,
    read_life_frames,
    read_residents,
)
from registry.store.queries.huisdossier import read_timeline
from registry.store.queries.one_object import find_adres, life_on, read_doubts, read_lives
from registry.store.queries.personen import names_of, owners_of, restricted
from registry.store.queries.runs import imported_sources, last_run
from registry.store.queries.signal_list import judged_signals_of
from registry.store.queries.vergunningen import read_vergunningen
from registry.store.queries.woz import read_woz_waarden
from registry.web.auth.guard import needs
from registry.web.dwelling_access import earlier_day, known_on, require_dwelling
from registry.web.errors import HiddenError
from registry.web.forms import Form, FormSent
from registry.web.purposes import check_purpose, purpose_options, write_down_purpose
from registry.web.rendering import is_partial, parse_day, render
from registry.web.state import Web, web_of
from rules.catalogue import RULES, find_rule

router = APIRouter()


@dataclass(frozen=True, slots=True)
class WoningDossier:
    """What the page shows of a dwelling on a day."""

    object_id: str
    op: date
    bekend: date | None  # the day whose knowledge counts; None is now
    adres: str
    plaats: str
    facts: dict[str, Any]
    gebieden: list[str]
    residents: dict[str, int]
    tenure: dict[str, Any]
    values: list[dict[str, Any]]
    permits: list[dict[str, Any]]
    clauses: list[dict[str, Any]]
    inspections: list[dict[str, Any]]
    signals: list[dict[str, Any]]
    sources: list[dict[str, Any]]


@router.get("/woningen/{object_id}")
def show(
    request: Request,
    object_id: str,
    account: Annotated[Account, needs(Right.WONING)],
    *,
    op: str = "",
    bekend: str = "",
) -> Response:
    """The file of a dwelling: as it was on a day, with what was known on a day."""
    web = web_of(request)
    with web.store.read() as connection:
        dwelling = read_dwelling(connection, web, account, object_id, op=op, bekend=bekend)
    return _page(request, account, dwelling, Form())


@router.post("/woningen/{object_id}/bewoners")
def residents(
    request: Request,
    object_id: str,
    account: Annotated[Account, needs(Right.BEWONERS)],
    form: FormSent,
    *,
    op: str = "",
    bekend: str = "",
) -> Response:
    """Who lives there, for a stated purpose and a case; written down before it is shown."""
    web = web_of(request)
    with web.store.read() as connection:
        dwelling = read_dwelling(connection, web, account, object_id, op=op, bekend=bekend, right=Right.BEWONERS)
        known = known_on(connection, dwelling.bekend)
        stays = read_residents(connection, object_id, known=known, on=dwelling.op, births=True)
        hidden = restricted(connection, known=last_run(connection))
        stays = [row for row in stays if row["persoon"] not in hidden]
        persons = [row["persoon"] for row in stays]
        names = names_of(connection, persons)
    check_purpose(form)
    if form.errors:
        return _page(request, account, dwelling, form, status=400)
    who = Betrokkenen(persoonslijsten=persons)
    write_down_purpose(web, account, Right.BEWONERS, form, who, object_id=object_id)
    rows = [row | {"naam": names.get(row["persoon"])} for row in stays]
    return _page(request, account, dwelling, form, shown_residents=rows)


@router.post("/woningen/{object_id}/eigenaren")
def owners(
    request: Request,
    object_id: str,
    account: Annotated[Account, needs(Right.EIGENAREN)],
    form: FormSent,
    *,
    op: str = "",
    bekend: str = "",
) -> Response:
    """Whose it is, for a stated purpose and a case; written down before it is shown."""
    web = web_of(request)
    with web.store.read() as connection:
        dwelling = read_dwelling(connection, web, account, object_id, op=op, bekend=bekend, right=Right.EIGENAREN)
        hidden = restricted(connection, known=last_run(connection), soort="rechthebbende")
        rows = owners_of(connection, [key for key in dwelling.tenure["eigenaren"] or [] if key not in hidden])
    check_purpose(form)
    if form.errors:
        return _page(request, account, dwelling, form, status=400)
    keys = [row["rechthebbende"] for row in rows]
    who = Betrokkenen(rechthebbenden=keys)
    write_down_purpose(web, account, Right.EIGENAREN, form, who, object_id=object_id)
    return _page(request, account, dwelling, form, shown_owners=rows)


@router.get("/woningen/{object_id}/levensloop")
def show_life(
    request: Request,
    object_id: str,
    account: Annotated[Account, needs(Right.WONING)],
    *,
    op: str = "",
    bekend: str = "",
) -> Response:
    """What happened to a dwelling, newest first: a page of its own, or the part of the file that comes after it."""
    web = web_of(request)
    day, then = parse_day(op) or web.today(), earlier_day(bekend, today=web.today())
    with web.store.read() as connection:
        now, _ = require_dwelling(connection, account, Right.WONING, object_id, today=web.today())
        known = now if then is None else known_on(connection, then)
        frames = read_life_frames(connection, object_id, peildatum=day, known=known)
        lines = read_timeline(connection, object_id, peildatum=day, known=known, frames=frames).reverse().to_dicts()
        adres = _adres(connection, object_id, day)
    page = "woning/levensloop_regels.html" if is_partial(request) else "woning/levensloop.html"
    return render(request, page, object_id=object_id, adres=adres, op=day, bekend=then, lines=lines)


@router.get("/woningen/{object_id}/toets/{regel}")
def explain(
    request: Request,
    object_id: str,
    regel: str,
    account: Annotated[Account, needs(Right.SIGNALEN)],
    *,
    op: str = "",
    bekend: str = "",
    zaak: str = "",
) -> Response:
    """Why a rule answers as it does for a dwelling on a day, step by step."""
    web = web_of(request)
    day, then = parse_day(op) or web.today(), earlier_day(bekend, today=web.today())
    if regel not in RULES:
        raise HiddenError
    with web.store.read() as connection:
        now, _ = require_dwelling(connection, account, Right.SIGNALEN, object_id, today=web.today())
        known = now if then is None else known_on(connection, then)
        adres = _adres(connection, object_id, web.today())
        try:
            found = explain_case(
                connection, find_rule(regel), web.law, object_id, peildatum=day, known=known, case_id=zaak or None,
                with_adres=False,
            )  # fmt: skip
        except UsageError as error:
            return render(
                request, "woning/geen_toets.html", object_id=object_id, adres=adres, rule=RULES[regel], op=day,
                bekend=then, text=str(error),
            )  # fmt: skip
    return render(
        request, "woning/toets.html", object_id=object_id, adres=adres, found=found, op=day, bekend=then,
        rule=RULES[regel],
    )  # fmt: skip


def read_dwelling(
    connection: ReadConnection,
    web: Web,
    account: Account,
    object_id: str,
    *,
    op: str,
    bekend: str = "",
    right: Right = Right.WONING,
) -> WoningDossier:
    """Everything of a dwelling on a day, as known now or at the end of another day.

    Whether there is such a dwelling, where it lies and whose data may only be kept is judged by what is known now.

    Raises:
        HiddenError: there is no such dwelling, or it lies outside the areas of the account.
    """
    day, then = parse_day(op) or web.today(), earlier_day(bekend, today=web.today())
    known, lives = require_dwelling(connection, account, right, object_id, today=web.today())
    until = None
    if then is not None:
        until, known = clock.end_of_day(then), known_on(connection, then)
        lives = read_lives(connection, object_id, known=known)
    life = life_on(lives, day)
    areas = read_area_names(connection, object_id, on=day, known=known)
    facts = None if life is None else life | {"in_onderzoek": read_doubts(connection, object_id, on=day, known=known)}
    sources = imported_sources(connection, known=known)
    objects = pl.DataFrame({"adresseerbaar_object_id": [object_id]})
    tenure = read_tenure(connection, op=day, known=known, objects=objects, sources=sources)
    adres, plaats = _adres(connection, object_id, day)
    stays = read_residents(connection, object_id, known=known, on=day)
    certain = sum(row["zekerheid"] == "zeker" for row in stays)
    return WoningDossier(
        object_id=object_id,
        op=day,
        bekend=then,
        adres=adres,
        plaats=plaats,
        facts=facts or {},
        gebieden=areas if facts else [],
        residents={"zeker": certain, "mogelijk": len(stays) - certain},
        tenure=tenure.row(0, named=True),
        values=read_woz_waarden(connection, known=known, only=object_id).to_dicts(),
        permits=read_vergunningen(connection, known=known, only=object_id).to_dicts(),
        clauses=read_clauses(connection, object_id, known=known),
        inspections=read_inspections(connection, object_id, known=known),
        signals=judged_signals_of(connection, object_id, until=until) if account.may(Right.SIGNALEN) else [],
        sources=sources.sort("bron").to_dicts(),
    )


def _page(
    request: Request,
    account: Account,
    dwelling: WoningDossier,
    form: Form,
    *,
    status: int = 200,
    shown_residents: list[dict[str, Any]] | None = None,
    shown_owners: list[dict[str, Any]] | None = None,
) -> Response:
    web = web_of(request)
    return render(
        request,
        "woning/dossier.html",
        status=status,
        dwelling=dwelling,
        form=form,
        rules=RULES,
        purposes=purpose_options(web),
        may_residents=account.may(Right.BEWONERS),
        may_owners=account.may(Right.EIGENAREN),
        may_signals=account.may(Right.SIGNALEN),
        may_judge=account.may(Right.BEOORDELEN),
        may_reports=account.may(Right.RAPPORTEN),
        may_cases=account.may(Right.ZAKEN),
        may_map=account.may(Right.KAART),
        shown_residents=shown_residents,
        shown_owners=shown_owners,
    )


def _adres(connection: ReadConnection, object_id: str, day: date) -> tuple[str, str]:
    return find_adres(connection, object_id, on=day) or (object_id, "geen adres op deze dag")
