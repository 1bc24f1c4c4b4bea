"""Was a dwelling free, used or let on the day of a transfer? (article 41 lid 2 onder b Huisvestingswet 2014)."""

import polars as pl

from rules.derivations.eigenaren import CASE, MOMENT
from rules.derivations.vaststellingen import OBJECT

FREE, SHORT = "vrij", "gebruikt_korter_dan_6_maanden"
LONG, PERMITTED = "gebruikt_6_maanden_of_langer", "verhuurd_met_vergunning"
_MONTHS = "6mo"


def derived_state(
    moments: pl.DataFrame,
    stays: pl.DataFrame,
    sellers: pl.DataFrame,
    buyers: pl.DataFrame,
    *,
    related: pl.DataFrame,
    permitted: pl.DataFrame | None,
) -> pl.DataFrame:
    """The state on each day, from who was registered there: ``moment``, ``staat``.

    A seller who still lives there, with those who leave together with the seller or are proven family, does not make
    the dwelling let or used by another. Who else lives with a seller may be family: then a long stay is unknown.

    Args:
        moments: ``moment``, ``overdracht_id``, ``adresseerbaar_object_id``, ``dag`` (no nulls).
        stays: all bewoning.
        sellers: owners just before: ``moment``, ``persoon``.
        buyers: who acquired: ``overdracht_id``, ``persoon``.
        related: proven relations: ``persoon``, ``andere_persoon``.
        permitted: the moments at which the seller's permit to let was in force; None when permits were never imported.
    """
    until, since = pl.col("valid_until"), pl.col("valid_from")
    lived = (
        moments.join(stays.select(OBJECT, "persoon", "valid_from", "valid_until", "zekerheid"), on=OBJECT)
        .filter(until.is_null() | (until >= pl.col("dag")))
        .join(sellers.with_columns(verkoper=pl.lit(value=True)), on=[MOMENT, "persoon"], how="left")
    )
    with_seller = lived.filter("verkoper")
    users = lived.filter(
        pl.col("verkoper").is_null(),
        since.is_null() | (since <= pl.col("dag")),
        until.is_null() | (until > pl.col("dag")),
    )
    users = users.join(_household(users, with_seller, related), on=[MOMENT, "persoon"], how="anti")
    doubtful = with_seller.select(MOMENT).unique().with_columns(met_verkoper=pl.lit(value=True))
    users = users.join(doubtful, on=MOMENT, how="left").join(
        buyers.with_columns(koper=pl.lit(value=True)), on=[CASE, "persoon"], how="left"
    )
    lang = (pl.col("valid_from").is_null() | (pl.col("valid_from").dt.offset_by(_MONTHS) <= pl.col("dag"))).fill_null(
        value=True
    )
    sure = (
        (pl.col("zekerheid") == "zeker")
        & ~pl.col("met_verkoper").fill_null(value=False)
        & ~pl.col("koper").fill_null(value=False)
    )
    counted = users.group_by(MOMENT).agg(sure_long=(lang & sure).any(), maybe_long=lang.any())
    table = moments.select(MOMENT).join(counted, on=MOMENT, how="left")
    permit = pl.lit(None, dtype=pl.Boolean)
    if permitted is not None:
        table = table.join(permitted.with_columns(permit=pl.lit(value=True)), on=MOMENT, how="left")
        permit = pl.col("permit").fill_null(value=False)
    return table.select(
        MOMENT,
        staat=pl.when(pl.col("sure_long"))
        .then(pl.when(permit).then(pl.lit(PERMITTED)).when(~permit).then(pl.lit(LONG)))
        .when(pl.col("maybe_long").is_null())
        .then(pl.lit(FREE))
        .when(~pl.col("maybe_long"))
        .then(pl.lit(SHORT)),
    )


def _household(users: pl.DataFrame, with_seller: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """Who leaves on the same day as a seller, or is proven to be related to one."""
    together = users.filter(pl.col("valid_until").is_not_null()).join(
        with_seller.select(MOMENT, "valid_until").unique(), on=[MOMENT, "valid_until"], how="semi"
    )
    pairs = with_seller.select(MOMENT, verkoper="persoon").join(
        related.rename({"persoon": "verkoper", "andere_persoon": "persoon"}), on="verkoper"
    )
    columns = [MOMENT, "persoon"]
    return pl.concat([together.select(columns), pairs.select(columns)]).unique()
