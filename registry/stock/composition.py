"""The composition of the housing stock on a day: count, share and floor area by any dimensions, after CBS.

What a dimension cannot tell is counted as ``onbekend``, so that the rows always add up to the total.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from registry.domain.value_lists import WONINGVOORRAAD_STATUSSEN
from registry.errors import UsageError
from registry.stock.dimensions import DIMENSIONS, UNKNOWN, Dimension
from registry.stock.facts import stock_facts
from registry.stock.records import PARTS, StockRecords, read_stock_records
from registry.store.engine import ReadConnection

DEFINITION: Final = (
    "Woningvoorraad naar CBS: verblijfsobjecten met (ten minste) een woonfunctie en de status "
    f"{', '.join(sorted(WONINGVOORRAAD_STATUSSEN))}; stand- en ligplaatsen tellen niet mee."
)
MOST_DIMENSIONS: Final = 3
MEASURES: Final = ("aantal", "aandeel", "oppervlakte", "oppervlakte_onbekend")

# A delivery of these tells of the past only as far as it still concerns who or what is there.
_ONLY_WHO_IS_THERE: Final = ("brp", "brk", "woz")

Selection = Mapping[str, Collection[str]]
"""Dimension -> the classes that are wanted."""


@dataclass(frozen=True, slots=True)
class Composition:
    """The stock of a day, divided.

    Attributes:
        total: dwellings.
        rows: a column per dimension, then aantal, aandeel (of ``total``, 0..1), oppervlakte (m2, of the dwellings of
            which it is known) and oppervlakte_onbekend (dwellings).
        op: the day.
        definition: Dutch: what was counted and what the classes mean.
        remarks: Dutch: what the reader must know of this answer, for instance a source that is not there.
    """

    total: int
    rows: pl.DataFrame
    op: date
    per: tuple[str, ...] = ()
    definition: str = DEFINITION
    remarks: tuple[str, ...] = field(default=())


def find_dimensions(names: Sequence[str]) -> list[Dimension]:
    """The named dimensions.

    Raises:
        UsageError: one does not exist, is named twice, or there are more than three.
    """
    for name in names:
        if name not in DIMENSIONS:
            raise UsageError(f"'{name}' is geen indeling van de voorraad. Kies uit: {', '.join(DIMENSIONS)}.")
        if names.count(name) > 1:
            raise UsageError(f"De indeling {name} staat er tweemaal.")
    if len(names) > MOST_DIMENSIONS:
        raise UsageError(f"Kies ten hoogste {MOST_DIMENSIONS} indelingen; dit zijn er {len(names)}.")
    return [DIMENSIONS[name] for name in names]


def parts_of(names: Collection[str]) -> frozenset[str]:
    """What must be read for these dimensions (of ``records.PARTS``)."""
    return PARTS & {part for name in names for part in DIMENSIONS[name].parts}


def read_composition(
    connection: ReadConnection, *, per: Sequence[str], op: date, known: int, only: Selection | None = None
) -> Composition:
    """The composition of the stock on a day, as known just after a run: ``compose`` on the records of the store."""
    find_dimensions(per)
    find_dimensions(list(only or ()))
    records = read_stock_records(connection, known=known, parts=parts_of({*per, *(only or ())}))
    return compose(records, per=per, op=op, only=only)


def compose(records: StockRecords, *, per: Sequence[str], op: date, only: Selection | None = None) -> Composition:
    """The composition of the stock on a day.

    Args:
        records: what is known.
        per: names of ``DIMENSIONS``; none gives only the total.
        op: the day.
        only: count only dwellings in these classes.

    Raises:
        UsageError: a dimension does not exist, or a class that is wanted does not.
    """
    wanted, selected = find_dimensions(per), find_dimensions(list(only or ()))
    facts = labelled(records, {*per, *(only or ())}, op=op)
    remarks = list(_remarks(records, [*wanted, *selected], op, facts.is_empty()))
    for dimension in selected:
        chosen = _chosen(facts, dimension, (only or {})[dimension.name], op)
        facts = facts.filter(pl.col(dimension.name).is_in(chosen))
    if only and facts.is_empty():
        remarks.append(f"Aan deze keuze voldoet op {op:%d-%m-%Y} geen enkele woning.")
    definitions = dict.fromkeys([DEFINITION, *(dimension.definition for dimension in [*wanted, *selected])])
    return Composition(
        facts.height, count_by(facts, wanted), op, tuple(per), " ".join(definitions), tuple(dict.fromkeys(remarks))
    )


def labelled(records: StockRecords, names: Collection[str], *, op: date) -> pl.DataFrame:
    """The dwellings of a day with their class in each dimension: ``stock_facts`` and a column per name."""
    dimensions = [DIMENSIONS[name] for name in DIMENSIONS if name in names]
    facts = stock_facts(records, op=op, parts={part for dimension in dimensions for part in dimension.parts})
    return label_facts(facts, dimensions, records.bronnen)


def label_facts(facts: pl.DataFrame, dimensions: Sequence[Dimension], bronnen: Collection[str]) -> pl.DataFrame:
    """The facts with a column per dimension; whatever is not known is ``onbekend``."""
    return facts.with_columns(
        (dimension.label.fill_null(UNKNOWN) if dimension.source in bronnen else pl.lit(UNKNOWN)).alias(dimension.name)
        for dimension in dimensions
    )


def count_by(facts: pl.DataFrame, dimensions: Sequence[Dimension]) -> pl.DataFrame:
    """The measures per combination of classes that occurs, in the order of the classes."""
    total = facts.height
    measures = (
        pl.len().cast(pl.Int64).alias("aantal"),
        (pl.len() / total if total else pl.lit(None, pl.Float64)).alias("aandeel"),
        pl.col("oppervlakte").sum().cast(pl.Int64).alias("oppervlakte"),
        pl.col("oppervlakte").null_count().cast(pl.Int64).alias("oppervlakte_onbekend"),
    )
    names = [dimension.name for dimension in dimensions]
    if not names:
        return facts.select(measures)
    return facts.group_by(names).agg(measures).sort([dimension.rank() for dimension in dimensions])


def _chosen(facts: pl.DataFrame, dimension: Dimension, classes: Collection[str], op: date) -> list[str]:
    """The classes that are wanted, as they are written."""
    present = facts[dimension.name].unique().sort().to_list()
    existing = {name.casefold(): name for name in [*dimension.order, UNKNOWN, *present]}
    missing = [name for name in classes if name.casefold() not in existing]
    if missing:
        choice = ", ".join(dimension.order or present) or "er is op die dag niets"
        raise UsageError(
            f"{dimension.header} '{missing[0]}' bestaat niet, of heeft op {op:%d-%m-%Y} geen woningen. "
            f"Kies uit: {choice}."
        )
    return [existing[name.casefold()] for name in classes]


def _remarks(records: StockRecords, dimensions: Sequence[Dimension], op: date, empty: bool) -> list[str]:
    """What the reader must know: sources that are not there, and days before the first delivery."""
    remarks = []
    needed = dict.fromkeys(["bag", *(dimension.source for dimension in dimensions)])
    delivered = dict(records.sources.group_by("bron").agg(pl.col("leverdatum").max()).iter_rows())
    for bron in needed:
        headers = ", ".join(dict.fromkeys(d.header for d in dimensions if d.source == bron))
        if bron not in delivered:
            remarks.append(f"De bron {bron} is niet ingelezen: {headers or 'alles'} is daardoor onbekend.")
        elif delivered[bron] is not None and op > delivered[bron]:
            remarks.append(
                f"De laatste levering van {bron} is van {delivered[bron]:%d-%m-%Y}: van later is niets bekend."
            )
        first = records.first_deliveries.get(bron)
        if bron in _ONLY_WHO_IS_THERE and first is not None and op < first:
            remarks.append(
                f"De eerste levering van {bron} is van {first:%d-%m-%Y}: wie of wat toen al weg was, telt op "
                f"{op:%d-%m-%Y} niet mee."
            )
    begun = None if records.ligging is None else records.ligging["valid_from"].min()
    if isinstance(begun, date) and op < begun and any(dimension.source == "gebieden" for dimension in dimensions):
        remarks.append(
            f"De gebieden beginnen pas op {begun:%d-%m-%Y}: op {op:%d-%m-%Y} is onbekend waar een woning ligt."
        )
    earliest = records.bag.objecten["valid_from"].min()
    if empty and isinstance(earliest, date) and op < earliest:
        remarks.append(
            f"Op {op:%d-%m-%Y} is nog van geen enkele woning iets bekend: de BAG in dit register begint op "
            f"{earliest:%d-%m-%Y}."
        )
    return remarks
