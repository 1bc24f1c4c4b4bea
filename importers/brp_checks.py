"""What must hold for the lines of a persoonslijst, and what happens to the persoonslijst where it does not.

A persoonslijst with a broken line is set aside whole: half a history would give a wrong number of residents. No text
and no original ever holds a BSN, an A-nummer or a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import polars as pl

from importers.brp_lists import DATE_FIELDS, ENDED, LIST, ORDER, RAGGED, READ
from importers.cells import parse_int, parse_lookup
from importers.issues import ISSUE, RESIDENT, Level
from importers.partial_dates import first_day, is_valid, last_day
from importers.source import Source
from importers.tables import row_json

_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_NO_OBJECT: Final = "0" * 16
_ADRESSEERBAAR: Final = r"^[0-9]{4}0[123][0-9]{10}$"
_NUMMERAANDUIDING: Final = r"^[0-9]{4}20[0-9]{10}$"
_MASK: Final = "*"
_RNI: Final = "1999"
KEY: Final = pl.coalesce("a_nummer", "bsn", "bron_id")
_FIRST: Final = pl.col(ORDER) == 0
# Nothing is derived from these, so the persoonslijst can do without.
_DISPENSABLE: Final = {"datum_opneming", "huisnummer", "aangifte_adreshouding", "aanduiding_bij_huisnummer"}
_NEVER_SHOWN: Final = {
    "a_nummer", "bsn", "geboortedatum", "bron_id", "ouder1_bsn", "ouder2_bsn", "partner_bsn", "kind_bsn",
}  # fmt: skip
_PERSON_LOOKUPS: Final = ("reden_opschorting", "indicatie_geheim")
_LOOKUPS: Final = ("functie_adres", "aangifte_adreshouding", "aanduiding_bij_huisnummer", "indicatie_onjuist")


@dataclass(frozen=True, slots=True)
class Problem:
    """Lines where ``mask`` (over cleaned and read columns) is true."""

    field: str
    mask: pl.Expr
    code: str
    text: str

    @property
    def level(self) -> Level:
        """Whether the persoonslijst goes in without the value, or not at all."""
        return Level.WAARSCHUWING if self.code in _WARNINGS else Level.UITVAL


_WARNINGS: Final = {
    "bsn_historie", "identificatie_onjuist", "waarde_genegeerd", "datum_genegeerd", "gerelateerde_genegeerd",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Doubles:
    """Keys and BSNs that more than one persoonslijst of the file carries, with the lines where they stand."""

    keys: pl.DataFrame  # key, lines
    bsns: pl.DataFrame  # bsn, lines


def passes_elfproef(bsn: pl.Expr) -> pl.Expr:
    """Whether each text is a BSN; null where there is none."""
    total = sum(
        (bsn.str.slice(place, 1).cast(pl.Int64, strict=False) * weight for place, weight in enumerate(_WEIGHTS)),
        start=pl.lit(0, pl.Int64),
    )
    good = bsn.str.contains(r"^[0-9]{9}$") & (total % 11 == 0) & (bsn != "000000000")
    return pl.when(bsn.is_not_null()).then(good.fill_null(value=False))


def is_a_nummer(text: pl.Expr) -> pl.Expr:
    """Whether each text is an A-nummer (LO BRP 01.01.10); null where there is none."""
    digits = [text.str.slice(place, 1).cast(pl.Int64, strict=False) for place in range(10)]
    plain = sum(digits, start=pl.lit(0, pl.Int64)) % 11
    weighted = sum((digit * 2**place for place, digit in enumerate(digits)), start=pl.lit(0, pl.Int64)) % 11
    no_neighbours = pl.all_horizontal(left != right for left, right in pairwise(digits))
    good = text.str.contains(r"^[1-9][0-9]{9}$") & plain.is_in([0, 5]) & (weighted == 0) & no_neighbours
    return pl.when(text.is_not_null()).then(good.fill_null(value=False))


def clean(lines: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Lines with canonical values; what was read stands beside them under ``READ`` plus the field.

    A value that cannot be cleaned becomes null here and is named by ``find_problems``.
    """
    lookups = [parse_lookup(name, source.lookups[name]).value.alias(name) for name in (*_PERSON_LOOKUPS, *_LOOKUPS)]
    gemeente = pl.col("gemeente_van_inschrijving")
    postcode = pl.col("postcode").str.replace_all(" ", "", literal=True).str.to_uppercase()
    return lines.with_columns(
        *lookups,
        *(_bag_id(field, shape) for field, shape in _BAG_IDS.items()),
        *(pl.when(is_valid(pl.col(field))).then(field).alias(field) for field in DATE_FIELDS),
        pl.when(gemeente.str.contains(r"^[0-9]{3}$")).then(gemeente.str.zfill(4)).otherwise(gemeente).name.keep(),
        postcode.alias("postcode"),
        parse_int("huisnummer").value.alias("huisnummer"),
    ).with_columns(key=KEY)


