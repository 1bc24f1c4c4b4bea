"""Takes in one vaststelling that a person typed: the same way as a row of a file, as a run of its own."""

import csv
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from importers import vaststellingen
from importers.issues import Level
from importers.source import load_source
from registry.crypto import BsnCipher
from registry.errors import UsageError
from registry.intake.run import ImportRequest, run_import
from registry.store.engine import Store
from registry.store.queries.vaststellingen import holds_vaststelling

BRON = "vaststellingen"
_NAME = "invoer.csv"
_COMPARED = ("adresseerbaar_object_id", "feit", "waarde", "valid_from", "valid_until", "bewijs")
_HEADERS = ("BAG-id", "Feit", "Waarde", "Van", "Tot", "Bewijs", "Auteur")


@dataclass(frozen=True, slots=True)
class Established:
    """What a person established.

    Attributes:
        object_id: the adresseerbaar object.
        feit: code of the fact (``facts_to_establish``).
        waarde: as typed: ja or nee, a number, a day, or a word of the list of that fact.
        valid_from: first day.
        valid_until: first day on which it no longer holds; None is open.
        bewijs: on what it rests.
    """

    object_id: str
    feit: str
    waarde: str
    valid_from: date
    valid_until: date | None
    bewijs: str


def facts_to_establish() -> dict[str, str]:
    """The facts that a person may establish: code -> kind of value (ja_nee, aantal, m2, datum, or a list)."""
    return dict(load_source(BRON).lookups["soort_waarde"])


def establish(store: Store, what: Established, *, author: str, cipher: BsnCipher) -> int:
    """Take in one vaststelling; its run.

    Raises:
        UsageError: a value is not what the fact asks for, the object is not in the BAG, or this was established before.
        StoreError: the database failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _NAME
        _write(path, what, author)
        values = _require_good(path)
        with store.read() as connection:
            if holds_vaststelling(connection, values):
                raise UsageError("Dit feit was al zo vastgelegd; er is niets veranderd.")
        result = run_import(store, ImportRequest(BRON, path, levering="deel"), cipher=cipher)
    if result.uitval:
        raise UsageError(str(result.issues.filter(level=Level.UITVAL)["text"][0]))
    return result.run_id


def _write(path: Path, what: Established, author: str) -> None:
    days = [f"{day:%d-%m-%Y}" if day else "" for day in (what.valid_from, what.valid_until)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(_HEADERS)
        writer.writerow([what.object_id, what.feit, what.waarde, *days, what.bewijs, author])


def _require_good(path: Path) -> dict[str, Any]:
    """Read it once without the registry: a row that is wrong in itself makes no run; its values as they are kept."""
    [batch] = vaststellingen.read(path, source=load_source(BRON)).batches
    wrong = batch.issues.filter(level=Level.UITVAL)
    if not wrong.is_empty():
        raise UsageError(str(wrong["text"][0]))
    return batch.frame.select(_COMPARED).row(0, named=True)
