"""Files that a malicious or broken supplier could send: a good one of every form, and ways to spoil it.

The tests spoil a few of each in every run; ``scripts/fuzz.py`` does so for hours, led by the code that a file reaches.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from bag_files import extract_tree, mutations_tree, object_xml, stand_xml, toevoeging_xml, zip_bytes
from brk_answers import collection, company, persoon, right, stukdeel, zaak
from photo_files import photo

from importers.photos import clean_photo
from importers.source import load_source
from registry.demo.generate import make_municipality
from registry.errors import WoonregisterError
from registry.intake.run import IMPORTERS

HOME, OTHER_HOME = "0606010000000001", "0606010000000002"
DEMO_DAY = date(2026, 11, 1)

VALUES = (
    "", " ", "0", "-1", "-0", "+5", "1/0", "0/0", "1/1", "9" * 25, "9" * 400, "1e400", "1e5", "NaN", "inf", "-inf",
    "0x10", "1_000", "1.000.000,00", "²", "١٢٣", "１２３", "½", "00000000", "20200000", "20201301", "99999999",
    "0000-00-00", "2020-02-30", "31-02-2020", "10000-01-01", "0001-01-01", "9999-12-31", "2020-01-01T99:99:99",
    "2020-01-01T00:00:00.000000000001", "24:00", "-00:01", "=1+1", "@SUM(A1)", "'", '"', '""', ";", "\t", "|", ",",
    "\r", "\n", "\x00", "\x1b[2J", "\u202e", "\ufeff", "\u2028", "e\u0301" * 50, "A" * 5000, "<b>x</b>", "&lt;", "{}",
    "[]", "null", "true", "../../x", "%00", "{0}", "%s", "${jndi}", "GM0606", "3111AA", "0606010000000001",
    "0606019999999999", "Lg01_1", "verleend", "ja", "J",
)  # fmt: skip
JSON_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 1e308, float("nan"), float("inf"), "", "x", "\ud800", "\x00", [], {}, [[]],
    [None], [{}], {"": None}, ["x", 1, None], *VALUES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A form in which a source comes: a good part of a file, and how the file is made of that part."""

    bron: str
    name: str
    seed: bytes
    wrap: Callable[[bytes], bytes] = bytes
    is_json: bool = False

    @property
    def title(self) -> str:
        """How a test and a report call it."""
        return f"{self.bron} {self.name}"


def read_hostile(target: Target, part: bytes, folder: Path) -> bool:
    """Let an importer read a file to its end; whether it was taken. What is no clean refusal comes out as it is."""
    content = target.wrap(part)
    if target.bron == "foto":
        return _refused(lambda: clean_photo(content, keep_place_and_time=True))
    path = folder / target.name.split(" ")[-1]
    path.write_bytes(content)
    return _refused(lambda: _read_all(target.bron, path))


def _read_all(bron: str, path: Path) -> None:
    delivery = IMPORTERS[bron](path, source=load_source(bron))
    for batch in delivery.batches:
        if batch.frame.schema != batch.record.schema:
            raise TypeError(f"{batch.record.name}: {batch.frame.schema}")
        # What a database cannot hold must not come out of an importer.
        for text in batch.frame.select("source_file").to_series():
            text.encode()


def _refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except WoonregisterError as error:
        if len(str(error)) < 20 or any(sign < " " and sign not in "\n\t" for sign in str(error)):
            raise ValueError(f"a refusal without a text: {error!r}") from error
        return False
    return True


# --- good files ----------------------------------------------------------------------------------------------------


@cache
def targets() -> tuple[Target, ...]:
    """Every form of every source."""
    return (*_tables(), *_answers(), *_extracts(), Target("foto", "foto.jpg", photo(gps=True)),
            Target("foto", "foto.png", photo(kind="PNG")))  # fmt: skip


