"""Help in Dutch: the command line library itself only speaks English.

What it says around our own texts it keeps in constants that may be changed, or in methods of a command; there is no
catalogue of translations that could be given to it.
"""

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_FRAME = {
    "ARGUMENTS_PANEL_TITLE": "Argumenten",
    "OPTIONS_PANEL_TITLE": "Opties",
    "COMMANDS_PANEL_TITLE": "Opdrachten",
    "REQUIRED_LONG_STRING": "[verplicht]",
    "DEFAULT_STRING": "[standaard: {}]",
    "ENVVAR_STRING": "[omgevingsvariabele: {}]",
}


_Beside: Any = object  # the library's class that stands behind this one: of commands and of groups alike


class _Dutch(_Beside):  # type: ignore[misc]  # commands and groups share no class that the library shows
    """What a command and a group say of themselves."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings | {"options_metavar": "[OPTIES]"})

    def get_help_option(self, ctx: Any) -> Any:
        """The option ``--help``."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Deze uitleg tonen."
        return option

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """The line that says how to call it."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Gebruik: ")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The whole explanation."""
        from typer import rich_utils  # noqa: PLC0415 - costs time, and only who asks for help needs it

        for name, text in _FRAME.items():
            setattr(rich_utils, name, text)
        super().format_help(ctx, formatter)


class DutchCommand(_Dutch, TyperCommand):
    """A command."""


class DutchGroup(_Dutch, TyperGroup):
    """A group of commands."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings | {"subcommand_metavar": "OPDRACHT [ARGUMENTEN]..."})


class Commands(typer.Typer):
    """A ``typer.Typer`` whose commands explain themselves in Dutch."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"cls": DutchGroup} | settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        """Add a function as a command; the settings are those of the library."""
        return super().command(name, **{"cls": DutchCommand} | settings)
