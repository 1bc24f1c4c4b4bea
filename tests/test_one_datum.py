"""The way of one datum: one row of a BRP delivery, followed through every room to the cell that an inspector reads.

And what may not make that journey: BSNs, A-nummers, names and refused columns, looked for in every byte that is left.
"""

import csv
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from importers import brp
from importers.records import VERBLIJVEN
from importers.source import load_source
from registry.demo.run import DemoOutcome, run_demo
from registry.intake.run import ImportRequest, run_import
from registry.keys import open_cipher
from registry.store.engine import ReadConnection, open_store
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import last_run, list_runs
from registry.store.queries.signals import evaluations_of, read_signals
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from rules.facts import derive_verblijfsobject_facts

PEILDATUM = date(2026, 11, 1)
OBJECT = "adresseerbaar_object_id"
# Rubrieken of the LO BRP.
A_NUMMER, BSN, NAAM, VOORNAMEN, VERBLIJFPLAATS, HISTORIE = (
    "01.01.10",
    "01.01.20",
    "01.02.40",
    "01.02.10",
    "08.11.80",
    "08.H",
)


@dataclass(frozen=True, slots=True)
class Journey:
    """A small municipality that went all the way, and one dwelling in it that is plainly too full."""

    folder: Path
    outcome: DemoOutcome
    dwelling: str
    lines: dict[int, dict[str, str]]

    @property
    def residents(self) -> dict[int, dict[str, str]]:
        """The lines, by number, of who lives in the dwelling now."""
        return {n: line for n, line in self.lines.items() if line[VERBLIJFPLAATS] == self.dwelling}


def read_lines(path: Path) -> dict[int, dict[str, str]]:
    """The delivery as plain rows, by line number; the first of a doubled header counts."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=";")
        headers = next(reader)
        return {
            number: dict(zip(reversed(headers), reversed(row), strict=True)) for number, row in enumerate(reader, 2)
        }


@pytest.fixture(scope="module")
def journey(module_url: str, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    folder = tmp_path_factory.mktemp("reis") / "gemeente"
    outcome = run_demo(folder, woningen=60, peildatum=PEILDATUM, database_url=module_url)
    [dwelling] = outcome.manifest.troubles["boven_norm"].objecten
    return Journey(folder, outcome, dwelling, read_lines(folder / outcome.manifest.bestanden["brp"]))


def test_one_datum_from_row_to_cell(journey: Journey, module_url: str) -> None:
    followed, line = min(journey.residents.items())
    assert line[HISTORIE] != ""  # a person with a past, so that the present row had to be told apart

    delivery = brp.read(journey.folder / journey.outcome.manifest.bestanden["brp"], source=load_source("brp"))
    frames = [batch.frame for batch in delivery.batches if batch.record is VERBLIJVEN]
    [verblijf] = pl.concat(frames).filter(pl.col("source_row") == followed, volgnummer=0).to_dicts()
    assert verblijf[OBJECT] == journey.dwelling

    store = open_store(module_url)
    with store.read() as connection:
        persoon = open_cipher(journey.folder / "woonregister.sleutels").hash(verblijf["persoonslijst"])
        check_registry(connection, journey, persoon, followed)
    store.close()

    [row] = worklist_rows(journey, journey.dwelling)
    assert row["Personen min"] == len(journey.residents)
    assert row["Uitkomst"] == "signaal"
    assert row["Bewijsnummer"]


def check_registry(connection: ReadConnection, journey: Journey, persoon: str, followed: int) -> None:
    """Store, queries, facts and signal each hold what the row says."""
    known = last_run(connection)
    [kept] = read_versions(
        connection, registers.verblijven, known=known, where=registers.verblijven.c.persoonslijst == persoon
    ).filter(volgnummer=0).to_dicts()  # fmt: skip
    assert (kept[OBJECT], kept["source_row"]) == (journey.dwelling, followed)

    frames = read_record_frames(connection, peildatum=PEILDATUM, known=known)
    living = frames.bewoning.filter(pl.col(OBJECT) == journey.dwelling, pl.col("valid_until").is_null())
    assert living.filter(persoon=persoon)["zekerheid"].to_list() == ["zeker"]
    assert living["persoon"].n_unique() == len(journey.residents)

    [facts] = derive_verblijfsobject_facts(frames).filter(pl.col(OBJECT) == journey.dwelling).to_dicts()
    assert facts["bewoners_min"] == len(journey.residents)

    evaluation = evaluations_of(connection, "overbewoning")[0]
    [signal] = read_signals(connection, evaluation.evaluatie_id).filter(pl.col(OBJECT) == journey.dwelling).to_dicts()
    assert signal["personen_min"] == len(journey.residents)
    assert signal["personen_min"] * signal["norm"] > signal["oppervlakte"]


def worklist_rows(journey: Journey, dwelling: str) -> list[dict[str, object]]:
    """The rows of the worklist about a dwelling, by header, as a spreadsheet program reads them."""
    book = python_calamine.CalamineWorkbook.from_path(journey.outcome.worklist)
    sheet = book.get_sheet_by_name("Werklijst").to_python()
    top = next(n for n, cells in enumerate(sheet) if "Uitkomst" in cells)
    return [dict(zip(sheet[top], cells, strict=True)) for cells in sheet[top + 1 :] if dwelling in cells]


def test_nobody_can_be_read_from_what_is_left(tmp_path: Path, sqlite_url: str) -> None:
    folder = tmp_path / "gemeente"
    outcome = run_demo(folder, woningen=60, peildatum=PEILDATUM, database_url=sqlite_url)
    lines = read_lines(folder / outcome.manifest.bestanden["brp"]).values()
    secrets = {line[rubriek] for line in lines for rubriek in (A_NUMMER, BSN)} - {""}
    # Short invented names are also parts of other words.
    secrets |= {line[rubriek] for line in lines for rubriek in (NAAM, VOORNAMEN) if len(line[rubriek]) > 6}
    refused = "NIET-OVERNEMEN"  # what the demo writes in every column that must be refused
    assert len(secrets) > 300
    assert any(refused in line.values() for line in lines)

    left = {path.name: path.read_bytes() for path in tmp_path.glob("woonregister.db*")}
    with zipfile.ZipFile(outcome.worklist) as archive:
        left |= {name: archive.read(name) for name in archive.namelist()}
    # What should be there is found this way, so the search itself works.
    assert any(
        dwelling.encode() in left["woonregister.db"] for dwelling in outcome.manifest.troubles["boven_norm"].objecten
    )
    for name, content in left.items():
        found = [secret for secret in (*secrets, refused) if secret.encode() in content]
        assert len(found) == 0, f"{len(found)} of {len(secrets)} in {name}"


def test_a_second_delivery_of_the_same_files_changes_nothing(journey: Journey, module_url: str) -> None:
    store = open_store(module_url)
    cipher = open_cipher(journey.folder / "woonregister.sleutels")
    for bron, name in journey.outcome.manifest.bestanden.items():
        leverdatum = None if bron == "bag" else PEILDATUM
        run_import(store, ImportRequest(bron, journey.folder / name, leverdatum=leverdatum), cipher=cipher)
    with store.read() as connection:
        again = list_runs(connection)[: len(journey.outcome.manifest.bestanden)]
    store.close()
    assert {(run["nieuw"], run["gewijzigd"], run["verdwenen"]) for run in again} == {(0, 0, 0)}
    assert sum(run["ongewijzigd"] for run in again) > 500
