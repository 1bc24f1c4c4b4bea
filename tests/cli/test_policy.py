"""The commands of the policy team, on a small municipality."""

import json
from pathlib import Path

import pytest
from small_registry import Cli

pytestmark = pytest.mark.usefixtures("here")


def test_the_stock_is_shown_exactly_and_protected(cli: Cli) -> None:
    exact = json.loads(cli("stock", "--per", "buurt", "--per", "bewoners", "--op", "2026-11-01", "--json").out)
    assert sum(row["aantal"] for row in exact["rijen"]) == exact["totaal"] > 0
    answer = cli("stock", "--per", "buurt", "--per", "bewoners", "--op", "2026-11-01", "--afscherming", "--json")
    for row in json.loads(answer.out)["rijen"]:
        assert row["aantal"] is None or (row["aantal"] >= 10 and row["aantal"] % 5 == 0)


def test_change_and_crowding_are_shown(cli: Cli) -> None:
    change = json.loads(cli("verloop", "--van", "2025-01-01", "--tot", "2026-01-01", "--json").out)
    assert [row["dag"] for row in change["standen"]] == ["2025-01-01", "2026-01-01"]
    crowded = json.loads(cli("overbewoond", "--per", "buurt", "--op", "2026-11-01", "--json").out)
    assert sum(row["aantal"] for row in crowded["rijen"]) == crowded["totaal"]


def test_files_are_written(cli: Cli, tmp_path: Path) -> None:
    day = ("--op", "2026-11-01")
    assert cli("export", "voorraad", "--uit", str(tmp_path / "v.xlsx"), *day).code == 0
    assert cli("export", "geo", "--uit", str(tmp_path / "v.gpkg"), *day).code == 0
    assert cli("export", "kaart", "--uit", str(tmp_path / "v.svg"), "--onderwerp", "bewoond", *day).code == 0
    assert all((tmp_path / f"v.{suffix}").stat().st_size > 1_000 for suffix in ("xlsx", "gpkg", "svg"))
    dots = ("export", "kaart", "--uit", str(tmp_path / "s.svg"), "--onderwerp", "bewoond", "--soort", "stippen")
    assert cli(*dots, *day).code == 0
    trend = ("export", "trend", "--uit", str(tmp_path / "t.svg"), "--onderwerp", "bewoond", "--van", "2025-01-01")
    assert cli(*trend, "--tot", "2026-11-01").code == 0
    assert (tmp_path / "t.csv").read_text(encoding="utf-8").startswith("dag,bewoond,aantal\n2025-01-01,")
    assert (tmp_path / "s.csv").is_file()


def test_change_is_protected_as_a_whole(cli: Cli) -> None:
    change = cli("verloop", "--van", "2025-01-01", "--tot", "2026-01-01", "--per", "bewoond", "--afscherming", "--json")
    for row in json.loads(change.out)["standen"]:
        assert row["aantal"] is None or row["aantal"] % 10 == 0
    assert "verborgen" in json.loads(change.out)["definitie"]


def test_a_what_if_is_kept_and_repeated(cli: Cli, tmp_path: Path) -> None:
    asked = ("opkoopbescherming", "--stel", "opkoopbescherming.grens=300000", "--peildatum", "2026-11-01", "--json")
    drawn = ("--kaart", str(tmp_path / "k.svg"), "--grafiek", str(tmp_path / "g.svg"))
    shown = json.loads(cli("wat-als", "reken", *asked, *drawn).out)
    assert shown["totaal"]["beschermd_dan"] < shown["totaal"]["beschermd_nu"]
    assert all((tmp_path / name).is_file() for name in ("k.svg", "k.csv", "g.svg", "g.csv"))
    assert cli("wat-als", "bewaar", "Grens", *asked, "--auteur", "A").code == 0
    again = cli("wat-als", "herhaal", "grens", "--peildatum", "2026-11-01", "--json")
    assert json.loads(again.out)["rijen"] == shown["rijen"]
    assert "gelijk aan de bewaarde" in again.err
    assert cli("wat-als", "herroep", "Grens", "--auteur", "A", "--reden", "oud").code == 0
    [listed] = json.loads(cli("wat-als", "lijst", "--json").out)
    assert listed["herroepen"].endswith("oud")
    assert cli("wat-als", "herhaal", "Grens").code == 2


def test_owners_and_purchases_are_shown(cli: Cli, tmp_path: Path) -> None:
    owners = json.loads(cli("eigenaren", "--op", "2026-11-01", "--json").out)
    assert owners["sinds"] == "2022-11-01"
    assert sum(row["eigenaren"] for row in owners["klassen"]) >= len(owners["eigenaren"]) > 0
    protected = json.loads(cli("eigenaren", "--op", "2026-11-01", "--afscherming", "--json").out)
    assert protected["eigenaren"] == protected["concentratie"] == []
    assert cli("eigenaren", "--op", "2026-11-01", "--uit", str(tmp_path / "e.xlsx")).code == 0
    bought = json.loads(cli("aankopen", "--op", "2026-11-01", "--grafiek", str(tmp_path / "a.svg"), "--json").out)
    assert {"perioden", "prijs", "termijnen", "definitie"} <= set(bought)
    assert (tmp_path / "a.csv").is_file()


def test_a_profile_is_made_of_one_area_or_of_all(cli: Cli, tmp_path: Path) -> None:
    day = ("--op", "2026-11-01", "--geen-afscherming")
    one = tmp_path / "wijk.html"
    assert cli("export", "buurtprofiel", "--uit", str(one), "--naam", "Oost", "--gebied", "wijk", *day).code == 0
    assert "Oost telt 60 woningen" in one.read_text(encoding="utf-8")
    assert cli("export", "buurtprofiel", "--uit", str(one), *day).code == 2


@pytest.mark.parametrize(
    "wrong",
    [
        ("stock", "--alleen", "buurt"),
        ("stock", "--per", "kleur"),
        ("stock", "--alleen", "buurt=Nergens"),
        ("verloop", "--van", "2026-01-01", "--tot", "2025-01-01"),
        ("export", "voorraad", "--uit", "v.txt"),
        ("export", "voorraad", "--uit", "v.xlsx", "--gebied", "straat"),
        ("export", "kaart", "--uit", "v.svg", "--onderwerp", "kleur"),
        ("export", "kaart", "--uit", "v.svg", "--onderwerp", "bewoond", "--soort", "kaart"),
        ("export", "trend", "--uit", "v.svg", "--onderwerp", "bewoond", "--van", "2025-01-01", "--soort", "taart"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_refused(cli: Cli, wrong: tuple[str, ...]) -> None:
    answer = cli(*wrong)
    assert answer.code == 2
    assert "Geweigerd" in answer.err