_BAG_IDS: Final = {"adresseerbaar_object_id": _ADRESSEERBAAR, "nummeraanduiding_id": _NUMMERAANDUIDING}


def _bag_id(field: str, shape: str) -> pl.Expr:
    """A BAG id, with the leading zero that a spreadsheet takes away; sixteen zeros mean that there is none."""
    text = pl.col(field).str.pad_start(16, "0")
    return pl.when(text.str.contains(shape)).then(text).alias(field)


def _lost(field: str) -> pl.Expr:
    """Where there was text and no value came of it."""
    return pl.col(READ + field).is_not_null() & pl.col(field).is_null()


def find_problems(source: Source) -> list[Problem]:
    """Everything that is checked, most telling first."""
    return [
        Problem("bron_id", pl.col(RAGGED), "regel_onleesbaar",
                "de regel is niet in cellen te verdelen; lever deze persoonslijst opnieuw aan uit de bron."),
        Problem("a_nummer", _FIRST & pl.col("key").is_null(), "sleutel_ontbreekt",
                "de rij hoort bij geen persoonslijst: vul een A-nummer, een burgerservicenummer of de id in."),
        Problem("a_nummer", _FIRST & ~is_a_nummer(pl.col("a_nummer")),
                "a_nummer_onjuist", "dit is geen A-nummer. Verbeter het."),
        Problem("bsn", _FIRST & ~passes_elfproef(pl.col("bsn")), "bsn_onjuist",
                "het burgerservicenummer voldoet niet aan de elfproef. Verbeter het."),
        Problem("bsn", ~_FIRST & ~passes_elfproef(pl.col("bsn")), "bsn_historie",
                "een vroeger burgerservicenummer voldoet niet aan de elfproef; het wordt niet gebruikt."),
        Problem("a_nummer", _FIRST & pl.col("_key_lines").is_not_null(), "persoonslijst_dubbel",
                "dezelfde persoonslijst staat vaker in het bestand (regels {}). Laat er één over."),
        Problem("bsn", _FIRST & pl.col("_bsn_lines").is_not_null(), "bsn_dubbel",
                "hetzelfde burgerservicenummer staat op meer persoonslijsten (regels {}). Verbeter het."),
        *_value_problems(source),
        *_date_problems(),
    ]  # fmt: skip


def _value_problems(source: Source) -> list[Problem]:
    problems = [
        Problem(field, _lost(field), "identificatie_onjuist",
                f"dit is geen BAG-identificatie van {kind}; er wordt op het adres gezocht.")
        for field, kind in (("adresseerbaar_object_id", "een adresseerbaar object"),
                            ("nummeraanduiding_id", "een nummeraanduiding"))
    ]  # fmt: skip
    no_id = {field: pl.col(READ + field) == _NO_OBJECT for field in _BAG_IDS}
    problems = [Problem(found.field, found.mask & ~no_id[found.field], found.code, found.text) for found in problems]
    for name in (*_PERSON_LOOKUPS, *_LOOKUPS):
        scope = _FIRST if name in _PERSON_LOOKUPS else pl.lit(value=True)
        values = " ".join(dict.fromkeys(source.lookups[name].values()))
        code = "waarde_genegeerd" if name in _DISPENSABLE else "onbekende_waarde"
        problems.append(Problem(name, scope & _lost(name), code, f"deze waarde is onbekend. Mogelijk zijn: {values}"))
    gemeente, onderzoek = pl.col("gemeente_van_inschrijving"), pl.col("onderzoek_aanduiding")
    return [
        *problems,
        Problem("gemeente_van_inschrijving", ~gemeente.str.contains(r"^[0-9]{4}$"), "onbekende_waarde",
                "een gemeentecode heeft vier cijfers."),
        Problem("onderzoek_aanduiding", ~onderzoek.str.contains(r"^[0-9]{6}$"), "onbekende_waarde",
                "een aanduiding in onderzoek heeft zes cijfers, bijvoorbeeld 089999."),
        Problem("huisnummer", _lost("huisnummer"), "waarde_genegeerd", "dit is geen huisnummer."),
    ]  # fmt: skip


def _date_problems() -> list[Problem]:
    text = "deze datum bestaat niet. Verwacht JJJJMMDD, met nullen voor wat onbekend is."
    problems = [
        Problem(
            field,
            (_FIRST if field in ("geboortedatum", "datum_opschorting") else ~pl.col(ENDED)) & _lost(field),
            "datum_genegeerd" if field in _DISPENSABLE else "datum_onmogelijk",
            text,
        )
        for field in DATE_FIELDS
    ]
    start, left = pl.col("datum_aanvang_adreshouding"), pl.col("datum_vertrek")
    later = first_day(pl.coalesce("datum_aanvang_adreshouding", "datum_aanvang_buitenland")).shift(1).over(LIST)
    return [
        *problems,
        Problem("datum_vertrek", last_day(left) < first_day(start), "vertrek_voor_aanvang",
                "de datum van vertrek ligt voor die van aanvang."),
        Problem("datum_vertrek", first_day(left) > later,
                "vertrek_na_volgend_verblijf", "de datum van vertrek ligt na het begin van het volgende verblijf."),
    ]  # fmt: skip


