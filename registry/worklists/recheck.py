"""What became of the cases of a list: judged again with what is known now, beside the receipt of when they were placed.

A re-check that finds a case cleared takes it off the list, or only marks it; either way with the reason and the facts
that did it. A case drawn by lot was cleared from the start: it stays, unless its dwelling is gone. A case that was
visited stays too: what changed then is often what the visit brought.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import polars as pl

from registry.errors import UsageError
from registry.privacy.purposes import for_purpose
from registry.signals.silence import silenced_cases
from registry.store.engine import ReadConnection, Store, WriteConnection, to_json
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import imported_sources, last_run
from registry.store.queries.worklists import (
    StoredCheck,
    StoredRow,
    insert_check,
    read_rows,
    read_visited,
)
from registry.worklists.lists import sources_of
from registry.worklists.placing import drop_within, get_list
from registry.worklists.receipts import FrozenReceipt, changed_facts, freeze, read_receipt, with_sentences
from rules.catalogue import find_rule
from rules.engine import KEYS, evaluate, with_receipts
from rules.facts import FACTS
from rules.parameters import Law

HERCONTROLE: Final = "hercontrole"

_SHOWN = 6  # changed facts in one sentence


class Result(StrEnum):
    """What a re-check finds."""

    GELIJK = "gelijk"
    GEWIJZIGD = "gewijzigd"
    VERVALLEN = "vervallen"


@dataclass(frozen=True, slots=True)
class Recheck:
    """A case then and now.

    Attributes:
        row: the case as it was placed.
        now: its receipt now; null when the dwelling or the case does not exist any more.
        changes: ``{fact: [then, now]}``.
        result: what that means for the list.
        reden: in Dutch; null when nothing changed.
        dropped: whether it was taken off the list by this re-check.
    """

    row: StoredRow
    now: FrozenReceipt | None
    changes: dict[str, list[Any]]
    result: Result
    reden: str | None
    dropped: bool = False


def compare_rows(
    connection: ReadConnection, rows: Iterable[StoredRow], law: Law, *, day: date, known: int | None = None
) -> list[Recheck]:
    """The cases as they are on a day with what is known now, or was just after a run; nothing is kept."""
    known = last_run(connection) if known is None else known
    sources = imported_sources(connection, known=known)
    asked = list(rows)
    answered = _answered(connection, {row.regel for row in asked})
    visited = {number: read_visited(connection, number) for number in {row.worklist_id for row in asked}}
    found = []
    for row in asked:
        now = _judge(connection, row, law, day=day, known=known, sources=sources)
        one = _compare(row, now, answered.get((row.regel, row.zaak_id, row.adresseerbaar_object_id)))
        stays = one.result is Result.VERVALLEN and row.bewijs in visited[row.worklist_id]
        found.append(replace(one, result=Result.GEWIJZIGD) if stays else one)
    return found


def _answered(connection: ReadConnection, regels: Iterable[str]) -> dict[tuple[str, str, str], str]:
    """What people made of the cases that are silent, in Dutch."""
    told = {}
    for regel in sorted(regels):
        for row in silenced_cases(connection, regel).filter("stil").iter_rows(named=True):
            key = (row["regel"], row["zaak_id"], row["adresseerbaar_object_id"])
            why = f", {_words(row['reden'])}" if row["reden"] else ""
            told[key] = f"Al beoordeeld door {row['auteur']}: {_words(row['oordeel'])}{why}."
    return told


def recheck(
    store: Store, number: int, law: Law, *, day: date, author: str, now: datetime, drop: bool = True
) -> list[Recheck]:
    """Judge every case of a list again, keep the answers, and take off what was cleared.

    Args:
        store: the registry.
        number: of the list.
        law: of now.
        day: peildatum.
        author: who re-checks.
        now: the moment.
        drop: whether a cleared case comes off the list; else it is only marked.

    Raises:
        UsageError: there is no such list.
    """
    if not author.strip():
        raise UsageError("Vermeld wie de hercontrole doet.")
    with store.read() as connection:
        get_list(connection, number)
        rows = [row for row in read_rows(connection, number) if row.dropped_at is None]
        compared = compare_rows(connection, rows, law, day=day)
    with store.write_transaction() as connection:
        stored = get_list(connection, number)
        here = {row.worklist_row_id for row in read_rows(connection, number) if row.dropped_at is None}
        checked = []
        for found in compared:
            row_id = found.row.worklist_row_id
            if row_id not in here:
                continue
            keep_check(connection, found, moment=HERCONTROLE, known=last_run(connection), author=author, now=now)
            off = drop and found.result is Result.VERVALLEN
            if off:
                reason = f"Vervallen bij hercontrole. {found.reden}"
                drop_within(connection, stored, row_id, reason=reason, author=author, now=now)
            checked.append(replace(found, dropped=off))
    return checked


def _judge(
    connection: ReadConnection, row: StoredRow, law: Law, *, day: date, known: int, sources: pl.DataFrame
) -> FrozenReceipt | None:
    rule = find_rule(row.regel)
    frames = read_record_frames(connection, peildatum=day, known=known, only=row.adresseerbaar_object_id)
    if frames.adresseerbare_objecten.is_empty():
        return None
    outcomes = evaluate(rule, for_purpose(connection, rule, frames, known=known), law)
    key = row.zaak_id or row.adresseerbaar_object_id
    case = outcomes.filter(pl.col(KEYS[rule.case]) == key, adresseerbaar_object_id=row.adresseerbaar_object_id)
    if case.is_empty():
        return None
    full = with_sentences(rule, with_receipts(rule, case, law, stored_only=False))
    return freeze(full.row(0, named=True), known=known, sources=sources_of(row.regel, sources))


def _compare(row: StoredRow, now: FrozenReceipt | None, answered: str | None) -> Recheck:
    then = read_receipt(row.receipt)
    if now is None:
        text = "De woning of de zaak staat niet meer in het register."
        return Recheck(row, None, {}, Result.VERVALLEN, text)
    changes = changed_facts(then, now)
    if answered is not None and not row.is_control:
        return Recheck(row, now, changes, Result.VERVALLEN, f"{answered} {describe_facts(changes)}".strip())
    if then.uitkomst == now.uitkomst and not changes:
        return Recheck(row, now, {}, Result.GELIJK, None)
    outcome = f"De uitkomst was {_words(then.uitkomst)} en is nu {_words(now.uitkomst)}."
    same = f"De uitkomst is nog steeds {_words(now.uitkomst)}."
    text = f"{same if then.uitkomst == now.uitkomst else outcome} {describe_facts(changes)}".strip()
    cleared = not now.is_open and not row.is_control
    return Recheck(row, now, changes, Result.VERVALLEN if cleared else Result.GEWIJZIGD, text)


def describe_facts(changes: dict[str, list[Any]]) -> str:
    """Which facts changed, in one Dutch sentence with the values then and now; empty when none did."""
    if not changes:
        return ""
    parts = [f"{_name(name)} ({_value(then)}, nu {_value(now)})" for name, (then, now) in changes.items()]
    more = f" en {len(parts) - _SHOWN} andere" if len(parts) > _SHOWN else ""
    return f"Gewijzigd: {'; '.join(parts[:_SHOWN])}{more}."


def _name(name: str) -> str:
    return FACTS[name].meaning if name in FACTS else _words(name.removeprefix("wet:"))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return f"{value:g}"
    return "onbekend" if value is None else str(value)


def _words(text: str) -> str:
    return text.replace("_", " ")


def keep_check(
    connection: WriteConnection, found: Recheck, *, moment: str, known: int, author: str, now: datetime
) -> None:
    """Keep what a case was at a later moment (``HERCONTROLE`` or at a visit)."""
    insert_check(
        connection,
        StoredCheck(
            worklist_row_id=found.row.worklist_row_id,
            moment=moment,
            receipt=None if found.now is None else found.now.to_json(),
            changes=to_json(found.changes),
            result=found.result.value,
            reden=found.reden,
            known_run_id=known,
            auteur=author.strip(),
            checked_at=now,
        ),
    )
