"""What somebody who knows every published count of a release can say of the hidden ones: linear bounds, solved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

Key = frozenset[tuple[str, str]]
"""What a count is of: pairs of dimension and class; the empty one is the total."""

TOTAL: Final[Key] = frozenset()
_UNBOUNDED = 3  # status of scipy.optimize.linprog
_TRIES = 6  # solutions that are tried before each count is looked at by itself


@dataclass(frozen=True, slots=True)
class Equation:
    """The counts of ``parts`` are together the count of ``whole``."""

    whole: Key
    parts: tuple[Key, ...]

    @property
    def members(self) -> tuple[Key, ...]:
        """All counts in it."""
        return (self.whole, *self.parts)


def bounds(
    counts: Mapping[Key, int],
    equations: Sequence[Equation],
    hidden: Collection[Key],
    *,
    apart: Collection[Key] = frozenset(),
    enough: float = np.inf,
    step: int = 1,
) -> dict[Key, tuple[float, float]]:
    """Between which numbers each hidden count must lie for who knows all the others.

    Args:
        counts: the true counts.
        equations: the sums between them.
        hidden: the counts that the attacker does not know.
        apart: other counts that the attacker does not know, and that are not asked for.
        enough: a range that is at least this wide need not be the widest.
        step: the attacker knows the others as they are rounded to this; 1 is exactly. A count of 0 he knows.
    """
    unknown = {*hidden, *apart}
    blurred = [key for key, count in counts.items() if step > 1 and count > 0 and key not in unknown]
    keys = sorted({*unknown, *blurred}, key=sorted)
    matrix, rights = _system(counts, equations, keys)
    truth = np.array([counts[key] for key in keys], dtype=float)
    least, most = _limits(keys, counts, unknown, step)
    wanted = np.array([key in hidden for key in keys], dtype=bool)
    found: dict[Key, tuple[float, float]] = {}
    for members in _components(matrix):
        if not wanted[members].any():
            continue
        part = matrix[:, members]
        used = np.flatnonzero(np.diff(part.indptr))
        within = np.column_stack([least[members], most[members], wanted[members]])
        lows, highs = _ranges(part[used], rights[used], truth[members], enough, within)
        found |= {
            keys[member]: (float(low), float(high))
            for member, low, high in zip(members, lows, highs, strict=True)
            if wanted[member]
        }
    return found


def _limits(
    keys: Sequence[Key], counts: Mapping[Key, int], hidden: Collection[Key], step: int
) -> tuple[FloatArray, FloatArray]:
    """What each count can be at least and at most, before any sum: anything where it is hidden, else what rounds so."""
    shown = np.array([np.floor((counts[key] + step / 2) / step) * step for key in keys])
    known = np.array([key not in hidden for key in keys], dtype=bool)
    least = np.where(known, np.maximum(np.ceil(shown - step / 2), 0), 0.0)
    return least, np.where(known, np.ceil(shown + step / 2) - 1, np.inf)


def _system(counts: Mapping[Key, int], equations: Sequence[Equation], keys: Sequence[Key]) -> tuple[Any, FloatArray]:
    """The sums as equations of the hidden counts: a sparse matrix and its right sides."""
    place = {key: number for number, key in enumerate(keys)}
    entries: list[tuple[int, int, int]] = []
    rights: list[int] = []
    for equation in equations:
        if place.keys().isdisjoint(equation.members):
            continue
        right = 0
        for key in equation.members:
            sign = -1 if key == equation.whole else 1
            if key in place:
                entries.append((sign, len(rights), place[key]))
            else:
                right -= sign * counts[key]
        rights.append(right)
    signs, rows, columns = np.array(entries, dtype=int).reshape(-1, 3).T
    matrix = scipy.sparse.csr_matrix((signs, (rows, columns)), shape=(len(rights), len(keys)))
    return matrix, np.array(rights, dtype=float)


def _components(matrix: Any) -> list[NDArray[np.intp]]:
    """Hidden counts that have to do with each other."""
    _, labels = scipy.sparse.csgraph.connected_components(matrix.T @ matrix, directed=False)
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def _ranges(
    matrix: Any, rights: FloatArray, truth: FloatArray, enough: float, known: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The least and the most of each count; every solution that is met on the way tells of all counts at once.

    ``known`` holds per count the least and the most that it can be before any sum, and whether it is asked for.
    """
    lows, highs = truth.copy(), truth.copy()
    within, wanted = known[:, :2], known[:, 2]
    if matrix.shape[0] == 0:
        return within[:, 0].copy(), within[:, 1].copy()

    def solve(goal: FloatArray) -> float:
        answer = scipy.optimize.linprog(goal, A_eq=matrix, b_eq=rights, bounds=within, method="highs")
        if answer.status == _UNBOUNDED:
            return -np.inf
        if answer.status != 0:
            return float(goal @ truth)  # not solved: take it that the attacker finds out
        np.minimum(lows, answer.x, out=lows)
        np.maximum(highs, answer.x, out=highs)
        return float(answer.fun)

    if np.isfinite(enough):
        dice = np.random.default_rng(606)
        for _ in range(_TRIES):
            solve(dice.uniform(0.0, 1.0, truth.size) * wanted)
            solve(-dice.integers(0, 2, truth.size).astype(float) * wanted)
    for number in np.flatnonzero(wanted):
        if highs[number] - lows[number] >= enough:
            continue
        goal = np.zeros(truth.size)
        goal[number] = 1.0
        lows[number] = solve(goal)
        highs[number] = -solve(-goal)
    return lows, highs
