"""The batches of one delivery, on their way to the staging tables, with the issues that they bring up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from importers.issues import ISSUE, RESIDENT, Level
from importers.records import Delivery
from importers.source import Source
from registry.crypto import BsnCipher
from registry.intake.corrections import Corrections
from registry.intake.prepare import Preparation
from registry.store.engine import WriteConnection
from registry.store.history import Staging
from registry.store.queries.runs import (
    insert_issues,
)
from registry.store.tables import metadata

Progress = Callable[[str, int], None]

# Beside what every importer says: the addresses that could belong to a row, its own address in one form, and whom a
# set-aside row is about.
ISSUES = pl.Schema(ISSUE | {"kandidaten": pl.String(), "adresvorm": pl.String()} | RESIDENT)


@dataclass(slots=True)
class Intake:
    """The state of one import while its batches go by."""

    connection: WriteConnection
    preparation: Preparation
    corrections: Corrections
    progress: Progress
    read: int = 0
    staged: dict[str, Staging] = field(default_factory=dict)
    issues: list[pl.DataFrame] = field(default_factory=list)
    kept: int = 0

    def take(self, delivery: Delivery, leverdatum: date) -> None:
        """Prepare and stage every batch, and collect what was wrong."""
        for batch in delivery.batches:
            frame, unlinked = self.preparation.prepare(batch.record, batch.frame, leverdatum, delivery.headers)
            self.note(batch.issues)
            if unlinked is not None:
                self.note(unlinked)
            staging = self.staged.get(batch.record.name)
            if staging is None:
                staging = Staging(self.connection, metadata.tables[batch.record.name])
                self.staged[batch.record.name] = staging
            staging.add(frame)
            self.read += batch.read
            self.progress(batch.record.name, batch.read)

    def note(self, issues: pl.DataFrame) -> None:
        """Keep issues for the report of the run."""
        if not issues.is_empty():
            self.issues.append(pl.concat([pl.DataFrame(schema=ISSUES), issues], how="diagonal"))

    def note_doubles(self, name: str, doubles: pl.DataFrame) -> None:
        """Warn of rows with a key that was staged before."""
        key = [column for column in doubles.columns if column not in ("source_file", "source_row")]
        self.note(
            doubles.select(
                level=pl.lit(Level.WAARSCHUWING.value),
                code=pl.lit("dubbel"),
                text=pl.lit(f"Deze rij komt in de levering meer dan eens voor ({name}); de eerste is ingelezen."),
                source_file="source_file",
                source_row=pl.col("source_row").cast(pl.Int64),
                column=pl.lit(", ".join(key)),
                original=pl.lit(None, pl.String),
                row=pl.lit(None, pl.String),
            )
        )

    def keep_issues(self, run_id: int) -> None:
        """Store the issues that were not stored yet."""
        new = pl.concat([pl.DataFrame(schema=ISSUES), *self.issues[self.kept :]])
        insert_issues(self.connection, run_id, protect(new, self.preparation.source, self.preparation.cipher))
        self.kept = len(self.issues)

    @property
    def all_issues(self) -> pl.DataFrame:
        """Every issue so far (schema ``ISSUES``)."""
        return pl.concat([pl.DataFrame(schema=ISSUES), *self.issues])


def set_aside(issues: pl.DataFrame) -> pl.DataFrame:
    """The set-aside rows, one per source row (a row may have several issues)."""
    return issues.filter(level=Level.UITVAL.value).unique(["source_file", "source_row"], maintain_order=True)


def protect(issues: pl.DataFrame, source: Source, cipher: BsnCipher) -> pl.DataFrame:
    """Rows of a source with personal data are kept encrypted, and name persons by pseudonym."""
    if not source.personal:
        return issues
    return issues.with_columns(
        row=pl.Series(cipher.encrypt_all(issues["row"].to_list()), dtype=pl.String),
        persoonslijst=pl.Series(cipher.hash_all(issues["persoonslijst"].to_list()), dtype=pl.String),
    )
