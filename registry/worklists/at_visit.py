"""The receipt of a case at its visit: what the registers said on that day, before the visit itself was recorded."""

from datetime import datetime
from typing import Final

from registry.store.engine import Store
from registry.store.queries.runs import run_before
from registry.store.queries.worklists import read_visited_rows
from registry.worklists.recheck import compare_rows, keep_check
from rules.parameters import Law

BEZOEK: Final = "bezoek"


def freeze_visits(store: Store, run_id: int, law: Law, *, author: str, now: datetime) -> int:
    """Keep the receipt of each case of a list that was visited, when its visits came in; how many.

    Args:
        store: the registry.
        run_id: the run that brought the visits in; what it brought is not part of the receipts.
        law: the law files.
        author: who brought them in.
        now: the moment.

    Raises:
        StoreError: the database failed.
    """
    with store.read() as connection:
        visited = read_visited_rows(connection, run_id)
        known = run_before(connection, run_id)
        days = sorted({datum for _, datum in visited})
        found = [
            one
            for day in days
            for one in compare_rows(
                connection, [row for row, datum in visited if datum == day], law, day=day, known=known
            )
        ]
    if found:
        with store.write_transaction(patient=True) as connection:
            for one in found:
                keep_check(connection, one, moment=BEZOEK, known=known, author=author, now=now)
    return len(found)
