"""A small registry with everything in it, made once and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from privacy_registry import PEILDATUM, Registry

from registry.demo.run import DATABASE_NAME, KEYS_NAME, run_demo
from registry.keys import open_cipher
from registry.privacy.access import Gebruiker
from registry.store.engine import open_store


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo of a very small municipality: files, database, keys, worklist."""
    folder = tmp_path_factory.mktemp("demo")
    run_demo(folder, woningen=60, peildatum=PEILDATUM)
    return folder


@pytest.fixture
def registry(demo_folder: Path, tmp_path: Path) -> Iterator[Registry]:
    """A copy of it for one test."""
    for path in demo_folder.iterdir():
        if path.is_file():
            shutil.copyfile(path, tmp_path / path.name)
    (tmp_path / KEYS_NAME).chmod(0o600)
    store = open_store(f"sqlite:///{tmp_path / DATABASE_NAME}")
    yield Registry(store, tmp_path, open_cipher(tmp_path / KEYS_NAME), Gebruiker("b.beheerder"))
    store.close()
