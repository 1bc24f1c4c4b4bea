"""The vaststelling that a person typed, by the run that took it in."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.tables.registers import vaststellingen


def vaststelling_of_run(connection: ReadConnection, run_id: int) -> dict[str, Any] | None:
    """The first vaststelling of a run: object, fact, value, period and evidence; None when it brought none."""
    columns = ("adresseerbaar_object_id", "feit", "waarde", "valid_from", "valid_until", "bewijs", "auteur")
    query = (
        sa.select(*(vaststellingen.c[name] for name in columns))
        .where(vaststellingen.c.recorded_run_id == run_id)
        .order_by(vaststellingen.c.id)
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def holds_vaststelling(connection: ReadConnection, values: Mapping[str, Any]) -> bool:
    """Whether exactly this is established now: object, fact, value, period and evidence, as an importer gives them."""
    same = [vaststellingen.c[name].is_not_distinct_from(value) for name, value in values.items()]
    query = sa.select(vaststellingen.c.id).where(vaststellingen.c.superseded_run_id.is_(None), *same)
    return connection.execute(query.limit(1)).first() is not None
