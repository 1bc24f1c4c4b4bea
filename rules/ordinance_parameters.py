"""Turns a municipality's ordinances into dated parameters, so that every use of a parameter works for them too.

``<rule>.verordening`` says whether an ordinance is in force; the other names hold what it says while it is. What is
not known has no value, and what has no value is unknown to a rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest

from rules.law_models import DatedValue, ParameterEntry, Period, Soort, Waarde, in_force
from rules.ordinances import Bereik, Geen, Grens, MunicipalFile, Regeling

# name after the rule -> meaning, unit, kind
_NAMES: dict[str, tuple[str, str | None, Soort]] = {
    "verordening": ("er geldt een verordening", None, "waarheid"),
    "sinds": ("onafgebroken in werking sinds", None, "datum"),
    "gebieden": ("aangewezen gebieden", None, "tekst"),
    "overgangsrecht": ("overgangsrecht: een koop van voor de inwerkingtreding blijft vrij", None, "waarheid"),
    "grens_min": ("WOZ-grens (waar alleen een bereik bekend is: de laagste die kan gelden)", "euro", "getal"),
    "grens_max": ("hoogste WOZ-grens die kan gelden", "euro", "getal"),
    "grens_operator": ("vergelijking met de grens: lager dan (<), of tot en met (<=)", None, "tekst"),
    "grens_gebied": ("WOZ-grens in euro van de gebieden met een eigen grens", None, "tekst"),
    "bestaand_alleen": ("de verordening geldt alleen voor woningen die al bewoond waren", None, "waarheid"),
    "extra_gronden": ("andere vergunningsgronden dan die in de wet", None, "tekst"),
    "aantal_personen_elders": ("vanaf zoveel personen, buiten de aangewezen gebieden", "personen", "getal"),
    "aantal_personen": (
        "vanaf zoveel personen die geen huishouden vormen is een vergunning nodig",
        "personen",
        "getal",
    ),
}
_OF_RULE = {
    "opkoopbescherming": (
        "verordening",
        "sinds",
        "gebieden",
        "overgangsrecht",
        "grens_min",
        "grens_max",
        "grens_operator",
        "grens_gebied",
        "bestaand_alleen",
        "extra_gronden",
    ),
    "omzetting": ("verordening", "gebieden", "aantal_personen", "aantal_personen_elders"),
}
# The same timeline under a second name, for a rule that asks about two days.
ON_PEILDATUM = "_peildatum"
_TWICE = {"opkoopbescherming": ("verordening",)}
# Before the first ordinance that is known of the one, none was possible; of the other, older ones may have been.
_NONE_BEFORE = frozenset({"opkoopbescherming"})


def ordinance_parameters() -> dict[str, ParameterEntry]:
    """The parameters that ordinances give; no municipality has a value unless its own file says so."""
    entries = {}
    for rule, names in _OF_RULE.items():
        for name in names:
            meaning, unit, soort = _NAMES[name]
            entry = ParameterEntry(omschrijving=meaning, eenheid=unit, soort=soort, waarden=())
            entries[f"{rule}.{name}"] = entry
            if name in _TWICE.get(rule, ()):
                later = entry.model_copy(update={"omschrijving": f"{meaning} (op de peildatum)"})
                entries[f"{rule}.{name}{ON_PEILDATUM}"] = later
    return entries


def compile_ordinances(municipal: MunicipalFile) -> dict[str, tuple[DatedValue, ...]]:
    """The values of ``ordinance_parameters`` in time, for one municipality."""
    result: dict[str, tuple[DatedValue, ...]] = {}
    for rule, names in _OF_RULE.items():
        found = {str(name): value for name, value in municipal.regelingen.items()}.get(rule)
        if found is None:
            continue
        timelines: dict[str, tuple[DatedValue, ...]]
        if isinstance(found, Geen):
            none = DatedValue(van=date.min, waarde=False, bron=found.bron, status=found.status)
            timelines = {"verordening": (none,)}
        else:
            timelines = _timelines(found, names, none_before=rule in _NONE_BEFORE)
        for name, timeline in timelines.items():
            result[f"{rule}.{name}"] = timeline
            if name in _TWICE.get(rule, ()):
                result[f"{rule}.{name}{ON_PEILDATUM}"] = timeline
    return result


def _timelines(
    regelingen: Sequence[Regeling], names: Iterable[str], *, none_before: bool
) -> dict[str, tuple[DatedValue, ...]]:
    wanted = set(names)
    result: dict[str, list[DatedValue]] = {name: [] for name in wanted}
    result["verordening"] = list(_in_force(regelingen, none_before=none_before))
    sinds = regelingen[0].van
    for number, regeling in enumerate(regelingen):
        if number and regelingen[number - 1].vervalt_met_ingang_van != regeling.van:
            sinds = regeling.van
        own: dict[str, Waarde] = {
            "sinds": sinds,
            "overgangsrecht": regeling.overgangsrecht,
            "bestaand_alleen": regeling.bestaand_alleen,
            "extra_gronden": ", ".join(regeling.extra_gronden) or None,
            "aantal_personen": regeling.aantal_personen,
            "aantal_personen_elders": regeling.aantal_personen_elders,
        }
        for name in wanted & own.keys():
            if own[name] is not None:
                result[name].append(_value(regeling, own[name], regeling))
        for area in regeling.gebieden:
            codes = None if area.codes is None else ", ".join(area.codes)
            result["gebieden"] += _within(_value(area, codes, regeling), regeling)
        if "grens_min" in wanted:
            _add_limits(result, regeling)
    return {name: tuple(values) for name, values in result.items()}


def _add_limits(result: dict[str, list[DatedValue]], regeling: Regeling) -> None:
    for grens in regeling.grenzen:
        if grens.gebieden is not None:
            continue
        low, high = _ends(grens)
        content: dict[str, Waarde] = {"grens_min": low, "grens_max": high, "grens_operator": grens.operator}
        for name, waarde in content.items():
            if waarde is not None or name != "grens_operator":
                result[name] += _within(_value(grens, waarde, regeling), regeling)
    for value in _per_area([grens for grens in regeling.grenzen if grens.gebieden is not None], regeling):
        result["grens_gebied"] += _within(value, regeling)


def _per_area(grenzen: Sequence[Grens], regeling: Regeling) -> Iterator[DatedValue]:
    """The limits that differ per area as one text for each period: ``WK060601: 355000 (<); WK060606: onbekend``."""
    ends = {grens.vervalt_met_ingang_van for grens in grenzen} - {None}
    days = sorted({grens.van for grens in grenzen} | {end for end in ends if end is not None})
    for van, tot in zip_longest(days, days[1:]):
        held = [grens for grens in grenzen if in_force([grens], van) is not None]
        if not held:
            continue
        texts = [f"{code}: {_limit_text(grens)}" for grens in held for code in grens.gebieden or ()]
        period = held[0].model_copy(
            update={
                "van": van,
                "vervalt_met_ingang_van": tot,
                "bron": "; ".join(dict.fromkeys(grens.bron for grens in held)),
                "status": max((grens.status for grens in held), key=("vastgesteld", "te_bevestigen").index),
                "toelichting": "; ".join(grens.toelichting for grens in held if grens.toelichting) or None,
            }
        )
        yield _value(period, "; ".join(sorted(texts)), regeling)


def _limit_text(grens: Grens) -> str:
    low, high = _ends(grens)
    if low is None:
        return "onbekend"
    amount = f"{low}" if low == high else f"{low} tot {high}"
    return amount if grens.operator is None else f"{amount} ({grens.operator})"


def _ends(grens: Grens) -> tuple[int | None, int | None]:
    return (grens.grens.min, grens.grens.max) if isinstance(grens.grens, Bereik) else (grens.grens, grens.grens)


def _in_force(regelingen: Sequence[Regeling], *, none_before: bool) -> Iterator[DatedValue]:
    """True while an ordinance is in force, false in the gaps between them and after the last one."""
    end: date | None = date.min if none_before else None
    for regeling in regelingen:
        if end is not None and end < regeling.van:
            yield _value(regeling, False, regeling).model_copy(
                update={"van": end, "vervalt_met_ingang_van": regeling.van}
            )
        yield _value(regeling, True, regeling)
        end = regeling.vervalt_met_ingang_van
    if end is not None:
        last = regelingen[-1]
        yield _value(last, False, last).model_copy(update={"van": end, "vervalt_met_ingang_van": None})


def _value(period: Period, waarde: Waarde, regeling: Regeling) -> DatedValue:
    title = regeling.naam if regeling.artikel is None else f"{regeling.naam}, {regeling.artikel}"
    return DatedValue(
        van=period.van,
        vervalt_met_ingang_van=period.vervalt_met_ingang_van,
        bron=f"{title} ({period.bron})",
        url=period.url,
        status=period.status,
        toelichting=period.toelichting,
        waarde=waarde,
    )


def _within(value: DatedValue, regeling: Regeling) -> list[DatedValue]:
    """The value as far as the ordinance that holds it is in force."""
    van = max(value.van, regeling.van)
    ends = [end for end in (value.vervalt_met_ingang_van, regeling.vervalt_met_ingang_van) if end is not None]
    end = min(ends, default=None)
    return (
        [] if end is not None and end <= van else [value.model_copy(update={"van": van, "vervalt_met_ingang_van": end})]
    )
