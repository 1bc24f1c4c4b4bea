"""Mutations of the BAG: what becomes of each voorkomen, what it was, in order, and what is refused."""

from pathlib import Path

import polars as pl
import pytest
from bag_files import (
    CODES,
    Tree,
    in_onderzoek_xml,
    mutations_tree,
    mutations_xml,
    object_xml,
    stand_xml,
    toevoeging_xml,
    verwijdering_xml,
    wijziging_xml,
    write_folder,
    write_zip,
)
from bag_reading import delivery
from lxml import etree

from importers.records import Batch
from registry.errors import SourceRefusedError

OLD = object_xml("VBO", oppervlakte=60)
ENDED = object_xml(
    "VBO",
    oppervlakte=60,
    eindGeldigheid="2026-01-14",
    eindRegistratie="2026-01-14T09:00:00.000",
    tijdstipEindRegistratieLV="2026-01-14T09:01:00.000",
)


def second(**values: object) -> str:
    return object_xml(
        "VBO",
        voorkomenidentificatie=2,
        beginGeldigheid="2026-01-14",
        tijdstipRegistratie="2026-01-14T09:00:00.000",
        tijdstipRegistratieLV="2026-01-14T09:01:00.000",
        **values,
    )


def batches(folder: Path, tree: Tree) -> dict[str, Batch]:
    found = delivery(write_zip(folder / "BAGNLDM-14012026-15012026.zip", tree))
    assert found.levering == "deel"
    return {batch.record.name: batch for batch in found.batches}


def test_a_change_is_the_end_of_one_voorkomen_and_the_next_one(tmp_path: Path) -> None:
    tree = mutations_tree([[], [[wijziging_xml(OLD, ENDED), toevoeging_xml(second(oppervlakte=65))]]])
    found = batches(tmp_path, tree)["verblijfsobjecten"]
    assert found.frame.select("voorkomen", "oppervlakte", pl.col("valid_until").cast(pl.String)).rows() == [
        (1, 60, "2026-01-14"),
        (2, 65, None),
    ]
    assert found.was is not None
    assert found.was.select("voorkomen", "valid_until").rows() == [(1, None)]
    assert found.issues.is_empty()
    assert found.read == 2


def test_several_changes_a_day_count_in_order(tmp_path: Path) -> None:
    """Over files and groups: the last one is how it is, the first one says how it was."""
    tree = mutations_tree(
        [
            [[wijziging_xml(OLD, ENDED), toevoeging_xml(second(oppervlakte=61))]],
            [[wijziging_xml(second(oppervlakte=61), second(oppervlakte=62))]],
            [[wijziging_xml(second(oppervlakte=62), second(oppervlakte=63))], []],
        ]
    )
    found = batches(tmp_path, tree)["verblijfsobjecten"]
    assert found.frame.sort("voorkomen").select("voorkomen", "oppervlakte").rows() == [(1, 60), (2, 63)]
    assert found.was is not None
    assert found.was.sort("voorkomen").select("voorkomen", "oppervlakte").rows() == [(1, 60), (2, 61)]
    assert found.issues.is_empty()


def test_a_change_that_skips_one_is_kept_with_a_warning(tmp_path: Path) -> None:
    tree = mutations_tree(
        [[[toevoeging_xml(second(oppervlakte=61))], [wijziging_xml(second(oppervlakte=99), second(oppervlakte=62))]]]
    )
    found = batches(tmp_path, tree)["verblijfsobjecten"]
    assert found.frame["oppervlakte"].to_list() == [62]
    [issue] = found.issues.to_dicts()
    assert (issue["level"], issue["code"], issue["column"]) == ("waarschuwing", "was_sluit_niet_aan", "oppervlakte")
    assert "0606010000000001" in issue["text"]


