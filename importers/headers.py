"""The exact header check: every column of a file is needed, refused or ignored on purpose, or the file is refused."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from importers.source import Mapping, Source
from registry.errors import SourceRefusedError

UITVAL = "uitval"  # a corrected export of set-aside rows says in this column which ones it corrects
HEADER_ROWS = 20  # title rows may stand above the header row
_ABOUT_UITVAL = ("uitval:*",)  # and tells in these what was wrong
_SEPARATORS = re.compile(r"[\s./-]")
# Eight digits or more are a day, a BSN or another number of a row, whatever stands between them.
_NUMBER = re.compile(r"\d{8}")
_SHOWN, _LONGEST_SHOWN = 15, 60


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the needed columns stand.

    ``positions`` maps a field to its column (from 0), ``headers`` to its header as in the file. ``unnamed`` are the
    columns without a header: they must turn out empty. ``refused`` tells whether the file holds a refused column.
    """

    positions: dict[str, int]
    headers: dict[str, str]
    unnamed: tuple[int, ...]
    width: int
    refused: bool


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A possible header row: its cells, the delimiter that makes them, and the line after which data starts."""

    cells: tuple[str, ...]
    delimiter: str
    last_line: int


def fold(header: str) -> str:
    """A header as it is compared: without case and outer white space."""
    return header.strip().casefold()


def _holds_data(cell: str) -> bool:
    """Whether a cell cannot be a header: it would be repeated in a message, and may be of a person."""
    return _NUMBER.search(_SEPARATORS.sub("", cell)) is not None


def _shown(headers: Sequence[tuple[int, str]]) -> str:
    """Unknown headers for a message, without what is no header and without signs that a terminal would obey."""
    texts = []
    for position, header in headers[:_SHOWN]:
        plain = "".join(sign if sign.isprintable() else "?" for sign in header)
        cut = plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…"
        texts.append(f"{position + 1} (een getal)" if _holds_data(header) else f"'{cut}'")
    more = [f"en nog {len(headers) - _SHOWN}"] if len(headers) > _SHOWN else []
    return ", ".join(texts + more)


def _matches(header: str, patterns: Iterable[str]) -> bool:
    """Whether a folded header is one of the patterns; a pattern that ends in ``*`` stands for every longer header."""
    return any(
        header.startswith(fold(pattern[:-1])) if pattern.endswith("*") else header == fold(pattern)
        for pattern in patterns
    )


class HeaderCheck:
    """Knows the headers of one source, under the municipality's own names where it has an indeling."""

    def __init__(self, source: Source, mapping: Mapping | None, unnamed_first: str | None = None) -> None:
        self.source = source
        self.unnamed_first = unnamed_first
        mapped = {fold(header): field for header, field in mapping.columns.items()} if mapping else {}
        forbidden = [header for header in mapped if _matches(header, source.refused)]
        if forbidden:
            raise SourceRefusedError(
                f"De indeling noemt kolommen die niet verwerkt mogen worden: {', '.join(sorted(forbidden))}. "
                "Haal ze uit de indeling."
            )
        own = {fold(header): column.field for column in source.columns for header in column.headers}
        # A field that the indeling gives another name is no longer found under its own: two columns would claim it.
        taken = set(mapped.values())
        self.fields = {UITVAL: UITVAL} | {h: f for h, f in own.items() if f not in taken} | mapped
        self.superseded = {header for header, field in own.items() if field in taken and header not in mapped}
        self.ignored = (*source.ignored, *_ABOUT_UITVAL, *(mapping.ignored if mapping else ()))
        self.required = {column.field for column in source.columns if column.required}

    def score(self, row: Sequence[str]) -> tuple[bool, int]:
        """How much a row looks like the header row: all required fields there, and the number of known headers."""
        found = {self.fields[name] for name in map(fold, row) if name in self.fields}
        return self.required <= found, len(found)

    def best(self, candidates: Iterable[HeaderRow]) -> HeaderRow | None:
        """The first row with all required columns; else the one with most known columns, for a message that helps."""
        best: HeaderRow | None = None
        best_score = (False, 0)
        for candidate in candidates:
            complete, known = self.score(candidate.cells)
            if known * 2 < sum(map(bool, candidate.cells)) and any(map(_holds_data, candidate.cells)):
                continue  # a row of a file without headers, in which a word happens to be one
            if known and (complete, known) > best_score:
                best, best_score = candidate, (complete, known)
        return best

    def choose(self, candidates: Iterable[HeaderRow], name: str) -> HeaderRow:
        """The header row of a file or sheet.

        Raises:
            SourceRefusedError: no row holds a known column.
        """
        best = self.best(candidates)
        if best is None:
            headers = ", ".join(column.headers[0] for column in self.source.columns if any(column.headers))
            raise SourceRefusedError(
                f"{name}: in de eerste {HEADER_ROWS} regels staat geen kopregel met een bekende kolom. Bekend zijn: "
                f"{headers}. Kies het juiste bestand, of geef de kolommen op in een indeling (--indeling)."
            )
        return best

    def layout(self, row: Sequence[str], name: str) -> Layout:
        """Where the needed columns of a file stand.

        Args:
            row: the header row.
            name: of the file (and sheet), for the messages.

        Raises:
            SourceRefusedError: a column is unknown, doubled or missing; the text names it and says how to go on.
        """
        positions: dict[str, int] = {}
        headers: dict[str, str] = {}
        unnamed: list[int] = []
        unknown: list[tuple[int, str]] = []
        refused = False
        for position, header in enumerate(row):
            folded = fold(header)
            field = self.fields.get(folded)
            if not folded:
                if position == 0 and self.unnamed_first is not None:
                    field = self.unnamed_first
                else:
                    unnamed.append(position)
                    continue
            if _matches(folded, self.source.refused):
                refused = True
            elif field is not None:
                self._require_single(field, header, positions, headers, name)
                positions[field], headers[field] = position, header.strip()
            elif folded not in self.superseded and not _matches(folded, self.ignored):
                unknown.append((position, header.strip()))
        if unknown:
            raise SourceRefusedError(self._unknown_text(unknown, name))
        self._require_all(positions, name)
        return Layout(positions, headers, tuple(unnamed), len(row), refused)

    def _require_single(
        self, field: str, header: str, positions: dict[str, int], headers: dict[str, str], name: str
    ) -> None:
        if field in positions:
            raise SourceRefusedError(
                f"{name}: de kolommen '{headers[field]}' (kolom {positions[field] + 1}) en '{header.strip()}' geven "
                f"allebei '{field}'. Laat er één over, of wijs in de indeling (--indeling) de juiste aan."
            )

    def _unknown_text(self, unknown: Sequence[tuple[int, str]], name: str) -> str:
        known = ", ".join(header for column in self.source.columns for header in column.headers[:1] if header)
        return (
            f"{name}: onbekende kolom {_shown(unknown)}. Bekend zijn: {known}. Zet in een indeling (--indeling) onder "
            "'kolommen:' bij welk veld de kolom hoort, of onder 'negeren:' dat zij niet nodig is."
        )

    def _require_all(self, positions: dict[str, int], name: str) -> None:
        missing = [c for c in self.source.columns if c.required and c.field not in positions]
        if missing:
            columns = ", ".join(f"'{column.headers[0] if column.headers else column.field}'" for column in missing)
            raise SourceRefusedError(
                f"{name}: de kolom {columns} ontbreekt. Lever het bestand met deze kolom, of zet in een indeling "
                "(--indeling) onder welke naam zij in het bestand staat."
            )
