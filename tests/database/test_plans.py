"""The questions that pages ask are answered by an index, on tables with as many rows as a town has."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from registry.domain.adres import Adresregel
from registry.store.engine import ReadConnection, Store, open_store
from registry.store.queries.accounts import find_account
from registry.store.queries.search import current_adressen, find_by_adres, find_by_id, is_inside
from registry.store.queries.sessions import count_attempts, find_session
from registry.store.queries.signal_list import Filter, list_signals, signals_of
from registry.store.queries.signals import find_receipt
from registry.store.tables import metadata

pytestmark = pytest.mark.postgresql
ROWS = 20_000
DAY = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
WANTED = "0606010000000042"
BIG = ("verblijfsobjecten", "nummeraanduidingen", "ligging", "signalen", "account_sessions", "accounts", "toegangen",
       "sign_in_attempts")  # fmt: skip
# Per table: what a column holds, in SQL over the number n; the rest is filled by its type.
CONTENT = {
    "verblijfsobjecten": {"verblijfsobject_id": "'060601' || lpad(n::text, 10, '0')",
                          "hoofdadres_id": "'060620' || lpad(n::text, 10, '0')", "voorkomen": "1"},
    "nummeraanduidingen": {"nummeraanduiding_id": "'060620' || lpad(n::text, 10, '0')", "voorkomen": "1",
                           "openbare_ruimte_id": "'060630' || lpad((n / 50)::text, 10, '0')", "huisnummer": "n % 50",
                           "postcode": "(3100 + n / 500) || 'A' || chr((65 + n / 25 % 20)::int)"},
    "ligging": {"adresseerbaar_object_id": "'060601' || lpad(n::text, 10, '0')", "gebied_code": "'BU' || n % 40"},
    "signalen": {"adresseerbaar_object_id": "'060601' || lpad(n::text, 10, '0')", "evaluatie_id": "1 + n / 250",
                 "wet_hash": "'wet'"},
    "account_sessions": {"account_id": "n"},
    "evaluaties": {"regel": "'regel' || n % 4", "known_run_id": "1"},
    "runs": {"status": "'gelukt'", "levering": "'stand'"},
    "wetten": {"wet_hash": "'wet'"},
}  # fmt: skip
SMALL = {"runs": 1, "wetten": 1, "evaluaties": 81}


def value_of(column: sa.Column[object]) -> str:
    """Something for a column, in SQL over n."""
    if column.foreign_keys and column.name.endswith("run_id"):
        return "1"
    kinds = {
        sa.Date: "date '2020-01-01'",
        sa.DateTime: "timestamptz '2026-11-01 11:59Z'",
        sa.Boolean: "true",
        sa.Integer: "n",
        sa.Double: "n",
    }
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), "'x' || n")


def fill(connection: sa.Connection, name: str) -> None:
    table, content = metadata.tables[name], CONTENT.get(name, {})
    columns = [
        column for column in table.c
        if (not column.nullable or column.name in content) and not (column.primary_key and name != "toegangen"
                                                                    and isinstance(column.type, sa.BigInteger))
    ]  # fmt: skip
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(content.get(column.name) or value_of(column) for column in columns)
    count = SMALL.get(name, ROWS)
    connection.execute(sa.text(f"INSERT INTO {name} ({names}) SELECT {values} FROM generate_series(1, {count}) n"))
    connection.execute(sa.text(f"ANALYZE {name}"))


@pytest.fixture
def store(postgresql_url: str) -> Iterator[Store]:
    with closing(open_store(postgresql_url)) as opened:
        with opened.write_transaction() as connection:
            for name in ("runs", "wetten", "evaluaties", "accounts", *(one for one in BIG if one != "accounts")):
                fill(connection, name)
        yield opened


HOT: dict[str, Callable[[ReadConnection], object]] = {
    "search by id": lambda c: find_by_id(c, WANTED, on=DAY, gebieden=None),
    "search by address": lambda c: find_by_adres(
        c, [Adresregel(postcode="3110AC", huisnummer=7)], on=DAY, gebieden=["BU3"]
    ),
    "addresses of a page": lambda c: current_adressen(c, [WANTED, "0606010000000043"], on=DAY),
    "one's area": lambda c: is_inside(c, WANTED, ["BU3", "BU4"], on=DAY),
    "signals of a page": lambda c: list_signals(c, Filter(uitkomst="x42"), gebieden=None, on=DAY),
    "signals of a dwelling": lambda c: signals_of(c, WANTED),
    "a receipt": lambda c: find_receipt(c, "x42"),
    "a session": lambda c: find_session(c, "x42", moment=NOW, idle_since=NOW - timedelta(hours=1)),
    "an account": lambda c: find_account(c, email="x42"),
    "attempts": lambda c: count_attempts(c, "x42", since=NOW - timedelta(hours=1)),
}


def test_no_hot_question_reads_a_whole_table(store: Store) -> None:
    whole: dict[str, list[str]] = {}
    for name, ask in HOT.items():
        asked: list[tuple[str, object]] = []

        def note(_c: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
            asked.append((statement, parameters))  # noqa: B023 - called within this turn of the loop only

        with store.read() as connection:
            sa.event.listen(store.engine, "before_cursor_execute", note)
            ask(connection)
            sa.event.remove(store.engine, "before_cursor_execute", note)
            assert asked, name
            for statement, parameters in asked:
                plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
                found = [table for line in plan for table in BIG if f"Seq Scan on {table}" in line]
                whole.setdefault(name, []).extend(found)
    assert {name: tables for name, tables in whole.items() if tables} == {}


def test_the_plans_are_looked_at(store: Store) -> None:
    """A question without an index is seen: the check above can fail."""
    with store.read() as connection:
        plan = connection.exec_driver_sql("EXPLAIN SELECT * FROM signalen WHERE toelichting = 'x'").scalars().all()
    assert any("Seq Scan on signalen" in line for line in plan)
