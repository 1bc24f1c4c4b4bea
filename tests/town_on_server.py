"""A small town on a PostgreSQL server of its own: with roles, PostGIS if possible, and people who see a part.

The server is not the one of the other tests, because roles belong to a whole server.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import postgres
import psycopg

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.demo.run import run_demo
from registry.stock.disclosure import Limits
from registry.stock.kaart import fill_kaart
from registry.store.engine import Store, migrate, open_store
from registry.store.roles_script import roles_script

OWNER, APPLICATION, DESTROYER = "woonregister_eigenaar", "woonregister_toepassing", "woonregister_vernietiging"
EVERYWHERE, NORTH, SOUTH, POLICY, STRANGER = (
    "overal@testdam.nl", "noord@testdam.nl", "zuid@testdam.nl", "rapport", "vreemd@testdam.nl",
)  # fmt: skip
LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Town:
    """The server, the database and what was put in it."""

    server: postgres.Server
    folder: Path
    peildatum: date
    areas: tuple[str, str]  # the buurten of NORTH and SOUTH
    no_postgis: str | None  # why there is none

    def url(self, user: str = APPLICATION, database: str = "town") -> str:
        """The address of the database for a role."""
        return f"postgresql+psycopg://{user.replace('@', '%40')}@/{database}?host={self.server.socket}"

    @contextmanager
    def store(self, user: str = APPLICATION) -> Iterator[Store]:
        """The registry as a role sees it."""
        store = open_store(self.url(user))
        try:
            yield store
        finally:
            store.close()

    def ask(self, user: str, query: str) -> list[tuple[object, ...]]:
        """The rows of a query of somebody with psql."""
        with psycopg.connect(host=self.server.socket, user=user, dbname="town") as connection:
            return connection.execute(query).fetchall()


def run_script(server: postgres.Server, database: str) -> None:
    """Make the roles, as the administrator of a server would."""
    psql = ["psql", "-q", "-h", server.socket, "-U", server.superuser, "-v", "ON_ERROR_STOP=1", "-d", database]
    subprocess.run(psql, input=roles_script(), text=True, check=True, capture_output=True)


def build_town(folder: Path) -> Town:
    """Start the server and fill the registry, each step under the role that does it at a municipality.

    Raises:
        UnavailableError: there is no PostgreSQL.
    """
    server = postgres.start(folder / "server")
    no_postgis = postgres.missing_postgis()
    administer(server, "CREATE DATABASE town TEMPLATE template0")
    run_script(server, "town")
    town = Town(server, folder / "files", date(2026, 11, 1), ("BU06060101", "BU06060105"), no_postgis)
    migrate(town.url(OWNER))
    run_demo(town.folder, woningen=120, peildatum=town.peildatum, database_url=town.url(), show=lambda _text: None)
    with town.store() as store:
        for email, areas in ((EVERYWHERE, None), (NORTH, town.areas[:1]), (SOUTH, town.areas[1:])):
            add_account(store, email, "Iemand", [Role.PLANNER], gebieden=areas, auteur="test")
        add_account(store, STRANGER, "Iemand", [Role.BELEID], auteur="test")
        fill_kaart(store, op=town.peildatum, limits=LIMITS, now=clock.now())
    for email in (EVERYWHERE, NORTH, SOUTH, STRANGER):
        administer(server, f'CREATE ROLE "{email}" LOGIN IN ROLE woonregister_veld')
    administer(server, f"CREATE ROLE {POLICY} LOGIN IN ROLE woonregister_beleid")
    return town


def administer(server: postgres.Server, statement: str, database: str = "postgres") -> None:
    """Run a statement as the administrator of the server."""
    with psycopg.connect(host=server.socket, user=server.superuser, dbname=database, autocommit=True) as connection:
        connection.execute(statement)
