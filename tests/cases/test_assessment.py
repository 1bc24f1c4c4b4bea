"""A visit, an assessment, and what brings a refuted signal back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from PIL import Image
from visited_town import CIPHER, PEILDATUM, REPORT, Town, fill

from registry.cases.assessment import AlreadyAssessedError, Weerlegging, assessments_of
from registry.cases.completeness import check_completeness
from registry.demo.generate import make_municipality
from registry.demo.manifest import Manifest
from registry.errors import SourceRefusedError, UsageError
from registry.signals.silence import Oordeel
from registry.store.engine import open_store
from registry.store.queries.records import read_objecten
from registry.store.queries.runs import last_run
from registry.store.queries.visits import read_photo_content, read_photos, read_visit, read_visits
from registry.worklists.visits import VisitRefusedError, add_photos, correct_visit


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """The files of a municipality, and a registry of SQLite made of them."""
    folder = tmp_path_factory.mktemp("gemeente")
    manifest = make_municipality(folder, woningen=60, peildatum=PEILDATUM)
    fill(f"sqlite:///{folder}/woonregister.db", folder, manifest)
    return folder, manifest


@pytest.fixture
def town(files: tuple[Path, Manifest], tmp_path: Path) -> Iterator[Town]:
    shutil.copyfile(files[0] / "woonregister.db", tmp_path / "woonregister.db")
    store = open_store(f"sqlite:///{tmp_path}/woonregister.db")
    yield Town(store, tmp_path)
    store.close()


@pytest.fixture
def town_on_postgresql(postgresql_url: str, files: tuple[Path, Manifest], tmp_path: Path) -> Iterator[Town]:
    fill(postgresql_url, *files)
    store = open_store(postgresql_url)
    yield Town(store, tmp_path)
    store.close()


def _refute_until_a_fact_changes(town: Town) -> None:
    signal = town.signal()
    object_id = signal["adresseerbaar_object_id"]
    recorded = town.visit(object_id, bewijs=[signal["bewijs"]])
    town.assess(signal["bewijs"], inspectie=recorded.inspecties[0])
    [silent] = town.silenced()
    assert (silent["stil"], silent["oordeel"], silent["gewijzigd"]) == (True, "weerlegd", [])

    town.evaluate()
    again = {row["adresseerbaar_object_id"]: row for row in town.silenced()}
    assert [row["gewijzigd"] for row in again.values()] in ([], [[]]), "its own visit must not bring a signal back"

    town.establish(object_id, "gemeten oppervlakte", "6")
    town.evaluate()
    [back] = town.silenced()
    assert not back["stil"]
    assert any(text.startswith("gebruiksoppervlakte: was ") and text.endswith("nu 6.0") for text in back["gewijzigd"])


def test_a_refuted_signal_is_silent_until_a_fact_that_mattered_changes_and_says_which(town: Town) -> None:
    _refute_until_a_fact_changes(town)


def test_the_same_on_postgresql(town_on_postgresql: Town) -> None:
    _refute_until_a_fact_changes(town_on_postgresql)


def test_a_count_of_more_people_later_brings_a_refuted_signal_back(town: Town) -> None:
    signal = town.signal()
    object_id = signal["adresseerbaar_object_id"]
    first = town.visit(object_id)
    town.assess(signal["bewijs"], inspectie=first.inspecties[0])
    town.visit(object_id, datum="2026-11-01", tijd="20:00", aantal_personen=9)
    town.evaluate()
    [row] = town.silenced()
    assert not row["stil"]
    assert any("getelde personen: was" in text and text.endswith("nu 9") for text in row["gewijzigd"])


def test_the_second_of_two_people_is_told_and_nothing_is_written(town: Town) -> None:
    bewijs = town.signal()["bewijs"]
    assert town.assess(bewijs).versie == 1
    with pytest.raises(
        AlreadyAssessedError, match=r"beoordeeld door A\. Jansen .* weerlegd .*geen|beoordeeld door"
    ) as told:
        town.assess(bewijs, auteur="B. Smit", oordeel=Oordeel.BEVESTIGD, reden=None)
    assert told.value.latest["versie"] == 1
    with town.store.read() as connection:
        assert assessments_of(connection, bewijs)["auteur"].to_list() == ["A. Jansen"]
    assert town.assess(bewijs, auteur="B. Smit", oordeel=Oordeel.BEVESTIGD, reden=None, seen_version=1).versie == 2


def test_a_revoked_assessment_stays_to_be_read_and_is_silent_no_more(town: Town) -> None:
    bewijs = town.signal()["bewijs"]
    town.assess(bewijs)
    town.assess(bewijs, oordeel=Oordeel.HERROEPEN, reden=None, seen_version=1, toelichting="verkeerde woning")
    assert [row["stil"] for row in town.silenced()] == [False]
    with town.store.read() as connection:
        assert assessments_of(connection, bewijs)["oordeel"].to_list() == ["weerlegd", "herroepen"]


INCOMPLETE: list[tuple[dict[str, object], str]] = [
    ({"reden": None}, "Kies bij weerlegd een reden"),
    ({"oordeel": Oordeel.BEVESTIGD, "reden": Weerlegging.FAMILIE}, "alleen bij weerlegd"),
    ({"oordeel": Oordeel.OVERGEDRAGEN, "reden": None}, "aan wie"),
    ({"overgedragen_aan": "team zorg"}, "alleen bij het oordeel"),
    ({"toelichting": " "}, "Licht het oordeel toe"),
    ({"auteur": " "}, "wie beoordeelt"),
    ({"inspectie": "bestaat-niet"}, "geen bezoek met nummer"),
    ({"oordeel": Oordeel.HERROEPEN, "reden": None}, "niets te herroepen"),
    ({"seen_version": 3}, "nog niet beoordeeld"),
]


def test_an_assessment_that_is_not_complete_is_refused(town: Town) -> None:
    bewijs = town.signal()["bewijs"]
    for fields, words in INCOMPLETE:
        with pytest.raises(UsageError, match=words):
            town.assess(bewijs, **fields)
    assert town.silenced() == []


def test_a_visit_to_another_dwelling_is_no_ground(town: Town) -> None:
    signals = town.evaluate().filter(uitkomst="signaal")
    here, there = signals["adresseerbaar_object_id"].unique().sort()[:2]
    elsewhere = town.visit(there)
    bewijs = signals.filter(adresseerbaar_object_id=here)["bewijs"][0]
    with pytest.raises(UsageError, match="ander adres"):
        town.assess(bewijs, inspectie=elsewhere.inspecties[0])


def test_a_typed_visit_decides_the_rules_as_an_imported_one_does(town: Town) -> None:
    kept = town.evaluate()["adresseerbaar_object_id"].to_list()
    with town.store.read() as connection:
        objects = read_objecten(connection, peildatum=PEILDATUM, known=last_run(connection))
    dwelling = pl.col("gebruiksdoelen").list.contains("woonfunctie") & (pl.col("oppervlakte") < 200)
    clear = objects.filter(~pl.col("adresseerbaar_object_id").is_in(kept), dwelling)
    object_id = clear["adresseerbaar_object_id"].sort()[0]
    town.visit(object_id, aantal_personen=30, datum="2026-11-01")
    judged = town.evaluate().filter(adresseerbaar_object_id=object_id).row(0, named=True)
    assert (judged["uitkomst"], judged["grond"], judged["personen_min"]) == ("signaal", "inspectie", 30)


def test_a_visit_is_corrected_under_its_number_and_what_it_said_can_still_be_asked(town: Town) -> None:
    recorded = town.visit(town.signal()["adresseerbaar_object_id"])
    [number] = recorded.inspecties
    correct_visit(town.store, number, {"aantal_personen": 3}, author="J. de Vries", leverdatum=PEILDATUM, cipher=CIPHER)
    with town.store.read() as connection:
        now = read_visit(connection, number)
        then = read_visit(connection, number, known=recorded.run_id)
        listed = read_visits(connection, known=last_run(connection), object_id=then["adresseerbaar_object_id"])  # type: ignore[index]
    assert now is not None
    assert then is not None
    assert (then["aantal_personen"], now["aantal_personen"]) == (2, 3)
    assert now["ruimten"] == then["ruimten"]
    assert number in listed["inspectie"].to_list()


def test_what_does_not_fit_is_said_per_field_and_nothing_is_written(town: Town) -> None:
    with town.store.read() as connection:
        before = last_run(connection)
    with pytest.raises(VisitRefusedError) as refused:
        town.visit(town.signal()["adresseerbaar_object_id"], aantal_personen="ca. 6", datum="gisteren")
    assert set(refused.value.problems) == {"aantal_personen", "datum"}
    with pytest.raises(SourceRefusedError, match="nationaliteit"):
        town.visit("x", nationaliteit="x")
    with town.store.read() as connection:
        assert last_run(connection) == before


def test_a_visit_to_an_object_that_does_not_exist_waits_with_all_that_was_typed(town: Town) -> None:
    recorded = town.visit("0606019999999999")
    assert recorded.uitval == 1
    assert recorded.remarks
    with town.store.read() as connection:
        assert read_visit(connection, recorded.inspecties[0]) is None


def test_a_photo_is_kept_with_its_visit_and_counts_for_its_report(town: Town) -> None:
    [number] = town.visit(town.signal()["adresseerbaar_object_id"]).inspecties
    path = town.folder / "foto.png"
    Image.new("RGB", (8, 8), (0, 128, 0)).save(path)
    add_photos(town.store, number, [(path.read_bytes(), "voorgevel")], leverdatum=PEILDATUM, cipher=CIPHER)
    with town.store.read() as connection:
        known = last_run(connection)
        [photo] = read_photos(connection, number, known=known).to_dicts()
        content = read_photo_content(connection, number, photo["sha256"], known=known)
        visit = read_visit(connection, number)
    assert (photo["omschrijving"], photo["media_type"], photo["breedte"]) == ("voorgevel", "image/png", 8)
    assert content is not None
    assert content.startswith(b"\x89PNG")
    assert visit is not None
    assert "fotos" not in {missing.code for missing in check_completeness(visit).advised}


def test_a_whole_report_is_evidence_and_a_bare_row_of_a_workbook_is_not(town: Town) -> None:
    object_id = town.signal()["adresseerbaar_object_id"]
    [whole] = town.visit(object_id).inspecties
    bare = {name: None for name in REPORT if name not in ("datum", "resultaat", "aantal_personen")}
    [poor] = town.visit(object_id, **bare).inspecties
    with town.store.read() as connection:
        checked = {number: check_completeness(read_visit(connection, number) or {}) for number in (whole, poor)}
    assert checked[whole].is_evidence
    assert {missing.code for missing in checked[poor].missing} == {
        "tijd", "inspecteur", "hoedanigheid", "werkwijze", "feiten", "ondertekend_door", "ondertekend_op",
        "legitimatie", "doel", "toestemming_van", "slaapplaatsen",
    }  # fmt: skip
