"""The vectorised dates against the scalar ones."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers import partial_dates
from registry.domain.partial_dates import PartialDate
from registry.errors import InvalidDateError

_parts = st.tuples(
    st.sampled_from([0, 1, 1899, 1900, 1999, 2000, 2023, 2024, 9999]) | st.integers(0, 9999),
    st.integers(0, 13),
    st.integers(0, 32),
).map(lambda part: f"{part[0]:04}{part[1]:02}{part[2]:02}")
_texts = _parts | st.text(max_size=9) | st.text("0123456789", min_size=7, max_size=9)


def _scalar(text: str | None) -> tuple[date | None, date | None, bool | None, str | None]:
    if text is None:
        return None, None, None, None
    try:
        parsed = PartialDate.parse(text)
    except InvalidDateError:
        return None, None, False, None
    return parsed.first_day, parsed.last_day, True, parsed.precision.value


@settings(deadline=None)
@given(st.lists(_texts | st.none(), min_size=1, max_size=40))
def test_a_column_gives_the_same_as_each_date_alone(texts: list[str | None]) -> None:
    column = pl.col("datum")
    frame = pl.DataFrame({"datum": texts}, schema={"datum": pl.String}).select(
        partial_dates.first_day(column).alias("first"),
        partial_dates.last_day(column).alias("last"),
        partial_dates.is_valid(column).alias("valid"),
        partial_dates.precision(column).alias("precision"),
    )
    assert frame.rows() == [_scalar(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("20100000", date(2010, 1, 1), date(2010, 12, 31)),
        ("20240200", date(2024, 2, 1), date(2024, 2, 29)),
        ("20230200", date(2023, 2, 1), date(2023, 2, 28)),
        ("20240229", date(2024, 2, 29), date(2024, 2, 29)),
        ("00000000", None, None),
        ("20230229", None, None),
        ("20100015", None, None),
        ("00001200", None, None),
    ],
)
def test_bounds(text: str, first: date | None, last: date | None) -> None:
    frame = pl.DataFrame({"datum": [text]}).select(
        first=partial_dates.first_day(pl.col("datum")), last=partial_dates.last_day(pl.col("datum"))
    )
    assert frame.row(0) == (first, last)
