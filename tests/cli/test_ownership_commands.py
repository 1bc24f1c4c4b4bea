"""``tenure``, ``portfolio`` and ``stock --per eigendom`` as a user runs them."""

import json
import shutil
from pathlib import Path

import brk_answers as brk_test
import openpyxl
import pytest
from small_registry import DATABASE, KEYS, PEILDATUM, Cli, Municipality, fill

from registry.store.engine import open_store
from registry.store.queries.records import read_objecten
from registry.store.queries.runs import last_run

RSIN, OTHER_RSIN = "001000020", "001000032"
OP = ("--op", PEILDATUM.isoformat())


@pytest.fixture(scope="module")
def without_owners(tmp_path_factory: pytest.TempPathFactory, municipality: Municipality, sqlite_template: Path) -> Path:
    """A folder with a registry that knows no owners yet, to copy."""
    folder = tmp_path_factory.mktemp("zonder")
    shutil.copyfile(sqlite_template, folder / DATABASE)
    fill(f"sqlite:///{folder / DATABASE}", folder / KEYS, municipality, "bag", "gebieden", "brp")
    return folder


@pytest.fixture
def here(without_owners: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of a user."""
    for name in (DATABASE, KEYS):
        shutil.copyfile(without_owners / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def dwellings(here: Path, cli: Cli) -> list[str]:
    """Dwellings of which two companies own some; the companies have one name and one address."""
    store = open_store(f"sqlite:///{here / DATABASE}")
    with store.read() as connection:
        objects = read_objecten(connection, peildatum=PEILDATUM, known=last_run(connection))
    store.close()
    found = objects.filter(objecttype="verblijfsobject", status="Verblijfsobject in gebruik")
    ids: list[str] = found["adresseerbaar_object_id"].sort().to_list()[:4]
    people = [
        {
            "identificatie": number, "statutaireNaam": "Kade Beheer B.V.", "rsin": rsin,
            "postadres": {"straat": "Kade", "huisnummer": 1, "postcode": "3111AA"},
            "_links": {"self": {"href": f"/kadasternietnatuurlijkpersonen/{number}"}},
        }
        for number, rsin in (("70", RSIN), ("71", OTHER_RSIN))
    ]  # fmt: skip
    zaken = [
        brk_test.zaak(
            brk_test.number(place),
            dwelling,
            [
                brk_test.right(
                    str(place),
                    brk_test.persoon("70" if place < 3 else "71", "Kade", "kadaster_niet_natuurlijk_persoon"),
                )
            ],
        )
        for place, dwelling in enumerate(ids)
    ]
    brk_test.write(here / "brk.jsonl", brk_test.collection(zaken), *people)
    (here / "corporaties.csv").write_text("Naam;RSIN\nWonen;001000044\n", encoding="utf-8")
    assert cli("import", "brk", "brk.jsonl", "--leverdatum", PEILDATUM.isoformat()).code == 0
    assert cli("import", "corporaties", "corporaties.csv").code == 0
    return ids


def test_tenure_says_whose_a_dwelling_is_and_why(dwellings: list[str], cli: Cli) -> None:
    told = cli("tenure", dwellings[0], *OP)
    assert told.code == 0
    assert "van een bedrijf of andere rechtspersoon" in told.out
    assert "De eigenaar is een rechtspersoon en staat niet op de lijst van woningcorporaties." in told.out
    found = json.loads(cli("tenure", dwellings[0], *OP, "--json").out)
    assert found["eigendom"] == "bedrijf"
    assert [owner["RSIN"] for owner in found["eigenaren"]] == [RSIN]
    assert found["eigenaren"][0]["woningen"] == 3


def test_a_corrected_right_comes_beside_the_others_of_its_object(here: Path, cli: Cli) -> None:
    header = "Kadastrale aanduiding;BAG-id;Aard recht;Aandeel;RSIN;Naam;Aanvang\n"
    dwelling = "0606010000000001"
    rows = f"K 1;{dwelling};eigendom;1/2;{RSIN};Een;2019-01-01\nK 1;{dwelling};eigendom;helft;{OTHER_RSIN};Twee;2019\n"
    (here / "brk.csv").write_text(header + rows, encoding="utf-8")
    assert cli("import", "brk", "brk.csv", "--leverdatum", PEILDATUM.isoformat()).code == 1
    run = json.loads(cli("runs", "--json").out)[0]["run"]
    assert cli("runs", "uitval", run, "--uit", "uitval.xlsx").code == 0
    book = openpyxl.load_workbook(here / "uitval.xlsx")
    sheet = book.worksheets[0]
    (column,) = [cell.column for cell in sheet[1] if cell.value == "Aandeel"]
    assert sheet.cell(2, column).value == "helft"
    sheet.cell(2, column).value = "1/2"
    book.save(here / "verbeterd.xlsx")
    corrected = cli("import", "brk", "verbeterd.xlsx")
    assert corrected.code == 0, corrected.err
    owners = json.loads(cli("tenure", dwelling, *OP, "--json").out)["eigenaren"]
    assert sorted(owner["RSIN"] for owner in owners) == [RSIN, OTHER_RSIN]


@pytest.mark.parametrize("text", ["999993653", "0606100000000001", "x"])
def test_what_is_no_dwelling_is_refused(here: Path, cli: Cli, text: str) -> None:
    assert cli("tenure", text).code == 2


def test_a_day_before_the_deeds_is_unknown(dwellings: list[str], cli: Cli) -> None:
    found = json.loads(cli("tenure", dwellings[0], "--op", "2015-01-01", "--json").out)
    assert (found["eigendom"], found["eigenaren"]) == ("onbekend", [])


def test_a_proposal_is_confirmed_and_undone(dwellings: list[str], cli: Cli) -> None:
    (proposal,) = json.loads(cli("portfolio", "voorstellen", *OP, "--json").out)
    assert (proposal["sterkte"], proposal["bewijs"]) == ("sterk", "zelfde naam en zelfde postadres")
    pair = (proposal["een"], proposal["ander"])
    assert json.loads(cli("portfolio", RSIN, *OP, "--json").out)["aantal_woningen"] == 3
    assert cli("portfolio", "bevestig", *pair, "--auteur", "J. de Vries").code == 0
    joined = json.loads(cli("portfolio", OTHER_RSIN, *OP, "--json").out)
    assert joined["aantal_woningen"] == 4
    assert [row["adresseerbaar_object_id"] for row in joined["woningen"]] == dwellings
    assert "J. de Vries" in joined["samengenomen_door"][0]
    assert json.loads(cli("portfolio", "voorstellen", *OP, "--json").out) == []
    assert "4 woningen van Kade Beheer B.V." in cli("portfolio", RSIN, *OP).out
    assert cli("portfolio", "herroep", *pair, "--auteur", "J. de Vries", "--toelichting", "andere zetel").code == 0
    assert json.loads(cli("portfolio", OTHER_RSIN, *OP, "--json").out)["aantal_woningen"] == 1


def test_what_was_known_before_a_decision_does_not_know_it(dwellings: list[str], cli: Cli) -> None:
    (proposal,) = json.loads(cli("portfolio", "voorstellen", *OP, "--json").out)
    cli("portfolio", "bevestig", proposal["een"], proposal["ander"], "--auteur", "J. de Vries")
    assert cli("portfolio", RSIN, *OP, "--bekend-op", "2020-01-01").code == 2  # nothing was known then
    assert cli("portfolio", "999993653", *OP).code == 2
    assert "999993653" not in cli("portfolio", "999993653", *OP).err


@pytest.mark.parametrize("how", [(), ("--auteur", "J. de Vries"), (RSIN, OTHER_RSIN), (RSIN, RSIN, "--auteur", "J.")])
def test_a_decision_needs_two_owners_and_an_author(dwellings: list[str], cli: Cli, how: tuple[str, ...]) -> None:
    assert cli("portfolio", "bevestig", *how).code == 2


def test_the_stock_is_counted_by_tenure(dwellings: list[str], cli: Cli) -> None:
    found = json.loads(cli("stock", "--per", "eigendom", *OP, "--json").out)
    counted = {row["eigendom"]: row["aantal"] for row in found["rijen"]}
    assert counted["bedrijf"] == 4
    assert sum(counted.values()) == found["totaal"]
