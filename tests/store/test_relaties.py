"""Who is proven family of whom: by a plain reading of the law, and from persoonslijsten through the registry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from registry.crypto import BsnCipher, generate_keys
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.store.engine import Store, open_store
from registry.store.queries.family import derive_relaties
from registry.store.queries.records import read_record_frames
from registry.store.queries.relaties import read_relaties
from registry.store.queries.runs import last_run
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from rules import facts
from rules.derivations.relaties import family_of

TEST_SET = "20220502_Testset_persoonslijsten_proefomgeving_GBA-V.csv"
PEILDATUM = date(2026, 11, 1)
HOME = "0606010000000001"
# Of the test range of RvIG.
ANNA, BRAM, CATO = "999993653", "999990639", "999994347"
ABSENT = "999994736"  # lives elsewhere: no persoonslijst here
Link = tuple[str, str, str]
PEOPLE = st.sampled_from("abcdef")


def frame(links: Iterable[Link]) -> pl.DataFrame:
    return pl.DataFrame(list(links), {"persoon": pl.String, "andere": pl.String, "relatie": pl.String}, orient="row")


def by_reading(links: Iterable[Link]) -> set[Link]:
    """The same, person by person: (one, other, what the other is to the one)."""
    links = list(links)
    children = {(b, a) for a, b, kind in links if kind == "ouder"} | {(a, b) for a, b, kind in links if kind == "kind"}
    people = {person for pair in children for person in pair}
    found = {(a, b, "partner") for a, b, kind in links if kind == "partner"}
    found |= {(b, a, "partner") for a, b, kind in links if kind == "partner"}
    for parent, child in children:
        found |= {(parent, child, "kind"), (child, parent, "ouder")}
        for other in people:
            if (child, other) in children:
                found |= {(parent, other, "kleinkind"), (other, parent, "grootouder")}
            if (parent, other) in children:
                found.add((child, other, "broer_zus"))
    return {(a, b, kind) for a, b, kind in found if a != b}


@given(st.lists(st.tuples(PEOPLE, PEOPLE, st.sampled_from(["ouder", "kind", "partner"])), max_size=12))
def test_family_is_that_of_a_plain_reading(links: list[Link]) -> None:
    rows = derive_relaties(frame(links)).select(list(facts.RELATIES)).rows()
    assert set(rows) == by_reading(links)
    assert len(rows) == len(set(rows))


def test_half_a_brother_is_one_and_a_cousin_is_not() -> None:
    links = [("zus", "moeder", "ouder"), ("halfbroer", "moeder", "ouder"), ("halfbroer", "stiefvader", "ouder"),
             ("moeder", "oma", "ouder"), ("tante", "oma", "ouder"), ("neef", "tante", "ouder")]  # fmt: skip
    found = {(one, other): kind for one, other, kind in derive_relaties(frame(links)).rows()}
    assert found["zus", "halfbroer"] == "broer_zus"
    assert found["zus", "oma"] == "grootouder"
    assert ("zus", "neef") not in found
    assert ("zus", "tante") not in found
    assert ("zus", "stiefvader") not in found


HEADERS = ("01.01.10", "01.01.20", "07.67.10", "07.67.20", "08.10.10", "08.10.30", "08.11.80", "02.01.20", "02.62.10",
           "05.01.20", "05.06.10", "05.07.10", "05.83.20", "09.01.20", "09.85.10")  # fmt: skip
NUMBERS = {ANNA: "8940402024", BRAM: "8320968431"}  # the others are known by their BSN


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry in which a BRP file can be imported."""

    store: Store
    cipher: BsnCipher
    folder: Path

    def take(self, *rows: dict[str, str], levering: str = "stand", leverdatum: date = PEILDATUM) -> ImportResult:
        """Import persoonslijsten, all living in one home."""
        lines = [";".join(HEADERS)]
        for row in rows:
            own = {
                "08.10.10": "W",
                "08.10.30": "20200101",
                "08.11.80": HOME,
                "01.01.10": NUMBERS.get(row["01.01.20"], ""),
            } | row
            assert own.keys() <= set(HEADERS)
            lines.append(";".join(own.get(header, "") for header in HEADERS))
        path = self.folder / "brp.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        request = ImportRequest("brp", path, leverdatum, levering)  # type: ignore[arg-type]
        result = run_import(self.store, request, cipher=self.cipher)
        assert not result.uitval, result.issues["text"].to_list()
        return result

    def family(self, peildatum: date = PEILDATUM, known: int | None = None, only: str | None = None) -> set[Link]:
        """The relations, with the names of the test instead of keys."""
        people = (ANNA, BRAM, CATO, ABSENT)
        names = {self.cipher.hash(NUMBERS.get(bsn, bsn)): bsn for bsn in people}
        with self.store.read() as connection:
            found = read_relaties(connection, peildatum=peildatum, known=known or last_run(connection), only=only)
        assert found.schema == facts.RELATIES
        return {(names[one], names[other], kind) for one, other, kind in found.rows()}


@pytest.fixture
def registry(database_url: str, tmp_path: Path) -> Iterator[Registry]:
    store = open_store(database_url)
    yield Registry(store, BsnCipher(generate_keys()), tmp_path)
    store.close()


def person(bsn: str, **rubrieken: str) -> dict[str, str]:
    """A persoonslijst: ``r02_01_20`` is rubriek 02.01.20."""
    return {"01.01.20": bsn} | {name[1:].replace("_", "."): value for name, value in rubrieken.items()}


