"""Signals that were handed over to a case system of the municipality, and the case that came of it."""

import sqlalchemy as sa

from registry.store.tables.base import ROW_ID, metadata

zaak_overdrachten = sa.Table(
    "zaak_overdrachten",
    metadata,
    sa.Column("zaak_overdracht_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("bewijs", sa.Text(), nullable=False, comment="bewijsnummer van het signaal"),
    sa.Column("adresseerbaar_object_id", sa.Text(), nullable=False, index=True),
    sa.Column("identificatie", sa.Text(), nullable=False, comment="kenmerk van de zaak; volgt uit het signaal"),
    sa.Column("zaaksysteem", sa.Text(), nullable=False, comment="adres van de Zaken API"),
    sa.Column("zaak_url", sa.Text(), nullable=False),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("zaaksysteem", "identificatie"),
)
