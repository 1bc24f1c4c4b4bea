"""From record frames to signals: what is known on a day, judged by the law of the right date, kept with a receipt."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from typing import Any

import polars as pl

from registry import clock
from registry.errors import UsageError
from registry.privacy.purposes import for_purpose
from registry.store.engine import ReadConnection, Store, WriteConnection, to_json
from registry.store.queries.adressen import read_adres
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import last_run
from registry.store.queries.signals import (
    EvaluationKey,
    StagedSignals,
    find_evaluation,
    insert_evaluation,
    keep_law,
    stage_signals,
)
from registry.store.queries.spans import Span, read_spans
from registry.store.tables.signals import signalen
from rules.cases import NOUNS
from rules.engine import KEYS, answering_case, describe, evaluate, judge_all, with_receipts
from rules.explain import Explanation, explain, sentences
from rules.facts import FRAMES_OF, CaseKind, RecordFrames
from rules.no_case import receipt_without_case
from rules.parameters import Law
from rules.rule import Rule, Uitkomst

OBJECTS_PER_BATCH = 250_000
# The frame that holds the cases of a rule that is not about the dwelling itself.
_CASES_IN = {CaseKind.OVERDRACHT: "overdrachten", CaseKind.BEDING: "bedingen"}


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """What an evaluation found: the number of cases per outcome, whether it was done before, and under which number."""

    evaluatie_id: int
    regel: str
    peildatum: date
    known: int
    tellingen: dict[str, int]
    repeated: bool


def known_run(connection: ReadConnection, bekend_op: date | None) -> int:
    """The last run that counts: now, or at the end of a day in the Netherlands.

    Raises:
        UsageError: nothing was imported yet.
    """
    known = last_run(connection, until=None if bekend_op is None else clock.end_of_day(bekend_op))
    if known == 0:
        when = "" if bekend_op is None else f" op {bekend_op:%d-%m-%Y}"
        raise UsageError(f"Er is{when} nog niets ingelezen. Begin met: woonregister import bag BESTAND.")
    return known


def run_evaluations(
    store: Store,
    rules: Iterable[Rule],
    law: Law,
    *,
    peildatum: date,
    bekend_op: date | None = None,
    batch: int = OBJECTS_PER_BATCH,
) -> list[EvaluationResult]:
    """Judge every case by each rule, and keep what is a signal, legally unclear or unknown.

    The same evaluation again keeps nothing new. Memory depends on ``batch``, not on how many objects there are: a
    registry of more objects than that is judged span by span, in one transaction.

    Args:
        store: the registry.
        rules: which rules.
        law: the law files.
        peildatum: the day.
        bekend_op: what was known at the end of that day; None is now.
        batch: about how many objects are judged at once.

    Raises:
        UsageError: nothing was imported yet.
        StoreError: the database failed.
    """
    wanted = list(rules)
    with store.read() as connection:
        known = known_run(connection, bekend_op)
        spans = read_spans(connection, size=batch)
        if spans == [None]:
            frames = read_record_frames(connection, peildatum=peildatum, known=known)
            seen = [(rule, for_purpose(connection, rule, frames, known=known)) for rule in wanted]
    if spans == [None]:
        # What is known is in memory: nobody waits for this transaction while rules are judged.
        return [_evaluate_one(store, rule, law, allowed, known) for rule, allowed in seen]
    with store.write_transaction() as connection:
        return _evaluate_spans(connection, wanted, law, spans, peildatum=peildatum, known=known)


def _evaluate_one(store: Store, rule: Rule, law: Law, frames: RecordFrames, known: int) -> EvaluationResult:
    outcomes = evaluate(rule, frames, law, lean=True)
    gemeenten = frames.adresseerbare_objecten["gemeente"].unique().sort().to_list()
    key = _key(rule, law, gemeenten, peildatum=frames.peildatum, known=known)
    tellingen, kept = _counted([outcomes.group_by("uitkomst").len()]), _kept(rule, outcomes, law)
    with store.write_transaction() as connection:
        wetten = _keep_laws(connection, law, gemeenten)
        return _keep(connection, key, wetten, tellingen, kept)


def _evaluate_spans(
    connection: WriteConnection, rules: list[Rule], law: Law, spans: list[Span | None], *, peildatum: date, known: int
) -> list[EvaluationResult]:
    """The same for more objects than fit in memory: every span is read once and judged by every rule."""
    found = set[str | None]()
    counts: dict[str, list[pl.DataFrame]] = {rule.id: [] for rule in rules}
    staged = {rule.id: stage_signals(connection, rule.id) for rule in rules}
    for span in spans:
        frames = read_record_frames(connection, peildatum=peildatum, known=known, only=span)
        found.update(frames.adresseerbare_objecten["gemeente"].unique())
        for rule in rules:
            outcomes = evaluate(rule, for_purpose(connection, rule, frames, known=known), law, lean=True)
            counts[rule.id].append(outcomes.group_by("uitkomst").len())
            staged[rule.id].add(_kept(rule, outcomes, law))
    gemeenten = sorted(found, key=lambda name: (name is not None, name))
    wetten = _keep_laws(connection, law, gemeenten)
    results = []
    for rule in rules:
        key = _key(rule, law, gemeenten, peildatum=peildatum, known=known)
        results.append(_keep(connection, key, wetten, _counted(counts[rule.id]), staged[rule.id]))
    return results


def _counted(counts: list[pl.DataFrame]) -> dict[str, int]:
    """The number of cases per outcome, from frames of ``uitkomst`` and ``len``."""
    counted = dict(pl.concat(counts).group_by("uitkomst").agg(pl.col("len").sum()).iter_rows())
    return {uitkomst.value: counted.get(uitkomst.value, 0) for uitkomst in Uitkomst}


def _key(rule: Rule, law: Law, gemeenten: list[str | None], *, peildatum: date, known: int) -> EvaluationKey:
    return EvaluationKey(
        regel=rule.id,
        regel_versie=rule.version,
        peildatum=peildatum,
        known_run_id=known,
        wet_hash=_hash_of_all(law, gemeenten),
        software=version("woonregister"),
    )


def _keep_laws(connection: WriteConnection, law: Law, gemeenten: list[str | None]) -> str:
    """Keep the law of every gemeente; which that is, as JSON."""
    for gemeente in gemeenten:
        files = {name: text.decode() for name, text in law.files_for(gemeente).items()}
        keep_law(connection, law.hash_for(gemeente), to_json(files))
    return to_json({gemeente or "": law.hash_for(gemeente) for gemeente in gemeenten})


def _keep(
    connection: WriteConnection,
    key: EvaluationKey,
    wetten: str,
    tellingen: dict[str, int],
    kept: pl.DataFrame | StagedSignals,
) -> EvaluationResult:
    number, known = find_evaluation(connection, key), key.known_run_id or 0
    if number is not None:
        return EvaluationResult(number, key.regel, key.peildatum, known, tellingen, repeated=True)
    number = insert_evaluation(
        connection, key, wetten=wetten, tellingen=to_json(tellingen), gemaakt=clock.now(), kept=kept
    )
    return EvaluationResult(number, key.regel, key.peildatum, known, tellingen, repeated=False)


def _hash_of_all(law: Law, gemeenten: Iterable[str | None]) -> str:
    hashes = sorted({law.hash_for(gemeente) for gemeente in gemeenten})
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _kept(rule: Rule, outcomes: pl.DataFrame, law: Law) -> pl.DataFrame:
    """The outcomes that are stored, with every column of the table (null where the rule has no such result)."""
    kept = with_receipts(rule, outcomes, law)
    kept = kept.with_columns(sentences(rule, kept).alias("toelichting"))
    wanted = [column.name for column in signalen.columns if column.name not in ("signaal_id", "evaluatie_id")]
    absent = [name for name in wanted if name not in kept.columns]
    return kept.with_columns(pl.lit(None).alias(name) for name in absent).select(wanted)


def explain_case(
    connection: ReadConnection,
    rule: Rule,
    law: Law,
    object_id: str,
    *,
    peildatum: date,
    known: int,
    case_id: str | None = None,
    with_adres: bool = True,
) -> Explanation:
    """Why one object has its outcome, on a peildatum and as known just after a run; computed anew from the history.

    Args:
        connection: where to read.
        rule: the rule.
        law: the law files.
        object_id: the adresseerbaar object.
        peildatum: the day.
        known: the last run that counts.
        case_id: which transfer or clause of the object; None is the one that answers for it on the peildatum.
        with_adres: false leaves the address out, for who has it already.

    Raises:
        UsageError: the object, or the case that is named, does not exist on the peildatum.
    """
    frames = read_record_frames(
        connection, peildatum=peildatum, known=known, only=object_id, parts=FRAMES_OF[rule.case]
    )
    if frames.adresseerbare_objecten.is_empty():
        raise UsageError(
            f"Op {peildatum:%d-%m-%Y} bestaat er geen verblijfsobject, ligplaats of standplaats met BAG-id {object_id}."
        )
    row, judged = _receipt(rule, for_purpose(connection, rule, frames, known=known), law, object_id, case_id)
    adres = read_adres(connection, object_id, on=peildatum, known=known) if with_adres else None
    return replace(explain(row, judged), adres=adres)


def _receipt(
    rule: Rule, frames: RecordFrames, law: Law, object_id: str, case_id: str | None
) -> tuple[dict[str, Any], pl.DataFrame | None]:
    """The outcome of a case of one object, with its receipt; and the cases as they were judged, if there are any."""
    cases_in = _CASES_IN.get(rule.case)
    if case_id is None and cases_in is not None and getattr(frames, cases_in).is_empty():
        return receipt_without_case(rule, frames, law, object_id), None  # there is nothing to judge
    judged = judge_all(rule, frames, law)
    outcomes = describe(rule, judged, frames)
    cases = answering_case(rule, outcomes) if case_id is None else outcomes.filter(pl.col(KEYS[rule.case]) == case_id)
    if case_id is not None and cases.is_empty():
        known_ids = ", ".join(outcomes[KEYS[rule.case]].drop_nulls().to_list()) or "geen"
        raise UsageError(
            f"Er is geen {NOUNS[rule.case][0]} {case_id} van {object_id} om op {frames.peildatum:%d-%m-%Y} te toetsen. "
            f"Bekend bij deze woning: {known_ids}."
        )
    if cases.is_empty():
        return receipt_without_case(rule, frames, law, object_id), None
    return with_receipts(rule, cases, law, stored_only=False).row(0, named=True), judged
