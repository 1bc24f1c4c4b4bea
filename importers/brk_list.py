"""A list of the Kadaster in Excel or CSV: one row per right and holder, or per address of an object."""

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl

from importers.brk_frames import PERSONS, RIGHTS, Told, make_batches
from importers.brp_checks import passes_elfproef
from importers.field_columns import address_columns, address_failures, address_warnings, keep_row, remove_bsns
from importers.readers import (
    Failure,
    Table,
    check_columns,
    missing,
    parse_date,
    parse_int,
    read_table,
    set_aside,
)
from importers.records import KADASTRALE_ADRESSEN, KADASTRALE_OBJECTEN, Delivery
from importers.register_columns import day_failures, flag, flag_failures
from importers.source import Mapping, Source

_PARTS = ("kadastrale_gemeente", "sectie", "perceelnummer", "appartementsindex")
_PARTIAL_DATES = ("aanvang", "einde", "inschrijving")
_RIGHT = ("aard_recht", "bsn", "rsin", "kvk", "kadaster_persoon", "naam")
_PLACE = ("adresseerbaar_object_id", "nummeraanduiding_id", "adres", "straat", "huisnummer", "postcode")
_FRACTION = r"^\s*([0-9]{1,9})\s*/\s*([0-9]{1,9})\s*$"
_MONEY = r"^(?:€\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,12})(?:,(?:[0-9]{2}|-))?$"
_YEAR, _MONTH = r"^[0-9]{4}$", r"^(?:([0-9]{4})-(0[1-9]|1[0-2])|(0[1-9]|1[0-2])-([0-9]{4}))$"


def read_list(path: Path, *, source: Source, mapping: Mapping | None) -> Delivery:
    """The rights of a list (.xlsx or .csv).

    Raises:
        SourceRefusedError: the file cannot be read or has other columns.
    """
    table = read_table(path, source, mapping=mapping)
    return Delivery(None, iter(make_batches(_told(table, source))), headers=table.headers)


def _told(table: Table, source: Source) -> Told:
    rows, removed = remove_bsns(table, ("adres", "naam", "adres_rechthebbende"))
    rows = replace(rows, frame=keep_row(rows))
    # As the source wrote it, before the code list makes it canonical.
    rows = replace(
        rows, frame=rows.frame.with_columns(right_as_read=pl.col("aard_recht"), deed_as_read=pl.col("aard_stuk"))
    )
    addressed = ~missing(_PLACE)
    rows, failed = set_aside(rows, [*_object_failures(), *_right_failures(), *_value_failures(table.date_format)])
    rows, misplaced = set_aside(
        rows,
        [replace(failure, mask=failure.mask & addressed) for failure in address_failures()],
    )
    rows, unknown = check_columns(rows, source)
    issues = [table.issues, removed, failed, misplaced, unknown, address_warnings(rows)]
    frame = _values(rows.frame, source, table.date_format)
    rights = frame.filter("has_right")
    return Told(
        objects=_objects(frame),
        addresses=frame.filter(pl.col("adres_sleutel").is_not_null()).select(KADASTRALE_ADRESSEN.schema.names()),
        persons=rights.with_columns(adres_sleutel="post").select(PERSONS.names()).cast(PERSONS),
        rights=rights.select(RIGHTS.names()).cast(RIGHTS),
        issues=pl.concat(issues).sort("source_row", maintain_order=True),
        read=table.read,
    )


