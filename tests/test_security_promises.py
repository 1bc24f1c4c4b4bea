"""Every promise of docs/veiligheid.md names a test that exists; an exception to a rule of bandit gives its reason."""

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
TEXT = (REPOSITORY / "docs" / "veiligheid.md").read_text(encoding="utf-8")
PROMISES = TEXT[TEXT.index("## Beloften") : TEXT.index("## Wat is aanvaard")]
ROWS = [line for line in PROMISES.splitlines() if line.startswith("| ") and line != "| belofte | toets |"]
NAMED = re.compile(r"^\| [^|]+ \| `(tests/[\w/]+\.py)::(\w+)` \|$")
# A rule of bandit that is passed over in one line, and what stands behind it.
EXCEPTION = re.compile(r"# noqa: [A-Z0-9, ]*\bS\d{3}\b[A-Z0-9, ]*(.*)")


def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_a_promise_names_a_test_that_exists(row: str) -> None:
    found = NAMED.match(row)
    assert found, "a promise without a test"
    path = REPOSITORY / found[1]
    assert path.is_file()
    assert found[2] in functions_in(path)


def test_there_are_promises_about_every_kind_of_threat() -> None:
    assert len(ROWS) > 40
    for kind in ("spoofing", "tampering", "repudiation", "information disclosure", "denial of service", "elevation"):
        assert kind in PROMISES


def without_reason(text: str) -> list[str]:
    return [found[0] for line in text.splitlines() if (found := EXCEPTION.search(line)) and len(found[1].strip()) < 5]


def test_an_exception_to_a_rule_of_bandit_gives_its_reason() -> None:
    """In the program itself; ruff has all rules of bandit on (``S``, of ``select = ALL``)."""
    settings = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    assert 'select = ["ALL"]' in settings
    assert re.findall(
        r'"(S\d*)"', settings[settings.index("ignore = [") : settings.index("[tool.ruff.lint.isort]")]
    ) == ["S608"]
    wrong = {
        path.relative_to(REPOSITORY).as_posix(): found
        for package in ("registry", "importers", "rules", "scripts")
        for path in (REPOSITORY / package).rglob("*.py")
        if (found := without_reason(path.read_text(encoding="utf-8")))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("line", "kept"),
    [("x()  # noqa: S603", False), ("x()  # noqa: S603 - our own file", True), ("x()  # noqa: S704 (ours)", True)],
)
def test_a_reason_is_seen(line: str, *, kept: bool) -> None:
    assert (without_reason(line) == []) is kept
