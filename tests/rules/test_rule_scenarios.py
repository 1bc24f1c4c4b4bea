"""The scenario files hold, cover every step, and the reader refuses what it does not know."""

from functools import cache
from pathlib import Path

import pytest

from registry.errors import LawFileError
from rules.catalogue import RULES
from rules.parameters import load_law
from rules.rule import Rule
from rules.scenarios import Scenario, ScenarioResult, evaluate_together, read_scenarios, run_scenarios, scenario_files

FOLDER = Path(__file__).parent / "scenarios"
LAW = load_law()


def test_every_scenario_holds() -> None:
    results = list(run_scenarios([FOLDER], LAW))
    assert [result for result in results if not result.passed] == []
    assert len(results) > 400


# Steps that cannot say no, or cannot be unknown, in a scenario: what they need is tested elsewhere or always known.
NEVER = {
    ("omzetting", "gebied", "niet_van_toepassing"),  # test_rule_omzetting: no ordinance that ships is limited to areas
    ("zelfbewoningsplicht", "zelfbewoning", "onbekend"),  # a clause in a scenario always has its kind
    ("zelfbewoningsplicht", "geen_ontheffing", "onbekend"),  # an exemption that is not known is none
    ("zelfbewoningsplicht", "inschrijftermijn", "onbekend"),  # without a start the step before it is unknown first
    ("bewoning_zonder_woonfunctie", "geen_coa_opvang", "onbekend"),  # an unknown COA location hides no lead
}


@cache
def all_scenarios() -> list[Scenario]:
    return [scenario for path in scenario_files([FOLDER]) for scenario in read_scenarios(path)]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_step_decides_somewhere_and_both_ways(rule: Rule) -> None:
    said = evaluate_together([scenario for scenario in all_scenarios() if rule.id in scenario.verwacht], LAW)
    decided = {(row["beslissend"], str(row["uitkomst"])) for (_, name), row in said.items() if name == rule.id}
    wanted = {(step.name, outcome) for step in rule.steps for outcome in (step.on_no.value, "onbekend")}
    wanted |= {(step.name, "juridisch_toetsen") for step in rule.steps if step.review is not None}
    assert wanted - decided == {(step, outcome) for name, step, outcome in NEVER if name == rule.id}
    assert (rule.steps[-1].name, "signaal") in decided


GOOD = """
- scenario: proef
  gemeente: GM0606
  peildatum: 2024-05-01
  verblijfsobject: {oppervlakte: 70}
  bewoning: [{persoon: a, van: 2023-06-01}]
  verwacht: {overbewoning: geen_signaal}
"""
EVERYTHING = """
- scenario: alles wat een jurist mag schrijven
  bron: "haarlem.nl"
  gemeente: GM0392
  peildatum: 2023-09-01
  ontbrekende_bronnen: []
  verblijfsobject: {gebruiksdoelen: [woonfunctie], status: Verblijfsobject in gebruik, soort: woning, oppervlakte: 70,
    gebieden: [GM0392], bewoond_sinds: 1930-01-01, coa_opvang: false}
  personen: {eigenaar: {type: natuurlijk_persoon}, koper2: {type: rechtspersoon, kvk: "12345678"}}
  relaties: [[eigenaar, zoon, kind], [eigenaar, huurder1, geen]]
  bewoning:
    - {persoon: huurder1, van: 2023-06-01}
    - {persoon: huurder2, van: 2023-06-01, tot: 2023-08-01, zekerheid: mogelijk}
  overdrachten:
    - {inschrijving: 2023-05-02, aard: levering, verkrijgers: [eigenaar], koopovereenkomst: 2023-02-01, staat: vrij}
    - {inschrijving: 2022-05, aard: vererving}
    - {inschrijving: 2021}
  woz: [{waardepeildatum: 2022-01-01, ingangsdatum: 2023-01-01, waarde: 430000}]
  vergunningen: [{soort: opkoopbescherming, grond: familie, van: 2023-06-01, tot: 2024-06-01}]
  bedingen:
    - {soort: zelfbewoning, debiteur: eigenaar, akte: 2023-05-02, aanvang: levering, aanvang_datum: 2023-05-02,
       maanden: 24, doorverkoop_toegestaan: false, gedeeltelijke_verhuur_toegestaan: true,
       ontheffingen: [{reden: echtscheiding, van: 2024-01-01}]}
  inspecties: [{datum: 2023-08-15, aantal_personen: 5, gemeten_oppervlakte: 65, huishoudens: 2}]
  vaststellingen: [{feit: staat_bij_overdracht, waarde: vrij, van: 2023-05-02, bewijs: leveringsakte}]
  verwacht:
    opkoopbescherming: {uitkomst: signaal, vergunbaar: nee, overdracht: 1}
    overbewoning: geen_signaal
"""


