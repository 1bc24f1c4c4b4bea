"""Ownership from file to answer: frames of rules, tenure with its reason, portfolios and decisions."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import brk_answers as brk_test
import polars as pl
import pytest

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.intake.withdraw import withdraw_run
from registry.ownership.tenure import OBJECT, read_tenure
from registry.store.engine import Store, open_store
from registry.store.queries.eigendom import eigendom_of, read_holders, read_rights
from registry.store.queries.records import read_objecten, read_record_frames
from registry.store.queries.runs import last_run
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from rules import frames

PEILDATUM = date(2026, 11, 24)
EARLIER = date(2026, 5, 1)
STRANGER, OTHER = "999990019", "999990020"  # BSNs of the test range of RvIG that nobody in the demo has
RSIN, OTHER_RSIN = "001000020", "001000032"


@dataclass(slots=True)
class Town:
    """A registry with BAG, areas and BRP of a small municipality."""

    store: Store
    cipher: BsnCipher
    folder: Path
    homes: dict[str, str]  # dwelling -> the BSN of somebody who certainly lives there now
    empty: list[str]  # dwellings where nobody is registered

    def take(self, *answers: Any, leverdatum: date = PEILDATUM, bron: str = "brk") -> ImportResult:
        """Import answers of the Kadaster, or a list."""
        path = self.folder / f"{bron}.{'json' if bron == 'brk' else 'csv'}"
        if bron == "brk":
            brk_test.write(path, *answers)
        else:
            path.write_text(answers[0], encoding="utf-8")
        return run_import(self.store, ImportRequest(bron, path, leverdatum), cipher=self.cipher)

    def tenure(self, dwelling: str, op: date = PEILDATUM) -> tuple[str, str]:
        """Tenure of one dwelling with the reason; bulk and single must say the same."""
        with self.store.read() as connection:
            known = last_run(connection)
            one = read_tenure(connection, op=op, known=known, objects=pl.DataFrame({OBJECT: [dwelling]}))
            all_objects = read_objecten(connection, peildatum=op, known=known)
            bulk = read_tenure(connection, op=op, known=known, objects=all_objects)
        assert bulk.filter(pl.col(OBJECT) == dwelling).rows() == one.rows()
        return one["eigendom"][0], one["reden"][0]

    def frames(self, only: str | None = None) -> Any:
        """The record frames of rules."""
        with self.store.read() as connection:
            return read_record_frames(connection, peildatum=PEILDATUM, known=last_run(connection), only=only)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The deliveries of a small municipality, and a SQLite database that holds them."""

    folder: Path
    bestanden: dict[str, str]
    database: Path
    cipher: BsnCipher

    def take_in(self, store: Store) -> None:
        for bron in ("bag", "gebieden", "brp"):
            leverdatum = None if bron == "bag" else PEILDATUM
            run_import(store, ImportRequest(bron, self.folder / self.bestanden[bron], leverdatum), cipher=self.cipher)


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Beginning:
    folder = tmp_path_factory.mktemp("gemeente")
    manifest = make_municipality(folder / "bronnen", woningen=60, peildatum=PEILDATUM)
    made = Beginning(folder / "bronnen", manifest.bestanden, folder / "begin.db", BsnCipher(generate_keys()))
    store = open_store(f"sqlite:///{made.database}")
    made.take_in(store)
    store.close()
    return made


def open_town(store: Store, beginning: Beginning, folder: Path) -> Town:
    with store.read() as connection:
        known = last_run(connection)
        living = read_versions(
            connection, registers.bewoning, (OBJECT, "persoonslijst", "zekerheid"), known=known, on=PEILDATUM
        )
        persons = read_versions(
            connection, registers.persoonslijsten, ("persoonslijst", "bsn_versleuteld"), known=known
        ).drop_nulls()
        objects = read_objecten(connection, peildatum=PEILDATUM, known=known).filter(objecttype="verblijfsobject")
    certain = living.filter(zekerheid="zeker").join(persons, on="persoonslijst").sort(OBJECT, "persoonslijst")
    homes = {row[0]: beginning.cipher.decrypt(row[1]) for row in certain.select(OBJECT, "bsn_versleuteld").rows()}
    empty = objects.join(living, on=OBJECT, how="anti")[OBJECT].sort().to_list()
    return Town(store, beginning.cipher, folder, {key: homes[key] for key in sorted(homes)}, empty)


