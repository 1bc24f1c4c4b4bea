"""Assessing a signal, terms and yields on pages: the second who assesses is told, and areas hold."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from visitor import Visitor

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.store.queries.assessments import read_assessments
from registry.store.queries.signal_list import Filter, list_signals


@pytest.fixture(scope="module")
def signals(app: FastAPI) -> list[dict[str, Any]]:
    with app.state.web.store.read() as connection:
        return list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows


def elsewhere(app: FastAPI, visit: Callable[..., Visitor], email: str, rol: Role) -> Visitor:
    """Somebody who works where no dwelling of this town lies."""
    add_account(app.state.web.store, email, "Elders", [rol], auteur="test", gebieden=["BU99999999"])
    return visit(email=email)


def test_a_signal_is_assessed_and_the_second_is_told(
    app: FastAPI, visit: Callable[..., Visitor], signals: list[dict[str, Any]]
) -> None:
    path = f"/signalen/{signals[0]['bewijs']}"
    first, second = visit(Role.JURIST), visit(Role.INSPECTEUR)
    seen = re.search(r'name="gezien" value="(\d+)"', first.get(path).text).group(1)
    judged = {"gezien": seen, "oordeel": "weerlegd", "reden": "een_huishouden", "toelichting": "Een gezin"}
    assert first.post(path, judged).status_code == 303
    shown = first.get(path).text
    assert "Weerlegd" in shown
    assert "Een gezin" in shown
    late = second.post(path, {"gezien": seen, "oordeel": "bevestigd", "toelichting": "Zes mensen geteld"})
    assert late.status_code == 409
    told = re.search(rf"intussen beoordeeld door {first.email} op (\d\d-\d\d-\d{{4}} om \d\d:\d\d):", late.text)
    moment = datetime.strptime(told.group(1), "%d-%m-%Y om %H:%M")  # noqa: DTZ007 (as a Dutch clock shows it)
    assert timedelta(0) <= clock.local_now() - moment < timedelta(minutes=10)
    assert f", {moment:%H:%M}, {first.email} (versie" in late.text
    assert "Zes mensen geteld</textarea>" in late.text
    with app.state.web.store.read() as connection:
        assert "Zes mensen geteld" not in read_assessments(connection)["toelichting"].to_list()
    newest = re.search(r'name="gezien" value="(\d+)"', late.text).group(1)
    judged = {"gezien": newest, "oordeel": "bevestigd", "toelichting": "Zes mensen geteld"}
    assert second.post(path, judged).status_code == 303


def test_what_is_missing_is_told_at_the_field(visit: Callable[..., Visitor], signals: list[dict[str, Any]]) -> None:
    jurist, path = visit(Role.JURIST), f"/signalen/{signals[1]['bewijs']}"
    answer = jurist.post(path, {"oordeel": "weerlegd", "toelichting": "Dat klopt niet"})
    assert answer.status_code == 400
    assert 'id="f-reden-fout"' in answer.text
    assert "Dat klopt niet</textarea>" in answer.text
    answer = jurist.post(path, {"oordeel": "overgedragen", "toelichting": "Naar bouwtoezicht"})
    assert 'id="f-aan-fout"' in answer.text
    answer = jurist.post(path, {"oordeel": "bevestigd", "toelichting": "Gezien", "bezoek": "bestaat-niet"})
    assert answer.status_code == 400
    assert "Er is geen bezoek met nummer" in answer.text
    assert "Nog niemand heeft" in jurist.get(path).text


def test_a_planner_reads_a_signal_but_does_not_assess(
    app: FastAPI, visit: Callable[..., Visitor], signals: list[dict[str, Any]]
) -> None:
    path = f"/signalen/{signals[2]['bewijs']}"
    planner = visit(Role.PLANNER)
    assert "Uw oordeel" not in planner.get(path).text
    assert planner.post(path, {"oordeel": "bevestigd", "toelichting": "Mag niet"}).status_code == 404
    assert planner.get("/signalen/bestaat-niet").status_code == 404
    other = elsewhere(app, visit, "inspecteur-elders-beoordeling@testdam.nl", Role.INSPECTEUR)
    assert other.get(path).status_code == 404
    assert other.post(path, {"oordeel": "bevestigd", "toelichting": "Mag niet"}).status_code == 404


def test_deadlines_name_their_source_and_keep_to_areas(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    shown = visit(Role.JURIST).get("/termijnen?alle=ja").text
    assert "Huisvestingswet" in shown
    assert "/woningen/" in shown
    wrong = visit(Role.JURIST).get("/termijnen?dagen=morgen")
    assert wrong.status_code == 400
    assert "Vul een heel getal in" in wrong.text
    other = elsewhere(app, visit, "jurist-elders-termijnen@testdam.nl", Role.JURIST)
    assert "/woningen/" not in other.get("/termijnen?alle=ja").text


def test_yields_are_shown_with_their_interval(visit: Callable[..., Visitor]) -> None:
    beleid = visit(Role.BELEID)
    shown = beleid.get("/opbrengst?per=buurt")
    assert shown.status_code == 200
    assert "Opbrengst van bezoeken" in shown.text
    wrong = beleid.get("/opbrengst?van=2026-02-01&tot_en_met=2026-01-01")
    assert wrong.status_code == 400
    assert "eindigt voordat zij begint" in wrong.text
    assert beleid.get("/opbrengst?van=gisteren").status_code == 400
