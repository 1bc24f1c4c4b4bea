"""One adresseerbaar object as the BAG and the areas tell of it, in a handful of point queries instead of whole tables.

It says of one object what ``records.read_objecten`` says of all; a test holds them beside each other.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry.domain.adres import format_adres
from registry.store.engine import ReadConnection
from registry.store.history import known_at, valid_on
from registry.store.queries.adressen import OBJECT_TABLES
from registry.store.queries.versions import DAY, KNOWN, bag_counts, bag_versions, read_versions
from registry.store.tables import registers
from rules import facts


def read_object(connection: ReadConnection, object_id: str, *, on: date, known: int) -> pl.DataFrame:
    """An object as it was on a day, one row or none (schema ``facts.ADRESSEERBARE_OBJECTEN``)."""
    life = life_on(read_lives(connection, object_id, known=known), on)
    if life is None:
        return pl.DataFrame(schema=facts.ADRESSEERBARE_OBJECTEN)
    lies = read_areas(connection, object_id, on=on, known=known)
    own = sorted(code for code, soort in lies if soort == "gemeente")
    row = life | {
        "adresseerbaar_object_id": object_id,
        "gemeente": _gemeente(connection, object_id, life["objecttype"], on=on, known=known) or next(iter(own), None),
        "gebieden": sorted({code for code, _ in lies}),
        "in_onderzoek": read_doubts(connection, object_id, on=on, known=known),
    }
    return pl.DataFrame({name: [row[name]] for name in facts.ADRESSEERBARE_OBJECTEN}, facts.ADRESSEERBARE_OBJECTEN)


def read_lives(connection: ReadConnection, object_id: str, *, known: int) -> list[dict[str, Any]]:
    """Every voorkomen of an object.

    Returns:
        objecttype, voorkomen, status, gebruiksdoelen, oppervlakte (m2), valid_from and valid_until of each.
    """
    for objecttype, table in OBJECT_TABLES.items():
        own = ("gebruiksdoelen", "oppervlakte") if objecttype == "verblijfsobject" else ()
        columns = ("voorkomen", "status", "valid_from", "valid_until", *own)
        rows = bag_versions(connection, table, columns, known=known, only=object_id).to_dicts()
        if rows:
            absent: dict[str, Any] = {"objecttype": objecttype, "gebruiksdoelen": [], "oppervlakte": None}
            return [absent | row for row in rows]
    return []


def life_on(lives: Sequence[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The voorkomen of a day; should two overlap, the later one speaks (BAG: order by voorkomenidentificatie)."""
    there = [
        row for row in lives if row["valid_from"] <= day and (row["valid_until"] is None or row["valid_until"] > day)
    ]
    return max(there, key=lambda row: int(row["voorkomen"]), default=None)


def read_areas(connection: ReadConnection, object_id: str, *, on: date, known: int) -> list[tuple[str, str]]:
    """The areas in which an object lies on a day: gebied_code and soort."""
    table = registers.ligging
    own = table.c.adresseerbaar_object_id == object_id
    return read_versions(connection, table, ("gebied_code", "soort"), known=known, on=on, where=own).rows()


def read_doubts(connection: ReadConnection, object_id: str, *, on: date, known: int) -> list[str]:
    """What of an object is being looked into (BAG: in onderzoek) on a day."""
    table = registers.bag_in_onderzoek
    asked = sa.and_(table.c.in_onderzoek, table.c.eind_registratie.is_(None), table.c.object_id == object_id)
    found = read_versions(connection, table, ("kenmerk",), known=known, on=on, where=asked)
    return sorted(set(found["kenmerk"].to_list()))


def find_adres(connection: ReadConnection, object_id: str, *, on: date) -> tuple[str, str] | None:
    """The main address of an object on a day, as it is believed now: the line of it, and postcode with woonplaats."""
    for objecttype in OBJECT_TABLES:
        row = connection.execute(_address_question(objecttype), {"object_id": object_id, "day": on}).first()
        if row is not None:
            line = format_adres(row.straat or "(straat onbekend)", row.huisnummer, row.huisletter, row.toevoeging)
            return line, f"{row.postcode or ''} {row.woonplaats or ''}".strip()
    return None


@cache
def _address_question(objecttype: str) -> sa.Select[tuple[Any, ...]]:
    """With parameters object_id and day; the same joins as a search."""
    table, day = OBJECT_TABLES[objecttype], sa.bindparam("day", type_=sa.Date)
    number, street, place = registers.nummeraanduidingen, registers.openbare_ruimten, registers.woonplaatsen

    def holds(one: sa.Table) -> sa.ColumnElement[bool]:
        return sa.and_(bag_counts(one), one.c.superseded_run_id.is_(None), valid_on(one, day))

    own_place = sa.func.coalesce(number.c.woonplaats_id, street.c.woonplaats_id)
    return (
        sa.select(
            number.c.postcode, number.c.huisnummer, number.c.huisletter,
            number.c.huisnummertoevoeging.label("toevoeging"), street.c.naam.label("straat"),
            place.c.naam.label("woonplaats"),
        )
        .select_from(table)
        .join(number, sa.and_(number.c.nummeraanduiding_id == table.c.hoofdadres_id, holds(number)))
        .outerjoin(street, sa.and_(street.c.openbare_ruimte_id == number.c.openbare_ruimte_id, holds(street)))
        .outerjoin(place, sa.and_(place.c.woonplaats_id == own_place, holds(place)))
        .where(table.c[f"{objecttype}_id"] == sa.bindparam("object_id"), holds(table))
        .order_by(street.c.naam, number.c.huisnummer)
        .limit(1)
    )  # fmt: skip


def _gemeente(connection: ReadConnection, object_id: str, objecttype: str, *, on: date, known: int) -> str | None:
    """The gemeente of the woonplaats of its hoofdadres; that of the nummeraanduiding goes before that of the street."""
    asked = {"object_id": object_id, DAY: on, KNOWN: known}
    found = connection.execute(_gemeente_question(objecttype), asked).scalar()
    return None if found is None else f"GM{found}"


@cache
def _gemeente_question(objecttype: str) -> sa.Select[tuple[str]]:
    """With parameters object_id, ``DAY`` and ``KNOWN``."""
    day, known = sa.bindparam(DAY, type_=sa.Date), sa.bindparam(KNOWN, type_=sa.BigInteger)
    table = OBJECT_TABLES[objecttype]
    number, street, place = registers.nummeraanduidingen, registers.openbare_ruimten, registers.gemeente_woonplaatsen

    def holds(one: sa.Table) -> sa.ColumnElement[bool]:
        return sa.and_(known_at(one, known), valid_on(one, day), bag_counts(one))

    own_place = sa.func.coalesce(number.c.woonplaats_id, street.c.woonplaats_id)
    return (
        sa.select(place.c.gemeente_code)
        .select_from(table)
        .join(number, sa.and_(number.c.nummeraanduiding_id == table.c.hoofdadres_id, holds(number)))
        .outerjoin(street, sa.and_(street.c.openbare_ruimte_id == number.c.openbare_ruimte_id, holds(street)))
        .join(place, place.c.woonplaats_id == own_place)
        .where(table.c[f"{objecttype}_id"] == sa.bindparam("object_id"), holds(table))
        .where(known_at(place, known), valid_on(place, day), place.c.status == "definitief")
        .limit(1)
    )
