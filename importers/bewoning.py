"""Answers of the Haal Centraal Bewoning API: who lived at an object in a period, as the BRP API derived it.

Of a person only the keyed BSN is kept, and whether residence is certain. Name and date of birth are not read.

Source: Haal Centraal BRP bewoning 2.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from importers.issues import IssueLog, no_issues
from importers.json_files import Document, read_documents
from importers.records import GELEVERDE_BEWONERS, GELEVERDE_BEWONINGEN, Batch, Delivery
from importers.source import Mapping, Source
from registry.domain.identifiers import parse_bsn
from registry.errors import InvalidIdentifierError, SourceRefusedError

_CERTAIN, _POSSIBLE = "zeker", "mogelijk"
_LISTS: Final = {"bewoners": _CERTAIN, "mogelijkeBewoners": _POSSIBLE}
_KEYS: Final = frozenset(
    ("adresseerbaarObjectIdentificatie", "periode", "bewoners", "mogelijkeBewoners", "indicatieVeelBewoners")
)
_DOCUMENTS_PER_BATCH: Final = 20_000
_KINDS: Final = ("01", "02", "03")  # digits five and six of a verblijfsobject, ligplaats or standplaats


@dataclass(slots=True)
class _Rows:
    """Rows of both records that fill up while the answers go by."""

    bewoningen: list[dict[str, Any]] = field(default_factory=list)
    bewoners: list[dict[str, Any]] = field(default_factory=list)
    issues: list[IssueLog] = field(default_factory=list)
    read: int = 0

    def batches(self) -> Iterator[Batch]:
        issues = pl.concat([no_issues(), *(log.frame() for log in self.issues if len(log))])
        yield Batch(GELEVERDE_BEWONINGEN, pl.DataFrame(self.bewoningen, GELEVERDE_BEWONINGEN.schema), issues, self.read)
        yield Batch(GELEVERDE_BEWONERS, pl.DataFrame(self.bewoners, GELEVERDE_BEWONERS.schema), no_issues(), 0)


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The answers of a file, a zip or a folder.

    Args:
        path: .json, .jsonl, .zip or a folder.
        source: ``bewoning.yml``.
        mapping: not used; answers of an API have fixed names.

    Raises:
        SourceRefusedError: a file is no answer of the Bewoning API, also while the batches are read.
    """
    del source, mapping
    return Delivery(None, _read(path))


def _read(path: Path) -> Iterator[Batch]:
    rows = _Rows()
    for number, document in enumerate(read_documents(path), start=1):
        _take(document, rows)
        if number % _DOCUMENTS_PER_BATCH == 0:
            yield from rows.batches()
            rows = _Rows()
    yield from rows.batches()


def _take(document: Document, rows: _Rows) -> None:
    found = document.content.get("bewoningen")
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise SourceRefusedError(
            f"{document.source_file}: antwoord {document.ordinal} heeft geen lijst 'bewoningen'. Verwacht worden "
            "antwoorden van de Haal Centraal Bewoning API."
        )
    issues = IssueLog(document.source_file)
    rows.issues.append(issues)
    for bewoning in found:
        rows.read += 1
        _take_one(bewoning, document, rows, issues)


def _take_one(bewoning: dict[str, Any], document: Document, rows: _Rows, issues: IssueLog) -> None:
    object_id, period = bewoning.get("adresseerbaarObjectIdentificatie"), bewoning.get("periode")
    start, end = _period(period)
    kept = {"adresseerbaarObjectIdentificatie": object_id, "periode": period}
    if not isinstance(object_id, str) or not _is_object(object_id):
        issues.set_aside("bag_id", "Het adresseerbaar object is geen BAG-id. Haal het antwoord opnieuw op.",
                         source_row=document.ordinal, row=kept, column="adresseerbaarObjectIdentificatie",
                         original=str(object_id))  # fmt: skip
        return
    if start is None or end is None or start >= end:
        issues.set_aside("periode", "De periode ontbreekt of duurt geen dag. Haal het antwoord opnieuw op.",
                         source_row=document.ordinal, row=kept, column="periode", original=str(period))  # fmt: skip
        return
    unknown = bewoning.keys() - _KEYS
    if unknown:
        issues.warn("onbekend_gegeven", f"Overgeslagen: {', '.join(sorted(unknown))}.", source_row=document.ordinal)
    many = bewoning.get("indicatieVeelBewoners") is True
    people = _people(bewoning, document, issues)
    if many and people:
        issues.warn("veel_bewoners", "Er zijn meer dan honderd bewoners gemeld en toch bewoners genoemd.",
                    source_row=document.ordinal, column="indicatieVeelBewoners")  # fmt: skip
    shared = {
        "adresseerbaar_object_id": object_id, "valid_from": start, "valid_until": end,
        "samenstelling": _composition(people, many=many), "source_file": document.source_file,
        "source_row": document.ordinal,
    }  # fmt: skip
    certain = sum(zekerheid == _CERTAIN for zekerheid, _ in people.values())
    counts = {
        "aantal_bewoners": None if many else certain,
        "aantal_mogelijke_bewoners": None if many else len(people) - certain,
        "veel_bewoners": many,
    }
    rows.bewoningen.append(shared | counts)
    rows.bewoners += [
        shared | {"bewoner": person, "zekerheid": zekerheid, "in_onderzoek": in_onderzoek}
        for person, (zekerheid, in_onderzoek) in people.items()
    ]


def _people(bewoning: dict[str, Any], document: Document, issues: IssueLog) -> dict[str, tuple[str, bool]]:
    """Person (BSN, else the place in the answer) -> certainty and investigation; who is in both lists is certain."""
    people: dict[str, tuple[str, bool]] = {}
    for name, zekerheid in _LISTS.items():
        listed = bewoning.get(name)
        for place, person in enumerate(listed if isinstance(listed, list) else [], start=1):
            given = person.get("burgerservicenummer") if isinstance(person, dict) else None
            key = _known_bsn(given)
            if key is None:
                key = f"{name} {place}"
                if given is not None:
                    issues.warn("bsn_onjuist", "Een burgerservicenummer voldoet niet aan de elfproef; het is niet "
                                "bewaard.", source_row=document.ordinal, column=name)  # fmt: skip
            in_onderzoek = isinstance(person, dict) and bool(person.get("inOnderzoek"))
            people.setdefault(key, (zekerheid, in_onderzoek))
    return people


def _known_bsn(given: object) -> str | None:
    try:
        return parse_bsn(str(given)) if given is not None else None
    except InvalidIdentifierError:
        return None


def _composition(people: dict[str, tuple[str, bool]], *, many: bool) -> str:
    listed = [f"{person} {zekerheid} {in_onderzoek}" for person, (zekerheid, in_onderzoek) in sorted(people.items())]
    return "\n".join(["veel" if many else "", *listed])


def _is_object(text: str) -> bool:
    return len(text) == 16 and text.isascii() and text.isdigit() and text[4:6] in _KINDS


def _period(period: object) -> tuple[date | None, date | None]:
    if not isinstance(period, dict):
        return None, None
    return _day(period.get("datumVan")), _day(period.get("datumTot"))


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
