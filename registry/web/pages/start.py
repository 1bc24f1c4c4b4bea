"""The start page: what waits for this account, by what it may do."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.store.queries.runs import list_runs
from registry.store.queries.signal_list import count_signals
from registry.web.auth.guard import needs
from registry.web.navigation import ENTRIES, Group, is_seen
from registry.web.rendering import render
from registry.web.state import web_of
from rules.catalogue import RULES

router = APIRouter()
_LAST_RUNS = 5


@router.get("/")
def start(request: Request, account: Annotated[Account, needs(Right.ACCOUNT)]) -> Response:
    """The start page."""
    web = web_of(request)
    counted, runs = {}, []
    with web.store.read() as connection:
        if account.may(Right.SIGNALEN):
            counted = count_signals(connection, gebieden=account.gebieden(Right.SIGNALEN), on=web.today())
        if account.may(Right.BRONNEN):
            runs = list_runs(connection)[:_LAST_RUNS]
    tiles = [
        {
            "rule": rule,
            "signaal": counted.get((rule.id, "signaal"), 0),
            "onbekend": counted.get((rule.id, "onbekend"), 0),
        }
        for rule in RULES.values()
        if any(key[0] == rule.id for key in counted)
    ]
    return render(
        request,
        "start.html",
        rollen=[given.rol.value for given in account.rollen],
        tiles=tiles,
        may_signals=account.may(Right.SIGNALEN),
        may_search=account.may(Right.WONING),
        runs=runs,
        may_sources=account.may(Right.BRONNEN),
        groups=[
            (group, found)
            for group in Group
            if (found := [entry for entry in ENTRIES if entry.group is group and is_seen(entry, account)])
        ],
    )
