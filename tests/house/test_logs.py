"""No BSN reaches a log line, by whatever way it was written; other numbers stay."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn

from registry.logs import MASK, configure_logs, redact, redact_event

# The RvIG test range; the eleven test holds, no person carries it.
NUMBER = "999990019"
STRIPPED = next(f"{n}" for n in range(10_000_000, 10_001_000) if bsn.is_valid(f"0{n}"))


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure_logs(as_json=True, stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"bsn {NUMBER}.",
        f"x{NUMBER}y",
        f"['{NUMBER}']",
        f"{NUMBER[:4]}.{NUMBER[4:6]}.{NUMBER[6:]}",
        f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}",
        f"{NUMBER},{NUMBER}",
        STRIPPED,
    ],
    ids=["bare", "sentence", "letters", "list", "dots", "spaces", "twice", "zero lost"],
)
def test_a_number_is_masked_however_it_is_written(text: str) -> None:
    masked = redact(text)
    assert MASK in masked
    assert not any(character.isdigit() for character in masked)


@pytest.mark.parametrize(
    "text",
    ["0606010000012345", "0606010999990019", "999990018", "2023-05-01", "20230501", "20100000", "€ 430.000", "1234AB"],
)
def test_other_numbers_stay(text: str) -> None:
    assert redact(text) == text


@given(st.integers(1, 99_999_999).map(lambda n: f"{n:08}"))
def test_every_valid_number_is_masked(first: str) -> None:
    for last in "0123456789":
        number = first + last
        assert (redact(f"a {number} b") == f"a {MASK} b") == bsn.is_valid(number)


def test_a_number_deep_in_a_line_is_masked() -> None:
    event = redact_event(
        None, "info", {"event": "x", "rows": [{"BSN": "1", "who": (NUMBER, int(NUMBER))}], "bsn": 12, "count": 5400}
    )
    assert event == {"event": "x", "rows": [{"BSN": MASK, "who": [MASK, MASK]}], "bsn": MASK, "count": 5400}


def test_a_traceback_does_not_give_it_away(lines: io.StringIO) -> None:
    try:
        int(f"bsn {NUMBER}")
    except ValueError:
        structlog.get_logger().exception("import_failed", source="brp")
    text = lines.getvalue()
    assert NUMBER not in text
    assert MASK in json.loads(text)["exception"]


def test_a_library_that_logs_by_itself_is_masked_too(lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("row %s refused", NUMBER)
    line = json.loads(lines.getvalue())
    assert line["event"] == f"row {MASK} refused"
    assert line["level"] == "warning"
    assert line["timestamp"].endswith("+00:00")


def test_stdout_stays_clean(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:]
    try:
        configure_logs()
        structlog.get_logger().warning("something")
    finally:
        structlog.reset_defaults()
        root.handlers[:] = before
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "something" in captured.err
