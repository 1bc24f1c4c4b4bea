"""What the sheet Toelichting says: who made the file, from what, with which filters, and what each column means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from registry.exports.cells import ColumnSpec, as_text

NOTES_TITLE = "Toelichting"
NoteStyle = Literal["title", "section", "head", "text"]


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source that the file rests on, and the date of its last delivery (null: the source gives none)."""

    name: str
    leverdatum: date | None
    remark: str = ""


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


def note_lines(
    notes: Notes, sheets: Sequence[tuple[str, Sequence[ColumnSpec], int]]
) -> Iterator[tuple[NoteStyle, tuple[str, ...]]]:
    """The lines of the sheet, each with its style; ``sheets`` gives title, columns and number of rows."""
    yield "title", (notes.title,)
    for remark in notes.remarks:
        yield "text", (remark,)
    yield "section", ("Gemaakt",)
    yield "text", ("Door", notes.made_by)
    yield "text", ("Op", as_text(notes.made_at) or "")
    for title, _, count in sheets:
        yield "text", (f"Aantal rijen op blad {title}", str(count))
    yield "section", ("Gebruikte filters",)
    if not notes.filters:
        yield "text", ("Geen: alles is opgenomen.",)
    for name, value in notes.filters.items():
        yield "text", (name, value)
    yield "section", ("Bronnen",)
    if notes.sources:
        yield "head", ("Bron", "Leverdatum", "Opmerking")
    else:
        yield "text", ("Er zijn geen bronnen vermeld.",)
    for source in notes.sources:
        yield "text", (source.name, as_text(source.leverdatum) or "onbekend", source.remark)
    for title, columns, _ in sheets:
        yield from _dictionary(title, columns)


def _dictionary(title: str, columns: Sequence[ColumnSpec]) -> Iterator[tuple[NoteStyle, tuple[str, ...]]]:
    yield "section", (f"Kolommen van blad {title}",)
    yield "head", ("Kolom", "Betekenis", "Eenheid", "Bron", "Keuzes")
    for column in columns:
        yield "text", (column.header, column.help, column.unit, column.source, "; ".join(column.choices))
