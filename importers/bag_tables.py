"""What the elements of an LVBAG extract mean: one table per document kind, used by both extractors.

Paths are written with the prefixes of the schemas (LVBAG 2.1.0, 20200601) and start below the row element. A column
is ``one`` text, or a ``list`` of texts because the element repeats (itself, or the references in one wrapper).
"""

from dataclasses import replace
from enum import StrEnum

from importers.bag_fields import Field, Form, Table
from importers.records import (
    BAG_IN_ONDERZOEK,
    GEMEENTE_WOONPLAATSEN,
    LIGPLAATSEN,
    NUMMERAANDUIDINGEN,
    OPENBARE_RUIMTEN,
    PANDEN,
    STANDPLAATSEN,
    VERBLIJFSOBJECTEN,
    WOONPLAATSEN,
    RecordType,
)
from registry.domain.value_lists import (
    Gebruiksdoel,
    StatusGemeenteWoonplaats,
    StatusNaamgeving,
    StatusPand,
    StatusPlaats,
    StatusVerblijfsobject,
    StatusWoonplaats,
    TypeAdresseerbaarObject,
    TypeOpenbareRuimte,
)

_WOONPLAATS_ID = r"^[0-9]{4}$"
_KENMERKEN = {
    "WPL": ("naam", "geometrie", "status"),
    "OPR": ("naam", "type", "status", "ligt in"),
    "NUM": (
        "huisnummer",
        "huisletter",
        "huisnummertoevoeging",
        "postcode",
        "type adresseerbaar object",
        "status",
        "ligt in",
        "ligt aan",
    ),
    "VBO": (
        "geometrie",
        "gebruiksdoel",
        "oppervlakte",
        "status",
        "maakt deel uit van",
        "heeft als hoofdadres",
        "heeft als nevenadres",
    ),
    "LIG": ("geometrie", "status", "heeft als hoofdadres", "heeft als nevenadres"),
    "STA": ("geometrie", "status", "heeft als hoofdadres", "heeft als nevenadres"),
    "PND": ("geometrie", "oorspronkelijk bouwjaar", "status"),
}


def _texts(values: type[StrEnum]) -> tuple[str, ...]:
    """A value list as plain texts: Polars would take members for an Enum column."""
    return tuple(member.value for member in values)


def _id(objecttype: str) -> str:
    """Pattern of an identificatie: gemeente of registration, objecttype, volgnummer (BAG catalogus)."""
    return rf"^[0-9]{{4}}{objecttype}[0-9]{{10}}$"


def _voorkomen() -> dict[str, Field]:
    block = "Objecten:voorkomen/Historie:Voorkomen/Historie:"
    lv = f"{block}BeschikbaarLV/Historie:"
    return {
        "valid_from": Field(f"{block}beginGeldigheid", Form.DATE),
        "valid_until": Field(f"{block}eindGeldigheid", Form.DATE, optional=True),
        "tijdstip_registratie": Field(f"{block}tijdstipRegistratie", Form.MOMENT),
        "eind_registratie": Field(f"{block}eindRegistratie", Form.MOMENT, optional=True),
        "tijdstip_inactief": Field(f"{block}tijdstipInactief", Form.MOMENT, optional=True),
        "tijdstip_registratie_lv": Field(f"{lv}tijdstipRegistratieLV", Form.MOMENT),
        "tijdstip_eind_registratie_lv": Field(f"{lv}tijdstipEindRegistratieLV", Form.MOMENT, optional=True),
        "tijdstip_inactief_lv": Field(f"{lv}tijdstipInactiefLV", Form.MOMENT, optional=True),
        "tijdstip_niet_bag_lv": Field(f"{lv}tijdstipNietBagLV", Form.MOMENT, optional=True),
    }


