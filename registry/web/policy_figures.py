"""Change, crowding, owners and purchases as pages show them: protected, kept in this process."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from registry.exports.picture_style import Picture
from registry.exports.pictures import draw_trend
from registry.stock.change import days_between
from registry.stock.composition import compose
from registry.stock.crowding import Crowding, publish_crowding, read_crowding
from registry.stock.owner_book import OwnerBook, make_book
from registry.stock.owner_view import publish_classes, read_owner_view
from registry.stock.publish_change import PublishedChange, publish_change, read_trend
from registry.stock.purchases import publish_purchases, read_purchases
from registry.store.queries.portfolio import read_besluiten
from registry.web.figures import keep, known_of, limits_of, records_of, source_of
from registry.web.state import Web


@dataclass(frozen=True, slots=True)
class Told:
    """A table with what it means; ``since`` is from when purchases count."""

    rows: pl.DataFrame
    since: date
    texts: tuple[str, ...]


def change_of(web: Web, first: date, last: date) -> PublishedChange:
    """The stock on the first day of each year, what came and went, and what changed of tenure.

    Raises:
        UsageError: the period runs backwards or is too long.
    """

    def make() -> PublishedChange:
        return publish_change(records_of(web), per=[], days=_days(first, last), limits=limits_of(web))

    return keep(web, ("change", first, last), make)


def trend_picture(web: Web, subject: str, first: date, last: date) -> Picture:
    """A line per class of a subject."""

    def make() -> Picture:
        records, limits, days = records_of(web), limits_of(web), _days(first, last)
        trend = read_trend(records, subject=subject, days=days, limits=limits)
        remarks = compose(records, per=[subject], op=days[0]).remarks
        return draw_trend(trend, subject, source=source_of(web), limits=limits, areas=False, remarks=remarks)

    return keep(web, ("trend", subject, first, last), make)


def crowding_of(web: Web, area: str, op: date) -> Crowding:
    """Dwellings and persons above the norm, by area."""

    def make() -> Crowding:
        with web.store.read() as connection:
            return publish_crowding(read_crowding(connection, web.law, per=[area], op=op), limits_of(web))

    return keep(web, ("crowding", area, op), make)


def owner_classes(web: Web, op: date) -> Told:
    """Owners by size and kind; nobody by name."""

    def make() -> Told:
        with web.store.read() as connection:
            view = read_owner_view(connection, web.law, op=op, known=known_of(web))
        return Told(publish_classes(view, limits_of(web)), view.since, (*view.remarks, view.definition))

    return keep(web, ("owners", op), make)


def owner_book(web: Web, op: date) -> OwnerBook:
    """Every owner with his dwellings on a day; new once somebody decides about a portfolio.

    Raises:
        UsageError: nothing was imported yet.
    """
    with web.store.read() as connection:
        decided = read_besluiten(connection).height

    def make() -> OwnerBook:
        with web.store.read() as connection:
            return make_book(connection, web.law, records_of(web), op=op)

    return keep(web, ("owner book", op, decided), make)


def purchases_of(web: Web, op: date) -> Told:
    """Transfers per year and place, and how many to landlords.

    Raises:
        UsageError: no ordinance was in force on the day.
    """

    def make() -> Told:
        with web.store.read() as connection:
            found = read_purchases(connection, web.law, op=op, known=known_of(web))
        return Told(publish_purchases(found, limits_of(web)), found.since, (found.definition,))

    return keep(web, ("purchases", op), make)


def _days(first: date, last: date) -> list[date]:
    return sorted({*days_between(first, last, "jaar"), last})