@pytest.fixture
def town(beginning: Beginning, tmp_path: Path) -> Iterator[Town]:
    """A registry of its own for one test."""
    shutil.copy(beginning.database, tmp_path / "woonregister.db")
    store = open_store(f"sqlite:///{tmp_path / 'woonregister.db'}")
    yield open_town(store, beginning, tmp_path)
    store.close()


@pytest.fixture
def any_town(database_url: str, beginning: Beginning, tmp_path: Path) -> Iterator[Town]:
    """The same on each kind of database, where a test is about what the database does."""
    store = open_store(database_url)
    beginning.take_in(store)
    yield open_town(store, beginning, tmp_path)
    store.close()


def sold(place: int, dwelling: str, *rights: Any, **other: Any) -> Any:
    return brk_test.zaak(brk_test.number(place), dwelling, rights, **other)


def natural(bsn: str, name: str = "A. Jansen") -> Any:
    return brk_test.persoon(bsn, name)


def unlinked(number: str, name: str = "A. Jansen") -> Any:
    return brk_test.persoon(number, name, "kadaster_natuurlijk_persoon")


def test_importing_twice_changes_nothing(any_town: Town) -> None:
    (one, bsn), (two, _) = list(any_town.homes.items())[:2]
    answers = [
        sold(1, one, brk_test.right("1", natural(bsn), stukdelen=["S1"])),
        sold(2, two, brk_test.right("2", brk_test.company(RSIN)), brk_test.right("3", natural(STRANGER))),
        brk_test.stukdeel("S1", "606", "Overdracht", 250000),
    ]
    first, second = any_town.take(*answers), any_town.take(*answers)
    assert first.counts.nieuw > 0
    assert (second.counts.nieuw, second.counts.gewijzigd, second.counts.verdwenen) == (0, 0, 0)
    assert second.counts.ongewijzigd == first.counts.nieuw


def test_the_samples_of_the_kadaster_go_in_and_the_second_time_change_nothing(shared_data: Path, town: Town) -> None:
    for path in sorted((shared_data / "brk").glob("example-*.json")):
        request = ImportRequest("brk", path, PEILDATUM)
        first, again = (run_import(town.store, request, cipher=town.cipher) for _ in range(2))
        assert first.status == again.status == "gelukt"
        assert (again.counts.nieuw, again.counts.gewijzigd) == (0, 0)
        # Pieces of answers are kept as set-aside rows, and nothing else is.
        assert first.uitval == (first.gelezen if "filiatie" in path.name else 0)


def test_no_number_or_name_of_a_person_is_stored_openly(town: Town) -> None:
    one = next(iter(town.homes))
    town.take(sold(1, one, brk_test.right("1", natural(STRANGER, "Zeldzame Naam"))))
    with town.store.read() as connection:
        known = last_run(connection)
        tables = [registers.rechthebbenden, registers.tenaamstellingen, registers.kadastrale_objecten]
        stored = str([read_versions(connection, table, known=known).rows() for table in tables])
        (sealed,) = read_versions(connection, registers.rechthebbenden, ("bsn_versleuteld",), known=known).to_series()
    assert STRANGER not in stored
    assert "Zeldzame" not in stored
    assert town.cipher.decrypt(sealed) == STRANGER


