"""How long each kind of data is kept, what is due, and destroying it with a record of that."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from registry import clock
from registry.errors import StoreError, UsageError
from registry.privacy.access import Access, AccessLog, Gebruiker, Handeling
from registry.store.backup import read_backup
from registry.store.engine import ReadConnection, Store
from registry.store.queries.retention import (
    DESTRUCTIBLE,
    Destruction,
    count_due,
    destroy_due,
    last_written,
    note_destroyed_files,
)
from registry.store.scrub import scrub
from rules.yaml_files import parse_yaml, read_bytes, validate

SHIPPED = Path(__file__).parent / "bewaartermijnen.yml"
BACKUPS = "reservekopieen"
_QUIET_DAYS = 730  # nobody leaves a registry alone for so long: then it is the clock


class Bewaartermijn(BaseModel):
    """How long a kind of data is kept, in one period.

    Attributes:
        gegevenssoort: its code.
        naam: what it is, in Dutch.
        maanden: how long; None is not decided yet, and then nothing is destroyed.
        vanaf: where the term begins.
        bron: on what it rests.
        van: first day on which this term holds; of the same code the latest one that began counts.
        status: whether the municipality still has to confirm it.
        archief: whether it is part of a file under the Archiefwet: then nothing goes before the term is confirmed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    gegevenssoort: str
    naam: str
    maanden: int | None = Field(default=None, ge=1)
    vanaf: str
    bron: str
    van: date
    status: Literal["bevestigd", "te_bevestigen"] = "bevestigd"
    archief: bool = False

    @property
    def wacht(self) -> bool:
        """Whether nothing may be destroyed yet, because the municipality did not take its own term."""
        return self.archief and self.status != "bevestigd"

    def limit(self, day: date) -> date | None:
        """What is of before this day is due on ``day``."""
        if self.maanden is None:
            return None
        year, month = divmod(day.year * 12 + day.month - 1 - self.maanden, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    bewaartermijnen: tuple[Bewaartermijn, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """What is due of one kind of data: of before which day, and how many rows per table (null: not decided)."""

    termijn: Bewaartermijn
    voor: date | None
    tabellen: dict[str, int]

    @property
    def aantal(self) -> int:
        """How many rows."""
        return sum(self.tabellen.values())


@dataclass(frozen=True, slots=True)
class OldBackup:
    """A backup that is kept longer than its term: file and moment."""

    bestand: Path
    gemaakt: str


def read_terms(path: Path) -> tuple[Bewaartermijn, ...]:
    """The terms in a file.

    Raises:
        LawFileError: the file cannot be read or does not fit; the text names key and reason.
    """
    return validate(_File, parse_yaml(read_bytes(path), path.name), path.name).bewaartermijnen


@cache
def shipped_terms() -> tuple[Bewaartermijn, ...]:
    """The terms that come with the program."""
    return read_terms(SHIPPED)


def terms_on(terms: tuple[Bewaartermijn, ...], day: date) -> list[Bewaartermijn]:
    """Of each kind of data the term that holds on a day, in the order of the file."""
    held: dict[str, Bewaartermijn] = {}
    for term in sorted((one for one in terms if one.van <= day), key=lambda one: one.van):
        held[term.gegevenssoort] = term
    codes = dict.fromkeys(one.gegevenssoort for one in terms)
    return [held[code] for code in codes if code in held]


def preview(connection: ReadConnection, terms: tuple[Bewaartermijn, ...], day: date) -> list[Due]:
    """What would be destroyed on a day; nothing is."""
    found = []
    for term in terms_on(terms, day):
        voor = term.limit(day)
        ours = voor is not None and term.gegevenssoort in DESTRUCTIBLE
        found.append(Due(term, voor, count_due(connection, term.gegevenssoort, voor) if ours and voor else {}))
    return found


def destroy(
    store: Store,
    terms: tuple[Bewaartermijn, ...],
    day: date,
    *,
    gebruiker: Gebruiker,
    log: AccessLog,
    only: str | None = None,
) -> list[Due]:
    """Destroy what is due on a day, each kind in one transaction with its record; what was destroyed.

    Raises:
        UsageError: ``only`` is no kind of data that can be destroyed, the day is still to come, or the clock of this
            machine cannot be right.
        StoreError: the database failed; of that kind nothing was destroyed.
    """
    if day > clock.today():
        raise UsageError("Vernietigen kan niet vooruit: kies vandaag of een dag daarvoor.")
    if only is not None and only not in DESTRUCTIBLE:
        raise UsageError(f"'{only}' kan niet worden vernietigd. Kies uit: {', '.join(DESTRUCTIBLE)}.")
    done = []
    with store.read() as connection:
        _require_clock(connection)
        due = preview(connection, terms, day)
    for one in due:
        term = one.termijn
        if not one.aantal or one.voor is None or term.wacht or only not in (None, term.gegevenssoort):
            continue
        what = Destruction(
            term.gegevenssoort, f"{term.maanden} maanden", term.bron, one.voor, gebruiker.naam, clock.now()
        )
        with store.write_transaction() as connection:
            _, counts = destroy_due(connection, term.gegevenssoort, what)
            told = f"{term.gegevenssoort} van voor {one.voor:%d-%m-%Y}: {sum(counts.values())} rijen"
            log.append(connection, Access(gebruiker, Handeling.VERNIETIGEN, "beheer", toelichting=told))
        done.append(Due(term, one.voor, counts))
    if done:
        scrub(store)
    return done


def _require_clock(connection: ReadConnection) -> None:
    """Refuse to destroy by a clock that jumped: what is gone does not come back when the clock is put right.

    Raises:
        UsageError: it is long after anything was written here.
    """
    last, today = last_written(connection), clock.today()
    if last is not None and (today - last.date()).days > _QUIET_DAYS:
        raise UsageError(
            f"Volgens de klok van deze machine is het {today:%d-%m-%Y}, maar het laatste dat hier is vastgelegd is van "
            f"{last:%d-%m-%Y}. Zet de klok goed; er is niets vernietigd."
        )


def destroy_backups(
    store: Store,
    folder: Path,
    terms: tuple[Bewaartermijn, ...],
    day: date,
    *,
    gebruiker: Gebruiker,
    log: AccessLog,
) -> list[OldBackup]:
    """Remove the backups in a folder that are older than their term, with a record of that; which they were.

    Raises:
        UsageError: it is no folder, the day is still to come, or the clock cannot be right.
        StoreError: a file cannot be removed, or the database failed; what was removed before is written down.
    """
    if day > clock.today():
        raise UsageError("Vernietigen kan niet vooruit: kies vandaag of een dag daarvoor.")
    with store.read() as connection:
        _require_clock(connection)
    gone: list[OldBackup] = []
    try:
        for one in old_backups(folder, terms, day):
            one.bestand.unlink()
            gone.append(one)
    except OSError as error:
        raise StoreError(f"Een reservekopie is niet te verwijderen: {error}.") from error
    finally:
        if gone:
            _note_backups(store, len(gone), terms, day, gebruiker=gebruiker, log=log)
    return gone


def _note_backups(
    store: Store, count: int, terms: tuple[Bewaartermijn, ...], day: date, *, gebruiker: Gebruiker, log: AccessLog
) -> None:
    term = next(one for one in terms_on(terms, day) if one.gegevenssoort == BACKUPS)
    voor = term.limit(day) or day
    what = Destruction(BACKUPS, f"{term.maanden} maanden", term.bron, voor, gebruiker.naam, clock.now())
    with store.write_transaction() as connection:
        note_destroyed_files(connection, what, count)
        told = f"{BACKUPS} van voor {voor:%d-%m-%Y}: {count} bestanden"
        log.append(connection, Access(gebruiker, Handeling.VERNIETIGEN, "beheer", toelichting=told))


def old_backups(folder: Path, terms: tuple[Bewaartermijn, ...], day: date) -> list[OldBackup]:
    """The backups in a folder that are older than their term: in them lives on what was destroyed here.

    A zip that is no backup of Woonregister is passed over.

    Raises:
        UsageError: it is no folder.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is geen map.")
    limits = [one.limit(day) for one in terms_on(terms, day) if one.gegevenssoort == BACKUPS]
    limit = limits[0] if limits else None
    if limit is None:
        return []
    found = []
    for path in sorted(folder.glob("*.zip")):
        try:
            made = read_backup(path).gemaakt
        except StoreError:
            continue
        if date.fromisoformat(made[:10]) < limit:
            found.append(OldBackup(path, made))
    return found
