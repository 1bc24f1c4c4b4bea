"""What inspectors counted and measured, as far as it was known on a date."""

from datetime import date

import polars as pl

from rules.derivations.bewoning import count_bewoners, once_each
from rules.derivations.vaststellingen import OBJECT


def newest_count(inspecties: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """Per object the newest inspection, on or before a date, at which people were counted.

    Two counts on one day: the higher one saw people that the other one missed.

    Returns:
        ``adresseerbaar_object_id``, ``inspectie``, ``inspectie_datum``, ``inspectie_personen``,
        ``inspectie_gemeten_oppervlakte``, ``inspectie_huishoudens``.
    """
    return (
        inspecties.lazy()
        .filter(pl.col("datum") <= pl.lit(peildatum), pl.col("aantal_personen").is_not_null())
        .sort(OBJECT, "datum", "aantal_personen", "inspectie")
        .group_by(OBJECT, maintain_order=True)
        .last()
        .select(
            OBJECT,
            "inspectie",
            inspectie_datum="datum",
            inspectie_personen="aantal_personen",
            inspectie_gemeten_oppervlakte=_measured(),
            inspectie_huishoudens="huishoudens",
        )
        .collect()
    )


def newest_measurement(inspecties: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """Per object the area (m2) of the newest inspection, on or before a date, that measured it."""
    return (
        inspecties.lazy()
        .with_columns(gemeten=_measured())
        .filter(pl.col("datum") <= pl.lit(peildatum), pl.col("gemeten").is_not_null())
        .sort(OBJECT, "datum", "inspectie")
        .group_by(OBJECT, maintain_order=True)
        .last()
        .select(OBJECT, gemeten_bij_inspectie="gemeten")
        .collect()
    )


def registered_at(counts: pl.DataFrame, bewoning: pl.DataFrame) -> pl.DataFrame:
    """The registered residents of each inspected object on the day of its count.

    Args:
        counts: as ``newest_count`` gives.
        bewoning: all stays, of all objects.

    Returns:
        ``adresseerbaar_object_id``, ``inspectiedag_min``, ``inspectiedag_max``.
    """
    days = counts.select(OBJECT, dag="inspectie_datum")
    inspected = bewoning.join(days, on=OBJECT)
    here = inspected.filter(_on_day())
    # A person of this object may stand in another one on that day too, which the count has to see.
    moments = here.select("persoon", "dag").unique()
    elsewhere = bewoning.join(moments, on="persoon").filter(_on_day())
    people = elsewhere.select(
        OBJECT,
        "persoon",
        "dag",
        zeker=pl.col("zekerheid") == "zeker",
        in_onderzoek=pl.col("in_onderzoek").fill_null(value=False),
    )
    counted = count_bewoners(once_each(people, "dag"), "dag")
    return days.join(counted, on=[OBJECT, "dag"], how="left").select(
        OBJECT,
        inspectiedag_min=pl.col("bewoners_min").fill_null(0),
        inspectiedag_max=pl.col("bewoners_max").fill_null(0),
    )


def _on_day() -> pl.Expr:
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("dag"))
    return begun & (pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("dag")))


def _measured() -> pl.Expr:
    area = pl.col("gemeten_oppervlakte")
    return pl.when(area > 0).then(area)
