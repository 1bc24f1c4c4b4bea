"""The set-up of the database tests itself: one server, a fresh database for each test."""

from pathlib import Path

import postgres
import psycopg
import pytest
from sqlalchemy import create_engine, inspect


@pytest.mark.postgresql
def test_the_server_is_one_for_all_and_speaks_utf8(postgresql_server: postgres.Server) -> None:
    with psycopg.connect(
        host=postgresql_server.socket, user=postgresql_server.superuser, dbname="postgres"
    ) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        [row] = connection.execute("SELECT usename FROM pg_user").fetchall()
    assert row == (postgresql_server.superuser,)


def test_the_newest_release_is_chosen(tmp_path: Path) -> None:
    for release in ("9.6", "15", "16"):
        folder = tmp_path / release / "bin"
        folder.mkdir(parents=True)
        for program in ("initdb", "pg_ctl"):
            (folder / program).touch()
    (tmp_path / "17" / "bin").mkdir(parents=True)  # only client programs
    assert postgres.find_binaries(tmp_path) == tmp_path / "16" / "bin"


def test_every_worker_hears_the_same_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> postgres.Server:
        raise postgres.UnavailableError("geen recht")

    monkeypatch.setattr(postgres, "start", refuse)
    for _ in range(2):
        with pytest.raises(postgres.UnavailableError, match="geen recht"):
            postgres.shared_server(tmp_path)
    assert postgres.describe(tmp_path) == "niet getest op PostgreSQL: geen recht"


def test_a_database_is_migrated_and_empty(database_url: str) -> None:
    engine = create_engine(database_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    assert "alembic_version" in tables
    assert len(tables) > 1
