"""Cases, visits, photos, lists, assessments, accounts and tasks: what goes, what holds what, what is left."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from privacy_registry import PEILDATUM, Registry

from registry import clock
from registry.accounts.manage import add_account, block
from registry.accounts.rights import Role
from registry.cases.kinds import BesluitSoort, GebeurtenisSoort, Richting, StukSoort
from registry.cases.register import Decision, Paper, add_decision, add_paper, add_signals, note_event, open_case
from registry.errors import UsageError
from registry.privacy.access import Access, AccessLog, Handeling
from registry.privacy.retention import Bewaartermijn, destroy, preview, shipped_terms
from registry.store.engine import Store
from registry.store.integrity import check_registry
from registry.store.queries.retention import DESTRUCTIBLE, list_destructions
from registry.store.queries.tasks import begin_task, end_task, insert_task
from registry.store.tables import metadata
from registry.store.tables.privacy import toegangen

LATER = PEILDATUM + timedelta(days=500)
SOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
RECENT = datetime(2028, 3, 1, 12, tzinfo=UTC)
MARK = b"een stuk dat nergens meer mag staan"
ALL = tuple(
    Bewaartermijn(gegevenssoort=code, naam="x", maanden=1, vanaf="x", bron="x", van=date(2020, 1, 1), archief=True)
    for code in DESTRUCTIBLE
)
FILES = ("zaken", "zaak_signalen", "zaak_gebeurtenissen", "stukken", "stuk_inhouden", "besluiten", "verbeurten")


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is more than a year after the demo, and within what nobody leaves a registry alone for."""
    monkeypatch.setattr(clock, "today", lambda: LATER)


def run(registry: Registry, *only: str, terms: tuple[Bewaartermijn, ...] = ALL) -> Counter[str]:
    """Destroy; how many rows went, by table."""
    gone: Counter[str] = Counter()
    for code in only or (None,):
        done = destroy(registry.store, terms, LATER, gebruiker=registry.user, log=AccessLog(registry.store), only=code)
        for one in done:
            gone.update(one.tabellen)
    return +gone


def rows(store: Store, name: str) -> list[dict[str, Any]]:
    with store.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(metadata.tables[name])).mappings()]


def counts(store: Store, names: Iterable[str]) -> dict[str, int]:
    return {name: len(rows(store, name)) for name in names}


def sound(store: Store) -> list[tuple[str, tuple[str, ...]]]:
    with store.read() as connection:
        return [(one.controle, one.voorbeelden) for one in check_registry(connection) if one.fout]


def close(registry: Registry, zaak: str, moment: datetime = SOON, how: GebeurtenisSoort | None = None) -> None:
    with registry.store.write_transaction() as connection:
        note_event(connection, zaak, how or GebeurtenisSoort.GESLOTEN, reason="klaar", author="j", moment=moment)


def case(registry: Registry, content: bytes = MARK, **about: str) -> str:
    """Another case, with one paper."""
    about = about or {"object_id": "0606010000099999"}
    with registry.store.write_transaction() as connection:
        zaak = open_case(connection, aanleiding="proef", author="j", moment=SOON, **about)
        paper = Paper(StukSoort.OVERIG, Richting.INTERN, date(2026, 12, 1), "Een stuk", "stuk.txt", content)
        add_paper(connection, zaak, paper, author="j", moment=SOON)
    return zaak


def visited_case(registry: Registry) -> str:
    """A case about a dwelling of the demo that was visited for a signal on a list."""
    store = registry.store
    signals = {row["bewijs"]: row["adresseerbaar_object_id"] for row in rows(store, "signalen")}
    listed = {row["bewijs"] for row in rows(store, "worklist_rows")}
    bewijs = min(row["bewijs"] for row in rows(store, "bezoekredenen") if row["bewijs"] in signals.keys() & listed)
    zaak = case(registry, object_id=signals[bewijs])
    with store.write_transaction() as connection:
        add_signals(connection, zaak, [(bewijs, signals[bewijs])], author="j", moment=SOON)
    return zaak


