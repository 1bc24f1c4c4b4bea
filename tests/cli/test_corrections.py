"""Set-aside rows: out to Excel, corrected there, and in again with the same command as the delivery."""

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from small_registry import DATABASE, PEILDATUM, Cli, Municipality, dump

from registry.logs import MASK
from registry.store.engine import open_store
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import last_run
from rules.facts import derive_verblijfsobject_facts

BEGIN = "08.10.30"
Cells = dict[str, Any]


def exported(cli: Cli, run: int | str, path: Path = Path("uitval.xlsx")) -> list[Cells]:
    """The set-aside rows of a run, or of the first import of a source, written to Excel and read back."""
    if isinstance(run, str):
        run = min(row["run"] for row in json.loads(cli("runs", "--json").out) if row["bron"] == run)
    answer = cli("runs", "uitval", run, "--uit", path)
    assert answer.code == 0, answer.err
    header, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def saved(rows: list[Cells], path: Path = Path("verbeterd.xlsx")) -> Path:
    """The corrected rows as Excel would save them."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(path)
    return path


def imported(cli: Cli, bron: str, path: Path, *options: str) -> dict[str, Any]:
    """What an import says of itself in JSON; 0 or 1 for whether something needs attention."""
    answer = cli("import", bron, path, "--json", *options)
    assert answer.code in (0, 1), answer.err
    result: dict[str, Any] = json.loads(answer.out) | {"code": answer.code}
    return result


def residents(here: Path, object_id: str) -> tuple[int, int]:
    """Minimum and maximum number of residents of an object."""
    store = open_store(f"sqlite:///{here / DATABASE}")
    with store.read() as connection:
        frames = read_record_frames(connection, peildatum=PEILDATUM, known=last_run(connection))
    store.close()
    [facts] = derive_verblijfsobject_facts(frames).filter(adresseerbaar_object_id=object_id).to_dicts()
    return facts["bewoners_min"], facts["bewoners_max"]


def valid(row: Cells) -> Cells:
    """A row of the demo's BRP with what is wrong in it put right."""
    right = row | {"01.01.20": "999990019"} if "bsn_onjuist" in row["uitval: code"] else row
    return right | {name: "20230315" for name in (BEGIN, "08.85.10", "08.86.10") if str(row[name]).endswith("1341")}


def test_a_persoonslijst_comes_in_corrected_with_the_numbers_that_were_kept(here: Path, cli: Cli) -> None:
    rows = exported(cli, "brp")
    assert {row["01.01.10"] for row in rows} == {MASK}
    objects = [row["08.11.80"] for row in rows]
    before = [residents(here, object_id) for object_id in objects]

    result = imported(cli, "brp", saved([valid(row) for row in rows]))
    assert (result["levering"], result["uitval"], result["hersteld"], result["code"]) == ("deel", 0, len(rows), 0)
    assert result["leverdatum"] == PEILDATUM.isoformat()  # the day of the delivery that it corrects
    assert result["nieuw"] == 2 * len(rows)  # each persoonslijst with one verblijf
    assert result["verdwenen"] == 0
    assert [residents(here, object_id) for object_id in objects] == [(lo + 1, hi) for lo, hi in before]

    assert exported(cli, "brp", Path("leeg.xlsx"))[0]["uitval"] == "Deze run heeft geen uitval."
    again = imported(cli, "brp", Path("verbeterd.xlsx"))
    assert (again["nieuw"], again["gewijzigd"], again["ongewijzigd"]) == (0, 0, 2 * len(rows))


def test_who_is_set_aside_is_a_possible_resident_until_corrected(here: Path, cli: Cli) -> None:
    wrong = exported(cli, "brp")
    for row in wrong:
        lowest, highest = residents(here, row["08.11.80"])
        assert highest == lowest + 1


def test_a_persoonslijst_of_several_lines_stays_whole(
    here: Path, cli: Cli, municipality: Municipality, tmp_path: Path
) -> None:
    header, *lines = municipality.file("brp").read_text(encoding="utf-8-sig").splitlines()
    column = header.split(";").index(BEGIN)
    at = next(n for n, line in enumerate(lines) if line.startswith("Lg") and lines[n + 1].startswith(";"))
    cells = lines[at + 1].split(";")
    right, cells[column] = cells[column], "20111341"
    (tmp_path / "brp.csv").write_text(
        "\n".join([header, *lines[: at + 1], ";".join(cells), *lines[at + 2 :]]), encoding="utf-8"
    )
    result = imported(cli, "brp", tmp_path / "brp.csv", "--leverdatum", PEILDATUM.isoformat())
    assert (result["uitval"], result["code"]) == (3, 1)

    rows = exported(cli, result["run"])
    mine = [row for row in rows if row["persoonslijst"] == lines[at].split(";")[0]]
    assert len(mine) > 1
    assert len({row["uitval"] for row in mine}) == 1
    corrected = [row | {BEGIN: right} if str(row[BEGIN]) == "20111341" else row for row in mine]
    restored = imported(cli, "brp", saved(corrected))
    assert (restored["hersteld"], restored["uitval"]) == (1, 0)
    # The registry had this person from the delivery before; with the correction she is as she was, and no longer gone.
    before = imported(cli, "brp", municipality.file("brp"), "--leverdatum", PEILDATUM.isoformat())
    assert (before["nieuw"], before["gewijzigd"], before["verdwenen"]) == (0, 0, 0)


