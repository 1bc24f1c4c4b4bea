"""A dwelling as it was known on an earlier day: what came in later is not there, who may see is judged by now."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from visitor import Visitor

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK, add_account
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.settings import Settings
from registry.store.queries.accounts import find_account
from registry.store.queries.signal_list import Filter, list_signals
from registry.store.tables.runs import runs
from registry.store.tables.signals import evaluaties
from registry.web.app import create_app

LONG_AGO = datetime(2025, 3, 1, 12, tzinfo=UTC)
JURIST = "jurist-toen@testdam.nl"


@pytest.fixture(scope="module")
def town(assets: None, small_town: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A copy of the town, of which only the BAG and the areas were known in 2025."""
    path = tmp_path_factory.mktemp("toen") / "woonregister.db"
    shutil.copyfile(small_town / "woonregister.db", path)
    app = create_app(settings.model_copy(update={"database_url": f"sqlite:///{path}"}))
    web = app.state.web
    add_account(web.store, JURIST, "Jurist", [Role.JURIST], auteur="test")
    with web.store.write_transaction(ACCOUNT_LOCK) as connection:
        connection.execute(runs.update().where(runs.c.bron.in_(("bag", "gebieden"))).values(klaar=LONG_AGO))
        account = find_account(connection, email=JURIST)
        assert account is not None
        begun = begin_session(
            connection, account["account_id"], stage=FULL, device="t", moment=clock.now() - timedelta(minutes=1)
        )
    client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set(web.cookie, begun.token)
    return Visitor(client, JURIST)


@pytest.fixture(scope="module")
def woning(town: Visitor) -> str:
    with town.client.app.state.web.store.read() as connection:  # type: ignore[attr-defined]
        found = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows
    object_id: str = found[0]["adresseerbaar_object_id"]
    return object_id


def test_what_came_in_later_is_not_there_yet(town: Visitor, woning: str) -> None:
    now, then = town.get(f"/woningen/{woning}").text, town.get(f"/woningen/{woning}?bekend=2025-03-01").text
    assert "met wat aan het eind van 1 maart 2025 bekend was" in then
    assert "Oppervlakte" in then  # the BAG was known
    assert "gaf geen enkele regel" in then
    assert "gaf geen enkele regel" not in now
    assert '<span class="wr-figure">0</span>' in then
    assert '<span class="wr-figure">0</span>' not in now
    before = town.get(f"/woningen/{woning}?bekend=2025-02-28").text
    assert "er was toen nog niets ingelezen" in before
    assert "Toen was niet bekend" in before


def test_today_and_later_is_what_is_known_now(town: Visitor, woning: str) -> None:
    for bekend in (f"{clock.today()}", "2999-01-01", "", "onzin"):
        shown = town.get(f"/woningen/{woning}?bekend={bekend}")
        assert shown.status_code == 200
        assert "bekend was" not in shown.text


def test_an_outcome_counts_from_when_it_was_made(town: Visitor, woning: str) -> None:
    with town.client.app.state.web.store.write_transaction() as connection:  # type: ignore[attr-defined]
        connection.execute(sa.update(evaluaties).values(gemaakt=LONG_AGO))
    assert "gaf geen enkele regel" not in town.get(f"/woningen/{woning}?bekend=2025-03-01").text
    assert "gaf geen enkele regel" in town.get(f"/woningen/{woning}?bekend=2025-02-28").text


def test_the_day_goes_along_to_the_explanation_and_the_residents(town: Visitor, woning: str) -> None:
    then = town.get(f"/woningen/{woning}?op=2025-01-01&bekend=2025-03-01").text
    assert "/toets/overbewoning?op=2025-01-01&amp;bekend=2025-03-01" in then
    assert f'action="/woningen/{woning}/bewoners?op=2025-01-01&amp;bekend=2025-03-01"' in then
    told = town.get(f"/woningen/{woning}/toets/overbewoning?op=2025-01-01&bekend=2025-03-01").text
    assert "met wat op 1 maart 2025 bekend was" in told
    sent = {"doel": "handhavingszaak", "zaak": "Z-1"}
    shown = town.post(f"/woningen/{woning}/bewoners?bekend=2025-03-01", sent)
    assert shown.status_code == 200
    assert "Deze inzage is vastgelegd" in shown.text
    assert "Bewoner 1" not in shown.text


def test_a_dwelling_of_elsewhere_stays_hidden(visit: Callable[..., Visitor], woning: str) -> None:
    other = visit(Role.BELEID)
    assert other.get(f"/woningen/{woning}?bekend=2025-03-01").status_code == 404
