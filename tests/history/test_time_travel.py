"""Time travel, statefully: imports, corrections, re-imports and withdrawals in any order, on both databases.

Whatever happens: an earlier answer never changes, nothing that was recorded is lost, of every key at most one version
is believed at any moment, and no two believed voorkomens of a dwelling, or stays of a person in it, share a day.
"""

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deliveries import (
    DWELLINGS,
    HISTORY,
    NUMBERS,
    PEOPLE,
    Voorkomen,
    all_rows,
    bag,
    believed,
    brp,
    same,
    take,
    vaststellingen,
)
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from registry.crypto import BsnCipher
from registry.errors import SourceRefusedError, UsageError
from registry.intake import derive
from registry.intake.run import ImportResult
from registry.intake.withdraw import withdraw_run
from registry.store.engine import Store
from registry.store.queries.runs import last_run
from registry.store.queries.versions import read_versions
from registry.store.tables import metadata, registers

START = date(2026, 1, 15)
dwellings = st.integers(0, len(NUMBERS) - 1)
areas = st.integers(20, 120)


class _RolledBackError(Exception):
    """Leaves a transaction of which nothing may remain."""


class TimeTravel(RuleBasedStateMachine):
    """A registry that deliveries of a small town reach, and what it answered after each of them."""

    def __init__(self, store: Store, cipher: BsnCipher, folder: Path) -> None:
        super().__init__()
        self.store, self.cipher, self.folder = store, cipher, folder
        self.day = START
        self.bag = [Voorkomen(0, 1, "2010-01-01", None, 60), Voorkomen(1, 1, "2012-01-01", None, 80)]
        self.homes: dict[int, tuple[int, str]] = {}
        self.facts: dict[int, tuple[int, int]] = {}
        self.answers: dict[int, dict[str, pl.DataFrame]] = {}
        self.rows: dict[tuple[str, int], tuple[Any, ...]] = {}
        self.went_in: list[tuple[int, str]] = []  # the deliveries that count: run and source
        self._empty()

    @initialize()
    def begin(self) -> None:
        self._deliver("bag", bag(self.folder, self.day.isoformat(), self.bag))
        self.dwelling_changes(
            dwelling=0, area=45, days=3
        )  # so that withdrawing the last delivery brings something back

    @rule(dwelling=dwellings, area=areas, days=st.integers(1, 40))
    def dwelling_changes(self, dwelling: int, area: int, days: int) -> None:
        """The next extract: the open voorkomen of a dwelling has ended, and a new one began."""
        self.day += timedelta(days=days)
        day = self.day.isoformat()
        [latest] = [one for one in self.bag if one.dwelling == dwelling and one.tot is None]
        self.bag[self.bag.index(latest)] = replace(latest, tot=day)
        self.bag.append(Voorkomen(dwelling, latest.number + 1, day, None, area))
        self._deliver("bag", bag(self.folder, day, self.bag))

    @rule(place=st.integers(0, 9), area=areas)
    def extract_is_corrected(self, place: int, area: int) -> None:
        """The extract of the same day again, with another area in one voorkomen."""
        place %= len(self.bag)
        self.bag[place] = replace(self.bag[place], oppervlakte=area)
        self._deliver("bag", bag(self.folder, self.day.isoformat(), self.bag))

    @rule(back=st.integers(1, 60))
    def older_extract_arrives(self, back: int) -> None:
        """An older extract, as it was then."""
        day = (self.day - timedelta(days=back)).isoformat()
        then = [replace(one, tot=None if (one.tot or "") > day else one.tot) for one in self.bag if one.van <= day]
        self._deliver("bag", bag(self.folder, day, then))

    @rule(
        homes=st.dictionaries(
            st.integers(0, len(PEOPLE) - 1),
            st.tuples(dwellings, st.sampled_from(["20150808", "20260102", "20200000"])),
            min_size=1,
        )
    )
    def people_are_delivered(self, homes: dict[int, tuple[int, str]]) -> None:
        self.homes = homes
        self._deliver("brp", brp(self.folder, homes), levering="stand")

    @rule(number=st.integers(1, 3), dwelling=dwellings, area=areas)
    def fact_is_established(self, number: int, dwelling: int, area: int) -> None:
        """A new fact, or a correction of an earlier one."""
        self._deliver("vaststellingen", vaststellingen(self.folder, {number: (dwelling, area)}), levering="deel")

    @precondition(lambda self: self.went_in)
    @rule(place=st.integers(0, 30))
    def run_is_withdrawn(self, place: int) -> None:
        """The newest run of a source goes; any older one is refused, and nothing changes."""
        self._withdraw(*self.went_in[place % len(self.went_in)])

    @precondition(lambda self: self.went_in)
    @rule()
    def last_delivery_is_withdrawn(self) -> None:
        self._withdraw(*self.went_in[-1])

    @precondition(lambda self: len(self.went_in) > 1)
    @rule(bron=st.sampled_from(["bag", "brp", "vaststellingen"]))
    def oldest_of_a_source_is_withdrawn(self, bron: str) -> None:
        found = [one for one in self.went_in if one[1] == bron]
        if found:
            self._withdraw(*found[0])

    def _withdraw(self, run_id: int, bron: str) -> None:
        newest = max(number for number, of in self.went_in if of == bron)
        before = last_run_of(self.store)
        if run_id != newest:
            try:
                withdraw_run(self.store, run_id)
            except UsageError:
                assert last_run_of(self.store) == before
                return
            raise AssertionError(run_id)
        done = withdraw_run(self.store, run_id)
        assert done.run_id is not None
        self.went_in.remove((run_id, bron))
        now = self._remember(done.run_id)
        own = {"bag": ["verblijfsobjecten", "nummeraanduidingen"], "brp": ["persoonslijsten", "verblijven"]}
        for name in own.get(bron, ["vaststellingen"]):
            assert now[name].equals(self._before(run_id)[name])

    @invariant()
    def earlier_answers_stay(self) -> None:
        with self.store.read() as connection:
            for run_id, answer in self.answers.items():
                assert same(answer, believed(connection, run_id)) == [], run_id

    @invariant()
    def what_was_derived_for_some_is_what_follows_for_all(self) -> None:
        """A run derives anew only what it wrote about; deriving everything then changes nothing."""
        before = last_run_of(self.store)
        known = max(self.answers, default=0)
        deliveries = [number for number, bron in self.went_in if bron == "brp"]
        now = derived_anew(self.store, before, since=max(deliveries, default=0))
        if known == before and known:
            assert same(self.answers[known], now) == []

    @invariant()
    def nothing_is_lost(self) -> None:
        with self.store.read() as connection:
            rows = all_rows(connection)
        assert self.rows.items() <= rows.items()
        self.rows = rows

    @invariant()
    def one_version_per_key(self) -> None:
        with self.store.read() as connection:
            for known in self.answers:
                for table in HISTORY:
                    keys = read_versions(connection, table, table.info["key"], known=known)
                    assert keys.is_unique().all(), (table.name, known)

    @invariant()
    def no_two_versions_share_a_day(self) -> None:
        with self.store.read() as connection:
            for known in self.answers:
                for table, key in (
                    (registers.verblijfsobjecten, ["verblijfsobject_id"]),
                    (registers.bewoning, ["persoonslijst", "adresseerbaar_object_id"]),
                ):
                    columns = [*key, "valid_from", "valid_until"]
                    frame = read_versions(connection, table, columns, known=known).sort(*key, "valid_from")
                    overlaps = pl.col("valid_until").shift().fill_null(date.max) > pl.col("valid_from")
                    first = pl.struct(key) != pl.struct(key).shift()
                    assert frame.filter(overlaps & ~first.fill_null(value=True)).is_empty(), (table.name, known)

    def _deliver(self, bron: str, path: Path, *, levering: Any = None) -> None:
        """A delivery is taken in, or refused and then nothing changed."""
        before = last_run_of(self.store)
        try:
            result: ImportResult = take(
                self.store, self.cipher, bron, path, None if bron == "bag" else self.day, levering=levering
            )
        except SourceRefusedError:
            assert last_run_of(self.store) == before
            return
        self.went_in.append((result.run_id, bron))
        self._remember(result.run_id)

    def _remember(self, run_id: int) -> dict[str, pl.DataFrame]:
        with self.store.read() as connection:
            self.answers[run_id] = believed(connection, run_id)
        return self.answers[run_id]

    def _before(self, run_id: int) -> dict[str, pl.DataFrame]:
        with self.store.read() as connection:
            return believed(connection, run_id - 1)

    def _empty(self) -> None:
        with self.store.write_transaction() as connection:
            for table in reversed(metadata.sorted_tables):
                if table.name == "runs":
                    connection.execute(table.update().values(ingetrokken_run_id=None))
                connection.execute(table.delete())


