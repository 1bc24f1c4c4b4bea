"""Was a dwelling free, used or let on the day of a transfer? (article 41 lid 2 onder b Huisvestingswet 2014)."""

import polars as pl

from rules.derivations.eigenaren import CASE
from rules.derivations.vaststellingen import OBJECT

FREE, SHORT = "vrij", "gebruikt_korter_dan_6_maanden"
LONG, PERMITTED = "gebruikt_6_maanden_of_langer", "verhuurd_met_vergunning"
_WORLD = [CASE, "dag"]
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
    """The state on each day, from who was registered there: ``overdracht_id``, ``dag``, ``staat``.

    A seller who still lives there, with those who leave together with the seller or are proven family, does not make
    the dwelling let or used by another. Who else lives with a seller may be family: then a long stay is unknown.

    Args:
        moments: ``overdracht_id``, ``adresseerbaar_object_id``, ``dag`` (no nulls).
        stays: bewoning at those objects.
        sellers: owners just before: ``overdracht_id``, ``dag``, ``persoon``.
        buyers: who acquired: ``overdracht_id``, ``persoon``.
        related: proven relations: ``persoon``, ``andere_persoon``.
        permitted: the days on which the seller's permit to let was in force (``overdracht_id``, ``dag``); None when
            permits were never imported.
    """
    there = moments.join(stays, on=OBJECT).filter(
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("dag")),
        pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("dag")),
    )
    selling = moments.join(stays, on=OBJECT).join(sellers, on=[*_WORLD, "persoon"], how="semi")
    with_seller = selling.filter(pl.col("valid_until").is_null() | (pl.col("valid_until") >= pl.col("dag")))
    users = there.join(sellers, on=[*_WORLD, "persoon"], how="anti")
    users = users.join(_household(users, with_seller, related), on=[*_WORLD, "persoon"], how="anti")
    doubtful = with_seller.select(_WORLD).unique().with_columns(met_verkoper=pl.lit(value=True))
    users = users.join(doubtful, on=_WORLD, how="left").join(
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
    counted = users.group_by(_WORLD).agg(sure_long=(lang & sure).any(), maybe_long=lang.any())
    table = moments.select(_WORLD).join(counted, on=_WORLD, how="left")
    permit = pl.lit(None, dtype=pl.Boolean)
    if permitted is not None:
        table = table.join(permitted.with_columns(permit=pl.lit(value=True)), on=_WORLD, how="left")
        permit = pl.col("permit").fill_null(value=False)
    return table.select(
        *_WORLD,
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
        with_seller.select(*_WORLD, "valid_until").unique(), on=[*_WORLD, "valid_until"], how="semi"
    )
    pairs = with_seller.select(*_WORLD, verkoper="persoon").join(
        related.rename({"persoon": "verkoper", "andere_persoon": "persoon"}), on="verkoper"
    )
    columns = [*_WORLD, "persoon"]
    return pl.concat([together.select(columns), pairs.select(columns)]).unique()
