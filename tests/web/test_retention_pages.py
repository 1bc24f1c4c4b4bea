"""Retention: a page destroys nothing by being read, what it said is what goes, and there is a record of it."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import openpyxl
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from visitor import Visitor

from registry.accounts.rights import Role
from registry.store.queries.access import read_accesses
from registry.store.queries.tasks import DONE, find_task
from registry.store.tables.rights import vernietigingen
from registry.store.tables.tasks import taken
from registry.tasks.queue import WorkFolder
from registry.tasks.work import Workshop, do_task

OLD = datetime(2024, 1, 15, tzinfo=UTC)


@pytest.fixture
def old_tasks(app: FastAPI) -> int:
    """Two tasks that ended long ago; how many are due."""
    values = {"soort": "toetsing", "opdracht": "{}", "status": DONE, "pogingen": 1, "auteur": "oud", "gevraagd_op": OLD}
    with app.state.web.store.write_transaction() as connection:
        connection.execute(taken.delete().where(taken.c.auteur == "oud"))
        connection.execute(taken.insert(), [values | {"klaar_op": OLD}] * 2)
    return 2


def left(app: FastAPI) -> int:
    with app.state.web.store.read() as connection:
        query = sa.select(sa.func.count()).select_from(taken).where(taken.c.auteur == "oud")
        return int(connection.execute(query).scalar_one())


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


def test_what_a_page_said_is_destroyed_with_a_record(
    app: FastAPI, visit: Callable[..., Visitor], old_tasks: int
) -> None:
    visitor = visit(Role.PRIVACY)
    page = visitor.get("/bewaartermijnen/taken").text
    assert f'name="gezien" value="{old_tasks}"' in page
    assert left(app) == old_tasks
    unsure = visitor.post("/bewaartermijnen/taken", {"gezien": old_tasks})
    assert unsure.status_code == 400
    assert "niet terug te draaien" in unsure.text
    other = visitor.post("/bewaartermijnen/taken", {"gezien": old_tasks + 1, "zeker": "true"})
    assert other.status_code == 409
    asked = visitor.post("/bewaartermijnen/taken", {"gezien": old_tasks, "zeker": "true"})
    assert asked.headers["location"] == "/bewaartermijnen"
    assert "wordt uitgevoerd" in visitor.get("/bewaartermijnen").text
    twice = visitor.post("/bewaartermijnen/taken", {"gezien": old_tasks, "zeker": "true"})
    assert "al gevraagd" in twice.text
    assert left(app) == old_tasks
    do_last(app)
    assert left(app) == 0
    [number] = re.findall(r"/bewaartermijnen/verklaringen/(\d+)", visitor.get("/bewaartermijnen").text)[:1]
    record = visitor.get(f"/bewaartermijnen/verklaringen/{number}").text
    assert visitor.email in record
    assert f"taken: {old_tasks}" in record
    with app.state.web.store.read() as connection:
        logged = [row.access for row in read_accesses(connection) if row.access.handeling == "vernietigen"][-1]
    assert (logged.gebruiker, logged.rol) == (visitor.email, "privacy")


def test_the_records_come_as_a_file(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    answer = visit(Role.PRIVACY).get("/bewaartermijnen/verklaringen")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Vernietigingen"]
    with app.state.web.store.read() as connection:
        numbers = set(connection.execute(sa.select(vernietigingen.c.vernietiging_id)).scalars())
    written = {row[0] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True) if isinstance(row[0], int)}
    assert written == numbers


def test_what_waits_for_the_municipality_cannot_be_asked(visit: Callable[..., Visitor]) -> None:
    visitor = visit(Role.PRIVACY)
    answer = visitor.post("/bewaartermijnen/zaken_met_sanctie", {"gezien": 0, "zeker": "true"})
    assert answer.status_code == 409
    assert "niet is vastgesteld" in answer.text
    assert visitor.get("/bewaartermijnen/bestaat_niet").status_code == 404
