"""The frame schemas that importers give out: batches of Polars frames, no object per row.

A record type names its key, its columns and where each column comes from. The store has one table per record type
with the same column names, so that nothing is renamed on the way. Every frame also carries ``PROVENANCE``.

Dates are Polars ``Date``; an incomplete date of the BRP stays text (``YYYYMMDD`` with zeros) beside it. Periods are
half-open: ``valid_from`` up to, not including, ``valid_until``; null is open. Geometry is WKB in EPSG:28992.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import polars as pl

PROVENANCE: dict[str, pl.DataType] = {
    "source_file": pl.String(),  # member of a zip, sheet of a workbook, or the file itself
    "source_row": pl.Int64(),  # line (text), row (sheet) or ordinal of the record in the member (xml), from 1
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a record: type, meaning in Dutch, unit and catalogue item."""

    dtype: pl.DataType
    meaning: str
    source: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of record. ``key`` identifies a record within the registry; ``columns`` include the key."""

    name: str
    key: tuple[str, ...]
    columns: dict[str, Column]

    @property
    def schema(self) -> pl.Schema:
        """Columns and types of a frame of this type, provenance included, in order."""
        return pl.Schema({name: column.dtype for name, column in self.columns.items()} | PROVENANCE)

    def empty(self) -> pl.DataFrame:
        """A frame of this type without rows."""
        return pl.DataFrame(schema=self.schema)


@dataclass(frozen=True, slots=True)
class Batch:
    """A part of a delivery: rows that fit, what was wrong, and how many source rows were read for it.

    ``issues`` has the schema of ``importers.issues.ISSUE``.
    """

    record: RecordType
    frame: pl.DataFrame
    issues: pl.DataFrame
    read: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an importer makes of one file: what the file says of itself, and its batches as a stream.

    ``area`` holds the gemeente codes (``0606``) that the delivery claims to cover, when it says so.
    """

    leverdatum: date | None
    batches: Iterator[Batch]
    area: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


_TEXT = pl.String()
_INT = pl.Int64()
_DATE = pl.Date()
_MOMENT = pl.Datetime("us")
_BOOL = pl.Boolean()
_LIST = pl.List(pl.String())
_WKB = pl.Binary()


def _bag(source: str, **own: Column) -> dict[str, Column]:
    """The columns that every BAG voorkomen has, around its own ones (LVBAG Extract 2.0, Historie:Voorkomen)."""
    key = f"{source}_id"
    return {
        key: Column(_TEXT, "identificatie", "BAG: identificatie", required=True),
        "voorkomen": Column(_INT, "volgnummer van het voorkomen", "BAG: voorkomenidentificatie", required=True),
        "status": Column(_TEXT, "status", "BAG: status", required=True),
        **own,
        "geconstateerd": Column(_BOOL, "geconstateerd", "BAG: geconstateerd"),
        "documentdatum": Column(_DATE, "datum van het brondocument", "BAG: documentdatum"),
        "documentnummer": Column(_TEXT, "nummer van het brondocument", "BAG: documentnummer"),
        "valid_from": Column(_DATE, "begin van de geldigheid", "BAG: beginGeldigheid", required=True),
        "valid_until": Column(_DATE, "eind van de geldigheid (niet meegerekend)", "BAG: eindGeldigheid"),
        "tijdstip_registratie": Column(_MOMENT, "registratie bij de bronhouder", "BAG: tijdstipRegistratie"),
        "eind_registratie": Column(_MOMENT, "eind van de registratie", "BAG: eindRegistratie"),
        "tijdstip_inactief": Column(_MOMENT, "inactief gemaakt", "BAG: tijdstipInactief"),
        "tijdstip_registratie_lv": Column(_MOMENT, "registratie bij de LV", "BAG: tijdstipRegistratieLV"),
        "tijdstip_eind_registratie_lv": Column(_MOMENT, "eind bij de LV", "BAG: tijdstipEindRegistratieLV"),
        "tijdstip_inactief_lv": Column(_MOMENT, "inactief bij de LV", "BAG: tijdstipInactiefLV"),
        "tijdstip_niet_bag_lv": Column(_MOMENT, "geen BAG-object", "BAG: tijdstipNietBagLV"),
    }


def _bag_record(name: str, noun: str, **own: Column) -> RecordType:
    return RecordType(name, (f"{noun}_id", "voorkomen"), _bag(noun, **own))


