"""Evaluates a rule in bulk: the outcome of every case, the funnel over its steps, and receipts for what is kept.

The order of design: a definite *no* (first in step order) wins; else ``onbekend`` if a needed fact is unknown; else
``juridisch_toetsen`` if a step says so; else ``signaal``.
"""

import hashlib
from datetime import date

import polars as pl

from rules.case_facts import case_facts
from rules.cases import KEYS, answering_case, without_case
from rules.context import describe_objects
from rules.derivations.vaststellingen import OBJECT
from rules.facts import RecordFrames
from rules.parameters import PREFIX, Law
from rules.possible_days import ANSWER, EMPTY, POSSIBLE, REVIEW, UNSURE, merge_possible_days
from rules.rule import STORED, Rule, Step, Uitkomst

__all__ = [
    "KEYS",
    "OUTCOME",
    "answering_case",
    "answers",
    "describe",
    "evaluate",
    "funnel",
    "judge",
    "judge_all",
    "with_receipts",
    "without_case",
]

# The columns of every outcome, in order; after them come the result columns of the rule, its facts and its parameters.
OUTCOME = pl.Schema(
    {
        "regel": pl.String(),
        "regel_versie": pl.Int64(),
        OBJECT: pl.String(),
        "overdracht_id": pl.String(),
        "beding_id": pl.String(),
        "gemeente": pl.String(),
        "peildatum": pl.Date(),
        "uitkomst": pl.String(),
        "beslissend": pl.String(),
        "onbekende_feiten": pl.List(pl.String()),
        "periode_van": pl.Date(),
        "periode_tot": pl.Date(),
        "tot": pl.Date(),
    }
)


def evaluate(rule: Rule, frames: RecordFrames, law: Law, *, lean: bool = False) -> pl.DataFrame:
    """The outcome of every case, sorted by its key.

    Args:
        rule: the rule.
        frames: what is known.
        law: the law files.
        lean: looks up who owns and lives only for cases that the deed, the dwelling and the law do not already end.
            Outcomes and receipts are the same; the facts of an ended case that decided nothing stay null.

    Returns:
        The columns of ``OUTCOME``, the rule's result columns, every fact that it used under its own name, and every
        parameter value as ``wet:<name>``. Same input, same frame.
    """
    return describe(rule, judge_all(rule, frames, law, lean=lean), frames)


