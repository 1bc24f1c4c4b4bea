"""What is no whole, sound delivery is refused with a Dutch text that says what to do, and nothing is taken from it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bag_files import Tree, extract_tree, leveringsdocument, object_xml, stand_xml, write_folder, write_zip, zip_bytes
from bag_reading import LANES, delivery
from openpyxl import Workbook

from importers import bag
from importers.bag import Lane
from importers.bag_archive import MAX_RATIO
from importers.source import Mapping, load_source
from registry.errors import SourceRefusedError

GEM, VBO, DOCUMENT = "0606GEM15012026.zip", "0606VBO15012026.zip", "0606VBO15012026-000001.xml"


def refusal(path: Path, lane: Lane = "auto") -> str:
    """The text with which a delivery is refused, at once or while its batches are read."""
    with pytest.raises(SourceRefusedError) as caught:
        list(delivery(path, lane).batches)
    return str(caught.value)


def damaged(folder: Path, change: Callable[[Tree], Any]) -> Path:
    tree = extract_tree()
    change(tree)
    return write_zip(folder / "BAGGEM0606L-15012026.zip", tree)


def with_document(folder: Path, content: bytes) -> Path:
    """A delivery in which the document of the verblijfsobjecten has this content."""
    return damaged(folder, lambda tree: tree[GEM][VBO].update({DOCUMENT: content}))


def test_an_absent_file(tmp_path: Path) -> None:
    assert "bestaat niet" in refusal(tmp_path / "er niet.zip")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is leeg"),
        (b"identificatie;naam\n1;x\n", "is geen zip-bestand"),
        (zip_bytes({}), "Leveringsdocument"),
        (zip_bytes({"foto.jpg": b"x"}), "Leveringsdocument"),
        (zip_bytes(extract_tree())[:-400], "afgebroken zip-bestand"),
        (zip_bytes(extract_tree()[GEM]), "Geef het hele extract"),
        (zip_bytes(extract_tree()[GEM][VBO]), "Geef het hele extract"),
        (stand_xml("VBO", []), "is geen zip-bestand"),
    ],
)
def test_a_file_of_another_kind(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "extract.zip"
    path.write_bytes(content)
    assert words in refusal(path)


def test_a_workbook_that_was_renamed(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "extract.zip")
    assert "Office-bestand" in refusal(tmp_path / "extract.zip")


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "Leveringsdocument" in refusal(tmp_path)


def test_two_deliveries_in_one_folder(tmp_path: Path) -> None:
    write_zip(tmp_path / "BAGGEM0606L-15012026.zip", extract_tree())
    write_zip(tmp_path / "BAGGEM0606L-15022026.zip", extract_tree(stand="2026-02-15"))
    assert "één voor één" in refusal(tmp_path)


def test_a_column_mapping_makes_no_sense(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "extract.zip", extract_tree())
    with pytest.raises(SourceRefusedError, match="--indeling"):
        bag.read(path, source=load_source("bag"), mapping=Mapping({}))


@pytest.mark.parametrize("code", ["WPL", "OPR", "NUM", "VBO", "PND"])
def test_an_object_type_that_is_not_delivered(tmp_path: Path, code: str) -> None:
    assert f"{code} ontbreekt" in refusal(damaged(tmp_path, lambda tree: tree[GEM].pop(f"0606{code}15012026.zip")))


def test_a_gemeente_without_ligplaatsen_is_only_noted(tmp_path: Path) -> None:
    found = delivery(damaged(tmp_path, lambda tree: tree[GEM].pop("0606LIG15012026.zip")))
    assert any("LIG" in note for note in found.notes)
    assert sum(batch.read for batch in found.batches) == 7


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tree: tree.update({GEM: b"PK geen zip"}), GEM),
        (lambda tree: tree.update({GEM: zip_bytes(tree[GEM])[:-300]}), GEM),
        (lambda tree: tree[GEM].update({VBO: zip_bytes(tree[GEM][VBO])[:-30]}), VBO),
        (lambda tree: tree[GEM].update({VBO: {}}), "bevat geen XML-bestand"),
        (lambda tree: tree[GEM].update({VBO: tree[GEM]["0606PND15012026.zip"]}), "bevat geen enkel Verblijfsobject"),
        (lambda tree: tree[GEM].update({VBO: {VBO: tree[GEM][VBO]}}), "bevat geen XML-bestand"),
    ],
)
def test_a_zip_inside_is_wrong(tmp_path: Path, change: Callable[[Tree], Any], words: str) -> None:
    assert words in refusal(damaged(tmp_path, change))


def test_a_flipped_byte_inside_a_zip(tmp_path: Path) -> None:
    inner = bytearray(zip_bytes(extract_tree()[GEM][VBO]))
    inner[200] ^= 0xFF
    assert DOCUMENT in refusal(damaged(tmp_path, lambda tree: tree[GEM].update({VBO: bytes(inner)})))


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize("cut", [-1, -16, -30, -60, 40, 300])
def test_a_document_that_is_cut_off(tmp_path: Path, lane: Lane, cut: int) -> None:
    whole = stand_xml("VBO", [object_xml("VBO"), object_xml("VBO", voorkomenidentificatie=2)]).rstrip()
    assert DOCUMENT in refusal(with_document(tmp_path, whole[:cut]), lane)


@pytest.mark.parametrize("lane", LANES)
def test_a_document_that_ends_between_two_objects(tmp_path: Path, lane: Lane) -> None:
    whole = stand_xml("VBO", [object_xml("VBO"), object_xml("VBO")])
    assert "afgebroken" in refusal(with_document(tmp_path, whole[: whole.rindex(b"<sl:stand>")]), lane)


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "geen XML-bestand"),
        (b"PK\x03\x04", "geen XML-bestand"),
        (b"<html><body>Storing</body></html>", "geen BAG-bestand"),
        (stand_xml("VBO", [object_xml("VBO")]).replace(b"v20200601", b"v20300101"), "geen BAG-bestand"),
        (
            stand_xml("VBO", [object_xml("VBO")]).replace(b"imbag/objecten/v20200601", b"imbag/objecten/v9"),
            "geen enkel",
        ),
        (stand_xml("VBO", [object_xml("VBO")], stand="2026-02-15"), "verschillende leveringen"),
        (stand_xml("VBO", [object_xml("VBO").replace("woonfunctie", "woon\x00functie")]), "geen geldig XML"),
        (stand_xml("VBO", [object_xml("VBO", documentnummer="é")]).replace("é".encode(), b"\xff"), "geen geldig XML"),
        (
            b'<mlm:bagMutaties xmlns:mlm="http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-mutaties-lvc/v20200601"/>',
            "mutaties",
        ),
    ],
)
def test_a_document_that_is_something_else(tmp_path: Path, lane: Lane, content: bytes, words: str) -> None:
    assert words in refusal(with_document(tmp_path, content), lane)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (leveringsdocument(kind="MUT-Extract"), "mutaties"),
        (leveringsdocument(stand="2026-13-45"), "StandTechnischeDatum"),
        (leveringsdocument()[:-60], "afgebroken"),
        (stand_xml("VBO", []), "geen leveringsdocument"),
        (b"", "geen XML-bestand"),
    ],
)
def test_a_leveringsdocument_that_says_something_else(tmp_path: Path, document: bytes, words: str) -> None:
    path = damaged(tmp_path, lambda tree: tree.update({"Leveringsdocument-BAG-Extract.xml": document}))
    assert words in refusal(path)


def test_mutations_do_not_come_with_an_extract(tmp_path: Path) -> None:
    path = damaged(tmp_path, lambda tree: tree.update({"9999MUT15012026-16012026.zip": {}}))
    assert "Naast mutaties" in refusal(path)


BILLION_LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize("where", [DOCUMENT, "Leveringsdocument-BAG-Extract.xml"])
@pytest.mark.parametrize("doctype", [BILLION_LAUGHS + "]>", "<!DOCTYPE x [<!ENTITY i SYSTEM 'file://{secret}'>]>"])
def test_entities_are_never_read(tmp_path: Path, lane: Lane, where: str, doctype: str) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheim", encoding="utf-8")
    prolog, _, rest = stand_xml("VBO", [object_xml("VBO", documentnummer="DOC")]).partition(b"\n")
    if where != DOCUMENT:
        prolog, _, rest = leveringsdocument().partition(b"\n")
    attack = prolog + b"\n" + doctype.replace("{secret}", str(secret)).encode() + rest.replace(b"DOC", b"&i;")
    tree = extract_tree()
    (tree if where in tree else tree[GEM][VBO])[where] = attack
    text = refusal(write_zip(tmp_path / "extract.zip", tree), lane)
    assert "DOCTYPE" in text
    assert "geheim" not in text.replace("geheim.txt", "")


@pytest.mark.parametrize("lane", LANES)
def test_an_entity_without_a_doctype_is_broken_xml(tmp_path: Path, lane: Lane) -> None:
    content = stand_xml("VBO", [object_xml("VBO", documentnummer="DOC")]).replace(b"DOC", b"&i;")
    assert "geen geldig XML" in refusal(with_document(tmp_path, content), lane)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    filler = b" " * (1024 * 1024)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(DOCUMENT, "w") as member:
        for _ in range(40):
            member.write(filler)
    assert len(buffer.getvalue()) * MAX_RATIO < 40 * len(filler)
    path = damaged(tmp_path, lambda tree: tree[GEM].update({VBO: buffer.getvalue()}))
    assert "veel groter" in refusal(path)


def test_zips_in_zips_without_end(tmp_path: Path) -> None:
    tree = extract_tree()
    for _ in range(6):
        tree = {GEM: tree}
    assert "te diep" in refusal(write_zip(tmp_path / "extract.zip", tree))


def test_an_encrypted_member(tmp_path: Path) -> None:
    inner = bytearray(zip_bytes(extract_tree()[GEM][VBO]))
    directory = inner.rindex(b"PK\x01\x02")
    inner[6] |= 1
    inner[directory + 8] |= 1
    assert "versleuteld" in refusal(damaged(tmp_path, lambda tree: tree[GEM].update({VBO: bytes(inner)})))


def test_a_folder_is_judged_as_strictly(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "map", extract_tree())
    (folder / DOCUMENT).write_bytes(stand_xml("VBO", [object_xml("VBO")])[:-30])
    assert "afgebroken" in refusal(folder)
