"""A case that may have happened on more days: what holds on all of them holds, the rest is unknown."""

import polars as pl

from rules.parameters import PREFIX
from rules.rule import Rule

ANSWER, REVIEW = "antwoord:", "toets:"
# The facts and parameter values of each possible day, of a case that has more than one.
POSSIBLE = "mogelijke_dagen"
# Whether some step has an answer on each possible day, but not the same one.
UNSURE = "dag_beslist"
# Whether a step has no answer on some possible day on which no other step ends the case.
EMPTY = "leeg:"


def merge_possible_days(rule: Rule, table: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per case, of a table with the answers to the steps on each possible day of it.

    Adds ``mogelijke_dagen`` (null for a case with one day) and ``dag_beslist`` for a rule that has such cases.
    """
    if rule.vague is None:
        return table
    repeated = table.get_column(key).is_duplicated()
    schema = table.schema
    columns = [name for name in schema if name != key]
    asked = [name for name in columns if name.startswith((ANSWER, REVIEW))]
    names = sorted({*rule.evidence, *(PREFIX + name for name in rule.parameters)} & set(columns))
    possible = pl.struct(names)
    single = table.filter(~repeated).with_columns(
        pl.lit(None, dtype=pl.List(pl.Struct({name: schema[name] for name in names}))).alias(POSSIBLE),
        pl.lit(value=False).alias(UNSURE),
        *(pl.col(name).is_null().alias(EMPTY + name) for name in asked),
    )
    if not repeated.any():
        return single
    differs = [pl.col(name).any() & ~pl.col(name).all() for name in asked]
    ended = pl.any_horizontal(~pl.col(name) for name in asked if name.startswith(ANSWER)).fill_null(value=False)
    merged = (
        table.filter(repeated)
        .group_by(key, maintain_order=True)
        .agg(
            *(_common(name, schema[name]) for name in columns),
            *((pl.col(name).is_null() & ~ended).any().alias(EMPTY + name) for name in asked),
            possible.alias(POSSIBLE),
            pl.any_horizontal(differs).alias(UNSURE),
        )
    )
    return pl.concat([single, merged.select(single.columns)]).sort(key)


def _common(name: str, dtype: pl.DataType) -> pl.Expr:
    """The value that all possible days share; a list never depends on the day."""
    column = pl.col(name)
    if dtype == pl.List:
        return column.first()
    return pl.when(column.n_unique() == 1).then(column.first()).alias(name)
