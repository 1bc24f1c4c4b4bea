"""Runs: written before they start, finished in the transaction that holds their data, listed newest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from importers.issues import ISSUE, Level
from registry.errors import UsageError
from registry.store.engine import ReadConnection, WriteConnection, insert_frame, read_frame
from registry.store.history import Counts
from registry.store.tables.registers import persoonslijsten
from registry.store.tables.runs import run_issues, runs
from registry.store.types import frame_type

_SUMMARY = (
    "run_id", "bron", "bestand", "sha256", "leverdatum", "levering", "status", "gelezen", "nieuw", "gewijzigd",
    "ongewijzigd", "verdwenen", "uitval", "gestart", "klaar", "toelichting",
)  # fmt: skip

_NUMBERS_PER_QUERY = 10_000
WITHDRAWAL = "intrekking"  # the bron of a run that withdraws another one
DECISION = "besluit"  # and of one that records what somebody decided about data on persons

SET_ASIDE = pl.Schema(
    {"issue_id": pl.Int64(), "run_id": pl.Int64(), "hersteld_run_id": pl.Int64()} | ISSUE | {"kandidaten": pl.String()}
)


@dataclass(frozen=True, slots=True)
class NewRun:
    """What is known of a run before it starts."""

    bron: str
    bestand: str
    levering: str
    sha256: str | None
    software: str
    gestart: datetime


def last_imports(connection: ReadConnection) -> dict[str, datetime]:
    """When the last import of each source went in."""
    query = sa.select(runs.c.bron, sa.func.max(runs.c.klaar)).where(runs.c.status == "gelukt").group_by(runs.c.bron)
    found = {bron: klaar for bron, klaar in connection.execute(query) if klaar is not None}
    # SQLite keeps no zone: what it holds is UTC.
    return {bron: klaar if klaar.tzinfo else klaar.replace(tzinfo=UTC) for bron, klaar in found.items()}


def start_run(connection: WriteConnection, run: NewRun) -> int:
    """Write down that a run starts. Until it succeeds it counts as ``afgebroken``."""
    new = runs.insert().values(status="afgebroken", **asdict(run)).returning(runs.c.run_id)
    return int(connection.execute(new).scalar_one())


def date_run(connection: WriteConnection, run_id: int, leverdatum: date, levering: str) -> None:
    """Write down of what day and kind a delivery is, before anything is derived from it."""
    connection.execute(runs.update().where(runs.c.run_id == run_id).values(leverdatum=leverdatum, levering=levering))


def finish_run(
    connection: WriteConnection,
    run_id: int,
    *,
    status: str,
    klaar: datetime,
    counts: Counts | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Write down how a run ended: its status, counts, and further columns of ``runs`` by name."""
    connection.execute(
        runs.update()
        .where(runs.c.run_id == run_id)
        .values(status=status, klaar=klaar, **(asdict(counts) if counts else {}), **(values or {}))
    )


def last_run(connection: ReadConnection, *, until: datetime | None = None) -> int:
    """The number of the last run whose data count (0 before the first), optionally as known before a moment."""
    query = sa.select(sa.func.max(runs.c.run_id)).where(runs.c.status.in_(("gelukt", "ingetrokken")))
    if until is not None:
        query = query.where(runs.c.klaar < until)
    return connection.execute(query).scalar() or 0


def run_before(connection: ReadConnection, run_id: int) -> int:
    """The last run before another one whose data count; 0 when there is none."""
    query = sa.select(sa.func.max(runs.c.run_id)).where(runs.c.status.in_(("gelukt", "ingetrokken")))
    return connection.execute(query.where(runs.c.run_id < run_id)).scalar() or 0


@dataclass(frozen=True, slots=True)
class PreviousStand:
    """An earlier complete delivery."""

    run_id: int
    leverdatum: date
    gelezen: int
    bestand: str