def test_rules_get_transfers_persons_and_ownership(any_town: Town) -> None:
    (one, bsn), (two, _) = list(any_town.homes.items())[:2]
    before = any_town.frames()
    assert before.eigendom.is_empty()
    assert "brk" not in before.bronnen
    any_town.take(
        sold(
            1,
            one,
            brk_test.right("1", natural(bsn), share=(1, 2), stukdelen=["S1"]),
            brk_test.right("2", natural(STRANGER), share=(1, 2), stukdelen=["S1"]),
            koopsom={"koopsom": 250000, "koopjaar": 2019},
        ),
        sold(2, two, brk_test.right("3", brk_test.company(RSIN))),
        brk_test.stukdeel("S1", "606", "Overdracht"),
    )
    found, alone = any_town.frames(), any_town.frames(only=one)
    for frame, schema in (
        (found.overdrachten, frames.OVERDRACHTEN), (found.personen, frames.PERSONEN), (found.eigendom, frames.EIGENDOM),
    ):  # fmt: skip
        assert frame.schema == schema
    assert "brk" in found.bronnen
    transfer = alone.overdrachten.row(0, named=True)
    assert (transfer["inschrijving"], transfer["aard"], transfer["staat"]) == ("2019", "levering", None)
    assert (transfer["inschrijving_eerste"], transfer["inschrijving_laatste"]) == (date(2019, 1, 1), date(2019, 12, 31))
    # The resident who bought is the same person for the BRP and for the BRK.
    resident = any_town.frames(only=one).bewoning.filter(pl.col("persoon").is_in(transfer["verkrijgers"]))
    assert resident[OBJECT].unique().to_list() == [one]
    assert len(transfer["verkrijgers"]) == 2
    assert alone.eigendom["aandeel"].to_list() == [0.5, 0.5]
    assert alone.eigendom["valid_from_eerste"].unique().to_list() == [date(2019, 3, 1)]
    kinds = found.personen.group_by("type").len().sort("type").rows()
    assert kinds == [("natuurlijk_persoon", 2), ("rechtspersoon", 1)]
    assert set(alone.personen["persoon"]) == set(transfer["verkrijgers"])
    assert found.eigendom.filter(pl.col(OBJECT) == one).rows() == alone.eigendom.rows()


def test_an_owner_who_is_no_longer_listed_sold_to_the_next(any_town: Town) -> None:
    one = next(iter(any_town.homes))
    any_town.take(sold(1, one, brk_test.right("1", natural(STRANGER), aanvang="2010-01-04")), leverdatum=EARLIER)
    any_town.take(sold(1, one, brk_test.right("2", natural(OTHER), aanvang="2026-07-15")))
    periods = any_town.frames().eigendom.select("^valid_.*$").sort("valid_from_eerste").rows()
    day, sale = date(2010, 1, 4), date(2026, 7, 15)
    assert periods == [(day, day, EARLIER, sale), (sale, sale, None, None)]


def test_a_withdrawn_delivery_ends_nothing(town: Town) -> None:
    one = next(iter(town.homes))
    town.take(sold(1, one, brk_test.right("1", natural(STRANGER), aanvang="2010-01-04")), leverdatum=EARLIER)
    wrong = town.take(sold(1, one, brk_test.right("2", natural(OTHER), aanvang="2026-07-15")))
    with town.store.read() as connection:
        then = eigendom_of(read_rights(connection, known=wrong.run_id))
    withdraw_run(town.store, wrong.run_id)
    assert town.frames().eigendom.select("^valid_until.*$").rows() == [(None, None)]
    assert town.tenure(one)[0] == "particulier_verhuurd"
    # What was known before it was withdrawn stays as it was.
    with town.store.read() as connection:
        assert eigendom_of(read_rights(connection, known=wrong.run_id)).rows() == then.rows()
    assert then.height == 2


def test_without_a_successor_the_end_lies_between_two_deliveries(town: Town) -> None:
    one = next(iter(town.homes))
    pair = [brk_test.right("1", natural(STRANGER), share=(1, 2)), brk_test.right("2", natural(OTHER), share=(1, 2))]
    town.take(sold(1, one, *pair), leverdatum=EARLIER)
    town.take(sold(1, one, pair[0]))
    ends = town.frames().eigendom.select("valid_until_eerste", "valid_until_laatste").rows()
    assert set(ends) == {(None, None), (EARLIER, PEILDATUM)}
    assert "niet zeker" in town.tenure(one, date(2026, 8, 1))[1]
    assert "minder dan het geheel" in town.tenure(one)[1]


def test_another_object_in_a_later_part_ends_nothing(town: Town) -> None:
    one, two = list(town.homes)[:2]
    town.take(sold(1, one, brk_test.right("1", natural(STRANGER))), leverdatum=EARLIER)
    town.take(sold(2, two, brk_test.right("2", natural(OTHER))))
    assert town.frames().eigendom["valid_until_laatste"].to_list() == [None, None]


