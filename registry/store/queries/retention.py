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
from registry.store.tables import metadata
from registry.store.tables.privacy import toegang_afsluitingen, toegang_betrokkenen, toegangen
from registry.store.tables.registers import bewoning, meldingen, persoonslijsten, relaties, verblijven
from registry.store.tables.rights import vernietigde_bewijzen, vernietigde_versies, vernietigingen
from registry.store.tables.runs import run_issues, runs
from registry.store.tables.signals import evaluaties, signalen

_KEPT_WITH = ("beoordelingen", "zaak_signalen", "besluiten", "zaak_overdrachten", "worklist_rows", "bezoekredenen")
"""Tables that name a receipt: an outcome that stands in one of them was followed up, and is kept with that."""


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
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table).where(due)).scalar_one()
        for table, due in _DUE[soort](voor)
    }


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
    counts: dict[str, int] = {}
    for table, due in _DUE[soort](what.voor):
        _remember(connection, table, due, number)
        if table is run_issues:
            gone = connection.execute(table.update().where(due).values(dict.fromkeys(_ISSUE_CONTENT)))
        else:
            gone = connection.execute(table.delete().where(due))
        counts[table.name] = int(gone.rowcount)
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
    before = _moment(what.voor)
    query = sa.select(toegangen.c.volgnummer, toegangen.c.hash).where(toegangen.c.tijdstip < before)
    last = connection.execute(query.order_by(toegangen.c.volgnummer.desc()).limit(1)).first()
    if last is not None:
        head = Head(last.volgnummer, last.hash)
        values = {"volgnummer": head.volgnummer, "hash": head.hash, "tijdstip": what.moment, "gebruiker": what.auteur}
        connection.execute(toegang_afsluitingen.insert().values(values))


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


_Due = list[tuple[sa.Table, sa.ColumnElement[bool]]]
_ISSUE_CONTENT = ("original", "row", "kandidaten", "adresvorm", "persoonslijst", "adresseerbaar_object_id")


def _due_signals(voor: date) -> _Due:
    """Outcomes that nobody did anything with."""
    old = sa.select(evaluaties.c.evaluatie_id).where(evaluaties.c.peildatum < voor)
    named = [metadata.tables[name].c.bewijs for name in _KEPT_WITH if name in metadata.tables]
    unused = [~sa.exists().where(column == signalen.c.bewijs) for column in named]
    return [(signalen, sa.and_(signalen.c.evaluatie_id.in_(old), *unused))]


def _due_issues(voor: date) -> _Due:
    """The content of rows that were set aside: what was wrong stays, whose it was goes."""
    old = sa.select(runs.c.run_id).where(runs.c.gestart < _moment(voor))
    filled = sa.or_(*(run_issues.c[name].is_not(None) for name in _ISSUE_CONTENT))
    return [(run_issues, sa.and_(run_issues.c.run_id.in_(old), filled))]


def _due_meldingen(voor: date) -> _Due:
    return [(meldingen, meldingen.c.datum < voor)]


def _due_residents(voor: date) -> _Due:
    """Everything of the BRP about persons who left every dwelling here before the day, with the versions of then.

    A person with a registration that still runs, or of unknown end, is not touched.
    """
    last = (
        sa.select(bewoning.c.persoonslijst)
        .group_by(bewoning.c.persoonslijst)
        .having(sa.func.max(sa.func.coalesce(bewoning.c.valid_until, date.max)) < voor)
    )
    gone = persoonslijsten.c.persoonslijst.in_(last)
    # A table that finds its rows by another one goes first.
    return [
        (relaties, relaties.c.persoonslijst.in_(last)),
        (verblijven, verblijven.c.persoonslijst.in_(last)),
        (persoonslijsten, gone),
        (bewoning, bewoning.c.persoonslijst.in_(last)),
    ]


def _due_log(voor: date) -> _Due:
    # Numbers and moments rise together, but a clock may have jumped: what goes is one unbroken beginning.
    last = sa.select(sa.func.max(toegangen.c.volgnummer)).where(toegangen.c.tijdstip < _moment(voor)).scalar_subquery()
    return [
        (toegang_betrokkenen, toegang_betrokkenen.c.volgnummer <= last),
        (toegangen, toegangen.c.volgnummer <= last),
    ]


_DUE: Mapping[str, Callable[[date], _Due]] = {
    "signalen_zonder_opvolging": _due_signals,
    "uitval": _due_issues,
    "meldingen": _due_meldingen,
    "vertrokken_bewoners": _due_residents,
    "toegangslog": _due_log,
}
DESTRUCTIBLE = tuple(_DUE)
"""The kinds of data that this module can destroy."""
