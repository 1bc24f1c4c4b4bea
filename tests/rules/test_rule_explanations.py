"""Explanations come from the receipt alone, say the same as the outcome, and read as plain Dutch."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from rule_frames import (
    ALL_BRONNEN,
    BRONNEN,
    clause,
    established,
    frames,
    home,
    inspection,
    object_id,
    stay,
    stays,
    transfer,
    woz,
)

from registry.errors import UsageError
from rules.adresverschil import ADRESVERSCHIL
from rules.catalogue import RULES, find_rule
from rules.engine import evaluate, with_receipts
from rules.explain import explain, sentence, sentences
from rules.facts import RecordFrames
from rules.no_case import receipt_without_case
from rules.overbewoning import OVERBEWONING
from rules.parameters import load_law
from rules.rule import Rule

LAW = load_law()
RECEIPT = ("regel", "regel_versie", "feiten", "parameters")


def rows(asked: RecordFrames, rule: Rule = OVERBEWONING, *, stored_only: bool = True) -> list[dict[str, Any]]:
    outcomes = evaluate(rule, asked, LAW)
    return list(with_receipts(rule, outcomes, LAW, stored_only=stored_only).iter_rows(named=True))


def every_kind() -> RecordFrames:
    return frames(
        [
            home(1, 70, in_onderzoek=["oppervlakte"], gebieden=["GM0606", "WK060601"]),
            home(2, 1),
            home(3, 60, gebieden=["WK060601"]),
            home(4, 48, gebruiksdoelen=["winkelfunctie"]),
            home(5, 11),
            home(6, 48, gebieden=["WK060606"]),
            home(7, 48, status="Verblijfsobject ingetrokken", gebruiksdoelen=["kantoorfunctie"]),
            home(8, 48),
        ],
        [
            *stays(1, 7),
            stay(1, "kind", date(2023, 9, 1), in_onderzoek=True) | {"geboortedatum": "20230901"},
            *stays(2, 2),
            *stays(3, 4),
            *stays(4, 9),
            *stays(5, 1),
            *stays(6, 4),
            stay(6, "x", zekerheid="mogelijk"),
            stay(7, "y"),
        ],
        [inspection(3, date(2024, 3, 1), 6, gemeten_oppervlakte=58.5), inspection(1, date(2024, 4, 2), 3)],
        [established(3, "gemeten_oppervlakte", "61,5")],
        bronnen=ALL_BRONNEN,
        overdrachten=[
            transfer(1, date(2023, 2, 1), "koper"),
            transfer(3, date(2023, 2, 1), "koper", inschrijving_laatste=date(2023, 2, 28), inschrijving="2023-02"),
            transfer(6, date(2023, 2, 1), "koper", koopovereenkomst=date(2022, 1, 1)),
        ],
        woz_waarden=[woz(1, 2023, 300_000), woz(3, 2023, 370_000), woz(6, 2023, 300_000)],
        bedingen=[clause(1, "koper", date(2023, 2, 1)), clause(2, "2-0", date(2023, 2, 1), None)],
        relaties=[{"persoon": "1-0", "andere_persoon": "1-1", "relatie": "geen"}],
    )


SIGNAL_TEXT = """\
Overbewoning: BAG-id 0606010000000001, op 01-05-2024
Uitkomst: signaal: getalsnorm overschreden. Een signaal is geen besluit; een mens beoordeelt het.
8 bewoners × 12 m2 = 96 m2, meer dan de 70 m2 gebruiksoppervlakte: 3 personen boven de getalsnorm.
Deze toestand begon op 01-01-2020; zij heeft geen bekend einde.

1. Heeft het object een woonfunctie? ja
   grond: artikel 7.18 Bouwbesluit 2012: de norm geldt voor een woonfunctie
   - woonfunctie: ja
2. Is het object volgens de BAG in gebruik of in verbouwing? ja
   grond: BAG: status; bij een andere status is eerst de registratie aan de orde
   - status in de BAG: Verblijfsobject in gebruik
