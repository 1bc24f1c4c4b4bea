"""Runs scenario files: a lawyer writes the facts of one dwelling and what each rule must say of it.

The facts become the same record frames that the registry gives, and go through the same derivation and engine.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

import polars as pl
from pydantic import ValidationError

from registry.errors import LawFileError
from rules.catalogue import RULES
from rules.engine import evaluate
from rules.facts import ADRESSEERBARE_OBJECTEN, BEWONING, INSPECTIES, RELATIES, VASTSTELLINGEN, RecordFrames
from rules.parameters import Law
from rules.scenario_models import Bron, Expected, Scenario
from rules.yaml_files import describe, parse_yaml, read_bytes

OBJECT_ID = "0000010000000001"
_SELECTORS = {"overdracht", "beding"}


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """Whether one rule said what one scenario expects; ``message`` says in Dutch what it said instead."""

    file: str
    scenario: str
    rule: str
    passed: bool
    message: str = ""


def read_scenarios(path: Path) -> tuple[Scenario, ...]:
    """The scenarios of one file.

    Raises:
        LawFileError: the file is wrong; the text names file, scenario, key and reason.
    """
    content = parse_yaml(read_bytes(path), path.name)
    if not isinstance(content, list) or not content:
        raise LawFileError(f"{path.name}: verwacht wordt een lijst van scenario's ('- scenario: …').")
    found: list[Scenario] = []
    for number, item in enumerate(content, start=1):
        title = item.get("scenario") if isinstance(item, dict) else None
        name = f"scenario '{title}'" if title else f"scenario {number}"
        try:
            scenario = Scenario.model_validate(item)
        except ValidationError as error:
            raise LawFileError(f"{path.name}: {name}: {describe(error)}") from error
        if any(other.scenario == scenario.scenario for other in found):
            raise LawFileError(f"{path.name}: {name}: scenario: deze naam komt twee keer voor")
        found.append(scenario)
    return tuple(found)


def scenario_files(paths: Iterable[Path]) -> list[Path]:
    """The scenario files of files and folders (``*.yml``, also in subfolders), in order.

    Raises:
        LawFileError: a path does not exist, or a folder holds no scenario file.
    """
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.yml")) if path.is_dir() else [path]
        if not inside:
            raise LawFileError(f"{path.name}: in deze map staat geen scenariobestand (*.yml).")
        files += inside
    return files


def run_scenarios(paths: Iterable[Path], law: Law) -> Iterator[ScenarioResult]:
    """Runs every scenario of files and folders: one result per scenario and rule.

    Raises:
        LawFileError: a file is wrong.
    """
    for path in scenario_files(paths):
        for scenario in read_scenarios(path):
            for rule, expected in scenario.verwacht.items():
                message = check(scenario, rule, expected, law)
                yield ScenarioResult(path.name, scenario.scenario, rule, not message, message)


def check(scenario: Scenario, rule: str, expected: Expected, law: Law) -> str:
    """What a rule says differently from what is expected, in Dutch; empty when nothing."""
    if rule not in RULES:
        return f"de regel {rule} is nog niet gebouwd"
    row = evaluate(RULES[rule], frames_of(scenario), law).row(0, named=True)
    differences = []
    for key in sorted(expected.model_fields_set - _SELECTORS):
        wanted, said = _plain(getattr(expected, key)), _plain(row.get(key))
        if wanted != said:
            differences.append(f"{key} is {said}, verwacht {wanted}")
    return "; ".join(differences)


def frames_of(scenario: Scenario) -> RecordFrames:
    """The record frames of a scenario, as the registry would give them."""
    missing = set(scenario.ontbrekende_bronnen)
    if scenario.verblijfsobject.coa_opvang is None:
        missing.add("coa")
    return RecordFrames(
        peildatum=scenario.peildatum,
        adresseerbare_objecten=pl.DataFrame([_object_row(scenario)], schema=ADRESSEERBARE_OBJECTEN),
        bewoning=pl.DataFrame([_bewoning_row(entry) for entry in scenario.bewoning], schema=BEWONING),
        relaties=pl.DataFrame(
            [dict(zip(RELATIES, relatie, strict=True)) for relatie in scenario.relaties], schema=RELATIES
        ),
        inspecties=pl.DataFrame(
            [
                {"inspectie": str(number), "adresseerbaar_object_id": OBJECT_ID, **entry.model_dump()}
                for number, entry in enumerate(scenario.inspecties, start=1)
            ],
            schema=INSPECTIES,
        ),
        vaststellingen=pl.DataFrame(list(_vaststelling_rows(scenario)), schema=VASTSTELLINGEN),
        bronnen=frozenset(get_args(Bron)) - missing,
    )


def _object_row(scenario: Scenario) -> dict[str, Any]:
    entry = scenario.verblijfsobject
    own = entry.soort in ("standplaats", "ligplaats")
    default_area = () if scenario.gemeente is None else (scenario.gemeente,)
    status = "Plaats aangewezen" if own and "status" not in entry.model_fields_set else entry.status
    return {
        "adresseerbaar_object_id": OBJECT_ID,
        "objecttype": entry.soort if own else "verblijfsobject",
        "gemeente": scenario.gemeente,
        "status": status,
        "gebruiksdoelen": [] if own else entry.gebruiksdoelen,
        "oppervlakte": entry.oppervlakte,
        "gebieden": default_area if entry.gebieden is None else entry.gebieden,
        "in_onderzoek": [],
    }


def _bewoning_row(entry: Any) -> dict[str, Any]:
    return {
        "adresseerbaar_object_id": OBJECT_ID,
        "persoon": entry.persoon,
        "valid_from": entry.van,
        "valid_until": entry.tot,
        "zekerheid": entry.zekerheid,
        "in_onderzoek": False,
        "geboortedatum": None,
    }


def _vaststelling_rows(scenario: Scenario) -> Iterator[dict[str, Any]]:
    entry = scenario.verblijfsobject
    if entry.soort == "woonwagen":
        yield _vaststelling("woonwagen", "ja")
    if entry.coa_opvang:
        yield _vaststelling("coa_opvang", "ja")
    if entry.bewoond_sinds is not None:
        yield _vaststelling("bewoond_sinds", entry.bewoond_sinds.isoformat())
    for given in scenario.vaststellingen:
        value = {True: "ja", False: "nee"}[given.waarde] if isinstance(given.waarde, bool) else str(given.waarde)
        yield _vaststelling(given.feit, value, given.van, given.tot, given.bewijs)


def _vaststelling(
    feit: str, waarde: str, van: date | None = None, tot: date | None = None, bewijs: str = "scenario"
) -> dict[str, Any]:
    return {
        "adresseerbaar_object_id": OBJECT_ID,
        "feit": feit,
        "waarde": waarde,
        "valid_from": van,
        "valid_until": tot,
        "bewijs": bewijs,
    }


def _plain(value: Any) -> Any:
    """A value in the form in which expected and said are compared and shown."""
    if isinstance(value, list | tuple):
        return sorted(str(item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
