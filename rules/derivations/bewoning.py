"""How many people lived in an object: the certain ones are the minimum, with the possible ones the maximum.

A person with certain stays in two objects on one day lives in at most one of them. Such a stay counts as possible,
and the contradiction is kept apart so that an outcome can name it.
"""

from datetime import date

import polars as pl

from rules.derivations.vaststellingen import OBJECT

_PAIR = [OBJECT, "persoon"]


def present_on(bewoning: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """The rows of ``bewoning`` whose period holds ``day``."""
    return bewoning.filter(
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= day),
        pl.col("valid_until").is_null() | (pl.col("valid_until") > day),
    )


def count_bewoners(bewoning: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """Residents per object on a date; objects without residents are absent.

    Returns:
        ``adresseerbaar_object_id``, ``bewoners_min``, ``bewoners_max``, ``bewoners_tegenstrijdig`` (certain here and
        certain elsewhere; in the maximum only) and ``bewoners_in_onderzoek``, all Int64.
    """
    return count_present(
        present_on(bewoning, pl.lit(peildatum)).select(
            *_PAIR, zeker=pl.col("zekerheid") == "zeker", in_onderzoek=pl.col("in_onderzoek").fill_null(value=False)
        ),
        moment=(),
    )


def count_present(present: pl.DataFrame, *, moment: tuple[str, ...]) -> pl.DataFrame:
    """Residents per object and moment.

    Args:
        present: ``adresseerbaar_object_id``, ``persoon``, ``zeker``, ``in_onderzoek`` and the columns of ``moment``.
        moment: columns that tell the moments apart; one person can be at one object only per moment.
    """
    repeated = _maybe_repeated(present.select("persoon", *moment))
    if repeated is None:
        present = present.with_columns(tegenstrijdig=pl.lit(value=False))
    else:
        single = present.filter(~repeated).with_columns(tegenstrijdig=pl.lit(value=False))
        merged = _merge_repeated(present.filter(repeated), moment)
        present = pl.concat([single, merged.select(single.columns)])
    return (
        present.lazy()
        .group_by(OBJECT, *moment)
        .agg(
            bewoners_min=pl.col("zeker").sum().cast(pl.Int64),
            bewoners_max=pl.len().cast(pl.Int64),
            bewoners_tegenstrijdig=pl.col("tegenstrijdig").sum().cast(pl.Int64),
            bewoners_in_onderzoek=pl.col("in_onderzoek").sum().cast(pl.Int64),
        )
        .collect()
    )


def _maybe_repeated(people: pl.DataFrame) -> pl.Series | None:
    """Which rows may hold a person that stands in another row too; None when surely none does.

    Compares hashes: two people who share one are merely looked at more closely.
    """
    hashes = people.hash_rows() if people.width > 1 else people.to_series().hash()
    # No `diff`: it turns a large unsigned number into null.
    ordered = hashes.sort()
    if not (ordered == ordered.shift(1)).any():
        return None
    return hashes.is_duplicated()


def _merge_repeated(rows: pl.DataFrame, moment: tuple[str, ...]) -> pl.DataFrame:
    """One row per person, object and moment; a stay that contradicts another one is no longer certain."""
    elsewhere = pl.col("zeker").sum().over("persoon", *moment) > 1
    return (
        rows.lazy()
        .group_by(*_PAIR, *moment)
        .agg(pl.col("zeker").any(), pl.col("in_onderzoek").any())
        .with_columns(tegenstrijdig=pl.col("zeker") & elsewhere)
        .with_columns(zeker=pl.col("zeker") & ~pl.col("tegenstrijdig"))
        .collect()
    )


def minimum_over_time(bewoning: pl.DataFrame, objects: pl.Series) -> pl.DataFrame:
    """The minimum number of residents of some objects through time, in segments in which it can change.

    Args:
        bewoning: all stays, of all objects (a stay elsewhere can make one here uncertain).
        objects: the ``adresseerbaar_object_id`` that are asked for.

    Returns:
        ``adresseerbaar_object_id``, ``van`` (null = since always), ``tot`` (null = open), ``bewoners_min``, sorted.
    """
    certain = bewoning.lazy().filter(pl.col("zekerheid") == "zeker").select(*_PAIR, "valid_from", "valid_until")
    wanted = objects.unique().to_frame(OBJECT).lazy()
    here = certain.join(wanted, on=OBJECT, how="semi").collect()
    people = here.lazy().select("persoon").unique()
    # All certain stays of these people; someone with overlapping ones needs a closer look.
    stays = certain.join(people, on="persoon", how="semi").collect()
    alone = _without_overlap(stays)
    steps = pl.concat([_steps(here.join(alone, on="persoon", how="semi")), _steps(_certain_parts(stays, alone, here))])
    return _accumulate(steps, wanted.collect())


def _without_overlap(stays: pl.DataFrame) -> pl.DataFrame:
    """The people (``persoon``) of whom no two stays overlap."""
    begin, end = pl.col("valid_from").fill_null(date.min), pl.col("valid_until").fill_null(date.max)
    return (
        stays.lazy()
        .select("persoon", begin=begin, end=end)
        .sort("persoon", "begin", "end")
        .with_columns(before=pl.col("end").cum_max().shift(1).over("persoon"))
        .group_by("persoon")
        .agg(overlap=(pl.col("begin") < pl.col("before")).any())
        .filter(~pl.col("overlap"))
        .select("persoon")
        .collect()
    )


def _certain_parts(stays: pl.DataFrame, alone: pl.DataFrame, here: pl.DataFrame) -> pl.DataFrame:
    """The stretches in which the people with overlapping stays are certain in one object only."""
    rest = stays.join(alone, on="persoon", how="anti")
    days = pl.concat(
        [
            rest.select("persoon", van=pl.col("valid_from")),
            rest.select("persoon", van=pl.col("valid_until")),
            rest.select("persoon", van=pl.lit(None, dtype=pl.Date)),
        ]
    ).unique()
    parts = days.sort("persoon", "van", nulls_last=False).with_columns(tot=pl.col("van").shift(-1).over("persoon"))
    return (
        parts.join(rest, on="persoon")
        .filter(_holds_first_day())
        .group_by("persoon", "van", "tot")
        .agg(pl.col(OBJECT).unique())
        .filter(pl.col(OBJECT).list.len() == 1)
        .select(pl.col(OBJECT).list.first(), "persoon", valid_from="van", valid_until="tot")
        .join(here.select(OBJECT).unique(), on=OBJECT, how="semi")
    )


def _holds_first_day() -> pl.Expr:
    """The stay of this row holds the first day of the stretch (a null ``van`` lies before every date)."""
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("van")).fill_null(value=False)
    return begun & (pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("van")).fill_null(value=True))


def _steps(stays: pl.DataFrame) -> pl.DataFrame:
    """One more on the first day of a stay, one less on the day after its last; null = before every date."""
    up = stays.select(OBJECT, van="valid_from", step=pl.lit(1, dtype=pl.Int64))
    down = stays.filter(pl.col("valid_until").is_not_null()).select(
        OBJECT, van="valid_until", step=pl.lit(-1, dtype=pl.Int64)
    )
    return pl.concat([up, down])


def _accumulate(steps: pl.DataFrame, objects: pl.DataFrame) -> pl.DataFrame:
    start = objects.select(OBJECT, van=pl.lit(None, dtype=pl.Date), step=pl.lit(0, dtype=pl.Int64))
    return (
        pl.concat([start, steps])
        .lazy()
        .group_by(OBJECT, "van")
        .agg(pl.col("step").sum())
        .sort(OBJECT, "van", nulls_last=False)
        .with_columns(
            tot=pl.col("van").shift(-1).over(OBJECT),
            bewoners_min=pl.col("step").cum_sum().over(OBJECT),
        )
        .select(OBJECT, "van", "tot", "bewoners_min")
        .collect()
    )
