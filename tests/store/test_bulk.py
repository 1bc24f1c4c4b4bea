"""Filling an empty database with indexes and keys aside: afterwards everything is there, and works."""

from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest
import sqlalchemy as sa

from registry.errors import StoreError
from registry.store.bulk import fill, indexes_aside
from registry.store.engine import Store, insert_frame, is_postgresql, open_store
from registry.store.tables import registers
from registry.store.tables.runs import runs

TABLE = registers.ligging
ROWS = pl.DataFrame({
    "adresseerbaar_object_id": [f"060601{number:010}" for number in range(1000)],
    "gebied_code": "BU06060000",
    "soort": "buurt",
    "valid_from": date(2026, 1, 1),
    "recorded_run_id": 1,
})  # fmt: skip


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    with opened.write_transaction() as connection:
        connection.execute(
            runs.insert().values(
                run_id=1, bron="bag", bestand="bag", levering="stand", leverdatum=date(2026, 1, 1), status="gelukt",
                software="test", gestart=sa.func.current_timestamp(), klaar=sa.func.current_timestamp(),
            )
        )  # fmt: skip
    yield opened
    opened.close()


def schema(store: Store) -> list[list[str]]:
    """What the table is bound by, in the words of the database: keys, indexes."""
    found = sa.inspect(store.engine)
    keys = [found.get_pk_constraint(TABLE.name), *found.get_foreign_keys(TABLE.name)]
    indexes = [
        (each["name"], each["column_names"], each["unique"], [str(how) for how in each["dialect_options"].values()])
        for each in found.get_indexes(TABLE.name)
    ]
    return [sorted(map(str, keys)), sorted(map(str, indexes))]


def test_what_was_aside_is_back_and_the_rows_are_there(store: Store) -> None:
    before = schema(store)
    with store.write_transaction() as connection:
        with indexes_aside(connection, [TABLE]):
            fill(connection, TABLE, ROWS)
            fill(connection, TABLE, ROWS.head(5).with_columns(gebied_code=pl.lit("WK060600"), soort=pl.lit("wijk")))
        assert connection.execute(sa.select(sa.func.count(TABLE.c.id.distinct()))).scalar() == ROWS.height + 5
    assert schema(store) == before
    assert all(before), "a table without keys or indexes shows nothing"


def test_rows_of_a_first_filling_are_visible_to_everybody_at_once(store: Store) -> None:
    with store.write_transaction() as connection, indexes_aside(connection, [TABLE]):
        fill(connection, TABLE, ROWS)
    with store.read() as connection:
        if is_postgresql(connection):
            pages, marked = connection.execute(
                sa.text("SELECT relpages, relallvisible FROM pg_class WHERE oid = 'ligging'::regclass")
            ).one()
            assert marked == pages > 0


def test_rows_that_break_a_key_are_refused_when_the_keys_come_back(store: Store) -> None:
    with (
        pytest.raises((sa.exc.IntegrityError, StoreError)),
        store.write_transaction() as connection,
        indexes_aside(connection, [TABLE]),
    ):
        fill(connection, TABLE, ROWS.with_columns(recorded_run_id=pl.lit(7)))
    with store.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(TABLE)).scalar() == 0


def test_a_table_that_holds_rows_keeps_its_indexes(store: Store) -> None:
    with store.write_transaction() as connection:
        insert_frame(connection, TABLE, ROWS.head(1))
        if is_postgresql(connection):
            with pytest.raises(ValueError, match="ligging is not empty"), indexes_aside(connection, [TABLE]):
                pass
    with store.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(TABLE)).scalar() == 1
