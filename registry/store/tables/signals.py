"""Evaluations, the outcomes that are kept, and the law texts that they were judged by."""

import sqlalchemy as sa

from registry.store.tables.base import ROW_ID, metadata
from registry.store.types import TextList

wetten = sa.Table(
    "wetten",
    metadata,
    sa.Column("wet_hash", sa.Text(), primary_key=True),
    sa.Column("inhoud", sa.Text(), nullable=False, comment="JSON: per bestand de tekst zoals die gold"),
)

evaluaties = sa.Table(
    "evaluaties",
    metadata,
    sa.Column("evaluatie_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("regel", sa.Text(), nullable=False),
    sa.Column("regel_versie", sa.BigInteger(), nullable=False),
    sa.Column("peildatum", sa.Date(), nullable=False),
    sa.Column("known_run_id", sa.ForeignKey("runs.run_id"), comment="de laatste run die meetelde"),
    sa.Column("wet_hash", sa.Text(), nullable=False, comment="hash over de wetten van alle gemeenten in de evaluatie"),
    sa.Column("wetten", sa.Text(), nullable=False, comment="JSON: per gemeente de hash van de wetten die golden"),
    sa.Column("software", sa.Text(), nullable=False),
    sa.Column("tellingen", sa.Text(), nullable=False, comment="JSON: aantal per uitkomst, ook van wat niet is bewaard"),
    sa.Column("gemaakt", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("regel", "regel_versie", "peildatum", "known_run_id", "wet_hash", "software"),
)

signalen = sa.Table(
    "signalen",
    metadata,
    sa.Column("signaal_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("evaluatie_id", sa.ForeignKey("evaluaties.evaluatie_id"), nullable=False, index=True),
    sa.Column("adresseerbaar_object_id", sa.Text(), nullable=False, index=True),
    sa.Column("overdracht_id", sa.Text(), index=True),
    sa.Column("beding_id", sa.Text(), index=True),
    sa.Column("gemeente", sa.Text()),
    sa.Column("uitkomst", sa.Text(), nullable=False),
    sa.Column("beslissend", sa.Text(), nullable=False),
    sa.Column("onbekende_feiten", TextList(), nullable=False),
    sa.Column("grond", sa.Text()),
    sa.Column("urgentie", sa.Text()),
    sa.Column("periode_van", sa.Date()),
    sa.Column("periode_tot", sa.Date()),
    sa.Column("tot", sa.Date()),
    sa.Column("personen_min", sa.BigInteger()),
    sa.Column("personen_max", sa.BigInteger()),
    sa.Column("oppervlakte", sa.Double()),
    sa.Column("norm", sa.Double()),
    sa.Column("overschrijding", sa.BigInteger()),
    sa.Column("vergunbaar", sa.Text(), comment="familie, tijdelijk, bedrijfsruimte, nee of onbekend"),
    sa.Column("feiten", sa.Text(), nullable=False, comment="JSON: de gebruikte feiten"),
    sa.Column("parameters", sa.Text(), nullable=False, comment="JSON: de gebruikte parameters met hun bron"),
    sa.Column("wet_hash", sa.ForeignKey("wetten.wet_hash"), nullable=False),
    sa.Column("feiten_hash", sa.Text(), nullable=False),
    sa.Column("toelichting", sa.Text()),
    sa.Column("bewijs", sa.Text(), nullable=False, index=True),
)
