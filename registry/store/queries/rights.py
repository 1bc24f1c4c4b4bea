"""Restrictions and purposes, known as of a run: each written with its own, so that old answers stay as they were."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection, read_frame
from registry.store.history import known_at
from registry.store.tables.registers import bewoning, kadastrale_adressen, tenaamstellingen
from registry.store.tables.rights import beperkingen, doelbesluiten
from registry.store.types import frame_type

_TABLES = {"beperkingen": beperkingen, "doelbesluiten": doelbesluiten}


def read_decisions(connection: ReadConnection, name: str, *, known: int) -> pl.DataFrame:
    """The decisions of a table (``beperkingen`` or ``doelbesluiten``) that held just after a run, in order."""
    table = _TABLES[name]
    columns = [column for column in table.c if column.name not in {"source_area", "gone_since_run_id"}]
    schema = {column.name: frame_type(column) for column in columns}
    return read_frame(connection, sa.select(*columns).where(known_at(table, known)).order_by(table.c.id), schema)


def put_decision(connection: WriteConnection, name: str, run_id: int, values: Mapping[str, Any]) -> None:
    """Let a decision hold from a run on, in the place of one with the same key."""
    end_decision(connection, name, run_id, values)
    connection.execute(_TABLES[name].insert().values(recorded_run_id=run_id, **values))


def end_decision(connection: WriteConnection, name: str, run_id: int, key: Mapping[str, Any]) -> int:
    """Let the decision with this key hold no longer, from a run on; how many there were (0 or 1)."""
    table = _TABLES[name]
    same = [table.c[column] == key[column] for column in table.info["key"]]
    current = table.c.superseded_run_id.is_(None)
    return connection.execute(table.update().values(superseded_run_id=run_id).where(current, *same)).rowcount


def restricted_at(known: int, *, soort: str = "persoonslijst") -> sa.Select[tuple[str]]:
    """The pseudonyms whose data may only be kept, as known just after a run."""
    return sa.select(beperkingen.c.pseudoniem).where(beperkingen.c.soort == soort, known_at(beperkingen, known))


def restricted_dwellings(connection: ReadConnection, *, known: int, since: int = -1) -> list[str]:
    """The dwellings that a list leaves out because the data of somebody in them may only be kept.

    Args:
        connection: where to read.
        known: the last run that counts.
        since: the run up to which an evaluation knew of restrictions: a resident who was restricted before was left
            out of it already. A dwelling of a restricted rechthebbende is always left out.
    """
    holds = known_at(beperkingen, known)
    people = sa.select(beperkingen.c.pseudoniem).where(
        holds, beperkingen.c.soort == "persoonslijst", beperkingen.c.recorded_run_id > since
    )
    owners = sa.select(beperkingen.c.pseudoniem).where(holds, beperkingen.c.soort == "rechthebbende")
    held = sa.select(tenaamstellingen.c.kadastraal_object).where(
        known_at(tenaamstellingen, known), tenaamstellingen.c.rechthebbende.in_(owners)
    )
    lives = sa.select(bewoning.c.adresseerbaar_object_id).where(
        known_at(bewoning, known), bewoning.c.persoonslijst.in_(people)
    )
    owns = sa.select(kadastrale_adressen.c.adresseerbaar_object_id).where(
        known_at(kadastrale_adressen, known),
        kadastrale_adressen.c.kadastraal_object.in_(held),
        kadastrale_adressen.c.adresseerbaar_object_id.is_not(None),
    )
    return sorted(set(connection.execute(sa.union(lives, owns)).scalars()))
