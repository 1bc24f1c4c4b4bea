"""The composition of the housing stock: counts by dimensions, after the definition of CBS.

A dwelling counts when it is a verblijfsobject with (at least) a woonfunctie and a status of the woningvoorraad (CBS,
"Voorraad woningen"); stand- and ligplaatsen do not count. What a dimension cannot tell is counted as ``onbekend``, so
that the rows always add up to the total.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from registry.domain.value_lists import WONINGVOORRAAD_STATUSSEN
from registry.errors import UsageError

DEFINITION = (
    "Woningvoorraad naar CBS: verblijfsobjecten met (ten minste) een woonfunctie en de status "
    f"{', '.join(sorted(WONINGVOORRAAD_STATUSSEN))}; stand- en ligplaatsen tellen niet mee. Bouwjaar is dat van het "
    "oudste pand. Bouwjaren voor 1000 of na de peildatum en oppervlakten van 1, 9999 of vanaf 10.000 m2 zijn onbekend."
)

_UNKNOWN = "onbekend"
_PLACEHOLDER_AREAS = (1, 9999)
_MOST_AREA = 10_000


def _classes(column: pl.Expr, breaks: Sequence[int], labels: Sequence[str]) -> pl.Expr:
    """The label of the class that a number falls in; ``breaks`` are the first numbers of all classes but the first."""
    *below, last = labels
    named = (pl.when(column < upper).then(pl.lit(name)) for upper, name in zip(breaks, below, strict=True))
    return pl.coalesce(*named, pl.when(column.is_not_null()).then(pl.lit(last)))


_AREA = pl.when(
    ~pl.col("oppervlakte").is_in(_PLACEHOLDER_AREAS) & pl.col("oppervlakte").is_between(1, _MOST_AREA, closed="left")
).then("oppervlakte")

DIMENSIONS: dict[str, pl.Expr] = {
    "eigendom": pl.col("eigendom"),  # of ownership.tenure: whoever asks for it joins it to the objects
    "gemeente": pl.col("gemeente"),
    "wijk": pl.col("wijk"),
    "buurt": pl.col("buurt"),
    "status": pl.col("status"),
    "bouwperiode": _classes(
        pl.col("bouwjaar"),
        [1906, 1931, 1945, 1960, 1971, 1981, 1991, 2001, 2011],
        [
            "voor 1906",
            "1906-1930",
            "1931-1944",
            "1945-1959",
            "1960-1970",
            "1971-1980",
            "1981-1990",
            "1991-2000",
            "2001-2010",
            "2011 en later",
        ],
    ),
    "grootteklasse": _classes(
        _AREA,
        [15, 50, 75, 100, 150, 250],
        ["2-15 m2", "15-50 m2", "50-75 m2", "75-100 m2", "100-150 m2", "150-250 m2", "250 m2 en meer"],
    ),
}


@dataclass(frozen=True, slots=True)
class Composition:
    """Counts of dwellings on a day; ``rows`` has a column per dimension and ``aantal``."""

    total: int
    rows: pl.DataFrame
    op: date
    definition: str = DEFINITION


def count_stock(objects: pl.DataFrame, *, per: Sequence[str], op: date) -> Composition:
    """Count the dwellings of a day by any dimensions.

    Args:
        objects: as ``store.queries.stock.read_stock`` gives them.
        per: names of ``DIMENSIONS``; none gives only the total.
        op: the day.

    Raises:
        UsageError: a dimension does not exist.
    """
    unknown = [name for name in per if name not in DIMENSIONS]
    if unknown:
        raise UsageError(f"'{unknown[0]}' is geen indeling van de voorraad. Kies uit: {', '.join(DIMENSIONS)}.")
    dwellings = objects.filter(
        pl.col("gebruiksdoelen").list.contains("woonfunctie") & pl.col("status").is_in(list(WONINGVOORRAAD_STATUSSEN))
    )
    rows = (
        dwellings.select(DIMENSIONS[name].fill_null(_UNKNOWN).alias(name) for name in per)
        .group_by(list(per))
        .agg(aantal=pl.len().cast(pl.Int64))
        .sort(list(per))
        if per
        else pl.DataFrame({"aantal": [dwellings.height]})
    )
    return Composition(dwellings.height, rows, op)
