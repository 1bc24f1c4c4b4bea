"""Who is family of whom, as far as that is proven: blood and marriage in the first and second degree.

Sources: article 41 lid 3 onder a Huisvestingswet 2014; degrees after article 1:3 Burgerlijk Wetboek.
"""

import polars as pl

_INVERSE = {"kind": "ouder", "ouder": "kind", "kleinkind": "grootouder", "grootouder": "kleinkind"}
_FAMILY = ("kind", "ouder", "partner", "broer_zus", "kleinkind", "grootouder")
_PAIR = ["persoon", "andere_persoon"]
# A relation of a relation that is still within the second degree.
_COMPOSED = pl.DataFrame(
    [
        ("kind", "kind"),
        ("ouder", "ouder"),
        ("ouder", "kind"),
        *(("partner", other) for other in _FAMILY if other != "partner"),
        *((one, "partner") for one in _FAMILY if one != "partner"),
    ],
    schema=["relatie", "volgende"],
    orient="row",
)


def relations_of(relaties: pl.DataFrame, people: pl.Series) -> pl.DataFrame:
    """The relations of some people, each read from their side: they are ``persoon``."""
    asked = people.unique().to_frame("persoon")
    theirs = relaties.join(asked, on="persoon", how="semi")
    turned = relaties.join(asked.rename({"persoon": "andere_persoon"}), on="andere_persoon", how="semi").select(
        persoon="andere_persoon", andere_persoon="persoon", relatie=pl.col("relatie").replace(_INVERSE)
    )
    return pl.concat([theirs.select(turned.columns), turned]).unique()


def family_of(relaties: pl.DataFrame, people: pl.Series) -> pl.DataFrame:
    """The pairs ``persoon``, ``andere_persoon`` that are proven family of some people.

    Args:
        relaties: all relations.
        people: the ``persoon`` keys that are asked for.
    """
    own = relations_of(relaties, people).filter(pl.col("relatie").is_in(_FAMILY))
    proven = relations_of(relaties, own.get_column("andere_persoon")).filter(pl.col("relatie").is_in(_FAMILY))
    step = proven.select(andere_persoon="persoon", verder="andere_persoon", volgende="relatie")
    further = (
        own.join(step, on="andere_persoon")
        .join(_COMPOSED, on=["relatie", "volgende"], how="semi")
        .filter(pl.col("verder") != pl.col("persoon"))
        .select("persoon", andere_persoon="verder")
    )
    return pl.concat([own.select(_PAIR), further]).unique()


def strangers_of(relaties: pl.DataFrame, people: pl.Series) -> pl.DataFrame:
    """The pairs of some people of which it is established that no relation exists."""
    return relations_of(relaties.filter(pl.col("relatie") == "geen"), people).select(_PAIR).unique()
