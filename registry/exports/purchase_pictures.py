"""Transfers to landlords per period, as a share with its interval."""

from registry.exports import comparisons
from registry.exports.picture_style import Caption, Picture
from registry.stock.purchases import Purchases


def draw_purchases(found: Purchases, source: str) -> Picture:
    """The share to landlords per period, inside and outside the area.

    Args:
        found: the transfers.
        source: from which deliveries it was made.
    """
    rows = found.periods.select("periode", "ligging", "aandeel", "aandeel_laag", "aandeel_hoog")
    caption = Caption(
        "Overdrachten naar verhuurders",
        f"Aandeel van de overdrachten waarvan het te zeggen is. De verordening begon op {found.since:%d-%m-%Y}.",
        f"Peildatum {found.op:%d-%m-%Y}. {found.definition} Bron: {source}.",
    )
    return comparisons.intervals(rows, caption)
