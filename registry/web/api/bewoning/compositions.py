"""The compositions in which an adresseerbaar object was inhabited, out of the stays of each person.

Restates what the published Bewoning API gives: every change in composition starts a new bewoning, equal neighbours
are one, and a period without anyone is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Stay:
    """One person at the object in one period.

    Attributes:
        persoonslijst: key of the person.
        van: first day.
        tot: the day after the last; None is open.
        zeker: a certain bewoner, else a possible one.
        in_onderzoek: whether the address or its start is under open investigation.
    """

    persoonslijst: str
    van: date
    tot: date | None
    zeker: bool
    in_onderzoek: bool = False


@dataclass(frozen=True, slots=True)
class Composition:
    """Who inhabits the object in one period: certain bewoners and possible ones, each once."""

    van: date
    tot: date
    bewoners: frozenset[str]
    mogelijke_bewoners: frozenset[str]
    in_onderzoek: frozenset[str]

    @property
    def aantal(self) -> int:
        """All persons, certain and possible."""
        return len(self.bewoners) + len(self.mogelijke_bewoners)


def compose(stays: Iterable[Stay], van: date, tot: date) -> Iterator[Composition]:
    """The compositions between two days, in order of time.

    Args:
        stays: of the persons at one object; of one person they may overlap, then certain wins from possible.
        van: first day of the period.
        tot: the day after its last.
    """
    there = [stay for stay in stays if stay.van < tot and (stay.tot is None or stay.tot > van)]
    bounds = {van, tot} | {day for stay in there for day in (stay.van, stay.tot) if day is not None and van < day < tot}
    days = sorted(bounds)
    last: Composition | None = None
    for start, end in pairwise(days):
        now = _on(there, start, end)
        if last is not None and _same(last, now):
            last = Composition(last.van, end, last.bewoners, last.mogelijke_bewoners, last.in_onderzoek)
            continue
        if last is not None and last.aantal:
            yield last
        last = now
    if last is not None and last.aantal:
        yield last


def _on(stays: Iterable[Stay], start: date, end: date) -> Composition:
    present = [stay for stay in stays if stay.van <= start and (stay.tot is None or stay.tot > start)]
    certain = frozenset(stay.persoonslijst for stay in present if stay.zeker)
    possible = frozenset(stay.persoonslijst for stay in present) - certain
    doubted = frozenset(stay.persoonslijst for stay in present if stay.in_onderzoek)
    return Composition(start, end, certain, possible, doubted)


def _same(one: Composition, other: Composition) -> bool:
    parts = ("bewoners", "mogelijke_bewoners", "in_onderzoek")
    return all(getattr(one, part) == getattr(other, part) for part in parts)