def test_an_open_case_holds_all_that_it_rests_on(registry: Registry) -> None:
    visited_case(registry)
    about = {row["adresseerbaar_object_id"] for row in rows(registry.store, "zaak_signalen")}
    before = counts(registry.store, FILES)
    visits = {row["inspectie"] for row in rows(registry.store, "inspecties") if row["adresseerbaar_object_id"] in about}
    assert before["stukken"] > 0
    assert visits, "the case of the demo must rest on a visit"
    run(registry)
    run(registry)
    assert counts(registry.store, FILES) == before
    assert {row["inspectie"] for row in rows(registry.store, "inspecties")} == visits
    assert {row["adresseerbaar_object_id"] for row in rows(registry.store, "worklist_rows")} <= about
    receipts = {row["bewijs"] for row in rows(registry.store, "signalen")}
    assert receipts >= {row["bewijs"] for row in rows(registry.store, "zaak_signalen")}
    assert sound(registry.store) == []


def test_of_a_closed_case_nothing_is_left_anywhere(registry: Registry) -> None:
    zaak = visited_case(registry)
    with registry.store.write_transaction() as connection:
        paper = Paper(
            StukSoort.OVERIG, Richting.INTERN, date(2026, 12, 1), "Over " + MARK.decode(), "stuk.txt", MARK + b"!"
        )
        add_paper(connection, zaak, paper, author="j", moment=SOON)
    close(registry, zaak)
    receipts = [row["bewijs"] for row in rows(registry.store, "zaak_signalen")]
    run(registry)
    assert counts(registry.store, FILES) == dict.fromkeys(FILES, 0)
    run(registry)  # what the case held is due now that it is gone
    names = (
        "inspecties", "bezoekredenen", "fotos", "beoordelingen", "worklists", "worklist_rows", "worklist_checks",
        "worklist_orders", "doorverwijzingen",
    )  # fmt: skip
    assert counts(registry.store, names) == dict.fromkeys(names, 0)
    assert rows(registry.store, "signalen") == []
    assert sound(registry.store) == []
    kept = {row["bewijs"] for row in rows(registry.store, "vernietigde_bewijzen")}
    assert kept >= set(receipts)
    registry.store.close()
    raw = b"".join(path.read_bytes() for path in registry.folder.glob("woonregister.db*"))
    assert MARK not in raw
    assert b'"bewijs":"' + receipts[0].encode() not in raw, "a receipt of a list"


def test_a_case_that_was_opened_again_or_closed_lately_stays(registry: Registry) -> None:
    again, lately = case(registry), case(registry, b"x")
    close(registry, again)
    close(registry, again, how=GebeurtenisSoort.HEROPEND)
    close(registry, lately, RECENT)
    assert run(registry, "zaken_zonder_sanctie", "zaken_met_sanctie") == {}
    close(registry, again)
    assert run(registry, "zaken_zonder_sanctie")["zaken"] == 1


def test_a_paper_that_another_case_has_too_is_kept_for_that(registry: Registry) -> None:
    first, second = case(registry), case(registry)
    before = len(rows(registry.store, "stuk_inhouden"))
    close(registry, first)
    assert run(registry, "zaken_zonder_sanctie")["stukken"] == 1
    assert len(rows(registry.store, "stuk_inhouden")) == before
    close(registry, second)
    assert run(registry, "zaken_zonder_sanctie")["stuk_inhouden"] == 1
    assert sound(registry.store) == []


def test_a_case_with_a_fine_has_its_own_term(registry: Registry) -> None:
    zaak = case(registry)
    decision = Decision(BesluitSoort.BOETE, date(2026, 12, 1), bedrag=1000, artikel="41", rechthebbende="a" * 64)
    with registry.store.write_transaction() as connection:
        add_decision(connection, zaak, decision, author="j", moment=SOON)
    close(registry, zaak)
    assert run(registry, "zaken_zonder_sanctie") == {}
    gone = run(registry, "zaken_met_sanctie")
    assert (gone["zaken"], gone["besluiten"], gone["stukken"], gone["stuk_inhouden"]) == (1, 1, 1, 1)
    assert sound(registry.store) == []


