"""What people found or established at an address: inspecties and vaststellingen."""

from importers.records.base import BOOL, DATE, FLOAT, INT, TEXT, Column, Protection, RecordType


def address_columns() -> dict[str, Column]:
    """An address as people write it, beside the BAG ids they may know; ``registry.intake.linking`` resolves it."""
    return {
        "adresseerbaar_object_id": Column(
            TEXT, "BAG-id van verblijfsobject, ligplaats of standplaats, als vermeld", ""
        ),
        "nummeraanduiding_id": Column(TEXT, "BAG-id van de nummeraanduiding, als vermeld", ""),
        "adres": Column(TEXT, "het adres in één veld, zoals getypt", ""),
        "straat": Column(TEXT, "straatnaam zoals getypt", ""),
        "huisnummer": Column(INT, "huisnummer", ""),
        "suffix": Column(TEXT, "huisletter en toevoeging zoals getypt, samen", ""),
        "postcode": Column(TEXT, "postcode", ""),
        "woonplaats": Column(TEXT, "woonplaats", ""),
    }


def _report_columns() -> dict[str, Column]:
    """What a report of an inspection holds beyond the counts: who, how, on which ground, and what was seen and said.

    Source: domain facts of a constateringsrapport (ECLI:NL:RVS:2017:1179), Awb 5:12, 5:15, Awbi, Huisvestingswet 33-34.
    """
    return {
        "soort_bezoek": Column(TEXT, "controle of hercontrole", "importers/inspecties.yml"),
        "hoedanigheid": Column(TEXT, "in welke hoedanigheid de inspecteur optrad", "importers/inspecties.yml"),
        "doel": Column(TEXT, "het doel dat is meegedeeld", "Awbi art. 1"),
        "legitimatie": Column(BOOL, "of de inspecteur zich legitimeerde", "Awb art. 5:12"),
        "werkwijze": Column(TEXT, "hoe is gewerkt: aangebeld, gevraagd, gemeten, geteld", ""),
        "toestemming_van": Column(TEXT, "wie toestemming gaf (bewoner, verhuurder), zonder naam", "Awbi art. 1 lid 4"),
        "machtiging": Column(TEXT, "kenmerk van de schriftelijke machtiging", "Huisvestingswet 2014 art. 34; Awbi"),
        "gronden": Column(TEXT, "waarop de machtiging steunt", ""),
        "lichtere_middelen": Column(TEXT, "wat eerst is geprobeerd", "EVRM art. 8; Awb art. 5:13"),
        "feiten": Column(TEXT, "wat is gezien, los van wat ervan te vinden is", ""),
        "conclusie": Column(TEXT, "wat de inspecteur ervan vindt, los van de feiten", ""),
        "ruimten": Column(TEXT, "JSON: gemeten ruimten met slaapplaatsen", "importers/bezoeken.py"),
        "aangetroffen": Column(TEXT, "JSON: aangetroffen bewoners, zonder naam", "importers/bezoeken.py"),
        "verklaringen": Column(TEXT, "JSON: verklaringen met taal, tolk en cautie", "importers/bezoeken.py"),
        "namen": Column(TEXT, "namen zoals opgegeven", "", protection=Protection.NAME),
        "relaties": Column(TEXT, "relaties zoals opgegeven", ""),
        "huurprijs": Column(FLOAT, "huur zoals opgegeven, EUR per maand", ""),
        "verhuurder": Column(TEXT, "wie verhuurt, zoals opgegeven", ""),
        "voorzieningen": Column(TEXT, "eigen en gedeelde voorzieningen zoals getypt", ""),
        "ondertekend_door": Column(TEXT, "wie het rapport ondertekende", ""),
        "ondertekend_op": Column(DATE, "dag van ondertekening", ""),
        "hercontrole_van": Column(TEXT, "kenmerk en versie van de last die een hercontrole toetst", ""),
        "volgend_bezoek": Column(TEXT, "of en wanneer er nog een bezoek kan: nee, dag, avond of weekend", ""),
        "volgend_bezoek_vanaf": Column(DATE, "niet eerder dan", ""),
        "ingevoerd_door": Column(TEXT, "wie het bezoek in het register zette", ""),
    }


INSPECTIES = RecordType(
    "inspecties",
    ("inspectie",),
    {
        "inspectie": Column(
            TEXT,
            "sleutel: nummer uit de bron, anders afgeleid uit adres, datum, tijd en inspecteur",
            "",
            required=True,
        ),
        **address_columns(),
        "datum": Column(DATE, "datum van het bezoek", "", required=True),
        "tijd": Column(TEXT, "tijdstip UU:MM", ""),
        "inspecteur": Column(TEXT, "wie het bezoek aflegde", ""),
        "resultaat": Column(TEXT, "code van het resultaat", "importers/inspecties.yml", required=True),
        "aantal_personen": Column(INT, "getelde personen", ""),
        "huishoudens": Column(INT, "getelde huishoudens", ""),
        "slaapplaatsen": Column(INT, "getelde slaapplaatsen", ""),
        "kamers": Column(INT, "getelde kamers", ""),
        "gemeten_oppervlakte": Column(FLOAT, "gemeten gebruiksoppervlakte in m2", ""),
        "gebreken": Column(TEXT, "gebreken zoals getypt", ""),
        "opmerkingen": Column(TEXT, "opmerkingen zoals getypt", ""),
        **_report_columns(),
    },
    address_day="datum",
)
VASTSTELLINGEN = RecordType(
    "vaststellingen",
    ("vaststelling",),
    {
        "vaststelling": Column(
            TEXT, "sleutel: nummer uit de bron, anders afgeleid uit adres, feit en begin", "", required=True
        ),
        **address_columns(),
        "feit": Column(TEXT, "vastgesteld feit", "importers/vaststellingen.yml", required=True),
        "waarde": Column(TEXT, "waarde van het feit", "", required=True),
        "valid_from": Column(DATE, "begin", "", required=True),
        "valid_until": Column(DATE, "eind (niet meegerekend)", ""),
        "bewijs": Column(TEXT, "waaruit het blijkt", "", required=True),
        "auteur": Column(TEXT, "wie het vaststelde", ""),
    },
    address_day="valid_from",
)
