"""Do the residents of a dwelling form one household, as far as relations prove it?"""

import polars as pl

from rules.derivations.bewoning import present_on
from rules.derivations.vaststellingen import OBJECT

# Relations reach everyone in a family within a few steps; a longer chain stays unproven, which is never a signal.
_STEPS = 4


def proven_households(bewoning: pl.DataFrame, relaties: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """Per object with more than one (certain or possible) resident what relations prove of them.

    Returns:
        ``adresseerbaar_object_id``, ``verbonden``: everyone is connected with everyone by proven relations;
        ``vreemd``: of two residents it is established that no relation exists.
    """
    residents = present_on(bewoning, day).select(OBJECT, "persoon").unique()
    several = residents.filter(pl.col(OBJECT).is_duplicated()).with_row_index("nummer")
    ends = several.select(OBJECT, "nummer", "persoon")
    pairs = (
        relaties.lazy()
        .join(ends.lazy(), on="persoon")
        .join(ends.lazy().rename({"persoon": "andere_persoon", "nummer": "ander"}), on=[OBJECT, "andere_persoon"])
        .select(OBJECT, "nummer", "ander", none=pl.col("relatie") == "geen")
        .collect()
    )
    strangers = pairs.filter("none").select(OBJECT).unique().with_columns(vreemd=pl.lit(value=True))
    known = pairs.filter(~pl.col("none"))
    edges = pl.concat([known.select("nummer", "ander"), known.select(nummer="ander", ander="nummer")]).unique()
    labels = several.select("nummer", label=pl.col("nummer"))
    for _ in range(_STEPS):
        reached = (
            edges.join(labels.rename({"nummer": "ander"}), on="ander").group_by("nummer").agg(pl.col("label").min())
        )
        labels = labels.join(reached, on="nummer", how="left", suffix="_ander").select(
            "nummer", label=pl.min_horizontal("label", "label_ander")
        )
    return (
        several.join(labels, on="nummer")
        .group_by(OBJECT)
        .agg(verbonden=pl.col("label").n_unique() == 1)
        .join(strangers, on=OBJECT, how="left")
        .with_columns(pl.col("vreemd").fill_null(value=False))
    )
