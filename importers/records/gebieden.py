"""Areas: gemeenten, wijken, buurten and a municipality's own."""

from importers.records.base import DATE, INT, TEXT, WKB, Column, RecordType

GEBIEDEN = RecordType(
    "gebieden",
    ("gebied_code", "valid_from"),
    {
        "gebied_code": Column(TEXT, "code, bijvoorbeeld BU06060101", "CBS: buurtcode, wijkcode", required=True),
        "soort": Column(TEXT, "gemeente, wijk, buurt of eigen", "", required=True),
        "naam": Column(TEXT, "naam", "", required=True),
        "bovenliggend_code": Column(TEXT, "wijk van de buurt, gemeente van de wijk", ""),
        "jaar": Column(INT, "jaar van de indeling", ""),
        "geometrie": Column(WKB, "vlak (RD)", "", required=True),
        "valid_from": Column(DATE, "begin", "", required=True),
        "valid_until": Column(DATE, "eind", ""),
    },
)
