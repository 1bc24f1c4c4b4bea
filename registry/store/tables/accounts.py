"""Accounts, their roles and sessions. What was done to an account stands in ``account_events``, which only grows."""

import sqlalchemy as sa

from registry.store.tables.base import ROW_ID, metadata

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("account_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("email", sa.Text(), nullable=False, unique=True, comment="in kleine letters"),
    sa.Column("naam", sa.Text(), nullable=False),
    sa.Column("password_hash", sa.Text(), nullable=False, comment="argon2; leeg zolang er geen wachtwoord is"),
    sa.Column("is_active", sa.Boolean(), nullable=False),
    sa.Column("failures", sa.BigInteger(), nullable=False, server_default="0", comment="achter elkaar mislukt"),
    sa.Column("locked_until", sa.DateTime(timezone=True)),
    sa.Column("totp_secret", sa.Text(), comment="versleuteld; leeg zonder tweede stap"),
    sa.Column("totp_used", sa.BigInteger(), comment="de laatst gebruikte tijdstap: een code werkt een keer"),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

account_rollen = sa.Table(
    "account_rollen",
    metadata,
    sa.Column("account_rol_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("account_id", sa.ForeignKey("accounts.account_id"), nullable=False, index=True),
    sa.Column("rol", sa.Text(), nullable=False),
    sa.Column("gebieden", sa.Text(), comment="JSON: codes van gebieden; leeg is de hele gemeente"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("withdrawn_by", sa.Text()),
    sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
)

account_sessions = sa.Table(
    "account_sessions",
    metadata,
    sa.Column("session_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("token_hash", sa.Text(), nullable=False, unique=True, comment="sha256; het token zelf staat nergens"),
    sa.Column("account_id", sa.ForeignKey("accounts.account_id"), nullable=False, index=True),
    sa.Column("csrf_token", sa.Text(), nullable=False),
    sa.Column("stage", sa.Text(), nullable=False, comment="volledig, of tweede_stap zolang de code nog moet komen"),
    sa.Column("device", sa.Text(), comment="browser en systeem, in woorden"),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
)

account_tokens = sa.Table(
    "account_tokens",
    metadata,
    sa.Column("token_hash", sa.Text(), primary_key=True, comment="sha256; het token zelf staat nergens"),
    sa.Column("account_id", sa.ForeignKey("accounts.account_id"), nullable=False, index=True),
    sa.Column("kind", sa.Text(), nullable=False, comment="invitation of reset"),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("used_at", sa.DateTime(timezone=True)),
)

account_recovery_codes = sa.Table(
    "account_recovery_codes",
    metadata,
    sa.Column("code_hash", sa.Text(), primary_key=True, comment="sha256 van account en code"),
    sa.Column("account_id", sa.ForeignKey("accounts.account_id"), nullable=False, index=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("used_at", sa.DateTime(timezone=True)),
)

account_identities = sa.Table(
    "account_identities",
    metadata,
    sa.Column("issuer", sa.Text(), primary_key=True, comment="de aanbieder (OpenID Connect)"),
    sa.Column("subject", sa.Text(), primary_key=True, comment="zoals de aanbieder het account noemt"),
    sa.Column("account_id", sa.ForeignKey("accounts.account_id"), nullable=False, index=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

account_preferences = sa.Table(
    "account_preferences",
    metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.account_id"), primary_key=True),
    sa.Column("name", sa.Text(), primary_key=True, comment="bijvoorbeeld signalen: het laatst gebruikte filter"),
    sa.Column("value", sa.Text(), nullable=False),
)

account_events = sa.Table(
    "account_events",
    metadata,
    sa.Column("event_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("account_id", sa.ForeignKey("accounts.account_id"), index=True, comment="leeg: een onbekend account"),
    sa.Column("moment", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("detail", sa.Text()),
)

# Counted over all processes: a limit in memory would start anew with each worker.
sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("attempt_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("subject_hash", sa.Text(), nullable=False, comment="sha256 van het afzenderadres"),
    sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
    sa.Index("ix_sign_in_attempts_subject", "subject_hash", "moment"),
)
