"""Each rule of ``architecture.py`` holds, and would notice if it did not."""

import subprocess
import sys
import tomllib
from pathlib import Path

import architecture
import pytest
from architecture import REPOSITORY, RULES, Rule, violations

FILE_STOP = 500
FILE_REASON = 300
FUNCTION_REASON = 40

# A file over 300 lines, or a function over 40, stands here with its reason or it is split.
LONG_FILES = {
    "registry/domain/vocabulary.py": "one table of words in order; in two files a word would have two places to be",
    "registry/exports/workbook.py": "the one writer: what guards a cell stands beside what writes it",
}
LONG_FUNCTIONS = {
    "importers/bag_xml.py:extract": "one loop over the stream with its switches and its three endings",
    "registry/intake/linking.py:_choose": "two aggregations over the same hits, side by side",
}

MODULES = architecture.modules()
CONTRACTS = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_has_one_place_stands_nowhere_else(rule: Rule) -> None:
    found = [line for path, text in MODULES if not rule.allows(path) for line in violations(rule, text, path)]
    assert found == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_sees_what_breaks_it_and_only_that(rule: Rule) -> None:
    assert violations(rule, rule.breaks)
    assert violations(rule, rule.keeps) == []


def test_an_allowed_place_is_exact() -> None:
    sql = RULES[0]
    assert sql.allows("registry/store/queries/frames.py")
    assert not sql.allows("registry/storehouse.py")
    assert not sql.allows("registry/exports/store/x.py")


def test_all_packages_are_looked_at() -> None:
    assert {path.split("/")[0] for path, _ in MODULES} == set(architecture.PACKAGES)
    assert len(MODULES) > 20


def test_no_file_is_long_without_a_reason() -> None:
    lengths = {path: len(text.splitlines()) for path, text in MODULES}
    assert {path: n for path, n in lengths.items() if n > FILE_STOP} == {}
    assert {path: n for path, n in lengths.items() if n > FILE_REASON and path not in LONG_FILES} == {}
    # Ten percent of slack: a file that loses one line does not fail the run.
    assert {path for path in LONG_FILES if lengths.get(path, 0) < FILE_REASON * 0.9} == set(), (
        "no longer long: take it off"
    )


def test_no_function_is_long_without_a_reason() -> None:
    lengths = {f"{path}:{name}": lines for path, text in MODULES for name, lines in architecture.function_lengths(text)}
    assert {name: n for name, n in lengths.items() if n > FUNCTION_REASON and name not in LONG_FUNCTIONS} == {}
    short = {name for name in LONG_FUNCTIONS if lengths.get(name, 0) < FUNCTION_REASON * 0.9}
    assert short == set(), "no longer long: take it off"


def test_signature_and_docstring_do_not_make_a_function_long() -> None:
    text = 'def f(\n    a,\n):\n    """One.\n\n    Two.\n    """\n    b = (\n        a\n    )\n    return b\n'
    assert list(architecture.function_lengths(text)) == [("f", 4)]
    assert list(architecture.function_lengths('def f():\n    """One."""\n')) == [("f", 0)]


def test_the_migrations_do_not_hide_the_library_of_their_name() -> None:
    assert (REPOSITORY / "alembic" / "env.py").is_file()
    assert not (REPOSITORY / "alembic" / "__init__.py").exists()


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def test_imports_point_down_only() -> None:
    result = lint_imports(REPOSITORY)
    assert result.returncode == 0, result.stdout + result.stderr


def small_tree(folder: Path) -> None:
    """All modules of the project, empty, with the real contracts."""
    (folder / "pyproject.toml").write_text(
        (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    for path, _ in MODULES:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    for layer in CONTRACTS[0]["layers"]:
        for module in layer.split(" | "):
            file = folder / module.replace(".", "/")
            if not file.is_dir():
                file.with_suffix(".py").touch()


def test_the_contracts_keep_an_innocent_tree(tmp_path: Path) -> None:
    small_tree(tmp_path)
    (tmp_path / "importers/wrong.py").write_text("import registry.domain\nimport registry.errors\n", encoding="utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("importers/wrong.py", "import registry.store"),
        ("rules/wrong.py", "from registry.clock import today"),
        ("rules/wrong.py", "import importers"),
        ("registry/domain/wrong.py", "from registry import settings"),
        ("registry/store/wrong.py", "import registry.signals"),
        ("registry/intake/wrong.py", "from registry.exports import workbook"),
    ],
)
def test_an_import_upward_is_seen(module: str, text: str, tmp_path: Path) -> None:
    small_tree(tmp_path)
    (tmp_path / module).write_text(f"{text}\n", encoding="utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode != 0
    assert "BROKEN" in result.stdout
