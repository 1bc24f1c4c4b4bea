"""What is over its term goes, leaves a record, and is nowhere any more; what is not stays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from privacy_registry import PEILDATUM, Registry

from registry import clock
from registry.errors import LawFileError, UsageError
from registry.privacy.access import Access, AccessLog, Handeling
from registry.privacy.retention import (
    Bewaartermijn,
    destroy,
    destroy_backups,
    old_backups,
    preview,
    read_terms,
    shipped_terms,
    terms_on,
)
from registry.signals.receipts import reproduce
from registry.signals.run import run_evaluations
from registry.store.backup import make_backup
from registry.store.engine import Store, open_store
from registry.store.integrity import check_registry
from registry.store.queries.retention import DESTRUCTIBLE, list_destructions
from registry.store.tables.privacy import toegangen
from registry.store.tables.registers import bewoning, persoonslijsten, verblijven
from registry.store.tables.rights import beperkingen
from registry.store.tables.runs import run_issues
from registry.store.tables.signals import evaluaties, signalen
from rules.catalogue import find_rule
from rules.parameters import shipped_law

LATER = PEILDATUM + timedelta(days=400)
TERMS = shipped_terms()


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is more than a year after the evaluation of the demo."""
    monkeypatch.setattr(clock, "today", lambda: LATER)


def count(store: Store, table: sa.Table) -> int:
    with store.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def people(store: Store, table: sa.Table) -> set[str]:
    with store.read() as connection:
        return set(connection.execute(sa.select(table.c.persoonslijst)).scalars())


def run(
    registry: Registry, only: str | None = None, day: date = LATER, terms: tuple[Bewaartermijn, ...] = TERMS
) -> dict[str, int]:
    done = destroy(registry.store, terms, day, gebruiker=registry.user, log=AccessLog(registry.store), only=only)
    return {one.termijn.gegevenssoort: one.aantal for one in done}


def receipts(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.execute(sa.select(signalen.c.bewijs)).scalars())


def untouched(store: Store) -> set[str]:
    """The receipts that stand in no list, visit, assessment or case of the demo."""
    names = ("bezoekredenen", "beoordelingen", "worklist_rows", "zaak_signalen", "besluiten", "zaak_overdrachten")
    used = set()
    with store.read() as connection:
        for name in names:
            used |= set(connection.execute(sa.select(signalen.metadata.tables[name].c.bewijs)).scalars())
    return receipts(store) - used


def receipt(store: Store) -> str:
    return min(untouched(store))


def test_a_preview_destroys_nothing_and_says_what_execution_does(registry: Registry) -> None:
    before = count(registry.store, signalen)
    with registry.store.read() as connection:
        due = {one.termijn.gegevenssoort: one.aantal for one in preview(connection, TERMS, LATER)}
    assert count(registry.store, signalen) == before
    assert due["signalen_zonder_opvolging"] == len(untouched(registry.store)) > 5
    done = run(registry)
    assert done == {name: number for name, number in due.items() if number}
    assert run(registry) == {}


def test_within_the_term_nothing_goes(registry: Registry) -> None:
    before = count(registry.store, signalen)
    assert run(registry, "signalen_zonder_opvolging", PEILDATUM + timedelta(days=180)) == {}
    assert count(registry.store, signalen) == before > 20
    due = len(untouched(registry.store))
    assert run(registry, "signalen_zonder_opvolging", date(2027, 5, 2)) == {"signalen_zonder_opvolging": due}


def test_a_destroyed_receipt_says_when(registry: Registry) -> None:
    number = receipt(registry.store)
    run(registry, "signalen_zonder_opvolging")
    told = clock.now().date()
    with registry.store.read() as connection, pytest.raises(UsageError, match=f"vernietigd op {told:%d-%m-%Y}"):
        reproduce(connection, number)
    with registry.store.read() as connection, pytest.raises(UsageError, match="geen uitkomst met bewijsnummer"):
        reproduce(connection, "0123456789abcdef")


