"""What people decided about portfolios: which rechthebbenden are one owner. Nothing is ever changed or removed here."""

import sqlalchemy as sa

from registry.store.tables.base import PSEUDONYM, ROW_ID, metadata

portfolio_besluiten = sa.Table(
    "portfolio_besluiten",
    metadata,
    sa.Column("besluit_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column(
        "rechthebbende", sa.Text(), nullable=False, comment="de eerste van twee sleutels, op volgorde", info=PSEUDONYM
    ),
    sa.Column("andere_rechthebbende", sa.Text(), nullable=False, info=PSEUDONYM),
    sa.Column("besluit", sa.Text(), nullable=False, comment="bevestigd, verworpen of herroepen"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("besloten_op", sa.DateTime(timezone=True), nullable=False),
    sa.Column("bewijs", sa.Text(), nullable=False, comment="waarop het voorstel rustte toen het werd besloten"),
    sa.Column("toelichting", sa.Text()),
    sa.Index("ix_portfolio_besluiten_pair", "rechthebbende", "andere_rechthebbende"),
)
