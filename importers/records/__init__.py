"""The frame schemas that importers give out, by source."""

from importers.records.aangewezen_gebieden import AANGEWEZEN_GEBIEDEN
from importers.records.bag import (
    BAG_IN_ONDERZOEK,
    GEMEENTE_WOONPLAATSEN,
    LIGPLAATSEN,
    NUMMERAANDUIDINGEN,
    OPENBARE_RUIMTEN,
    PANDEN,
    STANDPLAATSEN,
    VERBLIJFSOBJECTEN,
    WOONPLAATSEN,
)
from importers.records.base import PROVENANCE, Batch, Column, Delivery, Protection, RecordType
from importers.records.bedingen import BEDINGEN, ONTHEFFINGEN
from importers.records.bewoning import GELEVERDE_BEWONERS, GELEVERDE_BEWONINGEN
from importers.records.bezoeken import BEZOEKREDENEN, FOTOS
from importers.records.brk import (
    CORPORATIES,
    KADASTRALE_ADRESSEN,
    KADASTRALE_OBJECTEN,
    OVERDRACHTEN,
    RECHTHEBBENDEN,
    TENAAMSTELLINGEN,
)
from importers.records.brp import PERSOONSLIJSTEN, VERBLIJVEN
from importers.records.field import INSPECTIES, VASTSTELLINGEN, address_columns
from importers.records.gebieden import GEBIEDEN
from importers.records.meldingen import MELDINGEN
from importers.records.relaties import RELATIES
from importers.records.vergunningen import VERGUNNINGEN
from importers.records.woz import WOZ_WAARDEN

RECORD_TYPES: dict[str, RecordType] = {
    record.name: record
    for record in (
        WOONPLAATSEN,
        OPENBARE_RUIMTEN,
        NUMMERAANDUIDINGEN,
        VERBLIJFSOBJECTEN,
        LIGPLAATSEN,
        STANDPLAATSEN,
        PANDEN,
        BAG_IN_ONDERZOEK,
        GEMEENTE_WOONPLAATSEN,
        GEBIEDEN,
        KADASTRALE_OBJECTEN,
        KADASTRALE_ADRESSEN,
        RECHTHEBBENDEN,
        TENAAMSTELLINGEN,
        OVERDRACHTEN,
        CORPORATIES,
        PERSOONSLIJSTEN,
        VERBLIJVEN,
        INSPECTIES,
        BEZOEKREDENEN,
        FOTOS,
        VASTSTELLINGEN,
        VERGUNNINGEN,
        BEDINGEN,
        ONTHEFFINGEN,
        MELDINGEN,
        AANGEWEZEN_GEBIEDEN,
        WOZ_WAARDEN,
        RELATIES,
        GELEVERDE_BEWONINGEN,
        GELEVERDE_BEWONERS,
    )
}

__all__ = [
    "AANGEWEZEN_GEBIEDEN",
    "BAG_IN_ONDERZOEK",
    "BEDINGEN",
    "BEZOEKREDENEN",
    "CORPORATIES",
    "FOTOS",
    "GEBIEDEN",
    "GELEVERDE_BEWONERS",
    "GELEVERDE_BEWONINGEN",
    "GEMEENTE_WOONPLAATSEN",
    "INSPECTIES",
    "KADASTRALE_ADRESSEN",
    "KADASTRALE_OBJECTEN",
    "LIGPLAATSEN",
    "MELDINGEN",
    "NUMMERAANDUIDINGEN",
    "ONTHEFFINGEN",
    "OPENBARE_RUIMTEN",
    "OVERDRACHTEN",
    "PANDEN",
    "PERSOONSLIJSTEN",
    "PROVENANCE",
    "RECHTHEBBENDEN",
    "RECORD_TYPES",
    "RELATIES",
    "STANDPLAATSEN",
    "TENAAMSTELLINGEN",
    "VASTSTELLINGEN",
    "VERBLIJFSOBJECTEN",
    "VERBLIJVEN",
    "VERGUNNINGEN",
    "WOONPLAATSEN",
    "WOZ_WAARDEN",
    "Batch",
    "Column",
    "Delivery",
    "Protection",
    "RecordType",
    "address_columns",
]