def _object(
    code: str,
    element: str,
    record: RecordType,
    pattern: str,
    status: type[StrEnum],
    *,
    geometry: bool = False,
    **own: Field,
) -> Table:
    fields = {
        record.key[0]: Field("Objecten:identificatie", pattern=pattern),
        "voorkomen": Field("Objecten:voorkomen/Historie:Voorkomen/Historie:voorkomenidentificatie", Form.NUMBER, low=1),
        "status": Field("Objecten:status", values=_texts(status)),
        **own,
        "geconstateerd": Field("Objecten:geconstateerd", Form.FLAG),
        "documentdatum": Field("Objecten:documentdatum", Form.DATE),
        "documentnummer": Field("Objecten:documentnummer"),
        **_voorkomen(),
    }
    return Table(
        code,
        record,
        "sl-bag-extract:bagStand/sl:standBestand",
        "sl:stand",
        f"sl-bag-extract:bagObject/Objecten:{element}",
        fields,
        geometry=geometry,
    )


def _adressen() -> dict[str, Field]:
    reference = "Objecten-ref:NummeraanduidingRef"
    return {
        "hoofdadres_id": Field(f"Objecten:heeftAlsHoofdadres/{reference}", pattern=_id("20")),
        "nevenadres_ids": Field(
            f"Objecten:heeftAlsNevenadres/{reference}", many=True, pattern=_id("20"), optional=True
        ),
    }


_WOONPLAATS = Field("Objecten:ligtIn/Objecten-ref:WoonplaatsRef", pattern=_WOONPLAATS_ID)

OBJECTS: tuple[Table, ...] = (
    _object(
        "WPL",
        "Woonplaats",
        WOONPLAATSEN,
        _WOONPLAATS_ID,
        StatusWoonplaats,
        geometry=True,
        naam=Field("Objecten:naam"),
    ),
    _object(
        "OPR",
        "OpenbareRuimte",
        OPENBARE_RUIMTEN,
        _id("30"),
        StatusNaamgeving,
        naam=Field("Objecten:naam"),
        verkorte_naam=Field(
            "Objecten:verkorteNaam/nen5825:VerkorteNaamOpenbareRuimte/nen5825:verkorteNaam", optional=True
        ),
        type=Field("Objecten:type", values=_texts(TypeOpenbareRuimte)),
        woonplaats_id=_WOONPLAATS,
    ),
    _object(
        "NUM",
        "Nummeraanduiding",
        NUMMERAANDUIDINGEN,
        _id("20"),
        StatusNaamgeving,
        huisnummer=Field("Objecten:huisnummer", Form.NUMBER, low=1, high=99_999),
        huisletter=Field("Objecten:huisletter", pattern="^[A-Za-z]$", optional=True),
        huisnummertoevoeging=Field("Objecten:huisnummertoevoeging", pattern="^[0-9A-Za-z]{1,4}$", optional=True),
        postcode=Field("Objecten:postcode", pattern="^[1-9][0-9]{3}[A-Z]{2}$", optional=True),
        type_adresseerbaar_object=Field("Objecten:typeAdresseerbaarObject", values=_texts(TypeAdresseerbaarObject)),
        openbare_ruimte_id=Field("Objecten:ligtAan/Objecten-ref:OpenbareRuimteRef", pattern=_id("30")),
        woonplaats_id=replace(_WOONPLAATS, optional=True),
    ),
    _object(
        "PND",
        "Pand",
        PANDEN,
        _id("10"),
        StatusPand,
        geometry=True,
        oorspronkelijk_bouwjaar=Field("Objecten:oorspronkelijkBouwjaar", Form.NUMBER, high=9999),
    ),
    _object(
        "VBO",
        "Verblijfsobject",
        VERBLIJFSOBJECTEN,
        _id("01"),
        StatusVerblijfsobject,
        geometry=True,
        **_adressen(),
        gebruiksdoelen=Field("Objecten:gebruiksdoel", many=True, values=_texts(Gebruiksdoel)),
        oppervlakte=Field("Objecten:oppervlakte", Form.NUMBER, low=1, high=999_999),
        pand_ids=Field("Objecten:maaktDeelUitVan/Objecten-ref:PandRef", many=True, pattern=_id("10")),
    ),
    _object("LIG", "Ligplaats", LIGPLAATSEN, _id("02"), StatusPlaats, geometry=True, **_adressen()),
    _object("STA", "Standplaats", STANDPLAATSEN, _id("03"), StatusPlaats, geometry=True, **_adressen()),
)
"""The seven object types, in the order in which they are read: what is referred to comes first."""


