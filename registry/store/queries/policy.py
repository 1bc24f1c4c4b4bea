"""What-ifs that people kept: written once, and withdrawn by a row of their own."""

from datetime import date, datetime

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection, read_frame
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.store.tables.policy import what_if_withdrawals, what_ifs

WHAT_IFS = pl.Schema(
    {
        "what_if_id": pl.Int64(),
        "naam": pl.String(),
        "regel": pl.String(),
        "changes": pl.String(),  # JSON: parameter -> value
        "per": pl.String(),
        "peildatum": pl.Date(),
        "known_run_id": pl.Int64(),
        "wet_hash": pl.String(),
        "results": pl.String(),  # JSON: rows
        "auteur": pl.String(),
        "kept_at": pl.Datetime("us", "UTC"),
        "toelichting": pl.String(),
        "withdrawn_by": pl.String(),
        "withdrawn_at": pl.Datetime("us", "UTC"),
        "reden": pl.String(),
    }
)


def read_what_ifs(connection: ReadConnection) -> pl.DataFrame:
    """Every what-if, oldest first, withdrawn ones included (schema ``WHAT_IFS``)."""
    kept, gone = what_ifs, what_if_withdrawals
    own = [kept.c[name] for name in list(WHAT_IFS)[:12]]
    query = (
        sa.select(*own, gone.c.auteur.label("withdrawn_by"), gone.c.withdrawn_at, gone.c.reden)
        .join(gone, gone.c.what_if_id == kept.c.what_if_id, isouter=True)
        .order_by(kept.c.what_if_id)
    )
    rows = read_frame(connection, query, WHAT_IFS)
    # SQLite has no time zones: what is written is UTC.
    return rows.with_columns(pl.col("kept_at", "withdrawn_at").dt.replace_time_zone("UTC"))


def insert_what_if(
    connection: WriteConnection,
    *,
    naam: str,
    regel: str,
    changes: str,
    per: str,
    peildatum: date,
    known: int,
    wet_hash: str,
    results: str,
    auteur: str,
    kept_at: datetime,
    toelichting: str | None,
) -> int:
    """Keep a what-if; its number."""
    new = what_ifs.insert().values(
        naam=naam, regel=regel, changes=changes, per=per, peildatum=peildatum, known_run_id=known, wet_hash=wet_hash,
        results=results, auteur=auteur, kept_at=kept_at, toelichting=toelichting,
    )  # fmt: skip
    return int(connection.execute(new.returning(what_ifs.c.what_if_id)).scalar_one())


def insert_withdrawal(
    connection: WriteConnection, what_if_id: int, *, auteur: str, withdrawn_at: datetime, reden: str
) -> None:
    """Write down who withdrew a what-if, when and why."""
    connection.execute(
        what_if_withdrawals.insert().values(
            what_if_id=what_if_id, auteur=auteur, withdrawn_at=withdrawn_at, reden=reden
        )
    )


def read_defects(connection: ReadConnection, *, known: int, until: date) -> pl.DataFrame:
    """The dwellings in which an inspector wrote down defects up to a day: adresseerbaar_object_id, once each."""
    columns = ("adresseerbaar_object_id", "datum", "gebreken")
    rows = read_versions(connection, registers.inspecties, columns, known=known)
    found = (pl.col("datum") <= until) & (pl.col("gebreken").str.strip_chars().str.len_chars() > 0)
    return rows.filter(found).select("adresseerbaar_object_id").drop_nulls().unique()
