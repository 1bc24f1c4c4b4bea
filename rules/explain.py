"""Turns a stored outcome into an explanation, from the fact and parameter values that its receipt holds.

Nothing is looked up, so that an explanation says years later what it said then.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from registry.errors import UsageError
from rules.cases import KEYS
from rules.catalogue import find_rule
from rules.derivations.vaststellingen import OBJECT
from rules.engine import judge
from rules.explanation import Explanation, FactValue, ParameterValue, StepExplanation, show
from rules.facts import FACTS, CaseKind
from rules.no_case import explain_without_case
from rules.parameters import DTYPES, PREFIX
from rules.possible_days import ANSWER, POSSIBLE, REVIEW
from rules.rule import Rule, Step, Uitkomst

_NAMES = {Uitkomst.NIET_VAN_TOEPASSING: "niet van toepassing", Uitkomst.GEEN_SIGNAAL: "geen signaal"}

__all__ = ["Explanation", "explain", "sentence", "sentences"]


def explain(row: Mapping[str, Any], judged: pl.DataFrame | None = None) -> Explanation:
    """The explanation of one outcome.

    Args:
        row: an outcome with receipt (``engine.with_receipts``), as stored or as a frame row; needed are ``regel``,
            ``regel_versie``, ``feiten`` and ``parameters``; periods, ``bewijs`` and ``wet_hash`` are shown if present.
        judged: the cases as ``engine.judge_all`` gives them, for who judged them just now; else the receipt is judged.

    Raises:
        UsageError: the rule is not known, or the outcome was made by another version of it.
    """
    rule = find_rule(row["regel"])
    if row["regel_versie"] != rule.version:
        raise UsageError(
            f"Deze uitkomst is gemaakt met versie {row['regel_versie']} van de regel {rule.id}; dit programma kent "
            f"versie {rule.version}. Gebruik de uitgave van toen om de uitleg te herhalen."
        )
    facts: dict[str, Any] = json.loads(row["feiten"])
    parameters: dict[str, dict[str, Any]] = json.loads(row["parameters"])
    if facts[KEYS[rule.case]] is None:
        return explain_without_case(rule, row, facts)
    key = KEYS[rule.case]
    table = judge(rule, _table(facts, parameters)) if judged is None else judged.filter(pl.col(key) == facts[key])
    outcome = table.row(0, named=True)
    answered = {name: outcome[name] for name in table.columns if name.startswith((ANSWER, REVIEW))}
    said = table.select(note.alias(str(number)) for number, note in enumerate(rule.notes)).row(0) if rule.notes else ()
    periods = {name: _iso(row.get(name, outcome[name])) for name in ("periode_van", "periode_tot", "tot")}
    return Explanation(
        regel=rule.id,
        regel_versie=rule.version,
        title=rule.title,
        label=rule.label,
        key=facts[KEYS[rule.case]],
        adresseerbaar_object_id=facts[OBJECT],
        geval=_case(rule, facts),
        adres=None,
        peildatum=_iso(outcome["peildatum"]) or "",
        uitkomst=outcome["uitkomst"],
        beslissend=outcome["beslissend"],
        sentence=sentences(rule, table).item(0),
        onbekende_feiten=tuple(outcome["onbekende_feiten"]),
        needed=tuple(rule.needed.get(name, name) for name in outcome["onbekende_feiten"]),
        steps=tuple(_step(step, answered, outcome, parameters, _relevant(step, table)) for step in rule.steps),
        notes=tuple(note for note in said if note is not None),
        changes=_changes(rule, outcome, answered),
        context=_context(rule, row),
        results={name: _iso(outcome[name]) for name in rule.results} | periods,
        bewijs=row.get("bewijs"),
        wet_hash=row.get("wet_hash"),
    )


def _case(rule: Rule, facts: Mapping[str, Any]) -> str | None:
    """Which transfer or clause of the dwelling it is, in Dutch."""
    key = facts[KEYS[rule.case]]
    if rule.case == CaseKind.OVERDRACHT:
        day = facts.get("inschrijving")
        return f"overdracht {key}, {'dag van inschrijving onbekend' if day is None else f'ingeschreven {show(day)}'}"
    if rule.case == CaseKind.BEDING:
        kind = {"zelfbewoning": "beding van zelfbewoning", "antispeculatie": "antispeculatiebeding"}
        return f"{kind.get(facts.get('beding_soort') or '', 'beding')} {key}"
    return None


def sentences(rule: Rule, outcomes: pl.DataFrame) -> pl.Series:
    """One Dutch sentence per outcome (null where the rule has nothing to say of it), for lists.

    Args:
        rule: the rule.
        outcomes: a frame with the outcome and result columns of the rule.
    """
    if rule.sentence is None:
        return pl.Series("zin", [None] * outcomes.height, dtype=pl.String)
    return outcomes.select(rule.sentence.alias("zin")).to_series()


def sentence(row: Mapping[str, Any]) -> str | None:
    """The sentence of one stored outcome, made from its receipt."""
    return explain(row).sentence


def _table(facts: Mapping[str, Any], parameters: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """The one-row table that the rule judged, rebuilt from a receipt."""
    days = facts.get(POSSIBLE)
    if days is not None:
        fixed = {name: value for name, value in facts.items() if name != POSSIBLE}
        return pl.concat(
            [_table({**fixed, **_facts_of(day)}, {**parameters, **_values_of(day, parameters)}) for day in days]
        )
    columns = {}
    for name, value in facts.items():
        dtype = FACTS[name].dtype if name in FACTS else pl.String()
        content = _restored(value, dtype)
        columns[name] = pl.Series(name, [content], dtype=dtype)
    for name, entry in parameters.items():
        value = entry["waarde"]
        dtype = DTYPES[entry["soort"]]
        content = _restored(value, dtype)
        columns[PREFIX + name] = pl.Series(PREFIX + name, [content], dtype=dtype)
    return pl.DataFrame(columns)


def _facts_of(day: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in day.items() if not name.startswith(PREFIX)}


def _values_of(day: Mapping[str, Any], parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    values = {name.removeprefix(PREFIX): value for name, value in day.items() if name.startswith(PREFIX)}
    return {name: {**parameters[name], "waarde": value} for name, value in values.items()}


def _restored(value: Any, dtype: pl.DataType) -> Any:
    """A value of JSON as the column holds it."""
    if value is None:
        return None
    if dtype == pl.Date():
        return date.fromisoformat(value)
    return float(value) if dtype == pl.Float64() else value


def _relevant(step: Step, table: pl.DataFrame) -> set[str]:
    """The columns of a step that this case's explanation shows."""
    hidden = set()
    if step.relevant:
        tests = table.select(test.alias(name) for name, test in step.relevant.items()).row(0, named=True)
        hidden = {name for name, shown in tests.items() if shown is False}
    return {*step.columns, *step.shows} - hidden


