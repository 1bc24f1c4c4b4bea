"""Fills the schema ``kaart``: the same stock, classes and disclosure control as everywhere, as layers for QGIS."""

from datetime import date, datetime
from typing import Final

import polars as pl
import shapely

from registry.signals.run import known_run
from registry.stock.composition import labelled, parts_of
from registry.stock.disclosure import Limits
from registry.stock.records import OBJECT, read_stock_records
from registry.stock.report import SUBJECTS, read_report
from registry.store.engine import ReadConnection, Store
from registry.store.kaart import KAART_LOCK, LayerStand, read_stand, replace_layer
from registry.store.queries.adressen import adres_with_woonplaats, read_adressen
from registry.store.queries.kaart import read_outcomes, read_outlines, read_surfaces
from registry.store.queries.locations import read_locations
from registry.store.queries.records import read_gebieden

_STOCK: Final = "voorraad"
_TOTAL: Final = ("totaal", "alle woningen")
_PLACE: Final = ("adres", "gebieden", "geometrie")


def fill_kaart(store: Store, *, op: date, limits: Limits, now: datetime, again: bool = False) -> list[LayerStand]:
    """Put the registry as it is known now into the layers.

    The counts of policy are those of the first day of the month, once a month: of two releases together more can be
    computed than of one.

    Args:
        store: a PostgreSQL database.
        op: the day.
        limits: what is hidden and rounded in counts.
        now: the moment.
        again: also make the counts of a month that were made before.

    Returns:
        The layers that were filled.

    Raises:
        UsageError: nothing was imported yet.
    """
    month = op.replace(day=1)
    filled: list[tuple[LayerStand, pl.DataFrame]] = []
    with store.read() as connection:
        known = known_run(connection, None)
        before = {one.onderdeel: one for one in read_stand(connection)}
        for name, frame in _layers(connection, op=op, known=known).items():
            filled.append((LayerStand(name, op, known, now, None), frame))
        if again or _STOCK not in before or before[_STOCK].peildatum != month:
            counts, remark = _counts(connection, op=month, known=known, limits=limits)
            filled.append((LayerStand(_STOCK, month, known, now, remark), counts))
    with store.write_transaction(KAART_LOCK) as connection:
        # Another one that read later may have been first to write.
        newer = {one.onderdeel for one in read_stand(connection) if one.run_id > known}
        done = [(stand, frame) for stand, frame in filled if stand.onderdeel not in newer]
        for stand, frame in done:
            replace_layer(connection, frame, stand)
    return [stand for stand, _ in done]


def _layers(connection: ReadConnection, *, op: date, known: int) -> dict[str, pl.DataFrame]:
    """The layers of single things on a day."""
    labels = ("bouwperiode", "woningtype", "wijk", "buurt")
    records = read_stock_records(connection, known=known, parts=parts_of(labels))
    places = _places(connection, op=op, known=known)
    dwellings = labelled(records, labels, op=op).join(places, on=OBJECT, how="left")
    areas = pl.col("gebieden").fill_null("")
    outcomes = read_outcomes(connection).join(places, on=OBJECT, how="left")
    return {
        "gebieden": read_surfaces(connection, on=op, known=known),
        "woningen": dwellings.select(
            OBJECT, "adres", "wijk", "buurt", "status", pl.col("gebruiksdoelen").list.join(", "), "oppervlakte",
            "bouwjaar", "bouwperiode", "woningtype", areas, "geometrie",
        ),
        "panden": _panden(dwellings, read_outlines(connection, on=op, known=known)),
        "signalen": outcomes.with_columns(areas),
    }  # fmt: skip


def _places(connection: ReadConnection, *, op: date, known: int) -> pl.DataFrame:
    """Where each object is: adres, gebieden (codes with a space between) and a point."""
    points = read_locations(connection, on=op, known=known)
    wkb = shapely.to_wkb(shapely.points(points["x"].to_numpy(), points["y"].to_numpy()))
    adressen = read_adressen(connection, on=op, known=known).filter("is_hoofdadres")
    named = adressen.select(OBJECT, adres=adres_with_woonplaats()).unique(OBJECT, keep="first", maintain_order=True)
    lying = read_gebieden(connection, peildatum=op, known=known).group_by(OBJECT)
    codes = lying.agg(pl.col("gebied_code").unique().sort().str.join(" ").alias("gebieden"))
    placed = points.select(OBJECT, geometrie=pl.Series(wkb.tolist(), dtype=pl.Binary()))
    return placed.join(named, on=OBJECT, how="left").join(codes, on=OBJECT, how="left").select(OBJECT, *_PLACE)


def _panden(dwellings: pl.DataFrame, outlines: pl.DataFrame) -> pl.DataFrame:
    """The panden with their dwellings, and every area in which one of these lies."""
    held = dwellings.select(OBJECT, "bouwjaar", "gebieden", pand_id="pand_ids").explode("pand_id")
    codes = pl.col("gebieden").drop_nulls().str.split(" ").explode().unique().sort().str.join(" ")
    grouped = held.drop_nulls("pand_id").group_by("pand_id")
    counted = grouped.agg(pl.col("bouwjaar").min(), woningen=pl.len().cast(pl.Int64), gebieden=codes)
    return counted.join(outlines, on="pand_id", how="left").with_columns(pl.col("gebieden").fill_null(""))


def _counts(connection: ReadConnection, *, op: date, known: int, limits: Limits) -> tuple[pl.DataFrame, str]:
    """The protected stock of every buurt, one row per class, and what a reader must know of it."""
    report = read_report(connection, area="buurt", op=op, known=known, limits=limits, subjects=SUBJECTS)
    subject, label = _TOTAL
    parts = []
    for table in report.tables:
        named = (pl.lit(table.per[1]), pl.col(table.per[1])) if len(table.per) > 1 else (pl.lit(subject), pl.lit(label))
        parts.append(
            table.rows.select(
                "aantal", "aandeel", gebied="buurt", onderwerp=named[0].cast(pl.String), klasse=named[1].cast(pl.String)
            )
        )
    codes = read_surfaces(connection, on=op, known=known).filter(soort="buurt").select("gebied_code", gebied="naam")
    rows = pl.concat(parts).join(codes, on="gebied", how="left", maintain_order="left").with_row_index("volgnummer", 1)
    remarks = " ".join(dict.fromkeys(remark for table in report.tables for remark in table.remarks))
    return rows.with_columns(pl.col("volgnummer").cast(pl.Int64), peildatum=pl.lit(op)), remarks
