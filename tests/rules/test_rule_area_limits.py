"""WOZ limits that differ per area: the limit of the area in which a dwelling lies counts there."""

from datetime import date

import pytest
from rule_frames import ALL_BRONNEN, AREAS, frames, home, stay, transfer, woz

from rules.engine import evaluate, with_receipts
from rules.explain import explain
from rules.opkoopbescherming import OPKOOPBESCHERMING
from rules.parameters import LAW_FOLDER, Law, parse_law

SOLD = date(2023, 6, 1)


@pytest.fixture(scope="module")
def law() -> Law:
    national = {path.name: path.read_bytes() for path in LAW_FOLDER.glob("*.yml")}
    return parse_law(national | {"verordeningen/gm0606.yml": AREAS.encode()})


def outcome(law: Law, areas: list[str] | None, value: int, *, sold: date = SOLD) -> dict[str, object]:
    known = ALL_BRONNEN if areas is not None else ALL_BRONNEN - {"gebieden"}
    asked = frames(
        [home(1, gebieden=["GM0606", *(areas or [])])],
        [stay(1, "huurder", date(2023, 8, 1))],
        bronnen=known,
        overdrachten=[transfer(1, sold, "eigenaar")],
        woz_waarden=[woz(1, sold.year, value)],
    )
    return with_receipts(OPKOOPBESCHERMING, evaluate(OPKOOPBESCHERMING, asked, law), law, stored_only=False).row(
        0, named=True
    )


@pytest.mark.parametrize(
    ("areas", "value", "sold", "said"),
    [
        ([], 299_999, SOLD, "signaal"),  # no limit of its own: the one for the rest
        ([], 300_000, SOLD, "niet_van_toepassing"),
        (["WK060601"], 300_000, SOLD, "signaal"),
        (["WK060601"], 409_999, SOLD, "signaal"),
        (["WK060601"], 410_000, SOLD, "juridisch_toetsen"),
        (["WK060601"], 419_999, SOLD, "juridisch_toetsen"),
        (["WK060601"], 420_000, SOLD, "niet_van_toepassing"),
        (["WK060601"], 400_000, date(2022, 12, 31), "signaal"),  # up to and including, before 2023
        (["WK060601"], 400_001, date(2022, 12, 31), "niet_van_toepassing"),
        (["WK060602"], 100_000, date(2022, 6, 30), "signaal"),
        (["WK060602"], 100_000, date(2022, 7, 1), "onbekend"),  # from then on a limit that nobody found
        (["WK060601", "BU06060301"], 100_000, SOLD, "onbekend"),  # two areas, two limits
        (None, 100_000, SOLD, "onbekend"),  # areas never imported: which limit counts is not known
    ],
)
def test_the_limit_of_its_own_area_counts(law: Law, areas: list[str] | None, value: int, sold: date, said: str) -> None:
    found = outcome(law, areas, value, sold=sold)
    assert found["uitkomst"] == said
    if said == "onbekend":
        assert found["onbekende_feiten"] == ["opkoopbescherming.grens"]


def test_the_explanation_shows_the_limit_of_the_area_with_its_source(law: Law) -> None:
    told = explain(outcome(law, ["WK060601"], 409_999)).text()
    assert "WOZ-grens in euro van de gebieden met een eigen grens" in told
    assert "WK060601: 410000 tot 420000 (<)" in told
    assert "nog te bevestigen" in told
    assert "alleen een bereik bekend" in told
