"""Contradictory facts leave an answer open, and the contradiction is what is named."""

from datetime import date
from typing import Any

import pytest
from rule_frames import ALL_BRONNEN, clause, established, frames, home, inspection, object_id, stay, transfer, woz

from rules.catalogue import find_rule
from rules.engine import answering_case, evaluate, with_receipts
from rules.explain import explain
from rules.parameters import load_law

LAW = load_law()
P = date(2024, 9, 1)
SOLD = date(2023, 6, 1)
DOUBLE = "waar bewoners wonen die op twee adressen tegelijk ingeschreven staan"
RIGHT = {"aard_recht": "eigenaar", "aandeel": 1.0, "adresseerbaar_object_id": object_id(1)}


def said(rule: str, **rows: Any) -> tuple[str, list[str], str]:
    """Outcome, unknown facts and explanation of the first dwelling; the second one lies elsewhere."""
    first = {"gemeente": rows.pop("gemeente", "GM0606"), "gebieden": rows.pop("gebieden", ["GM0606", "WK060601"])}
    asked = frames(
        [home(1, rows.pop("oppervlakte", 70), **first), home(2)],
        rows.pop("bewoning", ()),
        rows.pop("inspecties", ()),
        rows.pop("vaststellingen", ()),
        bronnen=ALL_BRONNEN,
        peildatum=rows.pop("peildatum", P),
        **rows,
    )
    judged = find_rule(rule)
    outcomes = answering_case(judged, evaluate(judged, asked, LAW)).filter(adresseerbaar_object_id=object_id(1))
    row = with_receipts(judged, outcomes, LAW, stored_only=False).row(0, named=True)
    return row["uitkomst"], sorted(row["onbekende_feiten"]), explain(row).text()


def bought(**changes: Any) -> dict[str, Any]:
    haarlem = {"gemeente": "GM0392", "gebieden": ["GM0392"]}
    return haarlem | {"overdrachten": [transfer(1, SOLD, "eigenaar")], "woz_waarden": [woz(1, 2023, 300_000)]} | changes


TWICE = [stay(1, "a"), stay(1, "b"), stay(1, "c"), stay(2, "c")]
CASES: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "overbewoning, iemand staat ook elders": (
        "overbewoning", {"oppervlakte": 30, "bewoning": TWICE}, "tegenstrijdige_inschrijving", DOUBLE,
    ),
    "omzetting, iemand staat ook elders": (
        "omzetting",
        {"bewoning": TWICE, "peildatum": date(2022, 12, 1),
         "vaststellingen": [established(1, "gezamenlijk_huishouden", "nee", date(2022, 11, 1))]},
        "tegenstrijdige_inschrijving", DOUBLE,
    ),
    "zelfbewoningsplicht, de koper staat ook elders": (
        "zelfbewoningsplicht",
        {"bewoning": [stay(1, "koper"), stay(2, "koper"), stay(1, "huurder")],
         "bedingen": [clause(1, "koper", SOLD)], "overdrachten": [transfer(1, SOLD, "koper")]},
        "tegenstrijdige_inschrijving", DOUBLE,
    ),
    "opkoopbescherming, de bewoner staat ook elders": (
        "opkoopbescherming",
        bought(bewoning=[stay(1, "huurder", SOLD), stay(2, "huurder", SOLD)]),
        "tegenstrijdige_inschrijving", DOUBLE,
    ),
    "opkoopbescherming, de eigenaar staat ook elders": (
        "opkoopbescherming",
        bought(bewoning=[stay(1, "huurder", SOLD), stay(1, "eigenaar", SOLD), stay(2, "eigenaar", SOLD)]),
        "tegenstrijdige_inschrijving", DOUBLE,
    ),
    "opkoopbescherming, twee eigenaren van het geheel": (
        "opkoopbescherming",
        bought(bewoning=[stay(1, "huurder", SOLD)],
               eigendom=[RIGHT | {"persoon": "eigenaar"}, RIGHT | {"persoon": "ander"}]),
        "tegenstrijdige_eigendom", "de aandelen zijn samen meer dan het geheel",
    ),
    "opkoopbescherming, twee WOZ-waarden": (
        "opkoopbescherming",
        bought(bewoning=[stay(1, "huurder", SOLD)], woz_waarden=[woz(1, 2023, 300_000), woz(1, 2023, 310_000)]),
        "tegenstrijdige_woz", "welke van twee WOZ-waarden",
    ),
    "opkoopbescherming, twee vaststellingen over de staat": (
        "opkoopbescherming",
        bought(bewoning=[stay(1, "huurder", SOLD)],
               vaststellingen=[established(1, "staat_bij_overdracht", value, SOLD)
                               for value in ("vrij", "gebruikt_6_maanden_of_langer")]),
        "staat_bij_overdracht", "of de woning bij de inschrijving vrij",
    ),
    "overbewoning, twee vaststellingen over de oppervlakte": (
        "overbewoning",
        {"bewoning": [stay(1, "a"), stay(1, "b")],
         "vaststellingen": [established(1, "gemeten_oppervlakte", value, SOLD) for value in ("20", "60")]},
        "oppervlakte", "gebruiksoppervlakte: niet bekend",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_contradiction_is_unknown_and_named(name: str) -> None:
    rule, rows, fact, words = CASES[name]
    uitkomst, unknown, text = said(rule, **rows)
    assert (uitkomst, unknown) == ("onbekend", [fact])
    assert words in text


def test_a_double_registration_that_decides_nothing_is_no_contradiction_to_name() -> None:
    crowded = [stay(1, f"p{number}") for number in range(6)]
    assert said("overbewoning", oppervlakte=30, bewoning=[*crowded, stay(2, "p0")])[0] == "signaal"
    assert said("overbewoning", oppervlakte=200, bewoning=[*crowded, stay(2, "p0")])[0] == "geen_signaal"


def test_an_inspection_that_counted_outside_every_possible_number_is_a_lead_all_the_same() -> None:
    rows = {"bewoning": TWICE, "inspecties": [inspection(1, date(2024, 8, 1), 6)]}
    assert said("adresverschil", **rows)[0] == "signaal"
    assert said("adresverschil", **{**rows, "inspecties": [inspection(1, date(2024, 8, 1), 3)]})[0] == "geen_signaal"
