"""Accounts, their roles and what was done to them."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection
from registry.store.tables.accounts import (
    account_events,
    account_identities,
    account_preferences,
    account_recovery_codes,
    account_rollen,
    account_tokens,
    accounts,
)

Row = dict[str, Any]


def find_account(connection: ReadConnection, **by: object) -> Row | None:
    """The account with these values (``account_id=`` or ``email=``)."""
    row = connection.execute(sa.select(accounts).filter_by(**by)).mappings().first()
    return None if row is None else dict(row)


def list_accounts(connection: ReadConnection) -> list[Row]:
    """Every account by e-mail address, with ``rollen`` as a list."""
    rows = [dict(row) for row in connection.execute(sa.select(accounts).order_by(accounts.c.email)).mappings()]
    given = read_rollen(connection, [row["account_id"] for row in rows])
    return [row | {"rollen": given.get(row["account_id"], [])} for row in rows]


def insert_account(connection: WriteConnection, *, email: str, naam: str, moment: datetime) -> int:
    """A new account without password or role; returns its number."""
    values = {"email": email, "naam": naam, "password_hash": "", "is_active": True, "created_at": moment}
    new = accounts.insert().values(**values).returning(accounts.c.account_id)
    return int(connection.execute(new).scalar_one())


def update_account(connection: WriteConnection, account_id: int, **values: object) -> None:
    """Change an account; the caller writes down what was done (``add_event``)."""
    connection.execute(accounts.update().where(accounts.c.account_id == account_id).values(**values))


def use_totp_step(connection: WriteConnection, account_id: int, step: int) -> bool:
    """Note that the code of a time step was used; False when it or a later one was used already."""
    unused = sa.or_(accounts.c.totp_used.is_(None), accounts.c.totp_used < step)
    changed = accounts.update().where(accounts.c.account_id == account_id, unused).values(totp_used=step)
    return connection.execute(changed).rowcount == 1


def read_rollen(
    connection: ReadConnection, account_ids: Iterable[int]
) -> dict[int, list[tuple[str, list[str] | None]]]:
    """Per account the roles that it has now, each with its areas (None: everywhere)."""
    table = account_rollen
    query = (
        sa.select(table.c.account_id, table.c.rol, table.c.gebieden)
        .where(table.c.account_id.in_(list(account_ids)), table.c.withdrawn_at.is_(None))
        .order_by(table.c.account_rol_id)
    )
    found: dict[int, list[tuple[str, list[str] | None]]] = {}
    for account_id, rol, gebieden in connection.execute(query):
        found.setdefault(account_id, []).append((rol, None if gebieden is None else json.loads(gebieden)))
    return found


def give_rol(
    connection: WriteConnection,
    account_id: int,
    rol: str,
    *,
    gebieden: Iterable[str] | None,
    auteur: str,
    moment: datetime,
) -> None:
    """Give a role; one that it has already, elsewhere or everywhere, is replaced."""
    withdraw_rol(connection, account_id, rol, auteur=auteur, moment=moment)
    codes = None if gebieden is None else json.dumps(sorted(gebieden))
    values = {"account_id": account_id, "rol": rol, "gebieden": codes, "auteur": auteur, "given_at": moment}
    connection.execute(account_rollen.insert().values(**values))


def withdraw_rol(connection: WriteConnection, account_id: int, rol: str, *, auteur: str, moment: datetime) -> bool:
    """Take a role away; False when the account does not have it."""
    table = account_rollen
    current = (table.c.account_id == account_id, table.c.rol == rol, table.c.withdrawn_at.is_(None))
    changed = table.update().where(*current).values(withdrawn_by=auteur, withdrawn_at=moment)
    return connection.execute(changed).rowcount > 0


def add_event(
    connection: WriteConnection,
    account_id: int | None,
    kind: str,
    *,
    auteur: str,
    moment: datetime,
    detail: str | None = None,
) -> None:
    """Write down what was done to an account, or what it did itself."""
    values = {"account_id": account_id, "kind": kind, "auteur": auteur, "moment": moment, "detail": detail}
    connection.execute(account_events.insert().values(**values))


def list_events(connection: ReadConnection, account_id: int, *, limit: int = 20) -> list[Row]:
    """The last events of an account, newest first."""
    query = sa.select(account_events).where(account_events.c.account_id == account_id)
    rows = connection.execute(query.order_by(account_events.c.event_id.desc()).limit(limit)).mappings()
    return [dict(row) for row in rows]


def insert_token(
    connection: WriteConnection, account_id: int, token_hash: str, kind: str, *, moment: datetime, expires_at: datetime
) -> None:
    """Keep the hash of a token that works once; earlier ones of the account stop working."""
    table = account_tokens
    unused = (table.c.account_id == account_id, table.c.used_at.is_(None))
    connection.execute(table.update().where(*unused).values(used_at=moment))
    values = {"token_hash": token_hash, "account_id": account_id, "kind": kind}
    connection.execute(table.insert().values(**values, created_at=moment, expires_at=expires_at))


def find_token(connection: ReadConnection, token_hash: str, *, moment: datetime) -> Row | None:
    """The token, if it still works."""
    table = account_tokens
    query = sa.select(table).where(
        table.c.token_hash == token_hash, table.c.used_at.is_(None), table.c.expires_at > moment
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def use_token(connection: WriteConnection, token_hash: str, *, moment: datetime) -> bool:
    """Use a token up; False when another request was first, or it no longer works."""
    table = account_tokens
    working = (table.c.token_hash == token_hash, table.c.used_at.is_(None), table.c.expires_at > moment)
    return connection.execute(table.update().where(*working).values(used_at=moment)).rowcount == 1


def replace_recovery_codes(
    connection: WriteConnection, account_id: int, hashes: Iterable[str], *, moment: datetime
) -> None:
    """New recovery codes; earlier ones stop working."""
    table = account_recovery_codes
    unused = (table.c.account_id == account_id, table.c.used_at.is_(None))
    connection.execute(table.update().where(*unused).values(used_at=moment))
    rows = [{"code_hash": code, "account_id": account_id, "created_at": moment} for code in hashes]
    if rows:
        connection.execute(table.insert(), rows)


def use_recovery_code(connection: WriteConnection, account_id: int, code_hash: str, *, moment: datetime) -> bool:
    """Use a recovery code up; False when it does not work."""
    table = account_recovery_codes
    working = (table.c.account_id == account_id, table.c.code_hash == code_hash, table.c.used_at.is_(None))
    return connection.execute(table.update().where(*working).values(used_at=moment)).rowcount == 1


def count_recovery_codes(connection: ReadConnection, account_id: int) -> int:
    """How many recovery codes still work."""
    table = account_recovery_codes
    query = sa.select(sa.func.count()).where(table.c.account_id == account_id, table.c.used_at.is_(None))
    return int(connection.execute(query).scalar_one())


def find_identity(connection: ReadConnection, issuer: str, subject: str) -> int | None:
    """The account that belongs to an identity of a provider."""
    query = sa.select(account_identities.c.account_id).filter_by(issuer=issuer, subject=subject)
    return connection.execute(query).scalar()


def insert_identity(
    connection: WriteConnection, account_id: int, issuer: str, subject: str, *, moment: datetime
) -> None:
    """Bind an identity of a provider to an account."""
    values = {"issuer": issuer, "subject": subject, "account_id": account_id, "created_at": moment}
    connection.execute(account_identities.insert().values(**values))


def read_preference(connection: ReadConnection, account_id: int, name: str) -> str | None:
    """A remembered setting of an account."""
    query = sa.select(account_preferences.c.value).filter_by(account_id=account_id, name=name)
    return connection.execute(query).scalar()


def keep_preference(connection: WriteConnection, account_id: int, name: str, value: str) -> None:
    """Remember a setting of an account."""
    table = account_preferences
    same = (table.c.account_id == account_id, table.c.name == name)
    changed = connection.execute(table.update().where(*same).values(value=value))
    if changed.rowcount == 0:
        connection.execute(table.insert().values(account_id=account_id, name=name, value=value))
