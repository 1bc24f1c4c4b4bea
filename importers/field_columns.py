"""What the files that people fill in have in common: an address as typed, a key, and rows that were entered twice."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from importers.issues import ISSUE, Level, no_issues
from importers.readers import Failure, Table, missing, row_json
from registry.domain.identifiers import parse_bsn
from registry.errors import InvalidIdentifierError

IS_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"  # how a cell arrives that Excel took for a date
_IDS = ("adresseerbaar_object_id", "nummeraanduiding_id")
_PLACE = (*_IDS, "adres", "straat", "huisnummer")
_NINE_DIGITS = re.compile(r"(?<!\d)\d(?:[ .]?\d){8}(?!\d)")
_MASK = "[nummer verwijderd]"


def address_failures() -> list[Failure]:
    """What makes the address columns of a row unusable."""
    dates = "Excel heeft van '{kolom}' een datum gemaakt. Maak de cel op als tekst en typ de waarde opnieuw."
    number = pl.col("huisnummer")
    is_number = number.str.contains(r"^0*[1-9][0-9]{0,4}(?:[^0-9].*)?$") | number.str.contains(IS_DAY)
    return [
        _id_failure(
            "adresseerbaar_object_id",
            ("01", "02", "03", "20"),
            "verblijfsobject, ligplaats, standplaats of nummeraanduiding",
        ),
        _id_failure("nummeraanduiding_id", ("20",), "nummeraanduiding"),
        *(
            Failure(field, pl.col(field).str.contains(IS_DAY), "datum_van_excel", dates)
            for field in ("huisnummer", "huisletter", "suffix")
        ),
        Failure(
            "huisnummer",
            ~is_number,
            "huisnummer",
            "'{kolom}' begint niet met een huisnummer (1 tot 99999). Verbeter het.",
        ),
        Failure(
            "postcode",
            ~pl.col("postcode").str.contains(r"^[1-9][0-9]{3}\s?[A-Za-z]{2}$"),
            "postcode",
            "'{kolom}' is geen postcode (1234 AB). Verbeter haar of laat de cel leeg.",
        ),
        Failure(
            "adres",
            missing(_PLACE),
            "geen_adres",
            "Er is geen BAG-id en geen adres ingevuld. Vul een van beide in.",
        ),
    ]


def _id_failure(field: str, kinds: Sequence[str], objects: str) -> Failure:
    """Sixteen digits (or fifteen, when a spreadsheet dropped the zero), of which the fifth and sixth tell the kind."""
    is_id = pl.col(field).str.contains(r"^[0-9]{15,16}$") & _padded(field).str.slice(4, 2).is_in(kinds)
    return Failure(
        field,
        ~is_id,
        "bag_id",
        f"'{{kolom}}' is geen BAG-id van een {objects}. Zet er zestien cijfers als tekst, of maak de cel leeg.",
    )


def address_columns() -> list[pl.Expr]:
    """The address columns of ``importers.records`` from the text of the cells; every cell passed ``address_failures``.

    The huisnummer cell may hold the suffix too ('12-b'). The '(+2)' that a worklist puts behind an address with
    nevenadressen is no part of the address.
    """
    number = pl.col("huisnummer")
    suffix = pl.concat_str(
        number.str.extract(r"^[0-9]+[\s\-]*(.*)$", 1).fill_null(""),
        pl.col("huisletter").fill_null(""),
        pl.col("suffix").fill_null(""),
        separator=" ",
    ).str.strip_chars()
    return [
        *(_padded(field).alias(field) for field in _IDS),
        pl.col("adres").str.replace(r"\s*\(\+\d+\)$", ""),
        pl.col("straat"),
        number.str.extract(r"^([0-9]+)", 1).cast(pl.Int64).alias("huisnummer"),
        pl.when(suffix != "").then(suffix).alias("suffix"),
        pl.col("postcode").str.replace(" ", "", literal=True).str.to_uppercase(),
        pl.col("woonplaats"),
    ]


def address_warnings(table: Table) -> pl.DataFrame:
    """Remarks on addresses that do go in: a BAG id whose first zero a spreadsheet dropped."""
    text = "Het BAG-id had vijftien cijfers; de voorste nul is toegevoegd. Maak de kolom op als tekst."
    return pl.concat(
        [warn(table, pl.col(field).str.len_chars() == 15, "bag_id_zonder_nul", text, field) for field in _IDS]
    )


def _padded(field: str) -> pl.Expr:
    return pl.col(field).str.zfill(16)


def warn(table: Table, mask: pl.Expr, code: str, text: str, field: str) -> pl.DataFrame:
    """Issues of level waarschuwing for the rows where ``mask`` is true."""
    column = table.headers.get(field, field)
    return table.frame.filter(mask).select(
        pl.lit(Level.WAARSCHUWING.value).alias("level"),
        pl.lit(code).alias("code"),
        pl.lit(text.replace("{kolom}", column)).alias("text"),
        "source_file",
        "source_row",
        pl.lit(column).alias("column"),
        pl.col(field).cast(pl.String).alias("original"),
        pl.lit(None, pl.String).alias("row"),
    )


def remove_bsns(table: Table, fields: Sequence[str]) -> tuple[Table, pl.DataFrame]:
    """Takes numbers that pass the elfproef out of free text, before anything of the row is kept, and warns.

    A burgerservicenummer is stored only where a register brings it, encrypted; in a remark it has no place (Wet
    algemene bepalingen burgerservicenummer, art. 10).
    """
    suspects = {field: pl.col(field).str.contains(r"\d(?:[ .]?\d){8}").fill_null(value=False) for field in fields}
    few = table.frame.filter(pl.any_horizontal(suspects.values()))
    if few.is_empty():
        return table, no_issues()
    cleaned = {text: mask_bsns(text) for field in fields for text in few[field].drop_nulls().unique().to_list()}
    changed = {text: clean for text, clean in cleaned.items() if clean != text}
    text = "In '{kolom}' stond een nummer dat een burgerservicenummer kan zijn; het is verwijderd."
    issues = [
        warn(table, pl.col(field).is_in(list(changed)), "burgerservicenummer", text, field).with_columns(
            pl.lit(None, pl.String).alias("original")
        )
        for field in fields
    ]
    frame = table.frame.with_columns(pl.col(*fields).replace(changed))
    return replace(table, frame=frame), pl.concat(issues).cast(ISSUE)


def mask_bsns(text: str) -> str:
    """The text without numbers that pass the elfproef."""
    return _NINE_DIGITS.sub(_mask, text)


def _mask(match: re.Match[str]) -> str:
    try:
        parse_bsn(re.sub(r"\D", "", match[0]))
    except InvalidIdentifierError:
        return match[0]
    return _MASK


def derive_key(frame: pl.DataFrame, key: str, given: str, parts: Sequence[str]) -> pl.DataFrame:
    """Adds column ``key``: the number of the source, else a hash of the address and ``parts``.

    The same visit must get the same key in every delivery and with every release, so the hash is SHA-256 over text and
    not the hash of the frame library. A BAG id, where given, stands for the whole address.
    """
    typed = [
        pl.col(name).cast(pl.String).fill_null("")
        for name in ("adres", "straat", "huisnummer", "suffix", "postcode", "woonplaats")
    ]
    address = pl.concat_str(typed, separator="|").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}|]", "")
    identity = pl.concat_str(
        pl.coalesce(*_IDS, address), *(pl.col(part).cast(pl.String).fill_null("") for part in parts), separator="\x1f"
    )
    texts = frame.select(identity.alias("identity"))["identity"]
    hashes = [hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts.to_list()]
    return frame.with_columns(pl.coalesce(pl.col(given), pl.Series(hashes, dtype=pl.String)).alias(key))


def drop_doubles(table: Table, key: str, columns: Sequence[str], text: str) -> tuple[Table, pl.DataFrame]:
    """Rows with one key: equal ones become one with a warning, different ones are all set aside with ``text``.

    Which of two different rows is right only the sender knows.
    """
    values = pl.struct(columns)
    frame = table.frame.with_columns(
        (values.n_unique().over(key) > 1).alias("_differ"),
        (pl.col("source_row") != pl.col("source_row").min().over(key)).alias("_later"),
    )
    judged = replace(table, frame=frame)
    repeated = warn(
        judged,
        ~pl.col("_differ") & pl.col("_later"),
        "dubbele_rij",
        "Deze rij staat al eerder in het bestand en is één keer ingelezen.",
        key,
    ).with_columns(pl.lit(None, pl.String).alias("column"), pl.lit(None, pl.String).alias("original"))
    differing = frame.filter("_differ").select(
        pl.lit(Level.UITVAL.value).alias("level"),
        pl.lit("tegenstrijdige_rijen").alias("code"),
        pl.lit(text).alias("text"),
        "source_file",
        "source_row",
        pl.lit(None, pl.String).alias("column"),
        pl.lit(None, pl.String).alias("original"),
        pl.col("_row").alias("row"),
    )
    kept = frame.filter(~pl.col("_differ") & ~pl.col("_later")).drop("_differ", "_later")
    issues = pl.concat([no_issues(), repeated.cast(ISSUE), differing.cast(ISSUE)])
    return replace(table, frame=kept), issues


def keep_row(table: Table) -> pl.DataFrame:
    """The frame with column ``_row``: each row as the JSON that it is set aside with, taken before cells change."""
    return table.frame.with_columns(row_json(table.headers).alias("_row"))
