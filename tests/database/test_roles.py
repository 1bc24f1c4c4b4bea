"""What each role of the server may do, tried as that role. All work in the town was done by one of them."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from town_on_server import APPLICATION, DESTROYER, OWNER, POLICY, STRANGER, Town, administer, run_script

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session, end_session, find_session
from registry.errors import StoreError
from registry.intake.run import IMPORTERS, ImportRequest, run_import
from registry.intake.withdraw import withdraw_run
from registry.keys import open_cipher
from registry.privacy.access import AccessLog, Gebruiker, GebruikerSoort
from registry.privacy.retention import Bewaartermijn, destroy
from registry.signals.run import run_evaluations
from registry.store.backup import make_backup, restore_backup
from registry.store.database_roles import DatabaseRole, table_rights
from registry.store.engine import migrate, open_store
from registry.store.integrity import check_registry
from registry.store.queries.retention import DESTRUCTIBLE, count_due
from registry.store.roles_script import roles_script
from registry.store.tables import metadata
from registry.web.auth.users import open_manager, set_password, verify
from rules.catalogue import find_rule
from rules.parameters import shipped_law

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("town")]
REPOSITORY = Path(__file__).resolve().parents[2]
SOMEBODY = Gebruiker("test", GebruikerSoort.OPDRACHTREGEL)


def refused(town: Town, user: str, statement: str) -> str:
    """The SQLSTATE with which the server refuses."""
    with pytest.raises(psycopg.Error) as caught:
        town.ask(user, statement)
    return str(caught.value.sqlstate)


def test_the_town_was_made_by_the_application_and_is_sound(town: Town) -> None:
    """Imports, evaluations, lists, visits and accounts: all of the demo went under the role without more rights."""
    with town.store() as store, store.read() as connection:
        assert [check.controle for check in check_registry(connection) if check.fout] == []
        counts = {
            name: connection.execute(sa.select(sa.func.count()).select_from(metadata.tables[name])).scalar_one()
            for name in ("verblijfsobjecten", "signalen", "worklists", "inspecties", "accounts")
        }
    assert min(counts.values()) > 0


@pytest.mark.parametrize("user", [APPLICATION, DESTROYER])
@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE public.eigen (a int)", "ALTER TABLE public.runs ADD COLUMN a int", "DROP TABLE public.fotos",
     "TRUNCATE public.toegangen", "CREATE SCHEMA eigen", "UPDATE public.toegangen SET gebruiker = 'ander'",
     "UPDATE public.verblijfsobjecten SET oppervlakte = 1", "DELETE FROM public.verblijfsobjecten",
     "DELETE FROM public.runs", "UPDATE public.signalen SET uitkomst = 'geen_signaal'",
     "ALTER TABLE kaart.woningen DISABLE ROW LEVEL SECURITY"],
)  # fmt: skip
def test_who_works_with_the_registry_cannot_change_what_it_is(town: Town, user: str, statement: str) -> None:
    assert refused(town, user, statement) == "42501"


@pytest.mark.parametrize("table", ["toegangen", "toegang_betrokkenen", "persoonslijsten", "account_events", "zaken"])
def test_the_application_destroys_nothing(town: Town, table: str) -> None:
    assert refused(town, APPLICATION, f"DELETE FROM public.{table}") == "42501"


def test_everything_but_the_end_of_a_version_stays_as_it_was_written(town: Town) -> None:
    """Of every table with history the application may change the end, and keys of persons: nothing else."""
    query = """SELECT table_name, column_name FROM information_schema.column_privileges
               WHERE grantee = 'woonregister_toepassing' AND privilege_type = 'UPDATE' AND table_schema = 'public'"""
    given: dict[str, set[str]] = {}
    for table, column in town.ask(APPLICATION, query):
        given.setdefault(str(table), set()).add(str(column))
    for table in metadata.sorted_tables:
        if table.info.get("key"):
            persons = {column.name for column in table.c if "holds" in column.info}
            assert given[table.name] == {"superseded_run_id", *persons}, table.name
    assert not given.keys() & {"toegangen", "account_events", "wetten", "evaluaties", "signalen", "sleutelstanden"}


def test_the_server_gives_exactly_what_the_table_in_code_says(town: Town) -> None:
    query = """SELECT table_name, privilege_type FROM information_schema.table_privileges
               WHERE grantee = '{}' AND table_schema = 'public' AND table_name <> 'alembic_version'"""
    for role in (DatabaseRole.TOEPASSING, DatabaseRole.VERNIETIGING):
        expected = {(one.table, right) for one in table_rights(role) for right in ("SELECT", "INSERT")}
        expected |= {(one.table, "DELETE") for one in table_rights(role) if one.removes}
        assert set(town.ask(role.value, query.format(role.value))) == expected


def test_the_script_in_deploy_is_the_one_of_the_code_and_may_run_again(town: Town) -> None:
    assert (REPOSITORY / "deploy" / "postgresql-rollen.sql").read_text(encoding="utf-8") == roles_script() + "\n"
    run_script(town.server, "town")
    migrate(town.url(OWNER))
    with town.store() as store, store.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM runs")).scalar_one() > 0


@pytest.mark.parametrize("user", [POLICY, STRANGER])
@pytest.mark.parametrize("table", ["accounts", "toegangen", "verblijfsobjecten", "signalen"])
def test_readers_see_no_table_of_the_registry(town: Town, user: str, table: str) -> None:
    assert refused(town, user, f"SELECT * FROM public.{table} LIMIT 1") == "42501"


@pytest.mark.parametrize("statement", ["DELETE FROM kaart.gebieden", "UPDATE kaart.stand SET run_id = 0"])
@pytest.mark.parametrize("user", [POLICY, STRANGER])
def test_readers_only_read(town: Town, user: str, statement: str) -> None:
    assert refused(town, user, statement) == "42501"


# --- the daily work of a municipality, each under the role of the application ------------------------------------


def test_a_delivery_is_taken_in_again_and_withdrawn(town: Town) -> None:
    bag = next(town.folder.glob("*BAG*.zip"), None) or next(town.folder.glob("*bag*"))
    cipher = open_cipher(town.folder / "woonregister.sleutels")
    assert "bag" in IMPORTERS
    with town.store() as store:
        result = run_import(store, ImportRequest("bag", bag), cipher=cipher)
        assert result.status == "gelukt"
        assert withdraw_run(store, result.run_id).run_id > result.run_id


def test_rules_are_evaluated(town: Town) -> None:
    rule = find_rule("overbewoning")
    with town.store() as store:
        [result] = run_evaluations(store, [rule], shipped_law(), peildatum=town.peildatum + timedelta(days=1))
    assert sum(result.tellingen.values()) > 0


def awaited(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: a browser of other tests keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_somebody_signs_in_with_a_password_and_leaves(town: Town) -> None:
    with town.store() as store:
        invited = add_account(store, "nieuw@testdam.nl", "Nieuw", [Role.PLANNER], auteur="test")
        manager = open_manager(store)
        awaited(set_password(manager, invited.account_id, "paard batterij nietje"))
        assert awaited(verify(manager, invited.email, "paard batterij nietje")) == invited.account_id
        assert awaited(verify(manager, invited.email, "een ander woord hier")) is None
        with store.write_transaction() as connection:
            begun = begin_session(
                connection, invited.account_id, stage=FULL, device=None, moment=clock.now() - timedelta(minutes=9)
            )
        session = find_session(store, begun.token, moment=clock.now())
        assert session is not None
        end_session(store, session, moment=clock.now())
        assert find_session(store, begun.token, moment=clock.now()) is None


def test_keeping_terms_is_work_of_a_role_of_its_own(town: Town) -> None:
    """The application is refused and nothing changes; the role for it destroys, and the registry is sound after it."""
    term = Bewaartermijn(
        gegevenssoort="signalen_zonder_opvolging", naam="signalen", maanden=1, vanaf="de peildatum", bron="test",
        van=date(2020, 1, 1),
    )  # fmt: skip
    with town.store() as store:
        run_evaluations(store, [find_rule("overbewoning")], shipped_law(), peildatum=date(2026, 6, 1))
        with pytest.raises(StoreError, match="recht niet toe"):
            destroy(store, (term,), clock.today(), gebruiker=SOMEBODY, log=AccessLog(store))
        with store.read() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM vernietigingen")).scalar_one() == 0
            written = connection.execute(sa.text("SELECT count(*) FROM toegangen")).scalar_one()
    with town.store(DESTROYER) as store:
        [done] = destroy(store, (term,), clock.today(), gebruiker=SOMEBODY, log=AccessLog(store))
        assert done.aantal > 0
        with store.read() as connection:
            assert [check.controle for check in check_registry(connection) if check.fout] == []
            assert connection.execute(sa.text("SELECT count(*) FROM toegangen")).scalar_one() == written + 1


def test_every_kind_of_data_can_be_destroyed_by_the_role_for_it(sqlite_url: str) -> None:
    allowed = {one.table for one in table_rights(DatabaseRole.VERNIETIGING) if one.removes} | {"run_issues"}
    with closing(open_store(sqlite_url)) as store, store.read() as connection:
        found = {name for soort in DESTRUCTIBLE for name in count_due(connection, soort, date(2026, 1, 1))}
    assert found - allowed == set()


def test_the_application_makes_a_backup_and_only_the_owner_restores_it(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "kopie"
    folder.mkdir(mode=0o777)
    with town.store() as store:
        made = make_backup(store, folder / "kopie.zip", made=clock.now(), software="1")
    assert made.tabellen["verblijfsobjecten"].aantal > 0
    with pytest.raises(StoreError, match="recht niet toe"):
        restore_backup(town.url(), folder / "kopie.zip", replace=True)
    administer(town.server, "CREATE DATABASE teruggezet TEMPLATE template0")
    run_script(town.server, "teruggezet")
    restore_backup(town.url(OWNER, "teruggezet"), folder / "kopie.zip")
    store = open_store(town.url(APPLICATION, "teruggezet"))  # the rights came back with it
    with store.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM verblijfsobjecten")).scalar_one() > 0
        assert connection.execute(sa.text("SELECT count(*) FROM kaart.woningen")).scalar_one() == 0
    store.close()


def test_only_the_owner_migrates(town: Town) -> None:
    administer(town.server, "CREATE DATABASE leeg TEMPLATE template0")
    run_script(town.server, "leeg")
    with pytest.raises(StoreError, match="Alleen de eigenaar"):
        migrate(town.url(APPLICATION, "leeg"))
    with pytest.raises(StoreError, match="Alleen de eigenaar"):
        open_store(town.url(APPLICATION, "leeg"))


def test_a_migration_waits_for_nobody(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.store.engine._BUSY_MILLISECONDS", 200)
    with psycopg.connect(host=town.server.socket, user=town.server.superuser, dbname="town") as holder:
        holder.execute("LOCK TABLE kaart.woningen IN ACCESS SHARE MODE")
        with pytest.raises(StoreError, match=r"in gebruik.*Stop de webtoepassing"):
            migrate(town.url(OWNER))
