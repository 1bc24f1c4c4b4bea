"""Links addresses as people write them to BAG objects, as of a date: exact levels only, and never a guess.

Every piece of an address that can identify on its own (a BAG id; postcode and huisnummer; street, huisnummer and
woonplaats) is looked up by itself. A row is linked when all pieces that find something agree on one object. Pieces that
disagree, or two objects that fit equally, make the row ambiguous, with the candidates for a person to choose from.
"""

import polars as pl

from registry.intake import address_hits
from registry.intake.address_hits import PIECE_NUMMER, PIECE_OBJECT, PIECE_POSTCODE, RANK_ENDED

ADRESSEN = pl.Schema(
    {
        "row_nr": pl.Int64(),
        "op": pl.Date(),  # the day on which the address was meant
        "adresseerbaar_object_id": pl.String(),
        "nummeraanduiding_id": pl.String(),
        "adres": pl.String(),
        "straat": pl.String(),
        "huisnummer": pl.Int64(),
        "suffix": pl.String(),
        "postcode": pl.String(),
        "woonplaats": pl.String(),
    }
)
KANDIDATEN = pl.Schema(
    {
        "nummeraanduiding_id": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "objecttype": pl.String(),
        "object_status": pl.String(),
        "is_hoofdadres": pl.Boolean(),
        "postcode": pl.String(),
        "huisnummer": pl.Int64(),
        "huisletter": pl.String(),
        "huisnummertoevoeging": pl.String(),
        "straat": pl.String(),
        "verkorte_straat": pl.String(),
        "woonplaats": pl.String(),
        # The period in which the nummeraanduiding denoted the object with this address form.
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
    }
)
KOPPELING = pl.Schema(
    {
        "row_nr": pl.Int64(),
        "status": pl.String(),  # gekoppeld | meerduidig | onbekend
        "adresseerbaar_object_id": pl.String(),
        "nummeraanduiding_id": pl.String(),
        "level": pl.String(),
        "kandidaten": pl.List(pl.String()),  # at most ten, 'id: adres (status, periode)'
        "reden": pl.String(),  # Dutch; null for a plain link
    }
)
LEVELS = (
    "adresseerbaar_object_id",
    "nummeraanduiding_id",
    "postcode_huisnummer",
    "straat_huisnummer",
)
MAX_KANDIDATEN = 10

_REASONS = {
    "geen_datum": "De datum ontbreekt. Zonder datum is niet te zeggen welk object het adres toen had.",
    "geen_adres": "Er is geen BAG-id en geen adres met huisnummer ingevuld. Vul een van beide in.",
    "id_onbekend": "Het BAG-id komt in de geleverde BAG niet voor. Controleer het nummer of vul het adres in.",
    "niet_gevonden": "Dit adres komt in de geleverde BAG niet voor, ook niet vóór {op}."
    " Verbeter het adres of kies een kandidaat.",
    "straat": "Deze straat komt in meer dan één woonplaats of schrijfwijze voor. Vul de woonplaats of de postcode in.",
    "tegenspraak": "De vermelde gegevens wijzen op {op} verschillende objecten aan. Kies een kandidaat.",
    "gelijk": "Op {op} past meer dan één object even goed bij dit adres. Kies een kandidaat.",
    "id_spreekt_tegen": "Het BAG-id komt in de geleverde BAG niet voor, het adres wel."
    " Kies de kandidaat of verbeter het BAG-id.",
    "huisnummer": "Het object met dit BAG-id had nooit het vermelde huisnummer. Verbeter het adres of het BAG-id.",
    "schrijfwijze": "Op {op} past alleen een andere schrijfwijze, en vroeger precies dit adres. Kies een kandidaat.",
    "historisch": "Op {op} had geen object dit adres; in de hele historie had alleen dit object het.",
    "beeindigd": "Het object met dit adres was op {op} ingetrokken of niet gerealiseerd.",
}


def link(adressen: pl.DataFrame, kandidaten: pl.DataFrame) -> pl.DataFrame:
    """The BAG object that each address denotes on its date.

    Args:
        adressen: columns of ``ADRESSEN``; more are ignored. ``row_nr`` is unique.
        kandidaten: columns of ``KANDIDATEN``, the whole history.

    Returns:
        One row per address, in the order of ``adressen``, with schema ``KOPPELING``. ``level`` is one of ``LEVELS``
        (of the pieces that agree, the first), with ``_variant`` when the spelling of suffix or street was matched in
        its reduced form, or ``historisch`` when nothing had the address on that day and exactly one object ever had.
    """
    rows = address_hits.prepare_rows(adressen.select(ADRESSEN.names()).cast(ADRESSEN))
    forms = address_hits.prepare_forms(kandidaten.select(KANDIDATEN.names()).cast(KANDIDATEN))
    readings = address_hits.read_addresses(rows)
    hits = address_hits.find_hits(rows, readings, forms)
    verdicts = _judge(rows, readings, forms, hits)
    listed = _list_candidates(verdicts, readings, forms, hits)
    return (
        rows.select("row_nr")
        .join(verdicts, on="row_nr", how="left", maintain_order="left")
        .join(listed, on="row_nr", how="left", maintain_order="left")
        .with_columns(pl.col("kandidaten").fill_null([]))
        .with_columns(_reason())
        .select(KOPPELING.names())
        .cast(KOPPELING)
    )


