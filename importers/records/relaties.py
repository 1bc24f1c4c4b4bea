"""Relations of the BRP: parents, partners and children of a persoonslijst (LO BRP, categories 02, 03, 05 and 09)."""

from importers.records.base import BOOL, INT, TEXT, Column, Protection, RecordType

# One row per related person whose BSN is known; without one nothing can be proved. Of the related person only the
# keyed hash of the BSN is kept: it finds the persoonslijst or rechthebbende, and tells nothing else.
RELATIES = RecordType(
    "relaties",
    ("persoonslijst", "relatie", "gerelateerde", "volgnummer"),
    {
        "persoonslijst": Column(
            TEXT, "sleutel van de persoonslijst", "LO BRP 01.01.10", required=True, protection=Protection.PSEUDONYM
        ),
        "relatie": Column(
            TEXT, "wat de gerelateerde is: ouder, partner of kind", "LO BRP categorie 02, 03, 05, 09", required=True
        ),
        "gerelateerde": Column(
            TEXT, "BSN van de gerelateerde, alleen als sleutel", "LO BRP 02/03/05/09.01.20", required=True,
            protection=Protection.PSEUDONYM,
        ),
        "volgnummer": Column(
            INT, "1 = de laatste relatie met deze persoon, 2 = die daarvoor", "", required=True
        ),
        "datum_aanvang": Column(TEXT, "begin, mogelijk onvolledig (JJJJMMDD)", "LO BRP 02/03.62.10, 05.06.10"),
        "ingangsdatum_geldigheid": Column(
            TEXT, "begin van het oudste gegeven over deze relatie, mogelijk onvolledig", "LO BRP 02/03/05/09.85.10"
        ),
        "datum_einde": Column(TEXT, "einde, mogelijk onvolledig; leeg = geen", "LO BRP 05.07.10"),
        "in_onderzoek": Column(BOOL, "een onderzoek naar deze relatie loopt", "LO BRP 02/03/05/09.83", required=True),
    },
)  # fmt: skip
