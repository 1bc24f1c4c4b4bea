"""``lijst`` as it is typed: from settings to the files that go along, and back in."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from small_registry import DATABASE, PEILDATUM, Cli

from registry.store.engine import open_store
from registry.store.queries.access import read_accesses
from registry.store.queries.worklists import read_checks

DAY = PEILDATUM.isoformat()


@pytest.fixture
def judged(here: Path, cli: Cli) -> Path:
    """A folder whose registry was evaluated."""
    assert cli("evaluate", "--peildatum", DAY, "--regel", "overbewoning").code == 0
    return here


def placed(cli: Cli, *options: str) -> int:
    answer = cli("lijst", "leg-vast", "--dag", DAY, "--planner", "P. Lanner", "--zaad", "3", "--json", *options)
    assert answer.code == 0, answer.err
    return int(json.loads(answer.out)["lijst"])


def shown(cli: Cli, number: int, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cli("lijst", "toon", number, "--json", *options).out)
    return found


def test_a_day_from_settings_to_round(judged: Path, cli: Cli) -> None:
    saved = cli("lijst", "bewaar", "maandag", "--auteur", "P", "--adressen", "4", "--reden", "urgentie=3", "--reden",
                "bezoek")  # fmt: skip
    assert saved.code == 0
    assert "Urgentie × 3, Laatste bezoek × 1" in saved.err
    [listed] = json.loads(cli("lijst", "instellingen", "--json").out)
    assert (listed["naam"], listed["versie"]) == ("maandag", 1)
    proposal = json.loads(cli("lijst", "plan", "--instellingen", "maandag", "--dag", DAY, "--zaad", "3", "--json").out)
    number = placed(cli, "--instellingen", "maandag")
    found = shown(cli, number)
    assert [row["adres"] for row in found["zaken"]] == [row["adres"] for row in proposal["rijen"]]
    assert found["meters"] == proposal["meters"]
    zaken = [row["zaak"] for row in found["zaken"]]
    assert cli("lijst", "volgorde", number, *zaken[::-1], "--auteur", "P").code == 0
    assert cli("lijst", "haal-af", number, zaken[0], "--auteur", "P", "--reden", "al bezocht").code == 0
    again = shown(cli, number)
    assert [row["zaak"] for row in again["zaken"]] == zaken[:0:-1]
    assert [row["reden"] for row in again["vervallen"]] == ["al bezocht"]
    assert cli("lijst", "vervang", number, zaken[1], "--auteur", "P", "--reden", "belde").code in (0, 1)
    assert cli("lijst", "hercontrole", number, "--auteur", "P", "--dag", DAY, "--json").code == 0
    [line] = json.loads(cli("lijst", "overzicht", "--dag", DAY, "--json").out)
    assert line["lijst"] == number
    assert cli("lijst", "trek-in", number, "--auteur", "P", "--reden", "ziek").code == 0
    assert shown(cli, number)["zaken"] == []


def test_what_is_refused_says_why(judged: Path, cli: Cli) -> None:
    for options, said in (
        (("bewaar", "x", "--auteur", "P", "--adressen", "21"), "1 tot en met 20"),
        (("bewaar", "x", "--auteur", "P", "--reden", "urgentie=veel"), "geen reden met een gewicht"),
        (("plan", "--instellingen", "bestaat niet"), "geen instellingen met de naam"),
        (("toon", "99"), "Lijst 99 bestaat niet"),
        (("veldformulier", "99", "--uit", "."), "Lijst 99 bestaat niet"),
    ):
        answer = cli("lijst", *options)
        assert answer.code == 2
        assert said in answer.err
    number = placed(cli)
    assert "geen namen van bewoners" in cli("lijst", "veldformulier", number, "--uit", ".", "--namen").err


def test_only_the_analyst_sees_the_sample(judged: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WOONREGISTER_STEEKPROEF_AANDEEL", "0.25")
    number = placed(cli)
    assert all("steekproef" not in row for row in shown(cli, number)["zaken"])
    marks = [row["steekproef"] for row in shown(cli, number, "--analist")["zaken"]]
    assert set(marks) == {"ja", "nee"}


def test_the_files_go_along_and_the_workbook_comes_back(judged: Path, cli: Cli) -> None:
    number = placed(cli)
    assert cli("lijst", "veldformulier", number, "--uit", ".").code == 0
    names = {f"bezoeklijst-{number}.html", f"bezoeklijst-{number}-papier.html", f"bezoeklijst-{number}.xlsx"}
    assert names <= {path.name for path in judged.iterdir()}
    store = open_store(f"sqlite:///{judged / DATABASE}")
    with store.read() as connection:
        logged = [row for row in read_accesses(connection) if row.access.toelichting == "veldformulier"]
    assert [row.access.zaak for row in logged] == [f"bezoeklijst {number}"]
    assert logged[0].access.aantal > 0
    book = openpyxl.load_workbook(judged / f"bezoeklijst-{number}.xlsx")
    page = book.worksheets[0]
    places = {cell.value: cell.column for cell in page[1]}
    for header, value in (
        ("Datum bezoek", PEILDATUM), ("Resultaat", "niemand aanwezig"), ("Inspecteur", "J. de Vries"),
    ):  # fmt: skip
        page.cell(2, places[header]).value = value
    book.save(judged / "terug.xlsx")
    assert cli("import", "inspecties", "terug.xlsx", "--leverdatum", DAY).code == 0
    assert [row["bezocht"] for row in shown(cli, number)["zaken"]].count("ja") == 1
    with store.read() as connection:
        [check] = read_checks(connection, number)
    store.close()
    assert (check.moment, check.result) == ("bezoek", "gelijk")
