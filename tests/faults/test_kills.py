"""A command that is killed at any moment leaves a sound registry, and doing it again ends as if nothing had happened.

``make proof`` kills more than two hundred times: import, evaluation, export and migration, on SQLite and PostgreSQL.
A short round is part of every test run.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import postgres
import psycopg
import pytest
from kills import Killer, Mortals, PostgresqlPlace, SqlitePlace, Tally, Work, mortals_in
from old_registry import make_old, revisions
from small_faults import Town

from registry.demo.run import DATABASE_NAME

KILLS, FEW_KILLS = 26, 2
BRP, MADE = "brp-december.csv", {"xlsx": "uit.xlsx", "gpkg": "uit.gpkg", "zip": "uit.zip"}
FILES = (*MADE.values(), BRP)

IMPORT = Work("import", (["import", "brp", BRP, "--leverdatum", "2026-11-20"],))
EVALUATION = Work(
    "toetsing",
    (["evaluate", "--peildatum", "2026-10-01", "--regel", "overbewoning", "--regel", "opkoopbescherming"],),
    parts=True,
)
EXPORT = Work(
    "export",
    (
        ["export", "werklijst", "--uit", "uit.xlsx", "--peildatum", "2026-11-01"],
        ["export", "dossier", "--uit", "uit.xlsx", "--doel", "proef", "--aantal", "5", "--regel", "overbewoning"],
        ["export", "geo", "--uit", "uit.gpkg", "--op", "2026-11-01"],
        ["export", "voorraad", "--uit", "uit.xlsx", "--op", "2026-11-01"],
        ["backup", "--uit", "uit.zip"],
    ),
    makes=lambda command: command[command.index("--uit") + 1],
    steady=True,
)


ONE_EXPORT = replace(EXPORT, commands=EXPORT.commands[:1])
MIGRATION = Work("migratie", (["migrate"],), current=False)


@pytest.fixture(scope="module")
def mortals(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortals]:
    """Commands run in a folder with the keys and the files of the town."""
    folder = tmp_path_factory.mktemp("hier")
    shutil.copyfile(town.folder / BRP, folder / BRP)
    shutil.copyfile(town.keys, folder / "woonregister.sleutels")
    (folder / "woonregister.sleutels").chmod(0o600)
    with mortals_in(folder) as process:
        yield process


@pytest.fixture(scope="module")
def sqlite_place(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str | None], SqlitePlace]:
    """A registry of SQLite; with the schema of a revision when that is named (``leeg``: without anything)."""
    folder = tmp_path_factory.mktemp("sqlite")

    def place(revision: str | None) -> SqlitePlace:
        template = town.folder / DATABASE_NAME
        if revision == "leeg":
            template = folder / "leeg.db"
            template.touch()
        elif revision:
            template = folder / f"{revision}.db"
            if not template.exists():
                make_old(f"sqlite:///{template}", revision, town.url)
        return SqlitePlace(template, folder / DATABASE_NAME)

    return place


@pytest.fixture(scope="module")
def postgresql_place(
    town: Town, postgresql_server: postgres.Server, postgresql_template: str, worker_number: str
) -> Iterator[Callable[[str | None], PostgresqlPlace]]:
    """The same registry in PostgreSQL."""
    made: list[str] = []
    source = town.url

    def administer(statement: str) -> None:
        with psycopg.connect(
            host=postgresql_server.socket, user=postgresql_server.superuser, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def place(revision: str | None) -> PostgresqlPlace:
        template = f"vol_{worker_number}_{revision or 'nu'}".lower()
        if template not in made:
            administer(f"CREATE DATABASE {template} TEMPLATE template0")
            made.append(template)
            if revision != "leeg":
                make_old(postgresql_server.url(template), revision or revisions()[-1], source)
        made.append(f"slachtoffer_{worker_number}")
        return PostgresqlPlace(postgresql_server, template, f"slachtoffer_{worker_number}")

    yield place
    for name in dict.fromkeys(made):
        administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def kill(mortals: Mortals, place: SqlitePlace | PostgresqlPlace, work: Work, kills: int, seed: int) -> None:
    tally: Tally = Killer(mortals, place, work, seed).kill(kills)
    assert tally.kills == kills
    assert tally.at_a_step > 0


@pytest.mark.parametrize("work", [EVALUATION, ONE_EXPORT], ids=lambda work: work.name)
def test_a_killed_command_leaves_a_sound_registry(
    mortals: Mortals, sqlite_place: Callable[[str | None], SqlitePlace], work: Work
) -> None:
    kill(mortals, sqlite_place(None), work, 1, 1)


def test_a_killed_migration_is_done_whole_or_not_at_all(
    mortals: Mortals, sqlite_place: Callable[[str | None], SqlitePlace]
) -> None:
    kill(mortals, sqlite_place(revisions()[0]), MIGRATION, FEW_KILLS, 1)


@pytest.mark.proof
@pytest.mark.parametrize("work", [IMPORT, EVALUATION, EXPORT], ids=lambda work: work.name)
def test_many_kills_on_sqlite(mortals: Mortals, sqlite_place: Callable[[str | None], SqlitePlace], work: Work) -> None:
    kill(mortals, sqlite_place(None), work, KILLS, 2)


@pytest.mark.proof
@pytest.mark.postgresql
@pytest.mark.parametrize("work", [IMPORT, EVALUATION, EXPORT], ids=lambda work: work.name)
def test_many_kills_on_postgresql(
    mortals: Mortals, postgresql_place: Callable[[str | None], PostgresqlPlace], work: Work
) -> None:
    kill(mortals, postgresql_place(None), work, KILLS, 3)


@pytest.mark.proof
@pytest.mark.parametrize("revision", ["leeg", *revisions()[:-1]])
def test_many_killed_migrations_on_sqlite(
    mortals: Mortals, sqlite_place: Callable[[str | None], SqlitePlace], revision: str
) -> None:
    kill(mortals, sqlite_place(revision), MIGRATION, KILLS // 2, 4)


@pytest.mark.proof
@pytest.mark.postgresql
@pytest.mark.parametrize("revision", ["leeg", *revisions()[:-1]])
def test_many_killed_migrations_on_postgresql(
    mortals: Mortals, postgresql_place: Callable[[str | None], PostgresqlPlace], revision: str
) -> None:
    kill(mortals, postgresql_place(revision), MIGRATION, KILLS // 2, 5)