def _object_failures() -> list[Failure]:
    return [
        Failure(
            "kadastraal_object",
            missing(("kadastraal_object", "kadastrale_aanduiding")) & pl.any_horizontal(
                pl.col(part).is_null() for part in _PARTS[:3]
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


def _right_failures() -> list[Failure]:
    has_right = ~missing(_RIGHT)
    bsn = _digits("bsn", 9)
    return [
        Failure(
            "aard_recht",
            has_right & pl.col("aard_recht").is_null(),
            "leeg",
            "De kolom '{kolom}' is leeg, terwijl er een rechthebbende staat. Vul haar in.",
        ),
        Failure(
            "naam",
            has_right & missing(_RIGHT[1:]),
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
            ~has_right & missing(_PLACE),
            "lege_rij",
            "De rij noemt bij het object geen recht en geen adres. Vul een van beide in, of verwijder de rij.",
        ),
    ]


def _value_failures(date_format: str | None) -> list[Failure]:
    share = pl.col("aandeel")
    failures = [
        Failure(
            "aandeel",
            ~(share.str.contains(_FRACTION) | (share == "1")),
            "aandeel",
            "'{kolom}' is geen breuk zoals 1/2. Maak de cel op als tekst, want een rekenblad leest een datum.",
        ),
        *(
            Failure(field, parse_int(field).failed, "getal", "'{kolom}' is geen heel getal. Verbeter het.")
            for field in ("aandeel_teller", "aandeel_noemer", "koopjaar")
        ),
        Failure(
            "koopsom",
            ~pl.col("koopsom").str.contains(_MONEY),
            "bedrag",
            "'{kolom}' is geen bedrag in euro. Verbeter het of maak de cel leeg.",
        ),
        *flag_failures(("koopsom_meer_objecten",)),
        *day_failures(("koopovereenkomst",), date_format),
    ]
    for field in _PARTIAL_DATES:
        known = _partial(field, date_format)
        text = "'{kolom}' is geen datum (dd-mm-jjjj), maand (jjjj-mm) of jaar (jjjj). Verbeter haar."
        failures.append(Failure(field, pl.col(field).is_not_null() & known.is_null(), "datum", text))
    begin, end = _partial("aanvang", date_format), _partial("einde", date_format)
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


def _digits(field: str, length: int) -> pl.Expr:
    return pl.col(field).str.replace_all(r"[ .]", "").str.zfill(length)


def _partial(field: str, date_format: str | None) -> pl.Expr:
    """A date in the precision in which it is known: jjjj, jjjj-mm or jjjj-mm-dd."""
    text = pl.col(field)
    month = pl.concat_str(
        pl.coalesce(text.str.extract(_MONTH, 1), text.str.extract(_MONTH, 4)),
        pl.coalesce(text.str.extract(_MONTH, 2), text.str.extract(_MONTH, 3)),
        separator="-",
    )
    year = pl.when(text.str.contains(_YEAR) & (text >= "1000")).then(text)
    return pl.coalesce(year, month, parse_date(field, date_format).value.cast(pl.String))


def _values(frame: pl.DataFrame, source: Source, date_format: str | None) -> pl.DataFrame:
    """Every column of the records as a value."""
    aanduiding = pl.coalesce(
        pl.col("kadastrale_aanduiding").str.replace_all(r"\s+", " "),
        pl.concat_str(
            *_PARTS[:3],
            pl.when(pl.col("appartementsindex").str.contains(r"[1-9]")).then(
                pl.lit("A") + pl.col("appartementsindex").str.replace(r"^[Aa]?0*", "")
            ),
            separator=" ",
            ignore_nulls=True,
        ),
    ).str.strip_chars()
    kinds = source.lookups["aard_stuk"]
    deed = pl.col("deed_as_read")
    frame = frame.with_columns(
        *address_columns(),
        *(_partial(field, date_format).alias(field) for field in _PARTIAL_DATES),
        kadastrale_aanduiding=aanduiding,
        kadastraal_object=pl.coalesce("kadastraal_object", aanduiding.str.to_uppercase()),
        has_right=~missing(_RIGHT),
        aard_recht_bron=pl.col("right_as_read"),
        aard=deed.str.to_lowercase().replace_strict(kinds, default=None, return_dtype=pl.String),
        aard_stuk_code=deed.str.extract(r"^([0-9]{3})$", 1),
        aandeel_teller=pl.coalesce(_part_of_share(1), parse_int("aandeel_teller").value),
        aandeel_noemer=pl.coalesce(_part_of_share(2), parse_int("aandeel_noemer").value),
        koopsom=pl.col("koopsom").str.extract(_MONEY, 1).str.replace_all(".", "", literal=True).cast(pl.Int64),
        koopjaar=parse_int("koopjaar").value,
        koopsom_meer_objecten=flag("koopsom_meer_objecten"),
        koopovereenkomst=parse_date("koopovereenkomst", date_format).value,
        **{field: _digits(field, length) for field, length in (("bsn", 9), ("rsin", 9), ("kvk", 8))},
        **{
            name: pl.lit(None, pl.String)
            for name in ("partner", "aard_cultuur_code", "gesplitst_zakelijk_recht", "statutaire_zetel", "stukdeel")
        },
        **{name: pl.lit(None, pl.Int64) for name in ("gezamenlijk_teller", "gezamenlijk_noemer")},
        **{name: pl.lit(None, pl.Boolean) for name in ("vervallen", "sluimerend")},
        **{
            name: pl.lit(None, pl.List(pl.String))
            for name in ("grondpercelen", "appartementsrechten", "ontstaan_uit", "overgegaan_in", "stukdelen")
        },
        tijdstip_aanbieding=pl.lit(None, pl.Datetime("us")),
    )
    frame = frame.with_columns(
        inschrijving=pl.coalesce("inschrijving", pl.col("koopjaar").cast(pl.String)),
        inschrijving_herkomst=pl.when(pl.col("inschrijving").is_not_null())
        .then(pl.lit("lijst"))
        .when(pl.col("koopjaar").is_not_null())
        .then(pl.lit("koopjaar")),
        adres_sleutel=_address_key(),
    )
    return _with_persons(_with_keys(frame))


def _part_of_share(group: int) -> pl.Expr:
    return pl.when(pl.col("aandeel") == "1").then(pl.lit(1)).otherwise(
        pl.col("aandeel").str.extract(_FRACTION, group).cast(pl.Int64)
    )  # fmt: skip


def _address_key() -> pl.Expr:
    """The same address gets the same key in every delivery; a BAG id, where given, stands for the whole address."""
    typed = pl.concat_str(
        *(
            pl.col(name).cast(pl.String).fill_null("")
            for name in ("adres", "straat", "huisnummer", "suffix", "postcode")
        ),
        separator="|",
    ).str.to_lowercase()
    any_typed = pl.when(typed.str.strip_chars("|") != "").then(pl.lit("adres:") + typed)
    return pl.coalesce("adres_sleutel", "adresseerbaar_object_id", "nummeraanduiding_id", any_typed)


def _with_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Keys of tenaamstelling and rechthebbende; a person without a number is told apart per right.

    The key of a tenaamstelling must be the same in every delivery and with every release, so it is SHA-256 over text.
    It is stored as a keyed hash only.
    """
    number = pl.coalesce(
        pl.lit("bsn:") + pl.col("bsn"),
        pl.lit("rsin:") + pl.col("rsin"),
        pl.lit("kvk:") + pl.col("kvk"),
        pl.lit("kadaster:") + pl.col("kadaster_persoon"),
    )
    identity = pl.concat_str(
        "kadastraal_object", pl.col("aard_recht").fill_null(""), pl.coalesce(number, "naam").fill_null(""),
        pl.col("aanvang").fill_null(""), pl.col("aandeel_teller").cast(pl.String).fill_null(""),
        pl.col("aandeel_noemer").cast(pl.String).fill_null(""), separator="\x1f",
    )  # fmt: skip
    texts = frame.select(identity.alias("identity"))["identity"].to_list()
    keys = pl.Series("tenaamstelling", [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts], pl.String)
    return frame.with_columns(keys).with_columns(
        rechthebbende=pl.coalesce(number, pl.lit("tenaamstelling:") + pl.col("tenaamstelling"))
    )


def _with_persons(frame: pl.DataFrame) -> pl.DataFrame:
    legal = pl.col("rsin").is_not_null() | pl.col("kvk").is_not_null() | pl.col("rechtsvorm").is_not_null()
    kind = (
        pl.when(pl.col("bsn").is_not_null())
        .then(pl.lit("natuurlijk_persoon"))
        .when(legal)
        .then(pl.lit("rechtspersoon"))
        .otherwise("persoon_type")
    )
    is_vve = pl.col("rechtsvorm").str.to_lowercase().str.contains(r"eigenaar|^vve$|^21$")
    place = pl.concat_str("adres_rechthebbende", "postcode_rechthebbende", separator=" ", ignore_nulls=True)
    return frame.with_columns(
        type=kind,
        object_type=pl.col("type"),
        ingeschreven=pl.col("kadaster_persoon").is_null()
        & (pl.col("bsn").is_not_null() | pl.col("rsin").is_not_null() | pl.col("kvk").is_not_null()),
        statutaire_naam=pl.when(kind == "rechtspersoon").then("naam"),
        naam=pl.when((kind != "rechtspersoon").fill_null(value=True)).then("naam"),
        rechtsvorm_code=pl.when(is_vve).then(pl.lit("21")),
        post=place,
    )


def _objects(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per object with a right; a list is complete for every object that it names a right of."""
    first = (
        "kadastrale_aanduiding", "aard_cultuur_code", "aard_cultuur", "gesplitst_zakelijk_recht", "vervallen",
        "sluimerend", "grondpercelen", "appartementsrechten", "ontstaan_uit", "overgegaan_in",
    )  # fmt: skip
    newest = pl.col("koopjaar").arg_max()
    grouped = frame.filter("has_right").group_by("kadastraal_object", maintain_order=True).agg(
        *(pl.col(name).first() for name in first),
        *(pl.col(name).first() for name in ("source_file", "source_row")),
        type=pl.col("object_type").drop_nulls().first(),
        koopsom=pl.coalesce(pl.col("koopsom").get(newest, null_on_oob=True), pl.col("koopsom").drop_nulls().last()),
        koopjaar=pl.col("koopjaar").max(),
        koopsom_meer_objecten=pl.col("koopsom_meer_objecten").drop_nulls().last(),
        tenaamstellingen=pl.col("tenaamstelling").unique().sort(),
    )  # fmt: skip
    addresses = frame.group_by("kadastraal_object").agg(adressen=pl.col("adres_sleutel").drop_nulls().unique().sort())
    listed = pl.when(pl.col("adressen").list.len() > 0).then("adressen").alias("adressen")
    joined = grouped.join(addresses, on="kadastraal_object", how="left", maintain_order="left").with_columns(listed)
    names = [name for name in KADASTRALE_OBJECTEN.schema.names() if name != "vlaggen"]
    return joined.select(names)
