"""Reads a generated delivery back: frames and issues per record type, and each lane apart."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl
from bag_files import Tree, extract_tree, object_xml, write_zip

from importers.bag import Lane, read
from importers.records import Batch, Delivery
from importers.source import load_source

LANES: tuple[Lane, ...] = ("auto", "reference")


def delivery(path: Path, lane: Lane = "auto") -> Delivery:
    return read(path, source=load_source("bag"), lane=lane)


def frames(batches: Iterable[Batch]) -> dict[str, pl.DataFrame]:
    """All rows per record type; every batch must have exactly the schema of its record."""
    found: dict[str, list[pl.DataFrame]] = {}
    for batch in batches:
        assert batch.frame.schema == batch.record.schema
        found.setdefault(batch.record.name, []).append(batch.frame)
    return {name: pl.concat(parts) for name, parts in found.items()}


def read_tree(folder: Path, tree: Tree, lane: Lane = "auto") -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Frames per record type and all issues of a generated delivery."""
    batches = list(delivery(write_zip(folder / "BAGGEM0606L-15012026.zip", tree), lane).batches)
    assert all(batch.read == batch.frame.height + set_aside(batch.issues) for batch in batches)
    return frames(batches), pl.concat([batch.issues for batch in batches])


def set_aside(issues: pl.DataFrame) -> int:
    return issues.filter(pl.col("level") == "uitval").height


def with_objects(code: str, *rows: str) -> Tree:
    """A whole delivery in which one type has these voorkomens."""
    objects = {other: [object_xml(other)] for other in ("WPL", "OPR", "NUM", "VBO", "LIG", "STA", "PND")}
    return extract_tree(objects | {code: list(rows)})
