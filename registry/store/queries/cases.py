"""Cases and what is in them: rows are added, and what somebody took back is no longer read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection
from registry.store.tables.cases import (
    besluiten,
    stuk_inhouden,
    stukken,
    verbeurten,
    zaak_gebeurtenissen,
    zaak_signalen,
    zaken,
)

Row = dict[str, Any]
_KEYS = {"stukken": stukken.c.stuk_id, "besluiten": besluiten.c.besluit_id, "verbeurten": verbeurten.c.verbeurte_id}


def insert_case(connection: WriteConnection, values: Mapping[str, Any], *, year: int) -> str:
    """Open a case; its reference: ``Z-``, the year, and the first free number of that year."""
    begin = f"Z-{year}-"
    used = connection.execute(sa.select(zaken.c.zaak).where(zaken.c.zaak.startswith(begin, autoescape=True))).scalars()
    number = max((int(text.removeprefix(begin)) for text in used), default=0) + 1
    zaak = f"{begin}{number:04d}"
    connection.execute(zaken.insert().values(zaak=zaak, **values))
    return zaak


def find_case(connection: ReadConnection, zaak: str) -> Row | None:
    """The case with this reference."""
    found = _rows(connection, sa.select(zaken).where(zaken.c.zaak == zaak))
    return found[0] if found else None


def list_cases(connection: ReadConnection) -> list[Row]:
    """Every case, the newest first, with the last thing that happened to the case itself (``stand``, null: open)."""
    events = zaak_gebeurtenissen
    own = sa.and_(events.c.zaak_id == zaken.c.zaak_id, events.c.soort.in_(("gereed gemeld", "gesloten", "heropend")))
    latest = sa.select(events.c.soort).where(own).order_by(events.c.gebeurtenis_id.desc()).limit(1).scalar_subquery()
    return _rows(connection, sa.select(zaken, latest.label("stand")).order_by(zaken.c.zaak_id.desc()))


def insert_signals(connection: WriteConnection, zaak_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put signals (bewijs, adresseerbaar_object_id, auteur, toegevoegd_op) into a case."""
    if rows:
        connection.execute(zaak_signalen.insert(), [{"zaak_id": zaak_id, **row} for row in rows])


def read_case_signals(connection: ReadConnection, zaak_id: int) -> list[Row]:
    """The signals that are in a case now: bewijs, adresseerbaar_object_id, auteur, toegevoegd_op."""
    table, events = zaak_signalen, zaak_gebeurtenissen
    removed = sa.exists().where(
        events.c.zaak_id == table.c.zaak_id,
        events.c.bewijs == table.c.bewijs,
        events.c.soort == "signaal verwijderd",
        events.c.tijdstip >= table.c.toegevoegd_op,
    )
    query = sa.select(table).where(table.c.zaak_id == zaak_id, ~removed)
    return _rows(connection, query.order_by(table.c.toegevoegd_op, table.c.bewijs))


def insert_document(connection: WriteConnection, values: Mapping[str, Any], content: bytes) -> int:
    """Keep a paper and its content (once per hash); its number."""
    sha256 = values["sha256"]
    known = sa.select(stuk_inhouden.c.sha256).where(stuk_inhouden.c.sha256 == sha256)
    if connection.execute(known).first() is None:
        connection.execute(stuk_inhouden.insert().values(sha256=sha256, inhoud=content))
    new = stukken.insert().values(**values).returning(stukken.c.stuk_id)
    return int(connection.execute(new).scalar_one())


def read_documents(connection: ReadConnection, zaak_id: int) -> list[Row]:
    """The papers of a case in the order of their day."""
    return _standing(connection, stukken, zaak_id, stukken.c.datum, stukken.c.stuk_id)


