"""What people judged of signals, and the kept outcome that a judgement is about."""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry import clock
from registry.store.engine import ReadConnection, WriteConnection, to_json
from registry.store.tables.signals import evaluaties, signalen
from registry.store.tables.visits import beoordelingen
from registry.store.tables.worklists import worklist_rows
from registry.store.types import frame_type

CASE = ("regel", "zaak_id", "adresseerbaar_object_id")
REVOKED = "herroepen"  # as the last of a case it leaves the case unassessed
BEOORDELINGEN = pl.Schema({column.name: frame_type(column) for column in beoordelingen.columns})


def read_latest_assessments(
    connection: ReadConnection, *, regel: str | None = None, case: tuple[str, str, str] | None = None
) -> pl.DataFrame:
    """The assessment that holds of each case (schema ``BEOORDELINGEN``; ``beoordeeld_op`` in Dutch local time).

    Args:
        connection: where to read.
        regel: only of this rule.
        case: only of this case: regel, zaak_id, adresseerbaar_object_id.
    """
    latest = (
        sa.select(*(beoordelingen.c[name] for name in CASE), sa.func.max(beoordelingen.c.versie).label("versie"))
        .group_by(*(beoordelingen.c[name] for name in CASE))
        .subquery()
    )
    same = [beoordelingen.c[name] == latest.c[name] for name in (*CASE, "versie")]
    query = sa.select(beoordelingen).join(latest, sa.and_(*same))
    return _frame(connection, _of(query, regel, case))


def verdicts_of(
    connection: ReadConnection, object_ids: Collection[str], *, until: datetime | None = None
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The last assessment of each case about these dwellings, in one question; optionally of those made in time.

    Returns:
        Per case (regel, zaak_id, adresseerbaar_object_id): oordeel, auteur, and ``dag``, the Dutch day.
    """
    if not object_ids:
        return {}
    shown = ("oordeel", "auteur", "beoordeeld_op")
    query = (
        sa.select(*(beoordelingen.c[name] for name in (*CASE, *shown)))
        .where(beoordelingen.c.adresseerbaar_object_id.in_(sorted(object_ids)))
        .order_by(beoordelingen.c.versie)
    )
    if until is not None:
        query = query.where(beoordelingen.c.beoordeeld_op < until)
    verdicts: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in connection.execute(query):
        moment = clock.to_local(row.beoordeeld_op)
        case = (row.regel, row.zaak_id, row.adresseerbaar_object_id)
        day = None if moment is None else moment.date()
        verdicts[case] = {"oordeel": row.oordeel, "auteur": row.auteur, "dag": day}
    return verdicts


def read_assessments(
    connection: ReadConnection, *, regel: str | None = None, case: tuple[str, str, str] | None = None
) -> pl.DataFrame:
    """Every assessment, earliest first; arguments and columns as ``read_latest_assessments``."""
    return _frame(connection, _of(sa.select(beoordelingen), regel, case))


def _of(query: sa.Select[Any], regel: str | None, case: tuple[str, str, str] | None) -> sa.Select[Any]:
    if regel is not None:
        query = query.where(beoordelingen.c.regel == regel)
    if case is not None:
        query = query.where(*(beoordelingen.c[name] == value for name, value in zip(CASE, case, strict=True)))
    return query.order_by(beoordelingen.c.beoordeling_id)


def _frame(connection: ReadConnection, query: sa.Select[Any]) -> pl.DataFrame:
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        row["beoordeeld_op"] = clock.to_local(row["beoordeeld_op"])
    return pl.DataFrame(rows, schema=BEOORDELINGEN)


def insert_assessment(connection: WriteConnection, values: Mapping[str, Any]) -> int | None:
    """Add an assessment; its number, or None when another one has this version of the case already."""
    taken = sa.select(beoordelingen.c.beoordeling_id).where(
        *(beoordelingen.c[name] == values[name] for name in (*CASE, "versie"))
    )
    if connection.execute(taken).first() is not None:
        return None
    statement = beoordelingen.insert().values(**values).returning(beoordelingen.c.beoordeling_id)
    return int(connection.execute(statement).scalar_one())


def read_judged_signal(connection: ReadConnection, bewijs: str) -> dict[str, Any] | None:
    """The latest kept outcome with this receipt: the columns of ``signalen`` and of its evaluation.

    A case that was drawn by lot is no kept outcome; the list on which it was placed holds its receipt.
    """
    of_evaluation = (evaluaties.c.regel, evaluaties.c.regel_versie, evaluaties.c.peildatum, evaluaties.c.known_run_id)
    query = (
        sa.select(signalen, *of_evaluation)
        .join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)
        .where(signalen.c.bewijs == bewijs)
        .order_by(signalen.c.signaal_id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return _listed(connection, bewijs)
    found = dict(row)
    found["zaak_id"] = found["overdracht_id"] or found["beding_id"] or ""
    return found


def _listed(connection: ReadConnection, bewijs: str) -> dict[str, Any] | None:
    query = (
        sa.select(worklist_rows.c.zaak_id, worklist_rows.c.adresseerbaar_object_id, worklist_rows.c.receipt)
        .where(worklist_rows.c.bewijs == bewijs)
        .order_by(worklist_rows.c.worklist_row_id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    receipt = json.loads(row["receipt"])
    texts = {name: to_json(receipt[name]) for name in ("feiten", "parameters")}
    kept = ("regel", "regel_versie", "known_run_id", "wet_hash", "feiten_hash", "bewijs", "uitkomst")
    found = {name: receipt[name] for name in kept} | texts | {"peildatum": date.fromisoformat(receipt["peildatum"])}
    return found | {name: row[name] for name in ("zaak_id", "adresseerbaar_object_id")}
