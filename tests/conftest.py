"""Fixtures that every test may use."""

import runpy
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import chromium
import debian
import postgres
import psycopg
import pytest
import rights_guard
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared" / "data"
RUN_FOLDER = pytest.StashKey[Path]()
LEADS = pytest.StashKey[bool]()
NUMBERS = count(1)

# Nothing here is a timed test: a busy machine must not fail a property.
settings.register_profile("woonregister", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("woonregister")
rights_guard.watch()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--postgis``: every PostgreSQL database of the run has PostGIS; without it, none but those of ``town``."""
    parser.addoption("--postgis", action="store_true", help="zet PostGIS aan in elke PostgreSQL-database van de tests")


def pytest_configure(config: pytest.Config) -> None:
    """The leading process makes the folder of the run; a worker is told where it is."""
    worker = getattr(config, "workerinput", None)
    config.stash[LEADS] = worker is None
    config.stash[RUN_FOLDER] = postgres.new_folder() if worker is None else Path(worker["run_folder"])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of pytest-xdist the folder of the run."""
    node.workerinput["run_folder"] = str(node.config.stash[RUN_FOLDER])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What builds an environment comes first: at the end it would keep one worker busy and the others idle."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say whether the tests saw a PostgreSQL server and the real files."""
    line = postgres.describe(config.stash[RUN_FOLDER])
    if line:
        terminalreporter.write_line(line)
    if not SHARED.is_dir():
        terminalreporter.write_line("niet getest op de echte bronbestanden: de map ../shared/data is er niet")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this run started."""
    if config.stash.get(LEADS, False):
        postgres.close(config.stash[RUN_FOLDER])


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real BAG, BRP and area files beside the checkout; without it the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip("de map ../shared/data met de echte bronbestanden is er niet")
    return SHARED


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> postgres.Server:
    """The PostgreSQL server of this run; without one the test is skipped, and the summary says why."""
    try:
        return postgres.shared_server(pytestconfig.stash[RUN_FOLDER])
    except postgres.UnavailableError as error:
        pytest.skip(f"geen PostgreSQL: {error}")


@pytest.fixture(scope="session")
def town() -> Iterator[object]:
    """A small town on a server of its own, with roles (``town_on_server.Town``); its tests share one worker."""
    import town_on_server  # noqa: PLC0415 (tests without a database must not pay for it)

    folder = postgres.new_folder()
    try:
        (folder / "server").mkdir(mode=0o755)
        yield town_on_server.build_town(folder)
    except postgres.UnavailableError as error:
        pytest.skip(f"geen PostgreSQL: {error}")
    finally:
        postgres.stop(folder / "server")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def assets() -> None:
    """The files that pages load; without npm, or without a connection, the test is skipped with the reason."""
    script = runpy.run_path(str(REPOSITORY / "scripts" / "assets.py"))
    build = REPOSITORY / "build"
    build.mkdir(exist_ok=True)
    with postgres.locked(build):  # two workers would make the same files
        try:
            script["make"]()
        except script["AssetError"] as error:
            pytest.skip(f"geen opmaak: {error}")


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped with the reason."""
    with ExitStack() as stack:
        try:
            with postgres.locked(pytestconfig.stash[RUN_FOLDER]):
                opened = stack.enter_context(chromium.open_browser())
        except debian.NotInstalledError as error:
            pytest.skip(f"geen Chromium: {error}")
        yield opened


@pytest.fixture(scope="session")
def sqlite_template(pytestconfig: pytest.Config) -> Path:
    """A migrated SQLite file that tests copy."""
    from registry.store.engine import migrate  # noqa: PLC0415 (tests without a database must not pay for it)

    folder = pytestconfig.stash[RUN_FOLDER]
    template = folder / "template.db"
    with postgres.locked(folder):
        if not template.exists():
            making = folder / "making.db"
            migrate(f"sqlite:///{making}")
            making.rename(template)
    return template


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: postgres.Server, pytestconfig: pytest.Config) -> str:
    """The name of a migrated PostgreSQL database that tests clone."""
    from registry.store.engine import migrate  # noqa: PLC0415 (tests without a database must not pay for it)

    folder, name = pytestconfig.stash[RUN_FOLDER], "template_woonregister"
    ready = folder / "template.ready"
    with postgres.locked(folder):
        if not ready.exists():
            _administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE template0")
            if pytestconfig.getoption("--postgis"):
                postgres.add_postgis(postgresql_server, name)
            migrate(postgresql_server.url(name))
            ready.touch()
    return name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty migrated SQLite registry of this test alone."""
    path = tmp_path / "woonregister.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: postgres.Server, postgresql_template: str, worker_number: str) -> Iterator[str]:
    """The address of an empty migrated PostgreSQL registry of this test alone."""
    with _database(postgresql_server, f"test_{worker_number}", postgresql_template) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty migrated registry, once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def copy_registry(request: pytest.FixtureRequest, worker_number: str, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """``copy_registry(url)``: the address of a copy, for this test alone, of a registry that nobody has open."""
    with ExitStack() as stack:

        def copy(url: str) -> str:
            if url.startswith("sqlite"):
                shutil.copyfile(url.removeprefix("sqlite:///"), tmp_path / "kopie.db")
                return f"sqlite:///{tmp_path / 'kopie.db'}"
            server: postgres.Server = request.getfixturevalue("postgresql_server")
            return stack.enter_context(_database(server, f"kopie_{worker_number}", str(sa.make_url(url).database)))

        yield copy


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def module_url(
    request: pytest.FixtureRequest, worker_number: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of an empty migrated registry that a module fills once and its tests copy, on each database."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("module") / "woonregister.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: postgres.Server = request.getfixturevalue("postgresql_server")
    with _database(server, f"module_{worker_number}", request.getfixturevalue("postgresql_template")) as url:
        yield url


@pytest.fixture(scope="session")
def worker_number(pytestconfig: pytest.Config) -> str:
    """``gw0``, ``gw1`` and so on under pytest-xdist, else ``main``."""
    worker = getattr(pytestconfig, "workerinput", None)
    return str(worker["workerid"]) if worker else "main"


@contextmanager
def _database(server: postgres.Server, kind: str, template: str) -> Iterator[str]:
    """The address of a database that is as another one, and is gone afterwards."""
    name = f"{kind}_{next(NUMBERS)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: postgres.Server, statement: str) -> None:
    """Run one statement that PostgreSQL does not allow in a transaction."""
    with psycopg.connect(host=server.socket, user=server.superuser, dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)
