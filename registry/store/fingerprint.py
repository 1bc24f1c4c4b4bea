"""What a database holds, in one number and one hash per table: two databases with the same are equal."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from registry.errors import StoreError
from registry.store.engine import ReadConnection
from registry.store.tables import metadata

_ROWS_PER_CALL = 10_000


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The number of rows of a table, and a hash (sha256, hex) over them in order of their key."""

    aantal: int
    hash: str


def read_fingerprints(connection: ReadConnection) -> dict[str, Fingerprint]:
    """The fingerprint of every table."""
    return {table.name: _of_table(connection, table) for table in metadata.sorted_tables}


def refuse_difference(found: Mapping[str, Fingerprint], expected: Mapping[str, Fingerprint]) -> None:
    """Compare a copy with what it should hold.

    Raises:
        StoreError: they differ; the text names the tables.
    """
    wrong = [name for name in sorted({*found, *expected}) if found.get(name) != expected.get(name)]
    if wrong:
        raise StoreError(f"De kopie is niet gelijk aan het origineel: {', '.join(wrong)}. Gebruik haar niet.")


def _of_table(connection: ReadConnection, table: sa.Table) -> Fingerprint:
    digest = hashlib.sha256()
    count = 0
    rows = connection.execution_options(yield_per=_ROWS_PER_CALL).execute(
        sa.select(table).order_by(*table.primary_key.columns)
    )
    for part in rows.partitions():
        count += len(part)
        for row in part:
            digest.update(repr(tuple(_plain(value) for value in row)).encode())
    return Fingerprint(count, digest.hexdigest())


def _plain(value: Any) -> Any:
    """The same moment gives the same text on every server, whatever its time zone."""
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)).isoformat()
    return bytes(value) if isinstance(value, memoryview) else value
