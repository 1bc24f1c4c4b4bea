"""Derives every fact column from record frames: the only place that does, for the registry and for scenarios alike."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import cache

import polars as pl

from rules.derivations.aanwezigen import residents
from rules.derivations.bedingen import derive_beding_facts
from rules.derivations.bewoning import count_bewoners, empty_since
from rules.derivations.huishouden import proven_households
from rules.derivations.inspecties import newest_count, newest_measurement, registered_at
from rules.derivations.objecten import has_woonfunctie, places, plausible_oppervlakte, soort
from rules.derivations.overdrachten import DEED_FACTS, Matters, derive_overdracht_facts
from rules.derivations.vaststellingen import OBJECT, established_flag, established_number
from rules.derivations.vergunningen import holds_on, permits_of
from rules.fact_list import CLAUSE_FACTS, DWELLING_FACTS, TRANSFER_FACTS, Fact
from rules.frames import (
    ADRESSEERBARE_OBJECTEN,
    BEWONING,
    INSPECTIES,
    RELATIES,
    VASTSTELLINGEN,
    RecordFrames,
)

__all__ = [
    "ADRESSEERBARE_OBJECTEN",
    "BEWONING",
    "DERIVATIONS",
    "FACTS",
    "FIRST_FACTS",
    "FRAMES_OF",
    "INSPECTIES",
    "RELATIES",
    "VASTSTELLINGEN",
    "CaseKind",
    "Fact",
    "RecordFrames",
    "derive_verblijfsobject_facts",
    "fact",
]

FACTS: dict[str, Fact] = {**DWELLING_FACTS, **TRANSFER_FACTS, **CLAUSE_FACTS}


class CaseKind(StrEnum):
    """What a rule judges."""

    VERBLIJFSOBJECT = "verblijfsobject"
    OVERDRACHT = "overdracht"
    BEDING = "beding"


def fact(name: str) -> pl.Expr:
    """The column of a declared fact.

    Raises:
        KeyError: no such fact is declared.
    """
    if name not in FACTS:
        raise KeyError(name)
    return pl.col(name)


def derive_verblijfsobject_facts(frames: RecordFrames) -> pl.DataFrame:
    """One row per addressable object, sorted by its id, with every fact of a dwelling on the peildatum.

    A fact whose source was never imported is null, even where a frame holds rows.
    """
    day = frames.peildatum
    table = frames.adresseerbare_objecten.select(
        OBJECT,
        "objecttype",
        "gemeente",
        "status",
        woonfunctie=has_woonfunctie(),
        oppervlakte_bag=plausible_oppervlakte(),
        gebieden=places(known="gebieden" in frames.bronnen),
        gebieden_bekend=pl.lit("gebieden" in frames.bronnen),
        oppervlakte_in_onderzoek=pl.col("in_onderzoek").list.contains("oppervlakte"),
        peildatum=pl.lit(day),
    ).sort(OBJECT)
    if "bag" not in frames.bronnen:
        empty = ("objecttype", "status", "woonfunctie", "oppervlakte_bag", "oppervlakte_in_onderzoek")
        table = table.with_columns(pl.lit(None, dtype=table.schema[name]).alias(name) for name in empty)
    table = _with_vaststellingen(table, frames)
    table = _with_inspecties(table, frames)
    table = _with_bewoners(table, frames)
    table = _with_huishouden(table, frames)
    table = table.with_columns(**_settled(known_coa="coa" in frames.bronnen))
    return table.with_columns(
        inspectie_oppervlakte=pl.when(pl.col("geteld")).then(
            pl.coalesce("inspectie_gemeten_oppervlakte", "gebruiksoppervlakte")
        )
    ).select(OBJECT, *DWELLING_FACTS)


def _with_vaststellingen(table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    if frames.vaststellingen.is_empty():
        return table.with_columns(_nothing_established())
    return _joined(table, _established(frames.vaststellingen, frames.peildatum))


# Of one dwelling there is mostly nothing to join, and somebody waits: a join costs as much as for a street of them.
@cache
def _nothing_established() -> list[pl.Expr]:
    return _nulls(_established(VASTSTELLINGEN.to_frame(), date.min))


@cache
def _nothing_inspected() -> list[pl.Expr]:
    return _nulls(_inspected(INSPECTIES.to_frame(), BEWONING.to_frame(), date.min))


def _nulls(parts: Iterable[pl.DataFrame]) -> list[pl.Expr]:
    """What a join with these empty parts would add."""
    return [
        pl.lit(None, dtype=dtype).alias(name) for part in parts for name, dtype in part.schema.items() if name != OBJECT
    ]


def _joined(table: pl.DataFrame, parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    for part in parts:
        table = table.join(part, on=OBJECT, how="left", maintain_order="left")
    return table


def _established(rows: pl.DataFrame, day: date) -> tuple[pl.DataFrame, ...]:
    return (
        established_flag(rows, "coa_opvang", day, "coa"),
        established_flag(rows, "woonwagen", day, "woonwagen"),
        established_flag(rows, "gezamenlijk_huishouden", day, "gezamenlijk"),
        established_number(rows, "gemeten_oppervlakte", day, "gemeten"),
        established_number(rows, "huishoudens", day, "huishoudens_vastgesteld"),
    )


def _with_inspecties(table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    known = "inspecties" in frames.bronnen
    rows = frames.inspecties if known else frames.inspecties.clear()
    if rows.is_empty():
        table = table.with_columns(_nothing_inspected())
    else:
        table = _joined(table, _inspected(rows, frames.bewoning, frames.peildatum))
    geteld = pl.col("inspectie").is_not_null() if known else pl.lit(None, dtype=pl.Boolean)
    return table.with_columns(geteld=geteld)


def _inspected(rows: pl.DataFrame, bewoning: pl.DataFrame, day: date) -> tuple[pl.DataFrame, ...]:
    counts = newest_count(rows, day)
    return counts, newest_measurement(rows, day), registered_at(counts, bewoning)


def _with_bewoners(table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    names = ("bewoners_min", "bewoners_max", "bewoners_tegenstrijdig", "bewoners_in_onderzoek")
    if "brp" not in frames.bronnen:
        unknown = (*names, "inspectiedag_min", "inspectiedag_max")
        return table.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in unknown)
    counts = count_bewoners(residents(frames))
    return table.join(counts, on=OBJECT, how="left", maintain_order="left").with_columns(pl.col(*names).fill_null(0))


def _with_huishouden(table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """What is proven between the residents, since when nobody is registered, and the permit to convert."""
    unknown = pl.lit(None, dtype=pl.Boolean)
    if "vergunningen" in frames.bronnen:
        held = permits_of(frames.vergunningen, "omzetting").filter(holds_on(pl.lit(frames.peildatum)))
        table = table.with_columns(omzetting_vergund=pl.col(OBJECT).is_in(held.get_column(OBJECT).unique().implode()))
    else:
        table = table.with_columns(omzetting_vergund=unknown)
    if "brp" not in frames.bronnen:
        return table.with_columns(
            bewoners_verbonden=unknown, bewoners_vreemd=unknown, leeg_sinds=pl.lit(None, dtype=pl.Date)
        )
    households = proven_households(residents(frames), frames.relaties)
    left = empty_since(frames.bewoning, frames.peildatum)
    return (
        table.join(households, on=OBJECT, how="left", maintain_order="left")
        .join(left, on=OBJECT, how="left", maintain_order="left")
        .with_columns(
            # One person, or nobody, is not divided.
            bewoners_verbonden=(pl.col("bewoners_max") <= 1)
            | (pl.col("verbonden") == pl.col("bewoners_max")).fill_null(value=False),
            bewoners_vreemd=pl.col("vreemd").fill_null(value=False),
            leeg_sinds=pl.when(pl.col("bewoners_max") == 0).then("leeg_sinds"),
        )
    )


def _settled(*, known_coa: bool) -> dict[str, pl.Expr]:
    """The facts that more than one source can give, with the source that gave it; a vaststelling wins."""
    measured, bag, inspected = pl.col("gemeten"), pl.col("oppervlakte_bag"), pl.col("gemeten_bij_inspectie")
    vast = pl.lit("vaststelling")
    derived = pl.coalesce(bag, inspected)
    together, households = pl.col("gezamenlijk"), pl.col("huishoudens_vastgesteld").cast(pl.Int64)
    established = (
        pl.when(pl.col("gezamenlijk_vast"))
        # Established that they are not one household: at least two, how many is not known.
        .then(pl.when(together).then(pl.lit(1)).when(~together).then(pl.max_horizontal(households, pl.lit(2))))
        .otherwise(households)
    )
    is_vast = pl.col("gezamenlijk_vast").fill_null(value=False) | pl.col("huishoudens_vastgesteld_vast").fill_null(
        value=False
    )
    return {
        "coa_opvang": pl.when(pl.col("coa_vast"))
        .then(pl.col("coa"))
        .otherwise(pl.lit(False if known_coa else None, dtype=pl.Boolean)),
        "soort": soort(),
        "soort_herkomst": pl.when(pl.col("woonwagen_vast")).then(vast).when(soort().is_not_null()).then(pl.lit("BAG")),
        "gebruiksoppervlakte": pl.when(pl.col("gemeten_vast")).then(measured).otherwise(derived),
        "gebruiksoppervlakte_herkomst": pl.when(pl.col("gemeten_vast"))
        .then(vast)
        .when(bag.is_not_null())
        .then(pl.lit("BAG"))
        .when(inspected.is_not_null())
        .then(pl.lit("inspectie")),
        "huishoudens": pl.when(is_vast).then(established).otherwise(pl.col("inspectie_huishoudens")),
        "huishoudens_herkomst": pl.when(is_vast)
        .then(vast)
        .when(pl.col("inspectie_huishoudens").is_not_null())
        .then(pl.lit("inspectie")),
    }


# How the cases of each kind come out of the frames: one row per case, sorted by its key, with every fact of the kind.
# The days are those on which the law changes, for cases of which a day is not exactly known. The last argument says of
# which cases the facts that are not in FIRST_FACTS are needed.
DERIVATIONS: dict[CaseKind, Callable[[RecordFrames, Sequence[date], Matters | None], pl.DataFrame]] = {
    CaseKind.VERBLIJFSOBJECT: lambda frames, _, __: derive_verblijfsobject_facts(frames),
    CaseKind.OVERDRACHT: derive_overdracht_facts,
    CaseKind.BEDING: lambda frames, days, _: derive_beding_facts(frames, days),
}
# The frames, beside that of the objects, from which the facts of a kind of case, its periods and its context follow:
# the others need not be read for it.
_DWELLING_FRAMES = frozenset({"bewoning", "relaties", "inspecties", "vaststellingen", "vergunningen"})
FRAMES_OF: dict[CaseKind, frozenset[str]] = {
    CaseKind.VERBLIJFSOBJECT: _DWELLING_FRAMES,
    CaseKind.OVERDRACHT: _DWELLING_FRAMES | {"overdrachten", "personen", "eigendom", "woz_waarden"},
    CaseKind.BEDING: frozenset({"bewoning", "relaties", "vaststellingen", "overdrachten", "bedingen", "ontheffingen"}),
}
# The facts of a case that are there first; for kinds that are not named all facts are.
FIRST_FACTS = {CaseKind.OVERDRACHT: DEED_FACTS}
