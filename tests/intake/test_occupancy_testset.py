"""Bewoning of the fictitious RvIG test persons, through the importer: known objects, every day against the oracle."""

from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from occupancy_oracle import Person, moment

from importers import brp
from importers.records import PERSOONSLIJSTEN, VERBLIJVEN
from importers.source import load_source
from registry.intake.occupancy import count_bewoners, derive_bewoning

pytestmark = pytest.mark.shared

DELIVERED = date(2022, 5, 2)
Registers = tuple[pl.DataFrame, pl.DataFrame]


@pytest.fixture(scope="module")
def registers(shared_data: Path) -> Registers:
    path = shared_data / "brp" / "20220502_Testset_persoonslijsten_proefomgeving_GBA-V.csv"
    batches = list(brp.read(path, source=load_source("brp")).batches)
    persons, stays = (
        pl.concat([batch.frame for batch in batches if batch.record is record])
        for record in (PERSOONSLIJSTEN, VERBLIJVEN)
    )
    return persons, stays


@pytest.fixture(scope="module")
def bewoning(registers: Registers) -> pl.DataFrame:
    return derive_bewoning(*registers)


@pytest.mark.parametrize(
    ("object_id", "persons"),
    [("0363010001004479", 12), ("0599010000145114", 12), ("0530010002090237", 4), ("1810010010001001", 19)],
)
def test_populated_objects(registers: Registers, bewoning: pl.DataFrame, object_id: str, persons: int) -> None:
    at_object = pl.col("adresseerbaar_object_id") == object_id
    assert registers[1].filter(at_object & (pl.col("volgnummer") == 0))["persoonslijst"].n_unique() >= persons
    counts = count_bewoners(bewoning, DELIVERED).filter(at_object)
    assert counts.rows() == [(object_id, persons, persons)]


def test_persons_at_0363010001004479_came_together_on_18_april_2017(bewoning: pl.DataFrame) -> None:
    at_object = bewoning.filter(pl.col("adresseerbaar_object_id") == "0363010001004479")
    before, after = date(2017, 4, 17), date(2017, 4, 18)
    assert count_bewoners(at_object, before).is_empty()
    assert count_bewoners(at_object, after)["minimum"].to_list() == [12]


def test_found_not_to_live_at_the_address(bewoning: pl.DataFrame) -> None:
    """Two persons of the set carry 089999 and 589999 at one object, open from 2 July 2021."""
    left = bewoning.filter(
        (pl.col("adresseerbaar_object_id") == "0599010000254945") & (pl.col("valid_until") == date(2021, 7, 2))
    )
    assert left.select("valid_from", "zekerheid", "in_onderzoek").rows() == [(date(2011, 2, 5), "zeker", True)] * 2


def test_no_bewoning_before_ids_were_added(registers: Registers, bewoning: pl.DataFrame) -> None:
    """Most of the set has its BAG ids by aangifte T in 2011, for stays that began long before."""
    added = registers[1].filter(
        (pl.col("aangifte_adreshouding") == "T") & (pl.col("datum_aanvang_adreshouding") < "2005")
    )
    older = registers[1].select("persoonslijst", pl.col("volgnummer") - 1, old_id="adresseerbaar_object_id")
    added = added.join(older, on=["persoonslijst", "volgnummer"], how="left").filter(pl.col("old_id").is_null())
    found = bewoning.join(added, on=["persoonslijst", "volgnummer"])
    assert found.height > 100
    begins = found["valid_from"].dt.strftime("%Y%m%d")
    assert (begins > found["datum_aanvang_adreshouding"]).sum() > 100
    assert (begins >= found["ingangsdatum_geldigheid"]).all()


def test_same_answer_as_the_oracle(registers: Registers, bewoning: pl.DataFrame) -> None:
    stays = {str(key[0]): rows.rows(named=True) for key, rows in registers[1].group_by("persoonslijst")}
    periods = {str(key[0]): rows.rows(named=True) for key, rows in bewoning.group_by("persoonslijst")}
    seen: Counter[str] = Counter()
    for person in registers[0].iter_rows(named=True):
        oracle = Person(person, stays[person["persoonslijst"]])
        mine = periods.get(person["persoonslijst"], [])
        dates = {moment(row[column]) for row in oracle.rows for column in row if column.startswith(("datum_a", "inga"))}
        days = {bound for each in dates for bound in (each.earliest, each.latest)} - {date.min, date.max}
        for ordinal in {day.toordinal() + step for day in days for step in (-1, 0, 1)} | {DELIVERED.toordinal()}:
            day = date.fromordinal(ordinal)
            found = {
                row["adresseerbaar_object_id"]: (row["zekerheid"], row["in_onderzoek"])
                for row in mine
                if (row["valid_from"] or date.min) <= day < (row["valid_until"] or date.max)
            }
            assert found == oracle.whereabouts(day), day
            seen.update(zekerheid for zekerheid, _ in found.values())
    assert seen["zeker"] > 1000
    assert seen["mogelijk"] > 10
