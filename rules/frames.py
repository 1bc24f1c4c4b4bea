"""The record frames of ownership: who transferred what to whom, who holds which right, and what kind of person it is.

The registry's queries and the scenario reader both give exactly these. Periods are half-open; null is open. ``persoon``
keys are opaque and one key space with ``BEWONING``: the pseudonym of the persoonslijst where a rechthebbende is known
in the BRP, else the key of the rechthebbende.
"""

import polars as pl

OVERDRACHTEN = pl.Schema(
    {
        "overdracht": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "inschrijving_eerste": pl.Date(),  # inclusive; equal to the last when the day is known; both null = unknown
        "inschrijving_laatste": pl.Date(),
        "inschrijving": pl.String(),  # as known: 2023, 2023-05, 2023-05-02
        "aard": pl.String(),  # levering | vererving | verdeling | correctie; null = unknown
        "verkrijgers": pl.List(pl.String()),  # persoon keys
        "koopovereenkomst": pl.Date(),
        # vrij | gebruikt_korter_dan_6_maanden | gebruikt_6_maanden_of_langer | verhuurd_met_vergunning; null = unknown
        "staat": pl.String(),
    }
)
PERSONEN = pl.Schema(
    {
        "persoon": pl.String(),
        "type": pl.String(),  # natuurlijk_persoon | rechtspersoon
        "rsin": pl.String(),
        "kvk": pl.String(),
        "corporatie": pl.Boolean(),  # null = no list of corporaties was imported
        "vve": pl.Boolean(),
    }
)
EIGENDOM = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "persoon": pl.String(),
        # eigenaar | erfpachter | opstalhouder | erfpachter_opstalhouder | gebruik_bewoning | vruchtgebruiker | overig
        "aard_recht": pl.String(),
        "aandeel": pl.Float64(),  # 0..1; null = unknown
        "valid_from_eerste": pl.Date(),
        "valid_from_laatste": pl.Date(),
        "valid_until_eerste": pl.Date(),
        "valid_until_laatste": pl.Date(),
    }
)
