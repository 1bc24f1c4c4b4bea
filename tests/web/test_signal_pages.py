"""The list of signals and the dwelling file tell what was assessed already, and by whom to who assesses as well."""

import re

import pytest
from fastapi import FastAPI
from visitor import Visitor, app_on_copy, signed_in

from registry import clock
from registry.accounts.rights import Role
from registry.settings import Settings
from registry.store.queries.signal_list import UNASSESSED, Filter, list_signals
from registry.web.texts import day

LIST = "/signalen?uitkomst=signaal&regel=overbewoning"


@pytest.fixture(scope="module")
def own_app(
    assets: None, settings: Settings, accounts: dict[Role, str], tmp_path_factory: pytest.TempPathFactory
) -> FastAPI:
    """The application on a copy of the town: assessments change it."""
    return app_on_copy(settings, tmp_path_factory.mktemp("signalen"))


def signals(app: FastAPI, **choice: str) -> list[dict[str, object]]:
    with app.state.web.store.read() as connection:
        wanted = Filter(regel="overbewoning", **choice)
        return list_signals(connection, wanted, gebieden=None, on=clock.today()).rows


def shown(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.text)


def counted(page: str) -> int:
    return int(re.search(r'role="status"><strong class="wr-number">([\d.]+)<', page).group(1).replace(".", ""))


def judge(visitor: Visitor, bewijs: object, oordeel: str, seen: int, **more: str) -> None:
    sent = {"oordeel": oordeel, "toelichting": "bij bezoek geteld", "gezien": f"{seen}", **more}
    assert visitor.post(f"/signalen/{bewijs}", sent).status_code == 303


def test_a_signal_that_was_assessed_says_so_and_the_filter_tells_them_apart(
    own_app: FastAPI, accounts: dict[Role, str]
) -> None:
    jurist = signed_in(own_app, accounts[Role.JURIST])
    planner = signed_in(own_app, accounts[Role.PLANNER])
    before, done = counted(shown(planner, LIST)), counted(shown(planner, f"{LIST}&beoordeling=beoordeeld"))
    row = signals(own_app, beoordeling=UNASSESSED)[0]
    home = f"/woningen/{row['adresseerbaar_object_id']}"
    judge(jurist, row["bewijs"], "weerlegd", 0, reden="een_huishouden")
    told = f'Beoordeeld: <strong>weerlegd</strong>, <span class="wr-nowrap">{day(clock.today())}</span>'
    for path in (LIST, home):
        assert f"{told}, {accounts[Role.JURIST]}</span>" in shown(jurist, path)
        assert f"{told}</span>" in shown(planner, path)
        assert accounts[Role.JURIST] not in shown(planner, path)
    assert counted(shown(planner, LIST)) == before
    assert counted(shown(planner, f"{LIST}&beoordeling=beoordeeld")) == done + 1
    still_open = shown(planner, f"{LIST}&beoordeling=nog_niet")
    assert counted(still_open) == before - done - 1
    assert f'/signalen/{row["bewijs"]}"' not in still_open
    assert '<option value="nog_niet" selected>' in still_open
    assert "beoordeling=nog_niet" in planner.get("/signalen").headers["location"]

    judge(jurist, row["bewijs"], "herroepen", 1)
    assert counted(shown(planner, f"{LIST}&beoordeling=nog_niet")) == before - done
    assert "Weer open: beoordeling herroepen" in shown(planner, LIST)


def test_what_is_no_choice_of_the_filter_counts_as_none(own_app: FastAPI, accounts: dict[Role, str]) -> None:
    planner = signed_in(own_app, accounts[Role.PLANNER])
    assert counted(shown(planner, f"{LIST}&beoordeling=x")) == counted(shown(planner, LIST))
