"""A clock that goes back an hour or runs a year ahead: history follows the numbers of runs, and nothing is lost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from small_faults import Town, defects

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK, add_account
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session, find_session, too_many_attempts
from registry.privacy.access import Access, AccessLog, Betrokkenen, Gebruiker, Handeling
from registry.signals.run import known_run
from registry.store.engine import Store, open_store
from registry.store.queries.access import find_breaks, read_accesses
from registry.store.queries.adressen import read_adressen
from registry.store.queries.runs import last_run, list_runs
from registry.store.queries.visits import read_visit
from registry.worklists.visits import correct_visit, record_visits

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
# A clock that is put right, runs ahead, is put right again, and jumps back: never in order.
JUMPS = (timedelta(0), -HOUR, YEAR, timedelta(minutes=5), -HOUR - HOUR)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], datetime]:
    """Sets the clock of the machine."""

    def put(jump: timedelta) -> datetime:
        moment = NOW + jump
        monkeypatch.setattr(clock, "now", lambda: moment)
        monkeypatch.setattr(clock, "today", lambda: moment.astimezone(clock.AMSTERDAM).date())
        return moment

    return put


@pytest.fixture
def store(town_url: str) -> Store:
    opened = open_store(town_url)
    yield opened
    opened.close()


def count_of(store: Store, number: str, known: int) -> int:
    with store.read() as connection:
        visit = read_visit(connection, number, known=known)
    assert visit is not None
    return int(visit["aantal_personen"])


def test_what_was_known_follows_the_runs(town: Town, tmp_path: Path, at: Callable[[timedelta], datetime]) -> None:
    url = town.copy_to(tmp_path)
    store = open_store(url)
    prove_history(store, town, url, at, JUMPS[:3])
    store.close()


@pytest.mark.proof
def test_what_was_known_follows_the_runs_whatever_the_clock_said(
    store: Store, town: Town, town_url: str, at: Callable[[timedelta], datetime]
) -> None:
    prove_history(store, town, town_url, at, JUMPS)


def prove_history(
    store: Store, town: Town, url: str, at: Callable[[timedelta], datetime], jumps: tuple[timedelta, ...]
) -> None:
    """The same visit, typed anew after each jump."""
    with store.read() as connection:
        before = last_run(connection)
        one = read_adressen(connection, known=before, on=date(2026, 11, 1))["adresseerbaar_object_id"][0]
    visit = {"adresseerbaar_object_id": one, "datum": "2026-11-20", "inspecteur": "Ada", "aantal_personen": "0",
             "resultaat": "toegang_met_toestemming"}  # fmt: skip
    today, runs = NOW.date(), []
    for counted, jump in enumerate(jumps):
        at(jump)
        if counted == 0:
            done = record_visits(store, [visit], author="ada", leverdatum=today, cipher=town.cipher)
            [number] = done.inspecties
        else:
            changes = {"aantal_personen": str(counted)}
            done = correct_visit(store, number, changes, author="ada", leverdatum=today, cipher=town.cipher)
        runs.append(done.run_id)
    assert runs == sorted(runs)
    assert [count_of(store, number, run) for run in runs] == list(range(len(jumps)))
    said_today = max(run for run, jump in zip(runs, jumps, strict=True) if jump < timedelta(hours=2))
    at(timedelta(0))
    with store.read() as connection:
        assert last_run(connection) == runs[-1]
        # Known at the end of today: the last run of today, with all that came before it, whenever that says it was.
        assert known_run(connection, NOW.date()) == said_today
        assert known_run(connection, NOW.date() + YEAR) == runs[-1]
        assert [run["run"] for run in list_runs(connection)][: len(runs)] == runs[::-1]
    assert defects(url) == []


@pytest.mark.proof
def test_the_access_log_stays_closed(store: Store, town_url: str, at: Callable[[timedelta], datetime]) -> None:
    log, looks = AccessLog(store), []
    with store.read() as connection:
        before = len(list(read_accesses(connection)))
    for jump in JUMPS:
        looks.append(at(jump))
        who = Gebruiker("ada@testdam.nl")
        log.record(Access(who, Handeling.ZOEKEN, "toezicht_huisvestingswet", Betrokkenen(), toelichting="proef"))
    with store.read() as connection:
        assert find_breaks(connection) == (before + len(JUMPS), [])
        kept = [row.access.tijdstip for row in read_accesses(connection)][before:]
    assert kept == looks  # what the clock said is written down as it said it
    assert defects(town_url) == []


def test_a_session_and_the_count_of_attempts_survive_a_clock_that_is_put_right(
    sqlite_url: str, at: Callable[[timedelta], datetime]
) -> None:
    store = open_store(sqlite_url)
    moment = at(timedelta(0))
    account = add_account(store, "ada@testdam.nl", "Ada", [Role.INSPECTEUR], auteur="test")
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        token = begin_session(connection, account.account_id, stage=FULL, device=None, moment=moment).token
    alive = [find_session(store, token, moment=at(jump)) is not None for jump in JUMPS]
    assert alive == [True, True, False, True, True]
    # Who guesses is stopped, also when the clock goes back meanwhile; when it is put right, the quarter counts again.
    for _ in range(20):
        assert not too_many_attempts(store, "10.0.0.1", moment=at(timedelta(0)))
    assert too_many_attempts(store, "10.0.0.1", moment=at(-HOUR))
    assert too_many_attempts(store, "10.0.0.1", moment=at(timedelta(minutes=5)))
    store.close()


def test_nothing_else_reads_a_clock() -> None:
    """So that these tests are about all of the program."""
    root = Path(clock.__file__).parent
    readers = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(word in path.read_text("utf-8") for word in ("datetime.now(", "date.today(", "time.time(", "utcnow("))
    ]
    assert readers == ["clock.py"]
