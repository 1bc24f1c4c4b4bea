"""The form on a phone without a network: filled in, kept, handed over, and empty after its last day."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from day_list import day_list
from PIL import Image
from playwright.sync_api import Browser, Download, Locator, Page, expect

from importers import inspecties
from importers.records import BEZOEKREDENEN, FOTOS, INSPECTIES
from importers.source import load_source
from registry.exports.field_sheet import write_field_form
from registry.worklists.doors import list_doors

NARROW = {"width": 360, "height": 740}
MOMENT = "2026-11-26T10:05:00+01:00"


@dataclass
class Phone:
    """A phone in flight mode with the form open, and whatever it complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def door(self, number: int) -> Locator:
        """The form of an address, opened."""
        door = self.page.locator(f"[data-nr='{number}']")
        if door.get_attribute("open") is None:
            door.locator("summary").click()
        return door

    def hand_over(self, button: str = "Bewaar bestand") -> dict[str, Any]:
        """What the form gives back."""
        with self.page.expect_download() as found:
            self.page.get_by_role("button", name=button).click()
        return self.read(found.value)

    @staticmethod
    def read(download: Download) -> dict[str, Any]:
        form: dict[str, Any] = json.loads(Path(download.path()).read_text(encoding="utf-8"))
        return form


def outside(url: str) -> list[str]:
    """The address, if it is not the file itself or something in it."""
    return [] if url.startswith(("file:", "data:", "blob:")) else [url]


@pytest.fixture
def phone(browser: Browser, tmp_path: Path) -> Iterator[Phone]:
    opened = day_list()
    path = write_field_form(tmp_path / "lijst.html", opened, list_doors(opened))
    context = browser.new_context(viewport=NARROW, offline=True, locale="nl-NL", timezone_id="Europe/Amsterdam")
    held = Phone(context.new_page())
    held.page.on("console", lambda message: held.complaints.append(message.text))
    held.page.on("pageerror", lambda error: held.complaints.append(str(error)))
    held.page.on("request", lambda request: held.complaints.extend(outside(request.url)))
    held.page.clock.set_fixed_time(MOMENT)
    held.page.goto(path.as_uri())
    yield held
    context.close()
    assert held.complaints == []


def imported(tmp_path: Path, form: dict[str, Any]) -> dict[str, Any]:
    """The form as the importer reads it, by record."""
    path = tmp_path / "terug.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    batches = list(inspecties.read(path, source=load_source("inspecties")).batches)
    return {batch.record.name: batch for batch in batches}


def test_a_visit_is_typed_kept_and_read_back(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    page.get_by_label("Uw naam").fill("J. de Vries")
    page.get_by_label("Hoedanigheid").select_option("toezichthouder")
    door = phone.door(2)
    expect(door.get_by_label("Aantal personen")).to_be_hidden()
    door.get_by_label("Resultaat").select_option("toegang_met_toestemming")
    door.get_by_label("Aantal personen").fill("5")
    door.get_by_label("Gemeten oppervlakte").fill("64,5")
    door.get_by_role("button", name="Ruimte toevoegen").click()
    door.get_by_label("Naam van de ruimte").fill("voorkamer")
    door.locator(".part").get_by_label("Slaapplaatsen").fill("3")
    door.get_by_role("button", name="Verklaring toevoegen").click()
    door.get_by_label("Van wie, zonder naam").fill("bewoner")
    door.get_by_label("Verklaring", exact=True).fill("Wij huren per kamer.")
    door.get_by_label("Taal").fill("Pools")
    door.get_by_label("Feiten").fill("Drie kamers met een slot <op> de deur & een 'bed'.")
    door.get_by_label("Ik onderteken dit verslag").check()
    page.reload()
    expect(page.locator("#stand")).to_contain_text("1 van 3 bezocht; nog niet in een bestand bewaard")
    expect(phone.door(2).get_by_label("Aantal personen")).to_have_value("5")
    form = phone.hand_over()
    expect(page.locator("#stand")).to_contain_text("bewaard in een bestand")
    batches = imported(tmp_path, form)
    [visit] = batches[INSPECTIES.name].frame.to_dicts()
    assert batches[INSPECTIES.name].issues.is_empty()
    assert (visit["adresseerbaar_object_id"], visit["datum"].isoformat(), visit["tijd"]) == (
        "0606010000000002",
        "2026-11-26",
        "10:05",
    )
    assert (visit["aantal_personen"], visit["gemeten_oppervlakte"]) == (5, 64.5)
    assert (visit["inspecteur"], visit["hoedanigheid"], visit["ondertekend_door"]) == (
        "J. de Vries",
        "toezichthouder",
        "J. de Vries",
    )
    assert json.loads(visit["ruimten"]) == [{"naam": "voorkamer", "slaapplaatsen": 3}]
    assert json.loads(visit["verklaringen"])[0]["taal"] == "Pools"
    assert visit["feiten"] == "Drie kamers met een slot <op> de deur & een 'bed'."
    assert batches[BEZOEKREDENEN.name].frame.select("bewijs", "lijst").rows() == [("00aa11bb22cc3302", 12)]


def test_what_is_no_number_is_told_at_once_and_not_lost(phone: Phone, tmp_path: Path) -> None:
    door = phone.door(1)
    door.get_by_label("Resultaat").select_option("toegang_met_machtiging")
    door.get_by_label("Aantal personen").fill("ca. 6")
    expect(door.get_by_text("Vul één heel getal in")).to_be_visible()
    expect(door.get_by_label("Aantal personen")).to_have_attribute("aria-invalid", "true")
    door.get_by_role("button", name="Ruimte toevoegen").click()
    door.get_by_label("Naam van de ruimte").fill("zolder")
    door.locator(".part").get_by_label("Oppervlakte").fill("klein")
    form = phone.hand_over()
    visits = imported(tmp_path, form)[INSPECTIES.name]
    assert visits.frame.is_empty()
    [issue] = visits.issues.to_dicts()
    assert (issue["column"], issue["original"]) == ("Aantal personen", "ca. 6")
    kept = json.loads(issue["row"])
    assert kept["Opmerkingen"] == "Oppervlakte: klein"
    assert "zolder" in kept["Ruimten"]


def test_nobody_home_in_the_morning_and_again_in_the_evening(phone: Phone, tmp_path: Path) -> None:
    phone.page.get_by_label("Uw naam").fill("J. de Vries")
    door = phone.door(3)
    door.get_by_label("Resultaat").select_option("niemand_aanwezig")
    door.get_by_role("button", name="Nog een bezoek aan dit adres").click()
    phone.page.clock.set_fixed_time("2026-11-26T19:30:00+01:00")
    door.get_by_label("Resultaat").nth(1).select_option("geweigerd")
    form = phone.hand_over()
    visits = imported(tmp_path, form)[INSPECTIES.name].frame
    assert visits.select("tijd", "resultaat").rows() == [("10:05", "niemand_aanwezig"), ("19:30", "geweigerd")]
    assert visits["inspectie"].n_unique() == 2
    again = phone.hand_over()
    assert [visit["inspectie"] for visit in again["bezoeken"]] == [visit["inspectie"] for visit in form["bezoeken"]]


def test_a_photo_goes_along_without_what_the_camera_added(phone: Phone, tmp_path: Path) -> None:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Merk"
    Image.new("RGB", (2000, 1000), "teal").save(stream, "JPEG", exif=exif)
    door = phone.door(1)
    door.get_by_label("Resultaat").select_option("niemand_aanwezig")
    door.get_by_label("Foto toevoegen").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()}
    )
    door.get_by_label("Wat staat op de foto").fill("voordeur")
    form = phone.hand_over()
    [photo] = imported(tmp_path, form)[FOTOS.name].frame.to_dicts()
    assert (photo["breedte"], photo["hoogte"], photo["omschrijving"]) == (1280, 640, "voordeur")
    assert photo["inspectie"] == form["bezoeken"][0]["inspectie"]
    assert b"Merk" not in photo["inhoud"]


