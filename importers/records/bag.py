"""Records of the BAG: LVBAG Extract 2.0, every voorkomen of every object."""

from importers.records.base import BOOL, DATE, INT, LIST, MOMENT, TEXT, WKB, Column, RecordType


def _bag(source: str, **own: Column) -> dict[str, Column]:
    """The columns that every BAG voorkomen has, around its own ones (LVBAG Extract 2.0, Historie:Voorkomen)."""
    key = f"{source}_id"
    return {
        key: Column(TEXT, "identificatie", "BAG: identificatie", required=True),
        "voorkomen": Column(INT, "volgnummer van het voorkomen", "BAG: voorkomenidentificatie", required=True),
        "status": Column(TEXT, "status", "BAG: status", required=True),
        **own,
        "geconstateerd": Column(BOOL, "geconstateerd", "BAG: geconstateerd"),
        "documentdatum": Column(DATE, "datum van het brondocument", "BAG: documentdatum"),
        "documentnummer": Column(TEXT, "nummer van het brondocument", "BAG: documentnummer"),
        "valid_from": Column(DATE, "begin van de geldigheid", "BAG: beginGeldigheid", required=True),
        "valid_until": Column(DATE, "eind van de geldigheid (niet meegerekend)", "BAG: eindGeldigheid"),
        "tijdstip_registratie": Column(MOMENT, "registratie bij de bronhouder", "BAG: tijdstipRegistratie"),
        "eind_registratie": Column(MOMENT, "eind van de registratie", "BAG: eindRegistratie"),
        "tijdstip_inactief": Column(MOMENT, "inactief gemaakt", "BAG: tijdstipInactief"),
        "tijdstip_registratie_lv": Column(MOMENT, "registratie bij de LV", "BAG: tijdstipRegistratieLV"),
        "tijdstip_eind_registratie_lv": Column(MOMENT, "eind bij de LV", "BAG: tijdstipEindRegistratieLV"),
        "tijdstip_inactief_lv": Column(MOMENT, "inactief bij de LV", "BAG: tijdstipInactiefLV"),
        "tijdstip_niet_bag_lv": Column(MOMENT, "geen BAG-object", "BAG: tijdstipNietBagLV"),
    }


def _bag_record(name: str, noun: str, **own: Column) -> RecordType:
    return RecordType(name, (f"{noun}_id", "voorkomen"), _bag(noun, **own))


def _adresseerbaar(name: str, noun: str, **own: Column) -> RecordType:
    return _bag_record(
        name,
        noun,
        hoofdadres_id=Column(TEXT, "nummeraanduiding van het hoofdadres", "BAG: heeftAlsHoofdadres", required=True),
        nevenadres_ids=Column(LIST, "nummeraanduidingen van de nevenadressen", "BAG: heeftAlsNevenadres"),
        geometrie=Column(WKB, "punt of vlak (RD)", "BAG: geometrie"),
        **own,
    )


