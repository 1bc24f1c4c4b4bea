"""The command line: one of the two places that catch every error.

Exit codes: 0 done; 1 done, but something needs attention (rows set aside, a scenario failed); 2 refused, nothing
written.
"""

import sys

import structlog
import typer

from registry.cli import intake, judge, lists, manage
from registry.cli.shared import REFUSED, remark
from registry.errors import WoonregisterError
from registry.logs import configure_logs

app = typer.Typer(
    name="woonregister",
    help="Register van de particuliere woningvoorraad van een gemeente.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("import")(intake.import_)
app.command()(intake.runs)
app.command()(judge.evaluate)
app.command()(judge.explain)
app.command()(judge.scenarios)
app.command()(lists.stock)
app.command()(manage.demo)
app.command()(manage.migrate)

export = typer.Typer(help="Bestanden maken.", no_args_is_help=True)
export.command("werklijst")(lists.export_werklijst)
app.add_typer(export, name="export")


def main() -> None:
    """Run the command line; every error ends here as a Dutch text and an exit code."""
    configure_logs()
    try:
        app()
    except WoonregisterError as error:
        remark(f"Geweigerd: {error}")
        sys.exit(REFUSED)
    except Exception:  # noqa: BLE001 - the edge: whatever was not foreseen is logged, and the user told in Dutch
        structlog.get_logger().exception("unexpected_error")
        remark("Er ging iets mis dat niet had mogen gebeuren; er is niets gewijzigd. De regels hierboven zeggen wat.")
        sys.exit(REFUSED)
