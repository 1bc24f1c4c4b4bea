"""One import, from file to registry: read, prepare, stage, compare, derive, check, in one transaction.

The way of a row: ``importers/<bron>.read`` -> ``Preparation.prepare`` -> ``Staging`` -> ``derive`` -> committed.
Whatever goes wrong, the registry is as it was, and the run says so.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from importers import (
    aangewezen_gebieden,
    bag,
    bedingen,
    bewoning,
    brk,
    brp,
    corporaties,
    gebieden,
    inspecties,
    meldingen,
    vaststellingen,
    vergunningen,
    woz,
)
from importers.indeling import load_indeling
from importers.records import Delivery
from importers.source import Source, load_source
from registry import clock
from registry.crypto import BsnCipher
from registry.errors import SourceRefusedError, StoreError, UsageError, WoonregisterError
from registry.intake import checks
from registry.intake.batches import Intake, Progress, protect
from registry.intake.corrections import find_corrections
from registry.intake.prepare import Preparation
from registry.intake.requests import ImportRequest, ImportResult
from registry.intake.take_in import DryRun, finish, take_in
from registry.store.engine import Store, WriteConnection
from registry.store.queries.keys import read_sleutelstand
from registry.store.queries.runs import (
    NewRun,
    finish_run,
    insert_issues,
    last_run,
    start_run,
)

__all__ = ["IMPORTERS", "ImportRequest", "ImportResult", "run_import"]

Reader = Callable[..., Delivery]
Decide = Callable[[WriteConnection, int], int]

IMPORTERS: dict[str, Reader] = {
    "aangewezen_gebieden": aangewezen_gebieden.read,
    "bag": bag.read,
    "bedingen": bedingen.read,
    "bewoning": bewoning.read,
    "brk": brk.read,
    "brp": brp.read,
    "corporaties": corporaties.read,
    "gebieden": gebieden.read,
    "inspecties": inspecties.read,
    "meldingen": meldingen.read,
    "vaststellingen": vaststellingen.read,
    "vergunningen": vergunningen.read,
    "woz": woz.read,
}


class LostTurnError(SourceRefusedError):
    """Something else changed the registry while this import waited for its turn; asked again it goes in."""


def run_import(
    store: Store,
    request: ImportRequest,
    *,
    cipher: BsnCipher,
    keep_names: bool = False,
    progress: Progress = lambda _name, _rows: None,
    decide: Decide = lambda _connection, _run_id: 0,
    patient: bool = False,
) -> ImportResult:
    """Take one file into the registry.

    Args:
        store: the registry.
        request: what to take in.
        cipher: makes pseudonyms and encrypts BSNs.
        keep_names: whether the municipality keeps the names of residents.
        progress: is told per batch which table it fills and how many rows were read.
        decide: is called with the run before anything is read, and says how many set-aside rows must come in now.
        patient: whether it waits until another import is done.

    Raises:
        SourceRefusedError: the file as a whole cannot be taken in; the run is listed as ``geweigerd``.
        UsageError: the source does not exist.
        StoreError: the database failed.
    """
    reader = IMPORTERS.get(request.bron)
    if reader is None:
        raise UsageError(f"De bron '{request.bron}' bestaat niet. Bronnen: {', '.join(sorted(IMPORTERS))}.")
    source = load_source(request.bron)
    mapping = load_indeling(request.indeling, source) if request.indeling else None
    run_id = _start(store, request, source, patient=patient)
    try:
        with store.write_transaction(patient=patient) as connection:
            known = _require_turn(connection, run_id)
            _require_keys(connection, cipher)
            wanted = decide(connection, run_id)
            preparation = Preparation(connection, source, known, cipher, keep_names=keep_names)
            corrections = find_corrections(connection, request.bron, request.bestand, cipher)
            delivery = reader(request.bestand, source=source, mapping=corrections.add_to(mapping))
            result = take_in(Intake(connection, preparation, corrections, progress), run_id, request, delivery)
            checks.refuse_unrepaired(result.issues, repaired=result.hersteld, wanted=wanted)
    except DryRun as done:
        with store.write_transaction() as connection:
            insert_issues(connection, run_id, protect(done.result.issues, source, cipher))
            finish(connection, done.result, "proef")
        return replace(done.result, status="proef")
    except WoonregisterError as error:
        _refuse(store, run_id, error)
        raise
    return result


def _start(store: Store, request: ImportRequest, source: Source, *, patient: bool) -> int:
    if not request.bestand.exists():
        raise SourceRefusedError(f"Het bestand {request.bestand} bestaat niet.")
    new = NewRun(
        bron=request.bron,
        bestand=request.bestand.name,
        levering=request.levering or source.levering,
        sha256=_fingerprint(request.bestand),
        software=version("woonregister"),
        gestart=clock.now(),
    )
    with store.write_transaction(patient=patient) as connection:
        return start_run(connection, new)


def _require_turn(connection: WriteConnection, run_id: int) -> int:
    """The last run that counts.

    Raises:
        LostTurnError: it is later than this one: runs are numbered in the order in which they take effect.
    """
    known = last_run(connection)
    if known > run_id:
        raise LostTurnError(f"Terwijl deze import wachtte is run {known} ingelezen. Herhaal de opdracht.")
    return known


def _require_keys(connection: WriteConnection, cipher: BsnCipher) -> None:
    """Refuse to store persons under keys that were replaced meanwhile: nobody would recognise them."""
    if read_sleutelstand(connection)[0] != cipher.stand:
        raise LostTurnError("Terwijl deze import wachtte zijn de sleutels vervangen. Herhaal de opdracht.")


def _refuse(store: Store, run_id: int, error: WoonregisterError) -> None:
    # The run stays 'afgebroken' when even this cannot be written (a full disk): that is also true.
    status = "afgebroken" if isinstance(error, StoreError) else "geweigerd"
    try:
        with store.write_transaction() as connection:
            finish_run(connection, run_id, status=status, klaar=clock.now(), values={"toelichting": str(error)})
    except StoreError:
        return


def _fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files in order of name."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(member for member in path.rglob("*") if member.is_file())
    for member in files:
        with member.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
