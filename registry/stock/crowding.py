"""Overcrowding in the stock: how many dwellings are over the norm, certainly or possibly, and how many cannot be told.

The outcomes are those of the rule ``overbewoning`` on the day; nothing is judged here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from registry.signals.run import known_run
from registry.signals.whatif import judge_on
from registry.stock.composition import find_dimensions, labelled, parts_of
from registry.stock.dimensions import AREAS, DIMENSIONS
from registry.stock.disclosure import Limits, protect, round_to
from registry.stock.records import OBJECT, read_stock_records
from registry.store.engine import ReadConnection
from rules.overbewoning import OVERBEWONING
from rules.parameters import Law
from rules.rule import Uitkomst

CLASSES: Final = (
    "boven de norm",
    "mogelijk boven de norm",
    "niet te zeggen",
    "juridisch te toetsen",
    "niet boven de norm",
)
DEFINITION: Final = (
    "Boven de norm: de toets op overbewoning geeft een signaal (dat is geen besluit). Mogelijk: alleen als ook de "
    "mogelijke bewoners er wonen. Niet te zeggen: een feit dat nodig is ontbreekt. Personen: van 'boven de norm' wie "
    "er zeker woont, van 'mogelijk' wie er ten hoogste woont. Alleen woningen uit de voorraad; ligplaatsen, "
    "standplaatsen en andere objecten staan niet in deze tabel."
)


@dataclass(frozen=True, slots=True)
class Crowding:
    """Overcrowding on a day.

    Attributes:
        rows: the dimensions, ``klasse`` (of ``CLASSES``), ``aantal`` dwellings, ``personen``; together the stock.
        unknown: ``feit``, ``aantal`` dwellings of which it cannot be told because of that fact (one may miss several).
    """

    total: int
    rows: pl.DataFrame
    unknown: pl.DataFrame
    op: date
    per: tuple[str, ...]
    definition: str = DEFINITION


def read_crowding(
    connection: ReadConnection, law: Law, *, per: Sequence[str], op: date, bekend_op: date | None = None
) -> Crowding:
    """Overcrowding in the stock, judged anew.

    Raises:
        UsageError: a dimension does not exist, or nothing was imported.
    """
    find_dimensions(per)
    known = known_run(connection, bekend_op)
    records = read_stock_records(connection, known=known, parts=parts_of(per))
    judged = judge_on(connection, OVERBEWONING, {"nu": law}, peildatum=op, bekend_op=bekend_op)["nu"].outcomes
    return count_crowding(labelled(records, per, op=op), judged, per=per, op=op)


def count_crowding(dwellings: pl.DataFrame, outcomes: pl.DataFrame, *, per: Sequence[str], op: date) -> Crowding:
    """Count the outcomes of the dwellings of the stock.

    Args:
        dwellings: of ``composition.labelled``.
        outcomes: of ``rules.engine.evaluate`` for overbewoning: uitkomst, onbekende_feiten, personen_min, personen_max,
            oppervlakte, norm.
        per: dimensions, columns of ``dwellings``.
        op: the day.
    """
    known = ["uitkomst", "onbekende_feiten", "personen_min", "personen_max", "oppervlakte", "norm"]
    judged = dwellings.select(OBJECT, *per).join(outcomes.select(OBJECT, *known), on=OBJECT, how="left")
    possible = pl.col("personen_max") * pl.col("norm") > pl.col("oppervlakte")
    uitkomst = pl.col("uitkomst")
    klasse = (
        pl.when(uitkomst == Uitkomst.SIGNAAL.value).then(pl.lit(CLASSES[0]))
        .when((uitkomst == Uitkomst.ONBEKEND.value) & possible).then(pl.lit(CLASSES[1]))
        .when((uitkomst == Uitkomst.ONBEKEND.value) | uitkomst.is_null()).then(pl.lit(CLASSES[2]))
        .when(uitkomst == Uitkomst.JURIDISCH_TOETSEN.value).then(pl.lit(CLASSES[3]))
        .otherwise(pl.lit(CLASSES[4]))
    )  # fmt: skip
    judged = judged.with_columns(klasse=klasse)
    people = pl.when(pl.col("klasse") == CLASSES[0]).then("personen_min").otherwise("personen_max").fill_null(0)
    ranks = dict(zip(CLASSES, range(len(CLASSES)), strict=True))
    rows = (
        judged.group_by([*per, "klasse"])
        .agg(aantal=pl.len().cast(pl.Int64), personen=people.sum().cast(pl.Int64))
        .sort([*(DIMENSIONS[name].rank() for name in per), pl.col("klasse").replace_strict(ranks)])
    )
    undecided = judged.filter(pl.col("klasse").is_in(CLASSES[1:3]))
    unknown = (
        undecided.select(OBJECT, feit="onbekende_feiten")
        .explode("feit")
        .filter(pl.col("feit").is_not_null())
        .group_by("feit")
        .agg(aantal=pl.col(OBJECT).n_unique().cast(pl.Int64))
        .sort("aantal", "feit", descending=[True, False])
    )
    return Crowding(judged.height, rows, unknown, op, tuple(per))


def publish_crowding(found: Crowding, limits: Limits) -> Crowding:
    """The table as it may leave the policy team: aantal and personen rounded, null where hidden; no reasons.

    An area with fewer dwellings than the minimum shows nothing. Totals of personen are not given, so that a hidden
    number of them cannot be computed.
    """
    per = (*found.per, "klasse")
    release = protect([(per, found.rows)], limits=limits, whole_areas=AREAS)
    people = pl.col("personen")
    rounded = people.map_elements(lambda number: round_to(number, limits.rounding), return_dtype=pl.Int64)
    shown = pl.col("aantal").is_not_null() & ((people >= limits.minimum) | (people == 0))
    rows = release.apply(found.rows, per).with_columns(personen=pl.when(shown).then(rounded))
    total = release.shown(frozenset()) or 0
    return Crowding(total, rows, found.unknown.clear(), found.op, found.per, found.definition)
