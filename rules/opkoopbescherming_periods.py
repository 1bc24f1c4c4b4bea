"""When a protected dwelling was given in use, within the term of its transfer.

An ended term ends the prohibition, not what happened before: the period is kept for a case that only the term ended.
"""

from datetime import date

import polars as pl

from rules.derivations.eigenaren import CASE, owners_after
from rules.derivations.vaststellingen import OBJECT
from rules.derivations.vergunningen import permits_of
from rules.frames import RecordFrames

_DAY = "inschrijving_dag"


def periods(asked: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """The stretch of days around the peildatum, or the last one before it, of certain use by others.

    Within the term (and before the next delivery), while no owner was registered and no permit was in force.

    Returns:
        ``overdracht_id``, ``periode_van``, ``periode_tot`` (null = goes on).
    """
    known = asked.filter(pl.col(_DAY).is_not_null(), pl.col("tot").is_not_null())
    term = known.select(
        CASE,
        OBJECT,
        "peildatum",
        begin=_DAY,
        end=pl.min_horizontal("tot", pl.col("opgevolgd_op").fill_null(date.max)),
    )
    cases = frames.overdrachten.rename({"overdracht": CASE, "inschrijving_eerste": "eerste"})
    owners = owners_after(cases.join(term, on=CASE, how="semi"), frames.eigendom, frames.peildatum)
    steps = pl.concat([_stays(term, owners, frames.bewoning), _permitted(term, frames.vergunningen)])
    segments = _segments(term, steps)
    stretches = segments.group_by(CASE, "stuk", maintain_order=True).agg(pl.col("dag").first(), pl.col("tot").last())
    return (
        stretches.join(term, on=CASE)
        .filter(pl.col("dag") <= pl.col("peildatum"))
        .sort(CASE, "dag")
        .unique(CASE, keep="last", maintain_order=True)
        .select(
            CASE,
            periode_van="dag",
            # Within the term the use goes on until something ends it; the term itself ends it in the end.
            periode_tot=pl.when(pl.col("tot").is_not_null())
            .then("tot")
            .when(pl.col("end") <= pl.col("peildatum"))
            .then("end"),
        )
    )


def _segments(term: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """The segments of each term in which others lived there and nothing stood in the way."""
    return (
        pl.concat([term.select(CASE, dag="begin", gebruik=pl.lit(0), beletsel=pl.lit(0)), steps])
        .group_by(CASE, "dag")
        .agg(pl.col("gebruik", "beletsel").sum())
        .sort(CASE, "dag")
        .with_columns(
            tot=pl.col("dag").shift(-1).over(CASE),
            gebruik=pl.col("gebruik").cum_sum().over(CASE),
            beletsel=pl.col("beletsel").cum_sum().over(CASE),
        )
        .with_columns(breuk=(pl.col("gebruik") > 0) & (pl.col("beletsel") == 0))
        .with_columns(stuk=pl.col("breuk").rle_id().over(CASE))
        .filter("breuk")
    )


def _stays(term: pl.DataFrame, owners: pl.DataFrame, bewoning: pl.DataFrame) -> pl.DataFrame:
    """Plus one use for each stay of another, plus one obstacle for each of an owner."""
    stays = term.join(bewoning.filter(pl.col("zekerheid") == "zeker"), on=OBJECT).join(
        owners.with_columns(eigenaar=pl.lit(value=True)), on=[CASE, "persoon"], how="left"
    )
    owner = pl.col("eigenaar").fill_null(value=False)
    return _plus_and_minus(stays, use=~owner, obstacle=owner)


def _permitted(term: pl.DataFrame, vergunningen: pl.DataFrame) -> pl.DataFrame:
    own = permits_of(vergunningen, "opkoopbescherming").filter(
        pl.col("status") == "verleend", ~(pl.col("grond") == "familie").fill_null(value=False)
    )
    held = term.join(own, on=OBJECT).filter(
        (pl.col("valid_from") >= pl.col("begin")).fill_null(value=True) | (pl.col("overdracht") == pl.col(CASE))
    )
    return _plus_and_minus(held, use=pl.lit(value=False), obstacle=pl.lit(value=True))


def _plus_and_minus(rows: pl.DataFrame, *, use: pl.Expr, obstacle: pl.Expr) -> pl.DataFrame:
    inside = rows.with_columns(
        van=pl.max_horizontal("valid_from", "begin"),
        tot=pl.min_horizontal(pl.col("valid_until").fill_null(date.max), "end"),
        gebruik=use.cast(pl.Int32),
        beletsel=obstacle.cast(pl.Int32),
    ).filter(pl.col("van") < pl.col("tot"))
    up = inside.select(CASE, "gebruik", "beletsel", dag="van")
    # A use that is open within the term has no end of its own.
    ended = inside.filter(pl.col("valid_until").is_not_null() & (pl.col("valid_until") < pl.col("end")))
    down = ended.select(CASE, gebruik=-pl.col("gebruik"), beletsel=-pl.col("beletsel"), dag="valid_until")
    order = [CASE, "dag", "gebruik", "beletsel"]
    return pl.concat([up.select(order), down.select(order)])
