"""Records of the WOZ: what a WOZ object was worth, per dwelling that belongs to it (Wet WOZ)."""

from importers.records.base import BOOL, DATE, INT, LIST, TEXT, Column, RecordType
from importers.records.field import address_columns

# One row per WOZ object, dwelling, waardepeildatum and ingangsdatum. The value is that of the WOZ object: where several
# dwellings belong to it, each has a row with the value of the whole.
WOZ_WAARDEN = RecordType(
    "woz_waarden",
    ("woz_object", "adresseerbaar_object_id", "waardepeildatum", "ingangsdatum"),
    {
        "woz_object": Column(TEXT, "WOZ-objectnummer van twaalf cijfers", "WOZ: identificatie", required=True),
        **address_columns(),
        "waardepeildatum": Column(
            DATE, "dag waarnaar de waarde is bepaald", "WOZ: waardepeildatum; Wet WOZ art. 18", required=True
        ),
        "ingangsdatum": Column(
            DATE, "dag met ingang waarvan de waarde geldt", "WOZ: ingangsdatum; Wet WOZ art. 22", required=True
        ),
        "ingangsdatum_afgeleid": Column(
            BOOL, "de bron noemt geen ingangsdatum: een jaar na de waardepeildatum", "Wet WOZ art. 18", required=True
        ),
        "waarde": Column(
            INT, "vastgestelde waarde in euro, zoals geleverd; 0 en 1 zijn geen waarde", "WOZ: vastgesteldeWaarde",
            required=True,
        ),
        "beschikkingsstatussen": Column(
            LIST, "codes van de beschikking, bijvoorbeeld 01 of 10; leeg = niet geleverd", "WOZ: beschikkingsStatussen"
        ),
        "bezwaar": Column(
            BOOL, "bezwaar, beroep of cassatie loopt; leeg = niet geleverd", "WOZ: indicatieBezwaarBeroep"
        ),
    },
    address_day="ingangsdatum",
)  # fmt: skip
