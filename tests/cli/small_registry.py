"""A small registry on which the tests of the command line let the commands loose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from registry.demo.manifest import Manifest
from registry.intake.run import ImportRequest, run_import
from registry.keys import open_cipher
from registry.store.engine import open_store
from registry.store.tables import metadata

PEILDATUM = date(2026, 11, 1)
KEYS, DATABASE = "woonregister.sleutels", "woonregister.db"
# What is written down of an import that failed is not the registry.
NOT_THE_REGISTRY = ("runs", "run_issues")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answered: exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Cli = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Municipality:
    """Files of a small synthetic municipality."""

    folder: Path
    manifest: Manifest

    def file(self, bron: str) -> Path:
        """The delivery of a source."""
        return self.folder / self.manifest.bestanden[bron]


def fill(url: str, keys: Path, municipality: Municipality, *bronnen: str) -> None:
    """Import the deliveries of sources."""
    store = open_store(url)
    for bron in bronnen:
        leverdatum = None if bron == "bag" else PEILDATUM
        run_import(store, ImportRequest(bron, municipality.file(bron), leverdatum=leverdatum), cipher=open_cipher(keys))
    store.close()


def dump(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the registry, by table."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        rows = {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in NOT_THE_REGISTRY
        }
    engine.dispose()
    return rows
