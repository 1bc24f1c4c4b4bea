"""Bedingen: clauses in deeds about living in a dwelling oneself and about resale, and the exemptions from them.

A clause is only ever what a deed says: none is inferred from an area or a year of building, and what the deed does not
mention stays empty. What is set aside and what goes in with a remark: ``docs/bronnen/vergunningen.md``.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

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
from importers.readers import Failure, Table, check_columns, parse_date, parse_float, parse_int, read_table, set_aside
from importers.records import BEDINGEN, ONTHEFFINGEN, Batch, Delivery
from importers.register_columns import (
    day_failures,
    flag,
    flag_failures,
    order_failure,
    person_columns,
    person_failures,
)
from importers.source import Mapping, Source

_DATES: Final = ("akte", "aanvang_datum", "kettingbeding_tot", "ontheffing_van", "ontheffing_tot")
_FLAGS: Final = (
    "aaneengesloten",
    "gedeeltelijke_verhuur_toegestaan",
    "doorverkoop_toegestaan",
    "toestemming_vereist",
)
_COUNTS: Final = {"maanden": (1, 1200), "jaren": (1, 100), "inschrijftermijn_dagen": (0, 3650)}
_AMOUNTS: Final = ("boete", "boete_per_dag")
_FREE_TEXT: Final = ("adres", "beding", "brondocument", "uitzonderingen", "debiteur_naam")
_ONTHEFFING: Final = {"reden": "ontheffing_reden", "valid_from": "ontheffing_van", "valid_until": "ontheffing_tot"}
_DOUBLE: Final = (
    "Dit beding staat meer dan eens in het bestand, met verschillende gegevens. Verwijder de verkeerde rij. Zijn er "
    "twee debiteuren, geef dan elk een eigen bedingnummer."
)
_DOUBLE_ONTHEFFING: Final = (
    "Van deze ontheffing staan in het bestand verschillende einddatums. Verwijder de verkeerde rij."
)


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The clauses of one file (.xlsx or .csv), then the exemptions from them.

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    table = read_table(path, source, mapping=mapping)
    return Delivery(None, _batches(table, source), headers=table.headers)


def _batches(table: Table, source: Source) -> Iterator[Batch]:
    rows, removed = remove_bsns(table, _FREE_TEXT)
    rows = replace(rows, frame=keep_row(rows))
    rows, failed = set_aside(rows, _failures(table.date_format))
    rows, unknown = check_columns(rows, source)
    rows = replace(rows, frame=_values(rows))
    issues = [table.issues, removed, failed, unknown, address_warnings(rows), *_remarks(rows)]
    bedingen, doubled = drop_doubles(rows, "beding", list(BEDINGEN.columns), _DOUBLE)
    # A clause with several exemptions stands on several rows; only the exemption must differ.
    exempt = rows.frame.filter(pl.col("ontheffing_reden").is_not_null())
    repeated = (pl.col("code") == "dubbele_rij") & pl.col("source_row").is_in(exempt["source_row"].to_list())
    issues.append(doubled.filter(~repeated))
    frame = bedingen.frame.select(BEDINGEN.schema.names()).cast(BEDINGEN.schema)
    exempt = exempt.filter(pl.col("beding").is_in(frame["beding"].to_list()))
    ontheffingen, others = _ontheffingen(replace(rows, frame=exempt))
    yield Batch(BEDINGEN, frame, pl.concat([*issues, others]).sort("source_row", maintain_order=True), table.read)
    yield Batch(ONTHEFFINGEN, ontheffingen, table.issues.clear(), 0)


def _ontheffingen(exempt: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    named = exempt.frame.with_columns(
        **{name: pl.col(field) for name, field in _ONTHEFFING.items()},
        ontheffing=pl.concat_str("beding", "ontheffing_reden", "ontheffing_van", separator="|"),
    )
    rows, doubled = drop_doubles(
        replace(exempt, frame=named), "ontheffing", list(ONTHEFFINGEN.columns), _DOUBLE_ONTHEFFING
    )
    return rows.frame.select(ONTHEFFINGEN.schema.names()).cast(ONTHEFFINGEN.schema), doubled


def _failures(date_format: str | None) -> list[Failure]:
    reden, van = (pl.col(_ONTHEFFING[name]) for name in ("reden", "valid_from"))
    exempt = pl.any_horizontal(pl.col(field).is_not_null() for field in _ONTHEFFING.values())
    begin, end = (parse_date(_ONTHEFFING[name], date_format).value for name in ("valid_from", "valid_until"))
    return [
        *address_failures(),
        *day_failures(_DATES, date_format),
        *flag_failures(_FLAGS),
        *person_failures("debiteur"),
        *_number_failures(),
        Failure(
            "maanden",
            parse_int("maanden").value != 12 * parse_int("jaren").value,
            "termijn_tegenstrijdig",
            "De termijn in maanden en die in jaren verschillen. Laat er één leeg.",
        ),
        order_failure(
            "akte", "kettingbeding_tot", "Het kettingbeding eindigt voor de akte. Verbeter een datum.", date_format
        ),
        Failure(
            "ontheffing_reden",
            exempt & (reden.is_null() | van.is_null()),
            "ontheffing_onvolledig",
            "Bij een ontheffing horen een reden en een begindatum. Vul ze allebei in, of geen van beide.",
        ),
        Failure(
            "ontheffing_tot",
            end <= begin,
            "einde_voor_begin",
            "Het einde van de ontheffing ligt niet na het begin. 'Tot' telt zelf niet mee.",
        ),
    ]


def _number_failures() -> list[Failure]:
    failures = []
    for field, (least, most) in _COUNTS.items():
        number = parse_int(field)
        text = f"'{{kolom}}' is geen heel getal van {least} tot en met {most}. Verbeter het of maak de cel leeg."
        failures.append(Failure(field, number.failed | ~number.value.is_between(least, most), "aantal", text))
    for field in _AMOUNTS:
        amount = parse_float(field)
        text = "'{kolom}' is geen bedrag in euro. Zet er één getal, zonder teken of eenheid."
        failures.append(Failure(field, amount.failed | (amount.value < 0), "bedrag", text))
    return failures


def _values(table: Table) -> pl.DataFrame:
    """Every column as a value; ``beding`` is the key."""
    days = {field: parse_date(field, table.date_format).value.alias(field) for field in _DATES}
    frame = table.frame.with_columns(
        *address_columns(),
        *person_columns("debiteur"),
        *days.values(),
        *(flag(field) for field in _FLAGS),
        *(parse_float(field).value.alias(field) for field in _AMOUNTS),
        maanden=pl.coalesce(parse_int("maanden").value, 12 * parse_int("jaren").value),
        inschrijftermijn_dagen=parse_int("inschrijftermijn_dagen").value,
        # The deed of a new building is older than its address.
        adres_op=pl.max_horizontal(days["akte"], days["aanvang_datum"]),
    )
    return derive_key(frame, "beding", "beding", ("soort", "akte"))


def _remarks(rows: Table) -> list[pl.DataFrame]:
    texts = {
        "maanden": (
            "beding_zonder_termijn",
            "Het beding noemt geen termijn; of het nog geldt, is juridisch te toetsen.",
        ),
        "aanvang": ("beding_zonder_aanvang", "Het is niet bekend waarmee de termijn van het beding begint."),
        "aanvang_datum": ("aanvang_zonder_datum", "Het is niet bekend op welke dag de termijn van het beding begon."),
        "debiteur": ("beding_zonder_debiteur", "Er is geen BSN, RSIN of KvK-nummer van de debiteur; hij is onbekend."),
    }
    return [warn(rows, pl.col(field).is_null(), code, text, field) for field, (code, text) in texts.items()]
