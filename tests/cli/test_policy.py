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