def test_a_transfer_after_the_delivery_has_an_unknown_inscription(town: Town) -> None:
    one = next(iter(town.homes))
    holder = brk_test.right("1", natural(STRANGER), aanvang=None, stukdelen=["S1"])
    result = town.take(sold(1, one, holder, koopsom={"koopsom": 1000, "koopjaar": 2027}))
    assert "in_de_toekomst" in set(result.issues["code"])
    transfer = town.frames().overdrachten.row(0, named=True)
    assert (transfer["inschrijving"], transfer["inschrijving_eerste"]) == (None, None)


def test_a_leasehold_and_divided_ground_leave_their_bare_owner_out(town: Town) -> None:
    one, two = list(town.homes)[:2]
    municipality = brk_test.company(OTHER_RSIN, "Gemeente")
    town.take(
        sold(
            1,
            one,
            brk_test.right("1", municipality, aanvang="1950-01-01"),
            brk_test.right("2", natural(town.homes[one]), kind="erfpachter"),
        ),
        sold(2, two, brk_test.right("3", municipality), type="perceel", gesplitstZakelijkRecht="eigenaar"),
        sold(3, two, brk_test.right("4", natural(town.homes[two]))),
    )
    assert [town.tenure(home)[0] for home in (one, two)] == ["eigenaar_bewoner", "eigenaar_bewoner"]
    assert town.frames(only=one).overdrachten["verkrijgers"].list.len().to_list() == [1]
    assert town.frames(only=two).eigendom.height == 1


def test_an_object_with_two_dwellings_and_a_dwelling_with_two_objects(any_town: Town) -> None:
    one, two, three = list(any_town.homes)[:3]
    both = sold(1, one, brk_test.right("1", brk_test.company(RSIN), stukdelen=["S1"]))
    both["adressen"].append({"adresseerbaarObjectIdentificatie": two})
    any_town.take(
        both,
        sold(2, three, brk_test.right("2", brk_test.company(RSIN), stukdelen=["S2"])),
        sold(3, three, brk_test.right("3", brk_test.company(RSIN), stukdelen=["S2"])),
    )
    found = any_town.frames().overdrachten
    assert found["overdracht"].n_unique() == found.height == 3
    assert set(found[OBJECT]) == {one, two, three}


def test_an_address_is_linked_by_what_the_kadaster_knows_best(town: Town) -> None:
    one = next(iter(town.homes))
    with town.store.read() as connection:
        nummers = read_versions(
            connection, registers.verblijfsobjecten, ("verblijfsobject_id", "hoofdadres_id"), known=3
        )
    nummer = nummers.filter(pl.col("verblijfsobject_id") == one)["hoofdadres_id"][0]
    holder = brk_test.right("1", brk_test.company(RSIN))
    lost = {"adresseerbaarObjectIdentificatie": "0606010000099999"}
    town.take(
        sold(1, one, holder, adressen=[lost | {"nummeraanduidingIdentificatie": nummer, "straat": "Anders"}]),
    )
    assert town.frames().eigendom[OBJECT].to_list() == [one]
    result = town.take(sold(2, one, holder, adressen=[lost]))
    assert result.issues.filter(level="uitval")["code"].to_list() == ["adres_onbekend"]
    with town.store.read() as connection:
        kept = read_versions(connection, registers.tenaamstellingen, known=last_run(connection))
    assert kept.height == 2


def test_a_link_that_was_set_aside_comes_back_as_a_row_with_an_address(town: Town) -> None:
    one = next(iter(town.homes))
    lost = {"straat": "Nergensstraat", "huisnummer": 1, "postcode": "9999ZZ"}
    town.take(sold(1, one, brk_test.right("1", brk_test.company(RSIN)), adressen=[lost]))
    assert town.frames().eigendom.is_empty()
    with town.store.read() as connection:
        objects = read_versions(connection, registers.kadastrale_objecten, known=last_run(connection))
    key = objects["adressen"][0][0]
    path = town.folder / "herstel.csv"
    path.write_text(f"Kadastraal object;Adressleutel;BAG-id\n{brk_test.number(1)};{key};{one}\n", encoding="utf-8")
    run_import(town.store, ImportRequest("brk", path, PEILDATUM), cipher=town.cipher)
    assert town.frames().eigendom[OBJECT].to_list() == [one]


