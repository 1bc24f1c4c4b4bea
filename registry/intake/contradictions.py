"""Where the sources contradict each other: a list of what to report back, and to which register.

A contradiction is no signal and judges nobody: one of two registrations is wrong, and its keeper can find out which
(terugmelding; for the BRP: artikel 2.34 Wet BRP). Only sources that were imported are compared, and no person is named.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import polars as pl

from registry.domain.value_lists import ONBEKENDE_OPPERVLAKTEN, WONINGVOORRAAD_STATUSSEN, Gebruiksdoel
from registry.store.engine import ReadConnection
from registry.store.queries.adressen import adres_with_woonplaats, read_adressen
from registry.store.queries.records import read_record_frames
from registry.store.queries.terugmelding import ended, read_current_stays, read_object_ids, read_rooms
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
_OBJECT = "adresseerbaar_object_id"
_YEAR = timedelta(days=366)
_SMALLEST, _LARGEST = 10, 10_000  # m2 of a whole dwelling; the second is of CBS
_LEAST_PER_ROOM, _MOST_PER_ROOM = (
    6,
    100,
)  # m2 of a dwelling per counted room; beyond these the area or the count is wrong
_LEAST_DIFFERENCE, _LEAST_SHARE = 10, 0.2  # m2 and share by which a measured area differs


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


@dataclass(frozen=True, slots=True)
class _Sources:
    """What the comparisons look at, on one day."""

    frames: RecordFrames
    stays: pl.DataFrame
    known_objects: pl.Series
    rooms: pl.DataFrame
    gemeenten: list[str]

    @property
    def dwellings(self) -> pl.DataFrame:
        """The housing stock of the day (CBS): objects with a woonfunctie that exist."""
        return self.frames.adresseerbare_objecten.filter(
            pl.col("status").is_in(sorted(WONINGVOORRAAD_STATUSSEN)), _has_woonfunctie()
        )

    def residents(self) -> pl.DataFrame:
        """Per object: how many live there on the day, certain and at most."""
        return _residents(self.frames.bewoning, pl.lit(self.frames.peildatum)).group_by(_OBJECT).agg(**_COUNTS)


_COUNTS = {
    "zeker": (pl.col("zekerheid") == "zeker").sum().cast(pl.Int64),
    "hoogstens": pl.len().cast(pl.Int64),
}


def find_contradictions(connection: ReadConnection, *, peildatum: date, known: int) -> pl.DataFrame:
    """Every contradiction of a day, by kind and address (schema ``TERUGMELDING``)."""
    frames = read_record_frames(connection, peildatum=peildatum, known=known)
    gemeenten = frames.adresseerbare_objecten["gemeente"].drop_nulls().unique().str.strip_prefix("GM").sort().to_list()
    sources = _Sources(
        frames,
        read_current_stays(connection, known=known),
        read_object_ids(connection, known=known),
        read_rooms(connection, known=known),
        gemeenten,
    )
    found = [compare(sources) for needed, compare in _COMPARISONS if needed <= frames.bronnen]
    rows = pl.concat([pl.DataFrame(schema=TERUGMELDING), *(part.select(list(TERUGMELDING)) for part in found)])
    adressen = read_adressen(connection, known=known, on=peildatum).filter("is_hoofdadres")
    return (
        rows.join(
            adressen.select(_OBJECT, eigen=adres_with_woonplaats()).unique(_OBJECT, keep="first"),
            on=_OBJECT,
            how="left",
        )
        .with_columns(adres=pl.coalesce("adres", "eigen"))
        .select(list(TERUGMELDING))
        .sort("soort", "adres", _OBJECT, nulls_last=True)
    )


def _has_woonfunctie() -> pl.Expr:
    return pl.col("gebruiksdoelen").list.contains(Gebruiksdoel.WOONFUNCTIE.value)


def _residents(bewoning: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    began = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    return bewoning.filter(began & (pl.col("valid_until").is_null() | (pl.col("valid_until") > day)))


def _row(soort: Tegenspraak, register: str, registratie: pl.Expr, tegenover: pl.Expr, aantal: pl.Expr) -> list[pl.Expr]:
    return [
        pl.lit(soort.value).alias("soort"),
        pl.lit(register).alias("register"),
        pl.lit(None, pl.String).alias("adres"),
        registratie.alias("registratie"),
        tegenover.alias("tegenover"),
        aantal.cast(pl.Int64).alias("aantal"),
    ]


def _unknown_addresses(sources: _Sources) -> pl.DataFrame:
    """Registrations at an address that the BAG does not have; who is registered elsewhere is not ours."""
    here = pl.col("gemeente_van_inschrijving").is_null() | pl.col("gemeente_van_inschrijving").is_in(sources.gemeenten)
    known = pl.col(_OBJECT).is_in(sources.known_objects.implode())
    written = pl.col("huisnummer").is_not_null() | pl.col(_OBJECT).is_not_null()
    rows = sources.stays.filter(here & written & ~known.fill_null(value=False)).with_columns(
        straat=pl.coalesce("naam_openbare_ruimte", "straatnaam"), geschreven=pl.col(_OBJECT)
    )
    grouped = rows.with_columns(adres=adres_with_woonplaats()).group_by("adres", "geschreven").len()
    return grouped.select(
        pl.lit(Tegenspraak.ADRES_ONBEKEND.value).alias("soort"),
        pl.lit("BRP").alias("register"),
        pl.col("adres"),
        pl.lit(None, pl.String).alias(_OBJECT),
        pl.format("{} personen ingeschreven", "len").alias("registratie"),
        pl.when(pl.col("geschreven").is_null())
        .then(pl.lit("de BAG kent dit adres niet"))
        .otherwise(pl.format("de BAG kent object {} niet", "geschreven"))
        .alias("tegenover"),
        pl.col("len").cast(pl.Int64).alias("aantal"),
    )


def _without_woonfunctie(sources: _Sources) -> pl.DataFrame:
    objects = sources.frames.adresseerbare_objecten.filter(
        pl.col("objecttype") == "verblijfsobject", ~_has_woonfunctie(), ~ended()
    )
    return objects.join(sources.residents().filter(pl.col("zeker") > 0), on=_OBJECT).select(
        _OBJECT,
        *_row(
            Tegenspraak.GEEN_WOONFUNCTIE,
            "BAG",
            pl.format("gebruiksdoel {}", pl.col("gebruiksdoelen").list.join(", ")),
            pl.format("{} personen ingeschreven in de BRP", "zeker"),
            pl.col("zeker"),
        ),
    )


def _withdrawn(sources: _Sources) -> pl.DataFrame:
    objects = sources.frames.adresseerbare_objecten.filter(ended())
    return objects.join(sources.residents(), on=_OBJECT).select(
        _OBJECT,
        *_row(
            Tegenspraak.INGETROKKEN,
            "BRP",
            pl.format("{} personen ingeschreven", "hoogstens"),
            pl.format("de BAG zegt: {}", "status"),
            pl.col("hoogstens"),
        ),
    )


def _odd_areas(sources: _Sources) -> pl.DataFrame:
    area = pl.col("oppervlakte")
    odd = area.is_in(sorted(ONBEKENDE_OPPERVLAKTEN)) | (area >= _LARGEST) | (area < _SMALLEST)
    return sources.dwellings.filter(odd).select(
        _OBJECT,
        *_row(
            Tegenspraak.OPPERVLAKTE,
            "BAG",
            pl.format("oppervlakte {} m2", "oppervlakte"),
            pl.lit(f"een woning is groter dan {_SMALLEST} en kleiner dan {_LARGEST} m2"),
            pl.lit(1),
        ),
    )


def _latest_inspections(sources: _Sources) -> pl.DataFrame:
    """The last inspection of each object, of at most a year ago."""
    day = sources.frames.peildatum
    recent = pl.col("datum").is_between(day - _YEAR, day)
    return sources.frames.inspecties.filter(recent).sort("datum", "inspectie").unique(_OBJECT, keep="last")


def _counted_otherwise(sources: _Sources) -> pl.DataFrame:
    visits = _latest_inspections(sources).filter(pl.col("aantal_personen").is_not_null())
    there = _residents(visits.select(_OBJECT, "datum").join(sources.frames.bewoning, on=_OBJECT), pl.col("datum"))
    counted = visits.join(there.group_by(_OBJECT).agg(**_COUNTS), on=_OBJECT, how="left").with_columns(
        pl.col("zeker", "hoogstens").fill_null(0)
    )
    found = pl.col("aantal_personen")
    return counted.filter((found < pl.col("zeker")) | (found > pl.col("hoogstens"))).select(
        _OBJECT,
        *_row(
            Tegenspraak.INSPECTIE_PERSONEN,
            "BRP",
            pl.when(pl.col("zeker") == pl.col("hoogstens"))
            .then(pl.format("{} personen ingeschreven", "zeker"))
            .otherwise(pl.format("{} tot {} personen ingeschreven", "zeker", "hoogstens")),
            pl.format("{} personen aangetroffen op {}", "aantal_personen", pl.col("datum").dt.strftime("%d-%m-%Y")),
            found,
        ),
    )


def _measured_otherwise(sources: _Sources) -> pl.DataFrame:
    visits = _latest_inspections(sources).filter(pl.col("gemeten_oppervlakte").is_not_null())
    measured, area = pl.col("gemeten_oppervlakte"), pl.col("oppervlakte")
    difference = (measured - area).abs()
    both = visits.join(sources.frames.adresseerbare_objecten, on=_OBJECT)
    return both.filter((difference >= _LEAST_DIFFERENCE) & (difference >= area * _LEAST_SHARE)).select(
        _OBJECT,
        *_row(
            Tegenspraak.INSPECTIE_OPPERVLAKTE,
            "BAG",
            pl.format("oppervlakte {} m2", "oppervlakte"),
            pl.format("{} m2 gemeten op {}", "gemeten_oppervlakte", pl.col("datum").dt.strftime("%d-%m-%Y")),
            pl.lit(1),
        ),
    )


def _odd_for_rooms(sources: _Sources) -> pl.DataFrame:
    visits = _latest_inspections(sources).join(sources.rooms, on="inspectie")
    area, rooms = pl.col("oppervlakte"), pl.col("kamers")
    odd = (area < _LEAST_PER_ROOM * rooms) | (area > _MOST_PER_ROOM * rooms)
    return (
        visits.join(sources.dwellings, on=_OBJECT)
        .filter(odd)
        .select(
            _OBJECT,
            *_row(
                Tegenspraak.KAMERS,
                "BAG",
                pl.format("oppervlakte {} m2", "oppervlakte"),
                pl.format("{} kamers geteld op {}", "kamers", pl.col("datum").dt.strftime("%d-%m-%Y")),
                pl.lit(1),
            ),
        )
    )


def _value_without_dwelling(sources: _Sources) -> pl.DataFrame:
    exists = sources.frames.adresseerbare_objecten.filter(~ended()).select(_OBJECT)
    values = _latest_values(sources).join(exists, on=_OBJECT, how="anti")
    return values.select(
        _OBJECT,
        *_row(
            Tegenspraak.WOZ_ZONDER_WONING,
            "WOZ",
            pl.format("WOZ-object {}, waardepeildatum {}", "woz_object", "waardepeildatum"),
            pl.lit("de BAG kent dit object niet, of niet meer"),
            pl.lit(1),
        ),
    )


def _value_of_several(sources: _Sources) -> pl.DataFrame:
    values = _latest_values(sources).filter(pl.col("aantal_objecten") > 1)
    return values.join(sources.dwellings.select(_OBJECT), on=_OBJECT, how="semi").select(
        _OBJECT,
        *_row(
            Tegenspraak.WOZ_MEER_WONINGEN,
            "WOZ",
            pl.format("WOZ-object {} omvat {} objecten", "woz_object", "aantal_objecten"),
            pl.lit("in de BAG is dit een eigen woning"),
            pl.col("aantal_objecten"),
        ),
    )


def _latest_values(sources: _Sources) -> pl.DataFrame:
    values = sources.frames.woz_waarden.filter(pl.col(_OBJECT).is_not_null())
    return values.sort("waardepeildatum", "ingangsdatum").unique(_OBJECT, keep="last", maintain_order=True)


def _value_missing(sources: _Sources) -> pl.DataFrame:
    valued = sources.frames.woz_waarden.filter(pl.col("waarde").is_not_null())
    return sources.dwellings.join(valued, on=_OBJECT, how="anti").select(
        _OBJECT,
        *_row(
            Tegenspraak.WAARDE_ONTBREEKT,
            "WOZ",
            pl.lit("geen WOZ-waarde"),
            pl.format("de BAG zegt: {}", "status"),
            pl.lit(1),
        ),
    )


def _owner_missing(sources: _Sources) -> pl.DataFrame:
    return sources.dwellings.join(sources.frames.eigendom, on=_OBJECT, how="anti").select(
        _OBJECT,
        *_row(
            Tegenspraak.EIGENAAR_ONTBREEKT,
            "BRK",
            pl.lit("geen zakelijk recht op deze woning"),
            pl.format("de BAG zegt: {}", "status"),
            pl.lit(1),
        ),
    )


_COMPARISONS: tuple[tuple[frozenset[str], Callable[[_Sources], pl.DataFrame]], ...] = (
    (frozenset({"bag", "brp"}), _unknown_addresses),
    (frozenset({"bag", "brp"}), _without_woonfunctie),
    (frozenset({"bag", "brp"}), _withdrawn),
    (frozenset({"bag"}), _odd_areas),
    (frozenset({"bag", "brp", "inspecties"}), _counted_otherwise),
    (frozenset({"bag", "inspecties"}), _measured_otherwise),
    (frozenset({"bag", "inspecties"}), _odd_for_rooms),
    (frozenset({"bag", "woz"}), _value_without_dwelling),
    (frozenset({"bag", "woz"}), _value_of_several),
    (frozenset({"bag", "woz"}), _value_missing),
    (frozenset({"bag", "brk"}), _owner_missing),
)
