"""The lists about property are what they claim to be: shares, numbers, families, and what must be set aside."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import recount
from openpyxl import load_workbook

from registry.demo.brp_files import REFUSED_TEXT
from registry.demo.generate import make_municipality
from registry.demo.manifest import Manifest, read_manifest
from registry.demo.owners import rsins
from registry.demo.property_cases import IN_FORCE, PROPERTY_CASES

PEILDATUM = date(2026, 11, 24)
Row = dict[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gemeente")
    make_municipality(path, peildatum=PEILDATUM, woningen=900)
    return path


@pytest.fixture(scope="module")
def manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


def read(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def day(text: str) -> date:
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


@pytest.fixture(scope="module")
def residents(folder: Path) -> dict[str, set[str]]:
    """BSNs registered at each object by the first row of a persoonslijst."""
    found: dict[str, set[str]] = {}
    for rows in recount.read_brp(folder / "brp.csv"):
        found.setdefault(rows[0]["08.11.80"], set()).add(rows[0]["01.01.20"])
    return found


def tenures(folder: Path, residents: dict[str, set[str]]) -> Counter[str]:
    """Tenure by plain comparison of the list of the Kadaster with the BRP and the list of corporaties."""
    corporaties = {row["RSIN"] for row in read(folder, "corporaties.csv")}
    current: dict[str, list[Row]] = {}
    for row in read(folder, "brk.csv"):
        if not row["Einddatum"]:
            current.setdefault(row["BAG-id"], []).append(row)
    counted: Counter[str] = Counter()
    for object_id, rows in current.items():
        if {row["RSIN"] for row in rows} & corporaties:
            counted["corporatie"] += 1
        elif any(row["RSIN"] for row in rows):
            counted["bedrijf" if recount.passes_elfproef(rows[0]["RSIN"]) else "onbekend"] += 1
        elif {row["BSN"] for row in rows} & residents.get(object_id, set()):
            counted["eigenaar_bewoner"] += 1
        else:
            counted["particulier_verhuurd"] += 1
    return counted


def test_the_shares_are_those_of_the_mission(folder: Path, manifest: Manifest, residents: dict[str, set[str]]) -> None:
    counted = tenures(folder, residents)
    absent = manifest.gevallen["brk_ontbreekt"].objecten
    counted["onbekend"] += len(absent)
    assert dict(counted) == manifest.verwacht.eigendom
    total = counted.total()
    assert total == 900
    assert counted["eigenaar_bewoner"] / total == pytest.approx(0.52, abs=0.001)
    assert counted["corporatie"] / total == pytest.approx(0.23, abs=0.001)
    assert counted["onbekend"] == len(absent) + len(manifest.gevallen["brk_rsin_fout"].objecten)


def test_the_largest_landlord_is_no_small_one(folder: Path) -> None:
    holdings = Counter(row["RSIN"] or row["BSN"] for row in read(folder, "brk.csv") if not row["Einddatum"])
    corporaties = {row["RSIN"] for row in read(folder, "corporaties.csv")}
    landlords = sorted((number for key, number in holdings.items() if key not in corporaties), reverse=True)
    assert landlords[0] == 300 * 900 / 5400
    assert landlords.count(1) > 100


def test_shares_add_up_to_the_whole(folder: Path) -> None:
    shares: dict[str, float] = {}
    for row in read(folder, "brk.csv"):
        if not row["Einddatum"]:
            over, under = row["Aandeel"].split("/")
            shares[row["BAG-id"]] = shares.get(row["BAG-id"], 0) + int(over) / int(under)
    assert set(shares.values()) == {1.0}


def test_every_number_of_a_holder_is_his_own(folder: Path, residents: dict[str, set[str]]) -> None:
    everyone = set().union(*residents.values())
    people = {row["BSN"] for row in read(folder, "brk.csv") if row["BSN"]}
    assert all(number.startswith("999") and recount.passes_elfproef(number) for number in people)
    assert len(people - everyone) > 50  # landlords from elsewhere
    assert len(people & everyone) > 400


def test_relations_are_the_same_from_both_sides(folder: Path) -> None:
    lists = recount.read_brp(folder / "brp.csv")
    children = {(rows[0]["01.01.20"], row["09.01.20"]) for rows in lists for row in rows if row["09.01.20"]}
    parents = {
        (rows[0][f"{category}.01.20"], rows[0]["01.01.20"])
        for rows in lists
        for category in ("02", "03")
        if rows[0][f"{category}.01.20"]
    }
    everyone = {rows[0]["01.01.20"] for rows in lists}
    elsewhere = {pair for pair in parents if pair[0] not in everyone}
    landlords = {row["BSN"] for row in read(folder, "brk.csv")}
    assert elsewhere
    assert {parent for parent, _ in elsewhere} <= landlords
    partners = {(rows[0]["01.01.20"], rows[0]["05.01.20"]) for rows in lists if rows[0]["05.01.20"]}
    assert children == parents - elsewhere
    assert len(children) > 300
    assert partners == {(other, one) for one, other in partners}
    assert len(partners) > 100
    for rows in lists:  # a second child is announced on the row before it
        kids = [row for row in rows if row["09.01.20"]]
        assert [row["09.H"] for row in kids] == ["09"] * (len(kids) - 1) + [""] * bool(kids)


def test_cases_of_a_sale_lie_after_the_ordinance_and_within_four_years(folder: Path, manifest: Manifest) -> None:
    sold = {
        key
        for case in PROPERTY_CASES
        if case.regel == "opkoopbescherming"
        for key in manifest.gevallen[case.name].objecten
    }
    assert len(sold) > 10
    for row in read(folder, "brk.csv"):
        if row["BAG-id"] in sold:
            bought = day(row["Datum inschrijving"])
            assert IN_FORCE < bought < PEILDATUM < bought + timedelta(days=4 * 365)
            assert row["Aard akte"] == "vererving" or IN_FORCE < day(row["Datum koopovereenkomst"]) < bought


def test_other_let_dwellings_were_acquired_before_any_ordinance(
    folder: Path, manifest: Manifest, residents: dict[str, set[str]]
) -> None:
    special = {key for case in manifest.gevallen.values() for key in case.objecten}
    for row in read(folder, "brk.csv"):
        if row["BAG-id"] in special or row["BSN"] in residents.get(row["BAG-id"], set()):
            continue
        assert int(row["Datum inschrijving"][-4:]) < 2019


def test_nothing_is_set_aside_but_what_the_manifest_says(folder: Path, manifest: Manifest) -> None:
    uitval = Counter(case.uitval for case in manifest.gevallen.values() for _ in case.objecten)
    undated = [row for row in read(folder, "vergunningen.csv") if not (row["Aangevraagd op"] or row["Besluit op"])]
    deedless = [row for row in read(folder, "bedingen.csv") if not row["Datum akte"]]
    negative = [row for row in read(folder, "woz.csv") if int(row["Vastgestelde waarde"]) < 0]
    for bron, rows in {"vergunningen": undated, "bedingen": deedless, "woz": negative}.items():
        assert len(rows) == uitval[bron] == manifest.verwacht.uitval[bron] > 0


def test_the_reports_name_a_reporter_that_must_not_be_read(folder: Path, manifest: Manifest) -> None:
    rows = list(load_workbook(folder / "meldingen.xlsx")["Meldingen"].iter_rows(values_only=True))
    reporter = rows[0].index("Melder")
    assert {row[reporter] for row in rows[1:]} == {REFUSED_TEXT}
    assert len(rows) - 1 == manifest.verwacht.aantallen["meldingen"] + manifest.verwacht.uitval["meldingen"]


def test_before_the_ordinance_there_are_no_cases_of_it(tmp_path: Path) -> None:
    made = make_municipality(tmp_path, peildatum=date(2019, 7, 15), woningen=150)
    placed = {case.name: len(made.gevallen[case.name].objecten) for case in PROPERTY_CASES}
    assert not any(placed[case.name] for case in PROPERTY_CASES if case.regel == "opkoopbescherming")
    assert placed["beding_nagekomen"] > 0


def test_rsins_pass_the_elfproef_and_are_never_repeated() -> None:
    numbers = [number for number, _ in zip(rsins(), range(300), strict=False)]
    assert len(set(numbers)) == 300
    assert all(recount.passes_elfproef(number) and number.startswith("0000") for number in numbers)
