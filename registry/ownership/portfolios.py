"""Portfolios: which rechthebbenden are one owner, and how many dwellings he owned on a day.

One number (BSN, RSIN, KvK) makes rechthebbenden one owner. A shared name or address only proposes it, with its
evidence; a person confirms, rejects or undoes, and every decision is kept with its author and moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations
from typing import Any, Final

import polars as pl

from registry.errors import UsageError
from registry.ownership.tenure import OBJECT, owners_on
from registry.store.engine import ReadConnection
from registry.store.queries.eigendom import read_holders, read_rights
from registry.store.queries.portfolio import read_besluiten

_NUMBERS: Final = ("bsn_hash", "rsin", "kvk")
_MOST_AT_ONE_ADDRESS = 10  # more is a trust office or a house with many companies: the address alone tells nothing
_FEWEST_DIGITS = 8
_BOTH: Final = "zelfde naam en zelfde postadres"
_NAME: Final = "zelfde naam, ander of onbekend postadres"
_ADDRESS: Final = "zelfde postadres, andere naam"


class Besluit(StrEnum):
    """What a person decided about two rechthebbenden."""

    BEVESTIGD = "bevestigd"
    VERWORPEN = "verworpen"
    HERROEPEN = "herroepen"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two owners who may be one. ``sterkte`` is ``sterk`` (name and address) or ``zwak`` (one of them)."""

    rechthebbende: str
    andere_rechthebbende: str
    bewijs: str
    sterkte: str
    woningen: int  # of both together, on the day


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What one owner had on a day.

    ``rechthebbenden`` are the keys that are this owner; ``joined_by`` says what made them one, per key beyond the
    first; ``uncertain`` counts the dwellings of which an imprecise date leaves open whether he had them on the day.
    """

    rechthebbenden: tuple[str, ...]
    naam: str | None
    type: str | None
    rsin: str | None
    kvk: str | None
    op: date
    woningen: pl.DataFrame
    uncertain: int
    joined_by: tuple[str, ...]

    @property
    def size(self) -> int:
        """The number of dwellings that the owner certainly had."""
        return self.woningen.height


class Owners:
    """Every rechthebbende, grouped to owners by number and by what people confirmed."""

    def __init__(self, holders: pl.DataFrame, besluiten: pl.DataFrame) -> None:
        """Group them.

        Args:
            holders: schema ``queries.eigendom.HOLDERS``.
            besluiten: schema ``queries.portfolio.BESLUITEN``, oldest first.
        """
        self.holders: dict[str, dict[str, Any]] = {row["rechthebbende"]: row for row in holders.iter_rows(named=True)}
        self.decided = {
            (row["rechthebbende"], row["andere_rechthebbende"]): row for row in besluiten.iter_rows(named=True)
        }
        self._parents = {key: key for key in self.holders}
        for name in _NUMBERS:
            for keys in _sharing(self.holders, name).values():
                for key in keys[1:]:
                    self._join(keys[0], key)
        for (first, second), row in self.decided.items():
            if row["besluit"] == Besluit.BEVESTIGD and first in self._parents and second in self._parents:
                self._join(first, second)
        self._members: dict[str, list[str]] = defaultdict(list)
        for key in sorted(self.holders):
            self._members[self.owner_of(key)].append(key)

    def owner_of(self, rechthebbende: str) -> str:
        """The key that stands for the owner: the first of his keys."""
        root = rechthebbende
        while self._parents[root] != root:
            root = self._parents[root]
        while self._parents[rechthebbende] != root:
            self._parents[rechthebbende], rechthebbende = root, self._parents[rechthebbende]
        return root

    def _join(self, first: str, second: str) -> None:
        roots = sorted((self.owner_of(first), self.owner_of(second)))
        self._parents[roots[1]] = roots[0]

    def members(self, owner: str) -> list[str]:
        """The keys of an owner, in order."""
        return self._members[owner]

    def frame(self) -> pl.DataFrame:
        """rechthebbende, owner."""
        rows = [(key, self.owner_of(key)) for key in self.holders]
        return pl.DataFrame(rows, schema={"rechthebbende": pl.String(), "owner": pl.String()}, orient="row")

    def find(self, text: str) -> str:
        """The owner that somebody means by an RSIN, a KvK-nummer, or (the beginning of) a key.

        Raises:
            UsageError: nobody, or more than one.
        """
        return self.owner_of(self.named(text))

    def named(self, text: str) -> str:
        """One key of the owner that somebody means; as ``find``, but before people's decisions."""
        wanted = text.strip().lower()
        keys = sorted(
            key
            for key, row in self.holders.items()
            if wanted in (row["rsin"], row["kvk"]) or (len(wanted) >= _FEWEST_DIGITS and key.startswith(wanted))
        )
        found = {self.owner_of(key) for key in keys}
        if len(found) != 1:
            # The text may be a BSN: it is not repeated.
            count = "geen" if not found else "meer dan één"
            raise UsageError(
                f"Er is {count} rechthebbende met dit nummer. Geef een RSIN, een KvK-nummer of de sleutel die "
                "'woonregister tenure' noemt (ten minste acht tekens)."
            )
        return keys[0]

    def evidence(self, first: str, second: str) -> str | None:
        """What two owners share that speaks for one owner; null when it is nothing."""
        name, address = (
            bool(self._values(first, column) & self._values(second, column))
            for column in ("naam_sleutel", "adres_sleutel")
        )
        if name and address:
            return _BOTH
        return _NAME if name else _ADDRESS if address else None

    def _values(self, rechthebbende: str, column: str) -> set[str]:
        members = self._members[self.owner_of(rechthebbende)]
        return {value for key in members if (value := self.holders[key][column])}

    def standing(self, first: str, second: str) -> dict[tuple[str, str], dict[str, Any]]:
        """The decisions that count between the keys of two owners (or of one, where they are one)."""
        one, other = (set(self._members[self.owner_of(key)]) for key in (first, second))
        return {
            pair: row
            for pair, row in self.decided.items()
            if row["besluit"] != Besluit.HERROEPEN
            and ((pair[0] in one and pair[1] in other) or (pair[0] in other and pair[1] in one))
        }

    def joined_by(self, owner: str) -> tuple[str, ...]:
        """What makes the keys of an owner one, as Dutch texts."""
        members = set(self.members(owner))
        numbers = [
            f"zelfde {label} ({len(keys)} inschrijvingen)"
            for name, label in zip(_NUMBERS, ("burgerservicenummer", "RSIN", "KvK-nummer"), strict=True)
            for keys in _sharing({key: self.holders[key] for key in sorted(members)}, name).values()
            if len(keys) > 1
        ]
        confirmed = [
            f"bevestigd door {row['auteur']} op {row['besloten_op']:%d-%m-%Y}: {row['bewijs']}"
            for (first, second), row in self.decided.items()
            if row["besluit"] == Besluit.BEVESTIGD and first in members and second in members
        ]
        return (*numbers, *confirmed)

    def proposals(self, sizes: Mapping[str, int]) -> list[Proposal]:
        """Owners who may be one and about whom nothing was decided, the largest first.

        Args:
            sizes: the number of dwellings per owner; owners without any are left out.
        """
        same_name = self._pairs(_sharing(self.holders, "naam_sleutel"))
        same_address = self._pairs(_sharing(self.holders, "adres_sleutel"))
        found = []
        for pair in sorted(same_name | same_address):
            total = sum(sizes.get(owner, 0) for owner in pair)
            if self._is_decided(pair) or not all(sizes.get(owner, 0) for owner in pair):
                continue
            both = pair in same_name and pair in same_address
            if not both and not any(self.holders[owner]["type"] == "rechtspersoon" for owner in pair):
                continue  # two people with one name, or at one address, are two people
            bewijs = _BOTH if both else _NAME if pair in same_name else _ADDRESS
            found.append(Proposal(*pair, bewijs=bewijs, sterkte="sterk" if both else "zwak", woningen=total))
        return sorted(found, key=lambda one: (one.sterkte, -one.woningen, one.rechthebbende, one.andere_rechthebbende))

    def _pairs(self, shared: Mapping[str, list[str]]) -> set[tuple[str, str]]:
        """Pairs of different owners who share a value; a value that very many share tells nothing."""
        found: set[tuple[str, str]] = set()
        for keys in shared.values():
            owners = sorted({self.owner_of(key) for key in keys})
            if len(owners) <= _MOST_AT_ONE_ADDRESS:
                found.update(combinations(owners, 2))
        return found

    def _is_decided(self, pair: tuple[str, str]) -> bool:
        return any(row["besluit"] == Besluit.VERWORPEN for row in self.standing(*pair).values())


