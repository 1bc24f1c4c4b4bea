"""Pages of owners: the figures of the owner view, no name of a person without a purpose, only one's own areas."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from fastapi import FastAPI
from visitor import Visitor

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.privacy.access import Gebruiker
from registry.privacy.subjects import Subject, lift_restriction, restrict
from registry.stock.owner_book import CONFIRMED, OwnerBook, Wanted, inside, list_owners, read_marks
from registry.stock.owner_page import read_owner
from registry.stock.owner_view import read_owner_view
from registry.stock.records import OBJECT
from registry.store.queries.access import SealedAccess, read_accesses
from registry.store.queries.runs import last_run
from registry.web.figures import records_of
from registry.web.pages import owners
from registry.web.policy_figures import owner_book

SHARED = ["woningen", "verhuurd", "erbij", "eraf", "aankopen", "bewoners", "verloop"]


@pytest.fixture(scope="module")
def book(app: FastAPI) -> OwnerBook:
    return owner_book(app.state.web, clock.today())


@pytest.fixture(scope="module")
def marks(app: FastAPI) -> pl.DataFrame:
    with app.state.web.store.read() as connection:
        return read_marks(connection, op=clock.today(), known=last_run(connection))


@pytest.fixture(scope="module")
def landlord(book: OwnerBook, marks: pl.DataFrame) -> str:
    """A natural person who lets dwellings."""
    found = list_owners(book, marks, Wanted(soort="particulier", orde="verhuurd"), within=None, hidden=())
    return str(found.rows["owner"][0])


def accesses(app: FastAPI, email: str) -> list[SealedAccess]:
    with app.state.web.store.read() as connection:
        return [row for row in read_accesses(connection) if row.access.gebruiker == email]


def everyone(book: OwnerBook, marks: pl.DataFrame) -> pl.DataFrame:
    pages = list_owners(book, marks, Wanted(), within=None, hidden=()).pages
    parts = [list_owners(book, marks, Wanted(pagina=n), within=None, hidden=()).rows for n in range(1, pages + 1)]
    return pl.concat(parts)


def test_the_list_says_what_the_view_of_policy_says(app: FastAPI, book: OwnerBook, marks: pl.DataFrame) -> None:
    with app.state.web.store.read() as connection:
        view = read_owner_view(connection, app.state.web.law, op=clock.today(), known=last_run(connection))
    listed = everyone(book, marks).select("owner", "soort", "klasse", *SHARED).sort("owner")
    told = view.owners.rename({"sleutel": "owner"}).filter(pl.col("woningen") > 0)
    assert book.since == view.since
    assert listed.to_dicts() == told.select(listed.columns).sort("owner").to_dicts()


def test_filters_hold_and_orders_descend(book: OwnerBook, marks: pl.DataFrame) -> None:
    companies = list_owners(book, marks, Wanted(soort="bedrijf", orde="verhuurd"), within=None, hidden=())
    assert set(companies.rows["soort"]) == {"bedrijf"}
    assert companies.rows["verhuurd"].is_sorted(descending=True)
    crowded = list_owners(book, marks, Wanted(signaal="overbewoning"), within=None, hidden=())
    objects = set(marks.filter(regel="overbewoning", soort="signaal")[OBJECT])
    owners = set(book.holdings.filter(pl.col(OBJECT).is_in(objects))["owner"])
    assert crowded.total == len(owners) > 0
    landlords = list_owners(book, marks, Wanted(landlords=True), within=None, hidden=())
    assert 0 < landlords.total < list_owners(book, marks, Wanted(), within=None, hidden=()).total
    assert list_owners(book, marks.clear(), Wanted(signaal=CONFIRMED), within=None, hidden=()).total == 0


def test_what_one_owner_had_adds_up(book: OwnerBook, marks: pl.DataFrame) -> None:
    rows = everyone(book, marks)
    for row in rows.head(20).to_dicts():
        found = read_owner(book, marks, row["owner"], within=None)
        assert found is not None
        assert {name: found.totals[name] for name in (*SHARED, "signalen", "bevestigd")} == {
            name: row[name] for name in (*SHARED, "signalen", "bevestigd")
        }
        assert len(found.purchases) == row["aankopen"]
        assert {one[OBJECT] for one in found.holdings} <= {one[OBJECT] for one in found.history}


def test_before_somebody_bought_it_was_not_his(app: FastAPI, book: OwnerBook, marks: pl.DataFrame) -> None:
    exact = (pl.col("valid_from_eerste") == pl.col("valid_from_laatste")) & (
        pl.col("valid_from_eerste").dt.year() > 2015
    )
    once = book.rights.filter(pl.len().over("owner", OBJECT) == 1)
    bought = once.filter(exact).join(book.holdings, on=["owner", OBJECT], how="semi").row(0, named=True)
    day: date = bought["valid_from_eerste"]
    for op, expected in ((day, True), (day - timedelta(days=1), False)):
        found = read_owner(owner_book(app.state.web, op), marks, bought["owner"], within=None)
        assert found is not None
        assert (bought[OBJECT] in {one[OBJECT] for one in found.holdings}) is expected


def test_a_person_has_no_name_in_the_list_and_a_company_has(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    visitor = visit(Role.PLANNER)
    people = visitor.get("/eigenaren?soort=particulier&wie=allen").text
    listed = re.findall(r'href="/eigenaren/([0-9a-f]{16})">([^<]+)</a>', people)
    assert listed
    assert all(text == f"Eigenaar {key[:8]}" for key, text in listed)
    assert " BV</a>" in visitor.get("/eigenaren?soort=bedrijf").text
    last = accesses(app, visitor.email)[-2]
    assert (last.access.verwerking, last.access.handeling) == ("toezicht_huisvestingswet", "inzien")
    assert {key for key, _ in listed} <= {pseudonym[:16] for _, pseudonym in last.betrokkenen}


def test_a_name_that_is_kept_does_not_show_by_itself(
    visit: Callable[..., Visitor], book: OwnerBook, landlord: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = replace(book, owners=book.owners.with_columns(naam=pl.lit("Geheimpje")))
    monkeypatch.setattr(owners, "owner_book", lambda _web, _day: named)
    visitor = visit(Role.JURIST)
    assert "Geheimpje" in visitor.get("/eigenaren?soort=bedrijf").text
    assert "Geheimpje" not in visitor.get("/eigenaren?soort=particulier").text
    assert "Geheimpje" not in visitor.get(f"/eigenaren/{landlord[:16]}").text


def test_who_it_is_shows_only_for_a_purpose_and_a_case(
    app: FastAPI, visit: Callable[..., Visitor], landlord: str
) -> None:
    visitor, path = visit(Role.JURIST), f"/eigenaren/{landlord[:16]}"
    told = "Naam niet bewaard"  # the demo keeps no names of people
    assert told not in visitor.get(path).text
    refused = visitor.post(f"{path}/naam", {"doel": "", "zaak": " "}, page=path)
    assert refused.status_code == 400
    assert "Vul het kenmerk van de zaak in." in refused.text
    assert told not in refused.text
    assert told in visitor.post(f"{path}/naam", {"doel": "handhavingszaak", "zaak": "Z-7"}, page=path).text
    logged = accesses(app, visitor.email)[-1]
    assert (logged.access.zaak, logged.access.verwerking) == ("Z-7", "handhavingszaak")
    assert ("rechthebbende", landlord) in logged.betrokkenen


def test_an_owner_shows_only_in_ones_own_areas(
    app: FastAPI, visit: Callable[..., Visitor], book: OwnerBook, marks: pl.DataFrame
) -> None:
    web = app.state.web
    buurten = records_of(web).ligging.filter(pl.col("soort") == "buurt")
    code = buurten["gebied_code"][0]
    within = inside(records_of(web), {code}, on=clock.today())
    assert within is not None
    here = set(book.holdings.join(within, on=OBJECT, how="semi")["owner"])
    ever = set(book.rights.join(within, on=OBJECT, how="semi")["owner"])
    elsewhere = next(owner for owner in sorted(set(book.holdings["owner"])) if owner not in ever)
    add_account(web.store, "buurt-eigenaren@testdam.nl", "Buurt", [Role.PLANNER], gebieden=[code], auteur="test")
    visitor = visit(email="buurt-eigenaren@testdam.nl")
    assert visitor.get(f"/eigenaren/{elsewhere[:16]}").status_code == 404
    both = next(
        owner for owner in sorted(here) if book.holdings.filter(owner=owner).join(within, on=OBJECT, how="anti").height
    )
    page = visitor.get(f"/eigenaren/{both[:16]}").text
    shown = set(re.findall(r"/woningen/(\d{16})", page))
    assert shown
    assert shown <= set(within[OBJECT])
    assert f'<strong class="wr-number">{len(here)}</strong>' in visitor.get("/eigenaren?wie=allen").text


def test_whose_data_may_only_be_kept_is_shown_nowhere(
    app: FastAPI, visit: Callable[..., Visitor], landlord: str
) -> None:
    web, visitor = app.state.web, visit(Role.PLANNER)
    path = f"/eigenaren/{landlord[:16]}"
    assert visitor.get(path).status_code == 200
    subject = Subject(frozenset(), frozenset({landlord}), frozenset())
    options = {"gebruiker": Gebruiker("fg@testdam.nl"), "log": web.access_log}
    restrict(web.store, subject, grond="a", reden="proef", **options)
    assert visitor.get(path).status_code == 404
    assert landlord[:16] not in visitor.get("/eigenaren?soort=particulier").text
    lift_restriction(web.store, subject, reden="proef", **options)
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("kenmerk", ["000001028", "f" * 16, "12345678"])
def test_only_a_key_of_an_owner_opens_a_page(visit: Callable[..., Visitor], kenmerk: str) -> None:
    assert visit(Role.PLANNER).get(f"/eigenaren/{kenmerk}").status_code == 404


def test_a_lawyer_opens_a_case_about_an_owner(
    app: FastAPI, visit: Callable[..., Visitor], book: OwnerBook, marks: pl.DataFrame
) -> None:
    crowded = list_owners(book, marks, Wanted(signaal="overbewoning"), within=None, hidden=()).rows["owner"][0]
    visitor, path = visit(Role.JURIST), f"/eigenaren/{crowded[:16]}"
    assert visitor.post(f"{path}/zaak", {"aanleiding": "x"}, page=path).status_code == 400
    made = visitor.post(f"{path}/zaak", {"aanleiding": "Meer woningen met een signaal"}, page=path)
    assert made.status_code == 303
    zaak = made.headers["location"].removeprefix("/zaken/")
    assert zaak in visitor.get(path).text
    assert visitor.get(f"/zaken/{zaak}").status_code == 200
