"""The roles of the database server, and the one table of what each may do. PostgreSQL only.

The owner migrates. The application adds rows and changes only the columns that are named here: of a version nothing but
its end, of the access log nothing. It removes nothing that is kept; destroying what was kept long enough is a role of
its own, for ``woonregister retention uitvoeren``. Readers see the schema ``kaart`` and nothing else.
``deploy/postgresql-rollen.sql`` is made from this module; every migration and every restore sets the rights again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection
from registry.store.tables import metadata
from registry.store.tables.base import ENCRYPTED, PSEUDONYM


class DatabaseRole(StrEnum):
    """A role of the server."""

    EIGENAAR = "woonregister_eigenaar"
    TOEPASSING = "woonregister_toepassing"
    VERNIETIGING = "woonregister_vernietiging"
    VELD = "woonregister_veld"
    BELEID = "woonregister_beleid"


PURPOSES: Final[Mapping[DatabaseRole, str]] = {
    DatabaseRole.EIGENAAR: "eigenaar van alle tabellen: migrate, restore en het aanzetten van PostGIS; verder niets",
    DatabaseRole.TOEPASSING: "serve, worker en alle andere opdrachten",
    DatabaseRole.VERNIETIGING: "retention uitvoeren: als de toepassing, en mag bovendien rijen vernietigen",
    DatabaseRole.VELD: "QGIS: woningen, panden en signalen in de gebieden van het account met dezelfde naam",
    DatabaseRole.BELEID: "QGIS en rapporten: gebieden en de afgeschermde woningvoorraad, geen losse woningen",
}
READS: Final[Mapping[DatabaseRole, tuple[str, ...]]] = {
    DatabaseRole.VELD: ("stand", "gebieden", "panden", "woningen", "signalen"),
    DatabaseRole.BELEID: ("stand", "gebieden", "voorraad", "voorraad_vlakken"),
}
"""Which layers of the schema ``kaart`` a reader sees."""

# Columns that are changed after a row was written, besides the end of a version and what keys touch.
CHANGED: Final[Mapping[str, tuple[str, ...]]] = {
    "runs": (
        "status", "klaar", "gelezen", "nieuw", "gewijzigd", "ongewijzigd", "verdwenen", "uitval", "toelichting",
        "tellingen", "leverdatum", "levering", "area", "sha256", "ingetrokken_run_id",
    ),
    "run_issues": ("hersteld_run_id", "original", "kandidaten", "adresvorm", "adresseerbaar_object_id"),
    "vernietigingen": ("aantal", "tellingen"),
    "taken": ("status", "pogingen", "begonnen_op", "klaar_op", "uitkomst", "fout"),
    "accounts": ("password_hash", "is_active", "failures", "locked_until", "totp_secret", "totp_used", "naam"),
    "account_rollen": ("withdrawn_by", "withdrawn_at"),
    "account_sessions": ("seen_at", "ended_at"),
    "account_tokens": ("used_at",),
    "account_recovery_codes": ("used_at",),
    "account_preferences": ("value",),
    "worklist_rows": ("dropped_at", "dropped_by", "dropped_reason"),
    "doorverwijzingen": ("adresseerbaar_object_id", "hulpvraag", "overgedragen_aan", "toestemming"),
}  # fmt: skip
# Attempts to sign in are counted for an hour, by the application itself.
FORGOTTEN: Final = ("sign_in_attempts",)
# What is destroyed when its term is over (store/queries/retention.py): everything that can be about a person.
DESTROYED: Final = (
    "signalen", "meldingen", "relaties", "verblijven", "persoonslijsten", "bewoning", "geleverde_bewoners",
    "beperkingen", "inspecties", "fotos", "bezoekredenen", "beoordelingen", "doorverwijzingen",
    "doorverwijzing_gebeurtenissen", "worklists", "worklist_rows", "worklist_orders", "worklist_checks", "zaken",
    "zaak_signalen", "zaak_gebeurtenissen", "zaak_overdrachten", "stukken", "stuk_inhouden", "besluiten",
    "verbeurten", "accounts", "account_rollen", "account_sessions", "account_tokens", "account_recovery_codes",
    "account_identities", "account_preferences", "account_events", "taken", "toegangen", "toegang_betrokkenen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableRights:
    """What a role may do with a table: read it, add rows, change some columns, remove rows."""

    table: str
    changes: tuple[str, ...] = ()
    removes: bool = False

    def grant(self, role: DatabaseRole) -> str:
        """The statement that gives this."""
        given = ["SELECT", "INSERT"]
        if self.changes:
            given.append(f"UPDATE ({', '.join(_quoted(name) for name in self.changes)})")
        if self.removes:
            given.append("DELETE")
        return f"GRANT {', '.join(given)} ON public.{_quoted(self.table)} TO {role.value}"


def table_rights(role: DatabaseRole) -> list[TableRights]:
    """What the application, or who destroys, may do with each table of the registry."""
    found = []
    for table in metadata.sorted_tables:
        changes = dict.fromkeys(CHANGED.get(table.name, ()))
        changes |= dict.fromkeys(column.name for column in table.c if column.info in (PSEUDONYM, ENCRYPTED))
        if table.info.get("key"):
            changes |= {"superseded_run_id": None}
        removes = table.name in FORGOTTEN or (role is DatabaseRole.VERNIETIGING and table.name in DESTROYED)
        found.append(TableRights(table.name, tuple(changes), removes))
    return found


def apply_rights(connection: WriteConnection) -> list[DatabaseRole]:
    """Give every role that the server knows exactly what it may do; the owner of the tables must ask.

    Returns:
        The roles that were found; none on a server where one user does everything.
    """
    found = present_roles(connection)
    for role in found:
        for statement in _statements(connection, role):
            connection.execute(sa.text(statement))
    return found


def present_roles(connection: ReadConnection) -> list[DatabaseRole]:
    """The roles of ``DatabaseRole`` that the server knows."""
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY (:names)")
    names = set(connection.execute(query, {"names": [role.value for role in DatabaseRole]}).scalars())
    return [role for role in DatabaseRole if role.value in names]


def _statements(connection: ReadConnection, role: DatabaseRole) -> Iterator[str]:
    if role in (DatabaseRole.TOEPASSING, DatabaseRole.VERNIETIGING):
        yield from _for_application(role)
    elif role in READS:
        there = set(connection.execute(sa.text(_RELATIONS)).scalars())
        yield f"GRANT USAGE ON SCHEMA kaart TO {role.value}"
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA kaart FROM {role.value}"
        for name in READS[role]:
            if name in there:
                yield f"GRANT SELECT ON kaart.{name} TO {role.value}"
        yield f"GRANT EXECUTE ON FUNCTION kaart.eigen_gebieden(text[]) TO {role.value}"


_RELATIONS: Final = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'kaart' AND c.relkind IN ('r', 'v')"
)


def _for_application(role: DatabaseRole) -> Iterator[str]:
    tables = ", ".join(f"public.{_quoted(table.name)}" for table in metadata.sorted_tables)
    yield f"REVOKE ALL ON {tables} FROM {role.value}"
    yield from (rights.grant(role) for rights in table_rights(role))
    yield f"GRANT SELECT ON public.alembic_version TO {role.value}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role.value}"
    yield f"GRANT EXECUTE ON FUNCTION public.analyze_table(text) TO {role.value}"
    # What is in kaart follows from the rest: it is thrown away and filled again.
    yield f"GRANT USAGE ON SCHEMA kaart TO {role.value}"
    yield f"GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA kaart TO {role.value}"
    yield f"GRANT EXECUTE ON FUNCTION kaart.eigen_gebieden(text[]) TO {role.value}"
    for name in READS[DatabaseRole.VELD][2:]:
        yield f"DROP POLICY IF EXISTS {role.value} ON kaart.{name}"
        yield f"CREATE POLICY {role.value} ON kaart.{name} TO {role.value} USING (true) WITH CHECK (true)"


def _quoted(name: str) -> str:
    return f'"{name}"'
