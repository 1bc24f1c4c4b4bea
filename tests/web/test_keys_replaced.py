"""The keys are replaced under a running application: nobody waits, nothing fails, and the new keys count at once."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from registry import clock
from registry.accounts import second_step
from registry.accounts.manage import add_account, new_coupling
from registry.accounts.rights import Role
from registry.crypto import KeysError
from registry.keys import create_keys, read_keys
from registry.privacy.access import AccessLog, Gebruiker, GebruikerSoort
from registry.privacy.keyring import Keyring
from registry.privacy.rotation import rotate_keys
from registry.settings import Settings
from registry.store.engine import open_store
from registry.web.app import create_app

PATH = "/haalcentraal/api/bewoning/bewoningen"
OPERATOR = Gebruiker("beheer", GebruikerSoort.OPDRACHTREGEL)


@pytest.fixture
def own_app(assets: None, settings: Settings, small_town: Path, tmp_path: Path) -> Iterator[FastAPI]:
    """An application on a copy of the small town: its keys are replaced."""
    there, here = small_town / "woonregister.db", tmp_path / "woonregister.db"
    with closing(sqlite3.connect(there)) as source, closing(sqlite3.connect(here)) as target:
        source.backup(target)
    shutil.copyfile(settings.sleutelbestand, tmp_path / "sleutels")
    own = {"database_url": f"sqlite:///{tmp_path / 'woonregister.db'}", "sleutelbestand": tmp_path / "sleutels"}
    app = create_app(settings.model_copy(update=own))
    yield app
    app.state.web.store.close()


def rotate(app: FastAPI) -> None:
    """As ``woonregister sleutels roteer`` does it, in a process of its own with connections of its own."""
    web = app.state.web
    store = open_store(web.settings.database_url)
    rotate_keys(store, web.settings.sleutelbestand, gebruiker=OPERATOR, log=AccessLog(store))
    store.close()


def coupling(app: FastAPI) -> TestClient:
    store = app.state.web.store
    account = add_account(store, "systeem@testdam.nl", "Systeem", [Role.AFNEMER], auteur="test")
    token = new_coupling(store, account.email, auteur="test")
    return TestClient(app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


def residents(client: TestClient, object_id: str) -> Counter[str]:
    asked = {"type": "BewoningMetPeildatum", "peildatum": "2026-11-01", "adresseerbaarObjectIdentificatie": object_id}
    answer = client.post(PATH, json=asked)
    assert answer.status_code == 200, answer.text
    return Counter(one["burgerservicenummer"] for part in answer.json()["bewoningen"] for one in part["bewoners"])


def full_homes(app: FastAPI) -> list[str]:
    path = app.state.web.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT adresseerbaar_object_id FROM bewoning WHERE zekerheid = 'zeker' AND valid_until IS NULL "
            "GROUP BY adresseerbaar_object_id ORDER BY count(*) DESC, 1 LIMIT 3"
        )
        return [row[0] for row in rows]


def test_every_request_while_keys_are_replaced_gives_the_same_persons(own_app: FastAPI) -> None:
    client, homes, done = coupling(own_app), full_homes(own_app), Event()
    before = {home: residents(client, home) for home in homes}
    assert all(sum(found.values()) > 1 for found in before.values())
    seen: list[Any] = []

    def ask() -> None:
        while not done.is_set():
            seen.extend((home, residents(client, home)) for home in homes)

    asking = Thread(target=ask)
    asking.start()
    rotate(own_app)
    rotate(own_app)
    done.set()
    asking.join()
    assert len(seen) >= len(homes)
    assert [(home, found) for home, found in seen if found != before[home]] == []
    assert {home: residents(client, home) for home in homes} == before
    assert own_app.state.web.cipher.stand == 3


def test_what_the_running_application_writes_afterwards_is_under_the_new_keys(own_app: FastAPI) -> None:
    web, moment, secret = own_app.state.web, clock.now(), pyotp.random_base32()
    number = add_account(web.store, "a@testdam.nl", "A", [Role.PLANNER], auteur="test").account_id
    code = pyotp.TOTP(secret).at(moment)
    second_step.confirm(web.store, web.cipher, number, secret, code, moment=moment)
    rotate(own_app)
    later = moment + timedelta(seconds=60)
    # What was there before is read, what is new is written, by the same application.
    assert second_step.check(web.store, web.cipher, number, pyotp.TOTP(secret).at(later), moment=later)
    text = web.cipher.encrypt("nieuw")
    own = read_keys(web.settings.sleutelbestand)
    assert text.partition(".")[0] == own.current
    # A program that starts now reads it with the key file alone.
    assert Keyring(web.store, web.settings.sleutelbestand).cipher().decrypt(text) == "nieuw"


def test_a_key_file_that_is_away_for_a_moment_stops_nothing_and_another_one_does(own_app: FastAPI) -> None:
    web, path = own_app.state.web, own_app.state.web.settings.sleutelbestand
    client, [home, *_] = coupling(own_app), full_homes(own_app)
    rotate(own_app)
    before = residents(client, home)
    aside = path.rename(path.with_name("opzij"))
    assert residents(client, home) == before
    create_keys(path)  # of another registry
    with pytest.raises(KeysError):
        web.keyring.cipher()
    asked = {"type": "BewoningMetPeildatum", "peildatum": "2026-11-01", "adresseerbaarObjectIdentificatie": home}
    assert client.post(PATH, json=asked).status_code == 503
    aside.replace(path)
    assert residents(client, home) == before
