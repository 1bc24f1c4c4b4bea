"""Gebieden: gemeenten, wijken, buurten and own areas, from any geo file with a code and a surface."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import shapely

from importers.geo_files import Layer, read_layers, repair_surface
from importers.headers import fold
from importers.issues import IssueLog
from importers.records import GEBIEDEN, Batch, Delivery
from importers.source import Mapping, Source
from registry.errors import SourceRefusedError

ALWAYS = date(1, 1, 1)
_KINDS = {"GM": "gemeente", "WK": "wijk", "BU": "buurt"}
_CBS_CODE = re.compile(r"(GM|WK|BU)([0-9]{4})([0-9A-Z]{0,4})")
_LENGTHS = {"GM": 0, "WK": 2, "BU": 4}
_YEAR = re.compile(r"(\d{4})")
_DAY = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ].*)?")
# Digitised borders of two areas differ by slivers; from here on it is no sliver.
_OVERLAP_SHARE, _OVERLAP_M2 = 0.01, 100.0


@dataclass(frozen=True, slots=True)
class Gebied:
    """One area; fields as ``importers.records.GEBIEDEN``."""

    code: str
    soort: str
    naam: str
    bovenliggend: str | None
    jaar: int | None
    surface: shapely.Geometry
    valid_from: date
    valid_until: date | None
    source_row: int


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The areas of one file: GeoJSON, GeoPackage or Shapefile, in any coordinate system.

    ``valid_from`` is what the file says, else 1 January of its year, else 1 January of the year 1: a file that says
    nothing is taken to hold always. The kind follows from a CBS code (GM, WK, BU), else from property ``soort``, else
    it is ``eigen``.

    Raises:
        SourceRefusedError: the file cannot be read, has no property for the code, or lies outside the Netherlands.
    """
    layers = list(read_layers(path))
    batches = [_batch(layer, _find_columns(layer, source, mapping), source) for layer in layers]
    codes = {code for batch in batches for code in batch.frame["gebied_code"].to_list()}
    # A file of own areas only is complete for those: it does not report the buurten of an earlier file as gone.
    area = {match[2] for code in codes if (match := _CBS_CODE.fullmatch(code))} or {"eigen"}
    return Delivery(None, iter(batches), tuple(sorted(area)))


def _find_columns(layer: Layer, source: Source, mapping: Mapping | None) -> dict[str, str]:
    """Which property fills which field: the municipality's own choice, else the first known name."""
    present = {fold(name): name for name in layer.properties}
    own = {
        field: present[fold(name)]
        for name, field in (mapping.columns if mapping else {}).items()
        if fold(name) in present
    }
    columns = dict(own)
    for column in source.columns:
        name = next((present[fold(name)] for name in column.headers if fold(name) in present), None)
        if name is not None:
            columns.setdefault(column.field, name)
        elif column.required and column.field not in columns:
            raise SourceRefusedError(
                f"{layer.source_file}: geen eigenschap met de code van het gebied. "
                f"Bekend zijn: {', '.join(column.headers)}. "
                f"Het bestand heeft: {', '.join(layer.properties)}. Zet in een indeling (--indeling) onder 'kolommen:' "
                f"welke eigenschap '{column.field}' is."
            )
    return columns


def _batch(layer: Layer, columns: dict[str, str], source: Source) -> Batch:
    issues = IssueLog(layer.source_file)
    found = list(_read_features(layer, columns, source, issues))
    gebieden = list(_merge_parts(found, layer, issues))
    _warn_overlaps(gebieden, issues)
    frame = pl.DataFrame(
        [
            (g.code, g.soort, g.naam, g.bovenliggend, g.jaar, shapely.to_wkb(g.surface), g.valid_from, g.valid_until,
             layer.source_file, g.source_row)
            for g in gebieden
        ],
        schema=GEBIEDEN.schema,
        orient="row",
    )  # fmt: skip
    return Batch(GEBIEDEN, frame, issues.frame(), len(layer.geometries))


def _read_features(layer: Layer, columns: dict[str, str], source: Source, issues: IssueLog) -> Iterator[Gebied]:
    for index, geometry in enumerate(layer.geometries):
        row = {name: values[index] for name, values in layer.properties.items()}
        values = {field: row[name] for field, name in columns.items()}
        gebied = _read_feature(values, geometry, source, _Row(issues, row, columns, index + 1))
        if gebied is not None:
            yield gebied


@dataclass(frozen=True, slots=True)
class _Row:
    """Where the issues of one feature go."""

    issues: IssueLog
    row: dict[str, str | None]
    columns: dict[str, str]
    number: int

    def set_aside(self, code: str, text: str, field: str | None = None) -> None:
        column = self.columns.get(field) if field else None
        original = self.row[column] if column else None
        self.issues.set_aside(code, text, source_row=self.number, row=self.row, column=column, original=original)

    def warn(self, code: str, text: str) -> None:
        self.issues.warn(code, text, source_row=self.number)