def describe(rule: Rule, table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """What ``judge_all`` gives, with the periods and the context of an outcome: what ``evaluate`` returns."""
    table = _with_periods(rule, table, frames)
    return _with_context(rule, table, frames).select(*OUTCOME, *_rest(rule))


def judge_all(rule: Rule, frames: RecordFrames, law: Law, *, lean: bool = False) -> pl.DataFrame:
    """As ``evaluate``, without the periods and the context of an outcome: enough to count, and much sooner.

    The facts stay with the frames: the same frames under another law are judged without deriving them again.
    """
    return judge(rule, law.attach(case_facts(rule, frames, law, lean=lean), rule.parameters))


def judge(rule: Rule, table: pl.DataFrame) -> pl.DataFrame:
    """A table of facts and parameter values with the outcome columns added.

    Args:
        rule: the rule.
        table: one row per case: key, facts and ``wet:`` columns. A case with more rows may have happened on more
            days; then an answer, a fact or a value counts only where it is the same on all of them.
    """
    table = table.lazy().with_columns(answers(rule)).collect()
    table = merge_possible_days(rule, table, KEYS[rule.case])
    table = table.lazy().with_columns(_outcome(rule)).collect()
    table = _name_unknown(rule, table)
    for name, expression in rule.results.items():
        table = table.with_columns(expression.alias(name))
    absent = {name: dtype for name, dtype in OUTCOME.items() if name not in table.columns}
    return table.with_columns(
        pl.lit(rule.id).alias("regel"),
        pl.lit(rule.version, dtype=pl.Int64).alias("regel_versie"),
        *(
            pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in absent.items()
            if name not in ("regel", "regel_versie")
        ),
    )


def answers(rule: Rule) -> list[pl.Expr]:
    """The answer to each step (``antwoord:<step>``) and to its doubt in law (``toets:<step>``), true, false or null."""
    result = []
    for step in rule.steps:
        result.append(step.met.alias(ANSWER + step.name))
        if step.review is not None:
            result.append(step.review.alias(REVIEW + step.name))
    return result


def _first(rule: Rule, condition: dict[str, pl.Expr]) -> pl.Expr:
    """The position of the first step whose condition is true; null when none is."""
    position = {step.name: index for index, step in enumerate(rule.steps)}
    return pl.coalesce(
        *(pl.when(test).then(pl.lit(position[name], dtype=pl.Int32)) for name, test in condition.items()),
        pl.lit(None, dtype=pl.Int32),
    )


def _outcome(rule: Rule) -> list[pl.Expr]:
    no = _first(rule, {step.name: ~pl.col(ANSWER + step.name) for step in rule.steps})
    unknown = _first(rule, {step.name: _is_unknown(step) for step in rule.steps})
    review = _first(rule, {step.name: pl.col(REVIEW + step.name) for step in rule.steps if step.review is not None})
    ends = pl.Series([step.on_no.value for step in rule.steps], dtype=pl.String)
    names = pl.Series([step.name for step in rule.steps], dtype=pl.String)
    decisive = pl.coalesce(no, unknown, review, pl.lit(len(rule.steps) - 1, dtype=pl.Int32))
    return [
        pl.when(no.is_not_null())
        .then(pl.lit(ends).gather(no))
        .when(unknown.is_not_null())
        .then(pl.lit(Uitkomst.ONBEKEND.value))
        .when(review.is_not_null())
        .then(pl.lit(Uitkomst.JURIDISCH_TOETSEN.value))
        .otherwise(pl.lit(Uitkomst.SIGNAAL.value))
        .alias("uitkomst"),
        pl.lit(names).gather(decisive).alias("beslissend"),
    ]


def _is_unknown(step: Step) -> pl.Expr:
    unknown = pl.col(ANSWER + step.name).is_null()
    return unknown if step.review is None else unknown | pl.col(REVIEW + step.name).is_null()


def _is_empty(rule: Rule, step: Step) -> pl.Expr:
    """Whether a step has no answer, of a case that may have happened on more days on one of them."""
    if rule.vague is None:
        return _is_unknown(step)
    empty = pl.col(EMPTY + ANSWER + step.name)
    return empty if step.review is None else empty | pl.col(EMPTY + REVIEW + step.name)


def _name_unknown(rule: Rule, table: pl.DataFrame) -> pl.DataFrame:
    """Names the facts that would decide, for the cases that are ``onbekend``; an empty list for the others."""
    is_unknown = pl.col("uitkomst") == Uitkomst.ONBEKEND
    if not table.select(is_unknown.any()).item():
        return table.with_columns(onbekende_feiten=pl.lit([], dtype=pl.List(pl.String)))
    named: dict[str, list[pl.Expr]] = {}
    for step in rule.steps:
        causes = step.unknown if step.unknown is not None else {name: pl.col(name).is_null() for name in step.columns}
        for name, cause in causes.items():
            named.setdefault(name.removeprefix(PREFIX), []).append(_is_empty(rule, step) & cause)
    if rule.vague is not None:
        named = {rule.vague: [pl.col(UNSURE), *named.pop(rule.vague, [])], **named}
    # Few combinations occur: each is a number, and its list of names is made once.
    bits = [
        pl.any_horizontal(causes).fill_null(value=False).cast(pl.Int64) * (1 << place)
        for place, causes in enumerate(named.values())
    ]
    number = pl.when(is_unknown).then(pl.sum_horizontal(bits)).otherwise(0).alias("welke")
    table = table.lazy().with_columns(number).collect()
    found = table.select(pl.col("welke").unique())
    lists = [[name for place, name in enumerate(named) if one >> place & 1] for one in found.get_column("welke")]
    found = found.with_columns(onbekende_feiten=pl.Series(lists, dtype=pl.List(pl.String)))
    return table.join(found, on="welke", how="left", maintain_order="left").drop("welke")


def _with_periods(rule: Rule, table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    if rule.periods is None:
        return table
    wanted = pl.col("uitkomst").is_in(STORED)
    asked = table.filter(wanted if rule.past is None else wanted | rule.past)
    if asked.is_empty():
        return table
    found = rule.periods(asked, frames)
    return table.drop("periode_van", "periode_tot").join(found, on=KEYS[rule.case], how="left", maintain_order="left")


def _with_context(rule: Rule, table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    if not rule.context:
        return table
    stored = table.filter(pl.col("uitkomst").is_in(STORED)).get_column(OBJECT)
    found = describe_objects(frames, stored).select(OBJECT, *rule.context)
    return table.join(found, on=OBJECT, how="left", maintain_order="left")


def _rest(rule: Rule) -> list[str]:
    parameters = [PREFIX + name for name in sorted(rule.parameters)]
    columns = [*rule.results, *rule.context, *rule.evidence, *parameters]
    if rule.vague is not None:
        columns.append(POSSIBLE)
    return [name for name in dict.fromkeys(columns) if name not in OUTCOME]


def with_receipts(rule: Rule, outcomes: pl.DataFrame, law: Law, *, stored_only: bool = True) -> pl.DataFrame:
    """The outcomes that are kept (signaal, juridisch_toetsen, onbekend), with what reproduces them.

    Adds ``feiten`` and ``parameters`` (canonical JSON: sorted keys, no spaces), ``wet_hash``, ``feiten_hash`` (sha256,
    hex) and ``bewijs``: a short hash of rule, version, law, peildatum and facts (the case's key is one of them).
    """
    kept = outcomes.filter(pl.col("uitkomst").is_in(STORED)) if stored_only else outcomes
    key = KEYS[rule.case]
    names = sorted({key, OBJECT, "gemeente", *rule.evidence})
    kept = kept.with_columns(feiten=pl.struct(names).struct.json_encode())
    if rule.vague is not None:
        several = pl.col(POSSIBLE).is_not_null()
        with_days = pl.struct(sorted([*names, POSSIBLE])).struct.json_encode()
        kept = kept.with_columns(feiten=pl.when(several).then(with_days).otherwise("feiten"))
    kept = _with_law(rule, kept, law)
    kept = kept.with_columns(feiten_hash=pl.Series([_sha(text) for text in kept.get_column("feiten")], dtype=pl.String))
    seeds = kept.select(
        pl.concat_str("regel", "regel_versie", "wet_hash", "peildatum", "feiten_hash", separator="|")
    ).to_series()
    return kept.with_columns(bewijs=pl.Series([_sha(text)[:16] for text in seeds], dtype=pl.String))


def _with_law(rule: Rule, kept: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Joins the evidence of the law once per combination of municipality and dates."""
    by = list(dict.fromkeys(["gemeente", *rule.parameters.values()]))
    combinations = kept.select(by).unique()
    texts, hashes = [], []
    for row in combinations.iter_rows(named=True):
        dates: dict[str, date | None] = {name: row[column] for name, column in rule.parameters.items()}
        texts.append(law.evidence(dates, row["gemeente"]))
        hashes.append(law.hash_for(row["gemeente"]))
    found = combinations.with_columns(
        parameters=pl.Series(texts, dtype=pl.String), wet_hash=pl.Series(hashes, dtype=pl.String)
    )
    return kept.join(found, on=by, how="left", nulls_equal=True, maintain_order="left")


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def funnel(rule: Rule, outcomes: pl.DataFrame, *, per: str | None = None) -> pl.DataFrame:
    """How many cases reach each step and where they end, in step order.

    Args:
        rule: the rule.
        outcomes: as ``evaluate`` gives, with the column of ``per`` added where one is asked.
        per: a column to split by, for instance ``buurt``.

    Returns:
        ``per`` (if given), ``stap``, ``bereikt`` (no earlier step said no), ``nee`` (this one did), ``onbekend``
        (this one is the first that cannot be answered, of the cases without any no), ``toets``, ``signaal``.
    """
    position = {step.name: index for index, step in enumerate(rule.steps)}
    ended = pl.col("uitkomst").is_in([Uitkomst.NIET_VAN_TOEPASSING.value, Uitkomst.GEEN_SIGNAAL.value])
    groups = [] if per is None else [per]
    counted = outcomes.group_by(*groups, "beslissend", ended.alias("nee"), "uitkomst").len()
    rows = []
    for key, part in counted.group_by(groups, maintain_order=False) if groups else [((), counted)]:
        total = int(part.get_column("len").sum())
        gone = 0
        for step in rule.steps:
            here = part.filter(pl.col("beslissend") == step.name)
            no = int(here.filter("nee").get_column("len").sum())
            counts = {
                name: int(here.filter(pl.col("uitkomst") == value).get_column("len").sum())
                for name, value in (
                    ("onbekend", Uitkomst.ONBEKEND),
                    ("toets", Uitkomst.JURIDISCH_TOETSEN),
                    ("signaal", Uitkomst.SIGNAAL),
                )
            }
            rows.append(
                {**dict(zip(groups, key, strict=True)), "stap": step.name, "bereikt": total - gone, "nee": no} | counts
            )
            gone += no
    frame = pl.DataFrame(rows)
    return frame.sort(*groups, pl.col("stap").replace_strict(position), nulls_last=True) if groups else frame
