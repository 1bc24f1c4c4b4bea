"""What lists of permits, clauses and reports have in common: days, periods, a yes or no, and a person by number.

A person comes out as one key, ``bsn:<nummer>``, ``rsin:<nummer>`` or ``kvk:<nummer>``, which is only ever stored as a
keyed hash. A name never makes a key: two people may share it.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from importers.brp_checks import passes_elfproef
from importers.readers import Failure, parse_date

YES: Final = ("ja", "j", "true", "waar", "x")
NO: Final = ("nee", "n", "false", "onwaar")
_YEARS: Final = (1900, 2100)


def day_failures(fields: Sequence[str], date_format: str | None) -> list[Failure]:
    """Cells that are no day, or one that no living register means."""
    first, last = _YEARS
    failures: list[Failure] = []
    for field in fields:
        day = parse_date(field, date_format)
        failures.append(Failure(field, day.failed, "datum", "'{kolom}' is geen datum (dd-mm-jjjj). Verbeter haar."))
        failures.append(
            Failure(
                field,
                ~day.value.dt.year().is_between(first, last),
                "datum_buiten_bereik",
                f"Het jaar in '{{kolom}}' ligt niet tussen {first} en {last}. Verbeter het.",
            )
        )
    return failures


def order_failure(earlier: str, later: str, text: str, date_format: str | None) -> Failure:
    """Rows in which the second day lies before the first; ``text`` says what that means."""
    days = [parse_date(field, date_format).value for field in (earlier, later)]
    return Failure(later, days[1] < days[0], "volgorde_datums", text)


def period_end(date_format: str | None) -> pl.Expr:
    """The exclusive end, from 'Tot' (``valid_until``) or 'T/m' (``tot_en_met``)."""
    through = parse_date("tot_en_met", date_format).value.dt.offset_by("1d")
    return pl.coalesce(parse_date("valid_until", date_format).value, through)


def period_failures(date_format: str | None) -> list[Failure]:
    """Two ends that differ, and an end that does not lie after the begin."""
    until = parse_date("valid_until", date_format).value
    through = parse_date("tot_en_met", date_format).value.dt.offset_by("1d")
    begin = parse_date("valid_from", date_format).value
    return [
        Failure(
            "valid_until",
            until != through,
            "einde_tegenstrijdig",
            "'Tot' (niet meegerekend) en 'T/m' (meegerekend) noemen een ander einde. Laat er één leeg.",
        ),
        Failure(
            "valid_until",
            pl.coalesce(until, through) <= begin,
            "einde_voor_begin",
            "Het einde ligt niet na het begin. 'Tot' telt zelf niet mee: één dag eindigt een dag later.",
        ),
    ]


def flag(field: str) -> pl.Expr:
    """A yes or no (Boolean); an empty cell is null: not known, or not mentioned."""
    text = pl.col(field).str.to_lowercase()
    return pl.when(text.is_in(YES)).then(pl.lit(True)).when(text.is_in(NO)).then(pl.lit(False)).alias(field)


def flag_failures(fields: Sequence[str]) -> list[Failure]:
    """Cells that are neither yes nor no."""
    return [
        Failure(
            field,
            ~pl.col(field).str.to_lowercase().is_in([*YES, *NO]),
            "ja_nee",
            "In '{kolom}' hoort ja of nee, of niets als het niet is geregeld of niet bekend is.",
        )
        for field in fields
    ]


def person_failures(role: str) -> list[Failure]:
    """Numbers of a person that cannot be right. None of the texts repeats a BSN."""
    bsn, rsin, kvk = _numbers(role)
    return [
        Failure(
            f"{role}_bsn",
            ~passes_elfproef(bsn),
            "bsn",
            "'{kolom}' is geen geldig burgerservicenummer (elfproef). Verbeter het of maak de cel leeg.",
            original=False,
        ),
        Failure(
            f"{role}_rsin",
            ~passes_elfproef(rsin),
            "rsin",
            "'{kolom}' is geen geldig RSIN (elfproef). Verbeter het of maak de cel leeg.",
            original=False,
        ),
        Failure(
            f"{role}_kvk",
            ~kvk.str.contains(r"^[0-9]{8}$"),
            "kvk",
            "'{kolom}' is geen KvK-nummer van acht cijfers. Verbeter het of maak de cel leeg.",
        ),
        # The RSIN of a sole trader is his BSN.
        Failure(
            f"{role}_rsin",
            bsn != rsin,
            "twee_personen",
            "Er staan een burgerservicenummer en een RSIN van een ander. Laat er één leeg.",
            original=False,
        ),
    ]


def person_columns(role: str) -> list[pl.Expr]:
    """``<role>`` (the key), ``<role>_bsn``, ``<role>_rsin`` and ``<role>_kvk`` with the zeros a spreadsheet dropped."""
    bsn, rsin, kvk = _numbers(role)
    key = pl.coalesce(pl.lit("bsn:") + bsn, pl.lit("rsin:") + rsin, pl.lit("kvk:") + kvk)
    return [
        key.alias(role),
        bsn.alias(f"{role}_bsn"),
        # What is stored openly may not be a BSN.
        pl.when(bsn.is_null()).then(rsin).alias(f"{role}_rsin"),
        kvk.alias(f"{role}_kvk"),
    ]


def _numbers(role: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    def digits(field: str, length: int) -> pl.Expr:
        return pl.col(field).str.replace_all(r"[ .]", "").str.zfill(length)

    return digits(f"{role}_bsn", 9), digits(f"{role}_rsin", 9), digits(f"{role}_kvk", 8)