3. Valt het object buiten de opvang van asielzoekers door het COA? ja
   grond: artikel 7.18 lid 3 Bouwbesluit 2012
   - opvang van asielzoekers door het COA: nee
   - de norm geldt niet waar het COA in de woonfunctie asielzoekers opvangt: ja (omgevingsplan van rechtswege \
(bruidsschat), voortzetting van artikel 7.18 lid 3 Bouwbesluit 2012; nog te bevestigen)
4. Is aantal personen × norm groter dan de gebruiksoppervlakte? ja (beslissend)
   grond: artikel 7.18 lid 1 en 2 Bouwbesluit 2012
   - zekere bewoners: 8 personen
   - woning of woonwagen: woning (BAG)
   - gebruiksoppervlakte: 70 m2 (BAG)
   - datum van de laatste telling: 02-04-2024
   - getelde personen: 3 personen
   - oppervlakte bij de telling: 70 m2
   - gebruiksoppervlakte die een woonfunctie per bewoner ten minste heeft: 12 m2 (omgevingsplan van rechtswege \
(bruidsschat), voortzetting van artikel 7.18 lid 1 Bouwbesluit 2012; nog te bevestigen)
   - zo lang geldt het aantal personen dat een inspectie telde: 12 maanden (standaardwaarde van het register; nog te \
bevestigen)
Let op: Of de bewoners één huishouden vormen is niet vastgesteld; de urgentie gaat daar niet van uit.
Let op: Bij de inspectie van 02-04-2024 zijn 3 personen geteld.
Let op: De oppervlakte is in de BAG in onderzoek.
Let op: Bewoners met een adres in onderzoek: 1.
Let op: Urgentie midden: midden vanaf 2 personen boven de getalsnorm; hoog vanaf 3 als er meer dan één huishouden is \
vastgesteld of een inspecteur telde; laag bij één vastgesteld huishouden.
Het was anders als het antwoord op vraag 4 nee was; dan was er geen signaal.
Ter beoordeling: minderjarige bewoners: 1; bewoners van wie de leeftijd niet vaststaat: 7; in twaalf maanden gekomen \
of vertrokken: 1; in 24 maanden gekomen of vertrokken: 1.
Bewijs: BEWIJS (regel overbewoning versie 1).\
"""


def test_a_signal_is_explained_in_plain_dutch() -> None:
    row = rows(every_kind())[0]
    assert explain(row).text() == SIGNAL_TEXT.replace("BEWIJS", row["bewijs"])


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_an_explanation_says_what_the_outcome_said(rule: Rule) -> None:
    for row in rows(every_kind(), rule, stored_only=False):
        told = explain({name: row[name] for name in RECEIPT})
        assert (told.uitkomst, told.beslissend) == (row["uitkomst"], row["beslissend"])
        assert list(told.onbekende_feiten) == row["onbekende_feiten"]
        said = {name: row[name].isoformat() if isinstance(row[name], date) else row[name] for name in rule.results}
        assert {name: told.results[name] for name in rule.results} == said
        assert [step.name for step in told.steps if step.decisive] == [row["beslissend"]]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_no_text_calls_anything_a_breach(rule: Rule) -> None:
    for row in rows(every_kind(), rule, stored_only=False):
        assert "overtred" not in (explain(row).text() + explain(row).to_json()).lower()


def test_an_unknown_outcome_names_what_would_decide() -> None:
    told = {row["adresseerbaar_object_id"]: explain(row) for row in rows(every_kind())}
    no_area, possible = told[object_id(2)], told[object_id(6)]
    assert "Uitkomst: onbekend. Nodig is: de gebruiksoppervlakte" in no_area.text()
    assert "- gebruiksoppervlakte: niet bekend" in no_area.text()
    assert possible.needed == ("of de mogelijke bewoners er wonen (onvolledige datum of adresonderzoek)",)
    assert "zekere en mogelijke bewoners: 5 personen" in possible.text()


def test_a_vaststelling_that_wins_is_said() -> None:
    text = {row["adresseerbaar_object_id"]: explain(row).text() for row in rows(every_kind())}[object_id(3)]
    assert "gebruiksoppervlakte: 61,5 m2 (vaststelling; gaat voor wat is afgeleid)" in text
    assert "6 bij inspectie getelde personen × 12 m2 = 72 m2, meer dan de 58,5 m2 gebruiksoppervlakte" in text
    assert "Deze toestand begon op 01-03-2024; zij duurt tot 01-03-2025." in text


def test_a_home_smaller_than_one_person_needs_is_first_a_matter_of_data() -> None:
    text = {row["adresseerbaar_object_id"]: explain(row).text() for row in rows(every_kind())}[object_id(5)]
    assert "1 bewoner × 12 m2 = 12 m2, meer dan de 11 m2 gebruiksoppervlakte: 1 persoon boven de getalsnorm." in text
    assert "controleer eerst de oppervlakte" in text


def test_the_tree_survives_as_json_with_sources_and_status() -> None:
    tree = json.loads(explain(rows(every_kind())[0]).to_json())
    norm = next(value for value in tree["steps"][3]["parameters"] if value["name"] == "overbewoning.m2_per_persoon")
    assert (norm["value"], norm["unit"], norm["status"]) == (12, "m2", "te_bevestigen")
    assert "artikel 7.18 lid 1" in norm["source"]
    assert tree["results"]["periode_van"] == "2020-01-01"


def test_missing_inspections_are_said() -> None:
    asked = frames([home(1)], stays(1, 5), bronnen=frozenset({"bag", "brp", "coa"}))
    assert "Inspecties zijn niet ingelezen" in explain(rows(asked)[0]).text()


def test_sentences_in_bulk_equal_sentences_one_by_one() -> None:
    for rule in RULES.values():
        kept = with_receipts(rule, evaluate(rule, every_kind(), LAW), LAW)
        assert sentences(rule, kept).to_list() == [sentence(row) for row in kept.iter_rows(named=True)]
        assert kept.height > 0


def test_adresverschil_says_both_numbers_and_calls_it_a_lead() -> None:
    texts = [sentence(row) for row in rows(every_kind(), ADRESVERSCHIL)]
    assert texts == [
        "Op 02-04-2024 geteld: 3; ingeschreven: 8. Aanleiding voor adresonderzoek.",
        "Op 01-03-2024 geteld: 6; ingeschreven: 4. Aanleiding voor adresonderzoek.",
    ]


def test_an_outcome_of_another_version_of_the_rule_is_refused() -> None:
    row = rows(every_kind())[0] | {"regel_versie": 99}
    with pytest.raises(UsageError, match="versie 99"):
        explain(row)


@pytest.mark.parametrize(
    ("born", "peildatum", "expected"),
    [
        ("20060501", date(2024, 4, 30), (1, 0)),
        ("20060501", date(2024, 5, 1), (0, 0)),
        ("20060000", date(2024, 6, 1), (0, 1)),
        ("20070000", date(2024, 6, 1), (1, 0)),
        ("20050000", date(2024, 6, 1), (0, 0)),
        ("20060600", date(2024, 6, 15), (0, 1)),
        ("00000000", date(2024, 6, 15), (0, 1)),
        (None, date(2024, 6, 15), (0, 1)),
    ],
)
def test_children_are_counted_only_where_every_possible_birthday_agrees(
    born: str | None, peildatum: date, expected: tuple[int, int]
) -> None:
    adults = [stay(1, f"p{n}") | {"geboortedatum": "19700101"} for n in range(4)]
    asked = frames([home(1)], [*adults, stay(1, "kind") | {"geboortedatum": born}], peildatum=peildatum)
    row = evaluate(OVERBEWONING, asked, LAW).row(0, named=True)
    assert (row["minderjarigen"], row["leeftijd_onbekend"]) == expected


def test_turnover_counts_arrivals_and_departures_up_to_the_peildatum() -> None:
    moves = [
        stay(1, "gekomen", date(2023, 5, 2)),
        stay(1, "eerder", date(2023, 5, 1)),
        stay(1, "kort", date(2023, 6, 1), date(2023, 7, 1)),
        stay(1, "weg", date(2010, 1, 1), date(2022, 6, 1)),
        stay(1, "later", date(2024, 5, 2)),
    ]
    row = evaluate(OVERBEWONING, frames([home(1, 24)], [*stays(1, 2), *moves]), LAW).row(0, named=True)
    assert (row["verloop_12"], row["verloop_24"]) == (3, 5)


def test_context_is_null_without_brp_and_for_outcomes_that_are_not_kept() -> None:
    visits = [inspection(1, date(2024, 4, 2), 9)]
    asked = frames([home(1), home(2)], [], visits, bronnen=frozenset({"bag", "inspecties", "coa"}))
    assert evaluate(OVERBEWONING, asked, LAW).get_column("verloop_12").is_null().all()
    known = evaluate(OVERBEWONING, frames([home(1)], stays(1, 4)), LAW)
    assert known.filter(pl.col("uitkomst") == "geen_signaal").get_column("minderjarigen").to_list() == [None]


@pytest.mark.parametrize(
    ("rule", "bronnen", "uitkomst", "words"),
    [
        ("opkoopbescherming", ALL_BRONNEN, "niet_van_toepassing", "geen overdracht bekend"),
        ("zelfbewoningsplicht", ALL_BRONNEN, "niet_van_toepassing", "geen beding bekend"),
        ("opkoopbescherming", BRONNEN, "onbekend", "de overdrachten (nooit ingelezen)"),
        ("zelfbewoningsplicht", BRONNEN, "onbekend", "de bedingen (nooit ingelezen)"),
    ],
)
def test_a_dwelling_without_a_case_is_explained_too(
    rule: str, bronnen: frozenset[str], uitkomst: str, words: str
) -> None:
    asked = frames([home(1)], bronnen=bronnen)
    receipt = receipt_without_case(find_rule(rule), asked, LAW, object_id(1))
    said = explain(receipt)
    assert (said.uitkomst, said.key, said.beslissend, said.rows()) == (uitkomst, object_id(1), None, [])
    assert words in said.text()
    assert said.bewijs == receipt["bewijs"]
    other = receipt_without_case(find_rule(rule), replace(asked, peildatum=date(2024, 5, 2)), LAW, object_id(1))
    assert other["bewijs"] != receipt["bewijs"]
