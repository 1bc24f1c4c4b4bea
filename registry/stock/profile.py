"""One page about an area: what its stock is made of, beside all areas together; from one protected release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from registry.errors import UsageError
from registry.stock.composition import DEFINITION
from registry.stock.dimensions import DIMENSIONS, UNKNOWN
from registry.stock.publish import Published
from registry.stock.report import Report

SUBJECTS: Final = (
    "eigendom", "woningtype", "bouwperiode", "grootteklasse", "wozklasse", "bewoners", "ruimte_per_bewoner",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A class of a subject: its count and share in the area, and its share in all areas; null is hidden."""

    label: str
    aantal: int | None
    share: float | None
    everywhere: float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A subject with its classes in order."""

    subject: str
    header: str
    lines: tuple[Line, ...]

    def share_of(self, *labels: str) -> float | None:
        """The share of some classes together; null when one of them is hidden or nothing is known."""
        found = [line.share for line in self.lines if line.label in labels]
        return None if None in found or not self.lines else sum(share for share in found if share is not None)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the page says.

    ``area`` is the kind of area; ``mean_area`` is in m2 per dwelling; null is hidden.
    """

    name: str
    area: str
    op: date
    dwellings: int | None
    mean_area: float | None
    tables: tuple[Table, ...]
    definitions: tuple[str, ...]
    remarks: tuple[str, ...]

    def table(self, subject: str) -> Table:
        """The table of a subject."""
        return next(table for table in self.tables if table.subject == subject)


def make_profiles(report: Report, only: Sequence[str] = ()) -> list[Profile]:
    """A page per area of a report (of ``read_report``, with ``SUBJECTS`` and ``whole``), in the order of their names.

    Raises:
        UsageError: an area that is asked for does not exist.
    """
    totals, *tables = report.tables
    names = [name for name in totals.rows[report.area] if name != UNKNOWN]
    if absent := [name for name in only if name not in names]:
        raise UsageError(f"'{absent[0]}' bestaat niet als {report.area}. Kies uit: {', '.join(names)}.")
    return [_profile(report, name, totals, tables) for name in names if not only or name in only]


def _profile(report: Report, name: str, totals: Published, tables: Sequence[Published]) -> Profile:
    own = totals.rows.filter(pl.col(report.area) == name).row(0, named=True)
    count, surface = own["aantal"], own["oppervlakte"]
    whole = {table.per[0]: table for table in tables if len(table.per) == 1}
    everything = dict.fromkeys(text for table in (totals, *tables) for text in table.remarks)
    definitions = dict.fromkeys([DEFINITION, *(DIMENSIONS[subject].definition for subject in (report.area, *whole))])
    return Profile(
        name, report.area, report.op, count, surface / count if count and surface is not None else None,
        tuple(_table(table, whole[table.per[1]], name, count) for table in tables if len(table.per) > 1),
        tuple(definitions), tuple(everything),
    )  # fmt: skip


def _table(table: Published, whole: Published, name: str, count: int | None) -> Table:
    area, subject = table.per
    own = dict(table.rows.filter(pl.col(area) == name).select(subject, "aantal").iter_rows())
    absent = 0 if count is not None else None
    return Table(subject, DIMENSIONS[subject].header, tuple(
        Line(label, found := own.get(label, absent), _part(found, count), _part(everywhere, whole.total))
        for label, everywhere in whole.rows.select(subject, "aantal").iter_rows()
    ))  # fmt: skip


def _part(count: int | None, whole: int | None) -> float | None:
    return None if count is None or not whole else min(count / whole, 1.0)
