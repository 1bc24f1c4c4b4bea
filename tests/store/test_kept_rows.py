"""Set-aside rows in both databases: found by number, and repaired with every reason of the same row."""

from datetime import UTC, date, datetime

import polars as pl

from importers.issues import ISSUE
from registry.store.engine import WriteConnection, open_store
from registry.store.queries.runs import (
    NewRun,
    date_run,
    finish_run,
    insert_issues,
    mark_repaired,
    read_doubtful_residents,
    read_issues,
    read_kept_rows,
    start_run,
)

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def a_run(connection: WriteConnection, bron: str = "brp") -> int:
    number = start_run(connection, NewRun(bron, "x.csv", "stand", None, "0", NOW))
    date_run(connection, number, date(2026, 11, 1), "stand")
    finish_run(connection, number, status="gelukt", klaar=NOW)
    return number


def issues(*rows: tuple[str, str, int | None, str | None]) -> pl.DataFrame:
    """Level, code, line, and the object that a resident is named of."""
    filled = [
        {
            "level": level, "code": code, "text": "t", "source_file": "x.csv", "source_row": line, "row": "{}",
            "persoonslijst": None if home is None else f"p{line}", "adresseerbaar_object_id": home,
        }
        for level, code, line, home in rows
    ]  # fmt: skip
    return pl.DataFrame(filled, schema=ISSUE | {"persoonslijst": pl.String(), "adresseerbaar_object_id": pl.String()})


def test_a_repaired_row_is_repaired_for_every_reason(database_url: str) -> None:
    store = open_store(database_url)
    with store.write_transaction() as connection:
        run, other = a_run(connection), a_run(connection, "inspecties")
        insert_issues(
            connection, run,
            issues(("uitval", "a", 2, None), ("uitval", "b", 2, None), ("waarschuwing", "c", 2, None),
                   ("uitval", "a", 3, None), ("uitval", "a", None, None)),
        )  # fmt: skip
        insert_issues(connection, other, issues(("uitval", "a", 2, None)))
        found = read_issues(connection, run, level="uitval")
        assert found["code"].to_list() == ["a", "b", "a", "a"]
        numbers = found["issue_id"].to_list()

        kept = read_kept_rows(connection, [numbers[1], numbers[3], 999_999])
        assert set(kept["issue_id"]) == {numbers[1], numbers[3]}
        assert set(kept.select("run_id", "bron", "leverdatum").rows()) == {(run, "brp", date(2026, 11, 1))}

        mark_repaired(connection, [numbers[1], numbers[3]], other)
        assert read_issues(connection, run, level="uitval", still_open=True)["issue_id"].to_list() == [numbers[2]]
        assert read_issues(connection, other, still_open=True).height == 1
        mark_repaired(connection, [numbers[0]], run)  # what is repaired keeps the run that did it
        assert set(read_issues(connection, run)["hersteld_run_id"].drop_nulls()) == {other}
    store.close()


def test_doubt_is_of_the_last_complete_delivery_and_ends_with_the_repair(database_url: str) -> None:
    home, second = "0606010000000001", "0606010000000002"
    store = open_store(database_url)
    with store.write_transaction() as connection:
        old, new = a_run(connection), a_run(connection)
        insert_issues(connection, old, issues(("uitval", "a", 9, home)))
        rows = issues(("uitval", "a", 2, home), ("uitval", "b", 2, home), ("uitval", "a", 3, second))
        insert_issues(connection, new, rows)

        def doubtful(since: int) -> list[tuple[str, str]]:
            found = read_doubtful_residents(connection, since=since, run_id=new)
            return sorted(found.select("persoonslijst", "adresseerbaar_object_id").iter_rows())

        assert doubtful(new) == [("p2", home), ("p3", second)]
        assert doubtful(old) == [("p2", home), ("p3", second), ("p9", home)]
        mark_repaired(connection, read_issues(connection, new)["issue_id"].to_list()[:1], new)
        assert doubtful(new) == [("p3", second)]
    store.close()
