"""Enforcement cases: the file, what was sent, received and observed, what was decided, and what became due.

Rows are only ever added. A mistake is taken back by a row in ``zaak_gebeurtenissen`` that names it, with author and
reason: what a file said on a day can always be told.
"""

import sqlalchemy as sa

from registry.store.tables.base import PSEUDONYM, ROW_ID, metadata

zaken = sa.Table(
    "zaken",
    metadata,
    sa.Column("zaak_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("zaak", sa.Text(), nullable=False, unique=True, comment="kenmerk, bijvoorbeeld Z-2026-0001"),
    sa.Column("adresseerbaar_object_id", sa.Text(), index=True, comment="bij een zaak over een adres"),
    sa.Column("rechthebbende", sa.Text(), index=True, comment="bij een zaak over een eigenaar", info=PSEUDONYM),
    sa.Column("aanleiding", sa.Text(), nullable=False),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("geopend_op", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint(
        "(adresseerbaar_object_id IS NULL) <> (rechthebbende IS NULL)", name="over_een_adres_of_een_eigenaar"
    ),
)

# The signals of a case are named by their receipt: it says years later what it said then.
zaak_signalen = sa.Table(
    "zaak_signalen",
    metadata,
    sa.Column("zaak_id", sa.ForeignKey("zaken.zaak_id"), primary_key=True),
    sa.Column("bewijs", sa.Text(), primary_key=True, comment="bewijsnummer van het signaal"),
    sa.Column("adresseerbaar_object_id", sa.Text(), primary_key=True),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("toegevoegd_op", sa.DateTime(timezone=True), nullable=False),
)

stuk_inhouden = sa.Table(
    "stuk_inhouden",
    metadata,
    sa.Column("sha256", sa.Text(), primary_key=True),
    sa.Column("inhoud", sa.LargeBinary(), nullable=False),
)

stukken = sa.Table(
    "stukken",
    metadata,
    sa.Column("stuk_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("zaak_id", sa.ForeignKey("zaken.zaak_id"), nullable=False, index=True),
    sa.Column("soort", sa.Text(), nullable=False, comment="registry.cases.kinds.StukSoort"),
    sa.Column("richting", sa.Text(), nullable=False, comment="verzonden, ontvangen of intern"),
    sa.Column("datum", sa.Date(), nullable=False, comment="dag van verzending, ontvangst of opmaak"),
    sa.Column("titel", sa.Text(), nullable=False),
    sa.Column("bestand", sa.Text(), nullable=False, comment="naam van het bestand"),
    sa.Column("sha256", sa.ForeignKey("stuk_inhouden.sha256"), nullable=False),
    sa.Column("aantal_bytes", sa.BigInteger(), nullable=False),
    sa.Column("ondertekend_door", sa.Text()),
    sa.Column("ondertekend_op", sa.Date()),
    sa.Column("inspectie", sa.Text(), comment="inspectie of bezoek waarover het stuk gaat"),
    sa.Column("besluit_id", sa.ForeignKey("besluiten.besluit_id"), comment="versie van het besluit waarover het gaat"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("vastgelegd_op", sa.DateTime(timezone=True), nullable=False),
)

besluiten = sa.Table(
    "besluiten",
    metadata,
    sa.Column("besluit_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("zaak_id", sa.ForeignKey("zaken.zaak_id"), nullable=False, index=True),
    sa.Column("nummer", sa.BigInteger(), nullable=False, comment="volgnummer van het besluit in de zaak"),
    sa.Column("versie", sa.BigInteger(), nullable=False, comment="een gewijzigd besluit is een volgende versie"),
    sa.Column("soort", sa.Text(), nullable=False, comment="registry.cases.kinds.BesluitSoort"),
    sa.Column("datum", sa.Date(), nullable=False),
    sa.Column("bekendgemaakt_op", sa.Date()),
    sa.Column("adresseerbaar_object_id", sa.Text()),
    sa.Column("rechthebbende", sa.Text(), index=True, comment="tot wie het is gericht", info=PSEUDONYM),
    sa.Column("hoedanigheid", sa.Text(), comment="als wat: eigenaar, verhuurder, beheerder, bewoner"),
    sa.Column("regel", sa.Text(), comment="de regel van het signaal waarop het berust"),
    sa.Column("bewijs", sa.Text(), comment="bewijsnummer van dat signaal"),
    sa.Column("artikel", sa.Text(), comment="overtreden artikel van wet of verordening"),
    sa.Column("overtreding_op", sa.Date(), comment="dag waarop de overtreding is geconstateerd"),
    sa.Column("begunstiging_tot", sa.Date(), comment="eerste dag na de begunstigingstermijn"),
    sa.Column("bedrag", sa.BigInteger(), comment="euro: de boete, of de dwangsom per keer"),
    sa.Column("bedrag_per", sa.Text(), comment="ineens, dag, week, maand of overtreding"),
    sa.Column("bedrag_ten_hoogste", sa.BigInteger(), comment="euro: meer dwangsom wordt niet verbeurd"),
    sa.Column("toelichting", sa.Text()),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("vastgelegd_op", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("zaak_id", "nummer", "versie"),
)

verbeurten = sa.Table(
    "verbeurten",
    metadata,
    sa.Column("verbeurte_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("besluit_id", sa.ForeignKey("besluiten.besluit_id"), nullable=False, index=True),
    sa.Column("verbeurd_op", sa.Date(), nullable=False),
    sa.Column("bedrag", sa.BigInteger(), nullable=False, comment="euro"),
    sa.Column("inspectie", sa.Text(), comment="inspectie of bezoek waarbij het is vastgesteld"),
    sa.Column("stuk_id", sa.ForeignKey("stukken.stuk_id"), comment="het rapport daarvan"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("vastgelegd_op", sa.DateTime(timezone=True), nullable=False),
)

zaak_gebeurtenissen = sa.Table(
    "zaak_gebeurtenissen",
    metadata,
    sa.Column("gebeurtenis_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("zaak_id", sa.ForeignKey("zaken.zaak_id"), nullable=False, index=True),
    sa.Column("soort", sa.Text(), nullable=False, comment="registry.cases.kinds.GebeurtenisSoort"),
    sa.Column("stuk_id", sa.ForeignKey("stukken.stuk_id"), comment="het stuk dat wordt teruggenomen"),
    sa.Column("besluit_id", sa.ForeignKey("besluiten.besluit_id"), comment="het besluit dat wordt teruggenomen"),
    sa.Column("verbeurte_id", sa.ForeignKey("verbeurten.verbeurte_id"), comment="het bedrag dat wordt teruggenomen"),
    sa.Column("bewijs", sa.Text(), comment="het signaal dat uit de zaak gaat"),
    sa.Column("reden", sa.Text(), nullable=False),
    sa.Column("details", sa.Text(), comment="JSON: wat de controle vond toen de zaak gereed werd gemeld"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
)
