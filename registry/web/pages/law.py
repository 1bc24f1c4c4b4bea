"""The law in force and the rule book: what anybody with an account may read."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.web.auth.guard import needs
from registry.web.forms import Form
from registry.web.rendering import parse_day, render
from registry.web.state import web_of
from rules.catalogue import RULES
from rules.facts import FACTS
from rules.law_list import law_warnings, list_law

router = APIRouter()


@router.get("/recht")
def show_law(
    request: Request, _account: Annotated[Account, needs(Right.RECHT)], gemeente: str = "", op: str = ""
) -> Response:
    """What holds on a day, here and nationally."""
    web = web_of(request)
    day = parse_day(op) or web.today()
    texts = web.law.gemeenten
    chosen = gemeente if gemeente in texts else None
    return render(
        request,
        "recht/geldend.html",
        op=day,
        gemeente=chosen,
        naam=texts[chosen].naam if chosen else None,
        gemeenten=[(code, file.naam) for code, file in sorted(texts.items(), key=lambda one: one[1].naam)],
        lines=list_law(web.law, chosen, day),
        warnings=law_warnings(web.law, chosen, day) if chosen else (),
        form=Form(),
    )


@router.get("/regelboek")
def show_rulebook(request: Request, _account: Annotated[Account, needs(Right.RECHT)], regel: str = "") -> Response:
    """How each rule judges."""
    chosen = RULES.get(regel) or next(iter(RULES.values()))
    return render(
        request, "recht/regelboek.html", rules=list(RULES.values()), chosen=chosen,
        facts=[FACTS[name] for name in chosen.evidence],
    )  # fmt: skip
