"""How often rules and visits fall on kinds of dwellings, against the stock: for the FG, to see what needs a reason.

Only what is known of dwellings is compared: area, tenure, number of residents, type of building. Nationality, birth
country and the like are not in the registry, so that indirect effects on groups of people must be judged by a person.
A difference is not wrong by itself: overcrowding needs residents. It is named so that somebody can say why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Final

import polars as pl

from registry.stock.composition import labelled, parts_of
from registry.stock.dimensions import AREAS, DIMENSIONS
from registry.stock.disclosure import Limits, Release, protect
from registry.stock.records import read_stock_records
from registry.store.engine import ReadConnection
from registry.store.queries.signals import evaluations_of, read_signals
from registry.store.queries.versions import read_versions
from registry.store.tables import registers

COMPARED: Final = ("wijk", "buurt", "eigendom", "bewoners", "woningtype")
"""The dimensions that are compared."""
VISITS: Final = "bezoeken"
_VISIT_DAYS: Final = 365
_Z: Final = 1.959964  # of a 95 % interval
_OBJECT: Final = "adresseerbaar_object_id"

FAIRNESS: Final = pl.Schema(
    {
        "onderdeel": pl.String(),  # a rule, or the visits of a year
        "indeling": pl.String(),
        "klasse": pl.String(),
        "woningen": pl.Int64(),  # of the class; null is hidden, as are the others
        "geraakt": pl.Int64(),  # of which with a signal, or visited
        "aandeel": pl.Float64(),  # 0..1
        "ondergrens": pl.Float64(),  # of the 95 % interval around it (Wilson)
        "bovengrens": pl.Float64(),
        "aandeel_totaal": pl.Float64(),  # of the whole stock
        "opvallend": pl.String(),  # hoger or lager, when the interval does not hold the share of the whole; else null
    }
)


@dataclass(frozen=True, slots=True)
class Fairness:
    """The comparison of a day (schema ``FAIRNESS``), and what the reader must know, in Dutch."""

    rows: pl.DataFrame
    op: date
    remarks: tuple[str, ...]


def read_fairness(
    connection: ReadConnection, regels: Sequence[str], *, op: date, known: int, limits: Limits
) -> Fairness:
    """Compare the latest evaluation of each rule, and the visits of the last year, with the stock of a day.

    Args:
        connection: where to read.
        regels: ids of rules.
        op: the day of the stock.
        known: a run number.
        limits: from which count on a number is shown, and its rounding.
    """
    records = read_stock_records(connection, known=known, parts=parts_of(COMPARED))
    stock = labelled(records, COMPARED, op=op).select(_OBJECT, *COMPARED)
    parts, remarks = [], []
    for regel in regels:
        found = evaluations_of(connection, regel, limit=1)
        if not found:
            remarks.append(f"De regel {regel} is nog niet getoetst.")
            continue
        hit = read_signals(connection, found[0].evaluatie_id).filter(uitkomst="signaal")[_OBJECT]
        parts.append(compare(stock, hit, regel, limits=limits))
    visits = read_versions(connection, registers.inspecties, (_OBJECT, "datum"), known=known)
    recent = visits.filter(pl.col("datum").is_between(op - timedelta(days=_VISIT_DAYS), op))[_OBJECT]
    parts.append(compare(stock, recent, VISITS, limits=limits))
    remarks.append(
        f"Aantallen van 1 tot {limits.minimum} zijn verborgen, en wat hen zou verraden; de andere zijn afgerond op "
        f"{limits.rounding}. Marges zijn 95 %-intervallen (Wilson). Een verschil is niet fout, maar vraagt een reden."
    )
    return Fairness(pl.concat(parts), op, tuple(remarks))


def compare(stock: pl.DataFrame, hit: Iterable[str], onderdeel: str, *, limits: Limits) -> pl.DataFrame:
    """How often the dwellings that were hit lie in each class of the stock (schema ``FAIRNESS``).

    Args:
        stock: adresseerbaar_object_id and a column per dimension of ``COMPARED``.
        hit: objects, in any number of times.
        onderdeel: what hit them.
        limits: from which count on a number is shown.
    """
    touched = stock.filter(pl.col(_OBJECT).is_in(sorted(set(hit))))
    all_of, hit_of = _release(stock, limits), _release(touched, limits)
    whole, struck = all_of.shown(frozenset()), hit_of.shown(frozenset())
    overall = struck / whole if whole and struck is not None else None
    rows = []
    for name in COMPARED:
        classes = stock.group_by(name).len().sort(DIMENSIONS[name].rank())[name].to_list()
        for klasse in classes:
            key = frozenset({(name, klasse)})
            rows.append((onderdeel, name, klasse, *_measure(all_of.shown(key), hit_of.shown(key), overall)))
    return pl.DataFrame(rows, schema=FAIRNESS, orient="row")


def _measure(
    total: int | None, hit: int | None, overall: float | None
) -> tuple[int | None, int | None, float | None, float | None, float | None, float | None, str | None]:
    """The columns from ``woningen`` on."""
    if not total or hit is None:
        return total, hit, None, None, None, overall, None
    hit = min(hit, total)  # rounding may lift one above the other
    low, high = wilson(hit, total)
    odd = None
    if overall is not None:
        odd = "hoger" if low > overall else "lager" if high < overall else None
    return total, hit, hit / total, low, high, overall, odd


def wilson(hit: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share after Wilson (1927); also sound for small numbers and shares of 0 and 1."""
    share, square = hit / total, _Z * _Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    reach = _Z / (1 + square / total) * sqrt(share * (1 - share) / total + square / (4 * total * total))
    # The share itself lies within, whatever the last digit of a float says.
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))


def _release(frame: pl.DataFrame, limits: Limits) -> Release:
    tables = [((name,), frame.group_by(name).len("aantal").sort(name)) for name in COMPARED]
    total = pl.DataFrame({"aantal": [frame.height]}, schema={"aantal": pl.Int64})
    return protect([((), total), *tables], limits=limits, whole_areas=AREAS)
