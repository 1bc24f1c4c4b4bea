"""Small record frames for the tests of the rules."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from rules.frames import (
    ADRESSEERBARE_OBJECTEN,
    BEDINGEN,
    BEWONING,
    EIGENDOM,
    INSPECTIES,
    ONTHEFFINGEN,
    OVERDRACHTEN,
    PERSONEN,
    RELATIES,
    VASTSTELLINGEN,
    VERGUNNINGEN,
    WOZ_WAARDEN,
    RecordFrames,
)

PEILDATUM = date(2024, 5, 1)
BRONNEN = frozenset({"bag", "brp", "inspecties", "vaststellingen", "coa"})
ALL_BRONNEN = BRONNEN | {"brk", "woz", "gebieden", "vergunningen", "bedingen"}
SCHEMAS = {
    "relaties": RELATIES,
    "overdrachten": OVERDRACHTEN,
    "personen": PERSONEN,
    "eigendom": EIGENDOM,
    "woz_waarden": WOZ_WAARDEN,
    "vergunningen": VERGUNNINGEN,
    "bedingen": BEDINGEN,
    "ontheffingen": ONTHEFFINGEN,
}


def object_id(number: int) -> str:
    return f"06060100{number:08d}"


def home(number: int, oppervlakte: int | None = 48, **changes: Any) -> dict[str, Any]:
    return {
        "adresseerbaar_object_id": object_id(number),
        "objecttype": "verblijfsobject",
        "gemeente": "GM0606",
        "status": "Verblijfsobject in gebruik",
        "gebruiksdoelen": ["woonfunctie"],
        "oppervlakte": oppervlakte,
        "gebieden": ["GM0606"],
        "in_onderzoek": [],
    } | changes


def stay(
    number: int,
    persoon: str,
    van: date | None = date(2020, 1, 1),
    tot: date | None = None,
    *,
    zekerheid: str = "zeker",
    in_onderzoek: bool = False,
) -> dict[str, Any]:
    return {
        "adresseerbaar_object_id": object_id(number),
        "persoon": persoon,
        "valid_from": van,
        "valid_until": tot,
        "zekerheid": zekerheid,
        "in_onderzoek": in_onderzoek,
        "geboortedatum": None,
    }


def stays(number: int, count: int) -> list[dict[str, Any]]:
    return [stay(number, f"{number}-{n}") for n in range(count)]


def inspection(number: int, datum: date, personen: int | None, **changes: Any) -> dict[str, Any]:
    return {
        "inspectie": f"i{number}-{datum}",
        "adresseerbaar_object_id": object_id(number),
        "datum": datum,
        "aantal_personen": personen,
        "huishoudens": None,
        "gemeten_oppervlakte": None,
    } | changes


def transfer(number: int, dag: date, *verkrijgers: str, **changes: Any) -> dict[str, Any]:
    return {
        "overdracht": f"o{number}-{dag}",
        "adresseerbaar_object_id": object_id(number),
        "inschrijving_eerste": dag,
        "inschrijving_laatste": dag,
        "inschrijving": dag.isoformat(),
        "aard": "levering",
        "verkrijgers": list(verkrijgers),
        "koopovereenkomst": None,
        "staat": "vrij",
    } | changes


def woz(number: int, jaar: int, waarde: int | None, **changes: Any) -> dict[str, Any]:
    return {
        "adresseerbaar_object_id": object_id(number),
        "woz_object": f"w{number}",
        "waardepeildatum": date(jaar - 1, 1, 1),
        "ingangsdatum": date(jaar, 1, 1),
        "waarde": waarde,
        "bezwaar": False,
        "aantal_objecten": 1,
        "aantal_woz": 1,
    } | changes


def clause(number: int, debiteur: str, aanvang: date, maanden: int | None = 24, **changes: Any) -> dict[str, Any]:
    return {
        "beding": f"b{number}-{debiteur}",
        "adresseerbaar_object_id": object_id(number),
        "soort": "zelfbewoning",
        "debiteur": debiteur,
        "akte": aanvang,
        "aanvang": "levering",
        "aanvang_datum": aanvang,
        "maanden": maanden,
    } | changes


def established(number: int, feit: str, waarde: str, van: date | None = None) -> dict[str, Any]:
    return {
        "adresseerbaar_object_id": object_id(number),
        "feit": feit,
        "waarde": waarde,
        "valid_from": van,
        "valid_until": None,
        "bewijs": "huisbezoek",
    }


def frames(
    homes: Iterable[dict[str, Any]],
    bewoning: Iterable[dict[str, Any]] = (),
    inspecties: Iterable[dict[str, Any]] = (),
    vaststellingen: Iterable[dict[str, Any]] = (),
    *,
    bronnen: frozenset[str] = BRONNEN,
    peildatum: date = PEILDATUM,
    **more: Iterable[dict[str, Any]],
) -> RecordFrames:
    """Record frames of rows; ``more`` holds rows of further frames by their field name."""
    return RecordFrames(
        peildatum,
        pl.DataFrame(list(homes), schema=ADRESSEERBARE_OBJECTEN),
        bewoning=pl.DataFrame(list(bewoning), schema=BEWONING),
        inspecties=pl.DataFrame(list(inspecties), schema=INSPECTIES),
        vaststellingen=pl.DataFrame(list(vaststellingen), schema=VASTSTELLINGEN),
        bronnen=bronnen,
        **{name: pl.DataFrame(list(rows), schema=SCHEMAS[name]) for name, rows in more.items()},
    )


# A law file with limits that differ per area.
AREAS = """
gemeente: GM0606
naam: Proef
regelingen:
  opkoopbescherming:
    - naam: proefverordening
      van: 2022-01-01
      bron: a
      status: vastgesteld
      gebieden: [{van: 2022-01-01, codes: [GM0606], bron: a, status: vastgesteld}]
      grenzen:
        - {van: 2022-01-01, grens: 300000, operator: "<", bron: a, status: vastgesteld}
        - {van: 2022-01-01, vervalt_met_ingang_van: 2023-01-01, grens: 400000, operator: "<=", gebieden: [WK060601],
           bron: b, status: vastgesteld}
        - {van: 2023-01-01, grens: {min: 410000, max: 420000}, operator: "<", gebieden: [WK060601],
           bron: c, status: te_bevestigen}
        - {van: 2022-07-01, grens: null, gebieden: [WK060602, BU06060301], bron: d, status: te_bevestigen,
           toelichting: niet gevonden}
"""
