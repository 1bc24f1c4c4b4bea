"""From which day until which each right was held, as far as the deliveries of the Kadaster tell.

An answer of the Kadaster is complete for its object. So a right that one delivery lists and a later one does not has
ended between the two, and not after the last of the rights that came in its place began. It may have ended earlier: who
bought and sold between two deliveries was never listed.
"""

from datetime import date

import polars as pl
import sqlalchemy as sa

from importers.partial_dates import first_day, last_day
from registry.store.engine import ReadConnection, read_frame
from registry.store.queries.spans import Only, is_of
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.store.tables.runs import runs

_OBJECT, _DWELLING = "kadastraal_object", "adresseerbaar_object_id"
_SINCE_ALWAYS = date.min
_NONE_ENDED = pl.DataFrame(
    schema={"tenaamstelling": pl.String(), "ended_eerste": pl.Date(), "ended_laatste": pl.Date()}
)


def partial_days(name: str) -> tuple[pl.Expr, pl.Expr]:
    """The first and the last day (Date) that a text such as 2023, 2023-05 or 2023-05-02 may mean."""
    digits = pl.col(name).str.replace_all("-", "", literal=True).str.pad_end(8, "0")
    return first_day(digits), last_day(digits)


def of_dwelling(table: sa.Table, only: Only | None) -> sa.ColumnElement[bool] | None:
    """The rows of a table that are about an object of one dwelling; None when every dwelling is wanted."""
    return None if only is None else of_one_dwelling(table, only)


def of_one_dwelling(table: sa.Table, dwelling: Only) -> sa.ColumnElement[bool]:
    """The rows of a table that are about an object of a dwelling, or of a span of them."""
    adressen = registers.kadastrale_adressen
    return table.c[_OBJECT].in_(sa.select(adressen.c[_OBJECT]).where(is_of(adressen.c[_DWELLING], dwelling)))


def read_dated_rights(connection: ReadConnection, *, known: int, only: Only | None) -> pl.DataFrame:
    """Every right with the first and last day on which it may have begun and ended."""
    table = registers.tenaamstellingen
    columns = (
        "tenaamstelling", _OBJECT, "aard_recht", "aandeel_teller", "aandeel_noemer", "rechthebbende", "aanvang",
        "einde",
    )  # fmt: skip
    rights = read_versions(connection, table, columns, known=known, where=of_dwelling(table, only))
    return date_rights(rights, _lists(connection, known=known, only=only))


def date_rights(rights: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    """The rights with ``valid_from_eerste``, ``valid_from_laatste``, ``valid_until_eerste``, ``valid_until_laatste``.

    Args:
        rights: tenaamstelling, kadastraal_object, aard_recht, aanvang and einde (text, as known), and more.
        lists: what deliveries listed: kadastraal_object, leverdatum, tenaamstellingen, lapsed.
    """
    seen = (
        lists.explode("tenaamstellingen")
        .rename({"tenaamstellingen": "tenaamstelling"})
        .group_by(_OBJECT, "tenaamstelling")
        .agg(first_seen=pl.col("leverdatum").min(), last_seen=pl.col("leverdatum").max())
    )
    begin, until = partial_days("aanvang"), partial_days("einde")
    rights = rights.join(seen, on=[_OBJECT, "tenaamstelling"], how="left").with_columns(
        valid_from_eerste=begin[0],
        # A right that was delivered had begun by then.
        valid_from_laatste=pl.max_horizontal(begin[0], pl.min_horizontal(begin[1], "first_seen")),
        told_eerste=until[0],
        told_laatste=until[1],
    )
    ended = _ended(rights, lists)
    return rights.join(ended, on="tenaamstelling", how="left").with_columns(
        valid_until_eerste=pl.coalesce("told_eerste", "ended_eerste"),
        valid_until_laatste=pl.coalesce("told_laatste", "ended_laatste"),
    )


def _lists(connection: ReadConnection, *, known: int, only: Only | None) -> pl.DataFrame:
    """What each delivery listed of an object: kadastraal_object, leverdatum, lapsed, tenaamstellingen (then none)."""
    table = registers.kadastrale_objecten
    query = (
        sa.select(table.c[_OBJECT], runs.c.leverdatum, table.c.tenaamstellingen, table.c.vervallen)
        .join(runs, runs.c.run_id == table.c.recorded_run_id)
        .where(
            table.c.recorded_run_id <= known,
            runs.c.bron == "brk",  # and not a withdrawal, which only brings earlier versions back
            sa.or_(runs.c.ingetrokken_run_id.is_(None), runs.c.ingetrokken_run_id > known),
        )
    )
    wanted = of_dwelling(table, only)
    schema = {
        _OBJECT: pl.String(), "leverdatum": pl.Date(), "tenaamstellingen": pl.List(pl.String()),
        "vervallen": pl.Boolean(),
    }  # fmt: skip
    rows = read_frame(connection, query if wanted is None else query.where(wanted), schema)
    lapsed = pl.col("vervallen").fill_null(value=False)
    none = pl.lit([], pl.List(pl.String))
    return rows.filter(pl.col("tenaamstellingen").is_not_null() | lapsed).select(
        _OBJECT,
        "leverdatum",
        pl.when(lapsed).then(none).otherwise("tenaamstellingen").alias("tenaamstellingen"),
        lapsed=lapsed,
    )


def _ended(rights: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    """When the rights ended that a later delivery no longer lists: tenaamstelling, ended_eerste, ended_laatste."""
    # Of an object that has lapsed the Kadaster tells who held it just before.
    lapsed = lists.filter("lapsed").select(_OBJECT).unique()
    before = pl.when(pl.col(_OBJECT).is_in(lapsed[_OBJECT].to_list())).then(
        pl.col("valid_from_eerste").fill_null(_SINCE_ALWAYS)
    )
    listed = rights.with_columns(last_seen=pl.coalesce("last_seen", before)).filter(pl.col("last_seen").is_not_null())
    absent = (
        listed.select("tenaamstelling", _OBJECT, "last_seen")
        .join(lists.select(_OBJECT, "leverdatum"), on=_OBJECT)
        .filter(pl.col("leverdatum") > pl.col("last_seen"))
        .group_by("tenaamstelling", _OBJECT)
        .agg(pl.col("last_seen").first(), missed=pl.col("leverdatum").min())
    )
    if absent.is_empty():  # as for most dwellings: every delivery lists all of their rights
        return _NONE_ENDED
    kinds = listed.select("tenaamstelling", "aard_recht", began="valid_from_eerste")
    successors = listed.select(
        _OBJECT, "aard_recht", "first_seen", next_eerste="valid_from_eerste", next_laatste="valid_from_laatste"
    )
    followed = (
        absent.join(kinds, on="tenaamstelling")
        .join(successors, on=[_OBJECT, "aard_recht"])
        .filter(
            (pl.col("first_seen") == pl.col("missed"))
            & (pl.col("next_eerste") >= pl.col("began")).fill_null(value=True)
        )
        .group_by("tenaamstelling")
        # Of one of them nobody knows when it began: then only the delivery bounds the end.
        .agg(
            next_eerste=pl.col("next_eerste").min(),
            next_laatste=pl.when(pl.col("next_eerste").is_not_null().all()).then(pl.col("next_laatste").max()),
        )
    )
    return absent.join(followed, on="tenaamstelling", how="left").select(
        "tenaamstelling",
        # The Kadaster may list somebody for some days after he sold.
        ended_eerste=pl.min_horizontal("last_seen", "next_eerste"),
        ended_laatste=pl.min_horizontal("missed", "next_laatste"),
    )
