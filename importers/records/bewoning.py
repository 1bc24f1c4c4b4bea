"""Answers of the Haal Centraal Bewoning API, kept beside the bewoning that is derived from the BRP."""

from importers.records.base import BOOL, DATE, INT, TEXT, Column, Protection, RecordType

_COMPOSITION = Column(
    TEXT, "sleutel van de samenstelling: dezelfde bewoners geven dezelfde sleutel", "", required=True,
    protection=Protection.PSEUDONYM,
)  # fmt: skip

GELEVERDE_BEWONINGEN = RecordType(
    "geleverde_bewoningen",
    ("adresseerbaar_object_id", "valid_from", "valid_until"),
    {
        "adresseerbaar_object_id": Column(
            TEXT, "adresseerbaar object", "Bewoning: adresseerbaarObjectIdentificatie", required=True
        ),
        "valid_from": Column(DATE, "begin", "Bewoning: periode.datumVan", required=True),
        "valid_until": Column(DATE, "eind (niet meegerekend)", "Bewoning: periode.datumTot", required=True),
        "aantal_bewoners": Column(INT, "zekere bewoners; leeg = meer dan honderd in totaal", "Bewoning: bewoners"),
        "aantal_mogelijke_bewoners": Column(
            INT, "mogelijke bewoners; leeg = meer dan honderd in totaal", "Bewoning: mogelijkeBewoners"
        ),
        "veel_bewoners": Column(
            BOOL, "meer dan honderd bewoners, aantal onbekend", "Bewoning: indicatieVeelBewoners", required=True
        ),
        "samenstelling": _COMPOSITION,
    },
)
# A later answer may replace the composition of a period: only persons with the samenstelling of the bewoning count.
GELEVERDE_BEWONERS = RecordType(
    "geleverde_bewoners",
    ("adresseerbaar_object_id", "valid_from", "valid_until", "samenstelling", "bewoner"),
    {
        "adresseerbaar_object_id": Column(
            TEXT, "adresseerbaar object", "Bewoning: adresseerbaarObjectIdentificatie", required=True
        ),
        "valid_from": Column(DATE, "begin van de bewoning", "Bewoning: periode.datumVan", required=True),
        "valid_until": Column(DATE, "eind van de bewoning", "Bewoning: periode.datumTot", required=True),
        "samenstelling": _COMPOSITION,
        "bewoner": Column(
            TEXT, "BSN, alleen als sleutel; zonder BSN de plaats in het antwoord", "Bewoning: burgerservicenummer",
            required=True, protection=Protection.PSEUDONYM,
        ),
        "zekerheid": Column(TEXT, "zeker of mogelijk", "Bewoning: bewoners, mogelijkeBewoners", required=True),
        "in_onderzoek": Column(BOOL, "verblijfplaats in onderzoek", "Bewoning: inOnderzoek", required=True),
    },
)  # fmt: skip
