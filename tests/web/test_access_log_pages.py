"""The log for the privacy officer: what a filter says is what the log says, and no number of a person is anywhere."""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from visitor import Visitor

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.privacy.access import Access, Betrokkenen, Gebruiker, Handeling
from registry.store.queries.access import SealedAccess, read_accesses
from registry.store.queries.access_list import LogFilter, list_accesses, list_users
from registry.store.tables.privacy import toegangen
from registry.store.tables.registers import persoonslijsten


@pytest.fixture(scope="module")
def person(app: FastAPI) -> tuple[str, str]:
    """Somebody's BSN and persoonslijst."""
    with app.state.web.store.read() as connection:
        query = sa.select(persoonslijsten.c.bsn_versleuteld, persoonslijsten.c.persoonslijst)
        sealed, key = connection.execute(query.order_by(persoonslijsten.c.persoonslijst).limit(1)).one()
    return app.state.web.cipher.decrypt(sealed), key


@pytest.fixture(scope="module")
def looked(app: FastAPI, person: tuple[str, str]) -> list[SealedAccess]:
    """Somebody looked at that person, twice, and at another one."""
    log = app.state.web.access_log
    for zaak, key in (("Z-1", person[1]), ("Z-2", person[1]), ("Z-2", "f" * 64)):
        who = Betrokkenen(persoonslijsten=[key])
        log.record(Access(Gebruiker("kijker@testdam.nl"), Handeling.INZIEN, "handhavingszaak", who, zaak=zaak))
    with app.state.web.store.read() as connection:
        return [row for row in read_accesses(connection) if row.access.gebruiker == "kijker@testdam.nl"]


def numbers(text: str) -> list[int]:
    return [int(one) for one in re.findall(r'<th scope="row" class="wr-number[^>]*>(\d+)</th>', text)]


def option(text: str, label: str) -> str:
    found = re.search(rf'<option value="([^"]+)"[^>]*>{re.escape(label)}</option>', text)
    assert found, label
    return found.group(1)


def test_filters_say_what_the_log_says(visit: Callable[..., Visitor], looked: list[SealedAccess]) -> None:
    visitor = visit(Role.PRIVACY)
    short = option(visitor.get("/logboek").text, "kijker@testdam.nl")
    assert "@" not in short
    everything = [row.volgnummer for row in reversed(looked)]
    assert numbers(visitor.get(f"/logboek?wie={short}").text) == everything
    assert numbers(visitor.get(f"/logboek?wie={short}&zaak=Z-2").text) == everything[:2]
    today = clock.today()
    assert numbers(visitor.get(f"/logboek?wie={short}&van={today}").text) == everything
    assert numbers(visitor.get(f"/logboek?wie={short}&tot={today}").text) == []
    assert numbers(visitor.get(f"/logboek?wie={short}&handeling=exporteren").text) == []
    assert numbers(visitor.get(f"/logboek?wie={short}&verwerking=handhavingszaak").text) == everything


def test_a_day_begins_at_midnight_in_the_netherlands(app: FastAPI) -> None:
    midnight = datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)
    log, gebruiker = app.state.web.access_log, Gebruiker("middernacht@testdam.nl")
    for moment in (midnight - timedelta(seconds=1), midnight):
        log.record(Access(gebruiker, Handeling.BEHEREN, "beheer"), moment=moment)
    with app.state.web.store.read() as connection:
        assert "middernacht@testdam.nl" in list_users(connection)
        for wanted, expected in (
            ({"van": date(2026, 7, 1)}, [midnight]),
            ({"tot": date(2026, 7, 1)}, [midnight - timedelta(seconds=1)]),
        ):
            found = list_accesses(connection, LogFilter(gebruiker="middernacht@testdam.nl", **wanted), page=1).rows
            assert [row["tijdstip"].replace(tzinfo=UTC) for row in found] == expected


