"""A small municipality with signals, made once for the tests of lists."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.intake.run import ImportRequest, run_import
from registry.signals.run import run_evaluations
from registry.store.engine import ReadConnection, Store, open_store
from registry.store.queries.worklists import StoredOrder, StoredRow, read_orders, read_rows
from registry.worklists.placing import place
from registry.worklists.plan import ROWS, Proposal, Start, plan
from registry.worklists.planner_settings import PlannerSettings
from rules.catalogue import find_rule
from rules.parameters import shipped_law

PEILDATUM = date(2026, 11, 2)
DAY = date(2026, 11, 3)
NOW = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
SOURCES = ("bag", "gebieden", "brp", "brk", "vergunningen", "meldingen", "inspecties", "vaststellingen")
CIPHER = BsnCipher(generate_keys())


def fill(url: str, folder: Path) -> Store:
    """An open registry with the sources of a small municipality, judged for overbewoning."""
    manifest = make_municipality(folder, woningen=120, peildatum=PEILDATUM)
    store = open_store(url)
    for bron in SOURCES:
        leverdatum = None if bron == "bag" else manifest.peildatum
        run_import(store, ImportRequest(bron, folder / manifest.bestanden[bron], leverdatum=leverdatum), cipher=CIPHER)
    run_evaluations(store, [find_rule("overbewoning")], shipped_law(), peildatum=PEILDATUM)
    return store


def propose(store: Store, settings: PlannerSettings | None = None, **options: Any) -> Proposal:
    """A proposal for ``DAY``."""
    with store.read() as connection:
        return plan(connection, settings or PlannerSettings(), **{"day": DAY, "seed": 1} | options)


def place_one(store: Store, settings: PlannerSettings | None = None, **options: Any) -> int:
    """A list that is placed."""
    return place(store, propose(store, settings, **options), planner="P. Lanner", now=NOW)


def by_hand(known: int, rows: list[dict[str, Any]], day: date = DAY) -> Proposal:
    """A proposal of given rows, for a registry without dwellings."""
    plain = {
        "regel": "overbewoning", "zaak_id": "", "adres": "Singel 1", "stop": "singel 1", "x": 87_000.0, "y": 436_000.0,
        "points": 1.0, "reasons": "[]", "receipt": "{}", "bewijs": "ab", "is_control": False,
    }  # fmt: skip
    frame = pl.DataFrame([plain | row for row in rows], schema=ROWS)
    return Proposal(
        day, PlannerSettings(), Start("het stadskantoor", (87_000.0, 436_000.0)), frame, 0.0, True, 1, known, 1, 0.0
    )


def rows_of(connection: ReadConnection, number: int) -> list[StoredRow]:
    """The cases of a list as they are kept; their receipts need not be real."""
    return read_rows(connection, number)


def order_of(connection: ReadConnection, number: int) -> StoredOrder:
    """The order of a list that holds now."""
    return read_orders(connection, number)[0]
