"""The review list: what waits for a person, what a decision does, and how it is taken back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import clock
from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.errors import SourceRefusedError, UsageError
from registry.exports.review import write_review
from registry.intake import run
from registry.intake.address_decisions import BESLUITEN, address_form, apply_decisions
from registry.intake.batches import ISSUES
from registry.intake.linking import ADRESSEN, KANDIDATEN, KOPPELING, link
from registry.intake.review import choose, list_decisions, list_open, revoke
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.store.engine import Store, open_store
from registry.store.queries.adressen import read_adressen
from registry.store.queries.runs import NewRun, finish_run, insert_issues, last_run, list_runs, read_issues, start_run
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.store.tables.review import koppelbesluiten

DAY = date(2026, 11, 24)
HEAD = "Inspectienummer;Adres;Datum;Resultaat;Aantal personen\n"
INSIDE = "toegang met toestemming"


@dataclass(frozen=True, slots=True)
class Town:
    """A registry with the BAG of a small municipality."""

    store: Store
    cipher: BsnCipher
    folder: Path
    kandidaten: pl.DataFrame

    def take(self, text: str, bron: str = "inspecties", name: str = "bezoeken.csv") -> ImportResult:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return run_import(self.store, ImportRequest(bron, path, leverdatum=DAY), cipher=self.cipher)

    def open(self) -> pl.DataFrame:
        with self.store.read() as connection:
            return list_open(connection)

    def decisions(self) -> pl.DataFrame:
        with self.store.read() as connection:
            return list_decisions(connection)

    def inspecties(self, known: int | None = None) -> pl.DataFrame:
        with self.store.read() as connection:
            run = last_run(connection) if known is None else known
            return read_versions(connection, registers.inspecties, known=run).sort("inspectie")

    def choose(self, issue_id: int, object_id: str, **other: Any) -> Any:
        asked = {"author": "J. de Vries", "reason": "zelf gezien", "cipher": self.cipher} | other
        return choose(self.store, issue_id, object_id, **asked)

    @property
    def place(self) -> tuple[str, str]:
        """A dwelling, and its address with a suffix that does not exist there."""
        bare = pl.all_horizontal(pl.col("huisletter", "huisnummertoevoeging").is_null())
        row = self.kandidaten.filter(bare, objecttype="verblijfsobject").sort("nummeraanduiding_id").row(0, named=True)
        return row["adresseerbaar_object_id"], f"{row['straat']} {row['huisnummer']} ZZ, {row['woonplaats']}"


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The BAG of a small municipality."""
    folder = tmp_path_factory.mktemp("gemeente")
    return folder / make_municipality(folder, woningen=60, peildatum=DAY).bestanden["bag"]


@pytest.fixture
def town(database_url: str, extract: Path, tmp_path: Path) -> Iterator[Town]:
    store, cipher = open_store(database_url), BsnCipher(generate_keys())
    run_import(store, ImportRequest("bag", extract), cipher=cipher)
    with store.read() as connection:
        kandidaten = read_adressen(connection, known=last_run(connection), on=DAY)
    yield Town(store, cipher, tmp_path, kandidaten)
    store.close()


def visits(adres: str, *numbers: str, day: str = "20-11-2026") -> str:
    return HEAD + "".join(f"{number};{adres};{day};{INSIDE};5\n" for number in numbers)


def test_a_row_that_does_not_link_waits_with_its_candidates(town: Town, tmp_path: Path) -> None:
    object_id, adres = town.place
    assert town.open().is_empty()
    assert town.take(visits(adres, "I-1")).uitval == 1
    (row,) = town.open().rows(named=True)
    assert (row["bron"], row["bestand"], row["adres"], row["source_row"]) == ("inspecties", "bezoeken.csv", adres, 2)
    assert any(text.startswith(f"{object_id}: ") for text in row["kandidaten"])
    assert "niet voor" in row["reden"]
    path = tmp_path / "keuzes.xlsx"
    assert write_review(path, town.open(), made_by="test", made_at=datetime(2026, 11, 24, 12, 0)) == 1
    sheet = openpyxl.load_workbook(path)["Te kiezen adressen"]
    cells = dict(zip((cell.value for cell in sheet[1]), (cell.value for cell in sheet[2]), strict=True))
    assert cells["rij"] == str(row["issue_id"])
    assert object_id in cells["kandidaten"]