def test_an_outcome_that_was_followed_up_stays(registry: Registry) -> None:
    free = untouched(registry.store)
    with registry.store.read() as connection:
        chosen = signalen.c.bewijs == min(free)
        kept = connection.execute(sa.select(signalen).where(chosen)).mappings().one()
    table = signalen.metadata.tables["beoordelingen"]
    values = {
        "regel": "overbewoning", "zaak_id": "", "adresseerbaar_object_id": kept["adresseerbaar_object_id"],
        "versie": 1, "oordeel": "bevestigd", "toelichting": "x", "bewijs": kept["bewijs"], "regel_versie": 1,
        "peildatum": PEILDATUM, "known_run_id": 1, "wet_hash": "x", "feiten_hash": "x", "feiten": "{}",
        "parameters": "{}", "auteur": "i", "beoordeeld_op": clock.now(),
    }  # fmt: skip
    with registry.store.write_transaction() as connection:
        connection.execute(table.insert().values(**values))
    run(registry, "signalen_zonder_opvolging")
    assert untouched(registry.store) == set()
    assert kept["bewijs"] in receipts(registry.store)
    assert free & receipts(registry.store) == {kept["bewijs"]}
    with registry.store.read() as connection:
        assert [one.controle for one in check_registry(connection) if one.fout] == []


def test_who_left_is_gone_from_every_table_and_from_the_file_itself(registry: Registry) -> None:
    gone_before = date(LATER.year - 5, LATER.month, LATER.day)
    with registry.store.read() as connection:
        last = connection.execute(
            sa.select(
                bewoning.c.persoonslijst, sa.func.max(sa.func.coalesce(bewoning.c.valid_until, date.max))
            ).group_by(bewoning.c.persoonslijst)
        ).all()
    left = {key for key, until in last if until is not None and str(until) < gone_before.isoformat()}
    stay = {key for key, _ in last} - left
    assert len(stay) > 100
    assert left, "the demo must hold somebody who left long ago"
    before = {table.name: people(registry.store, table) for table in (bewoning, verblijven, persoonslijsten)}
    run(registry, "vertrokken_bewoners")
    for table in (bewoning, verblijven, persoonslijsten):
        assert people(registry.store, table) == before[table.name] - left
    with registry.store.read() as connection:
        assert [(one.controle, one.voorbeelden) for one in check_registry(connection) if one.fout] == []
    registry.store.close()
    raw = b"".join(path.read_bytes() for path in registry.folder.glob("woonregister.db*"))
    assert [key for key in left if key.encode() in raw] == []
    assert all(key.encode() in raw for key in stay)


def test_a_row_that_was_set_aside_keeps_its_reason_and_loses_its_content(registry: Registry) -> None:
    before = count(registry.store, run_issues)
    run(registry, "uitval", clock.now().date() + timedelta(days=1))
    with registry.store.read() as connection:
        filled = connection.execute(sa.select(sa.func.count()).where(run_issues.c.row.is_not(None))).scalar_one()
    assert filled > 0, "it was imported today"
    old = Bewaartermijn(gegevenssoort="uitval", naam="x", maanden=1, vanaf="x", bron="x", van=date(2020, 1, 1))
    run(registry, "uitval", LATER, (old,))
    with registry.store.read() as connection:
        rows = connection.execute(sa.select(run_issues)).mappings().all()
    assert len(rows) == before
    for row in rows:
        assert row["text"]
        assert [name for name in ("row", "original", "persoonslijst", "kandidaten") if row[name] is not None] == []


def test_the_access_log_goes_after_twenty_years_and_its_chain_holds(registry: Registry) -> None:
    log = AccessLog(registry.store)
    for year in (2005, 2006, 2025):
        moment = clock.end_of_day(date(year + 14, 1, 1))
        log.record(Access(registry.user, Handeling.INZIEN, "beheer"), moment=moment)
    day = date(2040, 1, 1)
    with pytest.raises(UsageError, match="niet vooruit"):
        run(registry, "toegangslog", day)
    with registry.store.read() as connection:
        due = {one.termijn.gegevenssoort: one.aantal for one in preview(connection, TERMS, day)}
    assert due["toegangslog"] == 1
    term = Bewaartermijn(gegevenssoort="toegangslog", naam="x", maanden=12, vanaf="x", bron="x", van=date(2020, 1, 1))
    before = count(registry.store, toegangen)
    run(registry, "toegangslog", LATER, (term,))
    assert count(registry.store, toegangen) == before - 2 + 1  # two went, and that they went is written down
    with registry.store.read() as connection:
        assert [one.controle for one in check_registry(connection) if one.fout] == []
    log.record(Access(registry.user, Handeling.INZIEN, "beheer"))
    with registry.store.read() as connection:
        assert [one.controle for one in check_registry(connection) if one.fout] == []


