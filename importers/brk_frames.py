"""From what a delivery of the BRK says to records: transfers are told apart, and what does not fit is flagged.

The same steps serve the answers of BRK Bevragen and a list of the Kadaster. What is set aside and what is kept with a
flag stands in docs/bronnen/brk.md.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from importers.brp_checks import passes_elfproef
from importers.issues import ISSUE, Level, no_issues
from importers.records import (
    KADASTRALE_ADRESSEN,
    KADASTRALE_OBJECTEN,
    OVERDRACHTEN,
    PROVENANCE,
    RECHTHEBBENDEN,
    TENAAMSTELLINGEN,
    Batch,
    RecordType,
)

# The rights of whoever has the dwelling as an owner (docs/bronnen/brk.md).
OWNER_RIGHTS: Final = ("eigenaar", "erfpachter", "opstalhouder", "erfpachter_opstalhouder")
_TRANSFER = (
    "inschrijving", "inschrijving_herkomst", "tijdstip_aanbieding", "aard", "aard_stuk_code", "aard_stuk",
    "koopovereenkomst", "koopsom", "koopsom_meer_objecten", "stukdeel", "stuk",
)  # fmt: skip
# A right as a source tells it, with the transfer by which it was acquired.
RIGHTS: Final = pl.Schema(
    {name: column.dtype for name, column in TENAAMSTELLINGEN.columns.items() if name not in ("overdracht", "vlaggen")}
    | {name: OVERDRACHTEN.columns[name].dtype for name in _TRANSFER}
    | PROVENANCE
)
# A person as a source tells it: not yet judged.
PERSONS: Final = pl.Schema(
    {name: column.dtype for name, column in RECHTHEBBENDEN.columns.items() if name not in ("naam_sleutel", "vlaggen")}
    | {"adres_sleutel": pl.String()}  # the address as typed
    | PROVENANCE
)
_EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Told:
    """What one delivery says: frames with the columns of the records (``RIGHTS`` and ``PERSONS`` for two of them)."""

    objects: pl.DataFrame
    addresses: pl.DataFrame
    persons: pl.DataFrame
    rights: pl.DataFrame
    issues: pl.DataFrame
    read: int


def make_batches(told: Told) -> list[Batch]:
    """The records of a delivery, with what was odd about them."""
    persons, rights, person_issues = _judge_persons(told.persons, told.rights)
    rights, share_issues = _judge_shares(rights)
    objects, object_issues = _judge_objects(told.objects, rights)
    rights = rights.with_columns(overdracht=_transfer_key())
    transfers, transfer_issues = _transfers(rights)
    issues = pl.concat([no_issues(), told.issues, person_issues, share_issues, object_issues, transfer_issues])
    batches = [
        _batch(KADASTRALE_OBJECTEN, objects, issues, told.read),
        _batch(KADASTRALE_ADRESSEN, told.addresses),
        _batch(RECHTHEBBENDEN, persons),
        _batch(TENAAMSTELLINGEN, rights),
        _batch(OVERDRACHTEN, transfers),
    ]
    return [batch for batch in batches if batch.read or not batch.frame.is_empty()]


def _batch(record: RecordType, frame: pl.DataFrame, issues: pl.DataFrame | None = None, read: int = 0) -> Batch:
    unique = frame.unique(list(record.key), keep="last", maintain_order=True)
    return Batch(record, unique.select(record.schema.names()).cast(record.schema), _or_none(issues), read)


def _or_none(issues: pl.DataFrame | None) -> pl.DataFrame:
    return no_issues() if issues is None else issues


def warn_rows(
    frame: pl.DataFrame, mask: pl.Expr, code: str, text: str, original: pl.Expr | None = None
) -> pl.DataFrame:
    """Issues of level waarschuwing for the rows where ``mask`` is true (schema ``ISSUE``)."""
    return frame.filter(mask).select(
        level=pl.lit(Level.WAARSCHUWING.value),
        code=pl.lit(code),
        text=pl.lit(text),
        source_file="source_file",
        source_row="source_row",
        column=pl.lit(None, pl.String),
        original=pl.lit(None, pl.String) if original is None else original.cast(pl.String),
        row=pl.lit(None, pl.String),
    ).cast(ISSUE)  # fmt: skip


def flags(named: dict[str, pl.Expr]) -> pl.Expr:
    """The names of the conditions that are true, as a list."""
    found = [
        pl.when(condition.fill_null(value=False)).then(pl.lit(name, pl.String)) for name, condition in named.items()
    ]
    return pl.concat_list(found).list.drop_nulls()


def _judge_persons(persons: pl.DataFrame, rights: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Persons whose number fails its check are kept without it, each right with a person of its own.

    A number that is wrong, or stands for "unknown", must not make two owners one.
    """
    persons = persons.unique("rechthebbende", keep="last", maintain_order=True).with_columns(
        bad_bsn=~passes_elfproef(pl.col("bsn")),
        bad_rsin=~passes_elfproef(pl.col("rsin")),
        bad_kvk=~pl.col("kvk").str.contains(r"^[0-9]{8}$"),
    )
    persons = persons.with_columns(
        pl.when(~pl.col("bad_bsn")).then("bsn").alias("bsn"),
        pl.when(~pl.col("bad_rsin")).then("rsin").alias("rsin"),
        pl.when(~pl.col("bad_kvk")).then("kvk").alias("kvk"),
        vlaggen=flags(
            {"bsn_ongeldig": pl.col("bad_bsn"), "rsin_ongeldig": pl.col("bad_rsin"), "kvk_ongeldig": pl.col("bad_kvk")}
        ),
        naam_sleutel=_folded(pl.coalesce("statutaire_naam", "naam")),
        adres_sleutel=_folded(pl.col("adres_sleutel")),
    )
    named_by_number = (
        (pl.col("bad_bsn") & pl.col("rechthebbende").str.starts_with("bsn:"))
        | (pl.col("bad_rsin") & pl.col("rechthebbende").str.starts_with("rsin:"))
        | (pl.col("bad_kvk") & pl.col("rechthebbende").str.starts_with("kvk:"))
    ).fill_null(value=False)
    bad = persons.filter(named_by_number)
    issues = [
        warn_rows(persons, pl.col(f"bad_{kind}"), f"{kind}_ongeldig", text)
        for kind, text in (
            ("bsn", "Het burgerservicenummer van een rechthebbende voldoet niet aan de elfproef en is niet bewaard."),
            ("rsin", "Het RSIN van een rechthebbende voldoet niet aan de elfproef; er wordt niet op gekoppeld."),
            ("kvk", "Het KvK-nummer van een rechthebbende heeft geen acht cijfers; er wordt niet op gekoppeld."),
        )
    ]
    own = pl.lit("tenaamstelling:") + pl.col("tenaamstelling")
    apart = (
        rights.select("rechthebbende", "tenaamstelling")
        .join(bad, on="rechthebbende")
        .with_columns(own.alias("rechthebbende"))
        .drop("tenaamstelling")
    )
    is_bad = pl.col("rechthebbende").is_in(bad["rechthebbende"].to_list())
    rights = rights.with_columns(pl.when(is_bad).then(own).otherwise("rechthebbende").alias("rechthebbende"))
    return pl.concat([persons.filter(~named_by_number), apart.select(persons.columns)]), rights, pl.concat(issues)


