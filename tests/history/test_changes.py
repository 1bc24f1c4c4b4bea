"""What a delivery changed is listed row by row: who came, who is gone, and what says otherwise."""

import json
from datetime import date
from pathlib import Path

import pytest
from brk_answers import Json, collection, number, persoon, right, zaak
from deliveries import DWELLINGS, PEOPLE, Voorkomen, bag, brp, take

from registry.crypto import BsnCipher
from registry.errors import SourceRefusedError
from registry.intake.withdraw import withdraw_run
from registry.store.engine import Store
from registry.store.queries.changes import WIJZIGINGEN, read_changes

HOMES = [Voorkomen(0, 1, "2010-01-01", None, 60), Voorkomen(1, 1, "2012-01-01", None, 80)]


def changes(store: Store, run_id: int) -> list[tuple[str, str, str | None, str | None]]:
    with store.read() as connection:
        found = read_changes(connection, run_id)
    assert found.schema == WIJZIGINGEN
    return found.select("tabel", "wijziging", "adresseerbaar_object_id", "kolommen").rows()


def test_a_delivery_of_the_brp_says_who_came_moved_and_went(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", HOMES))
    first = take(store, cipher, "brp", brp(tmp_path, {0: (0, "20150808"), 1: (1, "20160101")}), date(2026, 1, 20))
    assert {row[1] for row in changes(store, first.run_id)} == {"nieuw"}
    again = take(store, cipher, "brp", brp(tmp_path, {0: (1, "20260201")}), date(2026, 2, 20), levering="stand")
    rows = changes(store, again.run_id)
    assert [row[:2] for row in rows] == [
        ("persoonslijsten", "verdwenen"),
        ("verblijven", "gewijzigd"),
        ("verblijven", "verdwenen"),
    ]
    assert rows[1][2] == "0606010000000002"
    moved = {"datum_aanvang_adreshouding", "adresseerbaar_object_id", "nummeraanduiding_id"}
    assert set(str(rows[1][3]).split(", ")) == moved
    back = take(store, cipher, "brp", brp(tmp_path, {0: (1, "20260201"), 1: (1, "20160101")}), date(2026, 3, 20))
    assert [row[1:] for row in changes(store, back.run_id)] == [
        ("gewijzigd", None, "terug"),
        ("gewijzigd", "0606010000000002", "terug"),
    ]
    before = changes(store, back.run_id)
    withdraw_run(store, back.run_id)
    assert changes(store, back.run_id) == before


def test_the_same_delivery_changes_nothing(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", HOMES))
    again = take(store, cipher, "bag", bag(tmp_path, "2026-01-15", HOMES))
    assert changes(store, again.run_id) == []
    other = [Voorkomen(0, 1, "2010-01-01", None, 61), HOMES[1]]
    third = take(store, cipher, "bag", bag(tmp_path, "2026-01-15", other))
    assert changes(store, third.run_id) == [("verblijfsobjecten", "gewijzigd", "0606010000000001", "oppervlakte")]


def test_of_two_deliveries_of_one_day_the_last_counts(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    """A corrected complete delivery under the same day; the BRP knows no hour."""
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", HOMES))
    day = date(2026, 1, 20)
    for dwelling in (0, 1):
        last = take(store, cipher, "brp", brp(tmp_path, {0: (dwelling, "20150808")}), day, levering="stand")
    assert [row[:3] for row in changes(store, last.run_id)] == [("verblijven", "gewijzigd", DWELLINGS[1])]
    with pytest.raises(SourceRefusedError, match="20-01-2026"):
        take(store, cipher, "brp", brp(tmp_path, {0: (0, "20150808")}), date(2026, 1, 19), levering="stand")


def test_a_delivery_of_the_brk_says_which_rights_came_and_went(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    """A sale: another holder of the same object; who it is stays a pseudonym."""
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", HOMES))
    seller, buyer = (
        right(str(key), persoon(PEOPLE[key][1], "Jansen"), aanvang=day)
        for key, day in ((1, "2019-03-01"), (2, "2026-02-01"))
    )
    take(store, cipher, "brk", answer(tmp_path, zaak(number(1), DWELLINGS[0], [seller])), date(2026, 1, 20))
    sold = take(store, cipher, "brk", answer(tmp_path, zaak(number(1), DWELLINGS[0], [buyer])), date(2026, 2, 20))
    rows = changes(store, sold.run_id)
    assert ("kadastrale_objecten", "gewijzigd", None, "tenaamstellingen") in rows
    assert {row[:2] for row in rows} == {
        ("kadastrale_objecten", "gewijzigd"), ("overdrachten", "nieuw"), ("rechthebbenden", "nieuw"),
        ("tenaamstellingen", "nieuw"),
    }  # fmt: skip
    with store.read() as connection:
        assert PEOPLE[2][1] not in str(read_changes(connection, sold.run_id).rows())
    older = take(store, cipher, "brk", answer(tmp_path, zaak(number(1), DWELLINGS[0], [buyer])), date(2026, 2, 1))
    assert "20-02-2026" in " ".join(older.notes)  # a part that is older is said to be so
    assert sold.notes == ()
    same = take(store, cipher, "brk", answer(tmp_path, zaak(number(1), DWELLINGS[0], [buyer])), date(2026, 3, 20))
    assert changes(store, same.run_id) == []


def answer(folder: Path, *zaken: Json) -> Path:
    path = folder / "brk.json"
    path.write_text(json.dumps(collection(zaken)), encoding="utf-8")
    return path
