"""Links addresses as people write them to BAG objects, as of a date: exact levels first, and never a guess.

Every piece of an address that can identify on its own (a BAG id; postcode and huisnummer; street, huisnummer and
woonplaats) is looked up by itself. A row is linked when all pieces that find something agree on one object. Pieces that
disagree, or two objects that fit equally, make the row ambiguous, with the candidates for a person to choose from.
"""

import polars as pl

from registry.intake import address_hits
from registry.intake.address_candidates import MAX_KANDIDATEN, list_candidates
from registry.intake.address_doubts import POSTCODE_BIT, STREET_BIT, find_doubts, mend_postcode
from registry.intake.address_hits import PIECE_NUMMER, PIECE_OBJECT, PIECE_POSTCODE, PIECE_STRAAT, RANK_ENDED
from registry.intake.street_names import MISSPELLED, REDUCED, RENAMED, SHORTENED

__all__ = ["ADRESSEN", "KANDIDATEN", "KOPPELING", "LEVELS", "MAX_KANDIDATEN", "link"]

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
# How street and suffix were recognised: the outcome of street_names.find_streets, and one for another suffix spelling.
_MANNERS = {
    1: "_variant",
    REDUCED: "_variant",
    REDUCED + 1: "_variant",
    SHORTENED: "_afkorting",
    SHORTENED + 1: "_afkorting",
    MISSPELLED: "_typefout",
    MISSPELLED + 1: "_typefout",
    RENAMED: "_hernoemd",
    RENAMED + 1: "_hernoemd",
}
_WAYS = 16  # more than there are manners

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
    "andere_straat": "Bij deze postcode en dit huisnummer hoort een andere straat. Kies een kandidaat.",
    "andere_postcode": "Bij deze straat en dit huisnummer hoort een andere postcode. Vul de woonplaats in of kies een"
    " kandidaat.",
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
        (of the pieces that agree, the first) with one of ``_MANNERS`` behind it; ``postcode_typefout`` when street and
        huisnummer decide over a postcode with one typing error; or ``historisch`` when nothing had the address on that
        day and exactly one object ever had.
    """
    rows = address_hits.prepare_rows(adressen.select(ADRESSEN.names()).cast(ADRESSEN))
    forms = address_hits.prepare_forms(kandidaten.select(KANDIDATEN.names()).cast(KANDIDATEN))
    readings = address_hits.read_addresses(rows)
    hits = address_hits.find_hits(rows, readings, forms)
    verdicts = _judge(rows, readings, forms, hits)
    listed = list_candidates(verdicts, readings, forms, hits)
    return (
        rows.select("row_nr")
        .join(verdicts, on="row_nr", how="left", maintain_order="left")
        .join(listed, on="row_nr", how="left", maintain_order="left")
        .with_columns(pl.col("kandidaten").fill_null([]))
        .with_columns(_reason())
        .select(KOPPELING.names())
        .cast(KOPPELING)
    )


def _judge(rows: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    """Per row: status, object, nummeraanduiding, level, and ``why`` (key of ``_REASONS``)."""
    usable = hits.filter("usable")
    chosen = _mend(_choose(usable), usable, readings, forms)
    given = rows.select(
        "row_nr",
        "op",
        pl.any_horizontal(pl.col("adresseerbaar_object_id", "nummeraanduiding_id").is_not_null()).alias("id_given"),
    ).join(_numbered(readings), on="row_nr", how="left")
    spelled_otherwise = (
        hits.filter("now", pl.col("variant") < RENAMED)
        .group_by("row_nr")
        .agg(pl.col("exact").any().not_().alias("only_variant_now"))
    )
    frame = given.join(chosen, on="row_nr", how="left").join(spelled_otherwise, on="row_nr", how="left")
    frame = frame.join(find_doubts(chosen, readings, forms), on="row_nr", how="left")
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


def _mend(chosen: pl.DataFrame, usable: pl.DataFrame, readings: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The choices, where street and postcode disagree by one typing error in the postcode: by street."""
    torn = chosen.filter(pl.col("fits") == 0, pl.col("pieces") == (POSTCODE_BIT | STREET_BIT)).select("row_nr")
    theirs = usable.join(torn, on="row_nr", how="semi")
    by_street = _choose(theirs.filter(pl.col("piece") == PIECE_STRAAT))
    mended = mend_postcode(by_street, theirs, readings, forms).with_columns(level=pl.lit("postcode_typefout"))
    return pl.concat([chosen.join(mended, on="row_nr", how="anti"), mended.select(chosen.columns)])


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
        "andere_straat": pl.col("other_street"),
        "andere_postcode": pl.col("other_postcode"),
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
    first_now = (pl.col("piece").cast(pl.Int64) * _WAYS + pl.col("variant")).filter("now").min()
    hits = usable.with_columns(bit.cast(pl.Int8).alias("bit"), preference.alias("preference"))
    rows = hits.group_by("row_nr").agg(
        pl.col("bit").bitwise_or().alias("pieces"),
        pl.col("piece").min().alias("first_piece"),
        pl.col("piece").max().alias("last_piece"),
        pl.col("now").any().alias("row_now"),
        pl.col("several_streets").all().alias("several"),
        pl.col("place").n_unique().alias("places"),
    )
    objects = hits.group_by("row_nr", "object").agg(
        pl.col("bit").bitwise_or().alias("agree"),
        pl.col("nummer").get(pl.col("preference").arg_min()),
        pl.col("rank").filter("now").min().fill_null(RANK_ENDED),
        pl.col("variant").filter(pl.col("piece") == PIECE_STRAAT).min().alias("street_variant"),
        first_now.alias("first_now"),
    )
    agreed = objects.join(rows.select("row_nr", "pieces", "places"), on="row_nr").filter(
        pl.col("agree") == pl.col("pieces")
    )
    best = agreed.group_by("row_nr").agg(pl.col("rank").min().alias("best"))
    # Two readings of one line are equals: that the object of one of them exists says nothing about what was meant.
    fitting = agreed.join(best, on="row_nr").filter((pl.col("rank") == pl.col("best")) | (pl.col("places") > 1))
    single = fitting.group_by("row_nr", maintain_order=True).agg(
        pl.len().alias("fits"), pl.col("object", "nummer", "rank", "street_variant", "first_now").first()
    )
    piece, variant = pl.col("first_now") // _WAYS, pl.col("first_now") % _WAYS
    level = piece.replace_strict(dict(enumerate(LEVELS)), return_dtype=pl.String, default=None)
    way = pl.when(piece >= PIECE_POSTCODE).then(variant).otherwise(0)
    manner = way.replace_strict(_MANNERS, return_dtype=pl.String, default="")
    return rows.join(single, on="row_nr", how="left").with_columns(
        pl.col("fits").fill_null(0),
        (level + manner).fill_null("historisch").alias("level"),
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


def _reason() -> pl.Expr:
    text = pl.col("why").replace_strict(_REASONS, return_dtype=pl.String, default=None)
    return text.str.replace("{op}", pl.col("op").dt.to_string("%d-%m-%Y").fill_null(""), literal=True).alias("reden")
