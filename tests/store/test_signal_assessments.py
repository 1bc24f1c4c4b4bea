"""Which signals are assessed: the filter of the list and the verdict beside a signal, on both databases."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from registry.store.engine import Store, WriteConnection, open_store
from registry.store.queries.signal_list import ASSESSED, UNASSESSED, Filter, list_signals, with_verdicts
from registry.store.tables.signals import evaluaties, signalen
from registry.store.tables.visits import beoordelingen

DAY = date(2026, 11, 1)
# 23:30 UTC on 4 November is the fifth on a Dutch clock.
MOMENT = datetime(2026, 11, 4, 23, 30, tzinfo=UTC)


def homes(*numbers: int) -> list[str]:
    return [f"060601{number:010}" for number in numbers]


A, B, C, D, E = homes(1, 2, 3, 4, 5)


def fill(connection: WriteConnection) -> None:
    """Two rules, one judged twice; signals about dwellings, and about two transfers of one dwelling."""
    connection.execute(
        sa.text(
            "INSERT INTO runs (run_id, bron, bestand, levering, status, gestart, software)"
            " VALUES (1, 'brp', 'x', 'stand', 'gelukt', '2026-11-01 12:00:00', 'x')"
        )
    )
    connection.execute(sa.text("INSERT INTO wetten (wet_hash, inhoud) VALUES ('w', '{}')"))
    for number, regel, peildatum in ((1, "overbewoning", DAY), (2, "overbewoning", DAY + timedelta(days=1)),
                                     (3, "opkoopbescherming", DAY)):  # fmt: skip
        connection.execute(
            evaluaties.insert().values(
                evaluatie_id=number, regel=regel, regel_versie=1, peildatum=peildatum, known_run_id=1, wet_hash="w",
                wetten="{}", software="x", tellingen="{}", gemaakt=MOMENT,
            )
        )  # fmt: skip
    for evaluatie, object_id, overdracht in ((1, A, None), (2, A, None), (2, B, None), (2, C, None), (2, D, None),
                                             (3, E, "o1"), (3, E, "o2"), (3, A, "o3")):  # fmt: skip
        connection.execute(
            signalen.insert().values(
                evaluatie_id=evaluatie, adresseerbaar_object_id=object_id, overdracht_id=overdracht, uitkomst="signaal",
                beslissend="x", onbekende_feiten="[]", feiten="{}", parameters="{}", wet_hash="w", feiten_hash="f",
                bewijs=f"{object_id[-1]}{overdracht or ''}",
            )
        )  # fmt: skip


def judge(connection: WriteConnection, object_id: str, *verdicts: str, regel: str, zaak_id: str = "") -> None:
    for number, verdict in enumerate(verdicts, start=1):
        connection.execute(
            beoordelingen.insert().values(
                regel=regel, zaak_id=zaak_id, adresseerbaar_object_id=object_id, versie=number, oordeel=verdict,
                toelichting="x", bewijs="x", regel_versie=1, peildatum=DAY, known_run_id=1, wet_hash="w",
                feiten_hash="f", feiten="{}", parameters="{}", auteur=f"auteur {number}",
                beoordeeld_op=MOMENT + timedelta(days=number - 1),
            )
        )  # fmt: skip


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with closing(open_store(database_url)) as opened:
        with opened.write_transaction() as connection:
            fill(connection)
            judge(connection, A, "weerlegd", regel="overbewoning")
            judge(connection, B, "bevestigd", "herroepen", regel="overbewoning")
            judge(connection, C, "bevestigd", "herroepen", "nader_onderzoek", regel="overbewoning")
            judge(connection, E, "bevestigd", regel="opkoopbescherming", zaak_id="o1")
        yield opened


def found(store: Store, beoordeling: str | None) -> set[str]:
    with store.read() as connection:
        page = list_signals(connection, Filter(beoordeling=beoordeling), gebieden=None, on=DAY)
    assert page.total == len(page.rows)
    return {row["bewijs"] for row in page.rows}


def test_the_filter_divides_the_signals_by_case_and_by_the_last_assessment(store: Store) -> None:
    assert found(store, ASSESSED) == {"1", "3", "5o1"}
    assert found(store, UNASSESSED) == {"2", "4", "5o2", "1o3"}
    assert found(store, None) == found(store, ASSESSED) | found(store, UNASSESSED)


def test_each_signal_carries_the_last_assessment_of_its_case_by_one_question(store: Store) -> None:
    asked: list[str] = []
    with store.read() as connection:
        rows = list_signals(connection, Filter(), gebieden=None, on=DAY).rows
        sa.event.listen(store.engine, "before_cursor_execute", lambda _c, _u, text, *_: asked.append(text))
        shown = {row["bewijs"]: row["oordeel"] for row in with_verdicts(connection, rows)}
        earlier = with_verdicts(connection, rows, until=MOMENT + timedelta(days=1))
        assert with_verdicts(connection, []) == []
        assert len(asked) == 2
    assert shown["3"] == {"oordeel": "nader_onderzoek", "auteur": "auteur 3", "dag": date(2026, 11, 7)}
    assert shown["2"]["oordeel"] == "herroepen"
    assert shown["1"]["dag"] == date(2026, 11, 5)
    assert [shown[bewijs] for bewijs in ("4", "5o2", "1o3")] == [None, None, None]
    assert {row["bewijs"]: row["oordeel"]["oordeel"] for row in earlier if row["oordeel"]} == {
        "1": "weerlegd", "2": "bevestigd", "3": "bevestigd", "5o1": "bevestigd",
    }  # fmt: skip
