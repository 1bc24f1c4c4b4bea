"""Backup and restore: what comes back is equal, and what is damaged is refused."""

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from deliveries import Voorkomen, bag, brp, take

from registry.crypto import BsnCipher
from registry.errors import StoreError
from registry.intake.withdraw import withdraw_run
from registry.store import backup as backups
from registry.store.backup import make_backup, read_backup, restore_backup
from registry.store.engine import Store
from registry.store.fingerprint import read_fingerprints

MADE = datetime(2026, 11, 1, 12, tzinfo=UTC)
DWELLINGS = [Voorkomen(0, 1, "2010-01-01", None, 60), Voorkomen(1, 1, "2012-01-01", None, 80)]


def contents(store: Store) -> dict:
    with store.read() as connection:
        return read_fingerprints(connection)


@pytest.fixture
def filled(store: Store, cipher: BsnCipher, tmp_path: Path) -> Store:
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", DWELLINGS))
    take(store, cipher, "brp", brp(tmp_path, {0: (0, "20150808")}), date(2026, 1, 20))
    return store


@pytest.fixture
def saved(filled: Store, tmp_path: Path) -> Path:
    folder = tmp_path / "kopie"
    folder.mkdir()
    make_backup(filled, folder / "kopie.zip", made=MADE, software="1")
    return folder / "kopie.zip"


def test_what_comes_back_is_equal(filled: Store, saved: Path, database_url: str) -> None:
    before = contents(filled)
    withdraw_run(filled, 2)
    assert contents(filled) != before
    filled.close()
    restored = restore_backup(database_url, saved, replace=True)
    assert contents(filled) == before == restored.tabellen
    assert before["runs"].aantal == 2
    assert [file.name for file in saved.parent.iterdir()] == [saved.name]


def test_a_registry_is_not_replaced_by_accident(filled: Store, saved: Path, database_url: str) -> None:
    before = contents(filled)
    with pytest.raises(StoreError, match="--vervang"):
        restore_backup(database_url, saved)
    assert contents(filled) == before


def test_a_backup_is_never_overwritten(filled: Store, saved: Path) -> None:
    with pytest.raises(StoreError, match="bestaat al"):
        make_backup(filled, saved, made=MADE, software="1")


def test_the_keys_are_not_in_it(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        assert len(archive.namelist()) == 2
        held = b"".join(archive.read(name) for name in archive.namelist())
    assert b"999993653" not in held


@pytest.mark.parametrize("damage", ["cut", "other", "changed"])
def test_what_is_damaged_is_refused(filled: Store, saved: Path, database_url: str, damage: str) -> None:
    before = contents(filled)
    if damage == "cut":
        saved.write_bytes(saved.read_bytes()[:-400])
    elif damage == "other":
        saved.write_text("geen zip", encoding="utf-8")
    else:
        with zipfile.ZipFile(saved) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        held["inhoud.json"] = held["inhoud.json"].replace(b'"aantal":2', b'"aantal":3')
        with zipfile.ZipFile(saved, "w") as archive:
            for name, content in held.items():
                archive.writestr(name, content)
    filled.close()
    with pytest.raises(StoreError):
        restore_backup(database_url, saved, replace=True)
    assert contents(filled) == before


def test_without_the_programs_of_postgresql_the_text_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups.shutil, "which", lambda _name: None)
    with pytest.raises(StoreError, match="postgresql-client"):
        backups._program("pg_dump")


def test_a_backup_tells_what_it_holds(saved: Path, filled: Store) -> None:
    assert read_backup(saved).tabellen == contents(filled)
    assert read_backup(saved).gemaakt == "2026-11-01T12:00:00+00:00"
