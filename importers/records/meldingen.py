"""Records of reports about housing: a reason to visit, never a fact of a rule. Who reported is not kept."""

from importers.records.base import DATE, TEXT, Column, RecordType
from importers.records.field import address_columns

MELDINGEN = RecordType(
    "meldingen",
    ("melding",),
    {
        "melding": Column(
            TEXT, "sleutel: meldingsnummer, anders afgeleid uit adres, datum, soort en onderwerp", "", required=True
        ),
        **address_columns(),
        "datum": Column(DATE, "dag van ontvangst", "", required=True),
        "soort": Column(TEXT, "melding of handhavingsverzoek", "", required=True),
        "onderwerp": Column(TEXT, "waar het over gaat", "importers/meldingen.yml", required=True),
        "kanaal": Column(TEXT, "hoe het binnenkwam", "importers/meldingen.yml"),
    },
    address_day="datum",
)
