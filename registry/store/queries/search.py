"""Finds dwellings and owners while somebody waits: point queries on what is known now, no whole table in memory."""

import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from registry.domain.adres import Adresregel, fold_suffix, format_adres
from registry.store.engine import ReadConnection
from registry.store.history import valid_on
from registry.store.queries.adressen import OBJECT_TABLES
from registry.store.queries.versions import bag_counts
from registry.store.tables import registers

MOST = 50
_Condition = Callable[[sa.ColumnElement[str]], sa.ColumnElement[bool]]
_STREETS = 20
_PORTIONS = (0, 2, 7, _STREETS)  # of streets that are asked at once


class Found(NamedTuple):
    """A dwelling that was found, under the address by which it was found."""

    adresseerbaar_object_id: str
    adres: str
    postcode: str | None
    woonplaats: str | None
    status: str
    huidig: bool  # whether the address is that of now
    neven: bool = False  # whether the address is a nevenadres


def find_by_id(connection: ReadConnection, text: str, *, on: date, gebieden: Collection[str] | None) -> list[Found]:
    """The dwelling with this BAG id: its own or that of one of its addresses; or the dwellings of the pand with it."""
    number = registers.nummeraanduidingen
    return (
        _found(connection, lambda own: own == text, on, gebieden)
        or _found(connection, _always(number.c.nummeraanduiding_id == text), on, gebieden, side=True)
        or _found(connection, lambda own: _in_pand(own, text), on, gebieden)
    )


def find_by_adres(
    connection: ReadConnection, readings: Sequence[Adresregel], *, on: date, gebieden: Collection[str] | None
) -> list[Found]:
    """The dwellings at an address as it was typed, now and earlier; a street may be its beginning only.

    With a huisnummer also those that have it as a nevenadres.

    Args:
        connection: where to read.
        readings: what the text may mean (``adres_readings``).
        on: today.
        gebieden: only in these areas; None is everywhere.
    """
    number = registers.nummeraanduidingen.c
    for reading in readings:
        if reading.postcode is not None:
            place = number.postcode == reading.postcode
        elif reading.straat is not None and len(reading.straat) > 1:
            streets = _streets(connection, reading.straat)
            if reading.huisnummer is None:
                return _in_streets(connection, streets, on, gebieden)
            place = number.openbare_ruimte_id.in_(streets)
        else:
            continue
        numbered = reading.huisnummer is not None
        where = sa.and_(place, number.huisnummer == reading.huisnummer) if numbered else place
        if found := _found(connection, _always(where), on, gebieden, suffix=reading.suffix, side=numbered):
            return found
    return []


def _in_streets(
    connection: ReadConnection, streets: Sequence[str], on: date, gebieden: Collection[str] | None
) -> list[Found]:
    """The dwellings of the first streets, until there are enough: of whole streets there may be thousands."""
    found: list[Found] = []
    for first, last in itertools.pairwise(_PORTIONS):
        part = streets[first:last]
        if not part or sum(one.huidig for one in found) >= MOST:
            break
        where = registers.nummeraanduidingen.c.openbare_ruimte_id.in_(part)
        found += _found(connection, _always(where), on, gebieden)
    now_first = sorted(found, key=lambda one: not one.huidig)
    best = {one.adresseerbaar_object_id: one for one in reversed(now_first)}
    return [one for one in now_first if best[one.adresseerbaar_object_id] is one][:MOST]


def current_adressen(connection: ReadConnection, object_ids: Iterable[str], *, on: date) -> dict[str, Found]:
    """The address of each of these dwellings on a day, as far as it has one; for the rows of one page."""
    ids = list(object_ids)
    found = _rows(connection, lambda own: own.in_(ids), limit=10 * len(ids) + 1, on=on) if ids else []
    return {one.adresseerbaar_object_id: one for _, one in reversed(found) if one.huidig}


def is_inside(connection: ReadConnection, object_id: str, gebieden: Collection[str] | None, *, on: date) -> bool:
    """Whether a dwelling lies in one of the areas; None is everywhere."""
    if gebieden is None:
        return True
    return connection.execute(_lying(sa.literal(object_id), gebieden, on).limit(1)).first() is not None


def objects_inside(
    connection: ReadConnection, object_ids: Iterable[str], gebieden: Collection[str] | None, *, on: date
) -> set[str]:
    """Those of these dwellings that lie in one of the areas; None is everywhere."""
    ids = set(object_ids)
    if gebieden is None or not ids:
        return ids
    table = registers.ligging
    query = sa.select(table.c.adresseerbaar_object_id).where(
        table.c.adresseerbaar_object_id.in_(ids),
        table.c.gebied_code.in_(list(gebieden)),
        table.c.superseded_run_id.is_(None),
        valid_on(table, on),
    )
    return set(connection.execute(query).scalars())


