"""Who is registered where on a day: each person with whether that is certain."""

import polars as pl

from rules.derivations.bewoning import present_on
from rules.derivations.vaststellingen import OBJECT


def present_people(bewoning: pl.DataFrame, day: pl.Expr, objects: pl.Series) -> pl.DataFrame:
    """The people registered at some objects on a day: the object, ``persoon``, ``zeker``, ``tegenstrijdig``.

    Someone who is certain here and certain elsewhere on the same day contradicts himself, and is not certain.
    """
    present = present_on(bewoning, day).select(OBJECT, "persoon", zeker=pl.col("zekerheid") == "zeker")
    here = present.join(objects.unique().to_frame(OBJECT), on=OBJECT, how="semi")
    people = here.select("persoon").unique()
    certain = present.filter("zeker").join(people, on="persoon", how="semi").unique([OBJECT, "persoon"])
    doubtful = certain.filter(pl.col("persoon").is_duplicated()).select("persoon").unique()
    counted = here.group_by(OBJECT, "persoon").agg(pl.col("zeker").any())
    twice = pl.col("zeker") & pl.col("persoon").is_in(doubtful.get_column("persoon").implode())
    return counted.with_columns(zeker=pl.col("zeker") & ~twice, tegenstrijdig=twice)
