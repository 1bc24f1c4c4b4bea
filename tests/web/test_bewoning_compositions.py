"""The compositions of a bewoning against a count per day, and the questions that are refused."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.web.api.bewoning.compositions import Stay, compose
from registry.web.api.bewoning.questions import QuestionRefusedError, read_question

START = date(2024, 2, 20)
DAYS = st.integers(0, 30).map(lambda number: START + timedelta(days=number))
OBJECT = "0606010000000001"


@st.composite
def _stays(draw: st.DrawFn) -> Stay:
    begin = draw(DAYS)
    length = draw(st.none() | st.integers(1, 20))
    end = None if length is None else begin + timedelta(days=length)
    return Stay(draw(st.sampled_from("abc")), begin, end, draw(st.booleans()), draw(st.booleans()))


def _present(stays: list[Stay], day: date) -> tuple[frozenset[str], frozenset[str]]:
    here = [stay for stay in stays if stay.van <= day and (stay.tot is None or day < stay.tot)]
    certain = frozenset(stay.persoonslijst for stay in here if stay.zeker)
    return certain, frozenset(stay.persoonslijst for stay in here) - certain


@given(st.lists(_stays(), max_size=7), DAYS, st.integers(1, 25))
def test_each_day_has_the_composition_of_that_day(stays: list[Stay], van: date, length: int) -> None:
    tot = van + timedelta(days=length)
    found = list(compose(stays, van, tot))
    by_day = {
        one.van + timedelta(days=number): (one.bewoners, one.mogelijke_bewoners)
        for one in found
        for number in range((one.tot - one.van).days)
    }
    assert len(by_day) == sum((one.tot - one.van).days for one in found), "periods overlap"
    nobody = (frozenset[str](), frozenset[str]())
    for number in range(length):
        day = van + timedelta(days=number)
        assert by_day.get(day, nobody) == _present(stays, day)
    assert all(van <= one.van < one.tot <= tot and one.aantal for one in found)
    for one, other in pairwise(found):
        said = [(each.bewoners, each.mogelijke_bewoners, each.in_onderzoek) for each in (one, other)]
        assert one.tot < other.van or said[0] != said[1], "equal neighbours are one"


@pytest.mark.parametrize(
    ("question", "faults"),
    [
        ({}, {("type", "required")}),
        ({"type": "Iets"}, {("type", "value")}),
        (
            {"type": "BewoningMetPeildatum"},
            {("peildatum", "required"), ("adresseerbaarObjectIdentificatie", "required")},
        ),
        (
            {"type": "BewoningMetPeildatum", "peildatum": "2024-02-30", "adresseerbaarObjectIdentificatie": "0" * 16},
            {("peildatum", "date"), ("adresseerbaarObjectIdentificatie", "pattern")},
        ),
        (
            {"type": "BewoningMetPeildatum", "peildatum": 20240201, "adresseerbaarObjectIdentificatie": 1, "bsn": "x"},
            {("peildatum", "date"), ("adresseerbaarObjectIdentificatie", "pattern"), ("bsn", "unknownParam")},
        ),
        (
            {"type": "BewoningMetPeildatum", "peildatum": "9999-12-31", "adresseerbaarObjectIdentificatie": OBJECT},
            {("peildatum", "date")},
        ),
        (
            {"type": "BewoningMetPeriode", "datumVan": "2024-02-01", "datumTot": "2024-02-01",
             "adresseerbaarObjectIdentificatie": OBJECT},
            {("datumTot", "date")},
        ),
    ],
)  # fmt: skip
def test_every_fault_of_a_question_is_named_at_once(question: dict[str, object], faults: set[tuple[str, str]]) -> None:
    with pytest.raises(QuestionRefusedError) as refused:
        read_question(json.dumps(question).encode())
    assert {(one.name, one.code) for one in refused.value.faults} == faults


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'"x"'])
def test_a_body_that_is_no_question(body: bytes) -> None:
    with pytest.raises(QuestionRefusedError) as refused:
        read_question(body)
    assert not refused.value.readable


def test_a_peildatum_is_a_period_of_one_day() -> None:
    asked = {"type": "BewoningMetPeildatum", "peildatum": "2024-02-28", "adresseerbaarObjectIdentificatie": OBJECT}
    assert read_question(json.dumps(asked).encode()).periode == (date(2024, 2, 28), date(2024, 2, 29))
