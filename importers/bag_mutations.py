"""Mutations of the BAG: per object what it was and what it becomes, several times a day if need be, in order.

Source: Kadaster, mutatielevering-generiek 1.0 and extract-deelbestand-mutaties-lvc 20200601. A delivery holds a few
days of the whole country or of some gemeenten and fits in memory. Of every voorkomen it gives the last ``wordt``,
and beside it the first ``was``: how the source says that it was before this delivery. Validity in the future stays.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
from lxml import etree

from importers.bag_archive import LEVERINGSDOCUMENT, Archive, Part
from importers.bag_fields import Table, qualified
from importers.bag_frames import build_batch
from importers.bag_head import HEAD_BYTES, read_head
from importers.bag_tables import IN_ONDERZOEK, OBJECTS
from importers.bag_xml import Collector, Joined, Readable, forget, local_name
from importers.issues import IssueLog
from importers.records import Batch, Delivery, RecordType
from registry.errors import SourceRefusedError

_TABLES: dict[str, Table] = {qualified(table.body.split("/")[-1]): table for table in (*OBJECTS, *IN_ONDERZOEK)}
_GROUP, _REMOVED = qualified("ml:mutatieGroep"), qualified("ml:verwijdering")
_WAS, _BECOMES = qualified("ml:was"), qualified("ml:wordt")
_CODES = ("MUT", "IOMUT")
_APART = {"NBMUT": "NietBag", "IAMUT": "Inactief"}
_MAX_LEVERINGSDOCUMENT = 1024 * 1024
_ALONE = "Geef de levering zoals het Kadaster haar levert (BAGNLDM-….zip), zonder andere bestanden erbij."


def holds_mutations(parts: list[Part]) -> bool:
    """Whether a delivery is one of mutations."""
    return any(part.code in _CODES or part.code in _APART for part in parts)


def read_mutations(archive: Archive, parts: list[Part], notes: list[str]) -> Delivery:
    """The delivery, read whole: leverdatum is its StandTechnischeDatum, and it is a ``deel``.

    Raises:
        SourceRefusedError: it is mixed with an extract, broken, or names no date.
    """
    known = {LEVERINGSDOCUMENT, *_CODES, *_APART}
    other = [part.name for part in parts if part.code not in known]
    if other:
        raise SourceRefusedError(f"Naast mutaties staat hier {other[0]}, dat bij een extract hoort. {_ALONE}")
    stand, area = _read_leveringsdocument(archive, parts)
    found: dict[tuple[str, str], list[pl.DataFrame]] = {}
    issues: dict[str, list[pl.DataFrame]] = {}
    read: dict[str, int] = {}
    documents = 0
    for part in parts:
        if part.code not in _CODES:
            continue
        for name, stream in archive.documents(part):
            stand = _check_head(name, start := stream.read(HEAD_BYTES), stand)
            for table, role, batch in _read_document(name, Joined(start, stream), stand):
                record = table.record.name
                place = pl.lit(documents, pl.Int64).alias("document")
                found.setdefault((record, role), []).append(batch.frame.with_columns(place))
                if role == _BECOMES:
                    issues.setdefault(record, []).append(batch.issues)
                    read[record] = read.get(record, 0) + batch.read
            documents += 1
    if stand is None:
        raise SourceRefusedError(f"{archive.path.name} bevat geen mutaties. {_ALONE}")
    notes = [*notes, *_count_apart(parts)]
    batches = [
        _together(table.record, found, issues.get(table.record.name, []), read.get(table.record.name, 0))
        for table in (*OBJECTS, IN_ONDERZOEK[0])
    ]
    return Delivery(stand, iter(batches), area, tuple(notes), levering="deel")


def _read_leveringsdocument(archive: Archive, parts: list[Part]) -> tuple[date | None, tuple[str, ...]]:
    """StandTechnischeDatum and gemeente codes; without the document the files themselves say the date."""
    documents = [part for part in parts if part.code == LEVERINGSDOCUMENT]
    if len(documents) > 1:
        raise SourceRefusedError(f"{archive.path.name} bevat {len(documents)} leveringen. Lees ze één voor één in.")
    if not documents:
        return None, ()
    name, content = archive.content(documents[0], _MAX_LEVERINGSDOCUMENT)
    read_head(content, name)
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise SourceRefusedError(f"{name} is geen geldig XML-bestand ({error.msg}). {_ALONE}") from error
    text = root.findtext(f".//{qualified('selecties-extract:StandTechnischeDatum')}") or ""
    codes = root.iterfind(f".//{qualified('selecties-extract:GemeenteIdentificatie')}")
    return _to_date(name, text), tuple(sorted({code.text for code in codes if code.text}))


def _to_date(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SourceRefusedError(f"{name} noemt geen geldige StandTechnischeDatum ('{text}'). {_ALONE}") from error


def _check_head(name: str, start: bytes, stand: date | None) -> date:
    """The document must hold mutations, of this delivery; the date of the delivery."""
    head = read_head(start, name)
    if head.root != "bagMutaties":
        raise SourceRefusedError(f"{name} is geen bestand met mutaties van de BAG (gevonden: {head.root}). {_ALONE}")
    told = None if head.stand is None else _to_date(name, head.stand)
    if stand is not None and told is not None and told != stand:
        raise SourceRefusedError(f"{name} is van {told}, maar de levering van {stand}. {_ALONE}")
    found = stand or told
    if found is None:
        raise SourceRefusedError(f"{name} noemt geen StandTechnischeDatum. {_ALONE}")
    return found


def _read_document(name: str, stream: Readable, stand: date) -> Iterator[tuple[Table, str, Batch]]:
    """Per kind of object: what was, and what becomes, in order of ``source_row`` (one number per mutation)."""
    collectors: dict[tuple[str, str], Collector] = {}
    removed = IssueLog(name)
    number = 0
    events = etree.iterparse(
        stream, tag=_GROUP, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        for _, group in events:
            for mutation in group:
                number += 1
                if mutation.tag == _REMOVED:
                    removed.warn(
                        "verwijdering_niet_verwerkt",
                        "De mutatie verwijdert een voorkomen. Het blijft staan; een volgend volledig extract beslist.",
                        source_row=number,
                        original=mutation.get("objectId"),
                    )
                    continue
                for state in mutation:
                    _collect(collectors, name, number, state, removed)
            forget(group)
    except etree.XMLSyntaxError as error:
        raise SourceRefusedError(
            f"{name} is geen geldig XML-bestand of is afgebroken ({error.msg}). Haal de levering opnieuw op."
        ) from error
    for (_, role), collector in collectors.items():
        yield collector.table, role, build_batch(collector.batch(), stand)
    if len(removed):
        table = OBJECTS[0]
        empty = table.record.empty()
        yield table, _BECOMES, Batch(table.record, empty, removed.frame(), 0)


def _collect(collectors: dict[tuple[str, str], Collector], name: str, number: int, state: Any, log: IssueLog) -> None:
    """Take one toestand; what is in it decides which collector gets it."""
    element = state[0][0] if len(state) and len(state[0]) else None
    table = None if element is None else _TABLES.get(element.tag)
    if table is None or state.tag not in {_WAS, _BECOMES}:
        found = "niets" if element is None else local_name(element)
        log.set_aside(
            "ander_object", f"Niet ingelezen: de mutatie gaat over {found}.", source_row=number, row={"element": found}
        )
        return
    collectors.setdefault((table.code, state.tag), Collector(table, name)).add(number, element)


def _together(
    record: RecordType, found: dict[tuple[str, str], list[pl.DataFrame]], issues: list[pl.DataFrame], read: int
) -> Batch:
    """Of each voorkomen the last ``wordt`` and the first ``was``, and what does not follow from what went before."""
    becomes, was = (_in_order(record, found.get((record.name, role), [])) for role in (_BECOMES, _WAS))
    keys = list(record.key)
    log = IssueLog("")
    broken = _broken_chain(record, becomes, was)
    parts = [*issues, broken] if not broken.is_empty() else issues
    return Batch(
        record,
        becomes.unique(keys, keep="last", maintain_order=True).select(list(record.schema)),
        pl.concat([log.frame(), *parts]),
        read,
        was.unique(keys, keep="first", maintain_order=True).select(list(record.schema)),
    )


def _in_order(record: RecordType, frames: list[pl.DataFrame]) -> pl.DataFrame:
    schema = pl.Schema(dict(record.schema) | {"document": pl.Int64()})
    whole = pl.concat([pl.DataFrame(schema=schema), *frames])
    return whole.sort("document", "source_row", maintain_order=True).with_columns(
        moment=pl.col("document") * 10**9 + pl.col("source_row")
    )


def _broken_chain(record: RecordType, becomes: pl.DataFrame, was: pl.DataFrame) -> pl.DataFrame:
    """Within the delivery: a ``was`` must be the ``wordt`` that went before it."""
    keys = list(record.key)
    chain = was.with_columns(earlier=pl.col("moment") - 1).sort("earlier")
    before = becomes.sort("moment")
    joined = chain.join_asof(
        before,
        left_on="earlier",
        right_on="moment",
        by=keys,
        strategy="backward",
        suffix="_eerder",
        coalesce=False,
        check_sortedness=False,
    ).filter(pl.col("moment_eerder").is_not_null())
    return mismatches(record, joined, "_eerder", "Deze mutatie gaat uit van iets anders dan de vorige mutatie ervan.")


def mismatches(record: RecordType, joined: pl.DataFrame, suffix: str, text: str) -> pl.DataFrame:
    """A warning for each row of ``joined`` that differs from its columns with ``suffix`` (schema ``ISSUE``)."""
    compared = [name for name in record.columns if name not in record.key]
    differs = [pl.col(name).ne_missing(pl.col(f"{name}{suffix}")) for name in compared]
    names = pl.concat_list(
        pl.when(differs[place]).then(pl.lit(name)) for place, name in enumerate(compared)
    ).list.drop_nulls()
    wrong = joined.filter(pl.any_horizontal(differs)).with_columns(afwijkend=names.list.join(", "))
    log = IssueLog("")
    empty = log.frame()
    return pl.concat(
        [
            empty,
            wrong.select(
                level=pl.lit("waarschuwing"),
                code=pl.lit("was_sluit_niet_aan"),
                text=pl.format(f"{text} {{}}: {{}}. Ingelezen zoals geleverd.", pl.col(record.key[0]), "afwijkend"),
                source_file="source_file",
                source_row="source_row",
                column="afwijkend",
                original=pl.col(record.key[0]),
                row=pl.lit(None, pl.String),
            ).select(empty.columns),
        ]
    )


def _count_apart(parts: list[Part]) -> list[str]:
    apart = [part for part in parts if part.code in _APART]
    kinds = " en ".join(sorted({_APART[part.code] for part in apart}))
    return [f"{len(apart)} bestanden met mutaties van {kinds} zijn niet ingelezen (apart gehouden)."] if apart else []
