"""Records of areas that an ordinance designates, as codes of the CBS or as postcodes."""

from importers.records.base import DATE, TEXT, Column, RecordType

AANGEWEZEN_GEBIEDEN = RecordType(
    "aangewezen_gebieden",
    ("gebied_code", "onderdeel", "valid_from"),
    {
        "gebied_code": Column(TEXT, "eigen code, zoals de verordening haar noemt", "", required=True),
        "naam": Column(TEXT, "naam van het gebied", ""),
        "onderdeel": Column(
            TEXT, "CBS-code (GM, WK, BU), postcode of vier cijfers daarvan", "CBS; BAG: postcode", required=True
        ),
        "valid_from": Column(DATE, "begin", "", required=True),
        "valid_until": Column(DATE, "eind (niet meegerekend)", ""),
        "regeling": Column(TEXT, "besluit waaruit de aanwijzing blijkt", ""),
    },
)
