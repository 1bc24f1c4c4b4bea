"""The life of a dwelling: found under its old and its new address, with what every source says of it."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from bag_files import CODES, extract_tree, object_xml, write_zip
from deliveries import brp, take, vaststellingen

from registry.crypto import BsnCipher
from registry.store.engine import Store
from registry.store.queries.huisdossier import GEBEURTENISSEN, find_objects, read_timeline
from registry.store.queries.runs import last_run

WHOLE, FRONT, BACK = "0606010000000001", "0606010000000002", "0606010000000003"
OLD, NEW, REAR = "0606200000000001", "0606200000000002", "0606200000000003"
SPLIT, RENAMED = "2020-03-01", "2022-05-01"
DAY = date(2026, 6, 1)


def split_town(folder: Path) -> Path:
    """A dwelling at Singel 12 that was split into 12-A and 12-B, in a street that was renamed to Gracht."""
    ended = {"eindGeldigheid": SPLIT, "tijdstipEindRegistratieLV": f"{SPLIT}T12:00:00.000"}
    objects = {code: [] for code in CODES} | {code: [object_xml(code)] for code in ("WPL", "PND")}
    objects["OPR"] = [
        object_xml("OPR", naam="Singel", eindGeldigheid=RENAMED),
        object_xml("OPR", naam="Gracht", voorkomenidentificatie=2, beginGeldigheid=RENAMED),
    ]
    objects["NUM"] = [
        object_xml("NUM", identificatie=OLD, huisnummer=12),
        object_xml("NUM", identificatie=NEW, huisnummer=12, huisletter="A", beginGeldigheid=SPLIT),
        object_xml("NUM", identificatie=REAR, huisnummer=12, huisletter="B", beginGeldigheid=SPLIT),
    ]
    objects["VBO"] = [
        object_xml("VBO", identificatie=WHOLE, hoofdadres=OLD, oppervlakte=120, **ended),
        object_xml(
            "VBO", identificatie=WHOLE, hoofdadres=OLD, oppervlakte=120, voorkomenidentificatie=2,
            beginGeldigheid=SPLIT, status="Verblijfsobject ingetrokken",
        ),
        object_xml("VBO", identificatie=FRONT, hoofdadres=NEW, oppervlakte=55, beginGeldigheid=SPLIT),
        object_xml("VBO", identificatie=BACK, hoofdadres=REAR, oppervlakte=60, beginGeldigheid=SPLIT),
    ]  # fmt: skip
    return write_zip(folder / "bag.zip", extract_tree(objects))


@pytest.fixture
def held(store: Store, cipher: BsnCipher, tmp_path: Path) -> Store:
    take(store, cipher, "bag", split_town(tmp_path))
    take(store, cipher, "brp", brp(tmp_path, {0: (0, "20150808"), 1: (1, "20210101"), 2: (1, "20230101")}), DAY)
    take(store, cipher, "vaststellingen", vaststellingen(tmp_path, {1: (1, 50)}), DAY)
    return store


def objects(store: Store, text: str) -> list[str]:
    with store.read() as connection:
        return (
            find_objects(connection, text, known=last_run(connection))["adresseerbaar_object_id"]
            .unique()
            .sort()
            .to_list()
        )


def timeline(store: Store, one: str) -> list[tuple[str | None, str | None, str, str]]:
    with store.read() as connection:
        life = read_timeline(connection, one, peildatum=DAY, known=last_run(connection))
    assert life.schema == GEBEURTENISSEN
    assert life["datum"].is_sorted()
    return life.with_columns(pl.col("datum", "tot").cast(pl.String)).rows()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Singel 12-A", [FRONT]),  # the old name of the street
        ("gracht 12A", [FRONT]),
        ("3112AB 12", [WHOLE]),
        ("Singel 12, Testdam", [WHOLE]),
        (FRONT, [FRONT]),
        (REAR, [BACK]),
        ("Singel 99", []),
        ("Plein 12", []),
        ("0606010000000099", []),
    ],
)
def test_a_dwelling_is_found_under_old_and_new_addresses(held: Store, text: str, found: list[str]) -> None:
    assert objects(held, text) == found


def test_the_life_of_a_split_dwelling(held: Store) -> None:
    life = timeline(held, WHOLE)
    assert ("2010-08-31", None, "BAG", "Verblijfsobject in gebruik; woonfunctie; 120 m2") in life
    assert (SPLIT, None, "BAG", "Verblijfsobject ingetrokken; woonfunctie; 120 m2") in life
    for heir in (FRONT, BACK):
        assert (SPLIT, None, "ander object", f"op de dag van intrekking begon in hetzelfde pand object {heir}") in life
    assert ("2015-08-08", None, "bewoning", "1 bewoner") in life
    assert ("2010-08-31", RENAMED, "adres", "Singel 12, 3112AB Testdam") in life
    assert (RENAMED, None, "adres", "Gracht 12, 3112AB Testdam") in life


def test_the_life_of_a_new_dwelling(held: Store) -> None:
    life = timeline(held, FRONT)
    assert [line for line in life if line[2] == "bewoning"] == [
        ("2021-01-01", None, "bewoning", "1 bewoner"),
        # Her A-nummer does not fit, so that her persoonslijst was set aside.
        ("2023-01-01", None, "bewoning", "1 bewoner, en 1 mogelijke"),
    ]
    assert ("2026-01-02", None, "vaststelling", "gemeten_oppervlakte: 50") in life
    assert (SPLIT, None, "ander object", f"op de begindag eindigde in hetzelfde pand object {WHOLE}") in life


def test_an_unknown_object_has_no_life(held: Store) -> None:
    assert timeline(held, "0606010000000099") == []
