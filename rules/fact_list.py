"""Every fact column: its type, unit, meaning in Dutch and where it comes from, per kind of case."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact column: its type, unit, meaning in Dutch and where it comes from.

    ``bronnen`` are the deliveries without which the fact is unknown; ``herkomst`` names the fact column that tells
    which source gave the value, where more than one can.
    """

    dtype: pl.DataType
    meaning: str
    source: str
    unit: str | None = None
    bronnen: frozenset[str] = frozenset()
    herkomst: str | None = None


def _fact(
    dtype: pl.DataType,
    meaning: str,
    source: str,
    *,
    unit: str | None = None,
    bronnen: tuple[str, ...] = (),
    herkomst: str | None = None,
) -> Fact:
    return Fact(dtype, meaning, source, unit, frozenset(bronnen), herkomst)


DWELLING_FACTS: dict[str, Fact] = {
    "gemeente": _fact(pl.String(), "gemeente waarin het object ligt", "BAG, gemeente-woonplaatsrelatie"),
    "peildatum": _fact(pl.Date(), "peildatum", "vraag"),
    "objecttype": _fact(pl.String(), "soort adresseerbaar object", "BAG", bronnen=("bag",)),
    "status": _fact(pl.String(), "status in de BAG", "BAG: status", bronnen=("bag",)),
    "woonfunctie": _fact(pl.Boolean(), "woonfunctie", "BAG: gebruiksdoel", bronnen=("bag",)),
    "soort": _fact(
        pl.String(), "woning of woonwagen", "BAG, vaststelling", bronnen=("bag",), herkomst="soort_herkomst"
    ),
    "soort_herkomst": _fact(pl.String(), "herkomst van de soort", "BAG, vaststelling"),
    "gebruiksoppervlakte": _fact(
        pl.Float64(),
        "gebruiksoppervlakte",
        "vaststelling, anders BAG, anders inspectie",
        unit="m2",
        herkomst="gebruiksoppervlakte_herkomst",
    ),
    "gebruiksoppervlakte_herkomst": _fact(pl.String(), "herkomst van de oppervlakte", "BAG, vaststelling, inspectie"),
    "oppervlakte_in_onderzoek": _fact(pl.Boolean(), "oppervlakte in onderzoek", "BAG: in onderzoek", bronnen=("bag",)),
    "coa_opvang": _fact(pl.Boolean(), "opvang van asielzoekers door het COA", "vaststelling of lijst van COA-locaties"),
    "bewoners_min": _fact(pl.Int64(), "zekere bewoners", "BRP", unit="personen", bronnen=("brp",)),
    "bewoners_max": _fact(pl.Int64(), "zekere en mogelijke bewoners", "BRP", unit="personen", bronnen=("brp",)),
    "bewoners_tegenstrijdig": _fact(
        pl.Int64(), "bewoners die ook elders zeker ingeschreven staan", "BRP", unit="personen", bronnen=("brp",)
    ),
    "bewoners_in_onderzoek": _fact(
        pl.Int64(), "bewoners met een adres in onderzoek", "BRP", unit="personen", bronnen=("brp",)
    ),
    "geteld": _fact(pl.Boolean(), "personen geteld bij een inspectie", "inspectie", bronnen=("inspecties",)),
    "inspectie": _fact(pl.String(), "inspectie", "inspectie", bronnen=("inspecties",)),
    "inspectie_datum": _fact(pl.Date(), "datum van de laatste telling", "inspectie", bronnen=("inspecties",)),
    "inspectie_personen": _fact(pl.Int64(), "getelde personen", "inspectie", unit="personen", bronnen=("inspecties",)),
    "inspectie_oppervlakte": _fact(
        pl.Float64(), "oppervlakte bij de telling", "inspectie, anders als oppervlakte", unit="m2"
    ),
    "inspectiedag_min": _fact(
        pl.Int64(), "zekere bewoners op de dag van de telling", "BRP", unit="personen", bronnen=("brp", "inspecties")
    ),
    "inspectiedag_max": _fact(
        pl.Int64(),
        "zekere en mogelijke bewoners op de dag van de telling",
        "BRP",
        unit="personen",
        bronnen=("brp", "inspecties"),
    ),
    "huishoudens": _fact(
        pl.Int64(),
        "vastgestelde huishoudens",
        "vaststelling, anders de laatste telling",
        unit="huishoudens",
        herkomst="huishoudens_herkomst",
    ),
    "huishoudens_herkomst": _fact(pl.String(), "herkomst van de huishoudens", "vaststelling, inspectie"),
}