def test_pages_hold_every_row_once(app: FastAPI, looked: list[SealedAccess]) -> None:
    with app.state.web.store.read() as connection:
        all_at_once = list_accesses(connection, LogFilter(), page=1, size=10_000).rows
        pages = list_accesses(connection, LogFilter(), page=1, size=7).pages
        parts = [
            row for n in range(1, pages + 1) for row in list_accesses(connection, LogFilter(), page=n, size=7).rows
        ]
    assert [row["volgnummer"] for row in parts] == [row["volgnummer"] for row in all_at_once]
    assert len(parts) >= len(looked)


def test_who_looked_at_one_person_comes_by_post_only(
    app: FastAPI, visit: Callable[..., Visitor], person: tuple[str, str], looked: list[SealedAccess]
) -> None:
    visitor, (bsn, key) = visit(Role.PRIVACY), person
    page = visitor.post("/logboek/persoon", {"bsn": f" {bsn[:4]}.{bsn[4:]} "}).text
    about = [row.volgnummer for row in reversed(looked) if ("persoonslijst", key) in row.betrokkenen]
    assert [one for one in numbers(page) if one in {row.volgnummer for row in looked}] == about
    assert bsn not in page
    assert key not in page
    [sealed] = re.findall(r'name="wie" value="([^"]+)"', page)
    file = visitor.post("/logboek/persoon/bestand", {"wie": sealed})
    sheet = openpyxl.load_workbook(io.BytesIO(file.content))["Toegangslog"]
    written = {row[0] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)}
    assert {str(one) for one in about} <= {str(one) for one in written}
    assert bsn.encode() not in file.content
    # What was sealed for one account opens for no other, and not when it was changed.
    other = visit(email=add_privacy(app))
    assert other.post("/logboek/persoon/bestand", {"wie": sealed}).status_code == 400
    assert visitor.post("/logboek/persoon", {"wie": f"{sealed[:-6]}AAAAAA"}).status_code == 400


def add_privacy(app: FastAPI) -> str:
    return add_account(app.state.web.store, "fg2@testdam.nl", "FG twee", [Role.PRIVACY], auteur="test").email


@pytest.mark.parametrize("typed", ["123456789", "12345", "x", ""])
def test_what_is_no_bsn_is_told_and_not_repeated(visit: Callable[..., Visitor], typed: str) -> None:
    answer = visit(Role.PRIVACY).post("/logboek/persoon", {"bsn": typed})
    assert answer.status_code == 400
    assert "burgerservicenummer" in answer.text
    assert not typed.isdecimal() or typed not in answer.text


def test_reading_the_log_is_written_down(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    visitor = visit(Role.PRIVACY)
    visitor.get("/logboek?zaak=Z-1")
    visitor.get("/logboek/bestand?zaak=Z-1")
    with app.state.web.store.read() as connection:
        rows = [row.access for row in read_accesses(connection) if row.access.gebruiker == visitor.email]
    assert [(row.handeling, row.verwerking, row.toelichting) for row in rows[-2:]] == [
        ("inzien", "toezicht_verwerking", "toegangslog, gefilterd op zaak"),
        ("exporteren", "toezicht_verwerking", "toegangslog, gefilterd op zaak"),
    ]


def test_a_changed_row_breaks_the_chain_on_the_page(
    app: FastAPI, visit: Callable[..., Visitor], looked: list[SealedAccess]
) -> None:
    store, visitor = app.state.web.store, visit(Role.PRIVACY)
    row = looked[0]
    assert "De keten is heel" in visitor.get("/logboek/controle").text

    def write(zaak: str | None) -> None:
        with store.write_transaction() as connection:
            connection.execute(toegangen.update().where(toegangen.c.volgnummer == row.volgnummer).values(zaak=zaak))

    write("Z-9")
    broken = visitor.get("/logboek/controle").text
    write(row.access.zaak)
    assert f"Regel {row.volgnummer} is gewijzigd." in broken
    assert "De keten is heel" in visitor.get("/logboek/controle").text
