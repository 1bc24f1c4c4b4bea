"""Writes the lists that officials keep, for the tests of their importers."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from importers import aangewezen_gebieden, bedingen, meldingen, vergunningen
from importers.issues import ISSUE, Level
from importers.records import Batch
from importers.source import Mapping as Indeling
from importers.source import load_source

READERS = {
    "vergunningen": vergunningen.read,
    "bedingen": bedingen.read,
    "meldingen": meldingen.read,
    "aangewezen_gebieden": aangewezen_gebieden.read,
}
BAG_ID = "0606010000000001"
OTHER_BAG_ID = "0606010000000002"
BSN, OTHER_BSN = "999990019", "999990123"  # of the range in which RvIG makes its test persons


def write_list(path: Path, rows: list[dict[str, str]]) -> Path:
    """A CSV with the columns that occur in any row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)), delimiter=";", restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def read_list(bron: str, tmp_path: Path, *rows: dict[str, str], indeling: Indeling | None = None) -> list[Batch]:
    """The batches of a list with these rows."""
    delivery = READERS[bron](
        write_list(tmp_path / f"{bron}.csv", list(rows)), source=load_source(bron), mapping=indeling
    )
    batches = list(delivery.batches)
    assert delivery.headers
    for batch in batches:
        assert batch.frame.schema == batch.record.schema
        assert batch.issues.schema == ISSUE
    return batches


def issues(batch: Batch, level: Level) -> Iterator[tuple[int, str]]:
    """Source row and code of the issues of a level."""
    yield from batch.issues.filter(level=level.value).select("source_row", "code").iter_rows()


def without(row: Mapping[str, str], *headers: str) -> dict[str, str]:
    """The row with some cells empty."""
    return {header: "" if header in headers else value for header, value in row.items()}
