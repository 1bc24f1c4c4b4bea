"""A day of each role, in a browser, from the menu to what is done at the end of it; on a copy of the small town."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import openpyxl
import pytest
import sqlalchemy as sa
from days import DESK, PHONE, Day, Town
from fake_zaken import FakeZaken
from PIL import Image
from playwright.sync_api import Browser, expect
from pydantic import SecretStr
from visitor import on_a_port

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.cases import zaaksysteem
from registry.settings import Settings
from registry.store.queries.accounts import find_account
from registry.store.tables.registers import persoonslijsten
from registry.web.app import create_app

SECONDS = 60  # the longest that one step may take on a machine that others use as well


@pytest.fixture(scope="module")
def town(
    assets: None, settings: Settings, accounts: dict[Role, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("dagen")
    shutil.copytree(Path(settings.database_url.removeprefix("sqlite:///")).parent, folder, dirs_exist_ok=True)
    changed = {
        "database_url": f"sqlite:///{folder / 'woonregister.db'}", "werkmap": folder / "werk",
        "zaaksysteem_url": "http://127.0.0.1:9/zaken/api/v1", "zaaksysteem_client": "woonregister",
        "zaaksysteem_geheim": SecretStr("een-sleutel-" * 4), "zaaksysteem_zaaktype": "http://127.0.0.1:9/type",
        "gemeente_rsin": "000000012",
    }  # fmt: skip
    app = create_app(settings.model_copy(update=changed))
    with on_a_port(app) as address:
        yield Town(app, address, folder)


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
        context.set_default_timeout(SECONDS * 1000)
        context.add_cookies([{"name": web.cookie, "value": begun.token, "url": town.url}])
        contexts.append(context)
        made = Day(context.new_page(), town, rol.value)
        made.page.goto(town.url)
        made.look()
        return made

    yield begin
    for context in contexts:
        context.close()


def test_an_inspector_with_a_phone_goes_round_a_list(day: Callable[..., Day], tmp_path: Path) -> None:
    own = day(Role.INSPECTEUR, PHONE)
    page = own.page
    own.go("Werklijsten")
    own.go("Lijst 2")
    row = page.locator("#volgende")
    adres = row.locator("th a").inner_text()
    row.locator("th a").click()
    own.look()
    expect(page.locator("h1")).to_have_text(adres.split(" (")[0])  # without "and one more"
    page.go_back()
    row.get_by_role("link", name="Leg het bezoek vast").click()
    own.look()
    page.get_by_label("Resultaat").select_option("toegang_met_toestemming")
    page.get_by_label("Aantal personen").fill("vier")
    own.press("Bewaar het bezoek")
    expect(page.get_by_role("alert")).to_contain_text("Niet opgeslagen")
    page.get_by_label("Aantal personen").fill("4")
    own.press("Bewaar het bezoek")
    photo = tmp_path / "foto.jpg"
    Image.new("RGB", (800, 600), (90, 120, 150)).save(photo, "JPEG")
    page.locator("#f-foto").set_input_files(photo)
    page.get_by_label("Wat er te zien is").fill("Kamerdeur met slot")
    own.press("Bewaar de foto's")
    expect(page.get_by_role("img", name="Kamerdeur met slot, 1 van 1")).to_be_visible()
    own.go("Volgende adres van lijst 2")
    done = page.locator("tbody tr", has=page.get_by_role("link", name=adres, exact=True)).first
    expect(done).to_contain_text("bezocht")
    expect(page.locator("#volgende")).to_be_in_viewport()
    own.go("Bezoeken")
    expect(page.locator("tbody tr", has_text=adres.split(" (")[0]).first).to_contain_text("Test inspecteur")


def test_a_planner_chooses_signals_makes_a_list_and_settles_an_address(day: Callable[..., Day], tmp_path: Path) -> None:
    own = day(Role.PLANNER)
    page = own.page
    own.go("Signalen")
    page.get_by_label("Uitkomst").select_option("signaal")  # applies itself
    page.wait_for_url("**uitkomst=signaal*")
    own.look()
    own.go("Werklijsten")
    own.go("Maak een lijst")
    page.get_by_label("Dag van de bezoeken").fill("2030-01-07")
    page.get_by_label("Adressen", exact=True).fill("4")
    page.keyboard.press("Enter")  # by keyboard: the form needs no mouse
    page.get_by_label("Wie gaat op bezoek").fill("I. Inspecteur")
    own.look()
    own.press("Leg de lijst vast")
    rows = page.locator("[data-sleep] > tr")
    before = rows.locator("th a").all_inner_texts()
    assert len(before) >= 3
    rows.nth(0).locator("td").nth(1).drag_to(rows.nth(2).locator("td").nth(1))
    own.press("Bewaar de volgorde")
    moved = rows.locator("th a").all_inner_texts()
    assert moved == [before[1], before[2], before[0], *before[3:]]
    own.take("Excel").save_as(tmp_path / "lijst.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "lijst.xlsx").worksheets[0]
    cells = [str(cell) for line in sheet.iter_rows(values_only=True) for cell in line if cell is not None]
    assert [cell for cell in cells if cell in moved] == moved
    page.get_by_label("Alleen markeren").check()
    own.press("Controleer opnieuw")
    expect(page.locator("h1")).to_contain_text("7 januari 2030")
    own.go("Te beoordelen")
    waiting = page.locator("tbody tr", has=page.locator("td.wr-number", has_text=re.compile(r"^[1-9]")))
    waiting.first.locator("th a").click()
    own.look()
    page.locator("input[name=kandidaat]").first.check()
    page.get_by_label("Reden").fill("Het huisnummer op de brief")
    own.press("Kies")
    own.town.work()
    own.go("Te beoordelen")
    own.go("Herroep")
    page.get_by_label("Reden").fill("Toch de andere deur")
    own.press("Herroep")
    own.town.work()
    own.go("Te beoordelen")
    expect(page.get_by_text("Nog geen.")).to_be_visible()


def test_a_lawyer_goes_from_a_signal_to_a_bundle_and_hands_over(
    day: Callable[..., Day], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = day(Role.JURIST)
    page = own.page
    own.go("Signalen")
    page.locator("tbody a[href*='/toets/']").first.click()
    own.look()
    expect(page.get_by_role("heading", name="Stap voor stap")).to_be_visible()
    page.go_back()
    own.go("Beoordeling van")
    page.get_by_label("Oordeel", exact=True).select_option("nader_onderzoek")
    page.get_by_label("Waarom").fill("De onderlinge band is nog niet onderzocht.")
    own.press("Bewaar het oordeel")
    own.press("Draag over aan het zaaksysteem")
    expect(page.get_by_text("in de wacht")).to_be_visible()
    fake, real = FakeZaken({}), httpx2.Client
    monkeypatch.setattr(zaaksysteem.httpx2, "Client", lambda **more: real(transport=httpx2.MockTransport(fake), **more))
    own.town.work()
    [identificatie] = fake.made
    expect(page.get_by_text(identificatie)).to_be_visible()  # comes by itself
    own.go("Open een zaak over deze woning")
    page.get_by_label("Aanleiding").fill("Meldingen van buren")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the button comes right after the field
    page.wait_for_url("**/zaken/Z-*")
    own.look()
    own.go("Stuk toevoegen")
    paper = tmp_path / "voornemen.pdf"
    paper.write_bytes(b"%PDF-1.7 verzonnen")
    page.locator("#f-bestand").set_input_files(paper)
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
    own.take("Dossier in Excel").save_as(tmp_path / "dossier.xlsx")
    book = openpyxl.load_workbook(tmp_path / "dossier.xlsx")
    texts = {str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line}
    assert {"Voornemen tot een last", "5000"} <= texts or {"Voornemen tot een last", "5000.0"} <= texts
    assert own.take("Bundel met alle stukken").suggested_filename.endswith(".zip")
    page.get_by_label("Reden", exact=True).fill("Naar de bezwaarcommissie")
    page.get_by_label("Ook nu er punten open staan").check()
    own.press("Meld gereed")
    expect(page.get_by_text("gereed gemeld").first).to_be_visible()
    own.go("Termijnen")


def test_policy_reads_a_table_a_map_a_what_if_and_a_profile_and_sees_no_dwelling(day: Callable[..., Day]) -> None:
    own = day(Role.BELEID)
    page = own.page
    own.unseen = "a[href*='/woningen/'], a[href*='/eigenaren/'], a[href*='/signalen']"
    own.go("Voorraad")
    page.get_by_label("Onderwerp").select_option(index=1)  # applies itself
    page.wait_for_url("**onderwerp=*")
    own.look()
    expect(page.get_by_role("heading", name="Op de kaart")).to_be_visible()
    assert page.locator("#kaart ~ * img").evaluate("image => image.naturalWidth") > 300
    own.go("Wat als")
    page.get_by_label("Regel").select_option("overbewoning")
    page.get_by_label("Wat verandert").select_option("overbewoning.m2_per_persoon")
    page.get_by_label("Andere waarde").fill("15")
    page.keyboard.press("Enter")
    page.get_by_label("Naam").fill("Vijftien vierkante meter")
    own.look()
    own.press("Bewaar")
    expect(page.get_by_text("Vijftien vierkante meter").first).to_be_visible()
    own.go("Profielen")
    page.locator("main .wr-list a").first.click()
    own.look()
    assert own.take("Download als PDF").suggested_filename.endswith(".pdf")
    for closed in ("/signalen", "/kaart", "/eigenaren", "/zoeken"):
        assert page.request.get(own.town.url + closed).status == 404, closed


def test_a_manager_tries_a_file_reads_it_takes_it_back_and_makes_an_account(day: Callable[..., Day]) -> None:
    own = day(Role.BEHEERDER)
    page = own.page
    own.unseen = "a[href*='/woningen/'], a[href*='/eigenaren/']"
    for tried in (True, False):
        own.go("Imports")
        page.get_by_label("Bron", exact=True).select_option("inspecties")
        page.locator("#f-bestand").set_input_files(own.town.folder / "inspecties.xlsx")
        page.get_by_label("Leverdatum").fill(f"{clock.today()}")
        page.get_by_label("Alleen proberen").set_checked(tried)
        own.press("Lees in")
        expect(page.get_by_text("Wacht op zijn beurt")).to_be_visible()
        own.town.work()
        expect(page.get_by_text("Geprobeerd" if tried else "Ingelezen.")).to_be_visible()  # comes by itself
        own.look()
    own.go("Wat deze import deed")
    expect(page.get_by_role("heading", name="Wat er opviel")).to_be_visible()
    own.go("Deze import intrekken")
    own.press("Trek deze import in")
    expect(page.get_by_role("heading", name="ingetrokken")).to_be_visible()
    own.go("Gebruikers")
    page.get_by_label("Naam", exact=True).fill("Nieuwe Collega")
    page.get_by_label("E-mailadres").fill("nieuw-dagen@testdam.nl")
    page.get_by_label("Rol", exact=True).select_option("planner")
    own.press("Maak het account")
    own.go("Instellingen")


def test_a_privacy_officer_reads_the_log_answers_a_person_and_looks_at_what_must_go(
    day: Callable[..., Day], tmp_path: Path
) -> None:
    own = day(Role.PRIVACY)
    page, web = own.page, own.town.app.state.web
    with web.store.read() as connection:
        query = sa.select(persoonslijsten.c.bsn_versleuteld).order_by(persoonslijsten.c.persoonslijst)
        bsn = web.cipher.decrypt(connection.execute(query.limit(1)).scalar_one())
    own.go("Logboek")
    page.get_by_label("Wat", exact=True).select_option("exporteren")
    own.press("Pas toe")
    own.go("Betrokkenen")
    page.get_by_label("Burgerservicenummer").fill(bsn)
    page.get_by_label("Kenmerk van het verzoek").fill("AVG-12")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Alles over één persoon")
    own.look()
    own.take("Download (Excel)").save_as(tmp_path / "alles.xlsx")
    assert "bewoning" in openpyxl.load_workbook(tmp_path / "alles.xlsx").sheetnames
    own.go("Bewaartermijnen")
    page.locator("tbody th a").first.click()
    own.look()
    own.go("Logboek")
    expect(page.locator("tbody")).to_contain_text("AVG-12")
    assert not [seen for seen in own.met if bsn in seen]
