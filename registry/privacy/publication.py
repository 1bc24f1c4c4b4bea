"""Drafts that a municipality completes: its entry in the Algoritmeregister and the building blocks of a DPIA.

Both are made from the rules and the register of processing activities in use, so that what is published is what is
done. What only the municipality knows is marked ``[in te vullen: …]``.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from registry.privacy.activities import Verwerking, Verwerkingsregister
from registry.privacy.purposes import asked_sources
from registry.privacy.retention import Bewaartermijn, terms_on
from rules.facts import FACTS
from rules.rule import Rule

STANDARD: Final = "1.0"
LIMITS: Final[Mapping[str, int]] = {"name": 100, "description_short": 350, "methods_and_models": 5000}
"""The greatest lengths of the publication standard."""
REQUIRED: Final = (
    "name", "description_short", "organization", "status", "contact_email", "publication_category", "lang",
)  # fmt: skip
_NEVER: Final = "nationaliteit, geboorteland, geboorteplaats, geslacht, godsdienst en verblijfstitel"


def algorithm_entries(
    rules: Sequence[Rule], register: Verwerkingsregister, *, gemeente: str, day: date
) -> list[dict[str, Any]]:
    """A draft entry per rule (publication standard 1.0 of the Algoritmeregister).

    Args:
        rules: the rules in use.
        register: for which activity each is.
        gemeente: name of the municipality.
        day: the day on which the register is read.
    """
    return [_entry(rule, _activity(rule, register, day), gemeente) for rule in rules]


def _entry(rule: Rule, activity: Verwerking | None, gemeente: str) -> dict[str, Any]:
    return {
        "name": _cut(f"Woonregister: {rule.title}", "name"),
        "description_short": _cut(
            f"Vergelijkt gegevens over een woning met vaste regels en geeft een signaal als alle stappen van "
            f"'{rule.title}' opgaan. Een medewerker beoordeelt elk signaal; een signaal is geen besluit.",
            "description_short",
        ),
        "organization": gemeente,
        "status": "[in te vullen: In ontwikkeling, In gebruik of Buiten gebruik]",
        "contact_email": "[in te vullen: e-mailadres]",
        "publication_category": "Impactvolle algoritmes",
        "lang": "NLD",
        "category": "Wonen",
        "begin_date": "[in te vullen: JJJJ-MM]",
        "goal": activity.doel if activity else "[in te vullen: doel]",
        "proportionality": (
            "Alleen feiten die een stap van de regel vraagt worden gebruikt. Het alternatief, elke woning bezoeken, "
            "raakt veel meer mensen. [in te vullen: afweging van de gemeente]"
        ),
        "human_intervention": (
            "Een medewerker beoordeelt elk signaal, kan ervan afwijken en legt de reden vast. Een deel van de bezoeken "
            "is een steekproef zonder signaal, om de regel te toetsen."
        ),
        "risks": (
            f"Onjuiste of oude registraties; ongelijke uitwerking op buurten of huishoudens. Nooit gebruikt: {_NEVER}. "
            "De FG vergelijkt met 'woonregister export gelijkheid' hoe vaak de regel woningen raakt."
        ),
        "lawful_basis": activity.grondslag if activity else "[in te vullen: grondslag]",
        "impacttoetsen_grouping": [{"title": "Data Protection Impact Assessment (DPIA)", "link": "[in te vullen]"}],
        "source_data": ", ".join(sorted(asked_sources(rule))) or "bag",
        "methods_and_models": _cut(_methods(rule), "methods_and_models"),
        "provider": "Woonregister (EUPL-1.2)",
        "standard_version": STANDARD,
        "source_id": rule.id,
        "tags": "wonen",
    }


def _methods(rule: Rule) -> str:
    questions = "\n".join(f"{number}. {step.question} ({step.source})" for number, step in enumerate(rule.steps, 1))
    return (
        f"Vaste beslisregels, versie {rule.version}; geen lerend model, geen risicoscore. De stappen:\n{questions}\n"
        "Elke stap is waar, onwaar of onbekend. Ontbreekt een feit, dan is de uitkomst 'onbekend', nooit een signaal. "
        "Elke uitkomst heeft een bewijsnummer waarmee zij later is na te rekenen."
    )


def dpia_blocks(
    rules: Sequence[Rule],
    register: Verwerkingsregister,
    terms: tuple[Bewaartermijn, ...],
    *,
    gemeente: str,
    day: date,
) -> str:
    """Building blocks for a DPIA (AVG art. 35), in Markdown and Dutch."""
    lines = [f"# Bouwstenen voor de DPIA van {gemeente}", "", f"Gemaakt uit de regels en registers van {day:%d-%m-%Y}."]
    lines += ["", "## Verwerkingen", "", "| verwerking | doel | grondslag | bronnen | betrokkenen |"]
    lines += ["|---|---|---|---|---|", *(_activity_line(one) for one in register.all() if one.holds_on(day))]
    lines += ["", "## Regels en de feiten die zij vragen"]
    for rule in rules:
        lines += ["", f"### {rule.title} (`{rule.id}`, versie {rule.version})", "", "| feit | bron |", "|---|---|"]
        lines += [f"| {FACTS[name].meaning} | {FACTS[name].source} |" for name in rule.evidence]
    lines += ["", "## Bewaartermijnen", "", "| gegevens | termijn | vanaf | bron |", "|---|---|---|---|"]
    lines += [_term_line(one) for one in terms_on(terms, day)]
    lines += ["", "## Maatregelen", "", *_MEASURES]
    lines += ["", "## In te vullen door de gemeente", "", *_OPEN, ""]
    return "\n".join(lines)


_MEASURES: Final = (
    f"- Nooit ingelezen of bewaard: {_NEVER}. Een levering met zo'n kolom wordt geweigerd.",
    "- Een BSN is versleuteld en wordt gevonden met een gesleutelde hash; de sleutels staan buiten de database.",
    "- Namen van bewoners worden standaard niet bewaard.",
    "- Elke raadpleging staat in een toegangslog waarvan de regels elkaar verzegelen (Wet BRP art. 3.11).",
    "- Gegevens van een bron die een doel niet mag gebruiken zijn voor de regel van dat doel onbekend.",
    "- Een signaal is geen besluit (AVG art. 22): een medewerker beoordeelt het en legt de reden vast.",
    "- Een betrokkene krijgt inzage met een opdracht; een beperking haalt zijn gegevens uit elk signaal.",
)
_OPEN: Final = (
    "- [in te vullen: noodzaak en evenredigheid per verwerking]",
    "- [in te vullen: advies van de FG en standpunt van betrokkenen]",
    "- [in te vullen: verwerkers, beveiligingsmaatregelen van de omgeving, restrisico's]",
)


def _activity_line(one: Verwerking) -> str:
    sources = "alle" if one.bronnen is None else ", ".join(one.bronnen)
    if one.bronnen_na_besluit:
        sources += f"; na besluit ook {', '.join(one.bronnen_na_besluit)}"
    mark = " (te bevestigen)" if one.status == "te_bevestigen" else ""
    return f"| {one.naam} | {one.doel} | {one.grondslag}{mark} | {sources} | {', '.join(one.betrokkenen)} |"


def _term_line(one: Bewaartermijn) -> str:
    term = "nog vast te stellen" if one.maanden is None else f"{one.maanden} maanden"
    mark = " (te bevestigen)" if one.status == "te_bevestigen" else ""
    return f"| {one.naam} | {term}{mark} | {one.vanaf} | {one.bron} |"


def _activity(rule: Rule, register: Verwerkingsregister, day: date) -> Verwerking | None:
    return next((one for one in register.all() if rule.id in one.regels and one.holds_on(day)), None)


def _cut(text: str, name: str) -> str:
    longest = LIMITS[name]
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
