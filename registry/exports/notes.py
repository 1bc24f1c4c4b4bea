"""What the sheet Toelichting says: who made the file, from what, with which filters, and what each column means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import polars as pl

from registry.exports.cells import ColumnSpec, as_text

NOTES_TITLE = "Toelichting"
NoteStyle = Literal["title", "section", "head", "text"]


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source that the file rests on, and the date of its last delivery (null: the source gives none)."""

    name: str
    leverdatum: date | None
    remark: str = ""


def source_notes(sources: pl.DataFrame) -> list[SourceNote]:
    """The sources that went in (columns bron, levering, leverdatum), one note per source and kind of delivery."""
    rows = sources.sort("bron", "levering").select("bron", "leverdatum", "levering").iter_rows()
    return [SourceNote(bron, leverdatum, f"levering: {levering}") for bron, leverdatum, levering in rows]


@dataclass(frozen=True, slots=True)
class Notes:
    """The answers to who, when, from what and how selected.

    Attributes:
        title: what this file is, in one Dutch line.
        made_by: person or command that made it.
        made_at: when, in Dutch local time.
        filters: name and Dutch value of every filter that was used; empty means that nothing was filtered.
        sources: the sources with their delivery dates.
        remarks: paragraphs that the reader must know, for instance that a signal is not a decision.
    """

    title: str
    made_by: str
    made_at: datetime
    filters: Mapping[str, str] = field(default_factory=dict)
    sources: Sequence[SourceNote] = ()
    remarks: Sequence[str] = ()


Line = tuple[NoteStyle, tuple[str, ...]]
Described = Sequence[tuple[str, Sequence[ColumnSpec], int]]
"""Title, columns and number of rows of each sheet."""


def note_lines(notes: Notes | None, sheets: Described) -> tuple[list[Line], dict[tuple[str, ...], range]]:
    """The lines of the sheet, each with its style, and the lines on which each list of choices stands, from 1."""
    lines = [*_origin(notes, sheets)] if notes else []
    for title, columns, _ in sheets:
        lines += _dictionary(title, columns)
    lists: dict[tuple[str, ...], range] = {}
    for column in (column for _, columns, _ in sheets for column in columns if column.choices):
        if column.choices in lists:
            continue
        lines += _section(f"Keuzelijst {column.header}")
        lists[column.choices] = range(len(lines) + 1, len(lines) + 1 + len(column.choices))
        lines += [("text", (choice,)) for choice in column.choices]
    return lines, lists


def _section(title: str) -> list[Line]:
    return [("text", ()), ("section", (title,))]


def _origin(notes: Notes, sheets: Described) -> Iterator[Line]:
    yield "title", (notes.title,)
    for remark in notes.remarks:
        yield "text", (remark,)
    yield from _section("Gemaakt")
    yield "text", ("Door", notes.made_by)
    yield "text", ("Op", as_text(notes.made_at) or "")
    for title, _, count in sheets:
        yield "text", (f"Aantal rijen op blad {title}", str(count))
    yield from _section("Gebruikte filters")
    if not notes.filters:
        yield "text", ("Geen: alles is opgenomen.",)
    for name, value in notes.filters.items():
        yield "text", (name, value)
    yield from _section("Bronnen")
    if notes.sources:
        yield "head", ("Bron", "Leverdatum en opmerking")
    else:
        yield "text", ("Er zijn geen bronnen vermeld.",)
    for source in notes.sources:
        day = as_text(source.leverdatum) or "leverdatum onbekend"
        yield "text", (source.name, f"{day}; {source.remark}" if source.remark else day)


def _dictionary(title: str, columns: Sequence[ColumnSpec]) -> list[Line]:
    head: Line = ("head", ("Kolom", "Betekenis", "Eenheid", "Bron"))
    rows: list[Line] = [("text", (column.header, column.help, column.unit, column.source)) for column in columns]
    return [*_section(f"Kolommen van blad {title}"), head, *rows]