def _read_feature(
    values: dict[str, str | None], geometry: shapely.Geometry, source: Source, row: _Row
) -> Gebied | None:
    code = (values.get("gebied_code") or "").strip()
    if not code:
        row.set_aside("geen_code", "Het gebied heeft geen code. Vul haar in.", "gebied_code")
        return None
    code = code.upper() if _CBS_CODE.fullmatch(code.upper()) else code
    kind = _find_kind(code, values.get("soort"), source)
    if kind is None:
        kinds = ", ".join(dict.fromkeys(source.lookups["soort"].values()))
        row.set_aside("soort", f"De soort van het gebied is onbekend. Mogelijk zijn: {kinds}.", "soort")
        return None
    surface, repaired = repair_surface(geometry)
    if surface is None:
        row.set_aside("geen_vlak", "Het gebied heeft geen vlak, dus er kan niets in liggen. Lever de grens mee.")
        return None
    period = _read_period(values, row)
    if period is None:
        return None
    if repaired:
        row.warn("vlak_hersteld", f"De grens van {code} kruiste zichzelf of was geen zuiver vlak; zij is hersteld.")
    if not values.get("naam"):
        row.warn("geen_naam", f"Het gebied {code} heeft geen naam; de code staat in plaats daarvan.")
    year = _YEAR.match(values.get("jaar") or "")
    return Gebied(
        code, kind, values.get("naam") or code, _find_parent(code, values), int(year[1]) if year else None,
        surface, *period, row.number,
    )  # fmt: skip


def _find_kind(code: str, given: str | None, source: Source) -> str | None:
    match = _CBS_CODE.fullmatch(code)
    if match and len(match[3]) == _LENGTHS[match[1]]:
        return _KINDS[match[1]]
    return "eigen" if given is None else source.lookups["soort"].get(given.casefold())


def _find_parent(code: str, values: dict[str, str | None]) -> str | None:
    """The wijk of a buurt, the gemeente of a wijk: as given, else by the CBS code (WK plus the first six signs)."""
    given = values.get("bovenliggend_code")
    if given:
        return given
    match = _CBS_CODE.fullmatch(code)
    if match is None or len(match[3]) != _LENGTHS[match[1]]:
        return None
    if match[1] == "BU":
        return values.get("wijkcode") or f"WK{match[2]}{match[3][:2]}"
    return (values.get("gemeentecode") or f"GM{match[2]}") if match[1] == "WK" else None


def _read_period(values: dict[str, str | None], row: _Row) -> tuple[date, date | None] | None:
    begin, end = values.get("valid_from"), values.get("valid_until")
    days = {}
    for field, text in (("valid_from", begin), ("valid_until", end)):
        days[field] = _read_day(text)
        if text and days[field] is None:
            row.set_aside("datum", "De datum is niet te lezen. Verwacht wordt jjjj-mm-dd.", field)
            return None
    year = _YEAR.match(values.get("jaar") or "")
    since = days["valid_from"] or (date(int(year[1]), 1, 1) if year and int(year[1]) else ALWAYS)
    until = days["valid_until"]
    if until is not None and until <= since:
        row.set_aside("einde_voor_begin", "Het einde van de geldigheid ligt niet na het begin.", "valid_until")
        return None
    return since, until


def _read_day(text: str | None) -> date | None:
    match = _DAY.fullmatch(text or "")
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _merge_parts(found: list[Gebied], layer: Layer, issues: IssueLog) -> Iterator[Gebied]:
    """Features with one code and one begin are parts of one area (land and water) when they agree on the rest."""
    groups: dict[tuple[str, date], list[Gebied]] = {}
    for gebied in found:
        groups.setdefault((gebied.code, gebied.valid_from), []).append(gebied)
    for parts in groups.values():
        first = parts[0]
        if len(parts) == 1:
            yield first
        elif len({(part.naam, part.soort, part.valid_until) for part in parts}) == 1:
            surface = shapely.union_all(np.array([part.surface for part in parts], dtype=object))
            issues.warn(
                "delen_samengevoegd",
                f"Het gebied {first.code} staat in {len(parts)} delen in het bestand; zij zijn samengevoegd.",
                source_row=first.source_row,
            )
            yield Gebied(
                first.code, first.soort, first.naam, first.bovenliggend, first.jaar, surface, first.valid_from,
                first.valid_until, first.source_row,
            )  # fmt: skip
        else:
            for part in parts:
                issues.set_aside(
                    "dubbele_code",
                    f"De code {part.code} staat meer dan eens in het bestand met een andere naam of geldigheid. "
                    "Verwijder de verkeerde.",
                    source_row=part.source_row,
                    row={name: values[part.source_row - 1] for name, values in layer.properties.items()},
                )


def _warn_overlaps(gebieden: list[Gebied], issues: IssueLog) -> None:
    """Two areas of one kind, valid together, that share more than a sliver: a dwelling there would be in both."""
    for kind in _KINDS.values():
        members = [gebied for gebied in gebieden if gebied.soort == kind]
        surfaces = np.array([gebied.surface for gebied in members], dtype=object)
        for left, right in shapely.STRtree(surfaces).query(surfaces, predicate="intersects").T.tolist():
            one, other = members[left], members[right]
            if left >= right or one.code == other.code or not _valid_together(one, other):
                continue
            shared = shapely.area(shapely.intersection(one.surface, other.surface))
            if shared > _OVERLAP_M2 and shared > _OVERLAP_SHARE * min(one.surface.area, other.surface.area):
                issues.warn(
                    "overlap",
                    f"De gebieden {one.code} en {other.code} overlappen elkaar ({shared:.0f} m2). Controleer de grens.",
                    source_row=other.source_row,
                )


def _valid_together(one: Gebied, other: Gebied) -> bool:
    return (one.valid_until is None or other.valid_from < one.valid_until) and (
        other.valid_until is None or one.valid_from < other.valid_until
    )