def lying_in(object_id: sa.ColumnElement[str], gebieden: Collection[str], on: date) -> sa.ColumnElement[bool]:
    """A condition: the dwelling lies in one of these areas on a day, as is known now."""
    return sa.exists(_lying(object_id, gebieden, on))


def _lying(object_id: sa.ColumnElement[str], gebieden: Collection[str], on: date) -> sa.Select[tuple[int]]:
    table = registers.ligging
    return sa.select(table.c.id).where(
        table.c.adresseerbaar_object_id == object_id,
        table.c.gebied_code.in_(list(gebieden)),
        table.c.superseded_run_id.is_(None),
        valid_on(table, on),
    )


def _streets(connection: ReadConnection, text: str) -> list[str]:
    """The openbare ruimten whose name begins with a text, by name; only those that are named so exactly, if any are."""
    table = registers.openbare_ruimten
    typed = text.lower()
    pattern = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    names = [sa.func.lower(table.c[name]) for name in ("naam", "verkorte_naam")]
    exact = sa.or_(*(name == typed for name in names))
    query = (
        sa.select(table.c.openbare_ruimte_id, sa.func.max(sa.case((exact, 1), else_=0)).label("exact"))
        .where(_counts(table), sa.or_(*(name.like(pattern, escape="\\") for name in names)))
        .group_by(table.c.openbare_ruimte_id)
        .order_by(sa.desc("exact"), sa.func.min(table.c.naam), table.c.openbare_ruimte_id)
        .limit(_STREETS)
    )
    rows = connection.execute(query).all()
    only_exact = [row[0] for row in rows if row[1]]
    return only_exact or [row[0] for row in rows]


def _always(where: sa.ColumnElement[bool]) -> _Condition:
    return lambda _own: where


def _in_pand(own: sa.ColumnElement[str], pand: str) -> sa.ColumnElement[bool]:
    """A condition: the object is in a pand; most are in one, which an index finds, and few in more."""
    table = registers.verblijfsobjecten
    if own is not table.c.verblijfsobject_id:
        return sa.false()
    several = sa.and_(registers.SEVERAL_PANDEN, table.c.pand_ids.like(f'%"{pand}"%'))
    return sa.or_(table.c.pand_ids == f'["{pand}"]', several)


def _found(
    connection: ReadConnection,
    condition: _Condition,
    on: date,
    gebieden: Collection[str] | None,
    *,
    suffix: str | None = None,
    side: bool = False,
) -> list[Found]:
    """Each dwelling once, under its address of now if that is what was found, else an earlier one or a nevenadres."""
    found = _rows(connection, condition, limit=10 * MOST, on=on, gebieden=gebieden)
    if side:
        found += _rows(connection, condition, limit=10 * MOST, on=on, gebieden=gebieden, side=True)
    wanted = None if suffix is None else fold_suffix(suffix)
    best: dict[str, Found] = {}
    for own_suffix, one in found:
        if wanted is None or own_suffix == wanted:
            best.setdefault(one.adresseerbaar_object_id, one)
    return list(best.values())[:MOST]


def _rows(
    connection: ReadConnection,
    condition: _Condition,
    *,
    limit: int,
    on: date,
    gebieden: Collection[str] | None = None,
    side: bool = False,
) -> list[tuple[str, Found]]:
    """Each address with its folded suffix: those of now first, then by street and number."""
    parts = [
        _of_table(f"{name}_id", table, condition, on, gebieden, side=side) for name, table in OBJECT_TABLES.items()
    ]
    joined = sa.union_all(*parts).subquery()
    query = sa.select(joined).order_by(
        joined.c.huidig.desc(), joined.c.straat, joined.c.huisnummer, joined.c.huisletter, joined.c.toevoeging
    )
    found = []
    for row in connection.execute(query.limit(limit)):
        adres = format_adres(row.straat or "(straat onbekend)", row.huisnummer, row.huisletter, row.toevoeging)
        one = Found(row.object_id, adres, row.postcode, row.woonplaats, row.status, bool(row.huidig), side)
        found.append((fold_suffix(row.huisletter, row.toevoeging), one))
    return found


