"""Tables of the stock as they may leave the policy team: protected together, as one release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from registry.stock.attack import TOTAL
from registry.stock.composition import Composition
from registry.stock.dimensions import AREAS
from registry.stock.disclosure import Limits, protect, round_to

_AREA_STEP: Final = 100  # m2


@dataclass(frozen=True, slots=True)
class Published:
    """A composition as it goes out; null is hidden.

    ``rows`` has the columns of ``Composition.rows`` without oppervlakte_onbekend, which would count a few dwellings
    again. Shares are of the rounded counts.
    """

    total: int | None
    rows: pl.DataFrame
    op: date
    per: tuple[str, ...]
    definition: str
    remarks: tuple[str, ...]


def describe(limits: Limits) -> str:
    """What was done to the numbers, in Dutch."""
    return (
        f"Afgeschermd: aantallen van 1 tot {limits.minimum} zijn verborgen, en ook wat zou verraden welke dat zijn; de "
        f"andere zijn afgerond op {limits.rounding} en tellen daarom niet precies op. Oppervlakten zijn afgerond op "
        f"{_AREA_STEP} m2. Tabellen uit verschillende uitgaven zijn samen niet beschermd."
    )


def publish(compositions: Sequence[Composition], limits: Limits) -> list[Published]:
    """Protect tables that go out together.

    Args:
        compositions: of the same dwellings (the same day and the same selection).
        limits: the least count that is shown, and the rounding.

    Raises:
        UsageError: these tables cannot be protected together.
    """
    tables = [(composition.per, composition.rows) for composition in compositions]
    release = protect(tables, limits=limits, whole_areas=AREAS)
    total = release.shown(TOTAL)
    published = []
    for composition in compositions:
        rows = release.apply(composition.rows, composition.per).drop("oppervlakte_onbekend")
        shown = pl.col("aantal").is_not_null()
        share = pl.col("aantal") / total if total else pl.lit(None, pl.Float64)
        rounded = pl.col("oppervlakte").map_elements(lambda area: round_to(area, _AREA_STEP), return_dtype=pl.Int64)
        rows = rows.with_columns(aandeel=share, oppervlakte=pl.when(shown).then(rounded))
        remarks = (*composition.remarks, describe(limits))
        published.append(Published(total, rows, composition.op, composition.per, composition.definition, remarks))
    return published