def test_it_warns_before_its_last_day_and_is_empty_after_it(phone: Phone) -> None:
    page = phone.page
    expect(page.locator("#termijn")).to_be_hidden()
    phone.door(1).get_by_label("Resultaat").select_option("niemand_aanwezig")
    phone.hand_over()
    page.clock.set_fixed_time("2026-12-01T09:00:00+01:00")
    page.reload()
    expect(page.locator("#termijn")).to_contain_text("maakt zich leeg na 03-12-2026")
    page.clock.set_fixed_time("2026-12-03T23:59:00+01:00")
    page.reload()
    expect(page.locator("[data-nr]")).to_have_count(3)
    page.clock.set_fixed_time("2026-12-04T00:01:00+01:00")
    page.reload()
    expect(page.get_by_role("heading", name="Dit veldformulier is verlopen")).to_be_visible()
    assert "Singel" not in page.inner_text("body")
    assert page.evaluate("document.documentElement.outerHTML.includes('Singel')") is False
    assert page.evaluate("localStorage.length") == 0
    expect(page.get_by_role("button")).to_have_count(0)


def test_what_was_typed_and_not_handed_over_can_be_saved_once_after_the_last_day(phone: Phone) -> None:
    page = phone.page
    phone.door(2).get_by_label("Resultaat").select_option("geweigerd")
    page.clock.set_fixed_time("2026-12-05T09:00:00+01:00")
    page.reload()
    assert "Singel" not in page.inner_text("body")
    form = phone.hand_over("Bewaar en maak leeg")
    assert [visit["resultaat"] for visit in form["bezoeken"]] == ["geweigerd"]
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.get_by_role("button")).to_have_count(0)


def test_a_week_after_the_last_day_nothing_is_left_to_save(phone: Phone) -> None:
    phone.door(2).get_by_label("Resultaat").select_option("geweigerd")
    phone.page.clock.set_fixed_time("2026-12-11T09:00:00+01:00")
    phone.page.reload()
    expect(phone.page.get_by_role("button")).to_have_count(0)
    assert phone.page.evaluate("localStorage.length") == 0


def test_it_fits_a_narrow_phone_and_can_be_used_without_a_mouse(phone: Phone) -> None:
    page = phone.page
    door = page.locator("[data-nr='1']")
    door.locator("summary").focus()
    page.keyboard.press("Enter")
    door.get_by_label("Resultaat").select_option("toegang_met_toestemming")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    small = page.evaluate(
        "[...document.querySelectorAll('button, select, input:not([type=checkbox]), summary')]"
        ".filter((node) => node.offsetParent && node.getBoundingClientRect().height < 44).map((node) => node.outerHTML)"
    )
    assert small == []
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input, select, textarea')].filter((node) => !node.labels.length).length"
    )
    assert unnamed == 0


def test_a_phone_that_keeps_nothing_says_so(phone: Phone) -> None:
    phone.page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('nee'); } })")
    phone.page.reload()
    expect(phone.page.locator("#niet-bewaard")).to_be_visible()
    phone.door(1).get_by_label("Resultaat").select_option("geweigerd")
    assert [visit["resultaat"] for visit in phone.hand_over()["bezoeken"]] == ["geweigerd"]
