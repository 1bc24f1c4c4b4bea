"""What people ask of the pages: never twice the same thing in a row, each signed in as a role that may see it."""

import random
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlencode

from benchmarks.load_generator import Ask
from benchmarks.load_town import Signed, Town
from registry.accounts.rights import Role
from registry.store.queries.signal_list import ORDERS
from rules.catalogue import RULES

Draw = random.Random
_RULES: Final = ("overbewoning", "opkoopbescherming", "zelfbewoningsplicht", "omzetting", "adresverschil")
_HTMX: Final = {"hx-request": "true", "hx-request-type": "partial"}
_MOST_PAGES: Final = 8
_WITH_RESIDENTS: Final = 10  # one view of a dwelling in so many asks who lives there


def _by(signed: Signed, **more: str) -> dict[str, str]:
    return {"cookie": signed.cookie} | more


def _person(town: Town, draw: Draw, *roles: Role) -> Signed:
    return draw.choice(town.people[draw.choice(roles)])


def suggestion(town: Town, draw: Draw) -> Ask:
    """What htmx asks while somebody types a street: its beginning, or all of it with a number."""
    one = draw.choice(town.dwellings)
    text = f"{one['straat']} {one['nummer']}"
    typed = text[: draw.randint(3, len(text))].strip()
    headers = _by(_person(town, draw, Role.PLANNER, Role.INSPECTEUR), **_HTMX)
    return Ask("search, suggestions", f"/zoeken?q={quote(typed)}", 'role="status"', headers)


def result(town: Town, draw: Draw) -> Ask:
    """The page of what was found at an address: by street or by postcode, with the number."""
    one, who = draw.choice(town.dwellings), _person(town, draw, Role.PLANNER, Role.INSPECTEUR)
    place = one["postcode"] if draw.random() < 0.5 and one["postcode"] else one["straat"]
    expected = 'role="status"' if who.gebieden else one["id"]
    asked = quote(f"{place} {one['nummer']}")
    return Ask("search, result page", f"/zoeken?q={asked}", expected, _by(who))


def dwelling(town: Town, draw: Draw) -> Ask:
    """The file of a dwelling; of some with the residents, for a purpose and a case."""
    one, who = draw.choice(town.dwellings), _person(town, draw, Role.JURIST)
    path = f"/woningen/{one['id']}"
    if draw.randrange(_WITH_RESIDENTS):
        return Ask("dwelling file", path, one["id"], _by(who))
    case = f"Z-2026-{draw.randrange(10_000):04d}"
    form = {"csrf_token": who.csrf, "doel": "handhavingszaak", "zaak": case}
    return Ask(
        "dwelling file, with residents",
        f"{path}/bewoners",
        "vastgelegd in het toegangslog",
        _by(who),
        form,
    )


def life(town: Town, draw: Draw) -> Ask:
    """What htmx asks after the file of a dwelling: what happened to it."""
    one, who = draw.choice(town.dwellings), _person(town, draw, Role.JURIST)
    headers = _by(who, **_HTMX)
    return Ask("dwelling file, timeline", f"/woningen/{one['id']}/levensloop", "<li", headers)


def explanation(town: Town, draw: Draw) -> Ask:
    """Why a rule answers so: of a signal as it stands in the list, or of any dwelling."""
    who = _person(town, draw, Role.JURIST, Role.INSPECTEUR)
    if draw.random() < 0.5:
        one = draw.choice(town.signals)
        case = f"&zaak={quote(one['zaak'])}" if one["zaak"] else ""
        return Ask(
            "explanation", f"/woningen/{one['id']}/toets/{one['regel']}?op={one['op']}{case}", one["id"], _by(who)
        )
    one, rule = draw.choice(town.dwellings), draw.choice(_RULES)
    return Ask("explanation", f"/woningen/{one['id']}/toets/{rule}", one["id"], _by(who))


def signal_filters(town: Town, draw: Draw) -> dict[str, str]:
    """Filters of the signals as somebody sets them; empty is no choice."""
    return {
        "regel": draw.choice(["", *RULES]),
        "uitkomst": draw.choice(["signaal", "signaal", "juridisch_toetsen", "onbekend", ""]),
        "urgentie": draw.choice(["", "", "hoog", "laag"]),
        "gebied": draw.choice(["", *town.buurten]),
        "orde": draw.choice(list(ORDERS)),
    }


def signals(town: Town, draw: Draw) -> Ask:
    """A page of the signals, by filters that nobody used just before."""
    return _signals(town, draw, draw.randint(1, _MOST_PAGES))


def first_signals(town: Town, draw: Draw) -> Ask:
    """The first page of the signals, by filters."""
    return _signals(town, draw, 1)


def _signals(town: Town, draw: Draw, page: int) -> Ask:
    asked = urlencode(signal_filters(town, draw) | {"pagina": str(page)})
    who = _person(town, draw, Role.PLANNER, Role.JURIST)
    return Ask("signal list", f"/signalen?{asked}", 'utrecht-heading-1">Signalen<', _by(who))


def worklist(town: Town, draw: Draw) -> Ask:
    """A list with its cases and reasons; it is written down whose dwellings were seen."""
    number, who = draw.choice(town.lists), _person(town, draw, Role.JURIST, Role.INSPECTEUR)
    return Ask("worklist", f"/werklijsten/{number}", f"/werklijsten/{number}/", _by(who))


def search(town: Town, draw: Draw) -> Ask:
    """Half of it while somebody types."""
    return draw.choice((suggestion, result))(town, draw)


def anything(town: Town, draw: Draw) -> Ask:
    """All pages together, as often as people come there."""
    [kind] = draw.choices(
        (suggestion, result, dwelling, life, explanation, signals, worklist), (25, 10, 20, 20, 10, 10, 5)
    )
    return kind(town, draw)


PHASES: Final[dict[str, Callable[[Town, Draw], Ask]]] = {
    "search": search,
    "dwelling file": dwelling,
    "explanation": explanation,
    "signal list": signals,
    "worklist": worklist,
    "all together": anything,
}
