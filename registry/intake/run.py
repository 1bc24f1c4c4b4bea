"""One import, from file to registry: read, prepare, stage, compare, derive, check, in one transaction.

The way of a row: ``importers/<bron>.read`` -> ``Preparation.prepare`` -> ``Staging`` -> ``derive`` -> committed.
Whatever goes wrong, the registry is as it was, and the run says so.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

import polars as pl

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
from importers.issues import ISSUE, RESIDENT, Level
from importers.records import GEMEENTE_WOONPLAATSEN, Delivery
from importers.source import Levering, Source, load_mapping, load_source
from registry import clock
from registry.crypto import BsnCipher
from registry.errors import SourceRefusedError, StoreError, UsageError, WoonregisterError
from registry.intake import checks, derive
from registry.intake.bewoning_compare import difference_issues, find_differences
from registry.intake.corrections import Corrections, find_corrections
from registry.intake.deliveries import history_note, keep_known, place_of
from registry.intake.mutations import compare_stand, fit_mutations
from registry.intake.prepare import Preparation
from registry.store.engine import Store, WriteConnection, to_json
from registry.store.history import Absence, Counts, Staging
from registry.store.queries.runs import (
    NewRun,
    PreviousStand,
    date_run,
    finish_run,
    insert_issues,
    last_run,
    mark_repaired,
    previous_stand,
    start_run,
)
from registry.store.tables import metadata

Reader = Callable[..., Delivery]
Progress = Callable[[str, int], None]
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
# Beside what every importer says: the addresses that could belong to a row, its own address in one form, and whom a
# set-aside row is about.
ISSUES = pl.Schema(ISSUE | {"kandidaten": pl.String(), "adresvorm": pl.String()} | RESIDENT)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What a user asks: a source, a file, and what the file does not say of itself."""

    bron: str
    bestand: Path
    leverdatum: date | None = None
    levering: Levering | None = None
    indeling: Path | None = None
    proef: bool = False
    nieuwe_gemeente: bool = False


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did."""

    run_id: int
    status: str
    leverdatum: date
    levering: str
    gelezen: int
    counts: Counts
    per_table: dict[str, Counts]
    issues: pl.DataFrame
    uitval: int
    hersteld: int
    attention: bool
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Intake:
    """The state of one import while its batches go by."""

    connection: WriteConnection
    preparation: Preparation
    corrections: Corrections
    progress: Progress
    read: int = 0
    staged: dict[str, Staging] = field(default_factory=dict)
    issues: list[pl.DataFrame] = field(default_factory=list)
    kept: int = 0

    def take(self, delivery: Delivery, leverdatum: date) -> None:
        for batch in delivery.batches:
            frame, unlinked = self.preparation.prepare(batch.record, batch.frame, leverdatum, delivery.headers)
            self.note(batch.issues)
            if unlinked is not None:
                self.note(unlinked)
            staging = self.staged.get(batch.record.name)
            if staging is None:
                staging = Staging(self.connection, metadata.tables[batch.record.name])
                self.staged[batch.record.name] = staging
            staging.add(frame)
            self.read += batch.read
            self.progress(batch.record.name, batch.read)

    def note(self, issues: pl.DataFrame) -> None:
        if not issues.is_empty():
            self.issues.append(pl.concat([pl.DataFrame(schema=ISSUES), issues], how="diagonal"))

    def note_doubles(self, name: str, doubles: pl.DataFrame) -> None:
        key = [column for column in doubles.columns if column not in ("source_file", "source_row")]
        self.note(
            doubles.select(
                level=pl.lit(Level.WAARSCHUWING.value),
                code=pl.lit("dubbel"),
                text=pl.lit(f"Deze rij komt in de levering meer dan eens voor ({name}); de eerste is ingelezen."),
                source_file="source_file",
                source_row=pl.col("source_row").cast(pl.Int64),
                column=pl.lit(", ".join(key)),
                original=pl.lit(None, pl.String),
                row=pl.lit(None, pl.String),
            )
        )

    def keep_issues(self, run_id: int) -> None:
        """Store the issues that were not stored yet."""
        new = pl.concat([pl.DataFrame(schema=ISSUES), *self.issues[self.kept :]])
        insert_issues(self.connection, run_id, _protect(new, self.preparation.source, self.preparation.cipher))
        self.kept = len(self.issues)

    @property
    def all_issues(self) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(schema=ISSUES), *self.issues])


class _DryRun(Exception):  # noqa: N818 - not an error: it rolls a finished import back
    def __init__(self, result: ImportResult) -> None:
        super().__init__()
        self.result = result


def run_import(
    store: Store,
    request: ImportRequest,
    *,
    cipher: BsnCipher,
    keep_names: bool = False,
    progress: Progress = lambda _name, _rows: None,
    decide: Decide = lambda _connection, _run_id: 0,
) -> ImportResult:
    """Take one file into the registry.

    Args:
        store: the registry.
        request: what to take in.
        cipher: makes pseudonyms and encrypts BSNs.
        keep_names: whether the municipality keeps the names of residents.
        progress: is told per batch which table it fills and how many rows were read.
        decide: is called with the run before anything is read, and says how many set-aside rows must come in now.

    Raises:
        SourceRefusedError: the file as a whole cannot be taken in; the run is listed as ``geweigerd``.
        UsageError: the source does not exist.
        StoreError: the database failed.
    """
    reader = IMPORTERS.get(request.bron)
    if reader is None:
        raise UsageError(f"De bron '{request.bron}' bestaat niet. Bronnen: {', '.join(sorted(IMPORTERS))}.")
    source = load_source(request.bron)
    mapping = load_mapping(request.indeling, source) if request.indeling else None
    run_id = _start(store, request, source)
    try:
        with store.write_transaction() as connection:
            known = _require_turn(connection, run_id)
            wanted = decide(connection, run_id)
            preparation = Preparation(connection, source, known, cipher, keep_names=keep_names)
            corrections = find_corrections(connection, request.bron, request.bestand, cipher)
            delivery = reader(request.bestand, source=source, mapping=corrections.add_to(mapping))
            result = _take_in(_Intake(connection, preparation, corrections, progress), run_id, request, delivery)
            checks.refuse_unrepaired(result.issues, repaired=result.hersteld, wanted=wanted)
    except _DryRun as done:
        with store.write_transaction() as connection:
            insert_issues(connection, run_id, _protect(done.result.issues, source, cipher))
            _finish(connection, done.result, "proef")
        return replace(done.result, status="proef")
    except WoonregisterError as error:
        _refuse(store, run_id, error)
        raise
    return result


def _start(store: Store, request: ImportRequest, source: Source) -> int:
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
    with store.write_transaction() as connection:
        return start_run(connection, new)


def _require_turn(connection: WriteConnection, run_id: int) -> int:
    """The last run that counts.

    Raises:
        SourceRefusedError: it is later than this one: runs are numbered in the order in which they take effect.
    """
    known = last_run(connection)
    if known > run_id:
        raise SourceRefusedError(f"Terwijl deze import wachtte is run {known} ingelezen. Herhaal de opdracht.")
    return known


def _refuse(store: Store, run_id: int, error: WoonregisterError) -> None:
    # The run stays 'afgebroken' when even this cannot be written (a full disk): that is also true.
    status = "afgebroken" if isinstance(error, StoreError) else "geweigerd"
    try:
        with store.write_transaction() as connection:
            finish_run(connection, run_id, status=status, klaar=clock.now(), values={"toelichting": str(error)})
    except StoreError:
        return


def _take_in(intake: _Intake, run_id: int, request: ImportRequest, delivery: Delivery) -> ImportResult:
    """Everything that happens inside the one transaction; a dry run leaves it by an exception.

    Raises:
        SourceRefusedError: the delivery cannot be taken in.
    """
    connection, source = intake.connection, intake.preparation.source
    corrections = intake.corrections
    leverdatum = request.leverdatum or delivery.leverdatum or corrections.leverdatum or clock.today()
    levering = _levering(request, source, corrections, delivery)
    area = " ".join(delivery.area) or None
    latest = previous_stand(connection, request.bron, area)
    levering, notes = _stage(intake, request, delivery, leverdatum=leverdatum, levering=levering, latest=latest)
    date_run(connection, run_id, leverdatum, levering)
    per_table = {
        name: staging.merge(run_id, Absence(levering), area=None if name == GEMEENTE_WOONPLAATSEN.name else area)
        for name, staging in intake.staged.items()
    }
    since = run_id if levering == "stand" else latest.run_id if latest else 0
    if request.bron == "bag" and levering == "stand":
        intake.note(compare_stand(connection, run_id, leverdatum, since=latest.run_id if latest else 0))
    hersteld = corrections.repaired(intake.all_issues)
    mark_repaired(connection, hersteld, run_id)
    _derive(intake, run_id, since=since)
    issues = intake.all_issues
    uitval = _set_aside(issues)
    result = ImportResult(
        run_id=run_id,
        status="gelukt",
        leverdatum=leverdatum,
        levering=levering,
        gelezen=intake.read,
        counts=sum(per_table.values(), Counts()),
        per_table=per_table,
        issues=issues,
        uitval=uitval.height,
        hersteld=len(hersteld),
        attention=not checks.without_known_defects(uitval, source).is_empty(),
        notes=(*delivery.notes, *notes),
    )
    if request.proef:
        raise _DryRun(result)
    intake.keep_issues(run_id)
    _finish(connection, result, "gelukt", area=area)
    return result


def _stage(
    intake: _Intake,
    request: ImportRequest,
    delivery: Delivery,
    *,
    leverdatum: date,
    levering: Levering,
    latest: PreviousStand | None,
) -> tuple[Levering, list[str]]:
    """Read the delivery into the staging tables; as what it counts, and what is odd about it as a whole.

    Raises:
        SourceRefusedError: it is too old, of another gemeente, or implausible.
    """
    connection, known = intake.connection, intake.preparation.known
    previous = latest if levering == "stand" else None
    place = place_of(
        connection, request.bron, levering, leverdatum, delivery, previous=previous, new_area=request.nieuwe_gemeente
    )
    intake.take(fit_mutations(connection, delivery, known=known, is_history=place.is_history), leverdatum)
    for name, staging in intake.staged.items():
        intake.note_doubles(name, staging.drop_doubles())
    notes = [history_note(sum(map(keep_known, intake.staged.values())))] if place.is_history else []
    return place.levering, notes + checks.refuse_implausible(
        intake.preparation.source,
        read=intake.read,
        set_aside=_set_aside(intake.all_issues).height,
        previous=previous if place.levering == "stand" else None,
        may_be_empty=delivery.levering == "deel",
    )


def _levering(request: ImportRequest, source: Source, corrections: Corrections, delivery: Delivery) -> Levering:
    if delivery.levering == "deel" and request.levering == "stand":
        raise SourceRefusedError("Mutaties zijn nooit een volledige levering. Laat --levering stand weg.")
    if not corrections:
        return delivery.levering or request.levering or source.levering
    if request.levering == "stand":
        raise SourceRefusedError(
            "Een bestand met verbeterde uitval is nooit een volledige levering. Laat --levering stand weg."
        )
    return "deel"


def _derive(intake: _Intake, run_id: int, *, since: int) -> None:
    connection, names = intake.connection, set(intake.staged)
    if "verblijven" in names or "persoonslijsten" in names:
        intake.keep_issues(run_id)
        derive.update_bewoning(connection, run_id, since=since)
    if names & {"verblijven", "geleverde_bewoningen"}:
        intake.note(difference_issues(find_differences(connection, known=run_id)))
    if names & {"verblijfsobjecten", "ligplaatsen", "standplaatsen", "gebieden", "aangewezen_gebieden"}:
        intake.note(derive.update_ligging(connection, run_id))
    if "verblijfsobjecten" in names:
        intake.note(checks.missing_references(connection, known=run_id))


def _finish(connection: WriteConnection, result: ImportResult, status: str, *, area: str | None = None) -> None:
    finish_run(
        connection,
        result.run_id,
        status=status,
        klaar=clock.now(),
        counts=result.counts,
        values={
            "leverdatum": result.leverdatum,
            "levering": result.levering,
            "gelezen": result.gelezen,
            "uitval": result.uitval,
            "area": area,
            "toelichting": " ".join(result.notes) or None,
            "tellingen": to_json({name: counts_of(counts) for name, counts in result.per_table.items()}),
        },
    )


def counts_of(counts: Counts) -> dict[str, int]:
    """The counts as they appear in JSON."""
    return {
        "nieuw": counts.nieuw,
        "gewijzigd": counts.gewijzigd,
        "ongewijzigd": counts.ongewijzigd,
        "verdwenen": counts.verdwenen,
    }


def _set_aside(issues: pl.DataFrame) -> pl.DataFrame:
    """The set-aside rows, one per source row (a row may have several issues)."""
    return issues.filter(level=Level.UITVAL.value).unique(["source_file", "source_row"], maintain_order=True)


def _protect(issues: pl.DataFrame, source: Source, cipher: BsnCipher) -> pl.DataFrame:
    """Rows of a source with personal data are kept encrypted, and name persons by pseudonym."""
    if not source.personal:
        return issues
    return issues.with_columns(
        row=pl.Series(cipher.encrypt_all(issues["row"].to_list()), dtype=pl.String),
        persoonslijst=pl.Series(cipher.hash_all(issues["persoonslijst"].to_list()), dtype=pl.String),
    )


def _fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files in order of name."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(member for member in path.rglob("*") if member.is_file())
    for member in files:
        with member.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
