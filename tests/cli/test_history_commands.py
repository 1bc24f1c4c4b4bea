"""Withdrawing, backup, restore and check as a user types them."""

import json
from pathlib import Path

import sqlalchemy as sa
from small_registry import DATABASE, Cli, Municipality, dump


def runs(cli: Cli) -> list[dict]:
    return json.loads(cli("runs", "--json").out)


def test_withdrawing_shows_its_consequences_first(cli: Cli, here: Path) -> None:
    before = dump(f"sqlite:///{here / DATABASE}")
    newest = runs(cli)[0]["run"]
    tried = cli("runs", "intrekken", newest, "--proef", "--json")
    assert tried.code == 0
    assert sum(table["vervalt"] for table in json.loads(tried.out)["tabellen"].values()) > 0
    assert dump(f"sqlite:///{here / DATABASE}") == before
    assert cli("runs", "intrekken", newest, "--ja").code == 0
    assert runs(cli)[1]["status"] == "ingetrokken"
    assert runs(cli)[0]["bron"] == "intrekking"


def test_an_unsure_answer_withdraws_nothing(cli: Cli, here: Path) -> None:
    before = runs(cli)
    assert cli("runs", "intrekken", before[0]["run"]).code == 2  # there is nobody to say yes
    assert runs(cli) == before


def test_a_run_on_which_others_rest_is_refused(cli: Cli, here: Path, municipality: Municipality) -> None:
    assert cli("import", "brp", municipality.file("brp"), "--leverdatum", "2026-11-02").code in {0, 1}
    [first] = [run["run"] for run in runs(cli) if run["bron"] == "brp"][1:]
    answer = cli("runs", "intrekken", first, "--ja")
    assert answer.code == 2
    assert "de nieuwste eerst" in answer.err
    assert cli("runs", "intrekken").code == 2


def test_backup_and_restore(cli: Cli, here: Path) -> None:
    before = dump(f"sqlite:///{here / DATABASE}")
    assert cli("backup", "--uit", "kopie.zip").code == 0
    (here / DATABASE).unlink()
    assert cli("restore", "kopie.zip").code == 0
    assert dump(f"sqlite:///{here / DATABASE}") == before
    assert cli("restore", "kopie.zip").code == 2
    assert cli("restore", "kopie.zip", "--vervang").code == 0


def test_check_finds_nothing_in_a_sound_registry(cli: Cli, here: Path) -> None:
    assert cli("evaluate", "--peildatum", "2026-11-01").code == 0
    answer = cli("check", "--json")
    assert answer.code == 0, answer.out
    found = {row["controle"]: row for row in json.loads(answer.out)}
    assert found["bewijsnummers horen bij hun feiten"]["bekeken"] > 0
    assert found["bewaarde wetsbestanden zijn die van toen"]["bekeken"] > 0
    assert found["verblijfsobjecten: van elke sleutel één geloofde versie"]["bekeken"] > 60


def test_check_finds_what_was_tampered_with(cli: Cli, here: Path) -> None:
    cli("evaluate", "--peildatum", "2026-11-01")
    engine = sa.create_engine(f"sqlite:///{here / DATABASE}")
    columns = "pand_id, voorkomen, valid_from, recorded_run_id"
    with engine.begin() as connection:
        for statement in (
            "UPDATE signalen SET feiten = replace(feiten, '1', '2')",
            "UPDATE wetten SET inhoud = replace(inhoud, '12', '13')",
            "UPDATE verblijven SET recorded_run_id = 99 WHERE id = 1",
            "DROP INDEX ux_panden_current",
            f"INSERT INTO panden ({columns}, status) SELECT {columns}, 'Pand gesloopt' FROM panden LIMIT 1",
        ):
            connection.execute(sa.text(statement))
    engine.dispose()
    answer = cli("check", "--json")
    assert answer.code == 1
    wrong = {row["controle"] for row in json.loads(answer.out) if row["fout"]}
    assert wrong == {
        "bewijsnummers horen bij hun feiten",
        "bewaarde wetsbestanden zijn die van toen",
        "verblijven: elke versie komt van een run die meetelt",
        "verwijzingen tussen tabellen komen uit",
        "panden: van elke sleutel één geloofde versie",
        "tellingen van runs kloppen met wat er staat",
    }


def test_a_dwelling_and_the_contradictions_as_a_user_asks_for_them(
    cli: Cli, here: Path, municipality: Municipality
) -> None:
    cli("evaluate", "--peildatum", "2026-11-01")
    [dwelling] = municipality.manifest.troubles["boven_norm"].objecten[:1]
    life = cli("dossier", dwelling, "--peildatum", "2026-11-01", "--json")
    assert life.code == 0
    [found] = json.loads(life.out)
    kinds = {event["soort"] for event in found["gebeurtenissen"]}
    assert {"BAG", "adres", "bewoning", "toetsing"} <= kinds
    adres = next(event["omschrijving"] for event in found["gebeurtenissen"] if event["soort"] == "adres")
    assert dwelling in cli("dossier", adres).out
    assert cli("dossier", "Nergensstraat 1").code == 2
    listed = cli("terugmelding", "--peildatum", "2026-11-01", "--json")
    assert listed.code == 0
    made = cli("terugmelding", "--peildatum", "2026-11-01", "--uit", "terugmeldingen.xlsx")
    assert made.err.startswith(f"{len(json.loads(listed.out))} tegenspraken")
