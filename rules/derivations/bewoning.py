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


def stays_of(asked: pl.DataFrame, bewoning: pl.DataFrame) -> pl.DataFrame:
    """The certain stays of some people in some objects, beside the columns of ``asked`` (the object, ``wie``, …)."""
    # Joined on the object alone and compared after: a join on two texts encodes every row of both frames first.
    return asked.join(bewoning.select(*_PAIR, "valid_from", "valid_until", "zekerheid"), on=OBJECT).filter(
        pl.col("persoon") == pl.col("wie"), pl.col("zekerheid") == "zeker"
    )


def residents_on(bewoning: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """Who is registered where on a date, one row per object and person.

    Returns:
        ``adresseerbaar_object_id``, ``persoon``, ``zeker`` (false too for whoever is certain elsewhere on that day),
        ``tegenstrijdig`` (certain here and certain elsewhere) and ``in_onderzoek``.
    """
    return once_each(
        present_on(bewoning, pl.lit(peildatum)).select(
            *_PAIR, zeker=pl.col("zekerheid") == "zeker", in_onderzoek=pl.col("in_onderzoek").fill_null(value=False)
        )
    )


def count_bewoners(residents: pl.DataFrame, *moment: str) -> pl.DataFrame:
    """Residents per object (and moment); objects without residents are absent.

    Args:
        residents: as ``residents_on`` or ``once_each`` gives.
        moment: columns that tell the moments apart.

    Returns:
        ``adresseerbaar_object_id``, ``bewoners_min``, ``bewoners_max``, ``bewoners_tegenstrijdig`` (certain here and
        certain elsewhere; in the maximum only) and ``bewoners_in_onderzoek``, all Int64.
    """
    return (
        residents.lazy()
        # Grouped by a hash of the id, in a third of the time that a million texts take.
        .group_by(pl.col(OBJECT).hash().alias("waar"), *moment)
        .agg(
            pl.col(OBJECT).first(),
            bewoners_min=pl.col("zeker").sum().cast(pl.Int64),
            bewoners_max=pl.len().cast(pl.Int64),
            bewoners_tegenstrijdig=pl.col("tegenstrijdig").sum().cast(pl.Int64),
            bewoners_in_onderzoek=pl.col("in_onderzoek").sum().cast(pl.Int64),
        )
        .drop("waar")
        # Twice as fast on a million people, and the order of the groups does not matter here.
        .collect(engine="streaming")
    )


def empty_since(bewoning: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """The day on which the last resident left, per object: ``adresseerbaar_object_id``, ``leeg_sinds``."""
    left = bewoning.lazy().filter(pl.col("valid_until") <= pl.lit(peildatum))
    return left.group_by(OBJECT).agg(leeg_sinds=pl.col("valid_until").max()).collect()


def once_each(present: pl.DataFrame, *moment: str) -> pl.DataFrame:
    """One row per object, person and moment, with ``tegenstrijdig``.

    Args:
        present: ``adresseerbaar_object_id``, ``persoon``, ``zeker``, ``in_onderzoek`` and the columns of ``moment``.
        moment: columns that tell the moments apart; one person can be at one object only per moment.
    """
    repeated = _maybe_repeated(present.select("persoon", *moment))
    single = present if repeated is None else present.filter(~repeated)
    single = single.with_columns(tegenstrijdig=pl.lit(value=False))
    if repeated is None:
        return single
    merged = _merge_repeated(present.filter(repeated), moment)
    return pl.concat([single, merged.select(single.columns)])


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
    wanted = objects.unique().to_frame(OBJECT)
    certain = bewoning.lazy().filter(pl.col("zekerheid") == "zeker").select(*_PAIR, "valid_from", "valid_until")
    here = certain.join(wanted.lazy(), on=OBJECT, how="semi").collect()
    # Of someone with overlapping stays, here or elsewhere, the certain stretches have to be found first.
    stays = certain.join(here.lazy().select("persoon").unique(), on="persoon", how="semi").collect()
    doubtful = _with_overlap(stays)
    parts = _certain_parts(stays.join(doubtful, on="persoon", how="semi"), wanted)
    return _accumulate(pl.concat([_steps(here.join(doubtful, on="persoon", how="anti")), _steps(parts)]), wanted)


def _with_overlap(stays: pl.DataFrame) -> pl.DataFrame:
    """The people (``persoon``) of whom two stays overlap."""
    begin, end = pl.col("valid_from").fill_null(date.min), pl.col("valid_until").fill_null(date.max)
    earlier = pl.col("end").cum_max().shift(1).over("persoon")
    return (
        stays.filter(stays.get_column("persoon").is_duplicated())
        .lazy()
        .select("persoon", begin=begin, end=end)
        .sort("persoon", "begin", "end")
        .filter(pl.col("begin") < earlier)
        .select("persoon")
        .unique()
        .collect()
    )


def _certain_parts(rest: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """The stretches in which people with overlapping stays are certain in one object only, for the wanted objects."""
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
        .join(wanted, on=OBJECT, how="semi")
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
