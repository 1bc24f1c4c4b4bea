"""Tasks: asked for by pages, done by a worker."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection
from registry.store.tables.tasks import taken

WAITS, BUSY, DONE, FAILED = "wacht", "bezig", "klaar", "mislukt"


@dataclass(frozen=True, slots=True)
class Task:
    """One task.

    Attributes:
        taak_id: its number.
        soort: import, toetsing, overdracht or vernietiging.
        opdracht: what must be done.
        status: wacht, bezig, klaar or mislukt.
        pogingen: how often it was begun.
        uitkomst: what it gave.
        fout: why it failed, in Dutch.
        auteur: the account that asked.
        gevraagd_op: when.
        begonnen_op: when it was begun last.
        klaar_op: when it ended.
    """

    taak_id: int
    soort: str
    opdracht: Mapping[str, Any]
    status: str
    pogingen: int
    uitkomst: Mapping[str, Any] | None
    fout: str | None
    auteur: str
    gevraagd_op: datetime
    begonnen_op: datetime | None
    klaar_op: datetime | None


_COLUMNS = tuple(taken.c[name] for name in Task.__dataclass_fields__)


def insert_task(
    connection: WriteConnection, soort: str, opdracht: Mapping[str, Any], *, auteur: str, moment: datetime
) -> int:
    """Ask for a task; its number."""
    new = taken.insert().values(
        soort=soort, opdracht=json.dumps(opdracht), status=WAITS, pogingen=0, auteur=auteur, gevraagd_op=moment
    )
    return int(connection.execute(new.returning(taken.c.taak_id)).scalar_one())


def next_task(connection: ReadConnection) -> Task | None:
    """The oldest task that waits, or that a worker left when it was killed."""
    query = sa.select(*_COLUMNS).where(taken.c.status.in_((WAITS, BUSY))).order_by(taken.c.taak_id).limit(1)
    return _first(connection, query)


def find_task(connection: ReadConnection, taak_id: int) -> Task | None:
    """A task by its number."""
    return _first(connection, sa.select(*_COLUMNS).where(taken.c.taak_id == taak_id))


def open_tasks(connection: ReadConnection) -> tuple[dict[str, int], datetime | None]:
    """How many tasks there are per status, and since when the oldest one that is not done was asked for."""
    counts = sa.select(taken.c.status, sa.func.count()).group_by(taken.c.status)
    found = {status: int(count) for status, count in connection.execute(counts)}
    oldest = sa.select(sa.func.min(taken.c.gevraagd_op)).where(taken.c.status.in_((WAITS, BUSY)))
    since = connection.execute(oldest).scalar()
    # SQLite keeps no zone: what it holds is UTC.
    return found, since if since is None or since.tzinfo else since.replace(tzinfo=UTC)


def list_tasks(connection: ReadConnection, *, limit: int = 50) -> list[Task]:
    """The latest tasks, newest first."""
    query = sa.select(*_COLUMNS).order_by(taken.c.taak_id.desc()).limit(limit)
    return [_task(row) for row in connection.execute(query)]


def latest_task(connection: ReadConnection, soort: str, opdracht: Mapping[str, Any]) -> Task | None:
    """What was asked last of exactly this; None when nobody did."""
    query = sa.select(*_COLUMNS).where(taken.c.soort == soort, taken.c.opdracht == json.dumps(opdracht))
    return _first(connection, query.order_by(taken.c.taak_id.desc()).limit(1))


def begin_task(connection: WriteConnection, taak_id: int, *, moment: datetime) -> None:
    """A worker begins: counted, so that what kills workers is not tried for ever."""
    change = {"status": BUSY, "pogingen": taken.c.pogingen + 1, "begonnen_op": moment}
    connection.execute(taken.update().where(taken.c.taak_id == taak_id).values(change))


def put_back_task(connection: WriteConnection, taak_id: int) -> None:
    """What was begun did not come to an end, by nothing in it: it does not count."""
    connection.execute(taken.update().where(taken.c.taak_id == taak_id).values(pogingen=taken.c.pogingen - 1))


def end_task(
    connection: WriteConnection,
    taak_id: int,
    *,
    moment: datetime,
    uitkomst: Mapping[str, Any] | None = None,
    fout: str | None = None,
) -> None:
    """A task ended: with what it gave, or with why it failed."""
    change = {
        "status": DONE if fout is None else FAILED,
        "klaar_op": moment,
        "uitkomst": None if uitkomst is None else json.dumps(uitkomst),
        "fout": fout,
    }
    connection.execute(taken.update().where(taken.c.taak_id == taak_id).values(change))


def _first(connection: ReadConnection, query: sa.Select[*tuple[Any, ...]]) -> Task | None:
    row = connection.execute(query).first()
    return None if row is None else _task(row)


def _task(row: sa.Row[Any]) -> Task:
    values = row._asdict()
    values["opdracht"] = json.loads(values["opdracht"])
    values["uitkomst"] = None if values["uitkomst"] is None else json.loads(values["uitkomst"])
    return Task(**values)
