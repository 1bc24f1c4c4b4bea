"""Sessions: begun after signing in, always under a new token; ended by time, by their owner or by an administrator."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.accounts.account import Session
from registry.accounts.manage import ACCOUNT_LOCK, hash_token, to_account
from registry.store.engine import Store, WriteConnection
from registry.store.queries import accounts as stored
from registry.store.queries import sessions as kept

LIFETIME = timedelta(hours=10)
IDLE = timedelta(minutes=60)
SECOND_STEP_WITHIN = timedelta(minutes=10)
_TOUCH = timedelta(minutes=5)

FULL, SECOND_STEP, COUPLING = "volledig", "tweede_stap", "koppeling"

ATTEMPTS = 20  # per sender
ATTEMPTS_WITHIN = timedelta(minutes=15)
FAILURES = 5  # per account, one after another
LOCKED_FOR = timedelta(minutes=15)
_FORGET = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that begins; the token goes to the browser and is kept nowhere."""

    token: str
    stage: str


def begin_session(
    connection: WriteConnection, account_id: int, *, stage: str, device: str | None, moment: datetime
) -> NewSession:
    """Begin a session of an account."""
    token = secrets.token_urlsafe(32)
    kept.insert_session(
        connection,
        token_hash=hash_token(token),
        account_id=account_id,
        csrf_token=secrets.token_urlsafe(32),
        stage=stage,
        device=device,
        created_at=moment,
        seen_at=moment,
        expires_at=moment + (LIFETIME if stage == FULL else SECOND_STEP_WITHIN),
    )
    return NewSession(token, stage)


def find_session(store: Store, token: str, *, moment: datetime) -> Session | None:
    """The session of a token, if it goes on; its use is noted once in five minutes."""
    with store.read() as connection:
        row = kept.find_session(connection, hash_token(token), moment=moment, idle_since=moment - IDLE)
        if row is None:
            return None
        rollen = stored.read_rollen(connection, [row["account_id"]]).get(row["account_id"], [])
    seen = _aware(row["seen_at"], moment)
    if moment - seen > _TOUCH:
        with store.write_transaction(ACCOUNT_LOCK) as writer:
            kept.touch_session(writer, row["session_id"], moment=moment)
    return Session(row["session_id"], to_account(row, rollen), row["csrf_token"], row["stage"], row["device"], seen)


def end_session(store: Store, session: Session, *, moment: datetime) -> None:
    """Sign out."""
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        kept.end_sessions(connection, session.account.account_id, moment=moment, only=session.session_id)
        stored.add_event(
            connection, session.account.account_id, "afgemeld", auteur=session.account.email, moment=moment
        )


def too_many_attempts(store: Store, sender: str, *, moment: datetime) -> bool:
    """Count an attempt of a sender (an address on the network), and say whether there were too many."""
    subject = hashlib.sha256(sender.encode()).hexdigest()
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        earlier = kept.count_attempts(connection, subject, since=moment - ATTEMPTS_WITHIN)
        if earlier >= ATTEMPTS:
            return True
        kept.add_attempt(connection, subject, moment=moment, forget=moment - _FORGET)
    return False


def is_locked(row: stored.Row, *, moment: datetime) -> bool:
    """Whether an account is closed for a while after failures."""
    until = row["locked_until"]
    return until is not None and _aware(until, moment) > moment


def note_failure(store: Store, row: stored.Row | None, *, moment: datetime) -> None:
    """Count a failure to sign in; after five in a row the account is closed for a quarter of an hour."""
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        if row is None:
            stored.add_event(connection, None, "aanmelden_mislukt", auteur="onbekend", moment=moment)
            return
        fresh = stored.find_account(connection, account_id=row["account_id"]) or row
        failures = fresh["failures"] + 1
        locked = moment + LOCKED_FOR if failures >= FAILURES else fresh["locked_until"]
        number = row["account_id"]
        stored.update_account(connection, number, failures=0 if failures >= FAILURES else failures, locked_until=locked)
        kind = "tijdelijk_gesloten" if failures >= FAILURES else "aanmelden_mislukt"
        stored.add_event(connection, number, kind, auteur="onbekend", moment=moment)


def complete(
    store: Store, account_id: int, *, stage: str, device: str | None, earlier: Session | None, moment: datetime
) -> NewSession:
    """Begin a session and end the one from before: a token that was known before signing in is worth nothing after."""
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        if earlier is not None:
            kept.end_sessions(connection, earlier.account.account_id, moment=moment, only=earlier.session_id)
        if stage == FULL:
            stored.update_account(connection, account_id, failures=0, locked_until=None)
            row = stored.find_account(connection, account_id=account_id)
            name = "onbekend" if row is None else row["email"]
            stored.add_event(connection, account_id, "aangemeld", auteur=name, moment=moment, detail=device)
        return begin_session(connection, account_id, stage=stage, device=device, moment=moment)


def _aware(moment: datetime, like: datetime) -> datetime:
    """A moment with its time zone: SQLite keeps UTC without saying so."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=like.tzinfo)
