"""Encrypts a BSN (and other text that must not lie open) and makes the keyed hash by which it is found again.

Encryption is AES-256-GCM with a random nonce, so the same BSN never looks the same twice; it says which key made it,
so that a new key can come without touching what is stored. The hash is HMAC-SHA256: without the key it cannot be
guessed by trying all BSNs. When the hash key is replaced, the new key hashes what the old one made: so a pseudonym can
be renewed although nobody knows any more of whom it is, and who has the old key alone can try nothing.

The keys live outside the database; this module knows neither.
"""

import binascii
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.errors import WoonregisterError

_KEY_BYTES = 32
_NONCE_BYTES = 12  # random: safe for 2^32 values per key (NIST SP 800-38D, 8.3), far above one municipality
_VERSION, _VERSION_LATER = 1, 2  # the second: with hash keys that came later


class KeysError(WoonregisterError):
    """The keys are absent, damaged, or not those with which a value was encrypted."""

    code = "sleutels"


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one registry: every encryption key that is still in use, which one is current, the hash keys.

    ``later`` are the hash keys that came after the first, oldest first; each hashes what the one before it made.
    """

    encryption: Mapping[str, bytes] = field(repr=False)
    current: str
    hashing: bytes = field(repr=False)
    later: tuple[bytes, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.encryption:
            raise KeysError("Het sleutelbestand noemt een actuele sleutel die er niet in staat.")
        if any("." in name or not name for name in self.encryption):
            raise KeysError("De naam van een sleutel mag niet leeg zijn en geen punt bevatten.")
        if any(len(key) != _KEY_BYTES for key in (*self.encryption.values(), *self.hash_keys)):
            raise KeysError(
                f"Elke sleutel is {_KEY_BYTES} bytes lang. Herstel het sleutelbestand uit een reservekopie."
            )

    @classmethod
    def from_text(cls, text: str) -> "Keys":
        """The keys as ``to_text`` wrote them.

        Raises:
            KeysError: the text is something else; it is not repeated.
        """
        try:
            content: dict[str, Any] = json.loads(text)
            if content["versie"] not in (_VERSION, _VERSION_LATER):
                raise KeysError("Het sleutelbestand is van een andere versie van Woonregister.")
            named = {name: _from_base64(key) for name, key in content["versleuteling"].items()}
            later = tuple(_from_base64(key) for key in content.get("hash_later", ()))
            return cls(named, content["actueel"], _from_base64(content["hash"]), later)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # No cause: its text could hold a part of a key.
            raise KeysError(
                f"Het sleutelbestand is beschadigd ({type(error).__name__}). Herstel het uit een reservekopie; zonder "
                "deze sleutels zijn de bewaarde BSN's niet meer te lezen."
            ) from None

    def to_text(self) -> str:
        """Text for a key file or a vault."""
        content: dict[str, Any] = {
            "versie": _VERSION_LATER if self.later else _VERSION,
            "actueel": self.current,
            "versleuteling": {name: _to_base64(key) for name, key in self.encryption.items()},
            "hash": _to_base64(self.hashing),
        }
        if self.later:
            content["hash_later"] = [_to_base64(key) for key in self.later]
        return json.dumps(content, indent=2) + "\n"

    @property
    def hash_keys(self) -> tuple[bytes, ...]:
        """Every hash key, oldest first."""
        return (self.hashing, *self.later)

    def with_new_hash_key(self) -> "Keys":
        """The same keys and a hash key more; what is stored counts under it once it was hashed again."""
        return Keys(self.encryption, self.current, self.hashing, (*self.later, secrets.token_bytes(_KEY_BYTES)))

    def without_old_keys(self) -> "Keys":
        """Only the current encryption key; what an older one encrypted can then no longer be read."""
        return Keys({self.current: self.encryption[self.current]}, self.current, self.hashing, self.later)

    def beside(self, earlier: "Keys") -> "Keys":
        """The same keys, and the encryption keys of before that they no longer hold: to read with, never to write."""
        return Keys({**earlier.encryption, **self.encryption}, self.current, self.hashing, self.later)

    def with_new_key(self) -> "Keys":
        """The same keys and a new current one; what older keys encrypted stays readable.

        The hash keys stay: with others no stored person would be recognised.
        """
        name = next(name for n in range(1, len(self.encryption) + 2) if (name := f"k{n}") not in self.encryption)
        return Keys({**self.encryption, name: secrets.token_bytes(_KEY_BYTES)}, name, self.hashing, self.later)


def generate_keys(name: str = "k1") -> Keys:
    """New random keys for a new registry; ``name`` is that of the encryption key."""
    return Keys({name: secrets.token_bytes(_KEY_BYTES)}, name, secrets.token_bytes(_KEY_BYTES))


class BsnCipher:
    """Encrypts, decrypts and hashes with one set of keys; texts go in and texts come out."""

    def __init__(self, keys: Keys, stand: int | None = None) -> None:
        """A cipher.

        Args:
            keys: the secrets.
            stand: how many hash keys the registry counts under; None is all of them.

        Raises:
            KeysError: the registry counts under more hash keys than there are.
        """
        self.stand = len(keys.hash_keys) if stand is None else stand
        if self.stand > len(keys.hash_keys):
            raise KeysError(
                "Het sleutelbestand is ouder dan de registratie: een latere sleutel ontbreekt. Zet het nieuwste "
                "sleutelbestand terug."
            )
        self._ciphers = {name: AESGCM(key) for name, key in keys.encryption.items()}
        self._current = keys.current
        self._hash_keys = keys.hash_keys

    def encrypt(self, text: str) -> str:
        """``<key>.<base64 of nonce and ciphertext>``; different each time."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        name = self._current
        sealed = self._ciphers[name].encrypt(nonce, text.encode(), name.encode())
        return f"{name}.{_to_base64(nonce + sealed)}"

    def decrypt(self, token: str) -> str:
        """The text that ``encrypt`` got.

        Raises:
            KeysError: made with a key that is not there, or changed since.
        """
        name, _, sealed = token.partition(".")
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise KeysError("Dit gegeven is versleuteld met een sleutel die niet in het sleutelbestand staat.")
        try:
            raw = _from_base64(sealed)
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], name.encode()).decode()
        except (InvalidTag, ValueError):
            raise KeysError(
                "Een versleuteld gegeven is niet te lezen: het is gewijzigd, of het sleutelbestand hoort bij een "
                "andere database."
            ) from None

    def hash(self, text: str) -> str:
        """64 hexadecimal digits; the same text gives the same hash, also after a new encryption key."""
        return self.rehash(hmac.digest(self._hash_keys[0], text.encode(), "sha256").hex(), 1)

    def rehash(self, hashed: str, stand: int, to: int | None = None) -> str:
        """A hash made under ``stand`` hash keys, as it is under those in use, or under the first ``to``."""
        for key in self._hash_keys[stand : self.stand if to is None else to]:
            hashed = hmac.digest(key, hashed.encode(), "sha256").hex()
        return hashed

    def hashes(self, text: str) -> list[str]:
        """The hash under the keys in use, then under fewer and more: to look for a person while keys are replaced."""
        first = hmac.digest(self._hash_keys[0], text.encode(), "sha256").hex()
        others = [stand for stand in range(1, len(self._hash_keys) + 1) if stand != self.stand]
        return [self.rehash(first, 1, stand) for stand in (self.stand, *others)]

    def is_current(self, token: str) -> bool:
        """Whether ``encrypt`` would use the key of this token."""
        return token.partition(".")[0] == self._current

    def fingerprint(self) -> str:
        """By which the hash keys in use are recognised; says nothing of them."""
        return self.hash("woonregister sleutelstand")[:16]

    def encrypt_all(self, texts: Iterable[str | None]) -> list[str | None]:
        """``encrypt`` for a column; null stays null."""
        return [None if text is None else self.encrypt(text) for text in texts]

    def decrypt_all(self, tokens: Iterable[str | None]) -> list[str | None]:
        """``decrypt`` for a column; null stays null."""
        return [None if token is None else self.decrypt(token) for token in tokens]

    def hash_all(self, texts: Iterable[str | None]) -> list[str | None]:
        """``hash`` for a column; null stays null."""
        return [None if text is None else self.hash(text) for text in texts]


def _to_base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode("ascii")


def _from_base64(text: str) -> bytes:
    raw = urlsafe_b64decode(text.encode("ascii"))
    # The decoder skips what it does not know and ignores spare bits: only the one spelling counts.
    if urlsafe_b64encode(raw).decode("ascii") != text:
        raise binascii.Error("not canonical")
    return raw
