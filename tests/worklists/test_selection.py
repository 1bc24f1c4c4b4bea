"""Which cases come on a list, and what is drawn by lot."""

from collections import Counter
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.worklists.reasons import NEEDED
from registry.worklists.selection import MOST_ROWS, choose_best, control_places, draw_control, with_stop

SCHEMA = NEEDED | {
    "regel": pl.String(), "zaak_id": pl.String(), "adresseerbaar_object_id": pl.String(), "adres": pl.String(),
    "straat": pl.String(), "huisnummer": pl.Int64(), "postcode": pl.String(), "woonplaats": pl.String(),
    "buurt": pl.String(),
}  # fmt: skip


def case(number: int, huisnummer: int | None = None, **other: Any) -> dict[str, Any]:
    plain = dict.fromkeys(SCHEMA) | {"uitkomst": "signaal", "aangevraagd": False}
    return (
        plain
        | {
            "regel": "overbewoning",
            "zaak_id": "",
            "adresseerbaar_object_id": f"{number:016}",
            "adres": f"Singel {huisnummer or number}",
            "straat": "Singel",
            "huisnummer": huisnummer or number,
            "postcode": "3111AA",
            "woonplaats": "Testdam",
            "buurt": "Oost",
        }
        | other
    )


def frame(cases: list[dict[str, Any]]) -> pl.DataFrame:
    return with_stop(pl.DataFrame(cases, schema=SCHEMA))


def test_flats_of_one_house_number_count_as_one_address() -> None:
    cases = [case(1, 10), case(2, 10), case(3, 10), case(4, 12), case(5, 14)]
    chosen = choose_best(frame(cases), {}, 2)
    assert chosen["huisnummer"].to_list() == [10, 10, 10, 12]


def test_two_rules_at_one_dwelling_are_one_address_and_two_cases() -> None:
    cases = [case(1, 10), case(1, 10, regel="omzetting"), case(2, 12)]
    assert choose_best(frame(cases), {}, 1)["regel"].to_list() == ["omzetting", "overbewoning"]


def test_the_same_number_in_another_street_is_another_address() -> None:
    assert frame([case(1, 10), case(2, 10, straat="Kade"), case(3, 10, woonplaats="Elders")])["stop"].n_unique() == 3


def test_a_dwelling_without_address_is_an_address_of_its_own() -> None:
    lost = {"straat": None, "huisnummer": None, "postcode": None, "woonplaats": None}
    assert frame([case(1) | lost, case(2) | lost])["stop"].n_unique() == 2


def test_the_case_with_the_most_points_goes_first_and_takes_its_neighbours_along() -> None:
    cases = [case(1, 10), case(2, 12, urgentie="hoog"), case(3, 12), case(4, 14, urgentie="laag")]
    chosen = choose_best(frame(cases), {"urgentie": 2.0}, 2)
    assert chosen["adresseerbaar_object_id"].str.slice(-1).to_list() == ["2", "3", "4"]
    assert chosen["points"].to_list() == [2.0, 0.0, 0.5]


def test_a_tower_does_not_make_a_list_unreadable() -> None:
    tower = [case(number, 10, urgentie="hoog") for number in range(1, 200)]
    assert choose_best(frame([*tower, case(300, 12)]), {"urgentie": 1.0}, 8).height == MOST_ROWS
    flats = [case(number, 10) for number in range(1, 50)]
    more = [case(number, 12) for number in range(100, 150)]
    assert choose_best(frame([*flats, *more]), {}, 8).height == 49


@settings(max_examples=50)
@given(st.integers(1, 30), st.integers(0, 20), st.integers(0, 2**31))
def test_a_draw_can_be_drawn_again(size: int, places: int, seed: int) -> None:
    cases = frame([case(number, number // 2 + 1) for number in range(1, size + 1)])
    drawn = draw_control(cases, places, seed)
    assert drawn.equals(draw_control(cases.sample(fraction=1, shuffle=True, seed=1), places, seed))
    assert drawn["stop"].n_unique() == drawn.height == min(places, cases["stop"].n_unique())


def test_the_share_that_is_drawn_is_exact_on_average() -> None:
    assert {control_places(0.25, 8, seed) for seed in range(20)} == {2}
    counted = Counter(control_places(0.1, 8, seed) for seed in range(2000))
    assert set(counted) == {0, 1}
    assert 0.77 < counted[1] / 2000 < 0.83


def test_every_address_can_be_drawn() -> None:
    cases = frame([case(number) for number in range(1, 11)])
    seen = Counter(draw_control(cases, 1, seed)["adresseerbaar_object_id"][0] for seed in range(200))
    assert len(seen) == 10
    assert min(seen.values()) > 8
