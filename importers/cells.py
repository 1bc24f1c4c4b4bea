"""Cells as typed values: expressions that give the value and say where there was text that is none.

Nothing becomes null in silence: where ``failed`` is true the row is set aside with the text as it stood.
"""

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

_WHOLE = r"^[+-]?[0-9]{1,15}$"
_DECIMAL = r"^[+-]?[0-9]+(?:[.,][0-9]+)?$"
_GROUPED = r"^[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?$"
_ONE_GROUP = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$"
_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?$"
_DUTCH_DATE = r"^[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}$"
_LETTERS = (("jjjj", "%Y"), ("yyyy", "%Y"), ("mm", "%m"), ("dd", "%d"), ("d", "%d"), ("m", "%m"))


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column as values, and where it holds text that is no such value (never null)."""

    value: pl.Expr
    failed: pl.Expr


@dataclass(frozen=True, slots=True)
class Failure:
    """Rows that cannot go into the registry: where ``mask`` is true.

    ``text`` is Dutch and says what to do; ``{kolom}`` in it becomes the header of the file. ``original`` False keeps
    the cell out of the issue (a BSN, a name).
    """

    field: str
    mask: pl.Expr
    code: str
    text: str
    original: bool = True


def _parsed(text: pl.Expr, value: pl.Expr) -> Parsed:
    return Parsed(value, text.is_not_null() & value.is_null())


def parse_int(field: str) -> Parsed:
    """A whole number (Int64), without thousands separators."""
    text = pl.col(field)
    return _parsed(text, pl.when(text.str.contains(_WHOLE)).then(text).cast(pl.Int64, strict=False))


def parse_float(field: str) -> Parsed:
    """A number (Float64) with a decimal comma or point, and points between thousands.

    ``1.234`` fails: it may be 1234 or one and a bit, and nobody can tell which was meant.
    """
    text = pl.col(field)
    plain = pl.when(text.str.contains(_DECIMAL) & ~text.str.contains(_ONE_GROUP)).then(
        text.str.replace(",", ".", literal=True)
    )
    grouped = pl.when(text.str.contains(_GROUPED) & ~text.str.contains(_ONE_GROUP)).then(
        text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    )
    return _parsed(text, pl.coalesce(plain, grouped).cast(pl.Float64, strict=False))


def strptime_format(date_format: str) -> str:
    """A date format as people write it (``dd/mm/jjjj``) or as programs do (``%d/%m/%Y``), for programs."""
    if "%" in date_format:
        return date_format
    lowered = date_format.lower()
    for letters, code in _LETTERS:
        if code not in lowered:
            lowered = lowered.replace(letters, code)
    return lowered


def parse_date(field: str, date_format: str | None = None) -> Parsed:
    """A day (Date): ISO (a time behind it is left out), else ``date_format``, else dd-mm-jjjj.

    Args:
        field: the column.
        date_format: of the municipality's indeling, as ``dd/mm/jjjj`` or ``%d/%m/%Y``; replaces dd-mm-jjjj.
    """
    text = pl.col(field)
    iso = pl.when(text.str.contains(_ISO_DATE)).then(text.str.slice(0, 10)).str.to_date("%Y-%m-%d", strict=False)
    if date_format is None:
        other = pl.when(text.str.contains(_DUTCH_DATE)).then(text).str.to_date("%d-%m-%Y", strict=False)
    else:
        other = text.str.to_date(strptime_format(date_format), strict=False)
    value = pl.coalesce(iso, other)
    # A year of two digits would be read as a year in the first century.
    return _parsed(text, pl.when(value.dt.year() >= 1000).then(value))


def parse_lookup(field: str, lookup: Lookup[str, str]) -> Parsed:
    """The canonical value of a code list (``source.lookups[name]``: lower case key to value)."""
    text = pl.col(field)
    return _parsed(text, text.str.to_lowercase().replace_strict(dict(lookup), default=None, return_dtype=pl.String))


def missing(fields: Sequence[str]) -> pl.Expr:
    """Where all of these columns are empty."""
    return pl.all_horizontal([pl.col(field).is_null() for field in fields])
