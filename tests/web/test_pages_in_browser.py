"""Every page in Chromium: no barrier that axe-core knows, nothing beside the screen at 320 px, nothing refused."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pages import BEFORE, PAGES
from playwright.sync_api import Browser, BrowserContext, Page
from visitor import REPOSITORY, on_a_port

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.cases.kinds import BesluitSoort, Richting, StukSoort
from registry.cases.register import Decision, Paper, add_decision, add_paper, add_verbeurte, open_case
from registry.intake.review import list_open
from registry.store.queries.search import current_adressen, find_eigenaren
from registry.store.queries.signal_list import Filter, list_signals
from registry.store.tables.registers import persoonslijsten

AXE = REPOSITORY / "build" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """The application on a port of its own."""
    with on_a_port(app) as found:
        yield found


@pytest.fixture(scope="module")
def everything(app: FastAPI) -> str:
    """The address of an account that may see every page."""
    return add_account(app.state.web.store, "alles@testdam.nl", "Ada de Vries", list(Role), auteur="test").email


@pytest.fixture(scope="module")
def signed_in(
    browser: Browser, address: str, app: FastAPI, everything: str, session_token: Callable[[str], str]
) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": app.state.web.cookie, "value": session_token(everything), "url": address}])
    yield context
    context.close()


@pytest.fixture(scope="module")
def names(small_town: Path, app: FastAPI) -> dict[str, str]:
    """What stands in the paths of pages: a dwelling with a signal, a street, an owner with a name."""
    with app.state.web.store.read() as connection:
        wanted = Filter(regel="overbewoning")
        [first, *_] = list_signals(connection, wanted, gebieden=None, on=clock.today()).rows
        woning = first["adresseerbaar_object_id"]
        adres = current_adressen(connection, [woning], on=clock.today())[woning].adres
        [eigenaar, *_] = find_eigenaren(connection, "bv")
        rij = list_open(connection)["issue_id"][0]
    return {
        "woning": woning,
        "straat": adres.split()[0],
        "bewijs": first["bewijs"],
        "eigenaar": eigenaar["rechthebbende"][:16],
        "rij": str(rij),
        "zaak": _case(app, first),
    }


def _case(app: FastAPI, signal: Mapping[str, Any]) -> str:
    """A case about a signal with a paper, an order, and an amount that became due."""
    who: Any = {"author": "jurist@testdam.nl", "moment": clock.now()}
    day, object_id = date(2026, 3, 2), signal["adresseerbaar_object_id"]
    with app.state.web.store.write_transaction() as connection:
        pairs = [(signal["bewijs"], object_id)]
        zaak = open_case(connection, aanleiding="meldingen", object_id=object_id, signals=pairs, **who)
        paper = Paper(StukSoort.VOORAANKONDIGING, Richting.VERZONDEN, day, "Voornemen", "v.pdf", b"%PDF")
        add_paper(connection, zaak, paper, **who)
        order = Decision(BesluitSoort.LAST, day, begunstiging_tot=date(2026, 4, 1), bedrag=5000)
        besluit = add_decision(connection, zaak, order, **who)
        add_verbeurte(
            connection, zaak, besluit=besluit, verbeurd_op=date(2026, 5, 1), bedrag=5000, inspectie=None, **who
        )
    return zaak


def look(page: Page, url: str) -> list[str]:
    """What is wrong with a page, in words."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    return [text for text in said if "404" not in text] + barriers(page)


def barriers(page: Page) -> list[str]:
    """What is wrong with a page that is open already."""
    wrong: list[str] = []
    page.set_viewport_size({"width": 320, "height": 700})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > 320:
        wrong.append(f"{width} px wide at 320 px")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    wrong += [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found["violations"]]
    if page.locator("h1").count() != 1:
        wrong.append("not one h1")
    names = page.evaluate("[...document.querySelectorAll('[id]')].map(found => found.id)")
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        wrong.append(f"id given twice: {sorted(twice)}")
    # What MapLibre sets on its own canvas by script is no inline style of ours.
    own = "[style]:not(.maplibregl-map *), style, script:not([src])"
    if page.evaluate("own => document.querySelectorAll(own).length", own):
        wrong.append("inline style or script")
    return wrong


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier(
    name: str, address: str, signed_in: BrowserContext, browser: Browser, names: dict[str, str]
) -> None:
    context = browser.new_context() if name in BEFORE else signed_in
    page = context.new_page()
    assert look(page, address + PAGES[name].format(**names)) == []
    page.close()