def _adresseerbaar(name: str, noun: str, **own: Column) -> RecordType:
    return _bag_record(
        name,
        noun,
        hoofdadres_id=Column(_TEXT, "nummeraanduiding van het hoofdadres", "BAG: heeftAlsHoofdadres", required=True),
        nevenadres_ids=Column(_LIST, "nummeraanduidingen van de nevenadressen", "BAG: heeftAlsNevenadres"),
        geometrie=Column(_WKB, "punt of vlak (RD)", "BAG: geometrie"),
        **own,
    )


WOONPLAATSEN = _bag_record(
    "woonplaatsen",
    "woonplaats",
    naam=Column(_TEXT, "naam", "BAG: naam", required=True),
    geometrie=Column(_WKB, "vlak (RD)", "BAG: geometrie"),
)
OPENBARE_RUIMTEN = _bag_record(
    "openbare_ruimten",
    "openbare_ruimte",
    naam=Column(_TEXT, "naam", "BAG: naam", required=True),
    verkorte_naam=Column(_TEXT, "naam in ten hoogste 24 tekens", "BAG: verkorteNaam"),
    type=Column(_TEXT, "type", "BAG: type"),
    woonplaats_id=Column(_TEXT, "woonplaats", "BAG: ligtIn"),
)
NUMMERAANDUIDINGEN = _bag_record(
    "nummeraanduidingen",
    "nummeraanduiding",
    huisnummer=Column(_INT, "huisnummer", "BAG: huisnummer", required=True),
    huisletter=Column(_TEXT, "huisletter", "BAG: huisletter"),
    huisnummertoevoeging=Column(_TEXT, "huisnummertoevoeging", "BAG: huisnummertoevoeging"),
    postcode=Column(_TEXT, "postcode", "BAG: postcode"),
    type_adresseerbaar_object=Column(_TEXT, "type", "BAG: typeAdresseerbaarObject"),
    openbare_ruimte_id=Column(_TEXT, "openbare ruimte", "BAG: ligtAan"),
    woonplaats_id=Column(_TEXT, "eigen woonplaats; gaat voor die van de openbare ruimte", "BAG: ligtIn"),
)
VERBLIJFSOBJECTEN = _adresseerbaar(
    "verblijfsobjecten",
    "verblijfsobject",
    gebruiksdoelen=Column(_LIST, "gebruiksdoelen", "BAG: gebruiksdoel"),
    oppervlakte=Column(_INT, "gebruiksoppervlakte in m2, zoals geleverd", "BAG: oppervlakte"),
    pand_ids=Column(_LIST, "panden", "BAG: maaktDeelUitVan"),
)
LIGPLAATSEN = _adresseerbaar("ligplaatsen", "ligplaats")
STANDPLAATSEN = _adresseerbaar("standplaatsen", "standplaats")
PANDEN = _bag_record(
    "panden",
    "pand",
    oorspronkelijk_bouwjaar=Column(_INT, "bouwjaar, zoals geleverd", "BAG: oorspronkelijkBouwjaar"),
    geometrie=Column(_WKB, "vlak (RD, zonder z)", "BAG: geometrie"),
)
BAG_IN_ONDERZOEK = RecordType(
    "bag_in_onderzoek",
    ("object_id", "kenmerk", "valid_from", "tijdstip_registratie"),
    {
        "object_id": Column(_TEXT, "identificatie van het object", "BAG: identificatieVan…", required=True),
        "objecttype": Column(_TEXT, "verblijfsobject, pand, nummeraanduiding, …", "", required=True),
        "kenmerk": Column(_TEXT, "onderzocht kenmerk", "BAG: kenmerk", required=True),
        "in_onderzoek": Column(_BOOL, "in onderzoek", "BAG: inOnderzoek", required=True),
        "documentdatum": Column(_DATE, "datum van het brondocument", "BAG: documentdatum"),
        "documentnummer": Column(_TEXT, "nummer van het brondocument", "BAG: documentnummer"),
        "valid_from": Column(_DATE, "begin van de geldigheid", "BAG: beginGeldigheid", required=True),
        "valid_until": Column(_DATE, "eind van de geldigheid", "BAG: eindGeldigheid"),
        "tijdstip_registratie": Column(_MOMENT, "registratie", "BAG: tijdstipRegistratie", required=True),
        "eind_registratie": Column(_MOMENT, "eind van de registratie", "BAG: eindRegistratie"),
        "tijdstip_registratie_lv": Column(_MOMENT, "registratie bij de LV", "BAG: tijdstipRegistratieLV"),
        "tijdstip_eind_registratie_lv": Column(_MOMENT, "eind bij de LV", "BAG: tijdstipEindRegistratieLV"),
    },
)
GEMEENTE_WOONPLAATSEN = RecordType(
    "gemeente_woonplaatsen",
    ("woonplaats_id", "gemeente_code", "valid_from", "status"),
    {
        "woonplaats_id": Column(_TEXT, "woonplaats", "GEM-WPL: gerelateerdeWoonplaats", required=True),
        "gemeente_code": Column(_TEXT, "gemeentecode van vier cijfers", "GEM-WPL: gerelateerdeGemeente", required=True),
        "status": Column(_TEXT, "definitief of voorlopig", "GEM-WPL: status", required=True),
        "valid_from": Column(_DATE, "begin", "GEM-WPL: begindatumTijdvakGeldigheid", required=True),
        "valid_until": Column(_DATE, "eind", "GEM-WPL: einddatumTijdvakGeldigheid"),
    },
)

