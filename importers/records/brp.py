"""Records of the BRP: persoonslijsten and their verblijven (LO BRP)."""

from importers.records.base import INT, TEXT, Column, Protection, RecordType

PERSOONSLIJSTEN = RecordType(
    "persoonslijsten",
    ("persoonslijst",),
    {
        "persoonslijst": Column(
            TEXT,
            "vaste sleutel van de persoonslijst: A-nummer, anders BSN, anders bron-id",
            "LO BRP 01.01.10",
            required=True,
            protection=Protection.PSEUDONYM,
        ),
        "a_nummer": Column(TEXT, "A-nummer", "LO BRP 01.01.10", protection=Protection.NEVER),
        "bsn": Column(TEXT, "burgerservicenummer", "LO BRP 01.01.20", protection=Protection.ENCRYPTED),
        "voornamen": Column(TEXT, "voornamen", "LO BRP 01.02.10", protection=Protection.NAME),
        "voorvoegsel": Column(TEXT, "voorvoegsel geslachtsnaam", "LO BRP 01.02.30", protection=Protection.NAME),
        "geslachtsnaam": Column(TEXT, "geslachtsnaam", "LO BRP 01.02.40", protection=Protection.NAME),
        "geboortedatum": Column(TEXT, "geboortedatum, mogelijk onvolledig (JJJJMMDD)", "LO BRP 01.03.10"),
        "datum_opschorting": Column(TEXT, "datum opschorting bijhouding, mogelijk onvolledig", "LO BRP 07.67.10"),
        "reden_opschorting": Column(TEXT, "O E M R F W of .", "LO BRP 07.67.20"),
        "indicatie_geheim": Column(INT, "0 tot en met 7", "LO BRP 07.70.10"),
    },
)
VERBLIJVEN = RecordType(
    "verblijven",
    ("persoonslijst", "volgnummer"),
    {
        "persoonslijst": Column(
            TEXT, "sleutel van de persoonslijst", "LO BRP 01.01.10", required=True, protection=Protection.PSEUDONYM
        ),
        "volgnummer": Column(
            INT, "0 = actueel (08), 1 = het vorige verblijf (58), en zo verder terug", "", required=True
        ),
        "gemeente_van_inschrijving": Column(TEXT, "vier cijfers; 1999 = RNI", "LO BRP 08.09.10"),
        "functie_adres": Column(TEXT, "W woonadres, B briefadres", "LO BRP 08.10.10"),
        "datum_aanvang_adreshouding": Column(TEXT, "mogelijk onvolledig (JJJJMMDD)", "LO BRP 08.10.30"),
        "datum_aanvang_buitenland": Column(TEXT, "mogelijk onvolledig", "LO BRP 08.13.20"),
        "adresseerbaar_object_id": Column(
            TEXT, "identificatiecode verblijfplaats; leeg bij zestien nullen", "LO BRP 08.11.80"
        ),
        "nummeraanduiding_id": Column(TEXT, "identificatiecode nummeraanduiding", "LO BRP 08.11.90"),
        "straatnaam": Column(TEXT, "straatnaam (verkort)", "LO BRP 08.11.10"),
        "naam_openbare_ruimte": Column(TEXT, "naam openbare ruimte", "LO BRP 08.11.15"),
        "huisnummer": Column(INT, "huisnummer", "LO BRP 08.11.20"),
        "huisletter": Column(TEXT, "huisletter", "LO BRP 08.11.30"),
        "huisnummertoevoeging": Column(TEXT, "huisnummertoevoeging", "LO BRP 08.11.40"),
        "aanduiding_bij_huisnummer": Column(TEXT, "to of by", "LO BRP 08.11.50"),
        "postcode": Column(TEXT, "postcode", "LO BRP 08.11.60"),
        "woonplaats": Column(TEXT, "woonplaatsnaam", "LO BRP 08.11.70"),
        "locatiebeschrijving": Column(TEXT, "in plaats van een adres", "LO BRP 08.12.10"),
        "aangifte_adreshouding": Column(TEXT, "A I T W G P M K H B O of .", "LO BRP 08.72.10"),
        "onderzoek_aanduiding": Column(TEXT, "gegevens in onderzoek, bijvoorbeeld 089999", "LO BRP 08.83.10"),
        "onderzoek_van": Column(TEXT, "datum ingang onderzoek", "LO BRP 08.83.20"),
        "onderzoek_tot": Column(TEXT, "datum einde onderzoek", "LO BRP 08.83.30"),
        "indicatie_onjuist": Column(TEXT, "O = onjuist", "LO BRP 08.84.10"),
        "ingangsdatum_geldigheid": Column(TEXT, "mogelijk onvolledig", "LO BRP 08.85.10"),
        "datum_opneming": Column(TEXT, "datum van opneming", "LO BRP 08.86.10"),
    },
)
