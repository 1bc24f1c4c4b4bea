"""Where the people and the dwelling that one register has do not fit what another register or an inspector says."""

from datetime import timedelta

import polars as pl

from registry.domain.value_lists import ONBEKENDE_OPPERVLAKTEN
from registry.intake.contradiction_rows import (
    COUNTS,
    OBJECT,
    Sources,
    Tegenspraak,
    contradiction,
    has_woonfunctie,
    residents_on,
)
from registry.store.queries.adressen import adres_with_woonplaats
from registry.store.queries.terugmelding import ended

_YEAR = timedelta(days=366)
_SMALLEST, _LARGEST = 10, 10_000  # m2 of a whole dwelling; the second is of CBS
# m2 of a dwelling per counted room; beyond these the area or the count is wrong
_LEAST_PER_ROOM, _MOST_PER_ROOM = 6, 100
_LEAST_DIFFERENCE, _LEAST_SHARE = 10, 0.2  # m2 and share by which a measured area differs


def unknown_addresses(sources: Sources) -> pl.DataFrame:
    """Registrations at an address that the BAG does not have; who is registered elsewhere is not ours."""
    here = pl.col("gemeente_van_inschrijving").is_null() | pl.col("gemeente_van_inschrijving").is_in(sources.gemeenten)
    known = pl.col(OBJECT).is_in(sources.known_objects.implode())
    written = pl.col("huisnummer").is_not_null() | pl.col(OBJECT).is_not_null()
    rows = sources.stays.filter(here & written & ~known.fill_null(value=False)).with_columns(
        straat=pl.coalesce("naam_openbare_ruimte", "straatnaam"), geschreven=pl.col(OBJECT)
    )
    grouped = rows.with_columns(adres=adres_with_woonplaats()).group_by("adres", "geschreven").len()
    return grouped.select(
        pl.lit(Tegenspraak.ADRES_ONBEKEND.value).alias("soort"),
        pl.lit("BRP").alias("register"),
        pl.col("adres"),
        pl.lit(None, pl.String).alias(OBJECT),
        pl.format("{} personen ingeschreven", "len").alias("registratie"),
        pl.when(pl.col("geschreven").is_null())
        .then(pl.lit("de BAG kent dit adres niet"))
        .otherwise(pl.format("de BAG kent object {} niet", "geschreven"))
        .alias("tegenover"),
        pl.col("len").cast(pl.Int64).alias("aantal"),
    )


def without_woonfunctie(sources: Sources) -> pl.DataFrame:
    """Residents in a verblijfsobject that is not meant to live in."""
    objects = sources.frames.adresseerbare_objecten.filter(
        pl.col("objecttype") == "verblijfsobject", ~has_woonfunctie(), ~ended()
    )
    return objects.join(sources.residents().filter(pl.col("zeker") > 0), on=OBJECT).select(
        OBJECT,
        *contradiction(
            Tegenspraak.GEEN_WOONFUNCTIE,
            "BAG",
            pl.format("gebruiksdoel {}", pl.col("gebruiksdoelen").list.join(", ")),
            pl.format("{} personen ingeschreven in de BRP", "zeker"),
            pl.col("zeker"),
        ),
    )


def withdrawn(sources: Sources) -> pl.DataFrame:
    """Residents in an object that no longer exists, or never came to be."""
    objects = sources.frames.adresseerbare_objecten.filter(ended())
    return objects.join(sources.residents(), on=OBJECT).select(
        OBJECT,
        *contradiction(
            Tegenspraak.INGETROKKEN,
            "BRP",
            pl.format("{} personen ingeschreven", "hoogstens"),
            pl.format("de BAG zegt: {}", "status"),
            pl.col("hoogstens"),
        ),
    )


