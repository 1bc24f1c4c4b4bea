"""Keys: none of a demo in production, and replaced without anybody noticing but who has the old ones."""

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from privacy_registry import PEILDATUM, Registry

from registry.crypto import BsnCipher, Keys, KeysError, generate_keys
from registry.errors import SourceRefusedError
from registry.intake.run import ImportRequest, run_import
from registry.keys import DEMO_KEYS, create_keys, open_cipher, read_keys
from registry.privacy import rotation
from registry.privacy.access import AccessLog
from registry.signals.run import run_evaluations
from registry.store.engine import Store, open_store
from registry.store.integrity import check_registry
from registry.store.queries import keys as stored
from registry.store.queries.keys import encrypted_columns, read_sleutelstand
from registry.store.queries.signals import read_signals
from registry.store.tables import metadata
from registry.store.tables.base import PSEUDONYM
from registry.store.tables.registers import persoonslijsten
from rules.catalogue import find_rule
from rules.parameters import shipped_law

HASH = re.compile(r"[0-9a-f]{64}")


def hashes_in(store: Store) -> set[tuple[str, str]]:
    """Every 64 hexadecimal digits in the database, with the column where they stand."""
    found = set()
    with store.read() as connection:
        for column in (column for table in metadata.sorted_tables for column in table.c):
            for value in connection.execute(sa.select(column).where(column.is_not(None)).distinct()).scalars():
                found |= {(str(column), one) for one in HASH.findall(str(value))}
    return found


def rotate(registry: Registry) -> rotation.Rotated:
    return rotation.rotate_keys(registry.store, registry.keys, gebruiker=registry.user, log=AccessLog(registry.store))


def bsns(store: Store, cipher: BsnCipher) -> dict[str, str]:
    """Every BSN in the registry, by the hash under which it is found."""
    with store.read() as connection:
        rows = connection.execute(sa.select(persoonslijsten.c.bsn_hash, persoonslijsten.c.bsn_versleuteld)).all()
    return {row[0]: cipher.decrypt(row[1]) for row in rows}


def evaluate(store: Store) -> list[tuple[Any, ...]]:
    rules = [find_rule("overbewoning"), find_rule("opkoopbescherming")]
    results = run_evaluations(store, rules, shipped_law(), peildatum=PEILDATUM)
    with store.read() as connection:
        return [row for one in results for row in read_signals(connection, one.evaluatie_id).rows()]


def test_replacing_the_keys_leaves_nothing_of_the_old_ones(registry: Registry) -> None:
    before = hashes_in(registry.store)
    known = bsns(registry.store, registry.cipher)
    outcomes = evaluate(registry.store)
    done = rotate(registry)
    assert done.sleutelstand == 2
    assert done.teksten > 300
    renewed = open_cipher(registry.keys, stand=2)
    pseudonyms = {one for where, one in before if where in {str(c) for c in stored.columns_that_hold(PSEUDONYM)}}
    assert len(pseudonyms) > 500
    assert done.pseudoniemen >= 500
    after = {one for _, one in hashes_in(registry.store)}
    assert pseudonyms & after == set()
    assert {renewed.rehash(one, 1) for one in pseudonyms} <= after
    # What was no pseudonym is as it was.
    assert {one for _, one in before} - pseudonyms <= after
    assert set(bsns(registry.store, renewed).values()) == set(known.values())
    for number in known.values():
        assert renewed.hash(number) == renewed.hashes(number)[0]
    with registry.store.read() as connection:
        for column in encrypted_columns():
            tokens = connection.execute(sa.select(column).where(column.is_not(None))).scalars().all()
            assert [t for t in tokens if not t.startswith("{") and not renewed.is_current(t)] == []
        assert [check for check in check_registry(connection) if check.fout] == []
    assert evaluate(registry.store) == outcomes


def test_the_old_keys_read_nothing_of_what_was_renewed(registry: Registry) -> None:
    done = rotate(registry)
    assert read_keys(done.bewaard) != read_keys(registry.keys)
    assert len(read_keys(registry.keys).encryption) == 1
    with registry.store.read() as connection:
        token = connection.execute(sa.select(persoonslijsten.c.bsn_versleuteld)).scalars().first()
    with pytest.raises(KeysError):
        BsnCipher(read_keys(done.bewaard)).decrypt(token or "")
    for path in (registry.keys, done.bewaard):
        assert path.stat().st_mode & 0o077 == 0


