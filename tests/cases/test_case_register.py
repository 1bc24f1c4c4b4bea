"""What people put into a case stays there, and what they take back no longer counts; on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from registry.cases.kinds import BedragPer, BesluitSoort, GebeurtenisSoort, Richting, StukSoort
from registry.cases.register import (
    Decision,
    Paper,
    add_decision,
    add_paper,
    add_signals,
    add_verbeurte,
    note_event,
    open_case,
    take_back,
)
from registry.errors import UsageError
from registry.store.engine import Store, open_store
from registry.store.queries import cases
from registry.store.tables import metadata

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
WHO = {"author": "j.jurist", "moment": MOMENT}
PAPER = Paper(StukSoort.RAPPORT, Richting.INTERN, date(2026, 2, 1), "rapport", "r.pdf", b"inhoud")
ORDER = Decision(
    BesluitSoort.LAST,
    date(2026, 2, 1),
    bekendgemaakt_op=date(2026, 2, 2),
    begunstiging_tot=date(2026, 2, 20),
    bedrag=1000,
    bedrag_per=BedragPer.DAG,
    bedrag_ten_hoogste=2500,
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()


def test_a_case_keeps_what_is_put_into_it_and_hides_what_is_taken_back(store: Store) -> None:
    with store.write_transaction() as connection:
        zaak = open_case(connection, aanleiding="melding", object_id="0606010000000001", **WHO)
        assert zaak == "Z-2026-0001"
        assert open_case(connection, aanleiding="a", rechthebbende="f" * 64, **WHO) == "Z-2026-0002"
        first = add_paper(connection, zaak, PAPER, **WHO)
        second = add_paper(connection, zaak, replace(PAPER, titel="tweede", datum=date(2026, 1, 1)), **WHO)
        number = cases.find_case(connection, zaak)["zaak_id"]  # type: ignore[index]
        assert [row["stuk_id"] for row in cases.read_documents(connection, number)] == [second, first]
        sha = cases.read_documents(connection, number)[0]["sha256"]
        assert cases.read_content(connection, sha) == b"inhoud"
        contents = metadata.tables["stuk_inhouden"]
        assert connection.execute(sa.select(sa.func.count()).select_from(contents)).scalar() == 1
        take_back(connection, zaak, "stuk", second, reason="dubbel", **WHO)
        assert [row["stuk_id"] for row in cases.read_documents(connection, number)] == [first]
        with pytest.raises(UsageError, match="geen stuk"):
            take_back(connection, zaak, "stuk", second, reason="nogmaals", **WHO)
        note_event(connection, zaak, GebeurtenisSoort.GESLOTEN, reason="klaar", **WHO)
        assert [(row["zaak"], row["stand"]) for row in cases.list_cases(connection)] == [
            ("Z-2026-0002", None),
            ("Z-2026-0001", "gesloten"),
        ]
        event = cases.read_events(connection, number)[0]
        assert (event["reden"], event["tijdstip"]) == ("dubbel", MOMENT)


def test_a_next_version_takes_over_what_it_does_not_change(store: Store) -> None:
    with store.write_transaction() as connection:
        zaak = open_case(connection, aanleiding="melding", object_id="0606010000000001", **WHO)
        assert add_decision(connection, zaak, ORDER, **WHO) == (1, 1)
        change = Decision(BesluitSoort.LAST, date(2026, 2, 10), bedrag=800, nummer=1)
        assert add_decision(connection, zaak, change, **WHO) == (1, 2)
        assert add_decision(connection, zaak, ORDER, **WHO) == (2, 1)
        rows = cases.read_decisions(connection, 1)
        assert [(row["nummer"], row["versie"], row["bedrag"], row["bedrag_per"]) for row in rows] == [
            (1, 1, 1000, "dag"),
            (1, 2, 800, "dag"),
            (2, 1, 1000, "dag"),
        ]
        assert rows[1]["bekendgemaakt_op"] is None, "each version is made known by itself"


def test_an_amount_becomes_due_only_under_an_order_and_up_to_its_most(store: Store) -> None:
    with store.write_transaction() as connection:
        zaak = open_case(connection, aanleiding="melding", object_id="0606010000000001", **WHO)
        add_decision(connection, zaak, ORDER, **WHO)
        add_decision(connection, zaak, Decision(BesluitSoort.BOETE, date(2026, 2, 1), bedrag=500), **WHO)

        def due(besluit: tuple[int, int], day: date, amount: int) -> int:
            return add_verbeurte(
                connection, zaak, besluit=besluit, verbeurd_op=day, bedrag=amount, inspectie=None, **WHO
            )

        with pytest.raises(UsageError, match="begunstigingstermijn"):
            due((1, 1), date(2026, 2, 19), 1000)
        with pytest.raises(UsageError, match="Alleen onder een last"):
            due((2, 1), date(2026, 2, 21), 1000)
        with pytest.raises(UsageError, match="geen besluit 1 versie 2"):
            due((1, 2), date(2026, 2, 21), 1000)
        due((1, 1), date(2026, 2, 20), 1000)
        second = due((1, 1), date(2026, 2, 21), 1000)
        with pytest.raises(UsageError, match="het maximum is € 2500"):
            due((1, 1), date(2026, 2, 22), 1000)
        take_back(connection, zaak, "verbeurte", second, reason="niet gezien", **WHO)
        due((1, 1), date(2026, 2, 22), 1000)
        assert [row["verbeurd_op"].day for row in cases.read_verbeurten(connection, 1)] == [20, 22]


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (replace(ORDER, bedrag=0), "boven nul"),
        (replace(ORDER, bekendgemaakt_op=date(2026, 1, 31)), "bekendgemaakt"),
        (replace(ORDER, begunstiging_tot=ORDER.datum), "begunstigingstermijn"),
        (replace(ORDER, overtreding_op=ORDER.datum + timedelta(days=1)), "geconstateerd"),
        (replace(ORDER, nummer=9), "geen besluit 9"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(sqlite_url: str, decision: Decision, words: str) -> None:
    store = open_store(sqlite_url)
    with store.write_transaction() as connection:
        zaak = open_case(connection, aanleiding="melding", object_id="0606010000000001", **WHO)
        with pytest.raises(UsageError, match=words):
            add_decision(connection, zaak, decision, **WHO)
    store.close()


def test_nothing_goes_in_without_an_author_a_reason_and_something_real(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.write_transaction() as connection:
        with pytest.raises(UsageError, match="een adres of over een eigenaar"):
            open_case(connection, aanleiding="melding", **WHO)
        with pytest.raises(UsageError, match="aanleiding"):
            open_case(connection, aanleiding=" ", object_id="1", **WHO)
        zaak = open_case(connection, aanleiding="melding", object_id="0606010000000001", **WHO)
        with pytest.raises(UsageError, match="geen signaal met bewijsnummer"):
            add_signals(connection, zaak, [("bestaat-niet", "0606010000000001")], **WHO)
        with pytest.raises(UsageError, match="leeg"):
            add_paper(connection, zaak, replace(PAPER, content=b""), **WHO)
        with pytest.raises(UsageError, match="naam en een dag"):
            add_paper(connection, zaak, replace(PAPER, ondertekend_door="T. Toezicht"), **WHO)
        with pytest.raises(UsageError, match="geen zaak Z-1"):
            add_paper(connection, "Z-1", PAPER, **WHO)
    store.close()
