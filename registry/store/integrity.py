"""Checks what the registry promises of itself: each finding would be a defect of the software or of the disk."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.access import find_breaks
from registry.store.queries.retention import destroyed_versions
from registry.store.tables import metadata
from registry.store.tables.runs import runs
from registry.store.tables.signals import evaluaties, signalen, wetten

_ROWS_PER_CALL = 10_000
_NEVER = 2**62  # later than any run


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: what was looked at, how many, how many were wrong, and some of those."""

    controle: str
    bekeken: int
    fout: int
    voorbeelden: tuple[str, ...] = ()


def check_registry(connection: ReadConnection) -> Iterator[Check]:
    """Every check, one after another."""
    defects = _database_defects(connection)
    yield Check("de database zelf is gaaf", 1, len(defects), tuple(defects[:5]))
    for table in metadata.sorted_tables:
        if table.info.get("key"):
            yield from _check_history(connection, table)
    yield _check_references(connection)
    yield _check_counts(connection)
    yield _check_receipts(connection)
    yield _check_law(connection)
    looked, broken = find_breaks(connection)
    yield Check("het toegangslog is een gesloten keten", looked, len(broken), tuple(broken[:5]))


def _database_defects(connection: ReadConnection) -> list[str]:
    """What SQLite finds wrong with its own file; PostgreSQL guards its files itself."""
    if connection.engine.url.get_backend_name() != "sqlite":
        return []
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return [str(line) for line in found if line != "ok"]


def _check_history(connection: ReadConnection, table: sa.Table) -> Iterator[Check]:
    """At every moment at most one version per key, and no version that a run wrote which does not count."""
    rows = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    key = [table.c[name] for name in table.info["key"]]
    order = (table.c.recorded_run_id, sa.func.coalesce(table.c.superseded_run_id, _NEVER))
    following = sa.func.lead(table.c.recorded_run_id).over(partition_by=key, order_by=order)
    versions = sa.select(
        table.c.id, table.c.recorded_run_id, table.c.superseded_run_id, following.label("following")
    ).subquery()
    # A version that its own run superseded was never believed.
    lived = sa.func.coalesce(versions.c.superseded_run_id, _NEVER) > versions.c.recorded_run_id
    overlap = sa.and_(lived, versions.c.following < sa.func.coalesce(versions.c.superseded_run_id, _NEVER))
    backwards = versions.c.superseded_run_id < versions.c.recorded_run_id
    wrong = connection.execute(sa.select(versions.c.id).where(sa.or_(overlap, backwards)).limit(100)).scalars().all()
    yield Check(f"{table.name}: van elke sleutel één geloofde versie", rows, len(wrong), _numbers(wrong))
    counting = sa.select(runs.c.run_id).where(runs.c.status.in_(("gelukt", "ingetrokken")))
    stray = sa.select(table.c.id).where(
        sa.or_(table.c.recorded_run_id.not_in(counting), table.c.superseded_run_id.not_in(counting))
    )
    found = connection.execute(stray.limit(100)).scalars().all()
    yield Check(f"{table.name}: elke versie komt van een run die meetelt", rows, len(found), _numbers(found))


def _numbers(ids: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"rij {number}" for number in ids[:5])


def _check_references(connection: ReadConnection) -> Check:
    """Every foreign key, also on SQLite, where an old file may have been written without them."""
    looked, wrong = 0, []
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            looked += 1
            target = key.column.table.alias("target")
            absent = sa.select(sa.func.count()).where(
                key.parent.is_not(None), ~sa.exists().where(target.c[key.column.name] == key.parent)
            )
            if connection.execute(absent).scalar_one():
                wrong.append(f"{table.name}.{key.parent.name}")
    return Check("verwijzingen tussen tabellen komen uit", looked, len(wrong), tuple(wrong[:5]))


def _check_counts(connection: ReadConnection) -> Check:
    """What a run says that it wrote is what is there."""
    destroyed = destroyed_versions(connection)
    told = connection.execute(
        sa.select(runs.c.run_id, runs.c.tellingen).where(
            runs.c.status.in_(("gelukt", "ingetrokken")), runs.c.tellingen.is_not(None)
        )
    ).all()
    wrong = []
    for run_id, text in told:
        for name, counts in json.loads(text).items():
            table = metadata.tables.get(name)
            if table is None:
                continue
            written = sa.select(sa.func.count()).where(table.c.recorded_run_id == run_id)
            expected = counts["nieuw"] + counts["gewijzigd"] + counts["verdwenen"]
            found = connection.execute(written).scalar_one() + destroyed.get((name, run_id), 0)
            if found != expected:
                wrong.append(f"run {run_id}, {name}: {found} in plaats van {expected}")
    return Check("tellingen van runs kloppen met wat er staat", len(told), len(wrong), tuple(wrong[:5]))


def _check_receipts(connection: ReadConnection) -> Check:
    """The hashes of a kept outcome belong to its facts, rule, law and day (see rules.engine.with_receipts)."""
    query = sa.select(
        signalen.c.bewijs, signalen.c.feiten, signalen.c.feiten_hash, signalen.c.wet_hash, evaluaties.c.regel,
        evaluaties.c.regel_versie, evaluaties.c.peildatum,
    ).join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)  # fmt: skip
    looked, wrong = 0, []
    for part in connection.execution_options(yield_per=_ROWS_PER_CALL).execute(query).partitions():
        for row in part:
            looked += 1
            seed = f"{row.regel}|{row.regel_versie}|{row.wet_hash}|{row.peildatum.isoformat()}|{row.feiten_hash}"
            if _sha(row.feiten) != row.feiten_hash or _sha(seed)[:16] != row.bewijs:
                wrong.append(row.bewijs)
    return Check("bewijsnummers horen bij hun feiten", looked, len(wrong), tuple(wrong[:5]))


def _check_law(connection: ReadConnection) -> Check:
    """The kept law files are those of their hash (see rules.parameters.Law.hash_for)."""
    kept = connection.execute(sa.select(wetten.c.wet_hash, wetten.c.inhoud)).all()
    wrong = []
    for wet_hash, text in kept:
        lines = "".join(f"{path}\0{_sha(content)}\n" for path, content in sorted(json.loads(text).items()))
        if _sha(lines) != wet_hash:
            wrong.append(wet_hash[:12])
    return Check("bewaarde wetsbestanden zijn die van toen", len(kept), len(wrong), tuple(wrong))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
