"""Incomplete dates: what they may be and how they read."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.partial_dates import PartialDate, Precision
from registry.errors import InvalidDateError


@settings(deadline=None)
@given(st.dates())
def test_a_full_date_is_that_day(day: date) -> None:
    parsed = PartialDate.parse(f"{day:%Y%m%d}".zfill(8))
    assert parsed == PartialDate.of(day)
    assert (parsed.first_day, parsed.last_day, parsed.precision) == (day, day, Precision.DAG)


@settings(deadline=None)
@given(st.integers(1, 9999), st.integers(0, 12))
def test_an_incomplete_date_holds_exactly_its_days(year: int, month: int) -> None:
    parsed = PartialDate.parse(f"{year:04}{month:02}00")
    first, last = parsed.first_day, parsed.last_day
    assert first is not None
    assert last is not None
    assert (first.year, first.day) == (last.year, 1) == (year, 1)
    assert first.month == (month or 1)
    assert last.month == (month or 12)
    if last < date.max:
        assert (last + timedelta(days=1)).day == 1


@settings(deadline=None)
@given(st.text("0123456789", min_size=8, max_size=8))
def test_text_survives_parsing(text: str) -> None:
    try:
        parsed = PartialDate.parse(text)
    except InvalidDateError:
        return
    assert str(parsed) == text


@pytest.mark.parametrize(
    ("text", "dutch"),
    [("20100305", "5 maart 2010"), ("20100300", "maart 2010"), ("20100000", "2010"), ("00000000", "onbekend")],
)
def test_reads_in_dutch(text: str, dutch: str) -> None:
    assert PartialDate.parse(text).dutch() == dutch


@pytest.mark.parametrize(
    "text",
    ["", "2010", "20101301", "20100230", "20100010", "00000101", "00000001", "2010-3-5", "٢٠١٠٠٣٠٥", "20100305\n"],
)
def test_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(InvalidDateError):
        PartialDate.parse(text)
