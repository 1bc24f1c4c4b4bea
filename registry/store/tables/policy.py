"""What-ifs that people kept under a name, and who withdrew them. Nothing is ever changed or removed here."""

import sqlalchemy as sa

from registry.store.tables.base import ROW_ID, metadata

what_ifs = sa.Table(
    "what_ifs",
    metadata,
    sa.Column("what_if_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("naam", sa.Text(), nullable=False, index=True, comment="zoals de beleidsadviseur het noemt"),
    sa.Column("regel", sa.Text(), nullable=False),
    sa.Column("changes", sa.Text(), nullable=False, comment="JSON: parameter -> de andere waarde"),
    sa.Column("per", sa.Text(), nullable=False, comment="gemeente, wijk of buurt"),
    sa.Column("peildatum", sa.Date(), nullable=False, comment="de dag waarop het werd doorgerekend"),
    sa.Column("known_run_id", sa.ForeignKey("runs.run_id"), nullable=False, comment="de laatste run die meetelde"),
    sa.Column("wet_hash", sa.Text(), nullable=False, comment="hash van de wet die toen 'nu' was, voor elke gemeente"),
    sa.Column("results", sa.Text(), nullable=False, comment="JSON: de tabel zoals zij toen was"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("toelichting", sa.Text()),
)

what_if_withdrawals = sa.Table(
    "what_if_withdrawals",
    metadata,
    sa.Column("what_if_id", sa.ForeignKey("what_ifs.what_if_id"), primary_key=True),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("reden", sa.Text(), nullable=False),
)
