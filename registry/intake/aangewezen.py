"""Which objects lie in an area that an ordinance designates by codes of the CBS or by postcodes, and when."""

import polars as pl

from registry.intake.areas import LIGGING, merge_periods

_FAR = pl.date(9999, 12, 31)


def designate(ligging: pl.DataFrame, adressen: pl.DataFrame, aangewezen: pl.DataFrame) -> pl.DataFrame:
    """The membership of designated areas, as ``LIGGING`` of soort ``eigen``.

    Args:
        ligging: in which areas of the CBS each object lies, with periods (``LIGGING``).
        adressen: adresseerbaar_object_id, postcode, valid_from, valid_until of the hoofdadressen.
        aangewezen: columns of ``importers.records.AANGEWEZEN_GEBIEDEN``.

    Returns:
        Each object for as long as it lay in the part while the part was designated.
    """
    objects = pl.concat(
        [
            ligging.select("adresseerbaar_object_id", "valid_from", "valid_until", onderdeel="gebied_code"),
            _by_postcode(adressen, pl.col("postcode")),
            _by_postcode(adressen, pl.col("postcode").str.slice(0, 4)),
        ],
        how="diagonal",
    )
    parts = aangewezen.select(
        "gebied_code", "onderdeel", part_from=pl.col("valid_from"), part_until=pl.col("valid_until")
    )
    members = objects.join(parts, on="onderdeel").select(
        "adresseerbaar_object_id",
        "gebied_code",
        soort=pl.lit("eigen"),
        valid_from=pl.max_horizontal("valid_from", "part_from"),
        valid_until=pl.min_horizontal("valid_until", "part_until"),  # nulls are left out: null when both are open
    )
    return merge_periods(members.filter(pl.col("valid_from") < pl.col("valid_until").fill_null(_FAR))).select(
        LIGGING.names()
    )


def _by_postcode(adressen: pl.DataFrame, part: pl.Expr) -> pl.DataFrame:
    return adressen.filter(pl.col("postcode").is_not_null()).select(
        "adresseerbaar_object_id", "valid_from", "valid_until", onderdeel=part
    )
