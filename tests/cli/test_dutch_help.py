"""The explanation of every command is in Dutch, the words of the library around it too."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from registry.cli import app

PROGRAM: Any = typer.main.get_command(app)
ENGLISH = re.compile(r"\b(Usage|Options|Arguments|Commands|required|default|Show this|env var|OPTIONS|COMMAND|ARGS)\b")


def paths(command: Any, *before: str) -> Iterator[tuple[str, ...]]:
    yield before
    if isinstance(command, TyperGroup):
        for name, part in command.commands.items():
            yield from paths(part, *before, name)


def test_help_holds_no_english(capsys: pytest.CaptureFixture[str]) -> None:
    asked = list(paths(PROGRAM))
    assert len(asked) > 100
    for path in asked:
        with pytest.raises(SystemExit):
            PROGRAM.main([*path, "--help"], prog_name="woonregister")
        said = capsys.readouterr().out
        assert "Gebruik: woonregister" in said, path
        assert ENGLISH.findall(said) == [], path