def test_a_choice_brings_the_row_in_and_is_used_for_the_next_delivery(town: Town) -> None:
    object_id, adres = town.place
    first = town.take(visits(adres, "I-1", "I-2"))
    assert town.inspecties().is_empty()
    chosen = town.choose(town.open()["issue_id"][0], object_id)
    assert chosen.rijen == 2  # both rows with that address
    rows = town.inspecties()
    assert rows["inspectie"].to_list() == ["I-1", "I-2"]
    assert rows["adresseerbaar_object_id"].to_list() == [object_id] * 2
    assert rows["koppelniveau"].to_list() == ["besluit"] * 2
    assert rows["aantal_personen"].to_list() == [5, 5]
    assert rows["datum"].to_list() == [date(2026, 11, 20)] * 2
    assert town.open().is_empty()
    with town.store.read() as connection:
        assert read_issues(connection, first.run_id, level="uitval")["hersteld_run_id"].to_list() == [chosen.run_id] * 2
        run = list_runs(connection)[0]
    assert (run["bron"], run["bestand"], run["levering"], run["nieuw"]) == ("inspecties", "invoer.csv", "deel", 2)

    later = town.take(visits(f"  {adres.upper()}", "I-3", day="23-11-2026"), name="later.csv")
    assert (later.uitval, later.counts.nieuw) == (0, 1)
    assert "J. de Vries" in later.issues.filter(code="adres_besluit")["text"][0]
    assert town.inspecties().row(2, named=True)["koppelniveau"] == "besluit"
    assert town.take(visits(adres.replace("ZZ", "Z-Z"), "I-4"), name="ander.csv").uitval == 1


def test_a_decision_says_who_when_and_why(town: Town) -> None:
    object_id, adres = town.place
    town.take(visits(adres, "I-1"))
    chosen = town.choose(town.open()["issue_id"][0], object_id)
    (besluit,) = town.decisions().rows(named=True)
    assert besluit["besluit_id"] == chosen.besluit_id
    assert (besluit["auteur"], besluit["reden"], besluit["adres"]) == ("J. de Vries", "zelf gezien", adres)
    assert abs((besluit["besloten_op"] - clock.local_now()).total_seconds()) < 3600


def test_a_revoked_decision_is_kept_and_its_rows_wait_again(town: Town) -> None:
    object_id, adres = town.place
    town.take(visits(adres, "I-1"))
    chosen = town.choose(town.open()["issue_id"][0], object_id)
    town.take(visits(adres, "I-2"), name="later.csv")
    assert town.inspecties().height == 2
    revoked = revoke(town.store, chosen.besluit_id, author="P. Bakker", reason="verkeerd pand")
    assert (revoked.vervallen, revoked.heropend) == (2, 2)
    assert town.inspecties().is_empty()
    assert town.inspecties(known=revoked.run_id - 1).height == 2  # what was known then can still be asked
    assert town.decisions().is_empty()
    with town.store.read() as connection:
        kept = connection.execute(koppelbesluiten.select()).all()
        run = list_runs(connection)[0]
    assert [(row.auteur, row.superseded_run_id) for row in kept] == [("J. de Vries", revoked.run_id)]
    assert "P. Bakker" in run["toelichting"]
    assert "verkeerd pand" in run["toelichting"]
    assert "herroepen" in town.open()["reden"][0]
    with pytest.raises(UsageError, match="geldt niet"):
        revoke(town.store, chosen.besluit_id, author="P. Bakker", reason="nog eens")

    other = town.kandidaten.filter(pl.col("adresseerbaar_object_id") != object_id)["adresseerbaar_object_id"][0]
    again = town.choose(town.open()["issue_id"][0], other)
    assert again.rijen == 2
    assert town.inspecties()["adresseerbaar_object_id"].to_list() == [other] * 2
    assert town.open().is_empty()


