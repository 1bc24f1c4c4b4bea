"""Where the sources contradict each other: a list of what to report back, and to which register.

A contradiction is no signal and judges nobody: one of two registrations is wrong, and its keeper can find out which
(terugmelding; for the BRP: artikel 2.34 Wet BRP). Only sources that were imported are compared, and no person is named.
"""

from collections.abc import Callable
from datetime import date

import polars as pl

from registry.intake import home_contradictions, property_contradictions
from registry.intake.contradiction_rows import OBJECT, TERUGMELDING, Sources, Tegenspraak
from registry.store.engine import ReadConnection
from registry.store.queries.adressen import adres_with_woonplaats, read_adressen
from registry.store.queries.records import read_record_frames
from registry.store.queries.terugmelding import read_apartments, read_current_stays, read_object_ids, read_rooms

__all__ = ["TERUGMELDING", "Tegenspraak", "find_contradictions"]


def find_contradictions(connection: ReadConnection, *, peildatum: date, known: int) -> pl.DataFrame:
    """Every contradiction of a day, by kind and address (schema ``TERUGMELDING``)."""
    frames = read_record_frames(connection, peildatum=peildatum, known=known)
    gemeenten = frames.adresseerbare_objecten["gemeente"].drop_nulls().unique().str.strip_prefix("GM").sort().to_list()
    sources = Sources(
        frames,
        read_current_stays(connection, known=known),
        read_object_ids(connection, known=known),
        read_rooms(connection, known=known),
        gemeenten,
        read_apartments(connection, known=known, on=peildatum),
    )
    found = [compare(sources) for needed, compare in _COMPARISONS if needed <= frames.bronnen]
    rows = pl.concat([pl.DataFrame(schema=TERUGMELDING), *(part.select(list(TERUGMELDING)) for part in found)])
    adressen = read_adressen(connection, known=known, on=peildatum).filter("is_hoofdadres")
    return (
        rows.join(
            adressen.select(OBJECT, eigen=adres_with_woonplaats()).unique(OBJECT, keep="first"),
            on=OBJECT,
            how="left",
        )
        .with_columns(adres=pl.coalesce("adres", "eigen"))
        .select(list(TERUGMELDING))
        .sort("soort", "adres", OBJECT, nulls_last=True)
    )


_COMPARISONS: tuple[tuple[frozenset[str], Callable[[Sources], pl.DataFrame]], ...] = (
    (frozenset({"bag", "brp"}), home_contradictions.unknown_addresses),
    (frozenset({"bag", "brp"}), home_contradictions.without_woonfunctie),
    (frozenset({"bag", "brp"}), home_contradictions.withdrawn),
    (frozenset({"bag"}), home_contradictions.odd_areas),
    (frozenset({"bag", "brp", "inspecties"}), home_contradictions.counted_otherwise),
    (frozenset({"bag", "inspecties"}), home_contradictions.measured_otherwise),
    (frozenset({"bag", "inspecties"}), home_contradictions.odd_for_rooms),
    (frozenset({"bag", "woz"}), property_contradictions.value_without_dwelling),
    (frozenset({"bag", "woz"}), property_contradictions.value_of_several),
    (frozenset({"bag", "woz"}), property_contradictions.value_missing),
    (frozenset({"bag", "brk"}), property_contradictions.owner_missing),
    (frozenset({"bag", "brk"}), property_contradictions.apartment_of_several),
    (frozenset({"bag", "brk"}), property_contradictions.several_apartments),
)
