"""A fuzzer over every question and every field of a form: nothing fails, and a quote is a letter like any other."""

import random
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from test_attack_requests import role_of
from test_routes import all_routes, routes, without_number
from visitor import Visitor, app_on_copy, signed_in

from registry.accounts.rights import Role
from registry.settings import Settings
from registry.store.queries.signal_list import Filter, list_signals
from registry.web.auth.guard import Needs
from registry.web.pages import account as account_page

# What makes SQL, a template, a shell, a path, a number or a date go wrong where a value is not only a value.
HOSTILE = (
    "'", "''", '"', "';--", "' OR '1'='1", "1; SELECT pg_sleep(9)", "%", "_", "\\", "%' AND 1=1 --", "x\x00y",
    "\ud7ff\uffff", "{{7*7}}", "${7*7}", "%s%s%s", "{0.__class__}", "../../etc/passwd", "|id", "$(id)",
    "<script>alert(1)</script>", "=1+1", "9" * 30, "-1", "1e999", "NaN", "0x7f", "²", "٣", "0000-00-00", "9999-12-31",
    "2020-02-30", "10000-01-01", "A" * 20_000, "\r\nX-Boos: ja", "[]", "null", "true", "ja", "1",
)  # fmt: skip
# Long work, and the ends of a session: tried in other tests.
PASSED_OVER = {"POST /afmelden", "POST /account/sessies", "POST /imports/toetsen", "GET /voorraad/profiel.pdf",
               "GET /aanmelden/gemeente", "GET /aanmelden/gemeente/terug"}  # fmt: skip


