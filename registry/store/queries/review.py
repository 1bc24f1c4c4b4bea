"""Rows that wait for a person to say which address is meant, and the decisions that people took."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from importers.issues import Level
from registry.clock import AMSTERDAM
from registry.store.engine import ReadConnection, WriteConnection, read_frame
from registry.store.tables import metadata
from registry.store.tables.review import koppelbesluiten
from registry.store.tables.runs import run_issues, runs

OPEN = pl.Schema(
    {
        "issue_id": pl.Int64(),
        "run_id": pl.Int64(),
        "bron": pl.String(),
        "bestand": pl.String(),
        "leverdatum": pl.Date(),
        "source_file": pl.String(),
        "source_row": pl.Int64(),
        "adresvorm": pl.String(),
        "adres": pl.String(),
        "reden": pl.String(),
        "kandidaten": pl.String(),
        "row": pl.String(),
    }
)
_BESLUIT = (
    "bron", "adresvorm", "adres", "adresseerbaar_object_id", "auteur", "reden", "besloten_op", "recorded_run_id",
)  # fmt: skip


def read_open(connection: ReadConnection, *, bron: str | None = None) -> pl.DataFrame:
    """The set-aside rows whose address is to be decided, oldest first (schema ``OPEN``).

    Left out is what was repaired, what a newer complete delivery or the same file again has replaced, and what a run
    says that does not count.
    """
    later = runs.alias("later")
    counts = sa.and_(later.c.run_id > runs.c.run_id, later.c.bron == runs.c.bron, later.c.status == "gelukt")
    stand = sa.and_(later.c.levering == "stand", later.c.area.is_not_distinct_from(runs.c.area))
    replaced = sa.exists().where(counts, sa.or_(stand, later.c.sha256 == runs.c.sha256))
    query = (
        sa.select(
            run_issues.c.issue_id,
            runs.c.run_id,
            runs.c.bron,
            runs.c.bestand,
            runs.c.leverdatum,
            run_issues.c.source_file,
            run_issues.c.source_row,
            run_issues.c.adresvorm,
            run_issues.c.original,
            run_issues.c.text,
            run_issues.c.kandidaten,
            run_issues.c.row,
        )
        .join(runs, runs.c.run_id == run_issues.c.run_id)
        .where(run_issues.c.level == Level.UITVAL.value, run_issues.c.adresvorm.is_not(None))
        .where(run_issues.c.hersteld_run_id.is_(None), runs.c.status == "gelukt", ~replaced)
        .order_by(run_issues.c.issue_id)
    )
    return read_frame(connection, query if bron is None else query.where(runs.c.bron == bron), OPEN)


def read_besluiten(
    connection: ReadConnection, schema: Mapping[str, pl.DataType], *, bron: str | None = None
) -> pl.DataFrame:
    """The decisions that hold now, oldest first, with Dutch local time (schema ``address_decisions.BESLUITEN``)."""
    query = sa.select(koppelbesluiten.c.id, *(koppelbesluiten.c[name] for name in _BESLUIT))
    query = query.where(koppelbesluiten.c.superseded_run_id.is_(None)).order_by(koppelbesluiten.c.id)
    if bron is not None:
        query = query.where(koppelbesluiten.c.bron == bron)
    moment = {"besloten_op": pl.Datetime("us", "UTC")}
    frame = read_frame(connection, query, dict(schema) | (moment if _aware(connection, query) else {}))
    utc = pl.col("besloten_op").dt.replace_time_zone(None).dt.replace_time_zone("UTC")
    return frame.with_columns(utc.dt.convert_time_zone(str(AMSTERDAM)).dt.replace_time_zone(None))


def _aware(connection: ReadConnection, query: sa.Select[Any]) -> bool:
    """Whether the database gives moments with their time zone (PostgreSQL) or without (SQLite)."""
    first = connection.execute(query.limit(1)).first()
    return first is not None and first.besloten_op.tzinfo is not None


def record_besluit(
    connection: WriteConnection,
    run_id: int,
    *,
    bron: str,
    adresvorm: str,
    adres: str | None,
    adresseerbaar_object_id: str,
    auteur: str,
    reden: str,
    besloten_op: datetime,
) -> int:
    """Write a decision down; one about the same address is superseded. Its number."""
    same = sa.and_(koppelbesluiten.c.bron == bron, koppelbesluiten.c.adresvorm == adresvorm)
    connection.execute(_superseding(run_id).where(same))
    values = {
        "bron": bron,
        "adresvorm": adresvorm,
        "adres": adres,
        "adresseerbaar_object_id": adresseerbaar_object_id,
        "auteur": auteur,
        "reden": reden,
        "besloten_op": besloten_op,
        "recorded_run_id": run_id,
    }
    new = koppelbesluiten.insert().values(values).returning(koppelbesluiten.c.id)
    return int(connection.execute(new).scalar_one())


def supersede_besluit(connection: WriteConnection, besluit_id: int, run_id: int) -> None:
    """Let a decision hold no longer, from a run on."""
    connection.execute(_superseding(run_id).where(koppelbesluiten.c.id == besluit_id))


def _superseding(run_id: int) -> sa.Update:
    current = koppelbesluiten.c.superseded_run_id.is_(None)
    return koppelbesluiten.update().values(superseded_run_id=run_id).where(current)


def supersede_decided_rows(
    connection: WriteConnection,
    run_id: int,
    *,
    bron: str,
    level: str,
    adresseerbaar_object_id: str,
    columns: Mapping[str, pl.DataType],
    which: pl.Expr,
) -> int:
    """Let the rows that a decision linked hold no longer; how many there were.

    Args:
        connection: where to write.
        run_id: the run that says so.
        bron: the source whose rows they are.
        level: the koppelniveau of rows that were linked by a decision.
        adresseerbaar_object_id: the object of the decision.
        columns: the address columns, and their types.
        which: what is true of the rows that are meant, over those columns.
    """
    count = 0
    for table in metadata.sorted_tables:
        if "koppelniveau" not in table.c or not set(columns) <= set(table.c.keys()):
            continue
        query = (
            sa.select(table.c.id, *(table.c[name] for name in columns))
            .join(runs, runs.c.run_id == table.c.recorded_run_id)
            .where(runs.c.bron == bron, table.c.superseded_run_id.is_(None), table.c.koppelniveau == level)
            .where(table.c.adresseerbaar_object_id == adresseerbaar_object_id)
        )
        found = read_frame(connection, query, {"id": pl.Int64()} | dict(columns)).filter(which)["id"].to_list()
        if found:
            connection.execute(table.update().values(superseded_run_id=run_id).where(table.c.id.in_(found)))
        count += len(found)
    return count


def reopen_decided(
    connection: WriteConnection, run_id: int, *, bron: str, adresvorm: str, code: str, new_code: str, text: str
) -> int:
    """Set the rows aside again that a decision linked, under a run: how many.

    Of a row that came in more than once, the last time counts.
    """
    names = ("source_file", "source_row", "original", "row", "kandidaten", "adresvorm")
    last = (
        sa.select(sa.func.max(run_issues.c.issue_id))
        .join(runs, runs.c.run_id == run_issues.c.run_id)
        .where(run_issues.c.code == code, run_issues.c.adresvorm == adresvorm)
        .where(runs.c.bron == bron, runs.c.status == "gelukt")
        .group_by(run_issues.c.source_file, run_issues.c.source_row)
    )
    issues = connection.execute(last).scalars().all()
    wanted = sa.select(
        sa.literal(run_id), sa.literal(Level.UITVAL.value), sa.literal(new_code), sa.literal(text),
        *(run_issues.c[name] for name in names),
    ).where(run_issues.c.issue_id.in_(issues)).order_by(run_issues.c.issue_id)  # fmt: skip
    new = run_issues.insert().from_select(["run_id", "level", "code", "text", *names], wanted)
    connection.execute(new)
    return len(issues)
