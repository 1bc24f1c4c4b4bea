"""What each owner had on a day: his dwellings, what he bought, who came and went there, what a person confirmed."""

from datetime import date
from typing import Final

import polars as pl

from registry.stock.composition import Selection, labelled
from registry.stock.records import OBJECT, StockRecords
from registry.store.engine import ReadConnection
from registry.store.queries.assessments import read_latest_assessments
from registry.store.queries.eigendom import read_overdrachten
from rules.opkoopbescherming_conditions import SINDS
from rules.parameters import Law

LET: Final = ("particulier verhuurd", "bedrijf")


def year_before(op: date) -> date:
    """The same day a year earlier; of 29 February the 28th."""
    return op.replace(year=op.year - 1, day=min(op.day, 28) if op.month == 2 else op.day)


def purchases_begin(law: Law, gemeente: str, op: date) -> date:
    """From when purchases count: when opkoopbescherming began in a gemeente, else a year before the day."""
    begun = law.value_at(SINDS, gemeente, op)
    return begun.waarde if begun is not None and isinstance(begun.waarde, date) else year_before(op)


def dwellings_on(records: StockRecords, op: date, only: Selection | None = None) -> pl.DataFrame:
    """adresseerbaar_object_id, eigendom, eigenaren, bewoners_min of the stock of a day, or of these classes of it."""
    facts = labelled(records, {"eigendom", "bewoond", *(only or ())}, op=op)
    for name, classes in (only or {}).items():
        facts = facts.filter(pl.col(name).is_in(list(classes)))
    return facts.select(OBJECT, "eigendom", "eigenaren", "bewoners_min")


def held_by(records: StockRecords, dwellings: pl.DataFrame) -> pl.DataFrame:
    """owner, adresseerbaar_object_id: who certainly owned which dwelling."""
    keys = dwellings.select(OBJECT, rechthebbende="eigenaren").explode("rechthebbende").drop_nulls()
    return keys.join(owners_of(records), on="rechthebbende").select("owner", OBJECT).unique()


def owners_of(records: StockRecords) -> pl.DataFrame:
    """rechthebbende, owner.

    Raises:
        ValueError: the records were read without owners.
    """
    if records.owners is None:
        raise ValueError("the owners were not read")
    return records.owners


def purchases_since(
    connection: ReadConnection, records: StockRecords, dwellings: pl.DataFrame, *, op: date, since: date
) -> pl.DataFrame:
    """owner, overdracht, adresseerbaar_object_id, dag: every purchase of a dwelling of the stock since a day."""
    persons = records.holders_on(op).select("rechthebbende", "persoon").join(owners_of(records), on="rechthebbende")
    bought = read_overdrachten(connection, known=records.known).filter(
        (pl.col("aard") == "levering") & pl.col("inschrijving_eerste").is_between(since, op)
    )
    return (
        bought.select("overdracht", OBJECT, persoon="verkrijgers", dag="inschrijving_eerste")
        .explode("persoon")
        .join(persons.select("persoon", "owner").unique(), on="persoon")
        .join(dwellings.select(OBJECT), on=OBJECT, how="semi")
        .select("owner", "overdracht", OBJECT, "dag")
        .unique()
    )


def confirmed_dwellings(connection: ReadConnection, op: date) -> pl.DataFrame:
    """adresseerbaar_object_id: where a person confirmed a breach, on a day or before."""
    judged = read_latest_assessments(connection).filter(
        (pl.col("oordeel") == "bevestigd") & (pl.col("beoordeeld_op").dt.date() <= op)
    )
    return judged.select(OBJECT).unique()


def turnover_of(records: StockRecords, op: date) -> pl.DataFrame:
    """adresseerbaar_object_id, moves: certain residents who came or left in the twelve months before the day.

    Raises:
        ValueError: the records were read without residents.
    """
    if records.bewoning is None:
        raise ValueError("the residents were not read")
    begin = year_before(op)
    moved = pl.sum_horizontal(
        pl.col(name).is_between(begin, op, closed="right").fill_null(value=False).cast(pl.Int64)
        for name in ("valid_from", "valid_until")
    )
    stays = records.bewoning.filter(pl.col("zekerheid") == "zeker")
    return stays.group_by(OBJECT).agg(moves=moved.sum())
