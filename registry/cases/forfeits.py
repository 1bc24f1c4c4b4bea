"""One clock per forfeited amount: until when it can be collected (Awb 5:35).

The right to collect lapses a year after the day of forfeiture. Interruption (an acknowledgement, a demand, a set-off,
a writ: Awb 4:105 and 4:106) starts the year anew on the next day (4:110). The clock stands still while payment is
deferred (4:111) and, from 1 April 2021, while objection or appeal runs. What happens after the right has lapsed changes
nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from registry.cases.terms import Term, last_day

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A period in which the clock stands still: from its first day up to, not including, ``until`` (None: still)."""

    start: date
    until: date | None
    by_appeal: bool = False  # objection or appeal, not deferral of payment


@dataclass(frozen=True, slots=True)
class Clock:
    """Until when a forfeited amount can be collected.

    Attributes:
        last: the last day; None while the clock stands still and nobody knows until when.
        at_least: the last day if everything that pauses it ended now.
        counted: the pauses that had an effect.
        interrupted_on: the last interruption that had one.
    """

    last: date | None
    at_least: date
    counted: tuple[Pause, ...]
    interrupted_on: date | None


def run_clock(
    forfeited_on: date,
    *,
    pauses: Iterable[Pause] = (),
    interruptions: Iterable[date] = (),
    years: int = 1,
    appeals_pause_from: date | None = date(2021, 4, 1),
    today: date,
) -> Clock:
    """The clock of one forfeited amount.

    Args:
        forfeited_on: day of forfeiture.
        pauses: objection, appeal and deferral, in any order; they may overlap.
        interruptions: days on which the term was interrupted, in any order.
        years: length of the term.
        appeals_pause_from: the first day from which objection and appeal pause the clock; None is never.
        today: until when an open pause has lasted so far.
    """
    standing = _united(pauses, appeals_pause_from)
    start = forfeited_on
    interrupted: date | None = None
    remaining = sorted(set(interruptions))
    while True:
        end, is_open, counted = _end(start, standing, years, today)
        in_time = [day for day in remaining if start < day and (is_open or day <= end)]
        if not in_time:
            return Clock(None if is_open else end, end, counted, interrupted)
        start = interrupted = in_time[0]


def _united(pauses: Iterable[Pause], appeals_from: date | None) -> list[Pause]:
    """The pauses as periods that do not touch, earliest first; days of an appeal before it paused anything left out."""
    counting: list[Pause] = []
    for pause in pauses:
        if not pause.by_appeal:
            counting.append(pause)
        elif appeals_from is not None and (pause.until is None or pause.until > appeals_from):
            counting.append(Pause(max(pause.start, appeals_from), pause.until, by_appeal=True))
    united: list[Pause] = []
    for pause in sorted(counting, key=lambda one: one.start):
        if pause.until is not None and pause.until <= pause.start:
            continue
        last = united[-1] if united else None
        if last is not None and (last.until is None or pause.start <= last.until):
            until = None if last.until is None or pause.until is None else max(last.until, pause.until)
            united[-1] = Pause(last.start, until, last.by_appeal and pause.by_appeal)
        else:
            united.append(pause)
    return united


def _end(start: date, pauses: Sequence[Pause], years: int, today: date) -> tuple[date, bool, tuple[Pause, ...]]:
    """The last day, whether it is still open, and the pauses that moved it."""
    end = last_day(start, Term(years=years))
    counted = []
    is_open = False
    for pause in pauses:
        first = max(pause.start, start + _DAY)
        if first > end:
            break
        until = max(today, first) if pause.until is None else pause.until
        if until <= first:
            continue
        end += until - first
        is_open = is_open or pause.until is None
        counted.append(pause)
    return end, is_open, tuple(counted)
