"""What keys touch in the database: which hash keys count, and how everything that was made with old ones is renewed."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection, temporary_table, to_json
from registry.store.tables import metadata
from registry.store.tables.base import ENCRYPTED, PSEUDONYM
from registry.store.tables.ownership import portfolio_besluiten
from registry.store.tables.rights import sleutelstanden
from registry.store.types import TextList

Renew = Callable[[str], str]

_ROWS = 2_000


def read_sleutelstand(connection: ReadConnection) -> tuple[int, str | None]:
    """Under how many hash keys the pseudonyms are made, and by which fingerprint those are recognised (null: any)."""
    newest = sa.select(sleutelstanden.c.sleutelstand, sleutelstanden.c.vingerafdruk)
    row = connection.execute(newest.order_by(sleutelstanden.c.sleutelstand.desc()).limit(1)).first()
    return (1, None) if row is None else (row.sleutelstand, row.vingerafdruk)


def insert_sleutelstand(
    connection: WriteConnection, *, stand: int, vingerafdruk: str, auteur: str, moment: datetime
) -> None:
    """Note under how many hash keys everything is from now on."""
    connection.execute(
        sleutelstanden.insert().values(sleutelstand=stand, vingerafdruk=vingerafdruk, auteur=auteur, tijdstip=moment)
    )


def columns_that_hold(info: dict[str, str]) -> Iterator[sa.Column[Any]]:
    """The columns of which ``info`` says this (``PSEUDONYM`` or ``ENCRYPTED``)."""
    for table in metadata.sorted_tables:
        yield from (column for column in table.c if column.info == info)


def rehash_all(connection: WriteConnection, renew: Renew) -> int:
    """Replace every pseudonym by what ``renew`` makes of it; how many different ones there were.

    The access log keeps the old ones: its chain cannot be changed.
    """
    seen: set[str] = set()
    for column in columns_that_hold(PSEUDONYM):
        old = connection.execute(sa.select(column).where(column.is_not(None)).distinct()).scalars().all()
        seen.update(old)
        listed = isinstance(column.type, TextList)
        _replace(connection, column, {text: _renewed_list(text, renew) if listed else renew(text) for text in old})
    first, second = portfolio_besluiten.c.rechthebbende, portfolio_besluiten.c.andere_rechthebbende
    # The two of a pair stand in order, by which they are found.
    connection.execute(portfolio_besluiten.update().where(first > second).values({first: second, second: first}))
    return len(seen)


def _renewed_list(text: str, renew: Renew) -> str:
    return to_json([renew(one) for one in json.loads(text)])


def _replace(connection: WriteConnection, column: sa.Column[Any], renewed: dict[str, str]) -> None:
    if not renewed:
        return
    names = (sa.Column("old", sa.Text(), primary_key=True), sa.Column("new", sa.Text()))
    pairs = temporary_table(connection, "renewed_keys", names)
    connection.execute(pairs.insert(), [{"old": old, "new": new} for old, new in renewed.items()])
    new = sa.select(pairs.c.new).where(pairs.c.old == column).scalar_subquery()
    connection.execute(column.table.update().values({column.name: new}).where(column.is_not(None)))
    pairs.drop(connection)


def next_stale(
    connection: ReadConnection, column: sa.Column[Any], is_current: Callable[[str], bool], *, after: int
) -> tuple[list[tuple[int, str]], int | None]:
    """Of the next rows after a row number: those whose text was encrypted with an older key, and where to go on.

    A text that is no token at all (a row of a source without persons) is left alone.
    """
    (key,) = column.table.primary_key.columns
    query = sa.select(key, column).where(key > after, column.is_not(None)).order_by(key).limit(_ROWS)
    rows = connection.execute(query).all()
    stale = [(row[0], row[1]) for row in rows if _is_token(row[1]) and not is_current(row[1])]
    return stale, rows[-1][0] if rows else None


def _is_token(text: str) -> bool:
    return not text.startswith(("{", "[")) and "." in text


def replace_texts(connection: WriteConnection, column: sa.Column[Any], texts: list[tuple[int, str, str]]) -> int:
    """Put new texts in the place of old ones (row number, old, new); a row that changed meanwhile stays."""
    (key,) = column.table.primary_key.columns
    statement = column.table.update().where(key == sa.bindparam("row_key"), column == sa.bindparam("old"))
    values = [{"row_key": number, "old": old, "renewed": new} for number, old, new in texts]
    done = connection.execute(statement.values({column.name: sa.bindparam("renewed")}), values)
    return int(done.rowcount)


def encrypted_columns() -> list[sa.Column[Any]]:
    """Every column with encrypted texts."""
    return list(columns_that_hold(ENCRYPTED))
