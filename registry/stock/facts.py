"""The dwellings of a day with what the stock is divided by: one row each, null where it is not known."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Final

import polars as pl

from registry.domain.value_lists import (
    EERSTE_BEKENDE_BOUWJAAR,
    ONBEKENDE_OPPERVLAKTEN,
    WONINGVOORRAAD_STATUSSEN,
    StatusVerblijfsobject,
)
from registry.ownership.tenure import derive_tenure
from registry.stock.records import OBJECT, StockRecords, valid_on
from rules.derivations.woz import woz_on

SEVERAL: Final = "meer dan één gebied"
MOST_AREA: Final = 10_000
# What stands in a pand now: also what is being rebuilt is there.
_STANDING: Final = [*sorted(WONINGVOORRAAD_STATUSSEN), StatusVerblijfsobject.VERBOUWING.value]


def stock_facts(records: StockRecords, *, op: date, parts: Collection[str]) -> pl.DataFrame:
    """The woningvoorraad of a day (CBS definition).

    Args:
        records: with at least the parts that are asked for, except ``pand``, which is always there.
        op: the day.
        parts: of ``records.PARTS`` and ``pand``; each adds its columns.

    Returns:
        adresseerbaar_object_id, status, gebruiksdoelen, oppervlakte (m2, null = unknown), pand_ids; with ``pand``
        bouwjaar and pand_objecten (objects in its largest pand); with ``gebieden`` wijk, buurt, eigen_gebied; with
        ``gemeente`` gemeente; with ``bewoning`` bewoners_min and bewoners_max; with ``eigendom`` eigendom, eigenaren
        (List) and portefeuille (dwellings of its largest owner); with ``woz`` waarde (euro). Sorted by id.
    """
    facts = records.remembered(op, "objecten", lambda: _dwellings(_objects(records, op)))
    dwellings = facts
    added: dict[str, Callable[[], pl.DataFrame]] = {
        "pand": lambda: _panden(records, _objects(records, op), op),
        "gebieden": lambda: _areas(records, op),
        "gemeente": lambda: _gemeenten(records, op),
        "bewoning": lambda: _residents(records, op),
        "eigendom": lambda: _ownership(records, dwellings, op),
        "woz": lambda: _values(records, dwellings, op),
    }
    for part, make in added.items():
        if part in parts:
            facts = facts.join(records.remembered(op, part, make), on=OBJECT, how="left", maintain_order="left")
    if "bewoning" in parts and "brp" in records.bronnen:
        facts = facts.with_columns(pl.col("bewoners_min", "bewoners_max").fill_null(0))
    return facts


def _objects(records: StockRecords, op: date) -> pl.DataFrame:
    return _latest(valid_on(records.bag.objecten, op))


def _dwellings(objects: pl.DataFrame) -> pl.DataFrame:
    return objects.filter(
        pl.col("status").is_in(sorted(WONINGVOORRAAD_STATUSSEN)) & pl.col("gebruiksdoelen").list.contains("woonfunctie")
    ).select(OBJECT, "status", "gebruiksdoelen", _area(), "pand_ids")


def _latest(objects: pl.DataFrame) -> pl.DataFrame:
    """Should two voorkomens overlap, the later one speaks (BAG: order by voorkomenidentificatie)."""
    if objects[OBJECT].n_unique() == objects.height:
        return objects
    return objects.unique(OBJECT, keep="last", maintain_order=True)


def _area() -> pl.Expr:
    """The oppervlakte where it is one (CBS, onderzoeksomschrijving Voorraad woningen)."""
    column = pl.col("oppervlakte")
    plausible = column.is_between(1, MOST_AREA, closed="left") & ~column.is_in(sorted(ONBEKENDE_OPPERVLAKTEN))
    return pl.when(plausible).then(column).alias("oppervlakte")


def _panden(records: StockRecords, objects: pl.DataFrame, op: date) -> pl.DataFrame:
    """Of several panden the oldest bouwjaar counts, as CBS does, and the pand with the most objects."""
    year = pl.col("oorspronkelijk_bouwjaar")
    panden = valid_on(records.bag.panden, op).unique("pand_id", keep="last", maintain_order=True)
    panden = panden.select("pand_id", bouwjaar=pl.when(year.is_between(EERSTE_BEKENDE_BOUWJAAR, op.year)).then(year))
    standing = objects.filter(pl.col("status").is_in(_STANDING)).select(OBJECT, pand_id="pand_ids").explode("pand_id")
    standing = standing.filter(pl.col("pand_id").is_not_null())
    counted = standing.group_by("pand_id").agg(pand_objecten=pl.len().cast(pl.Int64))
    return (
        standing.join(panden, on="pand_id", how="left")
        .join(counted, on="pand_id")
        .group_by(OBJECT)
        .agg(pl.col("bouwjaar").min(), pl.col("pand_objecten").max())
    )


def _areas(records: StockRecords, op: date) -> pl.DataFrame:
    ligging, labels = _part(records.ligging), _part(records.labels)
    names = valid_on(labels, op).unique("gebied_code", keep="last", maintain_order=True).select("gebied_code", "label")
    lying = (
        valid_on(ligging, op)
        .filter(pl.col("soort") != "gemeente")
        .join(names, on="gebied_code", how="left")
        .with_columns(pl.coalesce("label", "gebied_code").alias("label"))
        .group_by(OBJECT, "soort")
        .agg(pl.col("label").first(), several=pl.col("gebied_code").n_unique() > 1)
        .with_columns(label=pl.when("several").then(pl.lit(SEVERAL)).otherwise("label"))
    )
    one = {soort: lying.filter(soort=soort).select(OBJECT, label) for soort, label in _LABELS.items()}
    return (
        one["buurt"]
        .join(one["wijk"], on=OBJECT, how="full", coalesce=True)
        .join(one["eigen"], on=OBJECT, how="full", coalesce=True)
    )


_LABELS: Final = {
    "buurt": pl.col("label").alias("buurt"),
    "wijk": pl.col("label").alias("wijk"),
    "eigen": pl.col("label").alias("eigen_gebied"),
}


def _gemeenten(records: StockRecords, op: date) -> pl.DataFrame:
    """By the woonplaats of the hoofdadres, else by the area in which it lies."""
    held = valid_on(_part(records.gemeenten), op).filter(
        (pl.col("within_from") <= op) & (pl.col("within_until").is_null() | (pl.col("within_until") > op))
    )
    by_area = valid_on(_part(records.ligging), op).filter(soort="gemeente")
    both = pl.concat([held.select(OBJECT, "gemeente"), by_area.select(OBJECT, gemeente="gebied_code")])
    return both.unique(OBJECT, keep="first", maintain_order=True)


def _residents(records: StockRecords, op: date) -> pl.DataFrame:
    living = valid_on(_part(records.bewoning), op)
    certain = pl.col("zekerheid") == "zeker"
    return living.group_by(OBJECT).agg(
        bewoners_min=pl.col("persoon").filter(certain).n_unique().cast(pl.Int64),
        bewoners_max=pl.col("persoon").n_unique().cast(pl.Int64),
    )


def _ownership(records: StockRecords, facts: pl.DataFrame, op: date) -> pl.DataFrame:
    tenure = derive_tenure(
        facts.select(OBJECT),
        rights=_part(records.rights),
        holders=records.holders_on(op),
        bewoning=valid_on(_part(records.bewoning), op).select(OBJECT, "persoon", "zekerheid"),
        op=op,
        bronnen=records.bronnen,
    ).select(OBJECT, "eigendom", "eigenaren")
    return tenure.with_columns(portefeuille=_largest_portfolio(tenure, _part(records.owners)))


def _largest_portfolio(tenure: pl.DataFrame, owners: pl.DataFrame) -> pl.Series:
    """How many dwellings the largest owner of each dwelling has."""
    rows = tenure.lazy().with_row_index("row")
    held = (
        rows.select("row", rechthebbende="eigenaren").explode("rechthebbende").join(owners.lazy(), on="rechthebbende")
    )
    sizes = held.select("row", "owner").unique().with_columns(portefeuille=pl.len().over("owner").cast(pl.Int64))
    largest = sizes.group_by("row").agg(pl.col("portefeuille").max())
    joined = rows.select("row").join(largest, on="row", how="left", maintain_order="left")
    return joined.collect().get_column("portefeuille")


def _values(records: StockRecords, facts: pl.DataFrame, op: date) -> pl.DataFrame:
    """The WOZ value; one that holds for more dwellings together is not divided, and stays unknown."""
    days = facts.select(OBJECT, dag=pl.lit(op))
    exact = pl.col("woz_laag") == pl.col("woz_hoog")
    return woz_on(_part(records.woz), days).select(OBJECT, waarde=pl.when(exact).then("woz_laag").cast(pl.Int64))


def _part(frame: pl.DataFrame | None) -> pl.DataFrame:
    if frame is None:
        raise ValueError("this part was not read: name it in read_stock_records")
    return frame
