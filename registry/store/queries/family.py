"""What follows from parents, partners and children: blood relations to the second degree (Burgerlijk Wetboek 1:3).

Only what is proved comes out: brothers and sisters share a proven parent, a grandparent is a proven parent of one.
Relatives by marriage follow from these in ``rules.derivations.relaties``. Couples without marriage or registered
partnership are invisible in the BRP: absence of a row never means that two people are no family.
"""

import polars as pl

# What one is to the other decides what the other is to the one.
_INVERSE = {
    "kind": "ouder",
    "ouder": "kind",
    "kleinkind": "grootouder",
    "grootouder": "kleinkind",
    "broer_zus": "broer_zus",
    "partner": "partner",
}


def derive_relaties(proven: pl.DataFrame) -> pl.DataFrame:
    """Partners and blood relations to the second degree, in both directions.

    Args:
        proven: persoon, andere, relatie: on the peildatum ``andere`` is the ouder, partner or kind of ``persoon``.

    Returns:
        persoon, andere_persoon, relatie: ``andere_persoon`` is the ``relatie`` of ``persoon``. Sorted, each
        combination once.
    """
    if proven.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(("persoon", "andere_persoon", "relatie"), pl.String()))
    by_child = proven.filter(relatie="ouder").select(persoon="andere", andere="persoon")
    by_parent = proven.filter(relatie="kind").select("persoon", "andere")
    children = pl.concat([by_child, by_parent]).unique()
    married = proven.filter(relatie="partner").select("persoon", "andere")
    parts = [
        _named(children, "kind"),
        _named(_through(children, children), "kleinkind"),
        _named(_through(_turned(children), children), "broer_zus"),
        _named(married, "partner"),
    ]
    found = pl.concat([rows for part in parts for rows in (part, _inverse(part))])
    return (
        found.filter(pl.col("persoon") != pl.col("andere"))
        .rename({"andere": "andere_persoon"})
        .unique()
        .sort("persoon", "andere_persoon", "relatie")
    )


def _turned(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.select(persoon="andere", andere="persoon")


def _through(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Pairs of people with someone between them: the end of ``first`` is the start of ``second``."""
    joined = first.join(second.select(andere="persoon", verder="andere"), on="andere")
    return joined.select("persoon", andere="verder").unique()


def _named(pairs: pl.DataFrame, relatie: str) -> pl.DataFrame:
    return pairs.with_columns(relatie=pl.lit(relatie))


def _inverse(rows: pl.DataFrame) -> pl.DataFrame:
    turned = rows["relatie"].replace_strict(_INVERSE, return_dtype=pl.String)
    return _turned(rows).with_columns(relatie=turned)
