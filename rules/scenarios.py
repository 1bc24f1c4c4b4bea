"""Runs scenario files: a lawyer writes the facts of one dwelling and what each rule must say of it.

The facts become the same record frames that the registry gives, and go through the same derivation and engine.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from registry.errors import LawFileError
from rules.cases import KEYS, answering_case, without_case
from rules.catalogue import RULES
from rules.derivations.vaststellingen import OBJECT
from rules.engine import evaluate
from rules.facts import CaseKind
from rules.parameters import Law
from rules.rule import Rule
from rules.scenario_frames import frames_of, scenario_sources
from rules.scenario_models import Expected, Scenario
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


def evaluate_together(scenarios: Sequence[Scenario], law: Law) -> dict[tuple[int, str], Mapping[str, Any]]:
    """The outcome row per scenario (by position) and rule; what shares date and sources is evaluated in one go."""
    groups: dict[tuple[date, frozenset[str]], list[int]] = {}
    for number, scenario in enumerate(scenarios):
        groups.setdefault((scenario.peildatum, scenario_sources(scenario)), []).append(number)
    said: dict[tuple[int, str], Mapping[str, Any]] = {}
    for numbers in groups.values():
        ids = {f"{number:016d}": number for number in numbers}
        frames = frames_of({key: scenarios[number] for key, number in ids.items()})
        asked = sorted({rule for number in numbers for rule in scenarios[number].verwacht if rule in RULES})
        for rule in asked:
            outcomes = evaluate(RULES[rule], frames, law)
            asked_cases = {ids[key]: _selected(RULES[rule], key, scenarios[ids[key]], rule) for key in ids}
            answers = answering_case(RULES[rule], outcomes)
            by_dwelling = {row[OBJECT]: row for row in answers.iter_rows(named=True)}
            by_case = {row[KEYS[RULES[rule].case]]: row for row in outcomes.iter_rows(named=True)}
            nothing = without_case(RULES[rule], frames)
            for key, number in ids.items():
                case = asked_cases[number]
                said[number, rule] = by_dwelling.get(key, nothing) if case is None else by_case.get(case, nothing)
    return said


def _selected(rule: Rule, key: str, scenario: Scenario, name: str) -> str | None:
    """The key of the transfer or clause that the expectation names by position; None = the one that answers."""
    expected = {str(key): value for key, value in scenario.verwacht.items()}.get(name)
    position = None
    if expected is not None:
        position = expected.overdracht if rule.case == CaseKind.OVERDRACHT else expected.beding
    return None if position is None or rule.case == CaseKind.VERBLIJFSOBJECT else f"{key}:{position:03d}"


def compare(expected: Expected, said: Mapping[str, Any]) -> str:
    """What an outcome row says differently from what is expected, in Dutch; empty when nothing."""
    differences = []
    for key in sorted(expected.model_fields_set - _SELECTORS):
        wanted, found = _plain(getattr(expected, key)), _plain(said.get(key))
        if wanted != found:
            differences.append(f"{key} is {found}, verwacht {wanted}")
    return "; ".join(differences)


def _plain(value: Any) -> Any:
    """A value in the form in which expected and said are compared and shown."""
    if isinstance(value, list | tuple):
        return sorted(str(item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
