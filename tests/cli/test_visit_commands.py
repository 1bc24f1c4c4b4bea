"""Visits, assessments, terms, yields and hand-overs, as a user types them."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from small_registry import DATABASE, PEILDATUM, Cli

REPORT = {
    "datum": f"{PEILDATUM:%Y-%m-%d}",
    "tijd": "19:30",
    "inspecteur": "J. de Vries",
    "resultaat": "toegang met toestemming",
    "aantal_personen": "2",
    "ruimten": '[{"naam": "kamer", "slaapplaatsen": 2}]',
}
WHO = ("--auteur", "J. de Vries")


@pytest.fixture
def signal(here: Path, cli: Cli) -> tuple[str, str]:
    """Receipt and dwelling of a signal."""
    assert cli("evaluate", "--peildatum", PEILDATUM, "--regel", "overbewoning").code == 0
    with sqlite3.connect(here / DATABASE) as connection:
        bewijs, object_id = connection.execute(
            "SELECT bewijs, adresseerbaar_object_id FROM signalen WHERE uitkomst = 'signaal' ORDER BY 2"
        ).fetchone()
    return bewijs, object_id


def fields(**more: str) -> list[str]:
    return [part for name, value in (REPORT | more).items() for part in ("--veld", f"{name}={value}")]


def test_a_visit_is_typed_checked_corrected_and_judged(here: Path, cli: Cli, signal: tuple[str, str]) -> None:
    bewijs, object_id = signal
    refused = cli("bezoek", "leg-vast", object_id, *WHO, *fields(aantal_personen="ca. 6"))
    assert (refused.code, "geen aantal" in refused.err) == (2, True)
    done = json.loads(cli("bezoek", "leg-vast", object_id, *WHO, *fields(bewijs=bewijs), "--json").out)
    [number] = done["inspecties"]

    checked = cli("bezoek", "controleer", number, "--json")
    assert checked.code == 1
    assert "werkwijze" in {missing["code"] for missing in json.loads(checked.out)["missing"]}
    assert cli("bezoek", "verbeter", number[:8], *WHO, "--veld", "werkwijze=geteld").code == 0
    Image.new("RGB", (8, 8)).save(here / "foto.jpg")
    assert cli("bezoek", "foto", number, here / "foto.jpg", "--omschrijving", "voorgevel").code == 0
    shown = json.loads(cli("bezoek", "toon", number, "--fotos", here / "uit", "--json").out)
    assert (shown["werkwijze"], shown["ruimten"]) == ("geteld", [{"naam": "kamer", "slaapplaatsen": 2}])
    assert [photo["omschrijving"] for photo in shown["fotos"]] == ["voorgevel"]
    assert len(list((here / "uit").glob("*.jpg"))) == 1
    with sqlite3.connect(here / DATABASE) as connection:
        [seen] = connection.execute(
            "SELECT adresseerbaar_object_id FROM toegangen WHERE handeling = 'inzien'"
        ).fetchone()
    assert seen == object_id

    judge = ("beoordeel", bewijs, "weerlegd", "--auteur", "A. Jansen", "--toelichting", "twee bewoners geteld")
    assert cli(*judge).code == 2
    assert cli(*judge, "--reden", "registratie_onjuist", "--bezoek", number).code == 0
    second = cli(*judge, "--reden", "familie")
    assert second.code == 2
    assert "A. Jansen" in second.err
    assert "--na 1" in second.err
    assert cli("beoordeel", bewijs, "bevestigd", "--auteur", "B", "--toelichting", "toch wel", "--na", 1).code == 0
    listed = json.loads(cli("beoordelingen", bewijs, "--json").out)
    assert [row["oordeel"] for row in listed] == ["weerlegd", "bevestigd"]
    assert json.loads(cli("beoordelingen", "--regel", "overbewoning", "--teruggekomen", "--json").out) == []

    [found] = json.loads(cli("opbrengst", "--per", "buurt", "--json").out)
    assert (found["bezocht"], found["bevestigd"], found["opbrengst"]["deel"]) == (1, 1, 1.0)
    assert cli("opbrengst", "--van", "1999-01-01", "--tot-en-met", "1999-12-31").code == 1
    assert cli("opbrengst", "--van", "2026-02-01", "--tot-en-met", "2026-01-01").code == 2


def test_terms_are_listed_with_their_source(here: Path, cli: Cli, signal: tuple[str, str]) -> None:
    requested = PEILDATUM - timedelta(days=50)
    path = here / "aanvraag.csv"
    path.write_text(
        f"BAG-id;Soort;Status;Aanvraagdatum\n{signal[1]};opkoopbescherming;aangevraagd;{requested:%d-%m-%Y}\n",
        encoding="utf-8",
    )
    assert cli("import", "vergunningen", path).code == 0
    rows = json.loads(cli("termijnen", "--alle", "--op", PEILDATUM, "--json").out)
    [row] = [row for row in rows if row["begin"] == f"{requested:%Y-%m-%d}"]
    assert (row["soort"], row["bron"]) == ("beslistermijn", "artikel 43 lid 3 Huisvestingswet 2014")
    soon = json.loads(cli("termijnen", "--dagen", 10, "--op", PEILDATUM, "--json").out)
    assert row in soon
    assert row not in json.loads(cli("termijnen", "--dagen", 3, "--op", PEILDATUM, "--json").out)
    assert "beslissen op de" in cli("termijnen", "--dagen", 10, "--op", PEILDATUM).out


def test_people_are_handed_over_with_consent_and_else_only_counted(
    here: Path, cli: Cli, signal: tuple[str, str]
) -> None:
    _, object_id = signal
    new = ("doorverwijzing", "nieuw", object_id)
    agreed = ("--toestemming", "mondeling", "--aan", "team wonen")
    asked = ("--hulpvraag", "bel 999990019", "--personen", 4, "--kinderen")
    first = cli(*new, "andere_woonruimte", *WHO, *agreed, *asked, "--op", PEILDATUM, "--json")
    number = json.loads(first.out)["doorverwijzing"]
    assert cli(*new, "veiligheid", *WHO, "--personen", 3, "--op", PEILDATUM).code == 0
    assert cli(*new, "zorg", *WHO, "--hulpvraag", "x", "--op", PEILDATUM).code == 2
    assert cli(*new, "zorg", *WHO, "--toestemming", "mondeling", "--op", PEILDATUM).code == 2

    uncounted, told = sorted(
        json.loads(cli("doorverwijzing", "lijst", "--json").out), key=lambda row: row["toestemming"]
    )
    assert (uncounted["adresseerbaar_object_id"], uncounted["hulpvraag"]) == (None, None)
    assert (told["adresseerbaar_object_id"], told["stand"]) == (object_id, "open")
    assert "999990019" not in told["hulpvraag"]
    assert {"regel", "bewijs", "inspectie", "zaak"}.isdisjoint(told)

    assert cli("doorverwijzing", "volg", number, "opgepakt", *WHO).code == 0
    assert cli("doorverwijzing", "volg", number, "toestemming_ingetrokken", *WHO).code == 0
    assert cli("doorverwijzing", "volg", number, "afgerond", *WHO).code == 2
    assert cli("doorverwijzing", "volg", 99, "afgerond", *WHO).code == 2
    rows = json.loads(cli("doorverwijzing", "lijst", "--json").out)
    assert {row["adresseerbaar_object_id"] for row in rows} == {None}
    counted = json.loads(cli("doorverwijzing", "telling", "--per-buurt", "--json").out)
    assert sum(row["aantal"] for row in counted) == 2
    assert sum(row["personen"] for row in counted) == 7
    assert sum(row["met_toestemming"] for row in counted) == 0
