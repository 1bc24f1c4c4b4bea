"""Fills an empty registry with typed frames, without imports: the runs are written as if each source had come once."""

import sqlalchemy as sa

from benchmarks.national import PEILDATUM, SOURCES
from registry.store.engine import Store, WriteConnection, open_store
from registry.store.tables.runs import runs


def open_empty(url: str) -> Store:
    """An empty registry."""
    return open_store(url)


def register_sources(connection: WriteConnection) -> None:
    """A successful run of every source, numbered as the frames name them."""
    for number, bron in enumerate(SOURCES, 1):
        connection.execute(
            runs.insert().values(
                run_id=number, bron=bron, bestand=bron, levering="stand", leverdatum=PEILDATUM, status="gelukt",
                software="bench", gestart=sa.func.current_timestamp(), klaar=sa.func.current_timestamp(),
            )
        )  # fmt: skip
