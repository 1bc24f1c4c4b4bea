"""Addresses that wait for a choice, as a user decides them on the command line."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from small_registry import DATABASE, PEILDATUM, Cli

WHO = ("--auteur", "J. de Vries", "--reden", "zelf gezien")


@pytest.fixture
def visit(here: Path, cli: Cli) -> dict[str, Any]:
    """A visit to a suffix that does not exist, imported: the row that waits."""
    with sqlite3.connect(here / DATABASE) as connection:
        straat, number = connection.execute(
            "SELECT o.naam, n.huisnummer FROM nummeraanduidingen n JOIN openbare_ruimten o USING (openbare_ruimte_id)"
            " JOIN verblijfsobjecten v ON v.hoofdadres_id = n.nummeraanduiding_id"
            " WHERE n.huisletter IS NULL AND n.huisnummertoevoeging IS NULL AND v.valid_until IS NULL ORDER BY 1, 2"
        ).fetchone()
    path = here / "bezoek.csv"
    path.write_text(
        f"Adres;Datum;Resultaat\n{straat} {number} QQ;{PEILDATUM:%d-%m-%Y};niemand aanwezig\n", encoding="utf-8"
    )
    assert cli("import", "inspecties", path).code == 1
    waiting = json.loads(cli("review", "lijst", "--bron", "inspecties", "--json").out)
    [row] = [row for row in waiting if row["adres"] == f"{straat} {number} QQ"]
    return row


def test_an_address_is_listed_chosen_and_revoked(here: Path, cli: Cli, visit: dict[str, Any]) -> None:
    shown = cli("review", "lijst")
    assert shown.code == 1
    assert visit["adres"] in shown.out
    assert cli("review", "lijst", "--uit", "adressen.xlsx").code == 1
    assert openpyxl.load_workbook(here / "adressen.xlsx").sheetnames == ["Te kiezen adressen", "Toelichting"]

    object_id = visit["kandidaten"][0].split(":")[0]
    chosen = cli("review", "kies", visit["issue_id"], object_id, *WHO)
    assert chosen.code == 0, chosen.err
    assert "1 wachtende rij(en) ingelezen" in chosen.err
    [besluit] = json.loads(cli("review", "lijst", "--besluiten", "--json").out)
    assert (besluit["auteur"], besluit["adresseerbaar_object_id"]) == ("J. de Vries", object_id)

    revoked = cli("review", "herroep", besluit["besluit_id"], *WHO, "--json")
    assert revoked.code == 1
    assert json.loads(revoked.out)["vervallen"] == 1
    assert json.loads(cli("review", "lijst", "--besluiten", "--json").out) == []


def test_a_withdrawn_choice_waits_again(cli: Cli, visit: dict[str, Any]) -> None:
    object_id = visit["kandidaten"][0].split(":")[0]
    run = json.loads(cli("review", "kies", visit["issue_id"], object_id, *WHO, "--json").out)["run_id"]
    assert cli("runs", "intrekken", run, "--ja").code == 0
    assert json.loads(cli("review", "lijst", "--besluiten", "--json").out) == []
    waiting = json.loads(cli("review", "lijst", "--bron", "inspecties", "--json").out)
    assert visit["issue_id"] in [row["issue_id"] for row in waiting]
    assert cli("review", "kies", visit["issue_id"], object_id, *WHO).code == 0


def test_wrong_use_is_refused_in_dutch(cli: Cli, visit: dict[str, Any]) -> None:
    unknown = cli("review", "kies", visit["issue_id"], "0606010099999999", *WHO)
    assert (unknown.code, "komt in de geleverde BAG niet voor" in unknown.err) == (2, True)
    assert cli("review", "kies", 987_654, visit["kandidaten"][0].split(":")[0], *WHO).code == 2
    assert cli("review", "herroep", 987_654, *WHO).code == 2
    assert cli("review", "kies", visit["issue_id"], "0606010099999999").code == 2  # who decides?
