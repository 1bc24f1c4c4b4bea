"""The one metadata, and what every table with history has.

A history table holds versions. ``valid_from``/``valid_until`` say when a fact was true; ``recorded_run_id`` and
``superseded_run_id`` say from which run on the registry believed it. Runs are numbered in the order in which they were
committed, so a run number is a moment in record time (see docs/decisions). Nothing is overwritten: the only update that
a version ever gets is its ``superseded_run_id``.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from importers.records import PROVENANCE, Protection, RecordType
from registry.store.types import column_type

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column that is exactly INTEGER.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What a column holds of a person, as its ``info``: replacing keys and answering who asks for his data go by it.
PSEUDONYM = {"holds": "pseudonym"}  # a keyed hash, or a list of them
ENCRYPTED = {"holds": "encrypted"}  # a text of BsnCipher.encrypt, or a plain one

_HISTORY_COLUMNS = ("id", "source_area", "gone_since_run_id", "recorded_run_id", "superseded_run_id")


def history_table(
    name: str, *, key: tuple[str, ...], columns: Iterable[sa.Column[Any]], uncompared: tuple[str, ...] = ()
) -> sa.Table:
    """A table of versions with the given own columns.

    Args:
        name: the table name.
        key: the columns that identify a fact; at any record time at most one version per key is believed.
        columns: the own columns, provenance included.
        uncompared: columns whose difference does not make a new version (provenance, ciphertext).
    """
    table = sa.Table(
        name,
        metadata,
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        *columns,
        sa.Column("source_area", sa.Text(), comment="gemeentecode van de levering, als die er een noemt"),
        sa.Column("gone_since_run_id", sa.ForeignKey("runs.run_id"), comment="run van de stand waarin de rij ontbrak"),
        sa.Column("recorded_run_id", sa.ForeignKey("runs.run_id"), nullable=False, index=True),
        sa.Column("superseded_run_id", sa.ForeignKey("runs.run_id"), index=True),
    )
    current = table.c.superseded_run_id.is_(None)
    sa.Index(
        f"ux_{name}_current",
        *(table.c[column] for column in key),
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    table.info["key"] = key
    table.info["uncompared"] = frozenset(uncompared) | set(PROVENANCE) | set(_HISTORY_COLUMNS)
    return table


def own_columns(table: sa.Table) -> list[str]:
    """The names of the columns that a frame fills: everything but the bookkeeping of history."""
    return [column.name for column in table.columns if column.name not in _HISTORY_COLUMNS]


def record_table(record: RecordType) -> sa.Table:
    """The history table of a record type: the same name and columns, each protected as the record type says.

    A record with an address has the level at which it was linked beside it.
    """
    columns: list[sa.Column[Any]] = []
    for name, column in record.columns.items():
        match column.protection:
            case Protection.NEVER:
                continue
            case Protection.ENCRYPTED:
                # The same value encrypts differently every time: it is compared and found by its keyed hash.
                columns.append(sa.Column(f"{name}_versleuteld", sa.Text(), comment=column.meaning, info=ENCRYPTED))
                columns.append(sa.Column(f"{name}_hash", sa.Text(), index=True, info=PSEUDONYM))
            case protection:
                nullable = not (column.required or name in record.key)
                info = PSEUDONYM if protection is Protection.PSEUDONYM else {}
                kind = column_type(column.dtype)
                columns.append(sa.Column(name, kind, nullable=nullable, comment=column.meaning, info=info))
    if "adresseerbaar_object_id" in record.columns and "huisnummer" in record.columns:
        columns.append(sa.Column("koppelniveau", sa.Text(), comment="hoe het adres aan de BAG is gekoppeld"))
    columns += [sa.Column(name, column_type(dtype)) for name, dtype in PROVENANCE.items()]
    sealed = tuple(f"{name}_versleuteld" for name in record.protected(Protection.ENCRYPTED))
    table = history_table(record.name, key=record.key, columns=columns, uncompared=sealed)
    table.info["from_source"] = True  # the other history tables are derived: they follow from these
    return table
