"""The stock over time: the same table on each of a row of days, and what happened between two days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import polars as pl

from registry.domain.value_lists import EINDSTATUSSEN, StatusPand
from registry.errors import UsageError
from registry.stock.composition import compose, find_dimensions, labelled
from registry.stock.dimensions import DIMENSIONS
from registry.stock.records import OBJECT, StockRecords, valid_on

MOST_DAYS: Final = 400
_OTHER: Final = "andere_kant"


class Flow(StrEnum):
    """What happened to a dwelling between two days."""

    GEBOUWD = "gebouwd"
    GESLOOPT = "gesloopt"
    GESPLITST = "door splitsing erbij"
    SAMENGEVOEGD = "door samenvoeging eraf"
    VERVANGEN_ERBIJ = "vervangen (nieuw nummer)"
    VERVANGEN_ERAF = "vervangen (oud nummer)"
    ANDERS_ERBIJ = "anders erbij"
    ANDERS_ERAF = "anders eraf"


DEFINITION: Final = (
    "Stromen volgen uit twee standen. Gebouwd: nieuw in de voorraad, en het pand is nieuw (bouwjaar vanaf het jaar "
    "voor de eerste dag) of stond er niet. Gesloopt: weg uit de voorraad, en het pand is gesloopt. Splitsing en "
    "samenvoeging zegt de BAG niet met zoveel woorden: in een pand dat bleef staan kwamen er meer woningen bij dan "
    "er verdwenen (of werd een andere woning in het pand kleiner), of andersom. De rest is anders: bijvoorbeeld een "
    "ander gebruiksdoel, een correctie, of een status die buiten de voorraad valt."
)


@dataclass(frozen=True, slots=True)
class Flows:
    """What happened between two days.

    Attributes:
        begin: the stock on the first day; ``end`` that on the last.
        rows: the dimensions, ``stroom``, ``aantal``: new dwellings by their class on the last day, gone ones by that on
            the first. ``begin`` plus what came minus what went is ``end``.
        transitions: per dimension that can change (eigendom): van, naar, aantal of dwellings that were in the stock on
            both days; unchanged ones included.
    """

    first: date
    last: date
    begin: int
    end: int
    rows: pl.DataFrame
    transitions: Mapping[str, pl.DataFrame]
    definition: str = DEFINITION


COMING: Final = (Flow.GEBOUWD, Flow.GESPLITST, Flow.VERVANGEN_ERBIJ, Flow.ANDERS_ERBIJ)
GOING: Final = (Flow.GESLOOPT, Flow.SAMENGEVOEGD, Flow.VERVANGEN_ERAF, Flow.ANDERS_ERAF)


def days_between(first: date, last: date, step: str) -> list[date]:
    """The first day of each year or month in a period, both ends included where they are such a day.

    Raises:
        UsageError: the period runs backwards or has too many steps, or the step does not exist.
    """
    if step not in ("jaar", "maand"):
        raise UsageError(f"'{step}' is geen stap. Kies uit: jaar, maand.")
    if last < first:
        raise UsageError(f"De periode loopt terug: {first:%d-%m-%Y} ligt na {last:%d-%m-%Y}.")
    months = 12 if step == "jaar" else 1
    starts = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13, months)
        if first <= date(year, month, 1) <= last
    ]
    if not starts:
        raise UsageError(f"Tussen {first:%d-%m-%Y} en {last:%d-%m-%Y} begint geen {step}. Kies een langere periode.")
    if len(starts) > MOST_DAYS:
        raise UsageError(f"De periode heeft meer dan {MOST_DAYS} stappen. Kies een kortere periode, of per jaar.")
    return starts


def follow(records: StockRecords, *, per: Sequence[str], days: Sequence[date]) -> pl.DataFrame:
    """The composition on each day: dag, the dimensions, and the measures of ``composition``."""
    parts = []
    for day in days:
        rows = compose(records, per=per, op=day).rows
        parts.append(rows.select(pl.lit(day).alias("dag"), pl.all()))
    return pl.concat(parts)


def flows(records: StockRecords, *, per: Sequence[str] = (), first: date, last: date) -> Flows:
    """What happened to the stock from one day to another.

    Args:
        records: with what the dimensions need, and ``eigendom`` for the flows between tenures.
        per: dimensions by which the flows are divided.
        first: the first day.
        last: the last day.

    Raises:
        UsageError: the days are in the wrong order, or a dimension does not exist.
    """
    if last <= first:
        raise UsageError(f"De tweede dag ({last:%d-%m-%Y}) moet na de eerste liggen ({first:%d-%m-%Y}).")
    find_dimensions(per)
    tenure = ["eigendom"] if records.rights is not None else []
    names = list(dict.fromkeys([*per, *tenure]))
    before = labelled(records, names, op=first)
    after = labelled(records, names, op=last)
    came, went = after.join(before, on=OBJECT, how="anti"), before.join(after, on=OBJECT, how="anti")
    kinds = find_flows(records, before, after, first=first, last=last)
    moved = pl.concat([came.select(OBJECT, *per), went.select(OBJECT, *per)]).join(kinds, on=OBJECT)
    order = {flow.value: number for number, flow in enumerate(Flow)}
    rows = (
        moved.group_by([*per, "stroom"])
        .agg(aantal=pl.len().cast(pl.Int64))
        .sort([*(DIMENSIONS[name].rank() for name in per), pl.col("stroom").replace_strict(order)])
    )
    stayed = before.select(OBJECT, *tenure).join(after.select(OBJECT, *tenure), on=OBJECT, suffix=_OTHER)
    return Flows(first, last, before.height, after.height, rows, {name: _transitions(stayed, name) for name in tenure})


def find_flows(
    records: StockRecords, before: pl.DataFrame, after: pl.DataFrame, *, first: date, last: date
) -> pl.DataFrame:
    """Each dwelling that came or went between two days: adresseerbaar_object_id, ``stroom``.

    Args:
        records: the records that both stocks were made of.
        before: of ``composition.labelled`` on the first day.
        after: the same on the last day.
        first: the first day.
        last: the last day.
    """
    came, went = after.join(before, on=OBJECT, how="anti"), before.join(after, on=OBJECT, how="anti")
    return _kinds(_panden(records, first, last), before, after, came, went)


def _transitions(stayed: pl.DataFrame, name: str) -> pl.DataFrame:
    order = DIMENSIONS[name].order
    ranks = {label: number for number, label in enumerate(order)}
    return (
        stayed.group_by(van=name, naar=f"{name}{_OTHER}")
        .agg(aantal=pl.len().cast(pl.Int64))
        .sort(pl.col("van").replace_strict(ranks), pl.col("naar").replace_strict(ranks))
    )


def _kinds(
    panden: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame, came: pl.DataFrame, went: pl.DataFrame
) -> pl.DataFrame:  # fmt: skip
    """Each dwelling that came or went with its ``stroom``."""
    changes = _per_pand(before, after, came, went)
    new = _in_panden(came).join(panden, on="pand_id", how="left").join(changes, on="pand_id", how="left")
    old = _in_panden(went).join(panden, on="pand_id", how="left").join(changes, on="pand_id", how="left")
    built = pl.col("is_new").fill_null(value=False)
    split = (pl.col("came") > pl.col("went")) & ((pl.col("went") > 0) | pl.col("some_shrank"))
    merged = (pl.col("went") > pl.col("came")) & ((pl.col("came") > 0) | pl.col("some_grew"))
    replaced = pl.col("came") == pl.col("went")
    arrived = (
        pl.when(built).then(pl.lit(Flow.GEBOUWD.value))
        .when(split).then(pl.lit(Flow.GESPLITST.value))
        .when(replaced | merged).then(pl.lit(Flow.VERVANGEN_ERBIJ.value))
        .otherwise(pl.lit(Flow.ANDERS_ERBIJ.value))
    )  # fmt: skip
    left = (
        pl.when(pl.col("is_gone").fill_null(value=False)).then(pl.lit(Flow.GESLOOPT.value))
        .when(merged).then(pl.lit(Flow.SAMENGEVOEGD.value))
        .when(replaced | split).then(pl.lit(Flow.VERVANGEN_ERAF.value))
        .otherwise(pl.lit(Flow.ANDERS_ERAF.value))
    )  # fmt: skip
    both = pl.concat([new.select(OBJECT, stroom=arrived), old.select(OBJECT, stroom=left)])
    # Of a dwelling in several panden the first that explains it counts.
    rank = {flow.value: number for number, flow in enumerate(Flow)}
    ordered = both.sort(OBJECT, pl.col("stroom").replace_strict(rank))
    return ordered.unique(OBJECT, keep="first", maintain_order=True)


def _in_panden(dwellings: pl.DataFrame) -> pl.DataFrame:
    """One row per dwelling and pand; a dwelling without one has a row too."""
    lying = dwellings.select(OBJECT, pand_id="pand_ids").explode("pand_id")
    return dwellings.select(OBJECT).join(lying, on=OBJECT, how="left")


def _panden(records: StockRecords, first: date, last: date) -> pl.DataFrame:
    """pand_id, is_new (built in the period) and is_gone (demolished in it)."""
    ended = pl.col("status").is_in(sorted(EINDSTATUSSEN))

    def on(day: date) -> pl.DataFrame:
        return valid_on(records.bag.panden, day).unique("pand_id", keep="last", maintain_order=True)

    now = on(last).select("pand_id", "oorspronkelijk_bouwjaar", gone=pl.col("status") == StatusPand.GESLOOPT.value)
    then = on(first).filter(~ended).select("pand_id", stood=pl.lit(value=True))
    year = pl.col("oorspronkelijk_bouwjaar")
    return now.join(then, on="pand_id", how="left").select(
        "pand_id",
        is_new=pl.col("stood").is_null() | year.is_between(first.year - 1, last.year),
        is_gone=pl.col("gone"),
    )


def _per_pand(before: pl.DataFrame, after: pl.DataFrame, came: pl.DataFrame, went: pl.DataFrame) -> pl.DataFrame:
    """pand_id, how many dwellings came and went, and whether one that stayed shrank or grew."""
    sizes = before.select(OBJECT, was="oppervlakte").join(after.select(OBJECT, "oppervlakte", "pand_ids"), on=OBJECT)
    stayed = sizes.explode("pand_ids").rename({"pand_ids": "pand_id"})
    changed = stayed.group_by("pand_id").agg(
        some_shrank=(pl.col("oppervlakte") < pl.col("was")).any(),
        some_grew=(pl.col("oppervlakte") > pl.col("was")).any(),
    )
    counts = pl.concat([
        _in_panden(came).group_by("pand_id").agg(came=pl.len(), went=pl.lit(0, pl.UInt32)),
        _in_panden(went).group_by("pand_id").agg(came=pl.lit(0, pl.UInt32), went=pl.len()),
    ])  # fmt: skip
    summed = counts.group_by("pand_id").agg(pl.col("came", "went").sum())
    return summed.join(changed, on="pand_id", how="left").with_columns(
        pl.col("some_shrank", "some_grew").fill_null(value=False)
    )
