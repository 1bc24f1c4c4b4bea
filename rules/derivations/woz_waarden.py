"""Which WOZ value counts on a day: the only place that chooses, for the rules, the registry and whoever asks.

Of the values that had taken effect on the day (annulled ones left out) the latest waardepeildatum counts, and of that
the latest ingangsdatum of each WOZ object. Source: Haal Centraal WOZ bevragen, waarden; Wet WOZ art. 18 and 22.
"""

import polars as pl

ANNULLED = "02"  # status beschikking: vernietigingsbeschikking
LEAST_VALUE = 2  # euro; 0 and 1 are how tax software says that no value was determined

_OBJECT = "adresseerbaar_object_id"


def is_annulled() -> pl.Expr:
    """Whether 02 is the only status that a value has (column ``beschikkingsstatussen``); never null."""
    statuses = pl.col("beschikkingsstatussen")
    only_annulled = (statuses.list.len() > 0) & statuses.list.eval(pl.element() == ANNULLED).list.all()
    return only_annulled.fill_null(value=False)


def is_determined() -> pl.Expr:
    """Whether column ``waarde`` (euro) is a value."""
    return pl.col("waarde") >= LEAST_VALUE


def values_on(waarden: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """The values that count on a day, one per dwelling and WOZ object.

    Args:
        waarden: columns of ``rules.frames.WOZ_WAARDEN``; others are kept.
        day: a literal day, or a column of ``waarden``.

    Returns:
        The rows of ``waarden`` that count: those of the latest waardepeildatum per dwelling (and per day).
    """
    started = waarden.with_columns(_day=day).filter(pl.col("ingangsdatum") <= pl.col("_day"))
    case = [_OBJECT, "_day"]
    latest = started.filter(pl.col("waardepeildatum") == pl.col("waardepeildatum").max().over(case))
    newest = latest.filter(pl.col("ingangsdatum") == pl.col("ingangsdatum").max().over([*case, "woz_object"]))
    return newest.drop("_day").sort(_OBJECT, "woz_object")
