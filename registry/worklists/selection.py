"""Which cases come on a list: pure frames. The best ones by the planner's reasons, and cases drawn by lot among them.

A list is as long as its addresses: flats with one street and house number, and more signals at one dwelling, are one
address, and come together or not at all.
"""

import random
from typing import Final

import polars as pl

from registry.worklists.reasons import add_points

MOST_ROWS: Final = 60
"""One address can hold a whole tower; so many cases fit on a sheet that is read at the door."""

KEY: Final = ("regel", "zaak_id", "adresseerbaar_object_id")


def with_stop(cases: pl.DataFrame) -> pl.DataFrame:
    """The cases with ``stop``: equal for what counts as one address (woonplaats, street and house number).

    A case without an address is a stop of its own.
    """
    parts = [pl.col(name).cast(pl.String) for name in ("woonplaats", "straat", "postcode", "huisnummer")]
    address = pl.concat_str([part.fill_null("") for part in parts], separator="|").str.to_lowercase()
    return cases.with_columns(
        stop=pl.when(pl.col("huisnummer").is_null()).then("adresseerbaar_object_id").otherwise(address)
    )


def control_places(share: float, length: int, seed: int) -> int:
    """How many of the ``length`` addresses are drawn by lot: on average exactly ``share`` of them."""
    exact = share * length
    whole = int(exact)
    return whole + (random.Random(f"{seed} places").random() < exact - whole)  # noqa: S311 (a sample, no secret)


def choose_best(cases: pl.DataFrame, weights: dict[str, float], length: int) -> pl.DataFrame:
    """The cases of the ``length`` best addresses, with ``points`` and ``reasons``, best first.

    Args:
        cases: with the columns of ``reasons.NEEDED``, ``stop`` and the address.
        weights: by code of ``reasons.REASONS``.
        length: number of addresses.
    """
    scored = add_points(cases, weights).sort(
        "points", "buurt", "straat", "huisnummer", "adres", *KEY, descending=[True] + [False] * 7, nulls_last=True
    )
    stops = scored.select("stop").unique(maintain_order=True).head(length)
    chosen = scored.join(stops.with_row_index("place"), on="stop").sort("place", maintain_order=True).drop("place")
    return _readable(chosen)


def draw_control(cases: pl.DataFrame, places: int, seed: int) -> pl.DataFrame:
    """The cases of ``places`` addresses drawn by lot; the same cases and seed give the same draw.

    Of an address with more cases of one rule, one is drawn: the sample is of dwellings.
    """
    ordered = cases.sort(KEY)
    stops = ordered["stop"].unique(maintain_order=True).to_list()
    lot = random.Random(f"{seed} draw")  # noqa: S311 (a sample that can be drawn again, no secret)
    drawn = lot.sample(stops, min(places, len(stops)))
    picked = []
    for stop in drawn:
        here = ordered.filter(stop=stop)
        picked.append(here[lot.randrange(here.height)])
    return pl.concat([ordered.clear(), *picked])


def _readable(chosen: pl.DataFrame) -> pl.DataFrame:
    """Whole addresses up to ``MOST_ROWS`` cases; of a first address with more, its best cases."""
    numbered = chosen.with_row_index("row_number", offset=1)
    fits = numbered.filter(pl.col("row_number").max().over("stop") <= MOST_ROWS).drop("row_number")
    return fits if fits.height else chosen.head(MOST_ROWS)
