"""What an attacker tries with the requests themselves: headers, forms of elsewhere, stolen cookies, other hosts."""

import io
import re
from collections.abc import Callable

import pyotp
import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message
from test_routes import API, filled, routes
from visitor import Visitor

from registry.accounts import manage
from registry.accounts.rights import RIGHTS, Right, Role
from registry.logs import configure_logs
from registry.settings import Settings
from registry.store.engine import Store
from registry.web.app import create_app
from registry.web.auth.guard import Needs

ELSEWHERE = "boos.example"
GOOD = "paard batterij nietje"
HEADERS = {
    # NLGov API Design Rules, transport security, and what keeps a browser strict.
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "frame-ancestors": "'none'",
          "base-uri": "'none'", "form-action": "'self'"}  # fmt: skip


def role_of(right: Right) -> Role:
    return next(rol for rol in Role if right in RIGHTS[rol])


def policy_of(answer: object) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def check_headers(answer: object, path: str) -> None:
    found = {name: answer.headers.get(name) for name in HEADERS}
    assert found == HEADERS, path
    assert answer.headers["cache-control"] in ("no-store", "public, max-age=31536000, immutable"), path
    policy = policy_of(answer)
    assert {name: policy[name] for name in POLICY} == POLICY, path
    assert "unsafe" not in answer.headers["content-security-policy"], path
    assert "server" not in answer.headers
    assert "x-powered-by" not in answer.headers


@pytest.mark.parametrize("slow", [False, pytest.param(True, marks=pytest.mark.proof)])
def test_every_answer_has_the_headers_that_keep_a_browser_strict(
    app: FastAPI, stranger: Visitor, visit: Callable[..., Visitor], *, slow: bool
) -> None:
    visitors: dict[Role, Visitor] = {}
    for method, path, guard in routes(app):
        check_headers(stranger.client.request(method, filled(path)), f"stranger {method} {path}")
        if isinstance(guard, Needs) and method == "GET" and (slow or "{" in path):
            rol = role_of(guard.right)
            visitor = visitors.setdefault(rol, visit(rol))
            check_headers(visitor.client.request(method, filled(path)), f"{rol} {path}")
    for path in ("/static/manifest.json", "/static/bestaat-niet", "/bestaat-niet", "/v1/bestaat-niet"):
        check_headers(stranger.get(path), path)
    too_large = stranger.client.post("/aanmelden", headers={"content-length": "99999999999"})
    assert too_large.status_code == 413
    check_headers(too_large, "413")


@pytest.mark.parametrize(("times", "heard"), [(3, 3), (50, 0)])
def test_a_browser_that_still_sends_too_much_is_heard_out_within_reason(
    assets: None, settings: Settings, times: int, heard: int
) -> None:
    small = create_app(settings.model_copy(update={"upload_maximum_mb": 1}))
    most, said = 1024 * 1024, []
    scope = {
        "type": "http", "method": "POST", "path": "/imports", "query_string": b"",
        "headers": [(b"content-length", str(times * most).encode())],
    }  # fmt: skip
    left = iter([{"type": "http.request", "body": bytes(most), "more_body": True}] * 3)

    async def receive() -> Message:
        return next(left)

    async def send(message: Message) -> None:
        said.append(message)

    with start_blocking_portal() as portal:  # in a thread: a browser of another test keeps a loop in this one
        portal.call(small, scope, receive, send)
    small.state.web.store.close()
    assert said[0]["status"] == 413
    assert len(list(left)) == 3 - heard


def test_an_answer_to_what_nobody_foresaw_has_them_too(
    app: FastAPI, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("geheim uit het programma")

    configure_logs(stream=io.StringIO())
    monkeypatch.setattr("registry.web.auth.guard.find_session", fail)
    stranger.client.cookies.set(app.state.web.cookie, "x")
    for path in ("/signalen", "/v1/signalen", "/haalcentraal/api/bewoning/bewoningen"):
        answer = stranger.client.request("POST" if "haal" in path else "GET", path)
        assert answer.status_code == 500, path
        assert "geheim" not in answer.text
        check_headers(answer, path)


def test_over_https_the_browser_stays_there_and_a_cookie_is_bound_to_the_host(assets: None, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"adres": "https://wonen.example"}))
    answer = TestClient(app, base_url="https://wonen.example").get("/aanmelden")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-woonregister-formulier=")
    assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    app.state.web.store.close()


