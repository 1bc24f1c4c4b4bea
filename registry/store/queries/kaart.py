"""What the layers of ``store.kaart`` need and nothing else reads: outlines of panden, outcomes as they stand."""

from datetime import date

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, read_frame
from registry.store.queries.signal_list import latest_evaluations
from registry.store.queries.stock import read_area_labels
from registry.store.queries.versions import bag_versions, read_versions
from registry.store.tables import registers
from registry.store.tables.signals import evaluaties, signalen

OUTCOMES: dict[str, pl.DataType] = {
    "signaal_id": pl.Int64(),
    "adresseerbaar_object_id": pl.String(),
    "uitkomst": pl.String(),
    "urgentie": pl.String(),
    "periode_van": pl.Date(),
    "tot": pl.Date(),
    "regel": pl.String(),
    "peildatum": pl.Date(),
}


def read_outcomes(connection: ReadConnection) -> pl.DataFrame:
    """The kept outcomes of the last evaluation of each rule (schema ``OUTCOMES``): no facts, no texts."""
    columns = [(evaluaties if name in evaluaties.c else signalen).c[name] for name in OUTCOMES]
    query = (
        sa.select(*columns)
        .join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)
        .where(signalen.c.evaluatie_id.in_(latest_evaluations()))
    )
    return read_frame(connection, query, OUTCOMES)


def read_outlines(connection: ReadConnection, *, on: date, known: int) -> pl.DataFrame:
    """The panden of a day: pand_id, geometrie (WKB in EPSG:28992)."""
    found = bag_versions(connection, registers.panden, ("pand_id", "voorkomen", "geometrie"), known=known, on=on)
    return found.sort("voorkomen").unique("pand_id", keep="last", maintain_order=True).select("pand_id", "geometrie")


def read_surfaces(connection: ReadConnection, *, on: date, known: int) -> pl.DataFrame:
    """The areas of a day: gebied_code, soort, naam (without doubt), geometrie (WKB in EPSG:28992)."""
    columns = ("gebied_code", "soort", "geometrie")
    shapes = read_versions(connection, registers.gebieden, columns, known=known, on=on)
    labels = read_area_labels(connection, known=known)
    held = (pl.col("valid_from") <= on) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > on))
    named = labels.filter(held).unique("gebied_code").select("gebied_code", naam="label")
    return (
        shapes.unique("gebied_code").join(named, on="gebied_code").select("gebied_code", "soort", "naam", "geometrie")
    )
