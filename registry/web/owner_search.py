"""Owners that a text may mean, as far as who asks may know of them: the same for pages and for the API."""

from collections.abc import Collection
from datetime import date
from typing import Any

from registry.store.engine import ReadConnection
from registry.store.queries.personen import restricted
from registry.store.queries.runs import last_run
from registry.store.queries.search import find_eigenaren, is_inside


def owners_to_show(
    connection: ReadConnection, text: str, *, gebieden: Collection[str] | None, today: date
) -> list[dict[str, Any]]:
    """Owners by name, RSIN or KvK number, as ``find_eigenaren`` gives them.

    Whoever works in some areas learns of an owner, and of his dwellings, only there. Whose data may only be kept
    (AVG art. 18) is not found at all.

    Args:
        connection: the registry.
        text: what was typed.
        gebieden: the areas of who asks; None is everywhere.
        today: the day on which a dwelling must lie there.
    """
    hidden = restricted(connection, known=last_run(connection), soort="rechthebbende")
    found = [row for row in find_eigenaren(connection, text) if row["rechthebbende"] not in hidden]
    if gebieden is None:
        return found
    for row in found:
        row["woningen"] = [one for one in row["woningen"] if is_inside(connection, one, gebieden, on=today)]
    return [row for row in found if row["woningen"]]