def adresregel() -> pl.Expr:
    """The address line of NEN 5825 from the columns straat, huisnummer, huisletter and huisnummertoevoeging."""
    suffix = pl.concat_str(pl.col("huisletter").fill_null(""), pl.col("huisnummertoevoeging").fill_null(""))
    joint = pl.when(suffix == "").then(pl.lit("")).when(suffix.str.contains(r"^\d")).then(pl.lit("-"))
    return pl.concat_str(
        pl.col("straat").fill_null("(straat onbekend)"),
        pl.lit(" "),
        pl.col("huisnummer").cast(pl.String),
        joint.otherwise(pl.lit(" ")),
        suffix,
    )


def _judge(rows: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    """Per row: status, object, nummeraanduiding, level, and ``why`` (key of ``_REASONS``)."""
    chosen = _choose(hits.filter("usable"))
    given = rows.select(
        "row_nr",
        "op",
        pl.any_horizontal(pl.col("adresseerbaar_object_id", "nummeraanduiding_id").is_not_null()).alias("id_given"),
    ).join(_numbered(readings), on="row_nr", how="left")
    spelled_otherwise = (
        hits.filter("now").group_by("row_nr").agg(pl.col("exact").any().not_().alias("only_variant_now"))
    )
    frame = given.join(chosen, on="row_nr", how="left").join(spelled_otherwise, on="row_nr", how="left")
    frame = frame.join(_huisnummer_fits(chosen, readings, forms), on="row_nr", how="left")
    frame = frame.with_columns(_why())
    linked = pl.col("why").is_null() | pl.col("why").is_in(["historisch", "beeindigd"])
    unknown = pl.col("why").is_in(["geen_datum", "geen_adres", "id_onbekend", "niet_gevonden"])
    return frame.select(
        "row_nr",
        "op",
        "why",
        pl.when(linked)
        .then(pl.lit("gekoppeld"))
        .when(unknown)
        .then(pl.lit("onbekend"))
        .otherwise(pl.lit("meerduidig"))
        .alias("status"),
        *(
            pl.when(linked).then(column).alias(name)
            for name, column in (
                ("adresseerbaar_object_id", "object"),
                ("nummeraanduiding_id", "nummer"),
                ("level", "level"),
            )
        ),
    )


def _why() -> pl.Expr:
    """The first reason that applies; null when there is nothing to remark."""
    found_nothing, no_address = pl.col("pieces").is_null(), pl.col("address_given").is_null()
    only_ids = pl.col("last_piece") < PIECE_POSTCODE
    cases = {
        "geen_datum": pl.col("op").is_null(),
        "geen_adres": found_nothing & no_address & ~pl.col("id_given"),
        "id_onbekend": found_nothing & no_address,
        "niet_gevonden": found_nothing,
        "straat": pl.col("several"),
        "tegenspraak": pl.col("fits") == 0,
        "gelijk": pl.col("fits") > 1,
        "id_spreekt_tegen": pl.col("id_given") & (pl.col("first_piece") >= PIECE_POSTCODE),
        "huisnummer": only_ids & ~no_address & pl.col("huisnummer_fits").is_null(),
        "schrijfwijze": ~pl.col("row_now") & pl.col("only_variant_now"),
        "historisch": pl.col("level") == "historisch",
        "beeindigd": pl.col("rank") == RANK_ENDED,
    }
    return pl.coalesce(pl.when(applies).then(pl.lit(code)) for code, applies in cases.items()).alias("why")


def _choose(usable: pl.DataFrame) -> pl.DataFrame:
    """Per row with a hit: how many objects fit every piece, and the first of them.

    Pieces are counted as bits, because a set per row and object would be most of the work.
    """
    bit = pl.lit(1, pl.Int8) * pl.lit(2, pl.Int8).pow(pl.col("piece"))
    past, no_hoofdadres = ~pl.col("now"), ~pl.col("is_hoofdadres").fill_null(value=False)
    preference = (
        past.cast(pl.Int64) * 8
        + (pl.col("piece") != PIECE_NUMMER).cast(pl.Int64) * 4
        + (pl.col("piece") == PIECE_OBJECT).cast(pl.Int64) * 2
        + no_hoofdadres.cast(pl.Int64)
    ) * 2**40 + pl.col("nummer_order").cast(pl.Int64)
    first_now = (pl.col("piece").cast(pl.Int64) * 8 + pl.col("variant")).filter("now").min()
    hits = usable.with_columns(bit.cast(pl.Int8).alias("bit"), preference.alias("preference"))
    rows = hits.group_by("row_nr").agg(
        pl.col("bit").bitwise_or().alias("pieces"),
        pl.col("piece").min().alias("first_piece"),
        pl.col("piece").max().alias("last_piece"),
        pl.col("now").any().alias("row_now"),
        pl.col("several_streets").all().alias("several"),
    )
    objects = hits.group_by("row_nr", "object").agg(
        pl.col("bit").bitwise_or().alias("agree"),
        pl.col("nummer").get(pl.col("preference").arg_min()),
        pl.col("rank").filter("now").min().fill_null(RANK_ENDED),
        first_now.alias("first_now"),
    )
    agreed = objects.join(rows.select("row_nr", "pieces"), on="row_nr").filter(pl.col("agree") == pl.col("pieces"))
    best = agreed.group_by("row_nr").agg(pl.col("rank").min().alias("best"))
    fitting = agreed.join(best, on="row_nr").filter(pl.col("rank") == pl.col("best"))
    single = fitting.group_by("row_nr").agg(
        pl.len().alias("fits"), pl.col("object", "nummer", "rank", "first_now").first()
    )
    piece, variant = pl.col("first_now") // 8, pl.col("first_now") % 8
    level = piece.replace_strict(dict(enumerate(LEVELS)), return_dtype=pl.String, default=None)
    reduced = (piece >= PIECE_POSTCODE) & (variant > 0)
    return rows.join(single, on="row_nr", how="left").with_columns(
        pl.col("fits").fill_null(0),
        pl.when(reduced).then(level + "_variant").otherwise(level).fill_null("historisch").alias("level"),
    )


def _numbered(readings: pl.DataFrame) -> pl.DataFrame:
    """The rows whose address says enough to look it up."""
    enough = pl.col("huisnummer").is_not_null() & pl.any_horizontal(pl.col("postcode_key", "straat_key").is_not_null())
    return readings.filter(enough).select("row_nr", pl.lit(value=True).alias("address_given")).unique()


def _huisnummer_fits(chosen: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The rows whose huisnummer the chosen object has, or once had."""
    numbers = forms.select("huisnummer", pl.col("adresseerbaar_object_id").alias("object")).unique()
    return (
        readings.select("row_nr", "huisnummer")
        .join(chosen.select("row_nr", "object"), on="row_nr")
        .join(numbers, on=["object", "huisnummer"], how="semi")
        .select("row_nr", pl.lit(value=True).alias("huisnummer_fits"))
        .unique()
    )


def _list_candidates(
    verdicts: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame, hits: pl.DataFrame
) -> pl.DataFrame:
    """Up to ``MAX_KANDIDATEN`` texts per row that is not linked: what it hit, else what stands at its huisnummer."""
    undecided = verdicts.filter(pl.col("status") != "gekoppeld").select("row_nr", "op")
    hit = hits.join(undecided, on="row_nr").select(
        "row_nr", "form", pl.col("usable").not_().cast(pl.Int8).alias("far"), pl.col("now").not_().alias("past")
    )
    near = address_hits.find_neighbours(readings.join(undecided.select("row_nr"), on="row_nr", how="semi"), forms)
    near = near.join(hit.select("row_nr").unique(), on="row_nr", how="anti")
    lines = forms.select("form", "huisnummer", "suffix_key", pl.col("adresseerbaar_object_id").alias("object"), _line())
    return (
        pl.concat([hit, near])
        .join(lines, on="form")
        .sort("row_nr", "past", "far", "huisnummer", "suffix_key", "object", "form")
        .unique(["row_nr", "object"], keep="first", maintain_order=True)
        .group_by("row_nr", maintain_order=True)
        .agg(pl.col("line").head(MAX_KANDIDATEN).alias("kandidaten"))
    )


def _line() -> pl.Expr:
    until = pl.col("valid_until").dt.to_string("%d-%m-%Y")
    period = pl.when(until.is_not_null()).then(pl.lit(", tot ") + until).otherwise(pl.lit(""))
    postcode = pl.col("postcode").str.slice(0, 4) + " " + pl.col("postcode").str.slice(4) + " "
    return pl.concat_str(
        pl.col("adresseerbaar_object_id"),
        pl.lit(": "),
        adresregel(),
        pl.lit(", "),
        postcode.fill_null(""),
        pl.col("woonplaats").fill_null("(woonplaats onbekend)"),
        pl.lit(" ("),
        pl.col("object_status").fill_null("status onbekend"),
        period,
        pl.lit(")"),
    ).alias("line")


def _reason() -> pl.Expr:
    text = pl.col("why").replace_strict(_REASONS, return_dtype=pl.String, default=None)
    return text.str.replace("{op}", pl.col("op").dt.to_string("%d-%m-%Y").fill_null(""), literal=True).alias("reden")
