"""Omzetting: areas, thresholds and households; what relations prove is found in bulk."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_frames import ALL_BRONNEN, PEILDATUM, frames, home, object_id, stays

from rules.derivations.bewoning import residents_on
from rules.derivations.huishouden import proven_households
from rules.engine import evaluate
from rules.frames import RELATIES, RecordFrames
from rules.omzetting import OMZETTING
from rules.parameters import Law, load_law, parse_law

SHIPPED = load_law()


def law(gebieden: str, extra: str = "") -> Law:
    """The shipped national law with one ordinance of Schiedam: from three persons, in some areas."""
    own = f"""
gemeente: GM0606
naam: Schiedam
regelingen:
  omzetting:
    - {{naam: proef, van: 2020-01-01, bron: b, status: vastgesteld, aantal_personen: 3, {extra}
       gebieden: [{{van: 2020-01-01, codes: {gebieden}, bron: b, status: vastgesteld, toelichting: t}}]}}
"""
    national = {path: text for path, text in SHIPPED.files.items() if "/" not in path}
    return parse_law({**national, "verordeningen/gm0606.yml": own.encode()})


def three_strangers(gebieden: list[str], bronnen: frozenset[str] = ALL_BRONNEN, count: int = 3) -> RecordFrames:
    pairs = [{"persoon": "1-0", "andere_persoon": "1-1", "relatie": "geen"}]
    return frames([home(1, gebieden=gebieden)], stays(1, count), bronnen=bronnen, relaties=pairs)


@pytest.mark.parametrize(
    ("codes", "extra", "gebieden", "count", "expected"),
    [
        ("[WK060601]", "", ["WK060601"], 3, ("signaal", "geen_vergunning")),
        ("[WK060601]", "", ["WK060602"], 3, ("niet_van_toepassing", "gebied")),
        ("[WK060601]", "aantal_personen_elders: 4,", ["WK060602"], 3, ("geen_signaal", "drempel")),
        ("[WK060601]", "aantal_personen_elders: 4,", ["WK060602"], 4, ("signaal", "geen_vergunning")),
        ("null", "", ["WK060601"], 3, ("onbekend", "gebied")),
        ("[GM0606]", "", [], 3, ("signaal", "geen_vergunning")),
    ],
)
def test_area_and_number_are_those_of_the_ordinance(
    codes: str, extra: str, gebieden: list[str], count: int, expected: tuple[str, str]
) -> None:
    row = evaluate(OMZETTING, three_strangers(gebieden, count=count), law(codes, extra)).row(0, named=True)
    assert (row["uitkomst"], row["beslissend"]) == expected


def test_areas_that_were_never_imported_are_unknown() -> None:
    asked = three_strangers(["WK060601"], ALL_BRONNEN - {"gebieden"})
    row = evaluate(OMZETTING, asked, law("[WK060601]")).row(0, named=True)
    assert (row["uitkomst"], row["onbekende_feiten"]) == ("onbekend", ["gebieden", "omzetting.aantal_personen"])


people = st.integers(0, 5)
pairs = st.lists(st.tuples(people, people).filter(lambda pair: pair[0] != pair[1]), max_size=8)


def connected(count: int, edges: list[tuple[int, int]]) -> bool:
    """Whether everyone can be reached from the first one."""
    reached, todo = {0}, [0]
    while todo:
        here = todo.pop()
        for one, other in [*edges, *((b, a) for a, b in edges)]:
            if one == here and other < count and other not in reached and here < count:
                reached.add(other)
                todo.append(other)
    return len(reached) == count


@given(st.integers(2, 5), pairs)
@settings(max_examples=60, deadline=None)
def test_relations_connect_residents_as_a_walk_over_them_does(count: int, edges: list[tuple[int, int]]) -> None:
    rows: list[dict[str, Any]] = [
        {"persoon": f"1-{a}", "andere_persoon": f"1-{b}", "relatie": "partner"} for a, b in edges
    ]
    residents = residents_on(frames([], stays(1, count)).bewoning, PEILDATUM)
    found = proven_households(residents, pl.DataFrame(rows, schema=RELATIES))
    here = any(a < count and b < count for a, b in edges)
    assert found.get_column("adresseerbaar_object_id").to_list() == ([object_id(1)] if here else [])
    # Five people are within a few relations of each other; of a longer chain the answer would stay unknown.
    assert (found.get_column("verbonden").to_list() == [count]) == connected(count, edges)


def test_a_relation_with_someone_elsewhere_connects_nobody() -> None:
    rows = [{"persoon": "1-0", "andere_persoon": "2-0", "relatie": "kind"}]
    residents = residents_on(frames([], [*stays(1, 2), *stays(2, 2)]).bewoning, date(2024, 1, 1))
    assert proven_households(residents, pl.DataFrame(rows, schema=RELATIES)).is_empty()
