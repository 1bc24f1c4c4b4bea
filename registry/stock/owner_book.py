"""Every owner with his dwellings on a day: what the list of owners and the page of one owner are read from.

A run number and the decisions about portfolios fix what it says, so it is made once and asked often. What people judge
meanwhile is not in it: ``read_marks`` reads that anew each time.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from registry.ownership.portfolios import Owners
from registry.stock.dimensions import DIMENSIONS, UNKNOWN, size_class
from registry.stock.facts import stock_facts
from registry.stock.holdings import (
    LET,
    dwellings_on,
    held_by,
    purchases_begin,
    purchases_since,
    turnover_of,
    year_before,
)
from registry.stock.records import OBJECT, StockRecords, valid_on
from registry.store.engine import ReadConnection
from registry.store.queries.assessments import read_latest_assessments
from registry.store.queries.eigendom import OWNER_RIGHTS
from registry.store.queries.portfolio import read_besluiten
from registry.store.queries.rights import restricted_dwellings
from registry.store.queries.signal_list import signal_objects
from rules.parameters import Law

KINDS: Final = ("particulier", "bedrijf", "corporatie", UNKNOWN)
SIZES: Final = tuple(DIMENSIONS["eigenaarsgrootte"].order)
ORDERS: Final = {
    "woningen": "meeste woningen",
    "verhuurd": "meeste verhuurde woningen",
    "signalen": "meeste woningen met een signaal",
    "bevestigd": "meeste woningen met een bevestigd signaal",
    "aankopen": "meeste aankopen",
    "verloop": "meeste verloop",
}
PAGE: Final = 25
CONFIRMED: Final = "bevestigd"


@dataclass(frozen=True, slots=True)
class OwnerBook:
    """Who owned what on a day.

    Attributes:
        op: the day.
        since: from which day purchases count.
        people: the rechthebbenden, grouped to owners.
        owners: owner, naam, natural (whether all his keys are natural persons), soort (of ``KINDS``), rsin, kvk.
        holdings: owner, adresseerbaar_object_id, eigendom, verhuurd, bewoners, verloop (of a let dwelling, in twelve
            months), erbij (not his a year earlier).
        gone: owner, adresseerbaar_object_id: his a year earlier, and no more.
        purchases: owner, overdracht, adresseerbaar_object_id, dag.
        rights: the rights of ownership of any period (schema ``queries.eigendom.RIGHTS``, with owner).
    """

    op: date
    since: date
    people: Owners
    owners: pl.DataFrame
    holdings: pl.DataFrame
    gone: pl.DataFrame
    purchases: pl.DataFrame
    rights: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which owners somebody wants to see.

    Attributes:
        soort: of ``KINDS``.
        klasse: of ``SIZES``.
        signaal: a rule, or ``CONFIRMED``: only owners with such a dwelling.
        orde: key of ``ORDERS``.
        pagina: from 1.
        landlords: only who lets a dwelling, and corporaties; not who only lives in his own.
    """

    soort: str | None = None
    klasse: str | None = None
    signaal: str | None = None
    orde: str = "woningen"
    pagina: int = 1
    landlords: bool = False


@dataclass(frozen=True, slots=True)
class OwnerList:
    """One page: the rows, how many owners there are in all, and the number of pages (at least one)."""

    rows: pl.DataFrame
    total: int
    pages: int


