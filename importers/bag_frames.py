"""Texts of an extractor to a frame of the record schema: types, value lists and patterns, with an issue per doubt.

A record that breaks the schema is set aside whole. What is odd but possible stays as delivered, with a warning only
where a person should look.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from importers.bag_fields import Field, Form, Table
from importers.bag_geometry import build_geometries
from importers.bag_raw import RawRecords
from importers.issues import IssueLog
from importers.records import Batch
from registry.domain.value_lists import (
    EERSTE_BEKENDE_BOUWJAAR,
    EINDSTATUSSEN,
    ONBEKEND_BOUWJAAR,
    ONBEKENDE_OPPERVLAKTEN,
    Gebruiksdoel,
)

FAR_AHEAD = timedelta(days=730)  # a validity later than this after the delivery is more likely a typing error (2104)
TOO_LARGE_FOR_A_DWELLING = 10_000  # m2; CBS, onderzoeksomschrijving Voorraad woningen
BOUWJAAR_AHEAD = 10  # years

_DUTCH = {
    Form.DATE: "geen bestaande datum (verwacht: JJJJ-MM-DD)",
    Form.MOMENT: "geen bestaand tijdstip (verwacht: JJJJ-MM-DDTUU:MM:SS)",
    Form.NUMBER: "geen toegestaan getal",
    Form.FLAG: "geen J of N",
}
_CODES = {Form.DATE: "ongeldige_datum", Form.MOMENT: "ongeldige_datum", Form.NUMBER: "ongeldig_getal"}


@dataclass(frozen=True, slots=True)
class _Check:
    """A reason to set a record aside: column, code, what is wrong, and an expression that is true where it is."""

    column: str
    code: str
    text: str
    wrong: pl.Expr


def build_batch(raw: RawRecords, stand: date) -> Batch:
    """Judge the records of one member. ``stand`` is the StandTechnischeDatum of the delivery."""
    issues = IssueLog(raw.member)
    table = raw.table
    typed = raw.values.with_columns(_typed(name, part) for name, part in table.fields.items() if not part.many)
    texts = raw.values.select(pl.all().name.prefix("tekst_"))
    both = pl.concat([texts, typed], how="horizontal")
    aside = _set_aside(both, raw, issues)
    if table.geometry:
        typed = typed.with_columns(_geometry(raw, aside, issues))
    typed = typed.with_columns(pl.lit(value).alias(name) for name, value in table.constants.items())
    typed = typed.with_columns(source_file=pl.lit(raw.member))
    if aside:
        typed = typed.with_row_index("positie").filter(~pl.col("positie").is_in(sorted(aside)))
    _warn(typed, table, stand, issues)
    frame = typed.select(pl.col(name).cast(dtype) for name, dtype in table.record.schema.items())
    return Batch(table.record, frame, pl.concat([raw.issues, issues.frame()]), raw.read)


def _typed(name: str, part: Field) -> pl.Expr:
    """The column in its type; null where the text does not fit."""
    column = pl.col(name)
    match part.form:
        case Form.DATE:
            return column.str.to_date("%Y-%m-%d", strict=False)
        case Form.MOMENT:
            return column.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
        case Form.NUMBER:
            return column.cast(pl.Int64, strict=False)
        case Form.FLAG:
            return column.replace_strict({"J": True, "N": False}, default=None, return_dtype=pl.Boolean())
        case Form.TEXT:
            return column


def _checks(table: Table) -> list[_Check]:
    """Every reason for which a record of this kind is set aside, over the columns and their texts (``tekst_…``)."""
    checks = []
    for name, part in table.fields.items():
        if table.record.columns[name].required:
            empty = pl.col(f"tekst_{name}").is_null() | (pl.col(f"tekst_{name}").str.strip_chars() == "")
            checks.append(_Check(name, "verplicht_veld_leeg", "is leeg", empty))
        if not part.many:
            checks.extend(_value_checks(name, part))
    if "valid_until" in table.fields:
        before = pl.col("valid_until") < pl.col("valid_from")
        checks.append(_Check("valid_until", "eind_voor_begin", "ligt voor het begin van de geldigheid", before))
    return checks


def _value_checks(name: str, part: Field) -> list[_Check]:
    """Type, range, pattern and value list of a column with one text; an empty text is not judged here."""
    text, value = pl.col(f"tekst_{name}"), pl.col(name)
    if part.form in {Form.DATE, Form.MOMENT}:
        # The parser also takes 2013-1-5, which the schema does not.
        short = text.str.len_bytes() < (10 if part.form is Form.DATE else 19)
        return [
            _Check(name, _CODES[part.form], f"is {_DUTCH[part.form]}", text.is_not_null() & (value.is_null() | short))
        ]
    if part.form is Form.NUMBER:
        outside = value.is_null() | ~value.is_between(part.low, part.high)
        reason = f"is {_DUTCH[part.form]} ({part.low} tot en met {part.high})"
        return [_Check(name, _CODES[part.form], reason, text.is_not_null() & outside)]
    if part.form is Form.FLAG:
        return [_Check(name, "onbekende_waarde", f"is {_DUTCH[part.form]}", text.is_not_null() & value.is_null())]
    if part.values:
        return [_Check(name, "onbekende_waarde", "staat niet in de waardelijst van de BAG", ~text.is_in(part.values))]
    if part.pattern:
        return [_Check(name, "ongeldige_waarde", "heeft niet de vorm van de BAG", ~text.str.contains(part.pattern))]
    return []


def _set_aside(both: pl.DataFrame, raw: RawRecords, issues: IssueLog) -> set[int]:
    """Note every record that breaks the schema, once, with all its reasons; the positions of those records."""
    reasons: dict[int, list[tuple[_Check, str | None]]] = {}
    checks = _checks(raw.table)
    found = both.select(check.wrong.fill_null(value=False).alias(str(i)) for i, check in enumerate(checks))
    for i, check in enumerate(checks):
        for position in found[str(i)].arg_true().to_list():
            original = both[f"tekst_{check.column}"][position]
            reasons.setdefault(position, []).append((check, original))
    for name in raw.table.lists:
        for position, original in _wrong_elements(raw.values, name, raw.table.fields[name]):
            check = _Check(name, "onbekende_waarde", "heeft een waarde die de BAG niet kent", pl.lit(value=True))
            reasons.setdefault(position, []).append((check, original))
    for position, why in sorted(reasons.items()):
        first, original = why[0]
        issues.set_aside(
            first.code,
            "Niet ingelezen: " + "; ".join(_reason(check, value) for check, value in why) + ".",
            source_row=raw.values["source_row"][position],
            row={k: v for k, v in raw.values.row(position, named=True).items() if k != "source_row"},
            column=first.column,
            original=original,
        )
    return set(reasons)


def _reason(check: _Check, original: str | None) -> str:
    return f"{check.column} {check.text}" if original is None else f"{check.column} '{original}' {check.text}"


def _wrong_elements(values: pl.DataFrame, name: str, part: Field) -> list[tuple[int, str | None]]:
    """Elements of a list column that are empty, not in the value list, or not of the pattern."""
    flat = values.select(pl.int_range(pl.len()).alias("positie"), name).explode(name).filter(pl.col(name).is_not_null())
    fits = pl.col(name).is_in(part.values) if part.values else pl.col(name).str.contains(part.pattern or "")
    wrong = flat.filter(~fits).unique("positie", keep="first", maintain_order=True)
    empty = values.select(pl.int_range(pl.len()).alias("positie"), pl.col(name).list.contains(None).alias("leeg"))
    return list(wrong.iter_rows()) + [(row, None) for row in empty.filter(pl.col("leeg"))["positie"].to_list()]


def _geometry(raw: RawRecords, aside: set[int], issues: IssueLog) -> pl.Series:
    """The geometry column; a record keeps its place in the registry when only its geometry is wrong or missing."""
    built = build_geometries(raw.rings, raw.values.height)
    rows = raw.values["source_row"]
    missing = dict.fromkeys(
        built.wkb.is_null().arg_true().to_list(), "de geometrie ontbreekt of is van een onbekend soort"
    )
    for position, reason in sorted((missing | built.broken).items()):
        if position not in aside:
            issues.warn(
                "geometrie_onbruikbaar",
                f"Ingelezen zonder geometrie: {reason}. Meld het aan de bronhouder.",
                source_row=rows[position],
                column="geometrie",
            )
    for position in built.outside:
        if position not in aside:
            issues.warn(
                "geometrie_buiten_nederland",
                "De coördinaten liggen buiten Nederland; verwacht wordt RD (EPSG:28992).",
                source_row=rows[position],
                column="geometrie",
            )
    return built.wkb


def _warn(typed: pl.DataFrame, table: Table, stand: date, issues: IssueLog) -> None:
    """Values that are possible but that someone should look at; the record stays as delivered."""
    ahead = pl.lit(stand + FAR_AHEAD)
    doubts = [
        (
            name,
            "datum_ver_vooruit",
            "ligt meer dan twee jaar na de levering; mogelijk een typefout",
            pl.col(name) > ahead,
        )
        for name in ("valid_from", "valid_until")
    ]
    for name, part in table.fields.items():
        if not part.optional and not table.record.columns[name].required:
            absent = pl.col(name).list.len() == 0 if part.many else pl.col(name).is_null()
            doubts.append((name, "gegeven_ontbreekt", "ontbreekt, terwijl de BAG het altijd levert", absent))
    current = pl.col("valid_until").is_null() & ~pl.col("status").is_in(sorted(EINDSTATUSSEN))
    if "oorspronkelijk_bouwjaar" in table.fields:
        year = pl.col("oorspronkelijk_bouwjaar")
        odd = (year == ONBEKEND_BOUWJAAR) | (year < EERSTE_BEKENDE_BOUWJAAR) | (year > stand.year + BOUWJAAR_AHEAD)
        doubts.append(("oorspronkelijk_bouwjaar", "bouwjaar_onbekend", "geldt als onbekend (CBS)", current & odd))
    if "oppervlakte" in table.fields:
        area = pl.col("oppervlakte")
        odd = area.is_in(sorted(ONBEKENDE_OPPERVLAKTEN)) | (area >= TOO_LARGE_FOR_A_DWELLING)
        dwelling = pl.col("gebruiksdoelen").list.contains(Gebruiksdoel.WOONFUNCTIE.value)
        doubts.append(("oppervlakte", "oppervlakte_onbekend", "geldt als onbekend (CBS)", current & dwelling & odd))
    found = typed.select(wrong.fill_null(value=False).alias(str(i)) for i, (_, _, _, wrong) in enumerate(doubts))
    for i, (name, code, text, _) in enumerate(doubts):
        for position in found[str(i)].arg_true().to_list():
            original = typed[name][position]
            shown = f"{name} {text}." if original is None else f"{name} {original} {text}."
            issues.warn(
                code,
                f"Ingelezen, maar {shown}",
                source_row=typed["source_row"][position],
                column=name,
                original=None if original is None or table.fields[name].many else str(original),
            )
