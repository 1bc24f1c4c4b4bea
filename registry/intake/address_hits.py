"""Looks up every piece of an address by itself: which BAG address forms does it find, and did they hold on the day?

A *piece* identifies on its own: a BAG id, postcode and huisnummer, or street, woonplaats and huisnummer. A *form* is a
row of the candidates: a nummeraanduiding that denoted an object under one address in one period.
"""

from collections.abc import Callable

import polars as pl

from registry.domain import adres as spelling
from registry.intake.street_names import contains, find_streets

PIECE_OBJECT, PIECE_NUMMER, PIECE_POSTCODE, PIECE_STRAAT = range(4)

RANK_EXISTING, RANK_FORMED, RANK_ENDED = range(3)

_NO_ID = "0000000000000000"
_GEVORMD = ("Verblijfsobject gevormd",)
ENDED_STATUSES = (
    "Niet gerealiseerd verblijfsobject",
    "Verblijfsobject ingetrokken",
    "Verblijfsobject ten onrechte opgevoerd",
    "Plaats ingetrokken",
)


def _fold(frame: pl.DataFrame, column: str, into: str, fold: Callable[[str], str | None]) -> pl.DataFrame:
    """Adds a folded column; each distinct text is folded once, so rows never become Python objects."""
    texts = frame[column].drop_nulls().unique()
    keys = [fold(text) for text in texts.to_list()]
    table = pl.DataFrame({column: texts, into: pl.Series(keys, dtype=pl.String)}, schema_overrides={column: pl.String})
    return frame.join(table, on=column, how="left", maintain_order="left")


def prepare_rows(adressen: pl.DataFrame) -> pl.DataFrame:
    """Ids without placeholders; a nummeraanduiding in the place of an object moves to its own column."""
    object_id, nummer_id = pl.col("adresseerbaar_object_id"), pl.col("nummeraanduiding_id")
    is_nummer = (object_id.str.slice(4, 2) == "20") & (object_id.str.len_chars() == 16)
    cleaned = adressen.with_columns(
        *(
            pl.when(column.str.strip_chars().is_in(["", _NO_ID]).not_()).then(column.str.strip_chars()).name.keep()
            for column in (object_id, nummer_id)
        )
    )
    return cleaned.with_columns(
        pl.when(is_nummer.fill_null(value=False).not_()).then(object_id).alias("adresseerbaar_object_id"),
        pl.coalesce(nummer_id, pl.when(is_nummer).then(object_id)).alias("nummeraanduiding_id"),
    )


def prepare_forms(kandidaten: pl.DataFrame) -> pl.DataFrame:
    """The candidates with a number, their keys, a rank and a ``place``.

    The rank is 0 for existing stock, 1 for what is formed and not yet there, 2 for what ended. Forms with the same
    huisnummer and suffix share a place.
    """
    status = pl.col("object_status")
    forms = kandidaten.with_row_index("form").with_columns(
        pl.concat_str(pl.col("huisletter").fill_null(""), pl.col("huisnummertoevoeging").fill_null("")).alias("suffix"),
        pl.col("nummeraanduiding_id").rank("dense").alias("nummer_order"),
        pl.when(status.is_in(ENDED_STATUSES))
        .then(RANK_ENDED)
        .when(status.is_in(_GEVORMD))
        .then(RANK_FORMED)
        .otherwise(RANK_EXISTING)
        .alias("rank"),
    )
    for column, into, fold in (
        ("suffix", "suffix_key", spelling.fold_suffix),
        ("suffix", "suffix_variant", _suffix_variant),
        ("straat", "straat_key", spelling.fold_straat),
        ("straat", "straat_variant", spelling.fold_straat_variant),
        ("verkorte_straat", "kort_key", spelling.fold_straat),
        ("verkorte_straat", "kort_variant", spelling.fold_straat_variant),
        ("woonplaats", "woonplaats_key", spelling.fold_woonplaats),
        ("postcode", "postcode_key", spelling.fold_postcode),
    ):
        forms = _fold(forms, column, into, fold)
    return forms.with_columns(pl.struct("huisnummer", "suffix_variant").rank("dense").alias("place"))


def _suffix_variant(text: str) -> str:
    return spelling.fold_suffix_variant(spelling.fold_suffix(text))


def read_addresses(rows: pl.DataFrame) -> pl.DataFrame:
    """Every reading of every address, with its keys: row_nr, op, huisnummer, suffix, straat, postcode, woonplaats.

    Separate columns win over the address in one field; a street with a number in it is read as an address.
    """
    typed = pl.coalesce("adres", pl.when(pl.col("huisnummer").is_null()).then("straat"))
    frame = rows.with_columns(pl.when(pl.col("huisnummer").is_null()).then(typed).alias("line"))
    lines = frame["line"].drop_nulls().unique()
    parsed = pl.DataFrame(
        [
            (line, reading.straat, reading.huisnummer, reading.suffix, reading.postcode, reading.woonplaats)
            for line in lines.to_list()
            for reading in spelling.adres_readings(line)
        ],
        schema={"line": pl.String, "r_straat": pl.String, "r_huisnummer": pl.Int64}
        | dict.fromkeys(("r_suffix", "r_postcode", "r_woonplaats"), pl.String),
        orient="row",
    )
    own_street = pl.when(pl.col("line").is_null()).then("straat")
    readings = frame.join(parsed, on="line", how="left").select(
        "row_nr",
        "op",
        pl.coalesce("huisnummer", "r_huisnummer").alias("huisnummer"),
        pl.coalesce("suffix", "r_suffix").fill_null("").alias("suffix"),
        pl.coalesce(own_street, "r_straat", pl.when(pl.col("adres").is_not_null()).then("straat")).alias("straat"),
        pl.coalesce("postcode", "r_postcode").alias("postcode"),
        pl.coalesce("woonplaats", "r_woonplaats").alias("woonplaats"),
    )
    for column, into, fold in (
        ("suffix", "suffix_key", spelling.fold_suffix),
        ("suffix", "suffix_variant", _suffix_variant),
        ("straat", "straat_key", spelling.fold_straat),
        ("straat", "straat_variant", spelling.fold_straat_variant),
        ("woonplaats", "woonplaats_key", spelling.fold_woonplaats),
        ("postcode", "postcode_key", spelling.fold_postcode),
    ):
        readings = _fold(readings, column, into, fold)
    return readings.drop("suffix", "postcode", "woonplaats").unique(maintain_order=True)


