"""The questions by which dwellings are found at their addresses, each made once: to make one takes longer than to ask.

Every question joins an adresseerbaar object of any kind to its address, as is believed now and of any day. With what
differs as parameters, a search costs the database's work and not that of composing SQL.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import cache
from typing import Any

import sqlalchemy as sa

from registry.store.history import valid_on
from registry.store.queries.adressen import OBJECT_TABLES
from registry.store.queries.versions import bag_counts
from registry.store.tables import registers


class By(Enum):
    """By what a dwelling is looked for."""

    OBJECT = auto()  # its own ids
    NUMBER = auto()  # ids of nummeraanduidingen
    PAND = auto()  # the id of a pand
    POSTCODE = auto()
    STREET = auto()  # ids of openbare ruimten


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: by what, which values of that, and with which huisnummer (null: any)."""

    by: By
    values: list[str]
    huisnummer: int | None = None


def ask(
    connection: sa.Connection, wanted: Wanted, *, on: date, gebieden: list[str] | None, limit: int, side: bool
) -> sa.CursorResult[Any]:
    """The addresses with their objects: those of now first, then by street and number.

    Args:
        connection: where to read.
        wanted: what is looked for.
        on: today.
        gebieden: only in these areas; None is everywhere.
        limit: no more rows than this.
        side: by nevenadres, else by hoofdadres.
    """
    question = _question(wanted.by, numbered=wanted.huisnummer is not None, limited=gebieden is not None, side=side)
    asked: dict[str, object] = {"day": on, "most": limit}
    if wanted.by is By.PAND:
        [pand] = wanted.values
        asked["only_pand"], asked["one_pand"] = as_kept(pand)
    else:
        asked["values"] = wanted.values
    if wanted.huisnummer is not None:
        asked["huisnummer"] = wanted.huisnummer
    if gebieden is not None:
        asked["gebieden"] = gebieden
    return connection.execute(question, asked)


@cache
def _question(by: By, *, numbered: bool, limited: bool, side: bool) -> sa.Select[Any]:
    parts = [
        _of_table(f"{name}_id", table, by, numbered=numbered, limited=limited, side=side)
        for name, table in OBJECT_TABLES.items()
    ]
    joined = sa.union_all(*parts).subquery()
    order = (joined.c.huidig.desc(), joined.c.straat, joined.c.huisnummer, joined.c.huisletter, joined.c.toevoeging)
    return sa.select(joined).order_by(*order).limit(sa.bindparam("most", type_=sa.Integer))


def _of_table(key: str, table: sa.Table, by: By, *, numbered: bool, limited: bool, side: bool) -> sa.Select[Any]:
    number, street, place = registers.nummeraanduidingen, registers.openbare_ruimten, registers.woonplaatsen
    day = sa.bindparam("day", type_=sa.Date)
    now = sa.and_(valid_on(table, day), valid_on(number, day))
    own_street = street.c.openbare_ruimte_id == number.c.openbare_ruimte_id
    own_place = place.c.woonplaats_id == sa.func.coalesce(number.c.woonplaats_id, street.c.woonplaats_id)
    query = (
        sa.select(
            table.c[key].label("object_id"), table.c.status, number.c.postcode, number.c.huisnummer,
            number.c.huisletter, number.c.huisnummertoevoeging.label("toevoeging"), street.c.naam.label("straat"),
            place.c.naam.label("woonplaats"), sa.case((now, 1), else_=0).label("huidig"),
        )
        .select_from(table)
        .join(number, sa.and_(_denotes(number, table, side=side), counts(number)))
        .outerjoin(street, sa.and_(own_street, counts(street), valid_on(street, day)))
        .outerjoin(place, sa.and_(own_place, counts(place), valid_on(place, day)))
        .where(_counts_of_few(table) if side else counts(table), _looked_for(by, table, table.c[key]))
    )  # fmt: skip
    if numbered:
        query = query.where(number.c.huisnummer == sa.bindparam("huisnummer", type_=sa.BigInteger))
    return query.where(lies_in(table.c[key], sa.bindparam("gebieden", expanding=True), day)) if limited else query


def _looked_for(by: By, table: sa.Table, own: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    number = registers.nummeraanduidingen
    values = sa.bindparam("values", type_=sa.Text, expanding=True)
    match by:
        case By.OBJECT:
            return own.in_(values)
        case By.NUMBER:
            return number.c.nummeraanduiding_id.in_(values)
        case By.POSTCODE:
            return number.c.postcode.in_(values)
        case By.STREET:
            return number.c.openbare_ruimte_id.in_(values)
        case By.PAND:
            if table is not registers.verblijfsobjecten:
                return sa.false()
            return in_pand(sa.bindparam("only_pand", type_=sa.Text), sa.bindparam("one_pand", type_=sa.Text))


def as_kept(pand: str) -> tuple[str, str]:
    """The list of panden (JSON) with this one alone, and a pattern of lists with it among others: for ``in_pand``."""
    return f'["{pand}"]', f'%"{pand}"%'


def in_pand(only: Any, among: Any) -> sa.ColumnElement[bool]:
    """A condition: a verblijfsobject is in a pand (``as_kept``: values or parameters).

    Most objects are in one pand, which an index finds, and few in more.
    """
    panden = registers.verblijfsobjecten.c.pand_ids
    return sa.or_(panden == only, sa.and_(registers.SEVERAL_PANDEN, panden.like(among)))


def lies_in(object_id: sa.ColumnElement[str], gebieden: Any, on: Any) -> sa.ColumnElement[bool]:
    """A condition: the object lies in one of these areas on a day, as is known now."""
    return sa.exists(lying(object_id, gebieden, on))


def lying(object_id: sa.ColumnElement[str], gebieden: Any, on: Any) -> sa.Select[tuple[int]]:
    """The rows that say so; areas and day are values or parameters."""
    table = registers.ligging
    return sa.select(table.c.id).where(
        table.c.adresseerbaar_object_id == object_id,
        table.c.gebied_code.in_(gebieden),
        table.c.superseded_run_id.is_(None),
        valid_on(table, on),
    )


def counts(table: sa.Table) -> sa.ColumnElement[bool]:
    """The voorkomens that are believed now and were not made inactive."""
    return sa.and_(table.c.superseded_run_id.is_(None), bag_counts(table))


def _counts_of_few(table: sa.Table) -> sa.ColumnElement[bool]:
    """The same, where another condition leaves few rows: SQLite would go by this one and look at every row."""
    return sa.and_(sa.func.coalesce(table.c.superseded_run_id, 0) == 0, bag_counts(table))


def _denotes(number: sa.Table, table: sa.Table, *, side: bool) -> sa.ColumnElement[bool]:
    """A condition: an address is the hoofdadres of an object, or one of its nevenadressen, which few objects have."""
    if not side:
        return number.c.nummeraanduiding_id == table.c.hoofdadres_id
    quoted = sa.literal('%"').concat(number.c.nummeraanduiding_id).concat('"%')
    return sa.and_(registers.SIDE_ADDRESSES, sa.type_coerce(table.c.nevenadres_ids, sa.Text).like(quoted))
