"""The only place that reads the clock: everything else gets its moment or date as a parameter."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """This moment, in UTC with time zone."""
    return datetime.now(tz=UTC)


def local_now() -> datetime:
    """This moment as a clock on a Dutch wall shows it, without time zone: for in a file that people read."""
    return now().astimezone(AMSTERDAM).replace(tzinfo=None)


def today() -> date:
    """The date of today in the Netherlands."""
    return datetime.now(tz=AMSTERDAM).date()


def end_of_day(day: date) -> datetime:
    """The first moment after ``day`` in Europe/Amsterdam, in UTC: "known on D" means before this."""
    midnight = datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=AMSTERDAM)
    return midnight.astimezone(UTC)


def to_local(moment: datetime | None) -> datetime | None:
    """A moment as a clock on a Dutch wall showed it, without time zone; one that has no zone is in UTC."""
    if moment is None:
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return aware.astimezone(AMSTERDAM).replace(tzinfo=None)
