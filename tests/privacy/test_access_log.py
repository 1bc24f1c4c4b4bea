"""The access log: complete, sealed, and in the way of whoever looks without being written down."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from opentelemetry.sdk.trace import TracerProvider

from registry.errors import UsageError
from registry.privacy.access import (
    Access,
    AccessLog,
    AccessLogError,
    Betrokkenen,
    Gebruiker,
    GebruikerSoort,
    Handeling,
)
from registry.privacy.anchors import check_anchors
from registry.store.engine import Store, open_store
from registry.store.integrity import check_registry
from registry.store.queries.access import START, Head, find_breaks, read_accesses, read_head
from registry.store.tables.privacy import toegang_afsluitingen, toegang_betrokkenen, toegangen

MOMENT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
INSPECTEUR = Gebruiker("i.jansen", GebruikerSoort.ACCOUNT, "inspecteur")


def pseudonym(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def look(*names: str, zaak: str | None = None) -> Access:
    return Access(
        INSPECTEUR,
        Handeling.INZIEN,
        "toezicht_huisvestingswet",
        Betrokkenen(persoonslijsten=[pseudonym(name) for name in names]),
        zaak=zaak,
    )


def breaks(store: Store) -> list[str]:
    with store.read() as connection:
        return find_breaks(connection)[1]


def test_a_row_says_who_what_whose_why_and_on_which_ground(database_url: str) -> None:
    store = open_store(database_url)
    AccessLog(store).record(look("a", "b", "a", zaak="Z-1"), moment=MOMENT)
    with store.read() as connection:
        (row,) = read_accesses(connection)
    assert (row.access.gebruiker, row.access.rol, row.access.handeling) == ("i.jansen", "inspecteur", "inzien")
    assert row.access.tijdstip == MOMENT
    assert (row.access.verwerking, row.access.zaak, row.access.aantal) == ("toezicht_huisvestingswet", "Z-1", 2)
    assert "Huisvestingswet 2014 art. 32" in row.access.grondslag
    assert {key for _, key in row.betrokkenen} == {pseudonym("a"), pseudonym("b")}
    assert (row.volgnummer, row.vorige_hash) == (1, START)
    store.close()


def test_an_activity_that_is_not_in_the_register_gives_no_view(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    log = AccessLog(store)
    with pytest.raises(UsageError, match="geen verwerking in het register"):
        log.record(Access(INSPECTEUR, Handeling.INZIEN, "nieuwsgierigheid"), moment=MOMENT)
    early = datetime(2021, 12, 31, 22, 59, tzinfo=UTC)  # still 2021 in Amsterdam; the activity starts in 2022
    with pytest.raises(UsageError, match="op 31-12-2021"):
        log.record(look("a"), moment=early)
    log.record(look("a"), moment=datetime(2021, 12, 31, 23, 1, tzinfo=UTC))
    store.close()


@pytest.mark.parametrize("given", ["123456782", "", "Jansen", pseudonym("a").upper()])
def test_only_pseudonyms_are_kept_and_a_number_is_not_repeated(given: str, sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    access = Access(INSPECTEUR, Handeling.INZIEN, "beheer", Betrokkenen(persoonslijsten=[given]))
    with pytest.raises(UsageError) as refused:
        AccessLog(store).record(access, moment=MOMENT)
    assert not given or given not in str(refused.value)
    with store.read() as connection:
        assert read_head(connection) == Head(0, START)
    store.close()


def test_what_cannot_be_written_down_is_not_given(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    with pytest.raises(AccessLogError, match="wordt daarom niet gegeven"):
        AccessLog(store, anchors=tmp_path / "geen map" / "ankers").record(look("a"), moment=MOMENT)
    with store.write_transaction() as connection:
        connection.exec_driver_sql("DROP TABLE toegang_betrokkenen")
    with pytest.raises(AccessLogError, match="wordt daarom niet gegeven"):
        AccessLog(store).record(look("a"), moment=MOMENT)
    store.close()


def test_an_access_belongs_to_the_transaction_that_it_is_part_of(database_url: str) -> None:
    store = open_store(database_url)
    log = AccessLog(store)

    def fail_halfway() -> None:
        with store.write_transaction() as connection:
            log.append(connection, look("a"), moment=MOMENT)
            raise RuntimeError("halverwege")

    with pytest.raises(RuntimeError, match="halverwege"):
        fail_halfway()
    log.record(look("b"), moment=MOMENT)
    assert breaks(store) == []
    with store.read() as connection:
        assert read_head(connection).volgnummer == 1
    store.close()


def test_many_at_once_make_one_chain(database_url: str) -> None:
    store = open_store(database_url)

    def work(number: int) -> None:
        for turn in range(5):
            AccessLog(store).record(look(f"{number}-{turn}"), moment=MOMENT)

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(work, range(4)))
    with store.read() as connection:
        assert find_breaks(connection) == (20, [])
        assert len({key for row in read_accesses(connection) for _, key in row.betrokkenen}) == 20
    store.close()


@pytest.mark.postgresql
def test_who_looks_does_not_wait_for_an_import(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    with store.write_transaction():
        AccessLog(store).record(look("a"), moment=MOMENT)
    store.close()


def change(**values: object) -> Callable[[sa.Connection], None]:
    return lambda connection: connection.execute(toegangen.update().where(toegangen.c.volgnummer == 3).values(values))


def remove(connection: sa.Connection) -> None:
    connection.execute(toegang_betrokkenen.delete().where(toegang_betrokkenen.c.volgnummer == 3))
    connection.execute(toegangen.delete().where(toegangen.c.volgnummer == 3))


def remove_first(connection: sa.Connection) -> None:
    connection.execute(toegang_betrokkenen.delete().where(toegang_betrokkenen.c.volgnummer == 1))
    connection.execute(toegangen.delete().where(toegangen.c.volgnummer == 1))


def swap(connection: sa.Connection) -> None:
    """Two rows about nobody change places, with all that they say but the seals of their places."""
    names = [c.name for c in toegangen.c if c.name not in {"volgnummer", "hash", "vorige_hash"}]
    rows = {
        number: dict(
            connection.execute(
                sa.select(*(toegangen.c[name] for name in names)).where(toegangen.c.volgnummer == number)
            )
            .mappings()
            .one()
        )
        for number in (4, 5)
    }
    for number, other in ((4, 5), (5, 4)):
        connection.execute(toegangen.update().where(toegangen.c.volgnummer == number).values(rows[other]))


def forget_person(connection: sa.Connection) -> None:
    connection.execute(toegang_betrokkenen.delete().where(toegang_betrokkenen.c.volgnummer == 2))


def exchange_person(connection: sa.Connection) -> None:
    other = toegang_betrokkenen.update().where(toegang_betrokkenen.c.volgnummer == 2)
    connection.execute(other.values(pseudoniem=pseudonym("iemand anders")))


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (change(gebruiker="p.pietersen"), "regel 3 is gewijzigd"),
        (change(tijdstip=datetime(2026, 11, 1, 12, 1, tzinfo=UTC)), "regel 3 is gewijzigd"),
        (change(zaak="Z-9"), "regel 3 is gewijzigd"),
        (change(aantal=7), "regel 3 is gewijzigd"),
        (change(hash="f" * 64), "regel 4 sluit niet aan op de vorige"),
        (remove, "regel 3 ontbreekt"),
        (remove_first, "regel 1 ontbreekt"),
        (swap, "regel 4 is gewijzigd"),
        (forget_person, "de betrokkenen van regel 2 zijn gewijzigd"),
        (exchange_person, "de betrokkenen van regel 2 zijn gewijzigd"),
    ],
)
def test_tampering_is_found(tamper: Callable[[sa.Connection], None], found: str, database_url: str) -> None:
    store = open_store(database_url)
    log = AccessLog(store)
    for number in range(6):
        log.record(look(*([] if number > 2 else [f"p{number}"]), zaak=f"Z-{number}"), moment=MOMENT)
    assert breaks(store) == []
    with store.write_transaction() as connection:
        tamper(connection)
    assert found in breaks(store)
    with store.read() as connection:
        checks = {check.controle: check for check in check_registry(connection)}
    assert checks["het toegangslog is een gesloten keten"].fout > 0
    store.close()


def test_an_end_that_was_cut_off_or_rewritten_is_found_by_its_anchors(database_url: str, tmp_path: Path) -> None:
    store, anchors = open_store(database_url), tmp_path / "ankers"
    log = AccessLog(store, anchors=anchors)
    for number in range(3):
        log.record(look(f"p{number}"), moment=MOMENT)
    with store.read() as connection:
        assert check_anchors(connection, anchors).fout == ()
    with store.write_transaction() as connection:
        for table in (toegang_betrokkenen, toegangen):
            connection.execute(table.delete().where(table.c.volgnummer == 3))
    assert breaks(store) == []  # the chain alone cannot know
    with store.read() as connection:
        checked = check_anchors(connection, anchors)
    assert (checked.bekeken, len(checked.fout)) == (3, 1)
    assert "het einde van het toegangslog is weg" in checked.fout[0]
    AccessLog(store).record(look("een ander"), moment=MOMENT)  # somebody makes up another end
    assert breaks(store) == []
    with store.read() as connection:
        assert "is een andere dan op" in check_anchors(connection, anchors).fout[0]
    store.close()


def test_a_file_that_holds_no_anchors_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    store, path = open_store(sqlite_url), tmp_path / "ankers"
    path.write_text("1 abc 2026-11-01\n", encoding="ascii")
    with store.read() as connection:
        with pytest.raises(UsageError, match="regel 1: dit is geen anker"):
            check_anchors(connection, path)
        with pytest.raises(UsageError, match="niet te lezen"):
            check_anchors(connection, tmp_path / "weg")
    store.close()


def test_an_access_joins_the_trace_that_it_came_with(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with TracerProvider().get_tracer("test").start_as_current_span("verzoek") as span:
        AccessLog(store).record(look("a"), moment=MOMENT)
    AccessLog(store).record(look("a"), moment=MOMENT)
    with store.read() as connection:
        inside, outside = (row.access for row in read_accesses(connection))
    context = span.get_span_context()
    assert (inside.trace_id, inside.parent_span_id) == (f"{context.trace_id:032x}", f"{context.span_id:016x}")
    assert outside.parent_span_id is None
    assert outside.trace_id != inside.trace_id
    assert inside.span_id != outside.span_id
    store.close()


def test_the_log_of_one_person_or_period_is_a_part_of_the_whole(database_url: str) -> None:
    store = open_store(database_url)
    log = AccessLog(store)
    for day in range(1, 4):
        log.record(look("a" if day != 2 else "b"), moment=datetime(2026, 11, day, 12, tzinfo=UTC))
    with store.read() as connection:
        assert [row.volgnummer for row in read_accesses(connection, pseudoniemen=[pseudonym("a")])] == [1, 3]
        period = read_accesses(connection, van=date(2026, 11, 2), tot=date(2026, 11, 3))
        assert [row.volgnummer for row in period] == [2]
        assert [row.volgnummer for row in read_accesses(connection, after=2)] == [3]
    store.close()


def test_a_chain_goes_on_after_its_oldest_part_was_destroyed(database_url: str, tmp_path: Path) -> None:
    store, anchors = open_store(database_url), tmp_path / "ankers"
    log = AccessLog(store, anchors=anchors)
    heads = [log.record(look(f"p{number}"), moment=MOMENT) for number in range(4)]
    with store.write_transaction() as connection:
        for table in (toegang_betrokkenen, toegangen):
            connection.execute(table.delete().where(table.c.volgnummer <= 2))
        connection.execute(
            toegang_afsluitingen.insert().values(volgnummer=2, hash=heads[1].hash, tijdstip=MOMENT, gebruiker="x")
        )
    assert breaks(store) == []
    log.record(look("later"), moment=MOMENT)
    with store.read() as connection:
        assert find_breaks(connection) == (3, [])
        assert check_anchors(connection, anchors).fout == ()
    store.close()
