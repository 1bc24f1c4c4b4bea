"""Corrected set-aside rows: which earlier rows a file corrects, what was kept of them, and which are repaired now."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl

from importers.corrections import read_uitval
from importers.headers import UITVAL
from importers.issues import Level
from importers.source import Mapping as FileMapping
from registry.crypto import BsnCipher
from registry.errors import SourceRefusedError
from registry.store.engine import ReadConnection
from registry.store.queries.runs import previous_stand, read_kept_rows


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a file says that it corrects; empty for an ordinary delivery.

    Attributes:
        lines: line of the file -> number of the set-aside row.
        kept: that number, as the file writes it -> the kept row (JSON).
        leverdatum: of the delivery that held the rows.
    """

    lines: Mapping[int, int] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    leverdatum: date | None = None

    def __bool__(self) -> bool:
        """Whether the file corrects anything."""
        return bool(self.lines)

    def add_to(self, mapping: FileMapping | None) -> FileMapping | None:
        """What is known of the file beforehand, with the kept rows."""
        return replace(mapping or FileMapping(), kept=self.kept) if self else mapping

    def repaired(self, issues: pl.DataFrame) -> AbstractSet[int]:
        """The set-aside rows that came in: those named by the file of which no line was set aside again."""
        failed = set(issues.filter(level=Level.UITVAL.value)["source_row"].drop_nulls().to_list())
        again = {number for line, number in self.lines.items() if line in failed}
        return set(self.lines.values()) - again


def find_corrections(connection: ReadConnection, bron: str, path: Path, cipher: BsnCipher) -> Corrections:
    """What a file corrects, by its column ``uitval``.

    Raises:
        SourceRefusedError: it names rows that were not set aside, of another source, or of a delivery that a newer
            complete one has replaced.
    """
    texts = read_uitval(path)
    if not texts:
        return Corrections()
    wrong = [line for line, text in texts.items() if not text.isdecimal() or len(text) > _LONGEST]
    if wrong:
        raise SourceRefusedError(_unknown(path, wrong))
    lines = {line: int(text) for line, text in texts.items()}
    rows = read_kept_rows(connection, lines.values()).filter(bron=bron)
    found = set(rows["issue_id"].to_list())
    wrong = [line for line, number in lines.items() if number not in found]
    if wrong:
        raise SourceRefusedError(_unknown(path, wrong))
    _refuse_replaced(connection, bron, rows)
    texts_of_rows = dict(zip(rows["issue_id"].to_list(), rows["row"].to_list(), strict=True))
    opened = {number: open_row(text, cipher) for number, text in texts_of_rows.items()}
    kept = {text: row for text in set(texts.values()) if (row := opened[int(text)]) is not None}
    latest: date | None = rows.select(pl.col("leverdatum").max()).item()
    return Corrections(lines, kept, latest)


_LONGEST = 18  # digits of a number that a database can hold


def open_row(text: str | None, cipher: BsnCipher) -> str | None:
    """A kept row as JSON; rows of sources with personal data are kept encrypted.

    Raises:
        KeysError: it was encrypted with other keys.
    """
    # A JSON text starts with a bracket, an encrypted one never does.
    return text if not text or text[0] in "[{" else cipher.decrypt(text)


def _unknown(path: Path, lines: list[int]) -> str:
    return (
        f"{path.name}, regel {lines[0]}: de kolom '{UITVAL}' noemt geen rij die bij deze bron opzij is gezet. Herstel "
        "het nummer uit het bestand van 'woonregister runs uitval', of verwijder de kolom als dit een gewone levering "
        "is."
    )


def _refuse_replaced(connection: ReadConnection, bron: str, rows: pl.DataFrame) -> None:
    """A correction of an older complete delivery would undo what a newer one says."""
    for run_id, area in rows.select("run_id", "area").unique().sort("run_id").iter_rows():
        latest = previous_stand(connection, bron, area)
        if latest is not None and latest.run_id > run_id:
            raise SourceRefusedError(
                f"Deze rijen zijn opzij gezet bij run {run_id}, maar sindsdien is een nieuwere volledige levering "
                f"ingelezen (run {latest.run_id}). Verbeter de uitval van die run: "
                f"woonregister runs uitval {latest.run_id} --uit uitval.xlsx"
            )
