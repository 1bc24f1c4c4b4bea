"""The WOZ: answers of Haal Centraal WOZ bevragen (json), or a list with a row per value and address (csv, Excel).

Both shapes become the same rows: one per WOZ object, dwelling, waardepeildatum and ingangsdatum. Who has an interest in
a WOZ object is dropped before anything is kept. The rules for odd values stand in ``woz.yml``.

Source: Haal Centraal WOZ bevragen 1.0; Wet waardering onroerende zaken art. 18 and 22.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from importers.cells import Failure, Parsed, parse_date
from importers.field_columns import address_columns, address_failures, address_warnings, warn
from importers.issues import ISSUE, Level, no_issues
from importers.json_files import is_json
from importers.readers import Table, check_columns, read_table, row_json, set_aside
from importers.records import WOZ_WAARDEN, Batch, Delivery
from importers.source import Mapping, Source
from importers.woz_json import read_answers

OBJECTION: Final = ("10", "20", "23", "30")  # Haal Centraal WOZ bevragen: indicatieBezwaarBeroep
_YEARS: Final = (1995, 2100)  # the first waardepeildatum under the Wet WOZ is 1 January 1995
_MOST: Final = 10_000_000_000
_WHOLE_EURO: Final = r"^(?:€\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,12})(?:,(?:00?|-))?$"
_SEPARATORS: Final = r"[,;/+|\s]+"
_DIFFERENT: Final = (
    "Voor dit WOZ-object staan bij dezelfde waardepeildatum en ingangsdatum verschillende waarden in het bestand. Laat "
    "de juiste over; een WOZ-object heeft één waarde."
)
_VALUE: Final = ("waarde", "beschikkingsstatussen", "bezwaar")
_MOMENT: Final = ("woz_object", "waardepeildatum", "ingangsdatum")


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The values of a file (.json, .jsonl, .csv, .xlsx), or of a zip or folder of answers.

    Raises:
        SourceRefusedError: the file as a whole cannot be taken, also while the batches are read.
    """
    if is_json(path):
        answers = read_answers(path, source)
        batch = _batch(answers.table, source, answers.issues)
        return Delivery(None, iter([batch]), notes=answers.notes, headers=answers.table.headers)
    # In one piece: which values of a WOZ object contradict each other is only known at the end.
    table = read_table(path, source, mapping=mapping)
    return Delivery(None, iter([_batch(table, source, no_issues())]), headers=table.headers)


def _batch(table: Table, source: Source, issues: pl.DataFrame) -> Batch:
    rows = replace(table, frame=table.frame.with_columns(row_json(table.headers).alias("_row")))
    rows, failed = set_aside(rows, [*_filled(source), *address_failures(), *_value_failures(source, table.date_format)])
    rows, unknown = check_columns(rows, source)
    found = [table.issues, issues, failed, unknown, address_warnings(rows), *_value_warnings(rows)]
    rows = replace(rows, frame=_values(rows, source))
    found.append(_odd_warnings(rows))
    rows, contradicting = _refuse_contradictions(rows)
    found.append(contradicting)
    frame = rows.frame.select(WOZ_WAARDEN.schema.names()).cast(WOZ_WAARDEN.schema)
    return Batch(WOZ_WAARDEN, frame, pl.concat(found).sort("source_row", maintain_order=True), table.read)


def _filled(source: Source) -> list[Failure]:
    """Empty cells first: what is derived from them would fail too."""
    text = "De kolom '{kolom}' is leeg. Vul haar in."
    return [
        Failure(column.field, pl.col(column.field).is_null(), "leeg", text)
        for column in source.columns
        if column.filled
    ]


def _euro() -> Parsed:
    """Whole euros; thousands may have points, and ',00' or ',-' may stand behind. Cents are no WOZ value."""
    text = pl.col("waarde")
    value = text.str.extract(_WHOLE_EURO, 1).str.replace_all(".", "", literal=True).cast(pl.Int64, strict=False)
    return Parsed(value, text.is_not_null() & value.is_null())


def _days(date_format: str | None) -> tuple[Parsed, Parsed]:
    return parse_date("waardepeildatum", date_format), parse_date("ingangsdatum", date_format)


def _ingangsdatum(date_format: str | None) -> pl.Expr:
    """As delivered, else a year after the waardepeildatum (Wet WOZ art. 18)."""
    peil, start = _days(date_format)
    return pl.coalesce(start.value, peil.value.dt.offset_by("1y"))


def _statuses(source: Source) -> pl.Expr:
    """The codes of a cell with one or more of them (list; null = none given, an element null = unknown)."""
    codes = source.lookups["beschikkingsstatus"]
    parts = pl.col("beschikkingsstatussen").str.to_lowercase().str.replace_all(_SEPARATORS, " ").str.split(" ")
    return parts.list.eval(pl.element().replace_strict(codes, default=None, return_dtype=pl.String).unique().sort())


