"""Sessions of accounts, and the attempts to sign in that are counted."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection
from registry.store.tables.accounts import account_sessions, accounts, sign_in_attempts

Row = dict[str, Any]


def insert_session(connection: WriteConnection, **values: object) -> int:
    """A new session (columns of ``account_sessions``); returns its number."""
    new = account_sessions.insert().values(**values).returning(account_sessions.c.session_id)
    return int(connection.execute(new).scalar_one())


def find_session(connection: ReadConnection, token_hash: str, *, moment: datetime, idle_since: datetime) -> Row | None:
    """The session of a token with its account, if it still goes on and the account is not blocked.

    Args:
        connection: where to read.
        token_hash: sha256 of the token.
        moment: now.
        idle_since: a session that was not used since then has ended.
    """
    asked = {"token_hash": token_hash, "moment": moment, "idle_since": idle_since}
    row = connection.execute(_session_question(), asked).mappings().first()
    return None if row is None else dict(row)


@cache
def _session_question() -> sa.Select[tuple[Any, ...]]:
    """With the arguments of ``find_session``: every request asks it, and to make it takes longer than to answer it."""
    table = account_sessions
    token_hash, moment = sa.bindparam("token_hash", type_=sa.Text), sa.bindparam("moment", type_=table.c.seen_at.type)
    idle_since = sa.bindparam("idle_since", type_=table.c.seen_at.type)
    return (
        sa.select(
            table.c.session_id, table.c.csrf_token, table.c.stage, table.c.device, table.c.seen_at,
            accounts.c.account_id, accounts.c.email, accounts.c.naam,
            accounts.c.totp_secret.is_not(None).label("has_second_step"),
        )
        .join(accounts, accounts.c.account_id == table.c.account_id)
        .where(table.c.token_hash == token_hash, table.c.ended_at.is_(None), table.c.expires_at > moment)
        .where(sa.or_(table.c.seen_at > idle_since, table.c.stage == "koppeling"), accounts.c.is_active)
    )  # fmt: skip


def touch_session(connection: WriteConnection, session_id: int, *, moment: datetime) -> None:
    """Note that a session was used."""
    table = account_sessions
    connection.execute(table.update().where(table.c.session_id == session_id).values(seen_at=moment))


def end_sessions(
    connection: WriteConnection,
    account_id: int,
    *,
    moment: datetime,
    only: int | None = None,
    keep: int | None = None,
) -> int:
    """End the sessions of an account (``only`` one, or all but ``keep``); returns how many."""
    table = account_sessions
    wanted = [table.c.account_id == account_id, table.c.ended_at.is_(None)]
    if only is not None:
        wanted.append(table.c.session_id == only)
    if keep is not None:
        wanted.append(table.c.session_id != keep)
    return connection.execute(table.update().where(*wanted).values(ended_at=moment)).rowcount


def list_sessions(connection: ReadConnection, account_id: int, *, moment: datetime) -> list[Row]:
    """The sessions of an account that go on, last used first."""
    table = account_sessions
    query = (
        sa.select(table.c.session_id, table.c.stage, table.c.device, table.c.created_at, table.c.seen_at)
        .where(table.c.account_id == account_id, table.c.ended_at.is_(None), table.c.expires_at > moment)
        .order_by(table.c.seen_at.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def count_attempts(connection: ReadConnection, subject_hash: str, *, since: datetime) -> int:
    """How often one sender tried to sign in since a moment."""
    table = sign_in_attempts
    query = sa.select(sa.func.count()).where(table.c.subject_hash == subject_hash, table.c.moment > since)
    return int(connection.execute(query).scalar_one())


def add_attempt(connection: WriteConnection, subject_hash: str, *, moment: datetime, forget: datetime) -> None:
    """Count an attempt, and forget those from before ``forget``."""
    table = sign_in_attempts
    connection.execute(table.delete().where(table.c.moment < forget))
    connection.execute(table.insert().values(subject_hash=subject_hash, moment=moment))
