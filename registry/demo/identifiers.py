"""Fictitious A-nummers and BSNs that pass the checks of LO BRP and cannot belong to anybody."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

_Digits = NDArray[np.int64]
_BSN_TOP: Final = 999_999_999  # 999 is the range in which RvIG makes its test persons
_BSN_WEIGHTS: Final = np.array([9, 8, 7, 6, 5, 4, 3, 2, -1])
_A_NUMMER_FIRST: Final = 4_200_000_000
_A_NUMMER_WEIGHTS: Final = np.array([2**place for place in range(10)])
_CHUNK: Final = 1_000_000
_PLACEHOLDER_BSN: Final = 999_999_999  # nines only: looks like a typing aid, not like a person


def bsns(count: int) -> list[str]:
    """So many different BSNs that pass the elfproef (LO BRP 01.01.20), from 999999998 down.

    The range 999… holds 90,909 of them; a larger municipality continues below it.
    """
    return list(islice(_descending_bsns(), count))


def wrong_bsn(bsn: str) -> str:
    """The same number with another last digit: it fails the elfproef."""
    return bsn[:-1] + str((int(bsn[-1]) + 1) % 10)


def a_nummers(count: int) -> list[str]:
    """So many different A-nummers (LO BRP 01.01.10).

    Ten digits, the first not 0, no digit equal to its neighbour, the sum a multiple of 11 (or 5 more), and the sum
    weighted with powers of two a multiple of 11.
    """
    return list(islice(_ascending_a_nummers(), count))


def _descending_bsns() -> Iterator[str]:
    top = _BSN_TOP
    while True:
        numbers = np.arange(top, top - _CHUNK, -1, dtype=np.int64)
        passes = _digits(numbers, 9) @ _BSN_WEIGHTS % 11 == 0
        yield from (str(number) for number in numbers[passes & (numbers != _PLACEHOLDER_BSN)].tolist())
        top -= _CHUNK


def _ascending_a_nummers() -> Iterator[str]:
    first = _A_NUMMER_FIRST
    while True:
        numbers = np.arange(first, first + _CHUNK, dtype=np.int64)
        digits = _digits(numbers, 10)
        unequal = (digits[:, 1:] != digits[:, :-1]).all(axis=1)
        digits, numbers = digits[unequal], numbers[unequal]
        total = digits.sum(axis=1) % 11
        passes = ((total == 0) | (total == 5)) & (digits @ _A_NUMMER_WEIGHTS % 11 == 0)
        yield from map(str, numbers[passes].tolist())
        first += _CHUNK


def _digits(numbers: _Digits, length: int) -> _Digits:
    """One row of digits per number."""
    powers = 10 ** np.arange(length - 1, -1, -1, dtype=np.int64)
    return numbers[:, None] // powers % 10
