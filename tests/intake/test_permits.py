"""Permits, clauses, reports and designated areas, from file to the frames that rules read."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.intake.aangewezen import designate
from registry.intake.areas import LIGGING
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.store.engine import ReadConnection, Store, open_store
from registry.store.queries.meldingen import read_meldingen
from registry.store.queries.records import read_gebieden, read_record_frames
from registry.store.queries.runs import last_run
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from rules import frames

PEILDATUM = date(2026, 11, 24)
STRANGER = "999990019"  # a BSN of the test range of RvIG that nobody in the demo has
OBJECT = "adresseerbaar_object_id"


@dataclass(frozen=True, slots=True)
class Town:
    """A registry with BAG, areas and BRP of a small municipality."""

    store: Store
    cipher: BsnCipher
    folder: Path
    objects: list[str]
    resident: tuple[str, str]  # BSN and A-nummer

    def take(self, bron: str, text: str, **how: str) -> ImportResult:
        """Import a list."""
        path = self.folder / f"{bron}.csv"
        path.write_text(text, encoding="utf-8")
        request = ImportRequest(bron, path, leverdatum=PEILDATUM, **how)  # type: ignore[arg-type]
        return run_import(self.store, request, cipher=self.cipher)


@pytest.fixture(scope="module")
def filled(module_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, BsnCipher, Path]:
    """The town that every test begins with: its registry, keys and files."""
    folder = tmp_path_factory.mktemp("gemeente")
    manifest = make_municipality(folder, woningen=60, peildatum=PEILDATUM)
    store, cipher = open_store(module_url), BsnCipher(generate_keys())
    for bron in ("bag", "gebieden", "brp"):
        leverdatum = None if bron == "bag" else PEILDATUM
        run_import(store, ImportRequest(bron, folder / manifest.bestanden[bron], leverdatum), cipher=cipher)
    store.close()
    return module_url, cipher, folder


@pytest.fixture
def town(filled: tuple[str, BsnCipher, Path], copy_registry: Callable[[str], str], tmp_path: Path) -> Iterator[Town]:
    url, cipher, files = filled
    folder = tmp_path / "gemeente"
    shutil.copytree(files, folder)
    line = (folder / "brp.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(";")
    store = open_store(copy_registry(url))
    with store.read() as connection:
        objects = read_record_frames(connection, peildatum=PEILDATUM, known=3).adresseerbare_objecten
    found = objects.filter(objecttype="verblijfsobject")[OBJECT].sort().to_list()
    yield Town(store, cipher, folder, found, (line[2], line[1]))
    store.close()


def now(connection: ReadConnection) -> int:
    return last_run(connection)


def test_permits_come_out_as_the_frame_that_rules_read(town: Town) -> None:
    one, other = town.objects[:2]
    text = (
        "Zaaknummer;BAG-id;Soort;Grond;Status;Aangevraagd op;Besluit op;T/m;Gebruiksvorm;BSN houder\n"
        f"Z-1;{one};opkoopbescherming;familie;verleend;01-03-2024;12-04-2024;30-04-2025;verhuur;{STRANGER}\n"
        f"Z-2;{other};omzettingsvergunning;;aangevraagd;01-10-2026;;;;\n"
        f"Z-3;{other};omzetting;;verleend;;;;;\n"
    )
    result = town.take("vergunningen", text)
    assert (result.counts.nieuw, result.uitval, result.levering) == (2, 1, "stand")
    with town.store.read() as connection:
        got = read_record_frames(connection, peildatum=PEILDATUM, known=now(connection))
        alone = read_record_frames(connection, peildatum=PEILDATUM, known=now(connection), only=other)
        before = read_record_frames(connection, peildatum=PEILDATUM, known=3)
        stored = read_versions(connection, registers.vergunningen, known=now(connection))
    assert got.vergunningen.schema == frames.VERGUNNINGEN
    assert got.vergunningen.drop_nulls("grond").row(0) == (
        "Z-1", one, "opkoopbescherming", "familie", "verleend", date(2024, 3, 1), None, date(2024, 4, 12),
        date(2024, 4, 12), date(2025, 5, 1), "verhuur", None,
    )  # fmt: skip
    assert alone.vergunningen["vergunning"].to_list() == ["Z-2"]
    assert "vergunningen" in got.bronnen
    assert before.vergunningen.is_empty()
    assert "vergunningen" not in before.bronnen
    # The holder is a keyed hash and an encrypted number; nothing else of him is kept.
    assert STRANGER not in str(stored.rows())
    assert stored.sort("vergunning")["houder"][0] == town.cipher.hash(f"bsn:{STRANGER}")
    assert town.cipher.decrypt(stored.sort("vergunning")["houder_bsn_versleuteld"][0]) == STRANGER


def clauses(town: Town, *, exemption: str = "echtscheiding;01-01-2024") -> str:
    one, other, third = town.objects[:3]
    bsn = town.resident[0]
    return (
        "Bedingnummer;BAG-id;Soort;BSN debiteur;RSIN debiteur;Datum akte;Aanvang;Datum aanvang;Jaren;Ontheffing reden;"
        "Ontheffing van\n"
        f"B-1;{one};zelfbewoning;{bsn};;02-05-2023;levering;02-05-2023;2;{exemption}\n"
        f"B-2;{other};antispeculatie;;001000020;02-05-2023;levering;02-05-2023;;;\n"
        f"B-3;{third};zelfbewoning;{STRANGER};;02-05-2023;levering;02-05-2023;3;werk;01-02-2024\n"
    )


def test_the_debtor_of_a_clause_is_the_person_of_the_brp(town: Town) -> None:
    town.take("bedingen", clauses(town))
    with town.store.read() as connection:
        got = read_record_frames(connection, peildatum=PEILDATUM, known=now(connection))
        alone = read_record_frames(connection, peildatum=PEILDATUM, known=now(connection), only=town.objects[0])
    assert got.bedingen.schema == frames.BEDINGEN
    assert got.ontheffingen.schema == frames.ONTHEFFINGEN
    debtors = dict(got.bedingen.select("beding", "debiteur").iter_rows())
    assert debtors == {
        "B-1": town.cipher.hash(town.resident[1]),  # the pseudonym of his persoonslijst
        "B-2": town.cipher.hash("rsin:001000020"),
        "B-3": town.cipher.hash(f"bsn:{STRANGER}"),
    }
    assert debtors["B-1"] in got.bewoning["persoon"].to_list()
    assert got.bedingen["maanden"].to_list() == [24, None, 36]
    assert got.ontheffingen.rows() == [
        ("B-1", "echtscheiding", date(2024, 1, 1), None),
        ("B-3", "werk", date(2024, 2, 1), None),
    ]
    assert alone.bedingen["beding"].to_list() == alone.ontheffingen["beding"].to_list() == ["B-1"]


def test_a_company_named_by_kvk_number_is_the_one_of_the_brk(town: Town) -> None:
    one = town.objects[0]
    town.take(
        "brk",
        "Kadastrale aanduiding;BAG-id;Aard recht;RSIN;KvK;Naam\n"
        f"SDM00 A 1;{one};eigendom;001000020;12345678;Verzonnen BV\n",
    )
    town.take(
        "bedingen",
        "Bedingnummer;BAG-id;Soort;KvK debiteur;Datum akte\n"
        f"B-1;{one};zelfbewoning;12345678;02-05-2023\n"
        f"B-2;{one};antispeculatie;87654321;02-05-2023\n",
    )
    with town.store.read() as connection:
        got = read_record_frames(connection, peildatum=PEILDATUM, known=now(connection))
    assert got.bedingen["debiteur"].to_list() == [
        town.cipher.hash("rsin:001000020"),
        town.cipher.hash("kvk:87654321"),
    ]
    assert got.bedingen["debiteur"][0] == got.eigendom["persoon"][0]


def test_every_list_twice_changes_nothing_and_what_is_gone_is_only_reported(town: Town) -> None:
    lists = {
        "vergunningen": f"BAG-id;Soort;Status;Besluit op\n{town.objects[0]};splitsing;verleend;01-01-2020\n",
        "bedingen": clauses(town),
        "meldingen": f"BAG-id;Datum;Soort;Onderwerp\n{town.objects[0]};01-10-2026;melding;kamerverhuur\n",
        "aangewezen_gebieden": "Gebied;CBS-code;Van\nOOST;WK060601;01-11-2022\n",
    }
    for bron, text in lists.items():
        first, again = town.take(bron, text), town.take(bron, text)
        assert first.counts.nieuw > 0
        assert (again.counts.nieuw, again.counts.gewijzigd, again.counts.verdwenen) == (0, 0, 0)
        assert again.counts.ongewijzigd == first.counts.nieuw
    without_exemption = clauses(town, exemption=";")
    result = town.take("bedingen", without_exemption)
    assert result.per_table["ontheffingen"].verdwenen == 1
    with town.store.read() as connection:
        kept = read_record_frames(connection, peildatum=PEILDATUM, known=now(connection)).ontheffingen
    assert kept.height == 2  # silence ends no exemption


def test_an_address_that_does_not_link_comes_back_under_its_own_headers(town: Town) -> None:
    headers = "Zaaknummer;Postcode;Huisnummer;Soort;Status;Besluit op;KvK"
    text = f"{headers}\nZ-9;9999 ZZ;1;splitsing;verleend;01-01-2020;12345678\n"
    result = town.take("vergunningen", text)
    assert result.uitval == 1
    [row] = result.issues["row"].drop_nulls().to_list()
    assert all(part in row for part in ('"Zaaknummer":"Z-9"', '"KvK":"12345678"', '"Besluit op":"2020-01-01"'))


def test_reports_are_asked_until_a_day_and_are_no_fact_of_a_rule(town: Town) -> None:
    one = town.objects[0]
    text = (
        "Meldingsnummer;BAG-id;Datum;Soort;Onderwerp;Kanaal;Melder\n"
        f"M-1;{one};01-10-2026;melding;kamerverhuur;website;A. Verzonnen\n"
        f"M-2;{one};24-11-2026;handhavingsverzoek;leegstand;brief;A. Verzonnen\n"
        f"M-3;{town.objects[1]};25-11-2026;melding;onderhoud;;A. Verzonnen\n"
    )
    town.take("meldingen", text)
    with town.store.read() as connection:
        until = read_meldingen(connection, known=now(connection), until=PEILDATUM)
        alone = read_meldingen(connection, known=now(connection), until=date(2026, 11, 25), only=town.objects[1])
        stored = read_versions(connection, registers.meldingen, known=now(connection))
    assert until["melding"].to_list() == ["M-2", "M-1"]
    assert alone["melding"].to_list() == ["M-3"]
    assert "Verzonnen" not in str(stored.rows())


def test_dwellings_lie_in_a_designated_area_by_cbs_code_and_by_postcode(town: Town) -> None:
    text = (
        "Gebied;CBS-code;Postcode;Van;Tot\n"
        "OOST;BU06060101;;01-03-2026;\n"
        "OOST;BU06060102;;01-03-2026;01-06-2026\n"
        "CENTRUM;;3190;01-03-2026;\n"
    )
    town.take("aangewezen_gebieden", text)
    with town.store.read() as connection:
        known = now(connection)
        of_day = {
            day: read_gebieden(connection, peildatum=day, known=known)
            for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 1))
        }
        objects = read_record_frames(connection, peildatum=PEILDATUM, known=known).adresseerbare_objecten
    first, last = of_day[date(2026, 3, 1)], of_day[date(2026, 6, 1)]
    inside = first.filter(gebied_code="OOST")[OBJECT].sort()
    buurten = first.filter(pl.col("gebied_code").is_in(["BU06060101", "BU06060102"]))[OBJECT].sort()
    assert inside.to_list() == buurten.to_list()
    assert inside.len() > 10
    assert set(last.filter(gebied_code="OOST")[OBJECT]) == set(last.filter(gebied_code="BU06060101")[OBJECT])
    assert of_day[date(2026, 2, 28)].filter(soort="eigen").is_empty()
    assert objects.filter(pl.col("gebieden").list.contains("CENTRUM")).height > 10


def test_own_polygons_beside_the_cbs_do_not_make_buurten_disappear(town: Town) -> None:
    [cbs] = town.folder.glob("gebieden-*.geojson")
    features = json.loads(cbs.read_text(encoding="utf-8"))["features"]
    [buurt] = [feature for feature in features if feature["properties"]["code"] == "BU06060103"]
    buurt["properties"] = {"code": "KANSRIJK", "naam": "Kansrijk", "soort": "eigen", "jaar": 2026}
    path = town.folder / "eigen.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [buurt]}), encoding="utf-8")
    result = run_import(town.store, ImportRequest("gebieden", path, leverdatum=PEILDATUM), cipher=town.cipher)
    assert (result.counts.nieuw, result.counts.verdwenen) == (1, 0)
    with town.store.read() as connection:
        lying = read_gebieden(connection, peildatum=PEILDATUM, known=now(connection))
    members = {code: set(lying.filter(gebied_code=code)[OBJECT]) for code in ("KANSRIJK", "BU06060103")}
    assert members["KANSRIJK"] == members["BU06060103"] != set()


def test_an_area_counts_only_while_object_and_part_both_do() -> None:
    ligging = pl.DataFrame(
        [
            ("O1", "WK060601", "wijk", date(2015, 1, 1), date(2023, 1, 1)),
            ("O2", "WK060602", "wijk", date(2015, 1, 1), None),
        ],
        schema=LIGGING,
        orient="row",
    )
    adressen = pl.DataFrame(
        [("O1", "3117AB", date(2023, 1, 1), None), ("O2", None, date(2015, 1, 1), None)],
        schema={OBJECT: pl.String, "postcode": pl.String, "valid_from": pl.Date, "valid_until": pl.Date},
        orient="row",
    )
    parts = pl.DataFrame(
        [("OOST", "WK060601", date(2022, 11, 1), None), ("OOST", "3117", date(2022, 11, 1), date(2024, 1, 1)),
         ("LATER", "WK060602", date(2030, 1, 1), None)],
        schema={"gebied_code": pl.String, "onderdeel": pl.String, "valid_from": pl.Date, "valid_until": pl.Date},
        orient="row",
    )  # fmt: skip
    # Two parts that touch make one period of membership.
    assert designate(ligging, adressen, parts).sort(OBJECT).rows() == [
        ("O1", "OOST", "eigen", date(2022, 11, 1), date(2024, 1, 1)),
        ("O2", "LATER", "eigen", date(2030, 1, 1), None),
    ]


DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 12))
PERIODS = st.tuples(DAYS, st.none() | DAYS).filter(lambda pair: pair[1] is None or pair[0] < pair[1])


@given(
    lying=st.lists(
        st.tuples(st.sampled_from(["O1", "O2"]), st.sampled_from(["WK060601", "BU06060101"]), PERIODS), max_size=4
    ),
    addressed=st.lists(
        st.tuples(st.sampled_from(["O1", "O2"]), st.sampled_from(["3117AB", "3118CD", None]), PERIODS), max_size=4
    ),
    designated=st.lists(
        st.tuples(
            st.sampled_from(["OOST", "WEST"]),
            st.sampled_from(["WK060601", "BU06060101", "3117", "3117AB", "3118CD"]),
            PERIODS,
        ),
        max_size=5,
        unique_by=lambda part: (part[0], part[1], part[2][0]),
    ),
)
def test_membership_is_what_a_day_by_day_reading_says(
    lying: list[Any], addressed: list[Any], designated: list[Any]
) -> None:
    def frame(rows: list[Any], *names: str) -> pl.DataFrame:
        schema = dict.fromkeys(names, pl.String()) | {"valid_from": pl.Date(), "valid_until": pl.Date()}
        return pl.DataFrame([(*row[:2], *row[2]) for row in rows], schema=schema, orient="row")

    found = designate(
        frame(lying, OBJECT, "gebied_code"),
        frame(addressed, OBJECT, "postcode"),
        frame(designated, "gebied_code", "onderdeel"),
    )

    def holds(period: tuple[date, date | None], day: date) -> bool:
        return period[0] <= day and (period[1] is None or day < period[1])

    for day in (date(2020, 1, 1) + timedelta(days=number) for number in range(13)):
        parts = {(thing, code) for thing, code, period in lying if holds(period, day)}
        parts |= {(thing, text) for thing, text, period in addressed if text and holds(period, day)}
        parts |= {(thing, text[:4]) for thing, text, period in addressed if text and holds(period, day)}
        expected = {
            (thing, code)
            for code, part, period in designated
            if holds(period, day)
            for thing, own in parts
            if own == part
        }
        on_day = found.filter(
            pl.col("valid_from") <= day, pl.col("valid_until").is_null() | (pl.col("valid_until") > day)
        )
        assert sorted(on_day.select(OBJECT, "gebied_code").iter_rows()) == sorted(expected)  # each once
