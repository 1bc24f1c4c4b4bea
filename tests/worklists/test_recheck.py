"""What became of a case since it was placed: told, marked, or taken off the list with its reason."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from small_town import CIPHER, DAY, NOW, place_one

from registry.errors import UsageError
from registry.intake.run import ImportRequest, run_import
from registry.store.engine import Store
from registry.store.queries.worklists import StoredRow, read_checks
from registry.worklists.at_visit import freeze_visits
from registry.worklists.opened import OpenedList, open_list
from registry.worklists.planner_settings import PlannerSettings
from registry.worklists.receipts import read_receipt
from registry.worklists.recheck import Recheck, Result, compare_rows, recheck
from rules.parameters import shipped_law

LAW = shipped_law()
LATER = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


def measure(store: Store, tmp_path: Path, row: StoredRow, square_metres: str, day: date = DAY) -> None:
    """Somebody establishes the area of a dwelling."""
    path = tmp_path / f"vaststelling-{row.worklist_row_id}-{square_metres}.csv"
    values = {
        "BAG-id": row.adresseerbaar_object_id,
        "Feit": "gemeten_oppervlakte",
        "Waarde": square_metres,
        "Van": "01-01-2020",
        "Bewijs": "meetrapport",
    }
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(values), delimiter=";")
        writer.writeheader()
        writer.writerow(values)
    result = run_import(store, ImportRequest("vaststellingen", path, leverdatum=day), cipher=CIPHER)
    assert result.uitval == 0


def visit(store: Store, tmp_path: Path, row: StoredRow, persons: int) -> None:
    """An inspector counts people, for the receipt of a row of a list."""
    form = {
        "formaat": "woonregister-veldformulier",
        "versie": 1,
        "lijst": row.worklist_id,
        "bezoeken": [
            {
                "adresseerbaar_object_id": row.adresseerbaar_object_id,
                "datum": DAY.isoformat(),
                "tijd": "10:00",
                "inspecteur": "J. de Vries",
                "resultaat": "toegang_met_toestemming",
                "aantal_personen": persons,
                "bewijs": [row.bewijs],
            }
        ],
    }
    path = tmp_path / "bezoek.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    result = run_import(store, ImportRequest("inspecties", path, leverdatum=DAY), cipher=CIPHER)
    assert result.uitval == 0
    assert freeze_visits(store, result.run_id, LAW, author="J. de Vries", now=LATER) == 1


def opened(store: Store, number: int) -> OpenedList:
    with store.read() as connection:
        return open_list(connection, number)


def by_registers(store: Store, number: int) -> list[StoredRow]:
    """The cases that nobody visited or measured before."""
    rows = opened(store, number).rows
    herkomst = "gebruiksoppervlakte_herkomst"
    return [one.row for one in rows if not one.receipt.feiten["geteld"] and one.receipt.feiten[herkomst] == "BAG"]


def again(store: Store, number: int, **options: Any) -> dict[int, Recheck]:
    found = recheck(store, number, LAW, day=DAY, author="P. Lanner", now=LATER, **options)
    return {one.row.worklist_row_id: one for one in found}


def test_without_news_every_case_is_as_it_was(own_store: Store) -> None:
    number = place_one(own_store, PlannerSettings(length=4))
    found = again(own_store, number)
    assert {one.result for one in found.values()} == {Result.GELIJK}
    assert len(opened(own_store, number).rows) == len(found)
    for one in opened(own_store, number).rows:
        assert one.last_check is not None
        assert one.last_check.result == "gelijk"


def test_new_data_takes_a_case_off_and_says_which_fact_did_it(own_store: Store, tmp_path: Path) -> None:
    number = place_one(own_store, PlannerSettings(length=4))
    cleared, changed, *_ = by_registers(own_store, number)
    measure(own_store, tmp_path, cleared, "400")
    then = read_receipt(changed.receipt)
    assert then.oppervlakte is not None
    measure(own_store, tmp_path, changed, f"{then.oppervlakte - 1:g}".replace(".", ","))
    found = again(own_store, number)
    off = found[cleared.worklist_row_id]
    assert (off.result, off.dropped) == (Result.VERVALLEN, True)
    assert off.changes["gebruiksoppervlakte"] == [read_receipt(cleared.receipt).oppervlakte, 400.0]
    assert off.reden is not None
    assert "was signaal en is nu geen signaal" in off.reden
    assert "gebruiksoppervlakte" in off.reden
    stays = found[changed.worklist_row_id]
    assert (stays.result, stays.dropped) == (Result.GEWIJZIGD, False)
    assert stays.reden is not None
    assert stays.reden.startswith("De uitkomst is nog steeds signaal.")
    now = opened(own_store, number)
    assert cleared.worklist_row_id not in {one.row.worklist_row_id for one in now.rows}
    [gone] = now.dropped
    assert gone.row.dropped_reason == f"Vervallen bij hercontrole. {off.reden}"
    assert gone.receipt == read_receipt(cleared.receipt), "what was true when it was placed stays"


def test_a_cleared_case_can_be_marked_and_left(own_store: Store, tmp_path: Path) -> None:
    number = place_one(own_store, PlannerSettings(length=2))
    row = by_registers(own_store, number)[0]
    measure(own_store, tmp_path, row, "400")
    found = again(own_store, number, drop=False)[row.worklist_row_id]
    assert (found.result, found.dropped) == (Result.VERVALLEN, False)
    here = next(one for one in opened(own_store, number).rows if one.row.worklist_row_id == row.worklist_row_id)
    assert here.last_check is not None
    assert here.last_check.reden == found.reden


def test_a_visited_case_stays_on_its_list_and_keeps_what_was_true_at_the_visit(
    own_store: Store, tmp_path: Path
) -> None:
    number = place_one(own_store, PlannerSettings(length=3))
    row = by_registers(own_store, number)[0]
    visit(own_store, tmp_path, row, 1)
    measure(own_store, tmp_path, row, "400")
    found = again(own_store, number)[row.worklist_row_id]
    assert (found.result, found.dropped) == (Result.GEWIJZIGD, False)
    here = opened(own_store, number)
    assert {one.row.worklist_row_id for one in here.rows if one.visited} == {row.worklist_row_id}
    with own_store.read() as connection:
        moments = [(check.moment, check.result) for check in read_checks(connection, number)
                   if check.worklist_row_id == row.worklist_row_id]  # fmt: skip
    assert moments == [("bezoek", "gelijk"), ("hercontrole", "gewijzigd")]


def test_looking_what_changed_keeps_nothing(own_store: Store, tmp_path: Path) -> None:
    number = place_one(own_store, PlannerSettings(length=3))
    row = by_registers(own_store, number)[0]
    measure(own_store, tmp_path, row, "400")
    with own_store.read() as connection:
        [found] = compare_rows(connection, [row], LAW, day=DAY)
    assert found.result is Result.VERVALLEN
    assert opened(own_store, number).rows[0].last_check is None


def test_a_recheck_has_an_author_and_a_list(own_store: Store) -> None:
    with pytest.raises(UsageError, match="wie de hercontrole doet"):
        recheck(own_store, 1, LAW, day=DAY, author=" ", now=NOW)
    with pytest.raises(UsageError, match="Lijst 99 bestaat niet"):
        recheck(own_store, 99, LAW, day=DAY, author="P", now=NOW)
