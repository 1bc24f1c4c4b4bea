"""Areas that an ordinance designates, one part per row."""

from datetime import date
from pathlib import Path

import pytest
from lists import issues, read_list

from importers.issues import Level
from importers.records import Batch

PART = {
    "Gebied": "OOST",
    "Naam": "Schiedam-Oost",
    "CBS-code": "wk060601",
    "Postcode": "",
    "Van": "01-11-2022",
    "Tot": "",
    "T/m": "",
    "Regeling": "CVDR635622",
}


def read(tmp_path: Path, *rows: dict[str, str]) -> Batch:
    [batch] = read_list("aangewezen_gebieden", tmp_path, *rows)
    return batch


def test_parts_come_out_with_one_code_each(tmp_path: Path) -> None:
    rows = [
        PART,
        PART | {"CBS-code": "", "Postcode": "3117"},
        PART | {"CBS-code": "", "Postcode": "3118 ab", "Van": "01-01-2024", "T/m": "31-12-2027"},
    ]
    batch = read(tmp_path, *rows)
    assert batch.issues.is_empty()
    assert batch.frame.select("gebied_code", "onderdeel", "valid_from", "valid_until").rows() == [
        ("OOST", "WK060601", date(2022, 11, 1), None),
        ("OOST", "3117", date(2022, 11, 1), None),
        ("OOST", "3118AB", date(2024, 1, 1), date(2028, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Gebied": ""}, "leeg"),
        ({"Gebied": "BU06060101"}, "eigen_code"),
        ({"CBS-code": "WK06060"}, "cbs_code"),
        ({"CBS-code": "", "Postcode": "311"}, "postcode"),
        ({"Postcode": "3117"}, "onderdeel"),
        ({"CBS-code": ""}, "onderdeel"),
        ({"Van": ""}, "leeg"),
        ({"Van": "2022"}, "datum"),
        ({"Tot": "01-11-2022"}, "einde_voor_begin"),
    ],
)
def test_what_does_not_fit_is_set_aside(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    batch = read(tmp_path, PART | cells, PART | {"Gebied": "WEST"})
    assert list(issues(batch, Level.UITVAL)) == [(2, code)]
    assert batch.frame["gebied_code"].to_list() == ["WEST"]


def test_one_part_with_two_ends_is_set_aside(tmp_path: Path) -> None:
    batch = read(tmp_path, PART, PART | {"Tot": "01-01-2024"})
    assert list(issues(batch, Level.UITVAL)) == [(2, "tegenstrijdige_rijen"), (3, "tegenstrijdige_rijen")]
