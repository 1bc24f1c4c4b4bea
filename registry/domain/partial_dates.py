"""Dates of the BRP that may be incomplete: ``20100000`` is the year 2010, ``00000000`` is all time.

Such a date is a period, not a day. Nothing here turns it into one: it only says which days it may be.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from registry.errors import InvalidDateError

MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_EIGHT_DIGITS = re.compile(r"[0-9]{8}")


class Precision(StrEnum):
    """How much of a date is known."""

    DAG = "dag"
    MAAND = "maand"
    JAAR = "jaar"
    ONBEKEND = "onbekend"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, the month or everything may be unknown (LO BRP, element type datum)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not self._is_possible():
            raise InvalidDateError(
                "De datum bestaat niet. Verwacht JJJJMMDD, met nullen voor een onbekende dag, maand of jaar."
            )

    def _is_possible(self) -> bool:
        if self.year is None:
            return self.month is None and self.day is None
        if not 1 <= self.year <= 9999:
            return False
        if self.month is None:
            return self.day is None
        if not 1 <= self.month <= 12:
            return False
        return self.day is None or 1 <= self.day <= calendar.monthrange(self.year, self.month)[1]

    @classmethod
    def parse(cls, text: str) -> Self:
        """The date that ``JJJJMMDD`` stands for; zeros are unknown.

        Raises:
            InvalidDateError: the text has no eight digits, or no such day, month or year exists.
        """
        if not _EIGHT_DIGITS.fullmatch(text):
            raise InvalidDateError("De datum heeft geen acht cijfers. Verwacht JJJJMMDD.")
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
        return cls(year or None, month or None, day or None)

    @classmethod
    def of(cls, day: date) -> Self:
        """A fully known date."""
        return cls(day.year, day.month, day.day)

    @property
    def precision(self) -> Precision:
        """What is known: the day, the month, the year or nothing."""
        if self.day is not None:
            return Precision.DAG
        if self.month is not None:
            return Precision.MAAND
        return Precision.ONBEKEND if self.year is None else Precision.JAAR

    @property
    def first_day(self) -> date | None:
        """The earliest day that it may be; None = no bound."""
        return None if self.year is None else date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date | None:
        """The latest day that it may be, inclusive; None = no bound."""
        if self.year is None:
            return None
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def dutch(self) -> str:
        """The date as a Dutch reader writes it: ``5 maart 2010``, ``maart 2010``, ``2010`` or ``onbekend``."""
        if self.year is None:
            return "onbekend"
        if self.month is None:
            return str(self.year)
        month = f"{MAANDEN[self.month - 1]} {self.year}"
        return month if self.day is None else f"{self.day} {month}"

    def __str__(self) -> str:
        return f"{self.year or 0:04}{self.month or 0:02}{self.day or 0:02}"
