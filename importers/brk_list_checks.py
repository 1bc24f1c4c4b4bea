"""What a row of a list of the Kadaster must be to go into the registry."""

from typing import Final

import polars as pl

from importers.brp_checks import passes_elfproef
from importers.readers import Failure, missing, parse_date, parse_int
from importers.register_columns import day_failures, flag_failures

RIGHT: Final = ("aard_recht", "bsn", "rsin", "kvk", "kadaster_persoon", "naam")
PLACE: Final = ("adresseerbaar_object_id", "nummeraanduiding_id", "adres", "straat", "huisnummer", "postcode")
FRACTION: Final = r"^\s*([0-9]{1,9})\s*/\s*([0-9]{1,9})\s*$"
MONEY: Final = r"^(?:€\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,12})(?:,(?:[0-9]{2}|-))?$"
PARTS: Final = ("kadastrale_gemeente", "sectie", "perceelnummer", "appartementsindex")
PARTIAL_DATES: Final = ("aanvang", "einde", "inschrijving")
_YEAR, _MONTH = r"^[0-9]{4}$", r"^(?:([0-9]{4})-(0[1-9]|1[0-2])|(0[1-9]|1[0-2])-([0-9]{4}))$"


def object_failures() -> list[Failure]:
    """Rows without a kadastraal object, or with one whose number cannot be right."""
    return [
        Failure(
            "kadastraal_object",
            missing(("kadastraal_object", "kadastrale_aanduiding")) & pl.any_horizontal(
                pl.col(part).is_null() for part in PARTS[:3]
            ),
            "geen_object",
            "Er is geen kadastrale aanduiding of identificatie ingevuld. Vul een van beide in.",
        ),
        Failure(
            "kadastraal_object",
            ~pl.col("kadastraal_object").str.contains(r"^[0-9]{14}$"),
            "objectidentificatie",
            "'{kolom}' heeft geen veertien cijfers. Maak de kolom op als tekst, of gebruik de kadastrale aanduiding.",
        ),
    ]  # fmt: skip


def right_failures() -> list[Failure]:
    """Rows with half a right, a holder without a number or name, or a wrong BSN (which no text repeats)."""
    has_right = ~missing(RIGHT)
    bsn = digits("bsn", 9)
    return [
        Failure(
            "aard_recht",
            has_right & pl.col("aard_recht").is_null(),
            "leeg",
            "De kolom '{kolom}' is leeg, terwijl er een rechthebbende staat. Vul haar in.",
        ),
        Failure(
            "naam",
            has_right & missing(RIGHT[1:]),
            "geen_rechthebbende",
            "Er staat geen rechthebbende bij het recht: geen nummer en geen naam. Vul er een in.",
        ),
        Failure(
            "bsn",
            ~passes_elfproef(bsn),
            "bsn",
            "'{kolom}' is geen geldig burgerservicenummer (elfproef). Verbeter het of maak de cel leeg.",
            original=False,
        ),
        Failure(
            "adres",
            ~has_right & missing(PLACE),
            "lege_rij",
            "De rij noemt bij het object geen recht en geen adres. Vul een van beide in, of verwijder de rij.",
        ),
    ]


def value_failures(date_format: str | None) -> list[Failure]:
    """Cells that are no share, amount, number or date, and rights that end before they begin."""
    share = pl.col("aandeel")
    failures = [
        Failure(
            "aandeel",
            ~(share.str.contains(FRACTION) | (share == "1")),
            "aandeel",
            "'{kolom}' is geen breuk zoals 1/2. Maak de cel op als tekst, want een rekenblad leest een datum.",
        ),
        *(
            Failure(field, parse_int(field).failed, "getal", "'{kolom}' is geen heel getal. Verbeter het.")
            for field in ("aandeel_teller", "aandeel_noemer", "koopjaar")
        ),
        Failure(
            "koopsom",
            ~pl.col("koopsom").str.contains(MONEY),
            "bedrag",
            "'{kolom}' is geen bedrag in euro. Verbeter het of maak de cel leeg.",
        ),
        *flag_failures(("koopsom_meer_objecten",)),
        *day_failures(("koopovereenkomst",), date_format),
    ]
    for field in PARTIAL_DATES:
        known = partial_date(field, date_format)
        text = "'{kolom}' is geen datum (dd-mm-jjjj), maand (jjjj-mm) of jaar (jjjj). Verbeter haar."
        failures.append(Failure(field, pl.col(field).is_not_null() & known.is_null(), "datum", text))
    begin, end = partial_date("aanvang", date_format), partial_date("einde", date_format)
    # Compared as far as both are known: in text, a year comes before its months.
    shared = pl.min_horizontal(begin.str.len_chars(), end.str.len_chars())
    failures.append(
        Failure(
            "einde",
            end.str.slice(0, shared) < begin.str.slice(0, shared),
            "einde_voor_begin",
            "Het einde van het recht ligt voor de aanvang. Verbeter een van beide.",
        )
    )
    return failures


def digits(field: str, length: int) -> pl.Expr:
    """A number with the zeros that a spreadsheet dropped."""
    return pl.col(field).str.replace_all(r"[ .]", "").str.zfill(length)


def partial_date(field: str, date_format: str | None) -> pl.Expr:
    """A date in the precision in which it is known: jjjj, jjjj-mm or jjjj-mm-dd."""
    text = pl.col(field)
    month = pl.concat_str(
        pl.coalesce(text.str.extract(_MONTH, 1), text.str.extract(_MONTH, 4)),
        pl.coalesce(text.str.extract(_MONTH, 2), text.str.extract(_MONTH, 3)),
        separator="-",
    )
    year = pl.when(text.str.contains(_YEAR) & (text >= "1000")).then(text)
    return pl.coalesce(year, month, parse_date(field, date_format).value.cast(pl.String))