def _tables() -> Iterator[Target]:
    with TemporaryDirectory() as place:
        folder = Path(place)
        manifest = make_municipality(folder, woningen=60, peildatum=DEMO_DAY)
        for bron, name in manifest.bestanden.items():
            content = (folder / name).read_bytes()
            if name.endswith(".csv"):
                yield Target(bron, name, b"\r\n".join(content.splitlines()[:8]))
            elif name.endswith(".xlsx"):
                members = _members(content)
                yield Target(bron, name, members["xl/worksheets/sheet1.xml"][:20_000], _in_workbook(members))
                yield Target(bron, f"ruw {name}", content)
            elif name.endswith(".geojson"):
                yield Target(bron, name, content, is_json=True)
    yield Target(
        "aangewezen_gebieden",
        "aangewezen.csv",
        b"Gebied;Naam;CBS-code;Postcode;Van;Tot;T/m;Regeling\r\nOOST;Oost;WK060601;;01-11-2022;;;CVDR635622\r\n"
        b"OOST;Oost;;3117;01-11-2022;;31-12-2027;CVDR635622\r\n",
    )


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _in_workbook(members: dict[str, bytes]) -> Callable[[bytes], bytes]:
    return lambda sheet: zip_bytes(members | {"xl/worksheets/sheet1.xml": sheet})


def _answers() -> Iterator[Target]:
    def target(bron: str, name: str, *answers: Any) -> Target:
        return Target(bron, name, "\n".join(json.dumps(one) for one in answers).encode(), is_json=True)

    period = {"datumVan": "2024-01-01", "datumTot": "2024-07-01"}
    people = [{"burgerservicenummer": "999993653", "inOnderzoek": {"x": True}}]
    home = {"adresseerbaarObjectIdentificatie": HOME, "periode": period, "bewoners": people,
            "mogelijkeBewoners": [{"burgerservicenummer": "999990639"}], "indicatieVeelBewoners": False}  # fmt: skip
    yield target("bewoning", "bewoning.json", {"bewoningen": [home]})
    value = {"vastgesteldeWaarde": 300000, "waardepeildatum": "2024-01-01", "ingangsdatum": "2025-01-01",
             "beschikkingsStatussen": ["03"], "indicatieBezwaarBeroep": False}  # fmt: skip
    woz = {"identificatie": "060600000001", "adresseerbaarObjectIdentificaties": [HOME], "waarden": [value],
           "aanduiding": {"huisnummer": 3, "straat": "Hof", "postcode": "3111AA"}}  # fmt: skip
    yield target("woz", "woz.json", woz)
    yield target("woz", "lijst woz.json", {"_links": {"next": {}}, "_embedded": {"wozObjecten": [woz]}})
    holder = right("76870000010001", persoon("999993653", "J. Jansen"), stukdelen=["NL.IMKAD.Stukdeel.1"])
    plain = zaak("76870010010000", HOME, [holder, right("76870000010002", company("001234567"), share=(1, 2))])
    yield target("brk", "brk.json", plain, stukdeel("NL.IMKAD.Stukdeel.1", "1", "Koop", 250000.0))
    yield target("brk", "lijst brk.json", {"request": "/kadasternatuurlijkpersonen/1", "response": collection([plain])})
    visit = {
        "inspectie": "L3-1", "adresseerbaar_object_id": HOME, "datum": "2026-12-01", "tijd": "19:30",
        "resultaat": "toegang_met_toestemming", "legitimatie": True, "aantal_personen": 5, "huurprijs": 450.5,
        "ruimten": [{"naam": "voorkamer", "oppervlakte": 14.2, "slaapplaatsen": 3}],
        "aangetroffen": [{"omschrijving": "man", "sinds": "mei 2026", "huur": 450, "ingeschreven": False}],
        "verklaringen": [{"van": "bewoner", "tekst": "x", "taal": "Pools"}], "bewijs": ["abc123"],
        "fotos": [{"inhoud": "eHl6", "omschrijving": "gevel", "plaats_en_tijd_bewaren": True}],
    }  # fmt: skip
    form = {"formaat": "woonregister-veldformulier", "versie": 1, "lijst": 3, "bezoeken": [visit]}
    yield target("inspecties", "formulier.json", form)


def _extracts() -> Iterator[Target]:
    for code in ("VBO", "PND", "NUM"):
        rows = [object_xml(code), object_xml(code, voorkomenidentificatie=2)]
        yield Target("bag", f"{code} extract.zip", stand_xml(code, rows), _in_extract(code))
    tree = mutations_tree([[[toevoeging_xml(object_xml("VBO"))]]])
    (name, inner), = [(name, inner) for name, inner in _documents(tree) if b"toevoeging" in inner]  # fmt: skip
    yield Target("bag", "mutaties extract.zip", inner, lambda part: zip_bytes(_put(tree, name, part)))
    yield Target("bag", "ruw extract.zip", zip_bytes(extract_tree()))


