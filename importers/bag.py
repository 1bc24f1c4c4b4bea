"""The BAG: LVBAG Extract 2.0 of a gemeente or of the whole country, or a day of mutations, as a stream of batches.

Source: Kadaster, LVBAG XSD 2.1.0 (20200601). Loaded are the seven object types with every voorkomen, in onderzoek and
the table of gemeenten and woonplaatsen. The files NietBag and Inactief use the same keys for other facts, so they are
counted and kept apart. Whether a reference is delivered is judged by the intake, which sees all batches.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from lxml import etree

from importers import bag_fast, bag_mutations
from importers.bag_archive import LEVERINGSDOCUMENT, Archive, Part, check_path
from importers.bag_fields import NAMESPACES, Table, qualified
from importers.bag_frames import build_batch
from importers.bag_head import HEAD_BYTES, Head, read_head
from importers.bag_raw import RawRecords, sliced
from importers.bag_tables import OBJECTS, TABLES
from importers.bag_xml import Joined, Readable, extract
from importers.records import Batch, Delivery
from importers.source import Mapping, Source
from registry.errors import SourceRefusedError

Lane = Literal["auto", "reference"]

_MAX_LEVERINGSDOCUMENT = 1024 * 1024
_WHOLE = "Geef het hele extract zoals het Kadaster het levert (BAGGEM…L-….zip of BAGNLDL-….zip), of de map ervan."
_APART = {"NB": "NietBag", "IA": "Inactief"}
_MAY_LACK = {"LIG", "STA"}  # not every gemeente has a ligplaats or a standplaats


def read(path: Path, *, source: Source, mapping: Mapping | None = None, lane: Lane = "auto") -> Delivery:
    """Read an extract or mutations: a zip as delivered, or a folder with the same files (zipped or not).

    Args:
        path: the delivered zip or a folder.
        source: the description of the BAG (``load_source("bag")``).
        mapping: must be absent; the BAG has one layout.
        lane: ``reference`` always uses lxml; ``auto`` uses xml2arrow where it is installed and the document is plain.

    Returns:
        The delivery: leverdatum is the StandTechnischeDatum, area the gemeente codes (none for the whole country);
        mutations are a ``deel``.

    Raises:
        SourceRefusedError: it is no whole extract; also while the batches are read.
    """
    if mapping is not None:
        raise SourceRefusedError(f"De bron {source.name} heeft een vaste indeling; laat --indeling weg.")
    check_path(path)
    with Archive(path) as archive:
        parts, notes = _distinct(archive.parts())
        if bag_mutations.holds_mutations(parts):
            return bag_mutations.read_mutations(archive, parts, notes)
        stand, area, more = _read_leveringsdocument(archive, parts)
        notes += more
        _check_complete(parts, notes)
        notes += _count_apart(archive, parts)
    wanted = [part for code in TABLES for part in parts if part.code == code]
    return Delivery(stand, _batches(path, wanted, stand, lane), area, tuple(notes))


def _distinct(found: Iterator[Part]) -> tuple[list[Part], list[str]]:
    """Each document once: a folder may hold a zip and, beside it, what was unpacked from it; the zip is whole."""
    parts: list[Part] = []
    stems: set[str] = set()
    names: set[str] = set()
    passed_over = 0
    for part in sorted(found, key=lambda part: (not part.is_zip, -len(part.inside), part.name)):
        key = part.stem if part.is_zip else part.name.upper()
        if part.code != LEVERINGSDOCUMENT and (part.stem in stems or key in names):
            passed_over += 1
            continue
        (stems if part.is_zip else names).add(key)
        parts.append(part)
    parts.sort(key=lambda part: (part.stem, part.name))
    notes = [f"{passed_over} bestanden kwamen dubbel voor en zijn één keer gelezen."] if passed_over else []
    return parts, notes


def _read_leveringsdocument(archive: Archive, parts: list[Part]) -> tuple[date, tuple[str, ...], list[str]]:
    """StandTechnischeDatum, gemeente codes and notes of the delivery."""
    documents = [part for part in parts if part.code == LEVERINGSDOCUMENT]
    if not documents:
        raise SourceRefusedError(
            f"{archive.path.name} bevat geen {LEVERINGSDOCUMENT} en is geen heel extract. {_WHOLE}"
        )
    if len(documents) > 1:
        raise SourceRefusedError(
            f"{archive.path.name} bevat {len(documents)} leveringen. Lees ze één voor één in, elk uit een eigen map."
        )
    name, content = archive.content(documents[0], _MAX_LEVERINGSDOCUMENT)
    head = read_head(content, name)
    if head.root_namespace != NAMESPACES["xb"]:
        raise SourceRefusedError(f"{name} is geen leveringsdocument van een BAG-extract 2.0. {_WHOLE}")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise SourceRefusedError(
            f"{name} is geen geldig XML-bestand of is afgebroken ({error.msg}). {_WHOLE}"
        ) from error
    if root.find(f".//{qualified('selecties-extract:MUT-Extract')}") is not None:
        raise SourceRefusedError(f"Dit is een levering van mutaties, maar er is geen bestand met mutaties in. {_WHOLE}")
    notes = []
    if root.find(f".//{qualified('selecties-extract:APD-Extract')}") is not None:
        notes.append("Dit extract bevat alleen één peildatum; de geschiedenis van de objecten ontbreekt.")
    text = root.findtext(f".//{qualified('selecties-extract:StandTechnischeDatum')}") or ""
    try:
        stand = date.fromisoformat(text)
    except ValueError as error:
        raise SourceRefusedError(f"{name} noemt geen geldige StandTechnischeDatum ('{text}'). {_WHOLE}") from error
    codes = root.iterfind(f".//{qualified('selecties-extract:GemeenteIdentificatie')}")
    return stand, tuple(sorted({code.text for code in codes if code.text})), notes


def _check_complete(parts: list[Part], notes: list[str]) -> None:
    """A delivery without one of the object types is not whole: what it lacks must not look like what is gone."""
    delivered = {part.code for part in parts}
    missing = [table.code for table in OBJECTS if table.code not in delivered]
    lacking = [code for code in missing if code not in _MAY_LACK]
    if lacking:
        raise SourceRefusedError(f"Het extract is niet compleet: {', '.join(lacking)} ontbreekt. {_WHOLE}")
    notes.extend(f"Het extract bevat geen bestand {code}." for code in missing)
    if "GEM-WPL" not in delivered:
        notes.append("Het extract bevat geen GEM-WPL-RELATIE; de gemeente van een woonplaats is dan niet bekend.")


def _count_apart(archive: Archive, parts: list[Part]) -> list[str]:
    """How much is in the files that are kept apart."""
    notes = []
    for prefix, kind in _APART.items():
        apart = [part for part in parts if part.code.startswith(prefix)]
        total = sum(_count_rows(name, stream) for part in apart for name, stream in archive.documents(part))
        if total:
            notes.append(f"{kind}: {total} voorkomens in {len(apart)} bestanden zijn niet ingelezen (apart gehouden).")
    return notes


def _count_rows(name: str, stream: Readable) -> int:
    """Row elements in a document, without building it."""
    start = stream.read(HEAD_BYTES)
    prefix = read_head(start, name).prefix_of(NAMESPACES["sl"]) or ""
    mark = f"<{prefix}stand>".encode()
    total, tail = 0, b""
    while start:
        block = tail + start
        total += block.count(mark)
        tail = block[-(len(mark) - 1) :]
        start = stream.read(HEAD_BYTES)
    return total


def _batches(path: Path, parts: list[Part], stand: date, lane: Lane) -> Iterator[Batch]:
    fast = lane == "auto" and bag_fast.is_available()
    with Archive(path) as archive:
        for part in parts:
            table = TABLES[part.code]
            for name, stream in archive.documents(part):
                for raw in _extract(table, name, stream, stand, fast=fast):
                    yield build_batch(raw, stand)


class Sized(Readable, Protocol):
    """A stream that knows how many bytes it will give."""

    size: int


def _extract(table: Table, name: str, stream: Sized, stand: date, *, fast: bool) -> Iterator[RawRecords]:
    """Texts of one document, by the fast extractor when it can, else by the reference one."""
    whole = fast and stream.size <= bag_fast.MAX_BYTES
    start = stream.read() if whole else stream.read(HEAD_BYTES)
    head = read_head(start[:HEAD_BYTES], name)
    _check_head(table, name, head, stand)
    raw = bag_fast.extract_fast(table, name, head, start) if whole else None
    if raw is None:
        yield from extract(table, name, Joined(start, stream))
    else:
        del start  # as large as everything that is made of it
        yield from sliced(raw)


def _check_head(table: Table, name: str, head: Head, stand: date) -> None:
    """The document must be of the kind that its name says, of this schema version and of this delivery."""
    prefix, root = table.root.split(":")
    if head.root == "bagMutaties":
        raise SourceRefusedError(f"{name} bevat mutaties, terwijl de bestandsnaam iets anders zegt. {_WHOLE}")
    if head.root != root or head.root_namespace != NAMESPACES[prefix]:
        raise SourceRefusedError(
            f"{name} is geen BAG-bestand van LVBAG Extract 2.0 (gevonden: {head.root}, "
            f"{head.root_namespace or 'geen schema'}). {_WHOLE}"
        )
    if head.stand is not None and head.stand != stand.isoformat():
        raise SourceRefusedError(
            f"{name} is van {head.stand}, maar de levering van {stand.isoformat()}. "
            "Meng geen bestanden van verschillende leveringen."
        )
