"""A municipality of 40,000 dwellings as the load benchmark needs it: everything imported and judged, people and lists.

It is made once on SQLite by the demo, and copied row by row to PostgreSQL, so that both answer about the same data.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
import sqlalchemy as sa

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK, add_account
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.demo.generate import make_municipality
from registry.intake.run import ImportRequest, run_import
from registry.keys import DEMO_KEYS, create_keys, open_cipher
from registry.signals.run import run_evaluations
from registry.store.engine import ReadConnection, Store, migrate, open_store
from registry.store.queries.accounts import find_account
from registry.store.queries.signal_list import list_gebieden
from registry.store.tables import metadata
from registry.worklists.placing import place
from registry.worklists.plan import plan
from registry.worklists.planner_settings import PlannerSettings
from rules.catalogue import RULES
from rules.parameters import shipped_law

PER_ROLE: Final = 6
"""Accounts of each role; every other one of the planners sees three buurten only."""
LISTS: Final = 8
KEYS: Final = "woonregister.sleutels"
_SAMPLE: Final = 4_000
_DWELLINGS: Final = """
    SELECT v.verblijfsobject_id AS id, r.naam AS straat, n.huisnummer AS nummer, n.postcode AS postcode
    FROM verblijfsobjecten v
    JOIN nummeraanduidingen n ON n.nummeraanduiding_id = v.hoofdadres_id AND n.superseded_run_id IS NULL
        AND n.valid_until IS NULL
    JOIN openbare_ruimten r ON r.openbare_ruimte_id = n.openbare_ruimte_id AND r.superseded_run_id IS NULL
        AND r.valid_until IS NULL
    WHERE v.superseded_run_id IS NULL AND v.valid_until IS NULL AND v.status = 'Verblijfsobject in gebruik'
    ORDER BY v.verblijfsobject_id
"""
_SIGNALS: Final = """
    SELECT s.adresseerbaar_object_id AS id, e.regel AS regel, e.peildatum AS op,
        coalesce(s.overdracht_id, s.beding_id) AS zaak
    FROM signalen s JOIN evaluaties e ON e.evaluatie_id = s.evaluatie_id ORDER BY s.signaal_id
"""


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who is signed in, with the token of his forms; he sees these buurten only (empty: everything)."""

    rol: Role
    cookie: str
    csrf: str
    gebieden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Town:
    """What may be asked about: dwellings and signals (rows of the questions above), buurten, lists, and who asks."""

    dwellings: list[Mapping[str, Any]]
    signals: list[Mapping[str, Any]]
    buurten: list[str]
    lists: list[int]
    people: dict[Role, list[Signed]] = field(default_factory=dict)


def make_town(folder: Path, woningen: int, day: date) -> str:
    """Make the municipality in a folder, with lists for the coming days; the address of its SQLite database."""
    manifest = make_municipality(folder, woningen=woningen, peildatum=day)
    url = f"sqlite:///{folder / 'woonregister.db'}"
    create_keys(folder / KEYS, DEMO_KEYS)
    store, cipher = open_store(url), open_cipher(folder / KEYS)
    for bron, name in manifest.bestanden.items():
        run_import(store, ImportRequest(bron, folder / name, leverdatum=None if bron == "bag" else day), cipher=cipher)
    run_evaluations(store, RULES.values(), shipped_law(), peildatum=day)
    for number in range(LISTS):
        visit = day + timedelta(days=1 + number)
        with store.read() as connection:
            proposal = plan(connection, PlannerSettings(length=8 + number % 3), day=visit, seed=number)
        place(store, proposal, planner="M. Bakker", now=clock.now(), inspecteurs="J. de Vries")
    store.close()
    return url


def copy_to_postgresql(source: str, target: str) -> None:
    """Copy every table to an empty database, and tell its planner how large they are."""
    migrate(target)
    engine, server = sa.create_engine(source), sa.make_url(target)
    with engine.connect() as rows, psycopg.connect(
        host=str(server.query["host"]), user=server.username, dbname=server.database
    ) as copy:  # fmt: skip
        copy.execute("SET session_replication_role = replica")  # tables come in any order
        for table in metadata.sorted_tables:
            copy.execute(f'TRUNCATE "{table.name}" CASCADE')
            _copy_table(rows, copy, table)
        copy.commit()
        copy.autocommit = True
        copy.execute("VACUUM ANALYZE")
    engine.dispose()


def _copy_table(rows: sa.Connection, copy: psycopg.Connection[Any], table: sa.Table) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    with copy.cursor().copy(f'COPY "{table.name}" ({names}) FROM STDIN') as into:
        for row in rows.execution_options(stream_results=True).execute(sa.select(table)):
            into.write_row(row)
    for column in table.columns:
        series = copy.execute("SELECT pg_get_serial_sequence(%s, %s)", (f'"{table.name}"', column.name)).fetchone()
        if series is not None and series[0] is not None:
            highest = f'SELECT coalesce(max("{column.name}"), 0) + 1 FROM "{table.name}"'
            copy.execute(f"SELECT setval('{series[0]}', ({highest}), false)")


def open_town(url: str, cookie: str) -> Town:
    """What the requests are about, and people of each role who signed in to this database.

    Args:
        url: the database.
        cookie: the name of the cookie of a session.
    """
    store, draw = open_store(url), random.Random(606)  # noqa: S311 - the same requests each time, not a secret
    with store.read() as connection:
        dwellings, signals = (_some(_rows(connection, query), draw) for query in (_DWELLINGS, _SIGNALS))
        buurten = [code for code, _ in list_gebieden(connection)]
        lists = list(connection.execute(sa.text("SELECT worklist_id FROM worklists")).scalars())
    people = {
        rol: [_sign_in(store, cookie, rol, number, _areas(rol, number, buurten)) for number in range(PER_ROLE)]
        for rol in (Role.PLANNER, Role.JURIST, Role.INSPECTEUR)
    }
    store.close()
    return Town(dwellings, signals, buurten, lists, people)


def _areas(rol: Role, number: int, buurten: list[str]) -> tuple[str, ...]:
    return tuple(buurten[number : number + 3]) if rol is Role.PLANNER and number % 2 else ()


def _sign_in(store: Store, cookie: str, rol: Role, number: int, areas: tuple[str, ...]) -> Signed:
    email = f"{rol.value}{number}@bench.example"
    add_account(store, email, f"{rol.value} {number}", [rol], gebieden=areas or None, auteur="bench")
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        account = find_account(connection, email=email)
        if account is None:
            raise LookupError(email)
        begun = begin_session(connection, account["account_id"], stage=FULL, device="bench", moment=clock.now())
        csrf = connection.execute(
            sa.text("SELECT csrf_token FROM account_sessions WHERE account_id = :number"),
            {"number": account["account_id"]},
        ).scalar_one()
    return Signed(rol, f"{cookie}={begun.token}", csrf, areas)


def _some(rows: list[Mapping[str, Any]], draw: random.Random) -> list[Mapping[str, Any]]:
    return draw.sample(rows, min(_SAMPLE, len(rows)))


def _rows(connection: ReadConnection, query: str) -> list[Mapping[str, Any]]:
    return [dict(row) for row in connection.execute(sa.text(query)).mappings()]
