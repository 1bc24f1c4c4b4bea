"""A stock to fill."""

import pytest
from small_stock import Stock


@pytest.fixture
def town() -> Stock:
    return Stock()
