"""Withdrawing an import: the registry believes again what it believed before, and keeps that it once believed more."""

from datetime import date
from pathlib import Path

import pytest
from deliveries import Voorkomen, all_rows, bag, believed, brp, same, take, vaststellingen

from registry.crypto import BsnCipher
from registry.errors import UsageError
from registry.intake.withdraw import withdraw_run
from registry.store.engine import Store
from registry.store.queries.runs import get_run, last_run, list_runs

FIRST = [Voorkomen(0, 1, "2010-01-01", None, 60), Voorkomen(1, 1, "2012-01-01", None, 80)]
WRONG = [
    Voorkomen(0, 1, "2010-01-01", "2026-02-01", 60),
    Voorkomen(0, 2, "2026-02-01", None, 6),
    Voorkomen(1, 1, "2012-01-01", None, 80),
]


def beliefs(store: Store, known: int) -> dict:
    with store.read() as connection:
        return believed(connection, known)


@pytest.fixture
def filled(store: Store, cipher: BsnCipher, tmp_path: Path) -> Store:
    take(store, cipher, "bag", bag(tmp_path, "2026-01-15", FIRST))
    take(store, cipher, "brp", brp(tmp_path, {0: (0, "20150808"), 1: (1, "20160101")}), date(2026, 1, 20))
    return store


def test_a_withdrawn_run_leaves_what_was_believed_before_it(filled: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    before = beliefs(filled, 2)
    wrong = take(filled, cipher, "brp", brp(tmp_path, {0: (1, "20260101"), 2: (1, "20260101")}), date(2026, 2, 20))
    during = beliefs(filled, wrong.run_id)
    assert same(before, during) != []
    with filled.read() as connection:
        rows = all_rows(connection)

    done = withdraw_run(filled, wrong.run_id)

    assert done.run_id is not None
    after = beliefs(filled, done.run_id)
    assert same(before, after) == []
    assert same(during, beliefs(filled, wrong.run_id)) == []
    with filled.read() as connection:
        assert rows.items() <= all_rows(connection).items()
        assert get_run(connection, wrong.run_id)["status"] == "ingetrokken"
        assert last_run(connection) == done.run_id
        listed = list_runs(connection)[0]
    assert (listed["bron"], listed["status"]) == ("intrekking", "gelukt")
    assert done.per_table["persoonslijsten"].vervallen > 0


def test_a_try_shows_the_consequences_and_changes_nothing(filled: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    wrong = take(filled, cipher, "bag", bag(tmp_path, "2026-02-15", WRONG))
    during = beliefs(filled, wrong.run_id)
    tried = withdraw_run(filled, wrong.run_id, proef=True)
    assert tried.run_id is None
    assert (tried.per_table["verblijfsobjecten"].vervallen, tried.per_table["verblijfsobjecten"].teruggekeerd) == (2, 1)
    with filled.read() as connection:
        assert get_run(connection, wrong.run_id)["status"] == "gelukt"
        assert last_run(connection) == wrong.run_id
    assert same(during, beliefs(filled, wrong.run_id)) == []
    assert withdraw_run(filled, wrong.run_id).per_table == tried.per_table


def test_the_newest_run_of_a_source_goes_first(filled: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    """The second delivery wrote nothing, because it confirmed the first: without the first it would be lost."""
    again = take(filled, cipher, "brp", brp(tmp_path, {0: (0, "20150808"), 1: (1, "20160101")}), date(2026, 2, 20))
    assert again.counts.ongewijzigd == again.gelezen or again.counts.nieuw == 0
    with pytest.raises(UsageError, match=f"rusten latere runs: {again.run_id}"):
        withdraw_run(filled, 2)
    withdraw_run(filled, again.run_id)
    withdraw_run(filled, 2)
    with filled.read() as connection:
        now = believed(connection, last_run(connection))
    assert now["persoonslijsten"].is_empty()
    assert now["bewoning"].is_empty()
    assert now["bronnen"]["bron"].to_list() == ["bag"]
    assert "brp" in beliefs(filled, again.run_id)["bronnen"]["bron"].to_list()


def test_rows_about_dwellings_that_lapse_are_counted(filled: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    take(filled, cipher, "vaststellingen", vaststellingen(tmp_path, {1: (1, 70)}), date(2026, 1, 21))
    done = withdraw_run(filled, 1, proef=True)
    assert done.verwijzingen == {"verblijven": 2, "vaststellingen": 1}


@pytest.mark.parametrize("which", ["absent", "withdrawn", "withdrawal"])
def test_only_a_delivery_that_counts_can_be_withdrawn(filled: Store, which: str) -> None:
    done = withdraw_run(filled, 2)
    number = {"absent": 99, "withdrawn": 2, "withdrawal": done.run_id}[which]
    with pytest.raises(UsageError):
        withdraw_run(filled, number)
