"""What a fine may be: the ceiling, the table of the ordinance and whether it is a repeat, step by step.

A calculation, never a decision: whoever decides weighs proportionality and what the party said (Awb 5:46).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from registry.cases.terms import counts_back_to
from rules.law_models import DatedValue
from rules.parameters import Law
from rules.sancties import Boetetabel, Grondslag, Sancties, Tarief

JA, NEE, ONBEKEND = "ja", "nee", "onbekend"
_YEARS = "termijnen.recidive_jaren"
_CAUTION = (
    "Dit is een berekening en geen besluit: wie beslist weegt evenredigheid, verwijtbaarheid en de zienswijze "
    "(Awb 3:4, 4:8 en 5:46)."
)


@dataclass(frozen=True, slots=True)
class AmountStep:
    """One step of the calculation, in Dutch: what was asked, what came out, and on which article that rests."""

    vraag: str
    antwoord: str
    grond: str
    status: str | None = None
    toelichting: str | None = None


@dataclass(frozen=True, slots=True)
class Calculation:
    """What a fine may be.

    Attributes:
        regel: the rule.
        gemeente: whose ordinance.
        geconstateerd_op: the day of the observation.
        stappen: the steps, in order.
        herhaling: ``ja``, ``nee`` or ``onbekend``.
        plafond: the ceiling by law in euro; null when there is no fine or its amount is not known.
        tarieven: the amounts of the ordinance; empty when no table is known.
        sancties_hash: which files it was made with.
        waarschuwing: that it is no decision.
    """

    regel: str
    gemeente: str | None
    geconstateerd_op: date
    stappen: tuple[AmountStep, ...]
    herhaling: str
    plafond: int | None
    tarieven: tuple[Tarief, ...]
    sancties_hash: str
    waarschuwing: str = _CAUTION


def calculate_fine(
    sanctions: Sancties,
    law: Law,
    *,
    gemeente: str | None,
    regel: str,
    geconstateerd_op: date,
    earlier: Sequence[Mapping[str, Any]],
    addressee_known: bool = True,
) -> Calculation:
    """What a fine for one observation may be.

    Args:
        sanctions: the law on fines.
        law: the law files, for the years in which an earlier fine counts.
        gemeente: whose ordinance counts.
        regel: the rule that the breach is about.
        geconstateerd_op: the day on which the breach was observed: it picks the law and the four years.
        earlier: the fines that the same addressee got (rows of ``besluiten`` with ``zaak``).
        addressee_known: whether it is settled who that is; else a fine of one of the possible ones decides nothing.
    """
    ground = sanctions.grounds.get(regel)
    head = _ground_step(regel, ground)
    if ground is None or not ground.boete or ground.eerste is None or ground.herhaling is None:
        return Calculation(regel, gemeente, geconstateerd_op, (head,), NEE, None, (), sanctions.hash)
    repeat, repeat_step = _repeat(
        law.value_at(_YEARS, gemeente, geconstateerd_op), ground, regel, geconstateerd_op, earlier
    )
    if repeat == JA and not addressee_known:
        reason = f"{repeat_step.toelichting}; eerst kiezen wie de geadresseerde is"
        repeat, repeat_step = ONBEKEND, replace(repeat_step, antwoord=ONBEKEND, toelichting=reason)
    category = ground.herhaling if repeat == JA else ground.eerste
    source = (ground.herhaling_bron if repeat == JA else ground.eerste_bron) or ground.grondslag
    ceiling, ceiling_step = _ceiling(sanctions, category, source, geconstateerd_op)
    table = sanctions.table_at(gemeente, regel, geconstateerd_op)
    steps = [head, repeat_step, ceiling_step, *_table_steps(table, gemeente, ceiling)]
    tarieven = () if table is None else table.tarieven
    return Calculation(regel, gemeente, geconstateerd_op, tuple(steps), repeat, ceiling, tarieven, sanctions.hash)


def _ground_step(regel: str, ground: Grondslag | None) -> AmountStep:
    question = "Is een bestuurlijke boete mogelijk?"
    if ground is None:
        return AmountStep(question, ONBEKEND, "niet gevonden", toelichting=f"voor {regel} is geen grondslag vastgelegd")
    return AmountStep(question, JA if ground.boete else NEE, ground.grondslag, toelichting=ground.toelichting)


def _repeat(
    years: DatedValue | None, ground: Grondslag, regel: str, day: date, earlier: Sequence[Mapping[str, Any]]
) -> tuple[str, AmountStep]:
    """Whether a fine for the same prohibition was imposed in the years before the observation."""
    question = "Is binnen de termijn voor de constatering eerder een boete opgelegd voor hetzelfde verbod?"
    if years is None or not isinstance(years.waarde, int | float):
        return ONBEKEND, AmountStep(question, ONBEKEND, "niet gevonden", toelichting="de termijn is niet bekend")
    since = counts_back_to(day, int(years.waarde))
    same = [row for row in earlier if row["regel"] == regel and row["datum"] < day]
    inside = [row for row in same if row["datum"] > since]
    on_edge = [row for row in same if row["datum"] == since]
    unnamed = [row for row in earlier if row["regel"] is None and since <= row["datum"] < day]
    grond = ground.herhaling_bron or years.bron
    span = f"van {since:%d-%m-%Y} tot {day:%d-%m-%Y}"
    if inside:
        told = "; ".join(f"{row['zaak']} op {row['datum']:%d-%m-%Y}" for row in inside)
        return JA, AmountStep(question, JA, grond, years.status, f"{span}: {told}")
    if on_edge or unnamed:
        reason = (
            "een boete valt precies op de grens" if on_edge else "van een eerdere boete is het verbod niet vastgelegd"
        )
        return ONBEKEND, AmountStep(question, ONBEKEND, grond, years.status, f"{span}: {reason}")
    return NEE, AmountStep(question, NEE, grond, years.status, f"{span}: geen boete in dit register")


def _ceiling(sanctions: Sancties, category: int, source: str, day: date) -> tuple[int | None, AmountStep]:
    question = f"Wat is het plafond (categorie {category}, artikel 23 Wetboek van Strafrecht)?"
    value = sanctions.category_at(category, day)
    if value is not None and isinstance(value.waarde, int):
        return value.waarde, AmountStep(question, euro(value.waarde), f"{source}; {value.bron}", value.status)
    last = sanctions.last_known(category, day)
    told = "er is geen bedrag bekend"
    if last is not None and isinstance(last.waarde, int):
        told = f"het laatst bekende bedrag is {euro(last.waarde)} (vanaf {last.van:%d-%m-%Y})"
    reason = told if value is None or value.toelichting is None else f"{value.toelichting}; {told}"
    return None, AmountStep(question, ONBEKEND, source, None if value is None else value.status, reason)


def _table_steps(table: Boetetabel | None, gemeente: str | None, ceiling: int | None) -> Iterator[AmountStep]:
    question = "Welk bedrag noemt de verordening?"
    if table is None:
        reason = f"voor {gemeente or 'deze gemeente'} is op die dag geen boetetabel vastgelegd"
        yield AmountStep(question, ONBEKEND, "verordening", toelichting=f"{reason}; zonder tabel geen boete")
        return
    for rate in table.tarieven:
        told = rate_text(rate)
        yield AmountStep(question, told, f"{table.regeling} ({table.bron})", table.status, table.toelichting)
        most = rate.vast or rate.ten_hoogste or 0
        if ceiling is not None and most > ceiling:
            yield AmountStep(
                "Blijft dat bedrag onder het plafond?",
                NEE,
                "artikel 23 Wetboek van Strafrecht",
                toelichting=f"het plafond is {euro(ceiling)}: meer mag niet worden opgelegd",
            )


def rate_text(rate: Tarief) -> str:
    """A rate in words."""
    if rate.vast is not None:
        amount = euro(rate.vast)
    elif rate.vanaf is not None:
        amount = f"{euro(rate.vanaf)} tot ten hoogste {euro(rate.ten_hoogste or 0)}"
    else:
        amount = f"ten hoogste {euro(rate.ten_hoogste or 0)}"
    return amount if rate.geval is None else f"{amount} als {rate.geval}"


def euro(amount: int) -> str:
    """An amount as the Dutch write it: € 21.750."""
    return f"€ {amount:,}".replace(",", ".")