WOONPLAATSEN = _bag_record(
    "woonplaatsen",
    "woonplaats",
    naam=Column(TEXT, "naam", "BAG: naam", required=True),
    geometrie=Column(WKB, "vlak (RD)", "BAG: geometrie"),
)
OPENBARE_RUIMTEN = _bag_record(
    "openbare_ruimten",
    "openbare_ruimte",
    naam=Column(TEXT, "naam", "BAG: naam", required=True),
    verkorte_naam=Column(TEXT, "naam in ten hoogste 24 tekens", "BAG: verkorteNaam"),
    type=Column(TEXT, "type", "BAG: type"),
    woonplaats_id=Column(TEXT, "woonplaats", "BAG: ligtIn"),
)
NUMMERAANDUIDINGEN = _bag_record(
    "nummeraanduidingen",
    "nummeraanduiding",
    huisnummer=Column(INT, "huisnummer", "BAG: huisnummer", required=True),
    huisletter=Column(TEXT, "huisletter", "BAG: huisletter"),
    huisnummertoevoeging=Column(TEXT, "huisnummertoevoeging", "BAG: huisnummertoevoeging"),
    postcode=Column(TEXT, "postcode", "BAG: postcode"),
    type_adresseerbaar_object=Column(TEXT, "type", "BAG: typeAdresseerbaarObject"),
    openbare_ruimte_id=Column(TEXT, "openbare ruimte", "BAG: ligtAan"),
    woonplaats_id=Column(TEXT, "eigen woonplaats; gaat voor die van de openbare ruimte", "BAG: ligtIn"),
)
VERBLIJFSOBJECTEN = _adresseerbaar(
    "verblijfsobjecten",
    "verblijfsobject",
    gebruiksdoelen=Column(LIST, "gebruiksdoelen", "BAG: gebruiksdoel"),
    oppervlakte=Column(INT, "gebruiksoppervlakte in m2, zoals geleverd", "BAG: oppervlakte"),
    pand_ids=Column(LIST, "panden", "BAG: maaktDeelUitVan"),
)
LIGPLAATSEN = _adresseerbaar("ligplaatsen", "ligplaats")
STANDPLAATSEN = _adresseerbaar("standplaatsen", "standplaats")
PANDEN = _bag_record(
    "panden",
    "pand",
    oorspronkelijk_bouwjaar=Column(INT, "bouwjaar, zoals geleverd", "BAG: oorspronkelijkBouwjaar"),
    geometrie=Column(WKB, "vlak (RD, zonder z)", "BAG: geometrie"),
)
BAG_IN_ONDERZOEK = RecordType(
    "bag_in_onderzoek",
    ("object_id", "kenmerk", "valid_from", "tijdstip_registratie"),
    {
        "object_id": Column(TEXT, "identificatie van het object", "BAG: identificatieVan…", required=True),
        "objecttype": Column(TEXT, "verblijfsobject, pand, nummeraanduiding, …", "", required=True),
        "kenmerk": Column(TEXT, "onderzocht kenmerk", "BAG: kenmerk", required=True),
        "in_onderzoek": Column(BOOL, "in onderzoek", "BAG: inOnderzoek", required=True),
        "documentdatum": Column(DATE, "datum van het brondocument", "BAG: documentdatum"),
        "documentnummer": Column(TEXT, "nummer van het brondocument", "BAG: documentnummer"),
        "valid_from": Column(DATE, "begin van de geldigheid", "BAG: beginGeldigheid", required=True),
        "valid_until": Column(DATE, "eind van de geldigheid", "BAG: eindGeldigheid"),
        "tijdstip_registratie": Column(MOMENT, "registratie", "BAG: tijdstipRegistratie", required=True),
        "eind_registratie": Column(MOMENT, "eind van de registratie", "BAG: eindRegistratie"),
        "tijdstip_registratie_lv": Column(MOMENT, "registratie bij de LV", "BAG: tijdstipRegistratieLV"),
        "tijdstip_eind_registratie_lv": Column(MOMENT, "eind bij de LV", "BAG: tijdstipEindRegistratieLV"),
    },
)
GEMEENTE_WOONPLAATSEN = RecordType(
    "gemeente_woonplaatsen",
    ("woonplaats_id", "gemeente_code", "valid_from"),
    {
        "woonplaats_id": Column(TEXT, "woonplaats", "GEM-WPL: gerelateerdeWoonplaats", required=True),
        "gemeente_code": Column(TEXT, "gemeentecode van vier cijfers", "GEM-WPL: gerelateerdeGemeente", required=True),
        "status": Column(TEXT, "definitief of voorlopig", "GEM-WPL: status", required=True),
        "valid_from": Column(DATE, "begin", "GEM-WPL: begindatumTijdvakGeldigheid", required=True),
        "valid_until": Column(DATE, "eind", "GEM-WPL: einddatumTijdvakGeldigheid"),
    },
)