def read_content(connection: ReadConnection, sha256: str) -> bytes | None:
    """The content of a paper."""
    query = sa.select(stuk_inhouden.c.inhoud).where(stuk_inhouden.c.sha256 == sha256)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def insert_decision(connection: WriteConnection, values: Mapping[str, Any], *, nummer: int | None = None) -> Row:
    """Write down a decision: a new one, or (with ``nummer``) the next version of one; its number and version."""
    of_case = besluiten.c.zaak_id == values["zaak_id"]
    if nummer is None:
        found = connection.execute(sa.select(sa.func.max(besluiten.c.nummer)).where(of_case)).scalar()
        nummer, versie = (found or 0) + 1, 1
    else:
        query = sa.select(sa.func.max(besluiten.c.versie)).where(of_case, besluiten.c.nummer == nummer)
        versie = (connection.execute(query).scalar() or 0) + 1
    new = besluiten.insert().values(nummer=nummer, versie=versie, **values).returning(besluiten.c.besluit_id)
    return {"besluit_id": int(connection.execute(new).scalar_one()), "nummer": nummer, "versie": versie}


def read_decisions(connection: ReadConnection, zaak_id: int) -> list[Row]:
    """Every version of every decision of a case that nobody took back, by number and version."""
    return _standing(connection, besluiten, zaak_id, besluiten.c.nummer, besluiten.c.versie)


def read_fines_of(connection: ReadConnection, rechthebbenden: Sequence[str]) -> list[Row]:
    """Every fine that was imposed on these owners, in any case, earliest first; with the reference of its case."""
    query = (
        sa.select(besluiten, zaken.c.zaak)
        .join(zaken, zaken.c.zaak_id == besluiten.c.zaak_id)
        .where(
            besluiten.c.soort == "bestuurlijke boete",
            besluiten.c.rechthebbende.in_(list(rechthebbenden)),
            ~_taken_back(besluiten),
        )
        .order_by(besluiten.c.datum, besluiten.c.besluit_id)
    )
    return _rows(connection, query)


def insert_verbeurte(connection: WriteConnection, values: Mapping[str, Any]) -> int:
    """Write down an amount that became due; its number."""
    new = verbeurten.insert().values(**values).returning(verbeurten.c.verbeurte_id)
    return int(connection.execute(new).scalar_one())


def read_verbeurten(connection: ReadConnection, zaak_id: int) -> list[Row]:
    """The amounts that became due in a case, with the number and version of their decision."""
    query = (
        sa.select(verbeurten, besluiten.c.nummer, besluiten.c.versie, besluiten.c.rechthebbende)
        .join(besluiten, besluiten.c.besluit_id == verbeurten.c.besluit_id)
        .where(besluiten.c.zaak_id == zaak_id, ~_taken_back(verbeurten))
        .order_by(verbeurten.c.verbeurd_op, verbeurten.c.verbeurte_id)
    )
    return _rows(connection, query)


def insert_event(connection: WriteConnection, values: Mapping[str, Any]) -> None:
    """Write down what happened to a case or to something in it."""
    connection.execute(zaak_gebeurtenissen.insert().values(**values))


def read_events(connection: ReadConnection, zaak_id: int) -> list[Row]:
    """What happened to a case, earliest first."""
    table = zaak_gebeurtenissen
    return _rows(connection, sa.select(table).where(table.c.zaak_id == zaak_id).order_by(table.c.gebeurtenis_id))


def _taken_back(table: sa.Table) -> sa.ColumnElement[bool]:
    key = _KEYS[table.name]
    events = zaak_gebeurtenissen
    return sa.exists().where(events.c[key.name] == key, events.c.soort == "teruggenomen")


def _standing(connection: ReadConnection, table: sa.Table, zaak_id: int, *order: sa.ColumnElement[Any]) -> list[Row]:
    query = sa.select(table).where(table.c.zaak_id == zaak_id, ~_taken_back(table)).order_by(*order)
    return _rows(connection, query)


def _rows(connection: ReadConnection, query: sa.Select[*tuple[Any, ...]]) -> list[Row]:
    return [{name: _plain(value) for name, value in row.items()} for row in connection.execute(query).mappings()]


def _plain(value: Any) -> Any:
    """A value as both databases give it: moments in UTC with their time zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date | int | str) or value is None:
        return value
    return str(value)
