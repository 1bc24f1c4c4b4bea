"""The record frames of scenarios, as the registry would give them."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, get_args

import polars as pl

from rules.derivations.vaststellingen import OBJECT
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
from rules.scenario_models import Bron, PartialDate, Scenario


def frames_of(scenarios: Mapping[str, Scenario]) -> RecordFrames:
    """The record frames of scenarios that share peildatum and sources, as the registry would give them.

    Args:
        scenarios: ``adresseerbaar_object_id`` to give the dwelling -> scenario; people of different scenarios differ.
    """
    first = next(iter(scenarios.values()))

    def rows(make: Callable[[str, Scenario], Iterator[dict[str, Any]]], schema: pl.Schema) -> pl.DataFrame:
        return pl.DataFrame([row for key, item in scenarios.items() for row in make(key, item)], schema)

    return RecordFrames(
        peildatum=first.peildatum,
        adresseerbare_objecten=rows(_object_rows, ADRESSEERBARE_OBJECTEN),
        bewoning=rows(_bewoning_rows, BEWONING),
        relaties=rows(_relatie_rows, RELATIES),
        inspecties=rows(_inspectie_rows, INSPECTIES),
        vaststellingen=rows(_vaststelling_rows, VASTSTELLINGEN),
        overdrachten=rows(_overdracht_rows, OVERDRACHTEN),
        personen=rows(_persoon_rows, PERSONEN),
        eigendom=rows(_eigendom_rows, EIGENDOM),
        woz_waarden=rows(_woz_rows, WOZ_WAARDEN),
        vergunningen=rows(_vergunning_rows, VERGUNNINGEN),
        bedingen=rows(_beding_rows, BEDINGEN),
        ontheffingen=rows(_ontheffing_rows, ONTHEFFINGEN),
        bronnen=scenario_sources(first),
    )


def scenario_sources(scenario: Scenario) -> frozenset[str]:
    """The sources that were ever imported, according to a scenario."""
    missing = set(scenario.ontbrekende_bronnen)
    if scenario.verblijfsobject.coa_opvang is None:
        missing.add("coa")
    return frozenset(get_args(Bron)) - missing


def _object_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    entry = scenario.verblijfsobject
    own = entry.soort in ("standplaats", "ligplaats")
    default_area = () if scenario.gemeente is None else (scenario.gemeente,)
    status = "Plaats aangewezen" if own and "status" not in entry.model_fields_set else entry.status
    yield {
        OBJECT: key,
        "objecttype": entry.soort if own else "verblijfsobject",
        "gemeente": scenario.gemeente,
        "status": status,
        "gebruiksdoelen": [] if own else entry.gebruiksdoelen,
        "oppervlakte": entry.oppervlakte,
        "gebieden": default_area if entry.gebieden is None else entry.gebieden,
        "in_onderzoek": [],
    }


def _bewoning_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for entry in scenario.bewoning:
        yield {
            OBJECT: key,
            "persoon": f"{key}:{entry.persoon}",
            "valid_from": entry.van,
            "valid_until": entry.tot,
            "zekerheid": entry.zekerheid,
            "in_onderzoek": False,
            "geboortedatum": None,
        }


def _relatie_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for one, other, relatie in scenario.relaties:
        yield {"persoon": f"{key}:{one}", "andere_persoon": f"{key}:{other}", "relatie": relatie}


def _inspectie_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for number, entry in enumerate(scenario.inspecties, start=1):
        yield {"inspectie": f"{key}:{number}", OBJECT: key, **entry.model_dump()}


def _vaststelling_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    entry = scenario.verblijfsobject
    if entry.soort == "woonwagen":
        yield _vaststelling_row(key, "woonwagen", "ja")
    if entry.coa_opvang:
        yield _vaststelling_row(key, "coa_opvang", "ja")
    if entry.bewoond_sinds is not None:
        yield _vaststelling_row(key, "bewoond_sinds", entry.bewoond_sinds.isoformat())
    for given in scenario.vaststellingen:
        value = ("ja" if given.waarde else "nee") if isinstance(given.waarde, bool) else str(given.waarde)
        row = _vaststelling_row(key, given.feit, value)
        yield row | {"valid_from": given.van, "valid_until": given.tot, "bewijs": given.bewijs}


def _vaststelling_row(key: str, feit: str, waarde: str) -> dict[str, Any]:
    periods = {"valid_from": None, "valid_until": None}
    return {OBJECT: key, "feit": feit, "waarde": waarde, **periods, "bewijs": "scenario"}


def possible_span(written: PartialDate) -> tuple[date, date]:
    """The first and last day of a day, a month (2023-05) or a year.

    Raises:
        ValueError: it is none of these.
    """
    if isinstance(written, date):
        return written, written
    year, _, month = str(written).partition("-")
    if not month:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    return date(int(year), int(month), 1), date(int(year), int(month), monthrange(int(year), int(month))[1])


def _overdracht_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for number, entry in enumerate(scenario.overdrachten, start=1):
        first, last = (None, None) if entry.inschrijving is None else possible_span(entry.inschrijving)
        yield {
            "overdracht": f"{key}:{number:03d}",
            OBJECT: key,
            "inschrijving_eerste": first,
            "inschrijving_laatste": last,
            "inschrijving": None if entry.inschrijving is None else str(entry.inschrijving),
            "aard": entry.aard,
            "verkrijgers": [f"{key}:{name}" for name in entry.verkrijgers],
            "koopovereenkomst": entry.koopovereenkomst,
            "staat": entry.staat,
        }


def _persoon_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for name, entry in scenario.personen.items():
        nothing = {"rsin": None, "corporatie": None, "vve": None}
        yield {"persoon": f"{key}:{name}", "type": entry.type, "kvk": entry.kvk, **nothing}


def _eigendom_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    """The rights of sellers, as far as a scenario names them: they end with the transfer."""
    for entry in scenario.overdrachten:
        if entry.inschrijving is None:
            continue
        first, last = possible_span(entry.inschrijving)
        for name in entry.vervreemders:
            yield {
                OBJECT: key,
                "persoon": f"{key}:{name}",
                "aard_recht": "eigenaar",
                "aandeel": None,
                "valid_from_eerste": None,
                "valid_from_laatste": None,
                "valid_until_eerste": first,
                "valid_until_laatste": last,
            }


def _woz_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for entry in scenario.woz:
        counts = {"bezwaar": False, "aantal_objecten": 1, "aantal_woz": 1}
        yield {OBJECT: key, "woz_object": key, **entry.model_dump(), **counts}


def _vergunning_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for number, entry in enumerate(scenario.vergunningen, start=1):
        yield {
            "vergunning": f"{key}:{number:03d}",
            OBJECT: key,
            **entry.model_dump(exclude={"van", "tot"}),
            "besluit_op": None,
            "valid_from": entry.van,
            "valid_until": entry.tot,
            "gebruiksvorm": None,
            "overdracht": None,
        }


def _beding_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for number, entry in enumerate(scenario.bedingen, start=1):
        yield {
            "beding": f"{key}:{number:03d}",
            OBJECT: key,
            **entry.model_dump(exclude={"ontheffingen", "debiteur"}),
            "debiteur": f"{key}:{entry.debiteur}",
        }


def _ontheffing_rows(key: str, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for number, beding in enumerate(scenario.bedingen, start=1):
        for entry in beding.ontheffingen:
            yield {
                "beding": f"{key}:{number:03d}",
                "reden": entry.reden,
                "valid_from": entry.van,
                "valid_until": entry.tot,
            }
