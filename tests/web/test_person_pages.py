"""Requests of people: everything, corrected, only kept; no number on a page, and each step in the log."""

import io
import json
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from visitor import Visitor

from registry import clock
from registry.accounts.rights import Role
from registry.intake.withdraw import withdraw_run
from registry.privacy.person_terms import person_terms
from registry.privacy.retention import shipped_terms, terms_on
from registry.privacy.subjects import Inzage
from registry.store.queries.access import read_accesses
from registry.store.queries.signal_list import Filter, list_signals
from registry.store.tables.registers import bewoning, persoonslijsten
from registry.store.tables.tasks import taken

ASK = {"zaak": "AVG-7"}


@pytest.fixture(scope="module")
def crowded(app: FastAPI) -> tuple[str, str]:
    """The BSN of somebody in an overcrowded dwelling, and the dwelling."""
    store = app.state.web.store
    with store.read() as connection:
        found = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today())
        object_id = found.rows[0]["adresseerbaar_object_id"]
        query = (
            sa.select(persoonslijsten.c.bsn_versleuteld)
            .join(bewoning, bewoning.c.persoonslijst == persoonslijsten.c.persoonslijst)
            .where(bewoning.c.adresseerbaar_object_id == object_id, bewoning.c.valid_until.is_(None))
            .where(bewoning.c.superseded_run_id.is_(None))
        )
        sealed = connection.execute(query.order_by(persoonslijsten.c.persoonslijst).limit(1)).scalar_one()
    return app.state.web.cipher.decrypt(sealed), object_id


@pytest.fixture
def officer(visit: Callable[..., Visitor]) -> Visitor:
    return visit(Role.PRIVACY)


def person(officer: Visitor, bsn: str) -> str:
    page = officer.post("/betrokkenen/persoon", {"bsn": bsn, **ASK})
    assert page.status_code == 200
    return str(page.text)


def sealed(page: str) -> str:
    return re.findall(r'name="wie" value="([^"]+)"', page)[0]


def last_access(app: FastAPI, email: str) -> tuple[str, str, str | None]:
    with app.state.web.store.read() as connection:
        row = [one.access for one in read_accesses(connection) if one.access.gebruiker == email][-1]
    return row.handeling, row.verwerking, row.zaak


def test_everything_about_one_person_without_his_number(
    app: FastAPI, officer: Visitor, crowded: tuple[str, str]
) -> None:
    bsn, object_id = crowded
    page = person(officer, bsn)
    assert bsn not in page
    assert object_id in page
    assert "Overbewoning" in page
    assert "Verzoek AVG-7" in page
    assert last_access(app, officer.email) == ("verstrekken", "rechten_betrokkenen", "AVG-7")


def test_the_answer_comes_as_a_file(app: FastAPI, officer: Visitor, crowded: tuple[str, str]) -> None:
    bsn, object_id = crowded
    token = sealed(person(officer, bsn))
    book = officer.post("/betrokkenen/bestand", {"wie": token, "vorm": "xlsx", **ASK})
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    values = {cell for row in sheets["bewoning"].iter_rows(values_only=True) for cell in row}
    assert object_id in values
    told = json.loads(officer.post("/betrokkenen/bestand", {"wie": token, "vorm": "json", **ASK}).content)
    assert {"bewoning", "persoonslijsten", "wie uw gegevens zag"} <= set(told)
    assert bsn not in json.dumps(told)
    assert last_access(app, officer.email) == ("verstrekken", "rechten_betrokkenen", "AVG-7")


@pytest.mark.parametrize(("typed", "text"), [("1234", "negen cijfers"), ("123456782", "bevat niets over deze persoon")])
def test_who_is_not_known_is_told_so(officer: Visitor, typed: str, text: str) -> None:
    answer = officer.post("/betrokkenen/persoon", {"bsn": typed})
    assert answer.status_code == 400
    assert text in answer.text
    assert typed not in answer.text


