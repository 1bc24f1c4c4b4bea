"""How this registry is set up, to read: settings, law, terms, purposes and planning, each with how it is changed."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.privacy.purposes import purpose_status
from registry.privacy.retention import terms_on
from registry.privacy.setup import missing_parts
from registry.store.queries.runs import last_run
from registry.store.queries.signal_list import list_gebieden
from registry.store.queries.worklists import SavedSettings, read_settings_versions
from registry.web.auth.guard import needs
from registry.web.rendering import render
from registry.web.shown_settings import shown_settings
from registry.web.state import web_of
from registry.web.terms import terms_of
from registry.worklists.planner_settings import read_settings
from rules.law_list import law_warnings, list_law

router = APIRouter()
_KINDS = ("gemeente", "wijk", "buurt", "eigen")


@router.get("/instellingen")
def show_settings(request: Request, account: Annotated[Account, needs(Right.INSTELLINGEN)]) -> Response:
    """Everything that was set, without any secret; nothing is changed here."""
    web = web_of(request)
    today = web.today()
    with web.store.read() as connection:
        known = last_run(connection)
        gemeenten = list_gebieden(connection, "gemeente")
        areas = {code: naam for kind in _KINDS for code, naam in list_gebieden(connection, kind)}
        own = next((code for code, _ in gemeenten if code in web.law.gemeenten), None)
        parts = missing_parts(connection, web.settings, web.law, gemeente=own or _first(gemeenten), day=today)
        purposes = [
            (one, purpose_status(connection, one, known=known)) for one in web.activities.all() if one.holds_on(today)
        ]
        saved = read_settings_versions(connection)
    return render(
        request,
        "instellingen/pagina.html",
        groups=shown_settings(web.settings),
        parts=parts,
        gemeenten=gemeenten,
        gemeente=own,
        lines=list_law(web.law, own, today),
        warnings=law_warnings(web.law, own, today) if own else (),
        areas=areas,
        terms=terms_on(terms_of(web), today),
        purposes=purposes,
        planners=[(one, read_settings(one.settings).describe()) for one in _latest(saved) if one.settings],
        may_terms=account.may(Right.BETROKKENEN),
    )


def _latest(saved: list[SavedSettings]) -> list[SavedSettings]:
    """The last version of each name."""
    found: dict[str, SavedSettings] = {}
    for one in saved:
        found.setdefault(one.naam, one)
    return list(found.values())


def _first(gemeenten: list[tuple[str, str]]) -> str | None:
    return gemeenten[0][0] if gemeenten else None
