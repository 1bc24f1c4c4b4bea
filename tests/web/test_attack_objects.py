"""Ids of another area, another case, another person: every route answers as for an id that does not exist."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from test_routes import API, routes, without_number
from visitor import Visitor

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import PER_AREA, RIGHTS, Role
from registry.store.engine import Store
from registry.store.queries.search import objects_inside
from registry.store.queries.signal_list import Filter, list_gebieden, list_signals
from registry.web.auth.guard import Needs
from registry.web.owner_search import owners_to_show

BOUND = (Role.INSPECTEUR, Role.PLANNER, Role.JURIST)
NOWHERE = "0606010000999999"


@dataclass(frozen=True, slots=True)
class Here:
    """Two areas with a dwelling that has a signal in each; the attacker works in the first only."""

    own: str
    foreign: str
    area: str
    receipt: str
    owner: str
    case: str
    worklist: str


@pytest.fixture(scope="module")
def here(app: FastAPI, accounts: dict[Role, str], session_token: Callable[[str], str]) -> Here:
    store, today = app.state.web.store, app.state.web.today()
    found: dict[str, dict[str, object]] = {}
    with store.read() as connection:
        for code, _ in list_gebieden(connection):
            rows = list_signals(connection, Filter(uitkomst="signaal"), gebieden=[code], on=today).rows
            if rows:
                found[code] = rows[0]
        (area, own), (_, foreign) = list(found.items())[:2]
        owners = owners_to_show(connection, "e", gebieden=None, today=today)
        mine = owners_to_show(connection, "e", gebieden=[area], today=today)
    owner = next(
        row for row in owners if row["woningen"] and row["rechthebbende"] not in {m["rechthebbende"] for m in mine}
    )
    jurist = TestClient(app, follow_redirects=False)
    jurist.cookies.set(app.state.web.cookie, session_token(accounts[Role.JURIST]))
    visitor = Visitor(jurist)
    object_id = foreign["adresseerbaar_object_id"]
    opened = visitor.post("/zaken/nieuw", {"woning": object_id, "aanleiding": "Een melding"})
    case = opened.headers["location"].rpartition("/")[2]
    planner = TestClient(app, follow_redirects=False)
    planner.cookies.set(app.state.web.cookie, session_token(accounts[Role.PLANNER]))
    day = today + timedelta(days=400)
    # A list in the foreign area only.
    code = list(found)[1]
    made = Visitor(planner).post(
        "/werklijsten/nieuw", {"dag": f"{day}", "lengte": "3", "gebieden": code, "regels": foreign["regel"]}
    )
    assert made.status_code == 303, made.text
    return Here(
        own["adresseerbaar_object_id"], object_id, area, foreign["bewijs"], owner["rechthebbende"], case,
        made.headers["location"].rpartition("/")[2],
    )  # fmt: skip


@pytest.fixture
def attacker(here: Here, store: Store, visit: Callable[..., Visitor]) -> Visitor:
    """Somebody with every role that may be bound to an area, in the area of ``here.own`` only."""
    email = "elders@aanval.nl"
    try:
        add_account(store, email, "Elders", BOUND, gebieden=[here.area], auteur="test")
    except Exception as error:
        if "al een account" not in str(error):
            raise
    return visit(email=email)


def ids_of(path: str, here: Here) -> dict[str, tuple[str, str]]:
    """Per parameter of a path: an id that exists elsewhere, and one that does not exist."""
    receipt = ("0" if here.receipt[0] != "0" else "1") + here.receipt[1:]
    owner = ("0" if here.owner[0] != "0" else "1") + here.owner[1:]
    known = {
        "object_id": (here.foreign, NOWHERE),
        "identificatie": (here.foreign, NOWHERE),
        "bewijs": (here.receipt, receipt),
        "zaak": (here.case, "Z-1999-0001"),
        "kenmerk": (here.owner, owner),
        "stuk_id": ("1", "987654"),
        "regel": ("overbewoning", "overbewoning"),
        "soort": ("telefoon", "telefoon"),
        "run": ("1", "987654"),
        "number": ("1", "987654"),
        "rij": ("1", "987654"),
    }
    if path.startswith("/werklijsten"):
        known["number"] = (here.worklist, "987654")
    return {name: known[name] for name in re.findall(r"{([^}]+)}", path)}


def send(visitor: Visitor, method: str, path: str, fields: dict[str, str] | None = None) -> object:
    if method == "GET":
        return visitor.get(path, params=fields)
    return visitor.client.request(method, path, data=fields or {}, headers={"X-CSRF-Token": visitor.token()})


def test_an_id_of_elsewhere_is_answered_as_one_that_does_not_exist(app: FastAPI, here: Here, attacker: Visitor) -> None:
    may = frozenset().union(*(RIGHTS[rol] for rol in BOUND)) & PER_AREA
    tried = []
    for method, path, guard in routes(app):
        if not isinstance(guard, Needs) or guard.right not in may or "{" not in path:
            continue
        ids = ids_of(path, here)
        exists, absent = (
            send(attacker, method, path.format(**{name: pair[which] for name, pair in ids.items()})) for which in (0, 1)
        )
        assert exists.status_code == absent.status_code == 404, (method, path, exists.status_code, absent.status_code)
        if not path.startswith(API):
            assert without_number(exists.text) == without_number(absent.text), (method, path)
        tried.append(path)
    assert len(tried) > 15


def test_an_id_of_elsewhere_in_a_field_or_a_question_does_nothing(here: Here, attacker: Visitor) -> None:
    for name in (here.foreign, NOWHERE):
        assert attacker.get("/zaken/nieuw", params={"woning": name}).status_code == 404
        assert attacker.get("/bezoeken/nieuw", params={"woning": name}).status_code == 404
        assert attacker.post("/zaken/nieuw", {"woning": name, "aanleiding": "Een melding"}).status_code == 404
        assert attacker.post("/bezoeken/nieuw", {"woning": name, "datum": "2026-01-01"}).status_code == 404
    for path in ("/signalen?uitkomst=signaal", "/termijnen?alle=ja", "/zaken", "/bezoeken", "/werklijsten", "/kaart"):
        shown = attacker.get(path).text
        assert here.foreign not in shown, path
        assert here.receipt not in shown, path
        assert f'"{path}/{here.case}"' not in shown, path
    assert here.foreign not in attacker.get("/kaart/woningen.json").text
    assert here.own in attacker.get("/kaart/woningen.json").text
    assert here.foreign not in attacker.get(f"/zoeken?q={here.foreign}").headers.get("location", "")


def test_what_lies_in_the_own_area_is_reached(here: Here, attacker: Visitor) -> None:
    """The other way round: these routes do answer, so that the tests above prove something."""
    assert attacker.get(f"/woningen/{here.own}").status_code == 200
    assert attacker.get(f"/v1/adresseerbare-objecten/{here.own}").status_code == 200
    assert attacker.get("/bezoeken/nieuw", params={"woning": here.own}).status_code == 200


def test_an_owner_is_found_only_through_the_own_area(app: FastAPI, here: Here, attacker: Visitor) -> None:
    with app.state.web.store.read() as connection:
        everywhere = owners_to_show(connection, "e", gebieden=None, today=app.state.web.today())
        inside = owners_to_show(connection, "e", gebieden=[here.area], today=app.state.web.today())
        owned = [one for row in everywhere for one in row["woningen"]]
        stock = set(objects_inside(connection, owned, [here.area], on=app.state.web.today()))
    assert 0 < len(inside) < len(everywhere)
    name = next(row["naam"] for row in everywhere if row["naam"] and len(row["naam"]) > 3 and row not in inside)
    for typed in ("van", name, inside[0]["naam"]):
        shown = attacker.post("/zoeken/eigenaar", {"naam": typed}).text
        assert set(re.findall(r'href="/woningen/(\d{16})"', shown)) <= stock
    assert {one for row in inside for one in row["woningen"]} <= stock


def field_form(*visits: dict[str, object]) -> dict[str, tuple[str, bytes, str]]:
    content = {"formaat": "woonregister-veldformulier", "versie": 1, "bezoeken": list(visits)}
    return {"bestand": ("formulier.json", json.dumps(content).encode(), "application/json")}


@pytest.mark.parametrize("number", ["X-1", " X-1 ", "X-1\u200b", ["X-1"], {"a": "X-1"}, 5])
def test_a_visit_of_elsewhere_is_not_replaced_from_a_phone(
    here: Here, attacker: Visitor, visit: Callable[..., Visitor], number: object
) -> None:
    """The number of a visit is its key: who could choose another's number could overwrite what a colleague saw."""
    made = {"datum": f"{clock.today()}", "resultaat": "niemand_aanwezig", "inspectie": "X-1"}
    colleague = visit(Role.INSPECTEUR)
    headers = {"X-CSRF-Token": colleague.token()}
    sent = colleague.client.post(
        "/bezoeken", files=field_form(made | {"adresseerbaar_object_id": here.foreign}), headers=headers
    )
    assert sent.status_code == 303, sent.text
    before = colleague.get("/bezoeken").text.count(here.foreign)
    own = made | {"adresseerbaar_object_id": here.own, "inspectie": number}
    answer = attacker.client.post("/bezoeken", files=field_form(own), headers={"X-CSRF-Token": attacker.token()})
    if number == "X-1\u200b":
        assert answer.status_code == 303  # another number, so another visit
    else:
        assert answer.status_code == 400
    assert colleague.get("/bezoeken").text.count(here.foreign) >= before
