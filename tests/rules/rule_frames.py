"""Small record frames for the tests of the rules."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from rules.facts import ADRESSEERBARE_OBJECTEN, BEWONING, INSPECTIES, VASTSTELLINGEN, RecordFrames

PEILDATUM = date(2024, 5, 1)
BRONNEN = frozenset({"bag", "brp", "inspecties", "vaststellingen", "coa"})


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
) -> RecordFrames:
    return RecordFrames(
        peildatum,
        pl.DataFrame(list(homes), schema=ADRESSEERBARE_OBJECTEN),
        bewoning=pl.DataFrame(list(bewoning), schema=BEWONING),
        inspecties=pl.DataFrame(list(inspecties), schema=INSPECTIES),
        vaststellingen=pl.DataFrame(list(vaststellingen), schema=VASTSTELLINGEN),
        bronnen=bronnen,
    )
