"""Records of the BRK: kadastrale objecten, who holds which right on them, and the transfers (Catalogus BRK, IMKAD).

A kadastraal object lists the keys of its tenaamstellingen and of its adressen. An answer of the Kadaster about one
object is complete for that object: what an earlier answer held and a later one no longer lists has ended between the
two, whether the delivery as a whole was a ``stand`` or a ``deel``.

Dates are text in the precision in which they are known: ``2023``, ``2023-05`` or ``2023-05-02``.
"""

from importers.records.base import BOOL, DATE, INT, LIST, MOMENT, TEXT, Column, Protection, RecordType
from importers.records.field import address_columns

KADASTRALE_OBJECTEN = RecordType(
    "kadastrale_objecten",
    ("kadastraal_object",),
    {
        "kadastraal_object": Column(
            TEXT, "identificatie van veertien cijfers, anders de kadastrale aanduiding", "BRK: identificatie", True
        ),
        "kadastrale_aanduiding": Column(TEXT, "gemeente, sectie, perceelnummer, A-nummer", "BRK: kadastraleAanduiding"),
        "type": Column(TEXT, "perceel of appartementsrecht", "BRK: type"),
        "aard_cultuur_code": Column(TEXT, "code van het gebruik (11 en 12 = wonen)", "BRK: aardCultuurBebouwd"),
        "aard_cultuur": Column(TEXT, "gebruik van het bebouwde", "BRK: aardCultuurBebouwd"),
        "gesplitst_zakelijk_recht": Column(
            TEXT, "het recht dat in appartementsrechten is gesplitst", "BRK: gesplitstZakelijkRecht"
        ),
        "vervallen": Column(BOOL, "het object bestaat niet meer", "BRK: indicatieVervallen"),
        "sluimerend": Column(BOOL, "een appartementsrecht dat zelf is ondergesplitst", "BRK: indicatieSluimerend"),
        "koopsom": Column(INT, "laatst bekende koopsom in euro", "BRK: koopsom.koopsom"),
        "koopjaar": Column(INT, "jaar van de koopsom", "BRK: koopsom.koopjaar"),
        "koopsom_meer_objecten": Column(
            BOOL, "de koopsom gold meer objecten", "BRK: koopsom.indicatieMetMeerObjectenVerkregen"
        ),
        "grondpercelen": Column(LIST, "bijbehorende grondpercelen", "BRK: bijbehorendeGrondpercelen"),
        "appartementsrechten": Column(LIST, "bijbehorende appartementsrechten", "BRK: bijbehorendeAppartementsrechten"),
        "ontstaan_uit": Column(LIST, "objecten waaruit het ontstond", "BRK: isOntstaanUit"),
        "overgegaan_in": Column(LIST, "objecten waarin het overging", "BRK: isOvergegaanIn"),
        "tenaamstellingen": Column(
            LIST,
            "alle tenaamstellingen op de leverdatum; leeg = niet geleverd",
            "BRK: zakelijkGerechtigden",
            protection=Protection.PSEUDONYM,
        ),
        "adressen": Column(LIST, "sleutels van alle adressen op de leverdatum; leeg = niet geleverd", "BRK: adressen"),
        "vlaggen": Column(LIST, "wat er aan het object niet klopt", "docs/bronnen/brk.md"),
    },
)
KADASTRALE_ADRESSEN = RecordType(
    "kadastrale_adressen",
    ("kadastraal_object", "adres_sleutel"),
    {
        "kadastraal_object": Column(TEXT, "kadastraal object", "BRK: identificatie", True),
        "adres_sleutel": Column(TEXT, "BAG-id van het object, anders van de nummeraanduiding, anders adres", "", True),
        **address_columns(),
        "koppelingswijze": Column(TEXT, "hoe het Kadaster adres en object koppelde", "BRK: koppelingswijze"),
    },
)
RECHTHEBBENDEN = RecordType(
    "rechthebbenden",
    ("rechthebbende",),
    {
        "rechthebbende": Column(
            TEXT,
            "sleutel: bsn, anders RSIN, anders KvK, anders Kadaster-id, anders de tenaamstelling zelf",
            "BRK: persoon.identificatie",
            required=True,
            protection=Protection.PSEUDONYM,
        ),
        "type": Column(TEXT, "natuurlijk_persoon of rechtspersoon; leeg = onbekend", "BRK: persoon.type"),
        "ingeschreven": Column(BOOL, "gekoppeld aan BRP of Handelsregister", "BRK: persoon.type"),
        "bsn": Column(TEXT, "burgerservicenummer", "BRK: persoon.identificatie", protection=Protection.ENCRYPTED),
        "rsin": Column(TEXT, "RSIN, als het de elfproef doorstaat", "BRK: rsin"),
        "kvk": Column(TEXT, "KvK-nummer", "BRK: kvkNummer"),
        "naam": Column(TEXT, "naam van een natuurlijk persoon", "BRK: omschrijving", protection=Protection.NAME),
        "statutaire_naam": Column(TEXT, "naam van een rechtspersoon", "BRK: statutaireNaam"),
        "statutaire_zetel": Column(TEXT, "zetel van een rechtspersoon", "BRK: statutaireZetel"),
        "rechtsvorm_code": Column(TEXT, "21 = vereniging van eigenaren", "BRK: rechtsvorm"),
        "rechtsvorm": Column(TEXT, "rechtsvorm", "BRK: rechtsvorm"),
        "naam_sleutel": Column(
            TEXT, "genormaliseerde naam, alleen om te vergelijken", "", protection=Protection.PSEUDONYM
        ),
        "adres_sleutel": Column(
            TEXT, "genormaliseerd postadres, alleen om te vergelijken", "", protection=Protection.PSEUDONYM
        ),
        "vlaggen": Column(LIST, "wat er aan de rechthebbende niet klopt", "docs/bronnen/brk.md"),
    },
)
TENAAMSTELLINGEN = RecordType(
    "tenaamstellingen",
    ("tenaamstelling",),
    {
        # A list of the Kadaster has no key for it: the one that is made then holds the number of a person.
        "tenaamstelling": Column(
            TEXT,
            "sleutel van de tenaamstelling",
            "BRK: zakelijkGerechtigde.identificatie",
            required=True,
            protection=Protection.PSEUDONYM,
        ),
        "kadastraal_object": Column(TEXT, "kadastraal object", "BRK: identificatie", True),
        "aard_recht": Column(
            TEXT,
            "eigenaar erfpachter opstalhouder erfpachter_opstalhouder gebruik_bewoning vruchtgebruiker overig",
            "importers/brk.yml",
            True,
        ),
        "aard_recht_bron": Column(TEXT, "aard van het recht zoals geleverd", "BRK: zakelijkGerechtigde.type"),
        "aandeel_teller": Column(INT, "teller van het aandeel in het recht", "BRK: tenaamstelling.aandeel"),
        "aandeel_noemer": Column(INT, "noemer van het aandeel in het recht", "BRK: tenaamstelling.aandeel"),
        "gezamenlijk_teller": Column(
            INT, "teller van het aandeel dat partners samen houden", "BRK: tenaamstelling.gezamenlijkAandeel"
        ),
        "gezamenlijk_noemer": Column(
            INT, "noemer van het aandeel dat partners samen houden", "BRK: tenaamstelling.gezamenlijkAandeel"
        ),
        "rechthebbende": Column(
            TEXT, "sleutel van de rechthebbende", "BRK: persoon", True, protection=Protection.PSEUDONYM
        ),
        "partner": Column(
            TEXT, "sleutel van de betrokken partner", "BRK: betrokkenPartner", protection=Protection.PSEUDONYM
        ),
        "aanvang": Column(TEXT, "dag waarop het recht inging, in de bekende precisie", "BRK: aanvangsdatum"),
        "einde": Column(TEXT, "dag waarop het recht eindigde, als de bron die noemt", ""),
        "overdracht": Column(TEXT, "overdracht waarbij het recht werd verkregen", ""),
        "stukdelen": Column(LIST, "stukdelen waarop het berust", "BRK: isGebaseerdOpStukdeelIdentificaties"),
        "vlaggen": Column(LIST, "wat er aan de tenaamstelling niet klopt", "docs/bronnen/brk.md"),
    },
)
OVERDRACHTEN = RecordType(
    "overdrachten",
    ("overdracht",),
    {
        "overdracht": Column(TEXT, "sleutel: kadastraal object en stukdeel, anders het tijdstip", "", True),
        "kadastraal_object": Column(TEXT, "kadastraal object", "BRK: identificatie", True),
        "inschrijving": Column(TEXT, "inschrijving in de openbare registers, in de bekende precisie", "BW 3:89"),
        "inschrijving_herkomst": Column(
            TEXT, "tijdstip_aanbieding, lijst, aanvangsdatum of koopjaar", "docs/bronnen/brk.md"
        ),
        "tijdstip_aanbieding": Column(MOMENT, "tijdstip van aanbieding van het stuk", "BRK Levering: Stuk"),
        "aard": Column(TEXT, "levering vererving verdeling correctie; leeg = onbekend", "importers/brk.yml"),
        "aard_stuk_code": Column(TEXT, "code van de aard van het stukdeel", "BRK: Stukdeel.aard"),
        "aard_stuk": Column(TEXT, "aard van het stukdeel zoals geleverd", "BRK: Stukdeel.aard"),
        "koopovereenkomst": Column(DATE, "datum van de koopovereenkomst", ""),
        "koopsom": Column(INT, "bedrag in euro", "BRK: bedragTransactiesomLevering, anders koopsom"),
        "koopsom_meer_objecten": Column(
            BOOL, "de koopsom gold meer objecten", "BRK: koopsom.indicatieMetMeerObjectenVerkregen"
        ),
        "stukdeel": Column(TEXT, "stukdeel", "BRK: Stukdeel.identificatie"),
        "stuk": Column(TEXT, "stuk", "BRK: Stuk.identificatie"),
        "vlaggen": Column(LIST, "wat er aan de overdracht niet klopt", "docs/bronnen/brk.md"),
    },
)
CORPORATIES = RecordType(
    "corporaties",
    ("corporatie",),
    {
        "corporatie": Column(TEXT, "sleutel: rsin of kvk met het nummer", "", True),
        "rsin": Column(TEXT, "RSIN", ""),
        "kvk": Column(TEXT, "KvK-nummer", ""),
        "naam": Column(TEXT, "naam, alleen om te lezen: nooit om op te koppelen", ""),
        "valid_from": Column(DATE, "toegelaten instelling vanaf", "Woningwet art. 19"),
        "valid_until": Column(DATE, "toegelaten instelling tot (niet meegerekend)", "Woningwet art. 19"),
    },
)
