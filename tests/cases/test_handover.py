"""The check before a file is handed over finds what files were quashed for, and says which ruling is behind it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.cases.file import CaseFile
from registry.cases.handover import IN_ORDE, NIET_IN_ORDE, ONBEKEND, CaseRecord, Check, check_handover, shipped_rulings
from registry.store.tables import registers

HOME = "0606010000000001"
EMPTY = CaseRecord(
    [HOME], {HOME: ["omzetting"]}, [], [], [], [], [], {}, permits_known=True, peildatum=date(2026, 3, 1)
)


def visit(**more: Any) -> dict[str, Any]:
    base: dict[str, Any] = dict.fromkeys(column.name for column in registers.inspecties.columns)
    base |= {"inspectie": "i1", "adresseerbaar_object_id": HOME, "datum": date(2026, 2, 1), "fotos": 0}
    return base | {"resultaat": "toegang_met_toestemming"} | more


def paper(soort: str, **more: Any) -> dict[str, Any]:
    base = {"soort": soort, "titel": soort, "inspectie": None, "ondertekend_door": None, "ondertekend_op": None}
    return base | more


def answers(case: CaseRecord, code: str) -> list[str]:
    return [check.antwoord for check in check_handover(case) if check.code == code]


def test_an_empty_case_has_no_report_no_signature_no_household_and_no_start() -> None:
    assert answers(EMPTY, "rapport") == [NIET_IN_ORDE]
    assert answers(EMPTY, "ondertekend") == [ONBEKEND]
    assert answers(EMPTY, "toegang") == []
    assert answers(EMPTY, "huishouden") == [NIET_IN_ORDE]
    assert answers(EMPTY, "begin") == [NIET_IN_ORDE]
    assert answers(EMPTY, "vergunning") == [IN_ORDE]


def test_a_report_counts_only_when_it_is_signed_and_dated() -> None:
    unsigned = replace(EMPTY, visits=[visit()], documents=[paper("rapport van bevindingen", inspectie="i1")])
    assert answers(unsigned, "ondertekend") == [NIET_IN_ORDE]
    signed = paper("rapport van bevindingen", ondertekend_door="T.", ondertekend_op=date(2026, 2, 2))
    assert answers(replace(unsigned, documents=[signed]), "ondertekend") == [IN_ORDE]
    of_another = paper("rapport van bevindingen", inspectie="i2")
    assert NIET_IN_ORDE in answers(replace(unsigned, documents=[of_another]), "rapport")


@pytest.mark.parametrize(
    ("found", "papers", "expected"),
    [
        ({"resultaat": "niemand_aanwezig"}, [], []),
        ({}, [], [NIET_IN_ORDE]),
        ({"toestemming_van": "bewoner"}, [], [IN_ORDE]),
        ({}, ["toestemming tot binnentreden"], [IN_ORDE]),
        ({}, ["machtiging tot binnentreden"], [NIET_IN_ORDE]),
        ({"resultaat": "toegang_met_machtiging", "machtiging": "M1"}, [], [ONBEKEND]),
        (
            {"resultaat": "toegang_met_machtiging", "machtiging": "M1", "gronden": "g", "lichtere_middelen": "l"},
            [],
            [IN_ORDE],
        ),
    ],
)
def test_who_entered_had_consent_or_an_authorisation(
    found: dict[str, Any], papers: list[str], expected: list[str]
) -> None:
    case = replace(EMPTY, visits=[visit(**found)], documents=[paper(soort) for soort in papers])
    assert answers(case, "toegang") == expected


def test_a_count_of_households_alone_is_not_yet_an_investigation() -> None:
    counted = replace(EMPTY, visits=[visit(huishoudens=3)])
    assert answers(counted, "huishouden") == [ONBEKEND]
    told = replace(counted, documents=[paper("verklaring")])
    assert answers(told, "huishouden") == [IN_ORDE]
    assert answers(replace(EMPTY, rules={HOME: ["opkoopbescherming"]}), "huishouden") == []


def test_a_start_from_the_registers_alone_is_to_be_checked() -> None:
    assert answers(replace(EMPTY, starts={HOME: [None, date(2025, 1, 1)]}), "begin") == [ONBEKEND]
    proven = replace(EMPTY, documents=[paper("bewijs van het begin van het gebruik")])
    assert answers(proven, "begin") == [IN_ORDE]


@pytest.mark.parametrize(
    ("text", "tot", "expected"),
    [
        ("omzetting verleend (V1)", None, NIET_IN_ORDE),
        ("omzetting verleend (V1)", date(2026, 3, 1), IN_ORDE),  # ended on the day itself
        ("omzetting verleend (V1)", date(2026, 3, 2), NIET_IN_ORDE),
        ("omzetting aangevraagd (V1)", None, ONBEKEND),
        ("omzetting geweigerd (V1)", None, IN_ORDE),
    ],
)
def test_a_lawful_permit_is_noticed(text: str, tot: date | None, expected: str) -> None:
    line = {"adresseerbaar_object_id": HOME, "datum": date(2025, 1, 1), "tot": tot, "omschrijving": text}
    assert answers(replace(EMPTY, permits=[line]), "vergunning") == [expected]
    assert answers(replace(EMPTY, permits_known=False), "vergunning") == [ONBEKEND]


def test_what_became_due_is_held_to_the_version_that_was_in_force() -> None:
    first = {"soort": "last onder dwangsom", "nummer": 1, "versie": 1, "datum": date(2026, 1, 1)}
    first |= {"bekendgemaakt_op": date(2026, 1, 2), "besluit_id": 1}
    second = first | {"versie": 2, "datum": date(2026, 2, 1), "bekendgemaakt_op": date(2026, 2, 3)}
    due = {"nummer": 1, "versie": 1, "verbeurd_op": date(2026, 2, 2)}
    case = replace(EMPTY, decisions=[first, second], verbeurten=[due])
    assert answers(case, "versie") == [IN_ORDE]
    late = replace(case, verbeurten=[due | {"verbeurd_op": date(2026, 2, 3)}])
    assert answers(late, "versie") == [NIET_IN_ORDE]
    secret = replace(case, decisions=[first | {"bekendgemaakt_op": None}], verbeurten=[])
    assert answers(secret, "versie") == [NIET_IN_ORDE]


def test_an_amount_lapses_after_a_year() -> None:
    due = {"nummer": 1, "versie": 1, "verbeurd_op": date(2025, 3, 1)}
    assert answers(replace(EMPTY, verbeurten=[due]), "invordering") == [IN_ORDE]
    older = due | {"verbeurd_op": date(2025, 2, 28)}
    assert answers(replace(EMPTY, verbeurten=[older]), "invordering") == [NIET_IN_ORDE]


def test_an_interruption_in_time_keeps_the_power_to_collect_and_one_too_late_does_not() -> None:
    due = {"nummer": 1, "versie": 1, "verbeurd_op": date(2024, 12, 1)}
    demand = paper("aanmaning", richting="verzonden", besluit_id=None)
    in_time = replace(EMPTY, verbeurten=[due], documents=[demand | {"datum": date(2025, 6, 1)}])
    [check] = [one for one in check_handover(in_time) if one.code == "invordering"]
    assert (check.antwoord, "gestuit op 01-06-2025" in check.bevinding) == (IN_ORDE, True)
    too_late = replace(in_time, documents=[demand | {"datum": date(2025, 12, 2)}])
    assert answers(too_late, "invordering") == [NIET_IN_ORDE]


def test_every_check_has_a_ruling_and_says_what_to_do_when_it_is_open(case_file: CaseFile) -> None:
    codes = {check.code for check in case_file.checks}
    assert codes >= {"rapport", "ondertekend", "begin", "vergunning", "versie", "invordering"}
    assert codes <= set(shipped_rulings())
    for check in case_file.checks:
        assert "ECLI:NL:" in check.uitspraken
        assert bool(check.te_doen) == (check.antwoord != IN_ORDE), check
    assert isinstance(case_file.checks[0], Check)
