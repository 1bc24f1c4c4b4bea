"""Which signals are on a worklist and in which order: pure frames, no database.

The order, first difference decides:

1. uitkomst: signaal, juridisch toetsen, onbekend, the rest;
2. urgentie: hoog, midden, laag, without;
3. the excess in persons, largest first;
4. buurt by name, so that a round stays in one place;
5. address as people read it: street, house number as a number, the rest;
6. object and rule, so that equal input gives an equal list.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from registry.errors import UsageError
from registry.worklists.definitions import UITKOMSTEN, URGENTIES, worklist_columns

# What ``worklist_rows`` reads; more columns may be there.
SIGNALS = pl.Schema(
    {
        "regel": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "uitkomst": pl.String(),
        "beslissend": pl.String(),
        "onbekende_feiten": pl.List(pl.String()),
        "urgentie": pl.String(),
        "personen_min": pl.Int64(),
        "personen_max": pl.Int64(),
        "oppervlakte": pl.Float64(),
        "norm": pl.Float64(),
        "overschrijding": pl.Int64(),
        "peildatum": pl.Date(),
        "bewijs": pl.String(),
        "toelichting": pl.String(),
        "bronnen": pl.String(),
    }
)
ADRESSEN = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "adres": pl.String(),  # street, number and suffix on one line
        "postcode": pl.String(),
        "woonplaats": pl.String(),
        "straat": pl.String(),
        "huisnummer": pl.Int64(),
        "is_hoofdadres": pl.Boolean(),
    }
)
GEBIEDEN = pl.Schema({"adresseerbaar_object_id": pl.String(), "wijk": pl.String(), "buurt": pl.String()})  # names
INSPECTIES = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "datum": pl.Date(),
        "resultaat": pl.String(),  # code of importers/inspecties.yml
    }
)

_NAMES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class WorklistFilters:
    """What is on the list; an empty tuple filters nothing. Names of wijken and buurten ignore case.

    Attributes:
        regels: rule ids.
        uitkomsten: outcomes, from ``definitions.UITKOMSTEN``.
        wijken: names of wijken.
        buurten: names of buurten.
        urgenties: levels, from ``definitions.URGENTIES``.
        limit: at most so many rows, the first in order; null is all.
    """

    regels: tuple[str, ...] = ()
    uitkomsten: tuple[str, ...] = ("signaal",)
    wijken: tuple[str, ...] = ()
    buurten: tuple[str, ...] = ()
    urgenties: tuple[str, ...] = ()
    limit: int | None = None

    def describe(self) -> dict[str, str]:
        """The filters in use, in Dutch, for the sheet Toelichting."""
        named = {
            "Regel": self.regels,
            "Uitkomst": self.uitkomsten,
            "Wijk": self.wijken,
            "Buurt": self.buurten,
            "Urgentie": self.urgenties,
        }
        texts = {name: ", ".join(values).replace("_", " ") for name, values in named.items() if values}
        return texts if self.limit is None else texts | {"Ten hoogste": f"{self.limit} rijen"}


def worklist_rows(
    signals: pl.DataFrame,
    adressen: pl.DataFrame,
    gebieden: pl.DataFrame,
    inspecties: pl.DataFrame,
    *,
    filters: WorklistFilters,
) -> pl.DataFrame:
    """The rows of a worklist in order, with the columns of ``definitions.worklist_columns`` by key.

    A signal without an address, area or inspection stays on the list with those columns empty.

    Args:
        signals: outcomes, as ``SIGNALS``; one row per rule and object.
        adressen: as ``ADRESSEN``, a row per address of an object.
        gebieden: as ``GEBIEDEN``.
        inspecties: as ``INSPECTIES``; the latest counts.
        filters: what to keep.

    Raises:
        UsageError: a filter names something that does not exist; an empty list would look like good news.
    """
    _check_filters(filters, gebieden)
    joined = (
        _kept(signals, filters)
        .join(main_addresses(adressen), on="adresseerbaar_object_id", how="left")
        .join(_areas(gebieden), on="adresseerbaar_object_id", how="left")
        .join(_last_visits(inspecties), on="adresseerbaar_object_id", how="left")
    )
    located = joined.filter(_is_in("wijk", filters.wijken), _is_in("buurt", filters.buurten))
    ordered = _in_order(located)
    if filters.limit is not None:
        ordered = ordered.head(filters.limit)
    return ordered.with_row_index("nr", offset=1).select(
        (pl.lit(None, pl.String()) if column.take is None else column.take).alias(column.key)
        for column in worklist_columns()
    )


def _kept(signals: pl.DataFrame, filters: WorklistFilters) -> pl.DataFrame:
    return signals.filter(
        _is_in("regel", filters.regels),
        _is_in("uitkomst", filters.uitkomsten),
        _is_in("urgentie", filters.urgenties),
    )


def _is_in(column: str, values: tuple[str, ...]) -> pl.Expr:
    if not values:
        return pl.lit(value=True)
    return pl.col(column).str.to_lowercase().is_in([value.lower() for value in values])


def main_addresses(adressen: pl.DataFrame) -> pl.DataFrame:
    """One row per object: the hoofdadres, with the number of its nevenadressen behind it (schema ``ADRESSEN``)."""
    count = pl.col("aantal").cast(pl.String())
    return (
        adressen.sort(
            "adresseerbaar_object_id",
            pl.col("is_hoofdadres").fill_null(value=False),
            "straat",
            "huisnummer",
            "adres",
            descending=[False, True, False, False, False],
            nulls_last=True,
        )
        .group_by("adresseerbaar_object_id", maintain_order=True)
        .agg(pl.first("adres", "postcode", "woonplaats", "straat", "huisnummer"), (pl.len() - 1).alias("aantal"))
        .with_columns(
            pl.when(pl.col("aantal") > 0)
            .then(pl.format("{} (+{})", "adres", count))
            .otherwise(pl.col("adres"))
            .alias("adres")
        )
        .drop("aantal")
    )


def _areas(gebieden: pl.DataFrame) -> pl.DataFrame:
    return gebieden.select(GEBIEDEN.names()).sort(GEBIEDEN.names()).unique("adresseerbaar_object_id", keep="first")


def _last_visits(inspecties: pl.DataFrame) -> pl.DataFrame:
    return (
        inspecties.select(INSPECTIES.names())
        .sort("datum", "resultaat", nulls_last=False)
        .unique("adresseerbaar_object_id", keep="last", maintain_order=True)
        .rename({"datum": "laatste_inspectie", "resultaat": "laatste_resultaat"})
    )


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(
        _rank("uitkomst", UITKOMSTEN),
        _rank("urgentie", URGENTIES),
        pl.col("overschrijding"),
        *("buurt", "straat", "huisnummer", "adres", "adresseerbaar_object_id", "regel"),
        descending=[False, False, True, False, False, False, False, False, False],
        nulls_last=True,
        maintain_order=True,
    )


def _rank(column: str, order: tuple[str, ...]) -> pl.Expr:
    """Place of a value in its order; other values come after it."""
    return pl.col(column).replace_strict(order, range(len(order)), default=len(order), return_dtype=pl.Int32())


def _check_filters(filters: WorklistFilters, gebieden: pl.DataFrame) -> None:
    if filters.limit is not None and filters.limit < 1:
        raise UsageError("Een werklijst heeft ten minste 1 rij. Kies een groter aantal.")
    check_names("uitkomst", filters.uitkomsten, UITKOMSTEN)
    check_names("urgentie", filters.urgenties, URGENTIES)
    for column, values in (("wijk", filters.wijken), ("buurt", filters.buurten)):
        check_names(column, values, gebieden[column].unique().sort())


def check_names(name: str, values: tuple[str, ...], known: Iterable[str | None]) -> None:
    """Refuse names that do not exist; case does not count.

    Raises:
        UsageError: names the unknown ones and what there is to choose from.
    """
    names = list(dict.fromkeys(one for one in known if one is not None))
    unknown = {value.lower() for value in values} - {value.lower() for value in names}
    if unknown:
        shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
        raise UsageError(f"Onbekende {name}: {', '.join(sorted(unknown))}. Kies uit: {shown or 'er is er geen'}.")