def test_inspecties_and_vaststellingen_come_in_corrected(here: Path, cli: Cli, municipality: Municipality) -> None:
    known = municipality.manifest.troubles["op_norm"].objecten[0]
    visits = exported(cli, "inspecties")
    facts = exported(cli, "vaststellingen")
    for row in (*visits, *facts):
        if row["uitval: code"].startswith("adres_"):
            row |= {"BAG-id": known, "Adres": None}
        if row["uitval: code"] == "aantal":
            row["Aantal personen"] = 6
        if row["uitval: code"] == "datum":
            row["Datum bezoek"] = "28-02-2026"
        if row.get("Feit") == "zwembad":
            row["Feit"] = "woonwagen"
    for bron, rows in (("inspecties", visits), ("vaststellingen", facts)):
        result = imported(cli, bron, saved(rows))
        assert (result["uitval"], result["hersteld"], result["nieuw"]) == (0, len(rows), len(rows)), bron


def test_what_is_still_wrong_is_set_aside_again(here: Path, cli: Cli) -> None:
    rows = exported(cli, "inspecties")
    assert len(rows) == 4
    [wrong_date] = [row for row in rows if row["uitval: code"] == "datum"]
    rest = [row for row in rows if row is not wrong_date]
    result = imported(cli, "inspecties", saved([*rest, wrong_date | {"Datum bezoek": "28-02-2026"}]))
    assert (result["nieuw"], result["hersteld"], result["uitval"], result["code"]) == (1, 1, 3, 1)
    assert len(exported(cli, "inspecties", Path("rest.xlsx"))) == 3
    assert len(exported(cli, result["run"], Path("weer.xlsx"))) == 3


def test_a_trial_repairs_nothing(here: Path, cli: Cli) -> None:
    before = dump(f"sqlite:///{DATABASE}")
    rows = exported(cli, "brp")
    assert imported(cli, "brp", saved([valid(row) for row in rows]), "--proef")["hersteld"] == len(rows)
    assert dump(f"sqlite:///{DATABASE}") == before
    assert len(exported(cli, "brp", Path("nog.xlsx"))) == len(rows)


@pytest.mark.parametrize(
    ("bron", "change", "reason"),
    [
        ("brp", {"uitval": "999999"}, "noemt geen rij die bij deze bron opzij is gezet"),
        ("brp", {"uitval": "1e3"}, "noemt geen rij die bij deze bron opzij is gezet"),
        ("brp", {"uitval": None}, "geen bewaarde waarde"),
        ("brp", {"08.12.10": MASK}, "geen bewaarde waarde"),
        ("inspecties", {}, "noemt geen rij die bij deze bron opzij is gezet"),
    ],
)
def test_a_mask_that_stands_for_nothing_is_refused(here: Path, cli: Cli, bron: str, change: Cells, reason: str) -> None:
    before = dump(f"sqlite:///{DATABASE}")
    first, *rest = exported(cli, "brp")
    answer = cli("import", bron, saved([first | change, *rest]))
    assert answer.code == 2
    assert reason in answer.err
    assert dump(f"sqlite:///{DATABASE}") == before


def test_a_correction_of_an_older_delivery_does_not_undo_a_newer_one(
    here: Path, cli: Cli, municipality: Municipality
) -> None:
    rows = exported(cli, "brp")
    newer = shutil.copyfile(municipality.file("brp"), "brp-december.csv")
    imported(cli, "brp", Path(newer), "--leverdatum", "2026-12-01")
    answer = cli("import", "brp", saved([valid(row) for row in rows]))
    assert answer.code == 2
    assert "sindsdien is een nieuwere volledige levering" in answer.err


def test_a_correction_is_never_a_stand(here: Path, cli: Cli) -> None:
    rows = exported(cli, "brp")
    answer = cli("import", "brp", saved([valid(row) for row in rows]), "--levering", "stand")
    assert answer.code == 2
    assert "nooit een volledige levering" in answer.err


def test_own_column_names_come_back_for_every_reason(here: Path, cli: Cli) -> None:
    Path("indeling.yml").write_text("kolommen: {Waar: adres, Wanneer: datum, Wat: resultaat}\n", encoding="utf-8")
    Path("eigen.csv").write_text(
        "Waar;Wanneer;Wat\nNergensstraat 1;01-10-2026;niemand thuis\nNergensstraat 2;31-02-2026;niemand thuis\n",
        encoding="utf-8",
    )
    result = imported(cli, "inspecties", Path("eigen.csv"), "--indeling", "indeling.yml")
    assert result["uitval"] == 2
    rows = exported(cli, result["run"])
    assert {row["Waar"] for row in rows} == {"Nergensstraat 1", "Nergensstraat 2"}
    again = imported(cli, "inspecties", saved(rows), "--indeling", "indeling.yml")
    assert (again["uitval"], again["hersteld"]) == (2, 0)
