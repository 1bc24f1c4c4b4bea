"""Where the values and the ownership of dwellings do not fit the dwellings that the BAG has."""

import polars as pl

from registry.intake.contradiction_rows import OBJECT, Sources, Tegenspraak, contradiction
from registry.store.queries.terugmelding import ended


def value_without_dwelling(sources: Sources) -> pl.DataFrame:
    """Values of objects that the BAG does not have, or no longer."""
    exists = sources.frames.adresseerbare_objecten.filter(~ended()).select(OBJECT)
    values = _latest_values(sources).join(exists, on=OBJECT, how="anti")
    return values.select(
        OBJECT,
        *contradiction(
            Tegenspraak.WOZ_ZONDER_WONING,
            "WOZ",
            pl.format("WOZ-object {}, waardepeildatum {}", "woz_object", "waardepeildatum"),
            pl.lit("de BAG kent dit object niet, of niet meer"),
            pl.lit(1),
        ),
    )


def value_of_several(sources: Sources) -> pl.DataFrame:
    """WOZ-objecten that hold more than one dwelling of the BAG: split or merged in one register only."""
    values = _latest_values(sources).filter(pl.col("aantal_objecten") > 1)
    return values.join(sources.dwellings.select(OBJECT), on=OBJECT, how="semi").select(
        OBJECT,
        *contradiction(
            Tegenspraak.WOZ_MEER_WONINGEN,
            "WOZ",
            pl.format("WOZ-object {} omvat {} objecten", "woz_object", "aantal_objecten"),
            pl.lit("in de BAG is dit een eigen woning"),
            pl.col("aantal_objecten"),
        ),
    )


def _latest_values(sources: Sources) -> pl.DataFrame:
    values = sources.frames.woz_waarden.filter(pl.col(OBJECT).is_not_null())
    return values.sort("waardepeildatum", "ingangsdatum").unique(OBJECT, keep="last", maintain_order=True)


def value_missing(sources: Sources) -> pl.DataFrame:
    """Dwellings without a WOZ-waarde."""
    valued = sources.frames.woz_waarden.filter(pl.col("waarde").is_not_null())
    return sources.dwellings.join(valued, on=OBJECT, how="anti").select(
        OBJECT,
        *contradiction(
            Tegenspraak.WAARDE_ONTBREEKT,
            "WOZ",
            pl.lit("geen WOZ-waarde"),
            pl.format("de BAG zegt: {}", "status"),
            pl.lit(1),
        ),
    )


def owner_missing(sources: Sources) -> pl.DataFrame:
    """Dwellings on which nobody has a right."""
    return sources.dwellings.join(sources.frames.eigendom, on=OBJECT, how="anti").select(
        OBJECT,
        *contradiction(
            Tegenspraak.EIGENAAR_ONTBREEKT,
            "BRK",
            pl.lit("geen zakelijk recht op deze woning"),
            pl.format("de BAG zegt: {}", "status"),
            pl.lit(1),
        ),
    )


def apartment_of_several(sources: Sources) -> pl.DataFrame:
    """Appartementsrechten that hold more than one dwelling of the BAG: merged in the BRK, or split in the BAG, only.

    A perceel may hold many: a building with one owner is seldom split into appartementsrechten.
    """
    held = _homes_in_apartments(sources).with_columns(aantal=pl.col(OBJECT).n_unique().over("kadastraal_object"))
    return (
        held.filter(pl.col("aantal") > 1)
        .unique([OBJECT, "kadastraal_object"])
        .select(
            OBJECT,
            *contradiction(
                Tegenspraak.BRK_MEER_WONINGEN,
                "BRK",
                pl.format("appartementsrecht {} omvat {} woningen", "kadastraal_object", "aantal"),
                pl.lit("in de BAG is dit een eigen woning"),
                pl.col("aantal"),
            ),
        )
    )


def several_apartments(sources: Sources) -> pl.DataFrame:
    """Dwellings of the BAG on more than one appartementsrecht to live in: merged in the BAG, or split in the BRK, only.

    A garage or a berging is an appartementsrecht of its own, and no contradiction.
    """
    held = (
        _homes_in_apartments(sources).filter("wonen").group_by(OBJECT).agg(pl.col("kadastraal_object").unique().sort())
    )
    rights = pl.col("kadastraal_object")
    return held.filter(rights.list.len() > 1).select(
        OBJECT,
        *contradiction(
            Tegenspraak.MEER_BRK_OBJECTEN,
            "BRK",
            pl.format("{} appartementsrechten om in te wonen: {}", rights.list.len(), rights.list.join(", ")),
            pl.lit("in de BAG is dit één woning"),
            rights.list.len(),
        ),
    )


def _homes_in_apartments(sources: Sources) -> pl.DataFrame:
    return sources.apartments.join(sources.dwellings.select(OBJECT), on=OBJECT, how="semi")
