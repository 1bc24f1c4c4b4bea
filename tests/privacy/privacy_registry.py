"""The registry on which the tests of privacy work."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from registry.crypto import BsnCipher
from registry.demo.run import DATABASE_NAME, KEYS_NAME
from registry.privacy.access import Gebruiker
from registry.store.engine import Store

PEILDATUM = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Registry:
    """A filled registry of SQLite, its keys, and the folder of its files."""

    store: Store
    folder: Path
    cipher: BsnCipher
    user: Gebruiker

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"sqlite:///{self.folder / DATABASE_NAME}"

    @property
    def keys(self) -> Path:
        """Its key file."""
        return self.folder / KEYS_NAME
