"""Every promise of docs/privacy.md names a test that exists."""

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = (REPOSITORY / "docs" / "privacy.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and line != "| belofte | toets |"]
NAMED = re.compile(r"^\| [^|]+ \| `(tests/[\w/]+\.py)(?:::(\w+))?` \|$")


def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_a_promise_names_a_test_that_exists(row: str) -> None:
    found = NAMED.match(row)
    assert found, "a promise without a test"
    path = REPOSITORY / found.group(1)
    assert path.is_file()
    assert found.group(2) is None or found.group(2) in functions_in(path)


def test_there_are_promises_and_a_made_up_test_would_be_noticed() -> None:
    assert len(ROWS) > 30
    assert "test_that_was_never_written" not in functions_in(Path(__file__))
