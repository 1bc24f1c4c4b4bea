"""A case from signal to bundle as a user runs it."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from small_registry import DATABASE, PEILDATUM, Cli

from registry.exports.protect import decrypt_workbook
from registry.store.engine import open_store
from registry.store.tables import metadata

ON = ("--peildatum", PEILDATUM.isoformat())


@pytest.fixture
def zaak(here: Path, cli: Cli) -> str:
    """A case about a dwelling with a signal."""
    cli("evaluate", "--regel", "overbewoning", *ON)
    store = open_store(f"sqlite:///{here / DATABASE}")
    table = metadata.tables["signalen"]
    with store.read() as connection:
        found = connection.execute(table.select().where(table.c.uitkomst == "signaal")).mappings().first()
    store.close()
    assert found is not None
    opened = cli("zaak", "open", "--woning", found["adresseerbaar_object_id"], "--aanleiding", "melding")
    assert opened.code == 0, opened.err
    return opened.out.strip()


def test_a_case_from_signal_to_bundle(here: Path, cli: Cli, zaak: str) -> None:
    (here / "rapport.pdf").write_bytes(b"rapport")
    kept = cli("zaak", "stuk", zaak, "rapport.pdf", "--soort", "rapport van bevindingen", "--datum", "2026-02-01",
               "--titel", "Rapport", "--ondertekend-door", "T. Toezicht", "--ondertekend-op", "2026-02-02")  # fmt: skip
    assert kept.code == 0, kept.err
    order = cli("zaak", "besluit", zaak, "--soort", "last onder dwangsom", "--datum", "2026-03-01",
                "--bekendgemaakt-op", "2026-03-02", "--bedrag", 1000, "--bedrag-per", "week",
                "--ten-hoogste", 3000)  # fmt: skip
    assert "Besluit 1 versie 1" in order.err
    assert cli("zaak", "verbeurd", zaak, "1.1", "--op", "2026-04-01", "--bedrag", 1000).code == 0
    assert cli("zaak", "verbeurd", zaak, "een", "--op", "2026-04-01", "--bedrag", 1000).code == 2

    checked = cli("zaak", "controle", zaak, "--json", *ON)
    open_points = [row for row in json.loads(checked.out) if row["antwoord"] != "in orde"]
    assert checked.code == 1
    assert open_points
    assert cli("zaak", "gereed", zaak, "--reden", "klaar", *ON).code == 2
    assert cli("zaak", "gereed", zaak, "--reden", "klaar", "--ondanks", *ON).code == 0
    assert json.loads(cli("zaak", "lijst", "--json").out)[0]["stand"] == "gereed gemeld"

    assert cli("export", "dossier", "--zaak", zaak, "--uit", "d.xlsx", "--doel", "bezwaar", *ON).code == 0
    book = openpyxl.load_workbook(here / "d.xlsx")
    assert book["Overzicht"]["A2"].value == zaak
    assert cli("brief", zaak, "last-onder-dwangsom", "--uit", "b.docx", "--vul", "last=Stop.", *ON).code == 0
    made = cli("bundel", zaak, "--uit", "b.zip", "--doel", "bezwaar", *ON)
    assert made.code == 0, made.err
    assert "02-stukken/001-2026-02-01-rapport-van-bevindingen.pdf" in zipfile.ZipFile(here / "b.zip").namelist()

    store = open_store(f"sqlite:///{here / DATABASE}")
    table = metadata.tables["toegangen"]
    with store.read() as connection:
        rows = connection.execute(table.select().where(table.c.zaak == zaak)).mappings().all()
    store.close()
    told = [row["toelichting"].split(";")[0] for row in rows if row["handeling"] == "exporteren"]
    assert told[-3:] == ["dossier", "brief last-onder-dwangsom", "bundel"]
    assert all(row["aantal"] > 0 for row in rows)


def test_a_mistake_is_told_in_dutch_and_leaves_no_file(here: Path, cli: Cli, zaak: str) -> None:
    assert "geen zaak Z-1" in cli("bundel", "Z-1", "--uit", "x.zip", "--doel", "d").err
    assert "Kies één" in cli("export", "dossier", "--zaak", zaak, "--woning", "1", "--uit", "x.xlsx", "--doel", "d").err
    assert "geen brief 'x'" in cli("brief", zaak, "x", "--uit", "x.docx").err
    assert "NAAM=TEKST" in cli("brief", zaak, "intrekking", "--uit", "x.docx", "--vul", "last").err
    assert "--namen" in cli("export", "dossier", "--zaak", zaak, "--uit", "x.xlsx", "--doel", "d", "--namen").err
    assert "boete" in cli("zaak", "boete", zaak, *ON).err
    (here / "kort.txt").write_text("kort")
    short = cli(
        "export", "dossier", "--zaak", zaak, "--uit", "x.xlsx", "--doel", "d", "--wachtwoordbestand", "kort.txt", *ON
    )
    assert "ten minste 12 tekens" in short.err
    assert not list(here.glob("x.*"))
    (here / "lang.txt").write_text("een lang wachtwoord\n")
    sealed = cli(
        "export", "dossier", "--zaak", zaak, "--uit", "x.xlsx", "--doel", "d", "--wachtwoordbestand", "lang.txt", *ON
    )
    assert sealed.code == 0, sealed.err
    assert decrypt_workbook(here / "x.xlsx", "een lang wachtwoord")[:2] == b"PK"