def issues_of(
    lines: pl.DataFrame, problems: Sequence[Problem], headers: dict[str, str]
) -> tuple[pl.DataFrame, pl.Series]:
    """The issues of these lines, and which persoonslijsten are set aside.

    One issue of level uitval per persoonslijst, at its first problem, with all reasons in its text and all its lines
    in ``row``; each warning apart.

    Args:
        lines: cleaned.
        problems: to look for.
        headers: of the file, by field.

    Returns:
        The issues (schema ``ISSUE`` and ``RESIDENT``), and the numbers of the persoonslijsten that are set aside.
    """
    found = pl.concat([_occurrences(lines, problem, rank, headers) for rank, problem in enumerate(problems)]).sort(
        "source_row", "_rank"
    )
    warnings = found.filter(level=Level.WAARSCHUWING.value).with_columns(pl.lit(None, pl.String).alias("row"))
    fatal = found.filter(level=Level.UITVAL.value)
    broken = fatal[LIST].unique()
    reason = pl.format("Regel {}, kolom '{}': {}", "source_row", "column", "text")
    units = (
        fatal.with_columns(text=reason)
        .group_by(LIST, maintain_order=True)
        .agg(pl.col("text").str.join(" "), pl.all().exclude("text", "_rank").first())
    )
    aside = lines.filter(pl.col(LIST).is_in(broken.implode()))
    units = units.join(_kept_rows(aside, headers), on=LIST, how="left").join(_residents(aside), on=LIST, how="left")
    warned = warnings.filter(~pl.col(LIST).is_in(broken.implode())).select(list(ISSUE))
    found = pl.concat([units.select([*ISSUE, *RESIDENT]), warned], how="diagonal")
    return found.sort("source_row", maintain_order=True), broken


def _residents(lines: pl.DataFrame) -> pl.DataFrame:
    """Per persoonslijst that is set aside: who may live where, by its current category 08 (schema ``RESIDENT``).

    Nobody where it certainly says otherwise: a briefadres, abroad, RNI, opschorting, a row that is declared wrong.
    """
    elsewhere = pl.any_horizontal(
        pl.col("functie_adres") == "B",
        pl.col("gemeente_van_inschrijving") == _RNI,
        pl.col("datum_aanvang_buitenland", "reden_opschorting", "indicatie_onjuist").is_not_null(),
    )
    return lines.filter(_FIRST & pl.col("adresseerbaar_object_id").is_not_null()).select(
        LIST,
        persoonslijst=pl.coalesce("key", pl.format("{} {}", "source_file", "source_row")),
        adresseerbaar_object_id=pl.when(~elsewhere.fill_null(value=False)).then("adresseerbaar_object_id"),
        valid_from=first_day(pl.col("datum_aanvang_adreshouding")),
    )


def _occurrences(lines: pl.DataFrame, problem: Problem, rank: int, headers: dict[str, str]) -> pl.DataFrame:
    header = headers.get(problem.field) or problem.field
    shown = problem.field not in _NEVER_SHOWN
    text = pl.lit(problem.text)
    if "{}" in problem.text:
        text = pl.format(problem.text, "_bsn_lines" if problem.field == "bsn" else "_key_lines")
    return lines.filter(problem.mask.fill_null(value=False)).select(
        LIST,
        pl.lit(rank).alias("_rank"),
        pl.lit(problem.level.value).alias("level"),
        pl.lit(problem.code).alias("code"),
        text.alias("text"),
        "source_file",
        "source_row",
        pl.lit(header).alias("column"),
        (pl.col(READ + problem.field) if shown else pl.lit(None, pl.String)).alias("original"),
    )


def _kept_rows(lines: pl.DataFrame, headers: dict[str, str]) -> pl.DataFrame:
    """All lines of each persoonslijst as one JSON list, to correct and import again; none when a line is unreadable."""
    named = {
        READ + field: header or "persoonslijst" for field, header in headers.items() if READ + field in lines.columns
    }
    own_id = pl.col("bron_id").forward_fill().over(LIST).alias(READ + "bron_id")
    rows = lines.filter(~pl.col(ENDED)).with_columns(own_id).sort("source_row")
    return (
        rows.with_columns(row_json(named).alias("row"))
        .group_by(LIST)
        .agg(pl.col("row").str.join(","), pl.col(RAGGED).any())
        .select(LIST, row=pl.when(~pl.col(RAGGED)).then(pl.format("[{}]", "row")))
    )
