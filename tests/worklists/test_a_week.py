"""A week: lists, a phone in flight mode and a workbook, visits that come back, assessments, a re-check, the yield."""

import csv
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser
from small_town import CIPHER, DAY, NOW, propose

from registry.cases.assessment import Assessment, Weerlegging, assess
from registry.cases.yields import read_yields
from registry.exports.take_along import TakenAlong, write_take_along
from registry.intake.run import ImportRequest, run_import
from registry.signals.run import run_evaluations
from registry.signals.silence import Oordeel
from registry.store.engine import Store
from registry.store.queries.runs import last_run
from registry.store.queries.visits import read_visits
from registry.store.queries.worklists import read_checks
from registry.worklists.at_visit import freeze_visits
from registry.worklists.opened import OpenedRow, open_list
from registry.worklists.placing import place
from registry.worklists.planner_settings import PlannerSettings
from registry.worklists.recheck import Result, recheck
from rules.catalogue import find_rule
from rules.parameters import shipped_law

# The same week is played in tests/cases/test_week.py; this one goes by other functions and takes a browser of its own.
pytestmark = pytest.mark.proof
LAW = shipped_law()
ASKED = PlannerSettings(length=5)


def take_along(store: Store, number: int, folder: Path) -> TakenAlong:
    folder.mkdir()
    with store.read() as connection:
        opened = open_list(connection, number)
        return write_take_along(folder, connection, opened, made_by="P. Lanner", made_at=NOW.replace(tzinfo=None))


def rows_of(store: Store, number: int) -> list[OpenedRow]:
    with store.read() as connection:
        return open_list(connection, number, analyst=True).rows


