"""Signing in and what protects it."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visitor import REPOSITORY, Visitor

from registry import clock
from registry.accounts import manage, second_step, sessions
from registry.accounts.account import Account, RoleGiven
from registry.accounts.rights import Right, Role, rights_table
from registry.errors import UsageError
from registry.store.engine import Store, open_store
from registry.store.queries.accounts import find_account, list_events

GOOD = "paard batterij nietje"
NUMBERS = count(1)


@pytest.fixture
def member(store: Store, stranger: Visitor) -> str:
    """The address of an account that chose a password."""
    email = f"lid{next(NUMBERS)}@testdam.nl"
    invitation = manage.add_account(store, email, "Lid", [Role.PLANNER], auteur="test")
    path = f"/wachtwoord/{invitation.token}"
    answer = stranger.post(path, {"wachtwoord": GOOD, "herhaling": GOOD}, page=path)
    assert answer.headers["location"] == "/aanmelden"
    assert stranger.get(path).status_code == 404  # works once
    return email


def sign_in(visitor: Visitor, email: str, password: str = GOOD, **fields: str) -> object:
    return visitor.post("/aanmelden", {"email": email, "wachtwoord": password, **fields}, page="/aanmelden")


def test_who_signs_in_gets_a_new_session_and_can_end_it(member: str, stranger: Visitor, app: FastAPI) -> None:
    before = stranger.client.cookies.get(app.state.web.cookie)
    answer = sign_in(stranger, member.upper(), verder="/signalen?regel=overbewoning")
    assert answer.headers["location"] == "/signalen?regel=overbewoning"
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{app.state.web.cookie}="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    token = stranger.client.cookies.get(app.state.web.cookie)
    assert token != before
    assert stranger.get("/").status_code == 200
    assert stranger.post("/afmelden").status_code == 303
    stranger.client.cookies.set(app.state.web.cookie, token)
    assert stranger.get("/").status_code == 303  # the token is worth nothing any more


@pytest.mark.parametrize("target", ["https://elders.example/", "//elders.example", "/\\elders.example", "zoeken"])
def test_nobody_is_sent_elsewhere_after_signing_in(member: str, stranger: Visitor, target: str) -> None:
    assert sign_in(stranger, member, verder=target).headers["location"] == "/"


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(member: str, stranger: Visitor) -> None:
    answers = [sign_in(stranger, email, "verkeerd wachtwoord") for email in (member, "niemand@testdam.nl")]
    texts = [re.sub(r'value="[^"]*"|content="[^"]*"', "", answer.text) for answer in answers]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert texts[0] == texts[1]


def test_an_account_closes_for_a_while_after_failures(
    store: Store, member: str, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ATTEMPTS", 1000)
    for _ in range(sessions.FAILURES):
        sign_in(stranger, member, "verkeerd wachtwoord")
    assert sign_in(stranger, member).status_code == 400
    later = clock.now() + sessions.LOCKED_FOR + timedelta(seconds=1)
    with store.read() as connection:
        row = find_account(connection, email=member)
    assert row is not None
    assert sessions.is_locked(row, moment=clock.now())
    assert not sessions.is_locked(row, moment=later)


def test_a_sender_is_slowed_down(store: Store) -> None:
    moment = clock.now()
    refused = [sessions.too_many_attempts(store, "192.0.2.7", moment=moment) for _ in range(sessions.ATTEMPTS + 1)]
    assert refused == [False] * sessions.ATTEMPTS + [True]
    assert not sessions.too_many_attempts(store, "192.0.2.8", moment=moment)
    assert not sessions.too_many_attempts(store, "192.0.2.7", moment=moment + sessions.ATTEMPTS_WITHIN)


def test_a_form_of_elsewhere_is_refused(member: str, stranger: Visitor, visit: Callable[..., Visitor]) -> None:
    fields = {"email": member, "wachtwoord": GOOD}
    assert stranger.client.post("/aanmelden", data=fields).status_code == 403
    assert stranger.client.post("/aanmelden", data={**fields, "csrf_token": "x" * 43}).status_code == 403
    inside, other = visit(Role.PLANNER), visit(Role.JURIST)
    token = other.token()
    assert inside.client.post("/account/sessies", data={"csrf_token": token}).status_code == 403
    headers = {"Sec-Fetch-Site": "cross-site", "X-CSRF-Token": inside.token()}
    assert inside.client.post("/account/sessies", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elf tekens!", "ten minste 12 en ten hoogste 200 tekens"),
        ("paard batterij nietje" * 10, "ten minste 12 en ten hoogste 200 tekens"),
        ("Welkom2026!!", "makkelijk te raden. Neem"),
        ("aaaaaaaaaaaaaaaa", "makkelijk te raden. Neem"),
        ("ik heet zwakke 2026", "staat uw eigen naam"),
    ],
)
def test_a_weak_password_is_refused(store: Store, stranger: Visitor, password: str, reason: str) -> None:
    invitation = manage.add_account(store, f"zwak{next(NUMBERS)}@testdam.nl", "Zwak", [], auteur="test")
    path = f"/wachtwoord/{invitation.token}"
    typed = password.replace("zwakke", invitation.email.partition("@")[0])
    answer = stranger.post(path, {"wachtwoord": typed, "herhaling": typed}, page=path)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert reason in answer.text


def test_a_short_name_within_a_good_password_is_no_reason(store: Store, stranger: Visitor) -> None:
    path = f"/wachtwoord/{manage.add_account(store, 'ba@testdam.nl', 'B. A.', [], auteur='test').token}"
    assert stranger.post(path, {"wachtwoord": GOOD, "herhaling": GOOD}, page=path).status_code == 303


def test_the_second_step(app: FastAPI, store: Store, member: str, stranger: Visitor) -> None:
    sign_in(stranger, member)
    page = stranger.get("/account/tweede-stap").text
    secret = re.search(r'name="geheim" value="([A-Z2-7]+)"', page).group(1)
    totp = pyotp.TOTP(secret)
    wrong = stranger.post("/account/tweede-stap", {"geheim": secret, "code": "000000"})
    assert wrong.status_code == 400
    assert secret in wrong.text  # what the app knows already stays
    code = totp.now()
    shown = stranger.post("/account/tweede-stap", {"geheim": secret, "code": code}).text
    recovery = re.findall(r"w[a-z0-9]{4}-[a-z0-9]{5}", shown)
    assert len(recovery) == 10
    with store.read() as connection:
        row = find_account(connection, email=member)
    assert secret not in row["totp_secret"]

    stranger.post("/afmelden")
    assert sign_in(stranger, member).headers["location"] == "/aanmelden/code"
    assert stranger.get("/").status_code == 303  # half signed in is not signed in
    replayed = stranger.post("/aanmelden/code", {"code": code}, page="/aanmelden/code")
    assert replayed.status_code == 400  # a code works once
    accepted = stranger.post("/aanmelden/code", {"code": recovery[0]}, page="/aanmelden/code")
    assert accepted.headers["location"] == "/"
    assert stranger.get("/").status_code == 200
    number, moment = row["account_id"], clock.now()
    assert not second_step.check(store, app.state.web.cipher, number, recovery[0], moment=moment)
    in_a_minute = moment + timedelta(minutes=1)
    later = totp.at(int(in_a_minute.timestamp()))
    assert second_step.check(store, app.state.web.cipher, number, later, moment=in_a_minute)
    assert not second_step.check(store, app.state.web.cipher, number, later, moment=in_a_minute)


def test_a_session_ends_by_time(store: Store, accounts: dict[Role, str], session_token: Callable[[str], str]) -> None:
    token = session_token(accounts[Role.PLANNER])
    now = clock.now()
    assert sessions.find_session(store, token, moment=now)
    assert sessions.find_session(store, token, moment=now + sessions.IDLE + timedelta(minutes=1)) is None
    moment = now
    while moment < now + sessions.LIFETIME - timedelta(minutes=40):
        moment += timedelta(minutes=30)
        assert sessions.find_session(store, token, moment=moment), "used now and then, it goes on"
    assert sessions.find_session(store, token, moment=now + sessions.LIFETIME) is None


def test_blocking_ends_sessions_and_a_role_counts_at_once(
    store: Store, stranger: Visitor, session_token: Callable[[str], str], visit: Callable[..., Visitor]
) -> None:
    email = manage.add_account(store, "kort@testdam.nl", "Kort", [Role.PLANNER], auteur="test").email
    visitor = visit(email=email)
    assert visitor.get("/signalen?uitkomst=signaal").status_code == 200
    manage.set_rol(store, email, Role.PLANNER, withdraw=True, auteur="test")
    assert visitor.get("/signalen?uitkomst=signaal").status_code == 404
    manage.block(store, email, auteur="test")
    assert visitor.get("/account").status_code == 303
    with store.read() as connection:
        number = find_account(connection, email=email)["account_id"]
        kinds = [event["kind"] for event in list_events(connection, number)]
    assert kinds == ["geblokkeerd", "rol_ingetrokken", "rol_gegeven", "gemaakt"]


def test_the_last_beheerder_stays(database_url: str) -> None:
    store = open_store(database_url)
    manage.add_account(store, "een@testdam.nl", "Een", [Role.BEHEERDER], auteur="test")
    for act in (
        lambda: manage.block(store, "een@testdam.nl", auteur="test"),
        lambda: manage.set_rol(store, "een@testdam.nl", Role.BEHEERDER, withdraw=True, auteur="test"),
    ):
        with pytest.raises(UsageError, match="laatste beheerder"):
            act()
    manage.add_account(store, "twee@testdam.nl", "Twee", [Role.BEHEERDER], auteur="test")
    manage.block(store, "een@testdam.nl", auteur="test")
    with pytest.raises(UsageError, match="al een account"):
        manage.add_account(store, "TWEE@testdam.nl", "Nog een", [], auteur="test")
    store.close()


def test_a_coupling_uses_its_header_only(app: FastAPI, store: Store, accounts: dict[Role, str]) -> None:
    token = manage.new_coupling(store, accounts[Role.PLANNER], auteur="test")
    client = TestClient(app, follow_redirects=False)
    assert client.get("/account", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    client.cookies.set(app.state.web.cookie, token)
    assert client.get("/account").status_code == 303


def test_forgetting_a_password_tells_nothing(app: FastAPI, member: str, stranger: Visitor) -> None:
    texts = []
    for email in (member, "niemand@testdam.nl"):
        answer = stranger.post("/wachtwoord/vergeten", {"email": email}, page="/wachtwoord/vergeten")
        texts.append(re.sub(r'content="[^"]*"', "", answer.text))
    assert texts[0] == texts[1]
    written = [path.read_text() for path in app.state.web.settings.uitbox.glob("*.eml")]
    assert [member in text for text in written].count(True) == 1
    assert not any("niemand@" in text for text in written)


def test_areas_limit_a_right_and_the_widest_role_counts(store: Store) -> None:
    here, there = frozenset({"BU1"}), frozenset({"BU2"})
    both = Account(1, "x", "x", (RoleGiven(Role.PLANNER, here), RoleGiven(Role.JURIST, there)))
    assert both.gebieden(Right.SIGNALEN) == here | there
    assert both.gebieden(Right.PLANNEN) == here
    assert both.gebieden(Right.VOORRAAD) == frozenset()
    assert Account(1, "x", "x", (*both.rollen, RoleGiven(Role.INSPECTEUR))).gebieden(Right.SIGNALEN) is None


def test_the_documented_rights_are_those_of_the_table() -> None:
    assert rights_table() in (REPOSITORY / "docs" / "rollen.md").read_text(encoding="utf-8")