def test_a_destruction_is_accounted_for(registry: Registry) -> None:
    run(registry, "signalen_zonder_opvolging")
    with registry.store.read() as connection:
        (record,) = list_destructions(connection)
        told = connection.execute(sa.select(toegangen.c.toelichting).order_by(toegangen.c.volgnummer.desc())).scalar()
    assert record["auteur"] == registry.user.naam
    assert record["aantal"] > 5
    assert record["termijn"] == "6 maanden"
    assert "signalen_zonder_opvolging van voor" in (told or "")


def test_outcomes_without_a_signal_are_counted_and_never_kept(registry: Registry) -> None:
    run_evaluations(registry.store, [find_rule("overbewoning")], shipped_law(), peildatum=PEILDATUM)
    with registry.store.read() as connection:
        kept = set(connection.execute(sa.select(signalen.c.uitkomst).distinct()).scalars())
        counts = connection.execute(sa.select(evaluaties.c.tellingen)).scalars().first()
    assert kept <= {"signaal", "juridisch_toetsen", "onbekend"}
    assert '"geen_signaal":' in (counts or "")


def test_only_backups_that_are_too_old_are_named(registry: Registry, tmp_path: Path) -> None:
    folder = tmp_path / "kopieen"
    folder.mkdir()
    for name, day in (("oud", date(2026, 8, 1)), ("nieuw", date(2027, 11, 1))):
        make_backup(registry.store, folder / f"{name}.zip", made=clock.end_of_day(day), software="test")
    assert [one.bestand.name for one in old_backups(folder, TERMS, LATER)] == ["oud.zip"]
    with pytest.raises(UsageError, match="geen map"):
        old_backups(tmp_path / "weg", TERMS, LATER)


def test_old_backups_are_removed_with_a_record(registry: Registry, tmp_path: Path) -> None:
    folder = tmp_path / "kopieen"
    folder.mkdir()
    (folder / "iets.zip").write_bytes(b"no backup")
    for name, day in (("oud", date(2026, 8, 1)), ("nieuw", date(2027, 11, 1))):
        make_backup(registry.store, folder / f"{name}.zip", made=clock.end_of_day(day), software="test")
    log = AccessLog(registry.store)
    gone = destroy_backups(registry.store, folder, TERMS, LATER, gebruiker=registry.user, log=log)
    assert [one.bestand.name for one in gone] == ["oud.zip"]
    assert sorted(path.name for path in folder.iterdir()) == ["iets.zip", "nieuw.zip"]
    with registry.store.read() as connection:
        (record,) = list_destructions(connection)
    assert (record["gegevenssoort"], record["aantal"], record["tellingen"]) == ("reservekopieen", 1, '{"bestanden":1}')
    assert destroy_backups(registry.store, folder, TERMS, LATER, gebruiker=registry.user, log=log) == []
    with pytest.raises(UsageError, match="niet vooruit"):
        destroy_backups(registry.store, folder, TERMS, date(2040, 1, 1), gebruiker=registry.user, log=log)


