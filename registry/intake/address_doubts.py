"""What an address says besides the pieces that found something: does it speak against the object that was chosen?

A street piece or a postcode that finds nothing is no disagreement by itself, but it must be explainable: as a spelling
of the object's own street, or as a typing error in its own postcode.
"""

import re

import polars as pl
from rapidfuzz.distance import OSA

from registry.domain.straatnaam import shares_stem, shortens
from registry.intake.address_hits import PIECE_POSTCODE, PIECE_STRAAT
from registry.intake.street_names import SHORTENED

POSTCODE_BIT, STREET_BIT = 1 << PIECE_POSTCODE, 1 << PIECE_STRAAT
_NO_DIGIT = re.compile(r"\D")
_ALIKE, _MOST_ERRORS = 0.3, 3  # share and number of letters that may be wrong beside a postcode that fits
_WHOLE_PART = 6  # letters
_OTHER_STREET = 3  # typing errors; from here on nobody typed the one for the other
_MUCH = 2  # errors in a postcode that a right street and number outweigh


def find_doubts(chosen: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Per row with one chosen object: row_nr, ``other_street`` and ``other_postcode``.

    Args:
        chosen: row_nr, object, pieces (bits of the pieces that found something), street_variant.
        readings: outcome of ``address_hits.read_addresses``.
        forms: outcome of ``address_hits.prepare_forms``.
    """
    single = chosen.filter(pl.col("object").is_not_null(), pl.col("first_piece") >= PIECE_POSTCODE)
    by_postcode = single.filter((pl.col("pieces") & STREET_BIT) == 0)
    by_street = single.filter((pl.col("pieces") & POSTCODE_BIT) == 0)
    return (
        single.select("row_nr")
        .join(_other_street(by_postcode, readings, forms), on="row_nr", how="left")
        .join(_other_postcode(by_street, readings, forms), on="row_nr", how="left")
    )


def mend_postcode(
    contradicted: pl.DataFrame, hits: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame
) -> pl.DataFrame:
    """The rows whose postcode is one typing error off, and the street cannot have been meant otherwise.

    Args:
        contradicted: the choice by street alone of rows whose street and postcode find different objects.
        hits: what those rows found.
        readings: as for ``find_doubts``.
        forms: as for ``find_doubts``.
    """
    certain = contradicted.filter(pl.col("fits") == 1, ~pl.col("several"), pl.col("street_variant") < SHORTENED)
    near = _postcode_errors(certain, readings, forms).filter(pl.col("errors") == 1)
    rivals = hits.filter(pl.col("piece") == PIECE_POSTCODE).select("row_nr", "form").unique()
    rivals = rivals.join(forms.select("form", "straat", "straat_key"), on="form")
    pairs = _typed_streets(near, readings).join(rivals, on="row_nr", suffix="_rival")
    errors = [
        0 if other is None else OSA.distance(typed, other)
        for typed, other in pairs.select("straat_key", "straat_key_rival").iter_rows()
    ]
    alike = pairs.filter(pl.Series(errors, dtype=pl.Int64) < _OTHER_STREET)
    return certain.join(near, on="row_nr", how="semi").join(alike, on="row_nr", how="anti")


def _typed_streets(rows: pl.DataFrame, readings: pl.DataFrame, *columns: str) -> pl.DataFrame:
    typed = readings.filter(pl.col("straat").is_not_null(), pl.col("huisnummer").is_not_null())
    names = ("row_nr", *columns, "straat", "straat_key", "straat_variant")
    return typed.select(names).join(rows, on="row_nr", how="semi").unique()


def _other_street(rows: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Whether no reading's street resembles a name that the object's street ever had."""
    names = ("straat_key", "straat_variant", "kort_key", "kort_variant")
    own = forms.select(pl.col("adresseerbaar_object_id").alias("object"), pl.col("straat").alias("naam"), *names)
    known = pl.concat([forms.select(pl.col(name).alias("key")) for name in names]).drop_nulls().unique()["key"]
    # Only the reading that found the object speaks: in 'Kerkweg 7 w21' the street of number 21 is 'Kerkweg 7 w'.
    places = forms.select(pl.col("adresseerbaar_object_id").alias("object"), "huisnummer", "suffix_variant").unique()
    meant = readings.join(rows.select("row_nr", "object"), on="row_nr").join(
        places, on=["object", "huisnummer", "suffix_variant"]
    )
    pairs = _typed_streets(rows, meant, "object").join(own.unique(), on="object", suffix="_own")
    mine = ("straat_key", "straat_variant")
    is_known = pl.any_horizontal(pl.col(name).is_in(known.implode()) for name in mine).alias("is_known")
    distinct = pairs.select("straat", *mine, is_known, "naam", "straat_key_own", "straat_variant_own").unique()
    alike = [
        _resembles(typed, (key, variant), known, naam, (own_key, own_variant))
        for typed, key, variant, known, naam, own_key, own_variant in distinct.iter_rows()
    ]
    judged = distinct.with_columns(pl.Series("alike", alike, dtype=pl.Boolean)).select("straat", "naam", "alike")
    return (
        pairs.join(judged, on=["straat", "naam"], nulls_equal=True)
        .group_by("row_nr")
        .agg(pl.col("alike").any().not_().alias("other_street"))
    )


def _resembles(typed: str, keys: tuple[str, str], known: bool, naam: str | None, own: tuple[str, str]) -> bool:
    """Whether a typed street can be meant for the object's own; ``keys`` and ``own`` are its key and reduced key."""
    if naam is None:  # the street of a neighbouring gemeente: not delivered
        return True
    if keys[0] == own[0] or keys[1] == own[1] or shortens(typed, naam):
        return True
    if known or _NO_DIGIT.sub("", keys[0]) != _NO_DIGIT.sub("", own[0]):
        return False
    if len(keys[0]) >= _WHOLE_PART and own[0].endswith(keys[0]):  # 'Houtenlaan' for the C.J. van Houtenlaan
        return True
    if shares_stem(keys[0], own[0]):
        return True
    errors, length = min(zip(map(OSA.distance, keys, own), map(len, own), strict=True))
    return errors <= _ALIKE * length and errors <= _MOST_ERRORS


def _other_postcode(rows: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Whether the typed postcode is not the object's own, by more than the rest of the address can outweigh.

    A postcode of the same street outweighs as much as the huisnummer does: either may be wrong.
    """
    guessed, errors = pl.col("street_variant") >= SHORTENED, pl.col("errors")
    placed = readings.filter(pl.col("woonplaats_key").is_not_null()).select("row_nr", placed=pl.lit(value=True))
    streets = forms.select("straat_key", "postcode_key").drop_nulls().unique()
    own = forms.select(pl.col("adresseerbaar_object_id").alias("object"), "straat_key").unique()
    same_street = (
        readings.select("row_nr", "postcode_key")
        .join(rows.select("row_nr", "object"), on="row_nr")
        .join(own, on="object")
        .join(streets, on=["straat_key", "postcode_key"], how="semi")
        .select("row_nr", same_street=pl.lit(value=True))
    )
    return (
        _postcode_errors(rows, readings, forms)
        .join(rows.select("row_nr", "street_variant"), on="row_nr")
        .join(placed.unique(), on="row_nr", how="left")
        .join(same_street.unique(), on="row_nr", how="left")
        .select(
            "row_nr",
            other_postcode=(errors > 0) & (guessed | pl.col("same_street").is_not_null())
            | (errors > _MUCH) & pl.col("placed").is_null(),
        )
    )


def _postcode_errors(rows: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Per row with a postcode: the fewest typing errors between it and a postcode that the object ever had."""
    own = forms.select(pl.col("adresseerbaar_object_id").alias("object"), own="postcode_key").drop_nulls().unique()
    pairs = (
        readings.select("row_nr", "postcode_key")
        .drop_nulls()
        .unique()
        .join(rows.select("row_nr", "object"), on="row_nr")
        .join(own, on="object")
    )
    distinct = pairs.select("postcode_key", "own").unique()
    errors = [OSA.distance(typed, own) for typed, own in distinct.iter_rows()]
    measured = distinct.with_columns(pl.Series("errors", errors, dtype=pl.Int64))
    return pairs.join(measured, on=["postcode_key", "own"]).group_by("row_nr").agg(pl.col("errors").min())
