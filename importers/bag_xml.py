"""The reference extractor: any BAG stand document to columns of text, as a stream (lxml).

One pass over the descendants of each row element, with a table from element to column, so that the order of the
elements does not matter. It judges nothing; ``importers.bag_frames`` does.
"""

from collections.abc import Iterator
from typing import Any, Final, Protocol

import polars as pl
from lxml import etree

from importers.bag_fields import Table, qualified
from importers.bag_raw import EXTERIOR, INTERIOR, MAX_RECORDS, POINT, RINGS, RawRecords, no_records, raw_schema
from importers.issues import IssueLog
from registry.errors import SourceRefusedError


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end."""


class Joined:
    """The start of a document that was already read, and the rest of its stream."""

    def __init__(self, start: bytes, rest: Readable) -> None:
        self._start = start
        self._rest = rest

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; what was already read comes first, in one piece."""
        start, self._start = self._start, b""
        return start or self._rest.read(size)


_ONE, _MANY, _WRAPPED_ONE, _WRAPPED_MANY, _DIMENSIONS, _RING, _POSITIONS, _POSITION = range(8)

_GEOMETRY: Final[dict[str, tuple[int, int]]] = {
    qualified("gml:Point"): (_DIMENSIONS, POINT),
    qualified("gml:Polygon"): (_DIMENSIONS, -1),
    qualified("gml:Surface"): (_DIMENSIONS, -1),
    qualified("gml:MultiSurface"): (_DIMENSIONS, -1),
    qualified("gml:exterior"): (_RING, EXTERIOR),
    qualified("gml:interior"): (_RING, INTERIOR),
    qualified("gml:posList"): (_POSITIONS, 0),
    qualified("gml:pos"): (_POSITION, 0),
}


def element_slots(table: Table) -> dict[str, tuple[int, int]]:
    """For each element that fills a column: how it fills it, and the position of the column.

    An element whose name occurs under several wrappers (a reference to a hoofdadres or a nevenadres) is reached
    through its wrapper.
    """
    last = [part.path.split("/")[-1] for part in table.fields.values()]
    slots: dict[str, tuple[int, int]] = dict(_GEOMETRY) if table.geometry else {}
    for position, part in enumerate(table.fields.values()):
        steps = part.path.split("/")
        wrapped = last.count(steps[-1]) > 1
        kind = (_WRAPPED_MANY if part.many else _WRAPPED_ONE) if wrapped else (_MANY if part.many else _ONE)
        slots[qualified(steps[-2] if wrapped else steps[-1])] = (kind, position)
    return slots


class Collector:
    """Gathers rows of one batch: texts by column position, rings, and what could not be a record."""

    def __init__(self, table: Table, member: str) -> None:
        self.table = table
        self.member = member
        self.names = list(table.fields)
        self.many = [position for position, name in enumerate(self.names) if table.fields[name].many]
        self.slots = element_slots(table)
        self.restart()

    def restart(self) -> None:
        """Begin a new batch."""
        self.ordinals: list[int] = []
        self.rows: list[list[Any]] = []
        self.rings: list[tuple[int, int, int, str]] = []
        self.issues = IssueLog(self.member)

    def add(self, ordinal: int, element: Any) -> None:
        """Take the texts of one object."""
        row: list[Any] = [None] * len(self.names)
        for position in self.many:
            row[position] = []
        doubled: set[int] = set()
        geometry: list[Any] = []
        find = self.slots.get
        for node in element.iter():
            slot = find(node.tag)
            if slot is None:
                continue
            kind, position = slot
            if kind == _ONE:
                if row[position] is not None:
                    doubled.add(position)
                row[position] = node.text
            elif kind == _MANY:
                row[position].append(node.text)
            elif kind >= _DIMENSIONS:
                geometry.append((kind, position, node))
            else:
                _take_wrapped(row, doubled, node, kind, position)
        if doubled:
            self._set_aside_doubled(ordinal, row, doubled)
            return
        if geometry:
            _take_rings(self.rings, len(self.rows), geometry)
        self.ordinals.append(ordinal)
        self.rows.append(row)

    def _set_aside_doubled(self, ordinal: int, row: list[Any], doubled: set[int]) -> None:
        names = ", ".join(self.names[position] for position in sorted(doubled))
        self.issues.set_aside(
            "dubbel_gegeven",
            f"Dit voorkomen heeft meer dan één waarde voor {names}. Laat de bronhouder het herstellen.",
            source_row=ordinal,
            row=dict(zip(self.names, row, strict=True)),
            column=self.names[min(doubled)],
        )

    def set_aside_other(self, ordinal: int, found: str) -> None:
        """A row element without the object that belongs in this member."""
        expected = (self.table.body or self.table.row).split(":")[-1]
        self.issues.set_aside(
            "ander_object",
            f"Hier hoort een {expected} te staan, maar er staat {found}.",
            source_row=ordinal,
            row={"element": found},
        )

    def batch(self) -> RawRecords:
        """The rows so far, as columns."""
        schema = raw_schema(self.table)
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.names)
        values = pl.DataFrame(
            [pl.Series("source_row", self.ordinals, dtype=pl.Int64())]
            + [
                pl.Series(name, column, dtype=schema[name], strict=True)
                for name, column in zip(self.names, columns, strict=True)
            ]
        )
        rings = pl.DataFrame(self.rings, schema=RINGS, orient="row")
        return RawRecords(
            self.table, self.member, values, rings, self.issues.frame(), len(self.rows) + len(self.issues)
        )


