"""Backup and restore: one zip with the database and what it holds, checked by counts and hashes on both ways.

The keys of burgerservicenummers are not in it: who finds a backup can read no person, and who restores one needs the
keys beside it. SQLite is copied by its own backup function, PostgreSQL by pg_dump and pg_restore, each from one
snapshot. A restore is checked before it replaces anything.
"""

import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from registry.errors import StoreError
from registry.store.backup_postgresql import dump_postgresql, load_postgresql
from registry.store.engine import ReadConnection, Store, open_store, to_json
from registry.store.fingerprint import Fingerprint, read_fingerprints, refuse_difference
from registry.store.tables import metadata
from registry.store.tables.runs import runs

_MANIFEST = "inhoud.json"
_DATA = {"sqlite": "woonregister.db", "postgresql": "woonregister.dump"}
_SPACE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: of which kind of database, when it was made, and what is in it per table."""

    soort: str
    gemaakt: str
    software: str
    tabellen: dict[str, Fingerprint]


def make_backup(store: Store, path: Path, *, made: datetime, software: str) -> Backup:
    """Write the registry to a zip that can be restored; the registry stays in use meanwhile.

    Raises:
        StoreError: the file exists, cannot be written, or the copy is not equal to the registry.
    """
    if path.exists():
        raise StoreError(f"{path} bestaat al. Geef een nieuwe naam: een reservekopie wordt nooit overschreven.")
    soort = store.engine.url.get_backend_name()
    with _working_folder(path) as folder:
        data = folder / _DATA[soort]
        found = _dump_sqlite(store, data) if soort == "sqlite" else dump_postgresql(store, data)
        backup = Backup(soort, made.isoformat(timespec="seconds"), software, found)
        whole = folder / "geheel.zip"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.write(data, data.name)
            archive.writestr(_MANIFEST, to_json(asdict(backup)))
        whole.replace(path)
    return backup


def read_backup(path: Path) -> Backup:
    """What a backup says that it holds.

    Raises:
        StoreError: it is no backup of Woonregister, or it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read(_MANIFEST))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise StoreError(f"{path} is geen (gave) reservekopie van Woonregister.") from error
    tables = {name: Fingerprint(**found) for name, found in told["tabellen"].items()}
    return Backup(told["soort"], told["gemaakt"], told["software"], tables)


def restore_backup(url: str, path: Path, *, replace: bool = False) -> Backup:
    """Put a backup into a database of the same kind, and check that it holds what the backup says.

    Args:
        url: the database; it is made or emptied.
        path: the backup.
        replace: also when the database holds a registry already; that is then gone.

    Raises:
        StoreError: the backup is damaged or of another kind or version, or the database is in use; it is as it was.
    """
    backup = read_backup(path)
    store = open_store(url)
    try:
        if backup.soort != store.engine.url.get_backend_name():
            raise StoreError(f"Deze reservekopie is van {backup.soort} en kan alleen daarin worden teruggezet.")
        if backup.tabellen.keys() != metadata.tables.keys():
            raise StoreError(
                f"Deze reservekopie is van een andere versie van Woonregister ({backup.software}). Zet haar terug met "
                "die versie, en voer daarna met deze 'woonregister migrate' uit."
            )
        if not replace and _is_filled(store):
            raise StoreError(
                "Deze database bevat al een registratie. Zet de reservekopie terug in een lege database, of geef "
                "--vervang om wat er nu is te laten vervallen."
            )
        with _working_folder(path) as folder:
            data = _unpack(path, folder, _DATA[backup.soort])
            if backup.soort == "sqlite":
                _load_sqlite(store, data, backup.tabellen)
            else:
                load_postgresql(store, data, backup.tabellen)
        with store.read() as connection:
            refuse_difference(read_fingerprints(connection), backup.tabellen)
    finally:
        store.close()
    return backup


def _is_filled(store: Store) -> bool:
    with store.read() as connection:
        return connection.execute(sa.select(runs.c.run_id).limit(1)).first() is not None


@contextmanager
def _working_folder(path: Path) -> Iterator[Path]:
    """A folder beside the file, on the same disk; gone afterwards."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".woonregister-", dir=path.absolute().parent))
    except OSError as error:
        raise StoreError(f"In de map {path.parent} kan niet worden geschreven: {error}.") from error
    try:
        yield folder
    except OSError as error:
        raise StoreError(f"{path} is niet te schrijven of te lezen: {error}. Er is niets achtergelaten.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(path: Path, folder: Path, name: str) -> Path:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as packed, (folder / name).open("wb") as plain:
            shutil.copyfileobj(packed, plain, _SPACE)
    except (zipfile.BadZipFile, KeyError) as error:
        raise StoreError(f"{path} is beschadigd: {name} is er niet gaaf uit te halen.") from error
    return folder / name


def _dump_sqlite(store: Store, path: Path) -> dict[str, Fingerprint]:
    """Copy from one snapshot, and read the copy back."""
    with store.read() as connection:
        found = read_fingerprints(connection)
        with _sqlite(path) as copy:
            _driver(connection).backup(copy)
    with _opened(path) as copied, copied.read() as connection:
        refuse_difference(read_fingerprints(connection), found)
    return found


def _load_sqlite(store: Store, path: Path, expected: Mapping[str, Fingerprint]) -> None:
    """Check the copy before it replaces anything."""
    with _opened(path) as copied, copied.read() as connection:
        refuse_difference(read_fingerprints(connection), expected)
        with store.engine.connect() as target:
            _driver(connection).backup(_driver(ReadConnection(target)))


@contextmanager
def _opened(path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{path}")
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    try:
        yield connection
    finally:
        connection.close()


def _driver(connection: ReadConnection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise StoreError("Dit is geen SQLite-database.")
    return driver
