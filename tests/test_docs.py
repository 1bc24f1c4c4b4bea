"""The manual knows every command, option, setting and code, and shows none that does not exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from importers.source import load_source
from registry.cli import app
from registry.settings import Settings
from rules.rule import Uitkomst

REPOSITORY = Path(__file__).resolve().parent.parent
MANUAL = (REPOSITORY / "docs" / "handleiding.md").read_text(encoding="utf-8")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
# Words that a Dutch sentence does not hold.
ENGLISH = re.compile(r"\b(the|and|with|from|file|show|this|which|directory|default|output)\b", flags=re.IGNORECASE)
PROGRAM = typer.main.get_command(app)


def commands(group: Any = PROGRAM, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its full name, groups and what is in them included."""
    for name, command in group.commands.items():
        yield (*path, name), command
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))


COMMANDS = dict(commands())
EXAMPLES = [
    line.split("#")[0].strip()
    for page in (MANUAL, README)
    for line in page.splitlines()
    if re.match(r"^ {4,}woonregister \S", line)
]


def inline_commands() -> list[str]:
    return re.findall(r"`woonregister ([^`]+)`", MANUAL + README)


@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_a_command_is_in_the_manual(name: tuple[str, ...]) -> None:
    assert re.search(rf"`(woonregister )?{' '.join(name)}\b", MANUAL) or f"woonregister {' '.join(name)}" in MANUAL


@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_a_command_and_its_options_explain_themselves_in_dutch(name: tuple[str, ...]) -> None:
    command = COMMANDS[name]
    texts = {"opdracht": command.help or ""}
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            texts[parameter.opts[0]] = parameter.help or ""
    assert [part for part, text in texts.items() if len(text) < 8] == []
    assert {part: text for part, text in texts.items() if ENGLISH.search(text)} == {}


def resolve(line: str) -> tuple[Any, list[str]]:
    """The command that a line calls, and the options that it gives."""
    words = [word for word in shlex.split(line) if word != "woonregister"]
    command = PROGRAM
    while hasattr(command, "commands") and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    return command, [word.split("=")[0] for word in words if word.startswith("--")]


@pytest.mark.parametrize("line", [*EXAMPLES, *inline_commands()])
def test_an_example_can_be_typed(line: str) -> None:
    command, options = resolve(line)
    if "OPDRACHT" in line:
        return
    assert command is not PROGRAM or set(options) == {"--help"}, f"there is no such command: {line}"
    known = {option for parameter in (*command.params, *PROGRAM.params) for option in parameter.opts} | {"--help"}
    assert set(options) <= known


def test_a_wrong_example_is_noticed() -> None:
    assert len(EXAMPLES) > 10
    command, options = resolve("woonregister explain overbewoning 1 --peildag 2026-01-01")
    assert command is COMMANDS["explain",]
    assert not set(options) & {option for parameter in command.params for option in parameter.opts}
    assert resolve("woonregister inlezen bag x.zip")[0] is PROGRAM


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_in_the_manual_and_says_what_it_is(name: str) -> None:
    assert f"`WOONREGISTER_{name.upper()}`" in MANUAL
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("uitkomst", Uitkomst)
def test_an_outcome_is_explained(uitkomst: Uitkomst) -> None:
    assert f"| `{uitkomst}` |" in MANUAL


@pytest.mark.parametrize(("source", "lookup"), [("inspecties", "resultaat"), ("vaststellingen", "feit")])
def test_a_code_that_people_type_is_in_the_manual(source: str, lookup: str) -> None:
    codes = set(load_source(source).lookups[lookup].values())
    text = MANUAL.lower().replace("-", " ").replace("\n", " ")
    assert {code for code in codes if code.replace("_", " ") not in text} == set()
