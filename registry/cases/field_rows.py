"""The sheets Inspecties and Foto's: what was done and seen at the dwellings, and the hashes of the photos."""

import polars as pl

from registry.cases.subject import OBJECT

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}
PHOTO_FOLDER = "fotos"


def visit_rows(visits: pl.DataFrame, photos: pl.DataFrame, adressen: pl.DataFrame) -> pl.DataFrame:
    """The inspections with everything that was written down (keys of the sheet Inspecties).

    Args:
        visits: of ``case_visits.read_case_visits``.
        photos: of ``photo_rows``.
        adressen: adresseerbaar_object_id, adres.
    """
    counted = photos.group_by("inspectie").agg(fotos=pl.len().cast(pl.Int64))
    access = pl.concat_str(
        pl.format("toestemming van {}", "toestemming_van"),
        pl.format("machtiging {}", "machtiging"),
        separator="; ",
        ignore_nulls=True,
    )
    return (
        visits.join(adressen.select(OBJECT, "adres"), on=OBJECT, how="left", suffix="_bag", maintain_order="left")
        .with_columns(adres=pl.coalesce("adres_bag", "adres"))
        .join(counted, on="inspectie", how="left", maintain_order="left")
        .with_columns(
            pl.col("fotos").fill_null(0),
            pl.col("resultaat").str.replace_all("_", " ", literal=True),
            toegang=pl.when(access != "").then(access),
            inspecteur_rol="hoedanigheid",
        )
    )


def photo_rows(photos: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """The photos with the name that each has in the zip (keys of the sheet Foto's)."""
    where = visits.select("inspectie", OBJECT).unique("inspectie")
    extension = pl.col("media_type").replace_strict(_EXTENSIONS, default="bin", return_dtype=pl.String)
    return photos.join(where, on="inspectie", how="left", maintain_order="left").with_columns(
        foto=pl.col("sha256").str.head(12),
        bestand=pl.format(f"{PHOTO_FOLDER}/{{}}.{{}}", pl.col("sha256").str.head(16), extension),
    )
