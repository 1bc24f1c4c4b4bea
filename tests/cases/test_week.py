"""A whole week on a synthetic municipality: lists, a phone without a network, a workbook, assessments, the yield."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from playwright.sync_api import Browser

from registry.cases.assessment import AlreadyAssessedError, Assessment, Weerlegging, assess
from registry.cases.care import Aanleiding, Referral, count_referrals, refer
from registry.cases.completeness import check_completeness
from registry.cases.yields import read_yields
from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.errors import UsageError
from registry.exports.take_along import TakenAlong, write_take_along
from registry.intake.requests import ImportResult
from registry.intake.run import ImportRequest, run_import
from registry.signals.run import run_evaluations
from registry.signals.silence import Oordeel, silenced_cases
from registry.store.engine import Store, open_store
from registry.store.queries.visits import read_visit
from registry.worklists.opened import OpenedRow, open_list
from registry.worklists.placing import place
from registry.worklists.plan import Proposal, plan
from registry.worklists.planner_settings import PlannerSettings
from registry.worklists.recheck import recheck
from registry.worklists.visits import correct_visit
from rules.catalogue import find_rule
from rules.parameters import shipped_law

SUNDAY = date(2026, 11, 1)
MONDAY, TUESDAY, FRIDAY = (SUNDAY + timedelta(days=n) for n in (1, 2, 5))
NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
CIPHER = BsnCipher(generate_keys())
SOURCES = ("bag", "gebieden", "brp", "brk", "vergunningen", "meldingen", "inspecties", "vaststellingen")
SETTINGS = PlannerSettings(length=3, unvisited_days=7)


class Week:
    """The registry of a municipality through a week, and a folder for what goes along and comes back."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder

    def take_in(self, bron: str, path: Path, day: date) -> ImportResult:
        return run_import(self.store, ImportRequest(bron, path, leverdatum=day, levering="deel"), cipher=CIPHER)

    def evaluate(self, day: date) -> None:
        run_evaluations(self.store, [find_rule("overbewoning")], shipped_law(), peildatum=day)

    def propose(self, day: date, **options: Any) -> Proposal:
        with self.store.read() as connection:
            return plan(connection, SETTINGS, day=day, seed=7, **options)

    def place(self, day: date, **options: Any) -> int:
        return place(self.store, self.propose(day, **options), planner="M. Bakker", now=NOW)

    def rows(self, number: int) -> list[OpenedRow]:
        with self.store.read() as connection:
            opened = open_list(connection, number, analyst=True)
        return [row for row in opened.rows if row.number is not None]

    def take_along(self, number: int) -> TakenAlong:
        with self.store.read() as connection:
            opened = open_list(connection, number)
            return write_take_along(self.folder, connection, opened, made_by="M. Bakker", made_at=NOW)

    def assess(self, row: OpenedRow, oordeel: Oordeel, **fields: Any) -> None:
        values: dict[str, Any] = {"toelichting": "na bezoek", "auteur": "A. Jansen", "seen_version": 0} | fields
        assess(self.store, Assessment(row.row.bewijs, oordeel, **values))


@pytest.fixture
def week(sqlite_url: str, tmp_path: Path) -> Iterator[Week]:
    manifest = make_municipality(tmp_path / "bronnen", woningen=120, peildatum=SUNDAY)
    store = open_store(sqlite_url)
    for bron in SOURCES:
        path = tmp_path / "bronnen" / manifest.bestanden[bron]
        leverdatum = None if bron == "bag" else SUNDAY
        run_import(store, ImportRequest(bron, path, leverdatum=leverdatum), cipher=CIPHER)
    run_evaluations(store, [find_rule("overbewoning")], shipped_law(), peildatum=SUNDAY)
    yield Week(store, tmp_path)
    store.close()