def test_a_parent_who_lives_elsewhere_makes_brothers_and_sisters(registry: Registry) -> None:
    registry.take(
        person(ANNA, r02_01_20=ABSENT, r02_62_10="19900101"), person(BRAM, r02_01_20=ABSENT, r02_62_10="19920101"),
        person(CATO, r09_01_20=ANNA, r09_85_10="19900101"),
    )  # fmt: skip
    expected = {
        (ANNA, ABSENT, "ouder"), (BRAM, ABSENT, "ouder"), (ABSENT, ANNA, "kind"), (ABSENT, BRAM, "kind"),
        (ANNA, BRAM, "broer_zus"), (BRAM, ANNA, "broer_zus"), (CATO, ANNA, "kind"), (ANNA, CATO, "ouder"),
    }  # fmt: skip
    assert registry.family() == expected
    assert registry.family(only=HOME) == expected
    assert registry.family(only="0606010000000009") == set()


@pytest.mark.parametrize(
    ("began", "ended", "proven"),
    [
        ("20100615", "", True),
        ("20261101", "", True),
        ("20261102", "", False),
        ("20260000", "", False),  # some day of this year, perhaps after the peildatum
        ("20250000", "", True),
        ("00000000", "", False),
        ("20100615", "20261102", True),
        ("20100615", "20261101", False),
        ("20100615", "20260000", False),  # perhaps before it
        ("20100615", "20270000", True),
        ("20100615", "00000000", False),
    ],
)  # fmt: skip
def test_a_marriage_counts_while_it_certainly_lasts(
    sqlite_url: str, tmp_path: Path, began: str, ended: str, *, proven: bool
) -> None:
    store = open_store(sqlite_url)
    registry = Registry(store, BsnCipher(generate_keys()), tmp_path)
    registry.take(person(ANNA, r05_01_20=BRAM, r05_06_10=began, r05_07_10=ended), person(BRAM))
    assert registry.family() == ({(ANNA, BRAM, "partner"), (BRAM, ANNA, "partner")} if proven else set())
    store.close()


def test_relations_are_as_of_a_day_and_as_known_then(registry: Registry) -> None:
    couple = {(ANNA, BRAM, "partner"), (BRAM, ANNA, "partner")}
    first = registry.take(person(ANNA, r05_01_20=BRAM, r05_06_10="20100615"), person(BRAM)).run_id
    again = registry.take(person(ANNA, r05_01_20=BRAM, r05_06_10="20100615"), person(BRAM))
    assert again.per_table["relaties"].ongewijzigd == 1
    assert again.counts.nieuw + again.counts.gewijzigd + again.counts.verdwenen == 0
    registry.take(person(ANNA, r05_01_20=BRAM, r05_06_10="20100615", r05_07_10="20200301"), person(BRAM))
    assert registry.family() == set()
    assert registry.family(date(2020, 2, 29)) == couple
    assert registry.family(known=first) == couple


def test_what_is_under_investigation_or_no_longer_delivered_is_not_proven(registry: Registry) -> None:
    registry.take(person(ANNA, r05_01_20=BRAM, r05_06_10="20100615", r05_83_20="20260101"), person(BRAM))
    assert registry.family() == set()
    registry.take(person(ANNA, r05_01_20=BRAM, r05_06_10="20100615"), person(BRAM))
    assert registry.family() != set()
    registry.take(person(ANNA), person(BRAM))
    assert registry.family() == set()


def test_no_number_of_a_relative_is_stored(registry: Registry) -> None:
    registry.take(person(ANNA, r02_01_20=ABSENT, r02_62_10="19900101", r05_01_20=BRAM, r05_06_10="20100615"))
    with registry.store.read() as connection:
        stored = [
            str(row)
            for table in registers.relaties.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]
        kept = read_versions(connection, registers.relaties, known=last_run(connection))
    assert kept.height == 2
    assert not [row for row in stored if any(number in row for number in (ABSENT, BRAM, ANNA, NUMBERS[ANNA]))]


def test_the_frames_of_rules_hold_the_relations(registry: Registry) -> None:
    registry.take(person(ANNA, r05_01_20=BRAM, r05_06_10="20100615"), person(BRAM))
    with registry.store.read() as connection:
        got = read_record_frames(connection, peildatum=PEILDATUM, known=last_run(connection))
    residents = set(got.bewoning["persoon"])
    assert got.relaties.height == 2
    assert set(got.relaties["persoon"]) == residents


def test_one_home_shows_what_the_whole_registry_shows_of_its_residents(sqlite_url: str, shared_data: Path) -> None:
    store, cipher = open_store(sqlite_url), BsnCipher(generate_keys())
    run_import(store, ImportRequest("brp", shared_data / "brp" / TEST_SET, date(2022, 5, 2)), cipher=cipher)
    with store.read() as connection:
        whole = read_relaties(connection, peildatum=date(2022, 5, 2), known=1)
        stays = read_versions(connection, registers.bewoning, ("adresseerbaar_object_id", "persoonslijst"), known=1)
        related = stays.join(whole.select(persoonslijst="persoon"), on="persoonslijst", how="semi")
        families = 0
        homes = related["adresseerbaar_object_id"].unique().sort().head(40)
        for home in homes:
            residents = stays.filter(adresseerbaar_object_id=home)["persoonslijst"]
            alone = read_relaties(connection, peildatum=date(2022, 5, 2), known=1, only=home)
            here = residents.implode()
            theirs = pl.col("persoon").is_in(here) | pl.col("andere_persoon").is_in(here)
            assert alone.filter(theirs).equals(whole.filter(theirs))
            # Also what rules make of it: relatives of a partner, who is related to a resident and need not live there.
            found, expected = (family_of(frame, residents).sort(pl.all()) for frame in (alone, whole))
            assert found.equals(expected)
            families += expected.height
    assert families > 100
    assert len(homes) == 40
    assert dict(whole.group_by("relatie").len().iter_rows()).keys() == {
        "kind", "ouder", "partner", "broer_zus", "kleinkind", "grootouder",
    }  # fmt: skip
    store.close()
