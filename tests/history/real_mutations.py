"""Mutations between two real extracts, made of their own XML: what changed, as was and wordt."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bag_files import CODES, mutations_tree, write_zip
from lxml import etree

_STAND = "{http://www.kadaster.nl/schemas/standlevering-generiek/1.0}stand"


def make_mutations(older: Path, newer: Path, target: Path, *, stand: str) -> Path:
    """A national delivery of mutations of the seven object types and of in onderzoek, from one extract to the next."""
    groups = {kind: _groups(_rows(older, kind), _rows(newer, kind)) for kind in ("", "IO")}
    return write_zip(target, mutations_tree([[], groups[""]], in_onderzoek=groups["IO"], stand=stand, van="2021-09-15"))


def _groups(before: dict[tuple[str, ...], str], after: dict[tuple[str, ...], str]) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for key, text in after.items():
        if key not in before:
            found.setdefault(key[1], []).append(f"<ml:toevoeging><ml:wordt>{text}</ml:wordt></ml:toevoeging>")
        elif before[key] != text:
            change = f"<ml:was>{before[key]}</ml:was><ml:wordt>{text}</ml:wordt>"
            found.setdefault(key[1], []).append(f"<ml:wijziging>{change}</ml:wijziging>")
    return list(found.values())


def _rows(extract: Path, kind: str) -> dict[tuple[str, ...], str]:
    """Every row of an extract, by what identifies it."""
    rows = {}
    for document in _documents(zipfile.ZipFile(extract), kind):
        for _, row in etree.iterparse(io.BytesIO(document), tag=_STAND):
            element = row[0][0]
            told = {etree.QName(node).localname: node.text for node in element.iter() if len(node) == 0}
            name = etree.QName(element).localname
            identity = next(text for local, text in told.items() if local.startswith("identificatie"))
            version = told.get("voorkomenidentificatie") or f"{told['kenmerk']} {told['tijdstipRegistratie']}"
            wrapper = etree.QName(row[0]).localname
            inside = etree.tostring(element, encoding="unicode", with_tail=False)
            rows[name, identity, version] = f"<mlm:{wrapper}>{inside}</mlm:{wrapper}>"
            row.clear()
    return rows


def _documents(archive: zipfile.ZipFile, kind: str) -> Iterator[bytes]:
    for name in archive.namelist():
        if name.endswith(".zip"):
            yield from _documents(zipfile.ZipFile(io.BytesIO(archive.read(name))), kind)
        elif name.endswith(".xml") and any(name[4:].startswith(f"{kind}{code}1") for code in CODES):
            yield archive.read(name)
