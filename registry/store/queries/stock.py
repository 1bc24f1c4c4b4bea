"""What the stock is counted from."""

from datetime import date

import polars as pl

from registry.store.engine import ReadConnection
from registry.store.queries.records import read_gebieden, read_objecten
from registry.store.queries.versions import bag_versions, read_versions
from registry.store.tables import registers


def read_stock(connection: ReadConnection, *, op: date, known: int) -> pl.DataFrame:
    """One row per verblijfsobject of a day, with the names of its areas and the bouwjaar of its oldest pand.

    Returns:
        adresseerbaar_object_id, status, gebruiksdoelen, oppervlakte (m2, as delivered), gemeente, wijk, buurt (names;
        the code where an area has no name), bouwjaar.
    """
    objects = read_objecten(connection, peildatum=op, known=known).filter(objecttype="verblijfsobject")
    return (
        objects.select("adresseerbaar_object_id", "status", "gebruiksdoelen", "oppervlakte", "gemeente")
        .join(read_area_names(connection, op=op, known=known), on="adresseerbaar_object_id", how="left")
        .join(_bouwjaren(connection, op=op, known=known), on="adresseerbaar_object_id", how="left")
    )


def read_area_names(connection: ReadConnection, *, op: date, known: int) -> pl.DataFrame:
    """The names of the wijk and buurt of each object: adresseerbaar_object_id, wijk, buurt."""
    names = read_versions(connection, registers.gebieden, ("gebied_code", "naam"), known=known, on=op)
    lying = read_gebieden(connection, peildatum=op, known=known).join(names, on="gebied_code", how="left")
    lying = lying.with_columns(naam=pl.coalesce("naam", "gebied_code"))

    def named(soort: str) -> pl.DataFrame:
        return (
            lying.filter(soort=soort)
            .sort("gebied_code")
            .unique("adresseerbaar_object_id", keep="first", maintain_order=True)
            .select("adresseerbaar_object_id", pl.col("naam").alias(soort))
        )

    return named("wijk").join(named("buurt"), on="adresseerbaar_object_id", how="full", coalesce=True)


def _bouwjaren(connection: ReadConnection, *, op: date, known: int) -> pl.DataFrame:
    """The bouwjaar of each verblijfsobject: of several panden the oldest, as CBS counts."""
    panden = bag_versions(connection, registers.panden, ("pand_id", "oorspronkelijk_bouwjaar"), known=known, on=op)
    objects = bag_versions(
        connection, registers.verblijfsobjecten, ("verblijfsobject_id", "pand_ids"), known=known, on=op
    )
    plausible = panden.filter(pl.col("oorspronkelijk_bouwjaar").is_between(1000, op.year))
    return (
        objects.explode("pand_ids")
        .join(plausible, left_on="pand_ids", right_on="pand_id")
        .group_by("verblijfsobject_id")
        .agg(bouwjaar=pl.col("oorspronkelijk_bouwjaar").min())
        .rename({"verblijfsobject_id": "adresseerbaar_object_id"})
    )