def make_book(connection: ReadConnection, law: Law, records: StockRecords, *, op: date) -> OwnerBook:
    """Who owned what on a day, as known at the run of the records and decided until now.

    Args:
        connection: where to read transfers and decisions.
        law: tells from when purchases count.
        records: with every part.
        op: the day.
    """
    people = Owners(records.holders[date.min], read_besluiten(connection))
    records = replace(records, owners=people.frame())
    dwellings = dwellings_on(records, op)
    held = held_by(records, dwellings)
    before = held_by(records, dwellings_on(records, year_before(op)))
    since = purchases_begin(law, _largest_gemeente(records, op), op)
    let = pl.col("eigendom").is_in(LET)
    holdings = (
        held.join(dwellings.select(OBJECT, "eigendom", bewoners="bewoners_min"), on=OBJECT)
        .join(turnover_of(records, op), on=OBJECT, how="left")
        .join(before.with_columns(earlier=pl.lit(value=True)), on=["owner", OBJECT], how="left")
        .with_columns(verhuurd=let, erbij=~pl.col("earlier").fill_null(value=False))
        .with_columns(verloop=pl.when("verhuurd").then(pl.col("moves").fill_null(0)))
        .drop("moves", "earlier")
    )
    rights = _rights(records, people)
    return OwnerBook(
        op, since, people, _described(people, records, op), holdings,
        gone=before.join(held, on=["owner", OBJECT], how="anti"),
        purchases=purchases_since(connection, records, dwellings, op=op, since=since),
        rights=rights,
    )  # fmt: skip


def read_marks(connection: ReadConnection, *, op: date, known: int) -> pl.DataFrame:
    """What is the matter with dwellings: adresseerbaar_object_id, regel, soort (``signaal`` or ``CONFIRMED``).

    Signals are those of the latest evaluation; confirmed is what a person confirmed until the day. A dwelling of which
    the data may only be kept (AVG art. 18) is left out.
    """
    judged = read_latest_assessments(connection).filter(
        (pl.col("oordeel") == CONFIRMED) & (pl.col("beoordeeld_op").dt.date() <= op)
    )
    signals = pl.DataFrame(signal_objects(connection), schema={OBJECT: pl.String(), "regel": pl.String()}, orient="row")
    kept = restricted_dwellings(connection, known=known)
    return (
        pl.concat([
            signals.with_columns(soort=pl.lit("signaal")),
            judged.select(OBJECT, "regel", soort=pl.lit(CONFIRMED)).unique(),
        ])
        .filter(~pl.col(OBJECT).is_in(kept))
        .unique()
        .sort(OBJECT, "regel", "soort")
    )  # fmt: skip


def inside(records: StockRecords, gebieden: Collection[str] | None, *, on: date) -> pl.DataFrame | None:
    """adresseerbaar_object_id of the dwellings in these areas on a day; None is everywhere."""
    if gebieden is None:
        return None
    if records.ligging is None:
        raise ValueError("the areas were not read")
    lying = valid_on(records.ligging, on).filter(pl.col("gebied_code").is_in(list(gebieden)))
    return lying.select(OBJECT).unique()


