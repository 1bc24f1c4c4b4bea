"""Rows that wait: a choice on a page does what the command does, by a worker, and may be taken back."""

import io
from collections.abc import Callable

import openpyxl
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from visitor import Visitor

from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.intake.review import list_decisions, list_open
from registry.store.queries.access import read_accesses
from registry.store.queries.runs import list_runs
from registry.store.queries.tasks import DONE, find_task
from registry.store.tables.tasks import taken
from registry.tasks.queue import WorkFolder
from registry.tasks.work import Workshop, do_task


@pytest.fixture
def planner(visit: Callable[..., Visitor]) -> Visitor:
    return visit(Role.PLANNER)


def waiting(app: FastAPI) -> list[dict[str, object]]:
    with app.state.web.store.read() as connection:
        return list_open(connection).to_dicts()


def do_last(app: FastAPI) -> None:
    web = app.state.web
    with web.store.read() as connection:
        number = connection.execute(sa.select(sa.func.max(taken.c.taak_id))).scalar_one()
        task = find_task(connection, number)
    assert task is not None
    shop = Workshop(web.store, WorkFolder(web.settings.werkmap), web.cipher, web.access_log, web.law, keep_names=False)
    do_task(shop, task)
    with web.store.write_transaction() as connection:
        connection.execute(taken.update().where(taken.c.taak_id == number).values(status=DONE))


def test_the_page_lists_what_waits(app: FastAPI, planner: Visitor) -> None:
    page = planner.get("/te-beoordelen").text
    rows = waiting(app)
    assert rows
    assert all(f'href="/te-beoordelen/{row["issue_id"]}"' in page for row in rows[:25])
    assert planner.get("/te-beoordelen/999999").status_code == 404
    only = planner.get("/te-beoordelen?bron=inspecties").text
    others = [row for row in rows if row["bron"] != "inspecties"]
    assert all(f'href="/te-beoordelen/{row["issue_id"]}"' not in only for row in others)


def test_a_choice_brings_the_row_in_and_is_taken_back(app: FastAPI, planner: Visitor) -> None:
    row = next(one for one in waiting(app) if one["kandidaten"] and one["bron"] == "inspecties")
    path, object_id = f"/te-beoordelen/{row['issue_id']}", str(row["kandidaten"][1])[:16]
    assert planner.post(path, {"reden": "Op de foto te zien"}).status_code == 400
    unknown = planner.post(path, {"ander": "9" * 16, "reden": "Op de foto te zien"})
    assert unknown.status_code == 409
    done = planner.post(path, {"kandidaat": object_id, "reden": "Op de foto te zien"})
    assert done.headers["location"] == "/te-beoordelen"
    twice = planner.post(path, {"kandidaat": object_id, "reden": "Op de foto te zien"})
    assert twice.status_code == 409
    assert "wordt verwerkt" in planner.get(path).text
    do_last(app)
    assert row["issue_id"] not in {one["issue_id"] for one in waiting(app)}
    assert planner.get(path).status_code == 404
    with app.state.web.store.read() as connection:
        [decision] = list_decisions(connection).filter(adresvorm=row["adresvorm"]).to_dicts()
    assert (decision["adresseerbaar_object_id"], decision["auteur"]) == (object_id, planner.email)
    back = f"/te-beoordelen/besluiten/{decision['besluit_id']}"
    assert row["adres"] in planner.get(back).text
    assert planner.post(back, {"reden": ""}).status_code == 400
    assert planner.post(back, {"reden": "Toch een andere"}).status_code == 303
    do_last(app)
    assert planner.get(back).status_code == 404
    assert row["adresvorm"] in {one["adresvorm"] for one in waiting(app)}


def test_what_was_set_aside_comes_as_a_file_and_is_written_down(app: FastAPI, planner: Visitor) -> None:
    with app.state.web.store.read() as connection:
        run = next(one["run"] for one in list_runs(connection) if one["bron"] == "brp" and one["uitval"])
    assert f'href="/te-beoordelen/uitval/{run}"' in planner.get("/te-beoordelen").text
    answer = planner.get(f"/te-beoordelen/uitval/{run}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Uitval"]
    assert sheet.max_row > 1
    assert planner.get("/te-beoordelen/uitval/999999").status_code == 404
    with app.state.web.store.read() as connection:
        logged = [row.access for row in read_accesses(connection) if row.access.gebruiker == planner.email][-1]
    assert (logged.handeling, logged.toelichting) == ("exporteren", f"uitval van run {run}")


def test_who_plans_for_some_areas_sees_none_of_it(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    add_account(app.state.web.store, "wijk@testdam.nl", "Wijk", [Role.PLANNER], gebieden=["BU00000001"], auteur="test")
    visitor = visit(email="wijk@testdam.nl")
    assert "/te-beoordelen" not in visitor.get("/").text
    for path in ("/te-beoordelen", f"/te-beoordelen/{waiting(app)[0]['issue_id']}", "/te-beoordelen/uitval/1"):
        assert visitor.get(path).status_code == 404, path


def test_the_page_of_an_import_leads_only_who_may_read_rows_to_them(
    app: FastAPI, visit: Callable[..., Visitor]
) -> None:
    with app.state.web.store.read() as connection:
        run = next(one["run"] for one in list_runs(connection) if one["uitval"])
    assert "/te-beoordelen/uitval" not in visit(Role.BEHEERDER).get(f"/imports/{run}").text
    both = add_account(
        app.state.web.store, "beide@testdam.nl", "Beide", [Role.BEHEERDER, Role.PLANNER], auteur="test"
    ).email
    assert f"/te-beoordelen/uitval/{run}" in visit(email=both).get(f"/imports/{run}").text