def test_a_form_without_the_token_of_the_session_changes_nothing(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    visitors: dict[Role, Visitor] = {}
    other = visit(Role.JURIST).token()
    tried = 0
    for method, path, guard in routes(app):
        if method == "GET":
            continue
        tried += 1
        rol = role_of(guard.right) if isinstance(guard, Needs) else Role.PLANNER
        visitor = visitors.setdefault(rol, visit(rol))
        cross = {"X-CSRF-Token": visitor.token(), "Sec-Fetch-Site": "cross-site"}
        for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": other}, {"X-CSRF-Token": "é"}, cross):
            coded = {name: value.encode() for name, value in headers.items()}
            answer = visitor.client.request(method, filled(path), headers=coded)
            assert answer.status_code == 403, (method, path, headers)
        assert visitor.client.request(method, filled(path), json={"csrf_token": other}).status_code == 403, path
    assert tried > 20


def test_reading_changes_no_state_that_matters(app: FastAPI) -> None:
    """Only POST changes something: a link, an image or a form by GET of elsewhere does nothing."""
    assert {method for method, _, _ in routes(app)} == {"GET", "POST"}


def test_another_method_is_no_way_around(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    visitor = visit(Role.PLANNER)
    for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "POST"}):
        assert visitor.client.get("/account/sessies", headers=headers).status_code == 404
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT"):
        assert visitor.client.request(method, "/account", headers={"X-CSRF-Token": visitor.token()}).status_code == 404


@pytest.mark.parametrize("header", ["host", "x-forwarded-host", "x-original-url", "x-rewrite-url", "forwarded"])
def test_another_host_is_nowhere_repeated(app: FastAPI, visit: Callable[..., Visitor], header: str) -> None:
    value = f"host={ELSEWHERE}" if header == "forwarded" else ELSEWHERE
    visitor = visit(Role.PLANNER)
    stranger = TestClient(app, follow_redirects=False)
    for client in (visitor.client, stranger):
        for path in ("/", "/aanmelden", "/signalen", "/bestaat-niet", "/v1/openapi.json", "/wachtwoord/vergeten"):
            answer = client.get(path, headers={header: value})
            assert ELSEWHERE not in answer.text + str(answer.headers), path


def test_a_message_for_a_new_password_names_the_host_of_the_settings(app: FastAPI, accounts: dict[Role, str]) -> None:
    client = TestClient(app)
    page = client.get("/wachtwoord/vergeten", headers={"host": ELSEWHERE}).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    fields = {"email": accounts[Role.BELEID], "csrf_token": token}
    client.post("/wachtwoord/vergeten", data=fields, headers={"host": ELSEWHERE, "x-forwarded-host": ELSEWHERE})
    written = [path.read_text() for path in app.state.web.settings.uitbox.glob("*.eml")]
    found = [text for text in written if accounts[Role.BELEID] in text]
    assert len(found) == 1
    assert "http://testserver/wachtwoord/" in found[0].replace("=\n", "")
    assert ELSEWHERE not in found[0]


TARGETS = [
    "https://boos.example", "//boos.example", "///boos.example", "/\\boos.example", "\\\\boos.example", "javascript:x",
    "/%09/boos.example", "/\t/boos.example", "/\n/boos.example", "http:boos.example", "//boos.example%2f..",
    "https:/boos.example", "/ /boos.example", "/aanmelden\r\nSet-Cookie: x=1", "@boos.example", "data:text/html,x",
    "/．/boos.example", "ftp://boos.example", "/..//boos.example",
]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_nobody_is_sent_to_another_site(visit: Callable[..., Visitor], target: str) -> None:
    answer = visit(Role.PLANNER).get("/aanmelden", params={"verder": target})
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert re.match(r"/(?![/\\%])|/%09/|/\.\.//|/%20/|/%EF", where), where
    assert "x=1" not in str(answer.headers.get("set-cookie", ""))
    browser = re.sub(r"[\t\r\n]", "", where)  # a browser takes these out before it reads an address
    assert not browser.startswith(("//", "/\\"))


def test_a_stranger_is_sent_back_only_inside(stranger: Visitor) -> None:
    answer = stranger.client.get("//boos.example/x")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/aanmelden?verder=%2F")
    shown = stranger.get(answer.headers["location"]).text
    assert 'value="//boos' not in shown


