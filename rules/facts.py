"""Derives every fact column from record frames: the only place that does, for the registry and for scenarios alike."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import polars as pl

from rules.derivations.bewoning import count_bewoners
from rules.derivations.inspecties import newest_count, newest_measurement, registered_at
from rules.derivations.objecten import has_woonfunctie, plausible_oppervlakte, soort
from rules.derivations.vaststellingen import OBJECT, established_flag, established_number
from rules.frames import BEDINGEN, EIGENDOM, ONTHEFFINGEN, OVERDRACHTEN, PERSONEN, VERGUNNINGEN, WOZ_WAARDEN

# The record frames that rules start from. The registry's queries and the scenario reader both give exactly these.
# Periods are half-open; null valid_from = since always, null valid_until = still so.

ADRESSEERBARE_OBJECTEN = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "objecttype": pl.String(),  # verblijfsobject | ligplaats | standplaats
        "gemeente": pl.String(),  # GM0606; null = unknown
        "status": pl.String(),  # BAG text
        "gebruiksdoelen": pl.List(pl.String()),  # empty for lig- and standplaatsen
        "oppervlakte": pl.Int64(),  # m2 as delivered (1, 9999, 999999 mean unknown); null = not delivered
        "gebieden": pl.List(pl.String()),  # codes of every area in which it lies on the peildatum
        "in_onderzoek": pl.List(pl.String()),  # BAG kenmerken in onderzoek on the peildatum
    }
)
BEWONING = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "persoon": pl.String(),  # opaque, never a BSN
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
        "zekerheid": pl.String(),  # zeker | mogelijk
        "in_onderzoek": pl.Boolean(),
        "geboortedatum": pl.String(),  # JJJJMMDD, mogelijk onvolledig; null = unknown
    }
)
RELATIES = pl.Schema(
    {
        "persoon": pl.String(),
        "andere_persoon": pl.String(),
        "relatie": pl.String(),  # kind ouder partner broer_zus kleinkind grootouder huishouden geen
    }
)
INSPECTIES = pl.Schema(
    {
        "inspectie": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "datum": pl.Date(),
        "aantal_personen": pl.Int64(),
        "huishoudens": pl.Int64(),
        "gemeten_oppervlakte": pl.Float64(),
    }
)
VASTSTELLINGEN = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "feit": pl.String(),
        "waarde": pl.String(),
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
        "bewijs": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class RecordFrames:
    """What is known on one record date: all frames, and which sources were ever imported.

    A source that was never imported makes its facts unknown, not empty; ``bronnen`` holds those that were
    (``bag brp brk woz gebieden vergunningen bedingen inspecties vaststellingen meldingen corporaties bewoning``, and
    ``coa`` where a municipality declares its list of COA locations complete).
    """

    peildatum: date
    adresseerbare_objecten: pl.DataFrame
    bewoning: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BEWONING))
    relaties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RELATIES))
    inspecties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=INSPECTIES))
    vaststellingen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VASTSTELLINGEN))
    overdrachten: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OVERDRACHTEN))
    personen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PERSONEN))
    eigendom: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EIGENDOM))
    vergunningen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VERGUNNINGEN))
    bedingen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BEDINGEN))
    ontheffingen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ONTHEFFINGEN))
    woz_waarden: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WOZ_WAARDEN))
    bronnen: frozenset[str] = frozenset()


class CaseKind(StrEnum):
    """What a rule judges."""

    VERBLIJFSOBJECT = "verblijfsobject"
    OVERDRACHT = "overdracht"
    BEDING = "beding"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact column: its type, unit, meaning in Dutch and where it comes from.

    ``bronnen`` are the deliveries without which the fact is unknown; ``herkomst`` names the fact column that tells
    which source gave the value, where more than one can.
    """

    dtype: pl.DataType
    meaning: str
    source: str
    unit: str | None = None
    bronnen: frozenset[str] = frozenset()
    herkomst: str | None = None


def _fact(
    dtype: pl.DataType,
    meaning: str,
    source: str,
    *,
    unit: str | None = None,
    bronnen: tuple[str, ...] = (),
    herkomst: str | None = None,
) -> Fact:
    return Fact(dtype, meaning, source, unit, frozenset(bronnen), herkomst)


