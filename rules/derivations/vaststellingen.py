"""What people established (vaststellingen): the values in force on a date, per object and fact."""

from datetime import date

import polars as pl

OBJECT = "adresseerbaar_object_id"


def established(vaststellingen: pl.DataFrame, feit: str, peildatum: date) -> pl.DataFrame:
    """The value of one fact per object on a date: columns ``adresseerbaar_object_id``, ``waarde``.

    The newest vaststelling counts. Two that begin on the same day and differ contradict each other: then ``waarde``
    is null, and the fact is unknown whatever else is derived.
    """
    day = pl.lit(peildatum)
    return (
        vaststellingen.lazy()
        .filter(
            pl.col("feit") == feit,
            pl.col("valid_from").is_null() | (pl.col("valid_from") <= day),
            pl.col("valid_until").is_null() | (pl.col("valid_until") > day),
        )
        .with_columns(pl.col("valid_from").fill_null(date.min))
        .filter(pl.col("valid_from") == pl.col("valid_from").max().over(OBJECT))
        .group_by(OBJECT)
        .agg(pl.col("waarde").str.strip_chars().str.to_lowercase().unique())
        .select(OBJECT, waarde=pl.when(pl.col("waarde").list.len() == 1).then(pl.col("waarde").list.first()))
        .collect()
    )


def established_flag(vaststellingen: pl.DataFrame, feit: str, peildatum: date, name: str) -> pl.DataFrame:
    """``established`` for a yes-or-no fact: columns ``adresseerbaar_object_id``, ``name`` (Boolean), ``name_vast``."""
    answer = pl.col("waarde")
    return established(vaststellingen, feit, peildatum).select(
        OBJECT,
        pl.when(answer == "ja").then(pl.lit(value=True)).when(answer == "nee").then(pl.lit(value=False)).alias(name),
        pl.lit(value=True).alias(f"{name}_vast"),
    )


def established_number(vaststellingen: pl.DataFrame, feit: str, peildatum: date, name: str) -> pl.DataFrame:
    """``established`` for a number above zero (decimal point or comma), in the columns of ``established_flag``."""
    number = pl.col("waarde").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return established(vaststellingen, feit, peildatum).select(
        OBJECT,
        pl.when(number > 0).then(number).alias(name),
        pl.lit(value=True).alias(f"{name}_vast"),
    )


def established_between(vaststellingen: pl.DataFrame, feit: str, moments: pl.DataFrame) -> pl.DataFrame:
    """The value of one fact per object on each of several days: the object, ``dag``, ``waarde``, ``vast``.

    Args:
        vaststellingen: all of them.
        feit: the fact.
        moments: ``adresseerbaar_object_id`` and ``dag``.
    """
    rows = vaststellingen.filter(pl.col("feit") == feit).select(OBJECT, "waarde", "valid_from", "valid_until")
    return (
        moments.select(OBJECT, "dag")
        .unique()
        .join(rows, on=OBJECT)
        .filter(
            pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("dag")),
            pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("dag")),
        )
        .with_columns(pl.col("valid_from").fill_null(date.min))
        .filter(pl.col("valid_from") == pl.col("valid_from").max().over(OBJECT, "dag"))
        .group_by(OBJECT, "dag")
        .agg(pl.col("waarde").str.strip_chars().str.to_lowercase().unique())
        .select(
            OBJECT,
            "dag",
            waarde=pl.when(pl.col("waarde").list.len() == 1).then(pl.col("waarde").list.first()),
            vast=pl.lit(value=True),
        )
    )
