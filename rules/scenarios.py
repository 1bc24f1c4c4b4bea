"""Runs scenario files: a lawyer writes the facts of one dwelling and what each rule must say of it.

The facts become the same record frames that the registry gives, and go through the same derivation and engine.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

import polars as pl
from pydantic import ValidationError

from registry.errors import LawFileError
from rules.catalogue import RULES
from rules.derivations.vaststellingen import OBJECT
from rules.engine import evaluate
from rules.facts import ADRESSEERBARE_OBJECTEN, BEWONING, INSPECTIES, RELATIES, VASTSTELLINGEN, RecordFrames
from rules.parameters import Law
from rules.scenario_models import Bron, Expected, Scenario
from rules.yaml_files import describe, parse_yaml, read_bytes

_SELECTORS = {"overdracht", "beding"}


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """Whether one rule said what one scenario expects; ``message`` says in Dutch what it said instead."""

    file: str
    scenario: str
    rule: str
    passed: bool
    message: str = ""

    def __str__(self) -> str:
        """One line for a list of results, in Dutch."""
        line = f"{'goed' if self.passed else 'FOUT'}  {self.file}: {self.scenario} [{self.rule}]"
        return line if self.passed else f"{line}: {self.message}"


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
    """Runs every scenario of files and folders: one result per scenario and rule, in order.

    Raises:
        LawFileError: a file is wrong.
    """
    for path in scenario_files(paths):
        scenarios = read_scenarios(path)
        said = evaluate_together(scenarios, law)
        for number, scenario in enumerate(scenarios):
            for rule, expected in scenario.verwacht.items():
                message = (
                    compare(expected, said[number, rule]) if rule in RULES else f"de regel {rule} bestaat nog niet"
                )
                yield ScenarioResult(path.name, scenario.scenario, rule, not message, message)


def evaluate_together(scenarios: Sequence[Scenario], law: Law) -> dict[tuple[int, str], dict[str, Any]]:
    """The outcome row per scenario (by position) and rule; what shares date and sources is evaluated in one go."""
    groups: dict[tuple[date, frozenset[str]], list[int]] = {}
    for number, scenario in enumerate(scenarios):
        groups.setdefault((scenario.peildatum, _bronnen(scenario)), []).append(number)
    said: dict[tuple[int, str], dict[str, Any]] = {}
    for numbers in groups.values():
        frames = frames_of({_object_id(number): scenarios[number] for number in numbers})
        asked = sorted({rule for number in numbers for rule in scenarios[number].verwacht if rule in RULES})
        for rule in asked:
            # Sorted by key, and the keys are in the order of the numbers.
            rows = evaluate(RULES[rule], frames, law).iter_rows(named=True)
            said |= {(number, rule): row for number, row in zip(numbers, rows, strict=True)}
    return said


def compare(expected: Expected, said: Mapping[str, Any]) -> str:
    """What an outcome row says differently from what is expected, in Dutch; empty when nothing."""
    differences = []
    for key in sorted(expected.model_fields_set - _SELECTORS):
        wanted, found = _plain(getattr(expected, key)), _plain(said.get(key))
        if wanted != found:
            differences.append(f"{key} is {found}, verwacht {wanted}")
    return "; ".join(differences)


def frames_of(scenarios: Mapping[str, Scenario]) -> RecordFrames:
    """The record frames of scenarios that share peildatum and sources, as the registry would give them.

    Args:
        scenarios: ``adresseerbaar_object_id`` to give the dwelling -> scenario; people of different scenarios differ.
    """
    first = next(iter(scenarios.values()))
    given = scenarios.items()
    return RecordFrames(
        peildatum=first.peildatum,
        adresseerbare_objecten=pl.DataFrame([_object_row(key, item) for key, item in given], ADRESSEERBARE_OBJECTEN),
        bewoning=pl.DataFrame([row for key, item in given for row in _bewoning_rows(key, item)], BEWONING),
        relaties=pl.DataFrame([row for key, item in given for row in _relatie_rows(key, item)], RELATIES),
        inspecties=pl.DataFrame([row for key, item in given for row in _inspectie_rows(key, item)], INSPECTIES),
        vaststellingen=pl.DataFrame(
            [row for key, item in given for row in _vaststelling_rows(key, item)], VASTSTELLINGEN
        ),
        bronnen=_bronnen(first),
    )


def _object_id(number: int) -> str:
    return f"{number:016d}"


def _bronnen(scenario: Scenario) -> frozenset[str]:
    missing = set(scenario.ontbrekende_bronnen)
    if scenario.verblijfsobject.coa_opvang is None:
        missing.add("coa")
    return frozenset(get_args(Bron)) - missing


def _object_row(key: str, scenario: Scenario) -> dict[str, Any]:
    entry = scenario.verblijfsobject
    own = entry.soort in ("standplaats", "ligplaats")
    default_area = () if scenario.gemeente is None else (scenario.gemeente,)
    status = "Plaats aangewezen" if own and "status" not in entry.model_fields_set else entry.status
    return {
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


def _plain(value: Any) -> Any:
    """A value in the form in which expected and said are compared and shown."""
    if isinstance(value, list | tuple):
        return sorted(str(item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