def list_owners(
    book: OwnerBook, marks: pl.DataFrame, wanted: Wanted, *, within: pl.DataFrame | None, hidden: Collection[str]
) -> OwnerList:
    """The owners that fit, counted over the dwellings that may be seen.

    Args:
        book: who owned what.
        marks: of ``read_marks``.
        wanted: which, in what order.
        within: only these dwellings count; None is every dwelling.
        hidden: rechthebbenden who are shown nowhere.

    Returns:
        rows with owner, naam, natural, soort, klasse, woningen, verhuurd, erbij, eraf, aankopen, signalen, bevestigd,
        verloop, bewoners (of let dwellings).
    """
    counted = _counted(book, marks, within)
    gone = {book.people.owner_of(key) for key in hidden if key in book.people.holders}
    rows = counted.join(book.owners, on="owner").filter(~pl.col("owner").is_in(list(gone)))
    rows = rows.with_columns(klasse=size_class(pl.col("woningen")))
    if wanted.landlords:
        rows = rows.filter((pl.col("verhuurd") > 0) | (pl.col("soort") == "corporatie"))
    if wanted.soort:
        rows = rows.filter(pl.col("soort") == wanted.soort)
    if wanted.klasse:
        rows = rows.filter(pl.col("klasse") == wanted.klasse)
    if wanted.signaal:
        is_wanted = pl.col("soort") == CONFIRMED if wanted.signaal == CONFIRMED else _is_signal(wanted.signaal)
        having = _seen(book.holdings, within).join(marks.filter(is_wanted), on=OBJECT, how="semi")
        rows = rows.join(having, on="owner", how="semi")
    order = dict.fromkeys([wanted.orde, "woningen"])
    rows = rows.sort(*order, "owner", descending=[*(True for _ in order), False])
    pages = max(1, -(-rows.height // PAGE))
    page = min(max(1, wanted.pagina), pages)
    return OwnerList(rows.slice((page - 1) * PAGE, PAGE), rows.height, pages)


def _is_signal(regel: str) -> pl.Expr:
    return (pl.col("soort") == "signaal") & (pl.col("regel") == regel)


def _counted(book: OwnerBook, marks: pl.DataFrame, within: pl.DataFrame | None) -> pl.DataFrame:
    """The counts per owner of the dwellings that may be seen; who has none of them is left out."""
    marked = marks.group_by(OBJECT).agg(
        signal=(pl.col("soort") == "signaal").any(), confirmed=(pl.col("soort") == CONFIRMED).any()
    )
    of_let = {name: pl.col(name).filter("verhuurd").sum().cast(pl.Int64) for name in ("bewoners", "verloop")}
    table = (
        _seen(book.holdings, within)
        .join(marked, on=OBJECT, how="left")
        .group_by("owner")
        .agg(
            woningen=pl.len().cast(pl.Int64),
            verhuurd=pl.col("verhuurd").sum().cast(pl.Int64),
            erbij=pl.col("erbij").sum().cast(pl.Int64),
            signalen=pl.col("signal").fill_null(value=False).sum().cast(pl.Int64),
            bevestigd=pl.col("confirmed").fill_null(value=False).sum().cast(pl.Int64),
            **of_let,
        )
    )
    for name, rows in (("eraf", book.gone), ("aankopen", book.purchases)):
        counts = _seen(rows, within).group_by("owner").agg(pl.len().cast(pl.Int64).alias(name))
        table = table.join(counts, on="owner", how="left")
    return table.with_columns(pl.col("eraf", "aankopen").fill_null(0))


def _seen(rows: pl.DataFrame, within: pl.DataFrame | None) -> pl.DataFrame:
    return rows if within is None else rows.join(within, on=OBJECT, how="semi")


def _largest_gemeente(records: StockRecords, op: date) -> str:
    counted = stock_facts(records, op=op, parts={"gemeente"})["gemeente"].drop_nulls().value_counts(sort=True)
    return "" if counted.is_empty() else str(counted["gemeente"][0])


def _rights(records: StockRecords, people: Owners) -> pl.DataFrame:
    if records.rights is None:
        raise ValueError("the rights were not read")
    own = records.rights.filter(pl.col("aard_recht").is_in(OWNER_RIGHTS))
    return own.join(people.frame(), on="rechthebbende")


def _described(people: Owners, records: StockRecords, op: date) -> pl.DataFrame:
    """What each owner is; a natural person only when every key of his is one."""
    told = (
        records.holders_on(op)
        .join(people.frame(), on="rechthebbende")
        .group_by("owner")
        .agg(
            naam=pl.coalesce("statutaire_naam", "naam").drop_nulls().first(),
            natural=(pl.col("type") == "natuurlijk_persoon").fill_null(value=False).all(),
            corporatie=pl.col("corporatie").fill_null(value=False).any(),
            kind_known=pl.col("type").is_not_null().any(),
            rsin=pl.col("rsin").drop_nulls().first(),
            kvk=pl.col("kvk").drop_nulls().first(),
        )
    )
    kind = (
        pl.when("corporatie").then(pl.lit("corporatie")).when("natural").then(pl.lit("particulier"))
        .when("kind_known").then(pl.lit("bedrijf")).otherwise(pl.lit(UNKNOWN))
    )  # fmt: skip
    # An owner of an unknown kind may be a person of flesh and blood: he counts as one.
    private = pl.col("natural") | ~pl.col("kind_known")
    return told.with_columns(soort=kind, natural=private).drop("corporatie", "kind_known")
