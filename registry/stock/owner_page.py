"""One owner: his dwellings on a day, what is the matter with them, what he bought, and all rights he ever held."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from registry.stock.owner_book import CONFIRMED, OwnerBook
from registry.stock.records import OBJECT

_TOTALS = ("verhuurd", "erbij", "bewoners", "verloop")


@dataclass(frozen=True, slots=True)
class OwnerPage:
    """One owner, as far as his dwellings may be seen.

    Attributes:
        owner: the key that stands for him.
        keys: every key that is him.
        about: naam, natural, soort, rsin, kvk.
        holdings: adresseerbaar_object_id, eigendom, verhuurd, bewoners, verloop, erbij, van (first and last day on
            which it may have become his), aandeel, aard_recht, signalen and bevestigd (rules); what is the matter
            with most comes first.
        totals: woningen, verhuurd, erbij, eraf, aankopen, bewoners, verloop, signalen, bevestigd (dwellings).
        by_rule: rule -> how many of his dwellings have a signal, and of how many it was confirmed.
        purchases: adresseerbaar_object_id, dag; the latest first.
        history: adresseerbaar_object_id, aard_recht, aandeel, van and tot (each first and last possible day); the
            latest first.
        joined_by: Dutch: what makes his keys one owner.
    """

    owner: str
    keys: tuple[str, ...]
    about: dict[str, Any]
    holdings: list[dict[str, Any]]
    totals: dict[str, int]
    by_rule: dict[str, tuple[int, int]]
    purchases: list[dict[str, Any]]
    history: list[dict[str, Any]]
    joined_by: tuple[str, ...]

    @property
    def objects(self) -> list[str]:
        """Every dwelling that the page names, each once."""
        rows = [*self.holdings, *self.purchases, *self.history]
        return list(dict.fromkeys(row[OBJECT] for row in rows))


def read_owner(book: OwnerBook, marks: pl.DataFrame, owner: str, *, within: pl.DataFrame | None) -> OwnerPage | None:
    """The page of an owner; None when he never had a dwelling that may be seen.

    Args:
        book: who owned what.
        marks: of ``owner_book.read_marks``.
        owner: key that stands for him (``Owners.find``).
        within: only these dwellings; None is every dwelling.
    """
    rights, holdings, gone, purchases = (
        _own(frame, owner, within) for frame in (book.rights, book.holdings, book.gone, book.purchases)
    )
    if rights.is_empty() and holdings.is_empty():
        return None
    held = _with_marks(holdings.join(_begun(rights, book.op), on=OBJECT, how="left"), marks)
    counts = {
        "woningen": held.height, "eraf": gone.height, "aankopen": purchases.height,
        "signalen": held.filter(pl.col("signalen").list.len() > 0).height,
        "bevestigd": held.filter(pl.col("bevestigd").list.len() > 0).height,
    }  # fmt: skip
    sums = held.select(
        pl.col("verhuurd", "erbij").sum(), pl.col("bewoners").filter("verhuurd").sum(), pl.col("verloop").sum()
    ).row(0, named=True)
    ordered = held.sort(
        pl.col("signalen").list.len() + pl.col("bevestigd").list.len(), "verhuurd", OBJECT,
        descending=[True, True, False],
    )  # fmt: skip
    return OwnerPage(
        owner,
        tuple(book.people.members(owner)),
        book.owners.filter(owner=owner).drop("owner").row(0, named=True),
        ordered.to_dicts(),
        counts | {name: int(sums[name] or 0) for name in _TOTALS},
        _by_rule(held, marks),
        purchases.select(OBJECT, "dag").unique().sort("dag", OBJECT, descending=[True, False]).to_dicts(),
        _history(rights),
        book.people.joined_by(owner),
    )


def _own(frame: pl.DataFrame, owner: str, within: pl.DataFrame | None) -> pl.DataFrame:
    rows = frame.filter(pl.col("owner") == owner)
    return rows if within is None else rows.join(within, on=OBJECT, how="semi")


def _begun(rights: pl.DataFrame, op: date) -> pl.DataFrame:
    """Since when a dwelling is his, with his share in it: the rights that may hold on the day."""
    ended = (pl.col("valid_until_laatste") <= op).fill_null(value=False)
    begun = (pl.col("valid_from_eerste") <= op).fill_null(value=True)
    return (
        rights.filter(begun & ~ended)
        .sort("valid_from_eerste", nulls_last=True)
        .group_by(OBJECT, maintain_order=True)
        .agg(
            van=pl.struct(eerste="valid_from_eerste", laatste="valid_from_laatste").first(),
            aandeel=pl.col("aandeel").filter(pl.col("kadastraal_object") == pl.col("kadastraal_object").first()).sum(),
            aandelen=pl.col("aandeel").null_count() == 0,
            aard_recht=pl.col("aard_recht").first(),
        )
        .with_columns(aandeel=pl.when("aandelen").then(pl.min_horizontal("aandeel", pl.lit(1.0))))
        .drop("aandelen")
    )


def _with_marks(held: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    told = marks.group_by(OBJECT).agg(
        signalen=pl.col("regel").filter(pl.col("soort") == "signaal").sort(),
        bevestigd=pl.col("regel").filter(pl.col("soort") == CONFIRMED).sort(),
    )
    none = pl.lit([], pl.List(pl.String))
    return held.join(told, on=OBJECT, how="left").with_columns(pl.col("signalen", "bevestigd").fill_null(none))


def _by_rule(held: pl.DataFrame, marks: pl.DataFrame) -> dict[str, tuple[int, int]]:
    own = marks.join(held, on=OBJECT, how="semi")
    counted = own.group_by("regel").agg(
        signals=(pl.col("soort") == "signaal").sum(), confirmed=(pl.col("soort") == CONFIRMED).sum()
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in counted.sort("regel").iter_rows()}


def _history(rights: pl.DataFrame) -> list[dict[str, Any]]:
    return (
        rights.select(
            OBJECT, "aard_recht", "aandeel",
            van=pl.struct(eerste="valid_from_eerste", laatste="valid_from_laatste"),
            tot=pl.struct(eerste="valid_until_eerste", laatste="valid_until_laatste"),
            begun=pl.col("valid_from_eerste"),
        )
        .unique()
        .sort("begun", OBJECT, descending=[True, False], nulls_last=True)
        .drop("begun")
        .to_dicts()
    )  # fmt: skip
