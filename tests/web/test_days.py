"""A day of each role, in a browser, from the menu to what is done at the end of it; on a copy of the small town.

With WOONREGISTER_TEST_SCHERMEN a folder gets a picture of every page that is met, to look at.
"""

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.settings import Settings
from registry.store.queries.accounts import find_account
from registry.tasks.queue import WorkFolder
from registry.tasks.work import Workshop, do_task
from registry.tasks.worker import do_next
from registry.web.app import create_app

PHONE, DESK = 390, 1280


@dataclass
class Town:
    """The application on a port of its own."""

    app: FastAPI
    url: str
    folder: Path

    def work(self) -> None:
        """What the worker does in the meantime."""
        web = self.app.state.web
        places = WorkFolder(web.settings.werkmap)
        shop = Workshop(web.store, places, web.cipher, web.access_log, web.law, keep_names=False)
        assert do_next(web.store, places, lambda task: do_task(shop, task))


@dataclass
class Day:
    """Somebody at work: goes by the words on the page, and has a picture taken of what he sees."""

    page: Page
    town: Town
    name: str
    met: list[str] = field(default_factory=list)

    def go(self, *words: str) -> None:
        """Follow links by their words; a group of the menu is opened first."""
        for text in words:
            group = self.page.locator("nav summary", has_text=re.compile(rf"^\s*{text}\s*$"))
            if group.count():
                group.click()
            else:
                self.page.get_by_role("link", name=text).first.click()
        self.look()

    def press(self, text: str) -> None:
        self.page.get_by_role("button", name=text).first.click()
        self.look()

    def look(self) -> None:
        """Nothing went wrong, and nothing stands beside the screen."""
        self.page.wait_for_load_state()
        assert self.page.locator("h1").count() == 1
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url}: {wide} px beside the screen"
        self.met.append(self.page.url)
        wanted = os.environ.get("WOONREGISTER_TEST_SCHERMEN")
        if wanted:
            self.page.screenshot(path=Path(wanted) / f"{self.name}-{len(self.met):02d}.png", full_page=True)


