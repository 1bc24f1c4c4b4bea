"""Inspecties: the workbook in which inspectors note their visits, or the worklist that they filled in and sent back."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from importers.field_columns import (
    address_columns,
    address_failures,
    address_warnings,
    derive_key,
    drop_doubles,
    keep_row,
    remove_bsns,
    warn,
)
from importers.readers import (
    Failure,
    Table,
    check_columns,
    missing,
    parse_date,
    parse_float,
    parse_int,
    read_table,
    set_aside,
)
from importers.records import INSPECTIES, Batch, Delivery
from importers.source import Mapping, Source

# What an inspector fills in; a row of a worklist without any of it is a visit that was not made.
_VISIT = (
    "datum",
    "tijd",
    "inspecteur",
    "resultaat",
    "aantal_personen",
    "huishoudens",
    "slaapplaatsen",
    "kamers",
    "gemeten_oppervlakte",
    "gebreken",
    "opmerkingen",
)
_FREE_TEXT = ("adres", "inspecteur", "gebreken", "opmerkingen")
_COUNTS = ("aantal_personen", "huishoudens", "slaapplaatsen", "kamers")
_INSIDE = ("toegang_met_toestemming", "toegang_met_machtiging")
_MAX_COUNT = 999
_MAX_OPPERVLAKTE = 100_000.0
_YEARS = (1990, 2100)
_TIME = r"^([01]?[0-9]|2[0-3])[:.uU]([0-5][0-9])(?::[0-5][0-9])?(?:\s*(?:u|uur))?$"
_DOUBLE = (
    "Deze inspectie staat meer dan eens in het bestand, met verschillende gegevens. Verwijder de verkeerde rij, of "
    "geef beide een tijd of een inspectienummer."
)


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The visits of one file (.xlsx or .csv).

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    table = read_table(path, source, mapping=mapping)
    return Delivery(None, iter([_batch(table, source)]), headers=table.headers)


def _batch(table: Table, source: Source) -> Batch:
    visited = replace(table, frame=table.frame.filter(~missing(_VISIT)))
    visited, removed = remove_bsns(visited, _FREE_TEXT)
    issues = [table.issues, removed]
    visited = replace(visited, frame=keep_row(visited))
    rows, failed = set_aside(visited, [*_filled(), *address_failures(), *_value_failures(table.date_format)])
    rows, unknown = check_columns(rows, source)
    issues += [failed, unknown, address_warnings(rows)]
    rows = replace(rows, frame=_values(rows))
    issues.append(
        warn(
            rows,
            ~pl.col("resultaat").is_in(_INSIDE) & pl.col("aantal_personen").is_not_null(),
            "telling_zonder_toegang",
            "Er zijn personen geteld, maar volgens het resultaat was er geen toegang. Controleer de rij.",
            "aantal_personen",
        )
    )
    rows, doubled = drop_doubles(rows, "inspectie", list(INSPECTIES.columns), _DOUBLE)
    issues.append(doubled)
    frame = rows.frame.select(INSPECTIES.schema.names()).cast(INSPECTIES.schema)
    return Batch(INSPECTIES, frame, pl.concat(issues).sort("source_row", maintain_order=True), table.read)


def _filled() -> list[Failure]:
    text = "De kolom '{kolom}' is leeg, terwijl de rij verder is ingevuld. Vul haar in."
    return [Failure(field, pl.col(field).is_null(), "leeg", text) for field in ("datum", "resultaat")]


def _value_failures(date_format: str | None) -> list[Failure]:
    day = parse_date("datum", date_format)
    first, last = _YEARS
    failures = [
        Failure("datum", day.failed, "datum", "'{kolom}' is geen datum (dd-mm-jjjj). Verbeter haar."),
        Failure(
            "datum",
            ~day.value.dt.year().is_between(first, last),
            "datum_buiten_bereik",
            f"Het jaar in '{{kolom}}' ligt niet tussen {first} en {last}. Verbeter het.",
        ),
        Failure("tijd", ~pl.col("tijd").str.contains(_TIME), "tijd", "'{kolom}' is geen tijd (UU:MM). Verbeter haar."),
    ]
    for field in _COUNTS:
        number = parse_int(field)
        wrong = number.failed | ~number.value.is_between(0, _MAX_COUNT)
        text = (
            f"'{{kolom}}' is geen aantal van 0 tot en met {_MAX_COUNT}. Zet er één heel getal; toelichting zoals 'ca.' "
            "hoort bij de opmerkingen."
        )
        failures.append(Failure(field, wrong, "aantal", text))
    area = parse_float("gemeten_oppervlakte")
    wrong = area.failed | ~((area.value > 0) & (area.value <= _MAX_OPPERVLAKTE))
    text = "'{kolom}' is geen oppervlakte in m2. Zet er één getal groter dan 0, zonder eenheid."
    return [*failures, Failure("gemeten_oppervlakte", wrong, "oppervlakte", text)]


def _values(table: Table) -> pl.DataFrame:
    """Every column as a value; ``inspectie`` is the key."""
    hour = pl.col("tijd").str.extract(_TIME, 1).str.zfill(2)
    frame = table.frame.with_columns(
        *address_columns(),
        parse_date("datum", table.date_format).value.alias("datum"),
        (hour + ":" + pl.col("tijd").str.extract(_TIME, 2)).alias("tijd"),
        *(parse_int(field).value.alias(field) for field in _COUNTS),
        parse_float("gemeten_oppervlakte").value.alias("gemeten_oppervlakte"),
    )
    return derive_key(frame, "inspectie", "inspectie", ("datum", "tijd", "inspecteur"))
