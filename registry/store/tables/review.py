"""What people decided about addresses that no rule links: which object is meant."""

import sqlalchemy as sa

from registry.store.tables.base import history_table

koppelbesluiten = history_table(
    "koppelbesluiten",
    key=("bron", "adresvorm"),
    columns=(
        sa.Column("bron", sa.Text(), nullable=False),
        sa.Column("adresvorm", sa.Text(), nullable=False, comment="het adres zonder hoofdletters en leestekens"),
        sa.Column("adres", sa.Text(), comment="het adres zoals geleverd"),
        sa.Column("adresseerbaar_object_id", sa.Text(), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("reden", sa.Text(), nullable=False),
        sa.Column("besloten_op", sa.DateTime(timezone=True), nullable=False),
    ),
)
# Withdrawing the run that holds a decision withdraws the decision with it.
koppelbesluiten.info["from_source"] = True