def _in_extract(code: str) -> Callable[[bytes], bytes]:
    tree = extract_tree()
    (name,) = [name for name, _ in _documents(tree) if re.match(rf"0606{code}\d+-000001\.xml", name)]
    return lambda part: zip_bytes(_put(tree, name, part))


def _documents(tree: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    for name, content in tree.items():
        if isinstance(content, dict):
            yield from _documents(content)
        else:
            yield name, content


def _put(tree: dict[str, Any], wanted: str, part: bytes) -> dict[str, Any]:
    return {
        name: _put(content, wanted, part) if isinstance(content, dict) else part if name == wanted else content
        for name, content in tree.items()
    }


# --- spoiling ------------------------------------------------------------------------------------------------------


def spoil(target: Target, part: bytes, random: Random) -> bytes:
    """The part with one to three things wrong."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        part = _spoil_json(part, random) if target.is_json and random.random() < 0.8 else _spoil_bytes(part, random)
    return part


def _spoil_json(part: bytes, random: Random) -> bytes:
    try:
        whole = [json.loads(line) for line in part.decode().splitlines() if line.strip()]
    except (ValueError, RecursionError):
        try:
            whole = [json.loads(part)]
        except (ValueError, RecursionError):
            return _spoil_bytes(part, random)
    places = list(_places(whole))
    if not places:
        return _spoil_bytes(part, random)
    holder, key = random.choice(places)
    act = random.random()
    if act < 0.65:
        holder[key] = random.choice(JSON_VALUES)
    elif act < 0.75 and isinstance(holder, dict):
        holder[random.choice(("x", "type", "identificatie", "", "status", "title", "__class__"))] = holder.pop(key)
    elif act < 0.85:
        holder[key] = [holder[key]] * random.choice((1, 2, 3))
    elif act < 0.95:
        other, place = random.choice(places)
        holder[key] = json.loads(json.dumps(other[place]))
    else:
        deep: Any = holder[key]
        for _ in range(random.choice((3, 40, 200))):
            deep = [deep]
        holder[key] = deep
    return "\n".join(json.dumps(one) for one in whole).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from _places(inner)


def _spoil_bytes(part: bytes, random: Random) -> bytes:
    return random.choice((_one_cell, _one_cell, _one_cell, _one_byte, _cut, _twice, _foreign))(part, random)


def _one_cell(part: bytes, random: Random) -> bytes:
    """A cell, an element or an attribute with another value."""
    body = part.find(b"\n") + 1 if random.random() < 0.8 else 0  # what has wrong headers is not read further
    cells = list(re.compile(rb'(?<=[;>"\n,=])[^;<>"\r\n,=]*(?=[;<"\r\n,])').finditer(part, body))
    if not cells:
        return _one_byte(part, random)
    cell = random.choice(cells)
    return part[: cell.start()] + random.choice(VALUES).encode() + part[cell.end() :]


def _one_byte(part: bytes, random: Random) -> bytes:
    place = random.randrange(len(part) + 1)
    return part[:place] + bytes([random.randrange(256)]) + part[place + random.randrange(2) :]


def _cut(part: bytes, random: Random) -> bytes:
    first, last = sorted(random.randrange(len(part) + 1) for _ in range(2))
    return part[:first] + part[last:]


def _twice(part: bytes, random: Random) -> bytes:
    first = random.randrange(len(part) + 1)
    last = min(len(part), first + random.choice((1, 20, 200, 2000)))
    return part[:last] + part[first:last] * random.choice((1, 2, 50)) + part[last:]


def _foreign(part: bytes, random: Random) -> bytes:
    foreign = (b"\xff\xfe", b"\xed\xa0\x80", b"\x00", b"\xc3", b"]]>", b"<!--", b"<!DOCTYPE x [<!ENTITY e 'e'>]>",
               b"&e;", b'"', b"\r", b"\x0b", b"\x85", b"PK\x03\x04", b"\xef\xbb\xbf")  # fmt: skip
    place = random.randrange(len(part) + 1)
    return part[:place] + random.choice(foreign) + part[place:]
