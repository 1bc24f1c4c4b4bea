"""The rule book in Dutch: what is tested, in what order, on which article, with which values; made from the rules."""

from collections.abc import Iterator, Sequence
from datetime import date

from rules.catalogue import RULES
from rules.facts import FACTS, CaseKind
from rules.law_models import DatedValue, Waarde
from rules.parameters import Law
from rules.rule import Rule, Step, Uitkomst

_KINDS = {
    CaseKind.VERBLIJFSOBJECT: "een woning (verblijfsobject, standplaats of ligplaats) op een peildatum",
    CaseKind.OVERDRACHT: "elke overdracht van een woning",
    CaseKind.BEDING: "elk beding in een akte",
}
_ENDS = {
    Uitkomst.NIET_VAN_TOEPASSING: "niet van toepassing",
    Uitkomst.GEEN_SIGNAAL: "geen signaal",
}
_INTRODUCTION = """\
# Regelboek

Dit boek is gemaakt uit de regels en de wetsbestanden van het Woonregister; wijzig het niet met de hand. Het zegt per
regel wat wordt getoetst, in welke volgorde, op welk artikel en met welke waarden.

Een signaal is geen besluit: een mens beoordeelt het. Elke vraag heeft het antwoord ja, nee of onbekend. Een nee (het
eerste in de volgorde) beslist. Zonder nee is de uitkomst onbekend zodra een antwoord onbekend is. Zijn alle antwoorden
ja, dan is de uitkomst een signaal, of 'juridisch toetsen' als het recht bij een vraag niet duidelijk is. Is een dag
alleen als maand of jaar bekend, dan telt een antwoord alleen als het voor elke mogelijke dag hetzelfde is.

Nooit gebruikt: nationaliteit, geboorteland, geboorteplaats, geslacht, godsdienst, verblijfstitel. Er is geen
risicoscore en geen zelflerend model.
"""


def render_rulebook(law: Law) -> str:
    """The whole book as Markdown; the same rules and law files give the same text."""
    lines = [_INTRODUCTION]
    for rule in RULES.values():
        lines += _rule(rule, law)
    lines += _municipalities(law)
    return "\n".join(lines).rstrip() + "\n"


def _rule(rule: Rule, law: Law) -> Iterator[str]:
    yield f"## {rule.title}\n"
    yield f"Regel `{rule.id}`, versie {rule.version}. Beoordeelt {_KINDS[rule.case]}."
    if rule.lead:
        yield "Een aanleiding voor onderzoek, geen aanwijzing dat iemand iets niet nakomt."
    yield f"Een signaal heet: {rule.label}.\n"
    for number, step in enumerate(rule.steps, start=1):
        yield from _step(number, step)
    shown = [name for name in sorted(rule.parameters) if law.parameters[name].waarden]
    if shown:
        yield "\n### Landelijke waarden\n"
        yield "| waarde | betekenis | van | tot | bron |\n|---|---|---|---|---|"
        for name in shown:
            yield from _values(
                law.parameters[name].omschrijving, law.parameters[name].eenheid, law.timeline(name, None)
            )
    yield "\n### Gegevens\n"
    yield "| gegeven | bron |\n|---|---|"
    for name in rule.evidence:
        yield f"| {FACTS[name].meaning} | {FACTS[name].source} |"
    yield ""


def _step(number: int, step: Step) -> Iterator[str]:
    doubt = " Is het recht hier niet duidelijk: juridisch toetsen." if step.review is not None else ""
    yield f"{number}. **{step.question}** Nee: {_ENDS[step.on_no]}.{doubt}  \n   Grond: {step.source}."


def _values(meaning: str, unit: str | None, values: Sequence[DatedValue]) -> Iterator[str]:
    for value in values:
        doubt = " (te bevestigen)" if value.status == "te_bevestigen" else ""
        yield (
            f"| {_show(value.waarde, unit)} | {meaning} | {_day(value.van)} | {_day(value.vervalt_met_ingang_van)} "
            f"| {value.bron}{doubt} |"
        )


def _municipalities(law: Law) -> Iterator[str]:
    yield "## Verordeningen\n"
    yield "Wat een bestand niet zegt, is onbekend; een gemeente zonder bestand ook.\n"
    for code, file in sorted(law.gemeenten.items()):
        yield f"### {file.naam} ({code})\n"
        yield "| waarde | betekenis | van | tot | bron |\n|---|---|---|---|---|"
        for name, values in sorted(file.parameters.items()):
            entry = law.parameters[name]
            yield from _values(f"{name.partition('.')[0]}: {entry.omschrijving}", entry.eenheid, values)
        yield ""


def _show(value: Waarde, unit: str | None) -> str:
    if value is None:
        return "niet bekend"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, date):
        return _day(value)
    text = f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value)
    return f"{text} {unit}" if unit else text


def _day(day: date | None) -> str:
    if day is None:
        return "-"
    return "altijd" if day == date.min else f"{day:%d-%m-%Y}"
