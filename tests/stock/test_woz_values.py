"""What a dwelling was worth on a day: the rule by published cases and a plain reading, and through the registry."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from registry.cli import main
from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.errors import UsageError
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.stock.woz import Verdict, find_value, judge_values
from registry.store.engine import Store, open_store
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import last_run, read_issues
from registry.store.queries.woz import read_woz_history, read_woz_waarden
from rules import frames
from rules.derivations.woz import woz_on

PEILDATUM = date(2026, 11, 1)
HOME = "0606010000000001"
HISTORY = pl.Schema(
    {
        "woz_object": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "waardepeildatum": pl.Date(),
        "ingangsdatum": pl.Date(),
        "waarde": pl.Int64(),
        "beschikkingsstatussen": pl.List(pl.String()),
        "bezwaar": pl.Boolean(),
    }
)
TAKEN, ANNULLED, REVISED, OBJECTED = "01", "02", "03", "10"
Value = tuple[str, str, int, str]  # waardepeildatum, ingangsdatum, euro, statuses

# The rules of Haal Centraal WOZ bevragen 1.0 (features/waarden.feature), each as what is delivered and what remains.
PUBLISHED: dict[str, tuple[list[Value], list[int]]] = {
    "een waarde": ([("2020-01-01", "2021-01-01", 300, TAKEN)], [300]),
    "per waardepeildatum de laatste ingangsdatum": (
        [("2020-01-01", "2021-01-01", 300, TAKEN), ("2020-01-01", "2021-06-01", 310, REVISED)], [310],
    ),
    "ook als de latere eerder is geleverd": (
        [("2020-01-01", "2021-06-01", 310, REVISED), ("2020-01-01", "2021-01-01", 300, TAKEN)], [310],
    ),
    "de laatste waardepeildatum gaat voor": (
        [("2019-01-01", "2021-06-01", 290, TAKEN), ("2020-01-01", "2021-01-01", 300, TAKEN)], [300],
    ),
    "een vernietigde beschikking telt niet": (
        [("2019-01-01", "2020-01-01", 290, TAKEN), ("2020-01-01", "2021-01-01", 300, ANNULLED)], [290],
    ),
    "een vernietigde herziening laat de eerdere gelden": (
        [("2020-01-01", "2021-01-01", 300, TAKEN), ("2020-01-01", "2021-06-01", 310, ANNULLED)], [300],
    ),
    "vernietigd naast een andere status telt wel": ([("2020-01-01", "2021-01-01", 300, "02 03")], [300]),
    "alleen vernietigde waarden": ([("2020-01-01", "2021-01-01", 300, ANNULLED)], []),
    "zonder status telt een waarde": ([("2020-01-01", "2021-01-01", 300, "")], [300]),
    "bezwaar verandert niets aan de keuze": (
        [("2020-01-01", "2021-01-01", 300, TAKEN), ("2020-01-01", "2021-06-01", 310, OBJECTED)], [310],
    ),
}  # fmt: skip


def history(values: list[tuple[str, Value]]) -> pl.DataFrame:
    rows = [
        (number, HOME, date.fromisoformat(peil), date.fromisoformat(start), euro, statuses.split() or None, None)
        for number, (peil, start, euro, statuses) in values
    ]
    return pl.DataFrame(rows, HISTORY, orient="row")


def counting(judged: pl.DataFrame) -> pl.DataFrame:
    return judged.filter(oordeel=Verdict.TELT.value)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_cases(name: str) -> None:
    values, expected = PUBLISHED[name]
    judged = judge_values(history([("060600000001", value) for value in values]), date(2022, 1, 1))
    assert counting(judged)["waarde"].to_list() == expected
    assert judged.height == len(values)


@pytest.mark.parametrize(
    ("op", "expected"),
    [("2020-12-31", []), ("2021-01-01", [300]), ("2021-05-31", [300]), ("2021-06-01", [310]), ("2022-01-01", [320])],
)
def test_a_value_counts_from_its_ingangsdatum(op: str, expected: list[int]) -> None:
    """A revision does not reach back before its ingangsdatum: a deed of May 2021 is judged by what then counted."""
    values = [
        ("2020-01-01", "2021-01-01", 300, TAKEN), ("2020-01-01", "2021-06-01", 310, REVISED),
        ("2021-01-01", "2022-01-01", 320, TAKEN),
    ]  # fmt: skip
    judged = judge_values(history([("060600000001", value) for value in values]), date.fromisoformat(op))
    assert counting(judged)["waarde"].to_list() == expected


def test_every_value_says_why() -> None:
    values = [
        ("2022-01-01", "2023-01-01", 330, TAKEN), ("2021-01-01", "2022-06-01", 322, TAKEN),
        ("2021-01-01", "2022-01-01", 320, TAKEN), ("2021-01-01", "2021-01-01", 321, ANNULLED),
        ("2020-01-01", "2021-01-01", 300, TAKEN),
    ]  # fmt: skip
    judged = judge_values(history([("060600000001", value) for value in values]), date(2022, 7, 1))
    assert judged.select("waarde", "oordeel").rows() == [
        (330, "nog niet ingegaan"), (322, "telt"), (320, "vervangen door een latere ingangsdatum"),
        (321, "beschikking vernietigd"), (300, "oudere waardepeildatum"),
    ]  # fmt: skip


YEARS = st.sampled_from(["2019-01-01", "2020-01-01", "2021-01-01"])
STARTS = st.sampled_from(["2021-01-01", "2021-02-01", "2022-01-01", "2023-01-01"])
STATUSES = st.sampled_from(["", TAKEN, ANNULLED, "02 10", OBJECTED])
NUMBERS = st.sampled_from(["060600000001", "060600000002"])
VALUES = st.lists(
    st.tuples(NUMBERS, st.tuples(YEARS, STARTS, st.integers(2, 10**6), STATUSES)),
    max_size=10,
    unique_by=lambda item: (item[0], item[1][0], item[1][1]),
)


@given(VALUES, st.dates(date(2020, 12, 1), date(2023, 2, 1)))
def test_the_choice_is_that_of_a_plain_reading(values: list[tuple[str, Value]], op: date) -> None:
    judged = judge_values(history(values), op)
    started = [
        (number, value) for number, value in values if value[3] != ANNULLED and date.fromisoformat(value[1]) <= op
    ]
    expected = {}
    if started:
        latest = max(value[0] for _, value in started)
        for number, value in sorted(started, key=lambda item: item[1][1]):
            if value[0] == latest:
                expected[number] = value[2]
    assert dict(counting(judged).select("woz_object", "waarde").iter_rows()) == expected
    assert sorted(judged["waarde"]) == sorted(value[2] for _, value in values)


@given(VALUES.map(lambda values: [(number, value) for number, value in values if number == "060600000001"]),
       st.dates(date(2020, 12, 1), date(2023, 2, 1)))  # fmt: skip
def test_rules_choose_the_same_value(values: list[tuple[str, Value]], op: date) -> None:
    rows = history(values)
    chosen = counting(judge_values(rows, op))["waarde"].to_list()
    annulled = [value[3] == ANNULLED for _, value in values]
    frame = rows.filter(~pl.Series(annulled, dtype=pl.Boolean)).with_columns(aantal_objecten=1, aantal_woz=1)
    days = pl.DataFrame({"adresseerbaar_object_id": [HOME], "dag": [op]})
    asked = woz_on(frame.select(frames.WOZ_WAARDEN.names()).cast(frames.WOZ_WAARDEN), days)
    assert [int(value) for value in asked["woz_laag"].drop_nulls()] == chosen
    assert [int(value) for value in asked["woz_hoog"].drop_nulls()] == chosen


@given(
    waarde=st.none() | st.integers(0, 10**6),
    bezwaar=st.none() | st.booleans(),
    aantal_objecten=st.none() | st.integers(1, 3),
    aantal_woz=st.none() | st.integers(1, 3),
)
def test_one_value_says_what_the_same_value_told_twice_says(**told: int | bool | None) -> None:
    day = {"waardepeildatum": date(2021, 1, 1), "ingangsdatum": date(2022, 1, 1)}
    one = pl.DataFrame([{"adresseerbaar_object_id": HOME, "woz_object": "1", **day, **told}], schema=frames.WOZ_WAARDEN)
    days = pl.DataFrame({"adresseerbaar_object_id": [HOME], "dag": [date(2022, 6, 1)]})
    assert_frame_equal(woz_on(one, days), woz_on(pl.concat([one, one]), days))


@dataclass(frozen=True, slots=True)
class Town:
    """A registry with the BAG of a small municipality."""

    store: Store
    folder: Path
    homes: list[str]
    cipher: BsnCipher

    def take(self, name: str, content: str) -> ImportResult:
        """Import WOZ values."""
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return run_import(self.store, ImportRequest("woz", path, leverdatum=PEILDATUM), cipher=self.cipher)

    def known(self) -> int:
        """The last run."""
        with self.store.read() as connection:
            return last_run(connection)

    def waarden(self, only: str | None = None, known: int | None = None) -> pl.DataFrame:
        """The frame that rules read."""
        with self.store.read() as connection:
            return read_woz_waarden(connection, known=known or last_run(connection), only=only)


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    manifest = make_municipality(tmp_path / "gemeente", woningen=60, peildatum=PEILDATUM)
    store = open_store(database_url)
    bag = ImportRequest("bag", tmp_path / "gemeente" / manifest.bestanden["bag"])
    run_import(store, bag, cipher=BsnCipher(generate_keys()))
    with store.read() as connection:
        objects = read_record_frames(connection, peildatum=PEILDATUM, known=1).adresseerbare_objecten
    homes = objects.filter(objecttype="verblijfsobject")["adresseerbaar_object_id"].sort().to_list()
    yield Town(store, tmp_path, homes, BsnCipher(generate_keys()))
    store.close()


HEAD = "WOZ-objectnummer;BAG-id;Waardepeildatum;Ingangsdatum;WOZ-waarde;Status\n"


def test_values_reach_the_rules_and_a_second_import_changes_nothing(town: Town) -> None:
    one, two, three = town.homes[:3]
    text = HEAD + (
        f"060600000001;{one};01-01-2024;01-01-2025;200000;01\n"
        f"060600000001;{one};01-01-2024;01-07-2025;190000;12\n"
        f"060600000001;{one};01-01-2023;01-01-2024;180000;02\n"
        f"060600000002;{two};01-01-2024;01-01-2025;500000;10\n"
        f"060600000002;{three};01-01-2024;01-01-2025;500000;10\n"
        f"060600000003;{three};01-01-2024;01-01-2025;1;01\n"
        "060600000004;0606010000999999;01-01-2024;01-01-2025;100000;01, 03\n"
    )
    first = town.take("woz.csv", text)
    assert (first.counts.nieuw, first.uitval, first.levering) == (6, 1, "deel")
    assert first.issues.filter(level="uitval")["code"].to_list() == ["adres_onbekend"]
    with town.store.read() as connection:
        [kept] = read_issues(connection, first.run_id, level="uitval")["row"].to_list()
    assert json.loads(town.cipher.decrypt(kept)) == {
        "WOZ-objectnummer": "060600000004", "BAG-id": "0606010000999999", "Waardepeildatum": "2024-01-01",
        "Ingangsdatum": "2025-01-01", "WOZ-waarde": "100000", "Status": "01 03",
    } | dict.fromkeys(("Nummeraanduiding", "Adres", "Straat", "Huisnummer", "Toevoeging", "Postcode", "Woonplaats")) | {
        "Bezwaar": "false"
    }  # fmt: skip
    frame = town.waarden()
    assert frame.schema == frames.WOZ_WAARDEN
    assert frame.select(pl.exclude("waardepeildatum")).rows() == [
        (one, "060600000001", date(2025, 1, 1), 200_000, False, 1, 1),
        (one, "060600000001", date(2025, 7, 1), 190_000, False, 1, 1),
        (two, "060600000002", date(2025, 1, 1), 500_000, True, 2, 1),
        (three, "060600000002", date(2025, 1, 1), 500_000, True, 2, 2),
        (three, "060600000003", date(2025, 1, 1), None, False, 1, 2),
    ]
    with town.store.read() as connection:
        whole = read_record_frames(connection, peildatum=PEILDATUM, known=first.run_id)
        alone = read_record_frames(connection, peildatum=PEILDATUM, known=first.run_id, only=three)
    assert whole.woz_waarden.equals(frame)
    assert alone.woz_waarden.equals(frame.filter(adresseerbaar_object_id=three))
    assert "woz" in whole.bronnen
    again = town.take("woz.csv", text)
    assert (again.counts.nieuw, again.counts.gewijzigd, again.counts.ongewijzigd) == (0, 0, 6)


def test_a_correction_supersedes_and_the_history_stays(town: Town) -> None:
    one = town.homes[0]
    before = town.take("woz.csv", HEAD + f"060600000001;{one};01-01-2024;01-01-2025;200000;10\n").run_id
    after = town.take("woz.csv", HEAD + f"060600000001;{one};01-01-2024;01-01-2025;185000;12\n")
    assert (after.counts.nieuw, after.counts.gewijzigd) == (0, 1)
    assert town.waarden().select("waarde", "bezwaar").rows() == [(185_000, False)]
    assert town.waarden(known=before).select("waarde", "bezwaar").rows() == [(200_000, True)]
    town.take("woz2.csv", HEAD + f"060600000001;{one};01-01-2025;01-01-2026;210000;01\n")
    with town.store.read() as connection:
        kept = read_woz_history(connection, known=town.known(), only=one)
        answers = [find_value(connection, one, op=op, known=town.known()).waarde
                   for op in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1))]  # fmt: skip
    assert sorted(kept["waarde"]) == [185_000, 210_000]
    assert answers == [None, 185_000, 185_000, 210_000]


def answer(town: Town, home: str, op: date = PEILDATUM) -> Any:
    with town.store.read() as connection:
        return find_value(connection, home, op=op, known=town.known())


def test_what_makes_a_value_unknown_or_shared_is_said(town: Town) -> None:
    one, two, three, four = town.homes[:4]
    assert answer(town, one).redenen == ["De WOZ is nooit ingelezen: de waarde is onbekend."]
    town.take(
        "woz.csv",
        HEAD
        + f"060600000001;{one};01-01-2024;01-01-2025;200000;01\n060600000002;{one};01-01-2024;01-01-2025;300000;01\n"
        f"060600000003;{two};01-01-2024;01-01-2025;0;01\n060600000003;{three};01-01-2024;01-01-2025;0;01\n"
        f"060600000004;{three};01-01-2025;01-01-2026;400000;10\n060600000004;{two};01-01-2025;01-01-2026;400000;10\n",
    )
    two_objects, shared, none = answer(town, one), answer(town, two), answer(town, four)
    assert (two_objects.waarde, two_objects.woz_objecten) == (None, ["060600000001", "060600000002"])
    assert "2 WOZ-objecten" in two_objects.redenen[0]
    assert (shared.waarde, shared.voor_woningen, shared.bezwaar) == (400_000, 2, True)
    assert ["niet verdeeld" in reason for reason in shared.redenen] == [False, True, False]
    assert "bezwaar of beroep" in shared.redenen[2]
    undetermined = answer(town, two, date(2025, 6, 1))
    assert (undetermined.waarde, undetermined.waardepeildatum) == (None, date(2024, 1, 1))
    assert "niet bepaald" in undetermined.redenen[1]
    assert (none.waarde, none.redenen) == (
        None,
        ["Voor deze woning is geen WOZ-waarde geleverd: de waarde is onbekend."],
    )
    early = answer(town, two, date(2024, 6, 1))
    assert (early.waarde, early.woz_objecten) == (None, [])
    assert "nog geen" in early.redenen[0]


def test_an_object_that_does_not_exist_is_no_dwelling_of_unknown_value(town: Town) -> None:
    with pytest.raises(UsageError, match="geen verblijfsobject"):
        answer(town, "0606010000999999")


def test_the_command_line_answers(
    town: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = town.homes[0]
    url = town.store.engine.url.render_as_string(hide_password=False)
    town.take("woz.csv", HEAD + f"060600000001;{one};01-01-2024;01-01-2025;250000;01 10\n")

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["woonregister", "woz", one, "--database-url", url, *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        assert not left.value.code
        return capsys.readouterr().out

    said = run("--op", "2025-03-01")
    assert f"WOZ-waarde van {one} op 01-03-2025: € 250.000" in said
    assert "Er loopt bezwaar of beroep" in said
    parsed = json.loads(run("--op", "2025-03-01", "--json"))
    assert (parsed["waarde"], parsed["waardepeildatum"], parsed["bezwaar"]) == (250_000, "2024-01-01", True)
    assert [row["oordeel"] for row in parsed["waarden"]] == ["telt"]
    assert "onbekend" in run("--op", "2024-03-01")
