"""Which permit covers the use of a dwelling on a day, and which request waits for a decision."""

from datetime import date

import polars as pl

from rules.derivations.eigenaren import CASE, MOMENT
from rules.derivations.vaststellingen import OBJECT

_TEMPORARY_MONTHS = "12mo"
_BEFORE = "-6mo"


def permits_of(vergunningen: pl.DataFrame, soort: str) -> pl.DataFrame:
    """The permits of one kind; one for temporary letting without an end holds twelve months (article 41 lid 3 b)."""
    temporary = (pl.col("grond") == "tijdelijk") & pl.col("valid_until").is_null()
    return vergunningen.filter(pl.col("soort") == soort).with_columns(
        valid_until=pl.when(temporary)
        .then(pl.col("valid_from").dt.offset_by(_TEMPORARY_MONTHS))
        .otherwise(pl.col("valid_until"))
    )


def holds_on(day: pl.Expr) -> pl.Expr:
    """Whether a granted permit is in force on a day."""
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    return (pl.col("status") == "verleend") & begun & (pl.col("valid_until").is_null() | (pl.col("valid_until") > day))


def of_this_owner() -> pl.Expr:
    """Whether a permit is the acquirer's: not older than the transfer, or granted for it."""
    named = (pl.col("zaak") == pl.col(CASE)).fill_null(value=False)
    return named | pl.col("valid_from").is_null() | (pl.col("valid_from") >= pl.col("dag")).fill_null(value=True)


def covering_permit(worlds: pl.DataFrame, permits: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """The permit in force on the peildatum for each transfer and day.

    Args:
        worlds: ``moment``, ``overdracht_id``, ``dag``, ``adresseerbaar_object_id``, ``familie_bewezen``.
        permits: as ``permits_of`` gives.
        peildatum: the day of the question.

    Returns:
        ``moment``, ``vergunning``, ``vergunning_grond``, ``vergunning_dekt``: false when it was
        granted for family, and of nobody who lives there that is proven (article 41 lid 4: only that form of use).
    """
    form = (pl.col("grond") == "familie") & ~pl.col("familie_bewezen").fill_null(value=False)
    return (
        worlds.join(permits, on=OBJECT)
        .filter(holds_on(pl.lit(peildatum)), of_this_owner())
        .with_columns(vergunning_dekt=~form.fill_null(value=False))
        .sort("vergunning_dekt", "valid_from", "vergunning", descending=[True, True, False], nulls_last=True)
        .unique(MOMENT, keep="first", maintain_order=True)
        .select(MOMENT, "vergunning", vergunning_grond="grond", vergunning_dekt="vergunning_dekt")
    )


def pending_request(worlds: pl.DataFrame, permits: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """The newest request without a decision per transfer and day: ``aanvraag`` and the columns of its days.

    A buyer may ask before the deed is inscribed; what was asked long before it was asked by a seller.
    """
    asked = pl.col("aangevraagd_op")
    return (
        worlds.join(permits.filter(pl.col("status") == "aangevraagd"), on=OBJECT)
        .filter(asked.is_null() | ((asked <= pl.lit(peildatum)) & ~_too_old()))
        .sort("aangevraagd_op", "vergunning", descending=[True, False], nulls_last=True)
        .unique(MOMENT, keep="first", maintain_order=True)
        .select(MOMENT, aanvraag=pl.lit(value=True), aanvraag_op="aangevraagd_op", aanvraag_verlengd_op="verlengd_op")
    )


def _too_old() -> pl.Expr:
    return (pl.col("aangevraagd_op") < pl.col("dag").dt.offset_by(_BEFORE)).fill_null(value=False)


def permitted_days(moments: pl.DataFrame, permits: pl.DataFrame) -> pl.DataFrame:
    """The days on which a permit that is not the acquirer's was in force: ``moment``."""
    older = pl.col("valid_from").is_null() | (pl.col("valid_from") < pl.col("dag"))
    return moments.join(permits, on=OBJECT).filter(holds_on(pl.col("dag")), older).select(MOMENT).unique()
