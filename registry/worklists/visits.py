"""Visits that somebody types: the same form, the same checks and the same import as a file of an inspector.

There is one way into the registry for a visit (docs/decisions/0013). A visit that is typed is first held against the
checks of the importer, so that its author hears at once what does not fit; then it is imported as a field form.
"""

import base64
import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from importers import inspecties
from importers.bezoeken import FORMAAT, LISTS, VERSIE
from importers.issues import Level
from importers.photos import clean_photo
from importers.records import INSPECTIES
from importers.source import load_source
from registry import clock
from registry.crypto import BsnCipher
from registry.errors import UsageError
from registry.intake.patience import patiently
from registry.intake.run import ImportRequest, run_import
from registry.store.engine import ReadConnection, Store, to_json
from registry.store.queries.visits import read_visit
from registry.worklists.at_visit import freeze_visits
from rules.parameters import shipped_law

FORM_NAME: Final = "veldformulier.json"
"""The name under which typed visits come in."""

_NOT_TYPED: Final = ("inspectie", "nummeraanduiding_id", "fotos")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of typed visits.

    Attributes:
        inspecties: their numbers, in order.
        run_id: the run that brought them in.
        remarks: what was odd, in Dutch; also why a visit waits in the uitval.
        uitval: visits that wait there, with all that was typed.
    """

    inspecties: tuple[str, ...]
    run_id: int
    remarks: tuple[str, ...]
    uitval: int


class VisitRefusedError(UsageError):
    """A typed visit does not fit; ``problems`` has a Dutch text per field, and nothing was written."""

    code = "bezoek_geweigerd"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


def record_visits(
    store: Store,
    visits: Sequence[Mapping[str, Any]],
    *,
    author: str,
    leverdatum: date,
    cipher: BsnCipher,
    keep_names: bool = False,
) -> Recorded:
    """Take typed visits into the registry; all in one transaction.

    Args:
        store: the registry.
        visits: fields of ``docs/veldformulier.md``; a visit without a number gets one, a visit with the number of an
            earlier one replaces that as a whole.
        author: who puts them in.
        leverdatum: the day on which that is done.
        cipher: makes pseudonyms and encrypts BSNs.
        keep_names: whether the municipality keeps the names of residents.

    Raises:
        VisitRefusedError: a field of a visit does not fit.
        SourceRefusedError: the form has fields that a visit does not have, or the registry holds no addresses yet.
        StoreError: the database failed.
    """
    if not author.strip():
        raise UsageError("Vermeld wie het bezoek invoert.")
    numbered = [_numbered(visit) | {"ingevoerd_door": author.strip()} for visit in visits]
    _check_photos(numbered)
    form = {"formaat": FORMAAT, "versie": VERSIE, "bezoeken": numbered}
    numbers = tuple(str(visit["inspectie"]) for visit in numbered)
    recorded = _import(store, form, numbers, leverdatum=leverdatum, cipher=cipher, keep_names=keep_names)
    patiently(lambda: freeze_visits(store, recorded.run_id, shipped_law(), author=author.strip(), now=clock.now()))
    return recorded


def correct_visit(
    store: Store,
    inspectie: str,
    changes: Mapping[str, Any],
    *,
    author: str,
    leverdatum: date,
    cipher: BsnCipher,
    keep_names: bool = False,
) -> Recorded:
    """Change fields of a visit; the rest stays, and what it said before can still be asked for.

    Raises:
        UsageError: there is no such visit.
        VisitRefusedError: a field does not fit.
        SourceRefusedError: a visit does not have such a field.
        StoreError: the database failed.
    """
    with store.read() as connection:
        visit = _typed(connection, inspectie)
    return record_visits(
        store,
        [visit | dict(changes) | {"inspectie": inspectie}],
        author=author,
        leverdatum=leverdatum,
        cipher=cipher,
        keep_names=keep_names,
    )


def add_photos(
    store: Store,
    inspectie: str,
    photos: Iterable[tuple[bytes, str | None]],
    *,
    leverdatum: date,
    cipher: BsnCipher,
    keep_place_and_time: bool = False,
) -> Recorded:
    """Add photos (content and caption) to a visit.

    Raises:
        UsageError: there is no such visit.
        SourceRefusedError: a photo is too large, damaged, or no JPEG or PNG.
        StoreError: the database failed.
    """
    with store.read() as connection:
        _typed(connection, inspectie)
    fotos = []
    for content, caption in photos:
        clean_photo(content)
        fotos.append(
            {
                "inspectie": inspectie,
                "inhoud": base64.b64encode(content).decode(),
                "omschrijving": caption,
                "plaats_en_tijd_bewaren": keep_place_and_time,
            }
        )
    if not fotos:
        raise UsageError("Kies ten minste één foto.")
    form = {"formaat": FORMAAT, "versie": VERSIE, "fotos": fotos}
    return _import(store, form, (inspectie,), leverdatum=leverdatum, cipher=cipher, keep_names=False)


def _numbered(visit: Mapping[str, Any]) -> dict[str, Any]:
    """The visit with a number: the same visit typed twice gets the same one."""
    if visit.get("inspectie"):
        return dict(visit)
    words = {name: value for name, value in visit.items() if name != "fotos"}
    return {**visit, "inspectie": "B-" + hashlib.sha256(to_json(words).encode()).hexdigest()[:16]}


def _check_photos(visits: Sequence[Mapping[str, Any]]) -> None:
    for visit in visits:
        for foto in visit.get("fotos") or ():
            clean_photo(base64.b64decode(str(foto["inhoud"]).rpartition(",")[2]))


def _import(
    store: Store,
    form: Mapping[str, Any],
    numbers: tuple[str, ...],
    *,
    leverdatum: date,
    cipher: BsnCipher,
    keep_names: bool,
) -> Recorded:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FORM_NAME
        path.write_text(to_json(form), encoding="utf-8")
        _refuse_misfits(path)
        request = ImportRequest("inspecties", path, leverdatum=leverdatum, levering="deel")
        # Many inspectors save at once, also during an import: none of them is sent away for that.
        result = patiently(lambda: run_import(store, request, cipher=cipher, keep_names=keep_names, patient=True))
    return Recorded(numbers, result.run_id, tuple(result.issues["text"].to_list()), result.uitval)


def _refuse_misfits(path: Path) -> None:
    """Hold the form against the checks of the importer.

    Raises:
        VisitRefusedError: a visit would be set aside, or nothing of it was filled in.
    """
    source = load_source("inspecties")
    batches = list(inspecties.read(path, source=source).batches)
    issues = pl.concat(batch.issues for batch in batches).filter(level=Level.UITVAL.value)
    if not issues.is_empty():
        fields = {header: column.field for column in source.columns for header in column.headers}
        raise VisitRefusedError(
            {fields.get(column or "", column or ""): text for column, text in issues.select("column", "text").rows()}
        )
    if not any(batch.frame.height for batch in batches):
        raise VisitRefusedError({"datum": "Er is niets ingevuld: vermeld ten minste adres, datum en resultaat."})


def _typed(connection: ReadConnection, inspectie: str) -> dict[str, Any]:
    """A visit as the fields of the form.

    Raises:
        UsageError: there is no such visit.
    """
    visit = read_visit(connection, inspectie)
    if visit is None:
        raise UsageError(f"Er is geen bezoek met nummer {inspectie}. 'woonregister bezoek lijst' geeft de nummers.")
    fields = {name: visit[name] for name in INSPECTIES.columns if name not in _NOT_TYPED}
    given = {name: value for name, value in fields.items() if value is not None}
    return given | {name: json.loads(given[name]) for name in LISTS if name in given}