@pytest.fixture
def listed(town: Town) -> Town:
    town.take(f"Naam;RSIN;KvK\nWonen;{OTHER_RSIN};24100200\n", bron="corporaties")
    return town


def test_tenure_follows_who_owns_and_who_lives_there(listed: Town) -> None:
    homes, vacant = list(listed.homes), listed.empty[0]
    listed.take(
        sold(1, homes[0], brk_test.right("1", natural(listed.homes[homes[0]]))),
        sold(2, homes[1], brk_test.right("2", natural(STRANGER))),
        sold(3, homes[2], brk_test.right("3", brk_test.company(RSIN))),
        sold(4, homes[3], brk_test.right("4", brk_test.company(OTHER_RSIN))),
        sold(5, homes[4], brk_test.right("5", unlinked("123"))),
        sold(6, homes[5], brk_test.right("6", natural(STRANGER)), brk_test.right("7", natural(OTHER))),
        sold(7, vacant, brk_test.right("8", natural(STRANGER))),
        sold(8, homes[6], brk_test.right("9", brk_test.persoon("77", "VvE", "kadaster_niet_natuurlijk_persoon"))),
        sold(9, homes[7], brk_test.right("10", natural(STRANGER), share=(1, 2)),
             brk_test.right("11", brk_test.company(RSIN), share=(1, 2))),
        sold(10, homes[8], brk_test.right("12", natural(listed.homes[homes[8]]), share=(1, 2)),
             brk_test.right("13", brk_test.company(RSIN), share=(1, 2))),
        {
            "identificatie": "77", "statutaireNaam": "VvE Kade", "rechtsvorm": {"code": "21", "waarde": "VvE"},
            "_links": {"self": {"href": "/kadasternietnatuurlijkpersonen/77"}},
        },
    )  # fmt: skip
    expected = {
        homes[0]: ("eigenaar_bewoner", "ingeschreven"),
        homes[1]: ("particulier_verhuurd", "particulier"),
        homes[2]: ("bedrijf", "rechtspersoon"),
        homes[3]: ("corporatie", "woningcorporatie"),
        homes[4]: ("onbekend", "geen burgerservicenummer"),
        homes[5]: ("onbekend", "meer dan het geheel"),
        vacant: ("onbekend", "niemand"),
        homes[6]: ("onbekend", "vereniging van eigenaren"),
        homes[7]: ("onbekend", "verschillende soort"),
        homes[8]: ("eigenaar_bewoner", "ingeschreven"),
        homes[9]: ("onbekend", "geen eigenaar"),
    }
    for dwelling, (tenure, part) in expected.items():
        found, reason = listed.tenure(dwelling)
        assert (found, part in reason) == (tenure, True), reason
    assert listed.tenure(homes[1], date(2018, 1, 1)) == (
        "onbekend", "In de BRK is op 01-01-2018 geen eigenaar van deze woning bekend.",
    )  # fmt: skip


def test_without_a_list_nobody_is_or_is_not_a_corporatie(town: Town) -> None:
    one = next(iter(town.homes))
    assert town.tenure(one) == ("onbekend", "De BRK is niet ingelezen.")
    town.take(sold(1, one, brk_test.right("1", brk_test.company(RSIN))))
    assert town.tenure(one)[0] == "onbekend"
    assert "lijst" in town.tenure(one)[1]
    assert town.frames().personen["corporatie"].to_list() == [None]


def test_a_sale_known_by_year_leaves_that_year_open(town: Town) -> None:
    one = next(iter(town.homes))
    holder = brk_test.right("1", natural(STRANGER), aanvang="2001-01-01")
    town.take(sold(1, one, holder, koopsom={"koopsom": 1000, "koopjaar": 2020}))
    assert "niet zeker" in town.tenure(one, date(2020, 6, 1))[1]
    with town.store.read() as connection:
        rights = read_rights(connection, known=last_run(connection))
        holders = read_holders(connection, peildatum=PEILDATUM, known=last_run(connection))
    assert rights.select("valid_from_eerste", "valid_from_laatste").row(0) == (date(2020, 1, 1), date(2020, 12, 31))
    assert holders.height == 1
