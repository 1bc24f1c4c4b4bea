"""A planner's settings: kept as text, refused in Dutch."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import UsageError
from registry.worklists.definitions import UITKOMSTEN, URGENTIES
from registry.worklists.planner_settings import PlannerSettings, make_settings, read_settings
from registry.worklists.reasons import REASONS

NAMES = st.lists(st.text(min_size=1, max_size=8), max_size=3).map(tuple)
SETTINGS = st.builds(
    PlannerSettings,
    regels=st.just(("overbewoning", "omzetting")),
    uitkomsten=st.lists(st.sampled_from(UITKOMSTEN), max_size=2).map(tuple),
    wijken=NAMES,
    buurten=NAMES,
    gebieden=NAMES,
    polygon=st.sampled_from(["", "POLYGON ((0 0, 10 0, 10 10, 0 0))"]),
    urgenties=st.lists(st.sampled_from(URGENTIES), max_size=2).map(tuple),
    ends_within_days=st.none() | st.integers(0, 3660),
    unvisited_days=st.none() | st.integers(0, 3660),
    rechthebbende=st.sampled_from(["", "123456782"]),
    melding_days=st.none() | st.integers(0, 3660),
    aangevraagd=st.booleans(),
    length=st.integers(1, 20),
    weights=st.dictionaries(st.sampled_from(sorted(REASONS)), st.floats(0, 10)),
    returns=st.booleans(),
)


@settings(max_examples=40)
@given(SETTINGS)
def test_settings_come_back_from_their_text(made: PlannerSettings) -> None:
    assert read_settings(made.to_json()) == made
    told = made.describe()
    assert all(value for value in told.values())
    assert str(made.rechthebbende) not in " ".join(told.values()) or not made.rechthebbende


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"length": 21}, "1 tot en met 20"),
        ({"length": 0}, "1 tot en met 20"),
        ({"regels": ()}, "ten minste één regel"),
        ({"uitkomsten": ("overtreding",)}, "Kies uit: signaal"),
        ({"urgenties": ("zeer hoog",)}, "Kies uit: hoog"),
        ({"weights": {"nationaliteit": 5.0}}, "Onbekende reden: nationaliteit"),
        ({"weights": {"urgentie": -1.0}}, "0 of meer"),
        ({"weights": {"urgentie": float("inf")}}, "0 of meer"),
        ({"polygon": "hier"}, "WKT"),
        ({"polygon": "POINT (1 1)"}, "geldig vlak"),
        ({"polygon": "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"}, "geldig vlak"),
        ({"unvisited_days": -1}, "unvisited_days"),
        ({"score": 3}, "'score' bestaat niet"),
    ],
)
def test_what_cannot_be_asked_is_told(values: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        make_settings(**values)


def test_no_reason_is_about_who_somebody_is() -> None:
    text = " ".join(f"{code} {reason.title} {reason.help}" for code, reason in REASONS.items()).lower()
    for word in ("naam", "nationaliteit", "geboorte", "geslacht", "herkomst", "leeftijd", "kind"):
        assert word not in text