def test_a_new_decision_about_the_same_address_supersedes_the_first(town: Town) -> None:
    object_id, adres = town.place
    others = town.kandidaten.filter(pl.col("adresseerbaar_object_id") != object_id)["adresseerbaar_object_id"]
    town.take(visits(adres, "I-1"))
    issue = town.open()["issue_id"][0]
    first = town.choose(issue, object_id)
    revoke(town.store, first.besluit_id, author="P", reason="r")
    town.choose(town.open()["issue_id"][0], others[0])
    assert town.decisions()["adresseerbaar_object_id"].to_list() == [others[0]]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"issue_id": 999_999}, "wacht niet"),
        ({"object_id": "0606010009999999"}, "niet voor"),
        ({"author": " "}, "wie"),
        ({"reason": ""}, "reden"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_changes_nothing(town: Town, change: dict[str, Any], word: str) -> None:
    object_id, adres = town.place
    town.take(visits(adres, "I-1"))
    issue = town.open()["issue_id"][0]
    asked = {"issue_id": issue, "object_id": object_id} | change
    with pytest.raises(UsageError, match=word):
        town.choose(**asked)
    assert town.open()["issue_id"].to_list() == [issue]
    assert town.decisions().is_empty()


def test_an_object_that_did_not_exist_on_the_day_is_refused_as_a_whole(town: Town) -> None:
    object_id, adres = town.place
    town.take(visits(adres, "I-1", day="20-11-1995"))
    with pytest.raises(SourceRefusedError, match="nog niet"):
        town.choose(town.open()["issue_id"][0], object_id)
    assert town.decisions().is_empty()
    assert town.inspecties().is_empty()
    assert town.open().height == 1


def test_a_certain_address_needs_no_decision_and_none_overrules_it(town: Town) -> None:
    object_id, adres = town.place
    right = adres.replace(" ZZ", "")
    other = town.kandidaten.filter(pl.col("adresseerbaar_object_id") != object_id)["adresseerbaar_object_id"][0]
    town.take(visits(adres, "I-1"))
    town.choose(town.open()["issue_id"][0], other)
    town.take(visits(right, "I-2"), name="goed.csv")
    assert town.inspecties().row(1, named=True)["adresseerbaar_object_id"] == object_id


def test_the_same_file_again_makes_no_second_entry(town: Town) -> None:
    _, adres = town.place
    town.take(visits(adres, "I-1"))
    town.take(visits(adres, "I-1"))
    assert town.open().height == 1


def test_rows_of_a_source_with_persons_are_chosen_without_their_data_on_disk(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    object_id, adres = town.place
    bsn = "999990019"
    head = "Zaaknummer;Adres;Soort;Status;Aangevraagd op;Besluit op;BSN houder"
    text = f"{head}\nZ-1;{adres};omzetting;verleend;01-03-2024;12-04-2024;{bsn}\n"
    assert town.take(text, bron="vergunningen", name="vergunningen.csv").uitval == 1
    seen: list[str] = []
    importer = run.IMPORTERS["vergunningen"]

    def watch(path: Path, **how: Any) -> Any:
        seen.append(path.read_text(encoding="utf-8"))
        return importer(path, **how)

    monkeypatch.setitem(run.IMPORTERS, "vergunningen", watch)
    chosen = town.choose(town.open()["issue_id"][0], object_id)
    assert chosen.rijen == 1
    (file,) = seen
    assert adres not in file
    assert bsn not in file
    with town.store.read() as connection:
        (row,) = read_versions(connection, registers.vergunningen, known=last_run(connection)).rows(named=True)
    assert row["koppelniveau"] == "besluit"
    assert town.cipher.decrypt(row["houder_bsn_versleuteld"]) == bsn


def test_a_source_that_comes_only_whole_uses_the_decision_from_its_next_delivery(town: Town) -> None:
    object_id, adres = town.place
    new = NewRun("brk", "antwoorden.zip", "stand", None, "0", clock.now())
    waiting = {
        "level": "uitval",
        "code": "adres_onbekend",
        "text": "?",
        "original": adres,
        "adresvorm": "x",
        "row": "{}",
    }
    with town.store.write_transaction() as connection:
        delivery = start_run(connection, new)
        insert_issues(connection, delivery, pl.DataFrame([waiting], schema=ISSUES))
        finish_run(connection, delivery, status="gelukt", klaar=clock.now(), values={"leverdatum": DAY})
    chosen = town.choose(town.open()["issue_id"][0], object_id)
    assert chosen.rijen == 0
    assert town.decisions()["bron"].to_list() == ["brk"]
    assert town.open()["besluit"].to_list() == [object_id]  # it waits for its next delivery


def test_a_decision_does_not_hold_where_its_object_is_not() -> None:
    asked = {"row_nr": [1, 2, 3], "adres": ["Singel 12 ZZ", "SINGEL 12-zz", "Singel 12 ZZ"]}
    days = [date(2015, 6, 1), date(2025, 6, 1), date(2020, 6, 1)]
    rows = pl.DataFrame(asked | {"op": days}, schema_overrides={"row_nr": pl.Int64}).with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in ADRESSEN.items() if name not in ("row_nr", "adres", "op")
    )
    form = {"nummeraanduiding_id": "N1", "adresseerbaar_object_id": "O1", "is_hoofdadres": True, "huisnummer": 12}
    periods = [
        {
            "object_status": "Verblijfsobject in gebruik",
            "valid_from": date(2018, 1, 1),
            "valid_until": date(2022, 1, 1),
        },
        {"object_status": "Verblijfsobject ingetrokken", "valid_from": date(2022, 1, 1)},
    ]
    kandidaten = pl.DataFrame([form | period for period in periods], schema=KANDIDATEN)
    besluit = {"adresvorm": "singel-12-zz|||||", "adresseerbaar_object_id": "O1", "auteur": "A", "besloten_op": MOMENT}
    besluiten = pl.DataFrame([besluit], schema=BESLUITEN)
    links = apply_decisions(link(rows, kandidaten), rows, besluiten, kandidaten)
    assert links["row_nr"].to_list() == [1, 2, 3]
    assert links["status"].to_list() == ["onbekend", "onbekend", "gekoppeld"]
    assert links.row(2, named=True)["level"] == "besluit"
    assert links.schema == KOPPELING


MOMENT = datetime(2026, 11, 24, 12, 0)


@given(st.lists(st.sampled_from(["12-1", "12 1", "121", "12", "12a", "12 A"]), min_size=2, max_size=2))
def test_addresses_that_differ_in_more_than_case_and_signs_have_different_forms(pair: list[str]) -> None:
    frame = pl.DataFrame({"adres": pair}).with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in ADRESSEN.items() if name != "adres"
    )
    one, other = frame.select(form=address_form())["form"].to_list()
    assert (one == other) is (re.sub(r"\W", "-", pair[0].lower()) == re.sub(r"\W", "-", pair[1].lower()))