FACTS: dict[str, Fact] = {
    "gemeente": _fact(pl.String(), "gemeente waarin het object ligt", "BAG, gemeente-woonplaatsrelatie"),
    "peildatum": _fact(pl.Date(), "peildatum", "vraag"),
    "objecttype": _fact(pl.String(), "soort adresseerbaar object", "BAG", bronnen=("bag",)),
    "status": _fact(pl.String(), "status in de BAG", "BAG: status", bronnen=("bag",)),
    "woonfunctie": _fact(pl.Boolean(), "woonfunctie", "BAG: gebruiksdoel", bronnen=("bag",)),
    "soort": _fact(
        pl.String(), "woning of woonwagen", "BAG, vaststelling", bronnen=("bag",), herkomst="soort_herkomst"
    ),
    "soort_herkomst": _fact(pl.String(), "herkomst van de soort", "BAG, vaststelling"),
    "gebruiksoppervlakte": _fact(
        pl.Float64(),
        "gebruiksoppervlakte",
        "vaststelling, anders BAG, anders inspectie",
        unit="m2",
        herkomst="gebruiksoppervlakte_herkomst",
    ),
    "gebruiksoppervlakte_herkomst": _fact(pl.String(), "herkomst van de oppervlakte", "BAG, vaststelling, inspectie"),
    "oppervlakte_in_onderzoek": _fact(pl.Boolean(), "oppervlakte in onderzoek", "BAG: in onderzoek", bronnen=("bag",)),
    "coa_opvang": _fact(pl.Boolean(), "opvang van asielzoekers door het COA", "vaststelling of lijst van COA-locaties"),
    "bewoners_min": _fact(pl.Int64(), "zekere bewoners", "BRP", unit="personen", bronnen=("brp",)),
    "bewoners_max": _fact(pl.Int64(), "zekere en mogelijke bewoners", "BRP", unit="personen", bronnen=("brp",)),
    "bewoners_tegenstrijdig": _fact(
        pl.Int64(), "bewoners die ook elders zeker ingeschreven staan", "BRP", unit="personen", bronnen=("brp",)
    ),
    "bewoners_in_onderzoek": _fact(
        pl.Int64(), "bewoners met een adres in onderzoek", "BRP", unit="personen", bronnen=("brp",)
    ),
    "geteld": _fact(pl.Boolean(), "personen geteld bij een inspectie", "inspectie", bronnen=("inspecties",)),
    "inspectie": _fact(pl.String(), "inspectie", "inspectie", bronnen=("inspecties",)),
    "inspectie_datum": _fact(pl.Date(), "datum van de laatste telling", "inspectie", bronnen=("inspecties",)),
    "inspectie_personen": _fact(pl.Int64(), "getelde personen", "inspectie", unit="personen", bronnen=("inspecties",)),
    "inspectie_oppervlakte": _fact(
        pl.Float64(), "oppervlakte bij de telling", "inspectie, anders als oppervlakte", unit="m2"
    ),
    "inspectiedag_min": _fact(
        pl.Int64(), "zekere bewoners op de dag van de telling", "BRP", unit="personen", bronnen=("brp", "inspecties")
    ),
    "inspectiedag_max": _fact(
        pl.Int64(),
        "zekere en mogelijke bewoners op de dag van de telling",
        "BRP",
        unit="personen",
        bronnen=("brp", "inspecties"),
    ),
    "huishoudens": _fact(
        pl.Int64(),
        "vastgestelde huishoudens",
        "vaststelling, anders de laatste telling",
        unit="huishoudens",
        herkomst="huishoudens_herkomst",
    ),
    "huishoudens_herkomst": _fact(pl.String(), "herkomst van de huishoudens", "vaststelling, inspectie"),
}


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
        oppervlakte_in_onderzoek=pl.col("in_onderzoek").list.contains("oppervlakte"),
        peildatum=pl.lit(day),
    ).sort(OBJECT)
    if "bag" not in frames.bronnen:
        empty = ("objecttype", "status", "woonfunctie", "oppervlakte_bag", "oppervlakte_in_onderzoek")
        table = table.with_columns(pl.lit(None, dtype=table.schema[name]).alias(name) for name in empty)
    table = _with_vaststellingen(table, frames)
    table = _with_inspecties(table, frames)
    table = _with_bewoners(table, frames)
    table = table.with_columns(**_settled(known_coa="coa" in frames.bronnen))
    return table.with_columns(
        inspectie_oppervlakte=pl.when(pl.col("geteld")).then(
            pl.coalesce("inspectie_gemeten_oppervlakte", "gebruiksoppervlakte")
        )
    ).select(OBJECT, *FACTS)


def _with_vaststellingen(table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    rows, day = frames.vaststellingen, frames.peildatum
    for part in (
        established_flag(rows, "coa_opvang", day, "coa"),
        established_flag(rows, "woonwagen", day, "woonwagen"),
        established_flag(rows, "gezamenlijk_huishouden", day, "gezamenlijk"),
        established_number(rows, "gemeten_oppervlakte", day, "gemeten"),
        established_number(rows, "huishoudens", day, "huishoudens_vastgesteld"),
    ):
        table = table.join(part, on=OBJECT, how="left", maintain_order="left")
    return table


def _with_inspecties(table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    known = "inspecties" in frames.bronnen
    rows = frames.inspecties if known else frames.inspecties.clear()
    counts = newest_count(rows, frames.peildatum)
    for part in (counts, newest_measurement(rows, frames.peildatum), registered_at(counts, frames.bewoning)):
        table = table.join(part, on=OBJECT, how="left", maintain_order="left")
    geteld = pl.col("inspectie").is_not_null() if known else pl.lit(None, dtype=pl.Boolean)
    return table.with_columns(geteld=geteld)


def _with_bewoners(table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    names = ("bewoners_min", "bewoners_max", "bewoners_tegenstrijdig", "bewoners_in_onderzoek")
    if "brp" not in frames.bronnen:
        unknown = (*names, "inspectiedag_min", "inspectiedag_max")
        return table.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in unknown)
    counts = count_bewoners(frames.bewoning, frames.peildatum)
    return table.join(counts, on=OBJECT, how="left", maintain_order="left").with_columns(pl.col(*names).fill_null(0))


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
DERIVATIONS: dict[CaseKind, Callable[[RecordFrames], pl.DataFrame]] = {
    CaseKind.VERBLIJFSOBJECT: derive_verblijfsobject_facts,
}
