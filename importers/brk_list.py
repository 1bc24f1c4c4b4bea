"""A list of the Kadaster in Excel or CSV: one row per right and holder, or per address of an object."""

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl

from importers.brk_frames import PERSONS, RIGHTS, Told, make_batches
from importers.brk_list_checks import (
    FRACTION,
    MONEY,
    PARTIAL_DATES,
    PARTS,
    PLACE,
    RIGHT,
    digits,
    object_failures,
    partial_date,
    right_failures,
    value_failures,
)
from importers.field_columns import address_columns, address_failures, address_warnings, keep_row, remove_bsns
from importers.headers import UITVAL
from importers.issues import Level
from importers.readers import (
    Table,
    check_columns,
    missing,
    parse_date,
    parse_int,
    read_table,
    set_aside,
)
from importers.records import KADASTRALE_ADRESSEN, KADASTRALE_OBJECTEN, Delivery
from importers.register_columns import flag
from importers.source import Mapping, Source


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
    rows = replace(rows, frame=rows.frame.with_columns(object_key=_object_key()))
    told = rows.frame.filter(~missing(RIGHT)).group_by("object_key").len()
    addressed = ~missing(PLACE)
    rows, failed = set_aside(rows, [*object_failures(), *right_failures(), *value_failures(table.date_format)])
    rows, misplaced = set_aside(
        rows,
        [replace(failure, mask=failure.mask & addressed) for failure in address_failures()],
    )
    rows, unknown = check_columns(rows, source)
    issues = [table.issues, removed, failed, misplaced, unknown, address_warnings(rows)]
    frame = _values(rows.frame, source, table.date_format)
    rights = frame.filter("has_right")
    # A right that was set aside has not ended: a list is only complete for objects of which every row went in.
    whole = told.join(rights.group_by("object_key").len(), on=["object_key", "len"])["object_key"]
    # Of a line that cannot be read nobody knows the object, and corrected rows come without those that were right.
    partial = table.issues.filter(level=Level.UITVAL.value).height or UITVAL in table.headers
    complete = [] if partial else whole.to_list()
    return Told(
        objects=_objects(frame, complete),
        addresses=frame.filter(pl.col("adres_sleutel").is_not_null()).select(KADASTRALE_ADRESSEN.schema.names()),
        persons=rights.with_columns(adres_sleutel="post").select(PERSONS.names()).cast(PERSONS),
        rights=rights.select(RIGHTS.names()).cast(RIGHTS),
        issues=pl.concat(issues).sort("source_row", maintain_order=True),
        read=table.read,
    )


def _aanduiding() -> pl.Expr:
    """The kadastrale aanduiding, from its own column or from its parts."""
    index = pl.col("appartementsindex")
    return pl.coalesce(
        pl.col("kadastrale_aanduiding").str.replace_all(r"\s+", " "),
        pl.concat_str(
            *PARTS[:3],
            pl.when(index.str.contains(r"[1-9]")).then(pl.lit("A") + index.str.replace(r"^[Aa]?0*", "")),
            separator=" ",
            ignore_nulls=True,
        ),
    ).str.strip_chars()


def _object_key() -> pl.Expr:
    return pl.coalesce("kadastraal_object", _aanduiding().str.to_uppercase())


def _values(frame: pl.DataFrame, source: Source, date_format: str | None) -> pl.DataFrame:
    """Every column of the records as a value."""
    kinds = source.lookups["aard_stuk"]
    deed = pl.col("deed_as_read")
    frame = frame.with_columns(
        *address_columns(),
        *(partial_date(field, date_format).alias(field) for field in PARTIAL_DATES),
        kadastrale_aanduiding=_aanduiding(),
        kadastraal_object=_object_key(),
        has_right=~missing(RIGHT),
        aard_recht_bron=pl.col("right_as_read"),
        aard=deed.str.to_lowercase().replace_strict(kinds, default=None, return_dtype=pl.String),
        aard_stuk_code=deed.str.extract(r"^([0-9]{3})$", 1),
        aandeel_teller=pl.coalesce(_part_of_share(1), parse_int("aandeel_teller").value),
        aandeel_noemer=pl.coalesce(_part_of_share(2), parse_int("aandeel_noemer").value),
        koopsom=pl.col("koopsom").str.extract(MONEY, 1).str.replace_all(".", "", literal=True).cast(pl.Int64),
        koopjaar=parse_int("koopjaar").value,
        koopsom_meer_objecten=flag("koopsom_meer_objecten"),
        koopovereenkomst=parse_date("koopovereenkomst", date_format).value,
        **{field: digits(field, length) for field, length in (("bsn", 9), ("rsin", 9), ("kvk", 8))},
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
        pl.col("aandeel").str.extract(FRACTION, group).cast(pl.Int64)
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


def _objects(frame: pl.DataFrame, complete: list[str]) -> pl.DataFrame:
    """One row per object with a right; ``complete`` are those of which the list holds every right."""
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
        tenaamstellingen=pl.when(pl.col("kadastraal_object").first().is_in(complete)).then(
            pl.col("tenaamstelling").unique().sort().implode()
        ),
    )  # fmt: skip
    addresses = frame.group_by("kadastraal_object").agg(adressen=pl.col("adres_sleutel").drop_nulls().unique().sort())
    all_known = pl.col("kadastraal_object").is_in(complete) & (pl.col("adressen").list.len() > 0)
    listed = pl.when(all_known).then("adressen").alias("adressen")
    joined = grouped.join(addresses, on="kadastraal_object", how="left", maintain_order="left").with_columns(listed)
    names = [name for name in KADASTRALE_OBJECTEN.schema.names() if name != "vlaggen"]
    return joined.select(names)