def test_restricted_persons_stay_until_that_ends(registry: Registry) -> None:
    gone_before = date(LATER.year - 5, LATER.month, LATER.day)
    with registry.store.read() as connection:
        query = sa.select(bewoning.c.persoonslijst).group_by(bewoning.c.persoonslijst)
        ended = sa.func.max(sa.func.coalesce(bewoning.c.valid_until, date.max)) < gone_before
        chosen = connection.execute(query.having(ended)).scalars().first()
    values = {
        "soort": "persoonslijst", "pseudoniem": chosen, "grond": "c", "reden": "x", "auteur": "x",
        "besloten_op": clock.now(), "recorded_run_id": 1,
    }  # fmt: skip
    with registry.store.write_transaction() as connection:
        connection.execute(beperkingen.insert().values(**values))
    run(registry, "vertrokken_bewoners")
    assert chosen in people(registry.store, persoonslijsten)
    assert chosen in people(registry.store, verblijven)
    with registry.store.write_transaction() as connection:
        connection.execute(beperkingen.update().values(superseded_run_id=2))
    run(registry, "vertrokken_bewoners")
    assert chosen not in people(registry.store, persoonslijsten)
    assert count(registry.store, beperkingen) == 0


def test_every_term_has_a_source_and_every_kind_that_can_go_has_a_term() -> None:
    assert {one.gegevenssoort for one in TERMS} >= set(DESTRUCTIBLE)
    for one in TERMS:
        assert one.bron
        assert one.vanaf
    # A term of twenty years is the law's; the others wait for the municipality.
    assert [one.gegevenssoort for one in TERMS if one.status == "bevestigd"] == ["toegangslog"]
    assert next(one for one in TERMS if one.gegevenssoort == "toegangslog").maanden == 240


def test_a_term_without_months_destroys_nothing(registry: Registry) -> None:
    terms = tuple(one.model_copy(update={"maanden": None}) for one in TERMS)
    with registry.store.read() as connection:
        found = preview(connection, terms, LATER)
    assert {(one.voor, one.aantal) for one in found} == {(None, 0)}
    assert run(registry, terms=terms) == {}


def test_the_term_of_the_day_counts(tmp_path: Path) -> None:
    text = """bewaartermijnen:
  - {gegevenssoort: uitval, naam: a, maanden: 6, vanaf: b, bron: c, van: 2020-01-01}
  - {gegevenssoort: uitval, naam: a, maanden: 12, vanaf: b, bron: c, van: 2027-01-01}
"""
    path = tmp_path / "termijnen.yml"
    path.write_text(text, encoding="utf-8")
    terms = read_terms(path)
    assert [one.maanden for one in terms_on(terms, date(2026, 12, 31))] == [6]
    assert [one.maanden for one in terms_on(terms, date(2027, 1, 1))] == [12]
    assert terms_on(terms, date(2019, 12, 31)) == []
    path.write_text(text.replace("maanden: 6", "maanden: 0"), encoding="utf-8")
    with pytest.raises(LawFileError, match="maanden"):
        read_terms(path)


@given(st.dates(date(1930, 1, 1), date(2200, 1, 1)), st.integers(1, 400))
def test_a_limit_is_that_many_months_before_and_never_later_in_its_month(day: date, months: int) -> None:
    term = Bewaartermijn(gegevenssoort="x", naam="x", maanden=months, vanaf="x", bron="x", van=day)
    limit = term.limit(day)
    assert limit is not None
    assert (day.year * 12 + day.month) - (limit.year * 12 + limit.month) == months
    assert limit.day <= day.day
    assert limit.day == day.day or (limit + timedelta(days=1)).day == 1


@pytest.mark.postgresql
def test_destroying_works_on_postgresql_too(postgresql_url: str, registry: Registry) -> None:
    other = open_store(postgresql_url)
    log = AccessLog(other)
    log.record(Access(registry.user, Handeling.INZIEN, "beheer"), moment=clock.end_of_day(date(2026, 1, 1)))
    terms = tuple(
        Bewaartermijn(gegevenssoort=code, naam="x", maanden=1, vanaf="x", bron="x", van=date(2020, 1, 1))
        for code in DESTRUCTIBLE
    )
    done = destroy(other, terms, LATER, gebruiker=registry.user, log=log)
    assert [one.termijn.gegevenssoort for one in done] == ["toegangslog"]
    with other.read() as connection:
        assert [one.controle for one in check_registry(connection) if one.fout] == []
    other.close()
