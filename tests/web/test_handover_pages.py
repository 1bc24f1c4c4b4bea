"""A signal is handed over from a page: asked once, done by a worker, told with its state, tried again."""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from fake_zaken import FakeZaken
from fastapi import FastAPI
from pydantic import SecretStr
from visitor import Visitor

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.cases import zaaksysteem
from registry.store.queries.access import read_head
from registry.store.queries.signal_list import Filter, list_signals
from registry.store.queries.tasks import list_tasks
from registry.tasks.handover import zaaksysteem_of
from registry.tasks.queue import WorkFolder
from registry.tasks.work import Workshop, do_task
from registry.tasks.worker import do_next

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def configured(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of a case system; nobody answers at that address."""
    wanted = {
        "zaaksysteem_url": "http://127.0.0.1:9/zaken/api/v1", "zaaksysteem_client": "woonregister",
        "zaaksysteem_geheim": SecretStr("een-sleutel-" * 4), "zaaksysteem_zaaktype": "http://127.0.0.1:9/type",
        "gemeente_rsin": "000000012",
    }  # fmt: skip
    for name, value in wanted.items():
        monkeypatch.setattr(app.state.web.settings, name, value)


@pytest.fixture
def bewijs(app: FastAPI) -> str:
    with app.state.web.store.read() as connection:
        found = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows
    receipt: str = found[1]["bewijs"]
    return receipt


def work(app: FastAPI, folder: Path) -> bool:
    web = app.state.web
    shop = Workshop(
        web.store, WorkFolder(folder), web.cipher, web.access_log, web.law, keep_names=False,
        zaaksysteem=lambda: zaaksysteem_of(web.settings),
    )  # fmt: skip
    return do_next(web.store, shop.folder, lambda task: do_task(shop, task))


def test_a_signal_is_asked_for_once_fails_with_a_reason_and_is_tried_again(
    app: FastAPI, visit: Callable[..., Visitor], bewijs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jurist, path = visit(Role.JURIST), f"/signalen/{bewijs}"
    assert "Draag over aan het zaaksysteem" in jurist.get(path).text
    with app.state.web.store.read() as connection:
        before, tasks = read_head(connection).volgnummer, len(list_tasks(connection))
    asked = jurist.post(f"{path}/overdragen", {"terug": "Z-2026-0001"})
    assert asked.headers["location"] == "/zaken/Z-2026-0001#signalen"
    elsewhere = jurist.post(f"{path}/overdragen", {"terug": "//evil.example"})
    assert elsewhere.headers["location"] == f"{path}#overdracht"
    with app.state.web.store.read() as connection:
        assert read_head(connection).volgnummer >= before + 2
        assert len(list_tasks(connection)) == tasks + 1
    assert "in de wacht" in jurist.get(path).text
    part = jurist.get(f"{path}/overdracht", headers=PARTIAL).text
    assert "in de wacht" in part
    assert "<html" not in part
    assert work(app, tmp_path)
    failed = jurist.get(path).text
    assert "niet te bereiken" in failed
    assert "Probeer opnieuw over te dragen" in failed
    fake = FakeZaken({})
    real = httpx2.Client
    monkeypatch.setattr(zaaksysteem.httpx2, "Client", lambda **more: real(transport=httpx2.MockTransport(fake), **more))
    assert jurist.post(f"{path}/overdragen").status_code == 303
    assert work(app, tmp_path)
    [identificatie] = fake.made
    done = jurist.get(path).text
    assert identificatie in done
    assert "/overdragen" not in done
    assert jurist.post(f"{path}/overdragen").status_code == 303
    assert not work(app, tmp_path)
    assert len(fake.made) == 1


def test_who_may_not_treat_cases_hands_nothing_over(
    app: FastAPI, visit: Callable[..., Visitor], bewijs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/signalen/{bewijs}"
    assert visit(Role.INSPECTEUR).post(f"{path}/overdragen").status_code == 404
    assert "zaaksysteem" not in visit(Role.INSPECTEUR).get(path).text
    email = "jurist-elders-overdracht@testdam.nl"
    add_account(app.state.web.store, email, "Elders", [Role.JURIST], auteur="test", gebieden=["BU99999999"])
    other = visit(email=email)
    assert other.post(f"{path}/overdragen").status_code == 404
    assert other.get(f"{path}/overdracht", headers=PARTIAL).status_code == 404
    monkeypatch.setattr(app.state.web.settings, "zaaksysteem_url", None)
    assert visit(Role.JURIST).post(f"{path}/overdragen").status_code == 409
