"""Everything about one person, and everyone whom data about dwellings touches: by pseudonyms, over all tables.

Which column holds a pseudonym is said by the tables themselves (``tables.base.PSEUDONYM``), so that a table that comes
later is found without a word here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, read_frame
from registry.store.history import known_at, valid_on
from registry.store.queries.keys import columns_that_hold
from registry.store.tables.base import PSEUDONYM
from registry.store.tables.privacy import toegang_betrokkenen
from registry.store.tables.registers import (
    bewoning,
    kadastrale_adressen,
    rechthebbenden,
    tenaamstellingen,
)
from registry.store.tables.signals import evaluaties, signalen
from registry.store.types import TextList, frame_type

_PART = 5_000


@dataclass(frozen=True, slots=True)
class RowsAbout:
    """The rows of one table that name a person, and which of its columns hold pseudonyms."""

    tabel: str
    pseudoniemen: tuple[str, ...]
    rijen: list[dict[str, Any]]


def find_keys(connection: ReadConnection, hashes: Sequence[str]) -> dict[str, set[str]]:
    """Under which pseudonyms a person is known, by kind, from the keyed hashes of his BSN.

    Returns:
        ``persoonslijst`` and ``rechthebbende``: his keys in the BRP and the BRK; ``overig``: in other sources, and the
        hashes themselves, by which relations name him.
    """
    found: dict[str, set[str]] = {"persoonslijst": set(), "rechthebbende": set(), "overig": set()}
    for column in columns_that_hold(PSEUDONYM):
        if not column.name.endswith("bsn_hash"):
            continue
        names = {one.name for one in column.table.c if one.info == PSEUDONYM}
        role = column.name.removesuffix("bsn_hash").removesuffix("_")
        owner = role or next(name for name in column.table.info["key"] if name in names)
        rows = connection.execute(sa.select(column.table.c[owner]).where(column.in_(hashes)).distinct()).scalars()
        kind = owner if owner in found else "overig"
        found[kind].update(row for row in rows if row is not None)
    if any(found.values()) or _is_named(connection, hashes):
        found["overig"].update(hashes)
    return found


def _is_named(connection: ReadConnection, hashes: Sequence[str]) -> bool:
    return any(rows.rijen for rows in rows_about(connection, set(hashes)))


def rows_about(connection: ReadConnection, keys: set[str]) -> Iterator[RowsAbout]:
    """Every row of every table that names one of these pseudonyms, by table; the access log is read by itself."""
    tables: dict[str, list[sa.Column[Any]]] = {}
    for column in columns_that_hold(PSEUDONYM):
        if not isinstance(column.type, TextList) and column.table is not toegang_betrokkenen:
            tables.setdefault(column.table.name, []).append(column)
    ordered = sorted(keys)
    for name, columns in tables.items():
        table = columns[0].table
        rows = connection.execute(
            sa.select(table)
            .where(sa.or_(*(column.in_(ordered) for column in columns)))
            .order_by(*table.primary_key.columns)
        )
        yield RowsAbout(name, tuple(column.name for column in columns), [dict(row) for row in rows.mappings()])


def signals_about(connection: ReadConnection, persoonslijsten: Iterable[str], objecten: Iterable[str]) -> pl.DataFrame:
    """The kept outcomes about dwellings where a person lived on the peildatum, and about these objects."""
    names = ("adresseerbaar_object_id", "gemeente", "uitkomst", "urgentie", "periode_van", "periode_tot", "toelichting")
    lived = sa.exists().where(
        bewoning.c.persoonslijst.in_(sorted(persoonslijsten)),
        bewoning.c.adresseerbaar_object_id == signalen.c.adresseerbaar_object_id,
        bewoning.c.superseded_run_id.is_(None),
        valid_on(bewoning, evaluaties.c.peildatum),
    )
    owned = signalen.c.adresseerbaar_object_id.in_(sorted(objecten))
    query = (
        sa.select(evaluaties.c.regel, evaluaties.c.peildatum, *(signalen.c[name] for name in names), signalen.c.bewijs)
        .join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)
        .where(sa.or_(lived, owned))
        .order_by(signalen.c.signaal_id)
    )
    schema = {"regel": pl.String(), "peildatum": pl.Date()} | {
        name: frame_type(signalen.c[name]) for name in (*names, "bewijs")
    }
    return read_frame(connection, query, schema)


def objects_of_owners(connection: ReadConnection, keys: Iterable[str]) -> list[str]:
    """The dwellings in which these rechthebbenden hold or held a right."""
    held = sa.select(tenaamstellingen.c.kadastraal_object).where(tenaamstellingen.c.rechthebbende.in_(sorted(keys)))
    query = sa.select(kadastrale_adressen.c.adresseerbaar_object_id).where(
        kadastrale_adressen.c.kadastraal_object.in_(held), kadastrale_adressen.c.adresseerbaar_object_id.is_not(None)
    )
    return list(connection.execute(query.distinct().order_by(sa.text("1"))).scalars())


def dwellings_of(connection: ReadConnection, persoonslijsten: Iterable[str], eigenaren: Iterable[str]) -> list[str]:
    """The dwellings where a person lives or lived, and those in which he holds or held a right."""
    query = sa.select(bewoning.c.adresseerbaar_object_id).where(bewoning.c.persoonslijst.in_(sorted(persoonslijsten)))
    lived = connection.execute(query.distinct()).scalars()
    return sorted({*lived, *objects_of_owners(connection, eigenaren)})


def persons_of(
    connection: ReadConnection, objecten: Iterable[str] | None, *, known: int, on: date | None
) -> tuple[list[str], list[str]]:
    """Whom data about dwellings touches: the pseudonyms of residents, and of the natural persons with a right.

    Args:
        connection: where to read.
        objecten: the dwellings; None is all of them.
        known: a run number.
        on: residents of this day; None is of every day.
    """
    lives = sa.select(bewoning.c.persoonslijst).distinct().where(known_at(bewoning, known))
    if on is not None:
        lives = lives.where(valid_on(bewoning, on))
    owns = (
        sa.select(tenaamstellingen.c.rechthebbende)
        .distinct()
        .join(rechthebbenden, rechthebbenden.c.rechthebbende == tenaamstellingen.c.rechthebbende)
        .where(
            known_at(tenaamstellingen, known), known_at(rechthebbenden, known), rechthebbenden.c.bsn_hash.is_not(None)
        )
    )
    if objecten is None:
        return sorted(connection.execute(lives).scalars()), sorted(connection.execute(owns).scalars())
    residents, owners = set[str](), set[str]()
    ordered = sorted(set(objecten))
    for start in range(0, len(ordered), _PART):
        part = ordered[start : start + _PART]
        residents.update(connection.execute(lives.where(bewoning.c.adresseerbaar_object_id.in_(part))).scalars())
        lies = sa.select(kadastrale_adressen.c.kadastraal_object).where(
            known_at(kadastrale_adressen, known), kadastrale_adressen.c.adresseerbaar_object_id.in_(part)
        )
        owners.update(connection.execute(owns.where(tenaamstellingen.c.kadastraal_object.in_(lies))).scalars())
    return sorted(residents), sorted(owners)
