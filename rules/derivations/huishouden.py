"""Do the residents of a dwelling form one household, as far as relations prove it?"""

import polars as pl

from rules.derivations.vaststellingen import OBJECT

# Relations reach everyone in a family within a few steps; a longer chain stays unproven, which is never a signal.
_STEPS = 4
_NOTHING = pl.DataFrame(schema={OBJECT: pl.String(), "verbonden": pl.Int64(), "vreemd": pl.Boolean()})


def proven_households(residents: pl.DataFrame, relaties: pl.DataFrame) -> pl.DataFrame:
    """What relations prove of the (certain or possible) residents, per object in which two of them have a relation.

    Args:
        residents: as ``residents_on`` gives: one row per object and person.
        relaties: all relations.

    Returns:
        ``adresseerbaar_object_id``; ``verbonden``: how many residents are connected by proven relations, when those
        are one group (else null); ``vreemd``: of two residents it is established that no relation exists.
    """
    if relaties.is_empty() or residents.height < 2:
        return _NOTHING
    people = residents.select(OBJECT, "persoon").with_row_index("nummer")
    # Joined on numbers: first who is related, then whether both live in one object (one key for person and object,
    # of which both parts are compared afterwards).
    homes = people.lazy().select("nummer", wie=pl.col("persoon").hash(), waar=pl.col(OBJECT).hash())
    others = homes.select(ander="nummer", ander_wie="wie", ander_waar="waar", beide=pl.col("wie") ^ pl.col("waar"))
    pairs = (
        relaties.lazy()
        .select(wie=pl.col("persoon").hash(), met=pl.col("andere_persoon").hash(), none=pl.col("relatie") == "geen")
        .join(homes, on="wie")
        .with_columns(beide=pl.col("met") ^ pl.col("waar"))
        .join(others, on="beide")
        .filter(pl.col("met") == pl.col("ander_wie"), pl.col("waar") == pl.col("ander_waar"))
        .select("nummer", "ander", "none")
        .collect()
    )
    home = people.select("nummer", OBJECT)
    strangers = pairs.filter("none").join(home, on="nummer").select(OBJECT, vreemd=pl.lit(value=True)).unique()
    related = (
        _groups(pairs.filter(~pl.col("none")))
        .join(home, on="nummer")
        .group_by(OBJECT)
        .agg(verbonden=pl.when(pl.col("label").n_unique() == 1).then(pl.len().cast(pl.Int64)))
    )
    return related.join(strangers, on=OBJECT, how="full", coalesce=True).with_columns(
        pl.col("vreemd").fill_null(value=False)
    )


def _groups(pairs: pl.DataFrame) -> pl.DataFrame:
    """``nummer`` and ``label`` of everyone who is connected with somebody: the same label, the same group."""
    edges = pl.concat([pairs.select("nummer", "ander"), pairs.select(nummer="ander", ander="nummer")]).unique()
    labels = edges.select("nummer", label="nummer").unique()
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
    return labels
