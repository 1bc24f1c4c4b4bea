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
    residents = present_on(bewoning, day).select(OBJECT, "persoon")
    several = residents.filter(pl.col(OBJECT).is_duplicated()).unique().with_row_index("nummer")
    # Joined on hashes of a person and an object together: millions of keys as text would take twice the time.
    homes = several.select("nummer", wie=pl.col("persoon").hash(), waar=pl.col(OBJECT).hash())
    pairs = (
        relaties.lazy()
        .select(
            wie=pl.col("persoon").hash(), ander_wie=pl.col("andere_persoon").hash(), none=pl.col("relatie") == "geen"
        )
        .join(homes.lazy(), on="wie")
        .join(homes.lazy().rename({"nummer": "ander", "wie": "ander_wie"}), on=["ander_wie", "waar"])
        .select("nummer", "ander", "none")
        .collect(engine="streaming")
    )
    strangers = several.join(pairs.filter("none").select("nummer"), on="nummer", how="semi").select(OBJECT).unique()
    known = pairs.filter(~pl.col("none"))
    edges = pl.concat([known.select("nummer", "ander"), known.select(nummer="ander", ander="nummer")]).unique()
    labels = several.select("nummer", label="nummer")
    for _ in range(_STEPS):
        reached = (
            edges.join(labels.rename({"nummer": "ander"}), on="ander").group_by("nummer").agg(pl.col("label").min())
        )
        renewed = labels.join(reached, on="nummer", how="left", suffix="_ander", maintain_order="left").select(
            "nummer", label=pl.min_horizontal("label", "label_ander")
        )
        if renewed.equals(labels):
            break
        labels = renewed
    return (
        several.join(labels, on="nummer")
        .group_by(OBJECT)
        .agg(verbonden=pl.col("label").min() == pl.col("label").max())
        .join(strangers.with_columns(vreemd=pl.lit(value=True)), on=OBJECT, how="left")
        .with_columns(pl.col("vreemd").fill_null(value=False))
    )