def test_an_import_with_the_old_keys_is_refused_and_with_the_new_ones_changes_nothing(registry: Registry) -> None:
    rotate(registry)
    request = ImportRequest("brp", registry.folder / "brp.csv", leverdatum=PEILDATUM)
    with pytest.raises(SourceRefusedError, match="sleutels vervangen"):
        run_import(registry.store, request, cipher=registry.cipher)
    result = run_import(registry.store, request, cipher=open_cipher(registry.keys, stand=2))
    assert (result.counts.nieuw, result.counts.gewijzigd, result.counts.verdwenen) == (0, 0, 0)
    assert result.counts.ongewijzigd > 500


@pytest.mark.parametrize("step", ["_renew_texts", "insert"])
def test_an_interrupted_replacement_is_finished_by_the_next(
    step: str, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = set(bsns(registry.store, registry.cipher).values())

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("stroom weg")

    with monkeypatch.context() as patch:
        patch.setattr(*((rotation, step) if step == "_renew_texts" else (stored, "insert_sleutelstand")), fail)
        with pytest.raises(RuntimeError, match="stroom weg"):
            rotate(registry)
    with registry.store.read() as connection:
        stand, _ = read_sleutelstand(connection)
    between = open_cipher(registry.keys, stand=stand)
    assert set(bsns(registry.store, between).values()) == known
    assert all(hashed == between.hash(number) for hashed, number in bsns(registry.store, between).items())
    assert rotate(registry).sleutelstand == 2
    after = open_cipher(registry.keys, stand=2)
    assert all(hashed == after.hash(number) for hashed, number in bsns(registry.store, after).items())
    assert rotate(registry).sleutelstand == 3


def test_a_backup_of_before_is_read_with_the_keys_of_before_and_after(registry: Registry) -> None:
    """A restored backup counts under fewer hash keys: its pseudonyms are found again with the new key file."""
    number = next(iter(bsns(registry.store, registry.cipher).values()))
    old = registry.cipher.hash(number)
    rotate(registry)
    assert open_cipher(registry.keys, stand=1).hash(number) == old
    with pytest.raises(KeysError, match="ouder dan de registratie"):
        open_cipher(registry.folder / "woonregister.sleutels.tot-1", stand=2)


def test_keys_of_another_registry_are_refused(registry: Registry, tmp_path: Path) -> None:
    rotate(registry)
    others = tmp_path / "andere.sleutels"
    create_keys(others)
    with registry.store.read() as connection:
        _, fingerprint = read_sleutelstand(connection)
    with pytest.raises(KeysError, match="andere registratie"):
        rotation.require_fingerprint(BsnCipher(read_keys(others).with_new_hash_key()), fingerprint)


@pytest.mark.postgresql
def test_pseudonyms_are_renewed_on_postgresql_too(postgresql_url: str, registry: Registry) -> None:
    other = open_store(postgresql_url)
    for bron, name in (("bag", "*.zip"), ("brp", "brp.csv"), ("brk", "brk.csv")):
        path = next(registry.folder.glob(name))
        day = None if bron == "bag" else PEILDATUM
        run_import(other, ImportRequest(bron, path, leverdatum=day), cipher=registry.cipher)
    before = bsns(other, registry.cipher)
    rotation.rotate_keys(other, registry.keys, gebruiker=registry.user, log=AccessLog(other))
    renewed = open_cipher(registry.keys, stand=2)
    after = bsns(other, renewed)
    assert sorted(after.values()) == sorted(before.values())
    assert all(hashed == renewed.hash(number) for hashed, number in after.items())
    other.close()


def test_a_demo_has_its_own_keys_and_production_refuses_them(registry: Registry) -> None:
    assert DEMO_KEYS in read_keys(registry.keys).current
    with pytest.raises(KeysError, match="start Woonregister niet in productie"):
        open_cipher(registry.keys, production=True)


@pytest.mark.parametrize("hashing", [b"\0" * 32, b"geheim" * 5 + b"ab"])
def test_production_refuses_keys_that_somebody_made_up(hashing: bytes, tmp_path: Path) -> None:
    keys = generate_keys()
    text = Keys(keys.encryption, keys.current, hashing).to_text()
    with pytest.raises(KeysError, match="niet in productie"):
        open_cipher(tmp_path / "x", text, production=True)
    open_cipher(tmp_path / "x", keys.to_text(), production=True)


def test_production_makes_no_keys_by_itself_and_wants_them_closed(tmp_path: Path) -> None:
    path = tmp_path / "woonregister.sleutels"
    with pytest.raises(KeysError, match="niet vanzelf gemaakt"):
        open_cipher(path, production=True)
    create_keys(path)
    open_cipher(path, production=True)
    path.chmod(0o644)
    with pytest.raises(KeysError, match="voor anderen te lezen"):
        open_cipher(path, production=True)
