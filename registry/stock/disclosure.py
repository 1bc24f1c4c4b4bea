"""What of the tables of one release may leave the house: small counts are hidden, and so is what would give them away.

A count of 1 up to the minimum is hidden. So is more, until nobody who knows every other count of the release exactly,
its totals included, can narrow a hidden count down to fewer than ``minimum`` possible numbers (linear bounds, solved).
What is left is rounded; the reader therefore knows less than the attacker that this is built for. The minimum, the
rounding and this measure are a choice of the municipality; the CBS publishes no cell size for such tables (it rounds
counts of wijken and buurten to 5).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import polars as pl

from registry.errors import UsageError
from registry.stock.attack import TOTAL, Equation, Key, bounds

_ABOVE: Final = {"buurt": ("wijk", "gemeente"), "wijk": ("gemeente",)}
# Classes of different dimensions that hold the same dwellings: shown in one table, known in the others.
_SAME: Final = ((("bewoond", "niet bewoond"), ("bewoners", "0"), ("ruimte_per_bewoner", "niet bewoond")),)


@dataclass(frozen=True, slots=True)
class Limits:
    """From which count on it is shown, and to what it is rounded (1 does not round)."""

    minimum: int = 10
    rounding: int = 5


@dataclass(frozen=True, slots=True)
class Release:
    """The counts of some tables that go out together, and which of them are hidden."""

    limits: Limits
    counts: Mapping[Key, int]
    equations: tuple[Equation, ...]
    hidden: frozenset[Key] = field(default=frozenset())

    def shown(self, key: Key) -> int | None:
        """What is published of a count: rounded, null when hidden; a combination that does not occur is 0."""
        if key in self.hidden:
            return None
        return round_to(self.counts.get(key, 0), self.limits.rounding)

    def apply(self, rows: pl.DataFrame, per: Sequence[str]) -> pl.DataFrame:
        """The rows of a table with ``aantal`` as it is published."""
        keys = [frozenset(zip(per, labels, strict=True)) for labels in rows.select(per).iter_rows()]
        published = [self.shown(key) for key in keys] if per else [self.shown(TOTAL)] * rows.height
        return rows.with_columns(aantal=pl.Series(published, dtype=pl.Int64))


def round_to(number: float, step: int) -> int:
    """The multiple of ``step`` nearest to a number; halfway it goes up."""
    return int((number + step / 2) // step * step)


def protect(
    tables: Sequence[tuple[Sequence[str], pl.DataFrame]],
    *,
    limits: Limits,
    whole_areas: Collection[str] = (),
    same: Sequence[tuple[tuple[str, str], ...]] = _SAME,
    no_area: str | None = None,
    schemes: Collection[frozenset[str]] | None = None,
) -> Release:
    """Decide what is hidden in tables of the same dwellings that go out together.

    Args:
        tables: dimensions, and rows with these columns and ``aantal``.
        limits: from which count on it is shown.
        whole_areas: dimensions of which a class with too few dwellings is hidden whole, zeros included: no signals
            of an area with fewer dwellings than the minimum.
        same: classes of different dimensions that hold the same dwellings.
        no_area: a class of the areas that is none.
        schemes: the dimensions by which counts are shown; null is every total of every table. Where they are given the
            attacker knows what is shown as it is rounded, and nothing of the rest; else all of it exactly.

    Raises:
        UsageError: three or more tables go round in a circle (a by b, b by c, c by a): what such tables tell together
            cannot be bounded by their totals.
    """
    dimensions = [frozenset(per) for per, _ in tables]
    if not _is_acyclic([names.union(*(_ABOVE.get(name, ()) for name in names)) for names in dimensions]):
        raise UsageError(
            "Deze tabellen zijn samen niet te beschermen: hun indelingen vormen een kring. Geef ze los van elkaar, in "
            "verschillende uitgaven, of laat er een weg."
        )
    counts: dict[Key, int] = {}
    for per, rows in tables:
        counts |= _entries(per, rows)
    hidden = {key for key, count in counts.items() if 0 < count < limits.minimum}
    for per, rows in tables:
        small = {
            (area, label)
            for area in per
            if area in whole_areas
            for label in rows[area].unique()
            if label != no_area and counts[frozenset({(area, label)})] < limits.minimum
        }
        for dropped in _too_small(per, rows, small):
            counts.setdefault(dropped, 0)
            hidden.add(dropped)
    equations = _equations(counts, [tuple(per) for per, _ in tables], same)
    for equation in equations:
        counts.setdefault(equation.whole, 0)
    release = Release(limits, counts, equations)
    if schemes is None:
        return Release(limits, counts, equations, frozenset(_hide(release, hidden)))
    apart = frozenset(key for key in counts if frozenset(name for name, _ in key) not in schemes)
    return Release(limits, counts, equations, frozenset(_hide(release, hidden - apart, apart)))


def _entries(per: Sequence[str], rows: pl.DataFrame) -> dict[Key, int]:
    """The count of every cell and of every total of a table."""
    found: dict[Key, int] = {TOTAL: int(rows["aantal"].sum())}
    for size in range(1, len(per) + 1):
        for names in combinations(per, size):
            for *labels, count in rows.group_by(names).agg(pl.col("aantal").sum()).iter_rows():
                found[frozenset(zip(names, labels, strict=True))] = int(count)
    return found


def _too_small(per: Sequence[str], rows: pl.DataFrame, small: Collection[tuple[str, str]]) -> Iterable[Key]:
    """Every cell of the classes (dimension, label) that are hidden whole."""
    labels = {name: rows[name].unique().to_list() for name in per}
    for area, label in small:
        others = [name for name in per if name != area]
        for size in range(len(others) + 1):
            for names in combinations(others, size):
                grid = pl.DataFrame({area: [label]})
                for name in names:
                    grid = grid.join(pl.DataFrame({name: labels[name]}), how="cross")
                yield from (frozenset(zip(grid.columns, values, strict=True)) for values in grid.iter_rows())


def _equations(
    counts: Collection[Key], tables: Sequence[tuple[str, ...]], same: Sequence[tuple[tuple[str, str], ...]]
) -> tuple[Equation, ...]:
    """Every sum that the reader can make: over each dimension of each table, and of areas to the area above."""
    by_names: dict[frozenset[str], list[Key]] = {}
    for key in counts:
        by_names.setdefault(frozenset(name for name, _ in key), []).append(key)
    groups: dict[tuple[Key, str], list[Key]] = {}
    for per in tables:
        for size in range(1, len(per) + 1):
            for names in combinations(per, size):
                for key in by_names.get(frozenset(names), ()):
                    for pair in key:
                        groups.setdefault((key - {pair}, pair[0]), []).append(key)
    found = {(whole, tuple(sorted(set(parts), key=sorted))) for (whole, _), parts in groups.items()}
    found |= _nested(counts, by_names)
    later = {pair: group[place + 1 :] for group in same for place, pair in enumerate(group)}
    for key in counts:
        for pair in key & later.keys():
            twins = ((key - {pair}) | {other} for other in later[pair])
            found |= {(key, (twin,)) for twin in twins if twin in counts}
    return tuple(
        Equation(whole, parts) for whole, parts in sorted(found, key=lambda one: (sorted(one[0]), len(one[1])))
    )


def _nested(counts: Collection[Key], by_names: Mapping[frozenset[str], list[Key]]) -> set[tuple[Key, tuple[Key, ...]]]:
    """An area above is the sum of those below, where a table of the release shows which these are."""
    found: set[tuple[Key, tuple[Key, ...]]] = set()
    for below, aboves in _ABOVE.items():
        for above in aboves:
            parents: dict[str, set[str]] = {}
            for key in by_names.get(frozenset({below, above}), ()):
                labels = dict(key)
                parents.setdefault(labels[below], set()).add(labels[above])
            shared = {parent for names in parents.values() if len(names) > 1 for parent in names}
            for names, keys in by_names.items():
                if below not in names or above in names:
                    continue
                sums: dict[Key, list[Key]] = {}
                for key in keys:
                    label = dict(key)[below]
                    [*above_labels] = parents.get(label, set())
                    if len(above_labels) == 1 and above_labels[0] not in shared:
                        whole = key - {(below, label)} | {(above, above_labels[0])}
                        sums.setdefault(whole, []).append(key)
                found |= {(whole, tuple(sorted(parts, key=sorted))) for whole, parts in sums.items() if whole in counts}
    return found


def _is_acyclic(schemes: Sequence[frozenset[str]]) -> bool:
    """Whether the dimensions of the tables form a tree (Graham's reduction): only then totals bound everything."""
    left = [set(scheme) for scheme in schemes]
    changed = True
    while changed:
        changed = False
        for number, scheme in enumerate(left):
            others = [other for place, other in enumerate(left) if place != number]
            alone = {name for name in scheme if not any(name in other for other in others)}
            if alone:
                scheme.difference_update(alone)
                changed = True
            if others and any(scheme <= other for other in others):
                left.pop(number)
                changed = True
                break
    return len(left) <= 1


def _hide(release: Release, first: Collection[Key], apart: frozenset[Key] | None = None) -> set[Key]:
    """``first`` and whatever must be hidden with it.

    Args:
        release: the counts.
        first: what is hidden to begin with.
        apart: what is not shown anyway, and need not be protected; null when the attacker knows counts exactly.
    """
    hidden, unseen = set(first), apart or frozenset()
    # Rounded to the minimum, a count leaves exactly so many numbers possible.
    enough = release.limits.minimum - (apart is not None)
    step = 1 if apart is None else release.limits.rounding
    while True:
        if apart is None:
            _hide_partners(release, hidden)
        ranges = bounds(release.counts, release.equations, hidden, apart=unseen, enough=enough, step=step)
        weak = [key for key, (low, high) in ranges.items() if high - low < enough]
        more = {chosen for key in weak if (chosen := _partner(release, hidden | unseen, key)) is not None}
        if not more:
            return hidden
        hidden |= more


def _hide_partners(release: Release, hidden: set[Key]) -> None:
    """Whoever stands alone in a sum could be computed by subtraction: give every hidden count company."""
    changed = True
    while changed:
        changed = False
        for equation in release.equations:
            alone = [key for key in equation.members if key in hidden]
            if len(alone) == 1:
                chosen = _smallest(release, hidden, equation)
                if chosen is not None:
                    hidden.add(chosen)
                    changed = True


def _partner(release: Release, hidden: Collection[Key], key: Key) -> Key | None:
    """One more count to hide for one that can still be narrowed down: from its own sums, else from those behind them.

    Null when nothing that has to do with it is shown any more.
    """
    reached, frontier = {key}, {key}
    while frontier:
        near = [one for one in release.equations if not frontier.isdisjoint(one.members)]
        chosen = [found for one in near if (found := _smallest(release, hidden, one)) is not None]
        if chosen:
            return min(chosen, key=lambda one: (release.counts[one], sorted(one)))
        frontier = {member for one in near for member in one.members} - reached
        reached |= frontier
    return None


def _smallest(release: Release, hidden: Collection[Key], equation: Equation) -> Key | None:
    """The count of a sum that is hidden at least loss: the smallest part, else the whole."""
    parts = [key for key in equation.parts if key not in hidden and release.counts[key] > 0]
    if parts:
        return min(parts, key=lambda key: (release.counts[key], sorted(key)))
    return equation.whole if equation.whole not in hidden else None
