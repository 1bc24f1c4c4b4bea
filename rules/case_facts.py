"""The facts of all cases of a rule: of every case everything, or of a case that is over already only what ended it."""

import itertools
from datetime import date

import polars as pl

from rules.cases import KEYS
from rules.facts import DERIVATIONS, FIRST_FACTS, RecordFrames
from rules.parameters import Law
from rules.rule import Rule, Step


def case_facts(rule: Rule, frames: RecordFrames, law: Law, *, lean: bool = False) -> pl.DataFrame:
    """One row per case (and possible day of it) with its facts; complete ones stay with the frames.

    Args:
        rule: the rule.
        frames: what is known.
        law: the law files.
        lean: who owns and lives is looked up only for the cases that the first steps of the rule do not end.
    """
    days: tuple[date, ...] = ()
    if rule.vague is not None:
        days = law.days_of_change(rule.parameters, frames.adresseerbare_objecten.get_column("gemeente").unique())
    key = (rule.case, days)
    if key in frames.derived:
        return frames.derived[key]
    ending = _ending_steps(rule) if lean else []
    if ending:
        return DERIVATIONS[rule.case](frames, days, lambda table: _goes_on(rule, law, ending, table))
    frames.derived[key] = DERIVATIONS[rule.case](frames, days, None)
    return frames.derived[key]


def _ending_steps(rule: Rule) -> list[Step]:
    """The first steps, as far as they need no more than the facts that are there first; a no to one undoes the rest."""
    first = FIRST_FACTS.get(rule.case, frozenset())
    known = itertools.takewhile(lambda step: first.issuperset(step.facts), rule.steps)
    return [step for step in known if step.name not in rule.today]


def _goes_on(rule: Rule, law: Law, ending: list[Step], table: pl.DataFrame) -> pl.Series:
    """Which cases no step of these ends; one that may have happened on more days always goes on."""
    asked = {name: day for name, day in rule.parameters.items() if any(name in step.parameters for step in ending)}
    ended = pl.any_horizontal(~step.met.fill_null(value=True) for step in ending)
    several = pl.col(KEYS[rule.case]).is_duplicated()
    return law.attach(table, asked).lazy().select(several | ~ended).collect().to_series()
