"""What the stock is counted from, read once and asked about any day.

A run number fixes what was known, so these records never change: who keeps them answers the next question without the
database.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from registry.ownership.portfolios import Owners
from registry.store.engine import ReadConnection
from registry.store.queries import stock as queries
from registry.store.queries.eigendom import read_holders, read_rights
from registry.store.queries.portfolio import read_besluiten
from registry.store.queries.runs import imported_sources
from registry.store.queries.woz import read_woz_waarden

OBJECT: Final = "adresseerbaar_object_id"
PARTS: Final = frozenset({"gebieden", "gemeente", "bewoning", "eigendom", "woz"})
"""What can be read besides the BAG."""
_MOST_DERIVED = 14  # frames of one row per dwelling: two days with every part


@dataclass(frozen=True, slots=True)
class StockRecords:
    """Every period of what the stock is counted from, as known at a run; null is a part that was not asked for.

    Attributes:
        known: the run.
        sources: bron, levering, leverdatum, run_id of what went in.
        bag: the verblijfsobjecten and panden.
        ligging: in which areas objects lay, and ``labels`` what these are called.
        gemeenten: by woonplaats.
        bewoning: who lived where.
        rights: schema ``queries.eigendom.RIGHTS``.
        holders: schema ``queries.eigendom.HOLDERS``, by the first day of each period of the list of corporaties.
        owners: rechthebbende, owner.
        woz: schema ``rules.frames.WOZ_WAARDEN``.
        first_deliveries: bron -> leverdatum.
        derived: what was derived for a day, by day and part: the next table of that day does not derive it again.
    """

    known: int
    sources: pl.DataFrame
    bag: queries.BagPeriods
    ligging: pl.DataFrame | None = None
    labels: pl.DataFrame | None = None
    gemeenten: pl.DataFrame | None = None
    bewoning: pl.DataFrame | None = None
    rights: pl.DataFrame | None = None
    holders: dict[date, pl.DataFrame] = field(default_factory=dict)
    owners: pl.DataFrame | None = None
    woz: pl.DataFrame | None = None
    first_deliveries: dict[str, date] = field(default_factory=dict)
    derived: dict[tuple[date, str], pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @property
    def bronnen(self) -> frozenset[str]:
        """The sources that were ever imported."""
        return frozenset(self.sources["bron"].to_list())

    def remembered(self, op: date, part: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """What was derived for a day; made now when it was not yet, and the oldest is forgotten when there is much."""
        found = self.derived.pop((op, part), None)
        if found is None:
            found = make()
            while len(self.derived) >= _MOST_DERIVED:
                self.derived.pop(next(iter(self.derived)))
        self.derived[op, part] = found
        return found

    def holders_on(self, op: date) -> pl.DataFrame:
        """The rechthebbenden as the list of corporaties was on a day."""
        return self.holders[max(day for day in self.holders if day <= op)]


def read_stock_records(connection: ReadConnection, *, known: int, parts: Collection[str] = PARTS) -> StockRecords:
    """Read the BAG and the named parts.

    Args:
        connection: where to read.
        known: a run number.
        parts: of ``PARTS``; what is left out costs nothing.
    """
    areas = not {"gebieden", "gemeente"}.isdisjoint(parts)
    owned = "eigendom" in parts
    holders = _read_holders(connection, known=known) if owned else {}
    return StockRecords(
        known=known,
        sources=imported_sources(connection, known=known),
        bag=queries.read_bag_periods(connection, known=known),
        ligging=queries.read_area_periods(connection, known=known) if areas else None,
        labels=queries.read_area_labels(connection, known=known) if areas else None,
        gemeenten=queries.read_gemeente_periods(connection, known=known) if "gemeente" in parts else None,
        # Whose a dwelling is depends on who lives there.
        bewoning=queries.read_bewoning_periods(connection, known=known) if owned or "bewoning" in parts else None,
        rights=read_rights(connection, known=known) if owned else None,
        holders=holders,
        owners=Owners(holders[date.min], read_besluiten(connection)).frame() if owned else None,
        woz=read_woz_waarden(connection, known=known) if "woz" in parts else None,
        first_deliveries=queries.read_first_deliveries(connection, known=known),
    )


def _read_holders(connection: ReadConnection, *, known: int) -> dict[date, pl.DataFrame]:
    days = [date.min, *queries.read_corporatie_days(connection, known=known)]
    return {day: read_holders(connection, peildatum=day, known=known) for day in days}


def valid_on(frame: pl.DataFrame, op: date) -> pl.DataFrame:
    """The rows whose period holds a day."""
    return frame.filter((pl.col("valid_from") <= op) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > op)))
