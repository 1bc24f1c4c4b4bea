"""Terms end where the Algemene termijnenwet says, and amounts lapse where the Awb says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.cases.forfeits import Pause, run_clock
from registry.cases.terms import Term, add_months, counts_back_to, is_free, last_day

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
SHORT = st.one_of(
    st.builds(Term, days=st.integers(1, 90)),
    st.builds(Term, weeks=st.integers(1, 12)),
    st.builds(Term, months=st.integers(1, 3)),
)
LONG = st.one_of(
    st.builds(Term, days=st.integers(91, 500)),
    st.builds(Term, weeks=st.integers(13, 60)),
    st.builds(Term, months=st.integers(4, 48)),
    st.builds(Term, years=st.integers(1, 10)),
)


@pytest.mark.parametrize(
    ("day", "free"),
    [
        (date(2026, 4, 3), True),  # Good Friday, art. 3 lid 2
        (date(2026, 4, 6), True),  # Easter Monday
        (date(2026, 4, 27), True),  # King's Day
        (date(2025, 4, 26), True),  # King's Day on Saturday, since the 27th was a Sunday
        (date(2026, 5, 5), True),  # every year, also where employers work
        (date(2026, 5, 14), True),  # Ascension Day
        (date(2026, 5, 15), False),  # the Friday after it, unless a decree says so
        (date(2026, 12, 24), False),
        (date(2026, 12, 26), True),
        (date(2026, 11, 25), False),
    ],
)
def test_holidays_are_those_of_article_3(day: date, free: bool) -> None:
    assert is_free(day) is free


def test_a_day_that_a_decree_equates_with_a_holiday_is_free() -> None:
    friday = date(2026, 5, 15)
    assert is_free(friday, {friday})
    assert last_day(date(2026, 5, 1), Term(weeks=2), equated={friday}) == date(2026, 5, 18)


@pytest.mark.parametrize(
    ("event", "term", "last"),
    [
        (date(2026, 10, 13), Term(weeks=6), date(2026, 11, 24)),
        (date(2026, 4, 4), Term(weeks=8), date(2026, 6, 1)),  # ends on Saturday 30 May
        (date(2026, 11, 13), Term(weeks=6), date(2026, 12, 28)),  # Christmas Day, second day, Sunday
        (date(2026, 4, 2), Term(days=3), date(2026, 4, 8)),  # Friday to Monday of Easter: two working days, art. 2
        (date(2026, 3, 1), Term(weeks=13), date(2026, 5, 31)),  # a Sunday, but more than twelve weeks: art. 4
        (date(2024, 2, 29), Term(years=4), date(2028, 2, 29)),
        (date(2024, 2, 29), Term(years=1), date(2025, 2, 28)),
        (date(2026, 8, 31), Term(months=1), date(2026, 9, 30)),
        (date(2026, 11, 14), Term(weeks=2, by_law=False), date(2026, 11, 28)),  # a Saturday in a decision stays one
    ],
)
def test_a_term_ends_on_its_last_day(event: date, term: Term, last: date) -> None:
    assert last_day(event, term) == last


@given(event=DAYS, term=SHORT)
def test_a_short_term_of_law_never_ends_on_a_free_day_and_is_never_shortened(event: date, term: Term) -> None:
    end = last_day(event, term)
    plain = last_day(event, Term(term.days, term.weeks, term.months, term.years, by_law=False))
    assert not is_free(end)
    assert plain <= end <= plain + timedelta(days=10)
    between = [plain + timedelta(days=n) for n in range((end - plain).days)]
    working = sum(not is_free(event + timedelta(days=n + 1)) for n in range((end - event).days))
    assert all(map(is_free, between)) or working == 2
    if (plain - event).days >= 3:
        assert working >= 2


@given(event=DAYS, term=LONG)
def test_a_long_term_is_not_moved_by_the_calendar_of_holidays(event: date, term: Term) -> None:
    assert last_day(event, term) == last_day(event, Term(term.days, term.weeks, term.months, term.years, by_law=False))


@given(event=DAYS, later=st.integers(0, 40), term=st.one_of(SHORT, LONG))
def test_what_happens_later_ends_no_earlier(event: date, later: int, term: Term) -> None:
    assert last_day(event, term) <= last_day(event + timedelta(days=later), term)


@given(event=DAYS, years=st.integers(1, 8))
def test_counting_back_is_the_other_way_around(event: date, years: int) -> None:
    back = counts_back_to(event, years)
    assert back.year == event.year - years
    assert add_months(back, 12 * years) == event or (event.month, event.day) == (2, 29)


def test_a_term_without_length_or_with_two_units_is_none() -> None:
    for wrong in ({}, {"days": 3, "weeks": 1}, {"days": -1}):
        with pytest.raises(ValueError, match="one unit"):
            Term(**wrong)  # type: ignore[arg-type]


FORFEITED = date(2025, 3, 10)
NOW = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("pauses", "interruptions", "last"),
    [
        ([], [], date(2026, 3, 10)),
        ([Pause(date(2025, 6, 1), date(2025, 7, 1))], [], date(2026, 4, 9)),  # thirty days of deferral
        ([Pause(date(2025, 6, 1), date(2025, 7, 1), by_appeal=True)], [], date(2026, 4, 9)),
        (
            [Pause(date(2025, 6, 1), date(2025, 6, 20)), Pause(date(2025, 6, 10), date(2025, 7, 1))],
            [],
            date(2026, 4, 9),
        ),
        ([], [date(2025, 12, 1)], date(2026, 12, 1)),
        ([], [date(2025, 12, 1), date(2026, 11, 1)], date(2027, 11, 1)),
        ([], [date(2026, 3, 11)], date(2026, 3, 10)),  # a day too late
        ([Pause(date(2026, 3, 11), date(2026, 9, 1))], [], date(2026, 3, 10)),  # deferral after it lapsed
        ([Pause(date(2025, 1, 1), date(2025, 4, 10))], [], date(2026, 4, 9)),  # ran already when it was forfeited
        ([Pause(date(2025, 6, 1), None, by_appeal=True)], [], None),
    ],
)
def test_an_amount_lapses_a_year_after_it_was_forfeited(
    pauses: list[Pause], interruptions: list[date], last: date | None
) -> None:
    assert run_clock(FORFEITED, pauses=pauses, interruptions=interruptions, today=NOW).last == last


def test_an_appeal_paused_nothing_before_april_2021() -> None:
    pauses = [Pause(date(2020, 6, 1), date(2021, 4, 11), by_appeal=True)]
    assert run_clock(date(2020, 5, 1), pauses=pauses, today=NOW).last == date(2021, 5, 11)
    assert run_clock(date(2020, 5, 1), pauses=pauses, today=NOW, appeals_pause_from=None).last == date(2021, 5, 1)


PAUSES = st.lists(
    st.tuples(st.integers(-100, 900), st.integers(0, 300), st.booleans()).map(
        lambda parts: Pause(
            FORFEITED + timedelta(days=parts[0]),
            FORFEITED + timedelta(days=parts[0] + parts[1]),
            by_appeal=parts[2],
        )
    ),
    max_size=5,
)
INTERRUPTIONS = st.lists(st.integers(-50, 1500).map(lambda n: FORFEITED + timedelta(days=n)), max_size=5)


@given(pauses=PAUSES, interruptions=INTERRUPTIONS, more=PAUSES)
def test_the_clock_never_runs_short_and_order_is_nothing_to_it(
    pauses: list[Pause], interruptions: list[date], more: list[Pause]
) -> None:
    found = run_clock(FORFEITED, pauses=pauses, interruptions=interruptions, today=NOW)
    turned = run_clock(FORFEITED, pauses=pauses[::-1], interruptions=interruptions[::-1], today=NOW)
    assert found == turned
    assert found.last is not None
    assert found.last >= date(2026, 3, 10)
    longer = run_clock(FORFEITED, pauses=[*pauses, *more], interruptions=interruptions, today=NOW)
    assert longer.last is not None
    assert longer.last >= found.last
    late = [day for day in interruptions if day > found.last]
    assert found == run_clock(
        FORFEITED, pauses=pauses, interruptions=[day for day in interruptions if day not in late], today=NOW
    )


@given(pauses=PAUSES)
def test_every_day_of_the_year_is_a_day_on_which_the_clock_ran(pauses: list[Pause]) -> None:
    found = run_clock(FORFEITED, pauses=pauses, today=NOW)
    assert found.last is not None
    days = [FORFEITED + timedelta(days=n + 1) for n in range((found.last - FORFEITED).days)]
    ran = [day for day in days if not any(p.start <= day and p.until is not None and day < p.until for p in pauses)]
    assert len(ran) == 365