def test_files_of_the_archive_wait_for_a_term_of_the_municipality(registry: Registry) -> None:
    close(registry, case(registry))
    unsure = tuple(one.model_copy(update={"status": "te_bevestigen"}) for one in ALL)
    before = counts(registry.store, FILES)
    with registry.store.read() as connection:
        due = {one.termijn.gegevenssoort: one.aantal for one in preview(connection, unsure, LATER)}
    assert due["zaken_zonder_sanctie"] > 2
    assert run(registry, terms=unsure) == {}
    assert counts(registry.store, FILES) == before
    waits = {one.gegevenssoort for one in shipped_terms() if one.wacht}
    assert waits >= {"zaken_met_sanctie", "zaken_zonder_sanctie", "bezoeken", "fotos_bij_bezoeken", "beoordelingen"}
    assert "uitval" not in waits


def test_a_blocked_account_goes_with_all_that_hangs_on_it(registry: Registry) -> None:
    for email in ("weg@woonregister.example", "blijft@woonregister.example"):
        add_account(registry.store, email, "Naam", [Role.INSPECTEUR], auteur="b")
    block(registry.store, "weg@woonregister.example", auteur="b")
    blocked = next(row for row in rows(registry.store, "accounts") if row["email"].startswith("weg@"))["account_id"]
    gone = run(registry, "accounts")
    assert (gone["accounts"], gone["account_rollen"], gone["account_tokens"]) == (1, 1, 1)
    left = rows(registry.store, "accounts")
    assert "blijft@woonregister.example" in {row["email"] for row in left}
    for name, table in metadata.tables.items():
        if "account_id" in table.c:
            assert blocked not in {row["account_id"] for row in rows(registry.store, name)}, name


def test_only_what_ended_goes_of_invitations_and_tasks(registry: Registry) -> None:
    add_account(registry.store, "nieuw@woonregister.example", "Naam", [Role.INSPECTEUR], auteur="b")
    with registry.store.write_transaction() as connection:
        ended, waiting = (
            insert_task(connection, "import", {"bestand": "x"}, auteur="b", moment=SOON) for _ in range(2)
        )
        begin_task(connection, ended, moment=SOON)
        end_task(connection, ended, moment=SOON, uitkomst={})
    assert run(registry, "taken") == {"taken": 1}
    assert [row["taak_id"] for row in rows(registry.store, "taken")] == [waiting]
    assert run(registry, "aanmeldingen")["account_tokens"] >= 1
    assert rows(registry.store, "account_tokens") == []
    assert "nieuw@woonregister.example" in {row["email"] for row in rows(registry.store, "accounts")}


def test_a_clock_that_jumped_years_destroys_nothing(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2031, 1, 1))
    before = counts(registry.store, DESTROYED)
    with pytest.raises(UsageError, match="Zet de klok goed"):
        destroy(registry.store, ALL, date(2031, 1, 1), gebruiker=registry.user, log=AccessLog(registry.store))
    assert counts(registry.store, DESTROYED) == before
    assert before["signalen"] > 0


DESTROYED = ("signalen", "inspecties", "worklist_rows", "verblijven", "toegangen")


def test_a_moment_of_long_ago_in_the_log_does_not_take_what_came_before_it(registry: Registry) -> None:
    """A clock that stood still in 2024 for a while wrote a few rows with moments of then."""
    log = AccessLog(registry.store)
    for moment in (SOON, RECENT, datetime(2024, 6, 1, tzinfo=UTC), RECENT + timedelta(days=1)):
        log.record(Access(registry.user, Handeling.INZIEN, "beheer"), moment=moment)
    before = {row["volgnummer"]: row["tijdstip"] for row in rows(registry.store, "toegangen")}
    limit = datetime(2028, 2, 15)
    run(registry, "toegangslog")
    left = {row["volgnummer"] for row in rows(registry.store, "toegangen")}
    assert {number for number, moment in before.items() if moment.replace(tzinfo=None) >= limit} <= left
    assert max(before) - 1 in left, "the row with the wrong moment waits for its neighbours"
    assert sound(registry.store) == []
    with registry.store.read() as connection:
        assert connection.execute(sa.select(sa.func.min(toegangen.c.volgnummer))).scalar_one() > 1


def test_each_destruction_is_accounted_for_by_table(registry: Registry) -> None:
    close(registry, case(registry))
    gone = run(registry, "zaken_zonder_sanctie")
    with registry.store.read() as connection:
        (record,) = list_destructions(connection)
    assert record["aantal"] == gone.total()
    assert '"stukken":1' in record["tellingen"]