def _of_table(
    key: str, table: sa.Table, condition: _Condition, on: date, gebieden: Collection[str] | None, *, side: bool
) -> sa.Select[tuple[Any, ...]]:
    number, street, place = registers.nummeraanduidingen, registers.openbare_ruimten, registers.woonplaatsen
    now = sa.and_(valid_on(table, on), valid_on(number, on))
    query = (
        sa.select(
            table.c[key].label("object_id"), table.c.status, number.c.postcode, number.c.huisnummer,
            number.c.huisletter, number.c.huisnummertoevoeging.label("toevoeging"), street.c.naam.label("straat"),
            place.c.naam.label("woonplaats"), sa.case((now, 1), else_=0).label("huidig"),
        )
        .select_from(table)
        .join(number, sa.and_(_denotes(number, table, side=side), _counts(number)))
        .outerjoin(
            street,
            sa.and_(street.c.openbare_ruimte_id == number.c.openbare_ruimte_id, _counts(street), valid_on(street, on)),
        )
        .outerjoin(
            place,
            sa.and_(
                place.c.woonplaats_id == sa.func.coalesce(number.c.woonplaats_id, street.c.woonplaats_id),
                _counts(place),
                valid_on(place, on),
            ),
        )
        .where(_counts_of_few(table) if side else _counts(table), condition(table.c[key]))
    )  # fmt: skip
    return query if gebieden is None else query.where(lying_in(table.c[key], gebieden, on))


def _denotes(number: sa.Table, table: sa.Table, *, side: bool) -> sa.ColumnElement[bool]:
    """A condition: an address is the hoofdadres of an object, or one of its nevenadressen, which few objects have."""
    if not side:
        return number.c.nummeraanduiding_id == table.c.hoofdadres_id
    quoted = sa.literal('%"').concat(number.c.nummeraanduiding_id).concat('"%')
    return sa.and_(registers.SIDE_ADDRESSES, sa.type_coerce(table.c.nevenadres_ids, sa.Text).like(quoted))


def _counts(table: sa.Table) -> sa.ColumnElement[bool]:
    """The voorkomens that are believed now and were not made inactive."""
    return sa.and_(table.c.superseded_run_id.is_(None), bag_counts(table))


def _counts_of_few(table: sa.Table) -> sa.ColumnElement[bool]:
    """The same, where another condition leaves few rows: SQLite would go by this one and look at every row."""
    return sa.and_(sa.func.coalesce(table.c.superseded_run_id, 0) == 0, bag_counts(table))


def find_eigenaren(connection: ReadConnection, text: str, *, limit: int = 25) -> list[dict[str, Any]]:
    """Owners by name, RSIN or KvK number: rechthebbende, naam, type, and the dwellings of theirs that are known.

    The rights are those that the last delivery held; when they begin or end is not looked at here.
    """
    table = registers.rechthebbenden
    typed = text.strip().lower()
    pattern = "%" + typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    names = [sa.func.lower(table.c[name]).like(pattern, escape="\\") for name in ("statutaire_naam", "naam")]
    wanted = sa.or_(*names, table.c.rsin == typed, table.c.kvk == typed)
    name = sa.func.coalesce(table.c.statutaire_naam, table.c.naam)
    query = (
        sa.select(table.c.rechthebbende, name.label("naam"), table.c.type)
        .where(table.c.superseded_run_id.is_(None), wanted)
        .order_by(name, table.c.rechthebbende)
        .limit(limit)
    )
    found = [dict(row) for row in connection.execute(query).mappings()]
    owned = _owned(connection, [row["rechthebbende"] for row in found])
    return [row | {"woningen": owned.get(row["rechthebbende"], [])} for row in found]


def _owned(connection: ReadConnection, keys: list[str]) -> dict[str, list[str]]:
    rights, places = registers.tenaamstellingen, registers.kadastrale_adressen
    query = (
        sa.select(rights.c.rechthebbende, places.c.adresseerbaar_object_id)
        .join(places, places.c.kadastraal_object == rights.c.kadastraal_object)
        .where(rights.c.rechthebbende.in_(keys), places.c.adresseerbaar_object_id.is_not(None))
        .where(rights.c.superseded_run_id.is_(None), places.c.superseded_run_id.is_(None))
        .where(rights.c.einde.is_(None), rights.c.gone_since_run_id.is_(None))
        .distinct()
        .order_by(rights.c.rechthebbende, places.c.adresseerbaar_object_id)
    )
    owned: dict[str, list[str]] = {}
    for key, object_id in connection.execute(query):
        owned.setdefault(key, []).append(object_id)
    return owned