def test_every_object_type_and_in_onderzoek_come_through(tmp_path: Path) -> None:
    kenmerk = in_onderzoek_xml("VBO", "oppervlakte", "0606010000000001")
    done = in_onderzoek_xml("VBO", "oppervlakte", "0606010000000001", "N")
    tree = mutations_tree(
        [[[toevoeging_xml(object_xml(code))] for code in CODES]],
        in_onderzoek=[[toevoeging_xml(kenmerk)], [wijziging_xml(kenmerk, done)]],
    )
    found = batches(tmp_path, tree)
    assert {name: batch.frame.height for name, batch in found.items()} == {
        "woonplaatsen": 1, "openbare_ruimten": 1, "nummeraanduidingen": 1, "panden": 1, "verblijfsobjecten": 1,
        "ligplaatsen": 1, "standplaatsen": 1, "bag_in_onderzoek": 1,
    }  # fmt: skip
    assert found["bag_in_onderzoek"].frame["in_onderzoek"].to_list() == [False]
    assert found["panden"].frame["geometrie"].null_count() == 0


def test_a_validity_in_the_future_stays(tmp_path: Path) -> None:
    tree = mutations_tree([[[toevoeging_xml(object_xml("VBO", beginGeldigheid="2026-06-01"))]]])
    assert batches(tmp_path, tree)["verblijfsobjecten"].frame["valid_from"].cast(pl.String).to_list() == ["2026-06-01"]


def test_a_removal_is_not_guessed_at(tmp_path: Path) -> None:
    tree = mutations_tree([[[verwijdering_xml(OLD, "0606010000000001")]]])
    found = batches(tmp_path, tree)
    assert all(batch.frame.is_empty() for batch in found.values())
    codes = [code for batch in found.values() for code in batch.issues["code"]]
    assert codes == ["verwijdering_niet_verwerkt"]


def test_a_mutation_that_does_not_fit_is_set_aside_and_the_rest_comes_in(tmp_path: Path) -> None:
    tree = mutations_tree([[[toevoeging_xml(object_xml("VBO", status="Bewoond"))], [wijziging_xml(OLD, ENDED)]]])
    found = batches(tmp_path, tree)["verblijfsobjecten"]
    assert found.frame.height == 1
    assert found.issues["level"].to_list() == ["uitval"]


def test_a_day_without_mutations_is_empty_but_dated(tmp_path: Path) -> None:
    found = delivery(write_zip(tmp_path / "x.zip", mutations_tree([[]])))
    assert str(found.leverdatum) == "2026-01-15"
    assert sum(batch.frame.height for batch in found.batches) == 0


def test_an_unpacked_delivery_says_its_date_itself(tmp_path: Path) -> None:
    tree = mutations_tree([[[wijziging_xml(OLD, ENDED)]]])
    del tree["Leveringsdocument-BAG-Mutaties.xml"]
    found = delivery(write_folder(tmp_path / "map", tree))
    assert str(found.leverdatum) == "2026-01-15"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (mutations_xml([], stand="2026-02-15"), "maar de levering van"),
        (mutations_xml([[toevoeging_xml(OLD)]])[:-30], "afgebroken"),
        (stand_xml("VBO", [OLD]), "geen bestand met mutaties"),
        (mutations_xml([]).replace(b"2026-01-15", b"2026-13-15"), "StandTechnischeDatum"),
        (b"", "geen XML-bestand"),
    ],
)
def test_what_is_no_whole_delivery_is_refused(tmp_path: Path, document: bytes, words: str) -> None:
    tree = mutations_tree([[]])
    tree["9999MUT14012026-15012026.zip"] = {"9999MUT14012026-15012026-000001.xml": document}
    with pytest.raises(SourceRefusedError, match=words):
        batches(tmp_path, tree)


def test_the_generated_files_are_valid_by_the_schema(shared_data: Path) -> None:
    xsd = shared_data / "bag" / "xsd" / "lvbag" / "extract-deelbestand-mutaties-lvc" / "v20200601"
    schema = etree.XMLSchema(etree.parse(next(xsd.glob("*.xsd"))))
    groups = [[wijziging_xml(OLD, ENDED), toevoeging_xml(second(oppervlakte=65))]]
    document = etree.fromstring(mutations_xml(groups))
    schema.validate(document)
    # Attributes and child order inside an object are not what the writer of these files is about.
    about = [str(error.message) for error in schema.error_log if "mutatie" in error.message.lower()]
    assert about == []
