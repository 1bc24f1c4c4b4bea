"""The vocabulary in which rules are written: an ordered list of steps over fact and parameter columns.

A step's expression is true, false or null (unknown); Polars gives Kleene logic. A rule is data: the engine knows no
rule by name, and every use (bulk outcome, explanation, funnel, what-if, documentation) reads this one definition.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from rules.facts import FACTS, CaseKind, RecordFrames
from rules.parameters import PREFIX


class Uitkomst(StrEnum):
    """What a rule says of a case; a signal is not a decision."""

    NIET_VAN_TOEPASSING = "niet_van_toepassing"
    GEEN_SIGNAAL = "geen_signaal"
    JURIDISCH_TOETSEN = "juridisch_toetsen"
    ONBEKEND = "onbekend"
    SIGNAAL = "signaal"


STORED = (Uitkomst.SIGNAAL, Uitkomst.JURIDISCH_TOETSEN, Uitkomst.ONBEKEND)


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a rule.

    ``met`` true = go on; false = the case ends with ``on_no``; null = unknown. ``review`` true = the facts are known
    but the law is not clear for them. ``unknown`` names what would decide a null answer: name -> when it is to be
    named; left out, every fact column of the expression that is null. ``shows`` are further fact columns to show;
    ``relevant`` says of a column when an explanation shows it (left out: always).
    """

    name: str
    question: str
    source: str
    met: pl.Expr
    on_no: Uitkomst
    review: pl.Expr | None = None
    unknown: Mapping[str, pl.Expr] | None = None
    shows: tuple[str, ...] = ()
    relevant: Mapping[str, pl.Expr] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The fact and parameter columns that the step uses, in order of use."""
        names = self.met.meta.root_names()
        if self.review is not None:
            names += self.review.meta.root_names()
        return tuple(dict.fromkeys(names))

    @property
    def facts(self) -> tuple[str, ...]:
        """The fact columns that the step uses."""
        return tuple(name for name in self.columns if not name.startswith(PREFIX))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of the law that the step uses."""
        return tuple(name.removeprefix(PREFIX) for name in self.columns if name.startswith(PREFIX))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it judges, its steps, and what it says beside the outcome.

    Attributes:
        parameters: name -> the fact column (a date) that picks the version of the law.
        results: further outcome columns, as expressions over facts, parameters and ``uitkomst``, in order.
        periods: for the cases with a stored outcome, ``periode_van`` and ``periode_tot`` beside the case's key.
        sentence: one Dutch sentence per stored outcome, over the outcome columns.
        needed: name of an unknown -> what is needed, in Dutch.
        notes: Dutch remarks for an explanation; null = not said of this case.
        context: columns of ``rules.context`` that help a person to assess a stored outcome -> meaning in Dutch.
        vague: the fact that is unknown when a case may have happened on more days with different answers; None for a
            rule whose cases have no day of their own.
        order: of a rule with more cases per dwelling, what sorts them on a peildatum: the last one answers for the
            dwelling; null = never does.
        past: the cases without a stored outcome that get a period too, because what ended them does not undo it.
        today: the steps about the peildatum itself: what only they end may have been something before.
        lead: a lead for research, never a breach.
    """

    id: str
    version: int
    title: str
    label: str
    case: CaseKind
    steps: tuple[Step, ...]
    parameters: Mapping[str, str]
    results: Mapping[str, pl.Expr] = field(default_factory=dict)
    periods: Callable[[pl.DataFrame, RecordFrames], pl.DataFrame] | None = None
    sentence: pl.Expr | None = None
    needed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[pl.Expr, ...] = ()
    context: Mapping[str, str] = field(default_factory=dict)
    vague: str | None = None
    order: Callable[[pl.Expr], pl.Expr] | None = None
    past: pl.Expr | None = None
    today: frozenset[str] = frozenset()
    lead: bool = False

    @property
    def evidence(self) -> tuple[str, ...]:
        """Every fact column that the rule uses, sorted: what a receipt holds."""
        expressions = [*self.results.values(), *self.notes]
        expressions += [cause for step in self.steps for cause in (step.unknown or {}).values()]
        used = {name for expression in expressions for name in expression.meta.root_names()}
        used |= {name for step in self.steps for name in (*step.facts, *step.shows)}
        used |= set(self.parameters.values())
        used &= FACTS.keys()
        return tuple(sorted(used | {origin for name in used if (origin := FACTS[name].herkomst) is not None}))


def remark(text: str, when: pl.Expr) -> pl.Expr:
    """A remark that is made when a condition holds (unknown = not made)."""
    return pl.when(when).then(pl.lit(text))


def needed(texts: Mapping[str, str]) -> pl.Expr:
    """The unknown facts of a case as one Dutch text."""
    names = pl.element().replace(list(texts), list(texts.values()))
    return pl.col("onbekende_feiten").list.eval(names).list.join("; ")