def test_a_barrier_is_noticed(address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.route(
        "**/broken", lambda route: route.fulfill(body="<img src=x><p style='width:900px'>x", content_type="text/html")
    )
    wrong = " ".join(look(page, f"{address}/broken"))
    assert "image-alt" in wrong
    assert "px wide" in wrong
    assert "not one h1" in wrong
    page.close()


def test_searching_answers_while_one_types_and_works_by_keyboard(
    address: str, signed_in: BrowserContext, names: dict[str, str]
) -> None:
    page = signed_in.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/zoeken")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type(names["straat"][:6], delay=5)
    page.wait_for_selector("#treffers li a")
    assert page.url == f"{address}/zoeken#inhoud"  # an address is no part of it while one types
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/woningen/*")
    assert page.locator("h1").inner_text().startswith(names["straat"][:6].split()[0])
    page.close()


def test_pages_work_without_javascript(
    address: str, browser: Browser, app: FastAPI, everything: str, session_token: Callable[[str], str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": app.state.web.cookie, "value": session_token(everything), "url": address}])
    page = context.new_page()
    page.goto(f"{address}/signalen?uitkomst=signaal")
    page.select_option("#f-uitkomst", "onbekend")
    page.get_by_role("button", name="Pas toe").click()
    assert "uitkomst=onbekend" in page.url
    page.locator("tbody a").first.click()
    assert "/woningen/" in page.url
    page.get_by_text("Toon wie hier wonen").click()
    page.locator("#bewoning").locator("..").get_by_label("Kenmerk van de zaak").fill("Z-1")
    page.locator("#f-doel").select_option("handhavingszaak")
    page.get_by_role("button", name="Toon de bewoners").click()
    assert page.get_by_text("Deze inzage is vastgelegd").is_visible()
    context.close()


def test_the_map_draws(address: str, signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/kaart")
    page.wait_for_selector("#kaart[data-drawn=ja] canvas", timeout=20_000)
    assert len(page.locator("#kaart canvas").screenshot()) > 10_000  # an even ground takes far less
    assert page.locator("#geen-kaart").is_hidden()
    page.close()


def test_rows_are_dragged_into_another_order(address: str, signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/werklijsten/2")
    rows = page.locator("[data-sleep] > tr")
    before = rows.locator("th a").all_inner_texts()
    assert len(before) > 3
    rows.nth(0).locator("td").nth(1).drag_to(rows.nth(2).locator("td").nth(1))
    moved = [before[1], before[2], before[0], *before[3:]]
    assert rows.locator("th a").all_inner_texts() == moved
    places = rows.locator('input[name^="plaats-"]').evaluate_all("found => found.map(one => one.value)")
    assert places == [str(place) for place in range(1, len(before) + 1)]
    page.get_by_role("button", name="Bewaar de volgorde").click()
    assert page.locator("[data-sleep] > tr th a").all_inner_texts() == moved
    page.close()


def test_everything_about_one_person_has_no_barrier(address: str, signed_in: BrowserContext, app: FastAPI) -> None:
    with app.state.web.store.read() as connection:
        query = sa.select(persoonslijsten.c.bsn_versleuteld).order_by(persoonslijsten.c.persoonslijst)
        bsn = app.state.web.cipher.decrypt(connection.execute(query.limit(1)).scalar_one())
    page = signed_in.new_page()
    page.goto(f"{address}/betrokkenen")
    page.get_by_label("Burgerservicenummer").fill(bsn)
    page.get_by_role("button", name="Toon alles over deze persoon").click()
    assert page.locator("h1").inner_text() == "Alles over één persoon"
    for summary in page.locator("main summary").all():
        summary.click()
    assert barriers(page) == []
    assert bsn not in page.content()
    page.goto(f"{address}/logboek")
    page.get_by_text("Alles over één persoon").click()
    page.get_by_label("Burgerservicenummer").fill(bsn)
    page.get_by_role("button", name="Toon wie keek").click()
    page.locator("tbody tr").first.wait_for()
    assert page.url == f"{address}/logboek/persoon"
    assert barriers(page) == []
    page.close()


def test_the_menu_opens_and_closes_by_keyboard_and_mouse(address: str, signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/logboek")
    part = page.locator(".wr-nav summary", has_text="Beheer")
    entry = page.get_by_role("link", name="Imports")
    assert not entry.is_visible()
    part.focus()
    page.keyboard.press("Enter")
    assert entry.is_visible()
    assert barriers(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Escape")
    assert not entry.is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Beheer"
    part.click()
    page.mouse.click(1270, 880)  # the open menu lies over the heading
    assert not entry.is_visible()
    part.click()
    page.locator(".wr-nav summary", has_text="Toezicht").click()
    assert not entry.is_visible()
    part.click()
    entry.click()
    page.wait_for_url("**/imports")
    page.close()