def _sharing(holders: Mapping[str, Mapping[str, object]], name: str) -> dict[str, list[str]]:
    """The keys, in order, that have the same value of a column."""
    shared: dict[str, list[str]] = defaultdict(list)
    for key in sorted(holders):
        value = holders[key][name]
        if isinstance(value, str):
            shared[value].append(key)
    return shared


@dataclass(frozen=True, slots=True)
class PortfolioBook:
    """Owners and what they owned on a day."""

    owners: Owners
    held: pl.DataFrame  # owner, adresseerbaar_object_id, certain, aard_recht, aandeel
    op: date

    def sizes(self) -> dict[str, int]:
        """The number of dwellings that each owner certainly had."""
        counted = self.held.filter("certain").group_by("owner").agg(pl.col(OBJECT).n_unique())
        return dict(counted.iter_rows())

    def portfolio(self, owner: str) -> Portfolio:
        """What one owner had."""
        own = self.held.filter(pl.col("owner") == owner)
        certain = own.filter("certain").sort(OBJECT, "aard_recht").select(OBJECT, "aard_recht", "aandeel")
        doubtful = own.filter(~pl.col("certain")).join(certain, on=OBJECT, how="anti")
        members = self.owners.members(owner)
        rows = [self.owners.holders[key] for key in members]
        return Portfolio(
            rechthebbenden=tuple(members),
            naam=_first(row["statutaire_naam"] or row["naam"] for row in rows),
            type=_first(row["type"] for row in rows),
            rsin=_first(row["rsin"] for row in rows),
            kvk=_first(row["kvk"] for row in rows),
            op=self.op,
            woningen=certain.unique(OBJECT, keep="first", maintain_order=True),
            uncertain=doubtful[OBJECT].n_unique(),
            joined_by=self.owners.joined_by(owner),
        )


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def read_portfolios(
    connection: ReadConnection, *, op: date, known: int, decided_before: datetime | None = None
) -> PortfolioBook:
    """Every portfolio on a day, as known just after a run and decided before a moment."""
    holders = read_holders(connection, peildatum=op, known=known)
    owners = Owners(holders, read_besluiten(connection, until=decided_before))
    held = owners_on(read_rights(connection, known=known), op)
    joined = held.join(owners.frame(), on="rechthebbende")
    return PortfolioBook(owners, joined.select("owner", OBJECT, "certain", "aard_recht", "aandeel"), op)
