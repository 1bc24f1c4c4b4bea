"""The BRP: persoonslijsten and their verblijven, from a file with LO BRP rubrieken or from a plain table.

Three kinds of batches come out, a persoonslijst always whole in one of each: ``PERSOONSLIJSTEN``, ``VERBLIJVEN`` with
volgnummer 0 for the current category 08 and then back in time in the order of the file, and ``RELATIES`` where the file
delivers related persons. Nationality, birthplace and
birth country, gender, residence title and religion are dropped by the reader before anything is kept.

Source: Logisch Ontwerp BRP; ``brp.yml`` and ``brp_kolommen.yml``.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import polars as pl

from importers.brp_checks import KEY, Doubles, clean, find_problems, issues_of
from importers.brp_lists import ENDED, KEY_FIELDS, LIST, ORDER, iterate_lists, plain_lists
from importers.brp_relations import holds_relations, read_relations, relation_problems
from importers.issues import no_issues
from importers.readers import UITVAL, Table, first_rows, open_table, read_table
from importers.records import PERSOONSLIJSTEN, RELATIES, VERBLIJVEN, Batch, Delivery, RecordType
from importers.source import Mapping, Source, load_source
from registry.errors import SourceRefusedError

_RUBRIEK: Final = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}")
_LISTS_PER_BATCH: Final = 50_000
_VERBLIJF_FIELDS: Final = tuple(name for name in VERBLIJVEN.columns if name not in ("persoonslijst", "volgnummer"))


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The persoonslijsten and verblijven of a BRP file.

    Args:
        path: .csv, .txt or .xlsx; headers that are LO BRP rubrieken make it the first shape, all others the plain one.
        source: ``brp.yml``.
        mapping: the municipality's own column names, and the set-aside rows that this file corrects.

    Raises:
        SourceRefusedError: the file as a whole cannot be taken, also while the batches are read.
    """
    if _has_rubrieken(path):
        return Delivery(None, _read_rubrieken(path, source, mapping))
    return Delivery(None, _read_plain(path, mapping))


def _has_rubrieken(path: Path) -> bool:
    return any(sum(bool(_RUBRIEK.fullmatch(cell.strip())) for cell in row) > 1 for row in first_rows(path))


def _read_rubrieken(path: Path, source: Source, mapping: Mapping | None) -> Iterator[Batch]:
    """Twice through the file: a key that stands on two persoonslijsten is only known at the end."""
    reader = open_table(path, source, mapping=mapping, unnamed_first="bron_id")
    _require_key(reader.headers, path)

    def lists(only: Collection[str] | None = None) -> Iterator[tuple[pl.DataFrame, int]]:
        return iterate_lists(reader.batches(only))

    doubles = _find_doubles(lines for lines, _ in lists({*KEY_FIELDS, UITVAL}))
    return chain.from_iterable(
        _batches(clean(lines, source), source, reader.headers, doubles, read) for lines, read in lists()
    )


def _read_plain(path: Path, mapping: Mapping | None) -> Iterator[Batch]:
    source = load_source("brp_kolommen")
    table = read_table(path, source, mapping=mapping)
    _require_key(table.headers, path)
    return _plain_batches(table, source)


def _plain_batches(table: Table, source: Source) -> Iterator[Batch]:
    lines = plain_lists(table)
    cleaned = clean(lines, source)
    doubles = _find_doubles([lines])
    yield Batch(PERSOONSLIJSTEN, PERSOONSLIJSTEN.empty(), table.issues, table.issues.height)
    for start in range(0, lines[LIST].n_unique(), _LISTS_PER_BATCH):
        part = cleaned.filter(pl.col(LIST).is_between(start + 1, start + _LISTS_PER_BATCH))
        yield from _batches(part, source, table.headers, doubles, part.filter(~pl.col(ENDED)).height)


def _require_key(headers: dict[str, str], path: Path) -> None:
    if not {"a_nummer", "bsn", "bron_id"} & headers.keys():
        raise SourceRefusedError(
            f"{path.name}: er is geen kolom met A-nummer of burgerservicenummer, zodat niet blijkt welke rijen bij één "
            "persoon horen. Lever het bestand met een van die kolommen."
        )


def _find_doubles(parts: Iterable[pl.DataFrame]) -> Doubles:
    firsts = [part.filter(pl.col(ORDER) == 0).select(key=KEY, bsn="bsn", source_row="source_row") for part in parts]
    empty = pl.DataFrame(schema={"key": pl.String, "bsn": pl.String, "source_row": pl.Int64})
    people = pl.concat([empty, *firsts])
    return Doubles(_doubled(people, "key"), _doubled(people, "bsn"))


def _doubled(people: pl.DataFrame, name: str) -> pl.DataFrame:
    return (
        people.drop_nulls(name)
        .group_by(name)
        .agg(pl.col("source_row").sort().cast(pl.String).str.join(", "), pl.len())
        .filter(pl.col("len") > 1)
        .select(name, pl.col("source_row").alias(f"_{name}_lines"))
    )


def _batches(
    cleaned: pl.DataFrame, source: Source, headers: dict[str, str], doubles: Doubles, read: int
) -> Iterator[Batch]:
    lines = cleaned.join(doubles.keys, on="key", how="left", maintain_order="left").join(
        doubles.bsns, on="bsn", how="left", maintain_order="left"
    )
    found, broken = issues_of(lines, [*find_problems(source), *relation_problems(headers)], headers)
    whole = lines.filter(~pl.col(LIST).is_in(broken.implode())).with_columns(
        pl.col("key").first().over(LIST).alias("persoonslijst")
    )
    people = whole.filter(pl.col(ORDER) == 0)
    yield Batch(PERSOONSLIJSTEN, _shaped(people, PERSOONSLIJSTEN), found, read)
    yield Batch(VERBLIJVEN, _shaped(_verblijven(whole), VERBLIJVEN), no_issues(), 0)
    if holds_relations(headers):
        yield Batch(RELATIES, read_relations(whole), no_issues(), 0)


def _verblijven(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines that hold a category 08, numbered; the first line of a persoonslijst is the current one."""
    filled = pl.any_horizontal(pl.col(_VERBLIJF_FIELDS).is_not_null())
    stays = lines.filter(filled)
    without_current = pl.col(ORDER).first().over(LIST) > 0
    return stays.with_columns(
        volgnummer=pl.int_range(pl.len(), dtype=pl.Int64).over(LIST) + without_current.cast(pl.Int64)
    )


def _shaped(frame: pl.DataFrame, record: RecordType) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in record.schema.items())
