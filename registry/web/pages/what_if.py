"""What-if: another norm, limit or term, per area against now; kept under a name, asked again, withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import UsageError
from registry.exports.picture_style import Picture
from registry.exports.reach_pictures import draw_reach_chart
from registry.stock.publish import describe
from registry.stock.reach import PER, Reach, publish_reach, read_reach
from registry.stock.reach_changes import parse_reach_changes
from registry.stock.what_ifs import find_what_if, keep_what_if, list_what_ifs, withdraw_what_if
from registry.web.auth.guard import needs
from registry.web.errors import HiddenError, as_conflict
from registry.web.figures import keep, limits_of, source_of
from registry.web.forms import Form, FormSent
from registry.web.pages.voorraad import svg
from registry.web.rendering import parse_day, render
from registry.web.state import Web, web_of
from rules.catalogue import RULES, find_rule

router = APIRouter()
_LIMIT = "opkoopbescherming.grens"  # both ends of the limit, where only a range is known


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the rule, the other value, the kind of area and the day."""

    regel: str
    stel: str
    waarde: str
    per: str
    op: date


class KeptQuestion(BaseModel):
    """The form that keeps a what-if."""

    naam: str
    toelichting: str | None = None


class Withdrawal(BaseModel):
    """The form that withdraws one."""

    naam: str
    reden: str


@router.get("/voorraad/wat-als")
def show_what_if(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """The question with its answer, and what was kept."""
    return _page(request, _asked(web_of(request), request.query_params), Form())


@router.get("/voorraad/wat-als.svg")
def show_chart(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """Now and then per area."""
    web = web_of(request)
    question = _asked(web, request.query_params)
    return svg(_chart(web, question))


@router.post("/voorraad/wat-als/bewaar")
def keep_question(request: Request, account: Annotated[Account, needs(Right.VOORRAAD)], form: FormSent) -> Response:
    """Keep a what-if with its result under a name."""
    web = web_of(request)
    question, wanted = _asked(web, form.values), form.read(KeptQuestion)
    if wanted is None:
        return _page(request, question, form, status=400)
    try:
        found = _reach(web, question)
        with web.store.write_transaction() as connection:
            keep_what_if(
                connection, found, web.law, naam=wanted.naam, auteur=account.email, moment=clock.now(),
                toelichting=wanted.toelichting,
            )  # fmt: skip
    except UsageError as error:
        form.errors["naam"] = str(error)
        return _page(request, question, form, status=400)
    return RedirectResponse("/voorraad/wat-als#bewaard", 303)


@router.post("/voorraad/wat-als/herroep")
def withdraw_question(request: Request, account: Annotated[Account, needs(Right.VOORRAAD)], form: FormSent) -> Response:
    """Withdraw a what-if; it stays in the list, with who did it and why."""
    web = web_of(request)
    wanted = form.read(Withdrawal)
    if wanted is None:
        return _page(request, _asked(web, form.values), form, status=400)
    with as_conflict(), web.store.write_transaction() as connection:
        find_what_if(connection, wanted.naam)
        withdraw_what_if(connection, wanted.naam, auteur=account.email, moment=clock.now(), reden=wanted.reden)
    return RedirectResponse("/voorraad/wat-als#bewaard", 303)


def _asked(web: Web, query: Any) -> Question:
    """The question of an address or a form; what cannot be is what is usual."""
    regel, per = query.get("regel", ""), query.get("per", "")
    return Question(
        regel if regel in RULES else "overbewoning",
        query.get("stel") or "overbewoning.m2_per_persoon",
        (query.get("waarde") or "").strip()[:200],
        per if per in PER else "buurt",
        parse_day(query.get("op")) or web.today(),
    )


def _reach(web: Web, question: Question) -> Reach:
    """What the rule reaches, made once.

    Raises:
        UsageError: the value cannot be.
        HiddenError: nothing is asked.
    """
    if not question.waarde:
        raise HiddenError

    def make() -> Reach:
        changes = parse_reach_changes([f"{question.stel}={question.waarde}"], web.law)
        with web.store.read() as connection:
            return read_reach(
                connection, find_rule(question.regel), web.law, changes, per=question.per, peildatum=question.op
            )

    return keep(web, ("what-if", question), make)


def _chart(web: Web, question: Question) -> Picture:
    """Now and then per area, drawn once."""
    found = _reach(web, question)
    return keep(web, ("chart", question), lambda: draw_reach_chart(found, source=source_of(web), limits=limits_of(web)))


def _page(request: Request, question: Question, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    found, picture, error = None, None, None
    if question.waarde:
        try:
            found = _reach(web, question)
            picture = _chart(web, question)
        except UsageError as wrong:
            error, status = str(wrong), 400
    with web.store.read() as connection:
        kept = list_what_ifs(connection)
    rows = publish_reach(found, limits_of(web)).to_dicts() if found else []
    return render(
        request, "voorraad/wat_als.html", status=status, form=form, asked=question, rows=rows, picture=picture,
        error=error, kept=kept, rules=[(rule.id, rule.title) for rule in RULES.values()], areas=PER,
        parameters=_parameters(web), notes=[found.definition, describe(limits_of(web))] if found else [],
    )  # fmt: skip


def _parameters(web: Web) -> list[tuple[str, str]]:
    """What may be given another value, as the law list calls it; those of the rules only."""
    named = [
        (name, f"{name.partition('.')[0].capitalize()}: {one.omschrijving}")
        for name, one in web.law.parameters.items()
        if name.partition(".")[0] in RULES and one.soort == "getal"
    ]
    return [*named, (_LIMIT, "Opkoopbescherming: WOZ-grens")]
