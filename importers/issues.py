"""A problem with a source row: collected, never thrown one by one.

``uitval`` sets the row aside: it is kept whole, can be exported, corrected and imported again. ``waarschuwing`` keeps
the row in the registry and says what is odd about it.
"""

import json
from collections.abc import Mapping
from enum import StrEnum

import polars as pl

ISSUE = pl.Schema(
    {
        "level": pl.String(),
        "code": pl.String(),
        "text": pl.String(),  # Dutch, says what to do; never holds a BSN
        "source_file": pl.String(),
        "source_row": pl.Int64(),
        "column": pl.String(),
        "original": pl.String(),  # the value as it stood in the source; null where it may be a BSN
        "row": pl.String(),  # uitval: the source row as JSON object {column: text}, refused columns left out
    }
)


# What a set-aside persoonslijst says of the current residence, beside ``ISSUE``; null where it says nothing certain.
RESIDENT = pl.Schema(
    {
        "persoonslijst": pl.String(),  # its key; intake makes it a pseudonym
        "adresseerbaar_object_id": pl.String(),
        "valid_from": pl.Date(),  # the first day that the start can be
    }
)


class Level(StrEnum):
    """What an issue means for its row."""

    UITVAL = "uitval"
    WAARSCHUWING = "waarschuwing"


def no_issues() -> pl.DataFrame:
    """An empty issue frame."""
    return pl.DataFrame(schema=ISSUE)


class IssueLog:
    """Collects issues of one batch; the frame comes out once, at the end."""

    def __init__(self, source_file: str) -> None:
        self.source_file = source_file
        self._rows: list[tuple[str, str, str, str, int, str | None, str | None, str | None]] = []

    def set_aside(
        self,
        code: str,
        text: str,
        *,
        source_row: int,
        row: Mapping[str, object],
        column: str | None = None,
        original: str | None = None,
    ) -> None:
        """Note that a row does not go into the registry, and keep it whole."""
        kept = json.dumps(dict(row), ensure_ascii=False, default=str)
        self._rows.append((Level.UITVAL, code, text, self.source_file, source_row, column, original, kept))

    def warn(
        self, code: str, text: str, *, source_row: int, column: str | None = None, original: str | None = None
    ) -> None:
        """Note something odd about a row that does go in."""
        self._rows.append((Level.WAARSCHUWING, code, text, self.source_file, source_row, column, original, None))

    def __len__(self) -> int:
        return len(self._rows)

    def frame(self) -> pl.DataFrame:
        """All issues so far, with schema ``ISSUE``."""
        return pl.DataFrame(self._rows, schema=ISSUE, orient="row")
