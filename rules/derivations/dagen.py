"""A day that is known as a year or a month only: the days that it may have been, as far as they can differ.

A transfer of "2023" is judged once for every day on which something that a rule looks at may change. Its answer to a
step holds only when it is the same on all of them.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

# From one of these distances to an event on, an answer may be another one.
_OFFSETS = ("0d", "1d", "6mo", "6mo1d", "-12mo", "-12mo1d", "-12mo2d")
_YEARS_BACK = range(1, 11)


def possible_days(
    cases: pl.DataFrame, key: str, events: pl.DataFrame, law_days: Sequence[date], peildatum: date
) -> pl.DataFrame:
    """One row per case and possible day.

    Args:
        cases: ``key``, ``eerste`` and ``laatste`` (first and last possible day; both null = unknown).
        key: the column that names a case.
        events: ``key`` and ``dag``: days on which something happened to the case's dwelling.
        law_days: days on which the law changes.
        peildatum: the day of the question.

    Returns:
        ``key`` and ``dag``; of a case with a known day just that day, of one without any day a null.
    """
    known = pl.col("eerste") == pl.col("laatste")
    single = cases.filter(known | pl.col("eerste").is_null() | pl.col("laatste").is_null())
    vague = cases.filter(~known)
    first = single.select(key, dag=pl.when(known).then("eerste"))
    if vague.is_empty():
        return first
    fixed = pl.DataFrame({"dag": sorted({*law_days, *_around(peildatum)})}, schema={"dag": pl.Date()})
    happened = events.join(vague, on=key, how="semi")
    days = pl.concat(
        [
            vague.select(key, dag="eerste"),
            vague.select(key, dag="laatste"),
            vague.select(key).join(fixed, how="cross"),
            *(happened.select(key, dag=pl.col("dag").dt.offset_by(offset)) for offset in _OFFSETS),
        ]
    )
    within = (
        days.unique()
        .join(vague, on=key)
        .filter(pl.col("dag").is_between(pl.col("eerste"), pl.col("laatste")))
        .select(key, "dag")
    )
    return pl.concat([first, within])


def _around(peildatum: date) -> Iterable[date]:
    """The days that lie a whole number of years before the peildatum, with their neighbours."""
    day = pl.Series([peildatum])
    for years in _YEARS_BACK:
        for days in (-1, 0, 1, 2):
            yield from day.dt.offset_by(f"-{years}y").dt.offset_by(f"{days}d").to_list()
    yield from (day.dt.offset_by(offset).item() for offset in ("0d", "1d"))
