"""Mutations on top of an extract, and deliveries of the BAG out of order: the current state is the same."""

from itertools import permutations
from pathlib import Path

import polars as pl
import pytest
from bag_files import CODES, extract_tree, mutations_tree, object_xml, toevoeging_xml, wijziging_xml, write_zip
from deliveries import DWELLINGS, NUMBERS, Voorkomen, bag, believed, same, take, voorkomen_xml
from real_mutations import make_mutations

from registry.crypto import BsnCipher
from registry.errors import SourceRefusedError
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.store.engine import Store
from registry.store.queries.runs import last_run

A1, A1_ENDED = Voorkomen(0, 1, "2010-01-01", None, 60), Voorkomen(0, 1, "2010-01-01", "2026-01-20", 60)
A2, A2_ENDED = Voorkomen(0, 2, "2026-01-20", None, 65), Voorkomen(0, 2, "2026-01-20", "2026-01-25", 65)
A3 = Voorkomen(0, 3, "2026-01-25", None, 70)
B1 = Voorkomen(1, 1, "2012-01-01", None, 80)


def mutations(folder: Path, stand: str, *groups: list[str], name: str = "mutaties") -> Path:
    return write_zip(folder / f"{name}-{stand}.zip", mutations_tree([[], list(groups)], stand=stand, van="2026-01-16"))


def change(was: Voorkomen, ended: Voorkomen, new: Voorkomen) -> list[str]:
    return [wijziging_xml(voorkomen_xml(was), voorkomen_xml(ended)), toevoeging_xml(voorkomen_xml(new))]


def now(store: Store) -> dict[str, pl.DataFrame]:
    with store.read() as connection:
        found = believed(connection, last_run(connection))
    return {name: frame for name, frame in found.items() if name != "bronnen"}


def codes(result: ImportResult) -> list[str]:
    return sorted(set(result.issues["code"].to_list()) - {"verwijzing_niet_geleverd", "buiten_gebieden"})


def deliveries(folder: Path) -> dict[str, Path]:
    return {
        "januari": bag(folder, "2026-01-15", [A1, B1]),
        "eerste": mutations(folder, "2026-01-21", change(A1, A1_ENDED, A2)),
        "tweede": mutations(folder, "2026-01-26", change(A2, A2_ENDED, A3)),
        "februari": bag(folder, "2026-02-15", [A1_ENDED, A2_ENDED, A3, B1]),
    }


