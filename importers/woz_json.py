"""Answers of Haal Centraal WOZ bevragen 1.0, put into the rows of a list: one per value and dwelling.

Accepted are an answer about one WOZ object (``WozObjectHal``), a collection (``WozObjectHalCollectie``), and lists,
lines, zips or folders of those. Belanghebbenden are never looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from importers.issues import IssueLog, no_issues
from importers.json_files import Document, read_documents
from importers.json_values import as_dict
from importers.readers import UITVAL, Table
from importers.records import PROVENANCE
from importers.source import Source
from registry.errors import SourceRefusedError

_OBJECT_KEYS: Final = frozenset(
    ("aanduiding", "adresseerbaarObjectIdentificaties", "belanghebbendeEigenaar", "belanghebbendeGebruiker",
     "grondoppervlakte", "identificatie", "kadastraalOnroerendeZaken", "pandIdentificaties",
     "verantwoordelijkeGemeente", "waarden", "_links", "_embedded")
)  # fmt: skip
_VALUE_KEYS: Final = frozenset(
    ("vastgesteldeWaarde", "waardepeildatum", "ingangsdatum", "beschikkingsStatussen", "indicatieBezwaarBeroep")
)
_NO_DWELLING: Final = (
    "Het WOZ-object heeft geen adresseerbaar object en geen adres; het hoort bij geen woning en is niet ingelezen."
)
_NO_VALUE: Final = "Het WOZ-object heeft geen waarden; er is niets van ingelezen."


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """The answers as a table of text, what was odd about them, and what the user should know."""

    table: Table
    issues: pl.DataFrame
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Rows:
    """Columns that fill up while the answers go by."""

    columns: dict[str, list[str | None]]
    files: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    read: int = 0
    unknown: set[str] = field(default_factory=set)
    more_pages: bool = False

    def add(self, source_file: str, place: int, values: dict[str, str | None]) -> None:
        for name, column in self.columns.items():
            column.append(values.get(name))
        self.files.append(source_file)
        self.places.append(place)


def read_answers(path: Path, source: Source) -> AnswerTable:
    """All answers of a file or folder.

    Raises:
        SourceRefusedError: a file is no such answer.
    """
    rows = _Rows({column.field: [] for column in source.columns})
    logs: dict[str, IssueLog] = {}
    for document in read_documents(path):
        issues = logs.setdefault(document.source_file, IssueLog(document.source_file))
        for woz_object in _objects(document, rows):
            rows.read += 1
            _take(woz_object, document.source_file, rows, issues)
    schema: dict[str, pl.DataType] = {name: pl.String() for name in (*rows.columns, UITVAL)}
    frame = pl.DataFrame(
        rows.columns | {UITVAL: [None] * len(rows.places), "source_file": rows.files, "source_row": rows.places},
        schema=schema | PROVENANCE,
    )
    # A row that is set aside is kept as a row of the list, so that it can be corrected and imported as one.
    headers = {column.field: column.headers[0] for column in source.columns}
    table = Table(frame, headers, no_issues(), rows.read, personal=source.personal)
    return AnswerTable(table, pl.concat([no_issues(), *(log.frame() for log in logs.values())]), tuple(_notes(rows)))


def _notes(rows: _Rows) -> Iterator[str]:
    if rows.unknown:
        yield f"Onbekende gegevens in de antwoorden zijn overgeslagen: {', '.join(sorted(rows.unknown))}."
    if rows.more_pages:
        yield "Een antwoord verwijst naar een volgende pagina. Controleer of alle pagina's zijn opgehaald."


def _objects(document: Document, rows: _Rows) -> Iterator[dict[str, Any]]:
    content = document.content
    embedded = content.get("_embedded") or {}
    if "identificatie" in content:
        found = [content]
    elif isinstance(embedded, dict) and isinstance(embedded.get("wozObjecten"), list):
        found = embedded["wozObjecten"]
        rows.more_pages = rows.more_pages or "next" in as_dict(content.get("_links"))
    else:
        raise SourceRefusedError(
            f"{document.source_file}: antwoord {document.ordinal} is geen WOZ-object en geen lijst daarvan. Verwacht "
            "worden antwoorden van Haal Centraal WOZ bevragen."
        )
    if not all(isinstance(item, dict) for item in found):
        raise SourceRefusedError(f"{document.source_file}: een WOZ-object is geen JSON-object.")
    yield from found


def _take(woz_object: dict[str, Any], source_file: str, rows: _Rows, issues: IssueLog) -> None:
    rows.unknown |= woz_object.keys() - _OBJECT_KEYS
    number = _text(woz_object.get("identificatie"))
    values = _dictionaries(woz_object.get("waarden"))
    addresses = list(_addresses(woz_object))
    if not addresses:
        issues.warn("woz_zonder_adres", _NO_DWELLING, source_row=rows.read, column="identificatie", original=number)
        return
    if not values:
        issues.warn("woz_zonder_waarde", _NO_VALUE, source_row=rows.read, column="waarden", original=number)
    for value in values:
        rows.unknown |= {f"waarden.{key}" for key in value.keys() - _VALUE_KEYS}
        cells = _value_cells(value) | {"woz_object": number}
        for address in addresses:
            rows.add(source_file, rows.read, cells | address)


def _value_cells(value: dict[str, Any]) -> dict[str, str | None]:
    statuses, objection = value.get("beschikkingsStatussen"), value.get("indicatieBezwaarBeroep")
    if objection is None and not statuses and "ingangsdatum" not in value:
        # The proxy takes the statuses away and sets the indication only where it is true.
        objection = False
    return {
        "waarde": _text(value.get("vastgesteldeWaarde")),
        "waardepeildatum": _text(value.get("waardepeildatum")),
        "ingangsdatum": _text(value.get("ingangsdatum")),
        "beschikkingsstatussen": " ".join(map(str, statuses)) if isinstance(statuses, list) and statuses else None,
        "bezwaar": None if objection is None else ("ja" if objection else "nee"),
    }


def _addresses(woz_object: dict[str, Any]) -> Iterator[dict[str, str | None]]:
    """The dwellings of a WOZ object by id; without an id the address on its beschikking."""
    ids = woz_object.get("adresseerbaarObjectIdentificaties")
    if isinstance(ids, list) and ids:
        yield from ({"adresseerbaar_object_id": one} for one in dict.fromkeys(map(_text, ids)))
        return
    place = woz_object.get("aanduiding")
    if not isinstance(place, dict):
        return
    if place.get("nummeraanduidingIdentificatie"):
        yield {"nummeraanduiding_id": _text(place["nummeraanduidingIdentificatie"])}
    elif place.get("huisnummer"):
        yield {
            "straat": _text(place.get("straat")),
            "huisnummer": _text(place.get("huisnummer")),
            "huisletter": _text(place.get("huisletter")),
            "suffix": _text(place.get("huisnummertoevoeging")),
            "postcode": _text(place.get("postcode")),
            "woonplaats": _text(place.get("woonplaats")),
        }


def _dictionaries(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None
