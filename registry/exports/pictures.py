"""The stock as pictures: published tables as maps and charts, each written with its numbers beside it."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from registry.errors import UsageError
from registry.exports import charts, maps
from registry.exports.cells import RISKY_START
from registry.exports.files import replacing
from registry.exports.notes import SourceNote
from registry.exports.picture_style import Caption, Picture
from registry.stock.dimensions import DIMENSIONS
from registry.stock.disclosure import Limits
from registry.stock.publish import Published
from registry.stock.publish_change import describe_change

KINDS: Final = ("kaart", "stippen", "staven")
TREND_KINDS: Final = ("lijn", "vlak")
_PER_WORD: Final = {"gemeente": "gemeente", "wijk": "wijk", "buurt": "buurt", "eigen_gebied": "gebied"}


def source_line(sources: Sequence[SourceNote]) -> str:
    """The deliveries that a picture rests on, in one line."""
    return ", ".join(f"{one.name.upper()} {one.leverdatum:%d-%m-%Y}" for one in sources if one.leverdatum)


def caption_of(table: Published, title: str, subtitle: str, source: str) -> Caption:
    """The texts around a picture of a published table: its day, what was hidden, and the source."""
    hidden = " ".join(text for text in table.remarks if text.startswith("Afgeschermd"))
    notes = " ".join(filter(None, [f"Peildatum {table.op:%d-%m-%Y}.", hidden, f"Bron: {source}."]))
    return Caption(title, subtitle, notes)


def shares(table: Published, label: str, totals: Published) -> pl.DataFrame:
    """Per area the share of one class: area, aandeel (0..1; null where it is hidden).

    Args:
        table: by area and one subject.
        label: a class of the subject.
        totals: by area alone, of the same release.

    Raises:
        UsageError: the class does not occur.
    """
    area, subject = table.per
    if label not in table.rows[subject].to_list():
        classes = ", ".join(table.rows[subject].unique(maintain_order=True).to_list())
        raise UsageError(f"De klasse '{label}' komt niet voor. Kies uit: {classes}.")
    counts = table.rows.filter(pl.col(subject) == label).select(area, counted="aantal", occurs=pl.lit(value=True))
    counted = pl.when(pl.col("occurs")).then("counted").otherwise(0)
    share = pl.when(pl.col("aantal") > 0).then(counted / pl.col("aantal")).clip(0, 1)
    return totals.rows.join(counts, on=area, how="left", maintain_order="left").select(area=area, aandeel=share)


def draw_map(table: Published, label: str, shapes: pl.DataFrame, *, totals: Published, source: str) -> Picture:
    """A map of the share of one class per area.

    Args:
        table: by area and one subject.
        label: a class of the subject.
        shapes: of ``store.queries.stock.read_area_shapes``.
        totals: by area alone, of the same release.
        source: from which deliveries it was made.

    Raises:
        UsageError: as ``shares``, or no area has a surface.
    """
    values: Mapping[str, float | None] = dict(shares(table, label, totals).iter_rows())
    area, subject = table.per
    title = f"{DIMENSIONS[subject].header}: {label}"
    caption = caption_of(table, title, f"Aandeel van de woningen per {_PER_WORD[area]}", source)
    return maps.choropleth(values, shapes, caption)


def draw_dots(table: Published, shapes: pl.DataFrame, *, source: str) -> Picture:
    """A map with a dot for so many dwellings, coloured by class; arguments as ``draw_map``."""
    area, subject = table.per
    dimension = DIMENSIONS[subject]
    caption = caption_of(table, f"Woningen naar {dimension.header.lower()}", "", source)
    counts = table.rows.select(area, subject, "aantal")
    return maps.dot_density(counts, shapes, caption, subject=subject, order=dimension.order)


def draw_bars(table: Published, *, totals: Published, source: str) -> Picture:
    """Bars of the classes of a subject per area, as shares of its dwellings; arguments as ``draw_map``."""
    area, subject = table.per
    dimension = DIMENSIONS[subject]
    title = f"{dimension.header} per {_PER_WORD[area]}"
    caption = caption_of(table, title, "Aandeel van de woningen", source)
    rows = table.rows.select(area, subject, "aantal")
    whole = dict(totals.rows.select(area, "aantal").iter_rows())
    return charts.stacked_bars(rows, caption, subject=subject, totals=whole, order=dimension.order)


def draw_trend(
    rows: pl.DataFrame, subject: str, *, source: str, limits: Limits | None, areas: bool, remarks: Sequence[str] = ()
) -> Picture:
    """The stock by one dimension over time.

    Args:
        rows: of ``stock.publish_change.read_trend``.
        subject: the dimension.
        source: from which deliveries it was made.
        limits: what was hidden; null is nothing.
        areas: stacked areas; else lines.
        remarks: Dutch: what the reader must know of these days.

    Raises:
        UsageError: there was no dwelling on any of the days.
    """
    if rows.is_empty():
        raise UsageError("Op deze dagen was er volgens het register nog geen woning. Kies een latere periode.")
    dimension = DIMENSIONS[subject]
    coarse = None if limits is None else Limits(limits.minimum, max(limits.minimum, limits.rounding))
    [first, *_, last] = rows["dag"].unique().sort().to_list() * 2
    notes = " ".join([*remarks, *([] if coarse is None else [describe_change(coarse)]), f"Bron: {source}."])
    caption = Caption(
        f"{dimension.header} door de tijd", f"Aantal woningen, {first:%d-%m-%Y} t/m {last:%d-%m-%Y}", notes
    )
    if areas:
        return charts.stacked_areas(rows, caption, subject=subject, order=dimension.order)
    return charts.lines(rows.sort(dimension.rank(), "dag"), caption, subject=subject)


def write_picture(path: Path, picture: Picture) -> Path:
    """The picture, and its numbers as CSV beside it; the path of the CSV.

    Raises:
        ExportError: a file cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(picture.svg)
    beside = path.with_suffix(".csv")
    with replacing(beside) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(picture.table.columns)
        writer.writerows([_plain(value) for value in row] for row in picture.table.iter_rows())
    return beside


def _plain(value: object) -> object:
    """A name that a spreadsheet program would compute stays a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY_START) else value
