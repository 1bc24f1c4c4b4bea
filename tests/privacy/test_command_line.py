"""The command line writes down who sees whom, takes a BSN by file or stdin only, and shows none."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import typer
from privacy_registry import PEILDATUM, Registry

from registry.cli import app, main
from registry.store.queries.access import SealedAccess, read_accesses
from registry.store.tables.registers import persoonslijsten
from registry.store.tables.signals import signalen

DAY = PEILDATUM.isoformat()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str


Cli = Callable[..., Answer]


@pytest.fixture
def cli(registry: Registry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command in the folder of the registry, with ``stdin`` when it is given."""
    monkeypatch.chdir(registry.folder)

    def run(*arguments: object, stdin: str = "") -> Answer:
        monkeypatch.setattr(sys, "argv", ["woonregister", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return Answer(int(left.value.code or 0), said.out, said.err)

    return run


def log_of(registry: Registry) -> list[SealedAccess]:
    with registry.store.read() as connection:
        return list(read_accesses(connection))


def someone(registry: Registry) -> str:
    with registry.store.read() as connection:
        token = connection.execute(sa.select(persoonslijsten.c.bsn_versleuteld)).scalars().first()
    return registry.cipher.decrypt(str(token))


def signal(registry: Registry) -> Any:
    with registry.store.read() as connection:
        return connection.execute(sa.select(signalen)).mappings().first()


@pytest.mark.parametrize(
    ("arguments", "handeling", "verwerking"),
    [
        (["evaluate", "--peildatum", DAY, "--regel", "overbewoning"], "toetsen", "toezicht_omgevingsrecht"),
        (["evaluate", "--peildatum", DAY, "--regel", "zelfbewoningsplicht"], "toetsen", "naleving_zelfbewoning"),
        (["explain", "overbewoning", "{object}", "--peildatum", DAY], "uitleggen", "toezicht_omgevingsrecht"),
        (["bewijs", "{bewijs}"], "uitleggen", "toezicht_omgevingsrecht"),
        (["dossier", "{object}", "--peildatum", DAY], "inzien", "toezicht_huisvestingswet"),
        (["terugmelding", "--peildatum", DAY], "exporteren", "adreskwaliteit"),
        (["export", "werklijst", "--uit", "w.xlsx", "--peildatum", DAY], "exporteren", "toezicht_omgevingsrecht"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else value,
)
def test_a_command_that_shows_people_is_written_down(
    arguments: list[str], handeling: str, verwerking: str, registry: Registry, cli: Cli
) -> None:
    found = signal(registry)
    filled = [part.format(object=found["adresseerbaar_object_id"], bewijs=found["bewijs"]) for part in arguments]
    assert cli(*filled).code == 0
    (row,) = log_of(registry)
    assert (row.access.handeling, row.access.verwerking) == (handeling, verwerking)
    assert row.access.soort_gebruiker == "opdrachtregel"
    assert row.access.gebruiker
    assert row.access.aantal > 0


def test_nothing_is_shown_when_the_log_cannot_be_written(registry: Registry, cli: Cli) -> None:
    found = signal(registry)
    with registry.store.write_transaction() as connection:
        connection.exec_driver_sql("DROP TABLE toegang_betrokkenen")
    for command in (
        ["explain", "overbewoning", found["adresseerbaar_object_id"], "--peildatum", DAY],
        ["bewijs", found["bewijs"]],
        ["dossier", found["adresseerbaar_object_id"]],
        ["export", "werklijst", "--uit", "niet.xlsx", "--peildatum", DAY],
    ):
        answer = cli(*command)
        assert (answer.code, answer.out) == (2, "")
        assert "wordt daarom niet gegeven" in answer.err
    assert not (registry.folder / "niet.xlsx").exists()


def test_a_bsn_comes_by_file_or_stdin_and_is_never_repeated(registry: Registry, cli: Cli, tmp_path: Path) -> None:
    bsn = someone(registry)
    file = tmp_path / "bsn.txt"
    file.write_text(f"{bsn}\n", encoding="ascii")
    by_file = cli("betrokkene", "inzage", "--bsn-uit", file, "--uit", "a.json", "--zaak", "V-1")
    by_stdin = cli("betrokkene", "inzage", "--bsn-uit", "-", "--uit", "b.json", stdin=f"{bsn}\n")
    assert (by_file.code, by_stdin.code) == (0, 0)
    for answer in (by_file, by_stdin):
        assert bsn not in answer.out + answer.err
    assert bsn not in (registry.folder / "a.json").read_text(encoding="utf-8")
    assert [row.access.zaak for row in log_of(registry)] == ["V-1", None]


def test_no_command_takes_a_bsn_as_an_argument() -> None:
    """A process list and a shell's history would keep it: the option names a file."""

    def walk(group: Any) -> list[Any]:
        found = []
        for command in getattr(group, "commands", {}).values():
            found += [command, *walk(command)]
        return found

    commands = walk(typer.main.get_command(app))
    assert len(commands) > 40
    named = [
        (command.name, option) for command in commands for option in command.params if "bsn" in (option.name or "")
    ]
    assert {name for name, _ in named} >= {"inzage", "beperk", "hef-op", "lijst"}
    # An option, and its value is the name of a file: Path, never text.
    assert {option.param_type_name for _, option in named} == {"option"}
    for _, option in named:
        assert "--bsn-uit" in option.opts


def test_the_fg_reads_the_log_and_that_is_written_down_too(registry: Registry, cli: Cli) -> None:
    bsn = someone(registry)
    cli("betrokkene", "inzage", "--bsn-uit", "-", "--uit", "a.xlsx", stdin=bsn)
    everything = json.loads(cli("toegang", "lijst", "--json").out)
    assert [row["handeling"] for row in everything] == ["verstrekken", "inzien"]
    assert everything[1]["verwerking"] == "toezicht_verwerking"
    about = json.loads(cli("toegang", "lijst", "--bsn-uit", "-", "--json", stdin=bsn).out)
    assert [row["handeling"] for row in about] == ["verstrekken", "inzien"]
    assert cli("toegang", "lijst", "--uit", "log.xlsx").code == 0
    assert (registry.folder / "log.xlsx").stat().st_size > 5000


def test_anchors_are_kept_and_compared(registry: Registry, cli: Cli) -> None:
    cli("toegang", "lijst")
    assert cli("toegang", "anker", "ankers.txt").code == 0
    assert cli("toegang", "anker", "ankers.txt", "--toets").code == 0
    with registry.store.write_transaction() as connection:
        connection.exec_driver_sql("DELETE FROM toegangen")
    answer = cli("toegang", "anker", "ankers.txt", "--toets")
    assert answer.code == 1
    assert "het einde van het toegangslog is weg" in answer.err


def test_a_restriction_by_the_command_line(registry: Registry, cli: Cli) -> None:
    bsn = someone(registry)
    made = cli("betrokkene", "beperk", "--bsn-uit", "-", "--grond", "a", "--reden", "betwist", stdin=bsn)
    assert made.code == 0
    assert len(json.loads(cli("betrokkene", "beperkingen", "--json").out)) >= 1
    assert cli("betrokkene", "hef-op", "--bsn-uit", "-", "--reden", "klopt", stdin=bsn).code == 0
    assert json.loads(cli("betrokkene", "beperkingen", "--json").out) == []


def test_a_purpose_by_the_command_line(registry: Registry, cli: Cli) -> None:
    status = {row["verwerking"]: row for row in json.loads(cli("doel", "lijst", "--json").out)}
    assert "brp" in status["naleving_zelfbewoning"]["bronnen"]
    assert cli("doel", "herroep", "naleving_zelfbewoning", "--reden", "x").code == 0
    told = cli("evaluate", "--regel", "zelfbewoningsplicht", "--peildatum", DAY)
    assert "nog niet besloten" in told.err
    assert cli("doel", "kies", "naleving_zelfbewoning", "--grondslag", "x", "--reden", "x").code == 2
    chosen = cli("doel", "kies", "naleving_zelfbewoning", "--geen", "--grondslag", "x", "--reden", "x")
    assert chosen.code == 0
    assert "nog niet besloten" not in cli("evaluate", "--regel", "zelfbewoningsplicht", "--peildatum", DAY).err


def test_keys_are_replaced_by_the_command_line(registry: Registry, cli: Cli) -> None:
    bsn = someone(registry)
    assert cli("sleutels", "roteer").code == 0
    assert cli("betrokkene", "inzage", "--bsn-uit", "-", "--uit", "a.json", stdin=bsn).code == 0
    assert cli("check").code == 0


def test_nothing_starts_in_production_with_the_keys_of_a_demo(
    registry: Registry, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WOONREGISTER_OMGEVING", "productie")
    answer = cli("betrokkene", "inzage", "--bsn-uit", "-", "--uit", "a.json", stdin=someone(registry))
    assert answer.code == 2
    assert "start Woonregister niet in productie" in answer.err
    imported = cli("import", "brp", "brp.csv", "--leverdatum", DAY)
    assert imported.code == 2
    assert not (registry.folder / "a.json").exists()


def test_init_makes_what_can_be_made_and_names_what_cannot(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "leeg"
    empty.mkdir()
    monkeypatch.chdir(empty)
    first = cli("init", "--gemeente", "GM0606", "--json")
    rows = {row["onderdeel"]: row for row in json.loads(first.out)}
    assert first.code == 1
    assert (empty / "woonregister.sleutels").stat().st_mode & 0o077 == 0
    keys = (empty / "woonregister.sleutels").read_bytes()
    assert rows["database"]["gereed"] == rows["sleutels"]["gereed"] == "ja"
    assert rows["wetsbestand van GM0606"]["gereed"] == "ja"
    assert "bag" in rows["bronnen"]["toelichting"]
    assert "doel kies naleving_zelfbewoning" in rows["doel naleving_zelfbewoning"]["toelichting"]
    assert rows["bewaartermijnen"]["gereed"] == "nee"
    again = {row["onderdeel"]: row for row in json.loads(cli("init", "--gemeente", "GM9999", "--json").out)}
    assert "gm9999.yml" in again["wetsbestand van GM9999"]["toelichting"]
    assert (empty / "woonregister.sleutels").read_bytes() == keys


def test_retention_by_the_command_line(registry: Registry, cli: Cli) -> None:
    rows = {row["gegevenssoort"]: row for row in json.loads(cli("retention", "lijst", "--json").out)}
    assert rows["toegangslog"]["termijn"] == "240 maanden"
    assert rows["zaken_met_sanctie"]["wacht op vaststelling"] == "ja"
    assert rows["uitval"]["wacht op vaststelling"] == "nee"
    assert cli("retention", "uitvoeren", "--ja").code == 0
    assert cli("retention", "uitvoeren", "--soort", "reservekopieen", "--ja").code == 2
    json.loads(cli("retention", "verslag", "--json").out)
    assert cli("backup", "--uit", "k.zip").code == 0
    assert cli("retention", "reservekopieen", ".").code == 0
    assert cli("retention", "reservekopieen", ".", "--op", "2040-01-01").code == 1
    assert cli("retention", "reservekopieen", ".", "--op", "2040-01-01", "--verwijder", "--ja").code == 2
    assert (registry.folder / "k.zip").exists()
