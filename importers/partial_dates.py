"""Incomplete BRP dates as Polars expressions: the same answers as ``registry.domain.partial_dates``, for whole columns.

Each function takes an expression of text ``JJJJMMDD`` (zeros are unknown) and works row by row on it. A text that is
no date gives null; ``is_valid`` tells it from ``00000000``, which gives null because it has no bounds.
"""

import polars as pl

_EIGHT_DIGITS = r"^[0-9]{8}$"
_UNKNOWN = "00000000"


def _year(text: pl.Expr) -> pl.Expr:
    return text.str.slice(0, 4)


def _to_day(text: pl.Expr) -> pl.Expr:
    return text.str.to_date("%Y%m%d", strict=False)


def _shaped(text: pl.Expr) -> pl.Expr:
    """The text where it has eight digits and a year, else null: year 0 exists for Polars and not for the BRP."""
    return pl.when(text.str.contains(_EIGHT_DIGITS) & (_year(text) != "0000")).then(text)


def first_day(text: pl.Expr) -> pl.Expr:
    """The earliest day (Date) that each date may be; null = no bound, no date, or no text."""
    shaped = _shaped(text)
    return _to_day(
        pl.when(shaped.str.ends_with("0000"))
        .then(_year(shaped) + "0101")
        .when(shaped.str.ends_with("00"))
        .then(shaped.str.slice(0, 6) + "01")
        .otherwise(shaped)
    )


def last_day(text: pl.Expr) -> pl.Expr:
    """The latest day (Date), inclusive, that each date may be; null = no bound, no date, or no text."""
    shaped = _shaped(text)
    return (
        pl.when(shaped.str.ends_with("0000"))
        .then(_to_day(_year(shaped) + "1231"))
        .when(shaped.str.ends_with("00"))
        .then(_to_day(shaped.str.slice(0, 6) + "01").dt.month_end())
        .otherwise(_to_day(shaped))
    )


def is_valid(text: pl.Expr) -> pl.Expr:
    """Whether each text is a date, complete or not; null where there is no text."""
    return (text == _UNKNOWN) | first_day(text).is_not_null()


def precision(text: pl.Expr) -> pl.Expr:
    """What is known of each date: ``dag``, ``maand``, ``jaar`` or ``onbekend``; null where it is no date."""
    return (
        pl.when(text == _UNKNOWN)
        .then(pl.lit("onbekend"))
        .when(first_day(text).is_null())
        .then(None)
        .when(text.str.ends_with("0000"))
        .then(pl.lit("jaar"))
        .when(text.str.ends_with("00"))
        .then(pl.lit("maand"))
        .otherwise(pl.lit("dag"))
    )
