"""What belongs to a visit beside the inspection itself: the signals that it was made for, and its photos.

The visit is a row of ``INSPECTIES``, whichever way it came in; see docs/decisions/0013.
"""

from importers.records.base import FLOAT, INT, TEXT, WKB, Column, RecordType

BEZOEKREDENEN = RecordType(
    "bezoekredenen",
    ("inspectie", "bewijs"),
    {
        "inspectie": Column(TEXT, "sleutel van het bezoek", "inspecties.inspectie", required=True),
        "bewijs": Column(
            TEXT, "bewijsnummer van het signaal waarvoor het bezoek was", "signalen.bewijs", required=True
        ),
        "lijst": Column(INT, "nummer van de bezoeklijst", "worklists"),
    },
)
FOTOS = RecordType(
    "fotos",
    ("inspectie", "sha256"),
    {
        "inspectie": Column(TEXT, "sleutel van het bezoek", "inspecties.inspectie", required=True),
        "sha256": Column(TEXT, "sha256 van de bewaarde inhoud, hexadecimaal", "", required=True),
        "sha256_ontvangen": Column(TEXT, "sha256 van het bestand zoals het binnenkwam", "", required=True),
        "media_type": Column(TEXT, "image/jpeg of image/png", "", required=True),
        "omvang": Column(INT, "omvang van de bewaarde inhoud, bytes", "", required=True),
        "breedte": Column(INT, "breedte, beeldpunten", "", required=True),
        "hoogte": Column(INT, "hoogte, beeldpunten", "", required=True),
        "omschrijving": Column(TEXT, "wat erop staat, zoals getypt", ""),
        "gemaakt_op": Column(TEXT, "moment volgens de camera, alleen als de gemeente dat bewaart", "Exif 36867"),
        "breedtegraad": Column(FLOAT, "WGS84, graden, alleen als de gemeente dat bewaart", "Exif GPS"),
        "lengtegraad": Column(FLOAT, "WGS84, graden, alleen als de gemeente dat bewaart", "Exif GPS"),
        "inhoud": Column(WKB, "het beeld zonder metagegevens", "", required=True),
    },
)