def find_hits(rows: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """One line per row, piece of address and form that the piece finds, at any time.

    Columns: row_nr, form, piece, variant (0 = exact spelling), several_streets, now (the form holds on the day), usable
    (counts for the choice), object, nummeraanduiding, hoofdadres and rank of the form.
    """
    dated = rows.filter(pl.col("op").is_not_null())
    numbered = readings.filter(pl.col("op").is_not_null(), pl.col("huisnummer").is_not_null())
    streets = find_streets(numbered, forms)
    by_postcode, by_street = ["postcode_key", "huisnummer"], ["straat_key", "woonplaats_key", "huisnummer"]
    hits = pl.concat(
        [
            _hit(dated, forms, ["adresseerbaar_object_id"], PIECE_OBJECT),
            _hit(dated, forms, ["nummeraanduiding_id"], PIECE_NUMMER),
            _hit(numbered, forms, [*by_postcode, "suffix_key"], PIECE_POSTCODE),
            _hit(streets, forms, [*by_street, "suffix_key"], PIECE_STRAAT),
        ]
    )
    found = [hits]
    for rows_of_piece, on, piece in ((numbered, by_postcode, PIECE_POSTCODE), (streets, by_street, PIECE_STRAAT)):
        settled = hits.filter("now", pl.col("piece") == piece).select("row_nr").unique()
        rest = rows_of_piece.join(settled, on="row_nr", how="anti")
        variants = _hit(rest, forms, [*on, "suffix_variant"], piece, variant=1)
        found.append(variants.join(hits, on=["row_nr", "piece", "form"], how="anti"))
    return _mark_usable(pl.concat(found).unique(["row_nr", "piece", "form", "variant"]))


def _mark_usable(hits: pl.DataFrame) -> pl.DataFrame:
    """Adds ``exact`` and ``usable``.

    A reduced spelling counts only where nobody ever had the exact one; another day only where nobody had it then.
    """
    variant, now = pl.col("variant"), pl.col("now")
    best = hits.group_by("row_nr", "piece").agg(
        variant.min().alias("best"), variant.filter(now).min().alias("best_now")
    )
    exact = variant == pl.col("best")
    usable = exact & (now | pl.col("best_now").ne_missing(pl.col("best")))
    return hits.join(best, on=["row_nr", "piece"]).with_columns(exact.alias("exact"), usable.alias("usable"))


def _hit(rows: pl.DataFrame, forms: pl.DataFrame, on: list[str], piece: int, *, variant: int = 0) -> pl.DataFrame:
    """The forms that rows find on the columns ``on``; a null finds nothing, except an unknown woonplaats."""
    optional = [column for column in ("several_streets", "reduced") if column in rows.columns]
    keys = (
        rows.select("row_nr", "op", *on, *optional).drop_nulls([key for key in on if key != "woonplaats_key"]).unique()
    )
    found = keys.join(
        forms.select(
            *on,
            "form",
            "nummer_order",
            "is_hoofdadres",
            "rank",
            "place",
            "valid_from",
            "valid_until",
            pl.col("adresseerbaar_object_id").alias("object"),
            pl.col("nummeraanduiding_id").alias("nummer"),
        ),
        on=on,
        how="inner",
        nulls_equal=True,
    )
    reduced = pl.col("reduced") if "reduced" in optional else pl.lit(0, pl.Int8)
    hits = found.select(
        "row_nr",
        "form",
        "object",
        "nummer",
        "nummer_order",
        "is_hoofdadres",
        "rank",
        "place",
        pl.lit(piece, pl.Int8).alias("piece"),
        (reduced + variant).cast(pl.Int8).alias("variant"),
        (pl.col("several_streets") if optional else pl.lit(value=False)).alias("several_streets"),
        contains("op").alias("now"),
    )
    return _prefer_now(hits)


def _prefer_now(hits: pl.DataFrame) -> pl.DataFrame:
    """Where a spelling holds on the day, its other days are of no use, and they are most of the history."""
    now = hits.filter("now")
    past = hits.filter(~pl.col("now")).join(
        now.select("row_nr", "variant").unique(), on=["row_nr", "variant"], how="anti"
    )
    return pl.concat([now, past])


def find_neighbours(readings: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Forms at the same huisnummer, whatever their suffix: row_nr, form, far and past, for a person to choose from."""
    numbered = readings.filter(pl.col("op").is_not_null(), pl.col("huisnummer").is_not_null())
    streets = find_streets(numbered, forms)
    found = [
        _hit(numbered, forms, ["postcode_key", "huisnummer"], PIECE_POSTCODE),
        _hit(streets, forms, ["straat_key", "woonplaats_key", "huisnummer"], PIECE_STRAAT),
    ]
    return (
        pl.concat(found)
        .unique(["row_nr", "form"])
        .select("row_nr", "form", pl.lit(2, pl.Int8).alias("far"), pl.col("now").not_().alias("past"))
    )
