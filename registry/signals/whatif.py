"""What a rule would find with other numbers, and how many cases pass each of its steps; nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from registry.errors import UsageError
from registry.privacy.purposes import for_purpose
from registry.signals.run import known_run
from registry.store.engine import ReadConnection
from registry.store.queries.records import read_record_frames
from registry.store.queries.stock import read_area_names
from rules.engine import evaluate, funnel
from rules.parameters import Law
from rules.rule import Rule, Uitkomst

Change = bool | int | float | str

_AREAS = ("gemeente", "wijk", "buurt")


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcomes of a rule on a day, with the area that was asked beside each case."""

    outcomes: pl.DataFrame
    per: str | None


def parse_changes(texts: list[str], law: Law) -> dict[str, Change]:
    """``PARAMETER=WAARDE`` as values of the kind that each parameter has.

    Raises:
        UsageError: the text has no ``=``, the parameter does not exist, or the value is no number where one is needed.
    """
    changes: dict[str, Change] = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or name not in law.parameters:
            known = ", ".join(sorted(law.parameters))
            raise UsageError(f"'{text}' is geen PARAMETER=WAARDE. Parameters: {known}.")
        changes[name] = _parse(name, value, law.parameters[name].soort)
    return changes


def _parse(name: str, text: str, soort: str) -> Change:
    if soort == "waarheid":
        if text not in ("ja", "nee"):
            raise UsageError(f"{name} is ja of nee, niet '{text}'.")
        return text == "ja"
    if soort == "tekst":
        return text
    try:
        number = float(text.replace(",", "."))
    except ValueError as error:
        raise UsageError(f"{name} is een getal, niet '{text}'.") from error
    return int(number) if number.is_integer() else number


def judge_on(
    connection: ReadConnection,
    rule: Rule,
    laws: Mapping[str, Law],
    *,
    peildatum: date,
    bekend_op: date | None = None,
    per: str | None = None,
) -> dict[str, Judged]:
    """The outcomes of one rule under several laws, on the same facts.

    Args:
        connection: where to read.
        rule: the rule.
        laws: name -> law.
        peildatum: the day.
        bekend_op: with what was known at the end of this day; None is now.
        per: gemeente, wijk or buurt.

    Raises:
        UsageError: nothing was imported yet, or ``per`` is no area.
    """
    if per is not None and per not in _AREAS:
        raise UsageError(f"'{per}' is geen gebied. Kies uit: {', '.join(_AREAS)}.")
    known = known_run(connection, bekend_op)
    frames = read_record_frames(connection, peildatum=peildatum, known=known)
    frames = for_purpose(connection, rule, frames, known=known)
    judged = {name: evaluate(rule, frames, law) for name, law in laws.items()}
    if per in ("wijk", "buurt"):
        areas = read_area_names(connection, op=peildatum, known=known).select("adresseerbaar_object_id", per)
        judged = {
            name: outcomes.join(areas, on="adresseerbaar_object_id", how="left", maintain_order="left")
            for name, outcomes in judged.items()
        }
    if per is not None:
        judged = {name: outcomes.with_columns(pl.col(per).fill_null("onbekend")) for name, outcomes in judged.items()}
    return {name: Judged(outcomes, per) for name, outcomes in judged.items()}


def count_steps(rule: Rule, judged: Judged) -> pl.DataFrame:
    """The funnel of ``rules.engine.funnel`` over judged cases."""
    return funnel(rule, judged.outcomes, per=judged.per)


def compare_outcomes(now: Judged, then: Judged) -> pl.DataFrame:
    """Cases per outcome under both laws: per (if asked), uitkomst, nu, dan, verschil; every outcome has a row."""
    by = [*([now.per] if now.per else []), "uitkomst"]

    def counted(judged: Judged, name: str) -> pl.DataFrame:
        return judged.outcomes.group_by(by).len(name).with_columns(pl.col(name).cast(pl.Int64))

    order = [uitkomst.value for uitkomst in Uitkomst]
    outcomes = pl.DataFrame({"uitkomst": order})
    if now.per:
        groups = pl.concat([now.outcomes.select(now.per), then.outcomes.select(now.per)]).unique()
        outcomes = groups.join(outcomes, how="cross")
    table = outcomes.join(counted(now, "nu"), on=by, how="left").join(counted(then, "dan"), on=by, how="left")
    table = table.with_columns(pl.col("nu", "dan").fill_null(0)).with_columns(verschil=pl.col("dan") - pl.col("nu"))
    rank = pl.col("uitkomst").replace_strict(order, range(len(order)), return_dtype=pl.Int32)
    return table.sort(*by[:-1], rank)
