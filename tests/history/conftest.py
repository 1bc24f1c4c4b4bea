"""Fixtures of the tests of history: a registry on each database, and the writers of deliveries."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.crypto import BsnCipher, generate_keys
from registry.store.engine import Store, open_store

# The writer of BAG extracts belongs to the tests of the importers.
sys.path.append(str(Path(__file__).resolve().parent.parent / "importers"))


@pytest.fixture(scope="session")
def cipher() -> BsnCipher:
    return BsnCipher(generate_keys())


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()
