"""Holds the bewoning that the Bewoning API delivered against the one that is derived from the BRP here.

Both are kept. Where they differ on a day, a person has to look: a delivery may be older, or a rule may be wrong.
"""

import polars as pl

from importers.issues import ISSUE, Level
from registry.store.engine import ReadConnection
from registry.store.queries.bewoning import holds_people, read_delivered, read_derived

_OBJECT = "adresseerbaar_object_id"
_BEWONING = [_OBJECT, "valid_from", "valid_until"]
_MANY = 100  # indicatieVeelBewoners stands for more than this
_COUNTS = ("geleverd_zeker", "geleverd_mogelijk", "afgeleid_zeker", "afgeleid_mogelijk", "alleen_geleverd",
           "alleen_afgeleid", "andere_zekerheid")  # fmt: skip


def find_differences(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """The delivered bewoningen with which the derived one disagrees, each on the first day of it.

    Returns:
        adresseerbaar_object_id, valid_from, valid_until, op (that day), veel_bewoners, and the numbers of persons
        of ``_COUNTS``. Empty when no BRP was imported: nothing can disagree with it.
    """
    periods, people = read_delivered(connection, known=known)
    if not holds_people(connection, known=known):
        periods, people = periods.clear(), people.clear()
    return compare(periods, people, read_derived(connection, known=known, objects=periods[_OBJECT]))


def compare(periods: pl.DataFrame, people: pl.DataFrame, derived: pl.DataFrame) -> pl.DataFrame:
    """As ``find_differences``, from the frames of ``registry.store.queries.bewoning``.

    Args:
        periods: the delivered bewoningen.
        people: who they name.
        derived: the derived stays of the same objects.
    """
    days = _days(periods, derived)
    here = days.join(derived.rename({"valid_from": "_from", "valid_until": "_until"}), on=_OBJECT).filter(
        (pl.col("_from") <= pl.col("op")) & (pl.col("_until").is_null() | (pl.col("_until") > pl.col("op")))
    )
    case = [*_BEWONING, "op"]
    ours = here.group_by(*case, "persoon").agg(afgeleid=(pl.col("zekerheid") == "zeker").any())
    theirs = (
        days.join(people, on=_BEWONING).group_by(*case, "persoon").agg(geleverd=(pl.col("zekerheid") == "zeker").any())
    )
    both = theirs.join(ours, on=[*case, "persoon"], how="full", coalesce=True)
    delivered, own = pl.col("geleverd"), pl.col("afgeleid")
    counted = both.group_by(case).agg(
        geleverd_zeker=delivered.sum(),
        geleverd_mogelijk=(~delivered).sum(),
        afgeleid_zeker=own.sum(),
        afgeleid_mogelijk=(~own).sum(),
        alleen_geleverd=own.is_null().sum(),
        alleen_afgeleid=delivered.is_null().sum(),
        andere_zekerheid=(delivered != own).sum(),
    )
    judged = days.join(counted, on=case, how="left").with_columns(pl.col(_COUNTS).fill_null(0).cast(pl.Int64))
    unlike = pl.sum_horizontal("alleen_geleverd", "alleen_afgeleid", "andere_zekerheid") > 0
    few = pl.col("afgeleid_zeker") + pl.col("afgeleid_mogelijk") <= _MANY
    differs = pl.when(pl.col("veel_bewoners")).then(few).otherwise(unlike)
    first = judged.filter(differs).sort(*case).unique(_BEWONING, keep="first", maintain_order=True)
    return first.select(*_BEWONING, "op", "veel_bewoners", *_COUNTS)


def _days(periods: pl.DataFrame, derived: pl.DataFrame) -> pl.DataFrame:
    """The days of each delivered bewoning on which the derived one may be another than the day before."""
    starts = derived.select(_OBJECT, op="valid_from")
    ends = derived.select(_OBJECT, op="valid_until").drop_nulls()
    changes = pl.concat([starts, ends]).unique()
    shape = [*_BEWONING, "veel_bewoners"]
    inside = periods.join(changes, on=_OBJECT).filter(
        (pl.col("op") > pl.col("valid_from")) & (pl.col("op") < pl.col("valid_until"))
    )
    return pl.concat([periods.select(*shape, op="valid_from"), inside.select(*shape, "op")]).unique()


def difference_issues(differences: pl.DataFrame) -> pl.DataFrame:
    """The differences as warnings of an import (schema ``ISSUE``)."""
    many = pl.lit("meer dan honderd bewoners")
    delivered = (
        pl.when(pl.col("veel_bewoners"))
        .then(many)
        .otherwise(pl.format("{} zekere en {} mogelijke bewoners", "geleverd_zeker", "geleverd_mogelijk"))
    )
    day = pl.col("op").dt.to_string("%d-%m-%Y")
    text = pl.format(
        "{}: op {} noemt de Bewoning API {}; uit de BRP volgen er {} en {}. Beide zijn bewaard.",
        _OBJECT, day, delivered, "afgeleid_zeker", "afgeleid_mogelijk",
    )  # fmt: skip
    return differences.select(
        level=pl.lit(Level.WAARSCHUWING.value),
        code=pl.lit("bewoning_verschilt"),
        text=text,
        source_file=pl.lit(None, pl.String),
        source_row=pl.lit(None, pl.Int64),
        column=pl.lit(None, pl.String),
        original=pl.lit(None, pl.String),
        row=pl.lit(None, pl.String),
    ).cast(ISSUE)
