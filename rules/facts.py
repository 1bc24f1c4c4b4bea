"""Derives every fact column from record frames: the only place that does, for the registry and for scenarios alike."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

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
    (``bag brp brk woz gebieden vergunningen bedingen inspecties vaststellingen``, and ``coa`` where a municipality
    declares its list of COA locations complete).
    """

    peildatum: date
    adresseerbare_objecten: pl.DataFrame
    bewoning: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BEWONING))
    relaties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RELATIES))
    inspecties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=INSPECTIES))
    vaststellingen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VASTSTELLINGEN))
    bronnen: frozenset[str] = frozenset()