GEBIEDEN = RecordType(
    "gebieden",
    ("gebied_code", "valid_from"),
    {
        "gebied_code": Column(_TEXT, "code, bijvoorbeeld BU06060101", "CBS: buurtcode, wijkcode", required=True),
        "soort": Column(_TEXT, "gemeente, wijk, buurt of eigen", "", required=True),
        "naam": Column(_TEXT, "naam", "", required=True),
        "bovenliggend_code": Column(_TEXT, "wijk van de buurt, gemeente van de wijk", ""),
        "jaar": Column(_INT, "jaar van de indeling", ""),
        "geometrie": Column(_WKB, "vlak (RD)", "", required=True),
        "valid_from": Column(_DATE, "begin", "", required=True),
        "valid_until": Column(_DATE, "eind", ""),
    },
)

PERSOONSLIJSTEN = RecordType(
    "persoonslijsten",
    ("persoonslijst",),
    {
        "persoonslijst": Column(
            _TEXT,
            "vaste sleutel van de persoonslijst: A-nummer, anders BSN, anders bron-id",
            "LO BRP 01.01.10",
            required=True,
        ),
        "a_nummer": Column(_TEXT, "A-nummer", "LO BRP 01.01.10"),
        "bsn": Column(_TEXT, "burgerservicenummer", "LO BRP 01.01.20"),
        "voornamen": Column(_TEXT, "voornamen", "LO BRP 01.02.10"),
        "voorvoegsel": Column(_TEXT, "voorvoegsel geslachtsnaam", "LO BRP 01.02.30"),
        "geslachtsnaam": Column(_TEXT, "geslachtsnaam", "LO BRP 01.02.40"),
        "geboortedatum": Column(_TEXT, "geboortedatum, mogelijk onvolledig (JJJJMMDD)", "LO BRP 01.03.10"),
        "datum_opschorting": Column(_TEXT, "datum opschorting bijhouding, mogelijk onvolledig", "LO BRP 07.67.10"),
        "reden_opschorting": Column(_TEXT, "O E M R F W of .", "LO BRP 07.67.20"),
        "indicatie_geheim": Column(_INT, "0 tot en met 7", "LO BRP 07.70.10"),
    },
)
VERBLIJVEN = RecordType(
    "verblijven",
    ("persoonslijst", "volgnummer"),
    {
        "persoonslijst": Column(_TEXT, "sleutel van de persoonslijst", "LO BRP 01.01.10", required=True),
        "volgnummer": Column(
            _INT, "0 = actueel (08), 1 = het vorige verblijf (58), en zo verder terug", "", required=True
        ),
        "gemeente_van_inschrijving": Column(_TEXT, "vier cijfers; 1999 = RNI", "LO BRP 08.09.10"),
        "functie_adres": Column(_TEXT, "W woonadres, B briefadres", "LO BRP 08.10.10"),
        "datum_aanvang_adreshouding": Column(_TEXT, "mogelijk onvolledig (JJJJMMDD)", "LO BRP 08.10.30"),
        "datum_aanvang_buitenland": Column(_TEXT, "mogelijk onvolledig", "LO BRP 08.13.20"),
        "adresseerbaar_object_id": Column(
            _TEXT, "identificatiecode verblijfplaats; leeg bij zestien nullen", "LO BRP 08.11.80"
        ),
        "nummeraanduiding_id": Column(_TEXT, "identificatiecode nummeraanduiding", "LO BRP 08.11.90"),
        "straatnaam": Column(_TEXT, "straatnaam (verkort)", "LO BRP 08.11.10"),
        "naam_openbare_ruimte": Column(_TEXT, "naam openbare ruimte", "LO BRP 08.11.15"),
        "huisnummer": Column(_INT, "huisnummer", "LO BRP 08.11.20"),
        "huisletter": Column(_TEXT, "huisletter", "LO BRP 08.11.30"),
        "huisnummertoevoeging": Column(_TEXT, "huisnummertoevoeging", "LO BRP 08.11.40"),
        "aanduiding_bij_huisnummer": Column(_TEXT, "to of by", "LO BRP 08.11.50"),
        "postcode": Column(_TEXT, "postcode", "LO BRP 08.11.60"),
        "woonplaats": Column(_TEXT, "woonplaatsnaam", "LO BRP 08.11.70"),
        "locatiebeschrijving": Column(_TEXT, "in plaats van een adres", "LO BRP 08.12.10"),
        "aangifte_adreshouding": Column(_TEXT, "A I T W G P M K H B O of .", "LO BRP 08.72.10"),
        "onderzoek_aanduiding": Column(_TEXT, "gegevens in onderzoek, bijvoorbeeld 089999", "LO BRP 08.83.10"),
        "onderzoek_van": Column(_TEXT, "datum ingang onderzoek", "LO BRP 08.83.20"),
        "onderzoek_tot": Column(_TEXT, "datum einde onderzoek", "LO BRP 08.83.30"),
        "indicatie_onjuist": Column(_TEXT, "O = onjuist", "LO BRP 08.84.10"),
        "ingangsdatum_geldigheid": Column(_TEXT, "mogelijk onvolledig", "LO BRP 08.85.10"),
        "datum_opneming": Column(_TEXT, "datum van opneming", "LO BRP 08.86.10"),
    },
)


