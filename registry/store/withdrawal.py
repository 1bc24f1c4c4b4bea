"""Withdraws a run: the tables that it wrote believe again what they believed before it.

Nothing is deleted. What the run said is superseded by the run that withdraws it, and what it had superseded is recorded
anew by that run, so that every answer about an earlier moment stays as it was.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection
from registry.store.history import known_at
from registry.store.queries.adressen import OBJECT_TABLES
from registry.store.queries.runs import WITHDRAWAL
from registry.store.tables import metadata, own_columns
from registry.store.tables.runs import run_issues, runs
from registry.store.tables.signals import evaluaties, signalen


@dataclass(frozen=True, slots=True)
class Restored:
    """What withdrawing did to one table, in rows."""

    vervallen: int
    teruggekeerd: int


def source_tables() -> list[sa.Table]:
    """The history tables that deliveries fill; the others are derived from them."""
    return [table for table in metadata.sorted_tables if table.info.get("from_source")]


def touched_tables(connection: ReadConnection, run_id: int) -> list[sa.Table]:
    """The source tables in which a run wrote or superseded something."""
    return [table for table in source_tables() if connection.execute(_written_by(table, run_id).limit(1)).first()]


def _written_by(table: sa.Table, run_id: int) -> sa.Select[tuple[int]]:
    traces = (table.c.recorded_run_id == run_id, table.c.superseded_run_id == run_id)
    return sa.select(table.c.id).where(sa.or_(*traces))


def later_runs(connection: ReadConnection, run_id: int, bron: str, tables: list[sa.Table]) -> list[tuple[int, str]]:
    """The later runs that count and rest on this one, newest first: number and file.

    A later run of the same source was compared with what this one said: what it found unchanged it did not write
    again. So does any other run that wrote in the same tables.
    """
    later = sa.select(runs.c.run_id, runs.c.bestand).where(
        runs.c.run_id > run_id, runs.c.status == "gelukt", runs.c.bron != WITHDRAWAL
    )
    wrote = [
        runs.c.run_id.in_(sa.select(column).where(column > run_id))
        for table in tables
        for column in (table.c.recorded_run_id, table.c.superseded_run_id)
    ]
    found = connection.execute(later.where(sa.or_(runs.c.bron == bron, *wrote)).order_by(runs.c.run_id.desc()))
    return [(row.run_id, row.bestand) for row in found]


def restore_table(connection: WriteConnection, table: sa.Table, *, before: int, run_id: int) -> Restored:
    """Let a table believe from run ``run_id`` on what it believed before run ``before``."""
    current = table.c.superseded_run_id.is_(None)
    ended = connection.execute(
        table.update().values(superseded_run_id=run_id).where(current, table.c.recorded_run_id >= before)
    ).rowcount
    columns = [*own_columns(table), "source_area", "gone_since_run_id"]
    lost = (
        sa.select(*(table.c[name] for name in columns), sa.literal(run_id))
        .where(known_at(table, before - 1), table.c.superseded_run_id.is_not(None))
        .order_by(table.c.id)
    )
    connection.execute(table.insert().from_select([*columns, "recorded_run_id"], lost))
    back = sa.select(sa.func.count()).where(table.c.recorded_run_id == run_id)
    return Restored(ended, connection.execute(back).scalar_one())


def mark_withdrawn(connection: WriteConnection, run_id: int, by: int) -> None:
    """Let a run count no longer from run ``by`` on; rows that it had repaired are open again."""
    connection.execute(runs.update().where(runs.c.run_id == run_id).values(status="ingetrokken", ingetrokken_run_id=by))
    connection.execute(run_issues.update().where(run_issues.c.hersteld_run_id == run_id).values(hersteld_run_id=None))


def last_stand(connection: ReadConnection, bron: str) -> int:
    """The run of the last complete delivery of a source that counts; 0 when there is none."""
    query = sa.select(sa.func.max(runs.c.run_id)).where(
        runs.c.bron == bron, runs.c.status == "gelukt", runs.c.levering == "stand"
    )
    return connection.execute(query).scalar() or 0


def count_dangling(connection: ReadConnection, run_id: int) -> dict[str, int]:
    """Per source table: believed rows about an object that is no longer believed since run ``run_id``."""
    vanished = []
    for objecttype, table in OBJECT_TABLES.items():
        key = table.c[f"{objecttype}_id"]
        still = sa.select(key).where(table.c.superseded_run_id.is_(None))
        vanished.append(sa.select(key).where(table.c.superseded_run_id == run_id, key.not_in(still)))
    objects = sa.union(*vanished)
    found = {}
    for table in source_tables():
        if "adresseerbaar_object_id" in table.c:
            refers = sa.select(sa.func.count()).where(
                table.c.superseded_run_id.is_(None), table.c.adresseerbaar_object_id.in_(objects)
            )
            found[table.name] = connection.execute(refers).scalar_one()
    return {name: count for name, count in found.items() if count}


def count_evaluations(connection: ReadConnection, run_id: int) -> tuple[int, int]:
    """How many evaluations, and kept outcomes of them, counted a run as known."""
    number = connection.execute(
        sa.select(sa.func.count()).select_from(evaluaties).where(evaluaties.c.known_run_id >= run_id)
    ).scalar_one()
    kept = connection.execute(
        sa.select(sa.func.count())
        .select_from(signalen.join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id))
        .where(evaluaties.c.known_run_id >= run_id)
    ).scalar_one()
    return number, kept
