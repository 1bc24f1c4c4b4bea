"""The generated files are what they claim to be, and the manifest says what is in them."""

import csv
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import recount
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from shapely.geometry import shape

from registry.demo import identifiers
from registry.demo.brp_files import REFUSED_TEXT
from registry.demo.generate import make_municipality
from registry.demo.manifest import MANIFEST_NAME, Manifest, read_manifest
from registry.demo.names import short_name
from registry.demo.troubles import TROUBLES, scaled_number
from registry.errors import ExportError, UsageError

PEILDATUM = date(2026, 11, 24)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gemeente")
    make_municipality(path, peildatum=PEILDATUM, woningen=240)
    return path


@pytest.fixture(scope="module")
def manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


@pytest.fixture(scope="module")
def objects(folder: Path, manifest: Manifest) -> dict[str, recount.Found]:
    found, addresses = recount.read_bag(folder / manifest.bestanden["bag"])
    refused = recount.read_field(folder, found, addresses)
    refused["brp"] = recount.count_residents(found, recount.read_brp(folder / "brp.csv"), PEILDATUM)
    assert {source: manifest.verwacht.uitval[source] for source in refused} == dict(refused)
    assert set(refused) == {"brp", "inspecties", "vaststellingen"}
    return found


def test_the_same_arguments_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    make_municipality(tmp_path, peildatum=PEILDATUM, woningen=240)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(path.name for path in folder.iterdir())
    assert [name for name in made if (tmp_path / name).read_bytes() != (folder / name).read_bytes()] == []


def test_another_seed_gives_another_municipality(folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    other = make_municipality(tmp_path, peildatum=PEILDATUM, woningen=240, seed=607)
    assert (tmp_path / "brp.csv").read_bytes() != (folder / "brp.csv").read_bytes()
    assert other.object_ids("overbewoning", "signaal") != manifest.object_ids("overbewoning", "signaal")
    assert other.verwacht.overbewoning == manifest.verwacht.overbewoning


def test_the_manifest_survives_its_file(folder: Path, manifest: Manifest) -> None:
    assert Manifest.from_json(manifest.to_json()) == manifest
    assert json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))["peildatum"] == "2026-11-24"


@pytest.mark.parametrize("rule", ["overbewoning", "adresverschil"])
def test_a_naive_recount_finds_exactly_the_objects_of_the_manifest(
    objects: dict[str, recount.Found], manifest: Manifest, rule: str
) -> None:
    for uitkomst in ("signaal", "onbekend"):
        found = {
            key
            for key, item in objects.items()
            if recount.judge(item, PEILDATUM)[0 if rule == "overbewoning" else 1] == uitkomst
        }
        assert found == manifest.object_ids(rule, uitkomst)


def test_the_numbers_of_the_manifest_follow_from_its_troubles(manifest: Manifest) -> None:
    verwacht, troubles = manifest.verwacht, manifest.troubles.values()
    for outcomes, values in (
        (verwacht.overbewoning, [(item.overbewoning, len(item.objecten)) for item in troubles]),
        (verwacht.adresverschil, [(item.adresverschil, len(item.objecten)) for item in troubles]),
        (verwacht.onbekend_per_reden, [(item.reden, len(item.objecten)) for item in troubles]),
    ):
        counted: Counter[str] = Counter()
        for value, number in values:
            counted[value] += number
        del counted[""]
        assert outcomes == dict(counted)
    assert {name: len(item.objecten) for name, item in manifest.troubles.items()} == {
        trouble.name: scaled_number(trouble.number, 240) for trouble in TROUBLES
    }


def test_residents_and_stock_are_counted(objects: dict[str, recount.Found], manifest: Manifest) -> None:
    stock = [item for item in objects.values() if item.kind == "VBO" and "woonfunctie" in item.doelen]
    stock = [item for item in stock if item.status in recount.STOCK]
    assert len(stock) == manifest.verwacht.woningvoorraad == 240
    assert sum(item.certain for item in objects.values()) == manifest.verwacht.inwoners
    assert sum(item.certain for item in stock) == manifest.verwacht.inwoners_in_voorraad


