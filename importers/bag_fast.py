"""The fast extractor: the same texts as ``importers.bag_xml``, by xml2arrow where it is installed.

It never judges. Whatever is not perfectly ordinary (another encoding, a doubled element, a missing one, a count that
does not add up) makes it step back, and the reference extractor reads the member again. That is also the guard against
its one weakness: a path that does not match gives nulls without a word.
"""

import json
import tempfile
from functools import cache
from importlib.util import find_spec
from typing import Any

import polars as pl

from importers.bag_fields import NAMESPACES, Table
from importers.bag_head import Head
from importers.bag_raw import EXTERIOR, INTERIOR, POINT, RINGS, RawRecords, raw_schema
from importers.bag_tables import TABLES
from importers.issues import no_issues

MAX_BYTES = 64 * 1024 * 1024  # a member is held whole; Kadaster's are 16 MB, larger ones go to the streaming extractor

# Characters that XML does not allow, which xml2arrow lets through; one search each is faster than any pattern.
_FORBIDDEN = tuple(bytes([code]) for code in range(32) if code not in {9, 10, 13})

_SURFACES = {"VBO": "geometrie/vlak/Polygon", "WPL": "geometrie/vlak/Polygon"}
_OTHER_SURFACE = "geometrie/Polygon"
_POINT = "geometrie/punt/Point"


def is_available() -> bool:
    """Whether xml2arrow is installed."""
    return find_spec("xml2arrow") is not None


def _local(path: str) -> str:
    return "/".join(step.split(":")[-1] for step in path.split("/") if step)


def _body(table: Table) -> str:
    return f"/{_local(table.container)}/{_local(f'{table.row}/{table.body}')}"


def _column(name: str, path: str) -> dict[str, object]:
    return {"name": name, "xml_path": path, "data_type": "Utf8", "nullable": True}


def _block(name: str, path: str, levels: list[str], fields: list[dict[str, object]]) -> dict[str, object]:
    return {"name": name, "xml_path": path, "levels": levels, "fields": fields}


def _configurations(table: Table) -> list[dict[str, object]]:
    """One per pass. A repeated element needs its parent as table, which would take the parent's other fields away."""
    container, body = f"/{_local(table.container)}", _body(table)
    single = [_column(name, f"{body}/{_local(table.fields[name].path)}") for name in table.scalars]
    blocks, passes = [], []
    for name in table.lists:
        path = f"{body}/{_local(table.fields[name].path)}"
        block = _block(name, path.rpartition("/")[0], ["row", "item"], [_column(name, path)])
        if path.rpartition("/")[0] == body:
            passes.append([_block("rows", container, ["row"], []), block])
        else:
            blocks.append(block)
    if table.geometry:
        surface = f"{body}/{_SURFACES.get(table.code, _OTHER_SURFACE)}"
        ring = "LinearRing/posList"
        fields = [
            _column("dimensions", f"{surface}/@srsDimension"),
            _column("exterior", f"{surface}/exterior/{ring}"),
            _column("interior", f"{surface}/interior/{ring}"),
        ]
        blocks.append(_block("rings", surface, ["row", "ring"], fields))
        if table.code == "VBO":
            single += [_column("pos", f"{body}/{_POINT}/pos"), _column("pos_dim", f"{body}/{_POINT}/@srsDimension")]
    main = [_block("rows", container, ["row"], single), *blocks]
    return [{"tables": tables} for tables in (main, *passes)]


@cache
def _parsers(code: str) -> tuple[Any, ...]:
    """The parsers of a document kind; they take their configuration from a file only."""
    from xml2arrow import XmlToArrowParser  # noqa: PLC0415 - an optional part of the installation

    parsers = []
    for configuration in _configurations(TABLES[code]):
        with tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as file:
            json.dump(configuration, file)  # JSON is YAML
            file.flush()
            parsers.append(XmlToArrowParser(file.name))
    return tuple(parsers)


