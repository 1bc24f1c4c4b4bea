"""Work goes on behind a pooler that hands a connection to somebody else after every transaction."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import debian
import postgres
import pytest
import sqlalchemy as sa
from town_on_server import APPLICATION, Town

from registry.intake.run import ImportRequest, run_import
from registry.keys import open_cipher
from registry.privacy.access import Access, AccessLog, Gebruiker, Handeling
from registry.signals.run import run_evaluations
from registry.store.engine import open_store
from registry.store.queries.access import find_breaks
from rules.catalogue import find_rule
from rules.parameters import shipped_law

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("town")]


@pytest.fixture(scope="module")
def pooled(town: Town) -> Iterator[str]:
    """The address of the town by way of pgbouncer, two connections for everybody together."""
    try:
        program = debian.find_program("pgbouncer", "pgbouncer")
    except debian.NotInstalledError as error:
        pytest.skip(f"geen pgbouncer: {error}")
    owner, folder = postgres._owner(), Path(town.server.socket).parent / "pool"
    folder.mkdir(mode=0o755)
    settings = {
        "listen_addr": "", "listen_port": 6432, "unix_socket_dir": folder, "auth_type": "any",
        "pool_mode": "transaction", "default_pool_size": 2, "pidfile": folder / "pid", "logfile": folder / "log",
    }  # fmt: skip
    lines = [f"{name} = {value}" for name, value in settings.items()]
    base = f"town = host={town.server.socket} dbname=town user={APPLICATION}"
    (folder / "pgbouncer.ini").write_text("\n".join(["[databases]", base, "[pgbouncer]", *lines]), encoding="utf-8")
    shutil.chown(folder, owner.pw_uid, owner.pw_gid)
    postgres._run(owner, folder, program, "-q", "-d", str(folder / "pgbouncer.ini"))
    until = time.monotonic() + 30
    while not (folder / ".s.PGSQL.6432").exists():  # it leaves its parent before it listens
        assert time.monotonic() < until, (folder / "log").read_text(encoding="utf-8")
        time.sleep(0.02)
    yield f"postgresql+psycopg://{APPLICATION}@/town?host={folder}&port=6432&pgbouncer=ja"
    subprocess.run(["kill", (folder / "pid").read_text(encoding="utf-8").strip()], check=True)


def test_an_import_and_an_evaluation_go_by_way_of_a_pooler(town: Town, pooled: str) -> None:
    """Staging tables, COPY, locks and statistics: all of it stays within a transaction."""
    bag = next(town.folder.glob("BAGGEM*.zip"))
    with closing(open_store(pooled)) as store:
        result = run_import(store, ImportRequest("bag", bag), cipher=open_cipher(town.folder / "woonregister.sleutels"))
        assert result.status == "gelukt"
        [judged] = run_evaluations(store, [find_rule("overbewoning")], shipped_law(), peildatum=town.peildatum)
        assert sum(judged.tellingen.values()) > 0
        with store.read() as connection:
            left = "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'"
            assert connection.execute(sa.text(left)).scalars().all() == []


def test_many_at_once_share_two_connections_and_write_one_chain(town: Town, pooled: str) -> None:
    """The lock of the access log ends with the transaction, whoever has the connection next."""
    look = Access(Gebruiker("test"), Handeling.INZIEN, "beheer", toelichting="proef")
    failed: list[Exception] = []
    with closing(open_store(pooled, connections=8)) as store:
        log = AccessLog(store)

        def work() -> None:
            try:
                for _ in range(5):
                    log.record(look)
                    with store.read() as connection:
                        for _ in range(8):  # from the sixth on, a driver prepares what it sends
                            connection.execute(sa.text("SELECT max(run_id) FROM runs")).scalar_one()
            except Exception as error:  # noqa: BLE001 - a thread keeps its error to itself
                failed.append(error)

        workers = [Thread(target=work) for _ in range(8)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        assert failed == []
        with store.read() as connection:
            written = sa.text("SELECT count(*) FROM toegangen WHERE toelichting = 'proef'")
            assert connection.execute(written).scalar_one() == 40
            assert find_breaks(connection)[1] == []


def test_without_saying_so_statements_are_prepared(town: Town) -> None:
    """What the address says is what makes the difference."""
    for address, prepared in ((town.url(), True), (f"{town.url()}&pgbouncer=ja", False)):
        with closing(open_store(address)) as store, store.read() as connection:
            for _ in range(7):
                connection.execute(sa.text("SELECT 1 FROM runs LIMIT :n"), {"n": 1})
            names = connection.execute(sa.text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()
        assert (names > 0) is prepared