def _take_wrapped(row: list[Any], doubled: set[int], wrapper: Any, kind: int, position: int) -> None:
    """References in a wrapper: all of them, or the one that there may be."""
    texts = [child.text for child in wrapper]
    if kind == _WRAPPED_MANY:
        row[position].extend(texts)
        return
    if len(texts) > 1 or (texts and row[position] is not None):
        doubled.add(position)
    if texts:
        row[position] = texts[0]


def _take_rings(rings: list[tuple[int, int, int, str]], record: int, geometry: list[Any]) -> None:
    """Points and rings of one object in document order; srsDimension is inherited, 2 when nothing says it."""
    dimensions, ring = 2, POINT
    single: list[str] = []  # a ring may also be written as separate positions
    for kind, value, node in geometry:
        said = node.get("srsDimension")
        if said is not None:
            dimensions = int(said) if said.isdecimal() else 0
        if kind in {_RING, _DIMENSIONS}:
            if single:
                rings.append((record, ring, dimensions, " ".join(single)))
                single = []
            ring = value if value >= 0 else ring
        elif kind == _POSITIONS:
            rings.append((record, ring, dimensions, node.text or ""))
        elif ring == POINT:
            rings.append((record, POINT, dimensions, node.text or ""))
        else:
            single.append(node.text or "")
    if single:
        rings.append((record, ring, dimensions, " ".join(single)))


def local_name(node: Any) -> str:
    """The name of an element without its namespace; also of what is none, or has a name that cannot be."""
    return node.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else "een opmerking"


def _object_of(row: Any, steps: list[str]) -> tuple[Any | None, str]:
    """Follow the body path; else the local name of what stands there instead."""
    node = row
    for step in steps:
        child = node[0] if len(node) else None
        if child is None or child.tag != step:
            return None, "niets" if child is None else local_name(child)
        node = child
    return node, ""


def extract(table: Table, member: str, stream: Readable) -> Iterator[RawRecords]:
    """Batches of at most ``MAX_RECORDS`` records; memory does not grow with the document.

    Raises:
        SourceRefusedError: the XML is broken or cut off, or no record in it is of the expected kind.
    """
    collector = Collector(table, member)
    steps = [qualified(step) for step in table.body.split("/") if step]
    count = fitting = 0
    events = etree.iterparse(
        stream,
        tag=qualified(table.row),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        for _, row in events:
            count += 1
            element, found = _object_of(row, steps)
            if element is None:
                collector.set_aside_other(count, found)
            else:
                fitting += 1
                collector.add(count, element)
            forget(row)
            if count % MAX_RECORDS == 0:
                yield collector.batch()
                collector.restart()
    except etree.XMLSyntaxError as error:
        raise SourceRefusedError(
            f"{member} is geen geldig XML-bestand of is afgebroken ({error.msg}). "
            "Download het extract opnieuw bij het Kadaster en lees het nog eens in."
        ) from error
    if count and not fitting:
        expected = (table.body or table.row).split(":")[-1]
        raise SourceRefusedError(
            f"{member} bevat geen enkel {expected}, terwijl de bestandsnaam dat wel zegt. "
            "Controleer of het bestand niet is hernoemd en download het zo nodig opnieuw."
        )
    if count % MAX_RECORDS:
        yield collector.batch()
    elif count == 0:
        yield no_records(table, member)


def forget(row: Any) -> None:
    """Drop a row that was read, and what stood before it: else the whole document stays in memory."""
    row.clear(keep_tail=True)
    parent = row.getparent()
    while row.getprevious() is not None:
        del parent[0]
