"""The access log in the database: add to its end, read it, and recompute its chain."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, NewType

import polars as pl
import sqlalchemy as sa

from registry.store.engine import LOG_LOCK, ReadConnection, WriteConnection, insert_frame, take_lock, to_json
from registry.store.tables.privacy import toegang_afsluitingen, toegang_betrokkenen, toegang_verzendingen, toegangen

Subjects = NewType("Subjects", tuple[tuple[str, str], ...])  # (soort, pseudoniem), in order, each once

START = "0" * 64  # what the first row of a chain seals
_ROWS_PER_CALL = 5_000


@dataclass(frozen=True, slots=True)
class LoggedAccess:
    """What a row of the log says, without its place in the chain; see the table for the meaning of each field."""

    tijdstip: datetime
    gebruiker: str
    soort_gebruiker: str
    rol: str | None
    handeling: str
    verwerking: str
    grondslag: str
    zaak: str | None
    adresseerbaar_object_id: str | None
    regel: str | None
    toelichting: str | None
    aantal: int
    status: str
    sleutelstand: int
    trace_id: str
    span_id: str
    parent_span_id: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many rows there were, and the hash that seals them all."""

    volgnummer: int
    hash: str


@dataclass(frozen=True, slots=True)
class SealedAccess:
    """A row with its place in the chain and its persons."""

    volgnummer: int
    access: LoggedAccess
    betrokkenen: Subjects
    betrokkenen_hash: str
    vorige_hash: str
    hash: str


_FIELDS = tuple(field.name for field in fields(LoggedAccess))


def in_order(subjects: Sequence[tuple[str, str]]) -> Subjects:
    """Each person once, in the order in which they are sealed."""
    return Subjects(tuple(sorted(set(subjects))))


def append_access(connection: WriteConnection, access: LoggedAccess, betrokkenen: Subjects) -> Head:
    """Add a row at the end of the chain; one writer at a time, until its transaction ends."""
    take_lock(connection, LOG_LOCK)
    last = read_head(connection)
    number, people = last.volgnummer + 1, hash_subjects(betrokkenen)
    sealed = seal(number, access, people, last.hash)
    connection.execute(
        toegangen.insert().values(
            volgnummer=number, **asdict(access), betrokkenen_hash=people, vorige_hash=last.hash, hash=sealed
        )
    )
    rows = [(number, *subject) for subject in betrokkenen]
    schema = {"volgnummer": pl.Int64(), "soort": pl.String(), "pseudoniem": pl.String()}
    insert_frame(connection, toegang_betrokkenen, pl.DataFrame(rows, schema=schema, orient="row"))
    return Head(number, sealed)


def seal(volgnummer: int, access: LoggedAccess, betrokkenen_hash: str, vorige_hash: str) -> str:
    """The hash of a row: sha256, hex, over everything that it says and its place."""
    said = asdict(access) | {"tijdstip": access.tijdstip.astimezone(UTC).isoformat(timespec="microseconds")}
    content = to_json([volgnummer, vorige_hash, betrokkenen_hash, said])
    return hashlib.sha256(content.encode()).hexdigest()


def hash_subjects(betrokkenen: Subjects) -> str:
    """The hash of the persons of a row."""
    return hashlib.sha256("\n".join("\t".join(subject) for subject in betrokkenen).encode()).hexdigest()


def read_head(connection: ReadConnection) -> Head:
    """The end of the chain; of an empty log, its start."""
    newest = sa.select(toegangen.c.volgnummer, toegangen.c.hash).order_by(toegangen.c.volgnummer.desc()).limit(1)
    row = connection.execute(newest).first()
    return read_start(connection) if row is None else Head(row.volgnummer, row.hash)


def read_start(connection: ReadConnection) -> Head:
    """What the first row that is still there seals: nothing, or the last row that was destroyed."""
    columns = toegang_afsluitingen.c
    row = connection.execute(
        sa.select(columns.volgnummer, columns.hash).order_by(columns.volgnummer.desc()).limit(1)
    ).first()
    return Head(0, START) if row is None else Head(row.volgnummer, row.hash)


def hash_at(connection: ReadConnection, volgnummer: int) -> str | None:
    """The hash of a row, or of the last row that was destroyed; None where there is neither."""
    for table in (toegangen, toegang_afsluitingen):
        found: str | None = connection.execute(sa.select(table.c.hash).where(table.c.volgnummer == volgnummer)).scalar()
        if found is not None:
            return found
    return None


