"""Finds dwellings and owners while somebody waits: point queries on what is known now, no whole table in memory."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from registry.domain.adres import Adresregel, fold_suffix, format_adres
from registry.store.engine import ReadConnection
from registry.store.history import valid_on
from registry.store.queries.address_questions import By, Wanted, ask, counts, lies_in, lying
from registry.store.tables import registers

MOST = 50
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
    return (
        _found(connection, Wanted(By.OBJECT, [text]), on, gebieden)
        or _found(connection, Wanted(By.NUMBER, [text]), on, gebieden, side=True)
        or _found(connection, Wanted(By.PAND, [text]), on, gebieden)
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
    for reading in readings:
        number = reading.huisnummer
        if reading.postcode is not None:
            wanted = Wanted(By.POSTCODE, [reading.postcode], number)
        elif reading.straat is not None and len(reading.straat) > 1:
            streets = _streets(connection, reading.straat)
            if number is None:
                return _in_streets(connection, streets, on, gebieden)
            wanted = Wanted(By.STREET, streets, number)
        else:
            continue
        if found := _found(connection, wanted, on, gebieden, suffix=reading.suffix, side=number is not None):
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
        found += _found(connection, Wanted(By.STREET, list(part)), on, gebieden)
    return _once(sorted(found, key=lambda one: not one.huidig))


def current_adressen(connection: ReadConnection, object_ids: Iterable[str], *, on: date) -> dict[str, Found]:
    """The address of each of these dwellings on a day, as far as it has one; for the rows of one page."""
    ids = list(object_ids)
    found = _rows(connection, Wanted(By.OBJECT, ids), limit=10 * len(ids) + 1, on=on) if ids else []
    return {one.adresseerbaar_object_id: one for _, one in reversed(found) if one.huidig}


def is_inside(connection: ReadConnection, object_id: str, gebieden: Collection[str] | None, *, on: date) -> bool:
    """Whether a dwelling lies in one of the areas; None is everywhere."""
    if gebieden is None:
        return True
    return connection.execute(lying(sa.literal(object_id), list(gebieden), on).limit(1)).first() is not None


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
    return lies_in(object_id, list(gebieden), on)


def _streets(connection: ReadConnection, text: str) -> list[str]:
    """The openbare ruimten whose name begins with a text, by name; only those that are named so exactly, if any are."""
    table = registers.openbare_ruimten
    typed = text.lower()
    pattern = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    names = [sa.func.lower(table.c[name]) for name in ("naam", "verkorte_naam")]
    exact = sa.or_(*(name == typed for name in names))
    query = (
        sa.select(table.c.openbare_ruimte_id, sa.func.max(sa.case((exact, 1), else_=0)).label("exact"))
        .where(counts(table), sa.or_(*(name.like(pattern, escape="\\") for name in names)))
        .group_by(table.c.openbare_ruimte_id)
        .order_by(sa.desc("exact"), sa.func.min(table.c.naam), table.c.openbare_ruimte_id)
        .limit(_STREETS)
    )
    rows = connection.execute(query).all()
    only_exact = [row[0] for row in rows if row[1]]
    return only_exact or [row[0] for row in rows]


def _found(
    connection: ReadConnection,
    wanted: Wanted,
    on: date,
    gebieden: Collection[str] | None,
    *,
    suffix: str | None = None,
    side: bool = False,
) -> list[Found]:
    """Each dwelling once, under its address of now if that is what was found, else an earlier one or a nevenadres."""
    found = _rows(connection, wanted, limit=10 * MOST, on=on, gebieden=gebieden)
    if side:
        found += _rows(connection, wanted, limit=10 * MOST, on=on, gebieden=gebieden, side=True)
    own = None if suffix is None else fold_suffix(suffix)
    return _once(one for own_suffix, one in found if own is None or own_suffix == own)


def _once(found: Iterable[Found]) -> list[Found]:
    """Each dwelling where it comes first, no more than are shown."""
    best: dict[str, Found] = {}
    for one in found:
        best.setdefault(one.adresseerbaar_object_id, one)
    return list(best.values())[:MOST]


def _rows(
    connection: ReadConnection,
    wanted: Wanted,
    *,
    limit: int,
    on: date,
    gebieden: Collection[str] | None = None,
    side: bool = False,
) -> list[tuple[str, Found]]:
    """Each address with its folded suffix: those of now first, then by street and number."""
    areas = None if gebieden is None else list(gebieden)
    found = []
    for row in ask(connection, wanted, on=on, gebieden=areas, limit=limit, side=side):
        adres = format_adres(row.straat or "(straat onbekend)", row.huisnummer, row.huisletter, row.toevoeging)
        one = Found(row.object_id, adres, row.postcode, row.woonplaats, row.status, bool(row.huidig), side)
        found.append((fold_suffix(row.huisletter, row.toevoeging), one))
    return found


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
