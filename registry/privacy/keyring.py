"""The keys of a program that goes on running: after a replacement it uses the new ones without a new start.

A replacement (``rotation``) puts another file in the place of the key file, and notes in the registry under how many
hash keys it counts. Both are looked at whenever the cipher is asked for, so that each request and each task works with
what holds at that moment. Encryption keys of before stay in the memory of this program: what a transaction that is
still going on reads may have been encrypted with them.
"""

from pathlib import Path
from threading import Lock

from registry.crypto import BsnCipher, Keys
from registry.keys import open_cipher, read_keys
from registry.privacy.rotation import require_fingerprint
from registry.store.engine import Store
from registry.store.queries.keys import read_sleutelstand
from registry.store.queries.runs import holds_persons

# By which a file is recognised as another one: a replacement is a new file under the old name.
_FileState = tuple[int, int, int]


class Keyring:
    """The keys of one registry, from a vault or from the key file (made only for an empty registry)."""

    def __init__(self, store: Store, path: Path, given: str | None = None, *, production: bool = False) -> None:
        """Open the keys.

        Args:
            store: the registry.
            path: the key file.
            given: the keys themselves, from a vault; then no file is used, and other keys need a new start.
            production: whether real persons are in the registry.

        Raises:
            KeysError: the keys are damaged, lost, too weak, or not those of this registry.
            StoreError: the database cannot be used.
        """
        self._store, self._path, self._given, self._production = store, path, given, production
        self._lock = Lock()
        with store.read() as connection:
            in_use = holds_persons(connection)
            stand, fingerprint = read_sleutelstand(connection)
        # Makes the file when there may be none yet, and refuses what production refuses.
        open_cipher(path, given, in_use=in_use, stand=stand, production=production)
        self._keys, self._seen = self._read(), self._state()
        self._cipher = self._made(self._keys, stand, fingerprint)

    def cipher(self) -> BsnCipher:
        """The cipher that holds now.

        Raises:
            KeysError: the key file is damaged, or no longer that of this registry.
            StoreError: the database cannot be used.
        """
        with self._store.read() as connection:
            stand, fingerprint = read_sleutelstand(connection)
        with self._lock:
            state = self._state()
            # A file that is gone for a moment takes nothing from a program that has read it.
            replaced = state is not None and state != self._seen
            if replaced or stand != self._cipher.stand:
                keys = self._read().beside(self._keys) if state is not None else self._keys
                self._cipher = self._made(keys, stand, fingerprint)
                self._keys, self._seen = keys, state or self._seen
            return self._cipher

    def _read(self) -> Keys:
        return read_keys(self._path, self._given, in_use=True, production=self._production)

    def _state(self) -> _FileState | None:
        if self._given is not None:
            return (0, 0, 0)
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @staticmethod
    def _made(keys: Keys, stand: int, fingerprint: str | None) -> BsnCipher:
        cipher = BsnCipher(keys, stand)
        require_fingerprint(cipher, fingerprint)
        return cipher
