"""Shares of small numbers come with the interval that they deserve."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.cases.yields import share


def test_nothing_counted_is_no_share() -> None:
    assert share(0, 0).deel is None


@pytest.mark.parametrize(
    ("count", "total", "method", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I
        (81, 263, "wilson", 0.2553, 0.3662),
        (15, 148, "wilson", 0.0624, 0.1605),
        (0, 20, "wilson", 0.0, 0.1611),
        (1, 29, "wilson", 0.0061, 0.1718),
        (15, 148, "exact", 0.0578, 0.1617),
        (0, 20, "exact", 0.0, 0.1684),
    ],
)
def test_the_intervals_are_those_of_the_literature(
    count: int, total: int, method: str, low: float, high: float
) -> None:
    found = share(count, total, method=method)  # type: ignore[arg-type]
    assert found.van == pytest.approx(low, abs=5e-5)
    assert found.tot == pytest.approx(high, abs=5e-5)


@given(total=st.integers(1, 400), data=st.data())
def test_the_share_lies_in_its_interval_and_the_exact_one_is_never_narrower_at_the_ends(
    total: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, total))
    wilson, exact = share(count, total), share(count, total, method="exact")
    for found in (wilson, exact):
        assert found.van is not None
        assert found.tot is not None
        assert 0 <= found.van <= count / total + 1e-12
        assert count / total - 1e-12 <= found.tot <= 1
    turned = share(total - count, total)
    assert turned.van == pytest.approx(1 - (wilson.tot or 0), abs=1e-9)
