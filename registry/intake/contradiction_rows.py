"""What contradictions between registers are made of: their kinds, the rows of the list, and what is compared."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from registry.domain.value_lists import WONINGVOORRAAD_STATUSSEN, Gebruiksdoel
from rules.facts import RecordFrames

TERUGMELDING = pl.Schema(
    {
        "soort": pl.String(),  # a Tegenspraak
        "register": pl.String(),  # to which the terugmelding goes first
        "adresseerbaar_object_id": pl.String(),  # null when the BAG does not know it
        "adres": pl.String(),
        "registratie": pl.String(),  # Dutch: what the register says
        "tegenover": pl.String(),  # Dutch: what says otherwise
        "aantal": pl.Int64(),  # persons or dwellings that it concerns
    }
)
OBJECT = "adresseerbaar_object_id"


class Tegenspraak(StrEnum):
    """The kinds of contradiction."""

    ADRES_ONBEKEND = "adres_onbekend_in_bag"
    GEEN_WOONFUNCTIE = "bewoners_zonder_woonfunctie"
    INGETROKKEN = "bewoners_op_ingetrokken_object"
    OPPERVLAKTE = "oppervlakte_onwaarschijnlijk"
    KAMERS = "oppervlakte_tegen_kamers"
    INSPECTIE_PERSONEN = "inspectie_tegen_inschrijvingen"
    INSPECTIE_OPPERVLAKTE = "inspectie_tegen_oppervlakte"
    WOZ_ZONDER_WONING = "woz_zonder_woning"
    WOZ_MEER_WONINGEN = "woz_object_met_meer_woningen"
    WAARDE_ONTBREEKT = "woz_waarde_ontbreekt"
    EIGENAAR_ONTBREEKT = "eigenaar_ontbreekt"
    BRK_MEER_WONINGEN = "brk_object_met_meer_woningen"
    MEER_BRK_OBJECTEN = "woning_met_meer_brk_objecten"


@dataclass(frozen=True, slots=True)
class Sources:
    """What the comparisons look at, on one day."""

    frames: RecordFrames
    stays: pl.DataFrame
    known_objects: pl.Series
    rooms: pl.DataFrame
    gemeenten: list[str]
    apartments: pl.DataFrame

    @property
    def dwellings(self) -> pl.DataFrame:
        """The housing stock of the day (CBS): objects with a woonfunctie that exist."""
        return self.frames.adresseerbare_objecten.filter(
            pl.col("status").is_in(sorted(WONINGVOORRAAD_STATUSSEN)), has_woonfunctie()
        )

    def residents(self) -> pl.DataFrame:
        """Per object: how many live there on the day, certain and at most."""
        return residents_on(self.frames.bewoning, pl.lit(self.frames.peildatum)).group_by(OBJECT).agg(**COUNTS)


COUNTS = {
    "zeker": (pl.col("zekerheid") == "zeker").sum().cast(pl.Int64),
    "hoogstens": pl.len().cast(pl.Int64),
}


def has_woonfunctie() -> pl.Expr:
    """Whether an object (column ``gebruiksdoelen``) is meant to live in."""
    return pl.col("gebruiksdoelen").list.contains(Gebruiksdoel.WOONFUNCTIE.value)


def residents_on(bewoning: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """The stays (frame ``BEWONING``) that hold on a day, which may differ from row to row."""
    began = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    return bewoning.filter(began & (pl.col("valid_until").is_null() | (pl.col("valid_until") > day)))


def contradiction(
    soort: Tegenspraak, register: str, registratie: pl.Expr, tegenover: pl.Expr, aantal: pl.Expr
) -> list[pl.Expr]:
    """The columns of a line about an object: its kind, to which register, what that says and what says otherwise."""
    return [
        pl.lit(soort.value).alias("soort"),
        pl.lit(register).alias("register"),
        pl.lit(None, pl.String).alias("adres"),
        registratie.alias("registratie"),
        tegenover.alias("tegenover"),
        aantal.cast(pl.Int64).alias("aantal"),
    ]