def _adres() -> dict[str, Column]:
    """An address as people write it, beside the BAG ids they may know; ``registry.intake.linking`` resolves it."""
    return {
        "adresseerbaar_object_id": Column(
            _TEXT, "BAG-id van verblijfsobject, ligplaats of standplaats, als vermeld", ""
        ),
        "nummeraanduiding_id": Column(_TEXT, "BAG-id van de nummeraanduiding, als vermeld", ""),
        "adres": Column(_TEXT, "het adres in één veld, zoals getypt", ""),
        "straat": Column(_TEXT, "straatnaam zoals getypt", ""),
        "huisnummer": Column(_INT, "huisnummer", ""),
        "suffix": Column(_TEXT, "huisletter en toevoeging zoals getypt, samen", ""),
        "postcode": Column(_TEXT, "postcode", ""),
        "woonplaats": Column(_TEXT, "woonplaats", ""),
    }


INSPECTIES = RecordType(
    "inspecties",
    ("inspectie",),
    {
        "inspectie": Column(
            _TEXT,
            "sleutel: nummer uit de bron, anders afgeleid uit adres, datum, tijd en inspecteur",
            "",
            required=True,
        ),
        **_adres(),
        "datum": Column(_DATE, "datum van het bezoek", "", required=True),
        "tijd": Column(_TEXT, "tijdstip UU:MM", ""),
        "inspecteur": Column(_TEXT, "wie het bezoek aflegde", ""),
        "resultaat": Column(_TEXT, "code van het resultaat", "importers/inspecties.yml", required=True),
        "aantal_personen": Column(_INT, "getelde personen", ""),
        "huishoudens": Column(_INT, "getelde huishoudens", ""),
        "slaapplaatsen": Column(_INT, "getelde slaapplaatsen", ""),
        "kamers": Column(_INT, "getelde kamers", ""),
        "gemeten_oppervlakte": Column(pl.Float64(), "gemeten gebruiksoppervlakte in m2", ""),
        "gebreken": Column(_TEXT, "gebreken zoals getypt", ""),
        "opmerkingen": Column(_TEXT, "opmerkingen zoals getypt", ""),
    },
)
VASTSTELLINGEN = RecordType(
    "vaststellingen",
    ("vaststelling",),
    {
        "vaststelling": Column(
            _TEXT, "sleutel: nummer uit de bron, anders afgeleid uit adres, feit en begin", "", required=True
        ),
        **_adres(),
        "feit": Column(_TEXT, "vastgesteld feit", "importers/vaststellingen.yml", required=True),
        "waarde": Column(_TEXT, "waarde van het feit", "", required=True),
        "valid_from": Column(_DATE, "begin", "", required=True),
        "valid_until": Column(_DATE, "eind (niet meegerekend)", ""),
        "bewijs": Column(_TEXT, "waaruit het blijkt", "", required=True),
        "auteur": Column(_TEXT, "wie het vaststelde", ""),
    },
)

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
        PERSOONSLIJSTEN,
        VERBLIJVEN,
        INSPECTIES,
        VASTSTELLINGEN,
    )
}
