"""What people found or established at an address: inspecties and vaststellingen."""

from importers.records.base import DATE, FLOAT, INT, TEXT, Column, RecordType


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
