"""What the page of one dwelling shows: a few rows of each source, asked while somebody waits.

Rules judge by record frames (``records``), which hold all that may decide an outcome; by this nothing is judged.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.history import known_at, valid_on
from registry.store.queries.eigendom import read_overdrachten
from registry.store.queries.rights import restricted_at
from registry.store.queries.vergunningen import read_vergunningen
from registry.store.queries.versions import read_versions
from registry.store.queries.woz import read_woz_waarden
from registry.store.tables import registers
from rules import facts, frames

_OBJECT = "adresseerbaar_object_id"
_NAMED = ("gemeente", "wijk", "buurt", "eigen")  # the kinds of area that a page names


def read_area_names(connection: ReadConnection, object_id: str, *, on: date, known: int) -> list[str]:
    """The areas in which an object lies on a day, by code: as they are called now, else the code."""
    lies, areas = registers.ligging, registers.gebieden
    called = sa.and_(
        areas.c.gebied_code == lies.c.gebied_code, areas.c.superseded_run_id.is_(None), areas.c.soort.in_(_NAMED)
    )
    query = (
        sa.select(lies.c.gebied_code, areas.c.naam)
        .outerjoin(areas, called)
        .where(lies.c[_OBJECT] == object_id, known_at(lies, known), valid_on(lies, on))
        .order_by(lies.c.gebied_code, areas.c.naam)
    )
    return list({row[0]: row[1] or row[0] for row in connection.execute(query)}.values())


def read_residents(
    connection: ReadConnection, object_id: str, *, known: int, on: date | None = None, births: bool = False
) -> list[dict[str, Any]]:
    """The stays in an object: persoon, valid_from (null is unknown), valid_until, zekerheid and in_onderzoek.

    Of somebody whose data may only be kept it is possible, not certain, that he lives there (AVG art. 18 lid 2).

    Args:
        connection: where to read.
        object_id: the adresseerbaar object.
        known: a run number.
        on: only who lived there on this day.
        births: with ``geboortedatum``, for who may see it.
    """
    stays, people = registers.bewoning, registers.persoonslijsten
    columns = [stays.c[name] for name in ("valid_from", "valid_until", "in_onderzoek")]
    sure = sa.case((stays.c.persoonslijst.in_(restricted_at(known)), "mogelijk"), else_=stays.c.zekerheid)
    query = sa.select(stays.c.persoonslijst.label("persoon"), *columns, sure.label("zekerheid"))
    if births:
        theirs = sa.and_(people.c.persoonslijst == stays.c.persoonslijst, known_at(people, known))
        query = query.add_columns(people.c.geboortedatum).outerjoin(people, theirs)
    query = query.where(stays.c[_OBJECT] == object_id, known_at(stays, known))
    if on is not None:
        query = query.where(valid_on(stays, on))
    rows = connection.execute(query.order_by(sa.desc("zekerheid"), stays.c.valid_from, stays.c.persoonslijst))
    return [
        dict(row) | {"valid_from": None if row["valid_from"] == date.min else row["valid_from"]}
        for row in rows.mappings()
    ]


def read_clauses(connection: ReadConnection, object_id: str, *, known: int) -> list[dict[str, Any]]:
    """The clauses about an object: beding, soort, akte, maanden. Whom they bind is not looked up."""
    table = registers.bedingen
    columns = ("beding", "soort", "akte", "maanden")
    return _of(connection, table, columns, object_id, known).sort("beding").to_dicts()


def read_inspections(connection: ReadConnection, object_id: str, *, known: int) -> list[dict[str, Any]]:
    """The inspections of an object (``facts.INSPECTIES``), newest first."""
    found = _of(connection, registers.inspecties, list(facts.INSPECTIES), object_id, known)
    return found.sort("datum", "inspectie", descending=True).to_dicts()


def read_life_frames(connection: ReadConnection, object_id: str, *, peildatum: date, known: int) -> facts.RecordFrames:
    """The record frames of one object that its timeline tells of; the others are left empty.

    Never judge by such frames.
    """
    stays = [
        row | {_OBJECT: object_id, "geboortedatum": None} for row in read_residents(connection, object_id, known=known)
    ]
    clauses = pl.DataFrame(read_clauses(connection, object_id, known=known), schema_overrides={"akte": pl.Date})
    return facts.RecordFrames(
        peildatum=peildatum,
        adresseerbare_objecten=pl.DataFrame(schema=facts.ADRESSEERBARE_OBJECTEN),
        bewoning=pl.DataFrame(stays, schema=facts.BEWONING),
        inspecties=_of(connection, registers.inspecties, list(facts.INSPECTIES), object_id, known),
        vaststellingen=_of(connection, registers.vaststellingen, list(facts.VASTSTELLINGEN), object_id, known),
        overdrachten=read_overdrachten(connection, known=known, only=object_id),
        vergunningen=read_vergunningen(connection, known=known, only=object_id),
        bedingen=clauses if clauses.height else pl.DataFrame(schema=frames.BEDINGEN),
        woz_waarden=read_woz_waarden(connection, known=known, only=object_id),
    )


def _of(
    connection: ReadConnection, table: sa.Table, columns: Sequence[str], object_id: str, known: int
) -> pl.DataFrame:
    return read_versions(connection, table, columns, known=known, where=table.c[_OBJECT] == object_id)
