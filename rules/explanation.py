"""Why a case has its outcome: a tree of data, and the Dutch text of it that anyone can read."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rules.rule import Uitkomst

_OUTCOMES = {
    Uitkomst.NIET_VAN_TOEPASSING: "niet van toepassing",
    Uitkomst.GEEN_SIGNAAL: "geen signaal",
    Uitkomst.JURIDISCH_TOETSEN: "juridisch toetsen",
    Uitkomst.ONBEKEND: "onbekend",
    Uitkomst.SIGNAAL: "signaal",
}

_DAY = re.compile(r"^(\d{4})-(\d\d)-(\d\d)$")
_DUTCH_NUMBER = str.maketrans(",.", ".,")
_ONE = {"personen": "persoon", "dagen": "dag", "maanden": "maand", "huishoudens": "huishouden"}


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
    """Why a case has its outcome.

    ``key`` names the case; ``geval`` says in Dutch which transfer or clause it is (null = the dwelling itself, or no
    case is known); ``adres`` is the address of the dwelling, where whoever asks knows it.
    """

    regel: str
    regel_versie: int
    title: str
    label: str
    key: str
    adresseerbaar_object_id: str
    geval: str | None
    adres: str | None
    peildatum: str
    uitkomst: str
    beslissend: str | None
    sentence: str | None
    onbekende_feiten: tuple[str, ...]
    needed: tuple[str, ...]
    steps: tuple[StepExplanation, ...]
    notes: tuple[str, ...]
    changes: tuple[str, ...]
    context: tuple[FactValue, ...]
    results: dict[str, Any]
    bewijs: str | None
    wet_hash: str | None

    def to_json(self) -> str:
        """The tree as canonical JSON (sorted keys, dates as JJJJ-MM-DD)."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)

    def rows(self) -> list[dict[str, Any]]:
        """The explanation as a table: one row per fact and per value of the law, in the order of the steps.

        Keys: ``stap``, ``vraag``, ``antwoord``, ``beslissend``, ``grond`` (the legal source of the step), ``gegeven``,
        ``waarde``, ``eenheid``, ``bron``, ``status``. A step without either gives one row.
        """
        table = []
        for step in self.steps:
            own = {
                "stap": step.name,
                "vraag": step.question,
                "antwoord": step.answer,
                "beslissend": step.decisive,
                "grond": step.source,
            }
            used: list[tuple[str, Any, str | None, str | None, str | None]] = [
                (value.meaning, value.value, value.unit, value.herkomst or value.source, None) for value in step.facts
            ]
            used += [(item.meaning, item.value, item.unit, item.source, item.status) for item in step.parameters]
            for meaning, value, unit, source, status in used or [("", None, None, None, None)]:
                filled = {"gegeven": meaning, "waarde": value, "eenheid": unit, "bron": source, "status": status}
                table.append(own | filled)
        return table

    def _about(self) -> str:
        """The dwelling and the case, as people call them."""
        dwelling = f"BAG-id {self.adresseerbaar_object_id}"
        if self.adres is not None:
            dwelling = f"{self.adres} ({dwelling})"
        return dwelling if self.geval is None else f"{dwelling}, {self.geval}"

    def text(self) -> str:
        """The explanation in Dutch, for people who do not program."""
        lines = [f"{self.title}: {self._about()}, op {show(self.peildatum)}", f"Uitkomst: {_headline(self)}"]
        if self.sentence and self.uitkomst != Uitkomst.ONBEKEND:
            lines.append(self.sentence)
        lines += _period_lines(self.results)
        lines.append("")
        for number, step in enumerate(self.steps, start=1):
            lines += _step_lines(number, step)
        lines += [f"Let op: {note}" for note in self.notes]
        lines += [f"Het was anders als {change}" for change in self.changes]
        if self.context:
            told = "; ".join(f"{value.meaning}: {show(value.value)}" for value in self.context)
            lines.append(f"Ter beoordeling: {told}.")
        if self.bewijs:
            lines.append(f"Bewijs: {self.bewijs} (regel {self.regel} versie {self.regel_versie}).")
        return "\n".join(lines)


def _headline(explanation: Explanation) -> str:
    name = _OUTCOMES[Uitkomst(explanation.uitkomst)]
    if explanation.uitkomst == Uitkomst.SIGNAAL:
        return f"{name}: {explanation.label}. Een signaal is geen besluit; een mens beoordeelt het."
    if explanation.uitkomst == Uitkomst.JURIDISCH_TOETSEN:
        asked = [str(number) for number, step in enumerate(explanation.steps, start=1) if step.review or step.decisive]
        return f"{name}, om vraag {' en '.join(asked)}. Een jurist beoordeelt het."
    if explanation.uitkomst == Uitkomst.ONBEKEND:
        return f"{name}. Nodig is: {'; '.join(explanation.needed)}."
    return f"{name}."


def _period_lines(results: Mapping[str, Any]) -> list[str]:
    """Since when the state holds; open on either side where the sources do not say."""
    van, tot = results["periode_van"], results["periode_tot"]
    if van is None and tot is None:
        return []
    end = "zij heeft geen bekend einde" if tot is None else f"zij duurt tot {show(tot)}"
    begin = "Wanneer deze toestand begon is niet bekend" if van is None else f"Deze toestand begon op {show(van)}"
    return [f"{begin}; {end}."]


def _step_lines(number: int, step: StepExplanation) -> list[str]:
    mark = " (beslissend)" if step.decisive else ""
    doubt = "; het recht is hier niet duidelijk" if step.review else ""
    lines = [f"{number}. {step.question} {step.answer}{doubt}{mark}", f"   grond: {step.source}"]
    lines += [_fact_line(value) for value in step.facts if value.value is not None]
    lines += [_parameter_line(value) for value in step.parameters if value.value is not None]
    # What is not known matters where the answer is not known either.
    if step.answer == "onbekend":
        lines += [f"   - {value.meaning}: niet bekend" for value in step.facts if value.value is None]
    return lines


def _fact_line(fact: FactValue) -> str:
    if fact.herkomst == "vaststelling":
        origin = " (vaststelling; gaat voor wat is afgeleid)"
    else:
        origin = f" ({fact.herkomst})" if fact.herkomst else ""
    return f"   - {fact.meaning}: {show(fact.value, fact.unit)}{origin}"


def _parameter_line(parameter: ParameterValue) -> str:
    doubt = "; nog te bevestigen" if parameter.status == "te_bevestigen" else ""
    return f"   - {parameter.meaning}: {show(parameter.value, parameter.unit)} ({parameter.source}{doubt})"


def show(value: Any, unit: str | None = None) -> str:
    """A value as the Dutch write it."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list | tuple):
        text = ", ".join(str(item) for item in value)
    elif isinstance(value, int | float):
        text = (f"{value:,.0f}" if unit == "euro" else f"{value:g}").translate(_DUTCH_NUMBER)
    else:
        text = _DAY.sub(r"\3-\2-\1", str(value))
    if unit is None:
        return text
    return f"{text} {_ONE.get(unit, unit) if value == 1 else unit}"
