"""The few data of persons that pages show, after the access was written down: names as far as they are kept."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.rights import restricted_at
from registry.store.tables import registers


def restricted(connection: ReadConnection, *, known: int, soort: str = "persoonslijst") -> frozenset[str]:
    """Whose data may only be kept, not shown (AVG art. 18)."""
    rows: list[Any] = list(connection.execute(restricted_at(known, soort=soort)))
    return frozenset(row[0] for row in rows)


def names_of(connection: ReadConnection, persoonslijsten: Iterable[str]) -> dict[str, str]:
    """The names of persons, where the municipality keeps them (setting ``persoonsgegevens = namen``)."""
    table = registers.persoonslijsten
    parts = (table.c.voornamen, table.c.voorvoegsel, table.c.geslachtsnaam)
    query = sa.select(table.c.persoonslijst, *parts).where(
        table.c.persoonslijst.in_(list(persoonslijsten)), table.c.superseded_run_id.is_(None)
    )
    found = {}
    for key, *names in connection.execute(query):
        if any(names):
            found[key] = " ".join(name for name in names if name)
    return found


def owners_of(connection: ReadConnection, rechthebbenden: Iterable[str]) -> list[dict[str, Any]]:
    """Owners by their keys: rechthebbende, naam (where kept), type, rsin, kvk."""
    table = registers.rechthebbenden
    name = sa.func.coalesce(table.c.statutaire_naam, table.c.naam).label("naam")
    query = (
        sa.select(table.c.rechthebbende, name, table.c.type, table.c.rsin, table.c.kvk)
        .where(table.c.rechthebbende.in_(list(rechthebbenden)), table.c.superseded_run_id.is_(None))
        .order_by(name, table.c.rechthebbende)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
