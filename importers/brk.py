"""The BRK: who owns what, and by which transfer, from answers of BRK Bevragen v2 or a list of the Kadaster."""

from pathlib import Path

import polars as pl

from importers.brk_answers import Answers
from importers.brk_files import read_answers
from importers.brk_frames import PERSONS, RIGHTS, Told, make_batches, warn_rows
from importers.brk_list import read_list
from importers.issues import no_issues
from importers.json_files import is_json
from importers.records import KADASTRALE_ADRESSEN, KADASTRALE_OBJECTEN, Delivery
from importers.source import Mapping, Source

_STUKDELEN = pl.Schema(
    {
        "stukdeel": pl.String(),
        "stuk": pl.String(),
        "aard_stuk_code": pl.String(),
        "aard_stuk": pl.String(),
        "som": pl.Int64(),
    }
)
_ISO_DAY = "%Y-%m-%d"


def read(path: Path, *, source: Source, mapping: Mapping | None = None) -> Delivery:
    """The objects, rights, persons and transfers of one file.

    Args:
        path: answers of BRK Bevragen (.json, JSON lines, a .zip or a folder of them), or a list (.xlsx, .csv).
        source: the description of the source.
        mapping: the municipality's own column names, for a list.

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    if not is_json(path):
        return read_list(path, source=source, mapping=mapping)
    answers = Answers()
    answers.take(read_answers(path))
    notes = (f"{answers.unused} antwoorden over hypotheken, beslagen en beperkingen zijn niet gebruikt.",)
    return Delivery(None, iter(make_batches(_told(answers, source))), notes=notes if answers.unused else ())


def _told(answers: Answers, source: Source) -> Told:
    objects = pl.DataFrame(list(answers.objects.values()), schema=_without_flags(KADASTRALE_OBJECTEN.schema))
    persons = pl.DataFrame(
        [{**person, "adres_sleutel": person.get("post")} for person in answers.persons.values()], schema=PERSONS
    )
    schema = pl.Schema({name: dtype for name, dtype in RIGHTS.items() if name != "aard_recht"})
    rights = pl.DataFrame(answers.rights, schema=schema)
    rights, odd = _read_rights(rights, source)
    rights = _with_deeds(rights, pl.DataFrame(list(answers.stukdelen.values()), schema=_STUKDELEN), source)
    rights = _with_prices(rights, objects)
    issues = [no_issues(), odd, *(log.frame() for log in answers.logs.values())]
    return Told(
        objects=objects,
        addresses=pl.DataFrame(answers.addresses, schema=KADASTRALE_ADRESSEN.schema),
        persons=persons,
        rights=rights.select(RIGHTS.names()).cast(RIGHTS),
        issues=pl.concat(issues),
        read=answers.read,
    )


def _without_flags(schema: pl.Schema) -> pl.Schema:
    return pl.Schema({name: dtype for name, dtype in schema.items() if name != "vlaggen"})


def _read_rights(rights: pl.DataFrame, source: Source) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Kind of right and first day; what is no known kind is ``overig``, what is no day is unknown."""
    kinds = source.lookups["aard_recht"]
    kind = pl.col("aard_recht_bron").str.to_lowercase()
    day = pl.col("aanvang").str.to_date(_ISO_DAY, strict=False)
    judged = rights.with_columns(
        aard_recht=kind.replace_strict(kinds, default="overig", return_dtype=pl.String).fill_null("overig"),
        unknown_kind=~kind.is_in(list(kinds)).fill_null(value=False),
        no_day=pl.col("aanvang").is_not_null() & day.is_null(),
        aanvang=day.cast(pl.String),
    )
    issues = [
        warn_rows(
            judged, pl.col("unknown_kind"), "aard_recht_onbekend",
            "De aard van het recht is niet bekend. Het recht is ingelezen als 'overig' en telt niet als eigendom.",
            pl.col("aard_recht_bron"),
        ),
        warn_rows(
            judged, pl.col("no_day"), "aanvangsdatum",
            "De aanvangsdatum is geen datum (jjjj-mm-dd). Het recht is ingelezen met een onbekende aanvang.",
        ),
    ]  # fmt: skip
    return judged, pl.concat(issues)


def _with_deeds(rights: pl.DataFrame, stukdelen: pl.DataFrame, source: Source) -> pl.DataFrame:
    """The part of the deed by which a right was acquired: a levering before other kinds, else the first."""
    kinds = source.lookups["aard_stuk"]

    def known(name: str) -> pl.Expr:
        return pl.col(name).str.to_lowercase().replace_strict(kinds, default=None, return_dtype=pl.String)

    parts = (
        rights.select("tenaamstelling", stukdeel="stukdelen")
        .explode("stukdeel")
        .drop_nulls("stukdeel")
        .with_row_index("place")
        .join(stukdelen, on="stukdeel", how="left", maintain_order="left")
        .with_columns(aard=pl.coalesce(known("aard_stuk_code"), known("aard_stuk")))
        .sort((pl.col("aard") == "levering").fill_null(value=False), pl.col("aard").is_not_null(), "place",
              descending=[True, True, False])
        .unique("tenaamstelling", keep="first", maintain_order=True)
        .select("tenaamstelling", "stukdeel", "aard_stuk_code", "aard_stuk", "aard", "som", deed="stuk")
    )  # fmt: skip
    return (
        rights.drop("stukdeel", "aard_stuk_code", "aard_stuk", "aard")
        .join(parts, on="tenaamstelling", how="left", maintain_order="left")
        .with_columns(stuk=pl.coalesce("deed", "stuk"))
    )


def _with_prices(rights: pl.DataFrame, objects: pl.DataFrame) -> pl.DataFrame:
    """Inscription and price of the transfer by which each right was acquired.

    BRK Bevragen gives no day of inscription. The koopjaar of the object is that of its latest sale: it dates the rights
    that began in or before that year and are the latest of the object. Without it a levering is dated by the year in
    which the right took effect, for the right passes with the inscription (BW 3:89); an inheritance takes effect at a
    death and is inscribed later, so its inscription stays unknown.
    """
    sold = objects.select("kadastraal_object", "koopjaar", price="koopsom", more="koopsom_meer_objecten")
    year = pl.col("aanvang").str.slice(0, 4).cast(pl.Int64)
    latest = (year == year.max().over("kadastraal_object")).fill_null(value=True)
    # Null kinds count: an answer without its deeds must not lose its year.
    by_sale = (
        latest & (year.is_null() | (year <= pl.col("koopjaar"))) & (pl.col("aard").fill_null("levering") == "levering")
    )
    by_right = (pl.col("aard") == "levering") & year.is_not_null()
    joined = rights.join(sold, on="kadastraal_object", how="left", maintain_order="left").with_columns(
        by_sale=(by_sale & pl.col("koopjaar").is_not_null()).fill_null(value=False),
        by_right=by_right.fill_null(value=False),
    )
    dated = pl.when("by_sale")
    return joined.with_columns(
        inschrijving=dated.then(pl.col("koopjaar").cast(pl.String))
        .when("by_right")
        .then(pl.col("aanvang").str.slice(0, 4)),
        inschrijving_herkomst=dated.then(pl.lit("koopjaar")).when("by_right").then(pl.lit("aanvangsdatum")),
        koopsom=pl.coalesce("som", dated.then("price")),
        koopsom_meer_objecten=dated.then("more"),
        # The right began before its holder bought it: of the holder only the year of the sale is known.
        aanvang=pl.when(pl.col("by_sale") & (year < pl.col("koopjaar")))
        .then(pl.col("koopjaar").cast(pl.String))
        .otherwise("aanvang"),
    )
