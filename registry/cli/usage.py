"""What is wrong with a command, in Dutch: the command line library itself only speaks English.

The library keeps its error classes to itself (and moved them once), so they are known by their names here.
"""

from typing import Any

import typer

# The parent of the one usage error that the library shows the world.
CommandError: type[Exception] = typer.BadParameter.__mro__[1]

_FORMS = {
    "integer": "een geheel getal",
    "float": "een getal",
    "datetime": "een datum als JJJJ-MM-DD",
    "path": "een bestand of map",
}


def in_dutch(error: Any) -> str:
    """The Dutch text for a ``CommandError``."""
    kind, message = type(error).__name__, str(error.format_message())
    param = getattr(error, "param", None)
    texts = {
        "NoSuchOption": f"de optie {getattr(error, 'option_name', '')} bestaat niet.",
        "MissingParameter": f"{_name(param)} ontbreekt.",
        "BadParameter": f"de waarde voor {_name(param)} past niet{_form(param)}.",
        "NoArgsIsHelpError": "er ontbreekt een opdracht.",
    }
    if kind in texts:
        return texts[kind]
    if message.startswith("No such command"):
        return f"de opdracht {message.removeprefix('No such command').strip(' .')} bestaat niet."
    if "unexpected extra argument" in message:
        return f"er staat iets te veel achter de opdracht: {message.rpartition('(')[2].rstrip(')')}."
    return message


def _name(param: Any) -> str:
    if param is None:
        return "een argument"
    return str(param.opts[0] if param.opts and param.opts[0].startswith("-") else param.name).removesuffix("_")


def _form(param: Any) -> str:
    """What the value must look like, where the library knows."""
    choices = getattr(getattr(param, "type", None), "choices", None)
    if choices:
        return f"; kies uit {', '.join(str(choice) for choice in choices)}"
    form = _FORMS.get(getattr(getattr(param, "type", None), "name", ""))
    return f"; verwacht wordt {form}" if form else ""
