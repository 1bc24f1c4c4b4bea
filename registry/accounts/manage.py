"""What an administrator does with accounts, from the command line and from the pages alike."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry import clock
from registry.accounts.account import Account, RoleGiven
from registry.accounts.rights import Role
from registry.errors import UsageError
from registry.store.engine import ReadConnection, Store, WriteConnection
from registry.store.queries import accounts as stored
from registry.store.queries.sessions import end_sessions, insert_session

ACCOUNT_LOCK = 7_606_002  # on PostgreSQL accounts do not wait for an import
INVITATION_VALID = timedelta(days=7)
RESET_VALID = timedelta(hours=4)
COUPLING_VALID = timedelta(days=365)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A token with which somebody sets a password, once; only its hash is kept, so it is shown now or never."""

    account_id: int
    email: str
    token: str
    expires_at: datetime


def hash_token(token: str) -> str:
    """The hash under which a token is kept; tokens are random, so a plain hash cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def to_account(row: stored.Row, rollen: Iterable[tuple[str, list[str] | None]]) -> Account:
    """An account from its row (``has_second_step`` or ``totp_secret``) and its roles."""
    given = tuple(RoleGiven(Role(rol), None if codes is None else frozenset(codes)) for rol, codes in rollen)
    second = bool(row.get("has_second_step", row.get("totp_secret") is not None))
    return Account(row["account_id"], row["email"], row["naam"], given, second)


def add_account(
    store: Store, email: str, naam: str, rollen: Iterable[Role], *, gebieden: Iterable[str] | None = None, auteur: str
) -> Invitation:
    """Make an account and an invitation for it.

    Raises:
        UsageError: the address is no e-mail address or is in use, or the name is empty.
    """
    address, moment = _as_email(email), clock.now()
    if not naam.strip():
        raise UsageError("Geef de naam van de gebruiker.")
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        if stored.find_account(connection, email=address) is not None:
            raise UsageError(f"Er is al een account van {address}.")
        number = stored.insert_account(connection, email=address, naam=naam.strip(), moment=moment)
        stored.add_event(connection, number, "gemaakt", auteur=auteur, moment=moment)
        for rol in rollen:
            _give(connection, number, rol, gebieden, auteur=auteur, moment=moment)
        return _new_token(connection, number, address, "invitation", moment)


def new_reset(store: Store, email: str, *, auteur: str) -> Invitation:
    """A token with which the holder of an account sets a new password.

    Raises:
        UsageError: there is no such account.
    """
    moment = clock.now()
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        row = _find(connection, email)
        stored.add_event(connection, row["account_id"], "herstel_gegeven", auteur=auteur, moment=moment)
        return _new_token(connection, row["account_id"], row["email"], "reset", moment)


def set_rol(
    store: Store, email: str, rol: Role, *, gebieden: Iterable[str] | None = None, withdraw: bool = False, auteur: str
) -> None:
    """Give a role, or take it away. Sessions go on with the new rights.

    Raises:
        UsageError: there is no such account, it lacks the role to take away, or it is the last beheerder.
    """
    moment = clock.now()
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        row = _find(connection, email)
        if not withdraw:
            _give(connection, row["account_id"], rol, gebieden, auteur=auteur, moment=moment)
            return
        _keep_a_beheerder(connection, row["account_id"], loses=rol)
        if not stored.withdraw_rol(connection, row["account_id"], rol.value, auteur=auteur, moment=moment):
            raise UsageError(f"{row['email']} heeft de rol {rol.value} niet.")
        stored.add_event(
            connection, row["account_id"], "rol_ingetrokken", auteur=auteur, moment=moment, detail=rol.value
        )


def block(store: Store, email: str, *, auteur: str, undo: bool = False) -> None:
    """Block an account and end its sessions at once, or let it in again.

    Raises:
        UsageError: there is no such account, or it is the last beheerder.
    """
    moment = clock.now()
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        row = _find(connection, email)
        number = row["account_id"]
        if not undo:
            _keep_a_beheerder(connection, number)
            end_sessions(connection, number, moment=moment)
        stored.update_account(connection, number, is_active=undo, failures=0, locked_until=None)
        kind = "vrijgegeven" if undo else "geblokkeerd"
        stored.add_event(connection, number, kind, auteur=auteur, moment=moment)


def drop_second_step(store: Store, email: str, *, auteur: str) -> None:
    """Take away the second step of somebody who lost phone and recovery codes.

    Raises:
        UsageError: there is no such account.
    """
    moment = clock.now()
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        number = _find(connection, email)["account_id"]
        stored.update_account(connection, number, totp_secret=None, totp_used=None)
        stored.replace_recovery_codes(connection, number, [], moment=moment)
        end_sessions(connection, number, moment=moment)
        stored.add_event(connection, number, "tweede_stap_uit", auteur=auteur, moment=moment)


def new_coupling(store: Store, email: str, *, auteur: str) -> str:
    """A token with which another system uses the API as this account, for a year.

    Raises:
        UsageError: there is no such account.
    """
    moment, token = clock.now(), secrets.token_urlsafe(32)
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        number = _find(connection, email)["account_id"]
        insert_session(
            connection,
            token_hash=hash_token(token),
            account_id=number,
            csrf_token=secrets.token_urlsafe(32),
            stage="koppeling",
            device="koppeling",
            created_at=moment,
            seen_at=moment,
            expires_at=moment + COUPLING_VALID,
        )
        stored.add_event(connection, number, "koppeling_gemaakt", auteur=auteur, moment=moment)
    return token


def _as_email(text: str) -> str:
    address = text.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise UsageError("Dat is geen e-mailadres. Voorbeeld: naam@gemeente.nl.")
    return address


def _find(connection: ReadConnection, email: str) -> stored.Row:
    row = stored.find_account(connection, email=email.strip().lower())
    if row is None:
        raise UsageError(f"Er is geen account van {email.strip().lower()}.")
    return row


def _give(
    connection: WriteConnection,
    account_id: int,
    rol: Role,
    gebieden: Iterable[str] | None,
    *,
    auteur: str,
    moment: datetime,
) -> None:
    codes = None if gebieden is None else sorted(gebieden)
    stored.give_rol(connection, account_id, rol.value, gebieden=codes, auteur=auteur, moment=moment)
    detail = json.dumps({"rol": rol.value, "gebieden": codes})
    stored.add_event(connection, account_id, "rol_gegeven", auteur=auteur, moment=moment, detail=detail)


def _new_token(connection: WriteConnection, number: int, email: str, kind: str, moment: datetime) -> Invitation:
    token = secrets.token_urlsafe(32)
    expires = moment + (INVITATION_VALID if kind == "invitation" else RESET_VALID)
    stored.insert_token(connection, number, hash_token(token), kind, moment=moment, expires_at=expires)
    return Invitation(number, email, token, expires)


def _keep_a_beheerder(connection: ReadConnection, account_id: int, *, loses: Role = Role.BEHEERDER) -> None:
    """Refuse what would leave nobody who can manage accounts."""
    others = [
        row
        for row in stored.list_accounts(connection)
        if row["is_active"] and any(rol == Role.BEHEERDER for rol, _ in row["rollen"])
    ]
    if loses == Role.BEHEERDER and [row["account_id"] for row in others] == [account_id]:
        raise UsageError("Dit is de laatste beheerder. Geef eerst iemand anders die rol.")
