"""What-ifs about a municipality of 40,000 dwellings: each question with a value that was not asked before.

The frames of the day are in memory after the first question, as they are in the process that serves the pages. The peer
is SQL written by hand on the same store for the simplest question, another norm for overcrowding: it counts residents
times norm against the area per buurt, and knows nothing of certainty, inspections, exceptions or the date of the law.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from registry.demo.run import run_demo
from registry.stock.reach import PER, WarmFrames, read_reach
from registry.store.engine import ReadConnection, open_store
from rules.catalogue import find_rule
from rules.parameters import shipped_law

WONINGEN: Final = 40_000
PEILDATUM: Final = date(2026, 11, 1)
TIMES: Final = 5
# What is asked: the rule, the parameter, and a value that differs with every question.
QUESTIONS: Final[dict[str, tuple[str, str, Callable[[int], int | float]]]] = {
    "another norm": ("overbewoning", "overbewoning.m2_per_persoon", lambda number: 13 + number),
    "another limit": ("opkoopbescherming", "opkoopbescherming.grens", lambda number: 300_000 + 10_000 * number),
    "another term": ("opkoopbescherming", "opkoopbescherming.termijn_jaren", lambda number: 5 + number),
    "another number of persons": ("omzetting", "omzetting.aantal_personen", lambda number: 4 + number),
}
_SQL: Final = """
    WITH wonen AS (
        SELECT adresseerbaar_object_id AS id, count(DISTINCT persoonslijst) AS personen FROM bewoning
        WHERE valid_from <= :day AND (valid_until IS NULL OR valid_until > :day) AND superseded_run_id IS NULL
        GROUP BY 1
    )
    SELECT g.naam, count(*), sum(w.personen * 12 > v.oppervlakte), sum(w.personen * :norm > v.oppervlakte)
    FROM verblijfsobjecten v
    LEFT JOIN wonen w ON w.id = v.verblijfsobject_id
    LEFT JOIN ligging l ON l.adresseerbaar_object_id = v.verblijfsobject_id AND l.soort = 'buurt'
        AND l.valid_from <= :day AND (l.valid_until IS NULL OR l.valid_until > :day) AND l.superseded_run_id IS NULL
    LEFT JOIN gebieden g ON g.gebied_code = l.gebied_code AND g.superseded_run_id IS NULL
    WHERE v.valid_from <= :day AND (v.valid_until IS NULL OR v.valid_until > :day) AND v.superseded_run_id IS NULL
        AND v.status = 'Verblijfsobject in gebruik' AND v.gebruiksdoelen LIKE '%"woonfunctie"%'
    GROUP BY 1
"""


def run() -> dict[str, object]:
    """Seconds per question, on the clock and of the processor."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_demo(folder, woningen=WONINGEN, peildatum=PEILDATUM)
        store = open_store(f"sqlite:///{folder / 'woonregister.db'}")
        figures: dict[str, object] = {"dwellings": WONINGEN}
        with store.read() as connection:
            for question in QUESTIONS:
                figures |= _asked(connection, question)
            figures |= _peer(connection)
        store.close()
    return figures


def _asked(connection: ReadConnection, question: str) -> dict[str, object]:
    rule, parameter, value = QUESTIONS[question]
    warm, law = WarmFrames(), shipped_law()

    def ask(number: int) -> None:
        changes = {parameter: value(number)}
        read_reach(
            connection, find_rule(rule), law, changes, per=PER[number % len(PER)], peildatum=PEILDATUM, warm=warm
        )

    first, _ = _timed(partial(ask, 0))
    for number in range(1, len(PER)):  # what the law of today gives is kept per kind of area
        ask(number)
    clock, busy = zip(*(_timed(partial(ask, number)) for number in range(len(PER), len(PER) + TIMES)), strict=True)
    return {
        f"{question}: first question of a day, s": first,
        f"{question}: next question, median s": statistics.median(clock),
        f"{question}: next question, slowest s": max(clock),
        f"{question}: next question, median s of the processor": statistics.median(busy),
    }


def _peer(connection: ReadConnection) -> dict[str, object]:
    def ask(norm: int) -> None:
        connection.execute(sa.text(_SQL), {"day": PEILDATUM.isoformat(), "norm": norm}).all()

    ask(13)
    clock = [_timed(partial(ask, 14 + number))[0] for number in range(TIMES)]
    return {"SQL on the same store, another norm, median s": statistics.median(clock)}


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor in this process."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy
