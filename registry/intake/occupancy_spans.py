"""Spans of days per person and adresseerbaar object: without overlap, and merged where nothing changes.

A frame of spans has ``persoonslijst``, ``adresseerbaar_object_id``, ``from`` and ``until`` (day numbers, half-open),
``zeker``, ``in_onderzoek`` and ``volgnummer``, sorted on the first four.
"""

from typing import Final

import polars as pl

WHO_WHERE: Final = ("persoonslijst", "adresseerbaar_object_id")


def _same_place() -> pl.Expr:
    person, place = (pl.col(column) for column in WHO_WHERE)
    return (person == person.shift()) & (place == place.shift())


def cut_overlap(pieces: pl.DataFrame) -> pl.DataFrame:
    """Pieces of one person at one object that overlap, cut at each other's bounds; the strongest stays.

    Certain wins from possible. Between equals the flag ``in_onderzoek`` is kept if one has it, and the most recent
    verblijf is named.
    """
    overlapping = (
        pieces.filter((_same_place() & (pl.col("from") < pl.col("until").shift())).fill_null(value=False))
        .select(WHO_WHERE)
        .unique()
    )
    if overlapping.is_empty():
        return pieces
    tangled = pieces.join(overlapping, on=WHO_WHERE, how="semi")
    cuts = pl.concat(tangled.select(*WHO_WHERE, pl.col(bound).alias("cut")) for bound in ("from", "until"))
    cuts = cuts.unique().sort(*WHO_WHERE, "cut")
    spans = cuts.with_columns(pl.col("cut").shift(-1).over(WHO_WHERE).alias("next")).drop_nulls("next")
    strongest = pl.col("zeker") == pl.col("zeker").max()
    untangled = (
        spans.join(tangled, on=WHO_WHERE)
        .filter((pl.col("from") <= pl.col("cut")) & (pl.col("until") >= pl.col("next")))
        .group_by(*WHO_WHERE, "cut", "next")
        .agg(
            pl.col("zeker").max(),
            pl.col("in_onderzoek").filter(strongest).max(),
            pl.col("volgnummer").filter(strongest).min(),
        )
        .rename({"cut": "from", "next": "until"})
        .select(pieces.columns)
    )
    rest = pieces.join(overlapping, on=WHO_WHERE, how="anti")
    return pl.concat([rest, untangled]).sort(*WHO_WHERE, "from")


def merge_neighbours(pieces: pl.DataFrame) -> pl.DataFrame:
    """Neighbours without a gap and with the same answer as one piece."""
    joins = _same_place() & (pl.col("from") == pl.col("until").shift())
    for column in ("zeker", "in_onderzoek"):
        joins = joins & (pl.col(column) == pl.col(column).shift())
    return (
        pieces.with_columns((~joins.fill_null(value=False)).cum_sum().alias("stretch"))
        .group_by("stretch", maintain_order=True)
        .agg(
            pl.col(*WHO_WHERE, "from", "zeker", "in_onderzoek").first(),
            pl.col("until").last(),
            pl.col("volgnummer").min(),
        )
        .sort(*WHO_WHERE, "from")
    )