def test_ordinary_dwellings_stay_clear_of_the_norm(objects: dict[str, recount.Found], manifest: Manifest) -> None:
    special = {key for item in manifest.troubles.values() for key in item.objecten}
    ordinary = [item for key, item in objects.items() if key not in special and item.certain]
    assert len(ordinary) > 50
    assert all(item.area is not None and (item.certain + item.possible + 1) * 12 <= item.area for item in ordinary)


def test_shapes_of_the_bag_occur(objects: dict[str, recount.Found]) -> None:
    per_pand = Counter(pand for item in objects.values() for pand in item.pand_ids[:1])
    assert max(per_pand.values()) >= 3
    assert any(len(item.pand_ids) > 1 for item in objects.values())
    assert any(len(item.adressen) > 1 for item in objects.values())
    assert {item.kind for item in objects.values()} == {"VBO", "LIG", "STA"}


def test_bag_files_are_valid_by_the_schemas_of_the_kadaster(
    folder: Path, manifest: Manifest, shared_data: Path
) -> None:
    schemas = shared_data / "bag" / "xsd" / "lvbag"
    stand, head, relations = (
        etree.XMLSchema(etree.parse(schemas / path))
        for path in (
            "extract-deelbestand-lvc/v20200601/BagvsExtractDeelbestandExtractLvc-2.1.0.xsd",
            "extract-levering/v20200601/BagvsExtractLeveringsdocument-2.1.0.xsd",
            "gem-wpl-rel/gwr-deelbestand-lvc/v20200601/BagvsGwrDeelbestandLvc-2.1.0.xsd",
        )
    )
    checked = recount.members(folder / manifest.bestanden["bag"])
    assert len(checked) == 11
    for name, content in checked.items():
        schema = head if name.startswith("Leveringsdocument") else relations if name.startswith("GEM-WPL") else stand
        schema.assertValid(etree.fromstring(content))


def test_brp_has_the_shape_of_a_gba_v_set(folder: Path, shared_data: Path) -> None:
    real = next((shared_data / "brp").glob("*GBA-V.csv"))
    lines = [path.read_bytes().split(b"\n", 1)[0].strip() for path in (folder / "brp.csv", real)]
    assert lines[0] == lines[1]


def test_bsns_are_unique_fictitious_and_pass_the_elfproef(folder: Path, manifest: Manifest) -> None:
    lists = recount.read_brp(folder / "brp.csv")
    numbers = [rows[0]["01.01.20"] for rows in lists]
    assert all(number.startswith("999") and len(number) == 9 for number in numbers)
    wrong = [number for number in numbers if not recount.passes_elfproef(number)]
    assert len(wrong) == len(manifest.troubles["brp_ongeldig_bsn"].objecten)
    assert len(set(numbers)) == len(numbers)
    assert len({rows[0]["01.01.10"] for rows in lists}) == len(lists)


def test_refused_columns_are_filled_in_every_persoonslijst(folder: Path) -> None:
    for rows in recount.read_brp(folder / "brp.csv"):
        refused = {key for key, value in rows[0].items() if value == REFUSED_TEXT}
        assert refused >= {"01.03.20", "01.03.30", "01.04.10", "04.05.10", "10.39.10"}


def test_history_rows_go_back_in_time(folder: Path) -> None:
    stays = [[row for row in rows if row["08.09.10"]] for rows in recount.read_brp(folder / "brp.csv")]
    longer = [rows for rows in stays if len(rows) > 1]
    assert len(longer) > 100
    for rows in longer:
        starts = [row["08.10.30"] or row["08.13.20"] for row in rows]
        starts = [start for start in starts if start != "00000000"]
        assert starts == sorted(starts, reverse=True)
        assert [row["08.H"] for row in rows] == ["58"] * (len(rows) - 1) + [""]


