"""From record frames to signals: what is known on a day, judged by the law of the right date, kept with a receipt."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

import polars as pl

from registry import clock
from registry.errors import UsageError
from registry.privacy.purposes import for_purpose
from registry.store.engine import ReadConnection, Store, to_json
from registry.store.queries.adressen import read_adres
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import last_run
from registry.store.queries.signals import EvaluationKey, find_evaluation, insert_evaluation, keep_law
from registry.store.tables.signals import signalen
from rules.cases import NOUNS
from rules.engine import KEYS, answering_case, evaluate, with_receipts
from rules.explain import Explanation, explain, sentences
from rules.facts import RecordFrames
from rules.no_case import receipt_without_case
from rules.parameters import Law
from rules.rule import Rule, Uitkomst


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
    store: Store, rules: Iterable[Rule], law: Law, *, peildatum: date, bekend_op: date | None = None
) -> list[EvaluationResult]:
    """Judge every case by each rule, and keep what is a signal, legally unclear or unknown.

    The same evaluation again keeps nothing new.

    Raises:
        UsageError: nothing was imported yet.
        StoreError: the database failed.
    """
    with store.read() as connection:
        known = known_run(connection, bekend_op)
        frames = read_record_frames(connection, peildatum=peildatum, known=known)
        seen = [(rule, for_purpose(connection, rule, frames, known=known)) for rule in rules]
    return [_evaluate_one(store, rule, law, allowed, known) for rule, allowed in seen]


def _evaluate_one(store: Store, rule: Rule, law: Law, frames: RecordFrames, known: int) -> EvaluationResult:
    outcomes = evaluate(rule, frames, law, lean=True)
    counted = {row[0]: row[1] for row in outcomes.group_by("uitkomst").len().iter_rows()}
    tellingen = {uitkomst.value: counted.get(uitkomst.value, 0) for uitkomst in Uitkomst}
    gemeenten = frames.adresseerbare_objecten["gemeente"].unique().sort().to_list()
    key = EvaluationKey(
        regel=rule.id,
        regel_versie=rule.version,
        peildatum=frames.peildatum,
        known_run_id=known,
        wet_hash=_hash_of_all(law, gemeenten),
        software=version("woonregister"),
    )
    with store.write_transaction() as connection:
        number = find_evaluation(connection, key)
        if number is not None:
            return EvaluationResult(number, rule.id, frames.peildatum, known, tellingen, repeated=True)
        wetten = {gemeente or "": law.hash_for(gemeente) for gemeente in gemeenten}
        for gemeente in gemeenten:
            files = {name: text.decode() for name, text in law.files_for(gemeente).items()}
            keep_law(connection, law.hash_for(gemeente), to_json(files))
        number = insert_evaluation(
            connection,
            key,
            wetten=to_json(wetten),
            tellingen=to_json(tellingen),
            gemaakt=clock.now(),
            kept=_kept(rule, outcomes, law),
        )
    return EvaluationResult(number, rule.id, frames.peildatum, known, tellingen, repeated=False)


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

    Raises:
        UsageError: the object, or the case that is named, does not exist on the peildatum.
    """
    frames = read_record_frames(connection, peildatum=peildatum, known=known, only=object_id)
    if frames.adresseerbare_objecten.is_empty():
        raise UsageError(
            f"Op {peildatum:%d-%m-%Y} bestaat er geen verblijfsobject, ligplaats of standplaats met BAG-id {object_id}."
        )
    allowed = for_purpose(connection, rule, frames, known=known)
    outcomes = evaluate(rule, allowed, law)
    cases = answering_case(rule, outcomes) if case_id is None else outcomes.filter(pl.col(KEYS[rule.case]) == case_id)
    if case_id is not None and cases.is_empty():
        known_ids = ", ".join(outcomes[KEYS[rule.case]].drop_nulls().to_list()) or "geen"
        raise UsageError(
            f"Er is geen {NOUNS[rule.case][0]} {case_id} van {object_id} om op {peildatum:%d-%m-%Y} te toetsen. "
            f"Bekend bij deze woning: {known_ids}."
        )
    row = (
        receipt_without_case(rule, allowed, law, object_id)
        if cases.is_empty()
        else with_receipts(rule, cases, law, stored_only=False).row(0, named=True)
    )
    return replace(explain(row), adres=read_adres(connection, object_id, on=peildatum, known=known))