def read_accesses(
    connection: ReadConnection,
    *,
    after: int = 0,
    pseudoniemen: Sequence[str] | None = None,
    van: date | None = None,
    tot: date | None = None,
) -> Iterator[SealedAccess]:
    """The rows in order of the chain, a part at a time.

    Args:
        connection: where to read.
        after: only rows after this number.
        pseudoniemen: only rows about one of these persons.
        van: only rows from this day (UTC) on.
        tot: only rows before this day.
    """
    query = sa.select(toegangen).where(toegangen.c.volgnummer > after).order_by(toegangen.c.volgnummer)
    if pseudoniemen is not None:
        about = sa.select(toegang_betrokkenen.c.volgnummer).where(toegang_betrokkenen.c.pseudoniem.in_(pseudoniemen))
        query = query.where(toegangen.c.volgnummer.in_(about))
    if van is not None:
        query = query.where(toegangen.c.tijdstip >= datetime(van.year, van.month, van.day, tzinfo=UTC))
    if tot is not None:
        query = query.where(toegangen.c.tijdstip < datetime(tot.year, tot.month, tot.day, tzinfo=UTC))
    last = after
    while part := connection.execute(query.where(toegangen.c.volgnummer > last).limit(_ROWS_PER_CALL)).mappings().all():
        last = part[-1]["volgnummer"]
        people = _subjects_between(connection, part[0]["volgnummer"], last)
        for row in part:
            yield _sealed(row, people.get(row["volgnummer"], []))


def _subjects_between(connection: ReadConnection, first: int, last: int) -> dict[int, list[tuple[str, str]]]:
    columns = toegang_betrokkenen.c
    found: dict[int, list[tuple[str, str]]] = {}
    query = sa.select(columns.volgnummer, columns.soort, columns.pseudoniem)
    for number, soort, pseudoniem in connection.execute(query.where(columns.volgnummer.between(first, last))):
        found.setdefault(number, []).append((soort, pseudoniem))
    return found


def _sealed(row: sa.RowMapping, people: Sequence[tuple[str, str]]) -> SealedAccess:
    said: dict[str, Any] = {name: row[name] for name in _FIELDS}
    moment: datetime = said["tijdstip"]
    said["tijdstip"] = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return SealedAccess(
        row["volgnummer"],
        LoggedAccess(**said),
        in_order(people),
        row["betrokkenen_hash"],
        row["vorige_hash"],
        row["hash"],
    )


def find_breaks(connection: ReadConnection) -> tuple[int, list[str]]:
    """Recompute the whole chain: how many rows were looked at, and where it is broken (in Dutch)."""
    expected, looked = read_start(connection), 0
    wrong: list[str] = []
    for row in read_accesses(connection):
        looked += 1
        if row.volgnummer != expected.volgnummer + 1:
            wrong.append(f"regel {expected.volgnummer + 1} ontbreekt")
        if row.vorige_hash != expected.hash:
            wrong.append(f"regel {row.volgnummer} sluit niet aan op de vorige")
        if hash_subjects(row.betrokkenen) != row.betrokkenen_hash or len(row.betrokkenen) != row.access.aantal:
            wrong.append(f"de betrokkenen van regel {row.volgnummer} zijn gewijzigd")
        if seal(row.volgnummer, row.access, row.betrokkenen_hash, row.vorige_hash) != row.hash:
            wrong.append(f"regel {row.volgnummer} is gewijzigd")
        expected = Head(row.volgnummer, row.hash)
    return looked, wrong


def known_pseudonyms(connection: ReadConnection, *, before: int) -> dict[int, list[str]]:
    """The pseudonyms in rows that were written under earlier keys than ``before``, by the keys of then."""
    query = (
        sa.select(toegangen.c.sleutelstand, toegang_betrokkenen.c.pseudoniem)
        .join(toegangen, toegangen.c.volgnummer == toegang_betrokkenen.c.volgnummer)
        .where(toegangen.c.sleutelstand < before)
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for stand, pseudoniem in connection.execute(query):
        found.setdefault(stand, []).append(pseudoniem)
    return found


def read_sent(connection: ReadConnection) -> int:
    """The number of the last row that was sent on; 0 when none was."""
    return connection.execute(sa.select(sa.func.max(toegang_verzendingen.c.volgnummer))).scalar() or 0


def mark_sent(connection: WriteConnection, volgnummer: int, moment: datetime) -> None:
    """Remember that everything up to this row was sent on."""
    connection.execute(toegang_verzendingen.insert().values(volgnummer=volgnummer, tijdstip=moment))
