"""Turns a stored outcome into an explanation: a tree of data, and Dutch text that anyone can read.

Nothing is looked up: the explanation is made of the fact and parameter values that the receipt holds, so that it says
years later what it said then.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from registry.errors import UsageError
from rules.catalogue import find_rule
from rules.engine import KEYS, answers, judge
from rules.facts import FACTS
from rules.parameters import DTYPES, PREFIX
from rules.rule import Rule, Step, Uitkomst

_OUTCOMES = {
    Uitkomst.NIET_VAN_TOEPASSING: "niet van toepassing",
    Uitkomst.GEEN_SIGNAAL: "geen signaal",
    Uitkomst.JURIDISCH_TOETSEN: "juridisch toetsen",
    Uitkomst.ONBEKEND: "onbekend",
    Uitkomst.SIGNAAL: "signaal",
}


@dataclass(frozen=True, slots=True)
class FactValue:
    """A fact as it was used: ``herkomst`` is the source that gave it, where more than one can."""

    name: str
    meaning: str
    value: Any
    unit: str | None
    source: str
    herkomst: str | None


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A value of the law as it was used, with its source and status (vastgesteld or te_bevestigen)."""

    name: str
    meaning: str
    value: Any
    unit: str | None
    van: str | None
    tot: str | None
    source: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class StepExplanation:
    """A step with its answer (ja, nee or onbekend) and everything that the answer rests on."""

    name: str
    question: str
    answer: str
    decisive: bool
    review: bool
    source: str
    facts: tuple[FactValue, ...]
    parameters: tuple[ParameterValue, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a case has its outcome."""

    regel: str
    regel_versie: int
    title: str
    label: str
    key: str
    peildatum: str
    uitkomst: str
    beslissend: str
    sentence: str | None
    onbekende_feiten: tuple[str, ...]
    needed: tuple[str, ...]
    steps: tuple[StepExplanation, ...]
    notes: tuple[str, ...]
    results: dict[str, Any]
    bewijs: str | None
    wet_hash: str | None

    def to_json(self) -> str:
        """The tree as canonical JSON (sorted keys, dates as JJJJ-MM-DD)."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)

    def text(self) -> str:
        """The explanation in Dutch, for people who do not program."""
        lines = [f"{self.title}: {self.key} op {_show(self.peildatum)}", f"Uitkomst: {_headline(self)}"]
        if self.sentence:
            lines.append(self.sentence)
        lines.append("")
        for number, step in enumerate(self.steps, start=1):
            lines += _step_lines(number, step)
        shown = {parameter.name for step in self.steps for parameter in step.parameters}
        lines += [f"Let op: {note}" for note in self.notes]
        lines += [f"Onbevestigd in de wet: {name}." for name in sorted(_unconfirmed(self, shown))]
        if self.bewijs:
            lines.append(f"Bewijs: {self.bewijs} (regel {self.regel} versie {self.regel_versie}).")
        return "\n".join(lines)


def explain(row: Mapping[str, Any]) -> Explanation:
    """The explanation of one outcome.

    Args:
        row: an outcome with receipt (``engine.with_receipts``), as stored or as a frame row; needed are ``regel``,
            ``regel_versie``, ``feiten`` and ``parameters``; periods, ``bewijs`` and ``wet_hash`` are shown if present.

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
    table = judge(rule, _table(facts, parameters))
    outcome = table.row(0, named=True)
    answered = table.select(answers(rule)).row(0, named=True)
    texts = [*rule.notes]
    said = table.select(test.fill_null(value=False).alias(str(i)) for i, test in enumerate(rule.notes.values()))
    periods = {name: _iso(row.get(name)) for name in ("periode_van", "periode_tot", "tot")}
    return Explanation(
        regel=rule.id,
        regel_versie=rule.version,
        title=rule.title,
        label=rule.label,
        key=facts[KEYS[rule.case]],
        peildatum=_iso(outcome["peildatum"]) or "",
        uitkomst=outcome["uitkomst"],
        beslissend=outcome["beslissend"],
        sentence=sentences(rule, table).item(0),
        onbekende_feiten=tuple(outcome["onbekende_feiten"]),
        needed=tuple(rule.needed.get(name, name) for name in outcome["onbekende_feiten"]),
        steps=tuple(_step(step, answered, outcome, parameters) for step in rule.steps),
        notes=tuple(text for text, yes in zip(texts, said.row(0) if texts else (), strict=True) if yes),
        results={name: _iso(outcome[name]) for name in rule.results} | periods,
        bewijs=row.get("bewijs"),
        wet_hash=row.get("wet_hash"),
    )


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
    columns = {}
    for name, value in facts.items():
        dtype = FACTS[name].dtype if name in FACTS else pl.String()
        content = date.fromisoformat(value) if dtype == pl.Date() and value is not None else value
        columns[name] = pl.Series(name, [content], dtype=dtype)
    for name, entry in parameters.items():
        value = entry["waarde"]
        dtype = DTYPES[entry["soort"]]
        content = float(value) if dtype == pl.Float64() and value is not None else value
        columns[PREFIX + name] = pl.Series(PREFIX + name, [content], dtype=dtype)
    return pl.DataFrame(columns)


def _step(
    step: Step, answered: Mapping[str, Any], outcome: Mapping[str, Any], parameters: Mapping[str, Mapping[str, Any]]
) -> StepExplanation:
    met = answered["antwoord:" + step.name]
    shown = [name for name in dict.fromkeys((*step.facts, *step.shows)) if name in FACTS]
    return StepExplanation(
        name=step.name,
        question=step.question,
        answer="onbekend" if met is None else "ja" if met else "nee",
        decisive=step.name == outcome["beslissend"],
        review=answered.get("toets:" + step.name) is True,
        source=step.source,
        facts=tuple(_fact_value(name, outcome) for name in shown),
        parameters=tuple(_parameter_value(name, parameters[name]) for name in step.parameters),
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


def _headline(explanation: Explanation) -> str:
    name = _OUTCOMES[Uitkomst(explanation.uitkomst)]
    if explanation.uitkomst == Uitkomst.SIGNAAL:
        return f"{name}: {explanation.label}. Een signaal is geen besluit; een mens beoordeelt het."
    if explanation.uitkomst == Uitkomst.ONBEKEND:
        return f"{name}. Nodig is: {'; '.join(explanation.needed)}."
    return f"{name}."


def _step_lines(number: int, step: StepExplanation) -> list[str]:
    mark = " (beslissend)" if step.decisive else ""
    lines = [f"{number}. {step.question} {step.answer}{mark}", f"   grond: {step.source}"]
    for fact in step.facts:
        if fact.value is None or fact.name.endswith("_herkomst"):
            continue
        wins = f" ({fact.herkomst})" if fact.herkomst else ""
        if fact.herkomst == "vaststelling":
            wins = " (vaststelling; gaat voor het afgeleide gegeven)"
        lines.append(f"   - {fact.meaning}: {_show(fact.value, fact.unit)}{wins}")
    lines += [
        f"   - {parameter.meaning}: {_show(parameter.value, parameter.unit)}, {parameter.source}"
        for parameter in step.parameters
        if parameter.value is not None
    ]
    unknown = [fact.meaning for fact in step.facts if fact.value is None and not fact.name.endswith("_herkomst")]
    if step.answer == "onbekend" and unknown:
        lines.append(f"   - onbekend: {', '.join(unknown)}")
    return lines


def _unconfirmed(explanation: Explanation, shown: set[str]) -> set[str]:
    return {
        f"{parameter.meaning} ({parameter.source})"
        for step in explanation.steps
        for parameter in step.parameters
        if parameter.name in shown and parameter.status == "te_bevestigen" and parameter.value is not None
    }


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _show(value: Any, unit: str | None = None) -> str:
    """A value as the Dutch write it."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        text = f"{value:g}".replace(".", ",")
    elif isinstance(value, str) and len(value) == 10 and value[4:5] == "-" and value[7:8] == "-":
        year, month, day = value.split("-")
        text = f"{day}-{month}-{year}"
    else:
        text = str(value)
    return f"{text} {unit}" if unit else text
