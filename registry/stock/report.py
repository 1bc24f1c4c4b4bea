"""The tables of the stock that go out together: one per subject, each by area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from registry.errors import UsageError
from registry.stock.composition import compose, find_dimensions, parts_of
from registry.stock.dimensions import AREAS
from registry.stock.disclosure import Limits
from registry.stock.publish import Published, publish
from registry.stock.records import read_stock_records
from registry.store.engine import ReadConnection

SUBJECTS: Final = (
    "eigendom",
    "eigenaarsgrootte",
    "bouwperiode",
    "grootteklasse",
    "woningtype",
    "wozklasse",
    "gebruik",
    "bewoond",
    "bewoners",
    "ruimte_per_bewoner",
)
NO_LIMITS: Final = Limits(minimum=1, rounding=1)
"""Shows every count as it is: for inside the policy team."""


@dataclass(frozen=True, slots=True)
class Report:
    """Tables of one day that go out together; the first is by area alone."""

    op: date
    known: int
    area: str
    protected: bool
    tables: tuple[Published, ...]


def read_report(
    connection: ReadConnection,
    *,
    area: str,
    op: date,
    known: int,
    limits: Limits | None,
    subjects: Sequence[str] = SUBJECTS,
    whole: bool = False,
) -> Report:
    """The stock by area, and by area and each subject.

    Args:
        connection: where to read.
        area: one of ``dimensions.AREAS``.
        op: the day.
        known: a run number.
        limits: what is hidden and rounded; null shows everything.
        subjects: dimensions.
        whole: also by each subject alone, after the others.

    Raises:
        UsageError: the area or a subject does not exist, or there are no dwellings on the day.
    """
    if area not in AREAS:
        raise UsageError(f"'{area}' is geen soort gebied. Kies uit: {', '.join(AREAS)}.")
    wanted = [name for name in subjects if name != area]
    for name in wanted:
        find_dimensions([name])
    records = read_stock_records(connection, known=known, parts=parts_of([area, *wanted]))
    divisions = [[area], *([area, name] for name in wanted), *([name] for name in wanted if whole)]
    tables = [compose(records, per=per, op=op) for per in divisions]
    if tables[0].total == 0:
        raise UsageError(" ".join([f"Op {op:%d-%m-%Y} zijn er geen woningen om te tonen.", *tables[0].remarks]))
    return Report(op, known, area, limits is not None, tuple(publish(tables, limits or NO_LIMITS)))
