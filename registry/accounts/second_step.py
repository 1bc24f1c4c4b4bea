"""The second step of signing in: a code from an app (TOTP, RFC 6238), or a recovery code that works once."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp

from registry.accounts.manage import ACCOUNT_LOCK
from registry.crypto import BsnCipher
from registry.errors import UsageError
from registry.store.engine import Store
from registry.store.queries import accounts as stored

ISSUER = "Woonregister"
_STEP_SECONDS = 30
_RECOVERY_CODES = 10
_SECRET = re.compile(r"[A-Z2-7]{32}")  # 160 bits, as pyotp makes them: what comes back in a form must be one of those
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app needs to give codes for an account."""

    secret: str
    address: str


def new_enrolment(email: str) -> Enrolment:
    """A new secret; it counts once a code of it was given (``confirm``)."""
    return enrolment_of(pyotp.random_base32(), email)


def enrolment_of(secret: str, email: str) -> Enrolment:
    """The same for a secret that was shown before; a new one for what can be none."""
    if not _SECRET.fullmatch(secret):
        return new_enrolment(email)
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def confirm(
    store: Store, cipher: BsnCipher, account_id: int, secret: str, code: str, *, moment: datetime
) -> tuple[str, ...]:
    """Switch the second step on; returns the recovery codes, which are shown once.

    Raises:
        UsageError: the code is not that of this moment.
    """
    step = _matching_step(secret, code, moment) if _SECRET.fullmatch(secret) else None
    if step is None:
        raise UsageError("Deze code klopt niet. Controleer of de klok van uw telefoon goed staat.")
    codes = tuple(_recovery_code() for _ in range(_RECOVERY_CODES))
    hashes = [_hash(account_id, one) for one in codes]
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        row = stored.find_account(connection, account_id=account_id)
        stored.update_account(connection, account_id, totp_secret=cipher.encrypt(secret), totp_used=step)
        stored.replace_recovery_codes(connection, account_id, hashes, moment=moment)
        author = "onbekend" if row is None else row["email"]
        stored.add_event(connection, account_id, "tweede_stap_aan", auteur=author, moment=moment)
    return codes


def check(store: Store, cipher: BsnCipher, account_id: int, code: str, *, moment: datetime) -> bool:
    """Whether a code of the app, or a recovery code, is right; each works once."""
    typed = code.replace(" ", "").replace("-", "").lower()
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        row = stored.find_account(connection, account_id=account_id)
        if row is None or row["totp_secret"] is None:
            return False
        if typed.isdecimal():
            step = _matching_step(cipher.decrypt(row["totp_secret"]), typed, moment)
            return step is not None and stored.use_totp_step(connection, account_id, step)
        used = stored.use_recovery_code(connection, account_id, _hash(account_id, typed), moment=moment)
        if used:
            stored.add_event(connection, account_id, "herstelcode_gebruikt", auteur=row["email"], moment=moment)
        return used


def _matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """The time step whose code this is: that of now, or the one before or after."""
    totp, now = pyotp.TOTP(secret), int(moment.timestamp()) // _STEP_SECONDS
    typed = code.replace(" ", "")
    found = [
        step for step in (now - 1, now, now + 1) if secrets.compare_digest(totp.generate_otp(step), typed)
    ] if typed.isascii() else []  # fmt: skip
    return found[0] if found else None


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(9))
    return f"w{letters[:4]}-{letters[4:]}"


def _hash(account_id: int, code: str) -> str:
    return hashlib.sha256(f"{account_id}:{code.replace('-', '')}".encode()).hexdigest()