def test_a_correction_changes_what_the_rules_say(app: FastAPI, officer: Visitor, crowded: tuple[str, str]) -> None:
    bsn, object_id = crowded
    form = {"wie": sealed(person(officer, bsn)), "woning": object_id, "feit": "gemeten_oppervlakte", **ASK}
    wrong = officer.post(
        "/betrokkenen/verbeteren", form | {"waarde": "veel", "vanaf": "2010-01-01", "bewijs": "Meetrapport"}
    )
    assert wrong.status_code == 400
    assert "Niet vastgelegd." in wrong.text
    good = form | {"waarde": "500", "vanaf": "2010-01-01", "bewijs": "Meetrapport"}
    elsewhere = officer.post("/betrokkenen/verbeteren", good | {"woning": "0" * 16})
    assert "Kies een woning van deze persoon." in elsewhere.text
    made = officer.post("/betrokkenen/verbeteren", good)
    assert made.status_code == 303
    path = made.headers["location"]
    again = officer.post("/betrokkenen/verbeteren", good)
    run = int(path.rsplit("/", 1)[1])
    page = officer.get(path).text
    withdraw_run(app.state.web.store, run)
    assert "al zo vastgelegd" in again.text
    row = page[page.index("Overbewoning") :]
    assert re.findall(r"utrecht-status-badge--\w+\">([^<]+)<", row)[:3] == ["anders", "signaal", "geen signaal"]
    assert "ingetrokken" in officer.get(path).text
    assert officer.get("/betrokkenen/verbetering/1").status_code == 404  # a run that brought no vaststelling


def test_data_is_only_kept_until_that_ends(app: FastAPI, officer: Visitor, crowded: tuple[str, str]) -> None:
    bsn, _ = crowded
    token = sealed(person(officer, bsn))
    refused = officer.post("/betrokkenen/beperken", {"wie": token, "grond": "z", "reden": "Betwist", **ASK})
    assert refused.status_code == 400
    done = officer.post(
        "/betrokkenen/beperken", {"wie": token, "grond": "a", "reden": "Betwist de inschrijving", "toetsen": "true"}
    )
    assert done.headers["location"] == "/betrokkenen?klaar=beperkt"
    assert "Betwist de inschrijving" in officer.get("/betrokkenen").text
    assert "De gegevens worden alleen bewaard" in person(officer, bsn)
    with app.state.web.store.read() as connection:
        task = connection.execute(sa.select(taken).order_by(taken.c.taak_id.desc()).limit(1)).mappings().one()
    assert (task["soort"], task["auteur"]) == ("toetsing", officer.email)
    freed = officer.post("/betrokkenen/opheffen", {"wie": token, "reden": "Gegevens verbeterd"})
    assert freed.headers["location"] == "/betrokkenen?klaar=opgeheven"
    second = officer.post("/betrokkenen/opheffen", {"wie": token, "reden": "Gegevens verbeterd"})
    assert second.status_code == 409
    with app.state.web.store.write_transaction() as connection:
        connection.execute(taken.delete().where(taken.c.auteur == officer.email))


def test_when_what_must_be_gone_follows_from_what_is_held() -> None:
    terms = terms_on(shipped_terms(), date(2026, 1, 1))

    def told(*stays: dict[str, object]) -> dict[str, date | None]:
        given = Inzage(
            clock.local_now(), {"bewoning": list(stays)}, [{"peildatum": date(2025, 8, 31)}], [], beperkt=False
        )
        return {one.naam: one.vanaf for one in person_terms(given, terms)}

    left = {"persoonslijst": "u", "valid_until": date(2024, 2, 29)}
    earlier = {"persoonslijst": "u", "valid_until": date(2020, 1, 1)}
    assert told(earlier, left) == {
        "Inschrijvingen (BRP)": date(2029, 2, 28),
        "Uitkomsten van toetsingen": date(2026, 2, 28),
    }
    assert told(left, {"persoonslijst": "u"})["Inschrijvingen (BRP)"] is None
