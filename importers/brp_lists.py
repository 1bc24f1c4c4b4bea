"""Rows of a BRP file, put together to persoonslijsten: the rubriek shape as a stream, the plain shape by sorting.

Both shapes end in the same lines: the fields of ``brp.yml`` as text, plus ``LIST`` (which persoonslijst, a number
within the frame), ``ORDER`` (0 is the current occurrence, then back in time) and ``RAGGED`` (a line whose cells cannot
be told apart). The lines of a persoonslijst are always together in one frame.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from importers.cells import strptime_format
from importers.partial_dates import first_day, is_valid
from importers.readers import Table

LIST: Final = "_list"
ORDER: Final = "_order"
RAGGED: Final = "_ragged"
READ: Final = "_read_"  # prefix of the columns that keep the text as it stood
ENDED: Final = "_ended"  # a line that only says that the stay before it ended (plain shape, datum vertrek)

PERSON_FIELDS: Final = (
    "a_nummer", "bsn", "voornamen", "voorvoegsel", "geslachtsnaam", "geboortedatum", "datum_opschorting",
    "reden_opschorting", "indicatie_geheim",
)  # fmt: skip
DATE_FIELDS: Final = (
    "geboortedatum", "datum_opschorting", "datum_aanvang_adreshouding", "datum_aanvang_buitenland", "onderzoek_van",
    "onderzoek_tot", "ingangsdatum_geldigheid", "datum_opneming", "datum_vertrek",
)  # fmt: skip
KEY_FIELDS: Final = (
    "bron_id", "a_nummer", "bsn", "geslachtsnaam", "voornamen", "geboortedatum", "historie_persoon",
)  # fmt: skip
_Places = tuple[int | None, int | None, int | None]  # in which group of a pattern year, month and day stand
_FORMER_PERSON: Final = "51"  # history is the category plus fifty


def iterate_lists(tables: Iterable[Table]) -> Iterator[tuple[pl.DataFrame, int]]:
    """The lines of the rubriek shape, whole persoonslijsten at a time, in file order; and how many were read for them.

    Lines that hold nothing count as read: in a GBA-V set they continue a category that is not needed here.
    """
    carry: pl.DataFrame | None = None
    read = 0
    for table in tables:
        read += table.read + table.blank
        rows = _keep_read(_with_ragged(table))
        lines = _numbered(rows if carry is None else pl.concat([carry, rows]))
        if not lines.height:
            continue
        last = lines[LIST][-1]
        carry = lines.filter(pl.col(LIST) == last).drop(LIST, ORDER, ENDED)
        whole = lines.filter(pl.col(LIST) != last)
        if whole.height:
            yield whole, read
            read = 0
    if carry is not None:
        yield _numbered(carry), read


def _keep_read(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        pl.col(name).alias(READ + name) for name, dtype in rows.schema.items() if dtype == pl.String
    )


def _with_ragged(table: Table) -> pl.DataFrame:
    """The rows, and a row without values for each line that does not fit: its persoonslijst is not whole."""
    rows = table.frame.with_columns(pl.lit(value=False).alias(RAGGED))
    if table.ragged is None or table.ragged.is_empty():
        return rows
    first_cell = pl.col("first_cell").str.strip_chars()
    ragged = table.ragged.select(
        "source_row",
        pl.when(first_cell != "").then(first_cell).alias("bron_id")
        if table.headers.get("bron_id") == ""
        else pl.lit(None, pl.String).alias("bron_id"),
        pl.lit(value=True).alias(RAGGED),
        pl.lit(rows["source_file"][0] if rows.height else "").alias("source_file"),
    )
    return pl.concat([rows, ragged], how="diagonal").sort("source_row")


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Lines with the number of their persoonslijst.

    A persoonslijst starts where the id in column 1 changes. A row without that id continues the one above, unless it
    holds another person that no "51" announced as a former version of the same person.
    """
    bron_id, key = pl.col("bron_id"), pl.coalesce("a_nummer", "bsn")
    holds_person = pl.any_horizontal(
        pl.col("a_nummer", "bsn", "geslachtsnaam", "voornamen", "geboortedatum").is_not_null()
    )
    announced = (pl.col("historie_persoon").shift(1) == _FORMER_PERSON).fill_null(value=False)
    by_id = bron_id.is_not_null() & bron_id.ne_missing(bron_id.forward_fill().shift(1))
    other_person = key.is_null() | key.ne_missing(key.forward_fill().shift(1))
    by_person = bron_id.is_null() & holds_person & ~announced & other_person
    lines = rows.with_columns((by_id | by_person).cum_sum().cast(pl.Int64).alias(LIST))
    return lines.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).over(LIST).alias(ORDER), pl.lit(value=False).alias(ENDED)
    )