def extract_fast(table: Table, member: str, head: Head, data: bytes) -> RawRecords | None:
    """All records of a member, or None when the reference extractor has to look at it."""
    count = _expected_rows(table, head, data)
    if count is None or count == 0:
        return None
    frames = _parse(table, data)
    if frames is None:
        return None
    rows = frames["rows"]
    if rows.height != count or rows["<row>"].to_list() != list(range(count)):
        return None
    values = _with_lists(table, rows, frames)
    required = [name for name, part in table.fields.items() if not part.optional]
    incomplete = [
        pl.col(name).list.len().eq(0).any() if table.fields[name].many else pl.col(name).is_null().any()
        for name in required
    ]
    if values.select(pl.any_horizontal(incomplete)).item():
        return None
    rings = _rings(table, rows, frames)
    if rings is None:
        return None
    values = values.select(
        (pl.col("<row>").cast(pl.Int64) + 1).alias("source_row"),
        *(pl.col(name) for name in table.fields),
    ).cast(raw_schema(table))
    return RawRecords(table, member, values, rings, no_issues(), count)


def _expected_rows(table: Table, head: Head, data: bytes) -> int | None:
    """Row elements by a plain count over the bytes; None when the document is not of the ordinary form."""
    paths = [table.container, table.row, table.body, *(part.path for part in table.fields.values())]
    prefixes = {step.split(":")[0] for path in paths for step in path.split("/") if step}
    if not head.utf8 or any(head.prefix_of(NAMESPACES[prefix]) is None for prefix in prefixes):
        return None
    root = f"{head.root_prefix}:{head.root}" if head.root_prefix else head.root
    if not data.rstrip().endswith(f"</{root}>".encode()):
        return None  # xml2arrow does not notice a document that is cut off between two elements
    if any(character in data for character in _FORBIDDEN):
        return None
    prefix, local = table.row.split(":")
    name = f"<{head.prefix_of(NAMESPACES[prefix])}{local}".encode()
    return data.count(name + b">") + data.count(name + b" ")


def _parse(table: Table, data: bytes) -> dict[str, pl.DataFrame] | None:
    from xml2arrow import exceptions  # noqa: PLC0415 - an optional part of the installation

    frames: dict[str, pl.DataFrame] = {}
    try:
        for parser in _parsers(table.code):
            for name, batch in parser.parse(data).items():
                frames[name] = pl.DataFrame(pl.from_arrow(batch))
    except (exceptions.Xml2ArrowError, TypeError):
        # TypeError: bytes that are not UTF-8 make the library fail in raising its own error.
        return None
    return frames


def _with_lists(table: Table, rows: pl.DataFrame, frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Add the list columns; an object without the element has an empty list."""
    for name in table.lists:
        items = frames[name].filter(pl.col(name).is_not_null())
        grouped = items.group_by("<row>", maintain_order=True).agg(pl.col(name))
        rows = rows.join(grouped, on="<row>", how="left", maintain_order="left").with_columns(
            pl.col(name).fill_null(pl.lit([], dtype=pl.List(pl.String())))
        )
    return rows


def _rings(table: Table, rows: pl.DataFrame, frames: dict[str, pl.DataFrame]) -> pl.DataFrame | None:
    """Positions and rings in the order of the records; None when a record has no geometry, or an unusual one."""
    if not table.geometry:
        return pl.DataFrame(schema=RINGS)
    surfaces = frames["rings"].with_columns(
        pl.col("dimensions").forward_fill(),
        pl.coalesce("exterior", "interior").alias("text"),
        pl.when(pl.col("exterior").is_not_null()).then(EXTERIOR).otherwise(INTERIOR).alias("kind"),
    )
    starts = frames["rings"].filter(pl.col("<ring>") == 0)
    if starts["dimensions"].null_count() or starts["exterior"].null_count() or surfaces["text"].null_count():
        return None
    parts = [surfaces.select("<row>", "kind", "dimensions", "text")]
    if table.code == "VBO":
        points = rows.filter(pl.col("pos").is_not_null())
        if points["pos_dim"].null_count():
            return None
        parts.append(
            points.select("<row>", pl.lit(POINT).alias("kind"), pl.col("pos_dim").alias("dimensions"), text="pos")
        )
    whole = pl.concat(parts).sort("<row>", maintain_order=True) if len(parts) > 1 else parts[0]
    one_each = whole.filter(pl.col("kind") != INTERIOR)["<row>"]
    if one_each.len() != rows.height or one_each.n_unique() != rows.height:
        return None
    return whole.select(
        pl.col("<row>").alias("record"),
        "kind",
        pl.col("dimensions").cast(pl.Int64, strict=False).fill_null(0),
        "text",
    ).cast(RINGS)
