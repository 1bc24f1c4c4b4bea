"""What follows a visit: photos, the signals that it was made for, assessments of signals, and hand-overs of care.

The visit itself is a row of ``inspecties`` (docs/decisions/0013). Assessments and hand-overs are events with their
author and moment: rows are added, never changed.
"""

import sqlalchemy as sa

from importers import records
from registry.store.tables.base import ROW_ID, metadata, record_table

bezoekredenen = record_table(records.BEZOEKREDENEN)
fotos = record_table(records.FOTOS)
sa.Index("ix_bezoekredenen_bewijs", bezoekredenen.c.bewijs)

# One numbered series of assessments per case: two people who assess the same one at once cannot both be number n.
beoordelingen = sa.Table(
    "beoordelingen",
    metadata,
    sa.Column("beoordeling_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("regel", sa.Text(), nullable=False),
    sa.Column("zaak_id", sa.Text(), nullable=False, comment="overdracht of beding; leeg: de woning zelf"),
    sa.Column("adresseerbaar_object_id", sa.Text(), nullable=False, index=True),
    sa.Column("versie", sa.BigInteger(), nullable=False, comment="telt per zaak op vanaf 1; de hoogste geldt"),
    sa.Column("oordeel", sa.Text(), nullable=False, comment="bevestigd, weerlegd, nader_onderzoek, overgedragen, ..."),
    sa.Column("reden", sa.Text(), comment="code, bij weerlegd"),
    sa.Column("toelichting", sa.Text(), nullable=False),
    sa.Column("bewijs", sa.Text(), nullable=False, index=True, comment="bewijsnummer van het beoordeelde signaal"),
    sa.Column("regel_versie", sa.BigInteger(), nullable=False),
    sa.Column("peildatum", sa.Date(), nullable=False),
    sa.Column("known_run_id", sa.ForeignKey("runs.run_id"), nullable=False, comment="de laatste run die meetelde"),
    sa.Column("wet_hash", sa.Text(), nullable=False),
    sa.Column("feiten_hash", sa.Text(), nullable=False),
    sa.Column("feiten", sa.Text(), nullable=False, comment="JSON: de feiten waarop het oordeel rust"),
    sa.Column("parameters", sa.Text(), nullable=False, comment="JSON: de getallen van de wet die meetelden"),
    sa.Column("inspectie", sa.Text(), index=True, comment="het bezoek waarop het oordeel rust"),
    sa.Column("overgedragen_aan", sa.Text()),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("beoordeeld_op", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("regel", "zaak_id", "adresseerbaar_object_id", "versie"),
)

# Care for residents, apart from enforcement: nothing here refers to a rule, a signal, a visit or a case.
doorverwijzingen = sa.Table(
    "doorverwijzingen",
    metadata,
    sa.Column("doorverwijzing_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("datum", sa.Date(), nullable=False),
    sa.Column("buurt", sa.Text(), comment="naam, om te tellen"),
    sa.Column("aanleiding", sa.Text(), nullable=False, comment="code"),
    sa.Column("aantal_personen", sa.BigInteger()),
    sa.Column("minderjarigen", sa.Boolean(), comment="of er kinderen bij zijn; leeg: onbekend"),
    sa.Column("toestemming", sa.Boolean(), nullable=False, comment="zonder toestemming staat er geen adres of tekst"),
    sa.Column("toestemming_wijze", sa.Text(), comment="mondeling of schriftelijk"),
    sa.Column("overgedragen_aan", sa.Text(), comment="team of organisatie"),
    sa.Column("adresseerbaar_object_id", sa.Text(), index=True, comment="alleen met toestemming"),
    sa.Column("hulpvraag", sa.Text(), comment="in woorden; alleen met toestemming"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("vastgelegd_op", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint(
        "toestemming OR (adresseerbaar_object_id IS NULL AND hulpvraag IS NULL AND overgedragen_aan IS NULL)",
        name="toestemming",
    ),
)
doorverwijzing_gebeurtenissen = sa.Table(
    "doorverwijzing_gebeurtenissen",
    metadata,
    sa.Column("gebeurtenis_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("doorverwijzing_id", sa.ForeignKey("doorverwijzingen.doorverwijzing_id"), nullable=False, index=True),
    sa.Column("soort", sa.Text(), nullable=False, comment="opgepakt, afgerond, of toestemming_ingetrokken"),
    sa.Column("toelichting", sa.Text()),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("gebeurd_op", sa.DateTime(timezone=True), nullable=False),
)
