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
    # Most people stand in exactly one row; only the others need the costly look at who is where.
    repeated = (
        present.select(pl.struct("persoon", *moment) if moment else pl.col("persoon")).to_series().is_duplicated()
    )
    if repeated.any():
        present = pl.concat(
            [
                present.filter(~repeated).with_columns(tegenstrijdig=pl.lit(value=False)),
                _merge_repeated(present.filter(repeated), moment),
            ],
            how="diagonal",
        )
    else:
        present = present.with_columns(tegenstrijdig=pl.lit(value=False))
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
        ``adresseerbaar_object_id``, ``van`` (null = since always), ``tot`` (null = open), ``bewoners_min``.
    """
    here = bewoning.filter(pl.col(OBJECT).is_in(objects.implode()), pl.col("zekerheid") == "zeker")
    people = bewoning.filter(
        pl.col("persoon").is_in(here.get_column("persoon").unique().implode()), pl.col("zekerheid") == "zeker"
    ).select(*_PAIR, "valid_from", "valid_until")
    bounds = (
        here.select(OBJECT, "persoon")
        .unique()
        .join(people.select("persoon", "valid_from", "valid_until"), on="persoon")
    )
    segments = _segments(bounds)
    inside = _within("van")
    stays = segments.join(here.select(*_PAIR, "valid_from", "valid_until"), on=OBJECT).filter(inside)
    stays = stays.unique([*_PAIR, "van"])
    other = people.rename({OBJECT: "elders"})
    contradicted = (
        stays.select(*_PAIR, "van")
        .join(other, on="persoon")
        .filter(inside, pl.col("elders") != pl.col(OBJECT))
        .select(*_PAIR, "van")
        .unique()
    )
    counted = (
        stays.join(contradicted, on=[*_PAIR, "van"], how="anti", nulls_equal=True)
        .group_by(OBJECT, "van")
        .agg(bewoners_min=pl.len().cast(pl.Int64))
    )
    return (
        segments.join(counted, on=[OBJECT, "van"], how="left", nulls_equal=True)
        .with_columns(pl.col("bewoners_min").fill_null(0))
        .sort(OBJECT, "van", nulls_last=False)
    )


def _within(day: str) -> pl.Expr:
    """The stay of this row holds the first day of the segment (a null day lies before every date)."""
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col(day)).fill_null(value=False)
    return begun & (pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col(day)).fill_null(value=True))


def _segments(bounds: pl.DataFrame) -> pl.DataFrame:
    """Per object the stretches between all days on which a stay begins or ends, open on both sides."""
    days = pl.concat(
        [
            bounds.select(OBJECT, van=pl.col("valid_from")),
            bounds.select(OBJECT, van=pl.col("valid_until")),
            bounds.select(OBJECT, van=pl.lit(None, dtype=pl.Date)),
        ]
    ).unique()
    return days.sort(OBJECT, "van", nulls_last=False).with_columns(tot=pl.col("van").shift(-1).over(OBJECT))
