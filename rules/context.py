"""What helps a person to assess a stored outcome, and never decides one: children, comings and goings."""

from datetime import date
from types import MappingProxyType

import polars as pl

from rules.derivations.bewoning import present_on
from rules.derivations.vaststellingen import OBJECT
from rules.facts import RecordFrames

CONTEXT = MappingProxyType(
    {
        "minderjarigen": "minderjarige bewoners",
        "leeftijd_onbekend": "bewoners van wie de leeftijd niet vaststaat",
        "verloop_12": "in twaalf maanden gekomen of vertrokken",
        "verloop_24": "in 24 maanden gekomen of vertrokken",
    }
)
_MAJORITY_YEARS = 18


def describe_objects(frames: RecordFrames, objects: pl.Series) -> pl.DataFrame:
    """The columns of ``CONTEXT`` for some objects on the peildatum (null where the BRP was never imported).

    Args:
        frames: what is known.
        objects: the ``adresseerbaar_object_id`` that are asked for.
    """
    wanted = objects.unique().to_frame(OBJECT)
    if "brp" not in frames.bronnen:
        return wanted.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in CONTEXT)
    stays = frames.bewoning.join(wanted, on=OBJECT, how="semi")
    parts = [_ages(stays, frames.peildatum)]
    parts += [_turnover(stays, frames.peildatum, months).rename({"n": f"verloop_{months}"}) for months in (12, 24)]
    for part in parts:
        wanted = wanted.join(part, on=OBJECT, how="left")
    return wanted.with_columns(pl.col(*CONTEXT).fill_null(0))


def _ages(stays: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """Residents under eighteen; an incomplete date of birth counts only where every possible day agrees."""
    written = pl.col("geboortedatum")
    born = pl.when(~written.str.starts_with("0000")).then(written)
    first = born.str.replace(r"0000$", "0101").str.replace(r"00$", "01").str.to_date("%Y%m%d", strict=False)
    last = (
        pl.when(born.str.ends_with("0000"))
        .then(first.dt.offset_by("1y").dt.offset_by("-1d"))
        .when(born.str.ends_with("00"))
        .then(first.dt.month_end())
        .otherwise(first)
    )
    limit = pl.lit(peildatum).dt.offset_by(f"-{_MAJORITY_YEARS}y")
    return (
        present_on(stays, pl.lit(peildatum))
        .unique([OBJECT, "persoon"])
        .select(OBJECT, young=first > limit, grown=last <= limit)
        .group_by(OBJECT)
        .agg(
            minderjarigen=pl.col("young").fill_null(value=False).sum().cast(pl.Int64),
            leeftijd_onbekend=(~(pl.col("young") | pl.col("grown")).fill_null(value=False)).sum().cast(pl.Int64),
        )
    )


def _turnover(stays: pl.DataFrame, peildatum: date, months: int) -> pl.DataFrame:
    """Arrivals and departures of certain residents in the months up to and including the peildatum."""
    since = pl.lit(peildatum).dt.offset_by(f"-{months}mo")
    day = pl.lit(peildatum)

    def lately(column: str) -> pl.Expr:
        moment = pl.col(column)
        return ((moment > since) & (moment <= day)).fill_null(value=False).cast(pl.Int64)

    return (
        stays.filter(pl.col("zekerheid") == "zeker")
        .group_by(OBJECT)
        .agg(n=(lately("valid_from") + lately("valid_until")).sum())
    )
