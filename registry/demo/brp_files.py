"""The BRP delivery of the synthetic municipality: a CSV with LO BRP rubriek headers, in the shape of a GBA-V set.

UTF-8 with BOM, ``;``, all rubrieken of the catalogue as columns, an empty header at both ends and one that occurs
twice. The first row of a persoonslijst holds its id and the current occurrence of every category; each further row
holds one more category 58, the newest first. What the registry refuses to read (nationality, birthplace, gender and
so on) is filled with a text that a test can look for.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Final

from registry.demo.identifiers import a_nummers, bsns, wrong_bsn
from registry.demo.names import WOONPLAATS, short_name
from registry.demo.people import Persoonslijst, Verblijf
from registry.demo.town import GEMEENTE

BRP_NAME: Final = "brp.csv"
REFUSED_TEXT: Final = "NIET-OVERNEMEN"

_PROCEDURE: Final = "83.10 83.20 83.30 84.10 85.10 86.10"
_ACTE: Final = "81.10 81.20 82.10 82.20 82.30"
_CATEGORIES: Final = {
    "01": "01.10 01.20 02.10 02.20 02.30 02.40 03.10 03.20 03.30 04.10 20.10 20.20 61.10 "
    f"{_ACTE} {_PROCEDURE} 88.10 88.20 H",
    "02": f"01.10 01.20 02.10 02.20 02.30 02.40 03.10 03.20 03.30 04.10 62.10 {_ACTE} {_PROCEDURE} H",
    "03": f"01.10 01.20 02.10 02.20 02.30 02.40 03.10 03.20 03.30 04.10 62.10 {_ACTE} {_PROCEDURE} H",
    "04": f"05.10 63.10 64.10 65.10 73.10 82.10 82.20 82.30 {_PROCEDURE} 88.10 88.20 H",
    "05": "01.10 01.20 02.10 02.20 02.30 02.40 03.10 03.20 03.30 04.10 06.10 06.20 06.30 07.10 07.20 07.30 07.40 15.10 "
    f"{_ACTE} {_PROCEDURE} H",
    "06": f"08.10 08.20 08.30 {_ACTE} {_PROCEDURE} 88.10 88.10 H",
    "07": "66.20 67.10 67.20 68.10 69.10 70.10 71.10 71.20 80.10 80.20 87.10 88.10 88.20 H",
    "08": "09.10 09.20 10.10 10.20 10.30 11.10 11.15 11.20 11.30 11.40 11.50 11.60 11.70 11.80 11.90 12.10 13.10 13.20 "
    f"13.30 13.40 13.50 14.10 14.20 72.10 75.10 {_PROCEDURE} 88.10 88.20 H",
    "09": f"01.10 01.20 02.10 02.20 02.30 02.40 03.10 03.20 03.30 {_ACTE} {_PROCEDURE} 89.10 H",
    "10": f"39.10 39.20 39.30 {_PROCEDURE} H",
    "11": f"32.10 33.10 82.10 82.20 82.30 {_PROCEDURE} H",
    "12": "35.10 35.20 35.30 35.40 35.50 35.60 35.70 36.10 82.10 82.20 82.30 83.10 83.20 83.30 85.10 86.10 H",
    "13": "31.10 31.20 31.30 38.10 38.20 82.10 82.20 82.30 H",
}
HEADERS: Final = (
    "",
    *(f"{category}.{element}" for category, elements in _CATEGORIES.items() for element in elements.split()),
    "",
)
_POSITION: Final = {header: position for position, header in enumerate(HEADERS) if header}
_REFUSED: Final = tuple(_POSITION[name] for name in ("01.03.20", "01.03.30", "01.04.10", "04.05.10", "10.39.10"))
_SOME_REFUSED: Final = tuple(_POSITION[name] for name in ("02.03.20", "03.04.10", "05.04.10", "05.06.20", "09.03.30"))
_NIHIL: Final = "0000000000000000"


def number_persons(persoonslijsten: Iterable[Persoonslijst], rng: Random) -> list[Persoonslijst]:
    """Give everyone a BSN and an A-nummer, in the random order in which they are delivered."""
    people = list(persoonslijsten)
    rng.shuffle(people)
    for person, bsn, a_nummer in zip(people, bsns(len(people)), a_nummers(len(people)), strict=True):
        person.bsn = bsn if person.valid_bsn else wrong_bsn(bsn)
        person.a_nummer = a_nummer
    return people


def write_brp(folder: Path, people: Iterable[Persoonslijst]) -> str:
    """Write the delivery of numbered people; its file name."""
    with (folder / BRP_NAME).open("w", encoding="utf-8-sig", newline="") as file:
        file.write(";".join(HEADERS) + "\r\n")
        for number, person in enumerate(people, 1):
            for row in _rows(person, number):
                file.write(";".join(row) + "\r\n")
    return BRP_NAME


def _rows(person: Persoonslijst, number: int) -> Iterator[list[str]]:
    rows = [[""] * len(HEADERS) for _ in range(max(len(person.verblijven), len(person.kinderen)))]
    first = rows[0]
    _fill(
        first,
        {
            "01.01.10": person.a_nummer,
            "01.01.20": person.bsn,
            "01.02.10": person.voornamen,
            "01.02.30": person.naam[0],
            "01.02.40": person.naam[1],
            "01.03.10": person.geboortedatum,
            "07.67.10": person.opschorting[0],
            "07.67.20": person.opschorting[1],
            "07.70.10": str(person.geheim),
            "07.80.10": "0001",
        },
    )
    first[0] = f"Lg01_{number}"
    for position in (*_REFUSED, *(_SOME_REFUSED if number % 3 == 0 else ())):
        first[position] = REFUSED_TEXT
    last = len(person.verblijven) - 1
    for place, verblijf in enumerate(person.verblijven):
        _fill(rows[place], _verblijf_cells(verblijf))
        if place < last:
            rows[place][_POSITION["08.H"]] = "58"  # announces that the next row is history
    _fill_relations(rows, person)
    yield from rows


def _fill_relations(rows: list[list[str]], person: Persoonslijst) -> None:
    """Parents, partner and children; a second child stands on the next row, announced by the category itself."""
    for category, parent in zip(("02", "03"), person.ouders, strict=False):
        _fill(rows[0], _relation_cells(category, parent) | {f"{category}.62.10": person.geboortedatum})
    if person.partner is not None:
        married = max(person.verblijven[0].datum, person.partner.verblijven[0].datum)
        _fill(rows[0], _relation_cells("05", person.partner) | {"05.06.10": married, "05.15.10": "H"})
    last = len(person.kinderen) - 1
    for place, child in enumerate(person.kinderen):
        cells = _relation_cells("09", child) | {"09.85.10": child.geboortedatum}
        _fill(rows[place], cells | ({"09.H": "09"} if place < last else {}))


def _relation_cells(category: str, other: Persoonslijst) -> dict[str, str]:
    cells = {
        "01.10": other.a_nummer,
        "01.20": other.bsn,
        "02.10": other.voornamen,
        "02.30": other.naam[0],
        "02.40": other.naam[1],
        "03.10": other.geboortedatum,
    }
    return {f"{category}.{element}": value for element, value in cells.items()}


def _fill(row: list[str], cells: dict[str, str]) -> None:
    for header, value in cells.items():
        row[_POSITION[header]] = value


def _verblijf_cells(verblijf: Verblijf) -> dict[str, str]:
    """The rubrieken of category 08 or 58."""
    cells = {
        "08.09.10": verblijf.gemeente,
        "08.72.10": verblijf.aangifte,
        "08.83.10": verblijf.onderzoek[0],
        "08.83.20": verblijf.onderzoek[1],
        "08.83.30": verblijf.onderzoek[2],
        "08.85.10": verblijf.datum,
        "08.86.10": verblijf.datum,
    }
    if verblijf.adres is not None and verblijf.adresseerbaar_object is not None:
        return cells | _own_address(verblijf)
    if verblijf.elders is None:
        return cells | {"08.13.10": "9999", "08.13.20": verblijf.datum, "08.13.30": "buitenland"}
    elders = verblijf.elders
    serial = elders.object_serial
    return cells | {
        "08.09.10": elders.gemeente,
        "08.10.10": verblijf.functie,
        "08.10.30": verblijf.datum,
        "08.11.10": short_name(elders.straat),
        "08.11.15": elders.straat,
        "08.11.20": str(elders.huisnummer),
        "08.11.60": elders.postcode,
        "08.11.70": elders.woonplaats,
        "08.11.80": f"{elders.gemeente}01{serial}" if serial else _NIHIL if elders.huisnummer % 20 == 0 else "",
        "08.11.90": f"{elders.gemeente}20{serial}" if serial else "",
    }


def _own_address(verblijf: Verblijf) -> dict[str, str]:
    if verblijf.adres is None or verblijf.adresseerbaar_object is None:
        raise ValueError("a stay in the municipality needs its address and its object")
    adres = verblijf.adres
    return {
        "08.09.10": GEMEENTE,
        "08.10.10": verblijf.functie,
        "08.10.30": verblijf.datum,
        "08.11.10": short_name(adres.openbare_ruimte.naam),
        "08.11.15": adres.openbare_ruimte.naam,
        "08.11.20": str(adres.huisnummer),
        "08.11.30": adres.huisletter,
        "08.11.40": adres.huisnummertoevoeging,
        "08.11.60": adres.postcode,
        "08.11.70": WOONPLAATS,
        "08.11.80": verblijf.adresseerbaar_object.adresseerbaar_object_id,
        "08.11.90": adres.nummeraanduiding_id,
    }
