"""Inspecties: visits, from the inspectors' workbook, a worklist that they filled in, or the field form of a phone.

Whichever way a visit comes in, it is a row of ``INSPECTIES``; receipts on the row say for which signals it was made.
"""

from dataclasses import replace
from pathlib import Path

import polars as pl

from importers.bezoeken import canonical_lists, list_failures, read_form
from importers.field_columns import (
    IS_DAY,
    address_columns,
    address_failures,
    address_warnings,
    derive_key,
    drop_doubles,
    keep_row,
    remove_bsns,
    warn,
)
from importers.issues import no_issues
from importers.json_files import is_json
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
from importers.records import BEZOEKREDENEN, INSPECTIES, Batch, Delivery
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
    "soort_bezoek",
    "hoedanigheid",
    "legitimatie",
    "huurprijs",
    "ondertekend_op",
    "volgend_bezoek",
    "volgend_bezoek_vanaf",
)
_REPORT = (
    "doel",
    "werkwijze",
    "toestemming_van",
    "machtiging",
    "gronden",
    "lichtere_middelen",
    "feiten",
    "conclusie",
    "ruimten",
    "aangetroffen",
    "verklaringen",
    "namen",
    "relaties",
    "verhuurder",
    "voorzieningen",
    "ondertekend_door",
    "hercontrole_van",
)
_FREE_TEXT = ("adres", "inspecteur", "gebreken", "opmerkingen", "ingevoerd_door", *_REPORT)
_DAYS = ("datum", "ondertekend_op", "volgend_bezoek_vanaf", "lijstdag")
_DAYS_AWAY = 7  # a visit is made on the day of its list, or the week after
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
    """The visits of one file (.xlsx, .csv, or the .json of a field form, also several in a zip or folder).

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    if is_json(path):
        table, photos = read_form(path, source)
        batches = [*_batches(table, source), photos]
    else:
        table = read_table(path, source, mapping=mapping)
        batches = _batches(table, source)
    return Delivery(None, iter(batches), headers=table.headers)


def _batches(table: Table, source: Source) -> list[Batch]:
    visited = replace(table, frame=table.frame.filter(~missing((*_VISIT, *_REPORT))))
    visited, removed = remove_bsns(visited, _FREE_TEXT)
    issues = [table.issues, removed]
    visited = replace(visited, frame=keep_row(visited))
    failures = [*_filled(), *address_failures(), *_value_failures(table.date_format), *list_failures()]
    rows, failed = set_aside(visited, failures)
    # Every wrong cell is named at once, also of a row that is set aside for another one.
    _, unknown = check_columns(visited, source)
    rows, _ = check_columns(rows, source)
    issues += [failed, unknown, address_warnings(rows)]
    rows = replace(rows, frame=_values(rows))
    issues += _remarks(rows)
    redenen = _redenen(rows.frame)
    rows, doubled = drop_doubles(rows, "inspectie", list(INSPECTIES.columns), _DOUBLE)
    issues.append(doubled)
    frame = rows.frame.select(INSPECTIES.schema.names()).cast(INSPECTIES.schema)
    visits = Batch(INSPECTIES, frame, pl.concat(issues).sort("source_row", maintain_order=True), table.read)
    return [visits] if redenen.is_empty() else [visits, Batch(BEZOEKREDENEN, redenen, no_issues(), 0)]


def _remarks(rows: Table) -> list[pl.DataFrame]:
    """What is odd about visits that do go in."""
    away = (pl.col("datum") - pl.col("lijstdag")).dt.total_days().abs()
    inspecteurs = pl.col("inspecteur").fill_null("").n_unique().over("adresseerbaar_object_id", "datum")
    return [
        warn(
            rows,
            ~pl.col("resultaat").is_in(_INSIDE) & pl.col("aantal_personen").is_not_null(),
            "telling_zonder_toegang",
            "Er zijn personen geteld, maar volgens het resultaat was er geen toegang. Controleer de rij.",
            "aantal_personen",
        ),
        warn(
            rows,
            away > _DAYS_AWAY,
            "lijst_van_andere_dag",
            f"'{{kolom}}' ligt meer dan {_DAYS_AWAY} dagen van de dag van de lijst. Is de lijst van een andere dag "
            "ingevuld? Controleer de datum en de redenen van het bezoek.",
            "datum",
        ),
        warn(
            rows,
            pl.col("adresseerbaar_object_id").is_not_null() & (inspecteurs > 1),
            "twee_inspecteurs",
            "Aan dit adres staan op deze dag bezoeken van meer dan een inspecteur; elk telt als een eigen bezoek.",
            "inspecteur",
        ),
        warn(
            rows,
            pl.col("lijst").is_not_null() & pl.col("inspecteur").is_null(),
            "geen_inspecteur",
            "'{kolom}' is leeg. Van twee bezoeken op een dag zonder naam en tijd blijft alleen het laatste staan: vul "
            "haar in.",
            "inspecteur",
        ),
    ]


def _redenen(rows: pl.DataFrame) -> pl.DataFrame:
    """The signals that each visit was made for; taken before equal visits become one, so that two signals stay two."""
    receipts = pl.col("bewijs").str.extract_all(r"[^\s;,]+")
    return (
        rows.filter(pl.col("bewijs").is_not_null())
        .with_columns(bewijs=receipts, lijst=parse_int("lijst").value)
        .explode("bewijs")
        .filter(pl.col("bewijs").is_not_null())
        .select(BEZOEKREDENEN.schema.names())
        .cast(BEZOEKREDENEN.schema)
        .unique(["inspectie", "bewijs"], keep="first", maintain_order=True)
    )


def _filled() -> list[Failure]:
    text = "De kolom '{kolom}' is leeg, terwijl de rij verder is ingevuld. Vul haar in."
    return [Failure(field, pl.col(field).is_null(), "leeg", text) for field in ("datum", "resultaat")]


def _day_failures(date_format: str | None) -> list[Failure]:
    first, last = _YEARS
    failures = []
    for field in _DAYS:
        day = parse_date(field, date_format)
        failures += [
            Failure(field, day.failed, "datum", "'{kolom}' is geen datum (dd-mm-jjjj). Verbeter haar."),
            Failure(
                field,
                ~day.value.dt.year().is_between(first, last),
                "datum_buiten_bereik",
                f"Het jaar in '{{kolom}}' ligt niet tussen {first} en {last}. Verbeter het.",
            ),
        ]
    return failures


def _value_failures(date_format: str | None) -> list[Failure]:
    failures = [
        *_day_failures(date_format),
        Failure("tijd", ~pl.col("tijd").str.contains(_TIME), "tijd", "'{kolom}' is geen tijd (UU:MM). Verbeter haar."),
    ]
    for field in _COUNTS:
        number = parse_int(field)
        wrong = (number.failed & ~pl.col(field).str.contains(IS_DAY)) | ~number.value.is_between(0, _MAX_COUNT)
        text = (
            f"'{{kolom}}' is geen aantal van 0 tot en met {_MAX_COUNT}. Zet er één heel getal; toelichting zoals 'ca.' "
            "hoort bij de opmerkingen."
        )
        failures.append(Failure(field, wrong, "aantal", text))
        dates = "Excel heeft van '{kolom}' een datum gemaakt (bijvoorbeeld van 4/5). Typ er één heel getal."
        failures.append(Failure(field, pl.col(field).str.contains(IS_DAY), "datum_van_excel", dates))
    area = parse_float("gemeten_oppervlakte")
    wrong = area.failed | ~((area.value > 0) & (area.value <= _MAX_OPPERVLAKTE))
    text = "'{kolom}' is geen oppervlakte in m2. Zet er één getal groter dan 0, zonder eenheid."
    failures.append(Failure("gemeten_oppervlakte", wrong, "oppervlakte", text))
    rent = parse_float("huurprijs")
    text = "'{kolom}' is geen bedrag. Zet er één getal in euro per maand, zonder euroteken."
    failures.append(Failure("huurprijs", rent.failed | (rent.value < 0), "bedrag", text))
    lijst = parse_int("lijst")
    text = "'{kolom}' is geen nummer van een lijst. Zet er het getal dat op de lijst staat, of maak de cel leeg."
    return [*failures, Failure("lijst", lijst.failed, "lijstnummer", text)]


def _values(table: Table) -> pl.DataFrame:
    """Every column as a value; ``inspectie`` is the key."""
    hour = pl.col("tijd").str.extract(_TIME, 1).str.zfill(2)
    frame = table.frame.with_columns(
        *address_columns(),
        *(parse_date(field, table.date_format).value.alias(field) for field in _DAYS),
        (hour + ":" + pl.col("tijd").str.extract(_TIME, 2)).alias("tijd"),
        *(parse_int(field).value.alias(field) for field in _COUNTS),
        *(parse_float(field).value.alias(field) for field in ("gemeten_oppervlakte", "huurprijs")),
        pl.col("legitimatie") == "ja",
        *canonical_lists(),
    )
    return derive_key(frame, "inspectie", "inspectie", ("datum", "tijd", "inspecteur"))
