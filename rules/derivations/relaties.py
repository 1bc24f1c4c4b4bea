"""What follows from parents, partners and children: family to the second degree (Burgerlijk Wetboek 1:3).

Only what is proved comes out: brothers and sisters share a proven parent, a grandparent is a proven parent of one.
Relatives of a partner count in the degree in which they are related to the partner (BW 1:3 lid 2), while the marriage
or registered partnership lasts; what remains of it afterwards (lid 3) is left unknown. Other couples are invisible in
the BRP: absence of a row never means that two people are no family.
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
    """Every proven relation to the second degree, in both directions.

    Args:
        proven: persoon, andere, relatie: on the peildatum ``andere`` is the ouder, partner or kind of ``persoon``.

    Returns:
        The columns of ``rules.facts.RELATIES``: ``andere_persoon`` is the ``relatie`` of ``persoon``. Sorted, each
        combination once.
    """
    by_child = _pairs(proven.filter(relatie="ouder"), one="andere", other="persoon")
    by_parent = _pairs(proven.filter(relatie="kind"), one="persoon", other="andere")
    children = pl.concat([by_child, by_parent]).unique()
    married = _pairs(proven.filter(relatie="partner"), one="persoon", other="andere")
    partners = pl.concat([married, _turned(married)]).unique()
    blood = _both_ways(
        [
            _named(children, "kind"),
            _named(_through(children, children), "kleinkind"),
            _named(_through(_turned(children), children), "broer_zus"),
        ]
    )
    # A relative of someone's partner: through the partner, and so in both directions.
    in_law = partners.rename({"andere": "partner"}).join(
        blood.rename({"persoon": "partner", "andere": "verwant"}), on="partner"
    )
    by_marriage = in_law.select("persoon", andere="verwant", relatie="relatie")
    found = pl.concat([blood, _named(partners, "partner"), *_and_inverse(by_marriage)])
    return (
        found.filter(pl.col("persoon") != pl.col("andere"))
        .rename({"andere": "andere_persoon"})
        .unique()
        .sort("persoon", "andere_persoon", "relatie")
    )


def _pairs(rows: pl.DataFrame, *, one: str, other: str) -> pl.DataFrame:
    return rows.select(persoon=one, andere=other)


def _turned(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.select(persoon="andere", andere="persoon")


def _through(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Pairs of people with someone between them: the end of ``first`` is the start of ``second``."""
    joined = first.join(second.select(andere="persoon", verder="andere"), on="andere")
    return joined.select("persoon", andere="verder").unique()


def _named(pairs: pl.DataFrame, relatie: str) -> pl.DataFrame:
    return pairs.with_columns(relatie=pl.lit(relatie))


def _and_inverse(rows: pl.DataFrame) -> list[pl.DataFrame]:
    inverse = _turned(rows).with_columns(relatie=rows["relatie"].replace_strict(_INVERSE, return_dtype=pl.String))
    return [rows, inverse]


def _both_ways(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([row for part in parts for row in _and_inverse(part)]).unique()
