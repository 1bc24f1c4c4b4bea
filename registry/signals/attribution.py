"""Why the outcome of a case differs from the previous evaluation: the data, the law, or the software.

The answer is found by trying: the old facts under the new law, and the new facts under the old law. What neither of
them explains alone is both together; what happens on equal facts and equal law is the software.
"""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from registry.errors import UsageError
from registry.privacy.purposes import for_purpose
from registry.signals.receipts import law_of
from registry.store.engine import ReadConnection
from registry.store.queries.records import read_record_frames
from registry.store.queries.signals import Evaluation, evaluations_of, read_signals
from rules.engine import KEYS, evaluate
from rules.facts import RecordFrames
from rules.parameters import Law
from rules.rule import Rule

DATA, LAW, BOTH, SOFTWARE = "gegevens", "wet", "gegevens en wet", "programma"
_ABSENT = "bestond niet"
_NOT_STORED = "geen signaal of niet van toepassing"
_COMPARED = 2
_AFTER = "_na"


@dataclass(frozen=True, slots=True)
class Attribution:
    """One case whose outcome changed between two evaluations.

    Attributes:
        key: of the case.
        van: the earlier outcome.
        naar: the later outcome.
        oorzaak: ``gegevens``, ``wet``, ``gegevens en wet`` or ``programma``.
        feiten: per changed fact the earlier and the later value.
    """

    key: str
    van: str
    naar: str
    oorzaak: str
    feiten: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class _Side:
    """The facts of an evaluation, and the law that they are judged by."""

    frames: RecordFrames
    law: Law
    software: tuple[int, str]

    @classmethod
    def of(cls, connection: ReadConnection, rule: Rule, evaluation: Evaluation) -> "_Side":
        known = evaluation.known_run_id or 0
        frames = read_record_frames(connection, peildatum=evaluation.peildatum, known=known)
        frames = for_purpose(connection, rule, frames, known=known)
        return cls(frames, law_of(connection, evaluation), (evaluation.regel_versie, evaluation.software))

    def under(self, law: Law) -> "_Side":
        return replace(self, law=law)

    def judge(self, rule: Rule) -> pl.DataFrame:
        columns = list(dict.fromkeys([KEYS[rule.case], "uitkomst", *rule.evidence]))
        return evaluate(rule, self.frames, self.law).select(columns)

    def outcomes(self, rule: Rule) -> dict[str, str]:
        return dict(self.judge(rule).select(KEYS[rule.case], "uitkomst").iter_rows())


def attribute_changes(connection: ReadConnection, rule: Rule) -> list[Attribution]:
    """The cases whose outcome differs between the last two evaluations of a rule, with the cause of each.

    Both evaluations are computed again by the software of now. A case whose stored outcome was another one than that
    was changed by the software.

    Raises:
        UsageError: the rule was evaluated fewer than two times.
    """
    evaluations = evaluations_of(connection, rule.id, limit=_COMPARED)
    if len(evaluations) < _COMPARED:
        raise UsageError(f"De regel {rule.id} is nog geen twee keer getoetst; er is niets te vergelijken.")
    later, earlier = (_Side.of(connection, rule, evaluation) for evaluation in evaluations)
    key = KEYS[rule.case]
    rows = (
        earlier.judge(rule)
        .join(later.judge(rule), on=key, how="full", coalesce=True, suffix=_AFTER)
        .filter(pl.col("uitkomst").ne_missing(pl.col(f"uitkomst{_AFTER}")))
        .sort(key)
    )
    changes = []
    if not rows.is_empty():
        by_law = earlier.under(later.law).outcomes(rule)
        by_data = later.under(earlier.law).outcomes(rule)
        changes = [
            _attribute(rule, key, row, by_law=by_law.get(row[key]), by_data=by_data.get(row[key]))
            for row in rows.iter_rows(named=True)
        ]
    return changes + _by_software(connection, rule, evaluations, (later, earlier), {change.key for change in changes})


def _attribute(rule: Rule, key: str, row: dict[str, Any], *, by_law: str | None, by_data: str | None) -> Attribution:
    """One case: ``by_law`` is its outcome when only the law changed, ``by_data`` when only the facts did."""
    before, after = row["uitkomst"], row[f"uitkomst{_AFTER}"]
    facts = {
        name: (row[name], row[f"{name}{_AFTER}"])
        for name in rule.evidence
        if name != key and row[name] != row[f"{name}{_AFTER}"]
    }
    if by_data == after and by_law != after:
        cause = DATA
    elif by_law == after and by_data != after:
        cause = LAW
    else:
        cause = BOTH
    return Attribution(row[key], before or _ABSENT, after or _ABSENT, cause, facts)


def _by_software(
    connection: ReadConnection,
    rule: Rule,
    evaluations: list[Evaluation],
    sides: tuple[_Side, _Side],
    explained: set[str],
) -> list[Attribution]:
    """Cases whose stored outcome changed although facts and law, judged by the software of now, give no difference."""
    stored = [
        dict(read_signals(connection, evaluation.evaluatie_id).select(KEYS[rule.case], "uitkomst").iter_rows())
        for evaluation in evaluations
    ]
    later, earlier = stored
    if sides[0].software == sides[1].software:
        return []
    changed = sorted(name for name in later.keys() | earlier.keys() if later.get(name) != earlier.get(name))
    return [
        Attribution(name, earlier.get(name, _NOT_STORED), later.get(name, _NOT_STORED), SOFTWARE, {})
        for name in changed
        if name not in explained
    ]
