"""Withdraws an import that proves wrong, as a whole, with its consequences counted first.

Rule: of one source the newest run goes first. A later run of that source was compared with the wrong one, and what it
found unchanged it did not write again; withdrawing under it would lose what it confirmed.
"""

from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from registry import clock
from registry.errors import UsageError
from registry.intake import derive
from registry.store.engine import Store, WriteConnection
from registry.store.history import Absence, Staging
from registry.store.queries.runs import WITHDRAWAL, NewRun, finish_run, get_run, start_run
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.store.withdrawal import (
    Restored,
    count_dangling,
    count_evaluations,
    last_stand,
    later_runs,
    mark_withdrawn,
    restore_table,
    touched_tables,
)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What withdrawing a run does, or would do.

    Attributes:
        run: the run that is withdrawn, with the keys of ``runs --json``.
        run_id: the run that withdraws it; None for a try.
        per_table: rows that lapse and rows that come back, per table.
        verwijzingen: per table, rows of other deliveries about objects that lapse.
        evaluaties: evaluations that counted the run; they stay, and say what was known then.
        signalen: kept outcomes of those evaluations.
    """

    run: dict[str, Any]
    run_id: int | None
    per_table: dict[str, Restored]
    verwijzingen: dict[str, int]
    evaluaties: int
    signalen: int


class _Try(Exception):  # noqa: N818 - not an error: it rolls a finished withdrawal back
    def __init__(self, result: Withdrawal) -> None:
        super().__init__()
        self.result = result


def withdraw_run(store: Store, run_id: int, *, proef: bool = False) -> Withdrawal:
    """Withdraw a run; with ``proef`` only count what that would do.

    Raises:
        UsageError: there is no such run, it does not count, or later runs rest on it.
        StoreError: the database failed.
    """
    try:
        with store.write_transaction() as connection:
            return _withdraw(connection, run_id, proef=proef)
    except _Try as done:
        return done.result


def _withdraw(connection: WriteConnection, run_id: int, *, proef: bool) -> Withdrawal:
    run = get_run(connection, run_id)
    if run["status"] != "gelukt" or run["bron"] == WITHDRAWAL:
        raise UsageError(
            f"Run {run_id} ({run['bron']}, {run['status']}) is geen levering die meetelt; er is niets in te trekken."
        )
    tables = touched_tables(connection, run_id)
    resting = later_runs(connection, run_id, run["bron"], tables)
    if resting:
        listed = ", ".join(f"{number} ({bestand})" for number, bestand in resting)
        raise UsageError(
            f"Op run {run_id} rusten latere runs: {listed}. Trek eerst die in, de nieuwste eerst, "
            "en lees ze daarna zo nodig opnieuw in."
        )
    evaluations, kept = count_evaluations(connection, run_id)
    new = NewRun(
        bron=WITHDRAWAL,
        bestand=f"run {run_id}: {run['bron']}, {run['bestand']}",
        levering=run["levering"],
        sha256=None,
        software=version("woonregister"),
        gestart=clock.now(),
    )
    by = start_run(connection, new)
    per_table = {table.name: restore_table(connection, table, before=run_id, run_id=by) for table in tables}
    mark_withdrawn(connection, run_id, by)
    _derive(connection, by)
    dangling = count_dangling(connection, by)
    finish_run(connection, by, status="gelukt", klaar=clock.now(), values={"leverdatum": clock.today()})
    done = Withdrawal(run, by, per_table, dangling, evaluations, kept)
    if proef:
        raise _Try(replace(done, run_id=None))
    return done


def _derive(connection: WriteConnection, run_id: int) -> None:
    derive.update_bewoning(connection, run_id, since=last_stand(connection, "brp"), everyone=True)
    sources = (registers.gebieden, registers.aangewezen_gebieden)
    if all(read_versions(connection, table, ("id",), known=run_id).is_empty() for table in sources):
        Staging(connection, registers.ligging).merge(run_id, Absence.WITHDRAWN)
    else:
        derive.update_ligging(connection, run_id)
