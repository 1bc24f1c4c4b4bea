"""Visits with what belongs to them, as the registry knows them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry import clock
from registry.store.engine import ReadConnection, read_frame
from registry.store.history import known_at
from registry.store.queries.runs import last_run
from registry.store.queries.versions import read_versions
from registry.store.tables.registers import inspecties
from registry.store.tables.runs import runs
from registry.store.tables.visits import bezoekredenen, fotos

_LISTED = (
    "inspectie", "adresseerbaar_object_id", "datum", "tijd", "inspecteur", "resultaat", "soort_bezoek",
    "aantal_personen", "huishoudens", "volgend_bezoek", "volgend_bezoek_vanaf", "ondertekend_op",
)  # fmt: skip
_PHOTO = ("sha256", "media_type", "omvang", "breedte", "hoogte", "omschrijving", "gemaakt_op")


def read_visit(connection: ReadConnection, inspectie: str, *, known: int | None = None) -> dict[str, Any] | None:
    """One visit with every column of its report, and ``fotos``: how many photos it has."""
    known = last_run(connection) if known is None else known
    rows = read_versions(connection, inspecties, known=known, where=inspecties.c.inspectie == inspectie)
    if rows.is_empty():
        return None
    return rows.row(0, named=True) | {"fotos": read_photos(connection, inspectie, known=known).height}


def read_visits(
    connection: ReadConnection,
    *,
    known: int,
    object_id: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> pl.DataFrame:
    """The visits, latest first, without their reports.

    Args:
        connection: where to read.
        known: a run number.
        object_id: only at this object.
        since: first day.
        until: last day, included.
    """
    wanted: list[sa.ColumnElement[bool]] = [sa.true()]
    if object_id is not None:
        wanted.append(inspecties.c.adresseerbaar_object_id == object_id)
    if since is not None:
        wanted.append(inspecties.c.datum >= since)
    if until is not None:
        wanted.append(inspecties.c.datum <= until)
    rows = read_versions(connection, inspecties, _LISTED, known=known, where=sa.and_(*wanted))
    return rows.sort("datum", "tijd", "inspectie", descending=True, nulls_last=True)


@dataclass(frozen=True, slots=True)
class NewestVisit:
    """The latest visit to an object, and when the registry heard what it now says (Dutch local time)."""

    inspectie: str
    recorded_at: datetime | None


def read_newest_visits(connection: ReadConnection, *, known: int) -> dict[str, NewestVisit]:
    """The latest visit to each object that was visited, by date and time."""
    order = (inspecties.c.datum, inspecties.c.tijd, inspecties.c.inspectie)
    query = (
        sa.select(inspecties.c.adresseerbaar_object_id, inspecties.c.inspectie, runs.c.klaar)
        .join(runs, runs.c.run_id == inspecties.c.recorded_run_id)
        .where(known_at(inspecties, known))
        .order_by(order[0], sa.func.coalesce(order[1], ""), order[2])
    )
    newest = {}
    for object_id, inspectie, recorded_at in connection.execute(query):
        newest[object_id] = NewestVisit(inspectie, clock.to_local(recorded_at))
    return newest


def read_reasons(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """For which signals visits were made: inspectie, bewijs, lijst."""
    return read_versions(connection, bezoekredenen, ("inspectie", "bewijs", "lijst"), known=known)


def read_photos(connection: ReadConnection, inspectie: str, *, known: int) -> pl.DataFrame:
    """The photos of a visit without their content, in order of hash."""
    rows = read_versions(connection, fotos, _PHOTO, known=known, where=fotos.c.inspectie == inspectie)
    return rows.sort("sha256")


def read_photo_content(connection: ReadConnection, inspectie: str, sha256: str, *, known: int) -> bytes | None:
    """The image itself."""
    query = sa.select(fotos.c.inhoud).where(
        known_at(fotos, known), fotos.c.inspectie == inspectie, fotos.c.sha256 == sha256
    )
    found = read_frame(connection, query, {"inhoud": pl.Binary()})
    return None if found.is_empty() else bytes(found["inhoud"][0])


def find_visit(connection: ReadConnection, start: str, *, known: int) -> list[str]:
    """The numbers of visits that begin so (a person types the first figures of a long number)."""
    numbers = read_versions(
        connection, inspecties, ("inspectie",), known=known, where=inspecties.c.inspectie.startswith(start)
    )
    return numbers["inspectie"].sort().to_list()
