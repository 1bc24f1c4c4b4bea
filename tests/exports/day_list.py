"""A list of a day made by hand: no registry is needed to see what goes along."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from registry.store.queries.worklists import StoredList, StoredOrder, StoredRow
from registry.worklists.opened import OpenedList, OpenedRow
from registry.worklists.planner_settings import PlannerSettings
from registry.worklists.receipts import FrozenReceipt

DAY = date(2026, 11, 26)
LAST_DAY = date(2026, 12, 3)
MOMENT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
RECEIPT = FrozenReceipt(
    regel="overbewoning",
    regel_versie=1,
    peildatum="2026-11-25",
    known_run_id=9,
    wet_hash="w" * 64,
    feiten_hash="f" * 64,
    bewijs="00aa11bb22cc33dd",
    uitkomst="signaal",
    beslissend="getalsnorm",
    urgentie="hoog",
    toelichting="8 bewoners × 12 m2 = 96 m2, meer dan de 70 m2 gebruiksoppervlakte.",
    personen_min=8,
    personen_max=8,
    oppervlakte=70.5,
    norm=12.0,
    feiten={"inspectie_datum": "2025-03-01"},
    parameters={},
    sources=[{"bron": "bag", "levering": "stand", "leverdatum": "2026-11-15", "run_id": 1}],
)
CLEARED = replace(RECEIPT, bewijs="99ee88ff77001122", uitkomst="geen_signaal", urgentie=None, toelichting=None)


def row(number: int, **other: Any) -> StoredRow:
    """A case of the list."""
    values: dict[str, Any] = {
        "worklist_row_id": number,
        "worklist_id": 12,
        "datum": DAY,
        "regel": "overbewoning",
        "zaak_id": "",
        "adresseerbaar_object_id": f"0606010000{number:06}",
        "adres": f"Singel {number}",
        "postcode": "3111AA",
        "woonplaats": "Testdam",
        "buurt": "Oost",
        "stop": f"singel {number}",
        "x": 87_000.0 + 40 * number,
        "y": 436_000.0 + 25 * (number % 3),
        "reasons": "[]",
        "receipt": RECEIPT.to_json(),
        "bewijs": f"00aa11bb22cc33{number:02}",
        "is_control": False,
        "dropped_at": None,
        "dropped_by": None,
        "dropped_reason": None,
    }
    return StoredRow(**values | other)


def day_list(*rows: StoredRow, receipts: dict[int, FrozenReceipt] | None = None) -> OpenedList:
    """The list as it is opened; three cases unless others are given."""
    cases = rows or (row(1), row(2), row(3))
    stored = StoredList(
        12, DAY, "P. Lanner", None, None, "{}", "het stadskantoor", 87_000.0, 436_000.0, 9, 1, 0.0, LAST_DAY, MOMENT
    )
    opened = [
        OpenedRow(
            number, one, (receipts or {}).get(one.worklist_row_id, replace(RECEIPT, bewijs=one.bewijs)),
            [{"reden": "urgentie", "titel": "Urgentie", "feit": "hoog", "waarde": 1.0, "gewicht": 3.0, "punten": 3.0}],
            40.0, None, False, False,
        )
        for number, one in enumerate(cases, 1)
    ]  # fmt: skip
    order = StoredOrder(12, 1, "[]", 512.4, "P. Lanner", MOMENT)
    return OpenedList(stored, PlannerSettings(), order, opened, [])
