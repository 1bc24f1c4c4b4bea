"""Files made to do harm: they are refused by every importer that could meet them, before they cost anything."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from hostile_files import Target, read_hostile, targets

from importers.source import load_source
from registry.errors import SourceRefusedError
from registry.intake.run import IMPORTERS

TARGETS = {one.title: one for one in targets()}
WORKBOOK = TARGETS["meldingen meldingen.xlsx"]
STEPS = [f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 20}'>" for n in range(9)]
LAUGHS = f"<!DOCTYPE x [<!ENTITY a '{'ha' * 50}'>{''.join(STEPS)}]>".encode()
OUTSIDE = b'<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'
EVERYWHERE = sorted(IMPORTERS)


def refusal(bron: str, path: Path) -> str:
    """Why a file is refused; or that nothing of it was taken, which is as good."""
    try:
        for batch in IMPORTERS[bron](path, source=load_source(bron)).batches:
            assert batch.frame.is_empty(), "something was taken of it"
    except SourceRefusedError as error:
        return str(error)
    return "niets van het bestand is gelezen"


def bomb(inside: str, size: int = 1 << 30) -> bytes:
    """A zip of some kilobytes that says to hold a gigabyte of nothing."""
    buffer = io.BytesIO()
    archive = zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open(inside, "w", force_zip64=True) as member:
        for _ in range(size >> 24):
            member.write(bytes(1 << 24))
    return buffer.getvalue()


@pytest.mark.parametrize("bron", EVERYWHERE)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("diep.json", b"[" * 200_000),
        ("dieper.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        ("getal.json", b'{"bewoningen": ' + b"9" * 20_000 + b"}"),
        ("half.json", b'{"bewoningen": ["\\ud800"], "identificatie": "\\ud800"}'),
        ("nul.json", b'{"bewoningen": ["a\\u0000b"], "identificatie": "1"}'),
        ("geen.json", b'{"bewoningen": NaN}'),
        ("lacht.xml", LAUGHS + b"<x>&j;</x>"),
        ("buiten.xml", OUTSIDE + b"<x>&j;</x>"),
        ("ebcdic.csv", "Adres;Naam\n1;2\n".encode("cp037")),
        ("leeg.zip", b"PK\x05\x06" + bytes(18)),
        ("../../weg.csv", b"a;b"),
    ],
)
def test_no_importer_takes_it(tmp_path: Path, bron: str, name: str, content: bytes) -> None:
    path = tmp_path / Path(name).name
    path.write_bytes(content)
    assert len(refusal(bron, path)) > 20
    assert "root:" not in refusal(bron, path)


@pytest.mark.parametrize("bron", EVERYWHERE)
def test_a_workbook_with_macros_and_nothing_else_is_refused(tmp_path: Path, bron: str) -> None:
    members = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", "xl/vbaProject.bin": b"\xd0\xcf"}
    path = tmp_path / "met macro.xlsm"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert refusal(bron, path)


@pytest.mark.parametrize("macro", ["xl/vbaProject.bin", "xl/macrosheets/sheet2.xml"])
def test_macros_beside_good_cells_are_refused_with_that_reason(tmp_path: Path, macro: str) -> None:
    path = tmp_path / "meldingen.xlsx"  # a name proves nothing
    path.write_bytes(WORKBOOK.wrap(WORKBOOK.seed))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(macro, b"\xd0\xcf")
    assert "bevat macro's" in refusal("meldingen", path)


@pytest.mark.parametrize("place", ["XFD1048576", "A99999999", "ZZZZ9000", "A" * 50 + "8", "D" + "1" * 40, "1e5", ""])
def test_a_cell_far_away_does_not_end_the_program(tmp_path: Path, place: str) -> None:
    row = f'<row r="5"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'.encode()
    far = WORKBOOK.seed.replace(b"</sheetData>", row)
    assert far != WORKBOOK.seed
    path = tmp_path / "ver.xlsx"
    path.write_bytes(WORKBOOK.wrap(far))
    assert "ver van alle andere" in refusal("meldingen", path)


def test_a_workbook_is_what_its_content_says(tmp_path: Path) -> None:
    path = tmp_path / "meldingen.xlsb"
    path.write_bytes(WORKBOOK.wrap(WORKBOOK.seed))
    assert sum(b.frame.height for b in IMPORTERS["meldingen"](path, source=load_source("meldingen")).batches) > 0


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE])
def test_entities_in_an_extract_or_a_workbook_are_not_followed(tmp_path: Path, doctype: bytes) -> None:
    for title in ("bag VBO extract.zip", "bag mutaties extract.zip"):
        part = TARGETS[title].seed.replace(b"?>", b"?>" + doctype, 1)
        assert doctype in part
        assert not read_hostile(TARGETS[title], part, tmp_path)
    sheet = b'<?xml version="1.0"?>' + doctype + WORKBOOK.seed.replace(b"</t>", b"&j;</t>")
    path = tmp_path / "meldingen.xlsx"
    path.write_bytes(WORKBOOK.wrap(sheet))
    try:
        batches = list(IMPORTERS["meldingen"](path, source=load_source("meldingen")).batches)
    except SourceRefusedError:
        return
    kept = str([batch.frame.to_dicts() + batch.issues.to_dicts() for batch in batches])
    assert "root:" not in kept
    assert "hahaha" not in kept


@pytest.mark.proof
@pytest.mark.parametrize(
    ("bron", "name", "inside"),
    [
        ("meldingen", "x.xlsx", "xl/workbook.xml"),
        ("bag", "x.zip", "Leveringsdocument-BAG-Extract.xml"),
        ("bewoning", "x.zip", "a.json"),
        ("woz", "x.zip", "a.json"),
        ("brk", "x.zip", "a.json"),
        ("inspecties", "x.zip", "a.json"),
        ("gebieden", "x.zip", "a.geojson"),
    ],
)
def test_a_zip_bomb_is_refused(tmp_path: Path, bron: str, name: str, inside: str) -> None:
    path = tmp_path / name
    path.write_bytes(bomb(inside))
    assert path.stat().st_size < 5_000_000
    assert refusal(bron, path)


def test_a_nested_answer_within_bounds_is_only_odd(tmp_path: Path) -> None:
    """Depth alone is no crime: what Python itself can read is judged by what it says."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"bewoningen": [[[[]]]]}), encoding="utf-8")
    assert "bewoningen" in refusal("bewoning", path)


def test_the_targets_cover_every_source() -> None:
    assert {one.bron for one in TARGETS.values() if isinstance(one, Target)} >= set(IMPORTERS)