class Fields(HTMLParser):
    """The names of the fields on a page, by where its forms go to."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.found: dict[str, set[str]] = {}
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.action = (given.get("action") or "").partition("?")[0]
        elif tag in ("input", "select", "textarea", "button") and given.get("name"):
            self.found.setdefault(self.action, set()).add(str(given["name"]))
        elif tag == "a":
            self.links |= set(re.findall(r"[?&]([a-z_-]+)=", given.get("href") or ""))


def names_in(text: str) -> set[str]:
    """Every name of a field, wherever its form goes: a route may get any of them."""
    reader = Fields()
    reader.feed(text)
    return {name for names in reader.found.values() for name in names} | reader.links


@pytest.fixture(scope="module")
def own_app(
    assets: None, settings: Settings, accounts: dict[Role, str], tmp_path_factory: pytest.TempPathFactory
) -> FastAPI:
    """The application on a copy of the town: what is sent may take back an import."""
    return app_on_copy(settings, tmp_path_factory.mktemp("velden"))


@pytest.fixture
def visit(own_app: FastAPI, accounts: dict[Role, str]) -> Callable[..., Visitor]:
    return lambda rol: signed_in(own_app, accounts[rol])


@pytest.fixture(scope="module")
def places(own_app: FastAPI) -> list[tuple[str, str, Role, list[str]]]:
    """Method, path, who may, and the names that the route declares."""
    found = []
    for method, path, guard in routes(own_app):
        if f"{method} {path}" in PASSED_OVER or path.startswith(("/health", "/metrics", "/haalcentraal")):
            continue
        rol = role_of(guard.right) if isinstance(guard, Needs) else Role.PLANNER
        found.append((method, path, rol, declared(own_app, path)))
    return found


def declared(app: FastAPI, path: str) -> list[str]:
    return [
        one.alias
        for route in all_routes(app.router.routes)
        if route.path == path
        for one in [*route.dependant.query_params]
    ]


def values(chance: random.Random, names: set[str]) -> dict[str, str]:
    """One to three fields with something hostile, the others plausible."""
    chosen = chance.sample(sorted(names), min(len(names), chance.choice((1, 1, 2, 3))))
    return {name: chance.choice(("1", "ja", "2026-01-01", "overbewoning", "")) for name in names} | {
        name: chance.choice(HOSTILE) for name in chosen
    }


def ask(visitor: Visitor, method: str, path: str, fields: dict[str, str]) -> object:
    if method == "GET":
        return visitor.client.get(path, params=fields)
    return visitor.client.post(path, data=fields, headers={"X-CSRF-Token": visitor.token()})


def fuzz(
    places: list[tuple[str, str, Role, list[str]]], visit: Callable[..., Visitor], woning: str, *, times: int, seed: int
) -> Iterator[tuple[str, str, dict[str, str], object]]:
    """Every route with hostile values in every name that it knows or that a page of the same part shows."""
    chance = random.Random(seed)  # noqa: S311 - chooses what to try, keeps no secret
    visitors: dict[Role, Visitor] = {}
    known: dict[str, set[str]] = {}
    for method, path, rol, _ in places:
        visitor = visitors.setdefault(rol, visit(rol))
        part = path.split("/")[1]
        if method == "GET" and "{" not in path and part not in ("static", "v1"):
            known.setdefault(part, set()).update(names_in(visitor.get(path).text))
    for method, path, rol, names in places:
        visitor, part = visitors[rol], path.split("/")[1]
        asked = {*names, *known.get(part, set())} - {"csrf_token"} or {"x"}
        for _ in range(times):
            chosen = [chance.choice(("1", woning, chance.choice(HOSTILE)[:500])) for _ in range(path.count("{"))]
            filled = re.sub(r"{[^}]+}", "{}", path).format(*(quote(one, safe="") for one in chosen))
            fields = values(chance, asked)
            yield method, filled, fields, ask(visitor, method, filled, fields)


@pytest.fixture(scope="module")
def woning(own_app: FastAPI) -> str:
    web = own_app.state.web
    with web.store.read() as connection:
        row = list_signals(connection, Filter(), gebieden=None, on=web.today()).rows[0]
    object_id: str = row["adresseerbaar_object_id"]
    return object_id


def check(method: str, path: str, fields: dict[str, str], answer: object) -> None:
    shown = (method, path, {name: value[:60] for name, value in fields.items()})
    assert answer.status_code < 500, shown
    assert "Traceback" not in answer.text, shown
    assert "sqlalchemy" not in answer.text.lower(), shown
    assert "x-boos" not in answer.headers, shown
    assert "<script>alert(1)</script>" not in answer.text or "json" in answer.headers["content-type"], shown
    assert "__class__" not in answer.text or "{0.__class__}" in answer.text, shown


@pytest.mark.parametrize(
    ("times", "seeds"), [(1, range(1)), pytest.param(10, range(1, 4), marks=pytest.mark.proof)], ids=["once", "many"]
)
def test_no_value_makes_a_page_fail(
    places: list[tuple[str, str, Role, list[str]]],
    visit: Callable[..., Visitor],
    woning: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    times: int,
    seeds: range,
) -> None:
    monkeypatch.setattr(account_page, "note_failure", lambda *_arguments, **_named: None)
    asked = 0
    if times == 1:  # what counts and draws takes long: those pages are tried before a release
        places = [one for one in places if not one[1].startswith(("/voorraad", "/kaart"))]
    for seed in seeds:
        for found in fuzz(places, visit, woning, times=times, seed=seed):
            check(*found)
            asked += 1
    assert asked >= len(places)


QUESTIONS = (
    ("/zoeken", "q"), ("/signalen", "gebied"), ("/signalen", "urgentie"), ("/signalen", "regel"), ("/eigenaren", "wie"),
    ("/werklijsten", "dag"), ("/recht", "gemeente"), ("/regelboek", "regel"), ("/v1/signalen", "gebied"),
    ("/v1/adresseerbare-objecten", "zoektekst"), ("/kaart", "gebied"), ("/opbrengst", "regel"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "name"), QUESTIONS)
def test_a_quote_changes_nothing_in_what_is_asked(visit: Callable[..., Visitor], path: str, name: str) -> None:
    """What does not exist is not found, whether the quotes in it open, close or comment."""
    visitor = visit(Role.PLANNER)
    answers = set()
    for value in ("zzz'", "zzz''", "zzz' OR '1'='1", "zzz'--", 'zzz"', "zzz' UNION SELECT 1 --", "zzz\\'"):
        answer = visitor.client.get(path, params={name: value})
        text = without_number(answer.text)
        for written in (value, value.replace("'", "&#39;").replace('"', "&#34;"), "zzz%27"):
            text = text.replace(written, "…")
        answers.add((answer.status_code, len(re.findall(r"<tr>|/woningen/\d|\"identificatie\"", text))))
    assert len(answers) == 1, answers
    assert "'1'='1" not in str(answers)


@pytest.mark.parametrize("typed", ["%", "_", "%%%", "___", "%a%", "\\%"])
def test_a_wildcard_is_a_sign_like_any_other(visit: Callable[..., Visitor], typed: str) -> None:
    """Who types a percent sign does not get every owner, or every dwelling."""
    planner = visit(Role.PLANNER)
    shown = planner.post("/zoeken/eigenaar", {"naam": typed * 3})
    assert "/woningen/" not in re.sub(r"<nav.*?</nav>", "", shown.text, flags=re.DOTALL)
    assert "/woningen/" not in planner.client.get("/zoeken", params={"q": typed * 2}).text