def odd_areas(sources: Sources) -> pl.DataFrame:
    """Dwellings with an area (m2) that no dwelling has, or that stands for unknown."""
    area = pl.col("oppervlakte")
    odd = area.is_in(sorted(ONBEKENDE_OPPERVLAKTEN)) | (area >= _LARGEST) | (area < _SMALLEST)
    return sources.dwellings.filter(odd).select(
        OBJECT,
        *contradiction(
            Tegenspraak.OPPERVLAKTE,
            "BAG",
            pl.format("oppervlakte {} m2", "oppervlakte"),
            pl.lit(f"een woning is groter dan {_SMALLEST} en kleiner dan {_LARGEST} m2"),
            pl.lit(1),
        ),
    )


def _latest_inspections(sources: Sources) -> pl.DataFrame:
    """The last inspection of each object, of at most a year ago."""
    day = sources.frames.peildatum
    recent = pl.col("datum").is_between(day - _YEAR, day)
    return sources.frames.inspecties.filter(recent).sort("datum", "inspectie").unique(OBJECT, keep="last")


def counted_otherwise(sources: Sources) -> pl.DataFrame:
    """Inspections that met fewer persons than are registered for certain, or more than may be there."""
    visits = _latest_inspections(sources).filter(pl.col("aantal_personen").is_not_null())
    there = residents_on(visits.select(OBJECT, "datum").join(sources.frames.bewoning, on=OBJECT), pl.col("datum"))
    counted = visits.join(there.group_by(OBJECT).agg(**COUNTS), on=OBJECT, how="left").with_columns(
        pl.col("zeker", "hoogstens").fill_null(0)
    )
    found = pl.col("aantal_personen")
    return counted.filter((found < pl.col("zeker")) | (found > pl.col("hoogstens"))).select(
        OBJECT,
        *contradiction(
            Tegenspraak.INSPECTIE_PERSONEN,
            "BRP",
            pl.when(pl.col("zeker") == pl.col("hoogstens"))
            .then(pl.format("{} personen ingeschreven", "zeker"))
            .otherwise(pl.format("{} tot {} personen ingeschreven", "zeker", "hoogstens")),
            pl.format("{} personen aangetroffen op {}", "aantal_personen", pl.col("datum").dt.strftime("%d-%m-%Y")),
            found,
        ),
    )


def measured_otherwise(sources: Sources) -> pl.DataFrame:
    """Inspections that measured an area that differs by so many m2 and such a share."""
    visits = _latest_inspections(sources).filter(pl.col("gemeten_oppervlakte").is_not_null())
    measured, area = pl.col("gemeten_oppervlakte"), pl.col("oppervlakte")
    difference = (measured - area).abs()
    both = visits.join(sources.frames.adresseerbare_objecten, on=OBJECT)
    return both.filter((difference >= _LEAST_DIFFERENCE) & (difference >= area * _LEAST_SHARE)).select(
        OBJECT,
        *contradiction(
            Tegenspraak.INSPECTIE_OPPERVLAKTE,
            "BAG",
            pl.format("oppervlakte {} m2", "oppervlakte"),
            pl.format("{} m2 gemeten op {}", "gemeten_oppervlakte", pl.col("datum").dt.strftime("%d-%m-%Y")),
            pl.lit(1),
        ),
    )


def odd_for_rooms(sources: Sources) -> pl.DataFrame:
    """Dwellings with an area that does not fit the rooms that an inspector counted."""
    visits = _latest_inspections(sources).join(sources.rooms, on="inspectie")
    area, rooms = pl.col("oppervlakte"), pl.col("kamers")
    odd = (area < _LEAST_PER_ROOM * rooms) | (area > _MOST_PER_ROOM * rooms)
    return (
        visits.join(sources.dwellings, on=OBJECT)
        .filter(odd)
        .select(
            OBJECT,
            *contradiction(
                Tegenspraak.KAMERS,
                "BAG",
                pl.format("oppervlakte {} m2", "oppervlakte"),
                pl.format("{} kamers geteld op {}", "kamers", pl.col("datum").dt.strftime("%d-%m-%Y")),
                pl.lit(1),
            ),
        )
    )
