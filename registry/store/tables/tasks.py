"""Work that pages ask for and a worker does: imports and evaluations."""

import sqlalchemy as sa

from registry.store.tables.base import ROW_ID, metadata

# What becomes of a task is kept in its row: it is about the work, never a fact about a dwelling.
taken = sa.Table(
    "taken",
    metadata,
    sa.Column("taak_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("soort", sa.Text(), nullable=False, comment="import of toetsing"),
    sa.Column("opdracht", sa.Text(), nullable=False, comment="JSON: wat er moet gebeuren"),
    sa.Column("status", sa.Text(), nullable=False, index=True, comment="wacht, bezig, klaar of mislukt"),
    sa.Column("pogingen", sa.BigInteger(), nullable=False),
    sa.Column("uitkomst", sa.Text(), comment="JSON: wat het opleverde"),
    sa.Column("fout", sa.Text(), comment="waarom het mislukte, in een zin"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("gevraagd_op", sa.DateTime(timezone=True), nullable=False),
    sa.Column("begonnen_op", sa.DateTime(timezone=True)),
    sa.Column("klaar_op", sa.DateTime(timezone=True)),
)
