"""Records of permits under the Huisvestingswet, and requests for one."""

from importers.records.base import DATE, TEXT, Column, Protection, RecordType
from importers.records.field import address_columns
from importers.records.persons import person_columns

VERGUNNINGEN = RecordType(
    "vergunningen",
    ("vergunning",),
    {
        "vergunning": Column(
            TEXT, "sleutel: zaaknummer, anders afgeleid uit adres, soort en eerste datum", "", required=True
        ),
        **address_columns(),
        "soort": Column(
            TEXT,
            "opkoopbescherming, omzetting, splitsing, onttrekking of overig",
            "Huisvestingswet 2014 art. 21, 22, 41",
            required=True,
        ),
        "grond": Column(TEXT, "familie, tijdelijk, bedrijfsruimte of lokaal", "Huisvestingswet 2014 art. 41 lid 3"),
        "status": Column(TEXT, "aangevraagd, verleend, geweigerd of ingetrokken", "", required=True),
        "aangevraagd_op": Column(DATE, "dag van de aanvraag", "Huisvestingswet 2014 art. 43 lid 3"),
        "verlengd_op": Column(DATE, "dag waarop de beslistermijn is verlengd", "Huisvestingswet 2014 art. 43 lid 4"),
        "besluit_op": Column(DATE, "dag van het besluit", ""),
        "valid_from": Column(DATE, "eerste dag waarop de vergunning geldt", ""),
        "valid_until": Column(DATE, "eind (niet meegerekend)", ""),
        "gebruiksvorm": Column(TEXT, "waarvoor zij is verleend", "Huisvestingswet 2014 art. 41 lid 4"),
        **person_columns("houder", "houder"),
        "adres_op": Column(
            DATE, "dag waarop het adres gold: de eerste bekende datum", "", required=True, protection=Protection.NEVER
        ),
    },
    address_day="adres_op",
)