def last_run_of(store: Store) -> int:
    with store.read() as connection:
        return last_run(connection)


def derived_anew(store: Store, run_id: int, *, since: int) -> dict[str, pl.DataFrame]:
    """What would be believed if everything were derived again in this run; nothing of it remains."""
    now: dict[str, pl.DataFrame] = {}
    try:
        with store.write_transaction() as connection:
            derive.update_bewoning(connection, run_id, since=since, everyone=True)
            derive.update_ligging(connection, run_id)
            now = believed(connection, run_id)
            raise _RolledBackError  # noqa: TRY301 - it rolls back what was derived
    except _RolledBackError:
        return now


def travel(store: Store, cipher: BsnCipher, *, examples: int, steps: int) -> None:
    """Let generated series of deliveries loose on a registry."""
    with tempfile.TemporaryDirectory() as folder:
        run_state_machine_as_test(
            lambda: TimeTravel(store, cipher, Path(folder)),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_who_moved_is_derived_although_the_persoonslijst_is_the_same(
    store: Store, cipher: BsnCipher, tmp_path: Path
) -> None:
    homes = [Voorkomen(0, 1, "2010-01-01", None, 60), Voorkomen(1, 1, "2012-01-01", None, 80)]
    take(store, cipher, "bag", bag(tmp_path, START.isoformat(), homes))
    take(store, cipher, "brp", brp(tmp_path, {0: (0, "20150808"), 1: (0, "20160101")}), START, levering="stand")
    moved = brp(tmp_path, {0: (1, "20260102"), 1: (0, "20160101")})
    run_id = take(store, cipher, "brp", moved, START, levering="stand").run_id
    with store.read() as connection:
        now = believed(connection, run_id)
    assert sorted(now["bewoning"]["adresseerbaar_object_id"]) == list(DWELLINGS)
    assert same(now, derived_anew(store, run_id, since=run_id)) == []


def test_any_order_of_deliveries_keeps_every_answer(store: Store, cipher: BsnCipher) -> None:
    travel(store, cipher, examples=2, steps=7)


@pytest.mark.proof
def test_any_long_order_of_deliveries_keeps_every_answer(store: Store, cipher: BsnCipher) -> None:
    travel(store, cipher, examples=40, steps=20)
