"""A registry as an earlier version left it: the schema of that revision, with everything in it that fits there."""

import json

import sqlalchemy as sa
from alembic import command

from registry.store import engine, migrating


def revisions() -> list[str]:
    """Every revision, oldest first."""
    return [script.revision for script in reversed(list(migrating.script().walk_revisions()))]


def make_old(url: str, revision: str, source: str) -> dict[str, int]:
    """Fill the empty database at ``url`` as one of a revision, from the filled registry of today at ``source``.

    Returns:
        How many rows each table got.
    """
    config = migrating.config()
    old = engine._create_engine(url)
    try:
        with old.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        old.dispose()
    return copy_rows(url, source)


def copy_rows(url: str, source: str) -> dict[str, int]:
    """Copy every row of the filled registry at ``source`` that fits into the empty one at ``url``."""
    old, new = engine._create_engine(url), sa.create_engine(source)
    try:
        with old.connect() as writer, new.connect() as reader:
            past, present = sa.MetaData(), sa.MetaData()
            past.reflect(writer)
            present.reflect(reader)
            writer.rollback()
            with writer.begin():
                return _copy(writer, reader, past, present)
    finally:
        old.dispose()
        new.dispose()


def _copy(writer: sa.Connection, reader: sa.Connection, past: sa.MetaData, present: sa.MetaData) -> dict[str, int]:
    copied: dict[str, int] = {}
    for table in past.sorted_tables:
        today = present.tables.get(table.name)
        if today is None or table.name == "alembic_version":
            continue
        shared = [today.c[column.name] for column in table.columns if column.name in today.c and not column.computed]
        query = sa.select(*shared)
        if "run_id" in table.primary_key.columns:
            query = query.order_by(today.c.run_id)  # a withdrawn run names a later one, but only in the demo's future
        rows = [dict(row) for row in reader.execute(query).mappings()]
        if table.name == "runs":
            for row in rows:
                row["tellingen"] = _counts_of(row["tellingen"], past)
        if rows:
            writer.execute(table.insert(), rows)
            _restart_numbers(writer, table)
        copied[table.name] = len(rows)
    return copied


def _counts_of(told: str | None, past: sa.MetaData) -> str | None:
    """What a run of then said that it wrote: nothing of tables that came later."""
    if told is None:
        return None
    return json.dumps({name: counts for name, counts in json.loads(told).items() if name in past.tables})


def _restart_numbers(writer: sa.Connection, table: sa.Table) -> None:
    """PostgreSQL gives out numbers from a counter that rows with their own number do not move."""
    if writer.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if column.autoincrement is True or "nextval" in str(getattr(column.server_default, "arg", "")):
            writer.execute(
                sa.text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "
                    f"(SELECT max({column.name}) FROM {table.name}))"
                )
            )
