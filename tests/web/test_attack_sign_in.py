"""Guessing at the door: slow for a sender, closed for an account, and no word about who has an account."""

import statistics
import time
from itertools import count

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visitor import Visitor

from registry.accounts import manage, sessions
from registry.accounts.rights import Role
from registry.store.engine import Store

GOOD = "paard batterij nietje"
NUMBERS = count(1)


@pytest.fixture
def member(store: Store, stranger: Visitor) -> str:
    email = f"raad{next(NUMBERS)}@testdam.nl"
    invitation = manage.add_account(store, email, "Raad", [Role.PLANNER], auteur="test")
    path = f"/wachtwoord/{invitation.token}"
    stranger.post(path, {"wachtwoord": GOOD, "herhaling": GOOD}, page=path)
    return email


def sender(app: FastAPI, host: str) -> Visitor:
    return Visitor(TestClient(app, follow_redirects=False, raise_server_exceptions=False, client=(host, 1)))


def guess(visitor: Visitor, email: str, password: str) -> object:
    return visitor.post("/aanmelden", {"email": email, "wachtwoord": password}, page="/aanmelden")


def test_who_guesses_from_one_place_is_stopped_whatever_account_he_tries(
    app: FastAPI, member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ATTEMPTS", 3)  # that it is twenty stands in test_accounts
    visitor = sender(app, "203.0.113.5")
    headers = {"X-Forwarded-For": "198.51.100.9"}
    for number in range(sessions.ATTEMPTS):
        token = visitor.token("/aanmelden")
        fields = {"email": f"niemand{number}@testdam.nl", "wachtwoord": "x", "csrf_token": token}
        assert visitor.client.post("/aanmelden", data=fields, headers=headers).status_code == 400
    assert guess(visitor, member, GOOD).status_code == 429
    assert guess(sender(app, "203.0.113.6"), member, GOOD).status_code == 303


def test_who_guesses_from_many_places_finds_the_account_closed(app: FastAPI, member: str) -> None:
    """And the right password says no more than a wrong one while it is."""
    for number in range(sessions.FAILURES):
        guess(sender(app, f"203.0.113.{20 + number}"), member, "verkeerd wachtwoord")
    closed = guess(sender(app, "203.0.113.99"), member, GOOD)
    unknown = guess(sender(app, "203.0.113.98"), "niemand@testdam.nl", GOOD)
    assert closed.status_code == unknown.status_code == 400
    assert "klopt niet, of het account is tijdelijk gesloten" in closed.text
    assert "klopt niet, of het account is tijdelijk gesloten" in unknown.text


def test_a_code_is_not_guessed(app: FastAPI, store: Store, member: str) -> None:
    with store.write_transaction(manage.ACCOUNT_LOCK) as connection:
        row = manage.stored.find_account(connection, email=member)
        secret = app.state.web.cipher.encrypt("A" * 32)
        manage.stored.update_account(connection, row["account_id"], totp_secret=secret)
    visitor = sender(app, "203.0.113.120")
    assert guess(visitor, member, GOOD).headers["location"] == "/aanmelden/code"
    answers = [
        visitor.post("/aanmelden/code", {"code": "000000"}, page="/aanmelden/code").status_code
        for _ in range(sessions.FAILURES)
    ]
    assert answers == [400] * sessions.FAILURES
    page = visitor.token("/aanmelden/code")
    assert visitor.client.post("/aanmelden/code", data={"code": "000000", "csrf_token": page}).status_code == 429


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "../..", "%", "'"])
def test_a_made_up_token_for_a_password_opens_nothing(app: FastAPI, token: str) -> None:
    visitor = sender(app, "203.0.113.130")
    answer = visitor.client.get(f"/wachtwoord/{token}")
    assert answer.status_code in (303, 404)
    assert 'type="password"' not in answer.text


def test_the_same_work_is_done_for_who_has_no_account(
    app: FastAPI, member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes the time is one Argon2 hash: it is made exactly once whether the account exists or not."""
    helper = app.state.web.users.password_helper
    made: list[str] = []
    verify, make = helper.verify_and_update, helper.hash
    monkeypatch.setattr(helper, "verify_and_update", lambda *given: made.append("verify") or verify(*given))
    monkeypatch.setattr(helper, "hash", lambda *given: made.append("hash") or make(*given))
    guess(sender(app, "203.0.113.140"), member, "verkeerd wachtwoord")
    guess(sender(app, "203.0.113.141"), "niemand@testdam.nl", "verkeerd wachtwoord")
    assert made == ["verify", "hash"]


@pytest.mark.proof
def test_the_time_of_an_answer_tells_nothing(app: FastAPI, member: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Medians of forty guesses at each differ less than the work of one hash differs by itself."""
    monkeypatch.setattr(sessions, "FAILURES", 10_000)
    monkeypatch.setattr("registry.web.pages.sign_in.too_many_attempts", lambda *_given, **_named: False)
    times: dict[str, list[float]] = {member: [], "niemand@testdam.nl": []}
    visitor = sender(app, "203.0.113.150")
    token = visitor.token("/aanmelden")
    for _ in range(40):
        for email, found in times.items():
            fields = {"email": email, "wachtwoord": "verkeerd wachtwoord", "csrf_token": token}
            begun = time.perf_counter()
            visitor.client.post("/aanmelden", data=fields)
            found.append(time.perf_counter() - begun)
    known, unknown = (statistics.median(found) for found in times.values())
    assert 0.75 < known / unknown < 1.33
