"""Commands that load their module when they are called: the list of all commands must not cost all libraries.

Loading every command takes seconds (maps, routes, workbooks, telemetry), on every call of any command. So the program
knows of a command only its name, where it is and the line that the list shows; a test compares that line with the
command itself.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand

from registry.cli.dutch import Commands, DutchGroup


@dataclass(frozen=True, slots=True)
class Entry:
    """A command or a group of commands.

    Attributes:
        module: its module in this package.
        attribute: the function, or the ``typer.Typer`` of a group.
        help: what the list of commands says of it: the first line of its own explanation.
    """

    module: str
    attribute: str
    help: str

    def load(self, name: str) -> Any:
        """The command itself; its module is imported here."""
        found = getattr(import_module(f"{__package__}.{self.module}"), self.attribute)
        if isinstance(found, typer.Typer):
            command: Any = typer.main.get_group(found)
            command.name = name
            return command
        return _command(name, found)


def _command(name: str, function: Callable[..., Any]) -> Any:
    holder = Commands(add_completion=False, pretty_exceptions_enable=False)
    holder.command(name)(function)
    return typer.main.get_command(holder)


class LazyCommands(MutableMapping[str, Any]):
    """The commands of a group by name; each is loaded when somebody asks for it."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The command, loaded."""
        if name not in self._loaded:
            self._loaded[name] = self._entries[name].load(name)
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is such a command; nothing is loaded."""
        return name in self._entries or name in self._loaded

    def __iter__(self) -> Iterator[str]:
        """Names in the order in which the list shows them; nothing is loaded."""
        yield from self._entries
        yield from (name for name in self._loaded if name not in self._entries)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _LazyGroup(DutchGroup):
    entries: ClassVar[Mapping[str, Entry]] = {}

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "commands": {}})
        self.commands = LazyCommands(self.entries)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The list of commands, from their entries."""
        shown = DutchGroup(
            name=self.name,
            commands={name: TyperCommand(name, help=entry.help) for name, entry in self.entries.items()},
            params=self.params,
            help=self.help,
            rich_markup_mode=self.rich_markup_mode,
        )
        shown.format_help(ctx, formatter)


def lazy_group(entries: Mapping[str, Entry]) -> type[DutchGroup]:
    """The class of a group with these commands, for ``typer.Typer(cls=…)``."""
    return type("LazyGroup", (_LazyGroup,), {"entries": entries})
