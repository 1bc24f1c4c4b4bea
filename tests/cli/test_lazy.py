"""What every call loads is little: a command brings its own libraries, and the list of commands none."""

import subprocess
import sys

import pytest
import typer

from registry.cli import app
from registry.cli.commands import COMMANDS
from registry.cli.export import EXPORTS
from registry.cli.lazy import Entry

HEAVY = frozenset(
    {
        "alembic", "authlib", "fastapi", "geopandas", "lxml", "matplotlib", "openpyxl", "opentelemetry", "ortools",
        "pandas", "polars", "psycopg", "pyogrio", "scipy", "shapely", "sqlalchemy", "uvicorn", "weasyprint",
    }
)  # fmt: skip
# Says on the last line which of the heavy ones a call loaded.
_CALL = """
import sys
from registry.cli import main
heavy, sys.argv = set(sys.argv[1].split()), ["woonregister", *sys.argv[2:]]
try:
    main()
finally:
    sys.stderr.write(" ".join(["loaded:", *sorted(heavy & set(sys.modules))]))
"""
PROGRAM = typer.main.get_command(app)


def loaded(*arguments: str) -> tuple[int, str, list[str]]:
    """Exit code, output and heavy libraries of a call in a process of its own."""
    command = [sys.executable, "-c", _CALL, " ".join(HEAVY), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr.splitlines()[-1].split()[1:]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--help",), "Een levering van een bron inlezen."), (("export", "--help"), "buurtprofiel"), (("onzin",), "")],
    ids=" ".join,
)
def test_the_list_of_commands_loads_no_library(arguments: tuple[str, ...], said: str) -> None:
    code, output, libraries = loaded(*arguments)
    assert libraries == []
    assert said in output
    assert code == (2 if not said else 0)


def test_the_version_is_said_at_once() -> None:
    code, output, libraries = loaded("--version")
    assert (code, libraries) == (0, [])
    assert output.startswith("woonregister 0.")


def test_a_command_brings_what_it_needs_and_no_more() -> None:
    code, _, libraries = loaded("user", "--help")
    assert code == 0
    assert "sqlalchemy" in libraries
    assert {"geopandas", "matplotlib", "ortools", "weasyprint"} & set(libraries) == set()


@pytest.mark.parametrize(
    ("group", "name", "entry"),
    [
        *((PROGRAM, name, entry) for name, entry in COMMANDS.items()),
        *((PROGRAM.commands["export"], name, entry) for name, entry in EXPORTS.items()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_list_says_what_the_command_says_of_itself(group: typer.core.TyperGroup, name: str, entry: Entry) -> None:
    command = group.commands[name]
    assert command.name == name
    assert (command.help or "").splitlines()[0] == entry.help