def plain_lists(table: Table) -> pl.DataFrame:
    """The lines of the plain shape: one per verblijf, the most recent of each person first.

    Args:
        table: all rows; a person's rows need not stand together.
    """
    rows = _keep_read(table.frame).with_columns(
        pl.lit(value=False).alias(RAGGED),
        _padded_bsn().alias("bsn"),
        *(_partial(field, table.date_format) for field in DATE_FIELDS),
        *(pl.lit(None, pl.String).alias(field) for field in ("bron_id", "historie_persoon")),
    )
    if "functie_adres" not in table.headers:
        rows = rows.with_columns(functie_adres=pl.lit("W"))
    key = pl.coalesce("a_nummer", "bsn")
    # A row without key is a persoonslijst by itself; it is set aside, and must not be joined to another.
    unique_key = pl.when(key.is_not_null()).then(key).otherwise(pl.format("regel {}", "source_row"))
    grouped = rows.with_columns(unique_key.rank("dense").cast(pl.Int64).alias(LIST), _position=pl.int_range(pl.len()))
    ordered = grouped.sort(LIST, *_recency(), descending=[False, True, False])
    with_ends = _with_departures(ordered)
    person = [pl.col(field).drop_nulls().first().over(LIST).alias(field) for field in PERSON_FIELDS]
    return with_ends.with_columns(*person, pl.int_range(pl.len(), dtype=pl.Int64).over(LIST).alias(ORDER)).drop(
        "_position"
    )


def _padded_bsn() -> pl.Expr:
    """The BSN with the leading zeros that a spreadsheet takes away; the elfproef still has to hold."""
    bsn = pl.col("bsn")
    return pl.when(bsn.str.contains(r"^[0-9]{7,8}$")).then(bsn.str.zfill(9)).otherwise(bsn)


def _partial(field: str, date_format: str | None) -> pl.Expr:
    """A date as people write it, as ``JJJJMMDD`` with zeros for what is unknown; other text stays as it is."""
    text = pl.col(field)
    parts: list[tuple[str, _Places]] = [
        (r"^([0-9]{4})-([0-9]{2})-([0-9]{2})(?: .*)?$", (1, 2, 3)),
        (r"^([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})$", (3, 2, 1)),
        (r"^([0-9]{4})$", (1, None, None)),
        (r"^([0-9]{4})-([0-9]{1,2})$", (1, 2, None)),
        (r"^([0-9]{1,2})-([0-9]{4})$", (2, 1, None)),
    ]
    if date_format is not None:
        parts[1:2] = _pattern_of(strptime_format(date_format))
    written = [_joined(text, pattern, places) for pattern, places in parts]
    return pl.coalesce(*written, text).alias(field)


def _pattern_of(date_format: str) -> list[tuple[str, _Places]]:
    """The pattern of a format of day, month and year in figures, in which zeros may stand for what is unknown."""
    codes = [date_format[place + 1] for place, sign in enumerate(date_format) if sign == "%"]
    if sorted(codes) != ["Y", "d", "m"]:
        return []
    pattern = date_format
    for code, figures in (("%Y", "([0-9]{4})"), ("%m", "([0-9]{1,2})"), ("%d", "([0-9]{1,2})")):
        pattern = pattern.replace(".", r"\.").replace(r"\\.", r"\.").replace(code, figures)
    return [(f"^{pattern}$", (codes.index("Y") + 1, codes.index("m") + 1, codes.index("d") + 1))]


def _joined(text: pl.Expr, pattern: str, places: _Places) -> pl.Expr:
    figures = [pl.lit("00") if place is None else text.str.extract(pattern, place).str.zfill(2) for place in places]
    return pl.when(text.str.contains(pattern)).then(pl.concat_str(figures))


def _recency() -> tuple[pl.Expr, pl.Expr]:
    """Sort keys within a person: day of aanvang, and place in the file.

    Where one of the dates of a person is incomplete the file decides; it is turned round when its known dates ascend.
    """
    start = pl.coalesce("datum_aanvang_adreshouding", "datum_aanvang_buitenland")
    day = first_day(start)
    complete = (day.is_not_null() & ~start.str.ends_with("00")).all().over(LIST)
    known = day.drop_nulls()
    ascending = (known.first() < known.last()).fill_null(value=False).over(LIST)
    place = pl.when(ascending & ~complete).then(-pl.col("_position")).otherwise(pl.col("_position"))
    return pl.when(complete).then(day), place


def _with_departures(ordered: pl.DataFrame) -> pl.DataFrame:
    """Insert a line without address where a person left before the next verblijf began, or left and never came back."""
    next_start = pl.coalesce("datum_aanvang_adreshouding", "datum_aanvang_buitenland").shift(1).over(LIST)
    left = pl.col("datum_vertrek")
    overlaps = (first_day(left) > first_day(next_start)).fill_null(value=False)
    numbered = ordered.with_row_index("_row").with_columns(
        (is_valid(left) & left.ne_missing(next_start) & ~overlaps).fill_null(value=False).alias("_left"),
        pl.lit(value=False).alias(ENDED),
    )
    kept = ("source_file", "source_row", "bsn", "a_nummer", LIST, RAGGED, "_row", "_position")
    ends = numbered.filter("_left").select(
        *kept, left.alias("datum_aanvang_adreshouding"), pl.lit(value=True).alias(ENDED)
    )
    return (
        pl.concat([numbered, ends], how="diagonal")
        .sort("_row", pl.col(ENDED), descending=[False, True])
        .drop("_row", "_left")
    )