def test_a_token_from_before_is_dead_after_each_step(app: FastAPI, store: Store, stranger: Visitor) -> None:
    """Session fixation: who planted or read a token earlier holds nothing once somebody signed in."""
    cookie = app.state.web.cookie
    invitation = manage.add_account(store, "vast@testdam.nl", "Vast", [Role.PLANNER], auteur="test")
    path = f"/wachtwoord/{invitation.token}"
    stranger.post(path, {"wachtwoord": GOOD, "herhaling": GOOD}, page=path)
    planted = "a" * 43
    stranger.client.cookies.set(cookie, planted)
    fields = {"email": "vast@testdam.nl", "wachtwoord": GOOD}
    stranger.post("/aanmelden", fields, page="/aanmelden")
    first = stranger.client.cookies.get(cookie, domain="testserver.local")
    assert first
    assert first != planted
    secret = re.search(r'name="geheim" value="([A-Z2-7]+)"', stranger.get("/account/tweede-stap").text).group(1)
    totp = pyotp.TOTP(secret)
    shown = stranger.post("/account/tweede-stap", {"geheim": secret, "code": totp.now()}).text
    codes = re.findall(r"w[a-z0-9]{4}-[a-z0-9]{5}", shown)
    stranger.post("/afmelden")
    assert alive(app, planted, first) == []

    stranger.client.cookies.clear()
    stranger.post("/aanmelden", fields, page="/aanmelden")
    half = stranger.client.cookies.get(cookie)
    stranger.post("/aanmelden/code", {"code": codes[0]}, page="/aanmelden/code")
    whole = stranger.client.cookies.get(cookie)
    assert len({planted, first, half, whole}) == 4
    assert alive(app, planted, first, half, whole) == [whole]


def alive(app: FastAPI, *tokens: str) -> list[str]:
    found = []
    for token in tokens:
        client = TestClient(app, follow_redirects=False)
        client.cookies.set(app.state.web.cookie, token)
        if client.get("/account").status_code == 200:
            found.append(token)
    return found


def test_an_open_session_is_not_enough_for_the_password_or_the_second_step(app: FastAPI, store: Store) -> None:
    # From an address of its own: other tests guess passwords from the usual one until it has to wait.
    client = TestClient(app, follow_redirects=False, raise_server_exceptions=False, client=("198.51.100.7", 50_000))
    stranger = Visitor(client)
    invitation = manage.add_account(store, "open@testdam.nl", "Open", [Role.PLANNER], auteur="test")
    path = f"/wachtwoord/{invitation.token}"
    stranger.post(path, {"wachtwoord": GOOD, "herhaling": GOOD}, page=path)
    stranger.post("/aanmelden", {"email": "open@testdam.nl", "wachtwoord": GOOD}, page="/aanmelden")

    def enrol(**more: str) -> object:
        secret = re.search(r'name="geheim" value="([A-Z2-7]+)"', stranger.get("/account/tweede-stap").text).group(1)
        return stranger.post("/account/tweede-stap", {"geheim": secret, "code": pyotp.TOTP(secret).now(), **more})

    assert enrol().status_code == 200
    refused = enrol()
    assert refused.status_code == 400
    assert "niet uw huidige wachtwoord" in refused.text
    assert enrol(huidig=GOOD).status_code == 200
    guesses = [stranger.post("/account/wachtwoord", {"huidig": f"gok {n}"}).status_code for n in range(6)]
    assert guesses == [400] * 4 + [429] * 2
    assert enrol(huidig=GOOD).status_code == 429


@pytest.mark.parametrize("secret", ["", "A", "<script>", "0" * 32, "A" * 5000, "é" * 32, "a\x00b"])
def test_a_secret_that_can_be_none_is_replaced(visit: Callable[..., Visitor], secret: str) -> None:
    answer = visit(Role.BELEID).post("/account/tweede-stap", {"geheim": secret, "code": "000000"})
    assert answer.status_code == 400
    assert re.search(r'name="geheim" value="[A-Z2-7]{32}"', answer.text)


def test_an_address_below_the_api_is_never_a_page(stranger: Visitor) -> None:
    for path in API:
        assert stranger.get(f"{path}/<script>").headers["content-type"] == "application/problem+json"
