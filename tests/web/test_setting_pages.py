"""What was set, for who may read it: every setting is there, and no secret."""

from collections.abc import Callable

from fastapi import FastAPI
from pydantic import SecretStr
from visitor import Visitor

from registry.accounts.rights import Role
from registry.settings import Settings
from registry.web.shown_settings import shown_settings

SECRETS = [name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]


def test_every_setting_is_on_the_page_once(visit: Callable[..., Visitor]) -> None:
    page = visit(Role.BEHEERDER).get("/instellingen").text
    for name, field in Settings.model_fields.items():
        assert page.count(f">WOONREGISTER_{name.upper()}<") >= 1, name
        assert field.description, name
    shown = [row.variabele for rows in shown_settings(Settings()).values() for row in rows]
    assert sorted(shown) == sorted(f"WOONREGISTER_{name.upper()}" for name in Settings.model_fields)


def test_no_secret_is_shown(app: FastAPI) -> None:
    assert SECRETS
    hidden = {name: SecretStr(f"geheim-{name}") for name in SECRETS}
    address = "https://naam:wachtwoord@logboek.testdam.nl/v1?sleutel=abc"
    settings = app.state.web.settings.model_copy(
        update=hidden | {"database_url": "postgresql+psycopg://u:wachtwoord@host/naam", "logboek_url": address}
    )
    shown = {row.variabele: row.waarde for rows in shown_settings(settings).values() for row in rows}
    for word in ("geheim-", "wachtwoord", "abc", "naam:"):
        assert not [name for name, value in shown.items() if word in value], word
    assert shown["WOONREGISTER_DATABASE_URL"] == "PostgreSQL"
    assert shown["WOONREGISTER_LOGBOEK_URL"] == "https://logboek.testdam.nl/v1"
    assert all(shown[f"WOONREGISTER_{name.upper()}"].startswith("ingesteld") for name in SECRETS)
    assert shown["WOONREGISTER_OIDC_ISSUER"] == "niet ingesteld"


def test_the_page_says_what_holds_and_what_is_missing(visit: Callable[..., Visitor]) -> None:
    page = visit(Role.PRIVACY).get("/instellingen").text
    assert "aangewezen gebieden" in page
    assert "zet WOONREGISTER_OMGEVING=productie" in page
    assert "na besluit: " in page
    assert 'href="/bewaartermijnen"' in page
    assert 'href="/bewaartermijnen"' not in visit(Role.BEHEERDER).get("/instellingen").text
