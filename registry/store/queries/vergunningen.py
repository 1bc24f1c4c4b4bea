"""The record frames of permits, clauses and exemptions."""

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.spans import Only, is_of
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from rules import frames


def read_vergunningen(connection: ReadConnection, *, known: int, only: Only | None = None) -> pl.DataFrame:
    """Permits and requests (schema ``frames.VERGUNNINGEN``) of every object, or only of one."""
    table = registers.vergunningen
    columns = [name for name in frames.VERGUNNINGEN if name != "overdracht"]
    rows = read_versions(connection, table, columns, known=known, where=_only(table, only))
    # No register says to which transfer a permit belongs.
    return rows.with_columns(overdracht=pl.lit(None, pl.String)).sort("vergunning")


def read_bedingen(connection: ReadConnection, *, known: int, only: Only | None = None) -> pl.DataFrame:
    """Clauses (schema ``frames.BEDINGEN``) of every object, or only of one."""
    table = registers.bedingen
    columns = [*frames.BEDINGEN, "debiteur_bsn_hash", "debiteur_rsin", "debiteur_kvk"]
    rows = read_versions(connection, table, columns, known=known, where=_only(table, only))
    persoon = _persoon(connection, rows, known=known)
    return rows.with_columns(debiteur=persoon).select(list(frames.BEDINGEN)).sort("beding")


def read_ontheffingen(connection: ReadConnection, *, known: int, only: Only | None = None) -> pl.DataFrame:
    """Exemptions (schema ``frames.ONTHEFFINGEN``) from every clause, or only from those of one object."""
    table, bedingen = registers.ontheffingen, registers.bedingen
    where = None
    if only is not None:
        where = table.c.beding.in_(sa.select(bedingen.c.beding).where(is_of(bedingen.c.adresseerbaar_object_id, only)))
    return read_versions(connection, table, list(frames.ONTHEFFINGEN), known=known, where=where).sort(
        "beding", "valid_from", "reden"
    )


def _only(table: sa.Table, only: Only | None) -> sa.ColumnElement[bool] | None:
    return None if only is None else is_of(table.c.adresseerbaar_object_id, only)


def _persoon(connection: ReadConnection, rows: pl.DataFrame, *, known: int) -> pl.Series:
    """The persoon key of each debtor: his persoonslijst where the BRP knows his BSN, else the key of his number.

    A company that the clause names by KvK number is the rechthebbende with that number, where the BRK has only one.
    """
    persoonslijsten, rechthebbenden, bedingen = registers.persoonslijsten, registers.rechthebbenden, registers.bedingen
    by_bsn = read_versions(
        connection,
        persoonslijsten,
        ("persoonslijst", "bsn_hash"),
        known=known,
        where=persoonslijsten.c.bsn_hash.in_(sa.select(bedingen.c.debiteur_bsn_hash)),
    )
    by_kvk = read_versions(
        connection,
        rechthebbenden,
        ("rechthebbende", "kvk"),
        known=known,
        where=rechthebbenden.c.kvk.in_(sa.select(bedingen.c.debiteur_kvk)),
    )
    joined = rows.join(
        by_bsn.sort("persoonslijst").unique("bsn_hash", keep="first"),
        left_on="debiteur_bsn_hash",
        right_on="bsn_hash",
        how="left",
        maintain_order="left",
    ).join(by_kvk.unique("kvk", keep="none"), left_on="debiteur_kvk", right_on="kvk", how="left", maintain_order="left")
    by_number = pl.col("debiteur_bsn_hash").is_null() & pl.col("debiteur_rsin").is_null()
    company = pl.when(by_number).then("rechthebbende")
    return joined.select(pl.coalesce("persoonslijst", company, "debiteur")).to_series()
