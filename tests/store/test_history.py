"""History in two times: what is merged is compared as sets, superseded, and never overwritten or lost."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.records import GEMEENTE_WOONPLAATSEN, VERBLIJFSOBJECTEN
from registry.store.engine import Store, WriteConnection, open_store, read_frame
from registry.store.history import Absence, Counts, Staging
from registry.store.queries.runs import NewRun, finish_run, last_run, start_run
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.store.tables.base import metadata

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
TABLE = registers.gemeente_woonplaatsen


def new_run(connection: WriteConnection) -> int:
    run = NewRun(bron="bag", bestand="x.zip", levering="stand", sha256=None, software="0", gestart=MOMENT)
    number = start_run(connection, run)
    finish_run(connection, number, status="gelukt", klaar=MOMENT)
    return number


def rows(values: dict[str, str]) -> pl.DataFrame:
    """One woonplaats per key; the value is its status (the compared column)."""
    return pl.DataFrame(
        [
            {"woonplaats_id": key, "gemeente_code": "0606", "status": value, "valid_from": date(2020, 1, 1)}
            | {"valid_until": None, "source_file": "x", "source_row": 1}
            for key, value in values.items()
        ],
        schema=GEMEENTE_WOONPLAATSEN.schema,
    )


def deliver(
    store: Store, values: dict[str, str], absence: Absence = Absence.GONE, area: str | None = None
) -> tuple[int, Counts]:
    with store.write_transaction() as connection:
        run_id = new_run(connection)
        staging = Staging(connection, TABLE)
        staging.add(rows(values))
        return run_id, staging.merge(run_id, absence, area=area)


def believed(store: Store, known: int) -> dict[str, str]:
    with store.read() as connection:
        frame = read_versions(connection, TABLE, ("woonplaats_id", "status"), known=known)
    assert frame["woonplaats_id"].is_unique().all()
    return dict(frame.sort("woonplaats_id").iter_rows())


@pytest.fixture
def store(database_url: str) -> Store:
    opened = open_store(database_url)
    yield opened
    opened.close()


def test_the_same_delivery_twice_changes_nothing(store: Store) -> None:
    _, first = deliver(store, {"a": "1", "b": "1"})
    _, second = deliver(store, {"a": "1", "b": "1"})
    assert first == Counts(nieuw=2)
    assert second == Counts(ongewijzigd=2)


def test_a_change_supersedes_and_the_old_answer_stays(store: Store) -> None:
    before, _ = deliver(store, {"a": "1", "b": "1"})
    after, counts = deliver(store, {"a": "2", "b": "1", "c": "1"})
    assert counts == Counts(nieuw=1, gewijzigd=1, ongewijzigd=1)
    assert believed(store, before) == {"a": "1", "b": "1"}
    assert believed(store, after) == {"a": "2", "b": "1", "c": "1"}
    assert believed(store, before - 1) == {}


def test_what_is_gone_is_reported_once_and_not_ended(store: Store) -> None:
    deliver(store, {"a": "1", "b": "1"})
    gone, counts = deliver(store, {"a": "1"})
    assert counts == Counts(ongewijzigd=1, verdwenen=1)
    again, counts = deliver(store, {"a": "1"})
    assert counts == Counts(ongewijzigd=1)
    assert believed(store, again) == {"a": "1", "b": "1"}
    with store.read() as connection:
        since = connection.execute(
            sa.select(TABLE.c.gone_since_run_id).where(
                TABLE.c.woonplaats_id == "b", TABLE.c.superseded_run_id.is_(None)
            )
        ).scalar_one()
    assert since == gone
    back, counts = deliver(store, {"a": "1", "b": "1"})
    assert counts == Counts(gewijzigd=1, ongewijzigd=1)
    assert believed(store, back) == {"a": "1", "b": "1"}


def test_a_part_says_nothing_of_the_rest(store: Store) -> None:
    deliver(store, {"a": "1", "b": "1"})
    _, counts = deliver(store, {"c": "1"}, Absence.NOTHING)
    assert counts == Counts(nieuw=1)


def test_another_area_is_left_alone(store: Store) -> None:
    deliver(store, {"a": "1"}, area="0457")
    _, counts = deliver(store, {"b": "1"}, area="0606")
    assert counts == Counts(nieuw=1)


def test_a_derived_fact_that_no_longer_follows_is_withdrawn(store: Store) -> None:
    before, _ = deliver(store, {"a": "1", "b": "1"}, Absence.WITHDRAWN)
    after, counts = deliver(store, {"a": "1"}, Absence.WITHDRAWN)
    assert counts == Counts(ongewijzigd=1, verdwenen=1)
    assert believed(store, before) == {"a": "1", "b": "1"}
    assert believed(store, after) == {"a": "1"}


def test_doubles_are_given_back_and_the_first_counts(store: Store) -> None:
    with store.write_transaction() as connection:
        run_id = new_run(connection)
        staging = Staging(connection, TABLE)
        staging.add(pl.concat([rows({"a": "1", "b": "1"}), rows({"a": "2"})]))
        doubles = staging.drop_doubles()
        staging.merge(run_id, Absence.GONE)
    assert doubles["woonplaats_id"].to_list() == ["a"]
    assert believed(store, run_id) == {"a": "1", "b": "1"}


def test_an_error_leaves_nothing(store: Store) -> None:
    deliver(store, {"a": "1"})

    def fail_after_merging() -> None:
        with store.write_transaction() as connection:
            run_id = new_run(connection)
            staging = Staging(connection, TABLE)
            staging.add(rows({"b": "1"}))
            staging.merge(run_id, Absence.GONE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_merging()
    with store.read() as connection:
        assert believed(store, last_run(connection)) == {"a": "1"}


def test_every_type_comes_back_as_it_went_in(store: Store) -> None:
    """Lists, geometry, dates of the year 1, moments, nasty texts and empty texts, on both databases."""
    record = {
        "verblijfsobject_id": ["0606010000000001", "0606010000000002", "0606010000000003"],
        "voorkomen": [1, 2, 3],
        "status": ['a "quoted" \\ text', "", "komma, puntkomma; en\nregel"],
        "hoofdadres_id": ["0606200000000001", "0606200000000002", "\\N"],
        "nevenadres_ids": [[], None, ["0606200000000002", 'met "aanhaling" en \\']],
        "geometrie": [b"\x00\x01\xff", None, b""],
        "gebruiksdoelen": [["woonfunctie", "overige gebruiksfunctie"], [""], []],
        "oppervlakte": [70, None, 999999],
        "pand_ids": [["0606100000000001"], [], None],
        "geconstateerd": [True, False, None],
        "documentdatum": [date(1, 1, 1), date(9999, 12, 31), None],
        "documentnummer": ["=1+1", None, "ë€😀"],
        "valid_from": [date(1, 1, 1), date(2024, 2, 29), date(2104, 1, 1)],
        "valid_until": [None, date(2024, 2, 29), None],
        "tijdstip_registratie": [datetime(2020, 1, 1, 12, 30, 15, 123456), None, datetime(2020, 1, 1)],
    }
    missing = {name: [None] * 3 for name in VERBLIJFSOBJECTEN.schema if name not in record}
    frame = pl.DataFrame(record | missing, schema=VERBLIJFSOBJECTEN.schema)
    with store.write_transaction() as connection:
        run_id = new_run(connection)
        staging = Staging(connection, registers.verblijfsobjecten)
        staging.add(frame)
        staging.merge(run_id, Absence.GONE)
    with store.read() as connection:
        back = read_versions(connection, registers.verblijfsobjecten, known=run_id)
    assert back.sort("voorkomen").equals(frame.select(back.columns))


deliveries = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("12"), max_size=6),
        st.sampled_from([Absence.NOTHING, Absence.GONE, Absence.WITHDRAWN]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=deliveries)
def test_any_series_of_deliveries_keeps_every_answer(store: Store, plan: list[tuple[dict[str, str], Absence]]) -> None:
    """After each delivery the registry believes what a dictionary would, and never changes an earlier answer."""
    with store.write_transaction() as connection:
        connection.execute(TABLE.delete())
    model: dict[str, str] = {}
    answers: dict[int, dict[str, str]] = {}
    for values, absence in plan:
        run_id, counts = deliver(store, values, absence)
        before = dict(model)
        model = dict(values) if absence is Absence.WITHDRAWN else model | values
        answers[run_id] = dict(sorted(model.items()))
        assert counts.nieuw == len(values.keys() - before.keys())
        assert counts.nieuw + counts.gewijzigd + counts.ongewijzigd == len(values)
    for run_id, answer in answers.items():
        assert believed(store, run_id) == answer


def test_every_table_has_what_the_migration_made(store: Store) -> None:
    """The models and the migrations agree: no column is missing or left over on either database."""
    with store.read() as connection:
        inspector = sa.inspect(connection)
        for table in metadata.sorted_tables:
            found = {column["name"] for column in inspector.get_columns(table.name)}
            assert found == {column.name for column in table.columns}, table.name
        assert read_frame(connection, sa.select(TABLE.c.id), {"id": pl.Int64()}).is_empty()
