"""Replaces the keys of a registry while it is in use.

First the key file gets the new keys beside the old ones. Then every encrypted text is renewed, some thousand rows per
transaction: both keys can be read all the time. At last every pseudonym is hashed once more, in one transaction, and
the registry notes that it counts under one hash key more: who opens the registry before sees the old pseudonyms and
uses the old keys, who opens it after sees the new ones. An interrupted replacement is finished by starting it again.
"""

from dataclasses import dataclass
from pathlib import Path

from registry import clock
from registry.crypto import BsnCipher, Keys, KeysError
from registry.keys import read_keys, replace_keys
from registry.privacy.access import Access, AccessLog, Gebruiker, Handeling
from registry.store.engine import ReadConnection, Store
from registry.store.queries import keys as stored


@dataclass(frozen=True, slots=True)
class Rotated:
    """What replacing the keys did.

    Attributes:
        teksten: encrypted texts that were renewed.
        pseudoniemen: different pseudonyms that were renewed.
        sleutelstand: how many hash keys count now.
        bewaard: the file with the keys of before, which backups of before need.
    """

    teksten: int
    pseudoniemen: int
    sleutelstand: int
    bewaard: Path


def rotate_keys(store: Store, path: Path, *, gebruiker: Gebruiker, log: AccessLog) -> Rotated:
    """Replace the encryption key and the hash key of a registry.

    Args:
        store: the registry; it stays in use meanwhile.
        path: the key file.
        gebruiker: who does it.
        log: where it is written down.

    Raises:
        KeysError: the keys are not those of this registry, or the file cannot be replaced.
        StoreError: the database failed; start again to go on.
    """
    with store.read() as connection:
        stand, _ = stored.read_sleutelstand(connection)
    keys = read_keys(path, in_use=True)
    kept = path.with_name(f"{path.name}.tot-{stand}")
    if len(keys.hash_keys) == stand:
        BsnCipher(keys, stand)
        keys = keys.with_new_key().with_new_hash_key()
        replace_keys(path, keys, keep=kept)
    cipher = BsnCipher(keys, stand + 1)
    with store.read() as connection:
        _require_own(connection, keys)
    texts = _renew_texts(store, cipher)
    with store.write_transaction() as connection:
        pseudonyms = stored.rehash_all(connection, lambda hashed: cipher.rehash(hashed, stand))
        stored.insert_sleutelstand(
            connection,
            stand=cipher.stand,
            vingerafdruk=cipher.fingerprint(),
            auteur=gebruiker.naam,
            moment=clock.now(),
        )
        log.append(connection, Access(gebruiker, Handeling.BEHEREN, "beheer", toelichting="sleutels vervangen"))
    # What was written between the first pass and the new pseudonyms.
    texts += _renew_texts(store, cipher)
    replace_keys(path, keys.without_old_keys())
    return Rotated(texts, pseudonyms, cipher.stand, kept)


def _require_own(connection: ReadConnection, keys: Keys) -> None:
    stand, expected = stored.read_sleutelstand(connection)
    require_fingerprint(BsnCipher(keys, stand), expected)


def require_fingerprint(cipher: BsnCipher, expected: str | None) -> None:
    """Refuse keys that are not those with which the registry counts.

    Raises:
        KeysError: they are others.
    """
    if expected is not None and cipher.fingerprint() != expected:
        raise KeysError("Deze sleutels horen bij een andere registratie. Zet het juiste sleutelbestand terug.")


def _renew_texts(store: Store, cipher: BsnCipher) -> int:
    """Encrypt again what an older key encrypted, a part per transaction; how many texts."""
    renewed = 0
    for column in stored.encrypted_columns():
        after: int | None = 0
        while after is not None:
            with store.read() as connection:
                stale, following = stored.next_stale(connection, column, cipher.is_current, after=after)
            if stale:
                texts = [(number, token, cipher.encrypt(cipher.decrypt(token))) for number, token in stale]
                with store.write_transaction() as connection:
                    renewed += stored.replace_texts(connection, column, texts)
            after = following
    return renewed
