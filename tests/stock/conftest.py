"""A stock to fill, and one that is filled."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_town import fill
from small_stock import Stock

from registry.store.engine import Store, open_store


@pytest.fixture
def town() -> Stock:
    return Stock()


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a small municipality, not to be written to."""
    folder = tmp_path_factory.mktemp("beleid")
    path = folder / "woonregister.db"
    fill(f"sqlite:///{path}", folder / "gemeente").close()
    return path


@pytest.fixture(scope="session")
def demo_store(demo_database: Path) -> Iterator[Store]:
    """The registry of a small municipality, to read."""
    store = open_store(f"sqlite:///{demo_database}")
    yield store
    store.close()


@pytest.fixture
def own_store(demo_database: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of the same registry, to write in."""
    for suffix in ("", "-wal", "-shm"):
        if (beside := demo_database.with_name(demo_database.name + suffix)).exists():
            shutil.copyfile(beside, tmp_path / f"eigen.db{suffix}")
    store = open_store(f"sqlite:///{tmp_path / 'eigen.db'}")
    yield store
    store.close()