def test_an_extract_after_the_mutations_agrees(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    paths = deliveries(tmp_path)
    take(store, cipher, "bag", paths["januari"])
    for name in ("eerste", "tweede"):
        result = take(store, cipher, "bag", paths[name])
        assert (result.levering, result.counts.nieuw, result.counts.gewijzigd, result.gelezen) == ("deel", 1, 1, 2)
        assert codes(result) == []
    state = now(store)
    result = take(store, cipher, "bag", paths["februari"])
    assert (result.counts.nieuw, result.counts.gewijzigd, result.counts.verdwenen) == (0, 0, 0)
    assert codes(result) == []
    assert same(state, now(store)) == []


@pytest.mark.parametrize("order", [*permutations(["januari", "eerste", "tweede", "februari"])][1::8], ids="-".join)
def test_any_order_ends_in_the_same_state(
    store: Store, cipher: BsnCipher, tmp_path: Path, order: tuple[str, ...]
) -> None:
    paths = deliveries(tmp_path)
    for name in order:
        take(store, cipher, "bag", paths[name])
    found = now(store)["verblijfsobjecten"].select("verblijfsobject_id", "voorkomen", "oppervlakte", "valid_until")
    assert found.with_columns(pl.col("valid_until").cast(pl.String)).rows() == [
        (DWELLINGS[0], 1, 60, "2026-01-20"),
        (DWELLINGS[0], 2, 65, "2026-01-25"),
        (DWELLINGS[0], 3, 70, None),
        (DWELLINGS[1], 1, 80, None),
    ]


def test_an_older_delivery_says_that_it_is_history(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    paths = deliveries(tmp_path)
    take(store, cipher, "bag", paths["februari"])
    result = take(store, cipher, "bag", paths["januari"])
    assert result.levering == "deel"
    assert any("als geschiedenis" in note for note in result.notes)
    assert (result.counts.nieuw, result.counts.gewijzigd, result.counts.verdwenen) == (0, 0, 0)


def test_the_same_mutations_twice_change_nothing(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    paths = deliveries(tmp_path)
    take(store, cipher, "bag", paths["januari"])
    take(store, cipher, "bag", paths["eerste"])
    again = take(store, cipher, "bag", paths["eerste"])
    assert (again.counts.nieuw, again.counts.gewijzigd, again.counts.ongewijzigd) == (0, 0, 2)
    assert codes(again) == []


def test_mutations_of_other_gemeenten_are_passed_over(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", [A1, B1]))
    foreign = object_xml("VBO", identificatie="0363010000000001", hoofdadres="0363200000000001")
    moved = object_xml("VBO", identificatie=DWELLINGS[1], hoofdadres=NUMBERS[1], voorkomenidentificatie=2)
    new = object_xml("VBO", identificatie="0606010000000003", hoofdadres=NUMBERS[1])
    broken = object_xml("VBO", identificatie="0363010000000002", hoofdadres="x")
    path = mutations(tmp_path, "2026-01-21", *[[toevoeging_xml(row)] for row in (foreign, moved, new, broken)])
    result = take(store, cipher, "bag", path)
    assert (result.gelezen, result.counts.nieuw, result.uitval) == (2, 2, 0)
    assert set(now(store)["verblijfsobjecten"]["verblijfsobject_id"]) == {*DWELLINGS, "0606010000000003"}


def test_a_day_without_anything_of_ours_goes_in(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", [A1, B1]))
    result = take(store, cipher, "bag", mutations(tmp_path, "2026-01-21"))
    assert (result.status, result.gelezen) == ("gelukt", 0)


def test_a_mutation_that_does_not_follow_is_kept_with_a_warning(
    store: Store, cipher: BsnCipher, tmp_path: Path
) -> None:
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", [A1, B1]))
    wrong = Voorkomen(0, 1, "2010-01-01", None, 99)
    result = take(store, cipher, "bag", mutations(tmp_path, "2026-01-21", change(wrong, A1_ENDED, A2)))
    assert codes(result) == ["was_sluit_niet_aan"]
    absent = Voorkomen(1, 7, "2020-01-01", None, 99)
    ended = Voorkomen(1, 7, "2020-01-01", "2026-01-21", 99)
    more = mutations(tmp_path, "2026-01-22", [wijziging_xml(voorkomen_xml(absent), voorkomen_xml(ended))])
    result = take(store, cipher, "bag", more)
    assert codes(result) == ["was_onbekend"]
    assert now(store)["verblijfsobjecten"].height == 4


def test_an_extract_that_disagrees_is_reported_and_counts(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    paths = deliveries(tmp_path)
    for name in ("januari", "eerste", "tweede"):
        take(store, cipher, "bag", paths[name])
    other = Voorkomen(0, 3, "2026-01-25", None, 71)
    missed = Voorkomen(1, 1, "2012-01-01", "2026-01-24", 80)
    next_one = Voorkomen(1, 2, "2026-01-24", None, 81)
    later = bag(tmp_path, "2026-02-15", [A1_ENDED, A2_ENDED, other, missed, next_one])
    result = take(store, cipher, "bag", later)
    found = result.issues.filter(pl.col("code").str.starts_with("mutatie_")).select("code", "original").rows()
    assert sorted(found) == [
        ("mutatie_gemist", DWELLINGS[1]),
        ("mutatie_gemist", DWELLINGS[1]),
        ("mutatie_weersproken", DWELLINGS[0]),
    ]
    assert 71 in now(store)["verblijfsobjecten"]["oppervlakte"].to_list()


def test_mutations_are_never_a_complete_delivery(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="nooit een volledige"):
        take(store, cipher, "bag", mutations(tmp_path, "2026-01-21"), levering="stand")


def test_another_gemeente_comes_in_only_when_it_is_meant(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", [A1, B1]))
    objects = {code: [] for code in CODES} | {
        "VBO": [object_xml("VBO", identificatie="0363010000000001")],
        **{code: [object_xml(code)] for code in ("WPL", "OPR", "NUM", "PND")},
    }
    path = write_zip(tmp_path / "BAGGEM0363L-15012026.zip", extract_tree(objects, gemeente="0363"))
    before = now(store)
    with pytest.raises(SourceRefusedError, match="--nieuwe-gemeente"):
        take(store, cipher, "bag", path)
    assert same(before, now(store)) == []
    result = run_import(store, ImportRequest("bag", path, nieuwe_gemeente=True), cipher=cipher)
    assert result.per_table["verblijfsobjecten"].verdwenen == 0
    take(store, cipher, "bag", path)


@pytest.fixture(scope="session")
def weesp(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both real extracts, and the mutations that lead from one to the other."""
    folder = shared_data / "bag" / "lvbag-gemeente-weesp"
    found = {"september": folder / "BAGGEM0457L-15092021.zip", "oktober": folder / "BAGGEM0457L-15102021.zip"}
    target = tmp_path_factory.mktemp("weesp") / "BAGNLDM-15092021-15102021.zip"
    return found | {"mutaties": make_mutations(*found.values(), target, stand="2021-10-15")}


@pytest.mark.proof
@pytest.mark.parametrize("order", [*permutations(["september", "mutaties", "oktober"])], ids="-".join)
def test_the_real_extracts_with_mutations_between_end_in_the_same_state(
    store: Store, cipher: BsnCipher, weesp: dict[str, Path], order: tuple[str, ...]
) -> None:
    results = {name: take(store, cipher, "bag", weesp[name]) for name in order}
    found = now(store)
    EXPECTED.setdefault("weesp", found)
    assert same(EXPECTED["weesp"], found) == []
    assert found["verblijfsobjecten"].filter(pl.col("valid_until").is_null()).height == 12_509
    if order == ("september", "mutaties", "oktober"):
        changed = results["mutaties"].per_table["verblijfsobjecten"]
        assert (changed.nieuw, changed.gewijzigd) == (186, 77)
        last = results["oktober"].per_table
        assert {name for name, counts in last.items() if counts.nieuw or counts.gewijzigd} <= {"gemeente_woonplaatsen"}
        assert not [code for code in codes(results["oktober"]) if code.startswith("mutatie_")]
        assert not [code for code in codes(results["mutaties"]) if code.startswith("was_")]


EXPECTED: dict[str, dict[str, pl.DataFrame]] = {}
