"""Points are what the reasons say, and nothing else."""

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.worklists.reasons import NEEDED, REASONS, add_points

CASES = st.lists(
    st.fixed_dictionaries(
        {
            "uitkomst": st.sampled_from(["signaal", "juridisch_toetsen", "onbekend", "geen_signaal"]),
            "urgentie": st.sampled_from(["hoog", "midden", "laag", None]),
            "overschrijding": st.none() | st.integers(-3, 20),
            "days_left": st.none() | st.integers(-50, 900),
            "days_unvisited": st.none() | st.integers(0, 2000),
            "days_reported": st.none() | st.integers(0, 2000),
            "aangevraagd": st.booleans(),
            "owner_signals": st.none() | st.integers(1, 30),
            "start_distance": st.none() | st.floats(0, 10_000) | st.just(float("nan")),
        }
    ),
    min_size=1,
    max_size=5,
)
WEIGHTS = st.dictionaries(st.sampled_from(sorted(REASONS)), st.integers(0, 10).map(lambda tenth: tenth / 2))


def scored(cases: list[dict[str, Any]], weights: dict[str, float]) -> pl.DataFrame:
    return add_points(pl.DataFrame(cases, schema=NEEDED), weights)


@settings(max_examples=60)
@given(CASES, WEIGHTS)
def test_points_are_the_sum_of_the_reasons_that_are_shown(
    cases: list[dict[str, Any]], weights: dict[str, float]
) -> None:
    for row in scored(cases, weights).iter_rows(named=True):
        reasons = json.loads(row["reasons"])
        assert row["points"] == pytest.approx(sum(reason["punten"] for reason in reasons), abs=0.01)
        for reason in reasons:
            assert 0 < reason["waarde"] <= 1
            assert reason["gewicht"] == weights[reason["reden"]]
            assert reason["feit"], "a reason that counts names the fact behind it"
        assert [reason["gewicht"] for reason in reasons] == sorted(
            (reason["gewicht"] for reason in reasons), reverse=True
        )


@settings(max_examples=30)
@given(CASES, WEIGHTS, st.sampled_from(sorted(REASONS)))
def test_a_reason_without_weight_changes_nothing(
    cases: list[dict[str, Any]], weights: dict[str, float], code: str
) -> None:
    without = {name: weight for name, weight in weights.items() if name != code}
    assert scored(cases, without | {code: 0.0})["points"].equals(scored(cases, without)["points"])


@pytest.mark.parametrize(
    ("code", "case", "value"),
    [
        ("urgentie", {"urgentie": "hoog"}, 1.0),
        ("urgentie", {"urgentie": None}, 0.0),
        ("overschrijding", {"overschrijding": 2}, 0.5),
        ("overschrijding", {"overschrijding": 9}, 1.0),
        ("termijn", {"days_left": 0}, 1.0),
        ("termijn", {"days_left": 365}, 0.0),
        ("bezoek", {"days_unvisited": None}, 1.0),
        ("bezoek", {"days_unvisited": 73}, 0.2),
        ("melding", {"days_reported": 0}, 1.0),
        ("melding", {"days_reported": None}, 0.0),
        ("aanvraag", {"aangevraagd": True}, 1.0),
        ("portefeuille", {"owner_signals": 1}, 0.0),
        ("portefeuille", {"owner_signals": 3}, 0.4),
        ("nabijheid", {"start_distance": 1500.0}, 0.5),
        ("uitkomst", {"uitkomst": "onbekend"}, 0.25),
    ],
)
def test_what_a_reason_is_worth(code: str, case: dict[str, Any], value: float) -> None:
    plain = dict.fromkeys(NEEDED.names()) | {"uitkomst": "signaal", "aangevraagd": False}
    assert scored([plain | case], {code: 1.0})["points"].to_list() == [value]
