"""The command line: one of the two places that catch every error.

Exit codes: 0 done; 1 done, but something needs attention (rows set aside, a scenario failed); 2 refused, nothing
written. Only what every call needs is imported here: a command brings the rest (``lazy.py``).
"""

import sys
from importlib.metadata import version
from typing import Annotated

import structlog
import typer

from registry.cli.commands import COMMANDS
from registry.cli.dutch import Commands
from registry.cli.lazy import lazy_group
from registry.cli.usage import CommandError, in_dutch
from registry.errors import WoonregisterError
from registry.logs import configure_logs

_DONE, _REFUSED = 0, 2

app = Commands(
    name="woonregister",
    cls=lazy_group(COMMANDS),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _show_version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"woonregister {version('woonregister')}")
        raise typer.Exit


@app.callback()
def program(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", help="Het nummer van deze versie tonen.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Register van de particuliere woningvoorraad van een gemeente."""


def main() -> None:
    """Run the command line; every error ends here as a Dutch text and an exit code."""
    configure_logs()
    try:
        sys.exit(app(standalone_mode=False) or _DONE)
    except CommandError as error:
        _refuse(f"Verkeerd gebruik: {in_dutch(error)} Uitleg: voeg --help toe aan de opdracht.")
    except typer.Abort:
        _refuse("Afgebroken; er is niets gewijzigd.")
    except WoonregisterError as error:
        _refuse(f"Geweigerd: {error}")
    except Exception:  # noqa: BLE001 - the edge: whatever was not foreseen is logged, and the user told in Dutch
        structlog.get_logger().exception("unexpected_error")
        _refuse("Er ging iets mis dat niet had mogen gebeuren; er is niets gewijzigd. De regels hierboven zeggen wat.")


def _refuse(text: str) -> None:
    typer.echo(text, err=True)
    sys.exit(_REFUSED)
