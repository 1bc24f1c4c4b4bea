"""The stock over time as it may leave the policy team: the tables of all days, their flows and moves, as one release.

Whoever knows the stock on two days and what went knows what came. So all of it is one set of tables of the same
dwellings: those that were ever in the stock on one of the days, by where each was on every day (outside, where it was
not) and by what happened to it in between. The tables of two days share a day, in a chain; what hides one number
therefore hides it in both. A year in which two dwellings went would hide the stock itself from who knows every other
number exactly; therefore all numbers here are rounded to the minimum, and protected against who knows them so rounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import polars as pl

from registry.errors import UsageError
from registry.stock.change import COMING, Flow, find_flows, follow
from registry.stock.composition import find_dimensions, labelled
from registry.stock.dimensions import AREAS, DIMENSIONS
from registry.stock.disclosure import Limits, Release, protect
from registry.stock.records import OBJECT, StockRecords

OUTSIDE: Final = "buiten de voorraad"
_STAYED: Final = "bleef"
_ALL: Final = "voorraad"
_MOST_CELLS = 1_200


@dataclass(frozen=True, slots=True)
class PublishedChange:
    """The stock on some days and what happened in between; null is hidden.

    Attributes:
        states: dag, the dimensions, aantal.
        flows: van, tot, the dimensions, stroom, aantal.
        moves: van, tot, eigendom_van, eigendom_naar, aantal; without those that stayed what they were.
        release: what is hidden.
    """

    states: pl.DataFrame
    flows: pl.DataFrame
    moves: pl.DataFrame
    release: Release


def describe_change(limits: Limits) -> str:
    """What was done to the numbers, in Dutch."""
    return (
        f"Afgeschermd: aantallen van 1 tot {limits.minimum} zijn verborgen, en ook wat zou verraden welke dat zijn; de "
        f"andere zijn afgerond op {limits.rounding} en tellen daarom niet precies op. Tabellen uit verschillende "
        "uitgaven zijn samen niet beschermd."
    )


def publish_change(
    records: StockRecords, *, per: Sequence[str], days: Sequence[date], limits: Limits
) -> PublishedChange:
    """Protect the stock on each day, the flows and the moves between tenures.

    Args:
        records: with what the dimensions need, and ``eigendom`` for the moves.
        per: dimensions.
        days: in order, at least one.
        limits: the least count that is shown, and the rounding.

    Raises:
        UsageError: a dimension does not exist, or the tables together are too large to protect.
    """
    find_dimensions(per)
    tenure = ["eigendom"] if records.rights is not None else []
    names = list(dict.fromkeys([*per, *tenure]))
    stocks = {day: labelled(records, names, op=day) for day in days}
    wide = _by_day(stocks, names, per)
    main = tuple(per) or (_ALL,)
    tables, schemes = [], {frozenset(_on(main, day)) for day in days}
    for first, last in pairwise(days):
        kinds = find_flows(records, stocks[first], stocks[last], first=first, last=last)
        wide = wide.join(kinds.rename({"stroom": _flow(first)}), on=OBJECT, how="left")
        wide = wide.with_columns(pl.col(_flow(first)).fill_null(_STAYED))
        tables.append([*_on(main, first), *_on(main, last), _flow(first)])
        schemes |= {frozenset([*_on(main, day), _flow(first)]) for day in (first, last)}
        if tenure:
            schemes.add(frozenset([*_on(tenure, first), *_on(tenure, last)]))
        if tenure and "eigendom" not in per:
            tables.append([*_on(tenure, first), *_on(tenure, last)])
    tables = tables or [[*_on(main, days[0])]]
    counted = [(columns, wide.group_by(columns).agg(aantal=pl.len().cast(pl.Int64))) for columns in tables]
    cells = sum(rows.height for _, rows in counted)
    if cells > _MOST_CELLS:
        raise UsageError(
            f"Deze tabellen hebben samen {cells} cellen; afschermen kan tot {_MOST_CELLS}. Kies minder dagen of een "
            "grovere indeling."
        )
    same = [tuple((column, OUTSIDE) for column in _on([*main, *tenure], day)) for day in days]
    areas = [column for day in days for column in _on([name for name in main if name in AREAS], day)]
    coarse = Limits(limits.minimum, max(limits.minimum, limits.rounding))
    release = protect(counted, limits=coarse, whole_areas=areas, same=same, no_area=OUTSIDE, schemes=schemes)
    return PublishedChange(
        _states(release, counted, main, per, days), _flows(release, wide, main, per, days),
        _moves(release, wide, days) if tenure else _NO_MOVES, release,
    )  # fmt: skip


_NO_MOVES: Final = pl.DataFrame(
    schema={"van": pl.Date, "tot": pl.Date, "eigendom_van": pl.String, "eigendom_naar": pl.String, "aantal": pl.Int64}
)


def _by_day(stocks: dict[date, pl.DataFrame], names: Sequence[str], per: Sequence[str]) -> pl.DataFrame:
    """Every dwelling that was ever there, with its class in each dimension on each day."""
    wide = pl.concat([stock.select(OBJECT) for stock in stocks.values()]).unique().sort(OBJECT)
    for day, stock in stocks.items():
        own = stock.select(OBJECT, *(pl.col(name).alias(_at(name, day)) for name in names))
        if not per:
            own = own.with_columns(pl.lit("in de voorraad").alias(_at(_ALL, day)))
        wide = wide.join(own, on=OBJECT, how="left")
    return wide.with_columns(pl.exclude(OBJECT).fill_null(OUTSIDE))


def _at(name: str, day: date) -> str:
    return f"{name} op {day.isoformat()}"


def _on(names: Sequence[str], day: date) -> list[str]:
    return [_at(name, day) for name in names]


def _flow(day: date) -> str:
    return f"stroom vanaf {day.isoformat()}"


def _states(
    release: Release,
    counted: Sequence[tuple[Sequence[str], pl.DataFrame]],
    main: Sequence[str],
    per: Sequence[str],
    days: Sequence[date],
) -> pl.DataFrame:
    parts = []
    for day in days:
        columns = _on(main, day)
        rows = next(rows for found, rows in counted if set(columns) <= set(found))
        rows = rows.group_by(columns).agg(pl.col("aantal").sum()).filter(pl.col(columns[0]) != OUTSIDE)
        shown = release.apply(rows, columns).rename(dict(zip(columns, main, strict=True)))
        parts.append(shown.select(pl.lit(day).alias("dag"), *per, "aantal"))
    return pl.concat(parts).sort("dag", *(DIMENSIONS[name].rank() for name in per))


def _flows(
    release: Release, wide: pl.DataFrame, main: Sequence[str], per: Sequence[str], days: Sequence[date]
) -> pl.DataFrame:
    empty = {"van": pl.Date(), "tot": pl.Date()} | dict.fromkeys(per, pl.String())
    parts = [pl.DataFrame(schema={**empty, "stroom": pl.String(), "aantal": pl.Int64()})]
    coming = [flow.value for flow in COMING]
    for first, last in pairwise(days):
        for day, wanted in ((last, pl.col(_flow(first)).is_in(coming)), (first, ~pl.col(_flow(first)).is_in(coming))):
            columns = [*_on(main, day), _flow(first)]
            moved = wide.filter(wanted & (pl.col(_flow(first)) != _STAYED))
            rows = moved.group_by(columns).agg(aantal=pl.len().cast(pl.Int64))
            shown = release.apply(rows, columns).rename(dict(zip(columns, [*main, "stroom"], strict=True)))
            dated = shown.with_columns(van=pl.lit(first), tot=pl.lit(last))
            parts.append(dated.select("van", "tot", *per, "stroom", "aantal"))
    order = {flow.value: number for number, flow in enumerate(Flow)}
    ranks = [*(DIMENSIONS[name].rank() for name in per), pl.col("stroom").replace_strict(order)]
    return pl.concat(parts).sort("van", *ranks)


def _moves(release: Release, wide: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    parts = [_NO_MOVES]
    for first, last in pairwise(days):
        columns = [_at("eigendom", first), _at("eigendom", last)]
        there = (pl.col(columns[0]) != OUTSIDE) & (pl.col(columns[1]) != OUTSIDE)
        rows = wide.filter(there & (pl.col(columns[0]) != pl.col(columns[1]))).group_by(columns).agg(aantal=pl.len())
        shown = release.apply(rows, columns).with_columns(van=pl.lit(first), tot=pl.lit(last))
        named = shown.rename({columns[0]: "eigendom_van", columns[1]: "eigendom_naar"})
        parts.append(named.select(_NO_MOVES.columns))
    order = {label: number for number, label in enumerate(DIMENSIONS["eigendom"].order)}
    ranks = [pl.col(name).replace_strict(order) for name in ("eigendom_van", "eigendom_naar")]
    return pl.concat(parts).sort("van", *ranks)


def read_trend(records: StockRecords, *, subject: str, days: Sequence[date], limits: Limits | None) -> pl.DataFrame:
    """The stock by one dimension on each day: dag, the dimension, aantal (null is hidden).

    Args:
        records: with what the dimension needs.
        subject: the dimension.
        days: in order.
        limits: what is hidden and rounded; null shows everything.

    Raises:
        UsageError: as ``publish_change``.
    """
    if limits is None:
        return follow(records, per=[subject], days=days).select("dag", subject, "aantal")
    return publish_change(records, per=[subject], days=days, limits=limits).states