def on_the_phone(browser: Browser, form: Path, counted: str) -> dict[str, Any]:
    """The form without a network: the first door is visited and written down, the second found nobody in."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, offline=True, locale="nl-NL")
    page = context.new_page()
    page.clock.set_fixed_time(f"{MONDAY}T19:30:00+01:00")
    page.goto(form.as_uri())
    page.get_by_label("Uw naam").fill("J. de Vries")
    page.get_by_label("Hoedanigheid").select_option("toezichthouder")
    for number, result in ((1, "toegang_met_toestemming"), (2, "niemand_aanwezig")):
        door = page.locator(f"[data-nr='{number}']")
        if door.get_attribute("open") is None:
            door.locator("summary").click()
        door.get_by_label("Resultaat").select_option(result)
        if number == 1:
            door.get_by_label("Aantal personen").fill(counted)
            door.get_by_label("Feiten").fill("Drie kamers met een slot op de deur.")
    with page.expect_download() as found:
        page.get_by_role("button", name="Bewaar bestand").click()
    content: dict[str, Any] = json.loads(Path(found.value.path()).read_text(encoding="utf-8"))
    context.close()
    return content


def fill_in(workbook: Path, visits: list[dict[str, Any]]) -> None:
    """Type visits into the first rows of a list."""
    book = openpyxl.load_workbook(workbook)
    page = book.worksheets[0]
    header = next(row for row in page.iter_rows() if any(cell.value == "Resultaat" for cell in row))
    columns = {cell.value: number for number, cell in enumerate(header, 1)}
    for number, visit in enumerate(visits, int(header[0].row or 1) + 1):
        for name, value in visit.items():
            page.cell(number, columns[name], value)
    book.save(workbook)


def measure(week: Week, object_id: str, square_metres: int) -> None:
    path = week.folder / "meting.csv"
    path.write_text(
        f"BAG-id;Feit;Waarde;Van;Bewijs\n{object_id};gemeten_oppervlakte;{square_metres};01-01-2020;meetrapport\n",
        encoding="utf-8",
    )
    assert week.take_in("vaststellingen", path, FRIDAY).uitval == 0


def test_a_week(week: Week, browser: Browser) -> None:  # noqa: PLR0915 - a week is one story
    # Monday: a list with one address drawn by lot; a second planner cannot take its cases for the same day.
    proposal = week.propose(MONDAY, control_share=0.34)
    monday = place(week.store, proposal, planner="M. Bakker", now=NOW)
    with pytest.raises(UsageError):
        place(week.store, proposal, planner="een ander", now=NOW)
    first, second, third = week.rows(monday)
    form = on_the_phone(browser, week.take_along(monday).form, "ca. 6")
    path = week.folder / "terug.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    assert week.take_in("inspecties", path, MONDAY).uitval == 1, "'ca. 6' waits with all that was typed"
    form["bezoeken"][0]["aantal_personen"] = "6"
    path.write_text(json.dumps(form), encoding="utf-8")
    assert week.take_in("inspecties", path, MONDAY).uitval == 0
    assert [row.visited for row in week.rows(monday)] == [True, True, False]
    number = form["bezoeken"][0]["inspectie"]

    # Tuesday: judged anew, a list of other addresses comes back as a workbook, with a row that nobody visited.
    week.evaluate(MONDAY)
    tuesday = week.place(TUESDAY)
    book = week.take_along(tuesday).workbook
    inside = {"Datum bezoek": TUESDAY, "Tijd": "18:00", "Resultaat": "toegang met toestemming", "Aantal personen": 2}
    fill_in(book, [inside | {"Inspecteur": "J. de Vries"}, {"Datum bezoek": TUESDAY, "Resultaat": "geweigerd"}])
    assert week.take_in("inspecties", book, TUESDAY).uitval == 0
    assert [row.visited for row in week.rows(tuesday)][:2] == [True, True]

    # Wednesday: the report is made evidence, signals are assessed, and a colleague who comes second is told.
    with week.store.read() as connection:
        assert not check_completeness(read_visit(connection, number) or {}).is_evidence
    report = {
        "werkwijze": "geteld", "ruimten": [{"naam": "kamer", "slaapplaatsen": 6}], "legitimatie": True,
        "doel": "controle", "toestemming_van": "bewoner", "ondertekend_door": "J. de Vries",
        "ondertekend_op": "2026-11-03",
    }  # fmt: skip
    correct_visit(week.store, number, report, author="J. de Vries", leverdatum=TUESDAY, cipher=CIPHER)
    with week.store.read() as connection:
        assert check_completeness(read_visit(connection, number) or {}).is_evidence
    week.assess(first, Oordeel.BEVESTIGD, inspectie=number)
    with pytest.raises(AlreadyAssessedError):
        week.assess(first, Oordeel.WEERLEGD, reden=Weerlegging.FAMILIE, auteur="B. Smit")
    refuted = week.rows(tuesday)[0]
    week.assess(refuted, Oordeel.WEERLEGD, reden=Weerlegging.REGISTRATIE_ONJUIST)
    refer(
        week.store,
        Referral(TUESDAY, first.row.adresseerbaar_object_id, Aanleiding.ANDERE_WOONRUIMTE, "J. de Vries", False),
    )

    # Friday: a measurement clears a case that is on the list; the answered ones are not offered again.
    friday = week.place(FRIDAY)
    answered = {first.row.adresseerbaar_object_id, refuted.row.adresseerbaar_object_id}
    offered = {row.row.adresseerbaar_object_id for row in week.rows(friday)}
    assert not answered & offered
    by_bag = ("BAG", False)
    cleared = next(
        row
        for row in week.rows(friday)
        if (row.receipt.feiten["gebruiksoppervlakte_herkomst"], row.receipt.feiten["geteld"]) == by_bag
    )
    measure(week, cleared.row.adresseerbaar_object_id, 900)
    checks = recheck(week.store, friday, shipped_law(), day=FRIDAY, author="M. Bakker", now=NOW)
    [dropped] = [check for check in checks if check.dropped]
    assert dropped.row.adresseerbaar_object_id == cleared.row.adresseerbaar_object_id
    assert dropped.reden is not None
    assert cleared.row.bewijs not in {row.row.bewijs for row in week.rows(friday)}

    # The week after: a fact changed under what was refuted, so it is back and says why; and the yield is counted.
    measure(week, refuted.row.adresseerbaar_object_id, 5)
    week.evaluate(FRIDAY)
    with week.store.read() as connection:
        states = silenced_cases(connection, "overbewoning")
        found = read_yields(connection, since=MONDAY, until=FRIDAY)
        counted = count_referrals(connection)
    back = states.filter(pl.col("gewijzigd").list.len() > 0)
    assert refuted.row.adresseerbaar_object_id in back["adresseerbaar_object_id"].to_list()
    assert any("oppervlakte" in text for text in back["gewijzigd"].explode())
    chosen = next(one for one in found if not one.steekproef)
    by_lot = sum(row.is_control for row in (first, second))
    assert sum(one.bezocht for one in found if one.steekproef) == by_lot
    assert sum(one.bezocht for one in found) == 4
    assert sum(one.bevestigd for one in found) == 1
    assert sum(one.niemand for one in found) == 1
    assert chosen.redenen == {"registratie_onjuist": 1}
    assert counted.select("aantal", "met_toestemming").rows() == [(1, 0)]
    assert third.row.bewijs not in states["bewijs"].to_list()