def previous_stand(connection: ReadConnection, bron: str, area: str | None) -> PreviousStand | None:
    """The latest complete delivery of a source for the same area that went in."""
    query = (
        sa.select(runs.c.run_id, runs.c.leverdatum, runs.c.gelezen, runs.c.bestand)
        .where(runs.c.bron == bron, runs.c.status == "gelukt", runs.c.levering == "stand")
        .where(runs.c.area.is_not_distinct_from(area))
        .order_by(runs.c.run_id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else PreviousStand(*row)


def imported_sources(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """Per source and kind of delivery that went in: bron, levering, and the latest leverdatum and run.

    A run that was withdrawn after ``known`` still counted then.
    """
    query = (
        sa.select(runs.c.bron, runs.c.levering, sa.func.max(runs.c.leverdatum), sa.func.max(runs.c.run_id))
        .where(runs.c.run_id <= known, runs.c.bron.not_in((WITHDRAWAL, DECISION)))
        .where(sa.or_(runs.c.status == "gelukt", runs.c.ingetrokken_run_id > known))
        .group_by(runs.c.bron, runs.c.levering)
    )
    schema = {"bron": pl.String(), "levering": pl.String(), "leverdatum": pl.Date(), "run_id": pl.Int64()}
    return read_frame(connection, query, schema)


def list_runs(connection: ReadConnection) -> list[dict[str, Any]]:
    """Every run, newest first, with the keys of ``runs --json``."""
    query = sa.select(*(runs.c[name] for name in _SUMMARY)).order_by(runs.c.run_id.desc())
    return [_summary(row._asdict()) for row in connection.execute(query)]


def get_run(connection: ReadConnection, run_id: int) -> dict[str, Any]:
    """One run, with the keys of ``runs --json`` and its counts per table.

    Raises:
        UsageError: there is no such run.
    """
    query = sa.select(*(runs.c[name] for name in _SUMMARY), runs.c.tellingen).where(runs.c.run_id == run_id)
    row = connection.execute(query).first()
    if row is None:
        raise UsageError(f"Run {run_id} bestaat niet. 'woonregister runs' geeft de lijst.")
    return _summary(row._asdict()) | {"tellingen": row.tellingen}


def _summary(values: dict[str, Any]) -> dict[str, Any]:
    run = {"run": values.pop("run_id")}
    values.pop("tellingen", None)
    as_text = {name: value.isoformat() for name, value in values.items() if isinstance(value, date)}
    return run | values | as_text


def insert_issues(connection: WriteConnection, run_id: int, issues: pl.DataFrame) -> None:
    """Keep the issues of a run (schema ``ISSUE``, plus ``kandidaten``)."""
    insert_frame(connection, run_issues, issues.with_columns(run_id=pl.lit(run_id, pl.Int64)))


def read_issues(
    connection: ReadConnection, run_id: int, *, level: str | None = None, still_open: bool = False
) -> pl.DataFrame:
    """The issues of a run, in source order (schema ``SET_ASIDE``); ``still_open``: without the corrected rows."""
    names = list(SET_ASIDE)
    query = sa.select(*(run_issues.c[name] for name in names)).where(run_issues.c.run_id == run_id)
    if level is not None:
        query = query.where(run_issues.c.level == level)
    if still_open:
        query = query.where(run_issues.c.hersteld_run_id.is_(None))
    return read_frame(connection, query.order_by(run_issues.c.issue_id), SET_ASIDE)


def count_issues(connection: ReadConnection, run_id: int) -> list[dict[str, Any]]:
    """The problems of a run by kind: level, code, aantal, open (not corrected since); without any value of a row."""
    columns = run_issues.c
    waits = sa.case((columns.hersteld_run_id.is_(None), 1), else_=0)
    query = (
        sa.select(columns.level, columns.code, sa.func.count().label("aantal"), sa.func.sum(waits).label("open"))
        .where(columns.run_id == run_id)
        .group_by(columns.level, columns.code)
        .order_by(columns.level, sa.desc("aantal"), columns.code)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def read_kept_rows(connection: ReadConnection, issue_ids: Iterable[int]) -> pl.DataFrame:
    """Set-aside rows by number: issue_id, row, and of their run the run_id, bron, area and leverdatum."""
    columns = (run_issues.c.issue_id, run_issues.c.row, runs.c.run_id, runs.c.bron, runs.c.area, runs.c.leverdatum)
    query = sa.select(*columns).join(runs, runs.c.run_id == run_issues.c.run_id)
    query = query.where(run_issues.c.level == Level.UITVAL.value)
    schema = {column.name: frame_type(column) for column in columns}
    parts = [
        read_frame(connection, query.where(run_issues.c.issue_id.in_(part)), schema) for part in _in_parts(issue_ids)
    ]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def read_doubtful_residents(connection: ReadConnection, *, since: int, run_id: int) -> pl.DataFrame:
    """Whom the BRP names as resident of an object, on persoonslijsten that are set aside and were not corrected.

    Args:
        connection: where to read.
        since: the run of the last complete delivery; what an earlier one set aside says nothing any more.
        run_id: the run that is going on.

    Returns:
        persoonslijst (pseudonym), adresseerbaar_object_id and valid_from (null is unknown), once per pair.
    """
    columns = (run_issues.c.persoonslijst, run_issues.c.adresseerbaar_object_id, run_issues.c.valid_from)
    query = (
        sa.select(*columns)
        .join(runs, runs.c.run_id == run_issues.c.run_id)
        .where(sa.or_(runs.c.status == "gelukt", runs.c.run_id == run_id), runs.c.run_id >= since)
        .where(run_issues.c.hersteld_run_id.is_(None), run_issues.c.adresseerbaar_object_id.is_not(None))
        .order_by(run_issues.c.issue_id)
    )
    found = read_frame(connection, query, {column.name: frame_type(column) for column in columns})
    return found.unique(["persoonslijst", "adresseerbaar_object_id"], keep="first", maintain_order=True)


def mark_repaired(connection: WriteConnection, issue_ids: Iterable[int], run_id: int) -> None:
    """Note that corrected rows came in with a later run: with every other reason for which they were set aside."""
    same = run_issues.alias("same")
    of_same_row = sa.exists().where(
        same.c.run_id == run_issues.c.run_id,
        same.c.source_file.is_not_distinct_from(run_issues.c.source_file),
        same.c.source_row.is_not_distinct_from(run_issues.c.source_row),
    )
    for part in _in_parts(issue_ids):
        connection.execute(
            run_issues.update()
            .where(of_same_row.where(same.c.issue_id.in_(part)), run_issues.c.level == Level.UITVAL.value)
            .where(run_issues.c.hersteld_run_id.is_(None))
            .values(hersteld_run_id=run_id)
        )


def _in_parts(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Numbers in parts that fit in one statement."""
    distinct = sorted(set(numbers))
    for start in range(0, len(distinct), _NUMBERS_PER_QUERY):
        yield distinct[start : start + _NUMBERS_PER_QUERY]


def holds_persons(connection: ReadConnection) -> bool:
    """Whether anything is stored that only the keys of this registry can read."""
    query = sa.select(sa.literal(1)).select_from(persoonslijsten).limit(1)
    return connection.execute(query).first() is not None