def _value_failures(source: Source, date_format: str | None) -> list[Failure]:
    peil, start = _days(date_format)
    euro = _euro()
    first, last = _YEARS
    date_text = "'{kolom}' is geen datum (dd-mm-jjjj). Verbeter haar."
    codes = ", ".join(dict.fromkeys(source.lookups["beschikkingsstatus"].values()))
    return [
        Failure("woz_object", ~_padded_number().str.contains(r"^[0-9]{12}$"), "woz_objectnummer",
                "'{kolom}' is geen WOZ-objectnummer van twaalf cijfers. Verbeter het."),
        Failure("waardepeildatum", peil.failed, "datum", date_text),
        Failure("ingangsdatum", start.failed, "datum", date_text),
        *(Failure(field, ~day.value.dt.year().is_between(first, last), "datum_buiten_bereik",
                  f"Het jaar in '{{kolom}}' ligt niet tussen {first} en {last}. Verbeter het.")
          for field, day in (("waardepeildatum", peil), ("ingangsdatum", start))),
        Failure("ingangsdatum", start.value < peil.value, "ingang_voor_peildatum",
                "De ingangsdatum ligt voor de waardepeildatum. Verbeter een van beide."),
        Failure("waarde", euro.failed | (euro.value > _MOST), "waarde",
                "'{kolom}' is geen waarde in hele euro's. Zet er één getal, zonder tekst en zonder centen."),
        Failure("beschikkingsstatussen", _statuses(source).list.eval(pl.element().is_null()).list.any(),
                "onbekende_waarde", f"De status in '{{kolom}}' is onbekend. Mogelijk zijn: {codes}."),
    ]  # fmt: skip


def _padded_number() -> pl.Expr:
    """The WOZ-objectnummer with the leading zero that a spreadsheet takes away."""
    text = pl.col("woz_object")
    return pl.when(text.str.contains(r"^[0-9]{11}$")).then(text.str.zfill(12)).otherwise(text)


def _value_warnings(table: Table) -> list[pl.DataFrame]:
    return [
        warn(table, pl.col("woz_object").str.len_chars() == 11, "woz_objectnummer_zonder_nul",
             "Het WOZ-objectnummer had elf cijfers; de voorste nul is toegevoegd. Maak de kolom op als tekst.",
             "woz_object"),
    ]  # fmt: skip


def _values(table: Table, source: Source) -> pl.DataFrame:
    """Every column as a value."""
    peil, start = _days(table.date_format)
    statuses = _statuses(source)
    said = pl.col("bezwaar")
    objection = statuses.list.eval(pl.element().is_in(OBJECTION)).list.any()
    return table.frame.with_columns(
        *address_columns(),
        _padded_number().alias("woz_object"),
        peil.value.alias("waardepeildatum"),
        _ingangsdatum(table.date_format).alias("ingangsdatum"),
        start.value.is_null().alias("ingangsdatum_afgeleid"),
        _euro().value.alias("waarde"),
        statuses.alias("beschikkingsstatussen"),
        # The statuses say it most precisely; without them the indication of the source counts.
        bezwaar=pl.coalesce(objection, pl.when(said.is_not_null()).then(said == "ja")),
    )


def _odd_warnings(rows: Table) -> pl.DataFrame:
    """Remarks on values that do go in."""
    peil = pl.col("waardepeildatum")
    odd = (
        (pl.col("waarde") <= 1, "waarde_onbepaald", "waarde",
         "Een waarde van 0 of 1 euro staat voor: niet bepaald. De rij is ingelezen; de waarde telt als onbekend."),
        ((peil.dt.month() != 1) | (peil.dt.day() != 1), "waardepeildatum", "waardepeildatum",
         "De waardepeildatum is geen 1 januari (Wet WOZ art. 18). De rij is ingelezen; controleer de datum."),
    )  # fmt: skip
    found = [warn(rows, mask, code, text, field).cast(ISSUE) for mask, code, field, text in odd]
    return pl.concat([no_issues(), *found, _derived_warning(rows)])


def _derived_warning(rows: Table) -> pl.DataFrame:
    """One remark per file: where the ingangsdatum is absent, it is absent everywhere."""
    derived = rows.frame.filter("ingangsdatum_afgeleid").group_by("source_file", maintain_order=True)
    return derived.agg(pl.col("source_row").min(), pl.len()).select(
        pl.lit(Level.WAARSCHUWING.value).alias("level"),
        pl.lit("ingangsdatum_afgeleid").alias("code"),
        pl.format(
            "Bij {} waarden is geen ingangsdatum: genomen is een jaar na de peildatum (Wet WOZ art. 18).", "len"
        ).alias("text"),
        "source_file",
        "source_row",
        pl.lit(rows.headers.get("ingangsdatum", "ingangsdatum")).alias("column"),
        pl.lit(None, pl.String).alias("original"),
        pl.lit(None, pl.String).alias("row"),
    ).cast(ISSUE)  # fmt: skip


def _refuse_contradictions(rows: Table) -> tuple[Table, pl.DataFrame]:
    """Rows of one WOZ object and moment with different values go; what is said twice is taken in once."""
    frame = rows.frame.with_columns(_differ=pl.struct(_VALUE).n_unique().over(_MOMENT) > 1)
    contradicting = frame.filter("_differ").select(
        pl.lit(Level.UITVAL.value).alias("level"),
        pl.lit("tegenstrijdige_rijen").alias("code"),
        pl.lit(_DIFFERENT).alias("text"),
        "source_file",
        "source_row",
        pl.lit(rows.headers.get("waarde", "waarde")).alias("column"),
        pl.col("waarde").cast(pl.String).alias("original"),
        pl.col("_row").alias("row"),
    )
    address = _typed_address(rows.frame.columns)
    kept = frame.filter(~pl.col("_differ")).unique([*_MOMENT, *address], keep="first", maintain_order=True)
    return replace(rows, frame=kept.drop("_differ")), pl.concat([no_issues(), contradicting.cast(ISSUE)])


def _typed_address(columns: Sequence[str]) -> list[str]:
    wanted = ("adresseerbaar_object_id", "nummeraanduiding_id", "adres", "straat", "huisnummer", "suffix", "postcode")
    return [name for name in wanted if name in columns]
