"""A registry of any earlier version is brought up to today's with everything in it, and never back."""

from pathlib import Path

import postgres
import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from old_registry import make_old, revisions
from small_faults import Town, defects

from registry.errors import StoreError
from registry.store import migrating
from registry.store.engine import migrate, open_store

EARLIER = revisions()[:-1]


def counts(url: str) -> dict[str, int]:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            names = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
            return {
                name: connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
                for name in names
            }
    finally:
        engine.dispose()


def prove(url: str, revision: str, town: Town) -> None:
    copied = make_old(url, revision, town.url)
    before = counts(url)
    assert sum(before.values()) > 1000
    assert {name: before[name] for name in copied} == copied
    with pytest.raises(StoreError, match="woonregister migrate"):
        open_store(url)
    migrate(url)
    after = counts(url)
    assert {name: after[name] for name in before} == before
    assert defects(url) == []
    migrate(url)  # again: nothing to do
    assert counts(url) == after


@pytest.mark.proof
@pytest.mark.parametrize("revision", EARLIER)
def test_an_earlier_registry_is_brought_up_with_all_that_is_in_it(town: Town, tmp_path: Path, revision: str) -> None:
    prove(f"sqlite:///{tmp_path / 'oud.db'}", revision, town)


@pytest.mark.proof
@pytest.mark.postgresql
@pytest.mark.parametrize("revision", EARLIER)
def test_an_earlier_registry_on_postgresql_too(
    town: Town, postgresql_server: postgres.Server, worker_number: str, revision: str
) -> None:
    name = f"oud_{worker_number}_{revision}"
    server = {"host": postgresql_server.socket, "user": postgresql_server.superuser, "dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            prove(postgresql_server.url(name), revision, town)
        finally:
            administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("target", [*EARLIER, "base"])
def test_nothing_leads_back(sqlite_url: str, target: str) -> None:
    """Each step back would lose what was written since; the refusal says what to do instead."""
    engine, settings = sa.create_engine(sqlite_url), migrating.config()
    try:
        with engine.connect() as connection:
            settings.attributes["connection"] = connection
            with pytest.raises(NotImplementedError, match="restore a backup"):
                command.downgrade(settings, target)
    finally:
        engine.dispose()
    store = open_store(sqlite_url)
    assert store.is_current()
    store.close()
