"""Destroys what was kept long enough, and leaves behind that, when and how much: never whom it was about.

A row of a history table is gone with every version of it. How many rows of each run are gone is kept, so that the
counts of a run still add up; of a destroyed outcome its receipt number stays, which says nothing of a person.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection, to_json
from registry.store.queries.access import Head
from registry.store.queries.retention_files import (
    due_accounts,
    due_assessments,
    due_decided_cases,
    due_photos,
    due_referrals,
    due_sign_ins,
    due_tasks,
    due_undecided_cases,
    due_visits,
    due_worklists,
)
from registry.store.queries.retention_registers import (
    ISSUE_CONTENT,
    due_issues,
    due_log,
    due_meldingen,
    due_residents,
    due_signals,
)
from registry.store.queries.retention_rows import Doomed
from registry.store.tables.privacy import toegang_afsluitingen, toegangen
from registry.store.tables.rights import vernietigde_bewijzen, vernietigde_versies, vernietigingen
from registry.store.tables.runs import run_issues, runs
from registry.store.tables.signals import signalen


@dataclass(frozen=True, slots=True)
class Destruction:
    """What is written down of a destruction."""

    gegevenssoort: str
    termijn: str
    bron: str
    voor: date
    auteur: str
    moment: datetime


def count_due(connection: ReadConnection, soort: str, voor: date) -> dict[str, int]:
    """How many rows of each table were there long enough: those of before a day.

    Raises:
        KeyError: no way is known to destroy this kind of data.
    """
    counts: dict[str, int] = {}
    for doomed in _DUE[soort](connection, voor):
        counted = [sa.select(sa.func.count()).select_from(doomed.table).where(one) for one in doomed.conditions]
        counts[doomed.table.name] = sum(connection.execute(query).scalar_one() for query in counted)
    return counts


def destroy_due(connection: WriteConnection, soort: str, what: Destruction) -> tuple[int, dict[str, int]]:
    """Destroy the rows of before a day; the number of the destruction, and how many rows per table.

    Raises:
        KeyError: no way is known to destroy this kind of data.
    """
    new = vernietigingen.insert().values(
        gegevenssoort=soort,
        termijn=what.termijn,
        bron=what.bron,
        voor=what.voor,
        aantal=0,
        tellingen="{}",
        auteur=what.auteur,
        vernietigd_op=what.moment,
    )
    number = int(connection.execute(new.returning(vernietigingen.c.vernietiging_id)).scalar_one())
    if soort == "toegangslog":
        _close_log(connection, what)
    counts = {doomed.table.name: _destroy(connection, doomed, number) for doomed in _DUE[soort](connection, what.voor)}
    done = {"aantal": sum(counts.values()), "tellingen": to_json(counts)}
    connection.execute(vernietigingen.update().where(vernietigingen.c.vernietiging_id == number).values(done))
    return number, counts


def list_destructions(connection: ReadConnection) -> list[dict[str, Any]]:
    """Every destruction, newest first."""
    query = sa.select(vernietigingen).order_by(vernietigingen.c.vernietiging_id.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def destroyed_on(connection: ReadConnection, bewijs: str) -> date | None:
    """The day on which the facts of a receipt were destroyed; None when they were not."""
    moment: datetime | None = connection.execute(
        sa.select(vernietigingen.c.vernietigd_op)
        .join(vernietigde_bewijzen, vernietigde_bewijzen.c.vernietiging_id == vernietigingen.c.vernietiging_id)
        .where(vernietigde_bewijzen.c.bewijs == bewijs)
        .order_by(vernietigingen.c.vernietiging_id.desc())
        .limit(1)
    ).scalar()
    return None if moment is None else moment.date()


def destroyed_versions(connection: ReadConnection) -> Mapping[tuple[str, int], int]:
    """How many rows that a run wrote were destroyed since, by table and run."""
    columns = vernietigde_versies.c
    found: Counter[tuple[str, int]] = Counter()
    for name, run_id, count in connection.execute(sa.select(columns.tabel, columns.run_id, columns.aantal)):
        found[name, run_id] += count
    return found


def note_destroyed_files(connection: WriteConnection, what: Destruction, count: int) -> None:
    """Write down that files which lay outside the database were destroyed: how many, of what kind, by which term."""
    values = {
        "gegevenssoort": what.gegevenssoort, "termijn": what.termijn, "bron": what.bron, "voor": what.voor,
        "aantal": count, "tellingen": to_json({"bestanden": count}), "auteur": what.auteur,
        "vernietigd_op": what.moment,
    }  # fmt: skip
    connection.execute(vernietigingen.insert().values(values))


def last_written(connection: ReadConnection) -> datetime | None:
    """The latest moment at which an import began or somebody looked; None for an empty registry."""
    moments = [
        connection.execute(sa.select(sa.func.max(column))).scalar() for column in (runs.c.gestart, toegangen.c.tijdstip)
    ]
    known = [moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment for moment in moments if moment]
    return max(known, default=None)


def _destroy(connection: WriteConnection, doomed: Doomed, number: int) -> int:
    table, count = doomed.table, 0
    for condition in doomed.conditions:
        _remember(connection, table, condition, number)
        if table is run_issues:
            gone = connection.execute(table.update().where(condition).values(dict.fromkeys(ISSUE_CONTENT)))
        else:
            gone = connection.execute(table.delete().where(condition))
        count += int(gone.rowcount)
    return count


def _remember(connection: WriteConnection, table: sa.Table, due: sa.ColumnElement[bool], vernietiging_id: int) -> None:
    """Keep of what goes: how many rows of which run, and receipts by their number."""
    if "recorded_run_id" in table.c:
        counted = (
            sa.select(sa.literal(vernietiging_id), sa.literal(table.name), table.c.recorded_run_id, sa.func.count())
            .where(due)
            .group_by(table.c.recorded_run_id)
        )
        names = ["vernietiging_id", "tabel", "run_id", "aantal"]
        connection.execute(vernietigde_versies.insert().from_select(names, counted))
    if table is signalen:
        numbers = sa.select(signalen.c.bewijs, sa.literal(vernietiging_id)).where(due).distinct()
        connection.execute(vernietigde_bewijzen.insert().from_select(["bewijs", "vernietiging_id"], numbers))


def _close_log(connection: WriteConnection, what: Destruction) -> None:
    """Note where the access log starts from now on: at the last row that goes."""
    _, rows = due_log(connection, what.voor)
    query = sa.select(toegangen.c.volgnummer, toegangen.c.hash).where(*rows.conditions)
    last = connection.execute(query.order_by(toegangen.c.volgnummer.desc()).limit(1)).first()
    if last is not None:
        head = Head(last.volgnummer, last.hash)
        values = {"volgnummer": head.volgnummer, "hash": head.hash, "tijdstip": what.moment, "gebruiker": what.auteur}
        connection.execute(toegang_afsluitingen.insert().values(values))


_Due = Callable[[ReadConnection, date], list[Doomed]]
_DUE: Mapping[str, _Due] = {
    "signalen_zonder_opvolging": due_signals,
    "uitval": due_issues,
    "meldingen": due_meldingen,
    "vertrokken_bewoners": due_residents,
    "zaken_zonder_sanctie": due_undecided_cases,
    "zaken_met_sanctie": due_decided_cases,
    "beoordelingen": due_assessments,
    "fotos_bij_bezoeken": due_photos,
    "bezoeken": due_visits,
    "bezoeklijsten": due_worklists,
    "doorverwijzingen": due_referrals,
    "accounts": due_accounts,
    "aanmeldingen": due_sign_ins,
    "taken": due_tasks,
    "toegangslog": due_log,
}
DESTRUCTIBLE = tuple(_DUE)
"""The kinds of data that this module can destroy."""
