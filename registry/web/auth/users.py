"""The one file that knows fastapi-users: its password checks, over our own tables.

Its database adapter for SQLAlchemy is async only and commits by itself; this one is small and leaves transactions to
the store. Argon2 takes a tenth of a second of a processor, so it runs beside the event loop.
"""

from dataclasses import dataclass, replace
from typing import Any

from fastapi.concurrency import run_in_threadpool
from fastapi.security import OAuth2PasswordRequestForm
from fastapi_users import BaseUserManager, IntegerIDMixin, InvalidPasswordException, exceptions, schemas
from fastapi_users.db import BaseUserDatabase
from fastapi_users.password import PasswordHelper
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK
from registry.errors import UsageError
from registry.store.engine import Store
from registry.store.queries import accounts as stored

PASSWORD_LENGTH = 12
_LONGEST = 200  # a longer one only costs time
_TELLING = 4  # a shorter name stands by chance in many a good password
_COMMON = frozenset(
    {
        *("wachtwoord", "welkom", "password", "qwertyuiop", "qwerty", "gemeente", "woonregister"),
        *("zomer", "winter", "lente", "herfst", "geheim", "administrator"),
    }
)


@dataclass(slots=True)
class User:
    """An account as fastapi-users wants it."""

    id: int
    email: str
    hashed_password: str
    is_active: bool = True
    is_superuser: bool = False
    is_verified: bool = True


class UserDatabase(BaseUserDatabase[User, int]):
    """Finds and changes accounts in our own tables."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, id: int) -> User | None:  # noqa: A002 (the name that fastapi-users gives it)
        """The account with this number."""
        return await run_in_threadpool(self._find, account_id=id)

    async def get_by_email(self, email: str) -> User | None:
        """The account with this address, however it is written."""
        return await run_in_threadpool(self._find, email=email.strip().lower())

    async def update(self, user: User, update_dict: dict[str, Any]) -> User:
        """Change the password; nothing else of an account changes this way."""
        await run_in_threadpool(self._set_password, user, update_dict["hashed_password"])
        return replace(user, hashed_password=update_dict["hashed_password"])

    def _find(self, **by: object) -> User | None:
        with self._store.read() as connection:
            row = stored.find_account(connection, **by)
        return None if row is None else User(row["account_id"], row["email"], row["password_hash"], row["is_active"])

    def _set_password(self, user: User, hashed: str) -> None:
        with self._store.write_transaction(ACCOUNT_LOCK) as connection:
            stored.update_account(connection, user.id, password_hash=hashed)
            stored.add_event(connection, user.id, "wachtwoord_gezet", auteur=user.email, moment=clock.now())


class UserManager(IntegerIDMixin, BaseUserManager[User, int]):
    """Checks and sets passwords."""

    async def authenticate(self, credentials: OAuth2PasswordRequestForm) -> User | None:
        """The account of an address and a password; None when either is wrong, after the same work."""
        user = await self.user_db.get_by_email(credentials.username)
        known = user.hashed_password if user is not None and user.hashed_password else None
        if user is None or known is None or len(credentials.password) > _LONGEST:
            await run_in_threadpool(self.password_helper.hash, credentials.password[:_LONGEST])
            return None
        right, renewed = await run_in_threadpool(self.password_helper.verify_and_update, credentials.password, known)
        if not right:
            return None
        return user if renewed is None else await self.user_db.update(user, {"hashed_password": renewed})

    async def validate_password(self, password: str, user: schemas.BaseUserCreate | User) -> None:
        """Refuse a password that is too short, too long, or easily guessed.

        Raises:
            InvalidPasswordException: with the reason in Dutch.
        """
        if not PASSWORD_LENGTH <= len(password) <= _LONGEST:
            raise InvalidPasswordException(
                f"Kies een wachtwoord van ten minste {PASSWORD_LENGTH} en ten hoogste {_LONGEST} tekens."
            )
        plain = password.lower()
        name = user.email.split("@")[0].lower()
        if len(name) >= _TELLING and name in plain:
            raise InvalidPasswordException("In dit wachtwoord staat uw eigen naam; dat is makkelijk te raden.")
        if plain.strip("0123456789!@#$%. ") in _COMMON or len(set(plain)) < 5:
            raise InvalidPasswordException(
                "Dit wachtwoord is makkelijk te raden. Neem bijvoorbeeld drie woorden die niets met elkaar te maken "
                "hebben."
            )


def open_manager(store: Store) -> UserManager:
    """The manager of one registry."""
    helper = PasswordHelper(PasswordHash((Argon2Hasher(),)))
    return UserManager(UserDatabase(store), helper)


async def verify(manager: UserManager, email: str, password: str) -> int | None:
    """The number of the account of an address and a password, or None."""
    user = await manager.authenticate(OAuth2PasswordRequestForm(username=email, password=password))
    return None if user is None or not user.is_active else user.id


async def set_password(manager: UserManager, account_id: int, password: str) -> None:
    """Set the password of an account.

    Raises:
        UsageError: the password is refused; the text says why.
    """
    try:
        user = await manager.get(account_id)
        await manager.validate_password(password, user)
        hashed = await run_in_threadpool(manager.password_helper.hash, password)
        await manager.user_db.update(user, {"hashed_password": hashed})
    except InvalidPasswordException as error:
        raise UsageError(str(error.reason)) from error
    except exceptions.UserNotExists as error:
        raise UsageError("Dit account bestaat niet meer.") from error
