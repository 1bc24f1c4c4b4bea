"""What ends soon: from permits, papers, decisions and forfeited amounts, each with its source."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from registry.cases.collection import INTERRUPTIONS, forfeit_clock
from registry.cases.deadlines import (
    TermijnSoort,
    equated_days,
    permit_decision,
    read_deadlines,
    recidive_window,
)
from registry.cases.forfeits import Pause
from registry.cases.kinds import Richting, StukSoort
from registry.store.engine import Store, open_store
from registry.store.tables import cases
from rules.parameters import parse_law, shipped_law

LAW = shipped_law()
TODAY = date(2026, 11, 25)
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
OBJECT = "0606010000000001"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()


def add(store: Store, table: sa.Table, **values: Any) -> int:
    key = next(iter(table.primary_key.columns))
    moments = {"auteur": "A. Jansen"} | dict.fromkeys(
        [name for name in ("geopend_op", "vastgelegd_op", "tijdstip") if name in table.c], MOMENT
    )
    with store.write_transaction() as connection:
        return int(connection.execute(table.insert().values(**moments, **values).returning(key)).scalar_one())


def add_case(store: Store, zaak: str = "Z-2026-0001") -> int:
    return add(store, cases.zaken, zaak=zaak, adresseerbaar_object_id=OBJECT, aanleiding="project")


def add_decision(store: Store, zaak_id: int, **values: Any) -> int:
    whole = {"soort": "last onder dwangsom", "datum": date(2026, 10, 12), "nummer": 1, "versie": 1} | values
    return add(store, cases.besluiten, zaak_id=zaak_id, **whole)


def add_paper(store: Store, zaak_id: int, soort: str, datum: date, **values: Any) -> int:
    sha256 = f"{soort}{datum}"
    with store.write_transaction() as connection:
        connection.execute(cases.stuk_inhouden.insert().values(sha256=sha256, inhoud=b"x"))
    whole = {"richting": "verzonden", "titel": soort, "bestand": "a.pdf", "sha256": sha256, "aantal_bytes": 1} | values
    return add(store, cases.stukken, zaak_id=zaak_id, soort=soort, datum=datum, **whole)


def found(store: Store) -> dict[TermijnSoort, date | None]:
    with store.read() as connection:
        rows = read_deadlines(connection, law=LAW, gemeente="GM0606", today=TODAY)
    assert all(row.bron for row in rows)
    return {row.soort: row.laatste_dag for row in rows}


def test_a_case_shows_every_term_that_runs(store: Store) -> None:
    zaak = add_case(store)
    add_paper(store, zaak, "vooraankondiging", date(2026, 11, 14))
    besluit = add_decision(store, zaak, bekendgemaakt_op=date(2026, 10, 13), begunstiging_tot=date(2026, 12, 1))
    add(store, cases.verbeurten, besluit_id=besluit, verbeurd_op=date(2026, 3, 10), bedrag=5000)
    assert found(store) == {
        TermijnSoort.BEZWAAR: date(2026, 11, 24),
        TermijnSoort.ZIENSWIJZE: date(2026, 11, 28),  # a Saturday: the authority set it, not the law
        TermijnSoort.BEGUNSTIGING: date(2026, 11, 30),
        TermijnSoort.INVORDERING: date(2027, 3, 10),
    }


def test_an_objection_stops_the_clock_and_its_answer_starts_it_again(store: Store) -> None:
    zaak = add_case(store)
    besluit = add_decision(store, zaak)
    add(store, cases.verbeurten, besluit_id=besluit, verbeurd_op=date(2026, 3, 10), bedrag=5000)
    add_paper(store, zaak, "bezwaarschrift", date(2026, 4, 1), richting="ontvangen", besluit_id=besluit)
    assert found(store)[TermijnSoort.INVORDERING] is None
    add_paper(store, zaak, "uitspraak", date(2026, 5, 1), richting="ontvangen", besluit_id=besluit)
    assert found(store)[TermijnSoort.INVORDERING] == date(2027, 4, 9)


@pytest.mark.parametrize("soort", INTERRUPTIONS)
def test_a_demand_that_was_sent_starts_the_year_anew_and_a_draft_does_not(store: Store, soort: StukSoort) -> None:
    zaak = add_case(store)
    besluit = add_decision(store, zaak)
    add(store, cases.verbeurten, besluit_id=besluit, verbeurd_op=date(2026, 3, 10), bedrag=5000)
    [way, *_] = INTERRUPTIONS[soort]
    wrong = Richting.ONTVANGEN if way is Richting.VERZONDEN else Richting.VERZONDEN
    add_paper(store, zaak, soort, date(2026, 5, 1), richting=wrong)
    assert found(store)[TermijnSoort.INVORDERING] == date(2027, 3, 10)
    add_paper(store, zaak, soort, date(2026, 6, 1), richting=way)
    assert found(store)[TermijnSoort.INVORDERING] == date(2027, 6, 1)
    add(store, cases.zaak_gebeurtenissen, soort="gesloten", zaak_id=zaak, reden="x")
    assert found(store)[TermijnSoort.INVORDERING] == date(2027, 6, 1)  # an amount lapses all the same


def test_a_paper_about_another_order_does_not_interrupt_and_one_about_the_collection_does(store: Store) -> None:
    zaak = add_case(store)
    besluit, other = add_decision(store, zaak), add_decision(store, zaak, nummer=2)
    collection = add_decision(store, zaak, nummer=3, soort="invordering")
    add(store, cases.verbeurten, besluit_id=besluit, verbeurd_op=date(2026, 3, 10), bedrag=5000)
    add_paper(store, zaak, "dwangbevel", date(2026, 5, 1), besluit_id=other)
    assert found(store)[TermijnSoort.INVORDERING] == date(2027, 3, 10)
    add_paper(store, zaak, "dwangbevel", date(2026, 6, 1), besluit_id=collection)
    assert found(store)[TermijnSoort.INVORDERING] == date(2027, 6, 1)


def test_a_deferral_of_payment_stops_the_clock_until_it_ends(store: Store) -> None:
    zaak = add_case(store)
    besluit = add_decision(store, zaak)
    add(store, cases.verbeurten, besluit_id=besluit, verbeurd_op=date(2026, 3, 10), bedrag=5000)
    add_paper(store, zaak, "uitstel van betaling", date(2026, 4, 1))
    assert found(store)[TermijnSoort.INVORDERING] is None
    add_paper(store, zaak, "einde van uitstel van betaling", date(2026, 4, 11))
    assert found(store)[TermijnSoort.INVORDERING] == date(2027, 3, 20)


def test_what_was_taken_back_replaced_or_closed_no_longer_counts(store: Store) -> None:
    zaak = add_case(store)
    first = add_decision(store, zaak, begunstiging_tot=date(2026, 12, 1))
    second = add_decision(store, zaak, versie=2, begunstiging_tot=date(2026, 12, 15))
    assert found(store) == {TermijnSoort.BEGUNSTIGING: date(2026, 12, 14)}
    events = {"zaak_id": zaak, "reden": "x"}
    add(store, cases.zaak_gebeurtenissen, soort="gesloten", **events)
    assert found(store) == {}
    add(store, cases.zaak_gebeurtenissen, soort="heropend", **events)
    assert found(store) == {TermijnSoort.BEGUNSTIGING: date(2026, 12, 14)}
    add(store, cases.zaak_gebeurtenissen, soort="teruggenomen", besluit_id=second, **events)
    assert found(store) == {}
    assert first != second


@pytest.mark.parametrize(
    ("requested", "extended", "last"),
    [
        (date(2026, 9, 30), False, date(2026, 11, 25)),
        (date(2026, 4, 4), False, date(2026, 6, 1)),  # eight weeks end on Saturday 30 May
        (date(2026, 9, 30), True, date(2027, 1, 6)),
        (date(2026, 9, 18), True, date(2026, 12, 28)),  # fourteen weeks end on Christmas Day, a Friday
    ],
)
def test_a_permit_is_decided_in_eight_weeks_and_six_more(requested: date, extended: bool, last: date) -> None:
    end, value = permit_decision(requested, extended=extended, law=LAW, gemeente=None)
    assert end == last
    assert value is not None
    assert "43" in value.bron


def test_a_repeat_counts_four_years_back_from_the_observation() -> None:
    assert recidive_window(date(2026, 11, 25), LAW, None) == (date(2022, 11, 25), date(2026, 11, 24))
    assert recidive_window(date(2024, 2, 29), LAW, None)[0] == date(2020, 2, 29)


def test_the_law_says_from_when_an_appeal_stops_the_clock() -> None:
    pauses = [Pause(date(2020, 6, 1), date(2021, 4, 11), by_appeal=True)]
    clock = forfeit_clock(date(2020, 5, 1), pauses=pauses, law=LAW, gemeente=None, today=TODAY)
    assert clock.last == date(2021, 5, 11)


def test_a_municipality_names_the_days_of_a_decree_in_its_law_file() -> None:
    own = b"""gemeente: GM0606
naam: Schiedam
parameters:
  termijnen.gelijkgestelde_dagen:
    - {van: 2026-01-01, waarde: "2026-05-15 2027-05-07", bron: Staatscourant, status: te_bevestigen}
"""
    files = {name: text for name, text in LAW.files.items() if "/" not in name}
    law = parse_law(files | {"verordeningen/gm0606.yml": own})
    assert equated_days(law, "GM0606", date(2026, 5, 1)) == {date(2026, 5, 15), date(2027, 5, 7)}
    assert permit_decision(date(2026, 3, 20), extended=False, law=law, gemeente="GM0606")[0] == date(2026, 5, 18)
    assert permit_decision(date(2026, 3, 20), extended=False, law=LAW, gemeente=None)[0] == date(2026, 5, 15)
