"""Who owns a dwelling after a transfer and before it, and what kind of person that is."""

from datetime import date

import polars as pl

from rules.derivations.vaststellingen import OBJECT
from rules.frames import RecordFrames

CASE = "overdracht_id"
# A transfer on one of the days on which it may have been inscribed, as a number.
MOMENT = "moment"
_TOLERANCE = 1e-6


def acquirers(cases: pl.DataFrame) -> pl.DataFrame:
    """``overdracht_id``, ``persoon`` of everyone who acquired."""
    return cases.select(CASE, persoon="verkrijgers").explode("persoon").drop_nulls().unique()


def owners_after(cases: pl.DataFrame, eigendom: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """The owners on the peildatum of the dwelling of each transfer: ``overdracht_id``, ``persoon``.

    Those who acquired by this transfer or by a later one, and who holds a right according to the BRK.
    """
    gained = acquirers(cases).join(cases.select(CASE, OBJECT, "eerste"), on=CASE)
    later = (
        cases.select(CASE, OBJECT, van="eerste")
        .join(gained.select(OBJECT, "persoon", "eerste"), on=OBJECT)
        .filter(pl.col("eerste") >= pl.col("van"), pl.col("eerste") <= pl.lit(peildatum))
    )
    held = eigendom.filter(
        pl.col("valid_from_laatste").is_null() | (pl.col("valid_from_laatste") <= pl.lit(peildatum)),
        pl.col("valid_until_eerste").is_null() | (pl.col("valid_until_eerste") > pl.lit(peildatum)),
    )
    holders = cases.select(CASE, OBJECT).join(held.select(OBJECT, "persoon"), on=OBJECT)
    pair = [CASE, "persoon"]
    return pl.concat([acquirers(cases), later.select(pair), holders.select(pair)]).drop_nulls().unique()


def owners_before(cases: pl.DataFrame, moments: pl.DataFrame, eigendom: pl.DataFrame) -> pl.DataFrame:
    """The owners just before each transfer: ``moment``, ``persoon``."""
    held = eigendom.select(OBJECT, "persoon", "valid_from_eerste", "valid_until_laatste")
    by_right = moments.join(held, on=OBJECT).filter(
        (pl.col("valid_from_eerste") < pl.col("dag")).fill_null(value=True),
        (pl.col("valid_until_laatste") >= pl.col("dag")).fill_null(value=True),
    )
    earlier = cases.select(OBJECT, vorige=CASE, tot="laatste").drop_nulls()
    previous = (
        moments.join(earlier, on=OBJECT)
        .filter(pl.col("tot") < pl.col("dag"))
        .filter(pl.col("tot") == pl.col("tot").max().over(MOMENT))
        .join(acquirers(cases).rename({CASE: "vorige"}), on="vorige")
    )
    columns = [MOMENT, "persoon"]
    return pl.concat([by_right.select(columns), previous.select(columns)]).unique()


def kind_of_acquirers(cases: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """``overdracht_id``, ``verkrijger_soort``: natuurlijk_persoon, rechtspersoon or gemengd; null where one is unknown.

    Whoever is registered in the BRP is a natural person.
    """
    gained = acquirers(cases)
    kinds = frames.personen.select("persoon", "type").unique("persoon")
    known = gained.join(kinds, on="persoon", how="left")
    registered = frames.bewoning.select("persoon").join(gained.select("persoon").unique(), on="persoon", how="semi")
    natural = pl.lit("natuurlijk_persoon")
    in_brp = pl.col("persoon").is_in(registered.get_column("persoon").unique().implode())
    known = known.with_columns(type=pl.when(pl.col("type").is_null() & in_brp).then(natural).otherwise(pl.col("type")))
    one, other, unknown = pl.col("type").min(), pl.col("type").max(), pl.col("type").null_count()
    return known.group_by(CASE).agg(
        verkrijger_soort=pl.when(one != other).then(pl.lit("gemengd")).when(unknown == 0).then(one)
    )


def contradictory_ownership(eigendom: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """The objects (``adresseerbaar_object_id``) whose shares of one kind of right add up to more than the whole."""
    held = eigendom.filter(
        pl.col("valid_from_laatste").is_null() | (pl.col("valid_from_laatste") <= pl.lit(peildatum)),
        pl.col("valid_until_eerste").is_null() | (pl.col("valid_until_eerste") > pl.lit(peildatum)),
        pl.col("aard_recht").is_in(["eigenaar", "erfpachter", "opstalhouder", "erfpachter_opstalhouder"]),
    )
    shares = held.group_by(OBJECT, "aard_recht").agg(pl.col("aandeel").sum())
    return shares.filter(pl.col("aandeel") > 1 + _TOLERANCE).select(OBJECT).unique()
