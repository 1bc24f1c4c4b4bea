"""The access log: who saw what of whom, why, and on which ground. Rows are only ever added; each seals the one before.

A row holds the hash of its predecessor and a hash over all that it says, the persons included: changing, removing,
inserting or moving a row breaks the chain. Who cuts off its end is found by the heads that were kept elsewhere.
"""

import sqlalchemy as sa

from registry.store.tables.base import metadata

toegangen = sa.Table(
    "toegangen",
    metadata,
    # Numbered by the chain itself, without gaps: a missing number is a removed row.
    sa.Column("volgnummer", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("gebruiker", sa.Text(), nullable=False, comment="account, of de gebruiker van de opdrachtregel"),
    sa.Column("soort_gebruiker", sa.Text(), nullable=False, comment="account, opdrachtregel, koppeling of systeem"),
    sa.Column("rol", sa.Text(), comment="rol waarin de gebruiker handelde"),
    sa.Column("handeling", sa.Text(), nullable=False, comment="wat er werd gedaan: inzien, zoeken, exporteren, ..."),
    sa.Column("verwerking", sa.Text(), nullable=False, comment="code in het register van verwerkingsactiviteiten"),
    sa.Column("grondslag", sa.Text(), nullable=False, comment="grondslag volgens dat register op die dag"),
    sa.Column("zaak", sa.Text(), comment="kenmerk van de zaak waarvoor het nodig was"),
    sa.Column("adresseerbaar_object_id", sa.Text(), index=True, comment="de woning, als het er een was"),
    sa.Column("regel", sa.Text(), comment="regel en versie, bij een toets of uitleg"),
    sa.Column("toelichting", sa.Text(), comment="filters of reden, zonder persoonsgegevens"),
    sa.Column("aantal", sa.BigInteger(), nullable=False, comment="aantal betrokkenen"),
    sa.Column("status", sa.Text(), nullable=False, comment="Ok of Error: of de handeling slaagde"),
    sa.Column("sleutelstand", sa.BigInteger(), nullable=False, comment="onder welke sleutels de pseudoniemen staan"),
    sa.Column("trace_id", sa.Text(), nullable=False, index=True, comment="32 hexadecimale cijfers (W3C Trace Context)"),
    sa.Column("span_id", sa.Text(), nullable=False, comment="16 hexadecimale cijfers"),
    sa.Column("parent_span_id", sa.Text(), comment="de handeling waarvan dit een deel was"),
    sa.Column("betrokkenen_hash", sa.Text(), nullable=False, comment="sha256 over de pseudoniemen, op volgorde"),
    sa.Column("vorige_hash", sa.Text(), nullable=False, unique=True),
    sa.Column("hash", sa.Text(), nullable=False, unique=True),
)

toegang_betrokkenen = sa.Table(
    "toegang_betrokkenen",
    metadata,
    sa.Column("volgnummer", sa.ForeignKey("toegangen.volgnummer"), primary_key=True),
    sa.Column("soort", sa.Text(), primary_key=True, comment="persoonslijst of rechthebbende"),
    sa.Column("pseudoniem", sa.Text(), primary_key=True, index=True),
)

# Where the chain starts once its oldest part was destroyed under retention: the head of what is gone.
toegang_afsluitingen = sa.Table(
    "toegang_afsluitingen",
    metadata,
    sa.Column("volgnummer", sa.BigInteger(), primary_key=True, autoincrement=False, comment="de laatste vernietigde"),
    sa.Column("hash", sa.Text(), nullable=False),
    sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
    sa.Column("gebruiker", sa.Text(), nullable=False),
)

# Rows go on to the logboek of the municipality in their order; this is how far that got.
toegang_verzendingen = sa.Table(
    "toegang_verzendingen",
    metadata,
    sa.Column("volgnummer", sa.BigInteger(), primary_key=True, autoincrement=False, comment="de laatste verzonden"),
    sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
)
