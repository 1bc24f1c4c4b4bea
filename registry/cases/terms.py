"""Legal terms: when one ends, by the Algemene termijnenwet where that law reaches it.

A term of days, weeks, months or years starts on the day after the event. Its last day counts. The Algemene termijnenwet
extends a term set by law that ends on a Saturday, Sunday or holiday to the next day that is none (art. 1), and gives a
term of at least three days two days that are none of these (art. 2). It does not reach terms of more than ninety days,
twelve weeks or three months, nor of years (art. 4), terms that are counted back (art. 1 lid 2), or terms that an
authority sets in a decision.
"""

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

import holidays
from holidays.constants import OPTIONAL, PUBLIC

_DAY: Final = timedelta(days=1)
_MAX_DAYS, _MAX_WEEKS, _MAX_MONTHS = 90, 12, 3
_SHORTEST, _WORKING = 3, 2
_SATURDAY: Final = 5
# Easter Sunday and Whit Sunday are no holidays of art. 3, but Sundays anyway; Good Friday is equated by art. 3 lid 2.


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time in exactly one unit.

    Attributes:
        days: calendar days.
        weeks: weeks.
        months: months.
        years: years.
        by_law: whether a law sets it; a term that an authority sets in a decision is none.
    """

    days: int = 0
    weeks: int = 0
    months: int = 0
    years: int = 0
    by_law: bool = True

    def __post_init__(self) -> None:
        """Refuse what is no term: a programming error, not a user's."""
        if sum(length > 0 for length in (self.days, self.weeks, self.months, self.years)) != 1:
            raise ValueError(f"a term has one unit and a positive length: {self}")

    @property
    def under_termijnenwet(self) -> bool:
        """Whether the Algemene termijnenwet reaches it (art. 4)."""
        within = self.days <= _MAX_DAYS and self.weeks <= _MAX_WEEKS and self.months <= _MAX_MONTHS
        return self.by_law and within and self.years == 0


def is_free(day: date, equated: Collection[date] = ()) -> bool:
    """Whether a day is a Saturday, Sunday, holiday, or a day equated with one (Algemene termijnenwet art. 1 and 3)."""
    return day.weekday() >= _SATURDAY or day in _holidays(day.year) or day in equated


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year, categories=(PUBLIC, OPTIONAL)))


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier); the last day of the month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(event: date, term: Term, *, equated: Collection[date] = ()) -> date:
    """The last day of a term that starts on the day after an event.

    Args:
        event: the day of the event; it does not count.
        term: how long.
        equated: days that a royal decree equates with a holiday.
    """
    end = _unextended(event, term)
    if not term.under_termijnenwet:
        return end
    if (end - event).days >= _SHORTEST:
        while sum(not is_free(day, equated) for day in _days(event + _DAY, end)) < _WORKING:
            end += _DAY
    while is_free(end, equated):
        end += _DAY
    return end


def _unextended(event: date, term: Term) -> date:
    if term.days or term.weeks:
        return event + timedelta(days=term.days, weeks=term.weeks)
    return add_months(event, term.months + 12 * term.years)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def counts_back_to(event: date, years: int) -> date:
    """The first day of a period of years that is counted back from an event, the same day included.

    A term that is counted back is never extended (Algemene termijnenwet art. 1 lid 2).
    """
    return add_months(event, -12 * years)
