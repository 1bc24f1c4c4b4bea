"""The examples in docs/bewoning.md, calculated: what lawyers read is what the registry does."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from occupancy_scenarios import Scenario

from importers.records import PERSOONSLIJSTEN, VERBLIJVEN
from registry.intake.occupancy import derive_bewoning

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "bewoning.md"
EXAMPLE = re.compile(r"^\| (?P<person>.*?) ?\| (?P<day>\d\d-\d\d-\d{4}) \| (?P<answer>.+) \|$", re.MULTILINE)


def _examples() -> list[Scenario]:
    found: list[Scenario] = []
    for row in EXAMPLE.finditer(MANUAL.read_text(encoding="utf-8")):
        day = "-".join(reversed(row["day"].split("-")))
        answer = {day: "" if row["answer"] == "niemand" else row["answer"].replace(" en ", " ")}
        if row["person"].startswith("`"):
            parts = re.findall(r"`([^`]+)`", row["person"])
            stays = tuple(part for part in parts if not part.startswith("opschorting"))
            suspended = [part.split()[1:] for part in parts if part.startswith("opschorting")]
            reason, when = suspended[0] if suspended else (None, None)
            found.append(Scenario(f"example {len(found) + 1}", stays, answer, (reason, when)))
        else:
            found[-1] = Scenario(found[-1].title, found[-1].stays, found[-1].days | answer, found[-1].opschorting)
    return found


EXAMPLES = _examples()


def test_manual_has_an_example_for_each_rule() -> None:
    sections = re.split(r"^### ", MANUAL.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert [section.split(".")[0] for section in sections] == [str(number) for number in range(1, 13)]
    assert all(EXAMPLE.search(section) for section in sections)
    assert len(EXAMPLES) >= 20


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: " ".join(example.stays))
def test_example(example: Scenario) -> None:
    person, stays = example.person()
    rows = [{"gemeente_van_inschrijving": "0606", "functie_adres": "W"} | stay for stay in stays]
    persons = pl.DataFrame([dict.fromkeys(PERSOONSLIJSTEN.schema) | person], schema=PERSOONSLIJSTEN.schema)
    verblijven = pl.DataFrame([dict.fromkeys(VERBLIJVEN.schema) | row for row in rows], schema=VERBLIJVEN.schema)
    for day, expected in example.expected.items():
        assert _answers(derive_bewoning(persons, verblijven, op=day)) == expected, day


def _answers(bewoning: pl.DataFrame) -> set[tuple[str, str, bool]]:
    return set(bewoning.select("adresseerbaar_object_id", "zekerheid", "in_onderzoek").rows())


def test_days_of_the_examples_are_read_as_dates() -> None:
    assert date(2010, 6, 15) in {day for example in EXAMPLES for day in example.expected}
