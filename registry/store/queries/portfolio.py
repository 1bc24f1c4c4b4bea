"""What people decided about portfolios: written once, never changed."""

from datetime import datetime

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection, read_frame
from registry.store.tables.ownership import portfolio_besluiten

BESLUITEN = pl.Schema(
    {
        "rechthebbende": pl.String(),
        "andere_rechthebbende": pl.String(),
        "besluit": pl.String(),  # bevestigd | verworpen | herroepen
        "auteur": pl.String(),
        "besloten_op": pl.Datetime("us", "UTC"),
        "bewijs": pl.String(),
        "toelichting": pl.String(),
    }
)


def read_besluiten(connection: ReadConnection, *, until: datetime | None = None) -> pl.DataFrame:
    """Every decision, oldest first, or only those taken before a moment (schema ``BESLUITEN``)."""
    table = portfolio_besluiten
    query = sa.select(*(table.c[name] for name in BESLUITEN)).order_by(table.c.besluit_id)
    if until is not None:
        query = query.where(table.c.besloten_op < until)
    return read_frame(connection, query, BESLUITEN)


def insert_besluit(
    connection: WriteConnection,
    *,
    pair: tuple[str, str],
    besluit: str,
    auteur: str,
    besloten_op: datetime,
    bewijs: str,
    toelichting: str | None,
) -> None:
    """Write down a decision about two rechthebbenden."""
    first, second = sorted(pair)
    connection.execute(
        portfolio_besluiten.insert().values(
            rechthebbende=first,
            andere_rechthebbende=second,
            besluit=besluit,
            auteur=auteur,
            besloten_op=besloten_op,
            bewijs=bewijs,
            toelichting=toelichting,
        )
    )
