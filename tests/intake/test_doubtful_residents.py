"""A persoonslijst that is set aside still says who may live where, and nothing more than that."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.keys import open_cipher
from registry.store.engine import open_store
from registry.store.queries.runs import last_run
from registry.store.queries.versions import read_versions
from registry.store.tables import registers

HOME, OTHER = "0606010000000001", "0606010000000002"
HEADERS = (
    "bsn", "geboortedatum", "functie adres", "datum aanvang adreshouding", "datum aanvang buitenland",
    "adresseerbaar object", "gemeente van inschrijving", "reden opschorting", "datum opschorting",
)  # fmt: skip
GOOD = {
    "bsn": "999990019",
    "geboortedatum": "19800101",
    "functie adres": "W",
    "datum aanvang adreshouding": "20200315",
    "adresseerbaar object": HOME,
    "gemeente van inschrijving": "0606",
}
WRONG_BIRTH = GOOD | {"geboortedatum": "19801341"}
ALWAYS = date(1, 1, 1)


def take(url: str, folder: Path, *rows: dict[str, str], day: str = "2026-11-01", part: bool = False) -> ImportResult:
    """A delivery of the BRP as a plain table; somebody else stands in it too, so that it is never empty."""
    other = GOOD | {"bsn": "999990020", "adresseerbaar object": OTHER}
    path = folder / "brp.csv"
    lines = [";".join(row.get(header, "") for header in HEADERS) for row in (other, *rows)]
    path.write_text("\n".join([";".join(HEADERS), *lines]), encoding="utf-8")
    store = open_store(url)
    try:
        request = ImportRequest("brp", path, date.fromisoformat(day), "deel" if part else "stand")
        return run_import(store, request, cipher=open_cipher(folder / "sleutels"))
    finally:
        store.close()


def living(url: str, object_id: str = HOME) -> list[tuple[str, date, date | None]]:
    """Who lives in the object by what is believed now: zekerheid and period."""
    store = open_store(url)
    with store.read() as connection:
        bewoning = read_versions(connection, registers.bewoning, known=last_run(connection))
    store.close()
    found = bewoning.filter(adresseerbaar_object_id=object_id).sort("valid_from")
    return list(found.select("zekerheid", "valid_from", "valid_until").iter_rows())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [("mogelijk", date(2020, 3, 15), None)]),
        ({"datum aanvang adreshouding": "20200000"}, [("mogelijk", date(2020, 1, 1), None)]),
        ({"datum aanvang adreshouding": "20201341"}, [("mogelijk", ALWAYS, None)]),
        ({"functie adres": "Q"}, [("mogelijk", date(2020, 3, 15), None)]),
        ({"bsn": "999990018"}, [("mogelijk", date(2020, 3, 15), None)]),
        ({"bsn": ""}, [("mogelijk", date(2020, 3, 15), None)]),
        ({"functie adres": "B"}, []),
        ({"gemeente van inschrijving": "1999"}, []),
        ({"datum aanvang buitenland": "20230101"}, []),
        ({"reden opschorting": "O", "datum opschorting": "20240101"}, []),
        ({"adresseerbaar object": ""}, []),
    ],
)
def test_what_a_set_aside_persoonslijst_says_of_its_home(
    sqlite_url: str, tmp_path: Path, change: dict[str, str], expected: list[tuple[str, date, date | None]]
) -> None:
    result = take(sqlite_url, tmp_path, WRONG_BIRTH | change)
    assert result.uitval == 1
    assert living(sqlite_url) == expected


def test_the_same_delivery_again_changes_nothing(database_url: str, tmp_path: Path) -> None:
    take(database_url, tmp_path, WRONG_BIRTH)
    first = everything(database_url)
    take(database_url, tmp_path, WRONG_BIRTH)
    assert everything(database_url).equals(first)


def everything(url: str) -> pl.DataFrame:
    """Every version of the bewoning that was ever believed."""
    store = open_store(url)
    with store.read() as connection:
        versions = pl.read_database(registers.bewoning.select(), connection).sort("id")
    store.close()
    return versions


def test_a_good_persoonslijst_takes_the_place_of_the_doubt(database_url: str, tmp_path: Path) -> None:
    take(database_url, tmp_path, WRONG_BIRTH)
    take(database_url, tmp_path, GOOD, day="2026-12-01")
    assert living(database_url) == [("zeker", date(2020, 3, 15), None)]


def test_an_error_in_a_later_delivery_makes_a_resident_doubtful_once(sqlite_url: str, tmp_path: Path) -> None:
    take(sqlite_url, tmp_path, GOOD)
    take(sqlite_url, tmp_path, WRONG_BIRTH, day="2026-12-01")
    assert living(sqlite_url) == [
        ("zeker", date(2020, 3, 15), date(2026, 12, 1)),
        ("mogelijk", date(2026, 12, 1), None),
    ]


def test_who_is_no_longer_delivered_at_all_leaves_no_doubt_behind(sqlite_url: str, tmp_path: Path) -> None:
    take(sqlite_url, tmp_path, WRONG_BIRTH)
    take(sqlite_url, tmp_path, day="2026-12-01")
    assert living(sqlite_url) == []


def test_a_part_leaves_the_doubt_of_the_last_stand(sqlite_url: str, tmp_path: Path) -> None:
    take(sqlite_url, tmp_path, WRONG_BIRTH)
    take(sqlite_url, tmp_path, day="2026-12-01", part=True)
    assert living(sqlite_url) == [("mogelijk", date(2020, 3, 15), None)]


def test_two_lists_of_one_person_count_once_per_home(sqlite_url: str, tmp_path: Path) -> None:
    moved = WRONG_BIRTH | {"adresseerbaar object": OTHER, "datum aanvang adreshouding": "20230101"}
    result = take(sqlite_url, tmp_path, moved, WRONG_BIRTH)
    assert result.uitval == 1  # one persoonslijst of two lines, the later line is the current one
    assert living(sqlite_url) == []
    assert ("mogelijk", date(2023, 1, 1), None) in living(sqlite_url, OTHER)
