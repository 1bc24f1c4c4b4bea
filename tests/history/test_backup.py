"""Backup and restore: what comes back is equal, and what is damaged is refused."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from deliveries import Voorkomen, bag, brp, take

from registry.crypto import BsnCipher
from registry.errors import StoreError
from registry.intake.withdraw import withdraw_run
from registry.store import backup_postgresql
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


def repacked(saved: Path, name: str, content: bytes) -> None:
    """The backup with one of its files replaced, as a sound zip."""
    with zipfile.ZipFile(saved) as archive:
        held = {one: archive.read(one) for one in archive.namelist()}
    assert held[name] != content
    with zipfile.ZipFile(saved, "w") as archive:
        for one, old in held.items():
            archive.writestr(one, content if one == name else old)


def packed(saved: Path, name: str) -> bytes:
    with zipfile.ZipFile(saved) as archive:
        return archive.read(name)


def damaged(saved: Path, data: str, other: bytes) -> Iterator[str]:
    """One damage after another to the same backup; each gives its name."""
    sound = saved.read_bytes()
    contents, rows = packed(saved, "inhoud.json"), packed(saved, data)
    saved.write_bytes(sound[:-400])
    yield "the zip is cut off"
    saved.write_text("geen zip", encoding="utf-8")
    yield "it is no zip"
    for name, content, damage in (
        ("inhoud.json", contents.replace(b'"aantal":2', b'"aantal":3'), "another count"),
        ("inhoud.json", contents.replace(b'"runs"', b'"ritten"'), "the tables of another version"),
        (data, other, "sound data that are not those that were counted"),
        (data, rows[: len(rows) * 2 // 3], "the data are cut off"),
        (data, b"", "no data"),
    ):
        saved.write_bytes(sound)
        repacked(saved, name, content)
        yield damage


def test_what_is_damaged_is_refused_and_the_registry_stays(filled: Store, saved: Path, database_url: str) -> None:
    """The registry differs from the backup meanwhile: a restore that was kept would show."""
    data = "woonregister.db" if database_url.startswith("sqlite") else "woonregister.dump"
    withdraw_run(filled, 2)
    other = saved.with_name("andere.zip")
    make_backup(filled, other, made=MADE, software="1")
    before = contents(filled)
    filled.close()
    refused = 0
    for damage in damaged(saved, data, packed(other, data)):
        with pytest.raises(StoreError):
            restore_backup(database_url, saved, replace=True)
        assert contents(filled) == before, damage
        refused += 1
    assert refused == 7
    assert [file.name for file in sorted(saved.parent.iterdir())] == ["andere.zip", "kopie.zip"]


def test_without_the_programs_of_postgresql_the_text_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_postgresql.shutil, "which", lambda _name: None)
    with pytest.raises(StoreError, match="postgresql-client"):
        backup_postgresql.find_program("pg_dump")


def test_a_backup_tells_what_it_holds(saved: Path, filled: Store) -> None:
    assert read_backup(saved).tabellen == contents(filled)
    assert read_backup(saved).gemaakt == "2026-11-01T12:00:00+00:00"
