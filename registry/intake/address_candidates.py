"""What a person gets to choose from when an address was not linked."""

import polars as pl

from registry.intake import address_hits
from registry.store.queries.adressen import adresregel

MAX_KANDIDATEN = 10


def list_candidates(
    verdicts: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame, hits: pl.DataFrame
) -> pl.DataFrame:
    """Up to ``MAX_KANDIDATEN`` texts per row that is not linked: what it hit, else what stands at its huisnummer."""
    undecided = verdicts.filter(pl.col("status") != "gekoppeld").select("row_nr", "op")
    hit = hits.join(undecided, on="row_nr").select(
        "row_nr", "form", pl.col("usable").not_().cast(pl.Int8).alias("far"), pl.col("now").not_().alias("past")
    )
    near = address_hits.find_neighbours(readings.join(undecided.select("row_nr"), on="row_nr", how="semi"), forms)
    near = near.join(hit.select("row_nr").unique(), on="row_nr", how="anti")
    lines = forms.select("form", "huisnummer", "suffix_key", pl.col("adresseerbaar_object_id").alias("object"), _line())
    return (
        pl.concat([hit, near])
        .join(lines, on="form")
        .sort("row_nr", "past", "far", "huisnummer", "suffix_key", "object", "form")
        .unique(["row_nr", "object"], keep="first", maintain_order=True)
        .group_by("row_nr", maintain_order=True)
        .agg(pl.col("line").head(MAX_KANDIDATEN).alias("kandidaten"))
    )


def _line() -> pl.Expr:
    until = pl.col("valid_until").dt.to_string("%d-%m-%Y")
    period = pl.when(until.is_not_null()).then(pl.lit(", tot ") + until).otherwise(pl.lit(""))
    postcode = pl.col("postcode").str.slice(0, 4) + " " + pl.col("postcode").str.slice(4) + " "
    return pl.concat_str(
        pl.col("adresseerbaar_object_id"),
        pl.lit(": "),
        adresregel(),
        pl.lit(", "),
        postcode.fill_null(""),
        pl.col("woonplaats").fill_null("(woonplaats onbekend)"),
        pl.lit(" ("),
        pl.col("object_status").fill_null("status onbekend"),
        period,
        pl.lit(")"),
    ).alias("line")