def fill_in_on_a_phone(browser: Browser, form: Path, day: date, results: dict[int, str], into: Path) -> Path:
    """Type visits by the number of the door: 'niemand_aanwezig', or so many persons counted."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, offline=True)
    page = context.new_page()
    page.clock.set_fixed_time(f"{day}T10:00:00")
    page.goto(form.as_uri())
    page.get_by_label("Uw naam").fill("J. de Vries")
    for number, result in results.items():
        door = page.locator(f"[data-nr='{number}']")
        door.locator("summary").click()
        inside = result.isdecimal()
        door.get_by_label("Resultaat").select_option("toegang_met_toestemming" if inside else result)
        if inside:
            door.get_by_label("Aantal personen").fill(result)
    with page.expect_download() as found:
        page.get_by_role("button", name="Bewaar bestand").click()
    found.value.save_as(into)
    context.close()
    return into


def fill_in_at_a_desk(workbook: Path, day: date, persons: dict[int, int]) -> Path:
    book = openpyxl.load_workbook(workbook)
    page = book.worksheets[0]
    places = {cell.value: cell.column for cell in page[1]}
    for number, counted in persons.items():
        for header, value in {
            "Datum bezoek": day,
            "Resultaat": "toegang met toestemming",
            "Inspecteur": "A. Bakker",
            "Aantal personen": counted,
        }.items():
            page.cell(number + 1, places[header]).value = value
    book.save(workbook)
    return workbook


def bring_in(store: Store, path: Path, day: date) -> None:
    result = run_import(store, ImportRequest("inspecties", path, leverdatum=day), cipher=CIPHER)
    assert result.uitval == 0
    freeze_visits(store, result.run_id, LAW, author="P. Lanner", now=NOW)


def measure(store: Store, folder: Path, row: OpenedRow, day: date) -> None:
    path = folder / "meting.csv"
    values = {"BAG-id": row.row.adresseerbaar_object_id, "Feit": "gemeten_oppervlakte", "Waarde": "400",
              "Van": "01-01-2024", "Bewijs": "bouwtekening"}  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(values), delimiter=";")
        writer.writeheader()
        writer.writerow(values)
    run_import(store, ImportRequest("vaststellingen", path, leverdatum=day), cipher=CIPHER)


def test_a_week_is_planned_walked_judged_and_counted(own_store: Store, browser: Browser, tmp_path: Path) -> None:
    monday, tuesday, friday = DAY, DAY + timedelta(days=1), DAY + timedelta(days=4)

    # Monday: five addresses, one of them drawn by lot; a phone and a colleague with the workbook.
    first = place(own_store, propose(own_store, ASKED, control_share=0.2), planner="P. Lanner", now=NOW)
    cases = rows_of(own_store, first)
    assert sum(one.is_control for one in cases) == 1
    files = take_along(own_store, first, tmp_path / "maandag")
    signals = [one for one in cases if not one.is_control]
    refuted, confirmed, nobody, still_open = (one.number or 0 for one in signals)
    control = next(one.number or 0 for one in cases if one.is_control)
    by_phone = {refuted: "1", nobody: "niemand_aanwezig", control: "2"}
    bring_in(own_store, fill_in_on_a_phone(browser, files.form, monday, by_phone, tmp_path / "terug.json"), monday)
    bring_in(own_store, fill_in_at_a_desk(files.workbook, monday, {confirmed: 40}), monday)
    with own_store.read() as connection:
        at_visit = [check for check in read_checks(connection, first) if check.moment == "bezoek"]
    assert len(at_visit) == 4
    assert {check.result for check in at_visit} == {"gelijk"}
    assert [one.number for one in rows_of(own_store, first) if not one.visited] == [still_open]

    # Two signals are assessed; the same evening everything is judged again.
    receipts = {one.number: one.row.bewijs for one in cases}
    objects = {one.number: one.row.adresseerbaar_object_id for one in cases}
    with own_store.read() as connection:
        known = last_run(connection)
        [visit] = read_visits(connection, known=known, object_id=objects[refuted], since=monday)["inspectie"]
    assess(own_store, Assessment(receipts[confirmed], Oordeel.BEVESTIGD, "geteld", "A. Jansen", 0))
    reden = Weerlegging.REGISTRATIE_ONJUIST
    assess(
        own_store,
        Assessment(receipts[refuted], Oordeel.WEERLEGD, "een bewoner", "A. Jansen", 0, reden=reden, inspectie=visit),
    )
    run_evaluations(own_store, [find_rule("overbewoning")], LAW, peildatum=monday)

    # Tuesday: what was answered is not offered; who was not at home and who was not reached are.
    proposal = propose(own_store, PlannerSettings(length=20), day=tuesday)
    offered = set(proposal.rows["adresseerbaar_object_id"])
    assert objects[refuted] not in offered
    assert {objects[nobody], objects[still_open]} <= offered
    second = place(own_store, proposal, planner="P. Lanner", now=NOW)

    # Before they go out, a drawing turns up: the re-check takes that case off and says why.
    herkomst = "gebruiksoppervlakte_herkomst"
    measured = next(
        one for one in rows_of(own_store, second)
        if one.receipt.feiten[herkomst] == "BAG" and not one.receipt.feiten["geteld"]
    )  # fmt: skip
    measure(own_store, tmp_path, measured, tuesday)
    found = recheck(own_store, second, LAW, day=tuesday, author="P. Lanner", now=NOW)
    assert [one.row.worklist_row_id for one in found if one.dropped] == [measured.row.worklist_row_id]
    assert {one.result for one in found if not one.dropped} == {Result.GELIJK}
    with own_store.read() as connection:
        [gone] = open_list(connection, second).dropped
    assert gone.row.dropped_reason is not None
    assert "gebruiksoppervlakte" in gone.row.dropped_reason

    # Friday: the yield, with what was drawn by lot apart.
    with own_store.read() as connection:
        counted = {one.steekproef: one for one in read_yields(connection, since=monday, until=friday)}
    ours, drawn = counted[False], counted[True]
    assert (ours.bezocht, ours.niemand, ours.bevestigd, ours.weerlegd) == (3, 1, 1, 1)
    assert ours.redenen == {"registratie_onjuist": 1}
    assert (drawn.bezocht, drawn.bevestigd) == (1, 0)
    assert ours.opbrengst.van is not None
    assert ours.opbrengst.deel is not None
    assert ours.opbrengst.van < ours.opbrengst.deel
