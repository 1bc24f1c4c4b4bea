"""What a fine may be: the law of the day of the observation, and four years back from it, never a decision."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.cases.amounts import JA, NEE, ONBEKEND, Calculation, calculate_fine, euro
from registry.errors import LawFileError
from rules.parameters import shipped_law
from rules.sancties import SANCTIONS_FOLDER, read_sanctions, shipped_sanctions

OBSERVED = date(2025, 6, 15)


def fine(day: date, *, regel: str | None = "opkoopbescherming") -> dict[str, Any]:
    return {"zaak": "Z-1", "datum": day, "regel": regel}


def calculate(
    earlier: list[dict[str, Any]], *, day: date = OBSERVED, gemeente: str = "GM0363", **more: Any
) -> Calculation:
    return calculate_fine(
        shipped_sanctions(),
        shipped_law(),
        gemeente=gemeente,
        regel=more.pop("regel", "opkoopbescherming"),
        geconstateerd_op=day,
        earlier=earlier,
        **more,
    )


@pytest.mark.parametrize(
    ("imposed", "expected", "ceiling"),
    [
        (date(2021, 6, 14), NEE, 25750),  # the day before the four years
        (date(2021, 6, 15), ONBEKEND, 25750),  # exactly four years: the law does not say on which side
        (date(2021, 6, 16), JA, 103000),
        (date(2025, 6, 14), JA, 103000),
        (date(2025, 6, 15), NEE, 25750),  # imposed on the day itself: not before the observation
        (date(2025, 7, 1), NEE, 25750),
    ],
)
def test_a_fine_counts_four_years_back_from_the_observation(imposed: date, expected: str, ceiling: int) -> None:
    found = calculate([fine(imposed)])
    assert (found.herhaling, found.plafond) == (expected, ceiling)


def test_a_fine_for_another_prohibition_is_no_repeat_and_one_without_is_unknown() -> None:
    assert calculate([fine(date(2024, 1, 1), regel="omzetting")]).herhaling == NEE
    assert calculate([fine(date(2024, 1, 1), regel=None)]).herhaling == ONBEKEND
    assert calculate([fine(date(2024, 1, 1))], addressee_known=False).herhaling == ONBEKEND


@pytest.mark.parametrize(
    ("day", "ceiling"),
    [
        (date(2019, 12, 31), 20750),
        (date(2020, 1, 1), 21750),
        (date(2021, 12, 31), 21750),
        (date(2022, 1, 1), 22500),
        (date(2024, 1, 1), 25750),
        (date(2025, 12, 31), 25750),
        (date(2026, 1, 1), None),  # not found in the Staatsblad by us: unknown, with the last one that is known
    ],
)
def test_the_day_of_the_observation_picks_the_ceiling(day: date, ceiling: int | None) -> None:
    found = calculate([], day=day)
    assert found.plafond == ceiling
    if ceiling is None:
        step = next(step for step in found.stappen if "plafond" in step.vraag)
        assert step.antwoord == ONBEKEND
        assert "€ 25.750" in (step.toelichting or "")


def test_the_table_is_that_of_the_ordinance_on_that_day() -> None:
    told = [step.antwoord for step in calculate([]).stappen if "verordening" in step.vraag]
    assert told == [
        "€ 8.700 als een vergunning was mogelijk geweest",
        "ten hoogste € 21.750 als een vergunning was niet mogelijk geweest",
    ]
    assert calculate([], gemeente="GM9999").tarieven == ()
    before = calculate([], day=date(2022, 3, 31))
    assert [step.antwoord for step in before.stappen if "verordening" in step.vraag] == [ONBEKEND]


def test_a_table_above_the_ceiling_is_said_to_be_above_it() -> None:
    found = calculate([], gemeente="GM0518")
    assert found.tarieven[0].ten_hoogste == 40000
    assert [step.antwoord for step in found.stappen if "onder het plafond" in step.vraag] == [NEE]
    repeat = calculate([fine(date(2024, 1, 1))], gemeente="GM0518")
    assert [step for step in repeat.stappen if "onder het plafond" in step.vraag] == []


@pytest.mark.parametrize("regel", ["overbewoning", "zelfbewoningsplicht", "adresverschil"])
def test_where_no_fine_is_possible_there_is_no_amount(regel: str) -> None:
    found = calculate([], regel=regel)
    assert (found.plafond, found.tarieven, found.stappen[0].antwoord) == (None, (), NEE)
    assert "geen besluit" in found.waarschuwing


@given(st.integers(min_value=0, max_value=10**9))
def test_an_amount_reads_back(amount: int) -> None:
    assert int(euro(amount).removeprefix("€ ").replace(".", "")) == amount


@pytest.mark.parametrize(
    ("name", "was", "becomes", "words"),
    [
        ("wet.yml", "eerste: 4\n", "eerste: 7\n", "categorie 7 heeft geen bedragen"),
        ("wet.yml", "titel: Sancties", "titel: Sancties\nextra: 1", "onbekende sleutel"),
        ("verordeningen.yml", "{vast: 21750}", "{vast: 21750, ten_hoogste: 3}", "vast of ten_hoogste"),
        ("verordeningen.yml", "{vanaf: 10000, ten_hoogste: 40000}", "{vanaf: 90000, ten_hoogste: 40000}", "niet lager"),
    ],
)
def test_a_mistake_in_a_file_of_fines_names_file_and_reason(
    tmp_path: Path, name: str, was: str, becomes: str, words: str
) -> None:
    for path in SANCTIONS_FOLDER.glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        if path.name == name:
            assert was in text
            text = text.replace(was, becomes, 1)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    with pytest.raises(LawFileError, match=words) as caught:
        read_sanctions(tmp_path)
    assert name in str(caught.value)
