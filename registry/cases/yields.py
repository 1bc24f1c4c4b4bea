"""What visits yield: per version of a rule, area and period, how many signals were true, against a random sample.

A share of a few visits says little; every share comes with the interval in which it lies with 95 % confidence (Wilson:
it stays within 0 and 1 and is honest for small numbers). Where a list held a random control sample, the same counts of
that sample stand beside: a rule that confirms no more than chance finds is no good rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import polars as pl
import scipy

from registry.errors import UsageError
from registry.signals.silence import Oordeel
from registry.store.engine import ReadConnection
from registry.store.queries.assessments import CASE, read_latest_assessments
from registry.store.queries.runs import last_run
from registry.store.queries.stock import read_area_names
from registry.store.queries.yields import read_visited_cases

Area = Literal["gemeente", "wijk", "buurt"]
Method = Literal["wilson", "exact"]

_INSIDE: Final = ("toegang_met_toestemming", "toegang_met_machtiging")
_NOBODY: Final = "niemand_aanwezig"
_ALL: Final = "alle"


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval; all None where nothing was counted."""

    deel: float | None
    van: float | None
    tot: float | None


@dataclass(frozen=True, slots=True)
class Yield:
    """The counts of one group of cases that were visited.

    Attributes:
        regel: rule id.
        regel_versie: version of the rule.
        gebied: name of the area, or ``alle``.
        steekproef: whether these cases were drawn by lot.
        bezocht: cases that were visited.
        niemand: of these, where nobody was in at any visit.
        binnen: of these, where an inspector came in.
        bevestigd: assessed as true.
        weerlegd: assessed as not true.
        nader_onderzoek: assessed, not yet decided.
        overgedragen: assessed and handed over.
        redenen: of the refuted ones, how many per reason.
        opbrengst: share of bevestigd in bevestigd and weerlegd.
        aangetroffen: share of cases in which somebody was in, of those visited.
    """

    regel: str
    regel_versie: int
    gebied: str
    steekproef: bool
    bezocht: int
    niemand: int
    binnen: int
    bevestigd: int
    weerlegd: int
    nader_onderzoek: int
    overgedragen: int
    redenen: dict[str, int]
    opbrengst: Share
    aangetroffen: Share


def share(count: int, total: int, *, method: Method = "wilson") -> Share:
    """A share with its 95 % interval: Wilson, or exact (Clopper and Pearson), which is never too narrow."""
    if total == 0:
        return Share(None, None, None)
    interval = scipy.stats.binomtest(count, total).proportion_ci(confidence_level=0.95, method=method)
    return Share(count / total, float(interval.low), float(interval.high))


def read_yields(
    connection: ReadConnection,
    *,
    since: date | None = None,
    until: date | None = None,
    regel: str | None = None,
    per: Area = "gemeente",
    method: Method = "wilson",
) -> list[Yield]:
    """What the visits of a period yielded, per rule, version and area; a control sample has rows of its own.

    Args:
        connection: where to read.
        since: first day of the visits.
        until: last day of the visits, included.
        regel: only this rule.
        per: which areas.
        method: of the intervals.

    Raises:
        UsageError: the period ends before it starts.
    """
    if since is not None and until is not None and until < since:
        raise UsageError("De periode eindigt voordat zij begint. Draai de dagen om.")
    known = last_run(connection)
    visited = read_visited_cases(connection, known=known)
    chosen = visited.filter(_within(since, until), pl.lit(value=True) if regel is None else pl.col("regel") == regel)
    if chosen.is_empty():
        return []
    cases = _cases(chosen).join(
        read_latest_assessments(connection, regel=regel).select(*CASE, "oordeel", "reden"), on=list(CASE), how="left"
    )
    if per != "gemeente":
        day = until or chosen["datum"].max()
        names = read_area_names(connection, op=day, known=known).select("adresseerbaar_object_id", gebied=per)  # type: ignore[arg-type]
        cases = cases.drop("gebied").join(names, on="adresseerbaar_object_id", how="left")
        cases = cases.with_columns(pl.col("gebied").fill_null("onbekend"))
    return list(_counted(cases, method))


def _within(since: date | None, until: date | None) -> pl.Expr:
    from_then = pl.lit(value=True) if since is None else pl.col("datum") >= since
    return from_then & (pl.lit(value=True) if until is None else pl.col("datum") <= until)


def _cases(visits: pl.DataFrame) -> pl.DataFrame:
    """One row per case and version: whether nobody was ever in, and whether an inspector came in."""
    return visits.group_by(*CASE, "regel_versie", maintain_order=True).agg(
        niemand=(pl.col("resultaat") == _NOBODY).all(),
        binnen=pl.col("resultaat").is_in(_INSIDE).any(),
        is_control=pl.col("is_control").any(),
        gebied=pl.lit(_ALL),
    )


def _counted(cases: pl.DataFrame, method: Method) -> Iterator[Yield]:
    keys = ("regel", "regel_versie", "gebied", "is_control")
    for values, group in sorted(cases.group_by(keys), key=lambda one: tuple(map(str, one[0]))):
        yield _yield_of(dict(zip(keys, values, strict=True)), group, method)


def _yield_of(key: dict[str, Any], group: pl.DataFrame, method: Method) -> Yield:
    judged = {oordeel: group.filter(oordeel=oordeel.value).height for oordeel in Oordeel}
    reasons = group.filter(oordeel=Oordeel.WEERLEGD.value)["reden"].value_counts(sort=True)
    nobody = group.filter("niemand").height
    confirmed, refuted = judged[Oordeel.BEVESTIGD], judged[Oordeel.WEERLEGD]
    return Yield(
        regel=key["regel"],
        regel_versie=key["regel_versie"],
        gebied=key["gebied"],
        steekproef=key["is_control"],
        bezocht=group.height,
        niemand=nobody,
        binnen=group.filter("binnen").height,
        bevestigd=confirmed,
        weerlegd=refuted,
        nader_onderzoek=judged[Oordeel.NADER_ONDERZOEK],
        overgedragen=judged[Oordeel.OVERGEDRAGEN],
        redenen={str(reason): int(count) for reason, count in reasons.iter_rows()},
        opbrengst=share(confirmed, confirmed + refuted, method=method),
        aangetroffen=share(group.height - nobody, group.height, method=method),
    )
