"""What is committed stays, whatever happens to the power."""

import sqlalchemy as sa

from registry.store.engine import open_store

_FULL = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous: in WAL mode only this level keeps the last commit


def test_a_saved_visit_survives_a_power_cut(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.write_transaction() as connection:
        assert connection.execute(sa.text("PRAGMA synchronous")).scalar_one() == _FULL
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar_one() == "wal"
    store.close()


def test_a_server_is_not_asked_to_promise_less(postgresql_url: str) -> None:
    """No transaction of the program turns ``synchronous_commit`` off: what the server was set up with holds."""
    store = open_store(postgresql_url)
    with store.read() as connection:
        outside = connection.execute(sa.text("SHOW synchronous_commit")).scalar_one()
    with store.write_transaction() as connection:
        assert connection.execute(sa.text("SHOW synchronous_commit")).scalar_one() == outside
    store.close()
