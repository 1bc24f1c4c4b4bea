"""The town on which faults are tried, and looking whether a registry is sound."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from old_registry import copy_rows

from registry.crypto import BsnCipher
from registry.demo.manifest import Manifest
from registry.demo.run import DATABASE_NAME, KEYS_NAME
from registry.intake.run import ImportRequest
from registry.keys import open_cipher
from registry.store.engine import open_store
from registry.store.integrity import check_registry

LEVERDATUM = date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class Town:
    """A folder with a filled registry of SQLite, its keys and the files that it was made of."""

    folder: Path
    manifest: Manifest

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / DATABASE_NAME}"

    @property
    def keys(self) -> Path:
        return self.folder / KEYS_NAME

    @property
    def cipher(self) -> BsnCipher:
        return open_cipher(self.keys)

    @property
    def december(self) -> ImportRequest:
        """The import of the BRP of a month later."""
        return ImportRequest("brp", self.folder / "brp-december.csv", leverdatum=LEVERDATUM)

    def file(self, bron: str) -> Path:
        return self.folder / self.manifest.bestanden[bron]

    def copy_to(self, folder: Path) -> str:
        """A copy of the registry and its keys; the address."""
        shutil.copyfile(self.folder / DATABASE_NAME, folder / DATABASE_NAME)
        shutil.copyfile(self.keys, folder / KEYS_NAME)
        (folder / KEYS_NAME).chmod(0o600)
        return f"sqlite:///{folder / DATABASE_NAME}"

    def pour_into(self, url: str) -> None:
        """Fill an empty migrated database with the rows of the registry."""
        copy_rows(url, self.url)


def defects(url: str) -> list[tuple[str, tuple[str, ...]]]:
    """What ``woonregister check`` finds wrong."""
    store = open_store(url)
    try:
        with store.read() as connection:
            return [(check.controle, check.voorbeelden) for check in check_registry(connection) if check.fout]
    finally:
        store.close()