def _changes(rule: Rule, outcome: Mapping[str, Any], answered: Mapping[str, Any]) -> tuple[str, ...]:
    """What would give another outcome: the steps that stand in the way, or the one that would clear the case.

    Each is a step whose answer is decisive by itself, said with its number and the answer that would change it.
    """
    number = {step.name: place for place, step in enumerate(rule.steps, start=1)}
    no = [step for step in rule.steps if answered[ANSWER + step.name] is False]
    unknown = [step for step in rule.steps if answered[ANSWER + step.name] is None]
    if len(no) > 1:
        return ()
    if no:
        then = "onbekend" if unknown else "een signaal"
        return (f"het antwoord op vraag {number[no[0].name]} ja was; dan was de uitkomst {then}.",)
    if unknown:
        return tuple(
            f"het antwoord op vraag {number[step.name]} nee was; dan was de uitkomst {_NAMES[step.on_no]}."
            for step in unknown
        )
    clearing = [step for step in rule.steps if step.on_no == Uitkomst.GEEN_SIGNAAL]
    if outcome["uitkomst"] != Uitkomst.SIGNAAL:
        return ()
    return tuple(f"het antwoord op vraag {number[step.name]} nee was; dan was er geen signaal." for step in clearing)


def _context(rule: Rule, row: Mapping[str, Any]) -> tuple[FactValue, ...]:
    """What the row carries beside the outcome, for the person who assesses it."""
    return tuple(
        FactValue(name, meaning, _iso(row[name]), None, "BRP", None)
        for name, meaning in rule.context.items()
        if row.get(name) is not None
    )


def _step(
    step: Step,
    answered: Mapping[str, Any],
    outcome: Mapping[str, Any],
    parameters: Mapping[str, Mapping[str, Any]],
    relevant: set[str],
) -> StepExplanation:
    met = answered[ANSWER + step.name]
    shown = [name for name in dict.fromkeys((*step.facts, *step.shows)) if name in FACTS and name in relevant]
    return StepExplanation(
        name=step.name,
        question=step.question,
        answer="onbekend" if met is None else "ja" if met else "nee",
        decisive=step.name == outcome["beslissend"],
        review=answered.get(REVIEW + step.name) is True,
        source=step.source,
        facts=tuple(_fact_value(name, outcome) for name in shown),
        parameters=tuple(
            _parameter_value(name, parameters[name]) for name in step.parameters if PREFIX + name in relevant
        ),
    )


def _fact_value(name: str, outcome: Mapping[str, Any]) -> FactValue:
    declared = FACTS[name]
    herkomst = None if declared.herkomst is None else outcome.get(declared.herkomst)
    return FactValue(name, declared.meaning, _iso(outcome[name]), declared.unit, declared.source, herkomst)


def _parameter_value(name: str, entry: Mapping[str, Any]) -> ParameterValue:
    return ParameterValue(
        name=name,
        meaning=entry["omschrijving"],
        value=entry["waarde"],
        unit=entry["eenheid"],
        van=entry.get("van"),
        tot=entry.get("tot"),
        source=entry.get("bron"),
        status=entry.get("status"),
    )


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