@pytest.fixture(scope="module")
def town(
    assets: None, settings: Settings, accounts: dict[Role, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("dagen")
    source = Path(settings.database_url.removeprefix("sqlite:///")).parent
    shutil.copytree(source, folder, dirs_exist_ok=True)
    changed = {"database_url": f"sqlite:///{folder / 'woonregister.db'}", "werkmap": folder / "werk"}
    app = create_app(settings.model_copy(update=changed))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield Town(app, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", folder)
    server.should_exit = True
    thread.join()


@pytest.fixture
def day(browser: Browser, town: Town, accounts: dict[Role, str]) -> Iterator[Callable[..., Day]]:
    """``day(Role.JURIST)``: a browser in which somebody of that role is signed in, at the start page."""
    contexts = []

    def begin(rol: Role, width: int = DESK) -> Day:
        web = town.app.state.web
        with web.store.write_transaction(ACCOUNT_LOCK) as connection:
            account = find_account(connection, email=accounts[rol])
            assert account is not None
            moment = clock.now() - timedelta(minutes=1)
            begun = begin_session(connection, account["account_id"], stage=FULL, device="test", moment=moment)
        context = browser.new_context(viewport={"width": width, "height": 844}, accept_downloads=True)
        context.set_default_timeout(8000)
        context.add_cookies([{"name": web.cookie, "value": begun.token, "url": town.url}])
        contexts.append(context)
        page = context.new_page()
        page.goto(town.url)
        made = Day(page, town, rol.value)
        made.look()
        return made

    yield begin
    for context in contexts:
        context.close()


def test_an_inspector_with_a_phone_goes_round_a_list(day: Callable[..., Day], tmp_path: Path) -> None:
    own = day(Role.INSPECTEUR, PHONE)
    page = own.page
    own.go("Werklijsten")
    own.go("Lijst 1")
    first = page.locator("tbody tr").first.locator("th a").inner_text()
    own.go("Leg het bezoek vast")
    page.get_by_label("Resultaat").select_option("toegang_met_toestemming")
    page.get_by_label("Aantal personen").fill("4")
    own.press("Bewaar het bezoek")
    photo = tmp_path / "foto.jpg"
    Image.new("RGB", (800, 600), (90, 120, 150)).save(photo, "JPEG")
    page.locator("#f-foto").set_input_files(photo)
    page.get_by_label("Wat er te zien is").fill("Kamerdeur met slot")
    own.press("Bewaar de foto's")
    expect(page.get_by_role("img", name="Kamerdeur met slot, 1 van 1")).to_be_visible()
    own.go("Volgende adres van lijst 1")
    done = page.locator("tbody tr", has=page.get_by_role("link", name=first, exact=True)).first
    expect(done).to_contain_text("bezocht")
    assert page.url.endswith("#volgende")
    expect(page.locator("#volgende")).to_be_in_viewport()
    own.go("Leg het bezoek vast")
    page.get_by_label("Resultaat").select_option("niemand_aanwezig")
    own.press("Bewaar het bezoek")
    expect(page.locator("h1")).to_contain_text("Bezoek op")


def test_a_planner_makes_a_list_orders_it_and_checks_it_again(day: Callable[..., Day]) -> None:
    own = day(Role.PLANNER)
    page = own.page
    own.go("Toezicht", "Werklijsten")
    own.go("Een lijst maken")
    page.get_by_label("Dag van de bezoeken").fill("2030-01-07")
    page.get_by_label("Adressen", exact=True).fill("4")
    page.keyboard.press("Enter")  # by keyboard: the form needs no mouse
    own.look()
    page.get_by_label("Wie gaat op bezoek").fill("I. Inspecteur")
    own.press("Leg de lijst vast")
    rows = page.locator("[data-sleep] > tr")
    before = rows.locator("th a").all_inner_texts()
    assert len(before) >= 3
    rows.nth(0).locator("td").nth(1).drag_to(rows.nth(2).locator("td").nth(1))
    own.press("Bewaar de volgorde")
    moved = rows.locator("th a").all_inner_texts()
    assert sorted(moved) == sorted(before)
    assert moved != before
    with page.expect_download() as given:
        page.get_by_role("link", name="Formulier voor de telefoon").click()
    assert given.value.suggested_filename.endswith(".html")
    page.get_by_label("Alleen markeren").check()
    own.press("Controleer opnieuw")
    expect(page.locator("h1")).to_contain_text("7 januari 2030")


def test_a_lawyer_goes_from_a_signal_to_a_bundle(day: Callable[..., Day], tmp_path: Path) -> None:
    own = day(Role.JURIST)
    page = own.page
    own.go("Toezicht", "Signalen")
    page.locator("tbody a[href*='/toets/']").first.click()
    own.look()
    expect(page.get_by_role("heading", name="Stap voor stap")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Beoordeling").first.click()
    own.look()
    page.get_by_label("Oordeel", exact=True).select_option("nader_onderzoek")
    page.get_by_label("Waarom").fill("De onderlinge band is nog niet onderzocht.")
    own.press("Bewaar het oordeel")
    own.go("Open een zaak over deze woning")
    page.get_by_label("Aanleiding").fill("Meldingen van buren")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the button comes right after the field
    page.wait_for_url("**/zaken/Z-*")
    own.look()
    own.go("Stuk toevoegen")
    paper = tmp_path / "voornemen.pdf"
    paper.write_bytes(b"%PDF-1.7 verzonnen")
    page.get_by_label("Bestand").set_input_files(paper)
    page.get_by_label("Soort stuk").select_option("vooraankondiging")
    page.get_by_label("Verzonden, ontvangen of intern").select_option("verzonden")
    page.get_by_label("Titel").fill("Voornemen tot een last")
    own.press("Bewaar het stuk")
    expect(page.locator("section", has=page.locator("#termijnen"))).to_contain_text("zienswijze")
    own.go("Besluit vastleggen")
    page.get_by_label("Wat is besloten").select_option("last onder dwangsom")
    page.get_by_label("Boete, of dwangsom per keer").fill("5000")
    own.press("Leg het besluit vast")
    expect(page.get_by_text("nog niet bekendgemaakt")).to_be_visible()
    for link, ending in (("Dossier in Excel", ".xlsx"), ("Bundel met alle stukken", ".zip")):
        with page.expect_download() as given:
            page.get_by_role("link", name=link).click()
        assert given.value.suggested_filename.endswith(ending)
    page.get_by_label("Reden", exact=True).fill("Naar de bezwaarcommissie")
    page.get_by_label("Ook nu er punten open staan").check()
    own.press("Meld gereed")
    expect(page.get_by_text("gereed gemeld").first).to_be_visible()


def test_policy_reads_a_table_asks_what_if_and_takes_a_profile(day: Callable[..., Day]) -> None:
    own = day(Role.BELEID)
    page = own.page
    own.go("Voorraad")
    page.get_by_label("Per").select_option("buurt")
    own.press("Toon")
    expect(page.locator("table").first).to_be_visible()
    own.go("Wat als")
    page.get_by_label("Regel").select_option("overbewoning")
    page.get_by_label("Wat verandert").select_option("overbewoning.m2_per_persoon")
    page.get_by_label("Andere waarde").fill("15")
    page.keyboard.press("Enter")
    own.look()
    page.get_by_label("Naam").fill("Vijftien vierkante meter")
    own.press("Bewaar")
    expect(page.get_by_text("Vijftien vierkante meter").first).to_be_visible()
    own.go("Profielen")
    with page.expect_download() as given:
        page.get_by_role("link", name="Download als PDF").first.click()
    assert given.value.suggested_filename.endswith(".pdf")
    assert page.goto(f"{own.town.url}/signalen").status == 404  # type: ignore[union-attr]


def test_a_manager_tries_a_file_reads_it_takes_it_back_and_makes_an_account(day: Callable[..., Day]) -> None:
    own = day(Role.BEHEERDER)
    page = own.page
    file = next(own.town.folder.glob("*inspecties*.xlsx"))
    for tried in (True, False):
        own.go("Imports")
        page.get_by_label("Bron").select_option("inspecties")
        page.get_by_label("Bestand").set_input_files(file)
        page.get_by_label("Leverdatum").fill(f"{clock.today()}")
        page.get_by_label("Alleen proberen").set_checked(tried)
        own.press("Lees in")
        expect(page.get_by_text("Wacht op zijn beurt")).to_be_visible()
        own.town.work()
        expect(page.get_by_text("Geprobeerd" if tried else "Ingelezen.")).to_be_visible()
        own.look()
    own.go("Wat deze import deed")
    own.go("Deze import intrekken")
    own.press("Trek deze import in")
    expect(page.get_by_text("ingetrokken").first).to_be_visible()
    own.go("Gebruikers")
    page.get_by_label("Naam").fill("Nieuwe Collega")
    page.get_by_label("E-mailadres").fill("nieuw-dagen@testdam.nl")
    page.get_by_label("Rol").select_option("planner")
    own.press("Maak het account")
    expect(page.get_by_text("Nieuwe Collega").first).to_be_visible()


def test_a_privacy_officer_reads_the_log_answers_a_person_and_looks_at_what_must_go(day: Callable[..., Day]) -> None:
    own = day(Role.PRIVACY)
    page = own.page
    own.go("Logboek")
    page.get_by_label("Wat", exact=True).select_option("exporteren")
    own.press("Pas toe")
    expect(page.locator("table").first).to_be_visible()
    own.go("Betrokkenen")
    page.locator("input[type=password], input[name=bsn]").first.fill("999990019")
    page.keyboard.press("Enter")
    own.look()
    assert "999990019" not in page.url
    own.go("Bewaartermijnen")
    expect(page.locator("table").first).to_be_visible()
