"""The figures of policy as pages show them: made once for what is known, then kept in this process.

One release per day and kind of area holds every subject, so that tables and pictures of it protect one another.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from threading import RLock
from typing import Any, Final, TypeVar, cast

import polars as pl

from registry.exports.notes import SourceNote, source_notes
from registry.exports.picture_style import Picture
from registry.exports.pictures import draw_bars, draw_map, source_line
from registry.signals.run import known_run
from registry.stock.disclosure import Limits
from registry.stock.profile import SUBJECTS as PROFILE_SUBJECTS
from registry.stock.publish import Published
from registry.stock.records import StockRecords, read_stock_records
from registry.stock.report import SUBJECTS, Report, read_report
from registry.store.queries.runs import imported_sources
from registry.store.queries.stock import read_area_shapes
from registry.web.state import Web

Made = TypeVar("Made")
_MOST: Final = 96


@dataclass(slots=True)
class Kept:
    """What was made last, the longest unused forgotten first; one at a time is made (drawing shares its settings)."""

    made: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    lock: RLock = field(default_factory=RLock)

    def of(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What stands under a key, made now when it does not."""
        with self.lock:
            if key not in self.made:
                self.made[key] = make()
            self.made.move_to_end(key)
            while len(self.made) > _MOST:
                self.made.popitem(last=False)
            return cast("Made", self.made[key])


KEPT: Final = Kept()


def limits_of(web: Web) -> Limits:
    """What is hidden and rounded, as the municipality set it."""
    return Limits(web.settings.afscherming_minimum, web.settings.afscherming_afronding)


def known_of(web: Web) -> int:
    """The run that counts now.

    Raises:
        UsageError: nothing was imported yet.
    """
    with web.store.read() as connection:
        return known_run(connection, None)


def keep(web: Web, key: tuple[Hashable, ...], make: Callable[[], Made]) -> Made:
    """Something that follows from the registry as it is known now and from ``key``."""
    return KEPT.of((web.settings.database_url, known_of(web), limits_of(web), *key), make)


def stock_report(web: Web, area: str, op: date) -> Report:
    """Every table of one day by one kind of area, protected together.

    Raises:
        UsageError: there are no dwellings on the day.
    """

    def make() -> Report:
        with web.store.read() as connection:
            return read_report(
                connection, area=area, op=op, known=known_of(web), limits=limits_of(web), subjects=SUBJECTS, whole=True
            )

    return keep(web, ("report", area, op), make)


def table_of(report: Report, subject: str | None) -> Published:
    """The table by area and a subject; by area alone for None or the area itself."""
    per = (report.area,) if subject in (None, report.area) else (report.area, subject)
    return next(table for table in report.tables if table.per == per)


def release_of(report: Report) -> Report:
    """The tables that leave as files: those by area."""
    return replace(report, tables=tuple(table for table in report.tables if report.area in table.per))


def profile_report(report: Report) -> Report:
    """The tables that the page about one area shows, of the same release."""
    wanted = {report.area, *PROFILE_SUBJECTS}
    return replace(report, tables=tuple(table for table in report.tables if wanted.issuperset(table.per)))


def shapes_of(web: Web, area: str, op: date) -> pl.DataFrame:
    """The surfaces of a kind of area on a day: gebied_code, label, geometrie."""

    def make() -> pl.DataFrame:
        with web.store.read() as connection:
            return read_area_shapes(connection, area.removesuffix("_gebied"), op=op, known=known_of(web))

    return keep(web, ("shapes", area, op), make)


def records_of(web: Web) -> StockRecords:
    """Every period of the stock, for change over time."""

    def make() -> StockRecords:
        with web.store.read() as connection:
            return read_stock_records(connection, known=known_of(web))

    return keep(web, ("records",), make)


def sources_of(web: Web) -> list[SourceNote]:
    """The deliveries that the figures rest on."""
    with web.store.read() as connection:
        return source_notes(imported_sources(connection, known=known_of(web)))


def source_of(web: Web) -> str:
    """The line below a picture."""
    return source_line(sources_of(web))


def stock_picture(web: Web, area: str, subject: str, op: date, label: str | None) -> Picture:
    """Bars of a subject by area, or with a class its share on a map."""

    def make() -> Picture:
        report = stock_report(web, area, op)
        table, totals = table_of(report, subject), report.tables[0]
        if label is None:
            return draw_bars(table, totals=totals, source=source_of(web))
        return draw_map(table, label, shapes_of(web, area, op), totals=totals, source=source_of(web))

    return keep(web, ("picture", area, subject, op, label), make)