def test_every_object_lies_in_exactly_one_buurt(folder: Path, manifest: Manifest) -> None:
    content = json.loads((folder / manifest.bestanden["gebieden"]).read_text(encoding="utf-8"))
    kinds = Counter(feature["properties"]["soort"] for feature in content["features"])
    assert kinds == {"gemeente": 1, "wijk": 1, "buurt": 7}
    areas = {feature["properties"]["code"]: shape(feature["geometry"]) for feature in content["features"]}
    buurten = [area for code, area in areas.items() if code.startswith("BU")]
    assert sum(area.area for area in buurten) == pytest.approx(areas["WK060601"].area, rel=1e-4)
    assert areas["GM0606"].contains(areas["WK060601"])
    assert {code for code in areas if code.startswith("BU")} == {f"BU0606010{number}" for number in range(1, 8)}


@pytest.mark.parametrize("woningen", [60, 61, 97])
def test_small_municipalities_hold_every_trouble(woningen: int, tmp_path: Path) -> None:
    made = make_municipality(tmp_path, peildatum=date(2024, 2, 29), woningen=woningen)
    assert made.verwacht.woningvoorraad == woningen
    assert all(item.objecten for item in made.troubles.values())
    objects = [key for item in made.troubles.values() for key in item.objecten]
    assert len(objects) == len(set(objects))
    assert made.bag_stand == date(2024, 2, 15)
    with (tmp_path / "vaststellingen.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["Feit"] for row in csv.DictReader(file, delimiter=";")} >= {"coa_opvang", "woonwagen"}


@pytest.mark.parametrize(("woningen", "peildatum"), [(59, PEILDATUM), (80_001, PEILDATUM), (100, date(2014, 12, 31))])
def test_impossible_sizes_are_refused_before_anything_is_written(
    woningen: int, peildatum: date, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="Kies"):
        make_municipality(tmp_path / "nieuw", peildatum=peildatum, woningen=woningen)
    assert not (tmp_path / "nieuw").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "BAGGEM0606L-15112026.zip"
    own.write_bytes(b"een echte levering")
    with pytest.raises(UsageError, match="niet leeg"):
        make_municipality(tmp_path, peildatum=PEILDATUM, woningen=60)
    assert own.read_bytes() == b"een echte levering"
    assert list(tmp_path.iterdir()) == [own]


def test_deliveries_of_an_earlier_demo_are_replaced(tmp_path: Path) -> None:
    make_municipality(tmp_path, peildatum=date(2025, 11, 24), woningen=60)
    made = make_municipality(tmp_path, peildatum=PEILDATUM, woningen=60)
    assert {path.name for path in tmp_path.iterdir()} == {*made.bestanden.values(), MANIFEST_NAME}


def test_a_demo_that_was_broken_off_can_be_made_again(tmp_path: Path) -> None:
    (tmp_path / "brp.csv").mkdir()  # stands in the way
    (tmp_path / MANIFEST_NAME).touch()
    with pytest.raises(ExportError, match="niet te schrijven"):
        make_municipality(tmp_path, peildatum=PEILDATUM, woningen=60)
    (tmp_path / "brp.csv").rmdir()
    assert make_municipality(tmp_path, peildatum=PEILDATUM, woningen=60) == read_manifest(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("geen map", encoding="utf-8")
    with pytest.raises(UsageError, match="andere map"):
        make_municipality(tmp_path / "bestand" / "demo", peildatum=PEILDATUM, woningen=60)


@given(st.text(max_size=60))
def test_short_names_fit_the_bag(name: str) -> None:
    assert len(short_name(name)) <= 24


def _a_nummer_sums(number: str) -> Iterator[int]:
    digits = [int(digit) for digit in number]
    yield sum(digits) % 11
    yield sum(digit * 2**place for place, digit in enumerate(digits)) % 11


def test_a_nummers_pass_their_checks() -> None:
    numbers = identifiers.a_nummers(500)
    assert len(set(numbers)) == 500
    for number in numbers:
        total, weighted = _a_nummer_sums(number)
        assert total in (0, 5)
        assert weighted == 0
        assert all(left != right for left, right in itertools.pairwise(number))


def test_wrong_bsns_are_wrong() -> None:
    assert not any(recount.passes_elfproef(identifiers.wrong_bsn(bsn)) for bsn in identifiers.bsns(300))