def run(tmp_path: Path, text: str) -> list[ScenarioResult]:
    path = tmp_path / "proef.yml"
    path.write_text(text, encoding="utf-8")
    return list(run_scenarios([path], LAW))


def test_all_documented_keys_are_read_and_the_example_of_the_manual_holds(tmp_path: Path) -> None:
    assert [result for result in run(tmp_path, EVERYTHING) if not result.passed] == []


def test_a_wrong_expectation_says_what_was_said(tmp_path: Path) -> None:
    [result] = run(tmp_path, GOOD.replace("geen_signaal", "{uitkomst: signaal, onbekende_feiten: [oppervlakte]}"))
    assert not result.passed
    assert (
        result.message == "onbekende_feiten is [], verwacht ['oppervlakte']; uitkomst is geen_signaal, verwacht signaal"
    )


BROKEN = {
    "unknown key": (GOOD.replace("oppervlakte:", "opervlakte:"), "verblijfsobject.opervlakte", "onbekende sleutel"),
    "unknown key at the top": (GOOD + "  notitie: x\n", "notitie", "onbekende sleutel"),
    "unknown key in a list": (GOOD.replace("van: 2023", "vanaf: 2023"), "bewoning.0.vanaf", "onbekende sleutel"),
    "unknown rule": (GOOD.replace("overbewoning:", "overbewonign:"), "verwacht.overbewonign"),
    "unknown outcome": (GOOD.replace("geen_signaal", "schuldig"), "verwacht.overbewoning.uitkomst", "'signaal'"),
    "no expectation": (GOOD.replace("{overbewoning: geen_signaal}", "{}"), "verwacht"),
    "unknown source": (GOOD + "  ontbrekende_bronnen: [kvk]\n", "ontbrekende_bronnen.0", "'brp'"),
    "no peildatum": (GOOD.replace("  peildatum: 2024-05-01\n", ""), "peildatum", "ontbreekt"),
    "peildatum that does not exist": (GOOD.replace("2024-05-01", "2024-02-30"), "peildatum", "is geen datum"),
    "area as text": (GOOD.replace("70", '"70"'), "verblijfsobject.oppervlakte"),
    "same name twice": (GOOD + GOOD, "scenario", "twee keer"),
    "nationality": (GOOD.replace("persoon: a,", "persoon: a, nationaliteit: x,"), "nationaliteit", "onbekende sleutel"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_scenario_is_refused_with_file_scenario_key_and_reason(name: str, tmp_path: Path) -> None:
    text, *words = BROKEN[name]
    with pytest.raises(LawFileError) as refused:
        run(tmp_path, text)
    for word in ("proef.yml", "scenario 'proef'", *words):
        assert word in str(refused.value)


@pytest.mark.parametrize("text", ["", "{}", "scenario: a", "[]"])
def test_a_file_without_a_list_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(LawFileError, match=r"proef\.yml: verwacht wordt een lijst"):
        run(tmp_path, text)


def test_a_folder_without_scenarios_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LawFileError, match="geen scenariobestand"):
        list(run_scenarios([tmp_path], LAW))
    with pytest.raises(LawFileError, match=r"weg\.yml: het bestand is niet te lezen"):
        list(run_scenarios([tmp_path / "weg.yml"], LAW))