def _folded(text: pl.Expr) -> pl.Expr:
    """Text as it is compared: lower case letters and digits, without accents; null when nothing is left."""
    plain = text.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")
    return pl.when(plain != "").then(plain)


def _judge_shares(rights: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A share of nothing, of more than the whole, or with half of its fraction is kept as unknown."""
    over, under = pl.col("aandeel_teller"), pl.col("aandeel_noemer")
    wrong = (over.is_null() != under.is_null()) | (over <= 0) | (under <= 0) | (over > under)
    rights = rights.unique("tenaamstelling", keep="last", maintain_order=True).with_columns(
        wrong=wrong.fill_null(value=False)
    )
    issues = warn_rows(
        rights, pl.col("wrong"), "aandeel_ongeldig",
        "Het aandeel is geen breuk tussen nul en één. Het recht is ingelezen met een onbekend aandeel.",
        pl.concat_str(over, pl.lit("/"), under, ignore_nulls=True),
    )  # fmt: skip
    unknown = [pl.when(~pl.col("wrong")).then(name).alias(name) for name in ("aandeel_teller", "aandeel_noemer")]
    return rights.with_columns(*unknown, vlaggen=flags({"aandeel_ongeldig": pl.col("wrong")})), issues


def _judge_objects(objects: pl.DataFrame, rights: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Objects whose shares do not add up, per kind of right; only where all rights were delivered and every share."""
    share = pl.col("aandeel_teller") / pl.col("aandeel_noemer")
    sums = (
        rights.filter(pl.col("aard_recht").is_in(OWNER_RIGHTS) & pl.col("einde").is_null())
        .group_by("kadastraal_object", "aard_recht")
        .agg(total=share.sum(), known=share.is_not_null().all(), whole=(share == 1).sum())
        .filter("known")
        .group_by("kadastraal_object")
        .agg(
            two_whole=(pl.col("whole") > 1).any(),
            too_much=(pl.col("total") > 1 + _EXACT).any(),
            too_little=(pl.col("total") < 1 - _EXACT).any(),
        )
    )
    judged = (
        objects.unique("kadastraal_object", keep="last", maintain_order=True)
        .join(sums, on="kadastraal_object", how="left", maintain_order="left")
        .with_columns(
            (pl.col(name) & pl.col("tenaamstellingen").is_not_null()).fill_null(value=False)
            for name in ("two_whole", "too_much", "too_little")
        )
    )
    token = pl.col("koopsom").is_between(0, 1)
    named = {
        "meer_dan_een_hele_eigenaar": pl.col("two_whole"),
        "aandelen_boven_een": pl.col("too_much") & ~pl.col("two_whole"),
        "aandelen_onder_een": pl.col("too_little"),
        "koopsom_symbolisch": token,
    }
    texts = {
        "meer_dan_een_hele_eigenaar": "Meer dan een rechthebbende heeft het hele recht. Het object is ingelezen; "
        "het eigendom telt als onbekend.",
        "aandelen_boven_een": "De aandelen zijn samen meer dan het geheel. Het object is ingelezen; het eigendom "
        "telt als onbekend.",
        "aandelen_onder_een": "De aandelen zijn samen minder dan het geheel. Het object is ingelezen; van een deel is "
        "de eigenaar onbekend.",
        "koopsom_symbolisch": "De koopsom is 0 of 1 euro. Zij is ingelezen en wordt niet als prijs gebruikt.",
    }
    key = pl.col("kadastraal_object")
    issues = [warn_rows(judged, named[code], code, text, key) for code, text in texts.items()]
    return judged.with_columns(vlaggen=flags(named)), pl.concat(issues)


def _transfer_key() -> pl.Expr:
    """The transfer by which a right was acquired; null for rights that are no ownership and when nothing tells it."""
    moment = pl.coalesce("inschrijving", "aanvang")
    by_day = pl.concat_str(moment, pl.coalesce("aard", "aard_stuk", pl.lit("onbekend")), separator="/")
    part = pl.coalesce("stukdeel", "stuk", by_day)
    key = pl.concat_str("kadastraal_object", part, separator="/")
    return pl.when(pl.col("aard_recht").is_in(OWNER_RIGHTS)).then(key)


def _transfers(rights: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per transfer; rights acquired together that tell it differently get a warning, and the first counts."""
    rows = rights.filter(pl.col("overdracht").is_not_null())
    grouped = rows.group_by("overdracht", maintain_order=True).agg(
        pl.col("kadastraal_object").first(),
        *(pl.col(name).drop_nulls().first() for name in _TRANSFER),
        *(pl.col(name).first() for name in PROVENANCE),
        differing=pl.any_horizontal(
            pl.col(name).drop_nulls().n_unique() > 1 for name in ("inschrijving", "aard", "koopsom")
        ),
    )
    token = pl.col("koopsom").is_between(0, 1).fill_null(value=False)
    issues = warn_rows(
        grouped, pl.col("differing"), "overdracht_tegenstrijdig",
        "De verkrijgers van één overdracht hebben een andere inschrijving, aard of koopsom. De eerste telt.",
        pl.col("overdracht"),
    )  # fmt: skip
    named = {"tegenstrijdig": pl.col("differing"), "koopsom_symbolisch": token}
    return grouped.with_columns(vlaggen=flags(named)), issues
