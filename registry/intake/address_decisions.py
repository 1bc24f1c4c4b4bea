"""Decisions of people about addresses that do not link: how one is recognised again, and which object it gets."""

import polars as pl

from registry.intake.address_hits import ENDED_STATUSES
from registry.intake.linking import KOPPELING
from registry.intake.street_names import contains

BESLUIT = "besluit"
"""The level of a link that a person decided."""

BESLUITEN = pl.Schema(
    {
        "besluit_id": pl.Int64(),
        "bron": pl.String(),
        "adresvorm": pl.String(),
        "adres": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "auteur": pl.String(),
        "reden": pl.String(),
        "besloten_op": pl.Datetime("us"),
        "recorded_run_id": pl.Int64(),
    }
)
TYPED = ("adres", "straat", "huisnummer", "suffix", "postcode", "woonplaats")
_IDS = ("adresseerbaar_object_id", "nummeraanduiding_id")


def address_form() -> pl.Expr:
    """An address as it is recognised again: what was typed, without case and signs; without an address the ids.

    Signs stay apart ('12-1' is not '121'). It is made of the columns that a stored row keeps as they came, so that a
    row that was linked by a decision can be found again.
    """
    typed = [_plain(pl.col(name).cast(pl.String)) for name in TYPED]
    some = pl.any_horizontal(text != "" for text in typed)
    ids = pl.concat_str(pl.lit("id"), *(pl.col(name).fill_null("") for name in _IDS), separator="|")
    return pl.when(some).then(pl.concat_str(*typed, separator="|")).otherwise(ids)


def address_text() -> pl.Expr:
    """An address as a person reads it: the line, else its columns."""
    place = pl.concat_str("postcode", "woonplaats", separator=" ", ignore_nulls=True)
    line = pl.concat_str("straat", "huisnummer", "suffix", separator=" ", ignore_nulls=True)
    columns = pl.concat_list(pl.when(part != "").then(part) for part in (line, place)).list.drop_nulls().list.join(", ")
    return pl.coalesce("adres", pl.when(columns != "").then(columns), *_IDS)


def apply_decisions(
    links: pl.DataFrame, rows: pl.DataFrame, besluiten: pl.DataFrame, kandidaten: pl.DataFrame
) -> pl.DataFrame:
    """The links, where those that were not certain follow the decision about their address, if there is one.

    A decision holds on every day on which its object exists; on other days a person must look again.

    Args:
        links: outcome of ``linking.link``.
        rows: ``row_nr``, ``op`` and the address columns.
        besluiten: the decisions of the source that hold now (``BESLUITEN``).
        kandidaten: every address that the registry knows.
    """
    if besluiten.is_empty():
        return links
    open_rows = links.filter(pl.col("status") != "gekoppeld").select("row_nr", "kandidaten")
    decided = (
        rows.select("row_nr", "op", adresvorm=address_form())
        .join(open_rows, on="row_nr")
        .join(besluiten.select("adresvorm", "adresseerbaar_object_id", "auteur", "besloten_op"), on="adresvorm")
        .join(_existing(kandidaten), on="adresseerbaar_object_id")
        .filter(contains("op"))
        .sort("row_nr", "is_hoofdadres", "nummeraanduiding_id", descending=[False, True, False])
        .unique("row_nr", keep="first", maintain_order=True)
    )
    reason = pl.format(
        "Gekoppeld volgens het besluit van {} op {}.", "auteur", pl.col("besloten_op").dt.to_string("%d-%m-%Y")
    )
    linked = decided.with_columns(status=pl.lit("gekoppeld"), level=pl.lit(BESLUIT), reden=reason)
    return pl.concat(
        [links.join(linked, on="row_nr", how="anti"), linked.select(KOPPELING.names()).cast(KOPPELING)]
    ).sort("row_nr")


def _existing(kandidaten: pl.DataFrame) -> pl.DataFrame:
    there = pl.col("object_status").is_in(ENDED_STATUSES).not_().fill_null(value=True)
    return kandidaten.filter(there).select(
        "adresseerbaar_object_id", "nummeraanduiding_id", "is_hoofdadres", "valid_from", "valid_until"
    )


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", "-").str.strip_chars("-").fill_null("")