def _in_onderzoek(code: str, element: str, objecttype: str, pattern: str) -> Table:
    own = "KenmerkInOnderzoek:"
    block = f"{own}historieInOnderzoek/Historie:HistorieInOnderzoek/Historie:"
    lv = f"{block}BeschikbaarLVInOnderzoek/Historie:"
    return Table(
        f"IO{code}",
        BAG_IN_ONDERZOEK,
        "sl-bag-extract:bagStand/sl:standBestand",
        "sl:stand",
        f"sl-bag-extract:kenmerkInOnderzoek/{own}Kenmerk{element}InOnderzoek",
        {
            "object_id": Field(f"{own}identificatieVan{element}", pattern=pattern),
            "kenmerk": Field(f"{own}kenmerk", values=_KENMERKEN[code]),
            "in_onderzoek": Field(f"{own}inOnderzoek", Form.FLAG),
            "documentdatum": Field(f"{own}documentdatum", Form.DATE),
            "documentnummer": Field(f"{own}documentnummer"),
            "valid_from": Field(f"{block}beginGeldigheid", Form.DATE),
            "valid_until": Field(f"{block}eindGeldigheid", Form.DATE, optional=True),
            "tijdstip_registratie": Field(f"{block}tijdstipRegistratie", Form.MOMENT),
            "eind_registratie": Field(f"{block}eindRegistratie", Form.MOMENT, optional=True),
            "tijdstip_registratie_lv": Field(f"{lv}tijdstipRegistratieLV", Form.MOMENT),
            "tijdstip_eind_registratie_lv": Field(f"{lv}tijdstipEindRegistratieLV", Form.MOMENT, optional=True),
        },
        {"objecttype": objecttype},
    )


IN_ONDERZOEK: tuple[Table, ...] = (
    _in_onderzoek("WPL", "Woonplaats", "woonplaats", _WOONPLAATS_ID),
    # The schema writes a small r in this one name only.
    _in_onderzoek("OPR", "Openbareruimte", "openbare_ruimte", _id("30")),
    _in_onderzoek("NUM", "Nummeraanduiding", "nummeraanduiding", _id("20")),
    _in_onderzoek("PND", "Pand", "pand", _id("10")),
    _in_onderzoek("VBO", "Verblijfsobject", "verblijfsobject", _id("01")),
    _in_onderzoek("LIG", "Ligplaats", "ligplaats", _id("02")),
    _in_onderzoek("STA", "Standplaats", "standplaats", _id("03")),
)

GEM_WPL = Table(
    "GEM-WPL",
    GEMEENTE_WOONPLAATSEN,
    "gwr-bestand:BAG-GWR-Deelbestand-LVC/gwr-bestand:Product/gwr-product:GemeenteWoonplaatsRelatieProduct",
    "gwr-product:GemeenteWoonplaatsRelatie",
    "",
    {
        "woonplaats_id": Field("gwr-product:gerelateerdeWoonplaats/gwr-product:identificatie", pattern=_WOONPLAATS_ID),
        "gemeente_code": Field("gwr-product:gerelateerdeGemeente/gwr-product:identificatie", pattern="^[0-9]{4}$"),
        "status": Field("gwr-product:status", values=_texts(StatusGemeenteWoonplaats)),
        "valid_from": Field("gwr-product:tijdvakgeldigheid/bagtypes:begindatumTijdvakGeldigheid", Form.DATE),
        "valid_until": Field(
            "gwr-product:tijdvakgeldigheid/bagtypes:einddatumTijdvakGeldigheid", Form.DATE, optional=True
        ),
    },
)

TABLES: dict[str, Table] = {table.code: table for table in (GEM_WPL, *OBJECTS, *IN_ONDERZOEK)}
"""Every document kind that is loaded, by the code in its file name, in reading order."""
