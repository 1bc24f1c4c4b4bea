"""Runs, and what was wrong with their rows."""

import sqlalchemy as sa

from registry.store.tables.base import ENCRYPTED, PSEUDONYM, ROW_ID, metadata

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("run_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("bron", sa.Text(), nullable=False),
    sa.Column("bestand", sa.Text(), nullable=False, comment="naam van het bestand, zonder map"),
    sa.Column("sha256", sa.Text()),
    sa.Column("leverdatum", sa.Date()),
    sa.Column("levering", sa.Text(), nullable=False, comment="stand of deel"),
    sa.Column("area", sa.Text(), comment="gemeentecodes van de levering, gescheiden door een spatie"),
    # A run is written as 'afgebroken' before it starts and becomes 'gelukt' in the transaction that holds its data:
    # a killed process therefore leaves the truth behind.
    sa.Column("status", sa.Text(), nullable=False, comment="gelukt, proef, geweigerd, afgebroken of ingetrokken"),
    sa.Column("gelezen", sa.BigInteger(), nullable=False, server_default="0"),
    sa.Column("nieuw", sa.BigInteger(), nullable=False, server_default="0"),
    sa.Column("gewijzigd", sa.BigInteger(), nullable=False, server_default="0"),
    sa.Column("ongewijzigd", sa.BigInteger(), nullable=False, server_default="0"),
    sa.Column("verdwenen", sa.BigInteger(), nullable=False, server_default="0"),
    sa.Column("uitval", sa.BigInteger(), nullable=False, server_default="0"),
    sa.Column("toelichting", sa.Text(), comment="reden van weigering, of wat de levering zelf meldt"),
    sa.Column("tellingen", sa.Text(), comment="JSON: per tabel gelezen, nieuw, gewijzigd, ongewijzigd, verdwenen"),
    sa.Column("software", sa.Text(), nullable=False),
    sa.Column("gestart", sa.DateTime(timezone=True), nullable=False),
    sa.Column("klaar", sa.DateTime(timezone=True)),
    sa.Column("ingetrokken_run_id", sa.ForeignKey("runs.run_id"), comment="run waarmee deze run is ingetrokken"),
    sa.CheckConstraint("status IN ('gelukt', 'proef', 'geweigerd', 'afgebroken', 'ingetrokken')", name="status"),
    sa.CheckConstraint("levering IN ('stand', 'deel')", name="levering"),
)

run_issues = sa.Table(
    "run_issues",
    metadata,
    sa.Column("issue_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("run_id", sa.ForeignKey("runs.run_id"), nullable=False, index=True),
    sa.Column("level", sa.Text(), nullable=False, comment="uitval of waarschuwing"),
    sa.Column("code", sa.Text(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("source_file", sa.Text()),
    sa.Column("source_row", sa.BigInteger()),
    sa.Column("column", sa.Text()),
    sa.Column("original", sa.Text()),
    sa.Column(
        "row",
        sa.Text(),
        comment="uitval: de hele rij als JSON; versleuteld bij bronnen met persoonsgegevens",
        info=ENCRYPTED,
    ),
    sa.Column("kandidaten", sa.Text(), comment="JSON: adressen die bij de rij zouden kunnen horen"),
    sa.Column(
        "adresvorm", sa.Text(), index=True, comment="een adres dat niet koppelde, of door een besluit; in één vorm"
    ),
    # Of a persoonslijst that was set aside: it must not silently clear the home of whom it is about.
    sa.Column("persoonslijst", sa.Text(), comment="uitval van de BRP: pseudoniem van de persoonslijst", info=PSEUDONYM),
    sa.Column("adresseerbaar_object_id", sa.Text(), comment="uitval van de BRP: object van het actuele woonadres"),
    sa.Column("valid_from", sa.Date(), comment="uitval van de BRP: eerste dag die de aanvang daarvan kan zijn"),
    sa.Column("hersteld_run_id", sa.ForeignKey("runs.run_id"), comment="run waarin de verbeterde rij is ingelezen"),
)
