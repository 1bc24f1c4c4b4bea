"""What a fine in a case may be, with the fines that its addressee got before."""

import polars as pl

from registry.cases.amounts import Calculation, calculate_fine
from registry.cases.file import CaseFile
from registry.store.engine import ReadConnection
from registry.store.queries.cases import read_fines_of
from rules.parameters import Law, shipped_law
from rules.sancties import Sancties, shipped_sanctions


def calculate_for(
    connection: ReadConnection, file: CaseFile, *, sanctions: Sancties | None = None, law: Law | None = None
) -> Calculation | None:
    """What a fine for the first signal may be for which one is possible; None without such a signal.

    The day of the observation is that of the fine that is being prepared, else of the last visit, else the peildatum.
    """
    known = sanctions or shipped_sanctions()
    for row in file.signals.filter(uitkomst="signaal").iter_rows(named=True):
        ground = known.grounds.get(row["regel"])
        if ground is None or not ground.boete:
            continue
        prepared = [one for one in file.papers.decisions if one["regel"] == row["regel"] and one["overtreding_op"]]
        visits = file.visits.filter(adresseerbaar_object_id=row["adresseerbaar_object_id"])["datum"].to_list()
        day = prepared[-1]["overtreding_op"] if prepared else max(visits, default=row["peildatum"])
        keys = addressees(file)
        return calculate_fine(
            known,
            law or shipped_law(),
            gemeente=row["gemeente"],
            regel=row["regel"],
            geconstateerd_op=day,
            earlier=read_fines_of(connection, keys),
            addressee_known=len(keys) == 1 or bool(file.subject.rechthebbenden),
        )
    return None


def addressees(file: CaseFile) -> list[str]:
    """The keys of whom a decision may be addressed to: whom one names, else the owner of the case, else the owners."""
    named = [row["rechthebbende"] for row in file.papers.decisions if row["rechthebbende"]]
    if named:
        return named[-1:]
    if file.subject.rechthebbenden:
        return list(file.subject.rechthebbenden)
    still = pl.col("tot").is_null() | (pl.col("tot") > file.peildatum)
    short = set(file.parties.rows.filter(still, rol="eigenaar")["kenmerk"].to_list())
    return [key for key in file.parties.rechthebbenden if any(key.startswith(one) for one in short)]
